//! The host's system calls, made so that a signal can never slip in between "is anything waiting?" and "the call has
//! begun".
//!
//! The call is an assembly routine whose addresses the signal handler knows. It looks at the thread's attention flag
//! and then executes `syscall`. A signal handler that finds itself anywhere between the look and the instruction (also
//! because the kernel moved the pc back onto it, to restart the call) moves the pc to the routine's way out, and the
//! caller sees [`Errno::ERESTARTSYS`]: nothing has happened yet. Host handlers carry the guest's own `SA_RESTART`, so
//! what restarts and what returns `EINTR` stays the host kernel's decision, call by call.
#![allow(unsafe_code, reason = "raw system calls")]

use std::arch::{asm, global_asm};
use std::cell::Cell;
use std::sync::atomic::AtomicU32;

use crate::errno::Errno;

/// Makes a host system call that may block. Fails with [`Errno::ERESTARTSYS`], nothing done, if the thread's attention is
/// wanted; a handler hands that on unchanged, and must be safe to be run again from its start.
#[inline]
pub fn call(number: i64, args: [u64; 6]) -> Result<u64, Errno> {
    // SAFETY: the routine reads six words and the flag, which lives as long as the task that registered it; what
    // the kernel does with the arguments is the caller's contract: addresses are inside the guest's window or of
    // buffers that live across this call.
    Errno::result(unsafe { tine_host_call(number, &args, ATTENTION.get()) })
}

/// Makes a host system call that does not block, whatever is waiting.
#[inline]
pub fn call_at_once(number: i64, args: [u64; 6]) -> Result<u64, Errno> {
    let raw: u64;
    // SAFETY: as for `call`.
    unsafe {
        asm!(
            "syscall",
            inlateout("rax") number => raw,
            in("rdi") args[0], in("rsi") args[1], in("rdx") args[2],
            in("r10") args[3], in("r8") args[4], in("r9") args[5],
            lateout("rcx") _, lateout("r11") _,
            options(nostack),
        );
    }
    Errno::result(raw)
}

/// From now on this thread's [`call`]s look at `attention`, or at nothing if it is null.
pub(crate) fn watch(attention: *const AtomicU32) {
    ATTENTION.set(if attention.is_null() { &raw const NEVER } else { attention });
}

/// Where a thread that was interrupted at `pc` has to go on: elsewhere, if its host call has not begun.
pub(crate) fn rewind(pc: u64) -> Option<u64> {
    let look = tine_host_call_look as *const () as u64;
    let instruction = tine_host_call_instruction as *const () as u64;
    let again = tine_host_call_again as *const () as u64;
    (look..=instruction).contains(&pc).then_some(again)
}

static NEVER: AtomicU32 = AtomicU32::new(0);

thread_local! {
    /// The attention flag of the task that runs on this thread. Without a destructor, so that a signal handler may read it.
    static ATTENTION: Cell<*const AtomicU32> = const { Cell::new(&raw const NEVER) };
}

unsafe extern "sysv64" {
    fn tine_host_call(number: i64, args: *const [u64; 6], attention: *const AtomicU32) -> u64;
    fn tine_host_call_look();
    fn tine_host_call_instruction();
    fn tine_host_call_again();
}

// 512 is Errno::ERESTARTSYS.
global_asm!(
    ".pushsection .text.tine_host_call, \"ax\", @progbits",
    ".globl tine_host_call, tine_host_call_look, tine_host_call_instruction, tine_host_call_again",
    ".hidden tine_host_call, tine_host_call_look, tine_host_call_instruction, tine_host_call_again",
    ".type tine_host_call, @function",
    "tine_host_call:",
    ".cfi_startproc",
    "mov rax, rdi",
    "mov rcx, rsi",
    "mov r11, rdx",
    "mov rdi, [rcx]",
    "mov rsi, [rcx + 8]",
    "mov rdx, [rcx + 16]",
    "mov r10, [rcx + 24]",
    "mov r8, [rcx + 32]",
    "mov r9, [rcx + 40]",
    "tine_host_call_look:",
    "cmp dword ptr [r11], 0",
    "jne tine_host_call_again",
    "tine_host_call_instruction:",
    "syscall",
    "ret",
    "tine_host_call_again:",
    "mov rax, -512",
    "ret",
    ".cfi_endproc",
    ".size tine_host_call, . - tine_host_call",
    ".popsection",
);

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;

    use super::*;

    #[test]
    fn calls_and_errors() {
        assert_eq!(call(libc::SYS_getpid, [0; 6]), Ok(u64::from(std::process::id())));
        assert_eq!(call_at_once(libc::SYS_getpid, [0; 6]), Ok(u64::from(std::process::id())));
        assert_eq!(call(libc::SYS_close, [u64::MAX, 0, 0, 0, 0, 0]), Err(Errno::EBADF));
    }

    #[test]
    fn attention_keeps_a_call_from_beginning() {
        let attention = AtomicU32::new(1);
        watch(&attention);
        assert_eq!(call(libc::SYS_getpid, [0; 6]), Err(Errno::ERESTARTSYS));
        attention.store(0, Ordering::Relaxed);
        assert!(call(libc::SYS_getpid, [0; 6]).is_ok());
        watch(std::ptr::null());
    }
}
