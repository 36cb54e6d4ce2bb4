//! Where mappings without an address of their own go.

use super::{Layout, Memory, PAGE};
use crate::addr::GuestAddr;
use crate::errno::Errno;

/// Nothing is mapped below: the host's usual `vm.mmap_min_addr`.
pub const PLACEMENT_FLOOR: u64 = 0x1_0000;

/// The stack that the layout reckons with until the loader says otherwise.
pub(super) const DEFAULT_STACK: u64 = 8 << 20;

/// The kernel leaves at least this much for the stack (arch/riscv/mm, `MIN_GAP`), so that `setrlimit` still finds room.
const MIN_STACK_GAP: u64 = 128 << 20;

/// Where mappings begin, downwards, when the stack may become `stack` bytes long.
pub(super) fn mmap_base(window: u64, stack: u64) -> u64 {
    let gap = stack.saturating_add(1 << 20).clamp(MIN_STACK_GAP.min(window / 8), window / 6 * 5);
    (window - gap) & !(PAGE - 1)
}

impl Memory {
    /// The address behind the stack. The last page, which the kernel keeps empty, has the vDSO.
    pub fn stack_top(&self) -> GuestAddr {
        GuestAddr(self.size() - PAGE)
    }

    /// Where the kernel loads a position-independent program (`ELF_ET_DYN_BASE`): two thirds of the space.
    pub fn pie_base(&self) -> GuestAddr {
        GuestAddr((self.size() / 3 * 2) & !(PAGE - 1))
    }

    /// Where mappings begin, downwards; above it is the stack's.
    pub fn mapping_base(&self) -> GuestAddr {
        GuestAddr(self.lock().mmap_base)
    }

    /// Makes room for a stack that may grow to `stack` bytes: later mappings go below it.
    pub fn set_stack_limit(&self, stack: u64) {
        let mut layout = self.lock();
        layout.mmap_base = mmap_base(self.size(), stack);
        layout.bounds.stack = stack;
    }
}

impl Layout {
    /// A place for `len` bytes: at the hint when it is free, else as high as possible below the mapping base, else anywhere.
    pub(super) fn place(&self, hint: u64, len: u64, window: u64) -> Result<u64, Errno> {
        let hint = hint & !(PAGE - 1);
        let hint_fits = hint >= PLACEMENT_FLOOR && hint.checked_add(len).is_some_and(|end| end <= window);
        if hint_fits && self.regions.is_free(hint, len) {
            return Ok(hint);
        }
        self.regions
            .highest_gap(len, PLACEMENT_FLOOR, self.mmap_base)
            .or_else(|| self.regions.highest_gap(len, PLACEMENT_FLOOR, window - PAGE))
            .ok_or(Errno::ENOMEM)
    }
}
