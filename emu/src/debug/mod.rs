//! What a debugger needs of a guest process: the hooks that the task loop, `process/fork.rs` and `process/exit.rs` call, and,
//! behind them, the implementation of [`tine_stub::target::Target`].
//!
//! A task that stops hands its state over to the agent's thread (it is *parked*), reports the stop, and waits on a channel of its own
//! until it gets the state back with the order to go on.

mod fork;
mod guest;
mod launch;
mod parking;
mod registers;

use std::collections::BTreeSet;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use tine_stub::agent::Agent;
use tine_stub::target::{Catch, Motion};
use tine_stub::{StopReason, Tid};

use crate::engine::Exit;
use crate::loader::Image;
use crate::process::Process;
use crate::process::exit::Ending;
use crate::process::view;
use crate::signal::OPEN;
use crate::signal::host::{replace_mask, with_all_blocked};
use crate::syscall::descriptors;
use crate::task::Task;

pub use fork::around_fork;
pub use launch::{Launched, launch};
pub use parking::SIGINFO_SIZE;

use guest::Guest;
use parking::{Parking, Unparked};

/// The debugger's part of a process ([`Process::debug`]). A forked child takes it over by memory copy, breakpoints and all,
/// with an agent of its own.
#[derive(Default)]
pub struct Debugger {
    agent: RwLock<Option<Agent>>,
    catch: RwLock<Catch>,
    /// Whether `catch` catches anything: read at every system call.
    catching: AtomicBool,
    pass: RwLock<BTreeSet<i32>>,
    breakpoints: Mutex<BTreeSet<u64>>,
    parking: Parking,
    /// What was loaded, for those who ask about the program.
    image: Option<Image>,
}

/// The debugger's part of a task.
#[derive(Debug)]
pub struct Orders {
    /// How the task runs.
    motion: Motion,
    /// The instruction that is being stepped trapped: the step ends when the trap is served.
    stepped: bool,
}

impl Default for Orders {
    fn default() -> Orders {
        Orders { motion: Motion::Continue, stepped: false }
    }
}

/// Puts the process under the debugger that [`launch`] has prepared. If the guest is to wait for gdb, it stops in here until
/// the debugger lets it go.
pub fn attach(task: &mut Task, launched: Launched, image: &Image) -> io::Result<()> {
    task.enter();
    let process = task.process.clone();
    let debugger =
        process.debug.get_or_init(|| Debugger { image: Some(image.clone()), ..Debugger::default() });
    debugger.parking.enter(task.tid);
    let guest = Arc::new(Guest::new(process.clone()));
    let socket = descriptors::reserve(launched.socket);
    // A signal for the guest must not be given to the agent's thread.
    let agent = with_all_blocked(|| Agent::start(socket, guest.clone(), None))?;
    debugger.set_agent(Some(agent.clone()));
    view::hide_other_tasks();
    if launched.suspend {
        // Until gdb comes signals do what they do to a program: the user's ^C ends it.
        let closed = replace_mask(task.signals.blocked.without(OPEN));
        debugger.park(task, None, || agent.hello(&*guest, true));
        replace_mask(closed);
    } else {
        agent.hello(&*guest, false);
    }
    if debugger.parking.is_watched() {
        process.actions.show_all(true);
    }
    Ok(())
}

/// Runs the task's hart as the debugger has ordered, until something needs the task's care: the place of
/// [`crate::engine::Engine::run`] in the task loop. Never returns [`Exit::Breakpoint`] or [`Exit::Stepped`].
#[inline]
pub fn run(task: &mut Task) -> Exit {
    match task.process.debug.get() {
        None => task.process.engine.run(&mut task.hart),
        Some(_) => run_debugged(task),
    }
}

fn run_debugged(task: &mut Task) -> Exit {
    let process = task.process.clone();
    let debugger = process.debug.get_or_init(Debugger::default);
    loop {
        if std::mem::take(&mut task.orders.stepped) && task.orders.motion != Motion::Continue {
            debugger.stop(task, StopReason::Step);
        }
        let exit = match task.orders.motion {
            Motion::Continue => process.engine.run(&mut task.hart),
            Motion::Step | Motion::Range { .. } => process.engine.step(&mut task.hart),
        };
        match exit {
            Exit::Breakpoint => debugger.stop(task, StopReason::Breakpoint),
            Exit::Stepped => {
                if let Some(exit) = debugger.after_step(task) {
                    return exit;
                }
            }
            Exit::Trap(_) => {
                task.orders.stepped = true;
                return exit;
            }
            Exit::Attention => return exit,
        }
    }
}

