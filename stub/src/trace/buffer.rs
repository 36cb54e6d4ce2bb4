//! What has been collected, at the server, which outlives the process.

use std::collections::VecDeque;

use super::block::{self, Block};

/// What a buffer holds if gdb does not say, as gdbserver has it.
pub const SIZE: u64 = 5 << 20;
/// The most that it may be asked to hold.
pub const LARGEST: u64 = 1 << 30;

/// The frames.
#[derive(Debug)]
pub struct Buffer {
    /// How many bytes it may hold.
    pub size: u64,
    /// What is oldest goes if there is no room.
    pub circular: bool,
    frames: VecDeque<Vec<u8>>,
    /// The beginning of a frame whose end has not come yet.
    partial: Vec<u8>,
    used: u64,
    /// How many there have been.
    created: u64,
}

impl Default for Buffer {
    fn default() -> Buffer {
        Buffer {
            size: SIZE,
            circular: false,
            frames: VecDeque::new(),
            partial: Vec::new(),
            used: 0,
            created: 0,
        }
    }
}

/// How gdb looks for a frame, from one on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Search {
    /// Its number.
    Number(u64),
    /// One of this tracepoint's.
    Tracepoint(u32),
    /// One from inside of these addresses, both included.
    Inside(u64, u64),
    /// One from outside.
    Outside(u64, u64),
}

impl Buffer {
    /// Nothing is in it.
    pub fn clear(&mut self) {
        let Buffer { size, circular, .. } = *self;
        *self = Buffer { size, circular, ..Buffer::default() };
    }

    /// Takes the next piece of the sequence of frames.
    pub fn extend(&mut self, bytes: &[u8]) {
        self.partial.extend_from_slice(bytes);
        let mut rest = self.partial.as_slice();
        while let Some(len) = block::length(rest).filter(|len| *len <= rest.len()) {
            let (frame, after) = rest.split_at(len);
            self.frames.push_back(frame.to_vec());
            self.used += len as u64;
            self.created += 1;
            rest = after;
        }
        self.partial = rest.to_vec();
        while self.circular && self.used > self.size {
            let Some(oldest) = self.frames.pop_front() else { break };
            self.used -= oldest.len() as u64;
        }
    }

    /// How many frames there are, and how many there have been.
    pub fn counts(&self) -> (u64, u64) {
        (self.frames.len() as u64, self.created)
    }

    /// How many bytes are free.
    pub fn free(&self) -> u64 {
        self.size.saturating_sub(self.used)
    }

    /// The first frame from `from` on that is looked for, and whose it is. `addr` gives tracepoints' addresses.
    pub fn find(&self, from: u64, search: Search, addr: impl Fn(u32) -> Vec<u64>) -> Option<(u64, u32)> {
        let is_inside =
            |number: u32, start: u64, end: u64| addr(number).iter().any(|addr| (start..=end).contains(addr));
        let mut frames = (0..).zip(self.frames.iter().map(|frame| block::tracepoint(frame)));
        frames.find(|(index, number)| match search {
            Search::Number(wanted) => *index == wanted,
            _ if *index < from => false,
            Search::Tracepoint(wanted) => *number == wanted,
            Search::Inside(start, end) => is_inside(*number, start, end),
            Search::Outside(start, end) => !is_inside(*number, start, end),
        })
    }

    /// Whose frame it is.
    pub fn tracepoint(&self, frame: u64) -> Option<u32> {
        self.frames.get(usize::try_from(frame).ok()?).map(|frame| block::tracepoint(frame))
    }

