//! Requests are read and answered, by the agent's thread, or by a guest's thread that is being stepped: it would have to be woken for
//! each step otherwise, by a thread that has to be woken itself.

use std::os::fd::{AsFd, OwnedFd};
use std::sync::atomic::Ordering;

use crate::control::{AgentLane, Answer, Follow, Received, Request, ToAgent, ToServer};
use crate::id::Tid;
use crate::memory;
use crate::rule::Rule;
use crate::target::{Failure, Motion, Resume};
use crate::trace::{Halt, Plan};

use super::Agent;

impl Agent {
    /// In a thread of the guest's that stands and has reported it: it serves requests that come by the lane for a moment and, if it is on
    /// duty, all others too, until `released` gives something, which is returned. `None`: it has to wait for its release.
    pub fn serve_while_stopped<T>(&self, tid: Tid, mut released: impl FnMut() -> Option<T>) -> Option<T> {
        if let Some(lane) = self.lane() {
            let release = self.serve_lane(&lane, tid, &mut released);
            if release.is_some() {
                return release;
            }
        }
        while self.shared.duty.is(tid) {
            let release = released();
            if release.is_some() {
                return release;
            }
            if self.shared.duty.is_of_steps() {
                self.shared.control.wait_a_moment();
            } else {
                self.shared.control.wait();
            }
            self.serve_one();
        }
        None
    }

    /// In a thread of the guest's that may be on duty, before it does anything that may take long.
    pub fn leave_duty(&self, tid: Tid) {
        if self.shared.duty.is(tid) {
            let _gate = self.gate();
            self.pass_duty(None);
        }
    }

    fn serve_lane<T>(
        &self,
        lane: &AgentLane,
        tid: Tid,
        released: &mut impl FnMut() -> Option<T>,
    ) -> Option<T> {
        while lane.listen(tid.0) {
            let (release, is_request) = lane.await_request(&mut *released);
            if is_request {
                let _gate = self.gate();
                if let Some(message) = lane.take() {
                    self.serve_request(message, None, |reply| lane.put(tid.0, reply));
                }
            }
            if release.is_some() || !is_request {
                return release;
            }
            if let Some(release) = released() {
                return Some(release);
            }
        }
        None
    }

    /// Serves a request, if there is one. Nothing is taken out of the socket while the gate is shut.
    pub(super) fn serve_one(&self) {
        let _gate = self.gate();
        let (message, descriptor): (ToAgent, _) = match self.shared.control.receive(false) {
            Received::Message(message, descriptor) => (message, descriptor),
            Received::Nothing => return,
            Received::Closed => return self.end(),
        };
        let last = message.request == Request::Detach;
        let lane = self.lane();
        self.serve_request(message, descriptor, |_| false);
        if let Some(lane) = lane {
            lane.count();
        }
        if last {
            self.end();
        }
    }

    /// `put` sends the answer, or it goes by the socket.
    fn serve_request(
        &self,
        ToAgent { id, before, request }: ToAgent,
        descriptor: Option<OwnedFd>,
        put: impl FnOnce(&ToServer) -> bool,
    ) {
        for request in before {
            if let Err(failure) = self.answer(request) {
                log::warn!("what the debugger has set: {failure}");
            }
        }
        let answer = match request {
            // Nobody waits for the answer to this, and it would be the dearest part of a step.
            Request::Resume(orders) => return self.resume(&orders),
            Request::Lane => self.open_lane(descriptor),
            request => self.answer(request),
        };
        let reply = ToServer::Reply(id, answer);
        if !put(&reply) {
            let _ = self.shared.control.send(&reply);
        }
    }

    fn open_lane(&self, memory: Option<OwnedFd>) -> Result<Answer, Failure> {
        let words = memory.and_then(|memory| self.target().share(memory.as_fd()));
        let lane = words.and_then(AgentLane::new).ok_or(Failure::Unsupported)?;
        self.set_lane(Some(lane));
        Ok(Answer::Done)
    }

    fn resume(&self, orders: &[Resume]) {
        match orders {
            // It will be back at once.
            [order @ Resume { tid, motion: Motion::Step, .. }] => {
                self.pass_duty(Some(*tid));
                if !self.target().resume(*order) {
                    self.pass_duty(None);
                }
            }
            _ => {
                self.pass_duty(None);
                for order in orders {
                    self.target().resume(*order);
                }
            }
        }
    }

