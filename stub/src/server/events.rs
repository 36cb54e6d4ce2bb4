//! What guest processes say of their own accord, and what follows from it.

use std::os::fd::OwnedFd;

use crate::control::{Control, Event, Received, Request, ToServer};
use crate::fork::{Action, Handoff, Happening, Kind};
use crate::id::{Pid, ThreadId};
use crate::stop::{Ending, StopReason};
use crate::target::{Catch, Motion, Resume, Thread, Vitals};

use super::inferior::{Inferior, Memory, Unborn};
use super::numbers::Numbers;
use super::session::{Arrival, Session};
use super::suspended;

/// Which connection something came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The first process, before it has said its name.
    Newcomer,
    /// A process that gdb knows.
    Inferior(Pid),
    /// The child of fork `token` of a process.
    Unborn(Pid, u64),
}

impl Session {
    /// Reads all that is there from one connection, after what it had no room for is sent.
    pub fn receive(&mut self, origin: Origin) {
        if let Origin::Inferior(pid) = origin {
            self.inferiors.get_mut(&pid).into_iter().for_each(Inferior::flush);
        }
        loop {
            let control = match origin {
                Origin::Newcomer => self.newcomer.as_ref(),
                Origin::Inferior(pid) => self
                    .inferiors
                    .get(&pid)
                    .filter(|inferior| !inferior.gone)
                    .map(|inferior| &inferior.control),
                Origin::Unborn(parent, token) => {
                    self.unborn(parent, token).and_then(|unborn| unborn.control.as_ref())
                }
            };
            let Some(control) = control else { return };
            match control.receive(false) {
                Received::Nothing => return,
                Received::Closed => return self.closed(origin),
                Received::Message(message, descriptor) => {
                    if let Origin::Inferior(pid) = origin
                        && let Some(inferior) = self.inferiors.get_mut(&pid)
                    {
                        inferior.silent = false;
                    }
                    if let ToServer::Event(event) = message {
                        self.happened(origin, event, descriptor);
                    }
                }
            }
        }
    }

