//! System calls: one table, from which come dispatch, `-strace` and the documentation.
//!
//! A call's registers become typed arguments ([`args`]), a row of the [`table`] says what is done with them. Handlers live in a file
//! per subject. What may block goes through [`host::call`], so that a signal always gets through.

pub mod args;
pub mod descriptors;
pub mod host;
pub mod layout;
pub mod names;
pub mod path;
pub mod table;

mod aio;
mod busy;
mod descriptor;
mod document;
mod exec;
mod file;
mod futex;
mod futex2;
mod ioctl;
mod keys;
mod landlock;
mod mapping;
mod mqueue;
mod namespace;
pub(crate) mod notify;
mod numa;
mod number;
mod poll;
mod prctl;
mod process;
mod remote;
mod requests;
mod seccomp;
mod signals;
mod socket;
pub mod system;
mod sysv;
mod time;
pub(crate) mod uring;
mod uring_entries;
mod uring_register;
pub mod user_dispatch;
pub mod userfault;
mod xattr;

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

pub use document::document;

use crate::errno::Errno;
use crate::seccomp as filters;
use crate::strace;
use crate::task::Task;
use table::{Action, LIMIT, Row};

/// Runs the system call that the registers ask for (`a7`, `a0`–`a5`). The task loop writes the answer to `a0`, or puts
/// the pc back on the `ecall` for [`Errno::ERESTARTSYS`].
///
/// What is done comes back from here straight to the task loop: behind the kernel a processor may not know where returns go.
#[inline(always)]
pub fn dispatch(task: &mut Task) -> Result<u64, Errno> {
    if strace::enabled() || task.user_dispatch.is_some() || task.seccomp.is_some() {
        return dispatch_watched(task);
    }
    table::run(task.hart.x(17))(task)
}

/// The same if somebody wants to know of it before.
#[cold]
#[inline(never)]
fn dispatch_watched(task: &mut Task) -> Result<u64, Errno> {
    let number = task.hart.x(17);
    let raw = task.arguments();
    if strace::enabled() {
        return strace::traced(task, number, table::row(number), &raw, |task| run(task, number, &raw));
    }
    run(task, number, &raw)
}

/// Tells of the guest memory that a call has read and written, after it: `first` is what `a0` was before, and `a0` is what it
/// returned.
pub fn accesses(task: &Task, number: u64, first: u64, tell: args::Tell) {
    let Some(row) = table::row(number) else { return };
    let mut raw = task.arguments();
    let result = std::mem::replace(&mut raw[0], first);
    let result = if result > u64::MAX - 4096 { Err(Errno::EFAULT) } else { Ok(result) };
    let call = args::Call { memory: &task.process.memory, raw: &raw, result: Some(result) };
    for (parameter, value) in row.args.iter().zip(raw) {
        (parameter.accesses)(value, &call, tell);
    }
    socket::message_accesses(row.name, &call, tell);
}

fn run(task: &mut Task, number: u64, raw: &[u64; 6]) -> Result<u64, Errno> {
    if task.user_dispatch.is_some()
        && let Some(answer) = user_dispatch::check(task, number)
    {
        return answer;
    }
    if task.seccomp.is_some()
        && let Some(answer) = filters::check(task, number, raw)
    {
        return answer;
    }
    table::run(number)(task)
}

/// What is not done.
#[cold]
fn refuse(task: &mut Task) -> Result<u64, Errno> {
    let number = task.hart.x(17);
    match table::row(number) {
        Some(Row { name, action: Action::Refused(why), .. }) => {
            log::debug!("system call {name} is refused: {why}");
        }
        _ => say_once(number, format_args!("there is no system call {number}")),
    }
    Err(Errno::ENOSYS)
}

/// Logs what the guest could not have, once for each number (numbers beyond the table share one line).
fn say_once(number: u64, what: std::fmt::Arguments) {
    static SAID: [AtomicU64; LIMIT / 64 + 1] = [const { AtomicU64::new(0) }; LIMIT / 64 + 1];
    let place = number.min(LIMIT as u64) as usize;
    if SAID[place / 64].fetch_or(1 << (place % 64), Relaxed) & (1 << (place % 64)) == 0 {
        log::warn!("{what}");
    }
}
