//! Code that may be written: what it was when it was translated.
//!
//! `fence.i` says that some code has changed, but not which. So for each chunk of code that the guest may write, the bytes that
//! were decoded are kept, and a fence compares them with the memory: a compiler at run time executes it often, and seldom
//! changes what it has made before.

use super::slot::CHUNK;

/// The code of one chunk as it was decoded.
pub(super) struct Snapshot {
    bytes: [u8; CHUNK as usize],
    /// A bit for each half-word that an instruction was decoded from.
    known: [u64; HALVES / 64],
}

const HALVES: usize = CHUNK as usize / 2;

impl Snapshot {
    /// Of nothing yet.
    pub fn new() -> Snapshot {
        Snapshot { bytes: [0; CHUNK as usize], known: [0; HALVES / 64] }
    }

    /// Takes a half-word that is decoded; true if it was another when it was decoded before.
    pub fn learn(&mut self, offset: u64, half: [u8; 2]) -> bool {
        let at = offset as usize;
        let (word, bit) = (at / 128, 1 << (at / 2 % 64));
        let changed = self.known[word] & bit != 0 && self.bytes[at..at + 2] != half;
        self.known[word] |= bit;
        self.bytes[at..at + 2].copy_from_slice(&half);
        changed
    }

    /// Takes what is in memory now; calls `changed` with the offset of each half-word that was decoded as another.
    pub fn update(&mut self, now: &[u8; CHUNK as usize], mut changed: impl FnMut(u64)) {
        if self.bytes == *now {
            return;
        }
        for at in (0..CHUNK as usize).step_by(2) {
            if self.known[at / 128] & 1 << (at / 2 % 64) != 0 && self.bytes[at..at + 2] != now[at..at + 2] {
                changed(at as u64);
            }
        }
        // Half-words that nobody has decoded too, so that the next comparison is a short one.
        self.bytes = *now;
    }
}
