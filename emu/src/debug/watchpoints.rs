//! The debugger's watchpoints: those of each process that uses a memory.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tine_stub::StopReason;
use tine_stub::target::{Failure, Watch, Watchpoint};

use crate::engine::Engine;
use crate::engine::watch::{Accesses, READS, WRITES};

/// Which there are, and whose.
#[derive(Debug, Default)]
pub(super) struct Watchpoints {
    table: Mutex<BTreeSet<(i32, Watchpoint)>>,
    /// Whether there are any: asked at every system call.
    any: AtomicBool,
}

/// The accesses that a watchpoint is about.
fn accesses(kind: Watch) -> Accesses {
    match kind {
        Watch::Write => WRITES,
        Watch::Read => READS,
        Watch::Access => READS | WRITES,
    }
}

/// As the engine wants it.
fn range(watchpoint: Watchpoint) -> (u64, u64, Accesses) {
    let Watchpoint { kind, addr, len } = watchpoint;
    (addr, addr.saturating_add(len), accesses(kind))
}

impl Watchpoints {
    /// Keeps them as they are while the guard lives.
    pub fn lock(&self) -> MutexGuard<'_, BTreeSet<(i32, Watchpoint)>> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Inserts one for a process.
    pub fn insert(&self, pid: i32, watchpoint: Watchpoint, engine: &Engine) -> Result<(), Failure> {
        let mut table = self.lock();
        if table.insert((pid, watchpoint)) {
            let (start, end, accesses) = range(watchpoint);
            if !engine.insert_watchpoint(start, end, accesses) {
                table.remove(&(pid, watchpoint));
                return Err(Failure::Invalid);
            }
        }
        self.count(&table);
        Ok(())
    }

    /// The child of a vfork stops where its parent does: gdb has inserted them for the memory, and does not say so again.
    pub fn share(&self, parent: i32, child: i32, engine: &Engine) {
        let parents: Vec<Watchpoint> = self
            .lock()
            .iter()
            .filter(|(owner, _)| *owner == parent)
            .map(|(_, watchpoint)| *watchpoint)
            .collect();
        for watchpoint in parents {
            // There may be too many for the engine; what the parent watches is seen all the same.
            let _ = self.insert(child, watchpoint, engine);
        }
    }

    /// Removes one of a process's.
    pub fn remove(&self, pid: i32, watchpoint: Watchpoint, engine: &Engine) {
        self.retain(engine, |entry| *entry != (pid, watchpoint));
    }

    /// Removes those of a process, and the engine asks for them no more.
    pub fn leave(&self, pid: i32, engine: &Engine) {
        self.retain(engine, |(owner, _)| *owner != pid);
        engine.unwatch();
    }

    /// In a forked child: it has none, since nobody has given it any.
    pub fn clear(&self, engine: &Engine) {
        self.retain(engine, |_| false);
        engine.unwatch();
    }

    /// Whether there are any.
    #[inline]
    pub fn any(&self) -> bool {
        self.any.load(Ordering::Relaxed)
    }

    /// Why a task of process `pid` has to stop for an access, if it has to. A stop tells of one watchpoint, and gdb looks at the values of no
    /// other: if there are several, it is one whose bytes `changes` says will be others than they are.
    pub fn touched(
        &self,
        pid: i32,
        done: Accesses,
        addr: u64,
        len: u64,
        is_over: bool,
        changes: impl Fn(Range<u64>) -> bool,
    ) -> Option<StopReason> {
        let table = self.lock();
        let end = addr.saturating_add(len);
        let hit = |watchpoint: &Watchpoint| {
            let (start, stop, accesses) = range(*watchpoint);
            accesses & done != 0 && addr < stop && start < end
        };
        let mine = table.iter().filter(|(owner, _)| *owner == pid).map(|(_, watchpoint)| *watchpoint);
        let hits: Vec<Watchpoint> = mine.filter(hit).collect();
        let shared = |&&watchpoint: &&Watchpoint| {
            let (start, stop, _) = range(watchpoint);
            changes(start.max(addr)..stop.min(end))
        };
        let told = hits.iter().find(shared).filter(|_| hits.len() > 1).or(hits.first());
        told.map(|&Watchpoint { kind, addr: start, .. }| StopReason::Watch {
            kind,
            addr: start.max(addr),
            is_over,
        })
    }

    fn retain(&self, engine: &Engine, keep: impl Fn(&(i32, Watchpoint)) -> bool) {
        let mut table = self.lock();
        table.retain(|entry| {
            let keeps = keep(entry);
            if !keeps {
                let (start, end, accesses) = range(entry.1);
                engine.remove_watchpoint(start, end, accesses);
            }
            keeps
        });
        self.count(&table);
    }

    fn count(&self, table: &BTreeSet<(i32, Watchpoint)>) {
        self.any.store(!table.is_empty(), Ordering::Relaxed);
    }
}
