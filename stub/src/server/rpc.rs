//! Requests to agents.

use std::os::fd::BorrowedFd;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec};

use crate::control::{Answer, Received, Request, ToAgent, ToServer};
use crate::id::Pid;
use crate::target::Failure;

use super::events::Origin;
use super::inferior::Inferior;
use super::session::Session;

/// How long a process may take to answer. One that is stopped by SIGSTOP, or swapped out, must not hang gdb.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long until it is looked at whether somebody has stopped it.
pub(super) const SHORT_PATIENCE: Duration = Duration::from_millis(50);

/// How long a `monitor` command may take, for which gdb waits. It may write all of the guest's memory to a file.
const LONG_PATIENCE: Duration = Duration::from_secs(60);

impl Session {
    /// Asks a process and waits for the answer. What it says of its own accord meanwhile is dealt with.
    pub fn ask(&mut self, pid: Pid, request: Request) -> Result<Answer, Failure> {
        self.ask_with(pid, request, None)
    }

    /// The same, with a descriptor that goes along.
    pub fn ask_with(
        &mut self,
        pid: Pid,
        request: Request,
        descriptor: Option<BorrowedFd<'_>>,
    ) -> Result<Answer, Failure> {
        self.receive(Origin::Inferior(pid));
        match self.inferiors.get(&pid) {
            Some(inferior) if inferior.gone => return self.posthumous(&request),
            Some(inferior) if !inferior.silent => {}
            _ => return Err(Failure::Silent),
        }
        let message = self.message(pid, request.clone());
        let id = message.id;
        if descriptor.is_none() && self.put(pid, &message) {
            if let Some(answer) = self.take_answer() {
                return answer;
            }
        } else {
            self.send(pid, &message, descriptor);
        }
        let start = Instant::now();
        let mut deadline = start + PATIENCE;
        let mut look = start + SHORT_PATIENCE;
        let is_long = matches!(request, Request::Monitor(..));
        loop {
            let Some(inferior) = self.inferiors.get_mut(&pid) else { return Err(Failure::Silent) };
            if !wait(&mut [inferior.poll_fd()], deadline.min(look)) {
                if Instant::now() < deadline {
                    look = Instant::now() + SHORT_PATIENCE;
                    if inferior.runs() {
                        self.wake_suspended();
                    } else {
                        self.wake_to_answer(pid);
                    }
                    continue;
                }
                if is_long && start.elapsed() < LONG_PATIENCE && !inferior.is_suspended() {
                    deadline = Instant::now() + PATIENCE;
                    continue;
                }
                log::warn!("process {pid} does not answer");
                inferior.silent = true;
                return Err(Failure::Silent);
            }
            inferior.flush();
            match inferior.control.receive(false) {
                Received::Message(ToServer::Reply(number, answer), _) if number == id => return answer,
                Received::Message(ToServer::Reply(..), _) | Received::Nothing => {}
                Received::Message(ToServer::Event(event), descriptor) => {
                    self.happened(Origin::Inferior(pid), event, descriptor);
                }
                Received::Closed => {
                    self.closed(Origin::Inferior(pid));
                    return self.posthumous(&request);
                }
            }
        }
    }

    /// Asks for something to be done before the process is asked anything else, and before anybody goes on: until then nobody can tell the
    /// difference, and gdb changes a dozen things at each fork. Where threads run it is done at once.
    pub fn ask_later(&mut self, pid: Pid, request: Request) -> Result<(), Failure> {
        self.defer(pid, request).map_or(Ok(()), |request| self.ask_done(pid, request))
    }

    /// The same, but where it has to be done at once nobody waits for that.
    pub fn tell_later(&mut self, pid: Pid, request: Request) {
        if let Some(request) = self.defer(pid, request) {
            self.tell(pid, request);
        }
    }

    /// Puts a request off; one that cannot be is returned.
    fn defer(&mut self, pid: Pid, request: Request) -> Option<Request> {
        let stands = |inferior: &&mut Inferior| !inferior.gone && !inferior.silent && !inferior.runs();
        let is_all_stop = !self.client.non_stop;
        let Some(inferior) = self.inferiors.get_mut(&pid).filter(stands).filter(|_| is_all_stop) else {
            return Some(request);
        };
        inferior.deferred.retain(|earlier| !request.replaces(earlier));
        inferior.deferred.push(request);
        None
    }

