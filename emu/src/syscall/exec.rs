//! execve(2).

use super::args::{Addr, DirFd, Flags, Path};
use super::names::AtFlags;
use super::say_once;
use crate::errno::Errno;
use crate::task::Task;

/// execve(2): not yet.
pub fn execve(_: &mut Task, _path: Path, _argv: Addr, _envp: Addr) -> Result<u64, Errno> {
    say_once(221, format_args!("system call execve is not implemented"));
    Err(Errno::ENOSYS)
}

/// execveat(2): not yet.
pub fn execveat(
    _: &mut Task,
    _dirfd: DirFd,
    _path: Path,
    _argv: Addr,
    _envp: Addr,
    _flags: Flags<AtFlags>,
) -> Result<u64, Errno> {
    say_once(281, format_args!("system call execveat is not implemented"));
    Err(Errno::ENOSYS)
}
