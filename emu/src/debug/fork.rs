//! fork, as far as the debugger is concerned.

use std::io;
use std::os::fd::OwnedFd;
use std::sync::Arc;

use tine_stub::agent::Agent;
use tine_stub::{Pid, StopReason, ThreadId, Tid};

use crate::errno::Errno;
use crate::process::{Process, view};
use crate::syscall::descriptors;
use crate::task::Task;

use super::guest::Guest;
use super::{Debugger, let_tracer_read, siginfo};

/// Makes the fork by calling `fork`, which gives the child's pid in the parent and `None` in the child, where it has brought
/// `task.tid` and the process's pid up to date. Both sides stop in here if the debugger follows; otherwise the child runs
/// free, as it always does if it `shares_descriptors` with its parent. While `fork` runs, no other thread holds a lock of the
/// debugger's part; it is told whether that has no thread at all.
pub fn around_fork(
    task: &mut Task,
    shares_descriptors: bool,
    fork: impl FnOnce(&mut Task, bool) -> Result<Option<i32>, Errno>,
) -> Result<Option<i32>, Errno> {
    if task.process.debug.get().is_some() {
        around_debugged_fork(task, shares_descriptors, fork)
    } else {
        fork(task, true)
    }
}

/// Apart, with its large frame: a child without a debugger would have to copy one more page of the stack.
#[inline(never)]
fn around_debugged_fork(
    task: &mut Task,
    shares_descriptors: bool,
    fork: impl FnOnce(&mut Task, bool) -> Result<Option<i32>, Errno>,
) -> Result<Option<i32>, Errno> {
    let process = task.process.clone();
    let Some(debugger) = process.debug.get() else { return fork(task, true) };
    let Some(agent) = debugger.agent() else { return fork(task, true) };
    let tid = Tid(task.tid);
    let prepared = match shares_descriptors {
        true => agent.prepare_fork_of_sharer(tid),
        false => agent.prepare_fork(tid, process.tasks.is_single()),
    };
    let quiet = debugger.quiesce();
    let made = fork(task, prepared.is_alone());
    drop(quiet);
    match made {
        Err(errno) => {
            prepared.failed();
            Err(errno)
        }
        Ok(Some(child)) => {
            if prepared.followed() {
                let siginfo = siginfo::of_stop(&StopReason::Forked(ThreadId::first(Pid(child))), 0);
                debugger.park(task, Some(siginfo), || prepared.parent(Pid(child))).inject(task);
            } else {
                prepared.parent(Pid(child));
            }
            Ok(Some(child))
        }
        Ok(None) => {
            let socket = prepared.child();
            debugger.parking.enter_forked(task.tid, socket.is_none());
            debugger.breakpoints.take_over(process.pid(), &process.engine);
            debugger.breakpoints.trace(&[], &process.engine);
            debugger.watchpoints.clear(&process.engine);
            view::hide_task(0);
            let socket = socket.map(descriptors::reserve);
            let own = socket.map(|socket| debugger.start_standing(&process, socket, &agent, task.tid, true));
            match &own {
                Some(own) => {
                    agent.bury();
                    debugger.park(task, None, || own.hello(true)).inject(task);
                }
                None => {
                    debugger.set_agent(None);
                    agent.bury();
                    debugger.drop_everything(&process);
                    debugger.parking.free();
                }
            }
            Ok(None)
        }
    }
}

impl Debugger {
    /// Keeps everything as it is while the guard lives: for fork(2), whose child gets a copy of it and none of the other threads.
    fn quiesce(&self) -> impl Sized + '_ {
        use std::sync::PoisonError;
        (
            self.parking.lock(),
            self.breakpoints.quiesce(),
            self.watchpoints.lock(),
            self.allocated(),
            self.catch.write().unwrap_or_else(PoisonError::into_inner),
            self.pass.write().unwrap_or_else(PoisonError::into_inner),
            self.agent.write().unwrap_or_else(PoisonError::into_inner),
        )
    }

    /// Starts the agent of this process on its end of a control connection.
    pub(super) fn start(&self, process: &Arc<Process>, socket: OwnedFd) -> io::Result<Agent> {
        let agent = Agent::start(socket, Arc::new(Guest::new(process.clone(), true)), None)?;
        self.set_agent(Some(agent.clone()));
        let_tracer_read();
        Ok(agent)
    }

    /// The same for one that begins with one task, which will stand. `has_own_view`: see [`Guest`].
    pub(super) fn start_standing(
        &self,
        process: &Arc<Process>,
        socket: OwnedFd,
        parent: &Agent,
        tid: i32,
        has_own_view: bool,
    ) -> Agent {
        let guest = Arc::new(Guest::new(process.clone(), has_own_view));
        let agent = Agent::standing(socket, guest, Some(parent), Tid(tid));
        self.set_agent(Some(agent.clone()));
        let_tracer_read();
        agent
    }
}
