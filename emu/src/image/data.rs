//! What the emulator writes, in one mapping: its segments of data, its zeroed memory and its heap, with the gap before that.
//!
//! They are three or four mappings at first, and what the fork of a long line of processes costs is some microseconds for each that has
//! private pages: the kernel notes for each with which of all the ancestors that live it may share some.
#![allow(unsafe_code, reason = "moves the program's own data, to where it was")]

use std::ffi::c_void;
use std::ops::Range;

use super::{Mapping, PAGE, Page, Segment, keep_used, pages, replace};
use crate::stack;

/// The kernel puts the heap at random into so much behind the rest.
const LARGEST: usize = 2 << 30;

/// Moves all of it into one mapping. This thread is the process's only one.
pub(super) fn gather(segments: &[Segment], maps: &[Mapping]) {
    let Some((whole, mut pages)) = plan(segments, maps) else { return };
    let Ok(used) = keep_used(&mut pages) else { return };
    let mut plan = Plan { whole, pages: &pages[..used] };
    // SAFETY: the arguments of the process are shared after this, not before.
    unsafe { stack::aside(carry_out, (&raw mut plan).cast()) }
}

struct Plan<'a> {
    whole: Range<usize>,
    pages: &'a [Page],
}

extern "sysv64" fn carry_out(plan: *mut c_void) {
    // SAFETY: it is the caller's, and nobody else runs. It has every page in the range that has been written, or is a file's; this is not on the
    // stack that is among them.
    unsafe {
        let Plan { whole, pages } = &*plan.cast::<Plan>();
        replace(whole, pages, libc::MAP_PRIVATE, libc::PROT_READ | libc::PROT_WRITE);
    }
}

/// What is to be in one mapping, and the pages in it; `None` if something else lies there.
fn plan(segments: &[Segment], maps: &[Mapping]) -> Option<(Range<usize>, Vec<Page>)> {
    let here = plan as *const () as usize;
    let data = || segments.iter().filter(|part| part.is_writable && part.range.start > here);
    let start = data().next()?.range.start & !(PAGE - 1);
    let end = data().next_back()?.range.end.next_multiple_of(PAGE);
    let heap = maps.iter().find(|map| map.name == "[heap]")?;
    let whole = start..heap.range.end;
    let inside = || maps.iter().filter(|map| map.range.end > start && map.range.start < whole.end);
    let is_data = |map: &Mapping| map.range.start >= start && map.range.end <= end;
    let is_ours = inside().all(|map| is_data(map) || map.range == heap.range);
    let all = || inside().flat_map(pages).collect();
    (is_ours && whole.len() <= LARGEST).then(|| (whole.clone(), all()))
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    #[test]
    fn the_plan_has_data_zeroes_and_heap() {
        let at = (plan as *const () as usize).next_multiple_of(PAGE);
        let part = |range: Range<usize>, is_writable| Segment {
            range: at + range.start..at + range.end,
            is_writable,
        };
        let segments = [part(0x1000..0x1800, false), part(0x2800..0x3010, true), part(0x3010..0x8000, true)];
        let line = |range: Range<usize>, rest: &str| {
            format!("{:08x}-{:08x} {rest}\n", at + range.start, at + range.end)
        };
        let before = line(0x1000..0x2000, "r-xp 00001000 08:01 7 /bin/x");
        let image = line(0x2000..0x3000, "r--p 00002000 08:01 7 /bin/x")
            + &line(0x3000..0x4000, "rw-p 00003000 08:01 7 /bin/x")
            + &line(0x4000..0x8000, "rw-p 00000000 00:00 0");
        let stranger = line(0x10000..0x11000, "rw-s 00000000 00:01 9 /dev/zero");
        let heap = line(0x20000..0x22000, "rw-p 00000000 00:00 0 [heap]");
        let behind = line(0x90000..0x91000, "rw-p 00000000 00:00 0");
        let planned = |lines: &[&String]| {
            plan(&segments, &parse(&lines.iter().map(|line| line.as_str()).collect::<String>()))
        };
        let (whole, pages) = planned(&[&before, &image, &heap, &behind]).unwrap();
        assert_eq!(whole, at + 0x2000..at + 0x22000);
        let expected = [
            (2, true),
            (3, true),
            (4, false),
            (5, false),
            (6, false),
            (7, false),
            (0x20, false),
            (0x21, false),
        ];
        assert_eq!(pages, expected.map(|(n, is_file)| (at + n * PAGE, is_file)));
        assert!(planned(&[&before, &image, &stranger, &heap]).is_none());
        assert!(planned(&[&before, &image, &behind]).is_none());
    }
}
