//! The core of a program that dies (core(5)): its tasks come together, each with its registers, and the one that dies writes the file.
//!
//! The host's kernel would write a core of the emulator, so it is kept from writing any; that is why the parent is not told of one (`WCOREDUMP`).

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::resource::{Resource, getrlimit};

use super::{Choice, Core, State, Thread, name};
use crate::debug;
use crate::memory::PAGE;
use crate::process::Process;
use crate::process::view;
use crate::signal::{SigInfo, host};
use crate::syscall::host::call_at_once;
use crate::task::Task;

/// How long the others are waited for: a task that is in the host's kernel, for good, does not come.
const PATIENCE: Duration = Duration::from_secs(1);

/// What a core has without a word from the user (core(5)): anonymous memory, and the first pages of programs.
const USUAL: u32 = 0x33;

/// Where the tasks of a dying process come together.
#[derive(Debug, Default)]
pub(crate) struct Gathering {
    state: Mutex<Gathered>,
    came: Condvar,
}

#[derive(Debug, Default)]
struct Gathered {
    /// The process that dies, and the task that it dies of. Not the child that one of its tasks has forked meanwhile.
    dying: Option<(i32, i32)>,
    threads: Vec<Thread>,
}

impl Gathered {
    fn has(&self, tid: i32) -> bool {
        self.threads.iter().any(|thread| thread.tid == tid)
    }
}

impl Gathering {
    /// Keeps it as it is while the guard lives: for fork(2).
    pub fn quiesce(&self) -> impl Sized + '_ {
        self.lock()
    }

    fn lock(&self) -> MutexGuard<'_, Gathered> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The process dies of this task; false if it dies of another one already.
    fn begin(&self, pid: i32, tid: i32) -> bool {
        let mut state = self.lock();
        if state.dying.is_some_and(|(dying, _)| dying == pid) {
            return false;
        }
        *state = Gathered { dying: Some((pid, tid)), threads: Vec::new() };
        true
    }

    /// Calls the other tasks of the process, and waits until all of them have come. `known` have been asked already.
    fn gather(&self, process: &Process, tid: i32, known: Vec<Thread>) -> Vec<Thread> {
        let start = Instant::now();
        let mut state = self.lock();
        state.threads.extend(known);
        let mut called: Vec<i32> = Vec::new();
        loop {
            let mut missing = process.tasks.tids();
            missing.retain(|other| *other != tid && !state.has(*other));
            if missing.is_empty() || start.elapsed() > PATIENCE {
                return std::mem::take(&mut state.threads);
            }
            for other in missing {
                if !called.contains(&other) {
                    // One that is gone is not among the tasks any more.
                    let _ = host::kick(process.pid(), other);
                    called.push(other);
                }
            }
            let wait = self.came.wait_timeout(state, Duration::from_millis(10));
            state = wait.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

/// To be called at safe points: if the process dies of another task, this one says what its registers are and waits for the end.
pub(crate) fn stand_aside(task: &Task) {
    let gathering = &task.process.gathering;
    let mut state = gathering.lock();
    let pid = task.process.pid();
    if state.dying.is_none_or(|(dying, first)| dying != pid || first == task.tid) {
        return;
    }
    // One that a debugger had stopped is there already.
    if !state.has(task.tid) {
        state.threads.push(Thread::of(task));
    }
    drop(state);
    gathering.came.notify_one();
    loop {
        thread::park();
    }
}

/// Writes the core of the process, which dies of `info` in this task, if the user wants one.
pub(crate) fn dump(task: &Task, info: &SigInfo) {
    let limit = getrlimit(Resource::RLIMIT_CORE).map_or(0, |(limit, _)| limit);
    let dumpable = call_at_once(libc::SYS_prctl, [libc::PR_GET_DUMPABLE as u64, 0, 0, 0, 0, 0]);
    // The kernel writes none that is shorter than a page, and with PR_SET_DUMPABLE 2 as root only.
    if limit < PAGE || dumpable != Ok(1) {
        return;
    }
    let process = &task.process;
    if !process.gathering.begin(process.pid(), task.tid) {
        return stand_aside(task);
    }
    let first = Thread::of(task).told(*info);
    let mut threads = vec![first];
    threads.extend(process.gathering.gather(process, task.tid, debug::standing(process)));
    if let Err(error) = write(process, &threads, limit) {
        log::debug!("no core file, or not all of it: {error}");
    }
}

fn write(process: &Process, threads: &[Thread], limit: u64) -> io::Result<()> {
    let path = name::choose(process, &threads[0], limit);
    let file = create(&path)
        .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))?;
    let auxv = view::own_auxv().unwrap_or_default();
    let core = Core::of(process, threads, State::Running, &auxv, Choice::Filter(chosen()))?;
    match core.write(&file, &process.memory, limit) {
        // Cut at the limit, as the kernel does.
        Err(error) if error.kind() == ErrorKind::FileTooLarge => Ok(()),
        written => written.map(drop),
    }
}

/// Makes the file. One that is there is taken from its name, whatever it is, and not written to.
fn create(path: &Path) -> io::Result<File> {
    let _ = fs::remove_file(path);
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

/// The process's filter (proc(5), `/proc/PID/coredump_filter`).
fn chosen() -> u32 {
    let text = fs::read_to_string("/proc/self/coredump_filter").unwrap_or_default();
    u32::from_str_radix(text.trim(), 16).unwrap_or(USUAL)
}
