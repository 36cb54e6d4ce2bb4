//! The state of a debugging session.

use std::collections::{BTreeMap, VecDeque};
use std::os::fd::OwnedFd;

use crate::control::{Control, Follow, Request, ToAgent};
use crate::fork::Happening;
use crate::handler::ErrorStyle;
use crate::handler::file::OpenFiles;
use crate::handler::launch::Launch;
use crate::handler::memory::Blocks;
use crate::handler::register::Kept;
use crate::id::{Pid, Selector, ThreadId, Which};
use crate::launcher::Launcher;
use crate::notify::Notices;
use crate::stop::{Dialect, Ending, StopReply};
use crate::target::Catch;
use crate::trace::Halt;
use crate::without::Without;

use super::Chatter;
use super::inferior::{Inferior, InferiorThread, Unborn};
use super::tracing::Tracing;

/// What gdb has said of itself, and asked for.
#[derive(Debug, Default)]
pub(crate) struct Client {
    /// Somebody is connected.
    pub connected: bool,
    /// It hears of forks and vforks.
    pub follow: Follow,
    /// It hears of programs that a process executes.
    pub exec_events: bool,
    /// It wants to hear of threads that come and go.
    pub thread_events: bool,
    /// It has read the target description.
    pub described: bool,
    /// It reads error texts.
    pub error_messages: bool,
    /// The arguments of programs that it starts are one text.
    pub single_argument: bool,
    /// It reads error texts that are spelled as LLDB has them.
    pub error_strings: bool,
    /// Its packets about registers name their thread.
    pub thread_suffix: bool,
    /// Stop replies list all threads.
    pub list_threads: bool,
    /// It knows the reply `N`.
    pub no_resumed: bool,
    /// Shapes stop replies.
    pub dialect: Dialect,
    /// It has asked to leave acknowledgements out.
    pub no_ack: bool,
    /// Each thread stops by itself, and is told by notification.
    pub non_stop: bool,
    /// It waits for a stop reply.
    pub waits: bool,
    /// It has sent ^C.
    pub interrupt: bool,
    /// It speaks extended-remote: the connection outlives the processes.
    pub extended: bool,
    /// It wants the server to end.
    pub leaves: bool,
}

impl Client {
    /// How it reads errors.
    pub fn errors(&self) -> ErrorStyle {
        match self {
            Client { error_messages: true, .. } => ErrorStyle::Text,
            Client { error_strings: true, .. } => ErrorStyle::NumberAndText,
            _ => ErrorStyle::Number,
        }
    }
}

/// Something that gdb is to be told, in the order of arrival.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Arrival {
    /// This thread has a pending stop.
    Stop(ThreadId),
    /// This thread has ended with this status.
    ThreadEnd(ThreadId, i32),
    /// This process has ended.
    End(Pid, Ending),
}

impl Arrival {
    /// Whether it is about this process.
    pub fn is_of(&self, pid: Pid) -> bool {
        match self {
            Arrival::Stop(id) | Arrival::ThreadEnd(id, _) => id.pid == pid,
            Arrival::End(ended, _) => *ended == pid,
        }
    }
}

/// All of it. Handlers work on this; it is the only thing that they see.
#[derive(Default)]
pub(crate) struct Session {
    pub inferiors: BTreeMap<Pid, Inferior>,
    pub unborn: Vec<Unborn>,
    /// A process that is to come, until it has said its name.
    pub newcomer: Option<Control>,
    /// Its number, if that is known before it says how it calls itself.
    pub expected: Option<Pid>,
    /// What has become of the last newcomer: its pid, or why it did not come.
    pub arrived: Option<Result<Pid, String>>,
    /// Starts programs, and attaches to processes.
    pub launcher: Option<Box<dyn Launcher>>,
    /// How gdb wants programs started.
    pub launch: Launch,
    /// Processes that the server has started, by their pidfds; they are its children.
    pub children: Vec<OwnedFd>,
    /// The server stays when gdb and all processes are gone.
    pub stays: bool,
    pub arrivals: VecDeque<Arrival>,
    pub client: Client,
    /// In non-stop: what gdb has not acknowledged.
    pub notices: Notices<StopReply>,
    /// What was sent by a lane, which has to be looked at: to which process, and the request with its number.
    pub awaited: Option<(Pid, ToAgent)>,
    /// Steps are made: what comes next comes at once.
    pub brisk: bool,
    /// All threads are being stopped.
    pub stopping: bool,
    /// What `Hg` selected, or the last stop reply named.
    pub general: Option<ThreadId>,
    /// The process that was started or attached to last.
    pub latest: Option<Pid>,
    /// Who the last stop reply was about.
    pub stopped: Option<ThreadId>,
    /// What `Hc` selected.
    pub resumable: Option<Selector>,
    pub catch: Catch,
    pub pass: Vec<i32>,
    pub files: OpenFiles,
    /// The object that `qXfer` reads piece by piece, by name.
    pub document: Option<(String, Vec<u8>)>,
    /// How many bytes the last answer to `g` was long.
    pub registers_len: usize,
    /// Registers that LLDB keeps, by number.
    pub kept: Kept,
    /// Memory that was read a moment ago.
    pub blocks: Blocks,
    /// Tracepoints.
    pub tracing: Tracing,
    /// What breakpoints' commands have printed and gdb has not been given.
    pub printed: Vec<Vec<u8>>,
    /// What no gdb is to see.
    pub without: Without,
    /// What is logged.
    pub chatter: Chatter,
    /// Somebody can read it.
    pub is_heard: bool,
    /// Number of the last request.
    pub requests: u64,
}

