//! The tasks of a process: who they are, and which is the last.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use smallvec::SmallVec;

use crate::addr::GuestAddr;
use crate::seccomp::Seccomp;

/// What others may ask of a task.
#[derive(Debug, Default)]
#[repr(align(64))]
pub struct Shared {
    /// `set_robust_list`'s head.
    robust_list: AtomicU64,
    /// Filters of system calls that another task has set for this one too (`SECCOMP_FILTER_FLAG_TSYNC`).
    filters: Mutex<Option<Seccomp>>,
}

impl Shared {
    /// `set_robust_list`'s head.
    pub fn robust_list(&self) -> GuestAddr {
        GuestAddr(self.robust_list.load(Ordering::Relaxed))
    }

    /// Leaves filters for the task, to be taken when its attention is called.
    pub fn leave_filters(&self, filters: Seccomp) {
        *self.filters.lock().unwrap_or_else(PoisonError::into_inner) = Some(filters);
    }

    /// Filters that another task has left here.
    pub fn take_filters(&self) -> Option<Seccomp> {
        self.filters.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Sets it.
    pub fn set_robust_list(&self, head: GuestAddr) {
        self.robust_list.store(head.0, Ordering::Relaxed);
    }
}

/// The tasks of a process.
#[derive(Debug, Default)]
pub struct Tasks(Mutex<Table>);

#[derive(Debug, Default)]
struct Table {
    /// In the order of their birth. The one of a process that has no other is here itself: a forked child changes it, and copies no
    /// page for it that it would not copy anyway.
    members: SmallVec<[(i32, Arc<Shared>); 1]>,
}

impl Tasks {
    /// A task begins.
    pub fn enter(&self, tid: i32) -> Arc<Shared> {
        let shared = Arc::new(Shared::default());
        self.lock().members.push((tid, shared.clone()));
        shared
    }

    /// The task `tid` leaves. Answers whether it was the last one: then its status is the process's.
    pub fn leave(&self, tid: i32) -> bool {
        let mut table = self.lock();
        table.members.retain(|member| member.0 != tid);
        table.members.is_empty()
    }

    /// In a forked child: `tid`, which was `before` in the parent, is the only task.
    pub(super) fn only(&self, before: i32, tid: i32) {
        let mut table = self.lock();
        // What needs no change is not written: it would be copied.
        if table.members.len() > 1 {
            table.members.retain(|member| member.0 == before);
        }
        if let Some((own, shared)) = table.members.first_mut() {
            *own = tid;
            shared.set_robust_list(GuestAddr(0));
        }
    }

    /// Whether there is one task and no more.
    pub fn is_single(&self) -> bool {
        self.lock().members.len() <= 1
    }

    /// A task of the process.
    pub fn get(&self, tid: i32) -> Option<Arc<Shared>> {
        self.lock().members.iter().find(|member| member.0 == tid).map(|member| member.1.clone())
    }

    /// The ids of all tasks. One alone takes no memory: a child of fork that only ends would copy the allocator's.
    pub fn tids(&self) -> SmallVec<[i32; 2]> {
        self.lock().members.iter().map(|member| member.0).collect()
    }

    /// Keeps the table as it is while the guard lives: for fork(2).
    pub(super) fn quiesce(&self) -> Quiet<'_> {
        Quiet { _table: self.lock() }
    }

    fn lock(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Nobody enters or leaves while this lives.
pub(super) struct Quiet<'a> {
    _table: MutexGuard<'a, Table>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_one_is_known() {
        let tasks = Tasks::default();
        let _shared = [10, 11, 12].map(|tid| tasks.enter(tid));
        assert!(!tasks.is_single());
        assert_eq!([11, 10, 12].map(|tid| tasks.leave(tid)), [false, false, true]);
    }

    #[test]
    fn a_forked_child_has_its_own_task_alone() {
        let tasks = Tasks::default();
        let _shared = [10, 11].map(|tid| tasks.enter(tid));
        tasks.get(11).unwrap().set_robust_list(GuestAddr(4));
        tasks.only(11, 20);
        assert_eq!(tasks.tids().as_slice(), [20]);
        assert_eq!(tasks.get(20).unwrap().robust_list(), GuestAddr(0));
        assert!(tasks.leave(20));
    }
}
