//! Which pages a child of fork(2) has written: private ones that it has to itself.

use std::sync::atomic::Ordering::Relaxed;

use super::region::Region;
use super::{Memory, PAGE, Prot};
use crate::addr::GuestAddr;
use crate::pagemap::{Entry, Pagemap};

/// How many pages are asked for at once.
const CHUNK: usize = 128;

/// Where written pages are looked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Search {
    /// Not only where the guest may write now.
    pub(crate) everywhere: bool,
    /// Pages that other processes have too: children of its own, perhaps.
    pub(crate) even_shared: bool,
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
        let mut entries = [Entry::default(); CHUNK];
        let pagemap = Pagemap::open();
        for (start, len) in ranges {
            for first in (start..start + len).step_by(CHUNK * PAGE as usize) {
                let count = ((start + len - first) / PAGE).min(CHUNK as u64) as usize;
                let entries = &mut entries[..count];
                let addr = self.base() as u64 + first;
                let known = pagemap.as_ref().is_ok_and(|pagemap| pagemap.read(addr, entries).is_ok());
                for (index, entry) in entries.iter().enumerate() {
                    if !known || entry.is_written(!search.even_shared) {
                        found(GuestAddr(first + index as u64 * PAGE));
                    }
                }
            }
        }
    }
}

fn is_written_privately(region: &Region) -> bool {
    !region.shared && region.prot.allows(Prot::WRITE)
}
