//! [`Target`] over a guest process.

use std::ffi::OsStr;
use std::io;
use std::os::fd::BorrowedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};

use nix::poll::{PollFd, PollFlags, ppoll};
use nix::sys::prctl;
use nix::sys::resource::{Resource, getrlimit};
use nix::sys::signal::{SigSet, Signal};
use tine_stub::control::Words;
use tine_stub::rule::Rule;
use tine_stub::target::{
    Access, Catch, Command, Executable, Failure, File, From, Libraries, Machine, Region, RegisterPlace,
    Resume, Target, Thread, Watchpoint,
};
use tine_stub::{Pid, StopReason, Tid};

use crate::addr::GuestAddr;
use crate::memory::{Mapping, Prot};
use crate::process::Process;
use crate::process::view::{self, Meaning, own_tid};
use crate::signal::host::{kick, with_all_but_faults_blocked};
use crate::syscall::{system, userfault};
use crate::sysroot;

use super::parking::{Requested, Resumed};
use super::{Debugger, Loaded, libraries, monitor, registers, shared, siginfo, tls};

/// Size of a page.
const PAGE: u64 = 4096;

/// The process that runs here, as the agent sees it.
pub(super) struct Guest {
    process: Arc<Process>,
    /// What others are shown of the process is its own, and not its parent's too: the agent's thread is left out there.
    has_own_view: bool,
}

impl Guest {
    pub fn new(process: Arc<Process>, has_own_view: bool) -> Guest {
        Guest { process, has_own_view }
    }

    fn debugger(&self) -> &Debugger {
        self.process.debug.get_or_init(Debugger::default)
    }

    /// Calls those to attention that have to stop, and reports those that have by that.
    fn call(&self, requested: Requested) {
        let (pid, debugger) = (self.process.pid(), self.debugger());
        for tid in requested.running {
            // A task that is gone needs no call.
            let _ = kick(pid, tid);
        }
        for tid in requested.inside {
            debugger.agent().into_iter().for_each(|agent| agent.stopped(Tid(tid), StopReason::Requested));
        }
    }

    fn loaded(&self) -> Result<&Loaded, Failure> {
        self.debugger().loaded.get().ok_or(Failure::Unsupported)
    }
}

/// A task as the debugger is told of it.
pub(super) fn thread(pid: i32, tid: i32) -> Thread {
    // A thread that speaks of itself need not open a file.
    let name = if tid == own_tid() {
        prctl::get_name().map_or_else(|_| String::new(), |name| name.to_string_lossy().into_owned())
    } else {
        // In a namespace of its own the process has another number in /proc, and so have its threads but the first.
        let path =
            if tid == pid { "/proc/self/comm".to_owned() } else { format!("/proc/self/task/{tid}/comm") };
        std::fs::read_to_string(path).unwrap_or_default().trim_end().to_owned()
    };
    Thread { tid: Tid(tid), name }
}

impl Target for Guest {
    fn pid(&self) -> Pid {
        Pid(self.process.pid())
    }

    fn spawn(&self, thread: Builder, work: Box<dyn FnOnce() + Send>) -> io::Result<JoinHandle<()>> {
        with_all_but_faults_blocked(|| thread.spawn(work))
    }

    fn serving(&self) {
        if self.has_own_view {
            view::hide_task(own_tid());
        }
    }

    fn served(&self) {
        if self.has_own_view {
            view::hide_task(0);
        }
    }

    fn wait(&self, control: BorrowedFd<'_>) {
        // A call to attention is for this thread too then; another SIGTRAP that comes to it is passed on.
        let mut open = SigSet::all();
        [Signal::SIGTRAP, Signal::SIGSEGV, Signal::SIGBUS].iter().for_each(|signal| open.remove(*signal));
        let _ = ppoll(&mut [PollFd::new(control, PollFlags::POLLIN)], None, Some(open));
    }

    fn rouses(&self) -> bool {
        // A thread counts as a process does: near to that limit one that has ended might not be made anew.
        const FAR: u64 = 1024;
        getrlimit(Resource::RLIMIT_NPROC).is_ok_and(|(most, _)| most >= FAR)
    }

    fn rouse(&self, thread: Tid) {
        // One that is gone has no need of it.
        let _ = kick(self.process.pid(), thread.0);
    }

    fn threads(&self) -> Vec<Thread> {
        let pid = self.process.pid();
        self.debugger().parking.tids().into_iter().map(|tid| thread(pid, tid)).collect()
    }

    fn description(&self) -> String {
        registers::description()
    }

    fn common_registers(&self, tid: Tid) -> Result<Vec<u8>, Failure> {
        let mut bytes = self.registers(tid)?;
        bytes.truncate(registers::COMMON as usize * 8);
        Ok(bytes)
    }

    fn registers(&self, tid: Tid) -> Result<Vec<u8>, Failure> {
        self.debugger().parking.with(tid.0, |parked| {
            let mut bytes = Vec::with_capacity(registers::COUNT as usize * 8);
            for number in registers::numbers() {
                bytes.extend(registers::get(parked, number)?);
            }
            Ok(bytes)
        })?
    }

