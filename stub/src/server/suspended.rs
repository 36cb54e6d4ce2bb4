//! Processes that somebody has stopped by SIGSTOP, or its like. That stops the agent too, and nobody is told of it but the parent; so the
//! server looks now and then. gdb is told of the signal, as gdbserver tells it, and the process is woken to be debugged.

use rustix::event::Timespec;
use rustix::process::Signal;

use crate::id::ThreadId;
use crate::stop::StopReason;

use super::session::Session;

/// How often it looks while gdb waits for a stop.
pub(super) const INTERVAL: Timespec = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };

/// Linux numbers.
pub(super) const SIGCONT: i32 = 18;
pub(super) const SIGSTOP: i32 = 19;

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
                inferior.woken = true;
                inferior.send(Signal::CONT);
            }
        }
    }
}
