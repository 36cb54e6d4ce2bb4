//! The agent: serves the debug server's requests in one guest process, and tells it what happens there.
//!
//! A thread reads requests from the control socket, or one of the guest's that stands (`duty.rs`); the guest's own threads send events on it themselves. A thread that stops
//! first makes its state available to [`Target`], then reports, then waits for [`Target::resume`]: the server asks for
//! registers only after the report.

mod duty;
mod prepared;
mod serve;

use std::collections::BTreeSet;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError, RwLock};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::control::{AgentLane, Control, Event, Follow, MemoryPlace, ToServer};
use crate::expression::Machine;
use crate::id::Tid;
use crate::stop::StopReason;
use crate::target::{Target, Thread, Vitals};
use crate::trace::Halt;
use crate::trace::tracer::{Stepping, Tracer};

use duty::Duty;
pub use prepared::{PreparedExec, PreparedFork, PreparedVfork, VforkDescriptors};

/// The agent of this process.
#[derive(Clone)]
pub struct Agent {
    shared: Arc<Shared>,
}

struct Shared {
    control: Control,
    target: Arc<dyn Target>,
    /// Held while a request is received and served, and by a thread that forks, executes another program or ends the process: at
    /// that moment the agent's thread holds no lock, and each request is either answered or still in the socket.
    gate: Mutex<()>,
    follow_forks: AtomicBool,
    follow_vforks: AtomicBool,
    thread_events: AtomicBool,
    shows_prints: AtomicBool,
    duty: Duty,
    /// The shorter way to the server, if there is one.
    lane: RwLock<Option<Arc<AgentLane>>>,
    tracer: Tracer,
    /// Held while it is told what was traced: the pieces have an order.
    telling: Mutex<()>,
    /// Whose new threads are held.
    holds: RwLock<BTreeSet<Tid>>,
    /// Its thread is done: nobody debugs the process by this connection any more.
    over: AtomicBool,
    /// The process has said its last word.
    ends: Once,
    tokens: AtomicU64,
    /// See [`MemoryPlace`].
    mark: u64,
}

impl Agent {
    /// Starts the agent's thread on its end of a control connection. `parent` is the agent whose settings a forked child
    /// takes over. The caller goes on with [`Agent::hello`].
    pub fn start(socket: OwnedFd, target: Arc<dyn Target>, parent: Option<&Agent>) -> io::Result<Agent> {
        let agent = Agent::new(socket, target, parent, Duty::default());
        agent.begin()?;
        Ok(agent)
    }

    /// The same in a process in which this thread, and no other, stands or is about to: it serves requests itself until it is let go, which is when the
    /// agent gets its thread.
    pub fn standing(socket: OwnedFd, target: Arc<dyn Target>, parent: Option<&Agent>, tid: Tid) -> Agent {
        Agent::new(socket, target, parent, Duty::of(tid))
    }

    fn new(socket: OwnedFd, target: Arc<dyn Target>, parent: Option<&Agent>, duty: Duty) -> Agent {
        let shared = Arc::new(Shared {
            control: Control::new(socket),
            target,
            gate: Mutex::new(()),
            follow_forks: AtomicBool::new(false),
            follow_vforks: AtomicBool::new(false),
            thread_events: AtomicBool::new(false),
            shows_prints: AtomicBool::new(false),
            duty,
            lane: RwLock::default(),
            tracer: Tracer::default(),
            telling: Mutex::new(()),
            holds: RwLock::default(),
            over: AtomicBool::new(false),
            ends: Once::new(),
            tokens: AtomicU64::new(0),
            mark: mark(),
        });
        let agent = Agent { shared };
        if let Some(parent) = parent {
            agent.follow(parent.follows());
            agent.shared.thread_events.store(parent.wants_thread_events(), Ordering::Relaxed);
            let shows_prints = parent.shared.shows_prints.load(Ordering::Relaxed);
            agent.shared.shows_prints.store(shows_prints, Ordering::Relaxed);
        }
        agent
    }

