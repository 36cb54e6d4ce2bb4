//! `fcsr` in MXCSR: flags and rounding control.

use std::arch::asm;

use super::Rounding;
use crate::isa::{CsrAction, csr};

/// Accrued exceptions, as `fflags` has them.
pub(super) mod flag {
    /// Invalid operation.
    pub const NV: u32 = 1 << 4;
    /// Overflow.
    pub const OF: u32 = 1 << 2;
    /// Underflow.
    pub const UF: u32 = 1 << 1;
    /// Inexact.
    pub const NX: u32 = 1;
    /// Division by zero.
    pub const DZ: u32 = 1 << 3;
}

/// All exceptions masked, no flag set, round to nearest; denormals are neither flushed nor taken for zeros.
const DEFAULT: u32 = 0x1f80;
/// The bits of rounding control.
const CONTROL: u32 = 3 << 13;

/// Makes the host's MXCSR stand for `fcsr`. To be undone by [`store_fcsr`] before any other Rust code computes.
#[inline]
pub fn load_fcsr(fcsr: u32) {
    // For most programs MXCSR is as Rust has it.
    if fcsr != 0 {
        change_fcsr(fcsr);
    }
}

/// Makes MXCSR, whatever it is now, stand for `fcsr`: as [`load_fcsr`], while it stands for another value.
#[inline]
pub fn change_fcsr(fcsr: u32) {
    let mode = match Rounding::MODES.get((fcsr >> 5 & 7) as usize) {
        Some(mode) => *mode,
        None => Rounding::Rne,
    };
    write(DEFAULT | control(mode) | to_host(fcsr));
}

/// What `fcsr` is now, given its value at [`load_fcsr`]; MXCSR goes back to what Rust expects of it.
#[inline]
#[must_use]
pub fn store_fcsr(fcsr: u32) -> u32 {
    let status = read();
    if status != DEFAULT {
        write(DEFAULT);
    }
    fcsr & 0xe0 | from_host(status)
}

/// What `fcsr` is now, given its value at [`load_fcsr`].
#[inline]
#[must_use]
pub fn current_fcsr(fcsr: u32) -> u32 {
    fcsr & 0xe0 | from_host(read())
}

/// An access by a CSR instruction while MXCSR stands for `fcsr`: gives the old value of `number`, and updates `fcsr` and
/// MXCSR. `None` if `number` is not one of `fflags`, `frm` and `fcsr`.
pub fn access_csr(fcsr: &mut u32, number: u16, action: CsrAction, operand: u64) -> Option<u64> {
    let now = current_fcsr(*fcsr);
    let old = csr::field(number, now)?;
    *fcsr = csr::with_field(number, now, csr::update(action, old, operand));
    change_fcsr(*fcsr);
    Some(old)
}

/// Accrues exceptions that the host's instructions have not raised.
#[inline(always)]
pub(super) fn raise(flags: u32) {
    if flags != 0 {
        write(read() | to_host(flags));
    }
}

/// Goes back to an earlier MXCSR, and accrues exceptions to that.
#[inline(always)]
pub(super) fn restore(mxcsr: u32, flags: u32) {
    write(mxcsr | to_host(flags));
}

/// The mode that MXCSR has now.
pub(super) fn mode() -> Rounding {
    match read() >> 13 & 3 {
        0 => Rounding::Rne,
        1 => Rounding::Rdn,
        2 => Rounding::Rup,
        _ => Rounding::Rtz,
    }
}

/// Does `operation` with the host's rounding control set to `rounding`, which is not RMM. The flags that it raises stay.
#[inline(always)]
pub(super) fn rounding<T>(rounding: Rounding, operation: impl FnOnce() -> T) -> T {
    if rounding.is_dynamic() {
        return operation();
    }
    let before = read();
    if before & CONTROL == control(rounding) {
        return operation();
    }
    write(before & !CONTROL | control(rounding));
    let result = operation();
    write(read() & !CONTROL | before & CONTROL);
    result
}

/// The host's rounding control for a mode; nearest for those that it has not.
const fn control(mode: Rounding) -> u32 {
    match mode {
        Rounding::Host | Rounding::Dynamic | Rounding::Rne | Rounding::Rmm => 0,
        Rounding::Rdn => 1 << 13,
        Rounding::Rup => 2 << 13,
        Rounding::Rtz => 3 << 13,
    }
}

/// `fflags` in MXCSR's order: bits 4:0 are NV, DZ, OF, UF, NX here and bits 0, 2, 3, 4, 5 there.
const fn to_host(flags: u32) -> u32 {
    flags >> 4 & 1 | flags >> 1 & 4 | flags << 1 & 8 | flags << 3 & 16 | flags << 5 & 32
}

/// The reverse of [`to_host`].
const fn from_host(mxcsr: u32) -> u32 {
    (mxcsr & 1) << 4 | (mxcsr & 4) << 1 | (mxcsr & 8) >> 1 | (mxcsr & 16) >> 3 | (mxcsr & 32) >> 5
}

/// MXCSR. Neither this nor [`write`] gives assembly the address of a local: a handler that lets one out of its hands cannot
/// end in a jump. They use the stack below the red zone instead, which is nobody's.
#[inline(always)]
pub(super) fn read() -> u32 {
    let mxcsr;
    // SAFETY: leaves the stack pointer and all that is in use of the stack as it was.
    unsafe {
        asm!("lea rsp, [rsp - 136]", "stmxcsr [rsp]", "mov {:e}, [rsp]", "lea rsp, [rsp + 136]", out(reg) mxcsr,
            options(nostack, preserves_flags));
    }
    mxcsr
}

/// Replaces MXCSR.
#[inline(always)]
pub(super) fn write(mxcsr: u32) {
    // SAFETY: leaves the stack pointer and all that is in use of the stack as it was. No exception is ever unmasked. The
    // rounding control differs from Rust's only while the engine runs, which computes nothing but through this module's
    // assembly.
    unsafe {
        asm!("lea rsp, [rsp - 136]", "mov [rsp], {:e}", "ldmxcsr [rsp]", "lea rsp, [rsp + 136]", in(reg) mxcsr,
            options(nostack));
    }
}
