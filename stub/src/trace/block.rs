//! Frames as gdb's trace files have them (gdb manual, "Trace File Format"): a tracepoint's number (2 bytes), the length of what follows (4), and
//! blocks: `R` and all registers; `M`, an address (8), a length (2) and memory; `V`, a variable's number (4) and value (8). Numbers are little-endian.

/// Length of what is before the blocks.
pub const HEAD: usize = 6;

/// A frame that is being made.
#[derive(Debug)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    pub fn new(tracepoint: u32) -> Writer {
        let mut bytes = vec![0; HEAD];
        bytes[..2].copy_from_slice(&(tracepoint as u16).to_le_bytes());
        Writer { bytes }
    }

    pub fn registers(&mut self, values: &[u8]) {
        self.bytes.push(b'R');
        self.bytes.extend_from_slice(values);
    }

    pub fn memory(&mut self, addr: u64, bytes: &[u8]) {
        let mut at = addr;
        for piece in bytes.chunks(u16::MAX.into()) {
            self.bytes.push(b'M');
            self.bytes.extend(at.to_le_bytes());
            self.bytes.extend((piece.len() as u16).to_le_bytes());
            self.bytes.extend_from_slice(piece);
            at = at.wrapping_add(piece.len() as u64);
        }
    }

    pub fn variable(&mut self, number: u32, value: u64) {
        self.bytes.push(b'V');
        self.bytes.extend(number.to_le_bytes());
        self.bytes.extend(value.to_le_bytes());
    }

    /// How long it is so far.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    pub fn finish(mut self) -> Vec<u8> {
        let len = (self.bytes.len() - HEAD) as u32;
        self.bytes[2..HEAD].copy_from_slice(&len.to_le_bytes());
        self.bytes
    }
}

/// A block of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Block<'a> {
    Registers(&'a [u8]),
    Memory(u64, &'a [u8]),
    Variable(u32, u64),
}

/// How long the frame is that these bytes begin with; `None`: that is not there yet.
pub fn length(bytes: &[u8]) -> Option<usize> {
    Some(HEAD + number(bytes.get(2..HEAD)?) as usize)
}

/// Whose frame it is.
pub fn tracepoint(frame: &[u8]) -> u32 {
    number(frame.get(..2).unwrap_or_default()) as u32
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// The blocks of a frame. `registers`: how long a block of registers is.
pub fn blocks(frame: &[u8], registers: usize) -> impl Iterator<Item = Block<'_>> {
    let mut rest = frame.get(HEAD..).unwrap_or_default();
    std::iter::from_fn(move || {
        let (kind, after) = rest.split_first()?;
        let (block, len) = match kind {
            b'R' => (Block::Registers(after.get(..registers)?), registers),
            b'M' => {
                let len = number(after.get(8..10)?) as usize;
                (Block::Memory(number(&after[..8]), after.get(10..10 + len)?), 10 + len)
            }
            b'V' => (Block::Variable(number(after.get(..4)?) as u32, number(after.get(4..12)?)), 12),
            _ => return None,
        };
        rest = &after[len..];
        Some(block)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut writer = Writer::new(7);
        writer.registers(&[1, 2, 3]);
        writer.memory(0x1000, b"abc");
        writer.variable(2, u64::MAX);
        let long = vec![9; 70_000];
        writer.memory(0x2000, &long);
        let frame = writer.finish();
        assert_eq!((length(&frame), tracepoint(&frame)), (Some(frame.len()), 7));
        let blocks: Vec<Block<'_>> = blocks(&frame, 3).collect();
        assert_eq!(
            blocks,
            [
                Block::Registers(&[1, 2, 3]),
                Block::Memory(0x1000, b"abc"),
                Block::Variable(2, u64::MAX),
                Block::Memory(0x2000, &long[..65535]),
                Block::Memory(0x2000 + 65535, &long[65535..]),
            ]
        );
        for cut in 0..frame.len() {
            assert!(super::blocks(&frame[..cut], 3).count() <= 5);
        }
    }
}
