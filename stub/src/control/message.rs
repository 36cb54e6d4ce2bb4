//! What server and agents say to each other.

use serde::{Deserialize, Serialize};

use crate::fork::Kind;
use crate::id::{Pid, Tid};
use crate::rule::RuleText;
use crate::stop::StopReason;
use crate::target::{
    Access, Catch, Command, Executable, Failure, File, From, Libraries, Machine, Region, RegisterPlace,
    Resume, Thread, Vitals, Watchpoint,
};
use crate::trace::{Halt, Place, Plan, Report, Tracepoint};

/// From the server: a request with a number that the reply repeats.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToAgent {
    /// Number of the request, counted by the server.
    pub id: u64,
    /// What is done before, in this order. Nobody waits for the answers.
    pub before: Vec<Request>,
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
    CommonRegisters(Tid),
    SetRegisters(Tid, Vec<u8>),
    Register(Tid, u32),
    SetRegister(Tid, u32, Vec<u8>),
    ReadMemory {
        addr: u64,
        len: u64,
    },
    WriteMemory {
        addr: u64,
        #[serde(with = "serde_bytes")]
        bytes: Vec<u8>,
    },
    /// Where in `len` bytes from `addr` on the pattern is.
    Search {
        addr: u64,
        len: u64,
        pattern: Vec<u8>,
    },
    /// The checksum of `qCRC`, begun with that of what is before.
    Checksum {
        addr: u64,
        len: u64,
        before: u32,
    },
    InsertBreakpoint {
        addr: u64,
        hardware: bool,
        rule: RuleText,
    },
    RemoveBreakpoint {
        addr: u64,
        hardware: bool,
    },
    InsertWatchpoint(Watchpoint),
    RemoveWatchpoint(Watchpoint),
    /// Begins to trace.
    Trace(Plan),
    TraceAdd(Tracepoint),
    TraceEnable(Place, bool),
    /// Tells what was collected, before it answers.
    TraceReport,
    /// Ends it, and tells the same.
    TraceHalt(Halt),
    CatchSyscalls(Catch),
    PassSignals(Vec<i32>),
    /// Which children are offered: others are let go.
    Follow(Follow),
    /// Whether gdb wants to hear of new threads: then they stop before their first instruction.
    ThreadEvents(bool),
    /// Whether what breakpoints' commands print is shown by the process itself, because gdb cannot take it.
    ShowPrints(bool),
    /// The process of the server, from now on.
    Tracer(Pid),
    /// Threads that stop when they have made a thread, which stands until it is let go.
    HoldClones(Vec<Tid>),
    /// Has no answer.
    Resume(Vec<Resume>),
    /// What is to be done before is all.
    Nothing,
    Stop,
    StopThreads(Vec<Tid>),
    Detach,
    /// Nobody is there to be told anything: all is as after `Detach`, but the connection stays.
    Release,
    /// The same, but who has stopped stays so.
    Forget,
    Auxv,
    Libraries(Option<From>),
    Machine,
    /// Those that [`crate::target::Target::vital_registers`] names.
    VitalRegisters(Tid),
    Region(u64),
    Allocate {
        len: u64,
        access: Access,
    },
    Deallocate(u64),
    Executable,
    Siginfo(Tid),
    SetSiginfo(Tid, Vec<u8>),
    Explain(Tid, StopReason),
    File(String),
    TlsAddress {
        tid: Tid,
        offset: u64,
        link_map: u64,
    },
    Handles(Vec<Tid>),
    Commands,
    Monitor(Tid, String),
    /// Memory comes with this message, which both sides map: see `control/lane.rs`.
    Lane,
}

/// What is read or written at once by a request that is still short.
const SHORT: usize = 2048;

impl Request {
    /// Whether it is served at once, and both it and its answer are short.
    pub(crate) fn is_short(&self) -> bool {
        match self {
            Request::Registers(_)
            | Request::CommonRegisters(_)
            | Request::SetRegisters(..)
            | Request::Register(..)
            | Request::SetRegister(..)
            | Request::InsertBreakpoint { .. }
            | Request::RemoveBreakpoint { .. }
            | Request::InsertWatchpoint(_)
            | Request::RemoveWatchpoint(_)
            | Request::Siginfo(_)
            | Request::Resume(_) => true,
            Request::ReadMemory { len, .. } => *len <= SHORT as u64,
            Request::WriteMemory { bytes, .. } => bytes.len() <= SHORT,
            _ => false,
        }
    }

