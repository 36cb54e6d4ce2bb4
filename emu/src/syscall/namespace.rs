//! Calls after which the emulator's own file may be out of reach: it is opened first, so that programs can still be executed.

use super::args::{Arg, Call, Fd, Flags, Path, Str};
use super::host;
use super::names::{CloneFlags, MountFlags, UmountFlags};
use crate::errno::Errno;
use crate::process::exec;
use crate::sysroot;
use crate::task::Task;

fn call(task: &Task) -> Call<'_> {
    Call { memory: &task.process.memory, raw: &[0; 6], result: None }
}

/// chroot(2): what the guest finds from now on is below its new root.
pub fn chroot(task: &mut Task, path: Path) -> Result<u64, Errno> {
    exec::remember_emulator();
    host::call(libc::SYS_chroot, [path.host(&call(task)), 0, 0, 0, 0, 0])?;
    sysroot::root_changed();
    Ok(0)
}

/// pivot_root(2).
pub fn pivot_root(task: &mut Task, new_root: Path, put_old: Path) -> Result<u64, Errno> {
    exec::remember_emulator();
    let call = call(task);
    host::call(libc::SYS_pivot_root, [new_root.host(&call), put_old.host(&call), 0, 0, 0, 0])?;
    sysroot::root_changed();
    Ok(0)
}

/// mount(2).
pub fn mount(
    task: &mut Task,
    source: Path,
    target: Path,
    fstype: Str,
    flags: Flags<MountFlags>,
    data: Str,
) -> Result<u64, Errno> {
    exec::remember_emulator();
    let call = call(task);
    let (source, target, fstype) = (source.host(&call), target.host(&call), fstype.host(&call));
    host::call(libc::SYS_mount, [source, target, fstype, flags.0, data.host(&call), 0])
}

/// umount2(2).
pub fn umount2(task: &mut Task, target: Path, flags: Flags<UmountFlags>) -> Result<u64, Errno> {
    exec::remember_emulator();
    host::call(libc::SYS_umount2, [target.host(&call(task)), flags.0, 0, 0, 0, 0])
}

/// unshare(2).
pub fn unshare(_: &mut Task, flags: Flags<CloneFlags>) -> Result<u64, Errno> {
    if flags.0 & libc::CLONE_NEWNS as u64 != 0 {
        exec::remember_emulator();
    }
    host::call(libc::SYS_unshare, [flags.0, 0, 0, 0, 0, 0])
}

/// setns(2).
pub fn setns(task: &mut Task, fd: Fd, kind: Flags<CloneFlags>) -> Result<u64, Errno> {
    exec::remember_emulator();
    host::call(libc::SYS_setns, [fd.host(&call(task)), kind.0, 0, 0, 0, 0])?;
    // In another namespace of mounts the root is that one's.
    sysroot::root_changed();
    Ok(0)
}
