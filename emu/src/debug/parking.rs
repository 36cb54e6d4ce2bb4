//! Stopped tasks: their state is here, in the agent's hands, until they are told to go on.
//!
//! A task that has made a vfork stays here until the child has left its memory, whatever the debugger orders meanwhile: to the debugger
//! it stops and goes on like any other, and reports the end of the vfork when both have come, the end and the order.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crossbeam_channel::{Receiver, Sender, bounded};
use tine_stub::target::{Failure, Motion, Resume};
use tine_stub::{StopReason, Tid};

use crate::addr::GuestAddr;
use crate::hart::{Hart, REGS};
use crate::signal::SigSet;
use crate::signal::host::raise;
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
pub(super) struct Tasks {
    /// The debugger is gone: nobody stops any more.
    free: bool,
    /// All are to stop, those too that are born before the next order to go on.
    stopping: bool,
    /// How many there have been.
    births: u64,
    by_tid: BTreeMap<i32, Place>,
}

struct Place {
    /// Its place in the order of birth.
    birth: u64,
    /// The debugger wants it to stop, for this reason.
    requested: Option<StopReason>,
    state: State,
}

enum State {
    Runs,
    Parked(Parked),
    Inside(Inside),
}

/// A task inside of a vfork.
struct Inside {
    parked: Parked,
    orders: Orders,
    /// The child has left.
    is_over: bool,
    /// Names the vfork, if its end is to be reported.
    token: Option<u64>,
}

/// What a task inside of a vfork has to do when it is over.
enum Orders {
    /// Nothing: to the debugger it stands.
    Stand,
    /// Go on like this: to the debugger it runs.
    Run(Resume),
    /// Go on: there is no debugger any more.
    Free,
}

/// The state of a stopped task.
pub(super) struct Parked {
    pub regs: [u64; REGS],
    pub pc: u64,
    pub fcsr: u32,
    /// Of the signal that it stopped for.
    pub siginfo: Option<[u8; SIGINFO_SIZE]>,
    /// The signals that the guest has blocked.
    pub blocked: SigSet,
    /// Instructions retired, as far as they were counted.
    pub instret: u64,
    /// Whether they are counted from now on.
    pub counted: bool,
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

impl Unparked {
    /// After a stop that was for no signal: the one that the debugger sends the task on with is delivered as if somebody had sent it,
    /// and the debugger is not asked again.
    pub fn inject(self, task: &mut Task) {
        if let Unparked::Resumed { signal: Some(signal), .. } = self {
            task.orders.injected = Some(signal);
            raise(task.tid, signal);
        }
    }
}

/// What follows from a request to stop.
#[derive(Default)]
pub(super) struct Requested {
    /// These have to be called to attention.
    pub running: Vec<i32>,
    /// These have stopped by that, inside of their vforks.
    pub inside: Vec<i32>,
}

/// What came of an order to go on.
#[derive(Default)]
pub(super) struct Resumed {
    /// The task does.
    pub goes_on: bool,
    /// It has to report this instead.
    pub vfork: Option<VforkDone>,
}

/// The end of a vfork, to be reported: by which task, and which vfork.
pub(super) type VforkDone = (i32, u64);

impl Tasks {
    fn add(&mut self, tid: i32) -> &mut Place {
        self.births += 1;
        let born = Place { birth: self.births, requested: None, state: State::Runs };
        self.by_tid.entry(tid).or_insert(born)
    }

    fn tids(&self) -> Vec<i32> {
        let mut tids: Vec<(u64, i32)> = self.by_tid.iter().map(|(tid, place)| (place.birth, *tid)).collect();
        tids.sort_unstable();
        tids.into_iter().map(|(_, tid)| tid).collect()
    }

    fn request(&mut self, is_meant: impl Fn(i32) -> bool) -> Requested {
        let mut requested = Requested::default();
        if self.free {
            return requested;
        }
        for (tid, place) in self.by_tid.iter_mut().filter(|(tid, _)| is_meant(**tid)) {
            match &mut place.state {
                State::Runs => {
                    place.requested.get_or_insert(StopReason::Requested);
                    requested.running.push(*tid);
                }
                State::Inside(Inside { orders: orders @ Orders::Run(_), .. }) => {
                    *orders = Orders::Stand;
                    requested.inside.push(*tid);
                }
                State::Parked(_) | State::Inside(_) => {}
            }
        }
        requested
    }
}

impl Parking {
    /// Keeps the tasks as they are while the guard lives: for fork(2) too.
    pub fn lock(&self) -> MutexGuard<'_, Tasks> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A task begins. It stops before its first instruction for this reason, if there is one, or if all are to stop.
    pub fn enter(&self, tid: i32, birth: Option<StopReason>) {
        let mut tasks = self.lock();
        let all = tasks.stopping.then_some(StopReason::Requested);
        let requested = birth.or(all).filter(|_| !tasks.free);
        tasks.add(tid).requested = requested;
    }

