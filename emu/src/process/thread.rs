//! `clone` as a thread: a task of the same process on a host thread of its own.

use std::sync::Arc;
use std::thread::Builder;

use crossbeam_channel::{Sender, bounded};

use super::Process;
use super::exit::{self, Ending};
use super::fork::CloneArgs;
use crate::debug;
use crate::errno::Errno;
use crate::hart::Hart;
use crate::seccomp::Seccomp;
use crate::signal::host::with_all_blocked;
use crate::signal::{SigSet, TaskSignals};
use crate::stack;
use crate::task::Task;

/// A task before it has a thread.
struct Seed {
    process: Arc<Process>,
    hart: Hart,
    blocked: SigSet,
    seccomp: Option<Seccomp>,
    args: CloneArgs,
    /// It stands before its first instruction until the debugger lets it go.
    held: bool,
    /// Who waits for the tid.
    birth: Sender<i32>,
}

/// Makes a thread; `args` have been checked. Answers its tid.
// Apart from fork, whose child would have to copy this frame.
#[inline(never)]
pub(super) fn make(task: &mut Task, args: &CloneArgs) -> Result<u64, Errno> {
    let (birth, born) = bounded(1);
    let seed = Seed {
        process: task.process.clone(),
        hart: child_hart(task, args),
        blocked: task.signals.blocked,
        seccomp: task.seccomp.clone(),
        args: *args,
        held: debug::holds_clones(task),
        birth,
    };
    // It begins with everything blocked, so that no signal comes before it is a task.
    let held = seed.held;
    let spawned = with_all_blocked(|| Builder::new().stack_size(stack::SIZE).spawn(move || live(seed)));
    spawned.map_err(|_| Errno::EAGAIN)?;
    let tid = born.recv().map_err(|_| Errno::EAGAIN)?;
    if held {
        debug::cloned(task, tid);
    }
    Ok(tid as u64)
}

/// The registers of a task that `task` makes: `clone` answers 0 there.
pub(super) fn child_hart(task: &Task, args: &CloneArgs) -> Hart {
    let mut hart = task.hart.fork();
    hart.set_x(10, 0);
    args.place(&mut hart);
    hart
}

fn live(seed: Seed) {
    let Seed { process, hart, blocked, seccomp, args, held, birth } = seed;
    let mut task = Task::another(process, hart, TaskSignals::of_thread(blocked));
    task.seccomp = seccomp;
    args.tell_parent(&task.process.memory, task.tid);
    args.tell_child(&mut task);
    let (process, tid) = (task.process.clone(), task.tid);
    debug::thread_started(&process, tid, held);
    let _ = birth.send(tid);
    drop((process, birth));
    match task.run() {
        // After a fork this thread may be the first of its process, whose status counts.
        Ending::Left(_) if task.tid != task.process.pid() => {}
        ending => exit::leave(ending),
    }
}
