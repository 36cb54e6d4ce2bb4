//! What a debugger needs of a guest process: the hooks that the task loop, `process/fork.rs` and `process/exit.rs` call, and,
//! behind them, the implementation of [`tine_stub::target::Target`].
//!
//! A task that stops hands its state over to the agent's thread (it is *parked*), reports the stop, and waits on a channel of its own
//! until it gets the state back with the order to go on.

mod breakpoints;
mod core;
mod exec;
mod fork;
mod guest;
mod knock;
mod launch;
mod libraries;
mod loaded;
mod machine;
mod monitor;
mod parking;
mod registers;
mod shared;
mod siginfo;
mod spawn;
mod symbols;
mod terminal;
mod tls;
mod trace;
mod vfork;
mod watchpoints;
mod wrapper;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::ops::Range;
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};

use tine_stub::agent::Agent;
use tine_stub::target::{Catch, Motion};
use tine_stub::trace::tracer::Stepping;
use tine_stub::{Pid, StopReason, ThreadId, Tid};

use crate::addr::GuestAddr;
use crate::corefile;
use crate::engine::{Engine, Exit, Memo, watch};
use crate::loader::Image;
use crate::process::Process;
use crate::process::exit::Ending;
use crate::process::view;
use crate::signal::OPEN;
use crate::signal::host::{replace_mask, take_knock};
use crate::syscall::host::call_at_once;
use crate::syscall::{self, descriptors};
use crate::task::Task;

pub use exec::{Successor, around_exec, attach_after_exec, control};
pub use fork::around_fork;
pub use launch::{Launched, commissioned, launch, launch_by_others, serve};
pub use parking::SIGINFO_SIZE;
pub use vfork::{Vfork, around_clone, around_vfork};
pub use wrapper::is_needed as starts_by_others;

use breakpoints::{Breakpoints, Known};
use loaded::Loaded;
use parking::{Parking, Unparked};
use watchpoints::Watchpoints;

/// The debugger's part of a process ([`Process::debug`]). A forked child takes it over by memory copy, breakpoints and all,
/// with an agent of its own; the child of a vfork has one of its own that shares the breakpoints.
#[derive(Default)]
pub struct Debugger {
    agent: RwLock<Option<Agent>>,
    catch: RwLock<Catch>,
    /// Whether `catch` catches anything: read at every system call.
    catching: AtomicBool,
    pass: RwLock<BTreeSet<i32>>,
    breakpoints: Arc<Breakpoints>,
    watchpoints: Arc<Watchpoints>,
    /// How many times in a row the process was let go with no watchpoint.
    unwatched: AtomicU32,
    parking: Parking,
    /// Memory that the debugger has mapped for itself: lengths by address.
    allocated: Mutex<BTreeMap<u64, u64>>,
    /// What was loaded, for those who ask about the program.
    loaded: OnceLock<Loaded>,
}

/// The debugger's part of a task.
#[derive(Debug)]
pub struct Orders {
    /// How the task runs.
    motion: Motion,
    /// The instruction that is being stepped trapped: the step ends when the trap is served.
    stepped: bool,
    /// A signal that the debugger has sent the task on with, from a stop that was for none: it is on its way.
    injected: Option<i32>,
    /// The breakpoints as it has seen them last.
    known: Option<Known>,
    /// The instructions under those that it does not stop at.
    memo: Memo,
    /// A thread that it has made and that the debugger is to be told of.
    cloned: Option<i32>,
    /// The steps that it makes to collect at each.
    steppings: Vec<Stepping>,
    /// Where it has collected and has not executed the instruction yet.
    traced: Option<u64>,
}

impl Default for Orders {
    fn default() -> Orders {
        Orders {
            motion: Motion::Continue,
            stepped: false,
            injected: None,
            known: None,
            memo: Memo::default(),
            cloned: None,
            steppings: Vec::new(),
            traced: None,
        }
    }
}

