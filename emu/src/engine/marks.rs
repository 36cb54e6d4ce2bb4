//! Which code was executed once, by a bit for each half-word: where nothing is translated, slots are not there to say so. A host page of marks
//! is for as much code as sixteen of slots, that most code of a process never needs, and that each fork would copy.
//!
//! There are fewer bits than half-words. Two that share one are as if either had been executed already: then it is translated a little too early.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

use super::slot::CHUNK;

/// Bits for 4 MiB of code.
const WORDS: usize = 32 << 10;
/// Bytes of code that a word is for.
const SPAN: u64 = 128;
/// The words of a chunk.
const OF_CHUNK: usize = (CHUNK / SPAN) as usize;
/// So many programs leave their marks before they are wiped away.
const PROGRAMS: u64 = 32;

/// Not the engine's own: they are among other zeros, and take no mapping.
static MARKS: [AtomicU64; WORDS] = [const { AtomicU64::new(0) }; WORDS];

/// An engine's way to them.
pub(super) struct Marks {
    /// What is added to the number of a word. Engines, and programs one after the other, do not see one another's marks, or but few.
    shift: AtomicU64,
    programs: AtomicU64,
}

impl Marks {
    /// For an engine; `shift` tells it from others.
    pub fn new(shift: u64) -> Marks {
        Marks { shift: AtomicU64::new(shift), programs: AtomicU64::new(0) }
    }

    fn word(&self, number: u64) -> &'static AtomicU64 {
        &MARKS[(number.wrapping_add(self.shift.load(Relaxed)) % WORDS as u64) as usize]
    }

    /// Whether code at `pc` was executed.
    pub fn is_set(&self, pc: u64) -> bool {
        self.word(pc / SPAN).load(Relaxed) & bit(pc) != 0
    }

    /// Code at `pc` is executed; says whether it is the first time.
    pub fn set(&self, pc: u64) -> bool {
        self.word(pc / SPAN).fetch_or(bit(pc), Relaxed) & bit(pc) == 0
    }

    /// The addresses in a chunk that have marks.
    pub fn of_chunk(&self, chunk: u64) -> impl Iterator<Item = u64> {
        let words: [u64; OF_CHUNK] =
            std::array::from_fn(|n| self.word(chunk / SPAN + n as u64).load(Relaxed));
        let bits = |word: u64| (0..u64::from(u64::BITS)).filter(move |bit| word >> bit & 1 != 0);
        (chunk..)
            .step_by(SPAN as usize)
            .zip(words)
            .flat_map(move |(start, word)| bits(word).map(move |bit| start + 2 * bit))
    }

    /// All that follows is another program's.
    pub fn another_program(&self) {
        /// Words from one program's to the next one's: an odd number of chunks.
        const APART: u64 = 4 * 211;
        self.shift.fetch_add(APART, Relaxed);
        if self.programs.fetch_add(1, Relaxed) % PROGRAMS == PROGRAMS - 1 {
            MARKS.iter().filter(|word| word.load(Relaxed) != 0).for_each(|word| word.store(0, Relaxed));
        }
    }
}

fn bit(pc: u64) -> u64 {
    1 << (pc / 2 % u64::from(u64::BITS))
}