impl Session {
    /// gdb is gone, and nothing of its stays behind. All processes run on until another one comes; but where it `may_return`, or was told that the
    /// server is there for longer than itself, the threads that stand wait for that one.
    pub fn disconnected(&mut self, may_return: bool) {
        let Client { extended, non_stop, .. } = std::mem::take(&mut self.client);
        let keeps = self.stays || extended || may_return;
        self.tracing.frame = None;
        if !self.tracing.unattended {
            self.stop_tracing(Halt::Disconnected);
        }
        self.general = self.stopped.filter(|_| keeps);
        self.resumable = None;
        (self.catch, self.pass) = (Catch::Nothing, Vec::new());
        (self.files, self.document, self.blocks) = Default::default();
        self.forget_launch();
        self.notices = Notices::default();
        let parents: Vec<Pid> = self.unborn.iter().map(|unborn| unborn.parent).collect();
        for parent in parents {
            self.forks_of(parent, Happening::DebuggerGone);
        }
        self.inferiors.retain(|_, inferior| !inferior.gone);
        let last = self.stopped;
        let pids: Vec<Pid> = self.inferiors.keys().copied().collect();
        for pid in pids {
            self.tell(pid, if keeps { Request::Forget } else { Request::Release });
            self.unattended(pid);
            let threads = self.inferiors.get_mut(&pid).into_iter().flat_map(|it| &mut it.threads);
            for (tid, thread) in threads {
                let is_told_last = non_stop || last == Some(ThreadId { pid, tid: *tid });
                thread.abandon(keeps, is_told_last);
            }
        }
        let mut arrivals = std::mem::take(&mut self.arrivals);
        arrivals.retain(|arrival| match arrival {
            Arrival::Stop(id) => self.thread(*id).is_some_and(|thread| thread.pending.is_some()),
            Arrival::ThreadEnd(..) | Arrival::End(..) => false,
        });
        self.arrivals = arrivals;
    }

    /// Finds the thread that a packet means: "any" is the selected thread where that fits, or else the first.
    pub fn find(&self, selector: Selector) -> Option<ThreadId> {
        let selected = |id: &ThreadId| self.thread(*id).is_some() && selector.matches(*id);
        if let Some(id) = self.general.filter(selected) {
            return Some(id);
        }
        let pid = match (selector.pid, self.general) {
            (Which::Any, Some(id)) => Which::One(id.pid.0),
            (pid, _) => pid,
        };
        let narrow = Selector { pid, ..selector };
        let first = |selector: Selector| {
            self.inferiors.values().flat_map(Inferior::ids).find(|id| selector.matches(*id))
        };
        first(narrow).or_else(|| first(selector))
    }

    /// Whom ^C is for, of the threads for which `runs` holds: as under gdbserver one of what was started or attached to last, if there is
    /// any; there the selected one before others.
    pub fn interruptee(&self, runs: impl Fn(&ThreadId) -> bool) -> Option<ThreadId> {
        let all = self.inferiors.values().flat_map(Inferior::ids);
        let ids: Vec<ThreadId> = self.general.into_iter().chain(all).filter(runs).collect();
        let is_latest =
            |id: &&ThreadId| self.inferiors.get(&id.pid).map(|inferior| inferior.root) == self.latest;
        ids.iter().find(is_latest).or(ids.first()).copied()
    }

    /// The thread that `g`, `m` and their like are about.
    pub fn current(&self) -> Option<ThreadId> {
        self.find(Selector { pid: Which::Any, tid: Which::Any })
    }

    pub fn thread(&self, id: ThreadId) -> Option<&InferiorThread> {
        self.inferiors.get(&id.pid)?.threads.get(&id.tid)
    }

    pub fn thread_mut(&mut self, id: ThreadId) -> Option<&mut InferiorThread> {
        self.inferiors.get_mut(&id.pid)?.threads.get_mut(&id.tid)
    }
}
