//! Zbc, carry-less multiplication (unprivileged manual, chapter "B"), of which Zbkc is a part.

instructions! {
    extension "Zbc", after super::zbs::END;

    value (a, b) {
        /// Low 64 bits of the carry-less product.
        CLMUL "clmul" "0000101 ..... ..... 001 ..... 0110011" R or "Zbkc" => product(a, b);
        /// High 64 bits of the carry-less product.
        CLMULH "clmulh" "0000101 ..... ..... 011 ..... 0110011" R or "Zbkc" => reversed_product(a, b) >> 1;
        /// Bits 126 to 63 of the carry-less product.
        CLMULR "clmulr" "0000101 ..... ..... 010 ..... 0110011" R => reversed_product(a, b);
    }
}

/// The low half of the product. Each factor is taken apart into four with three zeros after each bit: where the ordinary
/// products of those add several bits in one place, the carries stay in the zeros, or beyond the top.
#[inline(never)]
fn product(a: u64, b: u64) -> u64 {
    const EVERY_FOURTH: u64 = 0x1111_1111_1111_1111;
    let mut sum = 0;
    for place in 0..4 {
        let mut part = 0;
        for n in 0..4 {
            let (a, b) = (a & EVERY_FOURTH << n, b & EVERY_FOURTH << ((place + 4 - n) % 4));
            part ^= a.wrapping_mul(b);
        }
        sum |= part & EVERY_FOURTH << place;
    }
    sum
}

/// Bits 126 to 63 of the product: the product of polynomials reads the same from either end.
#[inline(always)]
fn reversed_product(a: u64, b: u64) -> u64 {
    product(a.reverse_bits(), b.reverse_bits()).reverse_bits()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// By the book, over 128 bits.
    fn long(a: u64, b: u64) -> u128 {
        (0..64).filter(|bit| b >> bit & 1 != 0).fold(0, |sum, bit| sum ^ (a as u128) << bit)
    }

    fn check(a: u64, b: u64) {
        let expected = long(a, b);
        assert_eq!(value(CLMUL, a, b), expected as u64, "{a:#x} {b:#x}");
        assert_eq!(value(CLMULH, a, b), (expected >> 64) as u64, "{a:#x} {b:#x}");
        assert_eq!(value(CLMULR, a, b), (expected >> 63) as u64, "{a:#x} {b:#x}");
    }

    #[test]
    fn all_ones() {
        for shift in 0..64 {
            check(u64::MAX, u64::MAX >> shift);
            check(u64::MAX << shift, u64::MAX);
        }
    }

    proptest! {
        #[test]
        fn by_long_multiplication(a: u64, b: u64, shift in 0..64u32) {
            check(a, b);
            check(a >> shift, b << shift);
        }
    }
}
