//! The stack of a process's first task.
//!
//! What parent or child writes after a fork is copied page by page, and a mapping with such pages by itself. So the first task does not run on the
//! stack that the host has made, but on one among the emulator's other zeroes ([`crate::image`]), whose top is the top of a page: what each system call
//! puts there fits into that page. It is as large as other threads' stacks are.
#![allow(unsafe_code, reason = "changes the stack pointer")]

use std::arch::asm;
use std::cell::UnsafeCell;
use std::ffi::c_void;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicPtr, Ordering::Relaxed};

/// Of threads that guests make, too: handlers of instructions take none of it, system calls some thousand bytes.
pub const SIZE: usize = 256 << 10;

#[repr(align(4096))]
struct Room(UnsafeCell<[u8; SIZE]>);

// SAFETY: the one thread that is on it.
unsafe impl Sync for Room {}

static FIRST: Room = Room(UnsafeCell::new([0; SIZE]));

/// Where the host's stack was left; null if it was not.
static LEFT: AtomicPtr<c_void> = AtomicPtr::new(null_mut());

/// Does `work` with `with` on the process's own stack, and does not come back. What is on the stack that the caller is on stays as it is.
///
/// # Safety
/// It is called once in a process and those that are forked from it, by its first thread.
pub unsafe fn go_there(work: extern "sysv64" fn(*mut c_void) -> !, with: *mut c_void) -> ! {
    let top = FIRST.0.get().wrapping_add(1);
    let mut here = 0_u8;
    // What lies below is written by nobody, and far enough below this function's frame.
    LEFT.store((&raw mut here).wrapping_sub(1024).map_addr(|at| at & !0xfff).cast(), Relaxed);
    // SAFETY: the stack is nobody else's, aligned, and zero where a caller's frame would be looked for.
    unsafe {
        asm!(
            "mov rsp, {top}",
            "xor ebp, ebp",
            "push rbp",
            "push rbp",
            "call {work}",
            "ud2",
            top = in(reg) top,
            work = in(reg) work,
            in("rdi") with,
            options(noreturn)
        )
    }
}

/// Does `work` with `with` on the host's stack, if the caller is on the process's own: nothing on that one is written meanwhile.
///
/// # Safety
/// The host's stack is still there.
pub unsafe fn aside(work: extern "sysv64" fn(*mut c_void), with: *mut c_void) {
    let mut here = 0_u8;
    let is_on_own = (&raw mut here as usize).wrapping_sub(FIRST.0.get() as usize) < SIZE;
    let left = LEFT.load(Relaxed);
    if !is_on_own || left.is_null() {
        return work(with);
    }
    // SAFETY: nobody uses that stack below there, and this thread comes back to its own.
    unsafe {
        asm!(
            "mov r12, rsp",
            "mov rsp, {left}",
            "call {work}",
            "mov rsp, r12",
            left = in(reg) left,
            work = in(reg) work,
            in("rdi") with,
            out("r12") _,
            clobber_abi("sysv64"),
        );
    }
}