/// To be called at every safe point where `hart.attention` was set, before signals are delivered: stops if the debugger has
/// asked for it.
pub fn attention(task: &mut Task) {
    let process = task.process.clone();
    if let Some(debugger) = process.debug.get()
        && debugger.parking.take_request(task.tid)
    {
        debugger.stop(task, StopReason::Requested);
    }
}

/// Whether [`attention`] would stop: a blocking host call that was interrupted has to be left for it (and be restarted
/// afterwards, if nothing else happened).
pub fn wants_stop(task: &Task) -> bool {
    task.process.debug.get().is_some_and(|debugger| debugger.parking.is_requested(task.tid))
}

/// Before system call `number`; the pc is behind the `ecall` already. The debugger may have changed registers afterwards.
#[inline]
pub fn syscall_entry(task: &mut Task, number: u64) {
    if task.process.debug.get().is_some_and(|debugger| debugger.catches(number)) {
        stop_for(task, StopReason::SyscallEntry(number));
    }
}

/// After system call `number`, with `a0` set. In a forked child too.
#[inline]
pub fn syscall_return(task: &mut Task, number: u64) {
    if task.process.debug.get().is_some_and(|debugger| debugger.catches(number)) {
        stop_for(task, StopReason::SyscallReturn(number));
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
        Some(debugger) if !debugger.passes(signal) => {
            let agent = debugger.agent();
            let tid = Tid(task.tid);
            let report = || agent.iter().for_each(|agent| agent.stopped(tid, StopReason::Signal(signal)));
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

/// The process is about to end.
pub fn ending(process: &Process, ending: Ending) {
    if let Some(agent) = process.debug.get().and_then(Debugger::agent) {
        match ending {
            Ending::Exited(status) => agent.exited(status),
            Ending::Killed(signal) => agent.signaled(signal),
        }
    }
}

impl Debugger {
    fn agent(&self) -> Option<Agent> {
        self.agent.read().unwrap_or_else(PoisonError::into_inner).clone()
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

    /// Reports a stop and waits for the order to go on.
    fn stop(&self, task: &mut Task, reason: StopReason) {
        if let Some(agent) = self.agent() {
            let tid = Tid(task.tid);
            self.park(task, None, || agent.stopped(tid, reason));
        }
    }

    /// What follows a stepped instruction: a stop, unless a range step goes on. Returns what the task loop has to see to first.
    fn after_step(&self, task: &mut Task) -> Option<Exit> {
        let pc = task.hart.pc.0;
        let inside = matches!(task.orders.motion, Motion::Range { start, end } if (start..end).contains(&pc));
        if !inside {
            self.stop(task, StopReason::Step);
        } else if self.breakpoints.lock().unwrap_or_else(PoisonError::into_inner).contains(&pc) {
            self.stop(task, StopReason::Breakpoint);
        } else if task.hart.attention.load(Ordering::Relaxed) != 0 {
            return Some(Exit::Attention);
        }
        None
    }

    fn set_catch(&self, catch: Catch) {
        self.catching.store(catch != Catch::Nothing, Ordering::Relaxed);
        *self.catch.write().unwrap_or_else(PoisonError::into_inner) = catch;
    }

    fn set_pass(&self, signals: Vec<i32>) {
        *self.pass.write().unwrap_or_else(PoisonError::into_inner) = signals.into_iter().collect();
    }

    /// Nothing of the debugger's stays behind.
    fn drop_everything(&self, process: &Process) {
        self.set_catch(Catch::Nothing);
        self.set_pass(Vec::new());
        self.breakpoints.lock().unwrap_or_else(PoisonError::into_inner).clear();
        process.engine.clear_breakpoints();
        process.actions.show_all(false);
    }
}
