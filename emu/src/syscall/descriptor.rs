//! Calls on descriptors as such. Ours are hidden: see [`super::descriptors`].

use super::args::{AnyFd, Arg, Call, FcntlArg, Fd, Flags, Uint, host_pointer};
use super::names::{CloseRangeFlags, FcntlCommand, FdFlags};
use super::{descriptors, host};
use crate::addr::GuestAddr;
use crate::errno::Errno;
use crate::process::exec;
use crate::process::view::mem;
use crate::sysroot;
use crate::task::Task;

/// close(2). Not interruptible: Linux has closed the descriptor even when it says EINTR.
pub fn close(task: &mut Task, fd: AnyFd) -> Result<u64, Errno> {
    let call = Call { memory: &task.process.memory, raw: &[0; 6], result: None };
    let number = fd.host(&call);
    mem::closed(fd.0);
    host::call_at_once(libc::SYS_close, [number, 0, 0, 0, 0, 0])
}

/// close_range(2), around our descriptors.
pub fn close_range(
    _: &mut Task,
    first: Uint,
    last: Uint,
    flags: Flags<CloseRangeFlags>,
) -> Result<u64, Errno> {
    let gaps = descriptors::gaps(first.0, last.0);
    if gaps.len() <= 1 || first.0 > last.0 {
        let (first, last) = gaps.first().copied().unwrap_or((first.0, last.0));
        return host::call_at_once(
            libc::SYS_close_range,
            [u64::from(first), u64::from(last), flags.0, 0, 0, 0],
        );
    }
    for (first, last) in gaps {
        host::call_at_once(libc::SYS_close_range, [u64::from(first), u64::from(last), flags.0, 0, 0, 0])?;
    }
    Ok(0)
}

/// `F_GETOWNER_UIDS`, which libc does not have.
const F_GETOWNER_UIDS: i32 = 17;

/// dup(2).
pub fn dup(task: &mut Task, fd: AnyFd) -> Result<u64, Errno> {
    let call = Call { memory: &task.process.memory, raw: &[0; 6], result: None };
    duplicate(fd, || host::call(libc::SYS_dup, [fd.host(&call), 0, 0, 0, 0, 0]))
}

/// Makes another descriptor of one, which may show memory.
fn duplicate(fd: AnyFd, make: impl FnOnce() -> Result<u64, Errno>) -> Result<u64, Errno> {
    match mem::of(fd.0) {
        Some(shown) => shown.duplicated(make()?),
        None => make(),
    }
}

/// dup3(2). The number that is asked for may be one of ours.
pub fn dup3(task: &mut Task, old: AnyFd, new: Fd, flags: Flags<FdFlags>) -> Result<u64, Errno> {
    let call = Call { memory: &task.process.memory, raw: &[0; 6], result: None };
    // A child of vfork has other descriptors by the numbers that it shares.
    let is_open = || descriptors::is_closed_by_exec(old.host(&call) as i32).is_some();
    if descriptors::is_reserved(new.0) && !task.process.borrows_memory() && is_open() {
        sysroot::give_way(new.0);
        exec::give_way(new.0);
    }
    let is_sound = old.0 != new.0 && flags.0 & !(libc::O_CLOEXEC as u64) == 0;
    if is_sound && mem::of(new.0).is_some() && is_open() {
        // By its number nothing may be seen before it is another file's.
        mem::close_one(new.0);
    }
    duplicate(old, || host::call(libc::SYS_dup3, [old.host(&call), new.host(&call), flags.0, 0, 0, 0]))
}

/// fcntl(2). Most commands take a number; those that take a pointer are listed, so that no number is ever used as a host address.
pub fn fcntl(task: &mut Task, fd: AnyFd, command: Flags<FcntlCommand>, arg: FcntlArg) -> Result<u64, Errno> {
    let call = Call { memory: &task.process.memory, raw: &[0; 6], result: None };
    let pointed_to = match command.0 as i32 {
        libc::F_GETLK | libc::F_SETLK | libc::F_SETLKW => 32,
        libc::F_OFD_GETLK | libc::F_OFD_SETLK | libc::F_OFD_SETLKW => 32,
        // struct f_owner_ex, two uids, hints.
        15 | 16 | F_GETOWNER_UIDS | 1035..=1038 => 8,
        _ => 0,
    };
    let arg = if pointed_to == 0 { arg.0 } else { host_pointer(call.memory, GuestAddr(arg.0), pointed_to) };
    let fcntl = |number| host::call(libc::SYS_fcntl, [number, command.0, arg, 0, 0, 0]);
    match (mem::of(fd.0), command.0 as i32) {
        (Some(_), libc::F_DUPFD | libc::F_DUPFD_CLOEXEC) => duplicate(fd, || fcntl(fd.host(&call))),
        (Some(_), libc::F_GETFD | libc::F_GETFL) => fcntl(fd.host(&call)),
        // It is closed by exec whatever is asked for.
        (Some(_), libc::F_SETFD) => Ok(0),
        _ => fcntl(Fd(fd.0).host(&call)),
    }
}
