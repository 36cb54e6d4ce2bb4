//! The guest's own limits on its memory, and what grows until it meets one: stacks.

use std::sync::atomic::Ordering;

use super::region::{Backing, STACK_GAP};
use super::{Layout, Marks, Memory, PAGE, PLACEMENT_FLOOR, Region};
use crate::addr::GuestAddr;
use crate::errno::Errno;

/// Limits in bytes: `RLIMIT_AS`, `RLIMIT_DATA` and `RLIMIT_STACK`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Of all mappings together.
    pub address_space: u64,
    /// Of the heap, and of all that is private and may be written.
    pub data: u64,
    /// Of each mapping that grows down.
    pub stack: u64,
}

impl Default for Bounds {
    fn default() -> Bounds {
        Bounds { address_space: u64::MAX, data: u64::MAX, stack: u64::MAX }
    }
}

/// What counts of the stack, which is mapped whole where the kernel lets it grow.
const STACK_SHARE: u64 = 132 << 10;

impl Memory {
    /// The guest's limits. That of the stack is what the loader has given it, until it is set.
    pub fn bounds(&self) -> Bounds {
        self.lock().bounds
    }

    /// Sets the guest's limits. What is mapped stays mapped, as in the kernel; the stack gets what more it may have now.
    pub fn set_bounds(&self, bounds: Bounds) {
        let grown = self.change(|layout| {
            let raised = bounds.stack > layout.bounds.stack;
            layout.bounds = bounds;
            if !raised {
                return Ok(());
            }
            let stack = layout.regions.iter().rev().find(|region| is_stack(region)).cloned();
            let Some(stack) = stack else { return Ok(()) };
            let lowest = layout.mmap_base + STACK_GAP;
            let start = stack.end().saturating_sub(bounds.stack).max(lowest) & !(PAGE - 1);
            if start < stack.start.0 && layout.regions.is_free(start, stack.start.0 - start) {
                self.extend_down(layout, &stack, start)?;
            }
            Ok(())
        });
        // It is no failure if there is no room: the stack then grows at its faults, as far as it can.
        let _ = grown;
    }

    /// Lets the region above `addr` grow down to it, if it is one that does: then an access that failed can be made again.
    pub fn grow_down(&self, addr: GuestAddr) -> bool {
        self.change(|layout| self.grow_down_locked(layout, addr.0)).is_ok()
    }

    /// How much of the address space is in use, as its limit counts it.
    pub fn used(&self) -> u64 {
        self.lock().regions.iter().map(counted).sum()
    }

    fn grow_down_locked(&self, layout: &mut Layout, addr: u64) -> Result<(), Errno> {
        let start = addr & !(PAGE - 1);
        let (below, above) = layout.regions.neighbours(addr);
        let above = above.filter(|above| above.marks.has(Marks::GROWS_DOWN)).ok_or(Errno::EFAULT)?;
        let taken = below.is_some_and(|below| {
            let apart = start.checked_sub(below.end());
            let open = below.prot.0 != 0 && !below.marks.has(Marks::GROWS_DOWN);
            apart.is_none_or(|apart| open && apart < STACK_GAP)
        });
        if taken || start < PLACEMENT_FLOOR || above.end() - start > layout.bounds.stack {
            return Err(Errno::ENOMEM);
        }
        let above = above.clone();
        layout.charge(above.start.0 - start, false)?;
        self.extend_down(layout, &above, start)
    }

    fn extend_down(&self, layout: &mut Layout, region: &Region, start: u64) -> Result<(), Errno> {
        let len = region.start.0 - start;
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
        self.window.map(start, len, region.prot.host(), flags, None)?;
        self.note_growing(start, region.backing == Backing::Anonymous(Some("[stack]")));
        layout.insert(Region { start: GuestAddr(start), len, ..region.clone() });
        Ok(())
    }

    /// A mapping that grows down begins here now.
    pub(super) fn note_growing(&self, start: u64, is_stack: bool) {
        if !is_stack {
            self.growing.store(start, Ordering::Relaxed);
        }
    }
}

impl Layout {
    /// Whether `growth` more bytes, which are data or not, are within the limits: ENOMEM.
    pub(super) fn charge(&self, growth: u64, is_data: bool) -> Result<(), Errno> {
        let sum = |wanted: fn(&Region) -> bool| -> u64 {
            self.regions.iter().filter(|region| wanted(region)).map(counted).sum()
        };
        let Bounds { address_space, data, .. } = self.bounds;
        let exceeds = |limit: u64, used: u64| used.saturating_add(growth) > limit;
        if growth != 0 && address_space != u64::MAX && exceeds(address_space, sum(|_| true)) {
            return Err(Errno::ENOMEM);
        }
        if is_data && growth != 0 && data != u64::MAX && exceeds(data, sum(Region::is_data)) {
            return Err(Errno::ENOMEM);
        }
        Ok(())
    }

    /// How much of a range is mapped.
    pub(super) fn mapped(&self, start: u64, len: u64) -> u64 {
        self.all_pieces(start, len).into_iter().map(|(_, len)| len).sum()
    }
}

fn is_stack(region: &Region) -> bool {
    region.marks.has(Marks::GROWS_DOWN) && region.backing == Backing::Anonymous(Some("[stack]"))
}

fn counted(region: &Region) -> u64 {
    if is_stack(region) { region.len.min(STACK_SHARE) } else { region.len }
}