    /// Deals with an event.
    pub fn happened(&mut self, origin: Origin, event: Event, descriptor: Option<OwnedFd>) {
        log::debug!("{origin:?}: {event:?}");
        let mut event = event;
        if let Origin::Inferior(pid) = origin
            && let Some(numbers) = self.inferiors.get_mut(&pid).and_then(|inferior| inferior.numbers.as_mut())
        {
            numbers.received(&mut event);
        }
        match (origin, event) {
            (Origin::Newcomer, Event::Hello { pid: said, mut threads, stopped, memory }) => {
                if let Some(control) = self.newcomer.take() {
                    let pid = self.expected.take().unwrap_or(said);
                    let mut numbers = Numbers::of(pid, said);
                    numbers.iter_mut().for_each(|numbers| numbers.name(&mut threads));
                    let mut inferior = Inferior::new(pid, threads, stopped, control);
                    inferior.numbers = numbers;
                    // One that ran before gdb came is attached to.
                    inferior.launched = stopped;
                    inferior.memory = Memory::new(memory);
                    self.inferiors.insert(pid, inferior);
                    self.latest = Some(pid);
                    self.arrived = Some(Ok(pid));
                    if !self.client.connected && !stopped {
                        self.unattended(pid);
                    }
                }
            }
            (Origin::Newcomer, Event::Failed(why)) => {
                self.newcomer = None;
                self.arrived = Some(Err(why));
            }
            (Origin::Unborn(parent, token), Event::Hello { pid: said, mut threads, memory, .. }) => {
                if let Some(unborn) = self.unborn(parent, token) {
                    // In a namespace of its own it calls itself by another number.
                    let pid = unborn.control.as_ref().and_then(Control::sender).unwrap_or(said);
                    let mut numbers = Numbers::of(pid, said);
                    numbers.iter_mut().for_each(|numbers| numbers.name(&mut threads));
                    unborn.hello = Some((pid, threads, Memory::new(memory), numbers));
                    self.handoff(parent, token, Happening::ChildStopped);
                }
            }
            (Origin::Inferior(pid), Event::Stopped(tid, reason, vitals)) => {
                self.stands_with(ThreadId { pid, tid }, vitals);
                self.stopped(ThreadId { pid, tid }, reason)
            }
            (Origin::Inferior(pid), Event::MemoryWithheld) => {
                if let Some(inferior) = self.inferiors.get_mut(&pid) {
                    inferior.memory = Memory::Withheld;
                }
            }
            (Origin::Inferior(_), Event::Printed(text)) => self.printed.push(text),
            (Origin::Inferior(pid), Event::Traced(report)) => self.traced(pid, report),
            (Origin::Inferior(pid), Event::ThreadStarted { thread, held }) => {
                // As other stubs do it, a new thread runs, whichever threads gdb has let go. One that gdb is told of first stands until
                // gdb says otherwise.
                let resumed = !held && (self.client.waits || self.client.non_stop);
                if let Some(inferior) = self.inferiors.get_mut(&pid) {
                    inferior.add(thread, false, resumed);
                }
            }
            (Origin::Inferior(pid), Event::ThreadExited(tid, status)) => {
                self.thread_exited(ThreadId { pid, tid }, status);
            }
            (Origin::Inferior(parent), Event::Offer { token, kind }) => {
                let control = descriptor.map(Control::new);
                let state = Handoff::new(kind);
                self.unborn.push(Unborn { parent, token, forker: None, state, control, hello: None });
                if !self.client.follow.wants(kind) {
                    // It was on its way when gdb went.
                    self.handoff(parent, token, Happening::DebuggerGone);
                }
            }
            (Origin::Inferior(parent), Event::Forked { token, tid, child, vitals }) => {
                self.stands_with(ThreadId { pid: parent, tid }, vitals);
                let Some(unborn) = self.unborn(parent, token) else {
                    return self.stands(ThreadId { pid: parent, tid });
                };
                unborn.forker = Some(tid);
                let reason = match unborn.state.kind {
                    Kind::Fork => StopReason::Forked(ThreadId::first(child)),
                    Kind::Vfork => StopReason::Vforked(ThreadId::first(child)),
                };
                self.pend(ThreadId { pid: parent, tid }, reason);
                self.handoff(parent, token, Happening::ParentStopped);
            }
            (Origin::Inferior(parent), Event::VforkDone { token, tid, vitals }) => {
                self.stands_with(ThreadId { pid: parent, tid }, vitals);
                if self.unborn(parent, token).is_none() {
                    return self.stands(ThreadId { pid: parent, tid });
                }
                self.pend(ThreadId { pid: parent, tid }, StopReason::VforkDone);
                self.handoff(parent, token, Happening::VforkDone);
            }
            (Origin::Inferior(parent), Event::ForkFailed { token }) => {
                self.handoff(parent, token, Happening::ForkFailed);
            }
            (Origin::Inferior(pid), Event::Execed { threads, path, memory }) => {
                self.execed(pid, threads, path);
                if let Some(inferior) = self.inferiors.get_mut(&pid) {
                    inferior.memory = Memory::new(memory);
                }
            }
            (Origin::Inferior(pid), Event::Leaves(path)) => self.ends(pid, Ending::Left(path)),
            (Origin::Inferior(pid), Event::Stays) => {
                if let Some(inferior) = self.inferiors.get_mut(&pid) {
                    inferior.ending = None;
                }
            }
            (Origin::Inferior(pid), Event::Exited(status)) => self.ends(pid, Ending::Exited(status)),
            (Origin::Inferior(pid), Event::Signaled(signal)) => self.ends(pid, Ending::Signaled(signal)),
            (origin, event) => log::warn!("{origin:?} said {event:?}, which makes no sense"),
        }
    }

    /// What a thread's registers are now that it has stopped.
    fn stands_with(&mut self, id: ThreadId, vitals: Vitals) {
        if let Some(thread) = self.thread_mut(id) {
            thread.vitals = vitals;
        }
    }

    /// A thread has stopped.
    fn stopped(&mut self, id: ThreadId, reason: StopReason) {
        let (connected, stopping) = (self.client.connected, self.stopping);
        let woken = self.inferiors.get_mut(&id.pid).is_some_and(|inferior| {
            reason == StopReason::Signal(suspended::SIGCONT) && std::mem::take(&mut inferior.woken)
        });
        let reason = if woken { StopReason::Requested } else { reason };
        let Some(thread) = self.thread_mut(id) else { return };
        thread.stopped = true;
        let asked = thread.asked.take();
        if asked == Some(StopReason::Signal(2)) && reason != StopReason::Requested {
            // Something else came first.
            self.client.interrupt = true;
        }
        let Some(thread) = self.thread_mut(id) else { return };
        if !connected {
            // Nobody is there to be told: it goes on as if nobody debugged it.
            let signal = if let StopReason::Signal(signal) = reason { Some(signal) } else { None };
            self.go(id, Motion::Continue, signal);
        } else if reason != StopReason::Requested {
            thread.pending = Some(reason);
            self.arrivals.push_back(Arrival::Stop(id));
        } else if let Some(asked) = asked {
            if asked == StopReason::Signal(suspended::SIGSTOP) {
                self.tell(id.pid, Request::Explain(id.tid, asked.clone()));
            }
            let Some(thread) = self.thread_mut(id) else { return };
            thread.pending = Some(asked);
            self.arrivals.push_back(Arrival::Stop(id));
        } else if thread.resumed && !stopping {
            // A new thread that was stopped together with all others, which have been let go since.
            let motion = thread.motion;
            self.go(id, motion, None);
        }
    }

