//! A guest process, which is a host process: what its tasks share.

use std::path::PathBuf;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Arc, OnceLock};

use crate::addr::GuestAddr;
use crate::debug::Debugger;
use crate::engine::Engine;
use crate::memory::Memory;
use crate::signal::Actions;

pub mod exit;
pub mod fork;
pub mod limits;
pub mod view;

/// A guest process.
pub struct Process {
    /// Its address space.
    pub memory: Arc<Memory>,
    /// What runs its code.
    pub engine: Engine,
    /// What it does with signals.
    pub actions: Actions,
    /// `__vdso_rt_sigreturn`: where a signal handler returns to.
    pub sigreturn: GuestAddr,
    /// The debugger's part of it, when it is debugged.
    pub debug: OnceLock<Debugger>,
    /// The program that runs: what /proc/self/exe leads to.
    pub exe: OnceLock<PathBuf>,
    /// The resource limits that are the guest's alone.
    pub limits: limits::Limits,
    pid: AtomicI32,
}

impl Process {
    /// The process that runs here.
    pub fn new(memory: Arc<Memory>, engine: Engine, sigreturn: GuestAddr) -> Process {
        let pid = AtomicI32::new(std::process::id() as i32);
        Process {
            memory,
            engine,
            actions: Actions::inherited(),
            sigreturn,
            debug: OnceLock::new(),
            exe: OnceLock::new(),
            limits: limits::Limits::inherited(),
            pid,
        }
    }

    /// This is a forked child now.
    pub(crate) fn set_pid(&self, pid: i32) {
        self.pid.store(pid, Ordering::Relaxed);
    }

    /// The pid, which is the host's.
    pub fn pid(&self) -> i32 {
        self.pid.load(Ordering::Relaxed)
    }
}
