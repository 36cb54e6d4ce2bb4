//! Why a thread stopped, and how gdb is told (gdb manual, "Stop Reply Packets").

use serde::{Deserialize, Serialize};

use crate::id::{Pid, ThreadId};
use crate::signal;
use crate::target::Watch;

/// Why a thread stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StopReason {
    /// [`crate::target::Target::stop`] asked for it.
    Requested,
    /// This signal (Linux number) is about to be delivered.
    Signal(i32),
    /// It is about to run the instruction under a software breakpoint.
    Breakpoint,
    /// The same, under a hardware breakpoint.
    HardwareBreakpoint,
    /// It is about to make an access that is watched, or it has made it in a system call.
    Watch {
        /// What the watchpoint is about.
        kind: Watch,
        /// The first byte of the access that is watched.
        addr: u64,
        /// The access has happened.
        is_over: bool,
    },
    /// A step or a range step is done.
    Step,
    /// It is about to make this system call; the pc is behind the instruction.
    SyscallEntry(u64),
    /// It has made this system call.
    SyscallReturn(u64),
    /// It is new and has not run yet. Only if [`crate::agent::Agent::wants_thread_events`].
    Created,
    /// It has made this thread, which stands before its first instruction. Only if [`crate::agent::Agent::holds_clones_of`].
    Cloned(ThreadId),
    /// It has forked. Reported by [`crate::agent::PreparedFork::parent`], never by hand.
    Forked(ThreadId),
    /// It has made a vfork, and waits in it. Reported by [`crate::agent::PreparedVfork::parent`], never by hand.
    Vforked(ThreadId),
    /// It is out of its vfork. Reported by [`crate::agent::Agent::vfork_done`], never by hand.
    VforkDone,
    /// It has executed this program, and is its only thread. Reported by [`crate::agent::Agent::execed`], never by hand.
    Execed(String),
}

/// How a process ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// By itself, with this status.
    Exited(i32),
    /// By this signal (Linux number).
    Signaled(i32),
    /// It lives, but has executed this program, which is none that can be debugged here.
    Left(String),
}

/// What gdb is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StopReply {
    /// A thread stopped, and with it all others.
    Stopped(ThreadId, StopReason),
    /// gdb asked for it by ^C.
    Interrupted(ThreadId),
    /// A thread ended with this status, and its process did not.
    ThreadEnded(ThreadId, i32),
    /// A process ended.
    Ended(Pid, Ending),
    /// gdb waits for threads that are not there.
    NoneResumed,
}

/// What of it depends on gdb.
#[derive(Clone, Copy, Debug, Default)]
pub struct Dialect {
    /// gdb knows of several processes.
    pub multiprocess: bool,
    /// gdb wants to know whether a trap is a breakpoint.
    pub swbreak: bool,
    /// The same of hardware breakpoints.
    pub hwbreak: bool,
    /// It is LLDB, which has Linux's signal numbers, and a word for each reason.
    pub lldb: bool,
    /// A stop is told without its thread.
    pub is_nameless: bool,
}

impl Dialect {
    /// How a Linux signal is numbered.
    pub fn number(self, signal: i32) -> u8 {
        if self.lldb { signal as u8 } else { signal::to_gdb(signal) }
    }

    /// The Linux signal of a number.
    pub fn signal(self, number: u8) -> Option<i32> {
        match number {
            1..=64 if self.lldb => Some(number.into()),
            _ if self.lldb => None,
            _ => signal::from_gdb(number),
        }
    }
}

impl StopReply {
    /// Whether it tells of this thread that it stands, or that there is one.
    pub fn tells_of(&self, thread: ThreadId) -> bool {
        match self {
            StopReply::Stopped(id, _) | StopReply::Interrupted(id) if *id == thread => true,
            StopReply::Stopped(_, StopReason::Forked(child) | StopReason::Vforked(child)) => {
                child.pid == thread.pid
            }
            StopReply::Stopped(_, StopReason::Cloned(id)) => *id == thread,
            _ => false,
        }
    }

    /// The process that it is about.
    pub fn pid(&self) -> Option<Pid> {
        match self {
            StopReply::Stopped(id, _) | StopReply::Interrupted(id) | StopReply::ThreadEnded(id, _) => {
                Some(id.pid)
            }
            StopReply::Ended(pid, _) => Some(*pid),
            StopReply::NoneResumed => None,
        }
    }