    /// A thread has stopped with something to tell, but whether it will be told is decided elsewhere.
    fn pend(&mut self, id: ThreadId, reason: StopReason) {
        if let Some(thread) = self.thread_mut(id) {
            thread.stopped = true;
            thread.pending = Some(reason);
        }
    }

    /// A thread has stopped with something to tell that nobody wants to hear any more.
    fn stands(&mut self, id: ThreadId) {
        let (connected, stopping) = (self.client.connected, self.stopping);
        let Some(thread) = self.thread_mut(id) else { return };
        thread.stopped = true;
        if !connected || thread.resumed && !stopping {
            let motion = if connected { thread.motion } else { Motion::Continue };
            self.go(id, motion, None);
        }
    }

    /// Lets a thread that stands go on.
    pub fn go(&mut self, id: ThreadId, motion: Motion, signal: Option<i32>) {
        if let Some(thread) = self.thread_mut(id) {
            thread.stopped = false;
            let signal = signal.or_else(|| thread.owed.pop_front());
            self.tell(id.pid, Request::Resume(vec![Resume { tid: id.tid, motion, signal }]));
        }
    }

    fn thread_exited(&mut self, id: ThreadId, status: i32) {
        let Some(inferior) = self.inferiors.get_mut(&id.pid) else { return };
        let Some(thread) = inferior.threads.remove(&id.tid) else { return };
        self.arrivals.retain(|arrival| *arrival != Arrival::Stop(id));
        if self.client.connected && (self.client.thread_events || thread.options.exit) {
            self.arrivals.push_back(Arrival::ThreadEnd(id, status));
        }
    }

    /// A process executes another program: what was known of its threads is void, what gdb has asked for holds on.
    fn execed(&mut self, pid: Pid, threads: Vec<Thread>, path: String) {
        self.forks_of(pid, Happening::ParentGone);
        self.arrivals.retain(|arrival| !arrival.is_of(pid));
        self.blocks.clear();
        self.document = None;
        let Some(inferior) = self.inferiors.get_mut(&pid) else { return };
        // If gdb had let the thread go that did it, then the new one; any of them, because that thread may be forgotten already.
        let resumed = inferior.threads.values().find(|thread| thread.resumed);
        let resumed = resumed.map(|thread| thread.motion);
        inferior.begin(threads, true);
        let ids: Vec<ThreadId> = inferior.ids().collect();
        if self.general.is_some_and(|id| id.pid == pid) {
            self.general = ids.first().copied();
        }
        if self.client.connected {
            self.instruct(pid);
        } else {
            self.unattended(pid);
        }
        for id in ids {
            let Some(thread) = self.thread_mut(id) else { continue };
            thread.resumed = resumed.is_some();
            thread.motion = resumed.unwrap_or(thread.motion);
            if !self.client.connected || resumed.is_some() && !self.client.exec_events {
                // gdb would not understand: to it, it is one process that runs on.
                self.go(id, resumed.unwrap_or(Motion::Continue), None);
            } else if self.client.exec_events {
                self.pend(id, StopReason::Execed(path.clone()));
                self.arrivals.push_back(Arrival::Stop(id));
            }
        }
    }

    /// gdb knows this process from now on: says what it wants to hear, and what stops threads.
    pub fn instruct(&mut self, pid: Pid) {
        self.introduce(pid);
        self.tell(pid, Request::Follow(self.client.follow));
        self.tell(pid, Request::ThreadEvents(self.client.thread_events));
        self.tell(pid, Request::ShowPrints(self.client.non_stop));
        self.settings(pid);
    }

    /// Says to a process who debugs it.
    pub fn introduce(&mut self, pid: Pid) {
        self.tell(pid, Request::Tracer(Pid(std::process::id() as i32)));
    }

    /// Nobody is there to hear of this process's signals.
    pub fn unattended(&mut self, pid: Pid) {
        self.tell(pid, Request::PassSignals((1..=64).collect()));
    }

    /// Says again what stops the threads of a process that knows of nothing.
    fn settings(&mut self, pid: Pid) {
        let (catch, pass) = (self.catch.clone(), self.pass.clone());
        if catch != Catch::Nothing {
            self.tell_later(pid, Request::CatchSyscalls(catch));
        }
        if !pass.is_empty() {
            self.tell_later(pid, Request::PassSignals(pass));
        }
    }

