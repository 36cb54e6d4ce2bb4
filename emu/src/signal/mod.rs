//! Signals: who gets them is the host kernel's decision, what happens then is decided here.
//!
//! The guest's mask is the host's mask of the same thread, so pending signals, the choice of a thread, `sigtimedwait` and
//! what exec hands on are the host's work and true. A signal that has a handler travels: host handler
//! ([`host`]) → the thread's slot → [`deliver`] at the next safe point → a frame on the guest's stack ([`frame`]).

pub mod action;
mod altstack;
pub mod calls;
mod deliver;
mod frame;
pub mod host;
pub mod info;
pub mod number;
mod set;

pub use action::{Action, Actions};
pub use altstack::{AltStack, StackT};
pub(crate) use deliver::by_default;
pub use deliver::{attend, force, trapped};
pub use host::Kept;
pub(crate) use host::kept;
pub use info::SigInfo;
pub use set::SigSet;

use crate::addr::GuestAddr;
use crate::task::Task;

/// What the host never blocks, because the emulator needs it: its own faults are how the guest's are noticed, and SIGTRAP is
/// how another thread calls a task to attention. For these the guest's mask is minded by [`host`] and [`deliver`].
pub(crate) const OPEN: SigSet = SigSet::of_all(&[number::SIGSEGV, number::SIGBUS, number::SIGTRAP]);

/// What the kernel takes from those that wait before all others (`SYNCHRONOUS_MASK` of its signal.c).
const SYNCHRONOUS: SigSet = OPEN.union(SigSet::of_all(&[number::SIGILL, number::SIGFPE, number::SIGSYS]));

/// What nobody can block.
const UNBLOCKABLE: SigSet = SigSet::of_all(&[number::SIGKILL, number::SIGSTOP]);

/// The signal state of one task.
#[derive(Debug, Default)]
pub struct TaskSignals {
    /// The signals that the guest has blocked.
    pub blocked: SigSet,
    /// The mask that `ppoll`, `pselect6`, `epoll_pwait` or `rt_sigsuspend` has put in the place of `blocked` while the
    /// call lasts. A handler of such a call sets it before its host call; the task loop takes it back.
    pub during_call: Option<SigSet>,
    /// `sigaltstack`.
    pub altstack: AltStack,
    /// The `ecall` that the host left with EINTR: it is made again unless a handler of the guest's runs.
    pub(crate) interrupted: Option<GuestAddr>,
    /// The host's mask is not what `blocked` says.
    mask_is_stale: bool,
    is_entered: bool,
    /// The mask is known already, and so are the actions.
    is_new: bool,
}

impl TaskSignals {
    /// Those of a new thread, whose host thread has everything blocked.
    pub(crate) fn of_thread(blocked: SigSet) -> TaskSignals {
        TaskSignals { blocked, is_new: true, ..TaskSignals::default() }
    }

    /// Those of a child that shares its parent's memory: `keeps_altstack` while the parent waits for it.
    pub(crate) fn of_child(&self, keeps_altstack: bool) -> TaskSignals {
        let altstack = if keeps_altstack { self.altstack } else { AltStack::default() };
        TaskSignals { altstack, ..TaskSignals::of_thread(self.blocked) }
    }

    /// What exec leaves of them, on the same thread, whose host has everything blocked.
    pub(crate) fn after_exec(&mut self) {
        *self = TaskSignals { mask_is_stale: true, is_entered: true, ..TaskSignals::of_thread(self.blocked) };
    }

    /// The thread belongs to another task from now on.
    pub(crate) fn abandon(&mut self) {
        self.is_entered = false;
    }

    /// Whether the task's thread has our handlers.
    pub(crate) fn is_entered(&self) -> bool {
        self.is_entered
    }
}

/// Takes over the host's signals for `task`, which runs on this thread: for a process's first task, the mask is the one that the thread has.
pub(crate) fn enter(task: &mut Task) {
    host::enter(&task.hart.attention);
    if !task.signals.is_new {
        let all = SigSet::ALL.without(OPEN);
        let mask = host::replace_mask(all);
        task.signals.blocked = task.signals.blocked.union(mask);
        task.process.actions.install();
    }
    task.signals.mask_is_stale = true;
    task.signals.is_entered = true;
}
