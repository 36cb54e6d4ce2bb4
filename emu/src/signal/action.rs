//! The action table of a process (sigaction(2)), and the host dispositions that follow from it.
//!
//! The host is told the truth wherever it can act on it by itself: what is ignored is ignored by the host, and what
//! stops or ends the process without a trace of us does so in the host kernel. A handler of ours stands only where the
//! guest has one, where Linux would dump core (the core would be the emulator's), and, while a debugger looks on,
//! everywhere.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytemuck::{Pod, Zeroable};

use super::SigSet;
use super::host::{self, Disposition};
use super::number::{
    self,
    Default::{Continue, Core, Ignore},
    SIGBUS, SIGKILL, SIGSEGV, SIGSTOP, SIGTRAP,
};
use crate::errno::Errno;
use crate::process::view;
use crate::strace;

/// `SIG_DFL`.
pub const SIG_DFL: u64 = 0;
/// `SIG_IGN`.
pub const SIG_IGN: u64 = 1;

/// Do not tell of stopped children.
pub const SA_NOCLDSTOP: u64 = 1;
/// Children leave no zombies.
pub const SA_NOCLDWAIT: u64 = 2;
/// The handler takes three arguments. The kernel of riscv64 always gives them.
pub const SA_SIGINFO: u64 = 4;
/// Run the handler on the alternate stack.
pub const SA_ONSTACK: u64 = 0x0800_0000;
/// Restart system calls that the handler interrupted.
pub const SA_RESTART: u64 = 0x1000_0000;
/// Do not block the signal while its handler runs.
pub const SA_NODEFER: u64 = 0x4000_0000;
/// Back to the default before the handler runs.
pub const SA_RESETHAND: u64 = 0x8000_0000;
/// Keep the tag bits of `si_addr`: there are none.
const SA_EXPOSE_TAGBITS: u64 = 0x800;
/// What rt_sigaction(2) keeps of the flags; the rest reads back as 0, so that programs can ask what there is.
const KNOWN_FLAGS: u64 = SA_NOCLDSTOP
    | SA_NOCLDWAIT
    | SA_SIGINFO
    | SA_ONSTACK
    | SA_RESTART
    | SA_NODEFER
    | SA_RESETHAND
    | SA_EXPOSE_TAGBITS;

/// `struct sigaction` of riscv64, which has no restorer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct Action {
    /// `SIG_DFL`, `SIG_IGN` or the handler's address.
    pub handler: u64,
    /// `SA_…`.
    pub flags: u64,
    /// Blocked while the handler runs.
    pub mask: SigSet,
}

impl Action {
    /// Whether the signal is ignored because the guest says so.
    pub const fn is_ignored(&self) -> bool {
        self.handler == SIG_IGN
    }

    /// Whether it calls a function of the guest's.
    pub const fn is_handler(&self) -> bool {
        self.handler != SIG_DFL && self.handler != SIG_IGN
    }
}

/// The actions of a process for the signals 1–64.
pub struct Actions {
    table: Mutex<[Action; 64]>,
    /// Whether a debugger has to hear of every signal.
    all: AtomicBool,
    /// Whether /proc shows them: a child in shared memory shows its parent's.
    shown: bool,
}

impl Actions {
    /// The actions that this process was started with; the host's dispositions follow.
    pub fn inherited() -> Actions {
        let mut table = [Action::default(); 64];
        for (signal, action) in (1..=64).zip(table.iter_mut()) {
            if host::is_ignored(signal) {
                action.handler = SIG_IGN;
            }
        }
        Actions { table: Mutex::new(table), all: AtomicBool::new(false), shown: true }
    }

    /// The same actions for a child that goes its own way.
    pub(crate) fn copy(&self) -> Actions {
        let all = AtomicBool::new(self.all.load(Ordering::Relaxed));
        Actions { table: Mutex::new(*self.lock()), all, shown: false }
    }

    fn show(&self, signal: i32, action: &Action) {
        if self.shown {
            view::action_changed(signal, action);
        }
    }

    /// Which signals are ignored.
    pub(crate) fn ignored(&self) -> SigSet {
        let table = self.lock();
        let is_ignored = |signal: &i32| table[index(*signal)].handler == SIG_IGN;
        (1..=64).filter(is_ignored).fold(SigSet::EMPTY, |set, signal| set.union(SigSet::of(signal)))
    }

    /// Ignores these, of which the host may not know. For a program that begins.
    pub(crate) fn ignore(&self, signals: SigSet) {
        let mut table = self.lock();
        for signal in (1..=64).filter(|&signal| signals.contains(signal)) {
            table[index(signal)].handler = SIG_IGN;
        }
    }

