//! What does not change of the image, on huge pages.
//!
//! The host's kernel does not copy the page table of a file's mapping at fork: the child takes a fault for every 64 KiB of the emulator's
//! code, and of its tables, that it comes to, a dozen or two even to end at once, and each of them takes as long as ten system calls. A huge page is one
//! entry of that table, and is copied. So the part of the code that guests are run by (`text.ld` puts it together) is replaced by a copy of itself on such
//! a page, and later the constants below it too: a child comes to two or three places of those.
#![allow(unsafe_code, reason = "moves the program's own code, to where it was")]

use std::ops::Range;
use std::ptr::{copy_nonoverlapping, null_mut};

use super::{Part, Segment, put};
use crate::allocator;

/// The size of a huge page.
const HUGE: usize = 2 << 20;

/// Puts code, or code and constants, onto huge pages if the host has some to give; else they stay as they are.
pub(super) fn enlarge(segments: &[Segment], part: Part) {
    let here = enlarge as *const () as usize;
    let Some(text) = segments.iter().find(|segment| segment.range.contains(&here)) else { return };
    let Some(code) = whole_page(&text.range) else { return };
    let constants = code - HUGE;
    let below = || segments.iter().take_while(|segment| segment.range.start < code);
    let are_constant = below().all(|segment| {
        // Tables of addresses may be written while a program is loaded, but are not afterwards.
        segment.range.start >= constants
            && (segment.range.end <= code || segment.range == text.range)
            && !allocator::is_in(&segment.range)
    });
    let start = if part == Part::Constants && are_constant { constants } else { code };
    let parts: Vec<_> = segments
        .iter()
        .map(|part| part.range.start.max(start)..part.range.end.min(code + HUGE))
        .filter(|part| !part.is_empty())
        .collect();
    // SAFETY: the ranges are of our code and of what is not written, and the whole begins and ends with a huge page.
    unsafe { replace(start..code + HUGE, &parts) }
}

/// The first huge page that lies in a range.
fn whole_page(range: &Range<usize>) -> Option<usize> {
    let start = range.start.checked_next_multiple_of(HUGE)?;
    (start.checked_add(HUGE)? <= range.end).then_some(start)
}

/// Replaces what is at `whole`, which is some huge pages' worth, by a copy of its parts on so many pages.
///
/// # Safety
/// All parts are mapped, to be read or executed, and nobody changes what is in them. Nothing else is there.
unsafe fn replace(whole: Range<usize>, parts: &[Range<usize>]) {
    let size = whole.len();
    let (prot, flags) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
    // SAFETY: a new mapping, where the kernel finds room, touches nothing that exists.
    let room = unsafe { libc::mmap(null_mut(), size + HUGE, prot, flags, -1, 0) };
    if room == libc::MAP_FAILED {
        return;
    }
    let start = room.wrapping_byte_add(room.align_offset(HUGE));
    let end = start.wrapping_byte_add(size);
    let rest = (room as usize + size + HUGE) - end as usize;
    // SAFETY: the mapping is ours and as large as that; nobody else knows of it. `start` is aligned.
    unsafe {
        libc::munmap(room, start as usize - room as usize);
        libc::munmap(end, rest);
        libc::madvise(start, size, libc::MADV_HUGEPAGE);
    }
    let faults = faults();
    for part in parts {
        let target = start.wrapping_byte_add(part.start - whole.start).cast::<u8>();
        // SAFETY: from our image to the new mapping, which has the same room for it.
        unsafe { copy_nonoverlapping(part.start as *const u8, target, part.len()) };
    }
    // The old one's are of 64 KiB each. Small pages would have to be copied by each fork, one by one.
    let is_huge = self::faults().wrapping_sub(faults) < (HUGE / 4096 / 2) as i64;
    // SAFETY: what is moved has the same contents as what it replaces, and whoever executes that meanwhile waits for the kernel in a fault.
    // What has not been moved is unmapped.
    unsafe {
        if is_huge {
            put(start, &whole, libc::PROT_READ | libc::PROT_EXEC);
        } else {
            libc::munmap(start, size);
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
        assert_eq!(whole_page(&(0x3b_0000..0x80_0000)), Some(0x40_0000));
        assert_eq!(whole_page(&(0x40_0000..0x60_0000)), Some(0x40_0000));
        assert_eq!(whole_page(&(0x3b_0000..0x5f_ffff)), None);
        assert_eq!(whole_page(&(usize::MAX - 10..usize::MAX)), None);
    }

    #[test]
    fn code_is_the_same_after_it_was_replaced() {
        // This test's own program is large enough, and not written.
        let mut file = File::open("/proc/self/exe").unwrap();
        let mut bytes = vec![0; 3 * HUGE];
        file.read_exact(&mut bytes).unwrap();
        // SAFETY: a new mapping, which nobody else has.
        unsafe {
            let prot = libc::PROT_READ | libc::PROT_EXEC;
            let map = libc::mmap(null_mut(), 3 * HUGE, prot, libc::MAP_PRIVATE, file.as_raw_fd(), 0);
            assert_ne!(map, libc::MAP_FAILED);
            let start = map as usize;
            let code = whole_page(&(start..start + 3 * HUGE)).unwrap();
            let parts = [code + 16..code + HUGE - 16, code + HUGE..code + HUGE + 4096];
            replace(code..code + HUGE, &parts[..1]);
            // If it was replaced, it is no longer the file's: what was no part of it is zero.
            let now = std::slice::from_raw_parts(map.cast::<u8>(), 3 * HUGE);
            let [first, last] = [code - start, code - start + HUGE];
            assert_eq!(now[first + 16..last - 16], bytes[first + 16..last - 16]);
            assert_eq!((&now[..first], &now[last..]), (&bytes[..first], &bytes[last..]));
            libc::munmap(map, 3 * HUGE);
        }
    }
}
