//! What the kernel says of this process's pages, by host address (Documentation/admin-guide/mm/pagemap.rst).

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use bytemuck::{Pod, Zeroable};

use crate::memory::PAGE;

/// /proc/PID/pagemap.
#[derive(Debug)]
pub(crate) struct Pagemap(File);

impl Pagemap {
    /// This process's. Not `self`, which is the first thread: that may have left.
    pub(crate) fn open() -> io::Result<Pagemap> {
        File::open("/proc/thread-self/pagemap").map(Pagemap)
    }

    /// The entries of pages that follow one another, from `addr` on.
    pub(crate) fn read(&self, addr: u64, entries: &mut [Entry]) -> io::Result<()> {
        self.0.read_exact_at(bytemuck::cast_slice_mut(entries), addr / PAGE * size_of::<Entry>() as u64)
    }
}

/// What there is of a page.
#[derive(Clone, Copy, Debug, Default, Pod, Zeroable)]
#[repr(transparent)]
pub(crate) struct Entry(u64);

impl Entry {
    const PRESENT: u64 = 1 << 63;
    const SWAP: u64 = 1 << 62;
    /// Of a file, or of shared memory.
    const FILE: u64 = 1 << 61;
    const EXCLUSIVE: u64 = 1 << 56;

    /// In memory, or in the swap.
    pub(crate) fn is_used(self) -> bool {
        self.0 & (Entry::PRESENT | Entry::SWAP) != 0
    }

    /// Private, and written by somebody: by this process, if it need be `exclusive`.
    pub(crate) fn is_written(self, exclusive: bool) -> bool {
        let is_own = !exclusive || self.0 & Entry::EXCLUSIVE != 0;
        // Nothing else is known of what is in the swap.
        self.0 & Entry::SWAP != 0 || self.0 & (Entry::PRESENT | Entry::FILE) == Entry::PRESENT && is_own
    }
}
