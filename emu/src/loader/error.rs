//! Why a program cannot be loaded, in one line.

use std::io;
use std::path::PathBuf;

use crate::errno::Errno;

/// A program that cannot be loaded. The text completes `tine: PROG: `.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file cannot be opened.
    #[error("{}", plain(.0))]
    Open(#[source] io::Error),
    /// A directory.
    #[error("is a directory")]
    Directory,
    /// A socket, a device, a pipe.
    #[error("is not a regular file")]
    NotRegular,
    /// Reading it failed.
    #[error("cannot be read: {}", plain(.0))]
    Read(#[source] io::Error),
    /// Not an ELF file at all.
    #[error("is not an ELF file")]
    NotElf,
    /// A script.
    #[error("is a script without an interpreter that could run it")]
    Script,
    /// What interprets a script cannot be loaded.
    #[error("is a script, and its interpreter {} {error}", .path.display())]
    ScriptInterpreter {
        /// Where it is.
        path: PathBuf,
        /// Why not.
        error: Box<LoadError>,
    },
    /// An ELF file of another kind of machine.
    #[error("is not a riscv64 program: {0}")]
    WrongMachine(String),
    /// An object file, a core dump.
    #[error("is not an executable: {0}")]
    WrongType(&'static str),
    /// The headers contradict the file or themselves.
    #[error("is a broken ELF file: {0}")]
    Broken(String),
    /// Its segments do not fit into the address space.
    #[error("does not fit into the address space: {0}")]
    TooLarge(String),
    /// Its dynamic linker is nowhere.
    #[error("its dynamic linker {interp} was not found; tried {}", list(.tried))]
    NoInterpreter {
        /// What PT_INTERP says.
        interp: String,
        /// Every place that was tried.
        tried: Vec<PathBuf>,
    },
    /// Its dynamic linker cannot be loaded.
    #[error("its dynamic linker {} {error}", .path.display())]
    Interpreter {
        /// Where it is.
        path: PathBuf,
        /// Why not.
        error: Box<LoadError>,
    },
    /// The strings do not fit onto the stack.
    #[error("the arguments and the environment are too long for the stack")]
    ArgumentsTooLong,
    /// The host refused a mapping.
    #[error("cannot map {what}: {errno}")]
    Map {
        /// What was to be mapped.
        what: &'static str,
        /// Why not.
        errno: Errno,
    },
}

impl LoadError {
    /// What a shell reports in this case: 127 if there is no such file, 126 if it cannot be executed, 125 if the emulator failed.
    pub fn exit_code(&self) -> u8 {
        match self {
            LoadError::Open(error) => match error.kind() {
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => 127,
                _ => 126,
            },
            LoadError::NoInterpreter { .. } => 127,
            LoadError::ScriptInterpreter { error, .. } => error.exit_code(),
            LoadError::Map { .. } => 125,
            _ => 126,
        }
    }

    /// The error that execve(2) gives.
    pub fn errno(&self) -> Errno {
        match self {
            LoadError::Open(error) | LoadError::Read(error) => {
                error.raw_os_error().map_or(Errno::EIO, |number| Errno(number as u64))
            }
            LoadError::Directory | LoadError::NotRegular => Errno::EACCES,
            LoadError::ArgumentsTooLong => Errno::E2BIG,
            LoadError::TooLarge(_) => Errno::ENOMEM,
            LoadError::Map { errno, .. } => *errno,
            LoadError::NoInterpreter { .. } => Errno::ENOENT,
            LoadError::ScriptInterpreter { error, .. } => error.errno(),
            LoadError::Interpreter { error, .. } => match error.errno() {
                Errno::ENOEXEC => Errno::ELIBBAD,
                errno => errno,
            },
            _ => Errno::ENOEXEC,
        }
    }

    pub(super) fn map(what: &'static str) -> impl Fn(Errno) -> LoadError {
        move |errno| LoadError::Map { what, errno }
    }
}

/// The error without Rust's "(os error 2)".
fn plain(error: &io::Error) -> String {
    match error.raw_os_error() {
        Some(number) => Errno(number as u64).to_string().to_lowercase(),
        None => error.to_string(),
    }
}

fn list(paths: &[PathBuf]) -> String {
    let paths: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    paths.join(", ")
}
