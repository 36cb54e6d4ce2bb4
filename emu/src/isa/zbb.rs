//! Zbb, basic bit manipulation (unprivileged manual, chapter "B").

use super::rv64i::word;

instructions! {
    extension "Zbb", after super::zba::END;

    value (a, b) {
        /// And with the complement.
        ANDN "andn" "0100000 ..... ..... 111 ..... 0110011" R or "Zbkb" => a & !b;
        /// Or with the complement.
        ORN "orn" "0100000 ..... ..... 110 ..... 0110011" R or "Zbkb" => a | !b;
        /// Exclusive or, complemented.
        XNOR "xnor" "0100000 ..... ..... 100 ..... 0110011" R or "Zbkb" => !(a ^ b);
        /// Count leading zeros.
        CLZ "clz" "0110000 00000 ..... 001 ..... 0010011" Unary => a.leading_zeros().into();
        /// Count trailing zeros.
        CTZ "ctz" "0110000 00001 ..... 001 ..... 0010011" Unary => a.trailing_zeros().into();
        /// Count ones.
        CPOP "cpop" "0110000 00010 ..... 001 ..... 0010011" Unary => a.count_ones().into();
        /// Count leading zeros of the low word.
        CLZW "clzw" "0110000 00000 ..... 001 ..... 0011011" Unary => (a as u32).leading_zeros().into();
        /// Count trailing zeros of the low word.
        CTZW "ctzw" "0110000 00001 ..... 001 ..... 0011011" Unary => (a as u32).trailing_zeros().into();
        /// Count ones of the low word.
        CPOPW "cpopw" "0110000 00010 ..... 001 ..... 0011011" Unary => (a as u32).count_ones().into();
        /// Maximum, signed.
        MAX "max" "0000101 ..... ..... 110 ..... 0110011" R => (a as i64).max(b as i64) as u64;
        /// Maximum, unsigned.
        MAXU "maxu" "0000101 ..... ..... 111 ..... 0110011" R => a.max(b);
        /// Minimum, signed.
        MIN "min" "0000101 ..... ..... 100 ..... 0110011" R => (a as i64).min(b as i64) as u64;
        /// Minimum, unsigned.
        MINU "minu" "0000101 ..... ..... 101 ..... 0110011" R => a.min(b);
        /// Sign-extend a byte.
        SEXT_B "sext.b" "0110000 00100 ..... 001 ..... 0010011" Unary => a as i8 as u64;
        /// Sign-extend a half-word.
        SEXT_H "sext.h" "0110000 00101 ..... 001 ..... 0010011" Unary => a as i16 as u64;
        /// Zero-extend a half-word.
        ZEXT_H "zext.h" "0000100 00000 ..... 100 ..... 0111011" Unary => a as u16 as u64;
        /// Rotate left.
        ROL "rol" "0110000 ..... ..... 001 ..... 0110011" R or "Zbkb" => a.rotate_left(b as u32 & 63);
        /// Rotate left, 32 bits, sign-extended.
        ROLW "rolw" "0110000 ..... ..... 001 ..... 0111011" R or "Zbkb" => {
            word((a as u32).rotate_left(b as u32 & 31).into())
        };
        /// Rotate right.
        ROR "ror" "0110000 ..... ..... 101 ..... 0110011" R or "Zbkb" => a.rotate_right(b as u32 & 63);
        /// Rotate right by immediate.
        RORI "rori" "011000 ...... ..... 101 ..... 0010011" Shift64 or "Zbkb" => a.rotate_right(b as u32 & 63);
        /// Rotate right by immediate, 32 bits, sign-extended.
        RORIW "roriw" "0110000 ..... ..... 101 ..... 0011011" Shift32 or "Zbkb" => {
            word((a as u32).rotate_right(b as u32 & 31).into())
        };
        /// Rotate right, 32 bits, sign-extended.
        RORW "rorw" "0110000 ..... ..... 101 ..... 0111011" R or "Zbkb" => {
            word((a as u32).rotate_right(b as u32 & 31).into())
        };
        /// Set all bits of each byte that has any.
        ORC_B "orc.b" "001010000111 ..... 101 ..... 0010011" Unary => {
            // The top bit of a byte: whether it has any bit. No byte carries into its neighbour.
            const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
            ((((a & LOW) + LOW) | a) & !LOW) / 0x80 * 0xff
        };
        /// Reverse the order of bytes.
        REV8 "rev8" "011010111000 ..... 101 ..... 0010011" Unary or "Zbkb" => a.swap_bytes();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes() {
        for (a, or, reversed) in [
            (0, 0, 0),
            (0x0100_8000_ff00_0001, 0xff00_ff00_ff00_00ff, 0x0100_00ff_0080_0001),
            (0x8080_8080_8080_8080, u64::MAX, 0x8080_8080_8080_8080),
            (0x7f00_0000_0000_0010, 0xff00_0000_0000_00ff, 0x1000_0000_0000_007f),
        ] {
            assert_eq!((value(ORC_B, a, 0), value(REV8, a, 0)), (or, reversed));
        }
    }

    #[test]
    fn counts_of_nothing() {
        assert_eq!([CLZ, CTZ, CPOP].map(|op| value(op, 0, 0)), [64, 64, 0]);
        assert_eq!([CLZW, CTZW, CPOPW].map(|op| value(op, 1 << 32, 0)), [32, 32, 0]);
    }
}
