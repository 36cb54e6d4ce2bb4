//! The agent: serves the debug server's requests in one guest process, and tells it what happens there.
//!
//! A thread reads requests from the control socket; the guest's own threads send events on it themselves. A thread that stops
//! first makes its state available to [`Target`], then reports, then waits for [`Target::resume`]: the server asks for
//! registers only after the report.

use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::control::{self, Answer, Control, Event, Follow, Received, Request, ToAgent, ToServer};
use crate::fork::Kind;
use crate::id::{Pid, Tid};
use crate::memory;
use crate::rule::Rule;
use crate::stop::StopReason;
use crate::target::{Failure, Target, Thread};

/// The stack of its thread: that of a vfork's child stays behind in its parent's memory.
const STACK: usize = 256 << 10;

/// The agent of this process.
#[derive(Clone)]
pub struct Agent {
    shared: Arc<Shared>,
}

struct Shared {
    control: Control,
    /// Held while a request is received and served, and by a thread that forks, executes another program or ends the process: at
    /// that moment the agent's thread holds no lock, and each request is either answered or still in the socket.
    gate: Mutex<()>,
    follow_forks: AtomicBool,
    follow_vforks: AtomicBool,
    thread_events: AtomicBool,
    /// Its thread is done: nobody debugs the process by this connection any more.
    over: AtomicBool,
    /// The process has said its last word.
    ends: AtomicBool,
    tokens: AtomicU64,
}

impl Agent {
    /// Starts the agent's thread on its end of a control connection. `parent` is the agent whose settings a forked child
    /// takes over. The caller goes on with [`Agent::hello`].
    pub fn start(socket: OwnedFd, target: Arc<dyn Target>, parent: Option<&Agent>) -> io::Result<Agent> {
        let shared = Arc::new(Shared {
            control: Control::new(socket),
            gate: Mutex::new(()),
            follow_forks: AtomicBool::new(false),
            follow_vforks: AtomicBool::new(false),
            thread_events: AtomicBool::new(false),
            over: AtomicBool::new(false),
            ends: AtomicBool::new(false),
            tokens: AtomicU64::new(0),
        });
        let agent = Agent { shared };
        if let Some(parent) = parent {
            agent.follow(parent.follows());
            agent.shared.thread_events.store(parent.wants_thread_events(), Ordering::Relaxed);
        }
        let thread = agent.clone();
        let builder = std::thread::Builder::new().name("agent".into()).stack_size(STACK);
        builder.spawn(move || thread.serve(&*target))?;
        Ok(agent)
    }

    /// The control connection.
    pub fn descriptor(&self) -> BorrowedFd<'_> {
        self.shared.control.as_fd()
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

    /// A command of a breakpoint's prints for gdb's user.
    pub fn printed(&self, text: &[u8]) {
        self.event(Event::Printed(text.to_vec()));
    }

    /// The process has a new thread. To be said by the thread itself, before its first instruction; if it is to stop
    /// there, its report comes after this.
    pub fn thread_started(&self, thread: Thread) {
        self.event(Event::ThreadStarted(thread));
    }

    /// A thread of the process is gone, and others live on. To be said when [`Target`] does not know it any more.
    pub fn thread_exited(&self, tid: Tid) {
        self.event(Event::ThreadExited(tid));
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
    pub fn execed(&self, target: &dyn Target, path: String) {
        self.event(Event::Execed { threads: target.threads(), path });
    }

    /// A thread that was reported by [`PreparedVfork::parent`] is out of its vfork: the child has executed another program or is
    /// gone. It has stopped.
    pub fn vfork_done(&self, tid: Tid, token: u64) {
        self.event(Event::VforkDone { token, tid });
    }

    /// To be called right before fork(2), always: it waits until the agent's thread holds no lock, and keeps it so until the
    /// returned value is consumed. If gdb follows forks it also hands the child's end to the server.
    pub fn prepare_fork(&self) -> PreparedFork<'_> {
        let gate = self.gate();
        let token = self.token();
        PreparedFork { agent: self, token, socket: self.offer(token, Kind::Fork), gate }
    }

