//! Processes that somebody has stopped by SIGSTOP, or its like. That stops the agent too, and nobody is told of it but the parent; so the
//! server looks now and then. gdb is told of the signal, as gdbserver tells it, and the process is woken to be debugged.

use rustix::event::Timespec;
use rustix::process::Signal;

use crate::control::Request;
use crate::id::{Pid, ThreadId};
use crate::stop::StopReason;

use super::inferior::Inferior;
use super::session::{Arrival, Session};

/// How often it looks while gdb waits for a stop.
pub(super) const INTERVAL: Timespec = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };

/// Linux numbers.
pub(super) const SIGCONT: i32 = 18;
pub(super) const SIGSTOP: i32 = 19;

impl Inferior {
    /// Wakes it to be debugged; gdb is not to be shown that.
    fn wake(&mut self) {
        self.woken = true;
        self.send(Signal::CONT);
    }
}

impl Session {
    /// Whether something may stop that gdb wants to hear of.
    pub fn awaits_stops(&self) -> bool {
        self.client.connected && self.inferiors.values().any(|inferior| inferior.runs())
    }

    /// Has those that are suspended tell gdb so.
    pub fn wake_suspended(&mut self) {
        if !self.client.connected {
            return;
        }
        let runs = |id: &ThreadId| {
            self.thread(*id).is_some_and(|thread| thread.resumed && !thread.stopped && thread.asked.is_none())
        };
        let suspended = self.inferiors.values().filter(|inferior| inferior.runs() && inferior.is_suspended());
        let ids: Vec<ThreadId> = suspended.filter_map(|inferior| inferior.ids().find(runs)).collect();
        self.ask_to_stop(&ids, &StopReason::Signal(SIGSTOP));
        for id in ids {
            if let Some(inferior) = self.inferiors.get_mut(&id.pid) {
                inferior.wake();
            }
        }
    }

    /// Wakes a process if it is suspended, because gdb wants something of it, and it stands or is to. gdb is told of the signal when it lets
    /// it go; not in non-stop, where it would be told at once of a thread that it knows to stand.
    pub fn wake_to_answer(&mut self, pid: Pid) {
        let Some(inferior) = self.inferiors.get_mut(&pid).filter(|inferior| inferior.is_suspended()) else {
            return;
        };
        let is_first = !inferior.woken;
        inferior.wake();
        let id = inferior.ids().next().filter(|_| is_first && !self.client.non_stop);
        let Some(id) = id else { return };
        let Some(thread) = self.thread_mut(id).filter(|it| it.pending.is_none() && it.asked.is_none()) else {
            return;
        };
        let reason = StopReason::Signal(SIGSTOP);
        if thread.stopped {
            thread.pending = Some(reason.clone());
            self.arrivals.push_back(Arrival::Stop(id));
            self.tell(pid, Request::Explain(id.tid, reason));
        } else {
            thread.asked = Some(reason);
        }
    }
}
