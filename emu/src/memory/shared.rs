//! Memory of the emulator's that forked children and the host's kernel have as well, and that can be mapped into the window too.
#![allow(unsafe_code, reason = "maps it")]

use std::ptr::{NonNull, null_mut};
use std::sync::atomic::{AtomicU32, AtomicU64};

use super::page_up;
use crate::errno::Errno;

/// Shared zeroes.
#[derive(Debug)]
pub struct Shared {
    start: NonNull<AtomicU64>,
    len: usize,
}

// SAFETY: it is made of atomic words, and belongs to no thread.
unsafe impl Send for Shared {}
// SAFETY: as above.
unsafe impl Sync for Shared {}

impl Shared {
    /// At least `len` bytes, in whole pages.
    pub fn new(len: u64) -> Result<Shared, Errno> {
        let len = page_up(len).filter(|&len| len != 0).ok_or(Errno::ENOMEM)? as usize;
        let (prot, flags) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_SHARED | libc::MAP_ANONYMOUS);
        // SAFETY: a new mapping, where the kernel finds room, touches nothing that exists.
        let start = unsafe { libc::mmap(null_mut(), len, prot, flags, -1, 0) };
        if start == libc::MAP_FAILED {
            return Err(Errno::last());
        }
        NonNull::new(start.cast()).map(|start| Shared { start, len }).ok_or(Errno::ENOMEM)
    }

    /// The host's address of byte `offset`.
    pub fn address(&self, offset: u64) -> u64 {
        self.start.as_ptr() as u64 + offset
    }

    /// All of it.
    pub fn words(&self) -> &[AtomicU32] {
        // SAFETY: the mapping is as long, aligned to a page, and lives as long as this does; others change it by whole words.
        unsafe { std::slice::from_raw_parts(self.start.as_ptr().cast(), self.len / 4) }
    }

    /// The same in longer words.
    pub fn double_words(&self) -> &[AtomicU64] {
        // SAFETY: as above.
        unsafe { std::slice::from_raw_parts(self.start.as_ptr(), self.len / 8) }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        // SAFETY: nobody has a reference to it any more; other mappings of it stay.
        unsafe { libc::munmap(self.start.as_ptr().cast(), self.len) };
    }
}