/// Puts the process under the debugger that [`launch`] has prepared. If the guest is to wait for gdb, it stops in here until
/// the debugger lets it go.
pub fn attach(task: &mut Task, launched: Launched, image: &Image) -> io::Result<()> {
    let process = task.process.clone();
    let agent = begin(task, descriptors::reserve(launched.socket), image)?;
    let debugger = process.debug.get_or_init(Debugger::default);
    if launched.suspend {
        // Until gdb comes signals do what they do to a program: the user's ^C ends it.
        let closed = replace_mask(task.signals.blocked.without(OPEN));
        debugger.park(task, None, || agent.hello(true));
        replace_mask(closed);
    } else {
        agent.hello(false);
    }
    if debugger.parking.is_watched() {
        process.actions.show_all(true);
    }
    Ok(())
}

/// Makes the debugger's part of a process that has one task.
fn begin(task: &mut Task, socket: OwnedFd, image: &Image) -> io::Result<Agent> {
    task.enter();
    let process = task.process.clone();
    let debugger = process.debug.get_or_init(Debugger::default);
    let _ = debugger.loaded.set(Loaded::of(image));
    debugger.parking.enter(task.tid, None);
    debugger.breakpoints.share(process.pid());
    debugger.start(&process, socket)
}

/// The tasks that the debugger has stopped, as a core has them.
pub(crate) fn standing(process: &Process) -> Vec<corefile::Thread> {
    process.debug.get().map_or_else(Vec::new, core::standing)
}

/// Whether the debugger has stopped this task of the process.
pub fn has_stopped(process: &Process, tid: i32) -> bool {
    process.debug.get().is_some_and(|debugger| debugger.parking.with(tid, |_| ()).is_ok())
}

/// Runs the task's hart as the debugger has ordered, until something needs the task's care: the place of
/// [`crate::engine::Engine::run`] in the task loop. Never returns [`Exit::Breakpoint`], [`Exit::Watched`] or
/// [`Exit::Stepped`].
#[inline]
pub fn run(task: &mut Task) -> Exit {
    match task.process.debug.get() {
        None => match task.process.engine.run(&mut task.hart) {
            Exit::Breakpoint | Exit::Watched { .. } => pass(task),
            exit => exit,
        },
        Some(_) => run_debugged(task),
    }
}

/// Runs an instruction at which this process does not stop: it shares its memory with one that does.
#[cold]
fn pass(task: &mut Task) -> Exit {
    match task.process.engine.step_unwatched(&mut task.hart) {
        Exit::Stepped => Exit::Attention,
        exit => exit,
    }
}

fn run_debugged(task: &mut Task) -> Exit {
    let process = task.process.clone();
    let debugger = process.debug.get_or_init(Debugger::default);
    loop {
        if std::mem::take(&mut task.orders.stepped) {
            trace::stepped(task);
            if task.orders.motion != Motion::Continue {
                debugger.stop_after_step(task);
            } else {
                debugger.arrive_collecting(task);
            }
        }
        let steps = task.orders.motion != Motion::Continue || !task.orders.steppings.is_empty();
        let exit =
            if steps { process.engine.step(&mut task.hart) } else { process.engine.run(&mut task.hart) };
        match debugger.decide(task, exit) {
            // It has stopped, and was told how to go on.
            None => {}
            // It has passed a breakpoint.
            Some(Exit::Stepped) if !steps => {
                trace::stepped(task);
                debugger.arrive_collecting(task);
            }
            Some(Exit::Stepped | Exit::Breakpoint | Exit::Watched { .. }) => {
                if let Some(exit) = debugger.after_step(task) {
                    return exit;
                }
            }
            Some(exit @ Exit::Trap(_)) => {
                debugger.leave_duty(task);
                task.orders.stepped = true;
                return exit;
            }
            Some(Exit::Attention) => {
                debugger.leave_duty(task);
                return Exit::Attention;
            }
        }
    }
}

/// After system call `number`, with `a0` set, which was `first` before; in a forked child too. Stops if the call has made an access
/// that is watched, or a thread that the debugger wants to hear of, or if its return is caught.
#[inline]
pub fn syscall_return(task: &mut Task, number: u64, first: u64) {
    if task.process.debug.get().is_some() {
        after_syscall(task, number, first);
    }
}

fn after_syscall(task: &mut Task, number: u64, first: u64) {
    let process = task.process.clone();
    let Some(debugger) = process.debug.get() else { return };
    if debugger.watchpoints.any() {
        stop_for_accesses(task, number, first);
    }
    if let Some(tid) = task.orders.cloned.take() {
        let clone = ThreadId { pid: Pid(process.pid()), tid: Tid(tid) };
        debugger.stop(task, StopReason::Cloned(clone));
    }
    if debugger.catches(number) {
        debugger.stop(task, StopReason::SyscallReturn(number));
    }
}