    /// The packet.
    ///
    /// ```text
    /// T05swbreak:;thread:p1f.1f;
    /// T05hwbreak:;thread:p1f.1f;
    /// T05watch:4c8010;thread:p1f.1f;
    /// T05fork:p20.20;thread:p1f.1f;
    /// T05syscall_entry:dc;thread:p1f.1f;
    /// T05vfork:p20.20;thread:p1f.1f;
    /// T05vforkdone:;thread:p1f.1f;
    /// T05exec:2f62696e2f6c73;thread:p1f.1f;
    /// T05create:;thread:p1f.21;
    /// T05clone:p1f.21;thread:p1f.1f;
    /// T0bthread:p1f.1f;
    /// w0;p1f.21
    /// W2a;process:1f
    /// X09;process:1f
    /// N
    /// ```
    pub fn packet(&self, dialect: Dialect) -> String {
        let process =
            |pid: Pid| if dialect.multiprocess { format!(";process:{:x}", pid.0) } else { String::new() };
        let thread =
            |id: ThreadId| if dialect.multiprocess { id.to_string() } else { format!("{:x}", id.tid.0) };
        match self {
            StopReply::Stopped(id, reason) => {
                let word = if dialect.lldb { format!("reason:{};", reason.word()) } else { String::new() };
                let thread =
                    if dialect.is_nameless { String::new() } else { format!("thread:{};", thread(*id)) };
                format!("T{}{thread}{word}", reason.words(dialect))
            }
            StopReply::ThreadEnded(id, status) => format!("w{:x};{}", status & 0xff, thread(*id)),
            StopReply::Interrupted(id) => StopReply::Stopped(*id, StopReason::Signal(2)).packet(dialect),
            StopReply::Ended(pid, Ending::Exited(status)) => {
                format!("W{:02x}{}", status & 0xff, process(*pid))
            }
            StopReply::Ended(pid, Ending::Signaled(number)) => {
                format!("X{:02x}{}", dialect.number(*number), process(*pid))
            }
            // As if it had come to a good end: gdb has no word for this.
            StopReply::Ended(pid, Ending::Left(_)) => format!("W00{}", process(*pid)),
            StopReply::NoneResumed => "N".to_owned(),
        }
    }

    /// What gdb's user is to read before it.
    pub fn remark(&self) -> Option<String> {
        match self {
            StopReply::Ended(pid, Ending::Left(path)) => Some(format!(
                "Process {pid} is executing {path}, a program of the host: it runs on without the debugger.\n"
            )),
            _ => None,
        }
    }
}

impl StopReason {
    /// Whether a thread that stopped for this, and goes on without a word of it, stops for it again if gdb still wants that; or has no
    /// more to say of it than that it has stopped.
    pub fn is_met_again(&self) -> bool {
        match self {
            StopReason::Breakpoint | StopReason::HardwareBreakpoint | StopReason::Step => true,
            StopReason::Watch { is_over, .. } => !is_over,
            _ => false,
        }
    }

    /// Signal number and reason, as a `T` packet begins.
    fn words(&self, dialect: Dialect) -> String {
        match self {
            StopReason::Requested => "00".to_owned(),
            StopReason::Signal(number) => format!("{:02x}", dialect.number(*number)),
            StopReason::Breakpoint if dialect.swbreak => "05swbreak:;".to_owned(),
            StopReason::HardwareBreakpoint if dialect.hwbreak => "05hwbreak:;".to_owned(),
            StopReason::Breakpoint | StopReason::HardwareBreakpoint | StopReason::Step => "05".to_owned(),
            StopReason::Watch { kind, addr, .. } => {
                let word = match kind {
                    Watch::Write => "watch",
                    Watch::Read => "rwatch",
                    Watch::Access => "awatch",
                };
                format!("05{word}:{addr:x};")
            }
            StopReason::SyscallEntry(number) => format!("05syscall_entry:{number:x};"),
            StopReason::SyscallReturn(number) => format!("05syscall_return:{number:x};"),
            StopReason::Created => "05create:;".to_owned(),
            StopReason::Cloned(id) => format!("05clone:{id};"),
            StopReason::Forked(child) => format!("05fork:{child};"),
            StopReason::Vforked(child) => format!("05vfork:{child};"),
            StopReason::VforkDone => "05vforkdone:;".to_owned(),
            StopReason::Execed(path) => {
                let path: String = path.bytes().map(|byte| format!("{byte:02x}")).collect();
                format!("05exec:{path};")
            }
        }
    }
}

