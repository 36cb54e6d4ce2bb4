//! The formats, and how registers hold them (unprivileged manual, "NaN Boxing of Narrower Values").

/// A binary format of IEEE 754. Values are raw bits in the low end of a `u64`, without the box.
pub trait Precision: Copy {
    /// Bits of the significand, the hidden one included.
    const DIGITS: u32;
    /// Width of the format.
    const WIDTH: u32;
    /// What a register holds beyond a value.
    const BOX: u64;

    /// The sign bit.
    const SIGN: u64 = 1 << (Self::WIDTH - 1);
    /// The greatest exponent of a finite value; also the bias.
    const MAX_EXPONENT: i32 = (1 << (Self::WIDTH - Self::DIGITS - 1)) - 1;
    /// Positive infinity: all bits of the exponent.
    const INFINITY: u64 = (2 * Self::MAX_EXPONENT as u64 + 1) << (Self::DIGITS - 1);
    /// The bit that tells quiet NaNs from signalling ones.
    const QUIET: u64 = 1 << (Self::DIGITS - 2);
    /// The canonical NaN.
    const NAN: u64 = Self::INFINITY | Self::QUIET;

    /// The value in a register: what is not boxed counts as the canonical NaN.
    #[inline(always)]
    fn unboxed(register: u64) -> u64 {
        if register & Self::BOX == Self::BOX { register & !Self::BOX } else { Self::NAN }
    }

    /// The register that holds a value, whose upper bits are of no account.
    #[inline(always)]
    fn boxed(bits: u64) -> u64 {
        bits | Self::BOX
    }

    /// Whether it is a NaN.
    #[inline(always)]
    fn is_nan(bits: u64) -> bool {
        bits & !Self::SIGN > Self::INFINITY
    }

    /// Whether it is a signalling NaN.
    #[inline(always)]
    fn is_signalling(bits: u64) -> bool {
        Self::is_nan(bits) && bits & Self::QUIET == 0
    }
}

/// A format that the host has arithmetic for.
pub trait Hosted: Precision {
    /// The host's type for it.
    type Host: super::host::Host;
}

/// Binary16.
#[derive(Clone, Copy, Debug)]
pub struct Half;

/// Binary32.
#[derive(Clone, Copy, Debug)]
pub struct Single;

/// Binary64.
#[derive(Clone, Copy, Debug)]
pub struct Double;

impl Precision for Half {
    const DIGITS: u32 = 11;
    const WIDTH: u32 = 16;
    const BOX: u64 = !0xffff;
}

impl Hosted for Single {
    type Host = f32;
}

impl Hosted for Double {
    type Host = f64;
}

impl Precision for Single {
    const DIGITS: u32 = 24;
    const WIDTH: u32 = 32;
    const BOX: u64 = 0xffff_ffff << 32;
}

impl Precision for Double {
    const DIGITS: u32 = 53;
    const WIDTH: u32 = 64;
    const BOX: u64 = 0;
}
