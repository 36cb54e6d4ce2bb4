//! Zknh, SHA-2 (unprivileged manual, chapter "Scalar Cryptography"; FIPS 180-4, section 4.1).

use super::rv64i::word;

instructions! {
    extension "Zknh", after super::zknd::END;

    value (a, b) {
        /// SHA-256's σ0.
        SHA256SIG0 "sha256sig0" "000100000010 ..... 001 ..... 0010011" Unary => {
            let a = a as u32;
            word((a.rotate_right(7) ^ a.rotate_right(18) ^ a >> 3).into())
        };
        /// SHA-256's σ1.
        SHA256SIG1 "sha256sig1" "000100000011 ..... 001 ..... 0010011" Unary => {
            let a = a as u32;
            word((a.rotate_right(17) ^ a.rotate_right(19) ^ a >> 10).into())
        };
        /// SHA-256's Σ0.
        SHA256SUM0 "sha256sum0" "000100000000 ..... 001 ..... 0010011" Unary => {
            let a = a as u32;
            word((a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22)).into())
        };
        /// SHA-256's Σ1.
        SHA256SUM1 "sha256sum1" "000100000001 ..... 001 ..... 0010011" Unary => {
            let a = a as u32;
            word((a.rotate_right(6) ^ a.rotate_right(11) ^ a.rotate_right(25)).into())
        };
        /// SHA-512's σ0.
        SHA512SIG0 "sha512sig0" "000100000110 ..... 001 ..... 0010011" Unary => {
            a.rotate_right(1) ^ a.rotate_right(8) ^ a >> 7
        };
        /// SHA-512's σ1.
        SHA512SIG1 "sha512sig1" "000100000111 ..... 001 ..... 0010011" Unary => {
            a.rotate_right(19) ^ a.rotate_right(61) ^ a >> 6
        };
        /// SHA-512's Σ0.
        SHA512SUM0 "sha512sum0" "000100000100 ..... 001 ..... 0010011" Unary => {
            a.rotate_right(28) ^ a.rotate_right(34) ^ a.rotate_right(39)
        };
        /// SHA-512's Σ1.
        SHA512SUM1 "sha512sum1" "000100000101 ..... 001 ..... 0010011" Unary => {
            a.rotate_right(14) ^ a.rotate_right(18) ^ a.rotate_right(41)
        };
    }
}
