//! The debugger's breakpoints: those of a memory, which several processes may share.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::addr::GuestAddr;
use crate::engine::Engine;

/// Where they are, and who stops at them.
#[derive(Debug, Default)]
pub(super) struct Breakpoints(Mutex<Table>);

#[derive(Debug, Default)]
pub(super) struct Table {
    addresses: BTreeSet<u64>,
    /// The processes that are debugged.
    pids: BTreeSet<i32>,
}

impl Breakpoints {
    /// Keeps them as they are while the guard lives.
    pub fn lock(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A process stops at them too.
    pub fn share(&self, pid: i32) {
        self.lock().pids.insert(pid);
    }

    /// In a forked child: the memory is a copy, and nobody else uses it.
    pub fn take_over(&self, pid: i32) {
        self.lock().pids = [pid].into();
    }

    /// A process has left the memory without a word, and those that others stop at stay.
    pub fn forget(&self, pid: i32) {
        self.lock().pids.remove(&pid);
    }

    /// A process stops at them no more. With the last one they go.
    pub fn leave(&self, pid: i32, engine: &Engine) {
        let mut table = self.lock();
        table.pids.remove(&pid);
        if table.pids.is_empty() {
            table.addresses.clear();
            engine.clear_breakpoints();
        }
    }

    /// Inserts one.
    pub fn insert(&self, addr: u64, engine: &Engine) {
        self.lock().addresses.insert(addr);
        engine.insert_breakpoint(GuestAddr(addr));
    }

    /// Removes one.
    pub fn remove(&self, addr: u64, engine: &Engine) {
        self.lock().addresses.remove(&addr);
        engine.remove_breakpoint(GuestAddr(addr));
    }

    /// Whether process `pid` has to stop at `addr`.
    pub fn stop(&self, pid: i32, addr: u64) -> bool {
        let table = self.lock();
        table.pids.contains(&pid) && table.addresses.contains(&addr)
    }

    /// One line each.
    pub fn list(&self) -> String {
        self.lock().addresses.iter().map(|addr| format!("{addr:#x}\n")).collect()
    }
}
