//! A task: one guest thread, which is one host thread.

use std::sync::Arc;

use crate::addr::GuestAddr;
use crate::debug;
use crate::errno::Errno;
use crate::hart::Hart;
use crate::process::Process;
use crate::process::exit::Ending;
use crate::signal::TaskSignals;
use crate::syscall;

/// A guest thread.
pub struct Task {
    /// Its registers.
    pub hart: Hart,
    /// Its tid, which is the host's.
    pub tid: i32,
    /// The process that it is part of.
    pub process: Arc<Process>,
    /// Its signal mask and what else of signals is its own.
    pub signals: TaskSignals,
    /// `set_tid_address`: zeroed and woken when the task ends and others live on.
    pub clear_child_tid: GuestAddr,
    /// `set_robust_list`'s head.
    pub robust_list: GuestAddr,
    /// Set by `exit`, `exit_group` and by deadly signals; the task loop looks at it after each system call.
    pub ending: Option<Ending>,
    /// When the interrupted relative sleep of this task was to end (`CLOCK_MONOTONIC`, ns): kept over a restart.
    pub sleep_until: Option<u64>,
    /// How the debugger lets it run.
    pub orders: debug::Orders,
}

impl Task {
    /// The first task of `process`, on this thread.
    pub fn new(process: Arc<Process>, hart: Hart) -> Task {
        Task {
            hart,
            tid: process.pid(),
            process,
            signals: TaskSignals::default(),
            clear_child_tid: GuestAddr(0),
            robust_list: GuestAddr(0),
            ending: None,
            sleep_until: None,
            orders: debug::Orders::default(),
        }
    }

    /// Runs the task to its end.
    pub fn run(&mut self) -> Ending {
        loop {
            if let Some(ending) = self.ending {
                return ending;
            }
            match syscall::dispatch(self) {
                Ok(value) => self.hart.set_x(10, value),
                Err(Errno::ERESTARTSYS) => {}
                Err(errno) => self.hart.set_x(10, errno.to_result()),
            }
        }
    }
}
