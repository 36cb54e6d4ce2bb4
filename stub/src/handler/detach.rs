//! Leaving processes.
//!
//! ```text
//! → D;1f       ← OK       (the process runs free; the connection stays)
//! → vKill;1f   ← OK
//! → k                     (no reply)
//! ```

use crate::control::Request;
use crate::fork::Happening;
use crate::id::Pid;
use crate::server::Session;
use crate::target::{Failure, Motion, Resume};

use super::Reply;
use super::thread::pid;

/// `D` and `D;pid`
pub(crate) fn detach(session: &mut Session, arguments: &[u8]) -> Reply {
    let pids: Vec<Pid> = match arguments {
        [] => session.inferiors.keys().copied().collect(),
        [b';', digits @ ..] => match pid(digits) {
            Some(pid) if session.inferiors.contains_key(&pid) => vec![pid],
            Some(_) => return Reply::Fail(Failure::NoThread),
            None => return Reply::Fail(Failure::Invalid),
        },
        _ => return Reply::Fail(Failure::Invalid),
    };
    session.catch_up(|pid| !pids.contains(&pid));
    for pid in pids {
        session.pay(pid);
        // A process that does not answer reads the end of file when it wakes up, and is let go by that.
        let _ = session.ask_done(pid, Request::Detach);
        session.forget(pid);
    }
    Reply::Ok
}

/// `vKill`
pub(crate) fn kill(session: &mut Session, arguments: &[u8]) -> Reply {
    match pid(arguments).filter(|pid| session.inferiors.contains_key(pid)) {
        Some(pid) => {
            session.kill(pid);
            Reply::Ok
        }
        None => Reply::Fail(Failure::NoThread),
    }
}

/// `k`
pub(crate) fn kill_all(session: &mut Session, _: &[u8]) -> Reply {
    let pids: Vec<Pid> = session.inferiors.keys().copied().collect();
    pids.into_iter().for_each(|pid| session.kill(pid));
    session.client.leaves = !session.client.extended;
    Reply::Later
}

impl Session {
    /// Kills a process and forgets it.
    pub(crate) fn kill(&mut self, pid: Pid) {
        if let Some(inferior) = self.inferiors.get(&pid) {
            inferior.kill();
        }
        for unborn in self.unborn.iter().filter(|unborn| unborn.parent == pid) {
            // gdb has not heard of this child; with its parent it would have been killed as well.
            if let Some((child, ..)) = unborn.hello.as_ref()
                && let Some(child) = rustix::process::Pid::from_raw(child.0)
            {
                let _ = rustix::process::kill_process(child, rustix::process::Signal::KILL);
            }
        }
        self.forget(pid);
    }

    /// Signals that gdb has let threads go on with reach them before it lets the process go.
    fn pay(&mut self, pid: Pid) {
        let Some(inferior) = self.inferiors.get_mut(&pid) else { return };
        let owing = inferior.threads.iter_mut().filter(|(_, thread)| thread.stopped);
        let orders: Vec<Resume> = owing
            .filter_map(|(tid, thread)| {
                let signal = Some(thread.owed.pop_front()?);
                Some(Resume { tid: *tid, motion: Motion::Continue, signal })
            })
            .collect();
        if !orders.is_empty() {
            self.tell(pid, Request::Resume(orders));
        }
    }

    /// gdb has nothing to do with this process any more.
    fn forget(&mut self, pid: Pid) {
        self.forks_of(pid, Happening::ParentDetached);
        self.inferiors.remove(&pid);
        self.arrivals.retain(|arrival| !arrival.is_of(pid));
        // gdb may attach to it again, and would take it for news.
        self.notices.retain(|reply| reply.pid() != Some(pid));
        if self.general.is_some_and(|id| id.pid == pid) {
            self.general = None;
        }
    }
}
