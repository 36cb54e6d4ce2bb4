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

/// dup3(2). The number that is asked for may be one of ours.
pub fn dup3(task: &mut Task, old: Fd, new: Fd, flags: Flags<FdFlags>) -> Result<u64, Errno> {
    let call = Call { memory: &task.process.memory, raw: &[0; 6], result: None };
    // A child of vfork has other descriptors by the numbers that it shares.
    let is_open = || descriptors::is_closed_by_exec(old.host(&call) as i32).is_some();
    if descriptors::is_reserved(new.0) && !task.process.borrows_memory() && is_open() {
        sysroot::give_way(new.0);
        exec::give_way(new.0);
    }
    host::call(libc::SYS_dup3, [old.host(&call), new.host(&call), flags.0, 0, 0, 0])
}

/// fcntl(2). Most commands take a number; those that take a pointer are listed, so that no number is ever used as a host address.
pub fn fcntl(task: &mut Task, fd: Fd, command: Flags<FcntlCommand>, arg: FcntlArg) -> Result<u64, Errno> {
    let call = Call { memory: &task.process.memory, raw: &[0; 6], result: None };
    let pointed_to = match command.0 as i32 {
        libc::F_GETLK | libc::F_SETLK | libc::F_SETLKW => 32,
        libc::F_OFD_GETLK | libc::F_OFD_SETLK | libc::F_OFD_SETLKW => 32,
        // struct f_owner_ex, two uids, hints.
        15 | 16 | F_GETOWNER_UIDS | 1035..=1038 => 8,
        _ => 0,
    };
    let arg = if pointed_to == 0 { arg.0 } else { host_pointer(call.memory, GuestAddr(arg.0), pointed_to) };
    host::call(libc::SYS_fcntl, [fd.host(&call), command.0, arg, 0, 0, 0])
}
