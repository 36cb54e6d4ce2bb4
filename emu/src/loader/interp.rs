//! A program's dynamic linker (`PT_INTERP`): where it is, and its place in memory beside the program.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::elf::Kind;
use super::{LoadError, Program, segments};
use crate::addr::GuestAddr;
use crate::memory::Memory;

/// Where distributions and qemu-user keep riscv64 libraries, tried after `-L` and the environment.
pub const DEFAULT_SYSROOTS: [&str; 2] = ["/usr/riscv64-linux-gnu", "/etc/qemu-binfmt/riscv64"];

/// The file that a guest's absolute path means: in the first sysroot that has it, else on the host (so that nothing need be
/// set inside a chroot). The error is every place that was tried.
pub fn find(path: &Path, sysroots: &[PathBuf]) -> Result<PathBuf, Vec<PathBuf>> {
    let relative = path.strip_prefix("/").unwrap_or(path);
    let in_sysroots = sysroots.iter().map(|root| root.join(relative));
    let tried: Vec<PathBuf> = in_sysroots.chain([path.to_path_buf()]).collect();
    match tried.iter().find(|place| place.is_file()) {
        Some(place) => Ok(place.clone()),
        None => Err(tried),
    }
}

/// The sysroots in the order in which they are searched: the option (or the environment, which the option table has put in its
/// place), then the usual ones.
pub fn sysroots(chosen: Option<PathBuf>) -> Vec<PathBuf> {
    chosen.into_iter().chain(DEFAULT_SYSROOTS.map(PathBuf::from)).collect()
}

/// Opens and checks the linker that a program names.
pub(super) fn open(name: &OsString, sysroots: &[PathBuf]) -> Result<Program, LoadError> {
    let path = find(Path::new(name), sysroots)
        .map_err(|tried| LoadError::NoInterpreter { interp: name.to_string_lossy().into_owned(), tried })?;
    // The linker of a linker is nobody's business: Linux does not look either.
    super::open(&path).map_err(|error| LoadError::Interpreter { path, error: Box::new(error) })
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
