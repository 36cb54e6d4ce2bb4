//! brk(2): the heap behind the program.

use super::region::{Backing, Marks, Region};
use super::{Layout, Memory, PAGE, Prot, page_up};
use crate::addr::GuestAddr;
use crate::errno::Errno;

impl Memory {
    /// Says where the heap begins; the loader calls it once.
    pub fn set_brk_start(&self, start: GuestAddr) {
        let mut layout = self.lock();
        let start = page_up(start.0).unwrap_or(0);
        (layout.brk_start, layout.brk_end) = (start, start);
    }

    /// brk(2) as the kernel has it: the break afterwards, which is the old one if the new one cannot be had.
    pub fn brk(&self, wanted: GuestAddr) -> GuestAddr {
        let moved = self.change(|layout| {
            self.move_break(layout, wanted.0)?;
            layout.brk_end = wanted.0;
            Ok(wanted)
        });
        moved.unwrap_or_else(|_| GuestAddr(self.lock().brk_end))
    }

    fn move_break(&self, layout: &mut Layout, wanted: u64) -> Result<(), Errno> {
        let old_top = page_up(layout.brk_end).ok_or(Errno::ENOMEM)?;
        let new_top = page_up(wanted).ok_or(Errno::ENOMEM)?;
        let heap = wanted.checked_sub(layout.brk_start).ok_or(Errno::EINVAL)?;
        if new_top > self.size() || heap > layout.bounds.data {
            return Err(Errno::ENOMEM);
        }
        let Some(growth) = new_top.checked_sub(old_top) else {
            layout.unsealed(new_top, old_top - new_top)?;
            self.window.release(new_top, old_top - new_top)?;
            layout.remove(new_top, old_top - new_top);
            return Ok(());
        };
        if growth == 0 {
            return Ok(());
        }
        // One page is kept free, so that the heap never touches what is above it.
        if !layout.regions.is_free(old_top, growth + PAGE) {
            return Err(Errno::ENOMEM);
        }
        layout.charge(growth, true)?;
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
        self.window.map(old_top, growth, Prot::READ_WRITE.host(), flags, None)?;
        if let Err(errno) = self.lock_new(layout, old_top, growth) {
            self.window.release(old_top, growth)?;
            return Err(errno);
        }
        layout.insert(Region {
            start: GuestAddr(old_top),
            len: growth,
            prot: Prot::READ_WRITE,
            shared: false,
            backing: Backing::Anonymous(Some("[heap]")),
            marks: Marks::NONE,
        });
        Ok(())
    }
}
