//! Non-stop: each thread stops by itself, and gdb is told when it happens.
//!
//! ```text
//! → QNonStop:1                  ← OK
//! → vCont;c:p1f.20              ← OK
//!                               ← %Stop:T05swbreak:;thread:p1f.20;
//! → vStopped                    ← OK
//! → vCont;t:p1f.-1              ← OK
//!                               ← %Stop:T00thread:p1f.1f;
//! → vStopped                    ← T00thread:p1f.20;
//! → vStopped                    ← OK
//! ```

use std::collections::BTreeMap;

use crate::control::Request;
use crate::id::{Pid, ThreadId, Tid};
use crate::notify::Notices;
use crate::server::{Session, Will};
use crate::stop::{StopReason, StopReply};
use crate::target::{Failure, Resume};

use super::Reply;

/// `QNonStop`
pub(crate) fn set(session: &mut Session, arguments: &[u8]) -> Reply {
    match arguments {
        b"1" => {
            session.catch_up(|_| true);
            session.client.non_stop = true;
            session.free_interrupted();
        }
        b"0" => {
            session.client.non_stop = false;
            session.notices = Notices::default();
            session.stop_all();
            session.told();
        }
        _ => return Reply::Fail(Failure::Invalid),
    }
    // Console output (`O`) is not permitted in non-stop (gdb manual, "Stop Reply Packets"): gdb would take it for an answer.
    let shows = Request::ShowPrints(session.client.non_stop);
    let pids: Vec<_> = session.inferiors.keys().copied().collect();
    for pid in pids {
        session.tell(pid, shows.clone());
    }
    Reply::Ok
}

/// `vStopped`
pub(crate) fn acknowledge(session: &mut Session, _: &[u8]) -> Reply {
    let next = session.notices.acknowledged().answer();
    next.map_or(Reply::Ok, |reply| session.spell(&reply).into())
}

/// `vCtrlC`
pub(crate) fn interrupt(session: &mut Session, _: &[u8]) -> Reply {
    // It waits like a signal where nothing runs that has not something else to tell: gdb may be about to go on by itself, from a step.
    session.client.interrupt = true;
    session.interrupt_one();
    Reply::Ok
}

/// `?` in non-stop: the threads that stand, one after the other.
pub(super) fn why(session: &mut Session) -> Reply {
    let stands = |id: ThreadId| {
        let thread = session.thread(id).filter(|thread| thread.stopped && !thread.resumed)?;
        Some(StopReply::Stopped(id, thread.told.clone()))
    };
    let ids = session.inferiors.values().flat_map(|inferior| inferior.ids());
    let replies: Vec<StopReply> = ids.filter_map(stands).collect();
    let next = session.notices.asked(replies).answer();
    next.map_or(Reply::Ok, |reply| session.spell(&reply).into())
}

impl Session {
    /// `vCont` in non-stop: threads that stand go on, threads that run stop; those that are as they should be already stay so. A thread
    /// that gdb may not know to stand, or to be there, is none that it means: the notification and a `vCont;c` have crossed.
    pub(super) fn arrange(&mut self, actions: &[Will]) -> Reply {
        let mut orders: BTreeMap<Pid, Vec<Resume>> = BTreeMap::new();
        let mut to_stop = Vec::new();
        let ids: Vec<ThreadId> = self.inferiors.values().flat_map(|inferior| inferior.ids()).collect();
        for id in ids {
            let Some(will) = actions.iter().find(|will| will.threads().matches(id)) else { continue };
            if self.notices.unacknowledged().any(|reply| reply.tells_of(id)) {
                continue;
            }
            let Some(thread) = self.thread_mut(id) else { continue };
            match will {
                Will::Go(action) if !thread.resumed => {
                    thread.resumed = true;
                    thread.motion = action.motion;
                    thread.owed.extend(action.signal);
                    if thread.stopped && thread.pending.is_none() {
                        thread.stopped = false;
                        let signal = thread.owed.pop_front();
                        let order = Resume { tid: id.tid, motion: action.motion, signal };
                        orders.entry(id.pid).or_default().push(order);
                    }
                }
                Will::Stop(_) if thread.resumed => to_stop.push(id),
                Will::Go(_) | Will::Stop(_) => {}
            }
        }
        for (pid, orders) in orders {
            self.tell(pid, Request::Resume(orders));
        }
        self.ask_to_stop(&to_stop, &StopReason::Requested);
        self.interrupt_one();
        Reply::Ok
    }

    /// Stops a thread that runs if gdb has interrupted.
    fn interrupt_one(&mut self) {
        let runs =
            |id: &ThreadId| self.thread(*id).is_some_and(|thread| thread.resumed && thread.pending.is_none());
        let Some(id) = self.interruptee(runs) else { return };
        if std::mem::take(&mut self.client.interrupt) {
            self.ask_to_stop(&[id], &StopReason::Signal(2));
        }
    }

    /// Asks threads that run to stop; gdb is told `reason` if nothing else happens first.
    pub(crate) fn ask_to_stop(&mut self, ids: &[ThreadId], reason: &StopReason) {
        let mut tids: BTreeMap<Pid, Vec<Tid>> = BTreeMap::new();
        for id in ids {
            if let Some(thread) = self.thread_mut(*id).filter(|thread| thread.pending.is_none()) {
                if thread.stopped {
                    // It stands without need, and nobody knows.
                    thread.pending = Some(reason.clone());
                    self.arrivals.push_back(crate::server::Arrival::Stop(*id));
                } else {
                    thread.asked = Some(reason.clone());
                    tids.entry(id.pid).or_default().push(id.tid);
                }
            }
        }
        for (pid, tids) in tids {
            self.tell(pid, Request::StopThreads(tids));
        }
    }
}