#[cold]
fn stop_for_accesses(task: &mut Task, number: u64, first: u64) {
    let process = task.process.clone();
    let Some(debugger) = process.debug.get() else { return };
    let mut hit = None;
    syscall::accesses(task, number, first, &mut |addr, len, writes| {
        let accesses = if writes { watch::WRITES } else { watch::READS };
        let touched = || debugger.watchpoints.touched(process.pid(), accesses, addr.0, len, true, |_| false);
        hit = hit.take().or_else(touched);
    });
    if let Some(reason) = hit {
        debugger.stop(task, reason);
    }
}

/// To be called at every safe point where `hart.attention` was set, before signals are delivered: stops if the debugger has
/// asked for it.
pub fn attention(task: &mut Task) {
    if let Some(number) = take_knock() {
        knock::answer(task, number);
    }
    let process = task.process.clone();
    if let Some(debugger) = process.debug.get()
        && let Some(reason) = debugger.parking.take_request(task.tid)
    {
        // One that was let go on a breakpoint a moment ago has met it: of a thread that gdb has sent over it with a signal, gdb does not expect that
        // it stands there still.
        let met = if reason == StopReason::Requested { debugger.breakpoints.meets(task) } else { None };
        debugger.stop(task, met.unwrap_or(reason));
    }
}

/// Before system call `number`; the pc is behind the `ecall` already. The debugger may have changed registers afterwards.
#[inline]
pub fn syscall_entry(task: &mut Task, number: u64) {
    if task.process.debug.get().is_some_and(|debugger| debugger.catches(number)) {
        stop_for(task, StopReason::SyscallEntry(number));
    }
}

#[cold]
fn stop_for(task: &mut Task, reason: StopReason) {
    let process = task.process.clone();
    if let Some(debugger) = process.debug.get() {
        debugger.stop(task, reason);
    }
}

/// Before `signal` is delivered or acted on by default. Returns what to do instead: that signal, another one, or none. The
/// debugger may have changed `siginfo` (the guest's layout).
pub fn signal(task: &mut Task, signal: i32, siginfo: &mut [u8; SIGINFO_SIZE]) -> Option<i32> {
    let process = task.process.clone();
    match process.debug.get() {
        // The debugger knows.
        Some(_) if task.orders.injected == Some(signal) => {
            task.orders.injected = None;
            Some(signal)
        }
        Some(debugger) if !debugger.passes(signal) => {
            let tid = Tid(task.tid);
            let report = || debugger.report(tid, StopReason::Signal(signal));
            match debugger.park(task, Some(*siginfo), report) {
                Unparked::Free => Some(signal),
                Unparked::Resumed { signal, siginfo: changed } => {
                    *siginfo = changed.unwrap_or(*siginfo);
                    signal
                }
            }
        }
        _ => Some(signal),
    }
}

/// After a handler's frame has been built: a step ends at the handler's first instruction.
pub fn delivered(task: &mut Task) {
    task.orders.stepped = true;
}

/// Whether a task that this one makes is to stand before its first instruction, until the debugger has been told of it.
pub fn holds_clones(task: &Task) -> bool {
    let agent = task.process.debug.get().and_then(Debugger::watching);
    agent.is_some_and(|agent| agent.holds_clones_of(Tid(task.tid)))
}

/// The task has made this one, which [`holds_clones`] has held.
pub fn cloned(task: &mut Task, tid: i32) {
    task.orders.cloned = Some(tid);
}

/// A new task of the process begins, on its own thread. It will stop before its first instruction if others are being stopped, or
/// if it is `held`: see [`attention`].
pub fn thread_started(process: &Process, tid: i32, held: bool) {
    let Some(debugger) = process.debug.get() else { return };
    let agent = debugger.watching();
    let birth = match &agent {
        Some(_) if held => Some(StopReason::Requested),
        Some(agent) if agent.wants_thread_events() => Some(StopReason::Created),
        _ => None,
    };
    debugger.parking.enter(tid, birth);
    if let Some(agent) = agent {
        agent.thread_started(guest::thread(process.pid(), tid), held);
    }
}

