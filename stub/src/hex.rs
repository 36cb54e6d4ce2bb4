//! Hexadecimal, as the protocol writes it.

/// The two digits of a byte.
pub fn digits(byte: u8) -> [u8; 2] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]
}

/// The byte of two digits.
pub fn byte(digits: [u8; 2]) -> Option<u8> {
    let digit = |digit: u8| char::from(digit).to_digit(16);
    Some((digit(digits[0])? << 4 | digit(digits[1])?) as u8)
}

/// Bytes as digits.
pub fn encode(bytes: &[u8]) -> Vec<u8> {
    // Reckoned, not looked up: the compiler does many at once.
    let digit = |value: u8| value + if value < 10 { b'0' } else { b'a' - 10 };
    let mut text = vec![0; bytes.len() * 2];
    for (pair, byte) in text.as_chunks_mut::<2>().0.iter_mut().zip(bytes) {
        *pair = [digit(byte >> 4), digit(byte & 15)];
    }
    text
}

/// Digits as bytes; an even number of them and nothing else.
pub fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let (pairs, []) = text.as_chunks::<2>() else { return None };
    pairs.iter().map(|pair| byte(*pair)).collect()
}

/// A number, most significant digit first.
pub fn number(text: &[u8]) -> Option<u64> {
    if text.is_empty() || !text.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u64::from_str_radix(std::str::from_utf8(text).ok()?, 16).ok()
}

/// Text as digits that decode to it: what file names and commands are.
pub fn text(digits: &[u8]) -> Option<String> {
    String::from_utf8(decode(digits)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways() {
        assert_eq!(encode(&[0, 0xab, 0xff]), b"00abff");
        assert_eq!(decode(b"00aBff"), Some(vec![0, 0xab, 0xff]));
        assert_eq!(decode(b"00a"), None);
        assert_eq!(decode(b"0x"), None);
        assert_eq!(number(b"1f"), Some(31));
        assert_eq!(number(b"+1"), None);
        assert_eq!(number(b""), None);
        assert_eq!(number(b"10000000000000000"), None);
    }
}
