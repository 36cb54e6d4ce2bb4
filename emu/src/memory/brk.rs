//! brk(2): the heap behind the program.

use super::region::{Backing, Region};
use super::{Memory, PAGE, Prot, page_up};
use crate::addr::GuestAddr;

impl Memory {
    /// Says where the heap begins; the loader calls it once.
    pub fn set_brk_start(&self, start: GuestAddr) {
        let mut layout = self.lock();
        let start = page_up(start.0).unwrap_or(0);
        (layout.brk_start, layout.brk_end) = (start, start);
    }

    /// brk(2) as the kernel has it: the break afterwards, which is the old one if the new one cannot be had.
    pub fn brk(&self, wanted: GuestAddr) -> GuestAddr {
        let mut layout = self.lock();
        let now = layout.brk_end;
        let (Some(old_top), Some(new_top)) = (page_up(now), page_up(wanted.0)) else { return GuestAddr(now) };
        if wanted.0 < layout.brk_start || new_top > self.size() {
            return GuestAddr(now);
        }
        let done = match new_top.checked_sub(old_top) {
            Some(0) => true,
            // One page is kept free, so that the heap never touches what is above it.
            Some(growth) if !layout.regions.is_free(old_top, growth + PAGE) => false,
            Some(growth) => {
                let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
                let mapped = self.window.map(old_top, growth, Prot::READ_WRITE.host(), flags, None);
                if mapped.is_ok() {
                    layout.regions.insert(Region {
                        start: GuestAddr(old_top),
                        len: growth,
                        prot: Prot::READ_WRITE,
                        shared: false,
                        backing: Backing::Anonymous(Some("[heap]")),
                    });
                }
                mapped.is_ok()
            }
            None => {
                let released = self.window.release(new_top, old_top - new_top);
                if released.is_ok() {
                    layout.regions.remove(new_top, old_top - new_top);
                }
                released.is_ok()
            }
        };
        if done {
            layout.brk_end = wanted.0;
        }
        GuestAddr(layout.brk_end)
    }
}
