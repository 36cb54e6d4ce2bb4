//! Which code was executed once, and which twice, by a bit for each half-word. A host page of marks
//! is for as much code as sixteen of slots, that most code of a process never needs, and that each fork would copy.
//!
//! There are fewer bits than half-words. Two that share one are as if either had been executed already: then it is translated a little too early.
//! A child of fork keeps the addresses themselves at first, in a page, and how often it came there: most children execute little that is new to them,
//! and that once or twice, and what is translated takes pages that have to be copied.

use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64};

/// Bits for 4 MiB of code.
const WORDS: usize = 32 << 10;
/// Bytes of code that a word is for.
const SPAN: u64 = 128;
/// So many programs leave their marks before they are wiped away.
const PROGRAMS: u64 = 32;

/// For the same code, a word of those that were executed once and one of those executed twice: side by side, for few pages. Not the
/// engine's own: they are among other zeros, and take no mapping.
static MARKS: [[AtomicU64; 2]; WORDS] = [const { [const { AtomicU64::new(0) }; 2] }; WORDS];

/// An engine's way to them.
pub(super) struct Marks {
    /// What is added to the number of a word. Engines, and programs one after the other, do not see one another's marks, or but few.
    shift: AtomicU64,
    programs: AtomicU64,
    few: Few,
}

/// Whether they are a child's own, and how many those are.
#[derive(Default)]
struct Few {
    are_used: AtomicBool,
    count: AtomicU32,
}

/// Room for a child's own marks: the addresses themselves, each at the first free place from its own on. They fill a page.
static FEW: Page = Page([const { AtomicU64::new(0) }; 512]);

#[repr(align(4096))]
struct Page([AtomicU64; 512]);

/// So many are quickly found.
const MOST_OF_FEW: u32 = 384;

/// How code comes to be marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Visit {
    /// It is executed.
    Executed,
    /// A child has told that it was executed there.
    Told,
}

/// How often a child executes code before it is as if executed once by others, and where that is counted.
const OFTEN: u64 = 3;
const VISIT: u64 = 1 << 46;
const VISITS: u64 = OFTEN * VISIT;

impl Few {
    /// Where `key` is, or a free place for it.
    fn find(key: u64) -> Result<&'static AtomicU64, &'static AtomicU64> {
        let first = (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 55) as usize;
        let places = (first..first + FEW.0.len()).map(|n| &FEW.0[n % FEW.0.len()]);
        for place in places {
            match place.load(Relaxed) {
                0 => return Err(place),
                other if other & !VISITS == key => return Ok(place),
                _ => {}
            }
        }
        // None is free: there have never been so many.
        Ok(&FEW.0[0])
    }

    fn is_set(key: u64) -> bool {
        Few::find(key).is_ok_and(|place| place.load(Relaxed) & VISITS == VISITS)
    }

    /// Notes a visit; says whether those before were too few.
    fn set(&self, key: u64, visit: Visit) -> bool {
        let (place, before) = match Few::find(key) {
            Ok(place) => (place, place.load(Relaxed) & VISITS),
            Err(place) => (place, 0),
        };
        let (after, enough) = match visit {
            Visit::Executed => (before + VISIT, VISITS),
            Visit::Told => (VISITS, VISIT),
        };
        if before == VISITS {
            return false;
        }
        // If two harts are here at once, one mark may be lost.
        place.store(key | after, Relaxed);
        if before == 0 && self.count.fetch_add(1, Relaxed) >= MOST_OF_FEW {
            self.are_used.store(false, Relaxed);
        }
        before < enough
    }

    /// In a child of fork.
    fn begin(&self) {
        if self.are_used.swap(true, Relaxed) {
            return;
        }
        self.clear();
    }

    fn clear(&self) {
        if self.count.swap(0, Relaxed) != 0 {
            FEW.0.iter().for_each(|place| place.store(0, Relaxed));
        }
    }
}

impl Drop for Few {
    fn drop(&mut self) {
        self.clear();
    }
}

impl Marks {
    /// For an engine; `shift` tells it from others.
    pub fn new(shift: u64) -> Marks {
        Marks { shift: AtomicU64::new(shift), programs: AtomicU64::new(0), few: Few::default() }
    }

    /// The words for the code around `pc`: executed once, executed twice.
    fn words(&self, pc: u64) -> &'static [AtomicU64; 2] {
        let number = (pc / SPAN).wrapping_add(self.shift.load(Relaxed));
        &MARKS[(number % WORDS as u64) as usize]
    }

    /// Whether code at `pc` was executed often enough to be translated when it is executed again.
    pub fn is_set(&self, pc: u64) -> bool {
        if self.few.are_used.load(Relaxed) {
            return Few::is_set(self.key(pc));
        }
        let [_, twice] = self.words(pc);
        twice.load(Relaxed) & bit(pc) != 0
    }

    /// Code at `pc` is executed; says whether it was seldom enough before.
    pub fn set(&self, pc: u64, visit: Visit) -> bool {
        if self.few.are_used.load(Relaxed) {
            return self.few.set(self.key(pc), visit);
        }
        let set = |word: &AtomicU64| word.fetch_or(bit(pc), Relaxed) & bit(pc) == 0;
        let [once, twice] = self.words(pc);
        let is_first = set(once);
        match visit {
            Visit::Executed => is_first || set(twice),
            Visit::Told => {
                set(twice);
                is_first
            }
        }
    }

    /// In a child of fork: what its parent has executed is all the same to it, unless that was a child and has kept to the few.
    pub fn is_child(&self) {
        self.few.begin();
    }

    /// An address as it is among the few, which all engines share.
    fn key(&self, pc: u64) -> u64 {
        (self.shift.load(Relaxed) << 48) | (pc / 2 + 1)
    }

    /// All that follows is a program's that begins: the same again, or another.
    pub fn begin_program(&self, is_same: bool) {
        self.few.are_used.store(false, Relaxed);
        if is_same {
            return;
        }
        /// Words from one program's to the next one's: an odd number of chunks.
        const APART: u64 = 4 * 211;
        self.shift.fetch_add(APART, Relaxed);
        if self.programs.fetch_add(1, Relaxed) % PROGRAMS == PROGRAMS - 1 {
            let words = MARKS.iter().flatten();
            words.filter(|word| word.load(Relaxed) != 0).for_each(|word| word.store(0, Relaxed));
        }
    }
}

fn bit(pc: u64) -> u64 {
    1 << (pc / 2 % u64::from(u64::BITS))
}
