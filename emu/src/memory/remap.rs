//! mremap(2).

use super::region::{Backing, Region};
use super::{Layout, Memory, PLACEMENT_FLOOR, page_aligned, page_up};
use crate::addr::GuestAddr;
use crate::errno::Errno;

const MAYMOVE: u64 = 1;
const FIXED: u64 = 2;
const DONTUNMAP: u64 = 4;

impl Memory {
    /// mremap(2). `MREMAP_DONTUNMAP` is refused as by a kernel that does not have it, and so is the duplication of shared memory by an old length of 0.
    pub fn remap(
        &self,
        old: GuestAddr,
        old_len: u64,
        new_len: u64,
        flags: u64,
        new: GuestAddr,
    ) -> Result<GuestAddr, Errno> {
        let old_len = page_up(old_len).ok_or(Errno::EINVAL)?;
        let new_len = page_up(new_len).filter(|&len| len != 0).ok_or(Errno::EINVAL)?;
        let known = flags & !(MAYMOVE | FIXED | DONTUNMAP) == 0;
        let sound = flags & FIXED == 0 || flags & MAYMOVE != 0;
        if !known || !sound || flags & DONTUNMAP != 0 || !page_aligned(old.0) || old_len == 0 {
            return Err(Errno::EINVAL);
        }
        let mut layout = self.lock();
        if flags & FIXED != 0 {
            self.check_target(old.0, old_len, new.0, new_len)?;
        }
        // A part that is to go goes first, as in the kernel.
        if new_len < old_len {
            layout.whole(old.0, old_len)?;
            self.take_out(&mut layout, old.0 + new_len, old_len - new_len)?;
        }
        let kept = old_len.min(new_len);
        let region = layout.whole(old.0, kept)?;
        if flags & FIXED != 0 {
            return self.move_region(&mut layout, region, kept, new.0, new_len);
        }
        if new_len <= old_len {
            return Ok(old);
        }
        let at_end = region.start.0 + region.len == old.0 + old_len;
        let tail = (old.0 + old_len, new_len - old_len);
        let roomy = self.window.holds(old.0, new_len) && layout.regions.is_free(tail.0, tail.1);
        if at_end && roomy && self.grow_region(&mut layout, &region, old.0, old_len, new_len).is_ok() {
            return Ok(old);
        }
        if flags & MAYMOVE == 0 {
            return Err(Errno::ENOMEM);
        }
        let target = layout.place(0, new_len, self.size())?;
        let region = region_from(region, old.0);
        self.move_region(&mut layout, region, old_len, target, new_len)
    }

    fn check_target(&self, old: u64, old_len: u64, new: u64, new_len: u64) -> Result<(), Errno> {
        let apart = new.saturating_add(new_len) <= old || old.saturating_add(old_len) <= new;
        if !page_aligned(new) || !self.window.holds(new, new_len) || !apart {
            return Err(Errno::EINVAL);
        }
        if new < PLACEMENT_FLOOR { Err(Errno::EPERM) } else { Ok(()) }
    }

    fn take_out(&self, layout: &mut Layout, start: u64, len: u64) -> Result<(), Errno> {
        self.window.release(start, len)?;
        let code = layout.has_code(start, len);
        layout.regions.remove(start, len);
        if code {
            self.code_changed(start, len);
        }
        Ok(())
    }

    fn grow_region(
        &self,
        layout: &mut Layout,
        region: &Region,
        start: u64,
        len: u64,
        new_len: u64,
    ) -> Result<(), Errno> {
        match region.backing {
            // The host joins the two by itself.
            Backing::Anonymous(_) => {
                let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
                self.window.map(start + len, new_len - len, region.prot.host(), flags, None)?;
            }
            Backing::File { .. } => self.window.grow(start, len, new_len)?,
        }
        let mut tail = region_from(region.clone(), start + len);
        tail.len = new_len - len;
        self.put_in(layout, tail);
        Ok(())
    }

    fn move_region(
        &self,
        layout: &mut Layout,
        region: Region,
        len: u64,
        target: u64,
        new_len: u64,
    ) -> Result<GuestAddr, Errno> {
        let from = region.start.0;
        self.window.move_to(from, len, target, new_len)?;
        let code = layout.has_code(from, len);
        layout.regions.remove(from, len);
        if code {
            self.code_changed(from, len);
        }
        self.put_in(layout, Region { start: GuestAddr(target), len: new_len, ..region });
        Ok(GuestAddr(target))
    }

    fn put_in(&self, layout: &mut Layout, region: Region) {
        let (start, len) = (region.start.0, region.len);
        let code = region.prot.allows_code() || layout.has_code(start, len);
        layout.regions.insert(region);
        if code {
            self.code_changed(start, len);
        }
    }
}

impl Layout {
    /// The region that holds all of a range, from the range's start on; EFAULT if it takes more than one.
    fn whole(&self, start: u64, len: u64) -> Result<Region, Errno> {
        let region = self.regions.find(start).ok_or(Errno::EFAULT)?;
        if region.end() < start.saturating_add(len) {
            return Err(Errno::EFAULT);
        }
        Ok(region_from(region.clone(), start))
    }
}

/// The part of a region from `start` on; `start` may be its end.
fn region_from(mut region: Region, start: u64) -> Region {
    let cut = start - region.start.0;
    region.start = GuestAddr(start);
    region.len = region.len.saturating_sub(cut);
    if let Backing::File { offset, .. } = &mut region.backing {
        *offset = offset.wrapping_add(cut);
    }
    region
}
