//! fork, as far as the debugger is concerned.

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
/// free. While `fork` runs, no other thread holds a lock of the debugger's part.
pub fn around_fork(
    task: &mut Task,
    fork: impl FnOnce(&mut Task) -> Result<Option<i32>, Errno>,
) -> Result<Option<i32>, Errno> {
    if task.process.debug.get().is_some() { around_debugged_fork(task, fork) } else { fork(task) }
}

/// Apart, with its large frame: a child without a debugger would have to copy one more page of the stack.
#[inline(never)]
fn around_debugged_fork(
    task: &mut Task,
    fork: impl FnOnce(&mut Task) -> Result<Option<i32>, Errno>,
) -> Result<Option<i32>, Errno> {
    let process = task.process.clone();
    let Some(debugger) = process.debug.get() else { return fork(task) };
    let Some(agent) = debugger.agent() else { return fork(task) };
    let prepared = agent.prepare_fork();
    let quiet = debugger.quiesce();
    let made = fork(task);
    drop(quiet);
    match made {
        Err(errno) => {
            prepared.failed();
            Err(errno)
        }
        Ok(Some(child)) => {
            let tid = Tid(task.tid);
            if prepared.followed() {
                let siginfo = siginfo::of_stop(&StopReason::Forked(ThreadId::first(Pid(child))), 0);
                debugger.park(task, Some(siginfo), || prepared.parent(tid, Pid(child))).inject(task);
            } else {
                prepared.parent(tid, Pid(child));
            }
            Ok(Some(child))
        }
        Ok(None) => {
            let socket = prepared.child();
            debugger.parking.enter_forked(task.tid, socket.is_none());
            debugger.breakpoints.take_over(process.pid(), &process.engine);
            debugger.breakpoints.trace(&[], &process.engine);
            debugger.watchpoints.clear(&process.engine);
            let started = socket.and_then(|socket| {
                debugger.start(&process, descriptors::reserve(socket), Some(agent), true).ok()
            });
            match started {
                Some(agent) => {
                    debugger.park(task, None, || agent.hello(true)).inject(task);
                }
                None => {
                    view::hide_task(0);
                    debugger.set_agent(None);
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

    /// Starts the agent of this process on its end of a control connection. `has_own_view`: see [`Guest`].
    pub(super) fn start(
        &self,
        process: &Arc<Process>,
        socket: std::os::fd::OwnedFd,
        parent: Option<&Agent>,
        has_own_view: bool,
    ) -> std::io::Result<&'static Agent> {
        let guest = Arc::new(Guest::new(process.clone(), has_own_view));
        // A signal for the guest must not be given to the agent's thread.
        let agent = crate::signal::host::with_all_but_faults_blocked(|| Agent::start(socket, guest, parent))?;
        let agent = Box::leak(Box::new(agent));
        self.set_agent(Some(agent));
        let_tracer_read();
        Ok(agent)
    }
}
