//! Comparisons, minimum and maximum, sign injection, classification.

use super::host::Host;
use super::status::{self, flag};
use super::{Hosted, Precision};

/// Whether they are equal; invalid for signalling NaNs only.
#[inline(always)]
#[must_use]
pub fn equal<P: Hosted>(a: u64, b: u64) -> u64 {
    P::Host::of(P::unboxed(a)).equal(P::Host::of(P::unboxed(b))) as u64
}

/// Whether `a < b`; invalid for any NaN.
#[inline(always)]
#[must_use]
pub fn less<P: Hosted>(a: u64, b: u64) -> u64 {
    P::Host::of(P::unboxed(a)).less(P::Host::of(P::unboxed(b))) as u64
}

/// Whether `a <= b`; invalid for any NaN.
#[inline(always)]
#[must_use]
pub fn less_equal<P: Hosted>(a: u64, b: u64) -> u64 {
    P::Host::of(P::unboxed(a)).less_equal(P::Host::of(P::unboxed(b))) as u64
}

/// `minimumNumber` of IEEE 754-2019: -0 is less than +0, and a NaN gives way to a number.
#[inline(always)]
#[must_use]
pub fn min<P: Precision>(a: u64, b: u64) -> u64 {
    let (a, b) = (P::unboxed(a), P::unboxed(b));
    if P::is_nan(a) || P::is_nan(b) {
        return number::<P>(a, b);
    }
    P::boxed(if order::<P>(a) < order::<P>(b) { a } else { b })
}

/// `maximumNumber` of IEEE 754-2019: +0 is greater than -0, and a NaN gives way to a number.
#[inline(always)]
#[must_use]
pub fn max<P: Precision>(a: u64, b: u64) -> u64 {
    let (a, b) = (P::unboxed(a), P::unboxed(b));
    if P::is_nan(a) || P::is_nan(b) {
        return number::<P>(a, b);
    }
    P::boxed(if order::<P>(a) < order::<P>(b) { b } else { a })
}

/// `minimum` of IEEE 754-2019: as [`min`], but a NaN prevails.
#[inline(always)]
#[must_use]
pub fn minimum<P: Precision>(a: u64, b: u64) -> u64 {
    if unordered::<P>(P::unboxed(a), P::unboxed(b)) { P::boxed(P::NAN) } else { min::<P>(a, b) }
}

/// `maximum` of IEEE 754-2019: as [`max`], but a NaN prevails.
#[inline(always)]
#[must_use]
pub fn maximum<P: Precision>(a: u64, b: u64) -> u64 {
    if unordered::<P>(P::unboxed(a), P::unboxed(b)) { P::boxed(P::NAN) } else { max::<P>(a, b) }
}

/// Whether `a < b`; invalid for signalling NaNs only.
#[inline(always)]
#[must_use]
pub fn less_quiet<P: Precision>(a: u64, b: u64) -> u64 {
    let (a, b) = (P::unboxed(a), P::unboxed(b));
    (!unordered::<P>(a, b) && !zeros::<P>(a, b) && order::<P>(a) < order::<P>(b)).into()
}

/// Whether `a <= b`; invalid for signalling NaNs only.
#[inline(always)]
#[must_use]
pub fn less_equal_quiet<P: Precision>(a: u64, b: u64) -> u64 {
    let (a, b) = (P::unboxed(a), P::unboxed(b));
    (!unordered::<P>(a, b) && (zeros::<P>(a, b) || order::<P>(a) <= order::<P>(b))).into()
}

/// `a` with the sign of `b`.
#[inline(always)]
#[must_use]
pub fn sign<P: Precision>(a: u64, b: u64) -> u64 {
    P::boxed(P::unboxed(a) & !P::SIGN | P::unboxed(b) & P::SIGN)
}

/// `a` with the opposite of `b`'s sign.
#[inline(always)]
#[must_use]
pub fn sign_not<P: Precision>(a: u64, b: u64) -> u64 {
    P::boxed(P::unboxed(a) & !P::SIGN | !P::unboxed(b) & P::SIGN)
}

/// `a` with its sign multiplied by that of `b`.
#[inline(always)]
#[must_use]
pub fn sign_xor<P: Precision>(a: u64, b: u64) -> u64 {
    P::boxed(P::unboxed(a) ^ P::unboxed(b) & P::SIGN)
}

/// One bit out of ten that tells what `a` is: from 0 for -∞ by way of the zeros (3 and 4) to 7 for +∞, then 8 for a signalling
/// NaN and 9 for a quiet one.
#[inline(always)]
#[must_use]
pub fn class<P: Precision>(a: u64) -> u64 {
    let a = P::unboxed(a);
    if P::is_nan(a) {
        return if P::is_signalling(a) { 1 << 8 } else { 1 << 9 };
    }
    let magnitude = a & !P::SIGN;
    let distance = match magnitude {
        0 => 0,
        _ if magnitude >> (P::DIGITS - 1) == 0 => 1,
        _ if magnitude < P::INFINITY => 2,
        _ => 3,
    };
    if a & P::SIGN != 0 { 1 << (3 - distance) } else { 1 << (4 + distance) }
}

/// Whether one is a NaN; invalid for signalling ones.
#[inline(always)]
fn unordered<P: Precision>(a: u64, b: u64) -> bool {
    if P::is_signalling(a) || P::is_signalling(b) {
        status::raise(flag::NV);
    }
    P::is_nan(a) || P::is_nan(b)
}

/// Whether both are zeros, which are equal whatever their signs.
#[inline(always)]
fn zeros<P: Precision>(a: u64, b: u64) -> bool {
    (a | b) & !P::SIGN == 0
}

/// The minimum or maximum if at least one is a NaN.
#[inline(always)]
fn number<P: Precision>(a: u64, b: u64) -> u64 {
    unordered::<P>(a, b);
    P::boxed(match (P::is_nan(a), P::is_nan(b)) {
        (true, true) => P::NAN,
        (true, false) => b,
        _ => a,
    })
}

/// An integer that orders as the value does, which is no NaN.
#[inline(always)]
fn order<P: Precision>(bits: u64) -> i64 {
    let signed = (bits << (64 - P::WIDTH)) as i64;
    signed ^ (signed >> 63) as u64 as i64 & i64::MAX
}
