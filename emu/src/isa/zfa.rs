//! Zfa, additional floating-point instructions (unprivileged manual, chapter "Zfa"). Those that move halves of a double are of
//! RV32 only.

use super::float::constant::constant;
use super::float::{Double, Half, Single, compare, integral};

instructions! {
    extension "Zfa", after super::zfh::END;

    value (a, b) {
        /// Load a single-precision constant.
        FLI_S "fli.s" "1111000 00001 ..... 000 ..... 1010011" FloatImmediate => constant::<Single>(b);
        /// Load a double-precision constant.
        FLI_D "fli.d" "1111001 00001 ..... 000 ..... 1010011" FloatImmediate with "D" => constant::<Double>(b);
        /// Load a half-precision constant.
        FLI_H "fli.h" "1111010 00001 ..... 000 ..... 1010011" FloatImmediate with "Zfh" => constant::<Half>(b);
    }

    float (a, b, c, rm) {
        /// The lesser; a NaN rather than a number.
        FMINM_S "fminm.s" "0010100 ..... ..... 010 ..... 1010011" FloatRNoRm => compare::minimum::<Single>(a, b);
        /// The greater; a NaN rather than a number.
        FMAXM_S "fmaxm.s" "0010100 ..... ..... 011 ..... 1010011" FloatRNoRm => compare::maximum::<Single>(a, b);
        /// Round to an integral value.
        FROUND_S "fround.s" "0100000 00100 ..... ... ..... 1010011" FloatUnary => integral::round::<Single>(a, rm);
        /// Round to an integral value; inexact if that is another.
        FROUNDNX_S "froundnx.s" "0100000 00101 ..... ... ..... 1010011" FloatUnary => integral::round_inexact::<Single>(a, rm);
        /// Less than or equal; quiet.
        FLEQ_S "fleq.s" "1010000 ..... ..... 100 ..... 1010011" FloatCompare => compare::less_equal_quiet::<Single>(a, b);
        /// Less than; quiet.
        FLTQ_S "fltq.s" "1010000 ..... ..... 101 ..... 1010011" FloatCompare => compare::less_quiet::<Single>(a, b);
        /// The lesser; a NaN rather than a number.
        FMINM_D "fminm.d" "0010101 ..... ..... 010 ..... 1010011" FloatRNoRm with "D" => compare::minimum::<Double>(a, b);
        /// The greater; a NaN rather than a number.
        FMAXM_D "fmaxm.d" "0010101 ..... ..... 011 ..... 1010011" FloatRNoRm with "D" => compare::maximum::<Double>(a, b);
        /// Round to an integral value.
        FROUND_D "fround.d" "0100001 00100 ..... ... ..... 1010011" FloatUnary with "D" => integral::round::<Double>(a, rm);
        /// Round to an integral value; inexact if that is another.
        FROUNDNX_D "froundnx.d" "0100001 00101 ..... ... ..... 1010011" FloatUnary with "D" => integral::round_inexact::<Double>(a, rm);
        /// Less than or equal; quiet.
        FLEQ_D "fleq.d" "1010001 ..... ..... 100 ..... 1010011" FloatCompare with "D" => compare::less_equal_quiet::<Double>(a, b);
        /// Less than; quiet.
        FLTQ_D "fltq.d" "1010001 ..... ..... 101 ..... 1010011" FloatCompare with "D" => compare::less_quiet::<Double>(a, b);
        /// The lesser; a NaN rather than a number.
        FMINM_H "fminm.h" "0010110 ..... ..... 010 ..... 1010011" FloatRNoRm with "Zfh" => compare::minimum::<Half>(a, b);
        /// The greater; a NaN rather than a number.
        FMAXM_H "fmaxm.h" "0010110 ..... ..... 011 ..... 1010011" FloatRNoRm with "Zfh" => compare::maximum::<Half>(a, b);
        /// Round to an integral value.
        FROUND_H "fround.h" "0100010 00100 ..... ... ..... 1010011" FloatUnary with "Zfh" => integral::round::<Half>(a, rm);
        /// Round to an integral value; inexact if that is another.
        FROUNDNX_H "froundnx.h" "0100010 00101 ..... ... ..... 1010011" FloatUnary with "Zfh" => integral::round_inexact::<Half>(a, rm);
        /// Less than or equal; quiet.
        FLEQ_H "fleq.h" "1010010 ..... ..... 100 ..... 1010011" FloatCompare with "Zfh" => compare::less_equal_quiet::<Half>(a, b);
        /// Less than; quiet.
        FLTQ_H "fltq.h" "1010010 ..... ..... 101 ..... 1010011" FloatCompare with "Zfh" => compare::less_quiet::<Half>(a, b);
        /// Convert to word, truncated, modulo 2^32.
        FCVTMOD_W_D "fcvtmod.w.d" "1100001 01000 ..... 001 ..... 1010011" FloatToIntNoRm with "D" => integral::to_i32_modulo(a);
    }
}
