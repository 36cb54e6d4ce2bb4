//! Why a thread stopped, inside the process.

use serde::{Deserialize, Serialize};

use crate::id::Pid;

/// Why a thread stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StopReason {
    /// [`crate::target::Target::stop`] asked for it.
    Requested,
    /// This signal (Linux number) is about to be delivered.
    Signal(i32),
    /// It is about to run the instruction under a software breakpoint.
    Breakpoint,
    /// A step or a range step is done.
    Step,
    /// It is about to make this system call; the pc is behind the instruction.
    SyscallEntry(u64),
    /// It has made this system call.
    SyscallReturn(u64),
    /// It has forked. Reported by [`crate::agent::PreparedFork::parent`], never by hand.
    Forked(Pid),
}
