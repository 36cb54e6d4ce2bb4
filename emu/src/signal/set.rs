//! Sets of signals.

use std::fmt;

use bytemuck::{Pod, Zeroable};

/// A set of the signals 1–64, as the kernel lays it out on both sides: signal `n` is bit `n - 1`.
#[derive(Clone, Copy, Default, PartialEq, Eq, Pod, Zeroable)]
#[repr(transparent)]
pub struct SigSet(pub u64);

impl SigSet {
    /// No signal.
    pub const EMPTY: SigSet = SigSet(0);
    /// Every signal.
    pub const ALL: SigSet = SigSet(u64::MAX);

    /// The set of one signal; of none, if there is no such signal.
    pub const fn of(signal: i32) -> SigSet {
        if signal >= 1 && signal <= 64 { SigSet(1 << (signal - 1)) } else { SigSet(0) }
    }

    /// The set of these signals.
    pub const fn of_all(signals: &[i32]) -> SigSet {
        let mut set = 0;
        let mut i = 0;
        while i < signals.len() {
            set |= SigSet::of(signals[i]).0;
            i += 1;
        }
        SigSet(set)
    }

    /// The signals with lower numbers than `signal`, which exists.
    pub const fn below(signal: i32) -> SigSet {
        SigSet(SigSet::of(signal).0 - 1)
    }

    /// Whether `signal` is a member.
    pub const fn contains(self, signal: i32) -> bool {
        self.0 & SigSet::of(signal).0 != 0
    }

    /// Members of either.
    pub const fn union(self, other: SigSet) -> SigSet {
        SigSet(self.0 | other.0)
    }

    /// Members of both.
    pub const fn intersection(self, other: SigSet) -> SigSet {
        SigSet(self.0 & other.0)
    }

    /// Members of this one that are not in `other`.
    pub const fn without(self, other: SigSet) -> SigSet {
        SigSet(self.0 & !other.0)
    }

    /// Whether it has no member.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The members, lowest first.
    pub fn iter(self) -> impl Iterator<Item = i32> {
        (1..=64).filter(move |&signal| self.contains(signal))
    }
}

impl fmt::Debug for SigSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::SigSet;

    #[test]
    fn members() {
        let set = SigSet::of_all(&[1, 9, 64]);
        assert_eq!(set.0, 1 | 1 << 8 | 1 << 63);
        assert!(set.contains(64) && !set.contains(63));
        assert_eq!(SigSet::of(0).union(SigSet::of(65)), SigSet::EMPTY);
        assert_eq!(set.iter().collect::<Vec<_>>(), [1, 9, 64]);
        assert_eq!(set.without(SigSet::of(9)).intersection(SigSet::ALL), SigSet::of_all(&[1, 64]));
    }
}
