//! The emulator's own image in few pages and mappings, for processes that fork much.
//!
//! A fork copies a mapping for each that has private pages, with a chain of what it shares with every ancestor that lives, and an entry for each such
//! page; and a child takes a fault for each 64 KiB of a file that it comes to. So after some forks what does not change is moved onto huge pages
//! ([`code`]), what does into one mapping ([`data`]), and what the host has put on the stack into one that is not copied ([`arguments`]). That costs as much
//! as those forks have.
#![allow(unsafe_code, reason = "moves the program's own memory, to where it was")]

mod arguments;
mod code;
mod data;
mod rseq;

use std::ffi::{c_int, c_void};
use std::fs;
use std::io;
use std::ops::Range;
use std::ptr::{copy_nonoverlapping, null_mut};
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering::Relaxed};

use crate::pagemap::{Entry, Pagemap};

/// How many forks, of the process and of those that it descends from, pay for it.
const FORKS: u32 = 8;
/// And for the constants, which children need less of.
const MANY_FORKS: u32 = 64;

/// Before a fork, when the process and its ancestors have made so many. `is_alone`: nobody else runs in its memory.
pub(crate) fn expect_child(forks: u32, is_alone: bool) {
    match forks {
        FORKS => settle(Part::Code, is_alone),
        MANY_FORKS => settle(Part::Constants, is_alone),
        _ => {}
    }
}

/// What lies on huge pages.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Code = 1,
    /// The code too.
    Constants,
}

#[cold]
fn settle(part: Part, is_alone: bool) {
    // A program that has been executed in place comes here again.
    static ENLARGED: AtomicU8 = AtomicU8::new(0);
    static IS_GATHERED: AtomicBool = AtomicBool::new(false);
    let segments = segments();
    if ENLARGED.fetch_max(part as u8, Relaxed) < part as u8 {
        code::enlarge(&segments, part);
    }
    if is_alone && !IS_GATHERED.load(Relaxed) {
        // The kernel's threads count too, as those of a ring are; and so does one that has ended, for a moment more.
        let is_single = (0..20).any(|_| {
            let is_single = fs::read_dir("/proc/self/task").is_ok_and(|tasks| tasks.count() == 1);
            if !is_single {
                std::thread::yield_now();
            }
            is_single
        });
        if let Some(maps) = is_single.then(|| fs::read_to_string("/proc/self/maps").ok()).flatten() {
            IS_GATHERED.store(true, Relaxed);
            let maps = parse(&maps);
            data::gather(&segments, &maps);
            arguments::share(&maps);
            rseq::withdraw();
        }
    }
}

/// A line of the host's map of the process (proc_pid_maps(5)).
struct Mapping {
    range: Range<usize>,
    is_file: bool,
    /// The path, or `[heap]` and its like.
    name: String,
}

fn parse(maps: &str) -> Vec<Mapping> {
    let line = |line: &str| {
        let mut words = line.split_ascii_whitespace();
        let (start, end) = words.next()?.split_once('-')?;
        let range = usize::from_str_radix(start, 16).ok()?..usize::from_str_radix(end, 16).ok()?;
        let is_file = words.nth(3)? != "0";
        Some(Mapping { range, is_file, name: words.next().unwrap_or_default().to_owned() })
    };
    maps.lines().filter_map(line).collect()
}

const PAGE: usize = 4096;

/// A page, and whether it is a file's.
type Page = (usize, bool);

fn pages(mapping: &Mapping) -> impl Iterator<Item = Page> {
    mapping.range.clone().step_by(PAGE).map(|page| (page, mapping.is_file))
}

/// Keeps, at the beginning of a list, the pages that there is something in; says how many.
fn keep_used(pages: &mut [Page]) -> io::Result<usize> {
    const AT_ONCE: usize = 64;
    let pagemap = Pagemap::open()?;
    let mut entries = [Entry::default(); AT_ONCE];
    let (mut used, mut next) = (0, 0);
    while let Some(&(first, _)) = pages.get(next) {
        let follow = |(n, page): &(usize, &Page)| page.0 == first + n * PAGE;
        let run = pages[next..].iter().take(AT_ONCE).enumerate().take_while(follow).count();
        let entries = &mut entries[..run];
        pagemap.read(first as u64, entries)?;
        for entry in entries {
            if pages[next].1 || entry.is_used() {
                pages[used] = pages[next];
                used += 1;
            }
            next += 1;
        }
    }
    Ok(used)
}

