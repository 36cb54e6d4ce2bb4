//! vfork, as far as the debugger is concerned: a child that shares the memory that all of this is in, and has descriptors of its own. And clone
//! with `CLONE_VM`, where nobody waits for the child: that is shown as a fork, as the kernel shows it to who traces a process (ptrace(2)).

use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};

use tine_stub::agent::{PreparedVfork, VforkDescriptors};
use tine_stub::fork::Kind;
use tine_stub::{Pid, StopReason, ThreadId, Tid};

use crate::errno::Errno;
use crate::process::Process;
use crate::syscall::descriptors;
use crate::syscall::host::call_at_once;
use crate::task::Task;

use super::breakpoints::Breakpoints;
use super::{Debugger, siginfo};

/// A child that is being made in the memory of a process that is debugged: what its parent's task, the thread that makes it and the child
/// itself know of it.
pub struct Vfork {
    /// How it is shown.
    kind: Kind,
    parent: Arc<Process>,
    tid: i32,
    descriptors: VforkDescriptors,
    /// The child has taken its descriptors.
    has_begun: Mutex<bool>,
    began: Condvar,
    is_over: AtomicBool,
    /// Its pid, when it has begun.
    child: AtomicI32,
    /// Its own breakpoints, if it has any.
    breakpoints: OnceLock<Arc<Breakpoints>>,
}

/// Makes the vfork by calling `make`, which gives the child's pid as soon as there is one, sees to it that the child calls
/// [`Vfork::begin`] before its first instruction, and that somebody calls [`Vfork::over`] when it has left. Comes back then, and
/// when the debugger lets the task go on. `shares_descriptors`: the child cannot have a connection of its own, and runs free.
pub fn around_vfork(
    task: &mut Task,
    shares_descriptors: bool,
    make: impl FnOnce(&mut Task, &Arc<Vfork>) -> Result<u64, Errno>,
) -> Result<u64, Errno> {
    let process = task.process.clone();
    let debugger = process.debug.get_or_init(Debugger::default);
    let agent = debugger.agent().filter(|_| !shares_descriptors);
    let prepared = agent.as_ref().map(|agent| agent.prepare_vfork(Kind::Vfork));
    let vfork = Vfork::new(Kind::Vfork, task, prepared.as_ref());
    let child = match make(task, &vfork) {
        Ok(child) => child,
        Err(errno) => {
            prepared.into_iter().for_each(|prepared| prepared.failed());
            return Err(errno);
        }
    };
    task.hart.set_x(10, child);
    vfork.wait_for_beginning();
    let token = prepared.as_ref().filter(|prepared| prepared.followed()).map(|prepared| prepared.token());
    let tid = Tid(task.tid);
    let report = || prepared.into_iter().for_each(|prepared| prepared.parent(tid, Pid(child as i32)));
    debugger.park_inside(task, token, || vfork.is_over.load(Ordering::Acquire), report);
    // The debugger may have changed the register that this goes to.
    Ok(task.hart.x(10))
}

/// Makes a child that shares memory and for which nobody waits, by calling `make` as [`around_vfork`] does; or with nothing, if the debugger does not
/// follow, or cannot because the child `shares_descriptors`: then it runs free.
pub fn around_clone(
    task: &mut Task,
    shares_descriptors: bool,
    make: impl FnOnce(&mut Task, Option<Arc<Vfork>>) -> Result<u64, Errno>,
) -> Result<u64, Errno> {
    let process = task.process.clone();
    let debugger = process.debug.get().filter(|_| !shares_descriptors);
    let agent = debugger.and_then(|debugger| Some((debugger, debugger.agent()?)));
    let prepared = agent.as_ref().map(|(debugger, agent)| (*debugger, agent.prepare_vfork(Kind::Fork)));
    let Some((debugger, prepared)) = prepared.filter(|(_, prepared)| prepared.followed()) else {
        return make(task, None);
    };
    let vfork = Vfork::new(Kind::Fork, task, Some(&prepared));
    let child = match make(task, Some(vfork.clone())) {
        Ok(child) => child,
        Err(errno) => {
            prepared.failed();
            return Err(errno);
        }
    };
    task.hart.set_x(10, child);
    vfork.wait_for_beginning();
    let (tid, child) = (Tid(task.tid), Pid(child as i32));
    let siginfo = siginfo::of_stop(&StopReason::Forked(ThreadId::first(child)), 0);
    debugger.park(task, Some(siginfo), || prepared.parent(tid, child)).inject(task);
    Ok(task.hart.x(10))
}

