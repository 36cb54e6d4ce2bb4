//! execve(2), from the table's rows to [`crate::process::exec`].

use super::args::{Addr, Arg, Call, DirFd, Flags, Path};
use super::names::AtFlags;
use crate::errno::Errno;
use crate::process::exec::{self, Request};
use crate::task::Task;

/// execve(2).
pub fn execve(task: &mut Task, path: Path, argv: Addr, envp: Addr) -> Result<u64, Errno> {
    let path = path.read(&task.process.memory)?;
    let request = Request { dirfd: libc::AT_FDCWD, path, argv: argv.0, envp: envp.0, flags: 0 };
    exec::execute(task, request)
}

/// execveat(2).
pub fn execveat(
    task: &mut Task,
    dirfd: DirFd,
    path: Path,
    argv: Addr,
    envp: Addr,
    flags: Flags<AtFlags>,
) -> Result<u64, Errno> {
    let memory = &task.process.memory;
    let path = path.read(memory)?;
    // One of ours is no descriptor here either.
    let dirfd = dirfd.host(&Call { memory, raw: &[0; 6], result: None }) as i32;
    exec::execute(task, Request { dirfd, path, argv: argv.0, envp: envp.0, flags: flags.0 })
}