    /// Has all that was put off done by those for whom `holds` does: others may share their memory, and are about to go on.
    pub fn catch_up(&mut self, holds: impl Fn(Pid) -> bool) {
        let is_behind = |inferior: &&Inferior| !inferior.deferred.is_empty() && holds(inferior.pid);
        let pids: Vec<Pid> = self.inferiors.values().filter(is_behind).map(|inferior| inferior.pid).collect();
        for pid in pids {
            let _ = self.ask_done(pid, Request::Nothing);
        }
    }

    /// Sends a request without waiting. A process that is gone will be noticed elsewhere.
    pub fn tell(&mut self, pid: Pid, request: Request) {
        let message = self.message(pid, request);
        if !(matches!(message.request, Request::Resume(_)) && self.put(pid, &message)) {
            self.send(pid, &message, None);
        }
    }

    fn message(&mut self, pid: Pid, request: Request) -> ToAgent {
        self.requests += 1;
        let mut message = ToAgent { id: self.requests, before: Vec::new(), request };
        let Some(inferior) = self.inferiors.get_mut(&pid) else { return message };
        message.before = std::mem::take(&mut inferior.deferred);
        if let Some(numbers) = &inferior.numbers {
            message
                .before
                .iter_mut()
                .chain([&mut message.request])
                .for_each(|request| numbers.asked(request));
        }
        message
    }

    pub fn send(&mut self, pid: Pid, message: &ToAgent, descriptor: Option<BorrowedFd<'_>>) {
        if let Some(inferior) = self.inferiors.get_mut(&pid) {
            inferior.post(message, descriptor);
        }
    }

    /// Asks for bytes.
    pub fn ask_bytes(&mut self, pid: Pid, request: Request) -> Result<Vec<u8>, Failure> {
        match self.ask(pid, request)? {
            Answer::Bytes(bytes) => Ok(bytes),
            Answer::Text(text) => Ok(text.into_bytes()),
            _ => Err(Failure::Invalid),
        }
    }

    /// The answer of a process that is gone, of which gdb has not heard yet, and will not before it has let it go on: until then it takes
    /// breakpoints out, says what stops it, and shows registers, of which there is nothing to be known.
    fn posthumous(&self, request: &Request) -> Result<Answer, Failure> {
        match request {
            Request::InsertBreakpoint { .. }
            | Request::RemoveBreakpoint { .. }
            | Request::InsertWatchpoint(_)
            | Request::RemoveWatchpoint(_)
            | Request::SetRegisters(..)
            | Request::SetRegister(..)
            | Request::CatchSyscalls(_)
            | Request::PassSignals(_)
            | Request::Nothing
            | Request::Detach => Ok(Answer::Done),
            Request::Registers(_) | Request::CommonRegisters(_) if self.registers_len > 0 => {
                Ok(Answer::Bytes(vec![0; self.registers_len]))
            }
            _ => Err(Failure::Silent),
        }
    }

    /// Asks for something to be done.
    pub fn ask_done(&mut self, pid: Pid, request: Request) -> Result<(), Failure> {
        self.ask(pid, request).map(drop)
    }
}

/// Waits until something can be done; false: the deadline has passed.
pub(crate) fn wait(fds: &mut [PollFd<'_>], deadline: Instant) -> bool {
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let timeout = Timespec { tv_sec: left.as_secs() as i64, tv_nsec: i64::from(left.subsec_nanos()) };
        match rustix::event::poll(fds, Some(&timeout)) {
            Ok(0) => return false,
            Ok(_) => return true,
            Err(_) if left.is_zero() => return false,
            Err(_) => {}
        }
    }
}

/// The places of those that have something to be done, those before the others whose other end is gone: what has come besides may have
/// come of that, from a parent that has waited for it.
pub(crate) fn ready(fds: &[PollFd<'_>]) -> impl Iterator<Item = usize> {
    let has_ended = |index: &usize| fds[*index].revents().contains(PollFlags::HUP);
    let ready = (0..fds.len()).filter(|index| !fds[*index].revents().is_empty());
    let (ended, others): (Vec<usize>, Vec<usize>) = ready.partition(has_ended);
    ended.into_iter().chain(others)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::{Control, pair};

    #[test]
    fn those_that_have_ended_come_first() {
        let ends = [pair().unwrap(), pair().unwrap(), pair().unwrap()];
        let [(first, parent), (second, child), (third, _idle)] =
            ends.map(|(ours, theirs)| (Control::new(ours), Control::new(theirs)));
        child.send(&1u32).unwrap();
        drop(child);
        parent.send(&2u32).unwrap();
        let mut fds = [&first, &second, &third].map(|control| PollFd::new(control, PollFlags::IN));
        assert!(wait(&mut fds, Instant::now() + PATIENCE));
        assert_eq!(ready(&fds).collect::<Vec<_>>(), [1, 0]);
    }
}
