//! The same arithmetic over integers: every operation computes its exact result, or one with a sticky bit far below the
//! last place, and one function rounds them all. Used for RMM and for fused multiply-add on a CPU without it; slow, and
//! simple enough to be the measure for the host's.
//!
//! Operands are raw bits without the box; results come with the exceptions raised.

use super::status::{self, flag};
use super::{Double, Precision, Rounding};

/// Bits of a result and its exceptions.
type Result = (u64, u32);

/// `a + b`
#[cold]
pub(super) fn add<P: Precision>(a: u64, b: u64, rm: Rounding) -> Result {
    // Multiplying by one changes nothing, not even the sign of a zero.
    fused::<P>(a, one::<P>(), b, rm)
}

/// `a - b`
#[cold]
pub(super) fn sub<P: Precision>(a: u64, b: u64, rm: Rounding) -> Result {
    fused::<P>(a, one::<P>(), b ^ P::SIGN, rm)
}

/// `a * b`
#[cold]
pub(super) fn mul<P: Precision>(a: u64, b: u64, rm: Rounding) -> Result {
    // Adding a zero of the product's sign changes nothing.
    fused::<P>(a, b, (a ^ b) & P::SIGN, rm)
}

/// `a * b + c`
#[cold]
pub(super) fn fused<P: Precision>(a: u64, b: u64, c: u64, rm: Rounding) -> Result {
    let rm = resolve(rm);
    let product_negative = (a ^ b) & P::SIGN != 0;
    let negative = c & P::SIGN != 0;
    let (a, b) = (Class::of::<P>(a), Class::of::<P>(b));
    let product = match (a, b) {
        (Class::Infinite, Class::Zero) | (Class::Zero, Class::Infinite) => return invalid::<P>(),
        (Class::Nan { signalling: s }, Class::Nan { signalling: t }) => Class::Nan { signalling: s || t },
        (Class::Nan { .. }, _) => a,
        (_, Class::Nan { .. }) => b,
        (Class::Infinite, _) | (_, Class::Infinite) => Class::Infinite,
        (Class::Zero, _) | (_, Class::Zero) => Class::Zero,
        (Class::Finite(a), Class::Finite(b)) => Class::Finite(Magnitude {
            significand: a.significand * b.significand,
            exponent: a.exponent + b.exponent,
        }),
    };
    match (product, Class::of::<P>(c)) {
        (Class::Nan { signalling }, Class::Nan { signalling: other }) => nan::<P>(signalling || other),
        (Class::Nan { signalling }, _) | (_, Class::Nan { signalling }) => nan::<P>(signalling),
        (Class::Infinite, Class::Infinite) if product_negative != negative => invalid::<P>(),
        (Class::Infinite, _) => (signed::<P>(P::INFINITY, product_negative), 0),
        (_, Class::Infinite) => (signed::<P>(P::INFINITY, negative), 0),
        (Class::Zero, Class::Zero) if product_negative == negative => (signed::<P>(0, negative), 0),
        (Class::Zero, Class::Zero) => (signed::<P>(0, rm == Rounding::Rdn), 0),
        (Class::Finite(product), Class::Zero) => round::<P>(product_negative, product, rm),
        (Class::Zero, Class::Finite(c)) => round::<P>(negative, c, rm),
        (Class::Finite(product), Class::Finite(c)) => {
            sum::<P>((product_negative, product), (negative, c), rm)
        }
    }
}

