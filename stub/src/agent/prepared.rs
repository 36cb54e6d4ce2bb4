//! What is about to happen to the process: a fork, a vfork, another program.

use std::os::fd::{AsFd, AsRawFd, OwnedFd, RawFd};
use std::sync::MutexGuard;
use std::sync::atomic::Ordering;

use crate::control::{self, Event, ToServer};
use crate::fork::Kind;
use crate::id::{Pid, Tid};
use crate::trace::Halt;

use super::Agent;

impl Agent {
    /// To be called by thread `tid` right before fork(2), always: it waits until the agent's thread holds no lock, and keeps it so until the
    /// returned value is consumed. If gdb follows forks it also hands the child's end to the server; and if the process `is_single`, which is that it
    /// has no other thread, it ends the agent's, of which the child would have a copy that nobody frees. Beside others, which the child has
    /// copies of anyway, the agent's thread stays: one of them might let `tid` go while that waits for requests.
    pub fn prepare_fork(&self, tid: Tid, is_single: bool) -> PreparedFork<'_> {
        let ends = is_single && self.follows().wants(Kind::Fork) || self.is_over();
        let gate = if ends { self.gate_alone(tid) } else { self.gate() };
        self.prepared(tid, false, gate)
    }

    /// The same for a child that shares the process's descriptors: it cannot have a connection of its own, and runs free.
    pub fn prepare_fork_of_sharer(&self, tid: Tid) -> PreparedFork<'_> {
        self.prepared(tid, true, self.gate())
    }

    fn prepared<'a>(
        &'a self,
        tid: Tid,
        shares_descriptors: bool,
        gate: MutexGuard<'a, ()>,
    ) -> PreparedFork<'a> {
        let token = self.token();
        let is_alone = !self.shared.duty.has_thread();
        let socket = if shares_descriptors { None } else { self.offer(token, Kind::Fork) };
        PreparedFork { agent: self, tid, token, is_alone, shares_descriptors, socket, gate }
    }

    /// To be called right before vfork(2), or its like, always; or, with [`Kind::Fork`], before a child is made that shares memory and for which
    /// nobody waits. The agent's thread need not wait: the child copies no lock of its, it shares them. If gdb follows such this hands the
    /// child's end to the server.
    pub fn prepare_vfork(&self, kind: Kind) -> PreparedVfork<'_> {
        let token = self.token();
        PreparedVfork { agent: self, token, socket: self.offer(token, kind) }
    }

    /// To be called right before the process executes a program that goes on with the connection, whose descriptor stays open
    /// from now on: it waits until no request
    /// is being served, and from then on requests stay in the socket, for the new program's agent.
    pub fn prepare_exec(&self) -> PreparedExec<'_> {
        let gate = self.gate();
        self.set_lane(None);
        self.halt_trace(another_program());
        let _ = self.shared.control.close_on_exec(false);
        PreparedExec { agent: self, leaves: false, gate }
    }

    /// To be called right before the process executes `program`, which will not go on with the connection.
    pub fn prepare_leave(&self, program: String) -> PreparedExec<'_> {
        let gate = self.gate();
        self.set_lane(None);
        self.halt_trace(another_program());
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
}

/// Its tracepoints mean nothing there.
fn another_program() -> Halt {
    Halt::Error("the process executes another program".to_owned(), 0)
}

/// A fork that is about to happen. Consume it by [`PreparedFork::parent`], [`PreparedFork::child`] or
/// [`PreparedFork::failed`].
#[must_use = "the agent waits until the fork is over"]
pub struct PreparedFork<'a> {
    agent: &'a Agent,
    tid: Tid,
    token: u64,
    is_alone: bool,
    shares_descriptors: bool,
    /// The child's end of its control connection.
    socket: Option<OwnedFd>,
    gate: MutexGuard<'a, ()>,
}

impl PreparedFork<'_> {
    /// Whether the debugger will follow: then both sides stop after the fork.
    pub fn followed(&self) -> bool {
        self.socket.is_some()
    }

    /// Whether the agent has no thread.
    pub fn is_alone(&self) -> bool {
        self.is_alone
    }

    /// In the parent after a fork that succeeded. If the fork is followed the thread has made its state available already,
    /// this reports the stop, and the thread waits ([`Agent::serve_while_stopped`]).
    pub fn parent(self, child: Pid) {
        let PreparedFork { agent, tid, token, socket, gate, .. } = self;
        // Closed before gdb hears of it: then nothing of the fork is left that gdb could see.
        if socket.map(drop).is_some() {
            agent.event(Event::Forked { token, tid, child, vitals: agent.vitals(tid) });
        } else if agent.shared.duty.is(tid) {
            agent.pass_duty(None);
        }
        drop(gate);
    }

    /// After a fork that failed.
    pub fn failed(self) {
        let PreparedFork { agent, tid, token, socket, gate, .. } = self;
        if socket.map(drop).is_some() {
            agent.event(Event::ForkFailed { token });
        }
        if agent.shared.duty.is(tid) {
            agent.pass_duty(None);
        }
        drop(gate);
    }

    /// In the child: closes its copy of the parent's control socket, if it has one, and returns its own, for [`Agent::standing`]. `None`: the
    /// child runs free. The parent's [`Agent`] must not be used in the child any more (other than as `parent` of the new
    /// one), nor dropped to its last copy: see [`Agent::bury`].
    pub fn child(self) -> Option<OwnedFd> {
        let PreparedFork { agent, shares_descriptors, socket, gate, .. } = self;
        drop(gate);
        // Whoever has it locked is not there.
        if let Ok(mut lane) = agent.shared.lane.try_write() {
            *lane = None;
        }
        if !shares_descriptors {
            control::close_copy(&agent.shared.control);
        }
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
            agent.event(Event::Forked { token, tid, child, vitals: agent.vitals(tid) });
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
