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
