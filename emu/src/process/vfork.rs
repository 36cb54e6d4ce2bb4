//! `vfork`, and `clone` with `CLONE_VM`: a child process in its parent's memory.
//!
//! The child is a host process that shares the emulator's memory too: it has a [`Process`] and a [`Task`] of its own, which its parent owns
//! and frees when the child has executed a program or ended. A thread of the parent lends the child its host thread's local storage (the C
//! library's and ours) and sleeps until it gets that back, so that never two use it. For `vfork` that is the calling thread itself, as it
//! is in Linux; where the caller has to go on, or to answer a debugger, a thread is made for it.
#![allow(unsafe_code, reason = "clone(2) with shared memory, on a stack of our own")]

use std::arch::global_asm;
use std::ffi::{c_int, c_void};
use std::os::fd::RawFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::thread::Builder;

use crossbeam_channel::bounded;

use super::Process;
use super::fork::{
    CHILD_CLEARTID, CLEAR_SIGHAND, CloneArgs, FILES, FS, PIDFD, SIGHAND, VFORK, with_signals_blocked,
};
use super::thread::child_hart;
use super::{exec, exit};
use crate::addr::GuestAddr;
use crate::debug;
use crate::errno::Errno;
use crate::hart::Hart;
use crate::seccomp::Seccomp;
use crate::signal::{SigSet, TaskSignals, host};
use crate::stack;
use crate::syscall::descriptors;
use crate::syscall::host::{call_at_once, watch};
use crate::sysroot;
use crate::task::Task;

/// The child's host stack: it makes system calls, as a thread does.
const STACK: usize = stack::SIZE;

/// Makes a child that shares memory. `host` is what is left to the host's kernel of `args`, which have been checked. Answers its pid.
// Apart from fork, whose child would have to copy this frame.
#[inline(never)]
pub(super) fn make(task: &mut Task, args: &CloneArgs, host: &mut CloneArgs) -> Result<u64, Errno> {
    // A child that opened it would tell its parent, who has not got that descriptor.
    exec::remember_emulator();
    let process = task.process.clone();
    let mut child = Birth {
        process: Arc::new(process.sharing_memory(args.flags & SIGHAND != 0)),
        hart: Some(child_hart(task, args)),
        signals: Some(task.signals.of_child(args.flags & VFORK != 0)),
        seccomp: task.seccomp.clone(),
        args: *args,
        vfork: None,
        not_its_own: None,
        task: None,
    };
    host.flags |= libc::CLONE_VM as u64 | args.flags & SIGHAND;
    let waits = args.flags & VFORK != 0;
    let is_watched = debug::is_watched(&process);
    if waits && !is_watched {
        host.flags |= VFORK;
        return with_signals_blocked(task, |task| lend(task, child, host));
    }
    host.flags &= !VFORK;
    host.flags |= CHILD_CLEARTID;
    let (host, pidfd) = (*host, args.flags & PIDFD != 0);
    if !waits {
        return debug::around_clone(task, args.flags & FILES != 0, |task, vfork| {
            // With a copy of the debugger's connection it would hide its parent's death. One that is followed puts its own there.
            let parents = || debug::control(&process).filter(|_| args.flags & FILES == 0);
            child.not_its_own = if vfork.is_some() { None } else { parents() };
            child.vfork = vfork;
            let lent = Lent { birth: child, host, pidfd };
            with_signals_blocked(task, |_| lend_a_thread(lent))
        });
    }
    debug::around_vfork(task, args.flags & FILES != 0, |task, vfork| {
        child.vfork = Some(vfork.clone());
        let lent = Lent { birth: child, host, pidfd };
        with_signals_blocked(task, |_| lend_a_thread(lent))
    })
}

