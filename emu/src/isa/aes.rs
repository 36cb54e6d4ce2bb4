//! AES's transformations (FIPS 197), on the halves of the state that the instructions have in registers. Byte `4 * c + r`
//! of the state is in column `c`, row `r`; the low half has columns 0 and 1.

/// ShiftRows and SubBytes; the low half of the result.
#[inline(never)]
pub(super) fn encrypt(low: u64, high: u64) -> u64 {
    let state = state(low, high);
    u64::from_le_bytes(std::array::from_fn(|n| SUBSTITUTE[state[(n + 4 * (n % 4)) % 16] as usize]))
}

/// InvShiftRows and InvSubBytes; the low half of the result.
#[inline(never)]
pub(super) fn decrypt(low: u64, high: u64) -> u64 {
    let state = state(low, high);
    u64::from_le_bytes(std::array::from_fn(|n| RESTORE[state[(n + 12 * (n % 4)) % 16] as usize]))
}

/// MixColumns, of two columns.
#[inline(never)]
pub(super) fn mix(half: u64) -> u64 {
    times(half, [2, 3, 1, 1])
}

/// InvMixColumns, of two columns.
#[inline(never)]
pub(super) fn unmix(half: u64) -> u64 {
    times(half, [14, 11, 13, 9])
}

/// The key schedule's step on the highest word of a round key, for round `round`; 10 stands for the one step of a 256-bit
/// key that neither rotates nor adds a constant. Both words of the result are the same.
#[inline(never)]
pub(super) fn schedule(key: u64, round: u64) -> u64 {
    const CONSTANTS: [u8; 10] = {
        let mut constants = [1; 10];
        let mut n = 1;
        while n < 10 {
            constants[n] = multiply(constants[n - 1], 2);
            n += 1;
        }
        constants
    };
    let word = (key >> 32) as u32;
    let constant = CONSTANTS.get(round as usize).copied();
    let rotated = if constant.is_some() { word.rotate_right(8) } else { word };
    let substituted = u32::from_le_bytes(rotated.to_le_bytes().map(|byte| SUBSTITUTE[byte as usize]));
    let word = u64::from(substituted ^ u32::from(constant.unwrap_or(0)));
    word << 32 | word
}

fn state(low: u64, high: u64) -> [u8; 16] {
    (u128::from(high) << 64 | u128::from(low)).to_le_bytes()
}

/// Each column multiplied by the circulant matrix that begins with `row`.
fn times(half: u64, row: [u8; 4]) -> u64 {
    let bytes = half.to_le_bytes();
    u64::from_le_bytes(std::array::from_fn(|n| {
        let column = &bytes[n / 4 * 4..][..4];
        (0..4).fold(0, |sum, m| sum ^ multiply(column[(n + m) % 4], row[m]))
    }))
}

/// The product in GF(2^8) modulo x^8 + x^4 + x^3 + x + 1.
const fn multiply(mut a: u8, mut b: u8) -> u8 {
    let mut product = 0;
    while b != 0 {
        if b & 1 != 0 {
            product ^= a;
        }
        a = a << 1 ^ if a & 0x80 != 0 { 0x1b } else { 0 };
        b >>= 1;
    }
    product
}

/// The S-box: the inverse in GF(2^8), then an affine map.
static SUBSTITUTE: [u8; 256] = substitutions();

/// The inverse S-box.
static RESTORE: [u8; 256] = {
    let (forward, mut back) = (substitutions(), [0; 256]);
    let mut n = 0;
    while n < 256 {
        back[forward[n] as usize] = n as u8;
        n += 1;
    }
    back
};

const fn substitutions() -> [u8; 256] {
    let mut boxed = [0x63; 256];
    // 3 generates all that is not zero, and 0xf6 is its inverse.
    let (mut power, mut inverse) = (1u8, 1u8);
    loop {
        let i = inverse;
        boxed[power as usize] =
            i ^ i.rotate_left(1) ^ i.rotate_left(2) ^ i.rotate_left(3) ^ i.rotate_left(4) ^ 0x63;
        power = multiply(power, 3);
        inverse = multiply(inverse, 0xf6);
        if power == 1 {
            return boxed;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 197, appendix A.1 and B: the example key, plain text and cipher text.
    const KEY: u128 = 0x2b7e_1516_28ae_d2a6_abf7_1588_09cf_4f3c;
    const PLAIN: u128 = 0x3243_f6a8_885a_308d_3131_98a2_e037_0734;
    const CIPHER: u128 = 0x3925_841d_02dc_09fb_dc11_8597_196a_0b32;

    fn halves(value: u128) -> [u64; 2] {
        let value = value.swap_bytes();
        [value as u64, (value >> 64) as u64]
    }

    fn keys() -> Vec<[u64; 2]> {
        let second = |a: u64, b: u64| crate::isa::value(crate::isa::zkne::AES64KS2, a, b);
        let mut keys = vec![halves(KEY)];
        for round in 0..10 {
            let [low, high] = keys[round];
            let low = second(schedule(high, round as u64), low);
            keys.push([low, second(low, high)]);
        }
        keys
    }

    #[test]
    fn the_last_round_key() {
        assert_eq!(keys()[10], halves(0xd014_f9a8_c9ee_2589_e13f_0cc8_b663_0ca6));
    }

    #[test]
    fn there_and_back() {
        let keys = keys();
        let add = |[a, b]: [u64; 2], [c, d]: [u64; 2]| [a ^ c, b ^ d];
        let mut state = add(halves(PLAIN), keys[0]);
        for key in &keys[1..10] {
            state = add([mix(encrypt(state[0], state[1])), mix(encrypt(state[1], state[0]))], *key);
        }
        let cipher = add([encrypt(state[0], state[1]), encrypt(state[1], state[0])], keys[10]);
        assert_eq!(cipher, halves(CIPHER));

        let mut state = add(cipher, keys[10]);
        for key in keys[1..10].iter().rev() {
            let round = [unmix(decrypt(state[0], state[1])), unmix(decrypt(state[1], state[0]))];
            state = add(round, key.map(unmix));
        }
        assert_eq!(add([decrypt(state[0], state[1]), decrypt(state[1], state[0])], keys[0]), halves(PLAIN));
    }

    #[test]
    fn the_step_without_a_round() {
        // FIPS 197, appendix A.3: word 12 of the 256-bit example.
        assert_eq!(
            schedule(0xa8b0_9c1a_0000_0000u64.swap_bytes() << 32, 10) as u32,
            0xc2e7_dea2u32.swap_bytes()
        );
    }
}