    pub(super) fn end(&self) {
        self.set_lane(None);
        self.let_go();
        self.shared.control.shut();
        self.shared.over.store(true, Ordering::Release);
        self.pass_duty(None);
    }

    fn let_go(&self) {
        self.halt_trace(Halt::Disconnected);
        self.forget();
        self.target().detach();
    }

    /// Nobody wants to hear of anything.
    fn forget(&self) {
        self.follow(Follow::default());
        self.shared.thread_events.store(false, Ordering::Relaxed);
        self.shared.shows_prints.store(false, Ordering::Relaxed);
        self.hold([]);
    }

    fn start_trace(&self, plan: &Plan) -> Result<Answer, Failure> {
        let target = self.target();
        let addrs = self.shared.tracer.start(plan).map_err(|malformed| {
            log::warn!("a tracepoint: {malformed}");
            Failure::Invalid
        })?;
        target.set_tracepoints(&addrs);
        Ok(Answer::RegisterPlaces(target.register_places()))
    }

    fn answer(&self, request: Request) -> Result<Answer, Failure> {
        use Request as R;
        let target = self.target();
        match request {
            R::Threads => Ok(Answer::Threads(target.threads())),
            R::Description => Ok(Answer::Text(target.description())),
            R::Registers(tid) => target.registers(tid).map(Answer::Bytes),
            R::CommonRegisters(tid) => target.common_registers(tid).map(Answer::Bytes),
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
            R::Trace(plan) => self.start_trace(&plan),
            R::TraceAdd(point) => {
                let addrs = self.shared.tracer.add(&point).map_err(|_| Failure::Invalid)?;
                target.set_tracepoints(&addrs);
                Ok(Answer::Done)
            }
            R::TraceEnable(place, enabled) => {
                self.shared.tracer.enable(place, enabled);
                Ok(Answer::Done)
            }
            R::TraceReport => {
                self.tell_trace();
                Ok(Answer::Done)
            }
            R::TraceHalt(why) => {
                self.halt_trace(why);
                Ok(Answer::Done)
            }
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
            R::ShowPrints(here) => {
                self.shared.shows_prints.store(here, Ordering::Relaxed);
                Ok(Answer::Done)
            }
            R::Tracer(server) => {
                target.traced_by(server);
                Ok(Answer::Done)
            }
            R::HoldClones(tids) => {
                self.hold(tids);
                Ok(Answer::Done)
            }
            R::Nothing => Ok(Answer::Done),
            R::Stop => {
                target.stop();
                Ok(Answer::Done)
            }
            R::StopThreads(tids) => {
                target.stop_threads(&tids);
                Ok(Answer::Done)
            }
            R::Detach => {
                self.let_go();
                Ok(Answer::Done)
            }
            R::Release => {
                // Whoever is on duty may run for long.
                self.pass_duty(None);
                self.forget();
                target.release();
                Ok(Answer::Done)
            }
            R::Forget => {
                self.forget();
                target.forget();
                Ok(Answer::Done)
            }
            R::Auxv => target.auxv().map(Answer::Bytes),
            R::Libraries(from) => target.libraries(from).map(Answer::Libraries),
            R::Machine => target.machine().map(Answer::Machine),
            R::VitalRegisters(tid) => Ok(Answer::Registers(self.vitals(tid))),
            R::Region(addr) => target.region(addr).map(Answer::Region),
            R::Allocate { len, access } => target.allocate(len, access).map(Answer::Number),
            R::Deallocate(addr) => target.deallocate(addr).map(done),
            R::Executable => target.executable().map(Answer::Executable),
            R::Siginfo(tid) => target.siginfo(tid).map(Answer::Bytes),
            R::SetSiginfo(tid, bytes) => target.set_siginfo(tid, &bytes).map(done),
            R::Explain(tid, reason) => target.explain(tid, &reason).map(done),
            R::File(path) => Ok(Answer::File(target.file(&path))),
            R::TlsAddress { tid, offset, link_map } => {
                target.tls_address(tid, offset, link_map).map(Answer::Number)
            }
            R::Handles(tids) => Ok(Answer::Handles(target.handles(&tids))),
            R::Commands => Ok(Answer::Commands(target.commands())),
            R::Monitor(tid, command) => Ok(Answer::Monitor(target.monitor(tid, &command))),
            R::Resume(_) | R::Lane => Err(Failure::Invalid),
        }
    }
}

fn done((): ()) -> Answer {
    Answer::Done
}
