//! Zbkx, crossbar permutations (unprivileged manual, chapter "B").

instructions! {
    extension "Zbkx", after super::zbkb::END;

    value (a, b) {
        /// Look nibbles up in a vector of nibbles.
        XPERM4 "xperm4" "0010100 ..... ..... 010 ..... 0110011" R => permute(a, b, 4);
        /// Look bytes up in a vector of bytes; those beyond it are zero.
        XPERM8 "xperm8" "0010100 ..... ..... 100 ..... 0110011" R => permute(a, b, 8);
    }
}

/// Each element of `indices`, `width` bits wide, replaced by the element of `table` that it names.
#[inline(always)]
fn permute(table: u64, indices: u64, width: u32) -> u64 {
    let mask = (1 << width) - 1;
    let mut result = 0;
    for place in (0..64).step_by(width as usize) {
        let index = indices >> place & mask;
        let element = table.checked_shr(index as u32 * width).unwrap_or(0) & mask;
        result |= element << place;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lookups() {
        let table = 0xfedc_ba98_7654_3210;
        assert_eq!(value(XPERM4, table, 0x0123_4567_89ab_cdef), 0x0123_4567_89ab_cdef);
        assert_eq!(value(XPERM4, !table, 0x0123_4567_89ab_cdef), 0xfedc_ba98_7654_3210);
        assert_eq!(value(XPERM8, table, 0x0706_0504_0302_0100), table);
        assert_eq!(value(XPERM8, table, 0xff08_2000_8001_0207), 0x0000_0010_0032_54fe);
    }
}