/// A task of the process has ended with this status, and others go on.
pub fn thread_exited(process: &Process, tid: i32, status: i32) {
    let Some(debugger) = process.debug.get() else { return };
    debugger.parking.leave(tid);
    if let Some(agent) = debugger.watching() {
        agent.thread_exited(Tid(tid), status);
    }
}

/// Whether a debugger looks on.
pub fn is_watched(process: &Process) -> bool {
    process.debug.get().is_some_and(|debugger| debugger.watching().is_some())
}

/// The process has made what withholds its memory from readers outside until the guest fills it (userfaultfd(2)).
pub fn withhold_memory(process: &Process) {
    if let Some(agent) = process.debug.get().and_then(Debugger::agent) {
        agent.withhold_memory();
    }
}

/// Lets the debug server read this process's memory where only a process's ancestors may otherwise (PR_SET_PTRACER in prctl(2)).
fn let_tracer_read() {
    let tracer = view::tracer();
    if tracer != 0 {
        let _ = call_at_once(libc::SYS_prctl, [libc::PR_SET_PTRACER as u64, tracer as u64, 0, 0, 0, 0]);
    }
}

/// The process is about to end.
pub fn ending(process: &Process, ending: Ending) {
    if let Some(agent) = process.debug.get().and_then(Debugger::agent) {
        match ending {
            Ending::Left(_) => {}
            Ending::Exited(status) => agent.exited(status),
            Ending::Killed(signal) => agent.signaled(signal),
        }
    }
}

/// Whether the store to `addr` that the pc is on, if it is one, would change one of these bytes of what it writes.
fn will_change(task: &Task, addr: GuestAddr, bytes: Range<u64>) -> bool {
    let memory = &task.process.memory;
    let mut insn = [0; 4];
    // The last one of a page may be of two bytes.
    if memory.peek(task.hart.pc, &mut insn).is_err() && memory.peek(task.hart.pc, &mut insn[..2]).is_err() {
        return false;
    }
    let Some(stored) = watch::stored(&task.hart, u32::from_le_bytes(insn)) else { return false };
    bytes.into_iter().any(|at| {
        let mut old = [0];
        let new = (stored >> ((at - addr.0) * 8)) as u8;
        memory.peek(GuestAddr(at), &mut old).is_ok() && old != [new]
    })
}

impl Debugger {
    /// Nobody stops until [`Parking::watch`]: there is nobody yet to be told.
    fn of_free_tasks() -> Debugger {
        let debugger = Debugger::default();
        debugger.parking.free();
        debugger
    }

