//! Traps: what an instruction may raise instead of completing (privileged manual, "Machine Cause Register").

use crate::addr::GuestAddr;

/// What a memory access was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// A load.
    Read,
    /// A store or an AMO.
    Write,
    /// An instruction fetch.
    Execute,
}

/// Why an address could not be accessed; decides between the signals and codes of sigaction(2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// Nothing is mapped there: SIGSEGV, `SEGV_MAPERR`.
    Unmapped,
    /// Mapped, but not for this access: SIGSEGV, `SEGV_ACCERR`.
    Protection,
    /// Past the end of the mapped file: SIGBUS, `BUS_ADRERR`.
    PastEnd,
    /// An atomic access that is not naturally aligned: SIGBUS, `BUS_ADRALN`.
    Misaligned,
}

/// An instruction that did not complete. The hart's pc is still on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trap {
    /// `ecall`: a system call.
    SystemCall,
    /// `ebreak`: SIGTRAP, `TRAP_BRKPT`.
    Breakpoint,
    /// A reserved or unknown encoding: SIGILL, `ILL_ILLOPC`. The bits are as fetched, 16 or 32 of them.
    IllegalInstruction(u32),
    /// A fetch, load or store that failed.
    Fault {
        /// The address that failed (`si_addr`).
        addr: GuestAddr,
        /// What it was for.
        access: Access,
        /// Why it failed.
        kind: FaultKind,
    },
}
