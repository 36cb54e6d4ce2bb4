//! Half precision, which the host has no arithmetic for: by hand, but for what is exact in single precision.

use super::arithmetic::by_hand;
use super::{Half, Precision, Rounding, Single, soft};

/// Writes a function of two operands.
macro_rules! binary {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[inline(never)]
        #[must_use]
        pub fn $name(a: u64, b: u64, rm: Rounding) -> u64 {
            by_hand::<Half>(soft::$name::<Half>(Half::unboxed(a), Half::unboxed(b), rm))
        }
    )*};
}

binary! {
    /// `a + b`
    add;
    /// `a - b`
    sub;
    /// `a * b`
    mul;
    /// `a / b`
    div;
}

/// The square root of `a`.
#[inline(never)]
#[must_use]
pub fn sqrt(a: u64, rm: Rounding) -> u64 {
    by_hand::<Half>(soft::sqrt::<Half>(Half::unboxed(a), rm))
}

/// Writes a fused multiply-add; the masks are what the signs of the product and of the addend are changed with.
macro_rules! fused {
    ($($(#[$doc:meta])* $name:ident $product:expr, $addend:expr;)*) => {$(
        $(#[$doc])*
        #[inline(never)]
        #[must_use]
        pub fn $name(a: u64, b: u64, c: u64, rm: Rounding) -> u64 {
            let (a, b, c) = (Half::unboxed(a), Half::unboxed(b), Half::unboxed(c));
            by_hand::<Half>(soft::fused::<Half>(a ^ $product, b, c ^ $addend, rm))
        }
    )*};
}

fused! {
    /// `a * b + c`
    madd 0, 0;
    /// `a * b - c`
    msub 0, Half::SIGN;
    /// `-(a * b) + c`
    nmsub Half::SIGN, 0;
    /// `-(a * b) - c`
    nmadd Half::SIGN, Half::SIGN;
}

/// From one precision to another, one of which is this.
#[inline(never)]
#[must_use]
pub fn convert<P: Precision, Q: Precision>(a: u64, rm: Rounding) -> u64 {
    by_hand::<Q>(soft::convert::<P, Q>(P::unboxed(a), rm))
}

/// From an integer.
#[inline(never)]
#[must_use]
pub fn from_integer(value: i128, rm: Rounding) -> u64 {
    by_hand::<Half>(soft::from_integer::<Half>(value, rm))
}

/// The register that holds the same number as a single, or a NaN of the same kind; no exception comes of it.
#[inline(always)]
#[must_use]
pub fn widened(a: u64) -> u64 {
    const FRACTION: u32 = Single::DIGITS - Half::DIGITS;
    const BIAS: u64 = ((Single::MAX_EXPONENT - Half::MAX_EXPONENT) as u64) << (Single::DIGITS - 1);
    let a = Half::unboxed(a);
    let (sign, magnitude) = (a & Half::SIGN, a & !Half::SIGN);
    let wide = if magnitude >= Half::INFINITY {
        magnitude << FRACTION | Single::INFINITY
    } else if magnitude >> (Half::DIGITS - 1) != 0 {
        (magnitude << FRACTION) + BIAS
    } else if magnitude != 0 {
        // Subnormal: its highest bit becomes the hidden one, which counts for 1 in the exponent's field.
        let shift = Half::DIGITS - 1 - magnitude.ilog2();
        (magnitude << shift << FRACTION) + BIAS - ((shift as u64) << (Single::DIGITS - 1))
    } else {
        0
    };
    Single::boxed(sign << (Single::WIDTH - Half::WIDTH) | wide)
}
