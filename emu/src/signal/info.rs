//! `siginfo_t`: the same 128 bytes on riscv64 and x86-64, so what the host says of a signal is what the guest reads.

use std::fmt;

use bytemuck::{Pod, Zeroable};

use crate::addr::GuestAddr;

/// `SI_USER`: sent by kill(2).
pub const SI_USER: i32 = 0;
/// `SI_QUEUE`: sent by sigqueue(3).
pub const SI_QUEUE: i32 = -1;
/// `SI_KERNEL`: sent by the kernel, which says no more.
pub const SI_KERNEL: i32 = 0x80;
/// `ILL_ILLOPC`: illegal opcode.
pub const ILL_ILLOPC: i32 = 1;
/// `TRAP_BRKPT`: a breakpoint instruction.
pub const TRAP_BRKPT: i32 = 1;
/// `SEGV_MAPERR`: nothing is mapped there.
pub const SEGV_MAPERR: i32 = 1;
/// `SEGV_ACCERR`: the mapping does not permit it.
pub const SEGV_ACCERR: i32 = 2;
/// `BUS_ADRALN`: misaligned.
pub const BUS_ADRALN: i32 = 1;
/// `BUS_ADRERR`: no such physical address; past the end of the file.
pub const BUS_ADRERR: i32 = 2;

/// What is told of a signal: `siginfo_t`.
#[derive(Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct SigInfo {
    /// `si_signo`.
    pub signal: i32,
    /// `si_errno`.
    pub errno: i32,
    /// `si_code`: positive, from the kernel; otherwise from a process.
    pub code: i32,
    pad: i32,
    /// The rest, by the kind of signal.
    pub fields: [u64; 14],
}

impl SigInfo {
    /// A signal of which nothing else is told.
    pub const fn new(signal: i32, code: i32) -> SigInfo {
        SigInfo { signal, errno: 0, code, pad: 0, fields: [0; 14] }
    }

    /// A signal about an address.
    pub const fn fault(signal: i32, code: i32, addr: GuestAddr) -> SigInfo {
        let mut info = SigInfo::new(signal, code);
        info.fields[0] = addr.0;
        info
    }

    /// `si_addr` of a fault.
    pub const fn addr(&self) -> GuestAddr {
        GuestAddr(self.fields[0])
    }

    /// `si_pid` of a signal that a process has sent, or of a child.
    pub const fn pid(&self) -> i32 {
        self.fields[0] as i32
    }

    /// `si_uid` beside it.
    pub const fn uid(&self) -> u32 {
        (self.fields[0] >> 32) as u32
    }

    /// `si_value` of a queued signal.
    pub const fn value(&self) -> u64 {
        self.fields[1]
    }

    /// Whether a process sent it, rather than the kernel on account of something that happened.
    pub const fn is_sent(&self) -> bool {
        self.code <= 0
    }
}

impl fmt::Debug for SigInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} code {} {:#x}", super::number::name(self.signal), self.code, self.fields[0])
    }
}

#[cfg(test)]
mod tests {
    use std::mem::{offset_of, size_of};

    use super::*;

    #[test]
    fn is_laid_out_as_the_hosts() {
        assert_eq!(size_of::<SigInfo>(), size_of::<libc::siginfo_t>());
        assert_eq!(offset_of!(SigInfo, errno), offset_of!(libc::siginfo_t, si_errno));
        assert_eq!(offset_of!(SigInfo, code), offset_of!(libc::siginfo_t, si_code));
        assert_eq!(offset_of!(SigInfo, fields), 16);
    }
}
