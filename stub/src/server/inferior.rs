//! What the server knows of one process.

use std::collections::{BTreeMap, VecDeque};
use std::os::fd::{BorrowedFd, OwnedFd};

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::process::{PidfdFlags, Signal};

use crate::control::{Control, MemoryPlace, Request, ServerLane, ToAgent};
use crate::fork::Handoff;
use crate::id::{Pid, ThreadId, Tid};
use crate::stat::behind_name;
use crate::stop::{Ending, StopReason};
use crate::target::{Motion, Thread, Vitals};

use super::numbers::Numbers;
use super::outbox::Outbox;

/// A process that gdb knows, or will know when it connects.
pub(crate) struct Inferior {
    pub pid: Pid,
    pub control: Control,
    /// What that has no room for.
    outbox: Outbox,
    pub threads: BTreeMap<Tid, InferiorThread>,
    /// The shorter way to it, if there is one.
    pub lane: Option<ServerLane>,
    /// How many times it was let go since there is the program that it executes.
    pub resumes: u32,
    /// It did not answer in time; it is not asked again until it is heard of.
    pub silent: bool,
    /// It was sent SIGCONT, and gdb is not to be shown that.
    pub woken: bool,
    /// Its connection has ended, and gdb has not been told yet.
    pub gone: bool,
    /// It was started to be debugged, so gdb kills it when it leaves.
    pub launched: bool,
    /// The process that was started or attached to, of which this one comes by forks; most often it is that.
    pub root: Pid,
    /// It has said how it ends.
    pub ending: Option<Ending>,
    /// What goes along with the next request: see [`Session::ask_later`](super::Session::ask_later).
    pub deferred: Vec<Request>,
    /// Its auxiliary vector, once it was read: that of the program that it executes.
    pub auxv: Option<Vec<u8>>,
    /// Where its memory can be read.
    pub memory: Memory,
    /// Its numbers for its threads, if they are not those that gdb hears.
    pub numbers: Option<Numbers>,
    /// How many threads it has had.
    births: u64,
    /// Names the process even when its number is used again.
    pidfd: Option<OwnedFd>,
}

/// How the server comes to the memory of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Memory {
    /// Only the process itself can read it.
    Withheld,
    /// Here, if it is that process.
    Unproven(MemoryPlace),
    /// The guest's address 0 is here.
    At(u64),
}

impl Memory {
    /// As the process has said it.
    pub fn new(place: Option<MemoryPlace>) -> Memory {
        place.map_or(Memory::Withheld, Memory::Unproven)
    }
}

/// A thread of it.
#[derive(Debug)]
pub(crate) struct InferiorThread {
    pub name: String,
    /// Its place in the order of birth.
    birth: u64,
    /// It has told us that it stopped, and we have not let it go on since.
    pub stopped: bool,
    /// gdb has let it go on, and has not been told that it stopped since.
    pub resumed: bool,
    /// It ran until this gdb came, which has not said yet whether that is to stop all.
    pub ran: bool,
    /// How gdb has let it go on.
    pub motion: Motion,
    /// Why it stopped, if gdb has not been told yet.
    pub pending: Option<StopReason>,
    /// gdb has asked for it to stop, in non-stop, and is to be told this when it does.
    pub asked: Option<StopReason>,
    /// What gdb was told last.
    pub told: StopReason,
    /// Signals (Linux numbers) that gdb has let it go on with, when it did not go on because another thread had something to tell.
    pub owed: VecDeque<i32>,
    /// The registers that gdb will ask for first, as they were when it stopped; none if gdb has changed any.
    pub vitals: Vitals,
    /// What the program calls it by (`pthread_t`).
    pub handle: Option<[u8; 8]>,
    /// What gdb wants to hear of it.
    pub options: ThreadOptions,
}

impl InferiorThread {
    /// gdb is gone. If the thread stands it `stays` so, or goes on. The next gdb hears of its signal, what there is to tell or, if that was about
    /// this stop, was told last; all else was about what the last one had set.
    pub fn abandon(&mut self, stays: bool, told_of_this_stop: bool) {
        let is_signal = |reason: &StopReason| matches!(reason, StopReason::Signal(_));
        self.stopped &= stays;
        (self.resumed, self.ran) = (false, false);
        self.pending = self.pending.take().filter(|reason| self.stopped && is_signal(reason));
        if !(self.stopped && told_of_this_stop && is_signal(&self.told)) {
            self.told = StopReason::Signal(5);
        }
        self.asked = None;
        if !self.stopped {
            self.owed.clear();
        }
        self.options = ThreadOptions::default();
    }
}

/// What gdb wants to hear of a thread (gdb manual, `QThreadOptions`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ThreadOptions {
    /// The threads that it makes, before they run.
    pub clone: bool,
    /// Its end.
    pub exit: bool,
}

/// A fork that there is more to tell of: mostly the child's connection, before it is an inferior.
pub(crate) struct Unborn {
    pub parent: Pid,
    pub token: u64,
    /// The thread that forked, once it has said so.
    pub forker: Option<Tid>,
    pub state: Handoff,
    /// `None` when it is closed.
    pub control: Option<Control>,
    /// What it said of itself.
    pub hello: Option<(Pid, Vec<Thread>, Memory, Option<Numbers>)>,
}

