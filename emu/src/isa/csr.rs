//! The control and status registers that a user-mode program can name (privileged manual, "CSR Listing"; unprivileged
//! manual, "F" and "Zicntr"). Every other number is an illegal instruction, and so is a write to a counter; the decoder
//! has refused both before the engine sees them.

use super::{CsrAction, Extensions};

/// Accrued floating-point exceptions.
pub const FFLAGS: u16 = 0x001;
/// Floating-point rounding mode.
pub const FRM: u16 = 0x002;
/// Both of them.
pub const FCSR: u16 = 0x003;
/// Cycle counter.
pub const CYCLE: u16 = 0xc00;
/// Wall-clock timer.
pub const TIME: u16 = 0xc01;
/// Instructions retired.
pub const INSTRET: u16 = 0xc02;

/// One CSR as the table has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Csr {
    /// Its number.
    pub number: u16,
    /// The extension it belongs to.
    pub extension: &'static str,
    /// As the assembler spells it.
    pub name: &'static str,
    /// One line of documentation.
    pub doc: &'static str,
}

/// Every CSR there is.
pub static CSRS: [Csr; 6] = [
    Csr { number: FFLAGS, extension: "f", name: "fflags", doc: "Accrued floating-point exceptions." },
    Csr { number: FRM, extension: "f", name: "frm", doc: "Floating-point rounding mode." },
    Csr {
        number: FCSR,
        extension: "f",
        name: "fcsr",
        doc: "Floating-point control and status: frm and fflags.",
    },
    Csr { number: CYCLE, extension: "zicntr", name: "cycle", doc: "Cycle counter." },
    Csr { number: TIME, extension: "zicntr", name: "time", doc: "Wall-clock timer." },
    Csr { number: INSTRET, extension: "zicntr", name: "instret", doc: "Instructions retired." },
];

impl Csr {
    /// Whether it may be written: bits 11:10 of a CSR's number are both set when it may not.
    #[must_use]
    pub const fn writable(&self) -> bool {
        self.number >> 10 != 0b11
    }
}

/// The CSR with that number.
#[must_use]
pub fn find(number: u16) -> Option<&'static Csr> {
    CSRS.iter().find(|csr| csr.number == number)
}

/// Whether a CSR instruction writes: setting or clearing by `x0` or by the immediate 0 only reads, whatever the CSR, but
/// another register counts as a write even when its value is 0. `source` is the instruction's `rs1` field.
#[must_use]
pub const fn writes(action: CsrAction, source: u8) -> bool {
    matches!(action, CsrAction::Write) || source != 0
}

/// Whether the instruction is legal: the CSR exists, and is written only if it may be.
#[must_use]
pub fn allowed(number: u16, action: CsrAction, source: u8, extensions: Extensions) -> bool {
    let legal = |csr: &Csr| csr.writable() || !writes(action, source);
    find(number).is_some_and(|csr| extensions.has(csr.extension) && legal(csr))
}

/// The new value of a CSR that held `old`.
#[must_use]
pub const fn update(action: CsrAction, old: u64, operand: u64) -> u64 {
    match action {
        CsrAction::Write => operand,
        CsrAction::Set => old | operand,
        CsrAction::Clear => old & !operand,
    }
}

/// What `fflags`, `frm` or `fcsr` reads as, out of the whole of `fcsr`. `None` for a counter: those are not in `fcsr`.
#[must_use]
pub const fn field(number: u16, fcsr: u32) -> Option<u64> {
    match number {
        FFLAGS => Some((fcsr & 0x1f) as u64),
        FRM => Some((fcsr >> 5 & 7) as u64),
        FCSR => Some((fcsr & 0xff) as u64),
        _ => None,
    }
}

/// The whole of `fcsr` after a write of `value` to `fflags`, `frm` or `fcsr`; bits that the CSR has not are dropped.
#[must_use]
pub const fn with_field(number: u16, fcsr: u32, value: u64) -> u32 {
    let value = value as u32;
    match number {
        FFLAGS => fcsr & 0xe0 | value & 0x1f,
        FRM => fcsr & 0x1f | (value & 7) << 5,
        FCSR => value & 0xff,
        _ => fcsr,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_fcsr() {
        assert_eq!(field(FFLAGS, 0x75), Some(0x15));
        assert_eq!(field(FRM, 0x75), Some(3));
        assert_eq!(field(FCSR, 0x75), Some(0x75));
        assert_eq!(field(CYCLE, 0x75), None);
        assert_eq!(with_field(FFLAGS, 0x75, !0), 0x7f);
        assert_eq!(with_field(FRM, 0x75, !0), 0xf5);
        assert_eq!(with_field(FCSR, 0, !0), 0xff);
        assert_eq!(with_field(FCSR, 0xff, 0), 0);
    }

    #[test]
    fn what_writes() {
        assert!(writes(CsrAction::Write, 0));
        assert!(!writes(CsrAction::Set, 0));
        assert!(!writes(CsrAction::Clear, 0));
        assert!(writes(CsrAction::Set, 1));
        assert_eq!(update(CsrAction::Write, 0b1100, 0b1010), 0b1010);
        assert_eq!(update(CsrAction::Set, 0b1100, 0b1010), 0b1110);
        assert_eq!(update(CsrAction::Clear, 0b1100, 0b1010), 0b0100);
    }
}