    fn ends(&mut self, pid: Pid, ending: Ending) {
        if let Some(inferior) = self.inferiors.get_mut(&pid) {
            inferior.ending = Some(ending);
        }
    }

    /// A connection has ended.
    pub fn closed(&mut self, origin: Origin) {
        match origin {
            Origin::Newcomer => {
                self.newcomer = None;
                self.arrived = Some(Err("the process ended before it began".to_owned()));
            }
            Origin::Unborn(parent, token) => self.handoff(parent, token, Happening::ChildGone),
            Origin::Inferior(pid) => {
                let Some(inferior) = self.inferiors.get_mut(&pid) else { return };
                let ending = inferior.ended();
                inferior.go();
                self.trace_ends_with(pid);
                self.arrivals.retain(|arrival| !arrival.is_of(pid));
                self.forks_of(pid, Happening::ParentGone);
                if self.client.connected {
                    self.arrivals.push_back(Arrival::End(pid, ending));
                } else {
                    self.inferiors.remove(&pid);
                }
            }
        }
    }

    /// Tells all forks of a process that there is more to tell of.
    pub fn forks_of(&mut self, parent: Pid, happening: Happening) {
        let tokens: Vec<u64> =
            self.unborn.iter().filter(|unborn| unborn.parent == parent).map(|unborn| unborn.token).collect();
        for token in tokens {
            self.handoff(parent, token, happening);
        }
    }

    /// Moves a fork on.
    pub fn handoff(&mut self, parent: Pid, token: u64, happening: Happening) {
        let Some(unborn) = self.unborn(parent, token) else { return };
        let (state, actions) = unborn.state.on(happening);
        log::debug!(
            "fork {token} of {parent}: {:?} and {happening:?} make {state:?}, {actions:?}",
            unborn.state
        );
        unborn.state = state;
        let forker = unborn.forker.map(|tid| ThreadId { pid: parent, tid });
        for action in actions {
            match action {
                Action::Report | Action::ReportDone => self.arrivals.extend(forker.map(Arrival::Stop)),
                Action::ReleaseChild => {
                    if let Some(unborn) = self.unborn(parent, token) {
                        unborn.control = None;
                    }
                }
                Action::ResumeParent => self.resume_forker(forker),
                Action::Adopt => self.adopt(parent, token),
            }
        }
        self.unborn.retain(|unborn| !unborn.state.is_done());
    }

    /// The parent has nothing to tell any more. If gdb has let it go on it does; otherwise it is a thread that stands.
    fn resume_forker(&mut self, forker: Option<ThreadId>) {
        let Some(id) = forker else { return };
        self.arrivals.retain(|arrival| *arrival != Arrival::Stop(id));
        let Some(thread) = self.thread_mut(id) else { return };
        thread.pending = None;
        if thread.resumed {
            let motion = thread.motion;
            self.go(id, motion, None);
        }
    }

    fn adopt(&mut self, parent: Pid, token: u64) {
        let Some(unborn) = self.unborn(parent, token) else { return };
        let (Some(control), Some((pid, threads, memory, numbers))) =
            (unborn.control.take(), unborn.hello.take())
        else {
            return;
        };
        let mut inferior = Inferior::new(pid, threads, true, control);
        (inferior.memory, inferior.numbers) = (memory, numbers);
        if let Some(parent) = self.inferiors.get(&parent) {
            (inferior.launched, inferior.root) = (parent.launched, parent.root);
            inferior.auxv.clone_from(&parent.auxv);
        } else {
            inferior.launched = true;
        }
        self.inferiors.insert(pid, inferior);
        // It copied its parent's settings when it was born; gdb may have changed them since.
        self.settings(pid);
    }

    /// The first thread of the child of a fork, as it has called itself.
    pub fn child(&mut self, parent: Pid, token: u64) -> Option<ThreadId> {
        let (pid, threads, ..) = self.unborn(parent, token)?.hello.as_ref()?;
        Some(ThreadId { pid: *pid, tid: threads.first()?.tid })
    }

    fn unborn(&mut self, parent: Pid, token: u64) -> Option<&mut Unborn> {
        self.unborn.iter_mut().find(|unborn| unborn.parent == parent && unborn.token == token)
    }

    /// The fork that a thread has made, if gdb has not been told all of it.
    pub fn unborn_of_thread(&self, id: ThreadId) -> Option<(Pid, u64)> {
        let by_thread = |unborn: &&Unborn| unborn.parent == id.pid && unborn.forker == Some(id.tid);
        self.unborn.iter().find(by_thread).map(|unborn| (unborn.parent, unborn.token))
    }
}
