//! exec without the host's: the process stays, and what is the guest's in it is replaced. Most of what an execve(2) of the emulator costs, its own
//! start and its mappings made anew, is spared.
//!
//! Only where nothing is left that the host's own exec alone would put in order ([`possible`]): one task, no debugger, memory that nobody else
//! uses, and none of the system calls that leave such a thing behind ([`Process::require_host_exec`]; their rows in the table say why). What
//! an exec does to the rest is done here: descriptors, signals, memory, names. Task and process stay the objects that they are.

use std::ffi::OsString;
use std::os::fd::AsRawFd;
use std::os::unix::ffi::OsStringExt;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::exec::{Found, name_of};
use super::exit::{self, Ending};
use super::room::Room;
use super::start::{self, Failure, Start};
use super::{Process, carry, limits, robust, view};
use crate::addr::GuestAddr;
use crate::debug;
use crate::errno::Errno;
use crate::hart::Hart;
use crate::signal::{OPEN, SigSet, host};
use crate::syscall::descriptors;
use crate::sysroot;
use crate::task::Task;

/// A program that is about to begin.
#[derive(Debug)]
pub(crate) struct Next {
    found: Found,
    /// What exec closes.
    descriptors: Vec<i32>,
    /// Until it has begun.
    room: Option<Room>,
}

/// Which descriptors an exec in place has to close; `None` if the host's exec is needed.
pub(super) fn possible(task: &Task, found: &Found) -> Option<Vec<i32>> {
    let linker = found.checked.as_ref()?.linker();
    let process = &task.process;
    let is_alone = task.tid == process.pid()
        && process.tasks.is_single()
        // A thread that has left may not have gone.
        && Arc::strong_count(process) == 1
        && Arc::weak_count(process) == 0
        && !process.borrows_memory()
        // Somebody may wait for a futex in it with priority inheritance, of which nothing but the host's kernel knows.
        && !process.memory.shares_writable();
    if !is_alone || process.debug.get().is_some() || process.requires_host_exec() {
        return None;
    }
    let ours = [Some(&found.program.file), linker.map(|linker| linker.0)];
    closed_by_exec(&ours.map(|file| file.map_or(-1, AsRawFd::as_raw_fd)))
}

/// The guest's descriptors that are closed by exec, `ours` not among them. `None` if they cannot be found.
fn closed_by_exec(ours: &[i32]) -> Option<Vec<i32>> {
    /// As far as descriptors are tried one by one.
    const TRIED: i32 = 4096;
    let closes = |fd: i32| descriptors::is_closed_by_exec(fd) == Some(true);
    let is_the_guests = |fd: &i32| !ours.contains(fd) && !descriptors::is_reserved(*fd);
    let known = ours.iter().filter(|&&fd| fd != -1).count() + descriptors::count_open();
    // Since Linux 6.2 the folder's size is the number of descriptors. Few have a number that is much larger than their count.
    let count = std::fs::metadata("/proc/self/fd").map_or(0, |folder| folder.len() as usize);
    if let Some(mut left) = count.checked_sub(known).filter(|_| count != 0) {
        let mut closed = Vec::new();
        for fd in (0..TRIED).filter(is_the_guests) {
            if left == 0 {
                return Some(closed);
            }
            if let Some(is_closed) = descriptors::is_closed_by_exec(fd) {
                left -= 1;
                closed.extend(is_closed.then_some(fd));
            }
        }
    }
    let names = std::fs::read_dir("/proc/self/fd").ok()?;
    let fds = names.map(|name| name.ok()?.file_name().to_str()?.parse().ok());
    let fds: Option<Vec<i32>> = fds.collect();
    Some(fds?.into_iter().filter(is_the_guests).filter(|&fd| closes(fd)).collect())
}

