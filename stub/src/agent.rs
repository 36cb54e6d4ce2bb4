//! The agent: serves the debug server's requests in one guest process, and tells it what happens there.
//!
//! A thread reads requests from the control socket; the guest's own threads send events on it themselves. A thread that stops
//! first makes its state available to [`Target`], then reports, then waits for [`Target::resume`]: the server asks for
//! registers only after the report.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::control::{self, Answer, Control, Event, Received, Request, ToAgent, ToServer};
use crate::id::{Pid, Tid};
use crate::stop::StopReason;
use crate::target::{Failure, Target};

/// The agent of this process.
#[derive(Clone)]
pub struct Agent {
    shared: Arc<Shared>,
}

struct Shared {
    control: Control,
    /// Held while a request is served, and by a thread that forks: at fork(2) the agent's thread holds no lock.
    gate: Mutex<()>,
    follow_forks: AtomicBool,
    tokens: AtomicU64,
}

impl Agent {
    /// Starts the agent's thread on its end of a control connection. `parent` is the agent whose settings a forked child
    /// takes over. The caller goes on with [`Agent::hello`].
    pub fn start(socket: OwnedFd, target: Arc<dyn Target>, parent: Option<&Agent>) -> io::Result<Agent> {
        let follow = parent.is_some_and(|agent| agent.shared.follow_forks.load(Ordering::Relaxed));
        let shared = Arc::new(Shared {
            control: Control::new(socket),
            gate: Mutex::new(()),
            follow_forks: AtomicBool::new(follow),
            tokens: AtomicU64::new(0),
        });
        let agent = Agent { shared };
        let thread = agent.clone();
        std::thread::Builder::new().name("agent".into()).spawn(move || thread.serve(&*target))?;
        Ok(agent)
    }

    /// Introduces the process. If `stopped`, its threads have stopped; otherwise they run and the server will stop them
    /// when gdb comes.
    pub fn hello(&self, target: &dyn Target, stopped: bool) {
        self.event(Event::Hello { pid: target.pid(), threads: target.threads(), stopped });
    }

    /// A thread has stopped and its state is available.
    pub fn stopped(&self, tid: Tid, reason: StopReason) {
        self.event(Event::Stopped(tid, reason));
    }

    /// The process is about to exit with this status (what `_exit` was given, low eight bits).
    pub fn exited(&self, status: i32) {
        self.event(Event::Exited(status));
    }

    /// The process is about to be killed by this signal.
    pub fn signaled(&self, signal: i32) {
        self.event(Event::Signaled(signal));
    }

