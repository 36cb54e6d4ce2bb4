//! The debugger's breakpoints: those of a memory, which several processes may share.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tine_stub::StopReason;
use tine_stub::rule::{Decision, Rule};

use crate::addr::GuestAddr;
use crate::engine::Engine;
use crate::task::Task;

use super::machine::Here;
use super::trace;

/// Where they are, and who stops at them.
#[derive(Debug, Default)]
pub(super) struct Breakpoints {
    table: Mutex<Table>,
    /// How often the table has changed, so that tasks need not lock it to see that it has not.
    changes: AtomicU64,
    /// What the engine has; others that use it may have breakpoints of their own.
    patched: Arc<Patched>,
}

/// How many of those who have breakpoints in a memory have one at an address.
#[derive(Debug, Default)]
struct Patched(Mutex<BTreeMap<u64, usize>>);

impl Patched {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, addr: u64) {
        *self.lock().entry(addr).or_default() += 1;
    }

    /// One has none there any more; whether nobody has.
    fn take(&self, addr: u64) -> bool {
        let mut patched = self.lock();
        let Some(count) = patched.get_mut(&addr) else { return true };
        *count -= 1;
        let is_last = *count == 0;
        if is_last {
            patched.remove(&addr);
        }
        is_last
    }
}

#[derive(Debug, Default)]
pub(super) struct Table {
    sites: Arc<Sites>,
}

/// The breakpoints as they were at some time.
#[derive(Clone, Debug, Default)]
pub(super) struct Sites {
    by_address: BTreeMap<u64, Site>,
    /// The processes that are debugged.
    pids: BTreeSet<i32>,
}

/// A breakpoint: at one address there may be both.
#[derive(Clone, Debug, Default)]
struct Site {
    software: Option<Arc<Rule>>,
    hardware: Option<Arc<Rule>>,
    /// A tracepoint is here.
    traced: bool,
}

/// What a task knows of them, and after how many changes.
#[derive(Debug)]
pub(super) struct Known {
    changes: u64,
    sites: Arc<Sites>,
}

impl Breakpoints {
    /// Keeps them as they are while the guard lives.
    pub fn lock(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// For a fork: nobody changes them, nor what others have in the memory, while the guard lives.
    pub fn quiesce(&self) -> impl Sized + '_ {
        (self.lock(), self.patched.lock())
    }

    /// Those of a process of this number that is made in the same memory, and that has its own from then on. Tracepoints are not among them.
    pub fn of_another(&self, pid: i32) -> Breakpoints {
        let mut sites = (*self.lock().sites).clone();
        sites.pids = [pid].into();
        sites.by_address.retain(|_, site| {
            site.traced = false;
            !site.is_empty()
        });
        sites.by_address.keys().for_each(|addr| self.patched.add(*addr));
        let table = Mutex::new(Table { sites: Arc::new(sites) });
        Breakpoints { table, changes: AtomicU64::default(), patched: self.patched.clone() }
    }

    fn change<T>(&self, change: impl FnOnce(&mut Sites) -> T) -> T {
        let mut table = self.lock();
        let changed = change(Arc::make_mut(&mut table.sites));
        self.changes.fetch_add(1, Ordering::Release);
        changed
    }

    /// A process stops at them too.
    pub fn share(&self, pid: i32) {
        self.change(|sites| sites.pids.insert(pid));
    }

    /// In a forked child: the memory is a copy, and nobody else uses it.
    pub fn take_over(&self, pid: i32, engine: &Engine) {
        self.change(|sites| sites.pids = [pid].into());
        let ours = self.lock().sites.by_address.keys().map(|addr| (*addr, 1)).collect();
        let all = std::mem::replace(&mut *self.patched.lock(), ours);
        let ours = self.patched.lock();
        let others = all.into_keys().filter(|addr| !ours.contains_key(addr));
        others.for_each(|addr| engine.remove_breakpoint(GuestAddr(addr)));
    }

    /// A process has left the memory without a word, and those that others stop at stay.
    pub fn forget(&self, pid: i32) {
        self.change(|sites| sites.pids.remove(&pid));
    }

    /// A process stops at them no more. With the last one they go.
    pub fn leave(&self, pid: i32, engine: &Engine) {
        self.change(|sites| {
            sites.pids.remove(&pid);
            if sites.pids.is_empty() {
                // Tracepoints go by themselves, or stay while no debugger is there.
                sites.by_address.retain(|addr, site| {
                    *site = Site { traced: site.traced, ..Site::default() };
                    if !site.traced && self.patched.take(*addr) {
                        engine.remove_breakpoint(GuestAddr(*addr));
                    }
                    site.traced
                });
            }
        });
    }

