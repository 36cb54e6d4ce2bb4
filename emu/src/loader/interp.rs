//! A program's dynamic linker (`PT_INTERP`): where it is, and its place in memory beside the program.

use std::ffi::OsString;
use std::path::Path;

use super::elf::Kind;
use super::{LoadError, Program, segments};
use crate::addr::GuestAddr;
use crate::memory::Memory;
use crate::sysroot;

/// Where distributions and qemu-user keep riscv64 libraries, tried after `-L` and the environment.
const DEFAULT_SYSROOTS: [&str; 2] = ["/usr/riscv64-linux-gnu", "/etc/qemu-binfmt/riscv64"];

/// Opens and checks the linker that a program names.
pub(super) fn open(name: &OsString) -> Result<Program, LoadError> {
    let path = sysroot::interpreter(Path::new(name), &DEFAULT_SYSROOTS)
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
    let Program { path, file, header, .. } = linker;
    let mapped = || {
        let base = match header.kind {
            Kind::Fixed => 0,
            Kind::Relocatable => segments::place(memory, header)?,
        };
        let name = std::fs::canonicalize(path).ok();
        segments::map(memory, file, name.as_deref(), header, base)?;
        Ok(Linker { base: GuestAddr(base), entry: GuestAddr(header.entry.wrapping_add(base)) })
    };
    mapped().map_err(|error| LoadError::Interpreter { path: path.clone(), error: Box::new(error) })
}
