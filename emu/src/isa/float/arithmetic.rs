//! Addition, multiplication, division, square root and fused multiply-add.

use super::host::{self, Host};
use super::status::{self, flag};
use super::{Hosted, Precision, Rounding, soft};

/// Writes a function of two operands.
macro_rules! binary {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[inline(always)]
        #[must_use]
        pub fn $name<P: Hosted>(a: u64, b: u64, rm: Rounding) -> u64 {
            let (a, b) = (P::unboxed(a), P::unboxed(b));
            if rm == Rounding::Rmm {
                return by_hand::<P>(soft::$name::<P>(a, b, rm));
            }
            let result = status::rounding(rm, || P::Host::of(a).$name(P::Host::of(b)));
            canonical::<P>(result)
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
#[inline(always)]
#[must_use]
pub fn sqrt<P: Hosted>(a: u64, rm: Rounding) -> u64 {
    let a = P::unboxed(a);
    if rm == Rounding::Rmm {
        return by_hand::<P>(soft::sqrt::<P>(a, rm));
    }
    canonical::<P>(status::rounding(rm, || P::Host::of(a).sqrt()))
}

/// Writes a fused multiply-add; the masks are what the signs of the product and of the addend are changed with.
macro_rules! fused {
    ($($(#[$doc:meta])* $name:ident $product:expr, $addend:expr;)*) => {$(
        $(#[$doc])*
        #[inline(always)]
        #[must_use]
        pub fn $name<P: Hosted>(a: u64, b: u64, c: u64, rm: Rounding) -> u64 {
            let (a, b, c) = (P::unboxed(a), P::unboxed(b), P::unboxed(c));
            if rm == Rounding::Rmm || rm != Rounding::Host && !host::has_fma() {
                return by_hand::<P>(soft::fused::<P>(a ^ $product, b, c ^ $addend, rm));
            }
            let (a, b, c) = (P::Host::of(a), P::Host::of(b), P::Host::of(c));
            let result = status::rounding(rm, || a.$name(b, c));
            // The product of infinity and zero is invalid whatever is added to it; the host does not say so if that is a
            // quiet NaN.
            P::boxed(result.or_if_nan(|| {
                let (a, b) = (a.moved_bits() & !P::SIGN, b.moved_bits() & !P::SIGN);
                if a == P::INFINITY && b == 0 || a == 0 && b == P::INFINITY {
                    status::raise(flag::NV);
                }
                P::NAN
            }))
        }
    )*};
}

fused! {
    /// `a * b + c`
    madd 0, 0;
    /// `a * b - c`
    msub 0, P::SIGN;
    /// `-(a * b) + c`
    nmsub P::SIGN, 0;
    /// `-(a * b) - c`
    nmadd P::SIGN, P::SIGN;
}

/// A result of the host's as a register holds it.
#[inline(always)]
pub(super) fn canonical<P: Hosted>(result: P::Host) -> u64 {
    P::boxed(result.or_if_nan(|| P::NAN))
}

/// A result of `soft`'s as a register holds it, and its flags.
#[cold]
#[inline(never)]
pub(super) fn by_hand<P: Precision>((bits, flags): (u64, u32)) -> u64 {
    status::raise(flags);
    P::boxed(bits)
}
