//! All-stop over all inferiors: threads go on as gdb says, and when there is something to tell, all are stopped first.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use rustix::event::PollFd;

use crate::control::Request;
use crate::fork::Happening;
use crate::id::{Pid, Selector, ThreadId};
use crate::stop::{StopReason, StopReply};
use crate::target::{Motion, Resume};

use super::events::Origin;
use super::inferior::Inferior;
use super::rpc::{self, SHORT_PATIENCE};
use super::session::{Arrival, Session};

/// How long the others may take to stop.
const PATIENCE: Duration = Duration::from_secs(1);

/// One action of `vCont`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Action {
    /// How.
    pub motion: Motion,
    /// With which signal (Linux number).
    pub signal: Option<i32>,
    /// Who.
    pub threads: Selector,
}

/// What is to become of threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Will {
    /// They go on.
    Go(Action),
    /// They stop.
    Stop(Selector),
}

impl Will {
    /// Who.
    pub fn threads(&self) -> Selector {
        match self {
            Will::Go(action) => action.threads,
            Will::Stop(threads) => *threads,
        }
    }
}

impl Session {
    /// What there is to tell in non-stop, where nobody else stops for it.
    pub fn next_event(&mut self) -> Option<StopReply> {
        if !self.client.non_stop {
            return None;
        }
        let arrival = self.reportable()?;
        Some(self.take(arrival))
    }

    /// Lets threads go on; each takes the first action that names it, those that none names stay. gdb waits from now on.
    pub fn resume(&mut self, actions: &[Action]) {
        // A thread that was born while the others stopped may not have said yet that it stands.
        self.stop_all();
        self.client.waits = true;
        self.brisk = actions.first().is_some_and(|action| action.motion == Motion::Step);
        self.blocks.clear();
        let mut orders: BTreeMap<Pid, Vec<Resume>> = BTreeMap::new();
        let ids: Vec<ThreadId> = self.inferiors.values().flat_map(|inferior| inferior.ids()).collect();
        for id in ids {
            let Some(action) = actions.iter().find(|action| action.threads.matches(id)) else { continue };
            let Some(thread) = self.thread_mut(id) else { continue };
            (thread.resumed, thread.ran) = (true, false);
            thread.motion = action.motion;
            thread.owed.extend(action.signal);
            if thread.stopped && thread.pending.is_none() {
                // To a process that is gone this goes nowhere.
                let order = Resume { tid: id.tid, motion: action.motion, signal: None };
                orders.entry(id.pid).or_default().push(order);
            }
        }
        // If there is something to tell already, nobody has to move for it; nor for ^C, which would have to wait for the next time if
        // a thread met its breakpoint first, and again.
        if self.reportable().is_some() || self.client.interrupt {
            return;
        }
        self.catch_up(|pid| !orders.contains_key(&pid));
        for (pid, mut orders) in orders {
            self.offer_lane(pid);
            for order in &mut orders {
                if let Some(thread) = self.thread_mut(ThreadId { pid, tid: order.tid }) {
                    thread.stopped = false;
                    order.signal = thread.owed.pop_front();
                }
            }
            self.tell(pid, Request::Resume(orders));
        }
    }

    /// What gdb is to be told now, if anything. All threads are stopped when this returns something, or do not react.
    pub fn settle(&mut self) -> Option<StopReply> {
        loop {
            if !self.client.waits {
                return None;
            }
            if self.reportable().is_some() || self.client.interrupt {
                self.stop_all();
                // Whatever happened meanwhile may have changed what there is to tell.
                if let Some(arrival) = self.reportable() {
                    return Some(self.report(arrival));
                }
                if std::mem::take(&mut self.client.interrupt) {
                    return Some(self.interrupted());
                }
                // It has come to nothing: all that had been let go goes on.
                self.go_on();
            } else if self.nobody_runs() && self.client.no_resumed {
                self.told();
                return Some(StopReply::NoneResumed);
            } else {
                return None;
            }
        }
    }

    fn reportable(&self) -> Option<Arrival> {
        let reportable = |arrival: &&Arrival| match arrival {
            Arrival::End(..) | Arrival::ThreadEnd(..) => true,
            Arrival::Stop(id) => {
                self.thread(*id).is_some_and(|thread| thread.resumed && thread.pending.is_some())
            }
        };
        self.arrivals.iter().find(reportable).cloned()
    }

    /// Whether gdb waits for nobody. A process that has lost its last thread is about to end, and that will be told.
    fn nobody_runs(&self) -> bool {
        let runs = |inferior: &Inferior| {
            inferior.threads.values().any(|thread| thread.resumed)
                || inferior.threads.is_empty() && !inferior.gone
        };
        !self.inferiors.values().any(runs)
    }

    fn report(&mut self, arrival: Arrival) -> StopReply {
        if let Arrival::Stop(id) = arrival {
            self.general = Some(id);
        }
        let reply = self.take(arrival);
        self.told();
        reply
    }