    /// Frees it if nobody else has it, but leaves its descriptor alone, whose number means another file by now, or none.
    pub fn bury(self) {
        match Arc::try_unwrap(self.shared) {
            Ok(shared) => shared.control.forget(),
            // Who has it may be a thread that is not there any more.
            Err(shared) => std::mem::forget(shared),
        }
    }

    /// The control connection.
    pub fn descriptor(&self) -> BorrowedFd<'_> {
        self.shared.control.as_fd()
    }

    /// Introduces the process. If `stopped`, its threads have stopped; otherwise they run and the server will stop them
    /// when gdb comes.
    pub fn hello(&self, stopped: bool) {
        let target = self.target();
        let (pid, threads, memory) = (target.pid(), target.threads(), self.memory());
        self.event(Event::Hello { pid, threads, stopped, memory });
    }

    /// Introduces a process whose threads, these, run. To be said before the report of any stop.
    pub fn hello_while_running(&self, threads: Vec<Thread>) {
        let (pid, memory) = (self.target().pid(), self.memory());
        self.event(Event::Hello { pid, threads, stopped: false, memory });
    }

    /// A thread has stopped and its state is available.
    pub fn stopped(&self, tid: Tid, reason: StopReason) {
        let message = ToServer::Event(Event::Stopped(tid, reason, self.vitals(tid)));
        if !self.lane().is_some_and(|lane| lane.put(tid.0, &message)) {
            let _ = self.shared.control.send(&message);
        }
    }

    /// Whoever reads the guest's memory from outside might have to wait for the guest from now on: see [`Target::memory_base`].
    pub fn withhold_memory(&self) {
        self.event(Event::MemoryWithheld);
    }

    /// A command of a breakpoint's prints for gdb's user.
    pub fn printed(&self, text: &[u8]) {
        if self.shared.shows_prints.load(Ordering::Relaxed) {
            self.target().print(text);
        } else {
            self.event(Event::Printed(text.to_vec()));
        }
    }

    /// A thread has come to an address that [`Target::set_tracepoints`] has named. If there are `steppings` afterwards it has to be stepped, and
    /// to call [`Agent::trace_step`] after each step until there are none.
    pub fn trace(&self, addr: u64, machine: &mut impl Machine, steppings: &mut Vec<Stepping>) {
        if self.shared.tracer.arrive(addr, machine, steppings) {
            self.tell_trace();
        }
    }

    /// See [`Agent::trace`].
    pub fn trace_step(&self, machine: &mut impl Machine, steppings: &mut Vec<Stepping>) {
        if self.shared.tracer.stepped(machine, steppings) {
            self.tell_trace();
        }
    }

    /// The process has a new thread. To be said by the thread itself, before its first instruction; if it is to stop
    /// there, its report comes after this. `held`: the thread that made it was one of [`Agent::holds_clones_of`]; it says
    /// so after this, for [`StopReason::Cloned`].
    pub fn thread_started(&self, thread: Thread, held: bool) {
        self.event(Event::ThreadStarted { thread, held });
    }

    /// A thread of the process is gone with this status, and others live on. To be said when [`Target`] does not know it any more.
    pub fn thread_exited(&self, tid: Tid, status: i32) {
        self.event(Event::ThreadExited(tid, status));
    }

    /// Whether a thread that this one makes is to stand before its first instruction, as one that was asked to stop, and this one is to
    /// stop for [`StopReason::Cloned`].
    pub fn holds_clones_of(&self, tid: Tid) -> bool {
        self.shared.holds.read().unwrap_or_else(PoisonError::into_inner).contains(&tid)
    }

    /// Whether gdb wants to hear of new threads: then each stops before its first instruction, for
    /// [`StopReason::Created`].
    pub fn wants_thread_events(&self) -> bool {
        self.shared.thread_events.load(Ordering::Relaxed)
    }

    /// The process is about to exit with this status (what `_exit` was given, low eight bits). Nothing is answered after that.
    pub fn exited(&self, status: i32) {
        self.last(Event::Exited(status));
    }

    /// The process is about to be killed by this signal. Nothing is answered after that.
    pub fn signaled(&self, signal: i32) {
        self.last(Event::Signaled(signal));
    }

    /// After [`Agent::start`] on the connection that the program before this one has left ([`Agent::prepare_exec`]): the process executes this
    /// program. Its only thread has stopped and its state is available.
    pub fn execed(&self, path: String) {
        self.event(Event::Execed { threads: self.target().threads(), path, memory: self.memory() });
    }

    /// A thread that was reported by [`PreparedVfork::parent`] is out of its vfork: the child has executed another program or is
    /// gone. It has stopped.
    pub fn vfork_done(&self, tid: Tid, token: u64) {
        self.event(Event::VforkDone { token, tid, vitals: self.vitals(tid) });
    }

    fn follows(&self) -> Follow {
        Follow {
            forks: self.shared.follow_forks.load(Ordering::Relaxed),
            vforks: self.shared.follow_vforks.load(Ordering::Relaxed),
        }
    }

    fn follow(&self, Follow { forks, vforks }: Follow) {
        self.shared.follow_forks.store(forks, Ordering::Relaxed);
        self.shared.follow_vforks.store(vforks, Ordering::Relaxed);
    }

    fn memory(&self) -> Option<MemoryPlace> {
        let (mark_at, mark) = (&raw const self.shared.mark as u64, self.shared.mark);
        self.target().memory_base().map(|base| MemoryPlace { base, mark_at, mark })
    }

    fn gate(&self) -> MutexGuard<'_, ()> {
        self.shared.gate.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn event(&self, event: Event) {
        // If the server is gone the agent's thread reads the end of file and lets everything go.
        let _ = self.shared.control.send(&ToServer::Event(event));
    }

    /// The gate stays shut: the child of a vfork must not die while its agent's thread holds a lock of the allocator's, which
    /// is its parent's too. Of two threads that end the process at once the second one waits here: it must not be gone before it is said.
    fn last(&self, event: Event) {
        self.shared.ends.call_once(|| {
            std::mem::forget(self.gate());
            self.halt_trace(Halt::Error("the process has ended".to_owned(), 0));
            self.event(event);
            self.set_lane(None);
        });
    }

    fn lane(&self) -> Option<Arc<AgentLane>> {
        self.shared.lane.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set_lane(&self, lane: Option<AgentLane>) {
        *self.shared.lane.write().unwrap_or_else(PoisonError::into_inner) = lane.map(Arc::new);
    }

    /// Tells what was traced since it was told last. When it has ended, the process is relieved of it.
    fn tell_trace(&self) {
        let _telling = self.shared.telling.lock().unwrap_or_else(PoisonError::into_inner);
        for report in self.shared.tracer.report() {
            if report.halt.is_some() {
                self.target().set_tracepoints(&[]);
            }
            self.event(Event::Traced(report));
        }
    }

    /// Ends tracing, if there is any.
    fn halt_trace(&self, why: Halt) {
        if self.shared.tracer.halt(why) {
            self.tell_trace();
        }
    }

    fn target(&self) -> &dyn Target {
        &*self.shared.target
    }

    /// Of a thread that has stopped.
    fn vitals(&self, tid: Tid) -> Vitals {
        let numbers = self.target().vital_registers().iter();
        numbers.filter_map(|number| Some((*number, self.target().register(tid, *number).ok()?))).collect()
    }

    fn hold(&self, tids: impl IntoIterator<Item = Tid>) {
        *self.shared.holds.write().unwrap_or_else(PoisonError::into_inner) = tids.into_iter().collect();
    }

    /// Whether it is done: its process has been let go, and its connection may be put to another use.
    pub fn is_over(&self) -> bool {
        self.shared.over.load(Ordering::Acquire)
    }
}

/// A word that no other process has at the same place, its parent and its siblings above all.
fn mark() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    (now.as_nanos() as u64).rotate_left(32) ^ u64::from(std::process::id())
}
