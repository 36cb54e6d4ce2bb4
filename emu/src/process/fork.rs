//! `clone` and `clone3` as fork, and the debug server's process: the only place that makes host processes.
//!
//! A child is made with every signal blocked and with no lock of ours held by another thread: the forking one takes them all, and the
//! debugger's agent waits at its gate. Threads and children that share memory are made in `thread.rs` and `vfork.rs`. What is left to the host kernel (which descriptors, namespaces and so on the child
//! shares) goes there as flags; what concerns the guest's memory and registers is done here, on either side.
#![allow(unsafe_code, reason = "fork(2) and clone(2)")]

use std::io;
use std::sync::atomic::Ordering::Relaxed;

use bytemuck::{Pod, Zeroable};

use super::carry::Parcel;
use super::{carry, exec, thread, vfork};
use crate::addr::GuestAddr;
use crate::debug;
use crate::errno::Errno;
use crate::hart::Hart;
use crate::image;
use crate::memory::Memory;
use crate::signal::{SigSet, host};
use crate::syscall::host::{call, call_at_once};
use crate::task::Task;

/// `clone(flags, stack, parent_tid, tls, child_tid)`, in the order of riscv64.
pub fn clone(
    task: &mut Task,
    flags: u64,
    stack: u64,
    parent_tid: GuestAddr,
    tls: u64,
    child_tid: GuestAddr,
) -> Result<u64, Errno> {
    // The flags are 32 bits wide here, and the lowest byte is the signal.
    let flags = u64::from(flags as u32);
    if flags & PIDFD != 0 && flags & PARENT_SETTID != 0 {
        return Err(Errno::EINVAL);
    }
    make(
        task,
        &CloneArgs {
            flags: flags & !CSIGNAL,
            pidfd: parent_tid.0,
            child_tid: child_tid.0,
            parent_tid: parent_tid.0,
            exit_signal: flags & CSIGNAL,
            stack,
            tls,
            ..CloneArgs::zeroed()
        },
    )
}

/// `clone3(args, size)`.
pub fn clone3(task: &mut Task, addr: GuestAddr, size: u64) -> Result<u64, Errno> {
    const FIRST_SIZE: u64 = 64;
    let known = size_of::<CloneArgs>() as u64;
    match size {
        0..FIRST_SIZE => return Err(Errno::EINVAL),
        4097.. => return Err(Errno::E2BIG),
        _ => {}
    }
    let mut bytes = vec![0; size as usize];
    task.process.memory.read(addr, &mut bytes)?;
    if bytes.iter().skip(known as usize).any(|&byte| byte != 0) {
        return Err(Errno::E2BIG);
    }
    bytes.resize(known as usize, 0);
    let mut args: CloneArgs = bytemuck::pod_read_unaligned(&bytes);
    if args.flags & (CSIGNAL | DETACHED) & !NEWTIME != 0
        || args.exit_signal & !CSIGNAL != 0
        || (args.stack == 0) != (args.stack_size == 0)
    {
        return Err(Errno::EINVAL);
    }
    args.stack = args.stack.wrapping_add(args.stack_size);
    make(task, &args)
}

/// Runs `work` in a process that is no relative of this one and of no session that matters: its parent is init, its
/// standard streams are `/dev/null`. Returns when it is on its way. Only for a process that has one thread yet.
pub fn spawn_helper(work: impl FnOnce()) -> io::Result<()> {
    // SAFETY: one thread, so the child may do what the parent might.
    match unsafe { libc::fork() } {
        -1 => Err(io::Error::last_os_error()),
        0 => {
            // SAFETY: as above; the child in between ends at once, so that the helper becomes an orphan.
            unsafe {
                libc::setsid();
                if libc::fork() != 0 {
                    libc::_exit(0);
                }
            }
            silence();
            work();
            // SAFETY: ends the helper, without the exit handlers of the process that it was copied from.
            unsafe { libc::_exit(0) }
        }
        between => {
            let mut status = 0;
            // SAFETY: waits for our own child, which nobody else knows.
            while unsafe { libc::waitpid(between, &mut status, 0) } == -1 {
                let error = io::Error::last_os_error();
                if error.kind() != io::ErrorKind::Interrupted {
                    return Err(error);
                }
            }
            Ok(())
        }
    }
}

/// Standard streams to `/dev/null`.
fn silence() {
    // SAFETY: descriptor numbers only, of a process of our own.
    unsafe {
        // Its number is the one that is opened: there may be no other left.
        libc::close(0);
        libc::open(c"/dev/null".as_ptr(), libc::O_RDWR);
        libc::dup2(0, 1);
        libc::dup2(0, 2);
    }
}

