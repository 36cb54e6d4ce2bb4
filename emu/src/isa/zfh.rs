//! Zfh, half-precision floating point (unprivileged manual, chapter "Zfh"), beyond Zfhmin.

use super::float::{Half, Single, compare, convert, half};

instructions! {
    extension "Zfh", after super::zfhmin::END;

    float (a, b, c, rm) {
        /// Multiply and add, rounding once.
        FMADD_H "fmadd.h" "..... 10 ..... ..... ... ..... 1000011" FloatR4 => half::madd(a, b, c, rm);
        /// Multiply and subtract, rounding once.
        FMSUB_H "fmsub.h" "..... 10 ..... ..... ... ..... 1000111" FloatR4 => half::msub(a, b, c, rm);
        /// Multiply, negate and add, rounding once.
        FNMSUB_H "fnmsub.h" "..... 10 ..... ..... ... ..... 1001011" FloatR4 => half::nmsub(a, b, c, rm);
        /// Multiply, negate and subtract, rounding once.
        FNMADD_H "fnmadd.h" "..... 10 ..... ..... ... ..... 1001111" FloatR4 => half::nmadd(a, b, c, rm);
        /// Add.
        FADD_H "fadd.h" "0000010 ..... ..... ... ..... 1010011" FloatR => half::add(a, b, rm);
        /// Subtract.
        FSUB_H "fsub.h" "0000110 ..... ..... ... ..... 1010011" FloatR => half::sub(a, b, rm);
        /// Multiply.
        FMUL_H "fmul.h" "0001010 ..... ..... ... ..... 1010011" FloatR => half::mul(a, b, rm);
        /// Divide.
        FDIV_H "fdiv.h" "0001110 ..... ..... ... ..... 1010011" FloatR => half::div(a, b, rm);
        /// Square root.
        FSQRT_H "fsqrt.h" "0101110 00000 ..... ... ..... 1010011" FloatUnary => half::sqrt(a, rm);
        /// Take the sign of the second operand.
        FSGNJ_H "fsgnj.h" "0010010 ..... ..... 000 ..... 1010011" FloatRNoRm => compare::sign::<Half>(a, b);
        /// Take the opposite of the second operand's sign.
        FSGNJN_H "fsgnjn.h" "0010010 ..... ..... 001 ..... 1010011" FloatRNoRm => compare::sign_not::<Half>(a, b);
        /// Multiply the signs.
        FSGNJX_H "fsgnjx.h" "0010010 ..... ..... 010 ..... 1010011" FloatRNoRm => compare::sign_xor::<Half>(a, b);
        /// The lesser; a number rather than a NaN.
        FMIN_H "fmin.h" "0010110 ..... ..... 000 ..... 1010011" FloatRNoRm => compare::min::<Half>(a, b);
        /// The greater; a number rather than a NaN.
        FMAX_H "fmax.h" "0010110 ..... ..... 001 ..... 1010011" FloatRNoRm => compare::max::<Half>(a, b);
        /// Equal; quiet.
        FEQ_H "feq.h" "1010010 ..... ..... 010 ..... 1010011" FloatCompare => compare::equal::<Single>(half::widened(a), half::widened(b));
        /// Less than; signalling.
        FLT_H "flt.h" "1010010 ..... ..... 001 ..... 1010011" FloatCompare => compare::less::<Single>(half::widened(a), half::widened(b));
        /// Less than or equal; signalling.
        FLE_H "fle.h" "1010010 ..... ..... 000 ..... 1010011" FloatCompare => compare::less_equal::<Single>(half::widened(a), half::widened(b));
        /// Class, as one bit out of ten.
        FCLASS_H "fclass.h" "1110010 00000 ..... 001 ..... 1010011" FloatToIntNoRm => compare::class::<Half>(a);
        /// Convert to word.
        FCVT_W_H "fcvt.w.h" "1100010 00000 ..... ... ..... 1010011" FloatToInt => convert::to_i32::<Single>(half::widened(a), rm);
        /// Convert to unsigned word.
        FCVT_WU_H "fcvt.wu.h" "1100010 00001 ..... ... ..... 1010011" FloatToInt => convert::to_u32::<Single>(half::widened(a), rm);
        /// Convert to double word.
        FCVT_L_H "fcvt.l.h" "1100010 00010 ..... ... ..... 1010011" FloatToInt => convert::to_i64::<Single>(half::widened(a), rm);
        /// Convert to unsigned double word.
        FCVT_LU_H "fcvt.lu.h" "1100010 00011 ..... ... ..... 1010011" FloatToInt => convert::to_u64::<Single>(half::widened(a), rm);
        /// Convert from word.
        FCVT_H_W "fcvt.h.w" "1101010 00000 ..... ... ..... 1010011" IntToFloat => half::from_integer(a as i32 as i128, rm);
        /// Convert from unsigned word.
        FCVT_H_WU "fcvt.h.wu" "1101010 00001 ..... ... ..... 1010011" IntToFloat => half::from_integer(a as u32 as i128, rm);
        /// Convert from double word.
        FCVT_H_L "fcvt.h.l" "1101010 00010 ..... ... ..... 1010011" IntToFloat => half::from_integer(a as i64 as i128, rm);
        /// Convert from unsigned double word.
        FCVT_H_LU "fcvt.h.lu" "1101010 00011 ..... ... ..... 1010011" IntToFloat => half::from_integer(a as i128, rm);
    }
}