    fn set_registers(&self, tid: Tid, bytes: &[u8]) -> Result<(), Failure> {
        self.debugger().parking.with(tid.0, |parked| {
            let mut rest = bytes;
            for number in registers::numbers() {
                let taken = registers::set(parked, number, rest)?;
                rest = &rest[taken..];
            }
            Ok(())
        })?
    }

    fn register(&self, tid: Tid, number: u32) -> Result<Vec<u8>, Failure> {
        self.debugger().parking.with(tid.0, |parked| registers::get(parked, number))?
    }

    fn set_register(&self, tid: Tid, number: u32, bytes: &[u8]) -> Result<(), Failure> {
        self.debugger().parking.with(tid.0, |parked| registers::set(parked, number, bytes))?.map(drop)
    }

    fn memory_base(&self) -> Option<u64> {
        // The page of a fault that somebody fills would be waited for.
        (!userfault::is_used()).then(|| self.process.memory.base() as u64)
    }

    fn read_memory(&self, addr: u64, len: usize) -> Result<Vec<u8>, Failure> {
        let memory = &self.process.memory;
        let mut bytes = vec![0; len];
        if memory.peek(GuestAddr(addr), &mut bytes).is_ok() {
            return Ok(bytes);
        }
        // Page by page, up to the first that is not there.
        let mut done = 0;
        while done < len {
            let at = addr.wrapping_add(done as u64);
            let step = ((PAGE - at % PAGE) as usize).min(len - done);
            if memory.peek(GuestAddr(at), &mut bytes[done..done + step]).is_err() {
                break;
            }
            done += step;
        }
        bytes.truncate(done);
        if done == 0 { Err(Failure::Memory) } else { Ok(bytes) }
    }

    fn write_memory(&self, addr: u64, bytes: &[u8]) -> Result<(), Failure> {
        self.process.memory.poke(GuestAddr(addr), bytes).map_err(|_| Failure::Memory)
    }

    fn insert_breakpoint(&self, addr: u64, hardware: bool, rule: Rule) -> Result<(), Failure> {
        // A processor that compares addresses needs no memory there.
        if !hardware && self.process.memory.region_at(GuestAddr(addr)).is_none() {
            return Err(Failure::Memory);
        }
        self.debugger().breakpoints.insert(addr, hardware, rule, &self.process.engine);
        Ok(())
    }

    fn remove_breakpoint(&self, addr: u64, hardware: bool) -> Result<(), Failure> {
        self.debugger().breakpoints.remove(addr, hardware, &self.process.engine);
        Ok(())
    }

    fn insert_watchpoint(&self, watchpoint: Watchpoint) -> Result<(), Failure> {
        self.debugger().watchpoints.insert(self.process.pid(), watchpoint, &self.process.engine)
    }

    fn remove_watchpoint(&self, watchpoint: Watchpoint) -> Result<(), Failure> {
        self.debugger().watchpoints.remove(self.process.pid(), watchpoint, &self.process.engine);
        Ok(())
    }

    fn set_tracepoints(&self, addrs: &[u64]) {
        self.debugger().breakpoints.trace(addrs, &self.process.engine);
    }

    fn register_places(&self) -> Vec<RegisterPlace> {
        registers::places()
    }

    fn catch_syscalls(&self, catch: Catch) {
        self.debugger().set_catch(catch);
    }

    fn pass_signals(&self, signals: Vec<i32>) {
        self.debugger().set_pass(signals);
    }

    fn resume(&self, order: Resume) -> bool {
        let debugger = self.debugger();
        debugger.goes_on(&self.process.engine);
        let Resumed { goes_on, vfork } = debugger.parking.resume(order);
        if let (Some((tid, token)), Some(agent)) = (vfork, debugger.agent()) {
            agent.vfork_done(Tid(tid), token);
        }
        goes_on
    }

    fn stop(&self) {
        self.call(self.debugger().parking.request_all());
    }

    fn stop_threads(&self, tids: &[Tid]) {
        self.call(self.debugger().parking.request(|tid| tids.contains(&Tid(tid))));
    }

    fn traced_by(&self, server: Pid) {
        view::set_tracer(server.0);
        super::let_tracer_read();
    }

    fn detach(&self) {
        self.debugger().drop_everything(&self.process);
        self.debugger().parking.free();
    }

    fn release(&self) {
        self.forget();
        self.debugger().parking.release();
    }

    fn forget(&self) {
        self.debugger().forget_everything(&self.process);
    }

    fn print(&self, text: &[u8]) {
        crate::log::write(&String::from_utf8_lossy(text));
    }

    fn auxv(&self) -> Result<Vec<u8>, Failure> {
        Ok(self.loaded()?.auxv.clone())
    }

    fn libraries(&self, from: Option<From>) -> Result<Libraries, Failure> {
        Ok(libraries::list(&self.process.memory, self.loaded()?, from))
    }

    fn executable(&self) -> Result<Executable, Failure> {
        let (path, link) = view::own_program().ok_or(Failure::Invalid)?;
        let text = |path: PathBuf| path.into_os_string().into_string().map_err(|_| Failure::Invalid);
        Ok(Executable { path: text(path)?, link: text(link)? })
    }