/// A child before it has a process.
struct Birth {
    process: Arc<Process>,
    hart: Option<Hart>,
    signals: Option<TaskSignals>,
    seccomp: Option<Seccomp>,
    args: CloneArgs,
    /// Who waits for its beginning and its end, if its parent is debugged.
    vfork: Option<Arc<debug::Vfork>>,
    /// A descriptor that the child has to close.
    not_its_own: Option<RawFd>,
    /// The child's task while it lives, and what is left of it then.
    task: Option<Box<Task>>,
}

/// Makes the child on this thread, which is the task's own; comes back when the child has gone from here.
fn lend(task: &mut Task, mut birth: Birth, args: &CloneArgs) -> Result<u64, Errno> {
    let stack = Stack::new()?;
    let held = host::set_aside();
    let left = sysroot::has_left();
    let mut pidfd: i32 = -1;
    let args = CloneArgs { pidfd: &raw mut pidfd as u64, ..*args };
    let made = stack.clone(&args, &mut birth);
    host::enter(&task.hart.attention);
    host::forget();
    held.iter().for_each(host::hold);
    birth.reclaim();
    if args.flags & FS == 0 {
        sysroot::set_left(left);
    }
    let pid = made?;
    if birth.args.flags & PIDFD != 0 {
        let _ = task.process.memory.put(GuestAddr(birth.args.pidfd), &pidfd);
    }
    Ok(pid)
}

/// What a thread that is made for a child is given.
struct Lent {
    birth: Birth,
    host: CloneArgs,
    pidfd: bool,
}

/// Makes the child on a thread made for it. Answers its pid.
fn lend_a_thread(lent: Lent) -> Result<u64, Errno> {
    let (tell, made) = bounded(1);
    let lend = move || {
        let Lent { mut birth, mut host, pidfd: wants_pidfd } = lent;
        let present = AtomicI32::new(1);
        let mut pidfd: i32 = -1;
        host.child_tid = &raw const present as u64;
        host.pidfd = &raw mut pidfd as u64;
        let made = Stack::new().and_then(|stack| {
            let pid = stack.clone(&host, &mut birth)?;
            Ok((pid, stack))
        });
        let memory = birth.process.memory.clone();
        if wants_pidfd && made.is_ok() {
            let _ = memory.put(GuestAddr(birth.args.pidfd), &pidfd);
        }
        if let Ok((pid, _)) = made {
            // The child does so too, but may come later than its maker.
            birth.args.tell_parent(&memory, pid as i32);
        }
        let is_made = made.is_ok();
        let _ = tell.send(made.as_ref().map(|&(pid, _)| pid).map_err(|&errno| errno));
        if is_made {
            // What is sent to the process is for its tasks.
            host::replace_mask(SigSet::ALL);
            wait_until_gone(&present);
        }
        watch(std::ptr::null());
        host::forget();
        birth.reclaim();
        drop(made);
        birth.vfork.iter().for_each(|vfork| vfork.over());
    };
    let spawned = host::undoing_the_librarys(|| Builder::new().spawn(lend));
    spawned.map_err(|_| Errno::EAGAIN)?;
    made.recv().map_err(|_| Errno::EAGAIN)?
}

/// Waits until the kernel has cleared the child's word: it has left this memory.
fn wait_until_gone(present: &AtomicI32) {
    while present.load(Ordering::Acquire) != 0 {
        let word = std::ptr::from_ref(present) as u64;
        let _ = call_at_once(libc::SYS_futex, [word, libc::FUTEX_WAIT as u64, 1, 0, 0, 0]);
    }
}

impl Birth {
    /// Frees what the child has left behind.
    fn reclaim(&mut self) {
        if let Some(task) = &mut self.task {
            // Its thread is another task's again.
            task.signals.abandon();
        }
        self.task = None;
    }
}

