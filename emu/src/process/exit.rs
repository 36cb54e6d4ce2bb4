//! The end of a task and of its process.
#![allow(
    unsafe_code,
    reason = "leaving without the C library's exit handlers, and the stack that it has made"
)]

use std::ffi::c_void;

use super::{carry, robust};
use crate::addr::GuestAddr;
use crate::corefile;
use crate::debug;
use crate::errno::Errno;
use crate::signal::host;
use crate::stack;
use crate::strace;
use crate::syscall::host::call_at_once;
use crate::task::Task;

/// How a task ends, and what with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// `exit_group`, with this status: the whole process.
    Exited(i32),
    /// Death by this signal: the whole process.
    Killed(i32),
    /// `exit`, with this status: the task alone, unless it is the last one.
    Left(i32),
}

/// Settles what an ending task owes to others: its locks, who waits for its end, the debugger. [`Ending::Left`] comes back only for one of
/// several tasks.
pub(crate) fn settle(task: &mut Task, ending: Ending) -> Ending {
    if !matches!(ending, Ending::Left(_)) {
        corefile::stand_aside(task);
    }
    strace::ended(task, ending);
    let process = task.process.clone();
    match ending {
        Ending::Left(_) => robust::release(&process.memory, task.shared.robust_list(), task.tid),
        Ending::Exited(_) | Ending::Killed(_) => robust::release_all(&process),
    }
    let ending = match ending {
        Ending::Left(status) if process.tasks.leave(task.tid) => Ending::Exited(status),
        whole => whole,
    };
    let others_see_memory = matches!(ending, Ending::Left(_)) || process.borrows_memory();
    let cleared = std::mem::take(&mut task.clear_child_tid);
    if others_see_memory && cleared != GuestAddr(0) && process.memory.put(cleared, &0_i32).is_ok() {
        robust::wake(&process.memory, cleared);
    }
    if !matches!(ending, Ending::Left(_)) {
        carry::finish(task);
    }
    match ending {
        Ending::Left(status) => debug::thread_exited(&process, task.tid, status),
        whole => debug::ending(&process, whole),
    }
    ending
}

/// Runs the process's first task, and ends this host process as it does.
pub fn run(task: &mut Task) -> ! {
    extern "sysv64" fn live(task: *mut c_void) -> ! {
        // SAFETY: it is the task below, whose owner's frames are left for good.
        leave(unsafe { &mut *task.cast::<Task>() }.run())
    }
    // SAFETY: a process that the host has executed comes here at its end, once.
    unsafe { stack::go_there(live, std::ptr::from_mut(task).cast()) }
}

/// Ends this host process as the guest's ended: with its status, or by its signal. A first task that leaves the others behind ends its
/// thread.
pub fn leave(ending: Ending) -> ! {
    let status = match ending {
        Ending::Exited(status) => status,
        Ending::Killed(signal) => {
            host::die(signal);
            // Still here: the first process of a pid namespace does not die of its own signals.
            128 + signal
        }
        Ending::Left(status) => {
            let _ = call_at_once(libc::SYS_exit, [status as u64, 0, 0, 0, 0, 0]);
            status
        }
    };
    // SAFETY: ends the process; nothing of ours is buffered.
    unsafe { libc::_exit(status) }
}

/// `exit(status)`.
pub fn exit(task: &mut Task, status: i32) -> Result<u64, Errno> {
    task.ending = Some(Ending::Left(status & 0xff));
    Ok(0)
}

/// `exit_group(status)`.
pub fn exit_group(task: &mut Task, status: i32) -> Result<u64, Errno> {
    task.ending = Some(Ending::Exited(status & 0xff));
    Ok(0)
}