    /// To be called right before vfork(2), or its like, always. The agent's thread need not wait: the child copies no lock of
    /// its, it shares them. If gdb follows vforks this hands the child's end to the server.
    pub fn prepare_vfork(&self) -> PreparedVfork<'_> {
        let token = self.token();
        PreparedVfork { agent: self, token, socket: self.offer(token, Kind::Vfork) }
    }

    /// To be called right before the process executes a program that goes on with the connection, whose descriptor stays open
    /// from now on: it waits until no request
    /// is being served, and from then on requests stay in the socket, for the new program's agent.
    pub fn prepare_exec(&self) -> PreparedExec<'_> {
        let gate = self.gate();
        let _ = self.shared.control.close_on_exec(false);
        PreparedExec { agent: self, leaves: false, gate }
    }

    /// To be called right before the process executes `program`, which will not go on with the connection.
    pub fn prepare_leave(&self, program: String) -> PreparedExec<'_> {
        let gate = self.gate();
        self.event(Event::Leaves(program));
        PreparedExec { agent: self, leaves: true, gate }
    }

    fn token(&self) -> u64 {
        self.shared.tokens.fetch_add(1, Ordering::Relaxed)
    }

    /// A connection for the child; nothing if gdb does not want to hear of it, or if that failed: then the child runs free.
    fn offer(&self, token: u64, kind: Kind) -> Option<OwnedFd> {
        if !self.follows().wants(kind) {
            return None;
        }
        let (ours, theirs) = control::pair().ok()?;
        let message = ToServer::Event(Event::Offer { token, kind });
        self.shared.control.send_with(&message, Some(theirs.as_fd())).ok()?;
        Some(ours)
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

    fn gate(&self) -> MutexGuard<'_, ()> {
        self.shared.gate.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn event(&self, event: Event) {
        // If the server is gone the agent's thread reads the end of file and lets everything go.
        let _ = self.shared.control.send(&ToServer::Event(event));
    }

    /// The gate stays shut: the child of a vfork must not die while its agent's thread holds a lock of the allocator's, which
    /// is its parent's too.
    fn last(&self, event: Event) {
        if !self.shared.ends.swap(true, Ordering::Relaxed) {
            std::mem::forget(self.gate());
            self.event(event);
        }
    }

    fn serve(&self, target: &dyn Target) {
        loop {
            // Nothing is taken out of the socket while the gate is shut.
            self.shared.control.wait();
            let _gate = self.gate();
            let ToAgent { id, request } = match self.shared.control.receive(false) {
                Received::Message(message, _) => message,
                Received::Nothing => continue,
                Received::Closed => break,
            };
            let last = request == Request::Detach;
            // Nobody waits for the answer to this, and it would be the dearest part of a step.
            let is_order = matches!(request, Request::Resume(_));
            let answer = self.answer(target, request);
            if !is_order {
                let _ = self.shared.control.send(&ToServer::Reply(id, answer));
            }
            if last {
                break;
            }
        }
        let _gate = self.gate();
        self.let_go(target);
        self.shared.control.shut();
        self.shared.over.store(true, Ordering::Release);
    }

    /// Whether it is done: its process has been let go, and its connection may be put to another use.
    pub fn is_over(&self) -> bool {
        self.shared.over.load(Ordering::Acquire)
    }

    fn let_go(&self, target: &dyn Target) {
        self.follow(Follow::default());
        self.shared.thread_events.store(false, Ordering::Relaxed);
        target.detach();
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
            R::Search { addr, len, pattern } => {
                memory::search(target, addr, len, &pattern).map(Answer::Found)
            }
            R::Checksum { addr, len, before } => {
                memory::checksum(target, addr, len, before).map(|sum| Answer::Number(sum.into()))
            }
            R::InsertBreakpoint { addr, hardware, rule } => {
                let rule = Rule::decode(&rule).map_err(|malformed| {
                    log::warn!("the rule of a breakpoint at {addr:#x}: {malformed}");
                    Failure::Invalid
                })?;
                target.insert_breakpoint(addr, hardware, rule).map(done)
            }
            R::RemoveBreakpoint { addr, hardware } => target.remove_breakpoint(addr, hardware).map(done),
            R::InsertWatchpoint(watchpoint) => target.insert_watchpoint(watchpoint).map(done),
            R::RemoveWatchpoint(watchpoint) => target.remove_watchpoint(watchpoint).map(done),
            R::CatchSyscalls(catch) => {
                target.catch_syscalls(catch);
                Ok(Answer::Done)
            }
            R::PassSignals(signals) => {
                target.pass_signals(signals);
                Ok(Answer::Done)
            }
            R::Follow(follow) => {
                self.follow(follow);
                Ok(Answer::Done)
            }
            R::ThreadEvents(wanted) => {
                self.shared.thread_events.store(wanted, Ordering::Relaxed);
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
            R::StopThreads(tids) => {
                target.stop_threads(&tids);
                Ok(Answer::Done)
            }
            R::Detach => {
                self.let_go(target);
                Ok(Answer::Done)
            }
            R::Release => {
                self.follow(Follow::default());
                self.shared.thread_events.store(false, Ordering::Relaxed);
                target.release();
                Ok(Answer::Done)
            }
            R::Auxv => target.auxv().map(Answer::Bytes),
            R::Libraries(from) => target.libraries(from).map(Answer::Libraries),
            R::Machine => target.machine().map(Answer::Machine),
            R::VitalRegisters(tid) => {
                let numbers = target.vital_registers().iter();
                let values = numbers.map(|number| Ok((*number, target.register(tid, *number)?)));
                values.collect::<Result<_, _>>().map(Answer::Registers)
            }
            R::Region(addr) => target.region(addr).map(Answer::Region),
            R::Allocate { len, access } => target.allocate(len, access).map(Answer::Number),
            R::Deallocate(addr) => target.deallocate(addr).map(done),
            R::Executable => target.executable().map(Answer::Text),
            R::Siginfo(tid) => target.siginfo(tid).map(Answer::Bytes),
            R::SetSiginfo(tid, bytes) => target.set_siginfo(tid, &bytes).map(done),
            R::File(path) => Ok(Answer::File(target.file(&path))),
            R::TlsAddress { tid, offset, link_map } => {
                target.tls_address(tid, offset, link_map).map(Answer::Number)
            }
            R::Commands => Ok(Answer::Commands(target.commands())),
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

/// A vfork that is about to happen. The child shares the memory that this is in, and has descriptors of its own: what is closed
/// on one side stays open on the other. Consumed in the parent, by [`PreparedVfork::parent`] or [`PreparedVfork::failed`], and not
/// before the child is done with [`PreparedVfork::child`].
#[must_use = "the server waits for word of the child"]
pub struct PreparedVfork<'a> {
    agent: &'a Agent,
    token: u64,
    /// The child's end of its control connection.
    socket: Option<OwnedFd>,
}

/// The descriptors that the child of a vfork finds among its own.
#[derive(Clone, Copy, Debug)]
pub struct VforkDescriptors {
    /// Its end of its control connection; `None`: it runs free.
    pub socket: Option<RawFd>,
    /// Its copy of its parent's control socket, which it has to close: otherwise the parent's death would not be seen as an end
    /// of file. To put `socket` there does both.
    pub parents: RawFd,
}

impl PreparedVfork<'_> {
    /// Whether the debugger will follow: then both sides stop, and the parent says when the vfork is over.
    pub fn followed(&self) -> bool {
        self.socket.is_some()
    }

    /// Names the vfork to [`Agent::vfork_done`].
    pub fn token(&self) -> u64 {
        self.token
    }

    /// In the child: what it has to see to. The values of this and of the parent's [`Agent`] are the parent's; the child must neither
    /// drop nor shut them. Its own agent is in its parent's memory too, and must never be dropped there, because
    /// the descriptor's number means another file, or none, in the parent.
    pub fn child(&self) -> VforkDescriptors {
        VforkDescriptors {
            socket: self.socket.as_ref().map(AsRawFd::as_raw_fd),
            parents: self.agent.shared.control.as_fd().as_raw_fd(),
        }
    }

    /// In the parent when there is a child. If the vfork is followed the thread has made its state available already, this reports
    /// the stop, and the thread waits, for orders and for the end of the vfork.
    pub fn parent(self, tid: Tid, child: Pid) {
        let PreparedVfork { agent, token, socket } = self;
        if socket.is_some() {
            agent.event(Event::Forked { token, tid, child });
        }
    }

    /// After a vfork that failed.
    pub fn failed(self) {
        let PreparedVfork { agent, token, socket } = self;
        if socket.is_some() {
            agent.event(Event::ForkFailed { token });
        }
    }
}

/// A program that is about to be executed. If that succeeds, nobody is left to consume this.
#[must_use = "the agent waits until the program is executed"]
pub struct PreparedExec<'a> {
    agent: &'a Agent,
    leaves: bool,
    gate: MutexGuard<'a, ()>,
}

impl PreparedExec<'_> {
    /// After an execve(2) that failed.
    pub fn failed(self) {
        let PreparedExec { agent, leaves, gate } = self;
        if leaves {
            agent.event(Event::Stays);
        } else {
            let _ = agent.shared.control.close_on_exec(true);
        }
        drop(gate);
    }
}
