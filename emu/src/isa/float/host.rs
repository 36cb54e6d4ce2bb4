//! The host's instructions, as functions. They are assembly because they depend on MXCSR and change it: rustc must not
//! fold, move or drop them, hence neither `pure` nor `preserves_flags`.

use std::arch::asm;

/// A host type with its arithmetic, rounding as MXCSR says and raising its flags.
pub trait Host: Copy {
    /// From raw bits, in the low end.
    fn of(bits: u64) -> Self;
    /// Raw bits, in the low end.
    fn bits(self) -> u64;
    /// As [`Host::of`], by an instruction of its own: for cold paths, for whose sake rustc might else keep the value in
    /// integer registers on the hot one.
    fn moved(bits: u64) -> Self;
    /// As [`Host::bits`], for cold paths.
    fn moved_bits(self) -> u64;
    /// Raw bits, or those that `other` gives if it is a NaN, which is quiet.
    fn or_if_nan(self, other: impl FnOnce() -> u64) -> u64;
    /// `self + b`
    fn add(self, b: Self) -> Self;
    /// `self - b`
    fn sub(self, b: Self) -> Self;
    /// `self * b`
    fn mul(self, b: Self) -> Self;
    /// `self / b`
    fn div(self, b: Self) -> Self;
    /// The square root.
    fn sqrt(self) -> Self;
    /// `self * b + c`; only where there is FMA, as for the next three.
    fn madd(self, b: Self, c: Self) -> Self;
    /// `self * b - c`
    fn msub(self, b: Self, c: Self) -> Self;
    /// `-(self * b) + c`
    fn nmsub(self, b: Self, c: Self) -> Self;
    /// `-(self * b) - c`
    fn nmadd(self, b: Self, c: Self) -> Self;
    /// Equality, quiet.
    fn equal(self, b: Self) -> bool;
    /// Order, signalling.
    fn less(self, b: Self) -> bool;
    /// Order, signalling.
    fn less_equal(self, b: Self) -> bool;
    /// Rounded to an integer; `i32::MIN` and invalid if it is out of range.
    fn to_i32(self) -> i32;
    /// The same, truncated.
    fn trunc_i32(self) -> i32;
    /// Rounded to an integer; `i64::MIN` and invalid if it is out of range.
    fn to_i64(self) -> i64;
    /// The same, truncated.
    fn trunc_i64(self) -> i64;
    /// From an integer, rounded.
    fn from_i64(value: i64) -> Self;
}

/// An instruction that replaces its first operand.
macro_rules! replaces_first {
    ($suffix:literal: $($name:ident $insn:literal;)*) => {$(
        #[inline(always)]
        fn $name(self, b: Self) -> Self {
            let result;
            // SAFETY: touches nothing but its operands and MXCSR's flags; all exceptions are masked.
            unsafe { asm!(concat!($insn, $suffix, " {}, {}"), inlateout(xmm_reg) self => result, in(xmm_reg) b, options(nomem, nostack)) };
            result
        }
    )*};
}

/// A fused multiply-add.
macro_rules! fused {
    ($suffix:literal: $($name:ident $insn:literal;)*) => {$(
        #[inline(always)]
        fn $name(self, b: Self, c: Self) -> Self {
            let result;
            // SAFETY: touches nothing but its operands and MXCSR's flags; the caller has seen that the CPU has it.
            unsafe {
                asm!(concat!($insn, $suffix, " {}, {}, {}"), inlateout(xmm_reg) self => result, in(xmm_reg) b, in(xmm_reg) c,
                    options(nomem, nostack));
            }
            result
        }
    )*};
}

/// A comparison that sets the CPU's flags as for unsigned integers, all of them if unordered.
macro_rules! compares {
    ($suffix:literal: $($name:ident $insn:literal $set:literal;)*) => {$(
        #[inline(always)]
        fn $name(self, b: Self) -> bool {
            let result: u8;
            // SAFETY: touches nothing but its operands and flags.
            unsafe {
                asm!(concat!($insn, $suffix, " {b}, {a}"), concat!($set, " {r}"), a = in(xmm_reg) self, b = in(xmm_reg) b,
                    r = lateout(reg_byte) result, options(nomem, nostack));
            }
            result != 0
        }
    )*};
}

/// A conversion to an integer.
macro_rules! converts {
    ($suffix:literal: $($name:ident $insn:literal $modifier:literal $int:ty;)*) => {$(
        #[inline(always)]
        fn $name(self) -> $int {
            let result;
            // SAFETY: touches nothing but its operands and MXCSR's flags.
            unsafe {
                asm!(concat!($insn, $suffix, "2si {r", $modifier, "}, {a}"), r = lateout(reg) result, a = in(xmm_reg) self,
                    options(nomem, nostack));
            }
            result
        }
    )*};
}

