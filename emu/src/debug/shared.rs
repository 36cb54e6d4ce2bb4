//! Memory that this process and the debug server share.
#![allow(unsafe_code, reason = "maps it")]

use std::os::fd::{AsRawFd, BorrowedFd};
use std::ptr::{NonNull, null_mut};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use tine_stub::control::{LANE_SIZE, Words};

struct Shared {
    start: NonNull<AtomicU64>,
}

// SAFETY: it is made of atomic words, and belongs to no thread.
unsafe impl Send for Shared {}
// SAFETY: as above.
unsafe impl Sync for Shared {}

/// Maps it. A forked child has it until it drops it.
pub(super) fn map(memory: BorrowedFd<'_>) -> Option<Words> {
    let (prot, fd) = (libc::PROT_READ | libc::PROT_WRITE, memory.as_raw_fd());
    // SAFETY: a new mapping, where the kernel finds room, touches nothing that exists.
    let start = unsafe { libc::mmap(null_mut(), LANE_SIZE, prot, libc::MAP_SHARED, fd, 0) };
    if start == libc::MAP_FAILED {
        return None;
    }
    Some(Arc::new(Shared { start: NonNull::new(start.cast())? }))
}

impl AsRef<[AtomicU64]> for Shared {
    fn as_ref(&self) -> &[AtomicU64] {
        // SAFETY: the mapping is as long, aligned to a page, and lives as long as this does.
        unsafe { std::slice::from_raw_parts(self.start.as_ptr(), LANE_SIZE / 8) }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        // SAFETY: nobody has a reference to it any more.
        unsafe { libc::munmap(self.start.as_ptr().cast(), LANE_SIZE) };
    }
}
