//! The lane to a process (`control/lane.rs`): when it is used, and when the server looks at it. In all-stop only, where a process is
//! asked one thing after the other.

use std::os::fd::AsFd;

use rustix::fs::MemfdFlags;

use crate::control::{Answer, Heard, LANE_SIZE, Request, ServerLane, ToAgent, ToServer};
use crate::id::Pid;
use crate::target::Failure;

use super::events::Origin;
use super::session::Session;

/// A process that was let go so often will be again, soon.
const OFTEN: u32 = 8;

impl Session {
    /// Opens a lane to a process that is about to be let go, if that pays.
    pub fn offer_lane(&mut self, pid: Pid) {
        let Some(inferior) = self.inferiors.get_mut(&pid) else { return };
        inferior.resumes = inferior.resumes.saturating_add(1);
        if inferior.resumes != OFTEN {
            return;
        }
        let Some(launcher) = &self.launcher else { return };
        let Ok(memory) = rustix::fs::memfd_create("tine-lane", MemfdFlags::CLOEXEC) else { return };
        if rustix::fs::ftruncate(&memory, LANE_SIZE as u64).is_err() {
            return;
        }
        let Some(lane) = launcher.share(memory.as_fd()).and_then(ServerLane::new) else { return };
        if self.ask_with(pid, Request::Lane, Some(memory.as_fd())).is_ok()
            && let Some(inferior) = self.inferiors.get_mut(&pid)
        {
            inferior.lane = Some(lane);
        }
    }

    /// Sends a request by the lane; false: it has to go by the socket.
    pub fn put(&mut self, pid: Pid, message: &ToAgent) -> bool {
        let has_lane = |session: &Session| session.inferiors.get(&pid).is_some_and(|it| it.lane.is_some());
        if self.client.non_stop || !has_lane(self) || !message.request.is_short() {
            return false;
        }
        self.look_away();
        let lane = self.inferiors.get(&pid).and_then(|inferior| inferior.lane.as_ref());
        let sent = lane.is_some_and(|lane| lane.put(message));
        if sent {
            self.awaited = Some((pid, message.clone()));
        }
        sent
    }

    /// Looks out for the answer to the request that was sent last; `None`: it will come by the socket.
    pub fn take_answer(&mut self) -> Option<Result<Answer, Failure>> {
        let (pid, message) = self.awaited.take()?;
        match self.inferiors.get(&pid)?.lane.as_ref()?.await_answer() {
            Heard::Message(ToServer::Reply(number, answer)) => {
                return (number == message.id).then_some(answer);
            }
            Heard::Message(message) => self.heard(pid, message),
            Heard::Withdrawn => self.send(pid, &message, None),
            Heard::Nothing => {}
        }
        None
    }

    /// Looks out for a moment for what a process that was let go has to say; whether it has.
    pub fn look_out(&mut self) -> bool {
        let heard = self.look(ServerLane::await_answer);
        // With three who look out for one another where there are two processors, each is in the others' way.
        self.brisk &= !heard;
        heard
    }

    /// From here on nobody looks at the lane.
    pub fn look_away(&mut self) {
        self.look(ServerLane::give_up);
    }

    fn look(&mut self, at: impl FnOnce(&ServerLane) -> Heard<ToServer>) -> bool {
        let Some((pid, request)) = self.awaited.take() else { return false };
        match self.inferiors.get(&pid).and_then(|inferior| inferior.lane.as_ref()).map(at) {
            Some(Heard::Message(message)) => {
                self.heard(pid, message);
                return true;
            }
            Some(Heard::Withdrawn) => self.send(pid, &request, None),
            Some(Heard::Nothing) | None => {}
        }
        false
    }

    fn heard(&mut self, pid: Pid, message: ToServer) {
        // What others in the process have said before.
        if self.inferiors.get(&pid).is_some_and(|inferior| inferior.threads.len() > 1) {
            self.receive(Origin::Inferior(pid));
        }
        if let ToServer::Event(event) = message {
            self.happened(Origin::Inferior(pid), event, None);
        }
    }
}
