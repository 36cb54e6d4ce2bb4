//! A task: one guest thread, which is one host thread, and the loop that runs it.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::addr::GuestAddr;
use crate::debug;
use crate::engine::{Exit, Seat};
use crate::errno::Errno;
use crate::hart::Hart;
use crate::process::exit::{self, Ending};
use crate::process::tasks::Shared;
use crate::process::{Process, carry, exec, in_place, view};
use crate::seccomp::Seccomp;
use crate::signal::{self, TaskSignals};
use crate::syscall::user_dispatch::UserDispatch;
use crate::syscall::{self, host, uring};
use crate::trap::Trap;

/// A guest thread.
#[repr(align(64))]
pub struct Task {
    /// Its registers. They stay where they are: signal handlers and the engine know the address of the attention flag.
    pub hart: Box<Hart>,
    /// The hart's place in the engine.
    pub(crate) seat: Seat,
    /// Its tid, which is the host's.
    pub tid: i32,
    /// The process that it is part of.
    pub process: Arc<Process>,
    /// Its signal mask and what else of signals is its own.
    pub signals: TaskSignals,
    /// `set_tid_address`: zeroed and woken when the task ends and others live on.
    pub clear_child_tid: GuestAddr,
    /// What other tasks may ask of it.
    pub shared: Arc<Shared>,
    /// Set by `exit`, `exit_group` and by deadly signals; the task loop looks at it after each system call.
    pub ending: Option<Ending>,
    /// When the interrupted relative sleep of this task was to end (`CLOCK_MONOTONIC`, ns): kept over a restart.
    pub sleep_until: Option<u64>,
    /// The filters on its system calls.
    pub seccomp: Option<Seccomp>,
    /// Which of its system calls become signals.
    pub user_dispatch: Option<UserDispatch>,
    /// The rings that it has registered.
    pub(crate) rings: uring::Registered,
    /// How the debugger lets it run.
    pub orders: debug::Orders,
    /// Where a system call was begun that is to be made again, which is no second entry for the debugger. Meanwhile the debugger
    /// may make the task call others.
    pub(crate) restarting: Option<GuestAddr>,
    /// What it executes next. It is kept here because a child of `vfork` leaves it to its parent to be freed.
    pub(crate) exec: Option<Box<exec::Plan>>,
    /// The program that takes the place of the one that runs, once the system call that asked for it is over.
    pub(crate) next: Option<Box<in_place::Next>>,
    /// What it shares with a child that has a copy of its memory, kept for the next one.
    pub(crate) parcel: Option<Box<carry::Parcel>>,
    /// Set in such a child until it executes.
    pub(crate) carrier: Option<Box<carry::Carrier>>,
}

impl Task {
    /// The first task of `process`, on this thread.
    pub fn new(process: Arc<Process>, hart: Hart) -> Task {
        Task::another(process, hart, TaskSignals::default())
    }

    /// A task of `process`, on this thread.
    pub fn another(process: Arc<Process>, hart: Hart, signals: TaskSignals) -> Task {
        let tid = host::call_at_once(libc::SYS_gettid, [0; 6]).unwrap_or_default() as i32;
        let shared = process.tasks.enter(tid);
        let hart = Box::new(hart);
        Task {
            seat: process.engine.enroll(&hart),
            hart,
            tid,
            process,
            signals,
            clear_child_tid: GuestAddr(0),
            shared,
            ending: None,
            sleep_until: None,
            seccomp: None,
            user_dispatch: None,
            rings: Vec::new(),
            orders: debug::Orders::default(),
            restarting: None,
            exec: None,
            next: None,
            parcel: None,
            carrier: None,
        }
    }

    /// Takes over the host's signals for this task, on the thread that will run it. [`Task::run`] does so by itself if
    /// nobody did before.
    pub fn enter(&mut self) {
        if !self.signals.is_entered() {
            signal::enter(self);
        }
    }

    /// Runs the task to its end, which is its process's unless it is [`Ending::Left`].
    pub fn run(&mut self) -> Ending {
        self.enter();
        loop {
            if self.wants_attention() {
                signal::attend(self);
            }
            if let Some(ending) = self.ending {
                return exit::settle(self, ending);
            }
            match debug::run(self) {
                Exit::Trap(Trap::SystemCall) => self.system_call(),
                Exit::Trap(trap) => signal::trapped(self, trap),
                Exit::Attention | Exit::Breakpoint | Exit::Watched { .. } | Exit::Stepped => {}
            }
        }
    }

    /// Makes the task loop come to [`signal::attend`] before the next instruction. For the task's own thread; others use
    /// [`signal::host::kick`].
    pub fn call_attention(&self) {
        self.hart.attention.store(1, Ordering::Relaxed);
    }

    /// Sets the filters on its system calls.
    pub fn filter(&mut self, filters: Seccomp) {
        let filters = self.seccomp.insert(filters);
        if !self.process.borrows_memory() {
            view::filtered(Some(filters));
        }
    }

    /// What the registers hold for a system call: `a0`–`a5`.
    #[inline]
    pub fn arguments(&self) -> [u64; 6] {
        [10, 11, 12, 13, 14, 15].map(|register| self.hart.x(register))
    }

    /// Whether something waits that [`signal::attend`] has to serve.
    #[inline]
    pub fn wants_attention(&self) -> bool {
        self.hart.attention.load(Ordering::Relaxed) != 0
    }

    /// Makes the system call that the pc is on.
    fn system_call(&mut self) {
        let ecall = self.hart.pc;
        let number = self.hart.x(17);
        self.hart.pc = ecall.offset(4);
        let first = self.hart.x(10);
        let again = self.restarting == Some(ecall);
        let mut kept = None;
        if again {
            self.restarting = None;
        } else {
            kept = self.sleep_until.take();
            debug::syscall_entry(self, number);
            if self.ending.is_some() || self.hart.pc != ecall.offset(4) {
                return;
            }
        }
        match syscall::dispatch(self) {
            Ok(_) if self.next.is_some() => return in_place::begin(self),
            Ok(value) => self.hart.set_x(10, value),
            Err(Errno::ERESTARTSYS) => {
                self.signals.during_call = None;
                return self.make_again(ecall);
            }
            // The host kernel would go on by itself if no handler were there; whether the guest's runs is seen in `attend`.
            Err(Errno::EINTR) if self.wants_attention() => {
                self.signals.interrupted = Some(ecall);
                return self.make_again(ecall);
            }
            Err(errno) => self.hart.set_x(10, errno.to_result()),
        }
        self.signals.during_call = None;
        self.sleep_until = if self.restarting.is_some() { kept } else { None };
        // exit does not come back.
        if self.ending.is_none() {
            debug::syscall_return(self, number, first);
        }
    }

    /// Puts the pc back on a system call that did not happen, or not to its end.
    #[cold]
    fn make_again(&mut self, ecall: GuestAddr) {
        self.hart.pc = ecall;
        self.restarting = Some(ecall);
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        if self.signals.is_entered() {
            signal::host::depart();
        }
        self.process.engine.dismiss(self.seat);
    }
}
