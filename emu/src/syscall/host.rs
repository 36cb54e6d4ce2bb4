//! The host's system calls, made so that a signal can never slip in between "is anything waiting?" and "the call has
//! begun".
//!
//! The call is a piece of assembly whose addresses are in a table that the signal handler knows. It looks at the thread's attention flag
//! and then executes `syscall`. A signal handler that finds itself anywhere between the look and the instruction (also
//! because the kernel moved the pc back onto it, to restart the call) moves the pc to the piece's way out, and the
//! caller sees [`Errno::ERESTARTSYS`]: nothing has happened yet. Host handlers carry the guest's own `SA_RESTART`, so
//! what restarts and what returns `EINTR` stays the host kernel's decision, call by call.
#![allow(unsafe_code, reason = "raw system calls")]

use std::arch::asm;
use std::cell::Cell;
use std::sync::atomic::AtomicU32;

use crate::errno::Errno;

/// Makes a host system call that may block. Fails with [`Errno::ERESTARTSYS`], nothing done, if the thread's attention is
/// wanted; a handler hands that on unchanged, and must be safe to be run again from its start.
#[inline(always)]
pub fn call(number: i64, args: [u64; 6]) -> Result<u64, Errno> {
    let raw: u64;
    // SAFETY: it reads the flag, which lives as long as the task that registered it; what
    // the kernel does with the arguments is the caller's contract: addresses are inside the guest's window or of
    // buffers that live across this call. 512 is `Errno::ERESTARTSYS`.
    unsafe {
        asm!(
            "2:",
            "cmp dword ptr [r11], 0",
            "jne 4f",
            "3:",
            "syscall",
            "5:",
            ".pushsection .text.tine_host_again, \"ax\", @progbits",
            "4:",
            "mov rax, -512",
            "jmp 5b",
            ".popsection",
            ".pushsection tine_host_calls, \"aR\", @progbits",
            ".long 2b - .",
            ".long 3b - .",
            ".long 4b - .",
            ".popsection",
            inlateout("rax") number => raw,
            in("rdi") args[0], in("rsi") args[1], in("rdx") args[2],
            in("r10") args[3], in("r8") args[4], in("r9") args[5],
            inlateout("r11") ATTENTION.get() => _, lateout("rcx") _,
            options(nostack),
        );
    }
    Errno::result(raw)
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
    // The comparison, the jump, the call: what else begins with these bytes is not looked for.
    const FIRST_BYTES: [u8; 3] = [0x41, 0x75, 0x0f];
    // SAFETY: the thread was executing there.
    if !FIRST_BYTES.contains(unsafe { &*(pc as *const u8) }) {
        return None;
    }
    let (start, stop) = (&raw const __start_tine_host_calls, &raw const __stop_tine_host_calls);
    // SAFETY: the linker puts the section's entries between the two.
    let sites = unsafe { std::slice::from_raw_parts(start, stop.offset_from_unsigned(start)) };
    let place = |distance: &i32| (&raw const *distance as u64).wrapping_add_signed((*distance).into());
    let site = sites.iter().find(|site| (place(&site.look)..=place(&site.instruction)).contains(&pc))?;
    Some(place(&site.again))
}

/// Where a host call is made: distances from the fields themselves.
#[repr(C)]
struct Site {
    look: i32,
    instruction: i32,
    again: i32,
}

unsafe extern "C" {
    static __start_tine_host_calls: Site;
    static __stop_tine_host_calls: Site;
}

static NEVER: AtomicU32 = AtomicU32::new(0);

thread_local! {
    /// The attention flag of the task that runs on this thread. Without a destructor, so that a signal handler may read it.
    static ATTENTION: Cell<*const AtomicU32> = const { Cell::new(&raw const NEVER) };
}

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
