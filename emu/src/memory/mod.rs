//! The guest's memory: one reserved window of host addresses, and the map of what is in it.
//!
//! Guest address `a` lives at `base() + a`. The window is reserved once (`PROT_NONE`, no swap promised) with guard pages around it, and
//! stays reserved: unmapping puts the reservation back, so that no mapping of the emulator's own can ever come to lie inside. Protection is the
//! host's: a guest page that may be read is readable on the host, and a wrong access is a host fault, which the engine and
//! [`access`] turn into the guest's. Guest pages that may be executed are readable on the host, never executable.
//!
//! The layout follows Linux on Sv39 (Documentation/arch/riscv/vm-layout.rst) without randomisation: the stack under the top, mappings from
//! below the stack downwards, a position-independent program at two thirds of the space, the heap behind the program.

pub mod access;
mod advice;
mod bounds;
mod brk;
mod deny;
mod map;
pub mod mirror;
mod placement;
pub mod region;
mod remap;
pub mod shared;
mod sysv;
mod unchanged;
mod window;
mod written;

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

pub use bounds::Bounds;
pub use map::{Mapping, flags};
pub use placement::PLACEMENT_FLOOR;
pub use region::{Backing, FileId, Marks, Region};
pub use unchanged::{Unchanged, Version};
pub(crate) use written::Search;

use crate::addr::GuestAddr;
use crate::errno::Errno;
use crate::trap::{Access, FaultKind};
use region::RegionMap;
use window::Window;

/// Size of a guest page, and of a host page.
pub const PAGE: u64 = 4096;

/// Bits of a user address that Sv39 gives.
pub const SV39_BITS: u32 = 38;

/// The widest window that can be asked for: with the engine's slots, which take eight times as much, it has to fit into the
/// host's own user space of 2^47.
pub const MAX_BITS: u32 = 43;

/// What a guest page may be used for: `PROT_*`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Prot(pub u8);

impl Prot {
    /// `PROT_NONE`.
    pub const NONE: Prot = Prot(0);
    /// `PROT_READ`.
    pub const READ: Prot = Prot(1);
    /// `PROT_WRITE`.
    pub const WRITE: Prot = Prot(2);
    /// `PROT_EXEC`.
    pub const EXEC: Prot = Prot(4);
    /// `PROT_READ | PROT_WRITE`.
    pub const READ_WRITE: Prot = Prot(3);
    /// `PROT_READ | PROT_EXEC`.
    pub const READ_EXEC: Prot = Prot(5);

    /// The low three bits of a `prot` argument.
    pub const fn from_bits(bits: u64) -> Prot {
        Prot((bits & 7) as u8)
    }

    /// Whether all of `other` is allowed. A page that may be written or executed may be read: RISC-V reserves write-only pages, and the
    /// host cannot have execute-only ones.
    pub const fn allows(self, other: Prot) -> bool {
        let effective = if self.0 != 0 { self.0 | 1 } else { 0 };
        effective & other.0 == other.0
    }

    /// Both.
    #[must_use]
    pub const fn with(self, other: Prot) -> Prot {
        Prot(self.0 | other.0)
    }

    /// The host's protection for a guest page: readable if it may be used at all, writable as it says, never executable.
    const fn host(self) -> i32 {
        match (self.0, self.0 & Prot::WRITE.0) {
            (0, _) => libc::PROT_NONE,
            (_, 0) => libc::PROT_READ,
            _ => libc::PROT_READ | libc::PROT_WRITE,
        }
    }
}

/// What may happen to code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeKind {
    /// Nothing but what a [`CodeObserver`] hears of.
    Constant,
    /// It can be written, here or where it is shared: `fence.i` says when it was.
    Written,
}

/// Called with (start, length) when executable pages appear, change or go.
pub type CodeObserver = Box<dyn Fn(GuestAddr, u64) + Send + Sync>;