impl Inferior {
    pub fn new(pid: Pid, threads: Vec<Thread>, stopped: bool, control: Control) -> Inferior {
        let pidfd = rustix::process::Pid::from_raw(pid.0)
            .and_then(|pid| rustix::process::pidfd_open(pid, PidfdFlags::empty()).ok());
        let mut inferior = Inferior {
            pid,
            control,
            outbox: Outbox::default(),
            threads: BTreeMap::new(),
            lane: None,
            resumes: 0,
            silent: false,
            woken: false,
            gone: false,
            launched: false,
            root: pid,
            ending: None,
            deferred: Vec::new(),
            auxv: None,
            memory: Memory::Withheld,
            numbers: None,
            births: 0,
            pidfd,
        };
        inferior.begin(threads, stopped);
        inferior
    }

    /// Takes over a list of threads, in the place of all that were there.
    pub fn begin(&mut self, threads: Vec<Thread>, stopped: bool) {
        self.threads.clear();
        (self.lane, self.resumes, self.auxv) = (None, 0, None);
        self.deferred.clear();
        self.memory = Memory::Withheld;
        for thread in threads {
            self.add(thread, stopped, false);
        }
    }

    /// A thread is born.
    pub fn add(&mut self, Thread { tid, name }: Thread, stopped: bool, resumed: bool) {
        self.births += 1;
        let thread = InferiorThread {
            name,
            birth: self.births,
            stopped,
            resumed,
            ran: false,
            motion: Motion::Continue,
            pending: None,
            asked: None,
            told: StopReason::Signal(5),
            owed: VecDeque::new(),
            vitals: Vitals::new(),
            handle: None,
            options: ThreadOptions::default(),
        };
        self.threads.insert(tid, thread);
    }

    /// Takes over the names of threads. Which there are is known from what they have said themselves.
    pub fn name(&mut self, threads: Vec<Thread>) {
        for Thread { tid, name } in threads {
            if let Some(thread) = self.threads.get_mut(&tid) {
                thread.name = name;
            }
        }
    }

    /// Ids of its threads, in the order of their birth.
    pub fn ids(&self) -> impl Iterator<Item = ThreadId> + '_ {
        let mut tids: Vec<(u64, Tid)> =
            self.threads.iter().map(|(tid, thread)| (thread.birth, *tid)).collect();
        tids.sort_unstable();
        tids.into_iter().map(|(_, tid)| ThreadId { pid: self.pid, tid })
    }

    /// Threads whose new threads gdb is told of before they run.
    pub fn holders(&self) -> (Pid, Vec<Tid>) {
        let holders = self.threads.iter().filter(|(_, thread)| thread.options.clone);
        (self.pid, holders.map(|(tid, _)| *tid).collect())
    }

    /// Whether some thread has not said that it stopped.
    pub fn runs(&self) -> bool {
        !self.gone && self.threads.values().any(|thread| !thread.stopped)
    }

    /// Its connection has ended. gdb may still speak of it until it is told.
    pub fn go(&mut self) {
        self.gone = true;
        for thread in self.threads.values_mut() {
            thread.stopped = true;
            thread.pending = None;
        }
    }

    /// Whether it is there for sure, so that its number names no other process.
    pub fn lives(&self) -> bool {
        self.pidfd.as_ref().is_some_and(|pidfd| {
            let mut fds = [PollFd::new(pidfd, PollFlags::IN)];
            rustix::event::poll(&mut fds, Some(&Timespec::default())) == Ok(0)
        })
    }

    /// Sends a message, now or when there is room.
    pub fn post(&mut self, message: &ToAgent, descriptor: Option<BorrowedFd<'_>>) {
        self.outbox.send(&self.control, message, descriptor);
        self.lane.iter().for_each(ServerLane::count);
    }

    /// Sends what there was no room for, if there is now.
    pub fn flush(&mut self) {
        self.outbox.flush(&self.control);
    }

    /// Its connection, for something to be done there.
    pub fn poll_fd(&self) -> PollFd<'_> {
        self.outbox.poll_fd(&self.control)
    }

    /// Kills the process, also one that is stopped.
    pub fn kill(&self) {
        self.send(Signal::KILL);
    }

    /// Sends it a signal.
    pub fn send(&self, signal: Signal) {
        match &self.pidfd {
            Some(pidfd) => drop(rustix::process::pidfd_send_signal(pidfd, signal)),
            None => {
                if let Some(pid) = rustix::process::Pid::from_raw(self.pid.0) {
                    let _ = rustix::process::kill_process(pid, signal);
                }
            }
        }
    }

    /// Whether SIGSTOP or its like has stopped it.
    pub fn is_suspended(&self) -> bool {
        behind_name(&self.stat()).first() == Some(&"T")
    }

    /// `/proc/PID/stat`; empty if it is gone.
    fn stat(&self) -> String {
        std::fs::read_to_string(format!("/proc/{}/stat", self.pid)).unwrap_or_default()
    }

    /// How it ended: what it said, or else what the kernel tells of it (proc(5), field `exit_code` of `/proc/PID/stat`), or
    /// else that it was killed.
    pub fn ended(&self) -> Ending {
        if let Some(ending) = &self.ending {
            return ending.clone();
        }
        let stat = self.stat();
        let fields = behind_name(&stat);
        let dead = matches!(fields.first(), Some(&("Z" | "X")));
        match fields.last().and_then(|code| code.parse::<i32>().ok()) {
            Some(code) if dead && code & 0x7f != 0 => Ending::Signaled(code & 0x7f),
            Some(code) if dead && code != 0 => Ending::Exited(code >> 8),
            _ => Ending::Signaled(9),
        }
    }
}