/// `a / b`
#[cold]
pub(super) fn div<P: Precision>(a: u64, b: u64, rm: Rounding) -> Result {
    let negative = (a ^ b) & P::SIGN != 0;
    match (Class::of::<P>(a), Class::of::<P>(b)) {
        (Class::Nan { signalling }, Class::Nan { signalling: other }) => nan::<P>(signalling || other),
        (Class::Nan { signalling }, _) | (_, Class::Nan { signalling }) => nan::<P>(signalling),
        (Class::Infinite, Class::Infinite) | (Class::Zero, Class::Zero) => invalid::<P>(),
        (Class::Infinite, _) => (signed::<P>(P::INFINITY, negative), 0),
        (Class::Finite(_), Class::Zero) => (signed::<P>(P::INFINITY, negative), flag::DZ),
        (Class::Zero, _) | (_, Class::Infinite) => (signed::<P>(0, negative), 0),
        (Class::Finite(a), Class::Finite(b)) => {
            let a = a.widened();
            let quotient = a.significand / b.significand;
            let sticky = (a.significand % b.significand != 0) as u128;
            let exponent = a.exponent - b.exponent;
            round::<P>(negative, Magnitude { significand: quotient | sticky, exponent }, resolve(rm))
        }
    }
}

/// The square root of `a`.
#[cold]
pub(super) fn sqrt<P: Precision>(a: u64, rm: Rounding) -> Result {
    let negative = a & P::SIGN != 0;
    match Class::of::<P>(a) {
        Class::Nan { signalling } => nan::<P>(signalling),
        Class::Zero => (a, 0),
        _ if negative => invalid::<P>(),
        Class::Infinite => (a, 0),
        Class::Finite(a) => {
            let mut a = a.widened();
            if a.exponent & 1 != 0 {
                a = Magnitude { significand: a.significand >> 1, exponent: a.exponent + 1 };
            }
            let root = a.significand.isqrt();
            let sticky = (root * root != a.significand) as u128;
            // One more bit, for the sticky one to be below all that is exact.
            let root = Magnitude { significand: root << 1 | sticky, exponent: a.exponent / 2 - 1 };
            round::<P>(false, root, resolve(rm))
        }
    }
}

/// To an integer of `width` bits, sign-extended from there whether it is signed or not.
#[cold]
pub(super) fn to_integer<P: Precision>(a: u64, width: u32, is_signed: bool, rm: Rounding) -> Result {
    let (lowest, highest) = match is_signed {
        true => (-1i128 << (width - 1), (1i128 << (width - 1)) - 1),
        false => (0, (1i128 << width) - 1),
    };
    let extended = |value: i128| if width == 32 { value as i32 as u64 } else { value as u64 };
    let negative = a & P::SIGN != 0;
    let beyond = extended(if negative { lowest } else { highest });
    match Class::of::<P>(a) {
        Class::Nan { .. } => (extended(highest), flag::NV),
        Class::Infinite => (beyond, flag::NV),
        Class::Zero => (0, 0),
        Class::Finite(a) if a.top() > 64 => (beyond, flag::NV),
        Class::Finite(a) => {
            let (magnitude, exact) = a.quantised(0, negative, resolve(rm));
            let value = if negative { -(magnitude as i128) } else { magnitude as i128 };
            if value < lowest || value > highest {
                return (beyond, flag::NV);
            }
            (extended(value), if exact { 0 } else { flag::NX })
        }
    }
}

/// From an integer.
#[cold]
pub(super) fn from_integer<P: Precision>(value: i128, rm: Rounding) -> Result {
    if value == 0 {
        return (0, 0);
    }
    round::<P>(value < 0, Magnitude { significand: value.unsigned_abs(), exponent: 0 }, resolve(rm))
}

/// From one precision to another.
#[cold]
pub(super) fn convert<P: Precision, Q: Precision>(a: u64, rm: Rounding) -> Result {
    let negative = a & P::SIGN != 0;
    match Class::of::<P>(a) {
        Class::Nan { signalling } => nan::<Q>(signalling),
        Class::Infinite => (signed::<Q>(Q::INFINITY, negative), 0),
        Class::Zero => (signed::<Q>(0, negative), 0),
        Class::Finite(a) => round::<Q>(negative, a, resolve(rm)),
    }
}