/// The child's life.
extern "C" fn live(birth: *mut c_void) -> c_int {
    // SAFETY: the parent's thread that made this call sleeps until the child has gone, and owns what this points to.
    let birth = unsafe { &mut *birth.cast::<Birth>() };
    let (Some(hart), Some(signals)) = (birth.hart.take(), birth.signals.take()) else { return 125 };
    let Birth { process, args, task, seccomp, vfork, not_its_own, .. } = birth;
    if let Some(fd) = not_its_own {
        descriptors::close(*fd);
    }
    process.set_pid(std::process::id() as i32);
    let task = task.insert(Box::new(Task::another(process.clone(), hart, signals)));
    task.seccomp = seccomp.take();
    host::forget();
    if args.flags & FILES == 0 {
        crate::log::forked();
    }
    args.tell_parent(&process.memory, task.tid);
    args.tell_child(task);
    if args.flags & CLEAR_SIGHAND != 0 {
        process.actions.reset_handlers();
    }
    if let Some(vfork) = vfork {
        vfork.begin(task);
    }
    let ending = task.run();
    exit::leave(ending)
}

/// A host stack with a guard page.
struct Stack {
    low: *mut c_void,
}

const GUARD: usize = 4096;

impl Stack {
    fn new() -> Result<Stack, Errno> {
        // SAFETY: a new mapping touches nothing that exists; its first page is closed again.
        unsafe {
            let prot = libc::PROT_READ | libc::PROT_WRITE;
            let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_STACK | libc::MAP_NORESERVE;
            let low = libc::mmap(std::ptr::null_mut(), STACK, prot, flags, -1, 0);
            if low == libc::MAP_FAILED {
                return Err(Errno::last());
            }
            libc::mprotect(low, GUARD, libc::PROT_NONE);
            Ok(Stack { low })
        }
    }

    /// clone(2) with shared memory: the child lives on this stack.
    fn clone(&self, args: &CloneArgs, birth: &mut Birth) -> Result<u64, Errno> {
        let args = CloneArgs { stack: self.low as u64, stack_size: STACK as u64, ..*args };
        let size = size_of::<CloneArgs>() as u64;
        // SAFETY: the child runs on the stack above, which is its own, and never comes back from `live`. With CLONE_VFORK this thread
        // sleeps meanwhile; otherwise its maker lets it do nothing but wait.
        let made = unsafe { tine_clone3(&raw const args, size, live, (&raw mut *birth).cast()) };
        match Errno::result(made) {
            Err(Errno::ENOSYS) if args.set_tid_size == 0 && args.flags >> 32 == 0 => {
                let flags = (args.flags | args.exit_signal) as c_int;
                // SAFETY: as above; the stack's end is aligned, and the places for the ids outlive the call.
                let made = unsafe {
                    let top = self.low.byte_add(STACK);
                    let (pidfd, child_tid) = (args.pidfd as *mut c_int, args.child_tid as *mut c_int);
                    let no_tls = std::ptr::null_mut::<c_void>();
                    libc::clone(live, top, flags, (&raw mut *birth).cast(), pidfd, no_tls, child_tid)
                };
                if made == -1 { Err(Errno::last()) } else { Ok(made as u64) }
            }
            made => made,
        }
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        // SAFETY: the mapping is ours, and the child that ran on it has gone.
        unsafe { libc::munmap(self.low, STACK) };
    }
}

unsafe extern "C" {
    fn tine_clone3(
        args: *const CloneArgs,
        size: u64,
        child: extern "C" fn(*mut c_void) -> c_int,
        arg: *mut c_void,
    ) -> u64;
}

// The child begins on an empty stack, so it cannot return; it calls its function there.
global_asm!(
    ".pushsection .text.tine_clone3, \"ax\", @progbits",
    ".globl tine_clone3",
    ".hidden tine_clone3",
    ".type tine_clone3, @function",
    "tine_clone3:",
    "mov r8, rcx",
    "mov eax, 435",
    "syscall",
    "test rax, rax",
    "jz 2f",
    "ret",
    "2:",
    "xor ebp, ebp",
    "mov rdi, r8",
    "call rdx",
    "ud2",
    ".size tine_clone3, . - tine_clone3",
    ".popsection",
);
