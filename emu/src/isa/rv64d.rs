//! D, double-precision floating point (unprivileged manual, chapter "D").

use super::float::{Double, arithmetic, compare, convert};
use super::{Kind, Width};

instructions! {
    extension "D", after super::rv64f::END;

    float (a, b, c, rm) {
        /// Multiply and add, rounding once.
        FMADD_D "fmadd.d" "..... 01 ..... ..... ... ..... 1000011" FloatR4 => arithmetic::madd::<Double>(a, b, c, rm);
        /// Multiply and subtract, rounding once.
        FMSUB_D "fmsub.d" "..... 01 ..... ..... ... ..... 1000111" FloatR4 => arithmetic::msub::<Double>(a, b, c, rm);
        /// Multiply, negate and add, rounding once.
        FNMSUB_D "fnmsub.d" "..... 01 ..... ..... ... ..... 1001011" FloatR4 => arithmetic::nmsub::<Double>(a, b, c, rm);
        /// Multiply, negate and subtract, rounding once.
        FNMADD_D "fnmadd.d" "..... 01 ..... ..... ... ..... 1001111" FloatR4 => arithmetic::nmadd::<Double>(a, b, c, rm);
        /// Add.
        FADD_D "fadd.d" "0000001 ..... ..... ... ..... 1010011" FloatR => arithmetic::add::<Double>(a, b, rm);
        /// Subtract.
        FSUB_D "fsub.d" "0000101 ..... ..... ... ..... 1010011" FloatR => arithmetic::sub::<Double>(a, b, rm);
        /// Multiply.
        FMUL_D "fmul.d" "0001001 ..... ..... ... ..... 1010011" FloatR => arithmetic::mul::<Double>(a, b, rm);
        /// Divide.
        FDIV_D "fdiv.d" "0001101 ..... ..... ... ..... 1010011" FloatR => arithmetic::div::<Double>(a, b, rm);
        /// Square root.
        FSQRT_D "fsqrt.d" "0101101 00000 ..... ... ..... 1010011" FloatUnary => arithmetic::sqrt::<Double>(a, rm);
        /// Take the sign of the second operand.
        FSGNJ_D "fsgnj.d" "0010001 ..... ..... 000 ..... 1010011" FloatRNoRm => compare::sign::<Double>(a, b);
        /// Take the opposite of the second operand's sign.
        FSGNJN_D "fsgnjn.d" "0010001 ..... ..... 001 ..... 1010011" FloatRNoRm => compare::sign_not::<Double>(a, b);
        /// Multiply the signs.
        FSGNJX_D "fsgnjx.d" "0010001 ..... ..... 010 ..... 1010011" FloatRNoRm => compare::sign_xor::<Double>(a, b);
        /// The lesser; a number rather than a NaN.
        FMIN_D "fmin.d" "0010101 ..... ..... 000 ..... 1010011" FloatRNoRm => compare::min::<Double>(a, b);
        /// The greater; a number rather than a NaN.
        FMAX_D "fmax.d" "0010101 ..... ..... 001 ..... 1010011" FloatRNoRm => compare::max::<Double>(a, b);
        /// Equal; quiet.
        FEQ_D "feq.d" "1010001 ..... ..... 010 ..... 1010011" FloatCompare => compare::equal::<Double>(a, b);
        /// Less than; signalling.
        FLT_D "flt.d" "1010001 ..... ..... 001 ..... 1010011" FloatCompare => compare::less::<Double>(a, b);
        /// Less than or equal; signalling.
        FLE_D "fle.d" "1010001 ..... ..... 000 ..... 1010011" FloatCompare => compare::less_equal::<Double>(a, b);
        /// Class, as one bit out of ten.
        FCLASS_D "fclass.d" "1110001 00000 ..... 001 ..... 1010011" FloatToIntNoRm => compare::class::<Double>(a);
        /// Convert to word.
        FCVT_W_D "fcvt.w.d" "1100001 00000 ..... ... ..... 1010011" FloatToInt => convert::to_i32::<Double>(a, rm);
        /// Convert to unsigned word.
        FCVT_WU_D "fcvt.wu.d" "1100001 00001 ..... ... ..... 1010011" FloatToInt => convert::to_u32::<Double>(a, rm);
        /// Convert to double word.
        FCVT_L_D "fcvt.l.d" "1100001 00010 ..... ... ..... 1010011" FloatToInt => convert::to_i64::<Double>(a, rm);
        /// Convert to unsigned double word.
        FCVT_LU_D "fcvt.lu.d" "1100001 00011 ..... ... ..... 1010011" FloatToInt => convert::to_u64::<Double>(a, rm);
        /// Convert from word.
        FCVT_D_W "fcvt.d.w" "1101001 00000 ..... ... ..... 1010011" IntToFloat => convert::from_i32::<Double>(a, rm);
        /// Convert from unsigned word.
        FCVT_D_WU "fcvt.d.wu" "1101001 00001 ..... ... ..... 1010011" IntToFloat => convert::from_u32::<Double>(a, rm);
        /// Convert from double word.
        FCVT_D_L "fcvt.d.l" "1101001 00010 ..... ... ..... 1010011" IntToFloat => convert::from_i64::<Double>(a, rm);
        /// Convert from unsigned double word.
        FCVT_D_LU "fcvt.d.lu" "1101001 00011 ..... ... ..... 1010011" IntToFloat => convert::from_u64::<Double>(a, rm);
        /// Convert double precision to single.
        FCVT_S_D "fcvt.s.d" "0100000 00001 ..... ... ..... 1010011" FloatUnary => convert::narrow(a, rm);
        /// Convert single precision to double.
        FCVT_D_S "fcvt.d.s" "0100001 00000 ..... ... ..... 1010011" FloatUnary => convert::widen(a);
        /// Move bits to an integer register.
        FMV_X_D "fmv.x.d" "1110001 00000 ..... 000 ..... 1010011" FloatToIntNoRm => a;
        /// Move bits from an integer register.
        FMV_D_X "fmv.d.x" "1111001 00000 ..... 000 ..... 1010011" IntToFloatNoRm => a;
    }

    other {
        /// Load double-precision value.
        FLD "fld" "............ ..... 011 ..... 0000111" FloatLoad => Kind::Load(Width::I64);
        /// Store double-precision value.
        FSD "fsd" "....... ..... ..... 011 ..... 0100111" FloatStore => Kind::Store(Width::I64);
    }
}
