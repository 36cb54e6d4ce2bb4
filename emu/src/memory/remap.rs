//! mremap(2) and remap_file_pages(2).

use super::region::{Backing, Region};
use super::{Layout, Memory, PAGE, PLACEMENT_FLOOR, page_aligned, page_up};
use crate::addr::GuestAddr;
use crate::errno::Errno;

const MAYMOVE: u64 = 1;
const FIXED: u64 = 2;
const DONTUNMAP: u64 = 4;

impl Memory {
    /// remap_file_pages(2): pages of a shared mapping show another part of its file, from page `page` on.
    pub fn remap_file(&self, addr: GuestAddr, len: u64, page: u64) -> Result<(), Errno> {
        let start = addr.0 & !(PAGE - 1);
        let len = len & !(PAGE - 1);
        let offset = page.checked_mul(PAGE).filter(|offset| offset.checked_add(len).is_some());
        let offset = offset.filter(|_| len != 0 && self.window.holds(start, len)).ok_or(Errno::EINVAL)?;
        self.change(|layout| {
            let region = layout.regions.overlapping(start, len).next();
            // Linux takes neighbours of the same file too; whoever made them by this call remaps one at a time.
            let region = region
                .filter(|region| region.shared && region.start.0 <= start && start + len <= region.end());
            let Some(Region { backing: Backing::File { file, .. }, .. }) = region else {
                return Err(Errno::EINVAL);
            };
            let backing = Backing::File { file: file.clone(), offset };
            layout.unsealed(start, len)?;
            if layout.has_code(start, len) {
                layout.changed_code.push((start, len));
            }
            self.window.remap_file(start, len, page)?;
            Ok(layout.regions.update(start, len, |region| region.backing = backing.clone())?)
        })
    }

    /// mremap(2).
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
        let moves = flags & MAYMOVE != 0;
        let sound = moves || flags & (FIXED | DONTUNMAP) == 0;
        let keeps = flags & DONTUNMAP != 0;
        if !known || !sound || (keeps && old_len != new_len) || !page_aligned(old.0) {
            return Err(Errno::EINVAL);
        }
        let request = Request { old: old.0, old_len, new_len, flags, new: new.0 };
        self.change(|layout| self.remap_locked(layout, &request)).map(GuestAddr)
    }

    fn remap_locked(&self, layout: &mut Layout, request: &Request) -> Result<u64, Errno> {
        let &Request { old, old_len, new_len, .. } = request;
        if request.has(FIXED) {
            self.check_target(request)?;
            layout.unsealed(request.new, new_len)?;
        }
        layout.unsealed(old, old_len.max(PAGE))?;
        if old_len == 0 {
            return self.duplicate(layout, request);
        }
        // A part that is to go goes first, as in the kernel.
        if new_len < old_len {
            layout.whole(old, old_len)?;
            self.window.release(old + new_len, old_len - new_len)?;
            layout.remove(old + new_len, old_len - new_len);
        }
        let kept = old_len.min(new_len);
        let region = layout.whole(old, kept)?;
        let growth = if request.has(DONTUNMAP) { new_len } else { new_len - kept };
        layout.charge(growth, region.is_data())?;
        if !request.has(FIXED | DONTUNMAP) {
            if new_len <= old_len {
                return Ok(old);
            }
            let roomy =
                self.window.holds(old, new_len) && layout.regions.is_free(old + old_len, new_len - old_len);
            if region.len == old_len && roomy && self.grow_region(layout, &region, new_len).is_ok() {
                return Ok(old);
            }
            if !request.has(MAYMOVE) {
                return Err(Errno::ENOMEM);
            }
        }
        let target = self.target(layout, request)?;
        if request.has(DONTUNMAP) {
            self.each_piece(old, kept, |at, len| self.window.move_out(at, len, target + (at - old)))?;
        } else {
            self.move_pages(old, kept, target, new_len)?;
            layout.remove(old, kept);
        }
        layout.insert(Region { start: GuestAddr(target), len: new_len, ..region });
        Ok(target)
    }

    fn check_target(&self, request: &Request) -> Result<(), Errno> {
        let &Request { old, old_len, new_len, new, .. } = request;
        let apart = new.saturating_add(new_len) <= old || old.saturating_add(old_len) <= new;
        if !page_aligned(new) || !self.window.holds(new, new_len) || !apart {
            return Err(Errno::EINVAL);
        }
        if new < PLACEMENT_FLOOR { Err(Errno::EPERM) } else { Ok(()) }
    }

    /// Where a mapping goes that cannot stay.
    fn target(&self, layout: &Layout, request: &Request) -> Result<u64, Errno> {
        match request.has(FIXED) {
            true => Ok(request.new),
            // `MREMAP_DONTUNMAP` alone takes the new address as mmap(2) takes a hint.
            false if request.has(DONTUNMAP) => layout.place(request.new, request.new_len, self.size()),
            false => layout.place(0, request.new_len, self.size()),
        }
    }

    /// An old length of 0: shared memory is mapped once more.
    fn duplicate(&self, layout: &mut Layout, request: &Request) -> Result<u64, Errno> {
        let region = layout.regions.find(request.old).ok_or(Errno::EFAULT)?;
        if !region.shared {
            return Err(Errno::EINVAL);
        }
        if !request.has(MAYMOVE) {
            return Err(Errno::ENOMEM);
        }
        let region = region_from(region.clone(), request.old);
        layout.charge(request.new_len, false)?;
        let target = self.target(layout, request)?;
        self.window.duplicate(request.old, target, request.new_len)?;
        layout.insert(Region { start: GuestAddr(target), len: request.new_len, ..region });
        Ok(target)
    }

    /// Lets `region` become `new_len` bytes long where it is. A private mapping of a file cannot: what follows in the file is had
    /// by moving the mapping only.
    fn grow_region(&self, layout: &mut Layout, region: &Region, new_len: u64) -> Result<(), Errno> {
        let (start, len) = (region.start.0, region.len);
        match region.backing {
            // The host joins the two by itself.
            Backing::Anonymous(_) => {
                let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
                self.window.map(start + len, new_len - len, region.prot.host(), flags, None)?;
            }
            Backing::File { .. } if region.shared => self.window.grow_shared(start, len, new_len)?,
            Backing::File { .. } => return Err(Errno::ENOMEM),
        }
        layout.insert(Region { len: new_len, ..region.clone() });
        Ok(())
    }

    /// Moves the pages of one region.
    fn move_pages(&self, from: u64, len: u64, to: u64, new_len: u64) -> Result<(), Errno> {
        match self.window.move_to(from, len, to, new_len) {
            // One region may be several mappings to the host: pages from before and after a fork do not join.
            Err(Errno::EFAULT) => self.each_piece(from, len, |at, piece| {
                let more = if at + piece == from + len { new_len - len } else { 0 };
                self.window.move_to(at, piece, to + (at - from), piece + more)
            }),
            done => done,
        }
    }

    /// Does `work` on each of the host's mappings in a range.
    fn each_piece(
        &self,
        start: u64,
        len: u64,
        work: impl Fn(u64, u64) -> Result<(), Errno>,
    ) -> Result<(), Errno> {
        let borders = self.window.borders(start, len)?;
        let ends = borders.iter().skip(1).copied().chain([start + len]);
        borders.iter().zip(ends).try_for_each(|(&at, end)| work(at, end - at))
    }
}

/// What mremap(2) is asked for.
struct Request {
    old: u64,
    old_len: u64,
    new_len: u64,
    flags: u64,
    new: u64,
}

impl Request {
    fn has(&self, flag: u64) -> bool {
        self.flags & flag != 0
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