macro_rules! host {
    ($float:ident, $bits:ident, $suffix:literal) => {
        impl Host for $float {
            #[inline(always)]
            fn of(bits: u64) -> Self {
                $float::from_bits(bits as $bits)
            }

            #[inline(always)]
            fn bits(self) -> u64 {
                self.to_bits() as u64
            }

            #[inline(always)]
            fn moved(bits: u64) -> Self {
                let result;
                // SAFETY: moves a register.
                unsafe { asm!("movq {}, {}", out(xmm_reg) result, in(reg) bits, options(nomem, nostack, preserves_flags)) };
                result
            }

            #[inline(always)]
            fn moved_bits(self) -> u64 {
                let result: u64;
                // SAFETY: moves a register.
                unsafe { asm!("movq {}, {}", out(reg) result, in(xmm_reg) self, options(nomem, nostack, preserves_flags)) };
                result as $bits as u64
            }

            #[inline(always)]
            fn or_if_nan(self, other: impl FnOnce() -> u64) -> u64 {
                let mut result = self;
                // In assembly so that it stays a branch, which is not taken, and the result need not wait for it.
                // SAFETY: touches nothing but its operand and flags.
                unsafe {
                    asm!(concat!("ucomis", $suffix, " {0}, {0}"), "jp {1}", in(xmm_reg) self,
                        label { result = Self::moved(other()) }, options(nomem, nostack));
                }
                result.bits()
            }

            replaces_first! { $suffix:
                add "adds";
                sub "subs";
                mul "muls";
                div "divs";
            }

            #[inline(always)]
            fn sqrt(self) -> Self {
                let result;
                // SAFETY: touches nothing but its operand and MXCSR's flags.
                unsafe {
                    asm!(concat!("sqrts", $suffix, " {0}, {0}"), inlateout(xmm_reg) self => result, options(nomem, nostack));
                }
                result
            }

            fused! { $suffix:
                madd "vfmadd213s";
                msub "vfmsub213s";
                nmsub "vfnmadd213s";
                nmadd "vfnmsub213s";
            }

            #[inline(always)]
            fn equal(self, b: Self) -> bool {
                let mask: Self;
                // SAFETY: touches nothing but its operands and MXCSR's flags.
                unsafe {
                    asm!(concat!("cmpeqs", $suffix, " {}, {}"), inlateout(xmm_reg) self => mask, in(xmm_reg) b,
                        options(nomem, nostack));
                }
                mask.to_bits() & 1 != 0
            }

            compares! { $suffix:
                less "comis" "seta";
                less_equal "comis" "setae";
            }

            converts! { $suffix:
                to_i32 "cvts" ":e" i32;
                trunc_i32 "cvtts" ":e" i32;
                to_i64 "cvts" ":r" i64;
                trunc_i64 "cvtts" ":r" i64;
            }

            #[inline(always)]
            fn from_i64(value: i64) -> Self {
                let result;
                // SAFETY: touches nothing but its operands and MXCSR's flags. The register is cleared first because the
                // instruction keeps its upper part, and would wait for whoever wrote that last.
                unsafe {
                    asm!("xorps {r}, {r}", concat!("cvtsi2s", $suffix, " {r}, {a}"), r = out(xmm_reg) result,
                        a = in(reg) value, options(nomem, nostack));
                }
                result
            }
        }
    };
}

host!(f32, u32, "s");
host!(f64, u64, "d");

/// Double to single, rounded.
#[inline(always)]
pub(super) fn narrow(value: f64) -> f32 {
    let result;
    // SAFETY: touches nothing but its operands and MXCSR's flags.
    unsafe {
        asm!("xorps {r}, {r}", "cvtsd2ss {r}, {a}", r = out(xmm_reg) result, a = in(xmm_reg) value, options(nomem, nostack));
    }
    result
}

/// Single to double, exact.
#[inline(always)]
pub(super) fn widen(value: f32) -> f64 {
    let result;
    // SAFETY: touches nothing but its operands and MXCSR's flags.
    unsafe {
        asm!("xorps {r}, {r}", "cvtss2sd {r}, {a}", r = out(xmm_reg) result, a = in(xmm_reg) value, options(nomem, nostack));
    }
    result
}

/// Whether the CPU has fused multiply-add.
#[inline(always)]
pub(super) fn has_fma() -> bool {
    std::arch::is_x86_feature_detected!("fma")
}