const CSIGNAL: u64 = 0xff;
pub(super) const VM: u64 = libc::CLONE_VM as u64;
pub(super) const FS: u64 = libc::CLONE_FS as u64;
pub(super) const FILES: u64 = libc::CLONE_FILES as u64;
pub(super) const SIGHAND: u64 = libc::CLONE_SIGHAND as u64;
pub(super) const PIDFD: u64 = libc::CLONE_PIDFD as u64;
const PTRACE: u64 = libc::CLONE_PTRACE as u64;
pub(super) const VFORK: u64 = libc::CLONE_VFORK as u64;
const THREAD: u64 = libc::CLONE_THREAD as u64;
pub(super) const SETTLS: u64 = libc::CLONE_SETTLS as u64;
pub(super) const PARENT_SETTID: u64 = libc::CLONE_PARENT_SETTID as u64;
pub(super) const CHILD_CLEARTID: u64 = libc::CLONE_CHILD_CLEARTID as u64;
pub(super) const DETACHED: u64 = libc::CLONE_DETACHED as u64;
pub(super) const UNTRACED: u64 = libc::CLONE_UNTRACED as u64;
const CHILD_SETTID: u64 = libc::CLONE_CHILD_SETTID as u64;
const NEWNS: u64 = libc::CLONE_NEWNS as u64;
const NEWTIME: u64 = 0x80;
pub(super) const CLEAR_SIGHAND: u64 = 1 << 32;
const INTO_CGROUP: u64 = 1 << 33;

/// What is done here and not by the host kernel.
const OURS: u64 = VM
    | SIGHAND
    | PTRACE
    | THREAD
    | SETTLS
    | PARENT_SETTID
    | CHILD_CLEARTID
    | DETACHED
    | UNTRACED
    | CHILD_SETTID
    | CLEAR_SIGHAND;

/// `struct clone_args` of Linux 5.7 and later.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub(super) struct CloneArgs {
    pub(super) flags: u64,
    pub(super) pidfd: u64,
    pub(super) child_tid: u64,
    pub(super) parent_tid: u64,
    pub(super) exit_signal: u64,
    pub(super) stack: u64,
    pub(super) stack_size: u64,
    pub(super) tls: u64,
    pub(super) set_tid: u64,
    pub(super) set_tid_size: u64,
    pub(super) cgroup: u64,
}

impl CloneArgs {
    /// Gives the child's hart its stack and its thread pointer.
    pub(super) fn place(&self, hart: &mut Hart) {
        if self.stack != 0 {
            hart.set_x(2, self.stack);
        }
        if self.flags & SETTLS != 0 {
            hart.set_x(4, self.tls);
        }
    }

    /// Writes the child's tid where the child wants it, and remembers where it is to be cleared.
    pub(super) fn tell_child(&self, child: &mut Task) {
        if self.flags & CHILD_SETTID != 0 {
            let _ = child.process.memory.put(GuestAddr(self.child_tid), &child.tid);
        }
        if self.flags & CHILD_CLEARTID != 0 {
            child.clear_child_tid = GuestAddr(self.child_tid);
        }
    }

    /// Writes the child's tid where the parent wants it: for a child that sees the same memory, before either goes on.
    pub(super) fn tell_parent(&self, memory: &Memory, tid: i32) {
        if self.flags & PARENT_SETTID != 0 {
            let _ = memory.put(GuestAddr(self.parent_tid), &tid);
        }
    }
}

/// The kernel's checks, then the fork, then what the flags ask for on both sides. `args.stack` is the stack pointer.
fn make(task: &mut Task, args: &CloneArgs) -> Result<u64, Errno> {
    let flags = args.flags;
    let shares_handlers = flags & SIGHAND != 0;
    if (flags & THREAD != 0 && !shares_handlers)
        || (shares_handlers && (flags & VM == 0 || flags & CLEAR_SIGHAND != 0))
        || args.exit_signal > 64
    {
        return Err(Errno::EINVAL);
    }
    if flags & THREAD != 0 {
        return thread::make(task, args);
    }
    carry::forks(task);
    if flags & NEWNS != 0 {
        exec::remember_emulator();
    }
    if !leaves_exec_alone(args) {
        // In the child too, which is a copy.
        task.process.require_host_exec();
    }
    let set_tid = set_tid(task, args)?;
    let mut pidfd: i32 = -1;
    let mut host = CloneArgs {
        flags: flags & !OURS,
        pidfd: &raw mut pidfd as u64,
        exit_signal: args.exit_signal,
        set_tid: set_tid.as_ptr() as u64,
        set_tid_size: set_tid.len() as u64,
        cgroup: args.cgroup,
        ..CloneArgs::zeroed()
    };
    if set_tid.is_empty() {
        host.set_tid = 0;
    }
    let carries = carry::suits(task, args) && Parcel::of(task).is_ok();
    if flags & VM != 0 && !carries {
        return vfork::make(task, args, &mut host);
    }
    if carries {
        host.flags &= !VFORK;
    }
    let debugged = task.process.debug.get().is_some();
    if debugged {
        // The debugger may hold the child for as long as it likes, and the parent has to answer meanwhile.
        host.flags &= !VFORK;
    }
    let single = task.process.tasks.is_single();
    debug::around_fork(task, args.flags & FILES != 0, |task, unaccompanied| {
        let alone = single && unaccompanied;
        let child = with_signals_blocked(task, |task| {
            let process = task.process.clone();
            let forks = process.forks.fetch_add(1, Relaxed);
            image::expect_child(forks, alone && !process.borrows_memory());
            process.engine.expect_child(forks);
            // A lock that nobody can hold is better not touched: what is written here is copied by both sides.
            let quiet = (!single).then(|| process.quiesce());
            let child = fork(&host, alone)?;
            if child == 0 {
                if quiet.is_some() {
                    drop(quiet);
                    process.engine.quiesce().keep_only(task.seat);
                }
                become_child(task, args);
                if carries {
                    carry::begin(task);
                }
            }
            Ok(child)
        })?;
        if carries && child != 0 {
            // What comes meanwhile and is deadly may end the parent.
            carry::wait(task, child as i32);
        }
        task.hart.set_x(10, child);
        if child == 0 {
            return Ok(None);
        }
        args.tell_parent(&task.process.memory, child as i32);
        if flags & PIDFD != 0 {
            let _ = task.process.memory.put(GuestAddr(args.pidfd), &pidfd);
        }
        Ok(Some(child as i32))
    })?;
    // The debugger may have changed the register that this goes to.
    Ok(task.hart.x(10))
}

