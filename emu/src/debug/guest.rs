//! [`Target`] over a guest process.

use std::sync::{Arc, PoisonError};

use tine_stub::target::{Catch, Failure, File, Resume, Target, Thread};
use tine_stub::{Pid, Tid};

use crate::process::Process;
use crate::signal::host::kick;

use super::{Debugger, registers};

/// The process that runs here, as the agent sees it.
pub(super) struct Guest {
    process: Arc<Process>,
}

impl Guest {
    pub fn new(process: Arc<Process>) -> Guest {
        Guest { process }
    }

    fn debugger(&self) -> &Debugger {
        self.process.debug.get_or_init(Debugger::default)
    }
}

impl Target for Guest {
    fn pid(&self) -> Pid {
        Pid(self.process.pid())
    }

    fn threads(&self) -> Vec<Thread> {
        let name = |tid| {
            let path = format!("/proc/self/task/{tid}/comm");
            std::fs::read_to_string(path).unwrap_or_default().trim_end().to_owned()
        };
        self.debugger()
            .parking
            .tids()
            .into_iter()
            .map(|tid| Thread { tid: Tid(tid), name: name(tid) })
            .collect()
    }

    fn description(&self) -> String {
        registers::description()
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

    fn read_memory(&self, _addr: u64, _len: usize) -> Result<Vec<u8>, Failure> {
        Err(Failure::Memory)
    }

    fn write_memory(&self, _addr: u64, _bytes: &[u8]) -> Result<(), Failure> {
        Err(Failure::Memory)
    }

    fn insert_breakpoint(&self, addr: u64) -> Result<(), Failure> {
        self.debugger().breakpoints.lock().unwrap_or_else(PoisonError::into_inner).insert(addr);
        Ok(())
    }

    fn remove_breakpoint(&self, addr: u64) -> Result<(), Failure> {
        self.debugger().breakpoints.lock().unwrap_or_else(PoisonError::into_inner).remove(&addr);
        Ok(())
    }

    fn catch_syscalls(&self, catch: Catch) {
        self.debugger().set_catch(catch);
    }

    fn pass_signals(&self, signals: Vec<i32>) {
        self.debugger().set_pass(signals);
    }

    fn resume(&self, order: Resume) {
        self.debugger().parking.resume(order);
    }

    fn stop(&self) {
        let pid = self.process.pid();
        for tid in self.debugger().parking.request_all() {
            // A task that is gone needs no call.
            let _ = kick(pid, tid);
        }
    }

    fn detach(&self) {
        self.debugger().drop_everything(&self.process);
        self.debugger().parking.free();
    }

    fn auxv(&self) -> Result<Vec<u8>, Failure> {
        Err(Failure::Unsupported)
    }

    fn executable(&self) -> Result<String, Failure> {
        Err(Failure::Unsupported)
    }

    fn siginfo(&self, tid: Tid) -> Result<Vec<u8>, Failure> {
        let siginfo = self.debugger().parking.with(tid.0, |parked| parked.siginfo)?;
        siginfo.map(|bytes| bytes.to_vec()).ok_or(Failure::Invalid)
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
        File::Host(path.into())
    }
}
