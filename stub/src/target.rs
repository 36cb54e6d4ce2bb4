//! What the stub needs from an emulator: one guest process, as a debugger sees it.

use std::borrow::Cow;
use std::io;
use std::os::fd::BorrowedFd;
use std::path::PathBuf;
use std::thread::{Builder, JoinHandle};

use rustix::event::{PollFd, PollFlags};
use serde::{Deserialize, Serialize};

use crate::control::Words;
use crate::id::{Pid, Tid};
use crate::rule::Rule;
use crate::stop::StopReason;

/// Why a request could not be served. It travels to gdb as an error reply.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Failure {
    /// The thread does not exist.
    #[error("no such thread")]
    NoThread,
    /// The thread runs; its registers are not to be had.
    #[error("the thread is running")]
    Running,
    /// Nothing is mapped there.
    #[error("cannot access memory")]
    Memory,
    /// The arguments make no sense to the target.
    #[error("invalid argument")]
    Invalid,
    /// The target does not have this: gdb gets the empty reply.
    #[error("not supported")]
    Unsupported,
    /// The variable has no memory yet: the thread has not used it.
    #[error("the thread has not used this variable yet")]
    NotYet,
    /// The process did not answer in time, or is gone.
    #[error("the process does not answer")]
    Silent,
}

/// A thread of the guest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    /// Its id.
    pub tid: Tid,
    /// Its name, as `/proc/PID/comm` has it; for people.
    pub name: String,
}

/// A shared library in the process, as the dynamic linker's list has it (`struct link_map` of `<link.h>`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Library {
    /// Its path.
    pub name: String,
    /// Address of its link map.
    pub link_map: u64,
    /// Address of the `struct r_debug` whose list it is in: there is one for each namespace.
    pub namespace: u64,
    /// What is added to the addresses in its file.
    pub bias: u64,
    /// Address of its dynamic section.
    pub dynamic: u64,
}

/// The shared libraries of a process.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Libraries {
    /// Address of the link map of the executable itself; `None` if it has none, or is not in this part of the list.
    pub main: Option<u64>,
    /// The others.
    pub list: Vec<Library>,
}

/// Where in the lists of libraries to begin: gdb knows what is before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct From {
    /// Address of the first link map that is wanted.
    pub start: u64,
    /// Address of the one before it; 0 if it is the first.
    pub prev: u64,
    /// Address of the `struct r_debug` whose list it is in, if gdb has said.
    pub namespace: Option<u64>,
}

/// The program that a process runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Executable {
    /// By which name it can be opened.
    pub path: String,
    /// What the link `/proc/PID/exe` says, which leads nowhere if the file has no name any more.
    pub link: String,
}

/// What machine the guest believes to run on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// LLVM's name for it, such as `riscv64-unknown-linux-gnu`.
    pub triple: String,
    /// Name of the calling convention, such as `lp64d`.
    pub abi: String,
    /// Size of an address in bytes.
    pub pointer: u8,
    /// The kernel's release.
    pub release: String,
}

/// What a program may do with memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Access {
    pub read: bool,
    pub write: bool,
    pub execute: bool,
}

/// A range of addresses that is mapped in one way, or not at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Region {
    /// First address.
    pub start: u64,
    /// The address behind the last one.
    pub end: u64,
    /// What the guest may do; `None`: nothing is mapped there.
    pub access: Option<Access>,
    /// The file, or `[stack]` and its like.
    pub name: String,
}

/// Where in the `g` packet a register is, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct RegisterPlace {
    pub number: u32,
    pub at: usize,
    pub size: usize,
    pub is_pc: bool,
}

/// Registers that a debugger looks at after every stop ([`Target::vital_registers`]): numbers, and values as the `p` packet has
/// them.
pub type Vitals = Vec<(u32, Vec<u8>)>;

/// How a thread goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Motion {
    /// Until something happens.
    Continue,
    /// One instruction.
    Step,
    /// While the pc is in `start..end`; at least one instruction.
    Range {
        /// First address inside.
        start: u64,
        /// First address outside.
        end: u64,
    },
}

/// An order for one thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resume {
    /// Which thread.
    pub tid: Tid,
    /// How it goes on.
    pub motion: Motion,
    /// The signal to deliver first, in Linux numbers. `None` drops the one that it stopped for.
    pub signal: Option<i32>,
}

/// Which system calls stop a thread, at entry and at return.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Catch {
    /// None.
    #[default]
    Nothing,
    /// All.
    Everything,
    /// These numbers, sorted.
    Only(Vec<u64>),
}

impl Catch {
    /// Whether call `number` stops.
    pub fn contains(&self, number: u64) -> bool {
        match self {
            Catch::Nothing => false,
            Catch::Everything => true,
            Catch::Only(numbers) => numbers.binary_search(&number).is_ok(),
        }
    }
}

/// Which accesses a watchpoint is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Watch {
    /// Those that write.
    Write,
    /// Those that read.
    Read,
    /// Both.
    Access,
}

/// A watchpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Watchpoint {
    /// The accesses that stop.
    pub kind: Watch,
    /// The first byte.
    pub addr: u64,
    /// How many bytes; any number but 0.
    pub len: u64,
}