/// Whether neither the parent's next exec nor the child's has to undo anything that the flags ask for: what they share, who waits for the exec, by
/// which signal the end is told. A child of `vfork` has its parent's memory only while that one waits.
fn leaves_exec_alone(args: &CloneArgs) -> bool {
    const ALONE: u64 =
        SETTLS | PARENT_SETTID | CHILD_SETTID | CHILD_CLEARTID | PIDFD | CLEAR_SIGHAND | UNTRACED | DETACHED;
    let is_vfork = args.flags & (VM | VFORK) == VM | VFORK;
    let alone = if is_vfork { ALONE | VM | VFORK } else { ALONE };
    args.flags & !alone == 0 && args.exit_signal == libc::SIGCHLD as u64
}

/// A signal that comes before a fork is the parent's alone, and nothing may be in its slot when that is copied.
pub(super) fn with_signals_blocked<T>(
    task: &mut Task,
    work: impl FnOnce(&mut Task) -> Result<T, Errno>,
) -> Result<T, Errno> {
    let open = host::replace_mask(SigSet::ALL.without(crate::signal::OPEN));
    if host::is_waiting() {
        // Everything was blocked when it came, and stays so until it has been delivered.
        return Err(Errno::ERESTARTSYS);
    }
    let done = work(task);
    host::replace_mask(open);
    done
}

/// The array of pids that clone3 can ask for.
fn set_tid(task: &Task, args: &CloneArgs) -> Result<Vec<i32>, Errno> {
    const MAX_PID_NS_LEVEL: u64 = 32;
    if args.set_tid_size > MAX_PID_NS_LEVEL || (args.set_tid == 0) != (args.set_tid_size == 0) {
        return Err(Errno::EINVAL);
    }
    let mut set_tid = vec![0; args.set_tid_size as usize];
    if !set_tid.is_empty() {
        task.process.memory.read(GuestAddr(args.set_tid), bytemuck::cast_slice_mut(&mut set_tid))?;
    }
    Ok(set_tid)
}

/// In the child: what is its own from the start.
fn become_child(task: &mut Task, args: &CloneArgs) {
    let tid = call_at_once(libc::SYS_gettid, [0; 6]).unwrap_or_default() as i32;
    task.process.tasks.only(task.tid, tid);
    task.process.memory.forked();
    task.process.engine.is_child();
    task.tid = tid;
    task.process.set_pid(tid);
    crate::log::forked();
    host::forget();
    task.clear_child_tid = GuestAddr(0);
    task.user_dispatch = None;
    task.carrier = None;
    task.hart.reservation = None;
    args.place(&mut task.hart);
    args.tell_child(task);
    if args.flags & CLEAR_SIGHAND != 0 {
        task.process.actions.reset_handlers();
    }
}

/// Makes the process. Beside another thread, which may be in the C library's allocator, the C library's fork leaves
/// that in order. Without one nothing of the library's has to be, and the call itself touches less that the child would have to copy: the
/// library alone knows the child's thread by its parent's id, and asks the kernel where that matters. What the library cannot express goes past it.
fn fork(args: &CloneArgs, alone: bool) -> Result<u64, Errno> {
    if !alone && args.flags == 0 && args.exit_signal == libc::SIGCHLD as u64 && args.set_tid_size == 0 {
        // SAFETY: no other thread holds a lock of ours: see the module's contract.
        return match unsafe { libc::fork() } {
            -1 => Err(Errno::last()),
            child => Ok(child as u64),
        };
    }
    if args.set_tid_size != 0 || args.flags & INTO_CGROUP != 0 {
        let size = size_of::<CloneArgs>() as u64;
        return call(libc::SYS_clone3, [std::ptr::from_ref(args) as u64, size, 0, 0, 0, 0]);
    }
    call(libc::SYS_clone, [args.flags | args.exit_signal, 0, args.pidfd, 0, 0, 0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_laid_out_as_the_hosts() {
        assert_eq!(size_of::<CloneArgs>(), size_of::<libc::clone_args>());
    }
}
