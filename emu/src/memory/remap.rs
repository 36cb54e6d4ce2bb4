//! mremap(2).

use super::region::{Backing, Region};
use super::{Layout, Memory, PLACEMENT_FLOOR, Prot, page_aligned, page_up};
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
        self.change(|layout| self.remap_locked(layout, (old.0, old_len), new_len, flags, new.0))
    }

    fn remap_locked(
        &self,
        layout: &mut Layout,
        (old, old_len): (u64, u64),
        new_len: u64,
        flags: u64,
        new: u64,
    ) -> Result<GuestAddr, Errno> {
        if flags & FIXED != 0 {
            self.check_target(old, old_len, new, new_len)?;
        }
        // A part that is to go goes first, as in the kernel.
        if new_len < old_len {
            layout.whole(old, old_len)?;
            self.window.release(old + new_len, old_len - new_len)?;
            layout.remove(old + new_len, old_len - new_len);
        }
        let kept = old_len.min(new_len);
        let region = layout.whole(old, kept)?;
        if flags & FIXED != 0 {
            return self.move_region(layout, region, kept, new, new_len);
        }
        if new_len <= old_len {
            return Ok(GuestAddr(old));
        }
        let at_end = region.len == old_len;
        let roomy =
            self.window.holds(old, new_len) && layout.regions.is_free(old + old_len, new_len - old_len);
        if at_end && roomy && self.grow_region(layout, &region, new_len).is_ok() {
            return Ok(GuestAddr(old));
        }
        if flags & MAYMOVE == 0 {
            return Err(Errno::ENOMEM);
        }
        let target = layout.place(0, new_len, self.size())?;
        self.move_region(layout, region, old_len, target, new_len)
    }

    fn check_target(&self, old: u64, old_len: u64, new: u64, new_len: u64) -> Result<(), Errno> {
        let apart = new.saturating_add(new_len) <= old || old.saturating_add(old_len) <= new;
        if !page_aligned(new) || !self.window.holds(new, new_len) || !apart {
            return Err(Errno::EINVAL);
        }
        if new < PLACEMENT_FLOOR { Err(Errno::EPERM) } else { Ok(()) }
    }

    /// Lets `region` become `new_len` bytes long where it is.
    fn grow_region(&self, layout: &mut Layout, region: &Region, new_len: u64) -> Result<(), Errno> {
        let (start, len) = (region.start.0, region.len);
        match region.backing {
            // The host joins the two by itself.
            Backing::Anonymous(_) => {
                let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
                self.window.map(start + len, new_len - len, region.prot.host(), flags, None)?;
            }
            Backing::File { .. } => self.window.grow(start, len, new_len)?,
        }
        layout.insert(Region { len: new_len, ..region.clone() });
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
        match self.window.move_to(from, len, target, new_len) {
            // One region may be several mappings to the host: pages from before and after a fork do not join.
            Err(Errno::EFAULT) if matches!(region.backing, Backing::Anonymous(_)) => {
                self.copy_region(&region, len, target, new_len)?;
            }
            moved => moved?,
        }
        layout.remove(from, len);
        layout.insert(Region { start: GuestAddr(target), len: new_len, ..region });
        Ok(GuestAddr(target))
    }
}

impl Memory {
    /// Moves private memory by copying it.
    fn copy_region(&self, region: &Region, len: u64, target: u64, new_len: u64) -> Result<(), Errno> {
        let from = region.start.0;
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
        self.window.map(target, new_len, Prot::READ_WRITE.host(), flags, None)?;
        self.window.protect(from, len, Prot::READ.host())?;
        self.copy_within(region.start, GuestAddr(target), len.min(new_len))?;
        self.window.protect(target, new_len, region.prot.host())?;
        self.window.release(from, len)
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

/// The part of a region from `start` on.
fn region_from(mut region: Region, start: u64) -> Region {
    let cut = start - region.start.0;
    region.start = GuestAddr(start);
    region.len -= cut;
    if let Backing::File { offset, .. } = &mut region.backing {
        *offset = offset.wrapping_add(cut);
    }
    region
}