    fn agent(&self) -> Option<Agent> {
        self.agent.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The agent while there is a debugger.
    fn watching(&self) -> Option<Agent> {
        self.agent().filter(|_| self.parking.is_watched())
    }

    fn set_agent(&self, agent: Option<Agent>) {
        *self.agent.write().unwrap_or_else(PoisonError::into_inner) = agent;
    }

    fn catches(&self, number: u64) -> bool {
        self.catching.load(Ordering::Relaxed)
            && self.catch.read().unwrap_or_else(PoisonError::into_inner).contains(number)
    }

    fn passes(&self, signal: i32) -> bool {
        self.pass.read().unwrap_or_else(PoisonError::into_inner).contains(&signal)
    }

    /// The task is about to do what may take long.
    fn leave_duty(&self, task: &Task) {
        if let Some(agent) = self.agent() {
            agent.leave_duty(Tid(task.tid));
        }
    }

    /// Reports a stop and waits for the order to go on.
    fn stop(&self, task: &mut Task, reason: StopReason) {
        if self.agent().is_some() {
            let tid = Tid(task.tid);
            let siginfo = siginfo::of_stop(&reason, task.hart.pc.0);
            self.park(task, Some(siginfo), || self.report(tid, reason)).inject(task);
        }
    }

    /// Reports that a task has been parked, if it has: to the debugger of this moment, who may have come since the stop began.
    fn report(&self, tid: Tid, reason: StopReason) {
        let is_parked = self.parking.with(tid.0, |_| ()).is_ok();
        if let Some(agent) = self.agent().filter(|_| is_parked) {
            agent.stopped(tid, reason);
        }
    }

    /// What a breakpoint or an access that is watched leads to: a stop, of which nothing is left to see to, or the instruction after
    /// all.
    fn decide(&self, task: &mut Task, mut exit: Exit) -> Option<Exit> {
        loop {
            let reason = match exit {
                Exit::Breakpoint => self.breakpoints.arrive(task),
                Exit::Watched { accesses, addr, len } => {
                    let changes = |bytes: Range<u64>| will_change(task, addr, bytes);
                    self.watchpoints.touched(task.process.pid(), accesses, addr.0, len, false, changes)
                }
                exit => return Some(exit),
            };
            if let Some(reason) = reason {
                self.stop(task, reason);
                return None;
            }
            let engine = &task.process.engine;
            exit = match exit {
                Exit::Breakpoint => engine.step_again(&mut task.hart, &mut task.orders.memo),
                _ => engine.step_unwatched(&mut task.hart),
            };
        }
    }

    /// A task is let go. Without watchpoints the engine need not look for any, but not at once: a debugger that steps over an access
    /// lets it go without them, to insert them again.
    fn goes_on(&self, engine: &Engine) {
        if self.watchpoints.any() {
            self.unwatched.store(0, Ordering::Relaxed);
        } else if self.unwatched.fetch_add(1, Ordering::Relaxed) > 0 {
            engine.unwatch();
        }
    }

    /// What follows a stepped instruction: a stop, unless a range step goes on. Returns what the task loop has to see to first.
    fn after_step(&self, task: &mut Task) -> Option<Exit> {
        trace::stepped(task);
        let pc = task.hart.pc.0;
        let goes_on = match task.orders.motion {
            Motion::Continue if task.orders.steppings.is_empty() => return None,
            Motion::Continue => true,
            Motion::Range { start, end } => (start..end).contains(&pc),
            Motion::Step => false,
        };
        if !goes_on {
            self.stop_after_step(task);
        } else if let Some(reason) = self.breakpoints.arrive(task) {
            self.stop(task, reason);
        } else if task.hart.attention.load(Ordering::Relaxed) != 0 {
            return Some(Exit::Attention);
        }
        None
    }

    /// A task that goes on has executed an instruction. One that collects at each step does not run into the breakpoint that may be next.
    fn arrive_collecting(&self, task: &mut Task) {
        if !task.orders.steppings.is_empty()
            && let Some(reason) = self.breakpoints.arrive(task)
        {
            self.stop(task, reason);
        }
    }

    /// A step ends here, and collects if it has come to a tracepoint.
    fn stop_after_step(&self, task: &mut Task) {
        let addr = task.hart.pc.0;
        if self.breakpoints.is_traced(addr) {
            task.orders.traced = Some(addr);
            trace::arrive(task);
        }
        self.stop(task, StopReason::Step);
    }

    fn set_catch(&self, catch: Catch) {
        self.catching.store(catch != Catch::Nothing, Ordering::Relaxed);
        *self.catch.write().unwrap_or_else(PoisonError::into_inner) = catch;
    }

    fn set_pass(&self, signals: Vec<i32>) {
        *self.pass.write().unwrap_or_else(PoisonError::into_inner) = signals.into_iter().collect();
    }

    fn allocated(&self) -> MutexGuard<'_, BTreeMap<u64, u64>> {
        self.allocated.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn catch(&self) -> Catch {
        self.catch.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn pass(&self) -> Vec<i32> {
        self.pass.read().unwrap_or_else(PoisonError::into_inner).iter().copied().collect()
    }

    /// What the debugger has set is no more.
    fn forget_everything(&self, process: &Process) {
        self.unset(process);
        self.breakpoints.share(process.pid());
    }

    fn unset(&self, process: &Process) {
        self.set_catch(Catch::Nothing);
        self.set_pass(Vec::new());
        self.breakpoints.leave(process.pid(), &process.engine);
        self.watchpoints.leave(process.pid(), &process.engine);
        for (addr, len) in std::mem::take(&mut *self.allocated()) {
            let _ = process.memory.unmap(GuestAddr(addr), len);
        }
    }

    /// Nothing of the debugger's stays behind.
    fn drop_everything(&self, process: &Process) {
        self.unset(process);
        // The child of a vfork may share them with a process that is still watched.
        if Arc::strong_count(&process.actions) == 1 {
            process.actions.show_all(false);
            view::set_tracer(0);
        }
    }
}
