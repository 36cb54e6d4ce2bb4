//! Rounding to integral values, and the conversion of JavaScript's (unprivileged manual, chapter "Zfa").

use super::arithmetic::by_hand;
use super::status::{self, flag};
use super::{Precision, Rounding, soft};

/// To an integral value of the same precision, and never inexact.
#[inline(never)]
#[must_use]
pub fn round<P: Precision>(a: u64, rm: Rounding) -> u64 {
    let (bits, flags) = soft::integral::<P>(P::unboxed(a), rm);
    by_hand::<P>((bits, flags & !flag::NX))
}

/// The same, inexact if it is another value.
#[inline(never)]
#[must_use]
pub fn round_inexact<P: Precision>(a: u64, rm: Rounding) -> u64 {
    by_hand::<P>(soft::integral::<P>(P::unboxed(a), rm))
}

/// The low word of a truncated double, sign-extended; what is no number, or not in a word's range, is invalid.
#[inline(never)]
#[must_use]
pub fn to_i32_modulo(a: u64) -> u64 {
    let (result, flags) = soft::to_i32_modulo(a);
    status::raise(flags);
    result
}
