//! What gdb says of a tracepoint, in several packets (gdb manual, "Tracepoint Packets").
//!
//! ```text
//! QTDP:2:401621:E:0:3:X13,26000622100222d81608021a16402201130e27-     number, address, enabled, steps, passes, condition
//! QTDP:-2:401621:R0fffffffffffffffM-1,4a40d0,10X8,2c00022e00022927-   and what it collects: registers, memory, an expression
//! QTDP:-2:401621:SR0fffffffffffffff                                   after each step
//! ```

use crate::hex;

use super::{Action, Count, Place, Tracepoint};

/// A tracepoint as gdb has defined it, and what it has said of it for the sake of the next gdb.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// What the process is to know.
    pub point: Tracepoint,
    /// The texts of its actions: whether it is one for steps, and the text.
    words: Vec<(bool, String)>,
    /// What `QTDPsrc` has said: kind, where in the text this piece begins, the text's length, and the piece in hexadecimal.
    pub sources: Vec<String>,
    /// From here on actions are for steps.
    steps: bool,
    /// What became of it.
    pub count: Count,
}

impl Definition {
    /// Reads the first packet about a tracepoint, from the number on; also whether there are more to come.
    pub fn parse(text: &[u8]) -> Option<(Definition, bool)> {
        let (text, more) = text.strip_suffix(b"-").map_or((text, false), |text| (text, true));
        let mut parts = text.split(|byte| *byte == b':');
        let place = Place { number: small(parts.next()?)?, addr: hex::number(parts.next()?)? };
        let enabled = match parts.next()? {
            b"E" => true,
            b"D" => false,
            _ => return None,
        };
        let steps = hex::number(parts.next()?)?;
        let passes = hex::number(parts.next()?)?;
        let mut condition = None;
        for part in parts {
            match part {
                [b'X', rest @ ..] => {
                    let (bytes, []) = bytecode(rest)? else { return None };
                    condition = Some(bytes);
                }
                // Fast and static ones are not announced.
                _ => return None,
            }
        }
        let (actions, step_actions) = (Vec::new(), Vec::new());
        let point = Tracepoint { place, enabled, steps, passes, condition, actions, step_actions };
        let definition = Definition {
            point,
            words: Vec::new(),
            sources: Vec::new(),
            steps: false,
            count: Count::default(),
        };
        Some((definition, more))
    }

    /// Reads the actions of another packet; whether there are more to come.
    pub fn extend(&mut self, text: &[u8]) -> Option<bool> {
        let (mut rest, more) = text.strip_suffix(b"-").map_or((text, false), |text| (text, true));
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix(b"S") {
                self.steps = true;
                rest = after;
                continue;
            }
            let (action, after) = action(rest)?;
            let word = String::from_utf8_lossy(&rest[..rest.len() - after.len()]).into_owned();
            self.words.push((self.steps, word));
            let list = if self.steps { &mut self.point.step_actions } else { &mut self.point.actions };
            list.push(action);
            rest = after;
        }
        Some(more)
    }

    /// The answers to `qTfP` and `qTsP` that tell of it.
    pub fn tell(&self) -> Vec<String> {
        let Tracepoint { place: Place { number, addr }, enabled, steps, passes, condition, .. } = &self.point;
        let condition = condition
            .as_ref()
            .map(|bytes| format!(":X{:x},{}", bytes.len(), String::from_utf8_lossy(&hex::encode(bytes))));
        let mut told = vec![format!(
            "T{number:x}:{addr:x}:{}:{steps:x}:{passes:x}{}",
            if *enabled { 'E' } else { 'D' },
            condition.unwrap_or_default()
        )];
        let actions = self
            .words
            .iter()
            .map(|(is_step, word)| format!("{}{number:x}:{addr:x}:{word}", if *is_step { 'S' } else { 'A' }));
        told.extend(actions);
        told.extend(self.sources.iter().map(|source| format!("Z{number:x}:{addr:x}:{source}")));
        told
    }
}

/// Reads `NUMBER:ADDRESS`, and what follows after a colon.
pub fn place(text: &[u8]) -> Option<(Place, &[u8])> {
    let mut parts = text.splitn(3, |byte| *byte == b':');
    let place = Place { number: small(parts.next()?)?, addr: hex::number(parts.next()?)? };
    Some((place, parts.next().unwrap_or_default()))
}

