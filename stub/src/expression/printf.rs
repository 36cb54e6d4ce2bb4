//! Formats as C's printf has them, of integers, characters and strings: what gdb lets a `dprintf` of the agent's be.

use super::Fault;

/// A format that has been read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Format {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Literal(Vec<u8>),
    Directive(Directive),
}

/// A `%` and what follows it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Directive {
    flags: Vec<u8>,
    width: usize,
    precision: Option<usize>,
    /// How many bits of the argument count.
    bits: u32,
    conversion: u8,
}

/// Wider fields are not made.
const WIDEST: usize = 4096;

impl Format {
    /// Reads a format, with C's escapes in it, up to its NUL.
    pub(super) fn parse(text: &[u8]) -> Option<Format> {
        let end = text.iter().position(|byte| *byte == 0).unwrap_or(text.len());
        let text = unescape(&text[..end])?;
        let mut pieces = Vec::new();
        let mut literal = Vec::new();
        let mut rest = text.as_slice();
        while let [first, after @ ..] = rest {
            match (first, after) {
                (b'%', [b'%', after @ ..]) => {
                    literal.push(b'%');
                    rest = after;
                }
                (b'%', _) => {
                    if !literal.is_empty() {
                        pieces.push(Piece::Literal(std::mem::take(&mut literal)));
                    }
                    let (directive, after) = directive(after)?;
                    pieces.push(Piece::Directive(directive));
                    rest = after;
                }
                (byte, after) => {
                    literal.push(*byte);
                    rest = after;
                }
            }
        }
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal));
        }
        Some(Format { pieces })
    }

    /// The text with these arguments; missing ones are 0. `string` reads what a pointer points to.
    pub(super) fn fill(
        &self,
        mut arguments: impl Iterator<Item = u64>,
        mut string: impl FnMut(u64) -> Result<Vec<u8>, Fault>,
    ) -> Result<Vec<u8>, Fault> {
        let mut out = Vec::new();
        for piece in &self.pieces {
            match piece {
                Piece::Literal(text) => out.extend_from_slice(text),
                Piece::Directive(directive) => {
                    let value = arguments.next().unwrap_or(0);
                    let text = match directive.conversion {
                        b's' if value == 0 => b"(null)".to_vec(),
                        b's' => string(value)?,
                        b'c' => vec![value as u8],
                        _ => Vec::new(),
                    };
                    directive.put(value, text, &mut out);
                }
            }
        }
        Ok(out)
    }
}

/// Reads what follows a `%`.
fn directive(text: &[u8]) -> Option<(Directive, &[u8])> {
    let split =
        |text: &'_ [u8], is: fn(&u8) -> bool| text.iter().position(|byte| !is(byte)).unwrap_or(text.len());
    let number = |digits: &[u8]| -> Option<usize> {
        let value = digits.iter().try_fold(0_usize, |value, digit| {
            value.checked_mul(10)?.checked_add(usize::from(digit - b'0'))
        })?;
        (value <= WIDEST).then_some(value)
    };
    let (flags, text) = text.split_at(split(text, |byte| b"-+ #0'".contains(byte)));
    let (width, mut text) = text.split_at(split(text, u8::is_ascii_digit));
    let mut precision = None;
    if let [b'.', rest @ ..] = text {
        let (digits, rest) = rest.split_at(split(rest, u8::is_ascii_digit));
        (precision, text) = (Some(number(digits)?), rest);
    }
    let (size, text) = text.split_at(split(text, |byte| b"hljztL".contains(byte)));
    let bits = match size {
        b"" => 32,
        b"h" => 16,
        b"hh" => 8,
        b"l" | b"ll" | b"j" | b"z" | b"t" => 64,
        _ => return None,
    };
    let (conversion, text) = text.split_first()?;
    if !b"diuxXocsp".contains(conversion) {
        return None;
    }
    let bits = if *conversion == b'p' { 64 } else { bits };
    Some((
        Directive { flags: flags.to_vec(), width: number(width)?, precision, bits, conversion: *conversion },
        text,
    ))
}

impl Directive {
    fn has(&self, flag: u8) -> bool {
        self.flags.contains(&flag)
    }

    /// Appends a field. `text` is the value of what is no number.
    fn put(&self, value: u64, text: Vec<u8>, out: &mut Vec<u8>) {
        let unused = 64 - self.bits;
        let unsigned = value << unused >> unused;
        let signed = (value << unused) as i64 >> unused;
        let (sign, mut body) = match self.conversion {
            b'd' | b'i' => {
                let sign = match signed {
                    ..0 => "-",
                    _ if self.has(b'+') => "+",
                    _ if self.has(b' ') => " ",
                    _ => "",
                };
                (sign, signed.unsigned_abs().to_string().into_bytes())
            }
            b'u' => ("", unsigned.to_string().into_bytes()),
            b'o' => (if self.has(b'#') { "0" } else { "" }, format!("{unsigned:o}").into_bytes()),
            b'x' if self.has(b'#') && unsigned != 0 => ("0x", format!("{unsigned:x}").into_bytes()),
            b'x' => ("", format!("{unsigned:x}").into_bytes()),
            b'X' if self.has(b'#') && unsigned != 0 => ("0X", format!("{unsigned:X}").into_bytes()),
            b'X' => ("", format!("{unsigned:X}").into_bytes()),
            b'p' => ("0x", format!("{unsigned:x}").into_bytes()),
            b's' => ("", text[..self.precision.unwrap_or(text.len()).min(text.len())].to_vec()),
            _ => ("", text),
        };
        let is_number = !matches!(self.conversion, b's' | b'c');
        if let (true, Some(precision)) = (is_number, self.precision) {
            body.splice(0..0, std::iter::repeat_n(b'0', precision.saturating_sub(body.len())));
        }
        let padding = self.width.saturating_sub(sign.len() + body.len());
        let zeros = is_number && self.has(b'0') && !self.has(b'-') && self.precision.is_none();
        let (before, between, after) = match (self.has(b'-'), zeros) {
            (true, _) => (0, 0, padding),
            (false, true) => (0, padding, 0),
            (false, false) => (padding, 0, 0),
        };
        out.extend(std::iter::repeat_n(b' ', before));
        out.extend_from_slice(sign.as_bytes());
        out.extend(std::iter::repeat_n(b'0', between));
        out.extend_from_slice(&body);
        out.extend(std::iter::repeat_n(b' ', after));
    }
}

/// Resolves C's escapes. `None`: there is one that C has not.
fn unescape(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, after @ ..] = rest {
        if *first != b'\\' {
            out.push(*first);
            rest = after;
            continue;
        }
        let (escape, after) = after.split_first()?;
        rest = after;
        out.push(match escape {
            b'a' => 7,
            b'b' => 8,
            b'e' => 27,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'v' => 11,
            b'\\' | b'"' | b'\'' | b'?' => *escape,
            b'0'..=b'7' => {
                let more = rest.iter().take(2).take_while(|digit| (b'0'..=b'7').contains(*digit)).count();
                let digits = &rest[..more];
                rest = &rest[more..];
                digits
                    .iter()
                    .fold(escape - b'0', |value, digit| value.wrapping_mul(8).wrapping_add(digit - b'0'))
            }
            _ => return None,
        });
    }
    Some(out)
}
