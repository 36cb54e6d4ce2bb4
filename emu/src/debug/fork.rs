//! fork, as far as the debugger is concerned.

use std::sync::Arc;

use tine_stub::agent::Agent;
use tine_stub::{Pid, Tid};

use crate::errno::Errno;
use crate::process::view;
use crate::signal::host::with_all_blocked;
use crate::syscall::descriptors;
use crate::task::Task;

use super::{Debugger, Guest};

/// Makes the fork by calling `fork`, which gives the child's pid in the parent and `None` in the child, where it has brought
/// `task.tid` and the process's pid up to date. Both sides stop in here if the debugger follows; otherwise the child runs
/// free. While `fork` runs, the agent's thread holds no lock.
pub fn around_fork(
    task: &mut Task,
    fork: impl FnOnce(&mut Task) -> Result<Option<i32>, Errno>,
) -> Result<Option<i32>, Errno> {
    let process = task.process.clone();
    let Some(debugger) = process.debug.get() else { return fork(task) };
    let Some(agent) = debugger.agent() else { return fork(task) };
    let prepared = agent.prepare_fork();
    match fork(task) {
        Err(errno) => {
            prepared.failed();
            Err(errno)
        }
        Ok(Some(child)) => {
            let tid = Tid(task.tid);
            if prepared.followed() {
                debugger.park(task, None, || prepared.parent(tid, Pid(child)));
            } else {
                prepared.parent(tid, Pid(child));
            }
            Ok(Some(child))
        }
        Ok(None) => {
            let socket = prepared.child();
            let guest = Arc::new(Guest::new(process.clone()));
            debugger.parking.enter_forked(task.tid, socket.is_none());
            // A signal for the guest must not be given to the agent's thread.
            let started = socket.and_then(|socket| {
                with_all_blocked(|| {
                    Agent::start(descriptors::reserve(socket), guest.clone(), Some(&agent)).ok()
                })
            });
            view::hide_other_tasks();
            // The parent's agent is never dropped here: its socket is closed already.
            std::mem::forget(agent);
            match started {
                Some(agent) => {
                    debugger.set_agent_forgetting(Some(agent.clone()));
                    debugger.park(task, None, || agent.hello(&*guest, true));
                }
                None => {
                    debugger.set_agent_forgetting(None);
                    debugger.drop_everything(&process);
                }
            }
            Ok(None)
        }
    }
}

impl Debugger {
    fn set_agent_forgetting(&self, agent: Option<Agent>) {
        let mut slot = self.agent.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        std::mem::forget(std::mem::replace(&mut *slot, agent));
    }
}
