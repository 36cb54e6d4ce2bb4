//! F, single-precision floating point (unprivileged manual, chapter "F").

use super::float::{Precision, Single, arithmetic, compare, convert};
use super::rv64i::word;
use super::{Kind, Width};

instructions! {
    extension "F", after super::zifencei::END;

    float (a, b, c, rm) {
        /// Multiply and add, rounding once.
        FMADD_S "fmadd.s" "..... 00 ..... ..... ... ..... 1000011" FloatR4 => arithmetic::madd::<Single>(a, b, c, rm);
        /// Multiply and subtract, rounding once.
        FMSUB_S "fmsub.s" "..... 00 ..... ..... ... ..... 1000111" FloatR4 => arithmetic::msub::<Single>(a, b, c, rm);
        /// Multiply, negate and add, rounding once.
        FNMSUB_S "fnmsub.s" "..... 00 ..... ..... ... ..... 1001011" FloatR4 => arithmetic::nmsub::<Single>(a, b, c, rm);
        /// Multiply, negate and subtract, rounding once.
        FNMADD_S "fnmadd.s" "..... 00 ..... ..... ... ..... 1001111" FloatR4 => arithmetic::nmadd::<Single>(a, b, c, rm);
        /// Add.
        FADD_S "fadd.s" "0000000 ..... ..... ... ..... 1010011" FloatR => arithmetic::add::<Single>(a, b, rm);
        /// Subtract.
        FSUB_S "fsub.s" "0000100 ..... ..... ... ..... 1010011" FloatR => arithmetic::sub::<Single>(a, b, rm);
        /// Multiply.
        FMUL_S "fmul.s" "0001000 ..... ..... ... ..... 1010011" FloatR => arithmetic::mul::<Single>(a, b, rm);
        /// Divide.
        FDIV_S "fdiv.s" "0001100 ..... ..... ... ..... 1010011" FloatR => arithmetic::div::<Single>(a, b, rm);
        /// Square root.
        FSQRT_S "fsqrt.s" "0101100 00000 ..... ... ..... 1010011" FloatUnary => arithmetic::sqrt::<Single>(a, rm);
        /// Take the sign of the second operand.
        FSGNJ_S "fsgnj.s" "0010000 ..... ..... 000 ..... 1010011" FloatRNoRm => compare::sign::<Single>(a, b);
        /// Take the opposite of the second operand's sign.
        FSGNJN_S "fsgnjn.s" "0010000 ..... ..... 001 ..... 1010011" FloatRNoRm => compare::sign_not::<Single>(a, b);
        /// Multiply the signs.
        FSGNJX_S "fsgnjx.s" "0010000 ..... ..... 010 ..... 1010011" FloatRNoRm => compare::sign_xor::<Single>(a, b);
        /// The lesser; a number rather than a NaN.
        FMIN_S "fmin.s" "0010100 ..... ..... 000 ..... 1010011" FloatRNoRm => compare::min::<Single>(a, b);
        /// The greater; a number rather than a NaN.
        FMAX_S "fmax.s" "0010100 ..... ..... 001 ..... 1010011" FloatRNoRm => compare::max::<Single>(a, b);
        /// Equal; quiet.
        FEQ_S "feq.s" "1010000 ..... ..... 010 ..... 1010011" FloatCompare => compare::equal::<Single>(a, b);
        /// Less than; signalling.
        FLT_S "flt.s" "1010000 ..... ..... 001 ..... 1010011" FloatCompare => compare::less::<Single>(a, b);
        /// Less than or equal; signalling.
        FLE_S "fle.s" "1010000 ..... ..... 000 ..... 1010011" FloatCompare => compare::less_equal::<Single>(a, b);
        /// Class, as one bit out of ten.
        FCLASS_S "fclass.s" "1110000 00000 ..... 001 ..... 1010011" FloatToIntNoRm => compare::class::<Single>(a);
        /// Convert to word.
        FCVT_W_S "fcvt.w.s" "1100000 00000 ..... ... ..... 1010011" FloatToInt => convert::to_i32::<Single>(a, rm);
        /// Convert to unsigned word.
        FCVT_WU_S "fcvt.wu.s" "1100000 00001 ..... ... ..... 1010011" FloatToInt => convert::to_u32::<Single>(a, rm);
        /// Convert to double word.
        FCVT_L_S "fcvt.l.s" "1100000 00010 ..... ... ..... 1010011" FloatToInt => convert::to_i64::<Single>(a, rm);
        /// Convert to unsigned double word.
        FCVT_LU_S "fcvt.lu.s" "1100000 00011 ..... ... ..... 1010011" FloatToInt => convert::to_u64::<Single>(a, rm);
        /// Convert from word.
        FCVT_S_W "fcvt.s.w" "1101000 00000 ..... ... ..... 1010011" IntToFloat => convert::from_i32::<Single>(a, rm);
        /// Convert from unsigned word.
        FCVT_S_WU "fcvt.s.wu" "1101000 00001 ..... ... ..... 1010011" IntToFloat => convert::from_u32::<Single>(a, rm);
        /// Convert from double word.
        FCVT_S_L "fcvt.s.l" "1101000 00010 ..... ... ..... 1010011" IntToFloat => convert::from_i64::<Single>(a, rm);
        /// Convert from unsigned double word.
        FCVT_S_LU "fcvt.s.lu" "1101000 00011 ..... ... ..... 1010011" IntToFloat => convert::from_u64::<Single>(a, rm);
        /// Move bits to an integer register, sign-extended.
        FMV_X_W "fmv.x.w" "1110000 00000 ..... 000 ..... 1010011" FloatToIntNoRm => word(a);
        /// Move bits from an integer register.
        FMV_W_X "fmv.w.x" "1111000 00000 ..... 000 ..... 1010011" IntToFloatNoRm => Single::boxed(a);
    }

    other {
        /// Load single-precision value.
        FLW "flw" "............ ..... 010 ..... 0000111" FloatLoad => Kind::Load(Width::F32);
        /// Store single-precision value.
        FSW "fsw" "....... ..... ..... 010 ..... 0100111" FloatStore => Kind::Store(Width::F32);
    }
}
