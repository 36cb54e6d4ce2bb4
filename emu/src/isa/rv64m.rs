//! M, integer multiplication and division (unprivileged manual, chapter "M"). Division never traps: by zero the quotient
//! has all bits set and the remainder is the dividend; the one overflow wraps.

use super::rv64i::word;

instructions! {
    extension "M", after super::rv64i::END;

    value (a, b) {
        /// Low 64 bits of the product.
        MUL "mul" "0000001 ..... ..... 000 ..... 0110011" R => a.wrapping_mul(b);
        /// High 64 bits of the product, signed by signed.
        MULH "mulh" "0000001 ..... ..... 001 ..... 0110011" R => ((a as i64 as i128 * b as i64 as i128) >> 64) as u64;
        /// High 64 bits of the product, signed by unsigned.
        MULHSU "mulhsu" "0000001 ..... ..... 010 ..... 0110011" R => ((a as i64 as i128 * b as i128) >> 64) as u64;
        /// High 64 bits of the product, unsigned by unsigned.
        MULHU "mulhu" "0000001 ..... ..... 011 ..... 0110011" R => ((a as u128 * b as u128) >> 64) as u64;
        /// Quotient, signed.
        DIV "div" "0000001 ..... ..... 100 ..... 0110011" R => {
            if b == 0 { u64::MAX } else { (a as i64).wrapping_div(b as i64) as u64 }
        };
        /// Quotient, unsigned.
        DIVU "divu" "0000001 ..... ..... 101 ..... 0110011" R => a.checked_div(b).unwrap_or(u64::MAX);
        /// Remainder, signed.
        REM "rem" "0000001 ..... ..... 110 ..... 0110011" R => {
            if b == 0 { a } else { (a as i64).wrapping_rem(b as i64) as u64 }
        };
        /// Remainder, unsigned.
        REMU "remu" "0000001 ..... ..... 111 ..... 0110011" R => a.checked_rem(b).unwrap_or(a);
        /// Low 32 bits of the product, sign-extended.
        MULW "mulw" "0000001 ..... ..... 000 ..... 0111011" R => word(a.wrapping_mul(b));
        /// Quotient of the low words, signed.
        DIVW "divw" "0000001 ..... ..... 100 ..... 0111011" R => {
            if b as i32 == 0 { u64::MAX } else { (a as i32).wrapping_div(b as i32) as u64 }
        };
        /// Quotient of the low words, unsigned, then sign-extended.
        DIVUW "divuw" "0000001 ..... ..... 101 ..... 0111011" R => {
            word((a as u32).checked_div(b as u32).unwrap_or(u32::MAX) as u64)
        };
        /// Remainder of the low words, signed.
        REMW "remw" "0000001 ..... ..... 110 ..... 0111011" R => {
            if b as i32 == 0 { word(a) } else { (a as i32).wrapping_rem(b as i32) as u64 }
        };
        /// Remainder of the low words, unsigned, then sign-extended.
        REMUW "remuw" "0000001 ..... ..... 111 ..... 0111011" R => {
            word((a as u32).checked_rem(b as u32).unwrap_or(a as u32) as u64)
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIN: u64 = i64::MIN as u64;
    const MIN_W: u64 = i32::MIN as u64;

    #[test]
    fn division_by_zero() {
        for a in [0, 1, MIN, u64::MAX, 0xdead_beef_8765_4321] {
            let low = a as i32 as u64;
            assert_eq!([DIV, DIVU, DIVW, DIVUW].map(|op| value(op, a, 0)), [u64::MAX; 4]);
            assert_eq!([REM, REMU, REMW, REMUW].map(|op| value(op, a, 0)), [a, a, low, low]);
            // Zero is all that the low word shows.
            assert_eq!(value(DIVW, a, 1 << 32), u64::MAX);
            assert_eq!(value(REMUW, a, 1 << 32), low);
        }
    }

    #[test]
    fn division_overflow() {
        assert_eq!(value(DIV, MIN, u64::MAX), MIN);
        assert_eq!(value(REM, MIN, u64::MAX), 0);
        assert_eq!(value(DIVW, MIN_W, u64::MAX), MIN_W);
        assert_eq!(value(REMW, MIN_W, u64::MAX), 0);
    }

    #[test]
    fn signs() {
        let minus = |n: i64| -n as u64;
        assert_eq!(value(DIV, minus(7), 2), minus(3));
        assert_eq!(value(REM, minus(7), 2), minus(1));
        assert_eq!(value(REM, 7, minus(2)), 1);
        assert_eq!(value(DIVUW, u64::MAX, 1), u64::MAX);
        assert_eq!(value(REMUW, 0xffff_ffff, 0x1_0000_0000 + 0xffff_fffe), 1);
        assert_eq!(value(MULW, 0x1_8000_0001, 1), MIN_W + 1);
    }

    #[test]
    fn high_halves() {
        assert_eq!(value(MULH, u64::MAX, u64::MAX), 0);
        assert_eq!(value(MULHU, u64::MAX, u64::MAX), u64::MAX - 1);
        assert_eq!(value(MULHSU, u64::MAX, u64::MAX), u64::MAX);
        assert_eq!(value(MULHSU, 1, u64::MAX), 0);
        assert_eq!(value(MULH, MIN, MIN), 1 << 62);
        assert_eq!(value(MULHSU, MIN, MIN), (-1i64 << 62) as u64);
    }
}
