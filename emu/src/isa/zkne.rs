//! Zkne, AES encryption (unprivileged manual, chapter "Scalar Cryptography"), and the key schedule, which Zknd has too.

use super::aes;

instructions! {
    extension "Zkne", after super::zbkx::END;

    value (a, b) {
        /// The last round of encryption, half of its result.
        AES64ES "aes64es" "0011001 ..... ..... 000 ..... 0110011" R => aes::encrypt(a, b);
        /// A middle round of encryption, half of its result.
        AES64ESM "aes64esm" "0011011 ..... ..... 000 ..... 0110011" R => aes::mix(aes::encrypt(a, b));
        /// Key schedule, first part.
        AES64KS1I "aes64ks1i" "00110001 .... ..... 001 ..... 0010011" Round or "Zknd" => aes::schedule(a, b);
        /// Key schedule, second part.
        AES64KS2 "aes64ks2" "0111111 ..... ..... 000 ..... 0110011" R or "Zknd" => {
            let low = a >> 32 ^ b & 0xffff_ffff;
            (low ^ b >> 32) << 32 | low
        };
    }
}
