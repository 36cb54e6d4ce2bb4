//! Which pages a child of fork(2) has written: private ones that it has to itself, as /proc/PID/pagemap tells
//! (Documentation/admin-guide/mm/pagemap.rst).

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::atomic::Ordering::Relaxed;

use super::region::Region;
use super::{Memory, PAGE, Prot};
use crate::addr::GuestAddr;

/// `PM_PRESENT`: there is a page.
const PRESENT: u64 = 1 << 63;
/// `PM_SWAP`: there was one, and it will come back.
const SWAPPED: u64 = 1 << 62;
/// `PM_FILE`: it is of a file, or of shared memory, and so not written here.
const FILE: u64 = 1 << 61;
/// `PM_MMAP_EXCLUSIVE`: no other process has it.
const EXCLUSIVE: u64 = 1 << 56;

/// How many pages are asked for at once.
const CHUNK: usize = 512;

/// Where written pages are looked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Search {
    /// Not only where the guest may write now.
    pub(crate) everywhere: bool,
    /// Pages that other processes have too: children of the child's own, perhaps.
    pub(crate) not_exclusive: bool,
}

impl Memory {
    /// How many bytes of private memory the guest may write, if a forked child gets all memory as it is. `None` if some of it is kept back,
    /// wiped or otherwise not the same there.
    pub(crate) fn copied_by_fork(&self) -> Option<u64> {
        if self.keeps_back.load(Relaxed) || self.deny.inherited() != self.deny.get() {
            return None;
        }
        let layout = self.lock();
        Some(
            layout
                .regions
                .iter()
                .filter(|region| is_written_privately(region))
                .map(|region| region.len)
                .sum(),
        )
    }

    /// Calls `found` for each page that this process may have written since it was forked, and for others if the host does not tell.
    pub(crate) fn for_each_written(&self, search: Search, mut found: impl FnMut(GuestAddr)) {
        let is_searched =
            |region: &&Region| !region.shared && (search.everywhere || is_written_privately(region));
        let ranges: Vec<(u64, u64)> = self
            .lock()
            .regions
            .iter()
            .filter(is_searched)
            .map(|region| (region.start.0, region.len))
            .collect();
        let mut entries = [[0; 8]; CHUNK];
        let pagemap = File::open("/proc/self/pagemap");
        for (start, len) in ranges {
            for first in (start..start + len).step_by(CHUNK * PAGE as usize) {
                let count = ((start + len - first) / PAGE).min(CHUNK as u64) as usize;
                let entries = &mut entries[..count];
                let place = (self.base() as u64 + first) / PAGE * 8;
                let known = pagemap.as_ref().is_ok_and(|file| read(file, entries, place).is_ok());
                for (index, &entry) in entries.iter().enumerate() {
                    if !known || may_be_written(u64::from_ne_bytes(entry), search) {
                        found(GuestAddr(first + index as u64 * PAGE));
                    }
                }
            }
        }
    }
}

fn read(pagemap: &File, entries: &mut [[u8; 8]], place: u64) -> io::Result<()> {
    pagemap.read_exact_at(entries.as_flattened_mut(), place)
}

fn is_written_privately(region: &Region) -> bool {
    !region.shared && region.prot.allows(Prot::WRITE)
}

fn may_be_written(entry: u64, search: Search) -> bool {
    let is_own = search.not_exclusive || entry & EXCLUSIVE != 0;
    entry & SWAPPED != 0 || entry & (PRESENT | FILE) == PRESENT && is_own
}