    /// Inserts one, or gives it another rule.
    pub fn insert(&self, addr: u64, hardware: bool, rule: Rule, engine: &Engine) {
        self.change(|sites| {
            if !sites.by_address.contains_key(&addr) {
                self.patched.add(addr);
            }
            *sites.by_address.entry(addr).or_default().place(hardware) = Some(Arc::new(rule))
        });
        engine.insert_breakpoint(GuestAddr(addr));
    }

    /// Puts tracepoints at these addresses, in the place of those that there are.
    pub fn trace(&self, addrs: &[u64], engine: &Engine) {
        if addrs.is_empty() && !self.lock().sites.by_address.values().any(|site| site.traced) {
            return;
        }
        let gone = self.change(|sites| {
            let mut gone = Vec::new();
            for (addr, site) in &mut sites.by_address {
                if std::mem::take(&mut site.traced) && site.is_empty() && !addrs.contains(addr) {
                    gone.push(*addr);
                }
            }
            gone.iter().for_each(|addr| drop(sites.by_address.remove(addr)));
            for addr in addrs {
                if !sites.by_address.contains_key(addr) {
                    self.patched.add(*addr);
                }
                sites.by_address.entry(*addr).or_default().traced = true;
            }
            gone.retain(|addr| self.patched.take(*addr));
            gone
        });
        gone.into_iter().for_each(|addr| engine.remove_breakpoint(GuestAddr(addr)));
        addrs.iter().for_each(|addr| engine.insert_breakpoint(GuestAddr(*addr)));
    }

    /// Whether a tracepoint is there.
    pub fn is_traced(&self, addr: u64) -> bool {
        self.lock().sites.by_address.get(&addr).is_some_and(|site| site.traced)
    }

    /// Removes one.
    pub fn remove(&self, addr: u64, hardware: bool, engine: &Engine) {
        let is_last = self.change(|sites| {
            let Some(site) = sites.by_address.get_mut(&addr) else { return false };
            *site.place(hardware) = None;
            let is_last = site.is_empty();
            if is_last {
                sites.by_address.remove(&addr);
            }
            is_last && self.patched.take(addr)
        });
        if is_last {
            engine.remove_breakpoint(GuestAddr(addr));
        }
    }

    /// Why the task has to stop where it is, if it has to.
    pub fn arrive(&self, task: &mut Task) -> Option<StopReason> {
        let changes = self.changes.load(Ordering::Acquire);
        // What the task knows is moved out and in again: to count another owner would have all tasks write to one place.
        let known = task.orders.known.take().filter(|known| known.changes == changes);
        let known = known.unwrap_or_else(|| Known { changes, sites: self.lock().sites.clone() });
        let reason = known.sites.decide(task);
        task.orders.known = Some(known);
        reason
    }

    /// The breakpoint at which the task will stop, whatever else there is to decide, as soon as it goes on.
    pub fn meets(&self, task: &Task) -> Option<StopReason> {
        let table = self.lock();
        let site = table.sites.by_address.get(&task.hart.pc.0)?;
        let stops = |rule: &Option<Arc<Rule>>| rule.as_ref().is_some_and(|rule| rule.is_plain());
        if !table.sites.pids.contains(&task.process.pid()) || site.traced {
            None
        } else if stops(&site.software) {
            Some(StopReason::Breakpoint)
        } else {
            stops(&site.hardware).then_some(StopReason::HardwareBreakpoint)
        }
    }

    /// One line each.
    pub fn list(&self) -> String {
        self.lock().sites.by_address.keys().map(|addr| format!("{addr:#x}\n")).collect()
    }
}

impl Sites {
    /// Why the task has to stop where it is, if it has to.
    fn decide(&self, task: &mut Task) -> Option<StopReason> {
        if !self.pids.contains(&task.process.pid()) {
            return None;
        }
        let addr = task.hart.pc.0;
        let site = self.by_address.get(&addr)?;
        // One that has stopped here has collected before.
        if site.traced && task.orders.traced.replace(addr) != Some(addr) {
            trace::arrive(task);
        }
        if site.is_untold() {
            return None;
        }
        let mut here = Here::new(task);
        let mut stops = |rule: &Option<Arc<Rule>>| {
            rule.as_ref().is_some_and(|rule| rule.decide(&mut here) == Decision::Stop)
        };
        if stops(&site.software) {
            Some(StopReason::Breakpoint)
        } else {
            stops(&site.hardware).then_some(StopReason::HardwareBreakpoint)
        }
    }
}

impl Site {
    /// Whether nothing is here.
    fn is_empty(&self) -> bool {
        self.is_untold() && !self.traced
    }

    /// Whether nobody stops here.
    fn is_untold(&self) -> bool {
        self.software.is_none() && self.hardware.is_none()
    }

    fn place(&mut self, hardware: bool) -> &mut Option<Arc<Rule>> {
        if hardware { &mut self.hardware } else { &mut self.software }
    }
}
