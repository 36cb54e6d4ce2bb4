//! The end of a task and of its process.

/// How a process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// `exit` or `exit_group`, with this status.
    Exited(i32),
    /// Death by this signal.
    Killed(i32),
}
