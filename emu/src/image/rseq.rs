//! The C library's registration for restartable sequences (rseq(2)), withdrawn: with it the kernel writes into the thread's own storage whenever
//! the thread goes on on some processor, and each side of a fork copies that page for it.
#![allow(unsafe_code, reason = "the registration is the C library's")]

use std::arch::asm;

use crate::syscall::host::call_at_once;

/// `RSEQ_FLAG_UNREGISTER`.
const UNREGISTER: u64 = 1;
/// `RSEQ_SIG` of x86-64.
const SIGNATURE: u64 = 0x5305_3053;

/// Withdraws this thread's. The library asks the kernel for the processor from then on, when it wants to know.
pub(super) fn withdraw() {
    let (offset, own): (*const isize, u64);
    // SAFETY: the address of a symbol that C libraries may have (glibc 2.35), or 0; and the thread's pointer to itself, which is there.
    unsafe {
        asm!(
            ".weak __rseq_offset",
            "mov {offset}, qword ptr [rip + __rseq_offset@GOTPCREL]",
            "mov {own}, qword ptr fs:[0]",
            offset = out(reg) offset,
            own = out(reg) own,
            options(nostack, readonly, pure)
        );
    }
    // SAFETY: if it has one, it is a constant of this type.
    if let Some(offset) = unsafe { offset.as_ref() } {
        // The size is part of it, and the kernel refuses another.
        for size in [32, 28, 20, 33, 64] {
            let area = own.wrapping_add_signed(*offset as i64);
            if call_at_once(libc::SYS_rseq, [area, size, UNREGISTER, SIGNATURE, 0, 0]).is_ok() {
                break;
            }
        }
    }
}