    /// Takes out what there is to tell.
    fn take(&mut self, arrival: Arrival) -> StopReply {
        self.arrivals.retain(|other| *other != arrival);
        match arrival {
            Arrival::End(pid, ending) => {
                self.inferiors.remove(&pid);
                self.general = self.general.filter(|id| self.client.non_stop && id.pid != pid);
                StopReply::Ended(pid, ending)
            }
            Arrival::ThreadEnd(id, status) => StopReply::ThreadEnded(id, status),
            Arrival::Stop(id) => {
                let unborn = self.unborn_of_thread(id);
                let child = unborn.and_then(|(parent, token)| self.child(parent, token));
                let reason = self.thread_mut(id).and_then(|thread| {
                    thread.resumed = false;
                    let reason = match (thread.pending.take()?, child) {
                        (StopReason::Forked(_), Some(child)) => StopReason::Forked(child),
                        (StopReason::Vforked(_), Some(child)) => StopReason::Vforked(child),
                        (reason, _) => reason,
                    };
                    thread.told = reason.clone();
                    Some(reason)
                });
                if let (Some(StopReason::Forked(_) | StopReason::Vforked(_)), Some((parent, token))) =
                    (&reason, unborn)
                {
                    self.handoff(parent, token, Happening::Told);
                }
                StopReply::Stopped(id, reason.unwrap_or(StopReason::Requested))
            }
        }
    }

    fn interrupted(&mut self) -> StopReply {
        let resumed = |id: &ThreadId| self.thread(*id).is_some_and(|thread| thread.resumed);
        let first = || self.inferiors.values().flat_map(Inferior::ids).next();
        let id = self.interruptee(resumed).or_else(first);
        self.told();
        match id {
            None => StopReply::NoneResumed,
            Some(id) => {
                self.general = Some(id);
                if let Some(thread) = self.thread_mut(id) {
                    thread.told = StopReason::Signal(2);
                }
                StopReply::Interrupted(id)
            }
        }
    }

    /// gdb listens to us no more until it resumes something.
    pub fn told(&mut self) {
        self.blocks.clear();
        self.client.waits = false;
        let mut dropped = Vec::new();
        for inferior in self.inferiors.values_mut() {
            for (tid, thread) in &mut inferior.threads {
                thread.resumed = false;
                // It is on a breakpoint that gdb may remove now: it will meet it again, or not. Or its step is done: gdb
                // looks where it is before it lets it go on.
                if thread.pending.as_ref().is_some_and(StopReason::is_met_again) {
                    thread.pending = None;
                    dropped.push(Arrival::Stop(ThreadId { pid: inferior.pid, tid: *tid }));
                }
            }
        }
        self.arrivals.retain(|arrival| !dropped.contains(arrival));
    }

    /// Lets all threads that gdb believes to run, run.
    fn go_on(&mut self) {
        let mut orders: BTreeMap<Pid, Vec<Resume>> = BTreeMap::new();
        for inferior in self.inferiors.values_mut() {
            for (tid, thread) in &mut inferior.threads {
                if thread.resumed && thread.stopped && thread.pending.is_none() {
                    thread.stopped = false;
                    let signal = thread.owed.pop_front();
                    let order = Resume { tid: *tid, motion: thread.motion, signal };
                    orders.entry(inferior.pid).or_default().push(order);
                }
            }
        }
        for (pid, orders) in orders {
            self.tell(pid, Request::Resume(orders));
        }
    }

    /// Stops all for a gdb that has come, as it is done unless that one asks for non-stop.
    pub fn interrupt_free(&mut self) {
        for thread in self.inferiors.values_mut().flat_map(|inferior| inferior.threads.values_mut()) {
            thread.ran |= !thread.stopped;
        }
        self.stop_all();
    }

    /// In non-stop all go on that nobody but the gdb that has come has stopped.
    pub fn free_interrupted(&mut self) {
        let ids: Vec<ThreadId> = self.inferiors.values().flat_map(|inferior| inferior.ids()).collect();
        for id in ids {
            let Some(thread) = self.thread_mut(id) else { continue };
            if std::mem::take(&mut thread.ran) {
                (thread.resumed, thread.motion) = (true, Motion::Continue);
                if thread.stopped && thread.pending.is_none() {
                    self.go(id, Motion::Continue, None);
                }
            }
        }
    }

    /// Stops all threads of all inferiors, and waits for them as long as it is bearable.
    pub fn stop_all(&mut self) {
        self.stopping = true;
        self.wait_for_all();
        self.stopping = false;
    }

    fn wait_for_all(&mut self) {
        self.look_away();
        let running = |session: &Session| -> Vec<Pid> {
            let awaited = session.inferiors.values().filter(|inferior| inferior.runs() && !inferior.silent);
            awaited.map(|inferior| inferior.pid).collect()
        };
        for pid in running(self) {
            self.tell(pid, Request::Stop);
        }
        let deadline = Instant::now() + PATIENCE;
        let mut look = Instant::now() + SHORT_PATIENCE;
        loop {
            let pids = running(self);
            if pids.is_empty() {
                return;
            }
            let ready: Vec<Pid> = {
                let controls = pids.iter().filter_map(|pid| self.inferiors.get(pid));
                let mut fds: Vec<PollFd<'_>> = controls.map(Inferior::poll_fd).collect();
                if !rpc::wait(&mut fds, deadline.min(look)) && Instant::now() >= deadline {
                    break;
                }
                rpc::ready(&fds).filter_map(|index| pids.get(index).copied()).collect()
            };
            for pid in ready {
                self.receive(Origin::Inferior(pid));
            }
            if Instant::now() >= look {
                look = Instant::now() + SHORT_PATIENCE;
                running(self).into_iter().for_each(|pid| self.wake_to_answer(pid));
            }
        }
        for pid in running(self) {
            log::warn!("process {pid} does not stop");
            if let Some(inferior) = self.inferiors.get_mut(&pid) {
                inferior.silent = true;
            }
        }
    }
}