/// A `monitor` command, as its help tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    /// One word.
    pub name: Cow<'static, str>,
    /// What may follow, in the usual brackets.
    pub arguments: Cow<'static, str>,
    /// What it does.
    pub doc: Cow<'static, str>,
}

impl Command {
    /// A row of a table.
    pub const fn new(name: &'static str, arguments: &'static str, doc: &'static str) -> Command {
        let (name, arguments, doc) = (Cow::Borrowed(name), Cow::Borrowed(arguments), Cow::Borrowed(doc));
        Command { name, arguments, doc }
    }

    /// How it is called.
    pub fn call(&self) -> String {
        format!("{} {}", self.name, self.arguments).trim_end().to_owned()
    }
}

/// A file, as the guest sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum File {
    /// Made by the emulator, such as `/proc/PID/maps`.
    Contents(Vec<u8>),
    /// The file with this name on the host.
    Host(PathBuf),
}

/// One guest process. All methods may be called while its threads run, from the agent's thread; none may block for
/// longer than a moment. Registers and signal information are only asked of threads that have reported a stop.
pub trait Target: Send + Sync + 'static {
    /// The process.
    fn pid(&self) -> Pid;
    /// Makes the agent's thread: one that gets no signals of the guest's.
    fn spawn(&self, thread: Builder, work: Box<dyn FnOnce() + Send>) -> io::Result<JoinHandle<()>> {
        thread.spawn(work)
    }
    /// Called by the agent's thread before it serves any request.
    fn serving(&self) {}
    /// The agent's thread has ended, or is about to. There may be another one later.
    fn served(&self) {}
    /// In the agent's thread: waits until something can be read from `control`, or the thread is roused, at any time since it began.
    fn wait(&self, control: BorrowedFd<'_>) {
        let mut fds = [PollFd::new(&control, PollFlags::IN)];
        while rustix::event::poll(&mut fds, None) == Err(rustix::io::Errno::INTR) {}
    }
    /// Whether [`Target::rouse`] does anything, and a thread that has ended by it can be made anew. If not, the agent's thread is there when the
    /// process forks, and the child keeps for ever what that thread had.
    fn rouses(&self) -> bool {
        false
    }
    /// Makes [`Target::wait`] come back in the agent's thread, whose number this is.
    fn rouse(&self, _thread: Tid) {}
    /// Its threads, in the order of their birth.
    fn threads(&self) -> Vec<Thread>;
    /// `target.xml` (gdb manual, "Target Descriptions").
    fn description(&self) -> String;

    /// All registers, as the `g` packet has them (without the hexadecimal).
    fn registers(&self, tid: Tid) -> Result<Vec<u8>, Failure>;
    /// The first of them, which a debugger knows that has not read the target description.
    fn common_registers(&self, tid: Tid) -> Result<Vec<u8>, Failure> {
        self.registers(tid)
    }
    /// Writes all registers.
    fn set_registers(&self, tid: Tid, bytes: &[u8]) -> Result<(), Failure>;
    /// One register, by its number in the target description.
    fn register(&self, tid: Tid, number: u32) -> Result<Vec<u8>, Failure>;
    /// Writes one register.
    fn set_register(&self, tid: Tid, number: u32, bytes: &[u8]) -> Result<(), Failure>;

    /// Where the guest's address 0 is among the process's own addresses, if others may read there what the guest may read
    /// (process_vm_readv(2)). From the first time on that this does not hold any more [`Agent::withhold_memory`](crate::agent::Agent::withhold_memory)
    /// is to be called.
    fn memory_base(&self) -> Option<u64> {
        None
    }
    /// Reads guest memory, whatever its protection. May return less than `len` bytes, if the rest is not mapped.
    fn read_memory(&self, addr: u64, len: usize) -> Result<Vec<u8>, Failure>;
    /// Writes guest memory, whatever its protection; instructions too.
    fn write_memory(&self, addr: u64, bytes: &[u8]) -> Result<(), Failure>;

    /// Inserts a breakpoint, which is a software or a hardware one in gdb's eyes, or gives the one that is there another rule.
    /// The rule is to be asked by each thread that comes here, before anything is reported.
    fn insert_breakpoint(&self, addr: u64, hardware: bool, rule: Rule) -> Result<(), Failure>;
    /// Removes a breakpoint, if there is one.
    fn remove_breakpoint(&self, addr: u64, hardware: bool) -> Result<(), Failure>;
    /// Inserts a watchpoint; doing it twice is doing it once. A thread stops before an instruction's access happens, with the pc on
    /// the instruction, and after a system call's.
    fn insert_watchpoint(&self, watchpoint: Watchpoint) -> Result<(), Failure> {
        let _ = watchpoint;
        Err(Failure::Unsupported)
    }
    /// Removes a watchpoint, if there is one.
    fn remove_watchpoint(&self, watchpoint: Watchpoint) -> Result<(), Failure> {
        let _ = watchpoint;
        Err(Failure::Unsupported)
    }
    /// Sets the addresses where threads call [`crate::agent::Agent::trace`], and go on; [`crate::agent::Agent::trace_step`] after each step that
    /// this asks for.
    fn set_tracepoints(&self, addrs: &[u64]) {
        let _ = addrs;
    }
    /// Where registers are.
    fn register_places(&self) -> Vec<RegisterPlace> {
        Vec::new()
    }
    /// Sets which system calls stop.
    fn catch_syscalls(&self, catch: Catch);
    /// Sets which signals (Linux numbers) are delivered without a stop.
    fn pass_signals(&self, signals: Vec<i32>);

    /// Lets a stopped thread go on, and says whether it does. Nothing happens if it is not stopped.
    fn resume(&self, order: Resume) -> bool;
    /// Asks all running threads to stop; each says so by [`crate::agent::Agent::stopped`], with
    /// [`crate::stop::StopReason::Requested`] if nothing else happened first. Must also reach a thread that is blocked in the host.
    fn stop(&self);
    /// The same for these threads only; others that are born meanwhile run.
    fn stop_threads(&self, tids: &[Tid]);
    /// The process of the debug server, for who asks the process whether it is debugged. [`Target::detach`] ends that.
    fn traced_by(&self, server: Pid) {
        let _ = server;
    }
    /// Drops breakpoints, watchpoints, catch set, passed signals and steps, lets all threads run free, and stops none again until somebody
    /// attaches anew. A thread that has stopped for a signal gets it.
    fn detach(&self);
    /// The same, but [`Target::stop`] and what is asked for from now on work again: nobody is there at the moment.
    fn release(&self);
    /// Drops what [`Target::release`] drops, and lets nobody go: the next debugger finds the threads that have stopped where they are.
    fn forget(&self);

    /// Shows the user what a breakpoint's command prints, where the emulator's own messages go: the debugger cannot take it.
    fn print(&self, text: &[u8]) {
        let _ = text;
    }

    /// The auxiliary vector, in the guest's format.
    fn auxv(&self) -> Result<Vec<u8>, Failure>;
    /// Its shared libraries, without the executable itself; none in a static program. `Unsupported`: gdb looks for itself.
    /// With `from`, only what begins there.
    fn libraries(&self, from: Option<From>) -> Result<Libraries, Failure> {
        let _ = from;
        Err(Failure::Unsupported)
    }
    /// The machine that the guest believes to run on. `Unsupported`: debuggers have to know.
    fn machine(&self) -> Result<Machine, Failure> {
        Err(Failure::Unsupported)
    }
    /// Numbers of the registers that a debugger looks at after every stop, such as the pc and the stack pointer.
    fn vital_registers(&self) -> &'static [u32] {
        &[]
    }
    /// The range around an address.
    fn region(&self, addr: u64) -> Result<Region, Failure> {
        let _ = addr;
        Err(Failure::Unsupported)
    }
    /// Maps fresh memory for the debugger's use in the guest; returns its address.
    fn allocate(&self, len: u64, access: Access) -> Result<u64, Failure> {
        let _ = (len, access);
        Err(Failure::Unsupported)
    }
    /// Gives back what [`Target::allocate`] has mapped at `addr`.
    fn deallocate(&self, addr: u64) -> Result<(), Failure> {
        let _ = addr;
        Err(Failure::Unsupported)
    }
    /// The program that the process runs.
    fn executable(&self) -> Result<Executable, Failure>;
    /// The `siginfo_t` of the signal that a thread stopped for, in the guest's format.
    fn siginfo(&self, tid: Tid) -> Result<Vec<u8>, Failure>;
    /// Changes it.
    fn set_siginfo(&self, tid: Tid, bytes: &[u8]) -> Result<(), Failure>;
    /// A thread that was asked to stop did so for this reason, and its `siginfo_t` is to say so.
    fn explain(&self, tid: Tid, reason: &StopReason) -> Result<(), Failure> {
        let _ = (tid, reason);
        Ok(())
    }
    /// What the guest would see under an absolute path.
    fn file(&self, path: &str) -> File;
    /// Address of a thread-local variable: `offset` in the block of the module whose link map is at `link_map` (0: the
    /// executable).
    fn tls_address(&self, tid: Tid, offset: u64, link_map: u64) -> Result<u64, Failure> {
        let _ = (tid, offset, link_map);
        Err(Failure::Unsupported)
    }
    /// What the program's thread library calls these threads by (`pthread_t`), as it is in memory; `None` where that is not known.
    fn handles(&self, tids: &[Tid]) -> Vec<Option<[u8; 8]>> {
        vec![None; tids.len()]
    }
    /// Maps memory that is to be shared with the server, and not with forked children; `None`: that is not to be had.
    fn share(&self, memory: BorrowedFd<'_>) -> Option<Words> {
        let _ = memory;
        None
    }
    /// The emulator's own commands for `monitor`.
    fn commands(&self) -> Vec<Command> {
        Vec::new()
    }
    /// Runs one of them, with its arguments; it may take longer than others, and may be about the thread that gdb has selected. `None`: they make no
    /// sense to it, or it is not there.
    fn monitor(&self, tid: Tid, command: &str) -> Option<String> {
        let _ = (tid, command);
        None
    }
}
