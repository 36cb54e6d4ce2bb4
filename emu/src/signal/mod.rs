//! Signals.

mod set;

pub use set::SigSet;

/// What a process does with signals.
#[derive(Debug, Default)]
pub struct Actions {}

impl Actions {
    /// The actions that this process was started with.
    pub fn inherited() -> Actions {
        Actions {}
    }
}

/// The signal state of one task.
#[derive(Debug, Default)]
pub struct TaskSignals {
    /// The signals that the guest has blocked.
    pub blocked: SigSet,
    /// The mask that `ppoll`, `pselect6`, `epoll_pwait` or `rt_sigsuspend` has put in the place of `blocked` while the
    /// call lasts. A handler of such a call sets it before its host call; the task loop takes it back.
    pub during_call: Option<SigSet>,
}