impl StopReason {
    /// LLDB's word for it.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            StopReason::Requested | StopReason::Created | StopReason::Cloned(_) => "",
            StopReason::Signal(_) => "signal",
            StopReason::Breakpoint | StopReason::HardwareBreakpoint => "breakpoint",
            StopReason::Watch { .. } => "watchpoint",
            StopReason::Step | StopReason::SyscallEntry(_) | StopReason::SyscallReturn(_) => "trace",
            StopReason::Forked(_) => "fork",
            StopReason::Vforked(_) => "vfork",
            StopReason::VforkDone => "vforkdone",
            StopReason::Execed(_) => "exec",
        }
    }

    /// The signal that it counts as (Linux number).
    pub(crate) fn signal(&self) -> i32 {
        match self {
            StopReason::Requested | StopReason::Created | StopReason::Cloned(_) => 0,
            StopReason::Signal(signal) => *signal,
            _ => 5,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Tid;

    #[test]
    fn every_stop_reply_is_spelled_as_gdb_reads_it() {
        let id = ThreadId { pid: Pid(0x1f), tid: Tid(0x20) };
        let dialect = Dialect { multiprocess: true, swbreak: true, hwbreak: true, ..Dialect::default() };
        let stopped = |reason| StopReply::Stopped(id, reason).packet(dialect);
        assert_eq!(stopped(StopReason::Signal(11)), "T0bthread:p1f.20;");
        assert_eq!(stopped(StopReason::Signal(10)), "T1ethread:p1f.20;");
        assert_eq!(stopped(StopReason::Breakpoint), "T05swbreak:;thread:p1f.20;");
        assert_eq!(stopped(StopReason::HardwareBreakpoint), "T05hwbreak:;thread:p1f.20;");
        let watch = |kind| stopped(StopReason::Watch { kind, addr: 0x4c80, is_over: false });
        assert_eq!(watch(Watch::Write), "T05watch:4c80;thread:p1f.20;");
        assert_eq!(watch(Watch::Read), "T05rwatch:4c80;thread:p1f.20;");
        assert_eq!(watch(Watch::Access), "T05awatch:4c80;thread:p1f.20;");
        assert_eq!(stopped(StopReason::Step), "T05thread:p1f.20;");
        assert_eq!(stopped(StopReason::SyscallEntry(220)), "T05syscall_entry:dc;thread:p1f.20;");
        assert_eq!(stopped(StopReason::SyscallReturn(220)), "T05syscall_return:dc;thread:p1f.20;");
        assert_eq!(stopped(StopReason::Forked(ThreadId::first(Pid(33)))), "T05fork:p21.21;thread:p1f.20;");
        assert_eq!(stopped(StopReason::Vforked(ThreadId::first(Pid(33)))), "T05vfork:p21.21;thread:p1f.20;");
        assert_eq!(stopped(StopReason::VforkDone), "T05vforkdone:;thread:p1f.20;");
        assert_eq!(stopped(StopReason::Execed("/bin/ls".into())), "T05exec:2f62696e2f6c73;thread:p1f.20;");
        assert_eq!(stopped(StopReason::Created), "T05create:;thread:p1f.20;");
        assert_eq!(
            stopped(StopReason::Cloned(ThreadId { tid: Tid(33), ..id })),
            "T05clone:p1f.21;thread:p1f.20;"
        );
        assert_eq!(StopReply::ThreadEnded(id, 0x103).packet(dialect), "w3;p1f.20");
        assert_eq!(StopReply::Interrupted(id).packet(dialect), "T02thread:p1f.20;");
        let ended = |ending| StopReply::Ended(id.pid, ending);
        assert_eq!(ended(Ending::Exited(42)).packet(dialect), "W2a;process:1f");
        assert_eq!(ended(Ending::Signaled(9)).packet(dialect), "X09;process:1f");
        assert_eq!(ended(Ending::Exited(42)).packet(Dialect::default()), "W2a");
        let left = ended(Ending::Left("/bin/ls".into()));
        assert_eq!(left.packet(dialect), "W00;process:1f");
        assert!(left.remark().is_some_and(|text| text.contains("31 is executing /bin/ls")));
        assert_eq!(
            StopReply::Stopped(id, StopReason::Breakpoint).packet(Dialect::default()),
            "T05thread:20;"
        );
        assert_eq!(StopReply::NoneResumed.packet(dialect), "N");
        let dialect = Dialect { lldb: true, ..dialect };
        let stopped = |reason| StopReply::Stopped(id, reason).packet(dialect);
        assert_eq!(stopped(StopReason::Signal(10)), "T0athread:p1f.20;reason:signal;");
        assert_eq!(stopped(StopReason::Breakpoint), "T05swbreak:;thread:p1f.20;reason:breakpoint;");
        assert_eq!((dialect.signal(10), dialect.signal(0), dialect.signal(65)), (Some(10), None, None));
    }
}