/// The memory of one guest process.
#[repr(align(64))]
pub struct Memory {
    window: Window,
    layout: Mutex<Layout>,
    code_observer: OnceLock<CodeObserver>,
    /// Where the mapping begins that was last made to grow down; 0 if none was. The stack is not meant: it has grown already.
    growing: AtomicU64,
    /// Whether any page was ever kept back from children, or is wiped for them: a fork looks no further if not.
    keeps_back: AtomicBool,
    deny: deny::Deny,
}

/// A memory whose map nobody changes.
pub struct Quiet<'a> {
    _layout: MutexGuard<'a, Layout>,
}

/// What the lock guards: where everything is.
struct Layout {
    regions: RegionMap,
    /// Mappings without an address go below this.
    mmap_base: u64,
    brk_start: u64,
    brk_end: u64,
    /// Ranges whose code has changed while the lock was held.
    changed_code: Vec<(u64, u64)>,
    /// The guest's own limits.
    bounds: Bounds,
    /// With which flags of mlock2(2) what is mapped is locked at once, if it is (`MCL_FUTURE`).
    locks: Option<u32>,
    /// Names of anonymous shared memory, so that two neighbours are not taken for one.
    next_shared: u64,
}

impl Memory {
    /// Reserves a window of 2^`bits` bytes (12 < `bits` ≤ [`MAX_BITS`]).
    pub fn reserve(bits: u32) -> io::Result<Memory> {
        let window = Window::reserve(bits)?;
        let (layout, code_observer) = (Mutex::new(Layout::empty(window.size())), OnceLock::new());
        Ok(Memory {
            window,
            layout,
            code_observer,
            growing: AtomicU64::new(0),
            keeps_back: AtomicBool::new(false),
            deny: deny::Deny::default(),
        })
    }

    /// Takes everything out: the memory is as [`Memory::reserve`] made it. Nobody hears of the code that goes, and what other processes see is
    /// left to the next [`Memory::show_in`].
    pub(crate) fn clear(&self) -> Result<(), Errno> {
        let mut layout = self.lock();
        self.window.release(0, self.size())?;
        *layout = Layout::empty(self.size());
        self.growing.store(0, Relaxed);
        self.keeps_back.store(false, Relaxed);
        self.deny.set(0);
        Ok(())
    }

    /// Host address of guest address 0.
    pub fn base(&self) -> *mut u8 {
        self.window.base()
    }

    /// A host address behind the window, for what is reserved to go with it: the host's tables of pages are shared then.
    pub fn behind(&self) -> u64 {
        self.window.behind()
    }

    /// Size of the window; the host pages for at least 64 KiB behind it are never mapped, so that an access that begins inside cannot reach anything.
    pub fn size(&self) -> u64 {
        self.window.size()
    }

    /// Registers who must hear of changed code: called after every change of the map that touches executable pages (before or after it), before
    /// anybody else can change or ask the map. Only the first registration counts.
    pub fn observe_code(&self, observer: CodeObserver) {
        let _ = self.code_observer.set(observer);
    }

    /// The region that holds `addr`.
    pub fn region_at(&self, addr: GuestAddr) -> Option<Region> {
        self.lock().regions.find(addr.0).cloned()
    }

    /// All regions, by address.
    pub fn regions(&self) -> Vec<Region> {
        self.lock().regions.iter().cloned().collect()
    }

    /// Whether the guest can write to memory that other processes may have too.
    pub(crate) fn shares_writable(&self) -> bool {
        self.lock().regions.iter().any(|region| region.shared && region.prot.allows(Prot::WRITE))
    }

    /// Shows the map to other processes from now on.
    pub fn show_in(&self, mirror: mirror::Mirror) {
        self.lock().regions.show_in(mirror);
    }

    /// Whether the guest may execute at `addr`.
    pub fn fetchable(&self, addr: GuestAddr) -> bool {
        self.code_at(addr).is_some()
    }

