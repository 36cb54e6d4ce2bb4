//! The emulator's own code in one huge page, for processes that fork much.
//!
//! The host's kernel does not copy the page table of a file's mapping at fork: the child takes a fault for every 64 KiB of the emulator's
//! code that it comes to, a dozen or two even to end at once, and each of them takes as long as ten system calls. A huge page is one entry of that table, and is copied. So
//! after some forks the part of the code that guests are run by (`text.ld` puts it together) is replaced by a copy of itself on such a page. That costs as much as the faults of those forks have.
#![allow(unsafe_code, reason = "moves the program's own code, to where it was")]

use std::ffi::{c_int, c_void};
use std::ops::Range;
use std::ptr::{copy_nonoverlapping, null_mut};

/// The size of a huge page.
const HUGE: usize = 2 << 20;

/// How many forks, of the process and of those that it descends from, pay for the page.
const FORKS: u32 = 8;

/// Before a fork, when the process and its ancestors have made so many.
pub(crate) fn expect_child(forks: u32) {
    if forks == FORKS {
        enlarge();
    }
}

/// Puts the code onto a huge page if the host has one to give; else it stays as it is.
#[cold]
fn enlarge() {
    if let Some(code) = whole_page(text()) {
        // SAFETY: the range is of our code, and aligned.
        unsafe { replace(code) }
    }
}

/// The first huge page that lies in a range.
fn whole_page(range: Range<usize>) -> Option<usize> {
    let start = range.start.checked_next_multiple_of(HUGE)?;
    (start.checked_add(HUGE)? <= range.end).then_some(start)
}

/// Where the segment is that this function is in.
fn text() -> Range<usize> {
    extern "C" fn look(object: *mut libc::dl_phdr_info, _: usize, found: *mut c_void) -> c_int {
        // SAFETY: both are what `dl_iterate_phdr` is given below, and gives.
        let (object, found) = unsafe { (&*object, &mut *found.cast::<Range<usize>>()) };
        // SAFETY: so many headers are there.
        let headers = unsafe { std::slice::from_raw_parts(object.dlpi_phdr, object.dlpi_phnum.into()) };
        let here = enlarge as *const () as usize;
        for header in headers {
            let start = object.dlpi_addr.wrapping_add(header.p_vaddr) as usize;
            let range = start..start.saturating_add(header.p_filesz as usize);
            if header.p_type == libc::PT_LOAD && range.contains(&here) {
                *found = range;
                return 1;
            }
        }
        0
    }
    let mut found = 0..0;
    // SAFETY: the callback only reads what it is given, and writes `found`, which outlives the call.
    unsafe { libc::dl_iterate_phdr(Some(look), (&raw mut found).cast()) };
    found
}

/// Replaces the huge page's worth of code at `code` by a copy of itself on one page.
///
/// # Safety
/// All of it is mapped from a file, to be read and executed, and nobody changes that.
unsafe fn replace(code: usize) {
    let (prot, flags) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
    // SAFETY: a new mapping, where the kernel finds room, touches nothing that exists.
    let room = unsafe { libc::mmap(null_mut(), 2 * HUGE, prot, flags, -1, 0) };
    if room == libc::MAP_FAILED {
        return;
    }
    let start = room.wrapping_byte_add(room.align_offset(HUGE));
    let end = start.wrapping_byte_add(HUGE);
    let rest = (room as usize + 2 * HUGE) - end as usize;
    // SAFETY: the mapping is ours and as large as that; nobody else knows of it. `start` is aligned.
    unsafe {
        libc::munmap(room, start as usize - room as usize);
        libc::munmap(end, rest);
        libc::madvise(start, HUGE, libc::MADV_HUGEPAGE);
    }
    let faults = faults();
    // SAFETY: from our code to the new mapping, which is as large.
    unsafe { copy_nonoverlapping(code as *const u8, start.cast(), HUGE) };
    // The old one's are of 64 KiB each. Small pages would have to be copied by each fork, one by one.
    let is_huge = self::faults().wrapping_sub(faults) < (HUGE / 4096 / 2) as i64;
    // SAFETY: what is moved has the same contents as what it replaces, and whoever executes that meanwhile waits for the kernel in a fault.
    // What has not been moved is unmapped.
    unsafe {
        let moved = is_huge
            && libc::mprotect(start, HUGE, libc::PROT_READ | libc::PROT_EXEC) == 0
            && libc::mremap(
                start,
                HUGE,
                HUGE,
                libc::MREMAP_MAYMOVE | libc::MREMAP_FIXED,
                code as *mut c_void,
            ) != libc::MAP_FAILED;
        if !moved {
            libc::munmap(start, HUGE);
        }
    }
}

/// The page faults that this thread has taken.
fn faults() -> i64 {
    // SAFETY: numbers, written by the call.
    unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        libc::getrusage(libc::RUSAGE_THREAD, &raw mut usage);
        usage.ru_minflt
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;
    use std::io::Read;
    use std::os::fd::AsRawFd;

    #[test]
    fn the_first_whole_page_of_a_range() {
        assert_eq!(whole_page(0x3b_0000..0x80_0000), Some(0x40_0000));
        assert_eq!(whole_page(0x40_0000..0x60_0000), Some(0x40_0000));
        assert_eq!(whole_page(0x3b_0000..0x5f_ffff), None);
        assert_eq!(whole_page(usize::MAX - 10..usize::MAX), None);
        assert!(text().contains(&(whole_page as *const () as usize)));
    }

    #[test]
    fn code_is_the_same_after_it_was_replaced() {
        // This test's own program is large enough, and not written.
        let mut file = File::open("/proc/self/exe").unwrap();
        let mut bytes = vec![0; 2 * HUGE];
        file.read_exact(&mut bytes).unwrap();
        // SAFETY: a new mapping, which nobody else has.
        unsafe {
            let prot = libc::PROT_READ | libc::PROT_EXEC;
            let map = libc::mmap(null_mut(), 2 * HUGE, prot, libc::MAP_PRIVATE, file.as_raw_fd(), 0);
            assert_ne!(map, libc::MAP_FAILED);
            let code = whole_page(map as usize..map as usize + 2 * HUGE).unwrap();
            replace(code);
            // If it was replaced, it is no longer the file's.
            assert_eq!(std::slice::from_raw_parts(map.cast::<u8>(), 2 * HUGE), bytes);
            libc::munmap(map, 2 * HUGE);
        }
    }
}