fn small(text: &[u8]) -> Option<u32> {
    u32::try_from(hex::number(text)?).ok()
}

/// An action from the front of the text, and the rest.
fn action(text: &[u8]) -> Option<(Action, &[u8])> {
    let digits = |text: &[u8]| text.iter().position(|byte| !byte.is_ascii_hexdigit()).unwrap_or(text.len());
    match text {
        // Which registers does not matter: all are collected, as gdbserver does it.
        [b'R', rest @ ..] => Some((Action::Registers, &rest[digits(rest)..])),
        [b'M', rest @ ..] => {
            let comma = rest.iter().position(|byte| *byte == b',')?;
            let base = match &rest[..comma] {
                b"-1" | b"FFFFFFFF" | b"ffffffff" => None,
                number => Some(u16::try_from(hex::number(number)?).ok()?),
            };
            let rest = &rest[comma + 1..];
            let (offset, rest) = rest.split_at(digits(rest));
            let rest = rest.strip_prefix(b",")?;
            let (len, rest) = rest.split_at(digits(rest));
            let (offset, len) = (hex::number(offset)?, hex::number(len)?);
            Some((Action::Memory { base, offset, len }, rest))
        }
        [b'X', rest @ ..] => {
            let (bytes, rest) = bytecode(rest)?;
            Some((Action::Expression(bytes), rest))
        }
        _ => None,
    }
}

/// A length, a comma, so many bytes in hexadecimal, and the rest.
fn bytecode(text: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let comma = text.iter().position(|byte| *byte == b',')?;
    let len = usize::try_from(hex::number(&text[..comma])?).ok()?.checked_mul(2)?;
    let rest = &text[comma + 1..];
    Some((hex::decode(rest.get(..len)?)?, &rest[len..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn samples() {
        let (mut work, more) =
            Definition::parse(b"2:0000000000401621:E:0:3:X13,26000622100222d81608021a16402201130e27-")
                .unwrap();
        assert!(more);
        assert_eq!(work.extend(b"R0fffffffffff-"), Some(true));
        assert_eq!(work.extend(b"M-1,4a40d0,10M2,fffffffffffffff8,8X00000008,2c00022e00022927-"), Some(true));
        work.sources.push("at:0:4:776f726b".to_owned());
        assert_eq!(work.extend(b"SR0fffM-1,1,2"), Some(false));
        let place = Place { number: 2, addr: 0x401621 };
        let memory = |base, offset, len| Action::Memory { base, offset, len };
        assert_eq!(work.point.place, place);
        assert_eq!(
            work.point.actions,
            [
                Action::Registers,
                memory(None, 0x4a40d0, 16),
                memory(Some(2), -8_i64 as u64, 8),
                Action::Expression(vec![0x2c, 0, 2, 0x2e, 0, 2, 0x29, 0x27]),
            ]
        );
        assert_eq!(work.point.step_actions, [Action::Registers, memory(None, 1, 2)]);
        assert_eq!(
            work.tell(),
            [
                "T2:401621:E:0:3:X13,26000622100222d81608021a16402201130e27",
                "A2:401621:R0fffffffffff",
                "A2:401621:M-1,4a40d0,10",
                "A2:401621:M2,fffffffffffffff8,8",
                "A2:401621:X00000008,2c00022e00022927",
                "S2:401621:R0fff",
                "S2:401621:M-1,1,2",
                "Z2:401621:at:0:4:776f726b",
            ]
        );
        for wrong in
            ["", "2", "2:1", "2:1:F:0:0", "2:1:E:0", "2:1:E:0:0:F5", "2:1:E:0:0:X2,22", "2:1:E:0:0:S"]
        {
            assert_eq!(Definition::parse(wrong.as_bytes()), None, "{wrong}");
        }
        for wrong in ["Y", "M", "M1", "M1,2", "M1,2,", "X1", "X1,2", "L"] {
            assert_eq!(work.extend(wrong.as_bytes()), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in "[-:,RMXSED0-9a-f]{0,40}", more in "[-,RMXS0-9a-f]{0,40}") {
            if let Some((mut definition, _)) = Definition::parse(text.as_bytes()) {
                definition.extend(more.as_bytes());
                definition.tell();
            }
        }
    }
}
