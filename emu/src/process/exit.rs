//! The end of a task and of its process.
#![allow(unsafe_code, reason = "leaving without the C library's exit handlers")]

use crate::errno::Errno;
use crate::signal::host;
use crate::task::Task;

/// How a process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// `exit` or `exit_group`, with this status.
    Exited(i32),
    /// Death by this signal.
    Killed(i32),
}

/// Ends this host process as the guest's ended: with its status, or by its signal.
pub fn leave(ending: Ending) -> ! {
    let status = match ending {
        Ending::Exited(status) => status,
        Ending::Killed(signal) => {
            host::die(signal);
            // Still here: the first process of a pid namespace does not die of its own signals.
            128 + signal
        }
    };
    // SAFETY: ends the process; nothing of ours is buffered.
    unsafe { libc::_exit(status) }
}

/// `exit(status)`. There is one task in a process, so this ends both.
pub fn exit(task: &mut Task, status: i32) -> Result<u64, Errno> {
    exit_group(task, status)
}

/// `exit_group(status)`.
pub fn exit_group(task: &mut Task, status: i32) -> Result<u64, Errno> {
    task.ending = Some(Ending::Exited(status & 0xff));
    Ok(0)
}