    /// A task ends.
    pub fn leave(&self, tid: i32) {
        self.lock().by_tid.remove(&tid);
    }

    /// In a forked child: `tid` is the only task.
    pub fn enter_forked(&self, tid: i32, free: bool) {
        let mut tasks = self.lock();
        tasks.free |= free;
        tasks.stopping = false;
        // The others do not exist here, and those that stood may have been anywhere in the channels that are theirs.
        for place in std::mem::take(&mut tasks.by_tid).into_values() {
            if !matches!(place.state, State::Runs) {
                std::mem::forget(place);
            }
        }
        tasks.add(tid);
    }

    /// Whether there is a debugger still.
    pub fn is_watched(&self) -> bool {
        !self.lock().free
    }

    /// The ids of all tasks, in the order of their birth.
    pub fn tids(&self) -> Vec<i32> {
        self.lock().tids()
    }

    /// Marks all tasks that run as wanted, and those that will be born.
    pub fn request_all(&self) -> Requested {
        let mut tasks = self.lock();
        tasks.stopping = true;
        tasks.request(|_| true)
    }

    /// Marks those tasks that run and are meant as wanted.
    pub fn request(&self, is_meant: impl Fn(i32) -> bool) -> Requested {
        self.lock().request(is_meant)
    }

    /// Whether this task is wanted.
    #[cfg(test)]
    pub fn is_requested(&self, tid: i32) -> bool {
        self.lock().by_tid.get(&tid).is_some_and(|place| place.requested.is_some())
    }

    /// Why this task is wanted, if it is; not any more after that.
    pub fn take_request(&self, tid: i32) -> Option<StopReason> {
        self.lock().by_tid.get_mut(&tid)?.requested.take()
    }

    /// Works on the state of a stopped task.
    pub fn with<T>(&self, tid: i32, work: impl FnOnce(&mut Parked) -> T) -> Result<T, Failure> {
        let mut tasks = self.lock();
        match &mut tasks.by_tid.get_mut(&tid).ok_or(Failure::NoThread)?.state {
            State::Parked(parked) | State::Inside(Inside { parked, orders: Orders::Stand, .. }) => {
                Ok(work(parked))
            }
            State::Runs | State::Inside(_) => Err(Failure::Running),
        }
    }

    /// Lets a stopped task go on. One whose vfork is over has to report that first.
    pub fn resume(&self, order: Resume) -> Resumed {
        let mut tasks = self.lock();
        tasks.stopping = false;
        let Some(place) = tasks.by_tid.get_mut(&order.tid.0) else { return Resumed::default() };
        place.requested = None;
        place.go(|inside| {
            if matches!(inside.orders, Orders::Stand) {
                inside.orders = Orders::Run(order);
            }
        });
        Resumed { goes_on: place.release(Some(order)), vfork: place.settle(order.tid.0) }
    }

    /// The child of this task's vfork has left.
    pub fn vfork_is_over(&self, tid: i32) -> Option<VforkDone> {
        let mut tasks = self.lock();
        let place = tasks.by_tid.get_mut(&tid)?;
        place.go(|inside| inside.is_over = true);
        place.settle(tid)
    }

    /// Lets all go on, as [`Parking::free`] does, but they can be stopped again.
    pub fn release(&self) {
        let mut tasks = self.lock();
        tasks.stopping = false;
        for (tid, place) in &mut tasks.by_tid {
            place.requested = None;
            place.go(|inside| {
                inside.orders = Orders::Run(freely(*tid));
                inside.token = None;
            });
            place.release(None);
            place.settle(*tid);
        }
    }

    /// A debugger has come to a process that ran free. `tids` says which tasks there are; `greet` tells the debugger, before any of them
    /// stops.
    pub fn watch(&self, tids: impl Fn() -> Vec<i32>, greet: impl FnOnce(Vec<i32>)) {
        let mut tasks = self.lock();
        (tasks.free, tasks.stopping) = (false, false);
        // In the order of birth, as far as it is known: gdb takes the first one for the first.
        let mut present = tids();
        present.sort_unstable_by_key(|tid| (*tid != std::process::id() as i32, *tid));
        for tid in present {
            tasks.add(tid).go(|inside| inside.orders = Orders::Run(freely(tid)));
        }
        // One that left before it was noted here has not said so; one that leaves from now on will.
        let left = tids();
        tasks.by_tid.retain(|tid, _| left.contains(tid));
        greet(tasks.tids());
    }

