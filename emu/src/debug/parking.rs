//! Stopped tasks: their state is here, in the agent's hands, until they are told to go on.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crossbeam_channel::{Sender, bounded};
use tine_stub::target::{Failure, Motion, Resume};

use crate::addr::GuestAddr;
use crate::hart::{Hart, REGS};
use crate::task::Task;

use super::Debugger;

/// Size of `siginfo_t`.
pub const SIGINFO_SIZE: usize = 128;

/// All tasks of the process.
#[derive(Default)]
pub(super) struct Parking {
    tasks: Mutex<Tasks>,
}

#[derive(Default)]
struct Tasks {
    /// The debugger is gone: nobody stops any more.
    free: bool,
    by_tid: BTreeMap<i32, Place>,
}

#[derive(Default)]
struct Place {
    /// The debugger wants it to stop.
    requested: bool,
    parked: Option<Parked>,
}

/// The state of a stopped task.
pub(super) struct Parked {
    pub regs: [u64; REGS],
    pub pc: u64,
    pub fcsr: u32,
    /// Of the signal that it stopped for.
    pub siginfo: Option<[u8; SIGINFO_SIZE]>,
    release: Sender<Release>,
}

struct Release {
    parked: Parked,
    /// `None`: the debugger is gone.
    order: Option<Resume>,
}

/// How a task came out of a stop.
pub(super) enum Unparked {
    /// There is no debugger (any more).
    Free,
    /// The debugger has let it go on.
    Resumed {
        /// The signal to deliver.
        signal: Option<i32>,
        /// What it carries, if the stop was for a signal.
        siginfo: Option<[u8; SIGINFO_SIZE]>,
    },
}

impl Parking {
    fn lock(&self) -> MutexGuard<'_, Tasks> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A task begins.
    pub fn enter(&self, tid: i32) {
        self.lock().by_tid.insert(tid, Place::default());
    }

    /// In a forked child: `tid` is the only task.
    pub fn enter_forked(&self, tid: i32, free: bool) {
        let mut tasks = self.lock();
        tasks.free |= free;
        tasks.by_tid.clear();
        tasks.by_tid.insert(tid, Place::default());
    }

    /// Whether there is a debugger still.
    pub fn is_watched(&self) -> bool {
        !self.lock().free
    }

    /// The ids of all tasks.
    pub fn tids(&self) -> Vec<i32> {
        self.lock().by_tid.keys().copied().collect()
    }

    /// Marks all tasks that run as wanted; returns their ids, for them to be kicked.
    pub fn request_all(&self) -> Vec<i32> {
        let running = |(tid, place): (&i32, &mut Place)| {
            place.requested = place.parked.is_none();
            place.requested.then_some(*tid)
        };
        self.lock().by_tid.iter_mut().filter_map(running).collect()
    }

    /// Whether this task is wanted.
    pub fn is_requested(&self, tid: i32) -> bool {
        self.lock().by_tid.get(&tid).is_some_and(|place| place.requested)
    }

    /// Whether this task is wanted; not any more after that.
    pub fn take_request(&self, tid: i32) -> bool {
        self.lock().by_tid.get_mut(&tid).is_some_and(|place| std::mem::take(&mut place.requested))
    }

    /// Works on the state of a stopped task.
    pub fn with<T>(&self, tid: i32, work: impl FnOnce(&mut Parked) -> T) -> Result<T, Failure> {
        let mut tasks = self.lock();
        let place = tasks.by_tid.get_mut(&tid).ok_or(Failure::NoThread)?;
        place.parked.as_mut().map(work).ok_or(Failure::Running)
    }

    /// Lets a stopped task go on.
    pub fn resume(&self, order: Resume) {
        let mut tasks = self.lock();
        if let Some(place) = tasks.by_tid.get_mut(&order.tid.0) {
            place.requested = false;
            if let Some(parked) = place.parked.take() {
                parked.release(Some(order));
            }
        }
    }

    /// Lets all go on, for good.
    pub fn free(&self) {
        let mut tasks = self.lock();
        tasks.free = true;
        for place in tasks.by_tid.values_mut() {
            place.requested = false;
            if let Some(parked) = place.parked.take() {
                parked.release(None);
            }
        }
    }
}

impl Parked {
    fn release(self, order: Option<Resume>) {
        let release = self.release.clone();
        // The task waits for this; it cannot be gone.
        let _ = release.send(Release { parked: self, order });
    }
}

impl Debugger {
    /// Parks the task, makes the report, and waits until it may go on.
    pub(super) fn park(
        &self,
        task: &mut Task,
        siginfo: Option<[u8; SIGINFO_SIZE]>,
        report: impl FnOnce(),
    ) -> Unparked {
        let (sender, receiver) = bounded(1);
        let Hart { regs, pc, fcsr, .. } = &*task.hart;
        let parked = Parked { regs: *regs, pc: pc.0, fcsr: *fcsr, siginfo, release: sender };
        {
            let mut tasks = self.parking.lock();
            if tasks.free {
                drop(tasks);
                // A fork has to be reported all the same: others wait for it.
                report();
                return Unparked::Free;
            }
            *tasks.by_tid.entry(task.tid).or_default() = Place { requested: false, parked: Some(parked) };
        }
        report();
        let Ok(Release { parked, order }) = receiver.recv() else { return Unparked::Free };
        task.hart.regs = parked.regs;
        task.hart.regs[0] = 0;
        task.hart.pc = GuestAddr(parked.pc);
        task.hart.fcsr = parked.fcsr;
        task.orders.stepped = false;
        task.orders.motion = order.map_or(Motion::Continue, |order| order.motion);
        match order {
            None => Unparked::Free,
            Some(order) => Unparked::Resumed { signal: order.signal, siginfo: parked.siginfo },
        }
    }
}
