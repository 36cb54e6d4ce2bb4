//! Zba, address generation (unprivileged manual, chapter "B").

instructions! {
    extension "Zba", after super::zicboz::END;

    value (a, b) {
        /// Add the unsigned low word.
        ADD_UW "add.uw" "0000100 ..... ..... 000 ..... 0111011" R => b.wrapping_add(a as u32 as u64);
        /// Shift left by 1 and add.
        SH1ADD "sh1add" "0010000 ..... ..... 010 ..... 0110011" R => b.wrapping_add(a << 1);
        /// Shift left by 2 and add.
        SH2ADD "sh2add" "0010000 ..... ..... 100 ..... 0110011" R => b.wrapping_add(a << 2);
        /// Shift left by 3 and add.
        SH3ADD "sh3add" "0010000 ..... ..... 110 ..... 0110011" R => b.wrapping_add(a << 3);
        /// Shift the unsigned low word left by 1 and add.
        SH1ADD_UW "sh1add.uw" "0010000 ..... ..... 010 ..... 0111011" R => b.wrapping_add((a as u32 as u64) << 1);
        /// Shift the unsigned low word left by 2 and add.
        SH2ADD_UW "sh2add.uw" "0010000 ..... ..... 100 ..... 0111011" R => b.wrapping_add((a as u32 as u64) << 2);
        /// Shift the unsigned low word left by 3 and add.
        SH3ADD_UW "sh3add.uw" "0010000 ..... ..... 110 ..... 0111011" R => b.wrapping_add((a as u32 as u64) << 3);
        /// Shift the unsigned low word left by immediate.
        SLLI_UW "slli.uw" "000010 ...... ..... 001 ..... 0011011" Shift64 => (a as u32 as u64) << (b & 63);
    }
}