    /// Lets all go on, for good.
    pub fn free(&self) {
        let mut tasks = self.lock();
        tasks.free = true;
        for (tid, place) in &mut tasks.by_tid {
            place.requested = None;
            place.go(|inside| {
                inside.orders = Orders::Free;
                inside.token = None;
            });
            place.release(None);
            place.settle(*tid);
        }
    }
}

impl Place {
    /// Changes what is to become of a task inside of a vfork.
    fn go(&mut self, change: impl FnOnce(&mut Inside)) {
        if let State::Inside(inside) = &mut self.state {
            change(inside);
        }
    }

    /// Lets a task go on that is parked and nothing else; whether it was.
    fn release(&mut self, order: Option<Resume>) -> bool {
        match std::mem::replace(&mut self.state, State::Runs) {
            State::Parked(parked) => {
                parked.release(order);
                true
            }
            other => {
                self.state = other;
                false
            }
        }
    }

    /// Sees whether a task may leave its vfork: it does, or it is parked, and its report is to be made.
    fn settle(&mut self, tid: i32) -> Option<VforkDone> {
        match std::mem::replace(&mut self.state, State::Runs) {
            State::Inside(Inside { parked, orders: Orders::Free, is_over: true, .. }) => {
                parked.release(None);
                None
            }
            State::Inside(Inside { parked, orders: Orders::Run(order), is_over: true, token }) => {
                match token {
                    Some(_) => self.state = State::Parked(parked),
                    None => parked.release(Some(order)),
                }
                token.map(|token| (tid, token))
            }
            other => {
                self.state = other;
                None
            }
        }
    }
}

impl Parked {
    fn new(task: &Task, siginfo: Option<[u8; SIGINFO_SIZE]>) -> (Parked, Receiver<Release>) {
        let (release, released) = bounded(1);
        let Hart { regs, pc, fcsr, instret, counted, .. } = &*task.hart;
        let (instret, counted) = (*instret, *counted);
        let blocked = task.signals.blocked;
        (Parked { regs: *regs, pc: pc.0, fcsr: *fcsr, siginfo, blocked, instret, counted, release }, released)
    }

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
        let (parked, released) = Parked::new(task, siginfo);
        {
            let mut tasks = self.parking.lock();
            if tasks.free {
                drop(tasks);
                // A fork has to be reported all the same: others wait for it.
                report();
                return Unparked::Free;
            }
            let place = tasks.add(task.tid);
            place.requested = None;
            place.state = State::Parked(parked);
        }
        report();
        self.unpark(task, &released)
    }

    /// Parks the task inside of a vfork, makes the report, and waits until the child has left and the task may go on. `token`: the
    /// vfork is reported, and so will be its end; otherwise the debugger sees a task that runs. `is_over` is asked
    /// while nobody can say so.
    pub(super) fn park_inside(
        &self,
        task: &mut Task,
        token: Option<u64>,
        is_over: impl FnOnce() -> bool,
        report: impl FnOnce(),
    ) {
        let (parked, released) = Parked::new(task, None);
        let requested = {
            let mut tasks = self.parking.lock();
            let free = tasks.free;
            let place = tasks.add(task.tid);
            // It stops here as well as it would at its next instruction.
            let requested = place.requested.take().filter(|_| token.is_none());
            let orders = match token {
                _ if free => Orders::Free,
                None if requested.is_none() => {
                    Orders::Run(Resume { tid: Tid(task.tid), motion: task.orders.motion, signal: None })
                }
                _ => Orders::Stand,
            };
            let token = token.filter(|_| !free);
            place.state = State::Inside(Inside { parked, orders, is_over: is_over(), token });
            place.settle(task.tid);
            requested
        };
        if let (Some(reason), Some(agent)) = (requested, self.agent()) {
            agent.stopped(Tid(task.tid), reason);
        }
        report();
        self.unpark(task, &released).inject(task);
    }