/// Rounded to an integral value; inexact if that is another.
#[cold]
pub(super) fn integral<P: Precision>(a: u64, rm: Rounding) -> Result {
    let negative = a & P::SIGN != 0;
    match Class::of::<P>(a) {
        Class::Nan { signalling } => nan::<P>(signalling),
        Class::Finite(number) if number.exponent < 0 => {
            let (units, exact) = number.quantised(0, negative, resolve(rm));
            let flags = if exact { 0 } else { flag::NX };
            match units {
                0 => (signed::<P>(0, negative), flags),
                significand => (round::<P>(negative, Magnitude { significand, exponent: 0 }, rm).0, flags),
            }
        }
        Class::Finite(_) | Class::Infinite | Class::Zero => (a, 0),
    }
}

/// The low word of a truncated double, sign-extended; invalid if that is not all of it.
#[cold]
pub(super) fn to_i32_modulo(a: u64) -> Result {
    let number = match Class::of::<Double>(a) {
        Class::Nan { .. } | Class::Infinite => return (0, flag::NV),
        Class::Zero => return (0, 0),
        Class::Finite(number) => number,
    };
    // A multiple of 2^32 is left of a number that is still greater.
    if number.exponent >= 32 {
        return (0, flag::NV);
    }
    let negative = a & Double::SIGN != 0;
    let (magnitude, exact) = number.quantised(0, negative, Rounding::Rtz);
    let value = if negative { -(magnitude as i128) } else { magnitude as i128 };
    let low = value as i32;
    let flags = match i128::from(low) == value {
        true if exact => 0,
        true => flag::NX,
        false => flag::NV,
    };
    (low as u64, flags)
}

/// What a value is, its sign aside.
#[derive(Clone, Copy)]
enum Class {
    Nan { signalling: bool },
    Infinite,
    Zero,
    Finite(Magnitude),
}

impl Class {
    fn of<P: Precision>(bits: u64) -> Class {
        let fraction_bits = P::DIGITS - 1;
        let magnitude = bits & !P::SIGN;
        if magnitude > P::INFINITY {
            return Class::Nan { signalling: P::is_signalling(bits) };
        }
        if magnitude == P::INFINITY {
            return Class::Infinite;
        }
        if magnitude == 0 {
            return Class::Zero;
        }
        let fraction = magnitude & ((1 << fraction_bits) - 1);
        let (significand, biased) = match magnitude >> fraction_bits {
            0 => (fraction, 1),
            biased => (fraction | 1 << fraction_bits, biased as i32),
        };
        Class::Finite(Magnitude {
            significand: significand as u128,
            exponent: biased + least_unit::<P>() - 1,
        })
    }
}

/// `significand * 2^exponent`; not zero.
#[derive(Clone, Copy)]
struct Magnitude {
    significand: u128,
    exponent: i32,
}

impl Magnitude {
    /// The exponent of the highest bit.
    fn top(self) -> i32 {
        self.exponent + self.significand.ilog2() as i32
    }

    /// The same number with its highest bit at bit 125.
    fn widened(self) -> Magnitude {
        let shift = 125 - self.significand.ilog2();
        Magnitude { significand: self.significand << shift, exponent: self.exponent - shift as i32 }
    }

    /// Rounded to a multiple of `2^unit`: how many units, and whether that is exact. The number is less than `2^127` units.
    fn quantised(self, unit: i32, negative: bool, rm: Rounding) -> (u128, bool) {
        if unit <= self.exponent {
            return (self.significand << (self.exponent - unit), true);
        }
        let shift = (unit - self.exponent) as u32;
        // Whatever is that far below half a unit rounds as any other such number does.
        let (significand, shift) = if shift > 127 { (1, 127) } else { (self.significand, shift) };
        let (units, rest) = (significand >> shift, significand & ((1 << shift) - 1));
        let half = 1u128 << (shift - 1);
        let up = match rm {
            Rounding::Rtz => false,
            Rounding::Rdn => negative && rest != 0,
            Rounding::Rup => !negative && rest != 0,
            Rounding::Rmm => rest >= half,
            Rounding::Rne | Rounding::Host | Rounding::Dynamic => {
                rest > half || rest == half && units & 1 != 0
            }
        };
        (units + up as u128, rest == 0)
    }
}

