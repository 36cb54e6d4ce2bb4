//! Where memory comes from: the C library's allocator, and one page of our own for what every fork writes.
//!
//! What parent or child writes after a fork is copied page by page, and a copy costs as much as twenty system calls. Hart, tasks, memory map and
//! engine are small, and each is written by both sides: wherever the C library puts them, they are on pages apart. So what is aligned as
//! [`LINE`] says comes from one page, as long as there is room; nothing there is used again, so only the first process and its first
//! tasks are in it.
#![allow(unsafe_code, reason = "hands out memory")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::UnsafeCell;
use std::io::Write;
use std::ops::Range;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use crate::syscall::host::call_at_once;

/// The alignment by which a type says that it belongs on that page: `#[repr(align(64))]`. Nothing else asks for it.
pub const LINE: usize = 64;

const PAGE: usize = 4096;

#[repr(align(4096))]
struct Page(UnsafeCell<[u8; PAGE]>);

// SAFETY: each byte is handed out once, and is its owner's.
unsafe impl Sync for Page {}

static TOGETHER: Page = Page(UnsafeCell::new([0; PAGE]));
static TAKEN: AtomicUsize = AtomicUsize::new(0);

/// Whether the page is in a range.
pub(crate) fn is_in(range: &Range<usize>) -> bool {
    range.contains(&(TOGETHER.0.get() as usize))
}

struct Allocator;

#[global_allocator]
static ALLOCATOR: Allocator = Allocator;

impl Allocator {
    /// A place on the page, for what belongs there.
    fn take(layout: Layout) -> Option<*mut u8> {
        if layout.align() != LINE {
            return None;
        }
        let len = layout.size().next_multiple_of(LINE);
        let taken =
            TAKEN.fetch_update(Relaxed, Relaxed, |taken| taken.checked_add(len).filter(|&end| end <= PAGE));
        taken.ok().map(|at| TOGETHER.0.get().cast::<u8>().wrapping_add(at))
    }

    fn is_there(at: *mut u8) -> bool {
        (at as usize).wrapping_sub(TOGETHER.0.get() as usize) < PAGE
    }
}

// SAFETY: what is taken from the page is as large and as aligned as asked, zero, and nobody else's; the rest is the system's.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if let Some(at) = Allocator::take(layout) {
            return at;
        }
        // SAFETY: the caller's layout.
        had(unsafe { System.alloc(layout) }, layout.size())
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if let Some(at) = Allocator::take(layout) {
            return at;
        }
        // SAFETY: the caller's layout.
        had(unsafe { System.alloc_zeroed(layout) }, layout.size())
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        if !Allocator::is_there(at) {
            // SAFETY: it came from there.
            unsafe { System.dealloc(at, layout) }
        }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if !Allocator::is_there(at) {
            // SAFETY: it came from there.
            return had(unsafe { System.realloc(at, layout, size) }, size);
        }
        let Ok(larger) = Layout::from_size_align(size, layout.align()) else { return null_mut() };
        // SAFETY: a fresh allocation, of which as much is written as both have.
        unsafe {
            let new = self.alloc(larger);
            if !new.is_null() {
                new.copy_from_nonoverlapping(at, layout.size().min(size));
            }
            new
        }
    }
}

/// What was asked for, if it is there: nobody can go on without, and what happens by itself is an abort that is taken for a guest's signal.
fn had(at: *mut u8, size: usize) -> *mut u8 {
    if at.is_null() {
        out_of_memory(size);
    }
    at
}

/// Ends the emulator, which cannot go on without these bytes.
#[cold]
pub(crate) fn out_of_memory(size: usize) -> ! {
    let mut line = [0; 160];
    let mut rest = &mut line[..];
    let said = writeln!(
        rest,
        "tine: out of memory: {size} bytes more are not to be had (see 'ulimit -d', 'ulimit -v' and the machine's memory)"
    );
    let left = if said.is_ok() { rest.len() } else { 0 };
    let len = line.len() - left;
    let _ = call_at_once(libc::SYS_write, [2, line.as_ptr() as u64, len as u64, 0, 0, 0]);
    let _ = call_at_once(libc::SYS_exit_group, [125, 0, 0, 0, 0, 0]);
    std::process::abort()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[repr(align(64))]
    struct Small([u8; 100]);

    #[test]
    fn what_belongs_together_is_on_one_page_while_there_is_room() {
        let all: Vec<_> = (0..2 * PAGE / 128).map(|n| Box::new(Small([n as u8; 100]))).collect();
        let there: Vec<_> =
            all.iter().map(|one| Allocator::is_there((&raw const **one) as *mut u8)).collect();
        assert!(there.is_sorted_by(|a, b| a >= b), "the page is filled first: {there:?}");
        assert!(!there[there.len() - 1]);
        assert!(all.iter().enumerate().all(|(n, one)| one.0 == [n as u8; 100]));
    }
}