    /// Waits until the task may go on, and takes its state back.
    fn unpark(&self, task: &mut Task, released: &Receiver<Release>) -> Unparked {
        let agent = self.agent();
        let on_duty =
            agent.and_then(|agent| agent.serve_while_stopped(Tid(task.tid), || released.try_recv().ok()));
        let Some(Release { parked, order }) = on_duty.or_else(|| released.recv().ok()) else {
            return Unparked::Free;
        };
        task.hart.regs = parked.regs;
        task.hart.regs[0] = 0;
        task.hart.pc = GuestAddr(parked.pc);
        task.hart.fcsr = parked.fcsr;
        task.hart.counted = parked.counted;
        task.orders.stepped = false;
        task.orders.motion = order.map_or(Motion::Continue, |order| order.motion);
        match order {
            None => Unparked::Free,
            Some(order) => Unparked::Resumed { signal: order.signal, siginfo: parked.siginfo },
        }
    }
}

/// The order to go on as if there were no debugger.
fn freely(tid: i32) -> Resume {
    Resume { tid: Tid(tid), motion: Motion::Continue, signal: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(tid: i32) -> Resume {
        Resume { tid: Tid(tid), motion: Motion::Step, signal: None }
    }

    /// Puts a task inside of a vfork; what it waits for.
    fn inside(parking: &Parking, tid: i32, orders: Orders, token: Option<u64>) -> Receiver<Release> {
        let (release, released) = bounded(1);
        let parked = Parked {
            regs: [0; REGS],
            pc: 0,
            fcsr: 0,
            siginfo: None,
            blocked: SigSet::EMPTY,
            instret: 0,
            counted: false,
            release,
        };
        let state = State::Inside(Inside { parked, orders, is_over: false, token });
        parking.lock().add(tid).state = state;
        released
    }

    fn motion(released: &Receiver<Release>) -> Option<Option<Motion>> {
        released.try_recv().ok().map(|release| release.order.map(|order| order.motion))
    }

    #[test]
    fn who_is_born_while_all_stop_stops_too() {
        let parking = Parking::default();
        parking.enter(9, None);
        assert_eq!(parking.request_all().running, [9]);
        parking.enter(3, None);
        assert_eq!(parking.take_request(3), Some(StopReason::Requested));
        parking.enter(5, Some(StopReason::Created));
        assert_eq!(parking.take_request(5), Some(StopReason::Created));
        assert_eq!(parking.tids(), [9, 3, 5]);
        parking.leave(3);
        assert_eq!(parking.resume(order(9)).vfork, None);
        assert!(!parking.is_requested(9));
        parking.enter(4, None);
        assert!(!parking.is_requested(4));
        parking.request_all();
        parking.free();
        parking.enter(6, Some(StopReason::Created));
        assert!([4, 5, 6, 9].iter().all(|tid| !parking.is_requested(*tid)));
        assert!(parking.request_all().running.is_empty());
    }

    #[test]
    fn a_vfork_ends_when_the_child_has_gone_and_the_debugger_lets_its_parent_go() {
        for resumed_first in [false, true] {
            let parking = Parking::default();
            let released = inside(&parking, 7, Orders::Stand, Some(1));
            assert!(parking.with(7, |_| ()).is_ok());
            let done = if resumed_first {
                assert_eq!(parking.resume(order(7)).vfork, None);
                assert_eq!(parking.with(7, |_| ()), Err(Failure::Running));
                parking.vfork_is_over(7)
            } else {
                assert_eq!(parking.vfork_is_over(7), None);
                parking.resume(order(7)).vfork
            };
            // It stands, to be told.
            assert_eq!(done, Some((7, 1)));
            assert!(parking.with(7, |_| ()).is_ok());
            assert_eq!(motion(&released), None);
            assert_eq!(parking.resume(order(7)).vfork, None);
            assert_eq!(motion(&released), Some(Some(Motion::Step)));
        }
    }

    #[test]
    fn one_inside_of_a_vfork_stops_without_moving() {
        let parking = Parking::default();
        let released = inside(&parking, 7, Orders::Run(order(7)), None);
        let requested = parking.request_all();
        assert_eq!((requested.running, requested.inside), (vec![], vec![7]));
        assert!(parking.request_all().inside.is_empty());
        assert_eq!(parking.vfork_is_over(7), None);
        assert_eq!(motion(&released), None);
        assert_eq!(parking.resume(order(7)).vfork, None);
        assert_eq!(motion(&released), Some(Some(Motion::Step)));
    }

    #[test]
    fn without_a_debugger_a_vfork_lasts_until_the_child_has_gone() {
        let parking = Parking::default();
        let released = inside(&parking, 7, Orders::Stand, Some(1));
        parking.free();
        assert_eq!(motion(&released), None);
        assert_eq!(parking.vfork_is_over(7), None);
        assert_eq!(motion(&released), Some(None));
    }
}