/// Keeps a program in the task, to be begun when the system call is over. From here on there is no way back. Fails with
/// [`Errno::ERESTARTSYS`] if something has to be delivered first.
pub(super) fn prepare(
    task: &mut Task,
    found: Found,
    descriptors: Vec<i32>,
    room: Option<Room>,
) -> Result<u64, Errno> {
    // What comes later is for the program that comes.
    let open = host::replace_mask(SigSet::ALL.without(OPEN));
    if host::is_waiting() || task.wants_attention() {
        host::replace_mask(open);
        return Err(Errno::ERESTARTSYS);
    }
    task.next = Some(Box::new(Next { found, descriptors, room }));
    Ok(0)
}

/// Begins the program that waits in the task. If it cannot be loaded, the process ends as the emulator does for which that is so.
#[cold]
pub(crate) fn begin(task: &mut Task) {
    if let Err(failure) = replace(task) {
        let line = format!("tine: {}\n", failure.line);
        let _ = nix::unistd::write(std::io::stderr(), line.as_bytes());
        exit::leave(Ending::Exited(failure.status.into()));
    }
}

fn replace(task: &mut Task) -> Result<(), Failure> {
    let Some(next) = task.next.take() else { return Ok(()) };
    let Next { found, descriptors, room: _room } = *next;
    let Found { program, called, argv, envp, checked } = found;
    let Some(checked) = checked else { return Ok(()) };
    robust::release(&task.process.memory, task.shared.robust_list(), task.tid);
    descriptors.into_iter().for_each(descriptors::close);
    carry::finish(task);
    view::leave_program();
    let process = &task.process;
    process.actions.after_exec(task.signals.blocked);
    let denied = process.memory.denied_after_exec();
    let code = process.memory.unchanged_code();
    process.engine.hold();
    process.memory.clear().map_err(|error| Failure::own("no room for the guest's memory", &error))?;
    sysroot::another_program(checked.linker().map(|linker| linker.1));

    let (path, called) = (name_of(&program), OsString::from_vec(called));
    let program = checked.adopt(path, program.file);
    let options = process.options.clone();
    let stack = options.stack.or(Some(limits::stack(&process.limits.all())));
    let start = Start { options, program, called: called.clone(), argv, envp, stack };
    let mut image = start.load_into(&process.memory)?;
    let (same_code, is_same_program) = process.memory.same_code(&code);
    process.engine.keep_only(&same_code, is_same_program);
    process.limits.begin(&process.memory);
    process.memory.set_denied(denied).map_err(|error| Failure::own("exec", &error))?;
    view::publish(process, &mut image, &called);
    view::executed(&image, &process.memory);
    view::filtered(task.seccomp.as_ref());
    renew(task, start::hart(&image), image.sigreturn)
}

/// Makes the task that of a program that begins.
fn renew(task: &mut Task, hart: Hart, sigreturn: GuestAddr) -> Result<(), Failure> {
    // Whoever adds something to a task or a process has to say here what exec makes of it.
    let Task {
        hart: old_hart,
        seat: _,
        tid: _,
        process,
        signals,
        clear_child_tid,
        shared,
        ending: _,
        sleep_until,
        seccomp: _,
        user_dispatch,
        rings,
        orders,
        restarting,
        exec: _,
        next: _,
        parcel: _,
        carrier: _,
    } = task;
    let process = Arc::get_mut(process).ok_or_else(|| Failure::own("exec", &"the process is in use"))?;
    let Process {
        memory: _,
        engine: _,
        actions: _,
        tasks: _,
        sigreturn: old_sigreturn,
        debug: _,
        limits: _,
        options: _,
        gathering: _,
        forks: _,
        pid: _,
        borrows_memory: _,
        host_exec: _,
    } = process;
    *old_sigreturn = sigreturn;
    **old_hart = hart;
    signals.after_exec();
    *clear_child_tid = GuestAddr(0);
    shared.set_robust_list(GuestAddr(0));
    *sleep_until = None;
    *user_dispatch = None;
    rings.clear();
    *orders = debug::Orders::default();
    *restarting = None;
    // The host's mask is to become the guest's.
    old_hart.attention.store(1, Ordering::Relaxed);
    Ok(())
}