    fn blocks(&self, frame: u64, registers: usize) -> impl Iterator<Item = Block<'_>> {
        let frame = usize::try_from(frame).ok().and_then(|frame| self.frames.get(frame));
        frame.into_iter().flat_map(move |frame| block::blocks(frame, registers))
    }

    /// The registers of a frame, of which there are so many bytes; `None`: it has none.
    pub fn registers(&self, frame: u64, len: usize) -> Option<&[u8]> {
        self.blocks(frame, len).find_map(|block| match block {
            Block::Registers(values) => Some(values),
            _ => None,
        })
    }

    /// Memory of a frame from an address on, as much as is in one piece.
    pub fn memory(&self, frame: u64, registers: usize, addr: u64, len: usize) -> Option<&[u8]> {
        self.blocks(frame, registers).find_map(|block| match block {
            Block::Memory(start, bytes) => {
                let at = usize::try_from(addr.checked_sub(start)?).ok()?;
                let there = bytes.get(at..).filter(|there| !there.is_empty())?;
                Some(&there[..len.min(there.len())])
            }
            _ => None,
        })
    }

    /// The ranges of memory in a frame: where, and how long.
    pub fn ranges(&self, frame: u64, registers: usize) -> Vec<(u64, usize)> {
        let range = |block| match block {
            Block::Memory(start, bytes) => Some((start, bytes.len())),
            _ => None,
        };
        self.blocks(frame, registers).filter_map(range).collect()
    }

    /// The variables in a frame, with their values. One that was collected twice has its last.
    pub fn variables(&self, frame: u64, registers: usize) -> Vec<(u32, u64)> {
        let mut variables = Vec::new();
        for block in self.blocks(frame, registers) {
            if let Block::Variable(number, value) = block {
                variables.retain(|(other, _)| *other != number);
                variables.push((number, value));
            }
        }
        variables
    }

    /// All frames one behind the other, from `offset` on.
    pub fn piece(&self, offset: u64, len: usize) -> Vec<u8> {
        let (mut skip, mut piece) = (offset, Vec::new());
        for frame in &self.frames {
            let len_left = len - piece.len();
            if skip >= frame.len() as u64 {
                skip -= frame.len() as u64;
            } else {
                let rest = &frame[skip as usize..];
                piece.extend_from_slice(&rest[..rest.len().min(len_left)]);
                skip = 0;
            }
            if piece.len() == len {
                break;
            }
        }
        piece
    }
}

#[cfg(test)]
mod tests {
    use super::super::block::Writer;
    use super::*;

    fn frame(number: u32, addr: u64) -> Vec<u8> {
        let mut writer = Writer::new(number);
        writer.memory(addr, b"memory");
        writer.variable(1, addr);
        writer.variable(1, addr + 1);
        writer.finish()
    }

    #[test]
    fn frames_come_in_any_pieces() {
        let bytes: Vec<u8> = (1..=3).flat_map(|number| frame(number, u64::from(number) << 12)).collect();
        for size in 1..bytes.len() {
            let mut buffer = Buffer::default();
            bytes.chunks(size).for_each(|piece| buffer.extend(piece));
            assert_eq!(buffer.counts(), (3, 3));
            assert_eq!(buffer.free(), SIZE - bytes.len() as u64);
            let pieces: Vec<u8> =
                (0..bytes.len()).step_by(size).flat_map(|at| buffer.piece(at as u64, size)).collect();
            assert_eq!(pieces, bytes);
        }
    }

    #[test]
    fn the_oldest_goes_from_a_circular_one() {
        let size = frame(1, 0).len() as u64 * 2 + 1;
        let mut buffer = Buffer { size, circular: true, ..Buffer::default() };
        (1..=5).for_each(|number| buffer.extend(&frame(number, 0)));
        assert_eq!((buffer.counts(), buffer.free()), ((2, 5), 1));
        assert_eq!(buffer.tracepoint(0), Some(4));
    }

    #[test]
    fn what_is_looked_for_is_found() {
        let mut buffer = Buffer::default();
        [(1, 0x1000), (2, 0x2000), (1, 0x3000)].iter().for_each(|(n, addr)| buffer.extend(&frame(*n, *addr)));
        let find = |from, search| buffer.find(from, search, |number| vec![u64::from(number) << 4]);
        assert_eq!(find(9, Search::Number(1)), Some((1, 2)));
        assert_eq!(find(0, Search::Number(3)), None);
        assert_eq!(find(1, Search::Tracepoint(1)), Some((2, 1)));
        assert_eq!(find(0, Search::Inside(0x20, 0x20)), Some((1, 2)));
        assert_eq!(find(2, Search::Inside(0x20, 0x2f)), None);
        assert_eq!(find(1, Search::Outside(0x20, 0x2f)), Some((2, 1)));
        assert_eq!(buffer.memory(1, 0, 0x2002, 100), Some(b"mory".as_slice()));
        assert_eq!(buffer.memory(1, 0, 0x2002, 2), Some(b"mo".as_slice()));
        assert_eq!(buffer.memory(1, 0, 0x2006, 1), None);
        assert_eq!(buffer.registers(1, 8), None);
        assert_eq!(buffer.ranges(2, 0), [(0x3000, 6)]);
        assert_eq!(buffer.variables(2, 0), [(1, 0x3001)]);
    }
}
