//! Zacas, atomic compare-and-swap (unprivileged manual, chapter "Zacas").

use super::{Kind, Width};

instructions! {
    extension "Zacas", after super::zknh::END;

    other {
        /// Compare and swap a word.
        AMOCAS_W "amocas.w" "00101 . . ..... ..... 010 ..... 0101111" Cas => Kind::CompareSwap(Width::I32);
        /// Compare and swap a double word.
        AMOCAS_D "amocas.d" "00101 . . ..... ..... 011 ..... 0101111" Cas => Kind::CompareSwap(Width::I64);
        /// Compare and swap a quad word, in pairs of registers.
        AMOCAS_Q "amocas.q" "00101 . . ..... ..... 100 ..... 0101111" CasPair => Kind::CompareSwapPair;
        /// Compare and swap a byte.
        AMOCAS_B "amocas.b" "00101 . . ..... ..... 000 ..... 0101111" Cas with "Zabha" => Kind::CompareSwap(Width::I8);
        /// Compare and swap a half-word.
        AMOCAS_H "amocas.h" "00101 . . ..... ..... 001 ..... 0101111" Cas with "Zabha" => Kind::CompareSwap(Width::I16);
    }
}
