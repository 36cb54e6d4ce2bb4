//! The kick: what brings a task back from a blocking host call, or out of the engine, because the debugger wants it to stop.
//!
//! It is a SIGTRAP with a value that no guest sends by accident: SIGTRAP is one of the signals that the host never blocks.
#![allow(unsafe_code, reason = "rt_tgsigqueueinfo(2) has no safe wrapper")]

/// `si_value` of a kick.
const VALUE: usize = 0x7469_6e65_6b69_636b;

/// Sends a kick to a task of this process.
pub(super) fn kick(tid: i32) {
    // SAFETY: siginfo_t is plain data, for which all zeroes is a value.
    let mut info: libc::siginfo_t = unsafe { std::mem::zeroed() };
    let pid = std::process::id() as i32;
    info.si_signo = libc::SIGTRAP;
    info.si_code = libc::SI_QUEUE;
    let fields = [pid as u32 as u64, VALUE as u64];
    // SAFETY: si_pid, si_uid and si_value are the 16 bytes at offset 16 of the 128 (sigaction(2), `SI_QUEUE`).
    unsafe {
        std::ptr::copy_nonoverlapping(fields.as_ptr().cast::<u8>(), (&raw mut info).cast::<u8>().add(16), 16)
    };
    // SAFETY: the call reads `info` and nothing else of ours.
    unsafe { libc::syscall(libc::SYS_rt_tgsigqueueinfo, pid, tid, libc::SIGTRAP, &raw const info) };
}

/// Whether a signal that arrived is a kick: it sets `hart.attention`, and the guest hears nothing of it.
pub fn is_kick(info: &libc::siginfo_t) -> bool {
    // SAFETY: a SI_QUEUE signal carries si_value.
    info.si_signo == libc::SIGTRAP
        && info.si_code == libc::SI_QUEUE
        && unsafe { info.si_value().sival_ptr } as usize == VALUE
}
