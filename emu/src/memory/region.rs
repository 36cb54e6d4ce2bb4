//! The map of regions: which guest addresses are mapped, how, and from what. It only keeps the books; the host's pages are [`super::map`]'s.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use super::mirror::Mirror;
use super::{Prot, Version};
use crate::addr::GuestAddr;

/// A range of guest addresses with one protection and one backing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// First address.
    pub start: GuestAddr,
    /// Length in bytes, whole pages.
    pub len: u64,
    /// What the guest may do.
    pub prot: Prot,
    /// Whether stores are seen by other mappings of the same backing (`MAP_SHARED`).
    pub shared: bool,
    /// Where the bytes come from.
    pub backing: Backing,
    /// What else was asked for it.
    pub marks: Marks,
}

/// Properties of a region that it has or has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Marks(u8);

impl Marks {
    /// None.
    pub const NONE: Marks = Marks(0);
    /// It grows at a fault just below it: the stack, and `MAP_GROWSDOWN`.
    pub const GROWS_DOWN: Marks = Marks(1);
    /// It stays as it is: mseal(2).
    pub const SEALED: Marks = Marks(2);
    /// A child does not get it: `MADV_DONTFORK`.
    pub const NOT_FORKED: Marks = Marks(4);

    /// Whether it has all of `others`.
    pub const fn has(self, others: Marks) -> bool {
        self.0 & others.0 == others.0
    }

    /// Both.
    #[must_use]
    pub const fn with(self, others: Marks) -> Marks {
        Marks(self.0 | others.0)
    }

    /// Only what is not in `others`.
    #[must_use]
    pub const fn without(self, others: Marks) -> Marks {
        Marks(self.0 & !others.0)
    }
}

/// Where a region's bytes come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Backing {
    /// Private zeroes; the name is what /proc/PID/maps shows (`[stack]`, `[heap]`, `[vdso]`).
    Anonymous(Option<&'static str>),
    /// A file, or shared memory, from an offset on.
    File {
        /// Which one.
        file: Arc<FileId>,
        /// Where the region begins in it.
        offset: u64,
    },
}

/// A mapped file, as /proc/PID/maps tells of it.
#[derive(Clone, Debug)]
pub struct FileId {
    /// Its name when it was mapped.
    pub path: PathBuf,
    /// Its device number.
    pub dev: u64,
    /// Its inode number.
    pub inode: u64,
    /// Its contents' version when it was mapped, if that tells of every change since.
    pub version: Option<Version>,
}

impl PartialEq for FileId {
    fn eq(&self, other: &FileId) -> bool {
        (&self.path, self.dev, self.inode) == (&other.path, other.dev, other.inode)
    }
}

impl Eq for FileId {}

/// What the kernel keeps free below a mapping that grows down (`stack_guard_gap`).
pub const STACK_GAP: u64 = 1 << 20;

/// Part of a range was not mapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hole;

/// All regions of an address space, disjoint, neighbours that continue each other joined.
#[derive(Default, Debug)]
pub struct RegionMap {
    by_start: BTreeMap<u64, Region>,
    /// Where other processes see it.
    mirror: Option<Mirror>,
}

impl Region {
    /// The address behind the last one.
    pub fn end(&self) -> u64 {
        self.start.0 + self.len
    }

    /// Whether it counts as data (`RLIMIT_DATA`): what is private and may be written, but for stacks.
    pub fn is_data(&self) -> bool {
        !self.shared && self.prot.allows(Prot::WRITE) && !self.marks.has(Marks::GROWS_DOWN)
    }

    /// Whether `next` continues this region, so that the two are one.
    fn continues_into(&self, next: &Region) -> bool {
        self.end() == next.start.0
            && self.prot == next.prot
            && self.shared == next.shared
            && self.marks == next.marks
            && match (&self.backing, &next.backing) {
                (Backing::Anonymous(a), Backing::Anonymous(b)) => a == b,
                (Backing::File { file: a, offset }, Backing::File { file: b, offset: next_offset }) => {
                    a == b && offset.wrapping_add(self.len) == *next_offset
                }
                _ => false,
            }
    }

    /// Cuts at `addr`, which is inside; returns the upper part.
    fn split_off(&mut self, addr: u64) -> Region {
        let lower = addr - self.start.0;
        let mut upper = self.clone();
        upper.start = GuestAddr(addr);
        upper.len = self.len - lower;
        if let Backing::File { offset, .. } = &mut upper.backing {
            *offset = offset.wrapping_add(lower);
        }
        self.len = lower;
        upper
    }
}

/// As in /proc/PID/maps.
impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letter = |bit: Prot, letter| if self.prot.0 & bit.0 != 0 { letter } else { '-' };
        let (r, w, x) = (letter(Prot::READ, 'r'), letter(Prot::WRITE, 'w'), letter(Prot::EXEC, 'x'));
        let sharing = if self.shared { 's' } else { 'p' };
        let (offset, dev, inode, name) = match &self.backing {
            Backing::Anonymous(name) => (0, 0, 0, name.unwrap_or_default().into()),
            Backing::File { file, offset } => (*offset, file.dev, file.inode, file.path.to_string_lossy()),
        };
        let (major, minor) = (libc::major(dev), libc::minor(dev));
        let head = format!(
            "{:08x}-{:08x} {r}{w}{x}{sharing} {offset:08x} {major:02x}:{minor:02x} {inode} ",
            self.start.0,
            self.end(),
        );
        if name.is_empty() { f.write_str(&head) } else { write!(f, "{head:<72} {name}") }
    }
}

