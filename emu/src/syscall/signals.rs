//! From the table's rows to [`crate::signal::calls`] and [`crate::process`]: what signals and processes are is decided there.

use super::args::{Addr, Flags, In, Out, Pid, Signal, Size};
use super::layout::{CloneArgs, SigAction, SigStack, Siginfo, Timespec};
use super::names::{CloneFlags, MaskHow};
use crate::errno::Errno;
use crate::process::{carry, fork};
use crate::signal::{SigSet, calls};
use crate::task::Task;

/// rt_sigaction(2).
pub fn rt_sigaction(
    task: &mut Task,
    signal: Signal,
    new: In<SigAction>,
    old: Out<SigAction>,
    size: Size,
) -> Result<u64, Errno> {
    calls::rt_sigaction(task, signal.0, new.0, old.0, size.0)
}

/// rt_sigprocmask(2).
pub fn rt_sigprocmask(
    task: &mut Task,
    how: Flags<MaskHow>,
    new: In<SigSet>,
    old: Out<SigSet>,
    size: Size,
) -> Result<u64, Errno> {
    calls::rt_sigprocmask(task, how.0 as i32, new.0, old.0, size.0)
}

/// rt_sigpending(2).
pub fn rt_sigpending(task: &mut Task, set: Out<SigSet>, size: Size) -> Result<u64, Errno> {
    calls::rt_sigpending(task, set.0, size.0)
}

/// rt_sigsuspend(2).
pub fn rt_sigsuspend(task: &mut Task, mask: In<SigSet>, size: Size) -> Result<u64, Errno> {
    calls::rt_sigsuspend(task, mask.0, size.0)
}

/// rt_sigtimedwait(2).
pub fn rt_sigtimedwait(
    task: &mut Task,
    set: In<SigSet>,
    info: Out<Siginfo>,
    timeout: In<Timespec>,
    size: Size,
) -> Result<u64, Errno> {
    calls::rt_sigtimedwait(task, set.0, info.0, timeout.0, size.0)
}

/// sigaltstack(2).
pub fn sigaltstack(task: &mut Task, new: In<SigStack>, old: Out<SigStack>) -> Result<u64, Errno> {
    calls::sigaltstack(task, new.0, old.0)
}

/// rt_sigreturn(2).
pub fn rt_sigreturn(task: &mut Task) -> Result<u64, Errno> {
    calls::rt_sigreturn(task)
}

/// kill(2).
pub fn kill(task: &mut Task, pid: Pid, signal: Signal) -> Result<u64, Errno> {
    carry::may_die(task);
    calls::kill(task, pid.0, signal.0)
}

/// tkill(2).
pub fn tkill(task: &mut Task, tid: Pid, signal: Signal) -> Result<u64, Errno> {
    carry::may_die(task);
    calls::tkill(task, tid.0, signal.0)
}

/// tgkill(2).
pub fn tgkill(task: &mut Task, pid: Pid, tid: Pid, signal: Signal) -> Result<u64, Errno> {
    carry::may_die(task);
    calls::tgkill(task, pid.0, tid.0, signal.0)
}

/// rt_sigqueueinfo(2).
pub fn rt_sigqueueinfo(task: &mut Task, pid: Pid, signal: Signal, info: In<Siginfo>) -> Result<u64, Errno> {
    carry::may_die(task);
    calls::rt_sigqueueinfo(task, pid.0, signal.0, info.0)
}

/// rt_tgsigqueueinfo(2).
pub fn rt_tgsigqueueinfo(
    task: &mut Task,
    pid: Pid,
    tid: Pid,
    signal: Signal,
    info: In<Siginfo>,
) -> Result<u64, Errno> {
    carry::may_die(task);
    calls::rt_tgsigqueueinfo(task, pid.0, tid.0, signal.0, info.0)
}

/// clone(2).
pub fn clone(
    task: &mut Task,
    flags: Flags<CloneFlags>,
    stack: Addr,
    parent_tid: Addr,
    tls: Addr,
    child_tid: Addr,
) -> Result<u64, Errno> {
    fork::clone(task, flags.0, stack.0.0, parent_tid.0, tls.0.0, child_tid.0)
}

/// clone3(2).
pub fn clone3(task: &mut Task, args: In<CloneArgs>, size: Size) -> Result<u64, Errno> {
    fork::clone3(task, args.0, size.0)
}
