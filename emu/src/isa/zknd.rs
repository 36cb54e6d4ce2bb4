//! Zknd, AES decryption (unprivileged manual, chapter "Scalar Cryptography"). The key schedule is with Zkne.

use super::aes;

instructions! {
    extension "Zknd", after super::zkne::END;

    value (a, b) {
        /// The last round of decryption, half of its result.
        AES64DS "aes64ds" "0011101 ..... ..... 000 ..... 0110011" R => aes::decrypt(a, b);
        /// A middle round of decryption, half of its result.
        AES64DSM "aes64dsm" "0011111 ..... ..... 000 ..... 0110011" R => aes::unmix(aes::decrypt(a, b));
        /// Prepare half of a round key for decryption.
        AES64IM "aes64im" "001100000000 ..... 001 ..... 0010011" Unary => aes::unmix(a);
    }
}
