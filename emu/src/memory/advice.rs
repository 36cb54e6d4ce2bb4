//! madvise(2) and mseal(2).

use std::ffi::CStr;
use std::sync::atomic::Ordering;

use super::{Layout, Marks, Memory, Prot, Region, page_aligned, page_up};
use crate::addr::GuestAddr;
use crate::errno::Errno;

const MADV_DONTNEED_LOCKED: i32 = 24;
const MADV_COLLAPSE: i32 = 25;
const MADV_GUARD_INSTALL: i32 = 102;
const MADV_GUARD_REMOVE: i32 = 103;

/// What the host is asked to do. Advice that would harm the machine (`MADV_HWPOISON`, `MADV_SOFT_OFFLINE`) is unknown.
const HOST: [i32; 23] = [
    libc::MADV_NORMAL,
    libc::MADV_RANDOM,
    libc::MADV_SEQUENTIAL,
    libc::MADV_WILLNEED,
    libc::MADV_DONTNEED,
    libc::MADV_FREE,
    libc::MADV_REMOVE,
    libc::MADV_MERGEABLE,
    libc::MADV_UNMERGEABLE,
    libc::MADV_HUGEPAGE,
    libc::MADV_NOHUGEPAGE,
    libc::MADV_DONTDUMP,
    libc::MADV_DODUMP,
    libc::MADV_WIPEONFORK,
    libc::MADV_KEEPONFORK,
    libc::MADV_COLD,
    libc::MADV_PAGEOUT,
    libc::MADV_POPULATE_READ,
    libc::MADV_POPULATE_WRITE,
    MADV_DONTNEED_LOCKED,
    MADV_COLLAPSE,
    MADV_GUARD_INSTALL,
    MADV_GUARD_REMOVE,
];

/// What takes a page's contents away.
const DISCARDING: [i32; 7] = [
    libc::MADV_DONTNEED,
    libc::MADV_FREE,
    libc::MADV_REMOVE,
    libc::MADV_DONTFORK,
    libc::MADV_WIPEONFORK,
    MADV_DONTNEED_LOCKED,
    MADV_GUARD_INSTALL,
];

impl Memory {
    /// madvise(2). A page that a child is not to get is unmapped by [`Memory::forked`], since its place must stay reserved.
    pub fn advise(&self, addr: GuestAddr, len: u64, advice: i32) -> Result<(), Errno> {
        let ours = matches!(advice, libc::MADV_DONTFORK | libc::MADV_DOFORK);
        if !(ours || HOST.contains(&advice)) || !page_aligned(addr.0) {
            return Err(Errno::EINVAL);
        }
        let len = page_up(len).ok_or(Errno::EINVAL)?;
        let end = addr.0.checked_add(len).ok_or(Errno::EINVAL)?;
        if len == 0 {
            return Ok(());
        }
        if end > self.size() {
            return Err(Errno::ENOMEM);
        }
        if matches!(advice, libc::MADV_POPULATE_READ | libc::MADV_POPULATE_WRITE) {
            return self.populate(addr.0, len, advice);
        }
        let discards = DISCARDING.contains(&advice);
        let work = |layout: &mut Layout| {
            if discards && layout.regions.any_in(addr.0, len, is_sealed_against_discarding) {
                return Err(Errno::EPERM);
            }
            if discards && layout.has_code(addr.0, len) {
                layout.changed_code.push((addr.0, len));
            }
            if matches!(advice, libc::MADV_DONTFORK | libc::MADV_WIPEONFORK) {
                self.keeps_back.store(true, Ordering::Relaxed);
            }
            for (start, len) in layout.all_pieces(addr.0, len) {
                match advice {
                    libc::MADV_DONTFORK => {
                        layout.mark(start, len, |marks| marks.with(Marks::NOT_FORKED));
                    }
                    libc::MADV_DOFORK => layout.mark(start, len, |marks| marks.without(Marks::NOT_FORKED)),
                    _ => self.window.advise(start, len, advice)?,
                }
            }
            if layout.regions.covers(addr.0, len) { Ok(()) } else { Err(Errno::ENOMEM) }
        };
        self.change(work)
    }

    /// It may have to wait for somebody who fills the pages: with no lock held.
    fn populate(&self, start: u64, len: u64, advice: i32) -> Result<(), Errno> {
        let layout = self.lock();
        let (pieces, is_whole) = (layout.all_pieces(start, len), layout.regions.covers(start, len));
        drop(layout);
        for (start, len) in pieces {
            self.window.advise(start, len, advice)?;
        }
        if is_whole { Ok(()) } else { Err(Errno::ENOMEM) }
    }

