//! Conversions between floating point and integers, and between the two precisions.

use super::arithmetic::{by_hand, canonical};
use super::host::{self, Host};
use super::status::{self, flag};
use super::{Double, Hosted, Precision, Rounding, Single, soft};

/// To a signed word, sign-extended; saturates.
#[inline(always)]
#[must_use]
pub fn to_i32<P: Hosted>(a: u64, rm: Rounding) -> u64 {
    let a = P::unboxed(a);
    if rm == Rounding::Rmm {
        return integer(soft::to_integer::<P>(a, 32, true, rm));
    }
    let value = P::Host::of(a);
    let result =
        if rm == Rounding::Rtz { value.trunc_i32() } else { status::rounding(rm, || value.to_i32()) };
    if result == i32::MIN { saturated::<P>(a, i32::MIN as i64) } else { result as u64 }
}

/// To a signed double word; saturates.
#[inline(always)]
#[must_use]
pub fn to_i64<P: Hosted>(a: u64, rm: Rounding) -> u64 {
    let a = P::unboxed(a);
    if rm == Rounding::Rmm {
        return integer(soft::to_integer::<P>(a, 64, true, rm));
    }
    let result = round_i64::<P>(a, rm);
    if result == i64::MIN { saturated::<P>(a, i64::MIN) } else { result as u64 }
}

/// To an unsigned word, which is then sign-extended; saturates.
#[inline(always)]
#[must_use]
pub fn to_u32<P: Hosted>(a: u64, rm: Rounding) -> u64 {
    let a = P::unboxed(a);
    if rm == Rounding::Rmm {
        return integer(soft::to_integer::<P>(a, 32, false, rm));
    }
    // The greatest value of the format that is still in range when rounded up.
    let limit = if P::DIGITS < 32 { two_to::<P>(32) - 1 } else { U32_MAX };
    if a <= limit {
        return round_i64::<P>(a, rm) as i32 as u64;
    }
    // What is out of range as a word may be in range and inexact as a double word: that flag must not stay.
    let before = status::read();
    let result = round_i64::<P>(a, rm);
    if result >> 32 == 0 {
        return result as i32 as u64;
    }
    status::restore(before, flag::NV);
    above::<P>(a) as u64
}

/// To an unsigned double word; saturates.
#[inline(always)]
#[must_use]
pub fn to_u64<P: Hosted>(a: u64, rm: Rounding) -> u64 {
    let a = P::unboxed(a);
    if rm == Rounding::Rmm {
        return integer(soft::to_integer::<P>(a, 64, false, rm));
    }
    if a < two_to::<P>(63) {
        return round_i64::<P>(a, rm) as u64;
    }
    if a < two_to::<P>(64) {
        // The significand at the upper end: exact.
        return 1 << 63 | a << (64 - P::DIGITS);
    }
    let before = status::read();
    if round_i64::<P>(a, rm) != 0 {
        status::restore(before, flag::NV);
    }
    above::<P>(a) as u64
}

/// From a signed word.
#[inline(always)]
#[must_use]
pub fn from_i32<P: Hosted>(a: u64, rm: Rounding) -> u64 {
    from_i64::<P>(a as i32 as u64, exact::<P>(rm))
}

/// From an unsigned word.
#[inline(always)]
#[must_use]
pub fn from_u32<P: Hosted>(a: u64, rm: Rounding) -> u64 {
    from_i64::<P>(a as u32 as u64, exact::<P>(rm))
}

/// From a signed double word.
#[inline(always)]
#[must_use]
pub fn from_i64<P: Hosted>(a: u64, rm: Rounding) -> u64 {
    if rm == Rounding::Rmm {
        return by_hand::<P>(soft::from_integer::<P>(a as i64 as i128, rm));
    }
    P::boxed(status::rounding(rm, || P::Host::from_i64(a as i64)).bits())
}

/// From an unsigned double word.
#[inline(always)]
#[must_use]
pub fn from_u64<P: Hosted>(a: u64, rm: Rounding) -> u64 {
    if rm == Rounding::Rmm {
        return by_hand::<P>(soft::from_integer::<P>(a as i128, rm));
    }
    let result = status::rounding(rm, || {
        if a as i64 >= 0 {
            return P::Host::from_i64(a as i64);
        }
        // Half of it, with the lost bit kept as a sticky one far below the last place, rounds the same way; doubling is exact.
        let half = P::Host::from_i64((a >> 1 | a & 1) as i64);
        half.add(half)
    });
    P::boxed(result.bits())
}

/// Double to single.
#[inline(always)]
#[must_use]
pub fn narrow(a: u64, rm: Rounding) -> u64 {
    if rm == Rounding::Rmm {
        return by_hand::<Single>(soft::convert::<Double, Single>(a, rm));
    }
    canonical::<Single>(status::rounding(rm, || host::narrow(f64::of(a))))
}

/// Single to double, which is exact.
#[inline(always)]
#[must_use]
pub fn widen(a: u64) -> u64 {
    canonical::<Double>(host::widen(f32::of(Single::unboxed(a))))
}

/// 2^32 - 1 as a double.
const U32_MAX: u64 = 0x41ef_ffff_ffe0_0000;

/// A power of two.
const fn two_to<P: Precision>(exponent: i32) -> u64 {
    ((P::MAX_EXPONENT + exponent) as u64) << (P::DIGITS - 1)
}

/// The rounding for a conversion from a word: doubles hold every word, so that no mode is any different.
#[inline(always)]
fn exact<P: Precision>(rm: Rounding) -> Rounding {
    if P::DIGITS > 32 { Rounding::Host } else { rm }
}

#[inline(always)]
fn round_i64<P: Hosted>(a: u64, rm: Rounding) -> i64 {
    let value = P::Host::of(a);
    if rm == Rounding::Rtz { value.trunc_i64() } else { status::rounding(rm, || value.to_i64()) }
}

/// What a conversion gives where the host's gives `lowest`, its sign of an invalid operand: that only for numbers below.
#[inline(always)]
fn saturated<P: Precision>(a: u64, lowest: i64) -> u64 {
    (lowest ^ above::<P>(a)) as u64
}

/// All bits set if `a` is a NaN or positive, else none.
#[inline(always)]
fn above<P: Precision>(a: u64) -> i64 {
    -((P::is_nan(a) || a & P::SIGN == 0) as i64)
}

/// An integer by `soft`, and its flags.
#[cold]
#[inline(never)]
fn integer((result, flags): (u64, u32)) -> u64 {
    status::raise(flags);
    result
}