    /// What code there is at `addr`, if the guest may execute it.
    pub fn code_at(&self, addr: GuestAddr) -> Option<CodeKind> {
        let layout = self.lock();
        let region = layout.regions.find(addr.0).filter(|region| region.prot.allows(Prot::EXEC))?;
        let written = region.prot.allows(Prot::WRITE) || region.shared;
        Some(if written { CodeKind::Written } else { CodeKind::Constant })
    }

    /// Whether any of a range may be executed.
    pub(crate) fn has_code(&self, addr: GuestAddr, len: u64) -> bool {
        self.lock().has_code(addr.0, len)
    }

    /// Why an access that the host refused was wrong.
    pub fn classify(&self, addr: GuestAddr, access: Access) -> FaultKind {
        let wanted = match access {
            Access::Read => Prot::READ,
            Access::Write => Prot::WRITE,
            Access::Execute => Prot::EXEC,
        };
        match self.lock().regions.find(addr.0) {
            None => FaultKind::Unmapped,
            Some(region) if !region.prot.allows(wanted) => FaultKind::Protection,
            Some(_) => FaultKind::PastEnd,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Layout> {
        self.layout.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the map, then tells who must hear of changed code, all in one to other threads.
    fn change<T>(&self, work: impl FnOnce(&mut Layout) -> Result<T, Errno>) -> Result<T, Errno> {
        let mut layout = self.lock();
        let result = work(&mut layout);
        if let Some(observer) = self.code_observer.get() {
            layout.changed_code.iter().for_each(|&(start, len)| observer(GuestAddr(start), len));
        }
        layout.changed_code.clear();
        result
    }

    /// Keeps everybody else from changing the map, for a fork: while the answer lives, the map and the host's mappings are one. The
    /// engine's lock ([`crate::engine::Engine::quiesce`]) is taken after.
    pub fn quiesce(&self) -> Quiet<'_> {
        Quiet { _layout: self.lock() }
    }
}

impl Layout {
    /// Nothing, in a window of that size.
    fn empty(window: u64) -> Layout {
        Layout {
            regions: RegionMap::default(),
            mmap_base: placement::mmap_base(window, placement::DEFAULT_STACK),
            brk_start: 0,
            brk_end: 0,
            changed_code: Vec::new(),
            bounds: Bounds::default(),
            locks: None,
            next_shared: 1,
        }
    }

    /// Enters a region in place of what was there.
    fn insert(&mut self, region: Region) {
        let (start, len) = (region.start.0, region.len);
        if region.prot.allows(Prot::EXEC) || self.has_code(start, len) {
            self.changed_code.push((start, len));
        }
        self.regions.insert(region);
    }

    /// Takes a range out.
    fn remove(&mut self, start: u64, len: u64) {
        if self.has_code(start, len) {
            self.changed_code.push((start, len));
        }
        self.regions.remove(start, len);
    }

    /// EPERM if any of a range is sealed.
    fn unsealed(&self, start: u64, len: u64) -> Result<(), Errno> {
        let sealed = self.regions.any_in(start, len, |region| region.marks.has(Marks::SEALED));
        if sealed { Err(Errno::EPERM) } else { Ok(()) }
    }

    fn has_code(&self, start: u64, len: u64) -> bool {
        self.regions.any_in(start, len, |region| region.prot.allows(Prot::EXEC))
    }
}

/// Rounds a length up to whole pages; `None` when it does not fit into 64 bits.
pub(crate) fn page_up(len: u64) -> Option<u64> {
    Some(len.checked_add(PAGE - 1)? & !(PAGE - 1))
}

/// Whether an address is at the start of a page.
pub(crate) const fn page_aligned(addr: u64) -> bool {
    addr & (PAGE - 1) == 0
}

impl std::fmt::Debug for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Memory")
            .field("base", &self.base())
            .field("size", &self.size())
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Quiet<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Quiet").finish_non_exhaustive()
    }
}

impl From<region::Hole> for Errno {
    fn from(_: region::Hole) -> Errno {
        Errno::ENOMEM
    }
}

#[cfg(test)]
mod tests;