    fn siginfo(&self, tid: Tid) -> Result<Vec<u8>, Failure> {
        Ok(self.debugger().parking.with(tid.0, |parked| siginfo::shown(parked))?.to_vec())
    }

    fn explain(&self, tid: Tid, reason: &StopReason) -> Result<(), Failure> {
        self.debugger().parking.with(tid.0, |parked| {
            parked.siginfo = Some(siginfo::of_stop(reason, parked.pc));
        })
    }

    fn set_siginfo(&self, tid: Tid, bytes: &[u8]) -> Result<(), Failure> {
        let bytes = bytes.try_into().map_err(|_| Failure::Invalid)?;
        self.debugger().parking.with(tid.0, |parked| match &mut parked.siginfo {
            Some(siginfo) => {
                *siginfo = bytes;
                Ok(())
            }
            None => Err(Failure::Invalid),
        })?
    }

    fn file(&self, path: &str) -> File {
        // The agent's own thread is none of the guest's.
        if path.starts_with("/proc/thread-self") {
            return File::Host(path.into());
        }
        match view::meaning(libc::AT_FDCWD, path.as_bytes(), true) {
            Some(Meaning::Program(exe)) => File::Host(exe),
            Some(Meaning::Shown(place)) => {
                let shown = view::contents(&place, &self.process, || Ok(std::fs::read(path)?));
                shown.ok().flatten().map_or_else(|| File::Host(path.into()), File::Contents)
            }
            Some(Meaning::Host | Meaning::Hidden) => File::Host(path.into()),
            None => {
                let found = sysroot::current().and_then(|sysroot| sysroot.find(path.as_bytes(), true));
                let found = found.map(|found| PathBuf::from(OsStr::from_bytes(found.as_bytes())));
                File::Host(found.unwrap_or_else(|| path.into()))
            }
        }
    }

    fn tls_address(&self, tid: Tid, offset: u64, link_map: u64) -> Result<u64, Failure> {
        let tp = self.debugger().parking.with(tid.0, |parked| parked.regs[4])?;
        tls::address(&self.process.memory, self.loaded()?, tp, offset, link_map)
    }

    fn handles(&self, tids: &[Tid]) -> Vec<Option<[u8; 8]>> {
        let tp = |tid: &Tid| self.debugger().parking.with(tid.0, |parked| parked.regs[4]).unwrap_or(0);
        let tasks: Vec<(i32, u64)> = tids.iter().map(|tid| (tid.0, tp(tid))).collect();
        match self.loaded() {
            Ok(loaded) => tls::handles(&self.process.memory, loaded, &tasks),
            Err(_) => vec![None; tids.len()],
        }
    }

    fn machine(&self) -> Result<Machine, Failure> {
        Ok(Machine {
            triple: "riscv64-unknown-linux-gnu".to_owned(),
            abi: "lp64d".to_owned(),
            pointer: 8,
            release: system::release(),
        })
    }

    fn vital_registers(&self) -> &'static [u32] {
        registers::VITAL
    }

    fn region(&self, addr: u64) -> Result<Region, Failure> {
        let memory = &self.process.memory;
        let mut gap = Region { start: 0, end: memory.size(), access: None, name: String::new() };
        for line in view::maps::own(memory) {
            if (line.start..line.end).contains(&addr) {
                let has = |prot| line.prot.allows(prot);
                let access =
                    Access { read: has(Prot::READ), write: has(Prot::WRITE), execute: has(Prot::EXEC) };
                return Ok(Region {
                    start: line.start,
                    end: line.end,
                    access: Some(access),
                    name: line.name,
                });
            }
            if line.end <= addr {
                gap.start = gap.start.max(line.end);
            } else {
                gap.end = gap.end.min(line.start);
            }
        }
        // Nothing is behind the window.
        if addr >= memory.size() {
            Ok(Region { start: memory.size(), end: u64::MAX, ..gap })
        } else {
            Ok(gap)
        }
    }

    fn allocate(&self, len: u64, access: Access) -> Result<u64, Failure> {
        let letters = [(access.read, Prot::READ), (access.write, Prot::WRITE), (access.execute, Prot::EXEC)];
        let prot = letters.iter().filter(|(has, _)| *has).fold(0, |bits, (_, prot)| bits | prot.0);
        let addr =
            self.process.memory.map(&Mapping::anonymous(len, Prot(prot))).map_err(|_| Failure::Memory)?;
        self.debugger().allocated().insert(addr.0, len);
        Ok(addr.0)
    }

    fn deallocate(&self, addr: u64) -> Result<(), Failure> {
        let len = self.debugger().allocated().remove(&addr).ok_or(Failure::Invalid)?;
        self.process.memory.unmap(GuestAddr(addr), len).map_err(|_| Failure::Memory)
    }

    fn share(&self, memory: BorrowedFd<'_>) -> Option<Words> {
        shared::map(memory)
    }

    fn commands(&self) -> Vec<Command> {
        monitor::commands()
    }

    fn monitor(&self, tid: Tid, command: &str) -> Option<String> {
        monitor::run(&self.process, self.debugger(), tid.0, command)
    }
}