    /// Keeps the table as it is while the guard lives: for fork(2).
    pub(crate) fn quiesce(&self) -> MutexGuard<'_, [Action; 64]> {
        self.lock()
    }

    /// Makes the host's dispositions what the table asks for, on a process that has none of ours yet.
    pub(crate) fn install(&self) {
        let table = self.lock();
        for signal in 1..=64 {
            let action = &table[signal as usize - 1];
            if matches!(self.disposition(signal, action), Disposition::Handled(_)) {
                self.tell_host(signal, action);
            }
        }
    }

    /// The action for `signal`.
    pub fn get(&self, signal: i32) -> Action {
        self.lock()[index(signal)]
    }

    /// Sets the action for `signal`, as rt_sigaction(2) does, and says what it was. The host's disposition changes with it,
    /// which discards pending signals where the kernel's rules say so. Fails with [`Errno::ERESTARTSYS`], nothing
    /// changed, if something has to be delivered first.
    pub fn replace(&self, signal: i32, mut action: Action) -> Result<Action, Errno> {
        if !number::exists(signal) || signal == SIGKILL || signal == SIGSTOP {
            return Err(Errno::EINVAL);
        }
        action.flags &= KNOWN_FLAGS;
        action.mask = action.mask.without(super::UNBLOCKABLE);
        let mut table = self.lock();
        host::dispose(signal, self.disposition(signal, &action))?;
        self.show(signal, &action);
        Ok(std::mem::replace(&mut table[index(signal)], action))
    }

    /// The action for `signal`, which is about to be taken: with `SA_RESETHAND` it is the default from now on.
    pub(super) fn take(&self, signal: i32) -> Action {
        let mut table = self.lock();
        let action = table[index(signal)];
        if action.is_handler() && action.flags & SA_RESETHAND != 0 {
            table[index(signal)].handler = SIG_DFL;
            self.show(signal, &table[index(signal)]);
            self.tell_host(signal, &table[index(signal)]);
        }
        action
    }

    /// Back to the default, because a signal that must not be missed was blocked or ignored.
    pub(super) fn reset(&self, signal: i32) {
        let mut table = self.lock();
        table[index(signal)].handler = SIG_DFL;
        self.show(signal, &table[index(signal)]);
        self.tell_host(signal, &table[index(signal)]);
    }

    /// Whether a debugger has to hear of every signal before it acts. Set before the first instruction, and taken back
    /// when the debugger leaves.
    pub fn show_all(&self, all: bool) {
        let table = self.lock();
        self.all.store(all, Ordering::Relaxed);
        for (signal, action) in (1..=64).zip(table.iter()) {
            if signal != SIGKILL && signal != SIGSTOP {
                self.tell_host(signal, action);
            }
        }
    }

    /// `CLONE_CLEAR_SIGHAND`: the default for all that is not ignored.
    pub(crate) fn reset_handlers(&self) {
        let mut table = self.lock();
        for (signal, action) in (1..=64).zip(table.iter_mut()) {
            if action.is_handler() {
                *action = Action::default();
                self.show(signal, action);
                self.tell_host(signal, action);
            }
        }
    }

    /// What exec leaves: what is ignored stays so, the rest is the default. To a task that blocks these signals.
    pub(crate) fn after_exec(&self, blocked: SigSet) {
        let mut table = self.lock();
        for (signal, action) in (1..=64).zip(table.iter_mut()) {
            let before = self.disposition(signal, action);
            let handler = if action.is_ignored() { SIG_IGN } else { SIG_DFL };
            *action = Action { handler, ..Action::default() };
            let after = self.disposition(signal, action);
            // What waits stays, which exec does not discard, but the host would: there it is caught, to be ignored here. Ignored ones
            // differ in flags that say nothing of them.
            match action.is_ignored() {
                true => {}
                false if before == after => {}
                false if blocked.contains(signal) && matches!(number::default(signal), Ignore | Continue) => {
                    host::dispose_at_once(signal, Disposition::Handled(SA_RESTART));
                }
                false => host::dispose_at_once(signal, after),
            }
        }
    }

    /// Tells the host again what it is to do with `signal`.
    pub(super) fn refresh(&self, signal: i32) {
        let table = self.lock();
        self.tell_host(signal, &table[index(signal)]);
    }

    /// What the host is to do with `signal`.
    fn disposition(&self, signal: i32, action: &Action) -> Disposition {
        // Host faults are guest faults, and SIGTRAP is how a task is called to attention: always ours, whatever the guest says.
        let ours = [SIGSEGV, SIGBUS, SIGTRAP].contains(&signal);
        let children = action.flags & (SA_NOCLDSTOP | SA_NOCLDWAIT);
        let watched = ours || self.all.load(Ordering::Relaxed);
        // A trace shows also what is done by default; what is ignored the host's kernel has to discard.
        let traced = strace::enabled() && signal != SIGKILL && signal != SIGSTOP;
        match action.handler {
            SIG_IGN if watched => Disposition::Handled(SA_RESTART | SA_NOCLDWAIT),
            SIG_IGN => Disposition::Ignored(children),
            SIG_DFL if watched || traced || number::default(signal) == Core => {
                Disposition::Handled(SA_RESTART | children)
            }
            SIG_DFL if children != 0 => Disposition::DefaultWith(children),
            SIG_DFL => Disposition::Default,
            _ => Disposition::Handled(action.flags & SA_RESTART | children),
        }
    }

    /// Changes the host's disposition now, whatever is waiting.
    fn tell_host(&self, signal: i32, action: &Action) {
        host::dispose_at_once(signal, self.disposition(signal, action));
    }

    fn lock(&self) -> MutexGuard<'_, [Action; 64]> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where `signal` is in a table; the caller has checked that it exists.
fn index(signal: i32) -> usize {
    (signal.clamp(1, 64) - 1) as usize
}
