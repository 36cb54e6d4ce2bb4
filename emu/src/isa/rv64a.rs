//! A, atomic memory access (unprivileged manual, chapter "A": Zalrsc and Zaamo). The aq and rl bits are operands that the
//! engine looks at for `lr` alone: it gives every other atomic access both.

use super::{Kind, Width};

instructions! {
    extension "A", after super::rv64m::END;

    amo (old, b) {
        /// Add, word.
        AMOADD_W "amoadd.w" "00000 . . ..... ..... 010 ..... 0101111" I32 => old.wrapping_add(b);
        /// Swap, word.
        AMOSWAP_W "amoswap.w" "00001 . . ..... ..... 010 ..... 0101111" I32 => b;
        /// Exclusive or, word.
        AMOXOR_W "amoxor.w" "00100 . . ..... ..... 010 ..... 0101111" I32 => old ^ b;
        /// And, word.
        AMOAND_W "amoand.w" "01100 . . ..... ..... 010 ..... 0101111" I32 => old & b;
        /// Or, word.
        AMOOR_W "amoor.w" "01000 . . ..... ..... 010 ..... 0101111" I32 => old | b;
        /// Minimum, signed, word.
        AMOMIN_W "amomin.w" "10000 . . ..... ..... 010 ..... 0101111" I32 => (old as i64).min(b as i64) as u64;
        /// Maximum, signed, word.
        AMOMAX_W "amomax.w" "10100 . . ..... ..... 010 ..... 0101111" I32 => (old as i64).max(b as i64) as u64;
        /// Minimum, unsigned, word.
        AMOMINU_W "amominu.w" "11000 . . ..... ..... 010 ..... 0101111" I32 => old.min(b);
        /// Maximum, unsigned, word.
        AMOMAXU_W "amomaxu.w" "11100 . . ..... ..... 010 ..... 0101111" I32 => old.max(b);
        /// Add, double word.
        AMOADD_D "amoadd.d" "00000 . . ..... ..... 011 ..... 0101111" I64 => old.wrapping_add(b);
        /// Swap, double word.
        AMOSWAP_D "amoswap.d" "00001 . . ..... ..... 011 ..... 0101111" I64 => b;
        /// Exclusive or, double word.
        AMOXOR_D "amoxor.d" "00100 . . ..... ..... 011 ..... 0101111" I64 => old ^ b;
        /// And, double word.
        AMOAND_D "amoand.d" "01100 . . ..... ..... 011 ..... 0101111" I64 => old & b;
        /// Or, double word.
        AMOOR_D "amoor.d" "01000 . . ..... ..... 011 ..... 0101111" I64 => old | b;
        /// Minimum, signed, double word.
        AMOMIN_D "amomin.d" "10000 . . ..... ..... 011 ..... 0101111" I64 => (old as i64).min(b as i64) as u64;
        /// Maximum, signed, double word.
        AMOMAX_D "amomax.d" "10100 . . ..... ..... 011 ..... 0101111" I64 => (old as i64).max(b as i64) as u64;
        /// Minimum, unsigned, double word.
        AMOMINU_D "amominu.d" "11000 . . ..... ..... 011 ..... 0101111" I64 => old.min(b);
        /// Maximum, unsigned, double word.
        AMOMAXU_D "amomaxu.d" "11100 . . ..... ..... 011 ..... 0101111" I64 => old.max(b);
    }

    other {
        /// Load word and reserve it.
        LR_W "lr.w" "00010 . . 00000 ..... 010 ..... 0101111" LoadReserved => Kind::LoadReserved(Width::I32);
        /// Store word if the reservation still holds.
        SC_W "sc.w" "00011 . . ..... ..... 010 ..... 0101111" Amo => Kind::StoreConditional(Width::I32);
        /// Load double word and reserve it.
        LR_D "lr.d" "00010 . . 00000 ..... 011 ..... 0101111" LoadReserved => Kind::LoadReserved(Width::I64);
        /// Store double word if the reservation still holds.
        SC_D "sc.d" "00011 . . ..... ..... 011 ..... 0101111" Amo => Kind::StoreConditional(Width::I64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minimum_and_maximum() {
        // The 32-bit ones see sign-extended operands, whose unsigned order is that of the words.
        let (one, minus) = (1, -1i64 as u64);
        for (min, max, minu, maxu) in
            [(AMOMIN_W, AMOMAX_W, AMOMINU_W, AMOMAXU_W), (AMOMIN_D, AMOMAX_D, AMOMINU_D, AMOMAXU_D)]
        {
            for (a, b) in [(one, minus), (minus, one)] {
                assert_eq!([min, max, minu, maxu].map(|op| amo(op, a, b)), [minus, one, one, minus]);
            }
        }
    }

    #[test]
    fn bits_and_sums() {
        let results = [AMOADD_D, AMOSWAP_D, AMOXOR_D, AMOAND_D, AMOOR_D].map(|op| amo(op, 0b1100, 0b1010));
        assert_eq!(results, [22, 0b1010, 0b0110, 0b1000, 0b1110]);
    }
}