/// The sum of two signed numbers. The first has no more than 106 significant bits and the second no more than 53, so that
/// bits are lost only where the two are too far apart to cancel.
fn sum<P: Precision>(a: (bool, Magnitude), b: (bool, Magnitude), rm: Rounding) -> Result {
    let ((negative, large), (small_negative, small)) = if a.1.top() >= b.1.top() { (a, b) } else { (b, a) };
    let (large, small) = (large.widened(), small.widened());
    let shift = (large.exponent - small.exponent) as u32;
    let small = match shift {
        0..=126 => small.significand >> shift | (small.significand & ((1 << shift) - 1) != 0) as u128,
        _ => 1,
    };
    let exponent = large.exponent;
    if negative == small_negative {
        return round::<P>(negative, Magnitude { significand: large.significand + small, exponent }, rm);
    }
    let negative = if large.significand >= small { negative } else { small_negative };
    match large.significand.abs_diff(small) {
        0 => (signed::<P>(0, rm == Rounding::Rdn), 0),
        significand => round::<P>(negative, Magnitude { significand, exponent }, rm),
    }
}

/// The value of the format nearest to a number in the sense of the mode, and the exceptions overflow, underflow and inexact.
fn round<P: Precision>(negative: bool, number: Magnitude, rm: Rounding) -> Result {
    let digits = P::DIGITS as i32;
    let lowest = 1 - P::MAX_EXPONENT;
    let top = number.top();
    let unit = (top - (digits - 1)).max(least_unit::<P>());
    let (units, exact) = number.quantised(unit, negative, rm);
    let mut flags = if exact { 0 } else { flag::NX };
    if top < lowest && !exact {
        // Tiny, unless rounding to the full precision, as if exponents had no bounds, brings it up to the least normal number.
        let (unbounded, _) = number.quantised(top - (digits - 1), negative, rm);
        if top + 1 < lowest || unbounded < 1 << digits {
            flags |= flag::UF;
        }
    }
    // A significand with its hidden bit added to the exponent field one too low is the encoding; so it is for subnormal
    // numbers, and also where rounding has carried into the next binade.
    let bits = if unit > P::MAX_EXPONENT - (digits - 1) {
        P::INFINITY
    } else {
        (((unit - least_unit::<P>()) as u64) << (P::DIGITS - 1)) + units as u64
    };
    if bits >= P::INFINITY {
        flags |= flag::OF | flag::NX;
        let to_infinity = match rm {
            Rounding::Rtz => false,
            Rounding::Rdn => negative,
            Rounding::Rup => !negative,
            _ => true,
        };
        return (signed::<P>(P::INFINITY - !to_infinity as u64, negative), flags);
    }
    (signed::<P>(bits, negative), flags)
}

/// The exponent of the least subnormal number.
const fn least_unit<P: Precision>() -> i32 {
    1 - P::MAX_EXPONENT - (P::DIGITS as i32 - 1)
}

const fn one<P: Precision>() -> u64 {
    (P::MAX_EXPONENT as u64) << (P::DIGITS - 1)
}

fn signed<P: Precision>(magnitude: u64, negative: bool) -> u64 {
    if negative { magnitude | P::SIGN } else { magnitude }
}

fn nan<P: Precision>(signalling: bool) -> Result {
    (P::NAN, if signalling { flag::NV } else { 0 })
}

fn invalid<P: Precision>() -> Result {
    (P::NAN, flag::NV)
}

fn resolve(rm: Rounding) -> Rounding {
    if rm.is_dynamic() { status::mode() } else { rm }
}
