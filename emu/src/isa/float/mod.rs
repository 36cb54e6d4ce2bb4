//! Floating-point arithmetic (unprivileged manual, chapters "F", "D", "Zfh" and "Zfa").
//!
//! The host's SSE unit does it, one instruction for one, since it agrees with RISC-V in everything that matters: IEEE 754
//! with sticky flags, and tininess detected after rounding. What differs is done around it: every NaN that comes out is
//! the canonical one, a single that is not NaN-boxed goes in as a NaN, conversions to integers saturate.
//! `soft` holds the same arithmetic over integers, for what the host has not: the rounding mode RMM, half precision, and
//! fused multiply-add on old CPUs.
//!
//! **While the engine runs, MXCSR is `fcsr`**: its sticky flags are the accrued exceptions (its denormal-operand flag
//! means nothing here), its rounding control is `frm`. Engine code calls [`load_fcsr`] before the first instruction and
//! [`store_fcsr`] after the last, and does no floating-point arithmetic of its own between them.
//!
//! All functions take and give raw register contents. The precision is a type parameter, so that a row of the tables
//! folds to the few host instructions that it needs.
#![allow(
    unsafe_code,
    reason = "arithmetic that depends on MXCSR, and MXCSR itself, are reached by inline assembly only"
)]

pub mod arithmetic;
pub mod compare;
pub mod constant;
pub mod convert;
pub mod half;
mod host;
pub mod integral;
mod precision;
mod rounding;
mod soft;
mod status;
#[cfg(test)]
mod tests;

pub use precision::{Double, Half, Hosted, Precision, Single};
pub use rounding::Rounding;
pub use status::{access_csr, change_fcsr, current_fcsr, load_fcsr, store_fcsr};

/// Whether the host has an instruction for the row, so that [`Rounding::Host`] may be used: all but fused multiply-adds on a
/// CPU without FMA.
#[must_use]
pub fn native(op: super::Op) -> bool {
    super::ROWS[usize::from(op)].format != super::Format::FloatR4 || host::has_fma()
}
