//! Tracepoints: the agent says what is collected, and a task does it on its own thread, without a stop.

use tine_stub::agent::Agent;
use tine_stub::trace::tracer::Stepping;

use crate::task::Task;

use super::Debugger;
use super::machine::Here;

/// The task has come to an address with a tracepoint.
pub(super) fn arrive(task: &mut Task) {
    let addr = task.hart.pc.0;
    collect(task, |agent, here, steppings| agent.trace(addr, here, steppings));
}

/// The task has executed an instruction.
pub(super) fn stepped(task: &mut Task) {
    task.orders.traced = None;
    if !task.orders.steppings.is_empty() {
        collect(task, |agent, here, steppings| agent.trace_step(here, steppings));
    }
}

fn collect(task: &mut Task, work: impl FnOnce(&Agent, &mut Here<'_>, &mut Vec<Stepping>)) {
    let process = task.process.clone();
    let mut steppings = std::mem::take(&mut task.orders.steppings);
    match process.debug.get().and_then(Debugger::watching) {
        Some(agent) => work(&agent, &mut Here::new(task), &mut steppings),
        None => steppings.clear(),
    }
    task.orders.steppings = steppings;
}