impl RegionMap {
    /// The region that holds `addr`.
    pub fn find(&self, addr: u64) -> Option<&Region> {
        let (_, region) = self.by_start.range(..=addr).next_back()?;
        (addr < region.end()).then_some(region)
    }

    /// All of them, by address.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Region> {
        self.by_start.values()
    }

    /// Those that overlap a range, by address.
    pub fn overlapping(&self, start: u64, len: u64) -> impl Iterator<Item = &Region> {
        let first = self.find(start).map_or(start, |region| region.start.0);
        self.by_start.range(first..start.saturating_add(len).max(first)).map(|(_, region)| region)
    }

    /// Whether any region of a range is as `wanted` says.
    pub fn any_in(&self, start: u64, len: u64, wanted: impl Fn(&Region) -> bool) -> bool {
        self.overlapping(start, len).any(wanted)
    }

    /// Whether nothing of a range is mapped.
    pub fn is_free(&self, start: u64, len: u64) -> bool {
        !self.any_in(start, len, |_| true)
    }

    /// Whether all of a range is mapped.
    pub fn covers(&self, start: u64, len: u64) -> bool {
        self.mapped_until(start, len) == start.saturating_add(len)
    }

    /// The region just below `addr`, and the one just above it, which does not hold it.
    pub fn neighbours(&self, addr: u64) -> (Option<&Region>, Option<&Region>) {
        let below = self.by_start.range(..=addr).next_back().map(|(_, region)| region);
        (below, self.by_start.range(addr..).next().map(|(_, region)| region))
    }

    /// Where, going up from `start`, the first hole is; the range's end if there is none.
    pub fn mapped_until(&self, start: u64, len: u64) -> u64 {
        let end = start.saturating_add(len);
        let mut at = start;
        for region in self.overlapping(start, len) {
            if region.start.0 > at {
                break;
            }
            at = region.end().min(end);
        }
        at
    }

    /// Adds a region in place of whatever was there.
    pub fn insert(&mut self, region: Region) {
        if region.len == 0 {
            return;
        }
        let (start, end) = (region.start.0, region.end());
        self.take_out(start, end);
        self.by_start.insert(start, region);
        self.join_at(start);
        self.join_at(end);
        self.show(start, end);
    }

    /// Takes a range out.
    pub fn remove(&mut self, start: u64, len: u64) {
        let end = start.saturating_add(len);
        self.take_out(start, end);
        self.show(start, end);
    }

    /// From now on other processes see the map in `mirror`.
    pub fn show_in(&mut self, mirror: Mirror) {
        self.mirror = Some(mirror);
        self.show(0, u64::MAX);
    }

    /// Shows what has changed from `start` to `end`, with the regions on both sides that may have been cut or joined.
    fn show(&self, start: u64, end: u64) {
        let Some(mirror) = self.mirror else { return };
        let low = self.by_start.range(..start).next_back().map_or(start, |(&at, _)| at);
        let high = end.saturating_add(1);
        mirror.splice(low, high, self.by_start.range(low..high).map(|(_, region)| region));
    }

    fn take_out(&mut self, start: u64, end: u64) {
        self.cut(start);
        self.cut(end);
        let gone: Vec<u64> = self.by_start.range(start..end.max(start)).map(|(&at, _)| at).collect();
        for at in gone {
            self.by_start.remove(&at);
        }
    }

    /// Changes all of a range up to its first hole, as mprotect(2) does.
    pub fn update(&mut self, start: u64, len: u64, change: impl Fn(&mut Region)) -> Result<(), Hole> {
        let end = self.mapped_until(start, len);
        self.cut(start);
        self.cut(end);
        let inside: Vec<u64> = self.by_start.range(start..end.max(start)).map(|(&at, _)| at).collect();
        for at in &inside {
            if let Some(region) = self.by_start.get_mut(at) {
                change(region);
            }
        }
        for at in inside {
            self.join_at(at);
        }
        self.join_at(end);
        self.show(start, end);
        if end == start.saturating_add(len) { Ok(()) } else { Err(Hole) }
    }

    /// The highest place for `len` bytes that lies in `low..high`.
    pub fn highest_gap(&self, len: u64, low: u64, high: u64) -> Option<u64> {
        let mut top = high;
        for (_, region) in self.by_start.range(..high).rev() {
            if region.end() < top && top - region.end() >= len {
                break;
            }
            let room = if region.marks.has(Marks::GROWS_DOWN) { STACK_GAP } else { 0 };
            top = top.min(region.start.0.saturating_sub(room));
            if top <= low {
                return None;
            }
        }
        let place = top.checked_sub(len)?;
        (place >= low).then_some(place)
    }

    /// Makes `addr` a border if it is inside a region.
    fn cut(&mut self, addr: u64) {
        if let Some((_, region)) = self.by_start.range_mut(..addr).next_back()
            && addr < region.end()
        {
            let upper = region.split_off(addr);
            self.by_start.insert(addr, upper);
        }
    }

    /// Joins the regions on both sides of `addr` if one continues the other.
    fn join_at(&mut self, addr: u64) {
        let Some(upper) = self.by_start.get(&addr) else { return };
        let Some((_, lower)) = self.by_start.range(..addr).next_back() else { return };
        if lower.continues_into(upper) {
            let (lower, len) = (lower.start.0, upper.len);
            self.by_start.remove(&addr);
            if let Some(region) = self.by_start.get_mut(&lower) {
                region.len += len;
            }
        }
    }
}
