//! Syscall user dispatch (`PR_SET_SYSCALL_USER_DISPATCH`): while a byte of the program says so, the calls of all code but a range become SIGSYS.

use crate::addr::GuestAddr;
use crate::errno::Errno;
use crate::seccomp::sigsys;
use crate::signal::info::SI_KERNEL;
use crate::signal::number::{SIGSEGV, SIGSYS};
use crate::signal::{self, SigInfo};
use crate::task::Task;

/// What a task has asked for. No other task, process or program inherits it.
#[derive(Clone, Copy, Debug)]
pub struct UserDispatch {
    /// The code that may call: from here on.
    offset: u64,
    len: u64,
    /// The byte that says whether the other code may; 0 if it never may.
    selector: GuestAddr,
}

/// `PR_SET_SYSCALL_USER_DISPATCH`.
pub(super) fn set(task: &mut Task, [mode, offset, len, selector]: [u64; 4]) -> Result<u64, Errno> {
    const OFF: u64 = 0;
    const EXCLUSIVE: u64 = 1;
    const INCLUSIVE: u64 = 2;
    let end = offset.wrapping_add(len);
    let (offset, len) = match mode {
        OFF if offset | len | selector == 0 => {
            task.user_dispatch = None;
            return Ok(0);
        }
        EXCLUSIVE if offset == 0 || end > offset => (offset, len),
        // The range is the code whose calls are caught: so the rest is what may call.
        INCLUSIVE if len != 0 && end > offset => (end, len.wrapping_neg()),
        _ => return Err(Errno::EINVAL),
    };
    if selector >= task.process.memory.size() {
        return Err(Errno::EFAULT);
    }
    task.user_dispatch = Some(UserDispatch { offset, len, selector: GuestAddr(selector) });
    Ok(0)
}

/// Judges a call of a task that has asked for it. `None`: let it happen; otherwise this is its result.
#[cold]
pub(super) fn check(task: &mut Task, number: u64) -> Option<Result<u64, Errno>> {
    const ALLOW: u8 = 0;
    const BLOCK: u8 = 1;
    const SYS_USER_DISPATCH: i32 = 2;
    let UserDispatch { offset, len, selector } = task.user_dispatch?;
    let pc = task.hart.pc.0;
    if pc.wrapping_sub(offset) < len {
        return None;
    }
    let state = if selector.0 == 0 { Ok(BLOCK) } else { task.process.memory.get::<u8>(selector) };
    match state {
        Ok(ALLOW) => return None,
        Ok(BLOCK) => signal::force(task, sigsys(SYS_USER_DISPATCH, 0, pc, number as i32)),
        // Neither can be blocked or handled.
        Ok(_) => signal::by_default(task, &SigInfo::new(SIGSYS, SI_KERNEL)),
        Err(_) => signal::by_default(task, &SigInfo::new(SIGSEGV, SI_KERNEL)),
    }
    // The registers are as they were.
    Some(Ok(task.hart.x(10)))
}
