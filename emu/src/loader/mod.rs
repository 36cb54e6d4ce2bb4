//! From a file to a process image: the ELF file's segments, the vDSO, the stack that a program finds at its entry.

mod auxv;
pub mod elf;
mod error;
pub mod interp;
mod segments;
mod stack;
pub mod vdso;

use std::ffi::{CString, OsStr};
use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

pub use error::LoadError;
pub use stack::stack_limit;

use crate::addr::GuestAddr;
use crate::memory::Memory;
use elf::Kind;

/// What to run, and with what.
#[derive(Debug)]
pub struct Request<'a> {
    /// What it is told that it was called by (`AT_EXECFN`); usually the program as the user wrote it.
    pub called: &'a OsStr,
    /// `argv`, from `argv[0]` on.
    pub argv: &'a [CString],
    /// `envp`.
    pub envp: &'a [CString],
    /// Size of the stack in bytes: see [`stack_limit`].
    pub stack: u64,
}

/// A loaded program.
#[derive(Debug, Default)]
pub struct Image {
    /// Where it begins: the program's own entry, or its dynamic linker's.
    pub entry: GuestAddr,
    /// The stack pointer at entry.
    pub sp: GuestAddr,
    /// What was added to the addresses in the file.
    pub bias: u64,
    /// Where the heap begins.
    pub brk: GuestAddr,
    /// Its program headers in memory (`AT_PHDR`), 0 if they are not.
    pub phdr: GuestAddr,
    /// How many there are.
    pub phnum: u64,
    /// `__vdso_rt_sigreturn`: where signal handlers return to.
    pub sigreturn: GuestAddr,
    /// The vDSO's first byte.
    pub vdso: GuestAddr,
    /// The auxiliary vector as it is on the stack.
    pub auxv: Vec<u8>,
    /// The argument strings in memory, for /proc/PID/cmdline.
    pub args: (GuestAddr, GuestAddr),
    /// The environment strings in memory, for /proc/PID/environ.
    pub env: (GuestAddr, GuestAddr),
    /// The lowest address of the program's segments and the end of the highest executable one, for /proc/PID/stat.
    pub code: (GuestAddr, GuestAddr),
    /// The program's file by its absolute name.
    pub exe: PathBuf,
    /// The file, if that name does not lead to it: memory, a mount that is nowhere, what has been removed.
    pub nameless: Option<File>,
    /// Device and number of the file.
    pub identity: Identity,
}

/// Device and number of a file.
pub type Identity = (u64, u64);

/// A program whose headers are sound.
#[derive(Debug)]
pub struct Program {
    path: PathBuf,
    file: File,
    header: elf::Header,
    /// Its dynamic linker, if that has been opened already.
    linker: Option<Box<Program>>,
}

/// What [`check`] has found.
#[derive(Debug)]
pub struct Checked {
    header: elf::Header,
    linker: Option<Box<Program>>,
}

impl Checked {
    /// The dynamic linker's file and name, if the program has one.
    pub fn linker(&self) -> Option<(&File, &Path)> {
        self.linker.as_ref().map(|linker| (&linker.file, linker.path.as_path()))
    }

    /// The program that has been checked, under this name.
    pub fn adopt(self, path: PathBuf, file: File) -> Program {
        Program { path, file, header: self.header, linker: self.linker }
    }
}

/// Opens and checks a program.
pub fn open(path: &Path) -> Result<Program, LoadError> {
    let file = open_executable(path)?;
    let header = elf::parse(&file)?;
    Ok(Program { path: path.to_path_buf(), file, header, linker: None })
}

/// Takes a program that is open already.
pub fn adopt(path: PathBuf, file: File) -> Result<Program, LoadError> {
    let header = elf::parse(&file)?;
    Ok(Program { path, file, header, linker: None })
}

/// Whether a program's headers are sound, and its dynamic linker's.
pub fn check(file: &File) -> Result<Checked, LoadError> {
    let header = elf::parse(file)?;
    let linker = header.interp.as_ref().map(interp::open).transpose()?.map(Box::new);
    Ok(Checked { header, linker })
}

/// Loads a program into empty memory.
pub fn load(memory: &Memory, program: Program, request: &Request<'_>) -> Result<Image, LoadError> {
    let Program { path, file, header, linker } = program;
    let linker = match linker {
        Some(linker) => Some(*linker),
        None => header.interp.as_ref().map(interp::open).transpose()?,
    };
    memory.set_stack_limit(request.stack);
    let bias = match header.kind {
        Kind::Fixed => 0,
        Kind::Relocatable => segments::bias(memory, &header)?,
    };
    let identity = identity_of(file.metadata());
    let exe = std::fs::canonicalize(&path).ok();
    let exe = exe.filter(|exe| identity.is_some() && identity_of(std::fs::metadata(exe)) == identity);
    let segments = segments::map(memory, &file, exe.as_deref(), &header, bias)?;
    memory.set_brk_start(segments.end);
    let vdso = vdso::map(memory).map_err(LoadError::map("the vDSO"))?;
    let linker = linker.map(|linker| interp::map(memory, &linker)).transpose()?;
    let entry = GuestAddr(header.entry.wrapping_add(bias));
    let auxv = auxv::Vector {
        phdr: header.phdr.map_or(GuestAddr(0), |addr| GuestAddr(addr.wrapping_add(bias))),
        phnum: header.segments_in_file,
        base: linker.as_ref().map_or(GuestAddr(0), |linker| linker.base),
        entry,
        vdso,
    };
    let stack = stack::build(memory, request, &auxv, header.executable_stack)?;
    Ok(Image {
        entry: linker.map_or(entry, |linker| linker.entry),
        sp: stack.sp,
        bias,
        brk: segments.end,
        phdr: auxv.phdr,
        phnum: auxv.phnum,
        sigreturn: vdso.offset(vdso::RT_SIGRETURN),
        vdso,
        auxv: stack.auxv,
        args: stack.args,
        env: stack.env,
        code: segments.code,
        nameless: exe.is_none().then_some(file),
        exe: exe.unwrap_or(path),
        identity: identity.unwrap_or_default(),
    })
}

fn identity_of(metadata: io::Result<Metadata>) -> Option<Identity> {
    metadata.ok().map(|is| (is.dev(), is.ino()))
}

/// Opens a program as execve(2) would: a regular file that may be executed.
fn open_executable(path: &Path) -> Result<File, LoadError> {
    // Without O_NONBLOCK a FIFO would wait for a writer.
    let file =
        OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open(path).map_err(LoadError::Open)?;
    let metadata = file.metadata().map_err(LoadError::Open)?;
    if metadata.is_dir() {
        return Err(LoadError::Directory);
    }
    if !metadata.is_file() {
        return Err(LoadError::NotRegular);
    }
    nix::unistd::access(path, nix::unistd::AccessFlags::X_OK)
        .map_err(|errno| LoadError::Open(io::Error::from(errno)))?;
    Ok(file)
}

#[cfg(test)]
mod tests;
