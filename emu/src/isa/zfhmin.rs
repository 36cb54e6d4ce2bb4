//! Zfhmin, half-precision values (unprivileged manual, chapter "Zfh"): to load, store, move and convert them.

use super::float::{Double, Half, Precision, Single, half};
use super::{Kind, Width};

instructions! {
    extension "Zfhmin", after super::zabha::END;

    float (a, b, c, rm) {
        /// Convert half precision to single.
        FCVT_S_H "fcvt.s.h" "0100000 00010 ..... ... ..... 1010011" FloatUnary => half::convert::<Half, Single>(a, rm);
        /// Convert single precision to half.
        FCVT_H_S "fcvt.h.s" "0100010 00000 ..... ... ..... 1010011" FloatUnary => half::convert::<Single, Half>(a, rm);
        /// Convert half precision to double.
        FCVT_D_H "fcvt.d.h" "0100001 00010 ..... ... ..... 1010011" FloatUnary with "D" => half::convert::<Half, Double>(a, rm);
        /// Convert double precision to half.
        FCVT_H_D "fcvt.h.d" "0100010 00001 ..... ... ..... 1010011" FloatUnary with "D" => half::convert::<Double, Half>(a, rm);
        /// Move bits to an integer register, sign-extended.
        FMV_X_H "fmv.x.h" "1110010 00000 ..... 000 ..... 1010011" FloatToIntNoRm => a as i16 as u64;
        /// Move bits from an integer register.
        FMV_H_X "fmv.h.x" "1111010 00000 ..... 000 ..... 1010011" IntToFloatNoRm => Half::boxed(a);
    }

    other {
        /// Load half-precision value.
        FLH "flh" "............ ..... 001 ..... 0000111" FloatLoad => Kind::Load(Width::F16);
        /// Store half-precision value.
        FSH "fsh" "....... ..... ..... 001 ..... 0100111" FloatStore => Kind::Store(Width::F16);
    }
}
