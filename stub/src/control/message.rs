//! What server and agents say to each other.

use serde::{Deserialize, Serialize};

use crate::id::{Pid, Tid};
use crate::stop::StopReason;
use crate::target::{Catch, Failure, File, Library, Resume, Thread};

/// From the server: a request with a number that the reply repeats.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToAgent {
    /// Number of the request, counted by the server.
    pub id: u64,
    /// What is asked for.
    pub request: Request,
}

/// A request, one per method of [`crate::target::Target`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the methods of Target say it")]
pub enum Request {
    Threads,
    Description,
    Registers(Tid),
    SetRegisters(Tid, Vec<u8>),
    Register(Tid, u32),
    SetRegister(Tid, u32, Vec<u8>),
    ReadMemory {
        addr: u64,
        len: u64,
    },
    WriteMemory {
        addr: u64,
        bytes: Vec<u8>,
    },
    InsertBreakpoint(u64),
    RemoveBreakpoint(u64),
    CatchSyscalls(Catch),
    PassSignals(Vec<i32>),
    /// Whether gdb wants to hear of forks: if not, a child is let go without being offered.
    FollowForks(bool),
    Resume(Vec<Resume>),
    Stop,
    Detach,
    Auxv,
    Libraries,
    Executable,
    Siginfo(Tid),
    SetSiginfo(Tid, Vec<u8>),
    File(String),
    TlsAddress {
        tid: Tid,
        offset: u64,
        link_map: u64,
    },
    Monitor(String),
}

/// From an agent, or from a thread of its process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ToServer {
    /// The answer to request `id`.
    Reply(u64, Result<Answer, Failure>),
    /// Something happened.
    Event(Event),
}

/// The answer to a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the methods of Target say it")]
pub enum Answer {
    Done,
    Bytes(Vec<u8>),
    Text(String),
    Number(u64),
    Threads(Vec<Thread>),
    Libraries(Vec<Library>),
    File(File),
    Monitor(Option<String>),
}

/// Something that happened in a guest process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// The first message of a process. Its threads are stopped, or all run.
    Hello {
        /// Who speaks.
        pid: Pid,
        /// Its threads.
        threads: Vec<Thread>,
        /// Whether they are stopped.
        stopped: bool,
    },
    /// A thread has stopped.
    Stopped(Tid, StopReason),
    /// The process is about to fork; the child's end of the control protocol comes with this message.
    Offer {
        /// Names this fork among those of the process.
        token: u64,
    },
    /// The fork succeeded; the thread has stopped.
    Forked {
        /// Of the offer.
        token: u64,
        /// Who forked.
        tid: Tid,
        /// The child.
        child: Pid,
    },
    /// The fork failed; the thread goes on.
    ForkFailed {
        /// Of the offer.
        token: u64,
    },
    /// The process is about to exit with this status.
    Exited(i32),
    /// The process is about to be killed by this signal (Linux number).
    Signaled(i32),
}