    /// Whether nothing need be done but what the host does, whenever that is.
    pub fn may_be_advised(&self, addr: GuestAddr, len: u64, advice: i32) -> bool {
        let Some(len) = page_up(len).filter(|_| HOST.contains(&advice) && page_aligned(addr.0)) else {
            return false;
        };
        let layout = self.lock();
        let discards = DISCARDING.contains(&advice);
        let is_ours =
            |region: &Region| is_sealed_against_discarding(region) || region.prot.allows(Prot::EXEC);
        addr.0.checked_add(len).is_some()
            && layout.regions.covers(addr.0, len)
            && !(discards && layout.regions.any_in(addr.0, len, is_ours))
    }

    /// mlockall(2): locks what there is, what will be, or both. The flags are mlock2(2)'s.
    pub fn lock_all(&self, current: bool, future: bool, flags: u32) {
        let mut layout = self.lock();
        layout.locks = future.then_some(flags);
        for region in layout.regions.iter().filter(|_| current) {
            // Of a stack what is in use: it is mapped as far as it may grow.
            let flags = if region.marks.has(Marks::GROWS_DOWN) { libc::MLOCK_ONFAULT } else { flags };
            // Pages that cannot be had now are no error, as with the kernel.
            let _ = self.window.lock(region.start.0, region.len, flags);
        }
    }

    /// munlockall(2).
    pub fn unlock_all(&self) {
        let mut layout = self.lock();
        layout.locks = None;
        for region in layout.regions.iter() {
            let _ = self.window.unlock(region.start.0, region.len);
        }
    }

    /// Locks what has just been mapped, if that is to be. EAGAIN if it may not.
    pub(super) fn lock_new(&self, layout: &Layout, start: u64, len: u64) -> Result<(), Errno> {
        match layout.locks.map(|flags| self.window.lock(start, len, flags)) {
            // ENOMEM is said of memory that is not there as well as of too much.
            Some(Err(Errno::EPERM | Errno::EAGAIN)) => Err(Errno::EAGAIN),
            _ => Ok(()),
        }
    }

    /// `PR_SET_VMA_ANON_NAME`: names anonymous memory, or takes the name away. EBADF for what is a file's.
    pub fn name(&self, addr: GuestAddr, len: u64, name: Option<&CStr>) -> Result<(), Errno> {
        let len = page_up(len).filter(|_| page_aligned(addr.0)).ok_or(Errno::EINVAL)?;
        let end = addr.0.checked_add(len).ok_or(Errno::EINVAL)?;
        if len == 0 {
            return Ok(());
        }
        if end > self.size() {
            return Err(Errno::ENOMEM);
        }
        self.change(|layout| {
            for (start, len) in layout.all_pieces(addr.0, len) {
                self.window.name(start, len, name)?;
            }
            if layout.regions.covers(addr.0, len) { Ok(()) } else { Err(Errno::ENOMEM) }
        })
    }

    /// mseal(2).
    pub fn seal(&self, addr: GuestAddr, len: u64) -> Result<(), Errno> {
        let len = page_up(len).ok_or(Errno::EINVAL)?;
        if !page_aligned(addr.0) || addr.0.checked_add(len).is_none() {
            return Err(Errno::EINVAL);
        }
        self.change(|layout| {
            if !layout.regions.covers(addr.0, len) {
                return Err(Errno::ENOMEM);
            }
            layout.mark(addr.0, len, |marks| marks.with(Marks::SEALED));
            Ok(())
        })
    }

    /// In a forked child: unmaps what it does not get, and denies what it inherits.
    pub fn forked(&self) {
        // What stays as it is is not written: it would be copied.
        if self.deny.inherited() != self.deny.get() {
            self.deny.set(self.deny.inherited());
        }
        // A child's memory is not locked. Who has locked nothing writes nothing here.
        let mut layout = self.lock();
        if layout.locks.is_some() {
            layout.locks = None;
        }
        drop(layout);
        if !self.keeps_back.load(Ordering::Relaxed) {
            return;
        }
        let unmapped = self.change(|layout| {
            let kept_back = |region: &&Region| region.marks.has(Marks::NOT_FORKED);
            let gone: Vec<_> = layout.regions.iter().filter(kept_back).map(|r| (r.start.0, r.len)).collect();
            for (start, len) in gone {
                self.window.release(start, len)?;
                layout.remove(start, len);
            }
            Ok(())
        });
        // The host has no memory for the books of its mappings: the child keeps what is left.
        let _ = unmapped;
    }
}

impl Layout {
    /// Changes the marks of a range without holes.
    fn mark(&mut self, start: u64, len: u64, change: impl Fn(Marks) -> Marks) {
        let marked = self.regions.update(start, len, |region| region.marks = change(region.marks));
        debug_assert!(marked.is_ok());
    }
}

/// Whether a seal keeps the contents: that of what is private and may not be written.
fn is_sealed_against_discarding(region: &Region) -> bool {
    region.marks.has(Marks::SEALED) && !region.shared && !region.prot.allows(Prot::WRITE)
}
