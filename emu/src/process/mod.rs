//! A guest process, which is a host process: what its tasks share.

use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use crate::addr::GuestAddr;
use crate::corefile;
use crate::debug::Debugger;
use crate::engine::Engine;
use crate::memory::Memory;
use crate::options::Options;
use crate::signal::{Actions, SigSet, TaskSignals};
use crate::syscall::uring;

pub(crate) mod carry;
pub mod exec;
pub mod exit;
pub mod fork;
mod handover;
pub(crate) mod in_place;
pub mod limits;
pub mod robust;
mod room;
pub mod start;
pub mod tasks;
pub mod thread;
mod vfork;
pub mod view;

pub(crate) use handover::ARGUMENT;
pub use handover::{Commission, Handover, Inherited, is_ours, take as take_handover};

/// A guest process. It is aligned to be near what else a fork writes: see [`crate::allocator`].
#[repr(align(64))]
pub struct Process {
    /// Its address space.
    pub memory: Arc<Memory>,
    /// What runs its code. With `memory` it is shared by a child of `vfork`.
    pub engine: Arc<Engine>,
    /// What it does with signals.
    pub actions: Arc<Actions>,
    /// Its tasks.
    pub tasks: tasks::Tasks,
    /// `__vdso_rt_sigreturn`: where a signal handler returns to.
    pub sigreturn: GuestAddr,
    /// The debugger's part of it, when it is debugged.
    pub debug: OnceLock<Debugger>,
    /// The resource limits that are the guest's alone.
    pub limits: limits::Limits,
    /// How the user wants programs run: what a program that this one executes is run with too.
    pub options: Arc<Options>,
    /// Where its tasks come together when it dies and leaves a core.
    pub(crate) gathering: corefile::Gathering,
    /// How often it has forked, and those that it descends from.
    forks: AtomicU32,
    pid: AtomicI32,
    borrows_memory: bool,
    /// See [`Process::require_host_exec`].
    host_exec: AtomicBool,
}

impl Process {
    /// The process that runs here.
    pub fn new(
        memory: Arc<Memory>,
        engine: Arc<Engine>,
        sigreturn: GuestAddr,
        options: Arc<Options>,
    ) -> Process {
        let pid = AtomicI32::new(std::process::id() as i32);
        let limits = limits::Limits::inherited();
        limits.begin(&memory);
        Process {
            memory,
            engine,
            actions: Arc::new(Actions::inherited()),
            tasks: tasks::Tasks::default(),
            sigreturn,
            debug: OnceLock::new(),
            limits,
            options,
            gathering: corefile::Gathering::default(),
            forks: AtomicU32::new(0),
            pid,
            borrows_memory: false,
            host_exec: AtomicBool::new(false),
        }
    }

    /// Goes on with what the image before this one has left: signals that it ignored, those of its task's blocked ones that the host does
    /// not know of, and the limits.
    pub fn take_over(
        &self,
        task: &mut TaskSignals,
        ignored: SigSet,
        blocked: SigSet,
        limits: [(u64, u64); 3],
    ) {
        self.actions.ignore(ignored);
        task.blocked = blocked;
        self.limits.replace(limits);
        self.limits.begin(&self.memory);
    }

    /// A child that shares this process's memory; `shares_actions` for `CLONE_SIGHAND`. Its pid is not known yet.
    fn sharing_memory(&self, shares_actions: bool) -> Process {
        Process {
            memory: self.memory.clone(),
            engine: self.engine.clone(),
            actions: if shares_actions { self.actions.clone() } else { Arc::new(self.actions.copy()) },
            tasks: tasks::Tasks::default(),
            sigreturn: self.sigreturn,
            debug: OnceLock::new(),
            limits: self.limits.copy(),
            options: self.options.clone(),
            gathering: corefile::Gathering::default(),
            forks: AtomicU32::new(0),
            pid: AtomicI32::new(0),
            borrows_memory: true,
            host_exec: AtomicBool::new(true),
        }
    }

    /// Keeps all that tasks share as it is while the guard lives: for fork(2), whose child gets a copy of it and none of the other
    /// tasks. The order of these locks is the one in which they nest.
    fn quiesce(&self) -> impl Sized + '_ {
        let (memory, engine) = (self.memory.quiesce(), self.engine.quiesce());
        (
            uring::quiesce(),
            self.gathering.quiesce(),
            self.tasks.quiesce(),
            self.limits.lock(),
            self.actions.quiesce(),
            memory,
            engine,
        )
    }

    /// Whether the memory is that of the process that made this one.
    pub(crate) fn borrows_memory(&self) -> bool {
        self.borrows_memory
    }

    /// From now on, here and in children, exec is left to the host's kernel: it keeps something of the process that only its own execve(2) takes back.
    pub fn require_host_exec(&self) {
        self.host_exec.store(true, Ordering::Relaxed);
    }

    /// Whether exec is left to the host's kernel.
    pub(crate) fn requires_host_exec(&self) -> bool {
        self.host_exec.load(Ordering::Relaxed)
    }

    /// This is a forked child now.
    pub(crate) fn set_pid(&self, pid: i32) {
        self.pid.store(pid, Ordering::Relaxed);
    }

    /// The pid, which is the host's.
    pub fn pid(&self) -> i32 {
        self.pid.load(Ordering::Relaxed)
    }
}
