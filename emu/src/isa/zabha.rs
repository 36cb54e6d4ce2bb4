//! Zabha, atomic access to bytes and half-words (unprivileged manual, chapter "Zabha"). `amocas.b` and `amocas.h` are with Zacas.

instructions! {
    extension "Zabha", after super::zacas::END;

    amo (old, b) {
        /// Add, byte.
        AMOADD_B "amoadd.b" "00000 . . ..... ..... 000 ..... 0101111" I8 => old.wrapping_add(b);
        /// Swap, byte.
        AMOSWAP_B "amoswap.b" "00001 . . ..... ..... 000 ..... 0101111" I8 => b;
        /// Exclusive or, byte.
        AMOXOR_B "amoxor.b" "00100 . . ..... ..... 000 ..... 0101111" I8 => old ^ b;
        /// And, byte.
        AMOAND_B "amoand.b" "01100 . . ..... ..... 000 ..... 0101111" I8 => old & b;
        /// Or, byte.
        AMOOR_B "amoor.b" "01000 . . ..... ..... 000 ..... 0101111" I8 => old | b;
        /// Minimum, signed, byte.
        AMOMIN_B "amomin.b" "10000 . . ..... ..... 000 ..... 0101111" I8 => (old as i64).min(b as i64) as u64;
        /// Maximum, signed, byte.
        AMOMAX_B "amomax.b" "10100 . . ..... ..... 000 ..... 0101111" I8 => (old as i64).max(b as i64) as u64;
        /// Minimum, unsigned, byte.
        AMOMINU_B "amominu.b" "11000 . . ..... ..... 000 ..... 0101111" I8 => old.min(b);
        /// Maximum, unsigned, byte.
        AMOMAXU_B "amomaxu.b" "11100 . . ..... ..... 000 ..... 0101111" I8 => old.max(b);
        /// Add, half-word.
        AMOADD_H "amoadd.h" "00000 . . ..... ..... 001 ..... 0101111" I16 => old.wrapping_add(b);
        /// Swap, half-word.
        AMOSWAP_H "amoswap.h" "00001 . . ..... ..... 001 ..... 0101111" I16 => b;
        /// Exclusive or, half-word.
        AMOXOR_H "amoxor.h" "00100 . . ..... ..... 001 ..... 0101111" I16 => old ^ b;
        /// And, half-word.
        AMOAND_H "amoand.h" "01100 . . ..... ..... 001 ..... 0101111" I16 => old & b;
        /// Or, half-word.
        AMOOR_H "amoor.h" "01000 . . ..... ..... 001 ..... 0101111" I16 => old | b;
        /// Minimum, signed, half-word.
        AMOMIN_H "amomin.h" "10000 . . ..... ..... 001 ..... 0101111" I16 => (old as i64).min(b as i64) as u64;
        /// Maximum, signed, half-word.
        AMOMAX_H "amomax.h" "10100 . . ..... ..... 001 ..... 0101111" I16 => (old as i64).max(b as i64) as u64;
        /// Minimum, unsigned, half-word.
        AMOMINU_H "amominu.h" "11000 . . ..... ..... 001 ..... 0101111" I16 => old.min(b);
        /// Maximum, unsigned, half-word.
        AMOMAXU_H "amomaxu.h" "11100 . . ..... ..... 001 ..... 0101111" I16 => old.max(b);
    }
}
