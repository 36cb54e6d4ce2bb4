//! What `$_siginfo` shows of a stop that no signal of the guest's has caused: what the kernel tells a tracer (ptrace(2), under
//! `PTRACE_GETSIGINFO`; `si_code` of SIGTRAP in sigaction(2)).

use tine_stub::StopReason;

use super::parking::{Parked, SIGINFO_SIZE};

/// The `siginfo_t` of a stop with the pc at `pc`.
pub(super) fn of_stop(reason: &StopReason, pc: u64) -> [u8; SIGINFO_SIZE] {
    let event = |event: i32| (libc::SIGTRAP, libc::SIGTRAP | event << 8, 0);
    let (signal, code, addr) = match reason {
        StopReason::Requested => (libc::SIGINT, libc::SI_KERNEL, 0),
        StopReason::Signal(signal) => (*signal, libc::SI_USER, 0),
        StopReason::Breakpoint => (libc::SIGTRAP, libc::TRAP_BRKPT, pc),
        StopReason::Step => (libc::SIGTRAP, libc::TRAP_TRACE, pc),
        StopReason::HardwareBreakpoint => (libc::SIGTRAP, libc::TRAP_HWBKPT, pc),
        StopReason::Watch { addr, .. } => (libc::SIGTRAP, libc::TRAP_HWBKPT, *addr),
        StopReason::SyscallEntry(_) | StopReason::SyscallReturn(_) => (libc::SIGTRAP, libc::SIGTRAP, 0),
        StopReason::Created => event(0),
        StopReason::Cloned(_) => event(libc::PTRACE_EVENT_CLONE),
        StopReason::Forked(_) => event(libc::PTRACE_EVENT_FORK),
        StopReason::Vforked(_) => event(libc::PTRACE_EVENT_VFORK),
        StopReason::VforkDone => event(libc::PTRACE_EVENT_VFORK_DONE),
        StopReason::Execed(_) => event(libc::PTRACE_EVENT_EXEC),
    };
    let mut bytes = [0; SIGINFO_SIZE];
    bytes[..4].copy_from_slice(&signal.to_le_bytes());
    bytes[8..12].copy_from_slice(&code.to_le_bytes());
    bytes[16..24].copy_from_slice(&addr.to_le_bytes());
    bytes
}

/// The `siginfo_t` of a task that stands.
pub(super) fn shown(parked: &Parked) -> [u8; SIGINFO_SIZE] {
    parked.siginfo.unwrap_or_else(|| of_stop(&StopReason::Step, parked.pc))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_breakpoint_is_a_trap_at_the_pc() {
        let bytes = of_stop(&StopReason::Breakpoint, 0x1_0478);
        let word = |at: usize| i32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
        assert_eq!([word(0), word(4), word(8), word(16), word(20)], [5, 0, 1, 0x1_0478, 0]);
    }

    #[test]
    fn an_event_is_in_the_second_byte_of_the_code() {
        let bytes = of_stop(&StopReason::VforkDone, 8);
        assert_eq!(bytes[8..12], [5, 5, 0, 0]);
    }
}