/// Replaces what is at `whole` by one mapping, private or not, with a copy of the pages.
///
/// # Safety
/// Nothing else in the range is needed, and nobody writes there meanwhile, nor later if `prot` does not say so.
unsafe fn replace(whole: &Range<usize>, pages: &[Page], sharing: c_int, prot: c_int) {
    let len = whole.len();
    let flags = sharing | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
    // SAFETY: a new mapping, where the kernel finds room, touches nothing that exists. What is written between the copy and the move is on a
    // stack that is elsewhere. The kernel refuses before it takes away what is at the target, if it does.
    unsafe {
        let room = libc::mmap(null_mut(), len, libc::PROT_READ | libc::PROT_WRITE, flags, -1, 0);
        if room == libc::MAP_FAILED {
            return;
        }
        libc::madvise(room, len, libc::MADV_NOHUGEPAGE);
        for &(page, _) in pages {
            let copy = room.wrapping_byte_add(page - whole.start);
            copy_nonoverlapping(page as *const u8, copy.cast(), PAGE);
        }
        put(room, whole, prot);
    }
}

/// Moves the mapping at `room`, which is as large, to `whole`; unmaps it if that fails.
///
/// # Safety
/// Nobody else knows of `room`, and it has all that is needed of what is at `whole`.
unsafe fn put(room: *mut c_void, whole: &Range<usize>, prot: c_int) {
    let (len, target) = (whole.len(), whole.start as *mut c_void);
    // SAFETY: by contract.
    unsafe {
        let moved = libc::mprotect(room, len, prot) == 0
            && libc::mremap(room, len, len, libc::MREMAP_MAYMOVE | libc::MREMAP_FIXED, target)
                != libc::MAP_FAILED;
        if !moved {
            libc::munmap(room, len);
        }
    }
}

/// What the host has loaded of the program's file.
struct Segment {
    range: Range<usize>,
    /// Whether it could be written when it was loaded.
    is_writable: bool,
}

/// The segments of the object that this function is in, by address.
fn segments() -> Vec<Segment> {
    extern "C" fn look(object: *mut libc::dl_phdr_info, _: usize, found: *mut c_void) -> c_int {
        // SAFETY: both are what `dl_iterate_phdr` is given below, and gives.
        let (object, found) = unsafe { (&*object, &mut *found.cast::<Vec<Segment>>()) };
        // SAFETY: so many headers are there.
        let headers = unsafe { std::slice::from_raw_parts(object.dlpi_phdr, object.dlpi_phnum.into()) };
        let loaded = headers.iter().filter(|header| header.p_type == libc::PT_LOAD).map(|header| {
            let start = object.dlpi_addr.wrapping_add(header.p_vaddr) as usize;
            let range = start..start.saturating_add(header.p_memsz as usize);
            Segment { range, is_writable: header.p_flags & libc::PF_W != 0 }
        });
        found.extend(loaded);
        let here = settle as *const () as usize;
        let is_ours = found.iter().any(|segment| segment.range.contains(&here));
        if !is_ours {
            found.clear();
        }
        is_ours.into()
    }
    let mut found = Vec::new();
    // SAFETY: the callback only reads what it is given, and writes `found`, which outlives the call.
    unsafe { libc::dl_iterate_phdr(Some(look), (&raw mut found).cast()) };
    found.sort_by_key(|segment: &Segment| segment.range.start);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_segments_of_the_program_are_found() {
        let segments = segments();
        let of = |at: usize| segments.iter().find(|segment| segment.range.contains(&at)).unwrap();
        static WRITTEN: AtomicBool = AtomicBool::new(false);
        assert!(!of(settle as *const () as usize).is_writable);
        assert!(of(&raw const WRITTEN as usize).is_writable);
        assert!(segments.windows(2).all(|pair| pair[0].range.end <= pair[1].range.start));
    }

    #[test]
    fn used_pages_are_kept_and_moved() {
        let len = 200 * PAGE;
        for sharing in [libc::MAP_PRIVATE, libc::MAP_SHARED] {
            // SAFETY: a mapping of the test's own.
            unsafe {
                let prot = libc::PROT_READ | libc::PROT_WRITE;
                let map = libc::mmap(null_mut(), len, prot, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS, -1, 0);
                assert_ne!(map, libc::MAP_FAILED);
                let start = map as usize;
                let byte = |n: usize| (start + n * PAGE + 5) as *mut u8;
                let used = [0, 1, 63, 64, 65, 130, 199];
                used.iter().for_each(|&n| byte(n).write(n as u8 + 1));
                let mut pages: Vec<_> = (0..200).map(|n| (start + n * PAGE, n == 100)).collect();
                let count = keep_used(&mut pages).unwrap();
                let mut expected: Vec<_> = used.iter().map(|&n| (start + n * PAGE, false)).collect();
                expected.insert(5, (start + 100 * PAGE, true));
                assert_eq!(pages[..count], expected);
                replace(&(start..start + len), &pages[..count], sharing, prot);
                let is_there = |n| byte(n).read() == if used.contains(&n) { n as u8 + 1 } else { 0 };
                assert!((0..200).all(is_there));
                byte(7).write(1);
                libc::munmap(map, len);
            }
        }
    }
}
