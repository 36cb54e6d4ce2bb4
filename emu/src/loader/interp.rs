//! A program's dynamic linker (`PT_INTERP`): where it is, and its place in memory beside the program.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::elf::Kind;
use super::{LoadError, Program, segments};
use crate::addr::GuestAddr;
use crate::memory::Memory;
use crate::sysroot;

/// Where distributions and qemu-user keep riscv64 libraries, tried after `-L` and the environment.
pub const DEFAULT_SYSROOTS: [&str; 2] = ["/usr/riscv64-linux-gnu", "/etc/qemu-binfmt/riscv64"];

/// A linker's file, and which of the usual places it is in.
#[derive(Debug)]
pub struct Place {
    /// The file.
    pub file: PathBuf,
    /// The sysroot that it is in, if nobody has asked for that.
    pub usual: Option<PathBuf>,
}

/// Where a linker is: in the first sysroot that has it, else on the host (so that nothing need be set inside a chroot). The error is every
/// place that was tried.
pub fn find(name: &Path, sysroots: &[PathBuf]) -> Result<Place, Vec<PathBuf>> {
    use std::os::unix::ffi::OsStrExt;
    if let Some(found) = sysroot::current().and_then(|root| root.find(name.as_os_str().as_bytes(), true)) {
        return Ok(Place { file: PathBuf::from(OsStr::from_bytes(found.as_bytes())), usual: None });
    }
    let relative = name.strip_prefix("/").unwrap_or(name);
    let usual =
        |root: &PathBuf| DEFAULT_SYSROOTS.map(Path::new).contains(&root.as_path()).then(|| root.clone());
    let places = sysroots.iter().map(|root| Place { file: root.join(relative), usual: usual(root) });
    let places = places.chain([Place { file: name.to_path_buf(), usual: None }]);
    let mut tried = Vec::new();
    for place in places {
        if place.file.is_file() {
            return Ok(place);
        }
        tried.push(place.file);
    }
    Err(tried)
}

/// The sysroots in the order in which they are searched: the option (or the environment, which the option table has put in its
/// place), then the usual ones.
pub fn sysroots(chosen: Option<PathBuf>) -> Vec<PathBuf> {
    chosen.into_iter().chain(DEFAULT_SYSROOTS.map(PathBuf::from)).collect()
}

/// Opens and checks the linker that a program names; with it comes the usual place that it is in.
pub(super) fn open(name: &OsString, sysroots: &[PathBuf]) -> Result<(Program, Option<PathBuf>), LoadError> {
    let Place { file: path, usual } = find(Path::new(name), sysroots)
        .map_err(|tried| LoadError::NoInterpreter { interp: name.to_string_lossy().into_owned(), tried })?;
    // The linker of a linker is nobody's business: Linux does not look either.
    match super::open(&path) {
        Ok(program) => Ok((program, usual)),
        Err(error) => Err(LoadError::Interpreter { path, error: Box::new(error) }),
    }
}

/// A linker in memory.
pub(super) struct Linker {
    /// What was added to the addresses in its file: `AT_BASE`.
    pub(super) base: GuestAddr,
    /// Where it begins.
    pub(super) entry: GuestAddr,
}

/// Maps the linker where mappings go.
pub(super) fn map(memory: &Memory, linker: &Program) -> Result<Linker, LoadError> {
    let Program { path, file, header } = linker;
    let mapped = || {
        let base = match header.kind {
            Kind::Fixed => 0,
            Kind::Relocatable => segments::place(memory, header)?,
        };
        segments::map(memory, file, header, base)?;
        Ok(Linker { base: GuestAddr(base), entry: GuestAddr(header.entry.wrapping_add(base)) })
    };
    mapped().map_err(|error| LoadError::Interpreter { path: path.clone(), error: Box::new(error) })
}
