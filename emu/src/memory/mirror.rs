//! The map of regions in a form that another process can read: an array of words that mean the same everywhere.
//!
//! The map's lock makes one writer of us; a reader, who has no lock, looks at the sequence number before and after.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use super::Prot;
use super::region::{Backing, Region};
use crate::addr::GuestAddr;

/// The mirror: words in memory that is read from outside.
#[derive(Clone, Copy, Debug)]
pub struct Mirror {
    /// Odd while the rest changes.
    pub sequence: &'static AtomicU64,
    /// How many entries are in use.
    pub count: &'static AtomicU64,
    /// The regions, by address: see [`Area`]. Those that do not fit are not shown.
    pub entries: &'static [[AtomicU64; 3]],
}

/// A region as the mirror has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    /// First address.
    pub start: GuestAddr,
    /// The address behind the last one.
    pub end: u64,
    /// What the guest may do.
    pub prot: Prot,
    /// `MAP_SHARED`.
    pub shared: bool,
    /// The name, if it is not a file's.
    pub name: Option<&'static str>,
    /// Whether the bytes come from a file, or from shared memory.
    pub file: bool,
}

/// The names that regions have which are no file's; an entry holds the place.
const NAMES: [&str; 3] = ["[heap]", "[stack]", "[vdso]"];

impl Area {
    /// From an entry's words: first address, end, and bits: the protection, 8 for shared, 16 for a file, from bit 8 on the name.
    pub fn from_words([start, end, bits]: [u64; 3]) -> Area {
        Area {
            start: GuestAddr(start),
            end,
            prot: Prot::from_bits(bits),
            shared: bits & 8 != 0,
            file: bits & 16 != 0,
            name: (bits >> 8).checked_sub(1).and_then(|place| NAMES.get(place as usize).copied()),
        }
    }

    fn words(region: &Region) -> [u64; 3] {
        let (file, name) = match &region.backing {
            Backing::Anonymous(name) => (false, *name),
            Backing::File { .. } => (true, None),
        };
        let name = name.and_then(|name| NAMES.iter().position(|&known| known == name));
        let bits = u64::from(region.prot.0)
            | u64::from(region.shared) << 3
            | u64::from(file) << 4
            | name.map_or(0, |place| (place as u64 + 1) << 8);
        [region.start.0, region.end(), bits]
    }
}

impl Mirror {
    /// Puts `regions` in the place of the entries that begin in `low..high`.
    pub(super) fn splice<'a>(self, low: u64, high: u64, regions: impl Iterator<Item = &'a Region>) {
        let fresh: Vec<[u64; 3]> = regions.map(Area::words).collect();
        let count = self.count.load(Relaxed) as usize;
        let (from, to) = (self.place_of(low, count), self.place_of(high, count));
        let after = (from + fresh.len() + (count - to)).min(self.entries.len());
        self.sequence.fetch_add(1, Acquire);
        let moved = from + fresh.len();
        if moved < to {
            (moved..after).zip(to..count).for_each(|(place, old)| self.copy(old, place));
        } else if moved > to {
            (moved..after).rev().for_each(|place| self.copy(to + (place - moved), place));
        }
        for (entry, words) in self.entries.iter().skip(from).zip(fresh) {
            entry.iter().zip(words).for_each(|(place, word)| place.store(word, Relaxed));
        }
        self.count.store(after as u64, Relaxed);
        self.sequence.fetch_add(1, Release);
    }

    /// How many entries begin below `addr`.
    fn place_of(self, addr: u64, count: usize) -> usize {
        self.entries[..count].partition_point(|entry| entry[0].load(Relaxed) < addr)
    }

    fn copy(self, from: usize, to: usize) {
        for (old, new) in self.entries[from].iter().zip(&self.entries[to]) {
            new.store(old.load(Relaxed), Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::region::{Marks, RegionMap};
    use super::*;

    fn empty(room: usize) -> Mirror {
        let word = || &*Box::leak(Box::new(AtomicU64::new(0)));
        let entries: Vec<_> = (0..room).map(|_| [const { AtomicU64::new(0) }; 3]).collect();
        Mirror { sequence: word(), count: word(), entries: entries.leak() }
    }

    fn shown(mirror: Mirror) -> Vec<[u64; 3]> {
        let entries = &mirror.entries[..mirror.count.load(Relaxed) as usize];
        entries.iter().map(|entry| entry.each_ref().map(|word| word.load(Relaxed))).collect()
    }

    fn region(start: u64, len: u64, prot: u8, name: Option<&'static str>) -> Region {
        Region {
            start: GuestAddr(start),
            len,
            prot: Prot(prot),
            shared: false,
            backing: Backing::Anonymous(name),
            marks: Marks::NONE,
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn the_mirror_shows_the_map(steps in prop::collection::vec((0_u8..3, 0_u64..40, 1_u64..12, 0_u8..8), 1..60)) {
            let mirror = empty(100);
            let mut map = RegionMap::default();
            map.insert(region(5, 3, 1, Some("[heap]")));
            map.show_in(mirror);
            for (kind, start, len, prot) in steps {
                match kind {
                    0 => map.insert(region(start, len, prot, (prot == 3).then_some("[stack]"))),
                    1 => map.remove(start, len),
                    _ => drop(map.update(start, len, |region| region.prot = Prot(prot))),
                }
                let wanted: Vec<[u64; 3]> = map.iter().map(Area::words).collect();
                prop_assert_eq!(shown(mirror), wanted);
                prop_assert_eq!(mirror.sequence.load(Relaxed) % 2, 0);
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_not_shown() {
        let mirror = empty(2);
        let mut map = RegionMap::default();
        map.show_in(mirror);
        [4, 2, 8, 6].into_iter().for_each(|start| map.insert(region(start, 1, 1, None)));
        assert_eq!(shown(mirror), [[2, 3, 1], [4, 5, 1]]);
        map.remove(2, 1);
        assert_eq!(shown(mirror)[0], [4, 5, 1]);
    }

    #[test]
    fn words_carry_everything() {
        let area = Area::from_words(Area::words(&region(0x1000, 0x2000, 5, Some("[vdso]"))));
        assert_eq!((area.start, area.end, area.prot), (GuestAddr(0x1000), 0x3000, Prot::READ_EXEC));
        assert_eq!((area.shared, area.file, area.name), (false, false, Some("[vdso]")));
        assert_eq!(Area::from_words(Area::words(&region(0, 1, 0, None))).name, None);
    }
}