    /// To be called right before fork(2), always: it waits until the agent's thread holds no lock, and keeps it so until the
    /// returned value is consumed. If gdb follows forks it also hands the child's end to the server.
    pub fn prepare_fork(&self) -> PreparedFork<'_> {
        let gate = self.shared.gate.lock().unwrap_or_else(PoisonError::into_inner);
        let follow = self.shared.follow_forks.load(Ordering::Relaxed);
        let token = self.shared.tokens.fetch_add(1, Ordering::Relaxed);
        let socket = if follow { self.offer(token) } else { None };
        PreparedFork { agent: self, token, socket, gate }
    }

    /// A connection for the child, or nothing if that failed: then the child runs free.
    fn offer(&self, token: u64) -> Option<OwnedFd> {
        let (ours, theirs) = control::pair().ok()?;
        let message = ToServer::Event(Event::Offer { token });
        self.shared.control.send_with(&message, Some(theirs.as_fd())).ok()?;
        Some(ours)
    }

    fn event(&self, event: Event) {
        // If the server is gone the agent's thread reads the end of file and lets everything go.
        let _ = self.shared.control.send(&ToServer::Event(event));
    }

    fn serve(&self, target: &dyn Target) {
        loop {
            let Received::Message(ToAgent { id, request }, _) = self.shared.control.receive(true) else {
                break;
            };
            let _gate = self.shared.gate.lock().unwrap_or_else(PoisonError::into_inner);
            let last = request == Request::Detach;
            let answer = self.answer(target, request);
            let _ = self.shared.control.send(&ToServer::Reply(id, answer));
            if last {
                break;
            }
        }
        let _gate = self.shared.gate.lock().unwrap_or_else(PoisonError::into_inner);
        self.shared.follow_forks.store(false, Ordering::Relaxed);
        target.detach();
        self.shared.control.shut();
    }

    fn answer(&self, target: &dyn Target, request: Request) -> Result<Answer, Failure> {
        use Request as R;
        match request {
            R::Threads => Ok(Answer::Threads(target.threads())),
            R::Description => Ok(Answer::Text(target.description())),
            R::Registers(tid) => target.registers(tid).map(Answer::Bytes),
            R::SetRegisters(tid, bytes) => target.set_registers(tid, &bytes).map(done),
            R::Register(tid, number) => target.register(tid, number).map(Answer::Bytes),
            R::SetRegister(tid, number, bytes) => target.set_register(tid, number, &bytes).map(done),
            R::ReadMemory { addr, len } => target.read_memory(addr, len as usize).map(Answer::Bytes),
            R::WriteMemory { addr, bytes } => target.write_memory(addr, &bytes).map(done),
            R::InsertBreakpoint(addr) => target.insert_breakpoint(addr).map(done),
            R::RemoveBreakpoint(addr) => target.remove_breakpoint(addr).map(done),
            R::CatchSyscalls(catch) => {
                target.catch_syscalls(catch);
                Ok(Answer::Done)
            }
            R::PassSignals(signals) => {
                target.pass_signals(signals);
                Ok(Answer::Done)
            }
            R::FollowForks(follow) => {
                self.shared.follow_forks.store(follow, Ordering::Relaxed);
                Ok(Answer::Done)
            }
            R::Resume(orders) => {
                orders.into_iter().for_each(|order| target.resume(order));
                Ok(Answer::Done)
            }
            R::Stop => {
                target.stop();
                Ok(Answer::Done)
            }
            R::Detach => {
                self.shared.follow_forks.store(false, Ordering::Relaxed);
                target.detach();
                Ok(Answer::Done)
            }
            R::Auxv => target.auxv().map(Answer::Bytes),
            R::Libraries => target.libraries().map(Answer::Libraries),
            R::Executable => target.executable().map(Answer::Text),
            R::Siginfo(tid) => target.siginfo(tid).map(Answer::Bytes),
            R::SetSiginfo(tid, bytes) => target.set_siginfo(tid, &bytes).map(done),
            R::File(path) => Ok(Answer::File(target.file(&path))),
            R::TlsAddress { tid, offset, link_map } => {
                target.tls_address(tid, offset, link_map).map(Answer::Number)
            }
            R::Monitor(command) => Ok(Answer::Monitor(target.monitor(&command))),
        }
    }
}

fn done((): ()) -> Answer {
    Answer::Done
}

/// A fork that is about to happen. Consume it by [`PreparedFork::parent`], [`PreparedFork::child`] or
/// [`PreparedFork::failed`].
#[must_use = "the agent waits until the fork is over"]
pub struct PreparedFork<'a> {
    agent: &'a Agent,
    token: u64,
    /// The child's end of its control connection.
    socket: Option<OwnedFd>,
    gate: MutexGuard<'a, ()>,
}

impl PreparedFork<'_> {
    /// Whether the debugger will follow: then both sides stop after the fork.
    pub fn followed(&self) -> bool {
        self.socket.is_some()
    }

    /// In the parent after a fork that succeeded. If the fork is followed the thread has made its state available already,
    /// this reports the stop, and the thread waits.
    pub fn parent(self, tid: Tid, child: Pid) {
        let PreparedFork { agent, token, socket, gate } = self;
        if socket.is_some() {
            agent.event(Event::Forked { token, tid, child });
        }
        drop((socket, gate));
    }

    /// After a fork that failed.
    pub fn failed(self) {
        let PreparedFork { agent, token, socket, gate } = self;
        if socket.is_some() {
            agent.event(Event::ForkFailed { token });
        }
        drop((socket, gate));
    }

    /// In the child: closes its copy of the parent's control socket and returns its own, for [`Agent::start`]. `None`: the
    /// child runs free. The parent's [`Agent`] must not be used in the child any more (other than as `parent` of the new
    /// one), nor dropped to its last copy.
    pub fn child(self) -> Option<OwnedFd> {
        let PreparedFork { agent, socket, gate, .. } = self;
        drop(gate);
        // The agent's thread, which owned a copy of the Agent, does not exist here, so nobody else will close it.
        std::mem::forget(agent.clone());
        control::close_copy(&agent.shared.control);
        socket
    }
}
