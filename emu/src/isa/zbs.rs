//! Zbs, single bits (unprivileged manual, chapter "B").

instructions! {
    extension "Zbs", after super::zbb::END;

    value (a, b) {
        /// Clear a bit.
        BCLR "bclr" "0100100 ..... ..... 001 ..... 0110011" R => a & !(1 << (b & 63));
        /// Clear a bit, by immediate.
        BCLRI "bclri" "010010 ...... ..... 001 ..... 0010011" Shift64 => a & !(1 << (b & 63));
        /// Extract a bit.
        BEXT "bext" "0100100 ..... ..... 101 ..... 0110011" R => a >> (b & 63) & 1;
        /// Extract a bit, by immediate.
        BEXTI "bexti" "010010 ...... ..... 101 ..... 0010011" Shift64 => a >> (b & 63) & 1;
        /// Invert a bit.
        BINV "binv" "0110100 ..... ..... 001 ..... 0110011" R => a ^ 1 << (b & 63);
        /// Invert a bit, by immediate.
        BINVI "binvi" "011010 ...... ..... 001 ..... 0010011" Shift64 => a ^ 1 << (b & 63);
        /// Set a bit.
        BSET "bset" "0010100 ..... ..... 001 ..... 0110011" R => a | 1 << (b & 63);
        /// Set a bit, by immediate.
        BSETI "bseti" "001010 ...... ..... 001 ..... 0010011" Shift64 => a | 1 << (b & 63);
    }
}