impl Vfork {
    fn new(kind: Kind, task: &Task, prepared: Option<&PreparedVfork<'_>>) -> Arc<Vfork> {
        let nothing = VforkDescriptors { socket: None, parents: -1 };
        Arc::new(Vfork {
            kind,
            parent: task.process.clone(),
            tid: task.tid,
            descriptors: prepared.map_or(nothing, PreparedVfork::child),
            has_begun: Mutex::new(false),
            began: Condvar::new(),
            is_over: AtomicBool::new(false),
            child: AtomicI32::new(0),
            breakpoints: OnceLock::new(),
        })
    }

    /// In the child, on its own thread, with the task that will run: it stands in here if the debugger follows.
    pub fn begin(&self, task: &mut Task) {
        let process = task.process.clone();
        let (Some(parents), None) = (self.parent.debug.get(), process.debug.get()) else { return };
        let own = (self.kind == Kind::Fork).then(|| Arc::new(parents.breakpoints.of_another(process.pid())));
        own.iter().for_each(|own| drop(self.breakpoints.set(own.clone())));
        let debugger = process.debug.get_or_init(|| parents.for_shared_memory(own));
        self.child.store(process.pid(), Ordering::Relaxed);
        task.enter();
        debugger.parking.enter(task.tid, None);
        let agent = self.take_socket().zip(parents.agent()).map(|(socket, parent)| {
            debugger.breakpoints.share(process.pid());
            if self.kind == Kind::Vfork {
                debugger.watchpoints.share(self.parent.pid(), process.pid(), &process.engine);
            }
            debugger.start_standing(&process, socket, &parent, task.tid, false)
        });
        if agent.is_none() {
            debugger.parking.free();
            debugger.drop_everything(&process);
        }
        self.say_begun();
        if let Some(agent) = agent {
            debugger.park(task, None, || agent.hello(true)).inject(task);
        }
    }

    /// In the parent, on any thread: the child has left the memory, or there never was one.
    pub fn over(&self) {
        self.is_over.store(true, Ordering::Release);
        self.say_begun();
        let Some(debugger) = self.parent.debug.get() else { return };
        let child = self.child.load(Ordering::Relaxed);
        debugger.watchpoints.leave(child, &self.parent.engine);
        if self.kind == Kind::Fork {
            self.breakpoints.get().into_iter().for_each(|own| own.leave(child, &self.parent.engine));
            return;
        }
        debugger.breakpoints.forget(child);
        if let (Some((tid, token)), Some(agent)) =
            (debugger.parking.vfork_is_over(self.tid), debugger.agent())
        {
            agent.vfork_done(Tid(tid), token);
        }
    }

    /// Puts the child's socket where its copy of the parent's is, which is hidden from the guest already: the table of hidden
    /// descriptors is its parent's.
    fn take_socket(&self) -> Option<OwnedFd> {
        let VforkDescriptors { socket, parents } = self.descriptors;
        let Some(socket) = socket else {
            descriptors::close(parents);
            return None;
        };
        let cloexec = libc::O_CLOEXEC as u64;
        let moved = call_at_once(libc::SYS_dup3, [socket as u64, parents as u64, cloexec, 0, 0, 0]);
        descriptors::close(socket);
        moved.ok()?;
        descriptors::inherit(parents)
    }

    fn say_begun(&self) {
        *self.has_begun.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.began.notify_all();
    }

    /// The parent keeps the descriptors that the child's are copies of until the child has them: their numbers are in one memory.
    fn wait_for_beginning(&self) {
        let begun = self.has_begun.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.began.wait_while(begun, |begun| !*begun).unwrap_or_else(PoisonError::into_inner));
    }
}

impl Debugger {
    /// That of a child in the same memory, with its own breakpoints or those of its parent.
    fn for_shared_memory(&self, own: Option<Arc<Breakpoints>>) -> Debugger {
        let debugger = Debugger {
            breakpoints: own.unwrap_or_else(|| self.breakpoints.clone()),
            watchpoints: self.watchpoints.clone(),
            loaded: self.loaded.clone(),
            ..Debugger::default()
        };
        debugger.set_catch(self.catch());
        debugger.set_pass(self.pass());
        debugger
    }
}