    /// Whether it makes `earlier` void, if nothing ran between the two.
    pub(crate) fn replaces(&self, earlier: &Request) -> bool {
        use Request::{CatchSyscalls, PassSignals};
        match (self, earlier) {
            (CatchSyscalls(_), CatchSyscalls(_)) | (PassSignals(_), PassSignals(_)) => true,
            _ => self.breakpoint().is_some_and(|place| earlier.breakpoint() == Some(place)),
        }
    }

    /// Which breakpoint it inserts or removes.
    fn breakpoint(&self) -> Option<(u64, bool)> {
        match self {
            Request::InsertBreakpoint { addr, hardware, .. }
            | Request::RemoveBreakpoint { addr, hardware } => Some((*addr, *hardware)),
            _ => None,
        }
    }
}

/// What of a process's children gdb wants to hear.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Follow {
    /// Those that it forks.
    pub forks: bool,
    /// Those that it makes by vfork.
    pub vforks: bool,
}

impl Follow {
    /// Whether gdb wants to hear of one of this kind.
    pub fn wants(self, kind: Kind) -> bool {
        match kind {
            Kind::Fork => self.forks,
            Kind::Vfork => self.vforks,
        }
    }
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
    Bytes(#[serde(with = "serde_bytes")] Vec<u8>),
    Text(String),
    Executable(Executable),
    Number(u64),
    Found(Option<u64>),
    Threads(Vec<Thread>),
    Libraries(Libraries),
    Machine(Machine),
    Registers(Vitals),
    RegisterPlaces(Vec<RegisterPlace>),
    Region(Region),
    File(File),
    Handles(Vec<Option<[u8; 8]>>),
    Commands(Vec<Command>),
    Monitor(Option<String>),
}

/// Where a process's memory can be read from outside, and what shows that it is this process that is read: in a namespace of its own it
/// may call itself by another's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemoryPlace {
    /// The guest's address 0 among the process's own addresses.
    pub base: u64,
    /// There is a word of the process's own at this one.
    pub mark_at: u64,
    /// The word.
    pub mark: u64,
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
        /// Where its memory can be read from outside.
        memory: Option<MemoryPlace>,
    },
    /// In the place of the first message: there will be no process, for this reason.
    Failed(String),
    /// A thread has stopped.
    Stopped(Tid, StopReason, Vitals),
    /// From now on whoever reads the process's memory from outside may have to wait for the guest.
    MemoryWithheld,
    /// A command of a breakpoint's has printed this.
    Printed(Vec<u8>),
    /// Tracepoints have collected this.
    Traced(Report),
    /// The process has a new thread, which runs, or will say that it has stopped.
    ThreadStarted {
        /// Which.
        thread: Thread,
        /// It stands until it is let go: see [`Request::HoldClones`].
        held: bool,
    },
    /// A thread is gone, with this status. Others live on.
    ThreadExited(Tid, i32),
    /// The process is about to fork; the child's end of the control protocol comes with this message.
    Offer {
        /// Names this fork among those of the process.
        token: u64,
        /// Fork or vfork.
        kind: Kind,
    },
    /// The fork succeeded; the thread has stopped.
    Forked {
        /// Of the offer.
        token: u64,
        /// Who forked.
        tid: Tid,
        /// The child.
        child: Pid,
        /// The thread's registers.
        vitals: Vitals,
    },
    /// The fork failed; the thread goes on.
    ForkFailed {
        /// Of the offer.
        token: u64,
    },
    /// The thread is out of its vfork; it has stopped.
    VforkDone {
        /// Of the offer.
        token: u64,
        /// Who made it.
        tid: Tid,
        /// Its registers.
        vitals: Vitals,
    },
    /// The process executes another program: its breakpoints, settings and threads are gone, and it has a first thread, which
    /// has stopped.
    Execed {
        /// Its threads.
        threads: Vec<Thread>,
        /// The program's absolute path.
        path: String,
        /// Where its memory can be read from outside.
        memory: Option<MemoryPlace>,
    },
    /// The process is about to execute this program, which cannot be debugged here: the end of the connection means that.
    Leaves(String),
    /// It could not execute it.
    Stays,
    /// The process is about to exit with this status.
    Exited(i32),
    /// The process is about to be killed by this signal (Linux number).
    Signaled(i32),
}
