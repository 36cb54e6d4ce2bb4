//! Zbkb, bit manipulation for cryptography (unprivileged manual, chapter "B"). What it shares with Zbb is there; `zip` and
//! `unzip` are of RV32 only.

use super::rv64i::word;

instructions! {
    extension "Zbkb", after super::zbc::END;

    value (a, b) {
        /// Join two low words.
        PACK "pack" "0000100 ..... ..... 100 ..... 0110011" R => b << 32 | a as u32 as u64;
        /// Join two low bytes.
        PACKH "packh" "0000100 ..... ..... 111 ..... 0110011" R => (b as u8 as u64) << 8 | a as u8 as u64;
        /// Join two low half-words, sign-extended.
        PACKW "packw" "0000100 ..... ..... 100 ..... 0111011" R => word(b << 16 | a as u16 as u64);
        /// Reverse the bits of each byte.
        BREV8 "brev8" "011010000111 ..... 101 ..... 0010011" Unary => a.reverse_bits().swap_bytes();
    }
}
