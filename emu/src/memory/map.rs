//! mmap(2), munmap(2) and mprotect(2) inside the window.

use std::mem::MaybeUninit;
use std::os::fd::RawFd;
use std::path::PathBuf;
use std::sync::Arc;

use super::region::{Backing, FileId, Marks, Region};
use super::shared::Shared;
use super::{Layout, Memory, PLACEMENT_FLOOR, Prot, page_aligned, page_up};
use crate::addr::GuestAddr;
use crate::errno::Errno;
use crate::syscall::host::call_at_once;

/// `MAP_*` as riscv64 has them (asm-generic).
pub mod flags {
    #![allow(missing_docs, reason = "the names are mmap(2)'s")]
    pub const SHARED: u64 = 0x01;
    pub const PRIVATE: u64 = 0x02;
    pub const SHARED_VALIDATE: u64 = 0x03;
    pub const DROPPABLE: u64 = 0x08;
    pub const TYPE: u64 = 0x0f;
    pub const FIXED: u64 = 0x10;
    pub const ANONYMOUS: u64 = 0x20;
    pub const GROWSDOWN: u64 = 0x0100;
    pub const DENYWRITE: u64 = 0x0800;
    pub const EXECUTABLE: u64 = 0x1000;
    pub const LOCKED: u64 = 0x2000;
    pub const NORESERVE: u64 = 0x4000;
    pub const POPULATE: u64 = 0x8000;
    pub const NONBLOCK: u64 = 0x1_0000;
    pub const STACK: u64 = 0x2_0000;
    pub const HUGETLB: u64 = 0x4_0000;
    pub const SYNC: u64 = 0x8_0000;
    pub const FIXED_NOREPLACE: u64 = 0x10_0000;
    pub const HUGE_SIZE: u64 = 0x3f << 26;

    /// What goes to the host as it is; its numbers are the same. Addresses are chosen here, not there.
    pub(super) const HOST: u64 = TYPE | ANONYMOUS | LOCKED | NORESERVE | POPULATE | NONBLOCK | SYNC;

    /// All that `SHARED_VALIDATE` knows.
    pub(super) const KNOWN: u64 =
        HOST | FIXED | GROWSDOWN | DENYWRITE | EXECUTABLE | STACK | HUGETLB | HUGE_SIZE | FIXED_NOREPLACE;
}

/// What mmap(2) is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Mapping {
    /// A hint, or with `FIXED` and `FIXED_NOREPLACE` the address.
    pub addr: GuestAddr,
    /// Length in bytes.
    pub len: u64,
    /// Protection.
    pub prot: Prot,
    /// [`flags`].
    pub flags: u64,
    /// The file, unless `ANONYMOUS`.
    pub fd: RawFd,
    /// Where in the file.
    pub offset: u64,
    /// What to call private memory in /proc/PID/maps that is no file to the guest.
    pub name: Option<&'static str>,
}

impl Mapping {
    /// Private zeroes of `len` bytes, anywhere.
    pub const fn anonymous(len: u64, prot: Prot) -> Mapping {
        let flags = flags::PRIVATE | flags::ANONYMOUS;
        Mapping { addr: GuestAddr(0), len, prot, flags, fd: -1, offset: 0, name: None }
    }

    /// The same at exactly `addr`, in place of what is there.
    #[must_use]
    pub const fn at(mut self, addr: GuestAddr) -> Mapping {
        self.addr = addr;
        self.flags |= flags::FIXED;
        self
    }

    /// The same under a name.
    #[must_use]
    pub const fn named(mut self, name: &'static str) -> Mapping {
        self.name = Some(name);
        self
    }

    /// The same, but for what is in it: that of a file in memory, which the guest does not see.
    #[must_use]
    pub(crate) const fn of_memory(mut self, file: RawFd) -> Mapping {
        self.flags &= !flags::ANONYMOUS;
        self.fd = file;
        self
    }

    fn has(&self, flag: u64) -> bool {
        self.flags & flag != 0
    }

    fn is_private(&self) -> bool {
        matches!(self.flags & flags::TYPE, flags::PRIVATE | flags::DROPPABLE)
    }
}

impl Memory {
    /// mmap(2).
    pub fn map(&self, request: &Mapping) -> Result<GuestAddr, Errno> {
        self.map_known(request, None)
    }

    /// The same, of a file that need not be asked who it is.
    pub fn map_known(&self, request: &Mapping, file: Option<&Arc<FileId>>) -> Result<GuestAddr, Errno> {
        self.map_from(request, file, None)
    }

    /// Maps memory of the emulator's own, from byte `at` on, which the caller knows to be as long. The guest sees it as `file`.
    pub(crate) fn map_shared(
        &self,
        request: &Mapping,
        file: &Arc<FileId>,
        (memory, at): (&Shared, u64),
    ) -> Result<GuestAddr, Errno> {
        self.map_from(request, Some(file), Some(memory.address(at)))
    }

    fn map_from(
        &self,
        request: &Mapping,
        file: Option<&Arc<FileId>>,
        shared_at: Option<u64>,
    ) -> Result<GuestAddr, Errno> {
        if !page_aligned(request.offset) {
            return Err(Errno::EINVAL);
        }
        let backing = match file {
            Some(file) => Some(Backing::File { file: file.clone(), offset: request.offset }),
            None => self.backing(request)?,
        };
        let len = self.check(request)?;
        self.deny.check(None, request.prot)?;
        let shared = !request.is_private();
        let marks = if request.has(flags::GROWSDOWN) { Marks::GROWS_DOWN } else { Marks::NONE };
        self.change(|layout| {
            let start = self.choose(layout, request, len)?;
            layout.unsealed(start, len)?;
            let is_data = !shared && request.prot.allows(Prot::WRITE) && marks == Marks::NONE;
            layout.charge(len - layout.mapped(start, len), is_data)?;
            let backing = backing.unwrap_or_else(|| layout.new_shared());
            let host_flags = (request.flags & flags::HOST) as i32;
            let file = (!request.has(flags::ANONYMOUS)).then_some((request.fd, request.offset));
            let mapped = match shared_at {
                Some(from) => self.window.alias(from, start, len, request.prot.host()),
                None => self.window.map(start, len, request.prot.host(), host_flags, file),
            };
            if let Err(errno) = mapped {
                if self.window.refill(start, len) {
                    layout.remove(start, len);
                }
                return Err(errno);
            }
            if let Err(errno) = self.lock_new(layout, start, len) {
                self.window.release(start, len)?;
                layout.remove(start, len);
                return Err(errno);
            }
            if marks.has(Marks::GROWS_DOWN) {
                self.note_growing(start, request.name.is_some());
            }
            layout.insert(Region {
                start: GuestAddr(start),
                len,
                prot: request.prot,
                shared,
                backing,
                marks,
            });
            Ok(GuestAddr(start))
        })
    }

    /// munmap(2).
    pub fn unmap(&self, addr: GuestAddr, len: u64) -> Result<(), Errno> {
        let len = page_up(len).filter(|&len| len != 0).ok_or(Errno::EINVAL)?;
        if !page_aligned(addr.0) || !self.window.holds(addr.0, len) {
            return Err(Errno::EINVAL);
        }
        self.change(|layout| {
            layout.unsealed(addr.0, len)?;
            if !layout.regions.is_free(addr.0, len) {
                self.window.release(addr.0, len)?;
                layout.remove(addr.0, len);
            }
            Ok(())
        })
    }

    /// mprotect(2).
    pub fn protect(&self, addr: GuestAddr, len: u64, prot: Prot) -> Result<(), Errno> {
        if !page_aligned(addr.0) {
            return Err(Errno::EINVAL);
        }
        let len = page_up(len).ok_or(Errno::ENOMEM)?;
        if len == 0 {
            return Ok(());
        }
        if !self.window.holds(addr.0, len) {
            return Err(Errno::ENOMEM);
        }
        self.change(|layout| {
            layout.unsealed(addr.0, len)?;
            if prot.allows(Prot::WRITE) {
                layout.charge_new_data(addr.0, len)?;
            }
            if prot.allows(Prot::EXEC) || layout.has_code(addr.0, len) {
                layout.changed_code.push((addr.0, len));
            }
            // Region by region up to the first hole: the reservation in a hole must not become accessible.
            for (start, len) in layout.mapped_pieces(addr.0, len) {
                let old = layout.regions.overlapping(start, len).next().map(|region| region.prot);
                self.deny.check(old, prot)?;
                self.window.protect(start, len, prot.host())?;
            }
            Ok(layout.regions.update(addr.0, len, |region| region.prot = prot)?)
        })
    }

    /// The checks that need no lock; the length in whole pages.
    fn check(&self, request: &Mapping) -> Result<u64, Errno> {
        let kind = request.flags & flags::TYPE;
        let validated = kind == flags::SHARED_VALIDATE && !request.has(flags::ANONYMOUS);
        let droppable = kind == flags::DROPPABLE && request.has(flags::ANONYMOUS);
        if !matches!(kind, flags::SHARED | flags::PRIVATE) && !validated && !droppable || request.len == 0 {
            return Err(Errno::EINVAL);
        }
        if validated && request.flags & !flags::KNOWN != 0 {
            return Err(Errno::EOPNOTSUPP);
        }
        // Only private zeroes grow.
        if request.has(flags::GROWSDOWN) && (kind != flags::PRIVATE || !request.has(flags::ANONYMOUS)) {
            return Err(Errno::EINVAL);
        }
        // No huge pages are set aside for the guest: the answer of a machine that has none.
        if request.has(flags::HUGETLB) && request.has(flags::ANONYMOUS) {
            return Err(Errno::ENOMEM);
        }
        let len = page_up(request.len).filter(|&len| len <= self.size()).ok_or(Errno::ENOMEM)?;
        if request.offset.checked_add(len).is_none_or(|end| end > i64::MAX as u64) {
            return Err(Errno::EOVERFLOW);
        }
        Ok(len)
    }

    /// `None` for anonymous shared memory, which gets its identity under the lock.
    fn backing(&self, request: &Mapping) -> Result<Option<Backing>, Errno> {
        if request.name.is_some() {
            return Ok(Some(Backing::Anonymous(request.name)));
        }
        if !request.has(flags::ANONYMOUS) {
            let file = Arc::new(identify(request.fd)?);
            return Ok(Some(Backing::File { file, offset: request.offset }));
        }
        Ok(request.is_private().then_some(Backing::Anonymous(request.name)))
    }

    fn choose(&self, layout: &Layout, request: &Mapping, len: u64) -> Result<u64, Errno> {
        if !request.has(flags::FIXED | flags::FIXED_NOREPLACE) {
            return layout.place(request.addr.0, len, self.size());
        }
        let start = request.addr.0;
        if !page_aligned(start) {
            return Err(Errno::EINVAL);
        }
        if !self.window.holds(start, len) {
            return Err(Errno::ENOMEM);
        }
        if start < PLACEMENT_FLOOR {
            return Err(Errno::EPERM);
        }
        if request.has(flags::FIXED_NOREPLACE) && !layout.regions.is_free(start, len) {
            return Err(Errno::EEXIST);
        }
        Ok(start)
    }
}

impl Layout {
    /// An identity for anonymous shared memory, as /proc/PID/maps shows it.
    fn new_shared(&mut self) -> Backing {
        let inode = self.next_shared;
        self.next_shared += 1;
        let file = FileId { path: PathBuf::from("/dev/zero (deleted)"), dev: 1, inode, version: None };
        Backing::File { file: Arc::new(file), offset: 0 }
    }

    /// Whether what becomes data in a range that may be written now is within the limits.
    fn charge_new_data(&self, start: u64, len: u64) -> Result<(), Errno> {
        if self.bounds.data == u64::MAX {
            return Ok(());
        }
        let becomes =
            |region: &&Region| !region.shared && !region.is_data() && !region.marks.has(Marks::GROWS_DOWN);
        let end = start + len;
        let growth = |region: &Region| region.end().min(end) - region.start.0.max(start);
        let growth = self.regions.overlapping(start, len).filter(becomes).map(growth).sum::<u64>();
        let used: u64 = self.regions.iter().filter(|region| region.is_data()).map(|region| region.len).sum();
        if used.saturating_add(growth) > self.bounds.data { Err(Errno::ENOMEM) } else { Ok(()) }
    }

    /// The mapped pieces of a range, each cut to it.
    pub(super) fn all_pieces(&self, start: u64, len: u64) -> Vec<(u64, u64)> {
        let end = start + len;
        let cut = |region: &Region| {
            let from = region.start.0.max(start);
            (from, region.end().min(end) - from)
        };
        self.regions.overlapping(start, len).map(cut).collect()
    }

    /// The mapped pieces of a range up to its first hole.
    fn mapped_pieces(&self, start: u64, len: u64) -> Vec<(u64, u64)> {
        let mut at = start;
        let adjoins = |&(from, len): &(u64, u64)| {
            let adjoins = from == at;
            at = from + len;
            adjoins
        };
        self.all_pieces(start, len).into_iter().take_while(adjoins).collect()
    }
}

/// Name, device and inode of an open file.
#[allow(unsafe_code, reason = "the descriptor is a number of the guest's")]
fn identify(fd: RawFd) -> Result<FileId, Errno> {
    if fd < 0 {
        return Err(Errno::EBADF);
    }
    let mut stat = MaybeUninit::<libc::stat>::uninit();
    // SAFETY: `stat` is as large as the kernel writes.
    if unsafe { libc::fstat(fd, stat.as_mut_ptr()) } != 0 {
        return Err(Errno::last());
    }
    // SAFETY: fstat(2) has succeeded, so all of it is written.
    let stat = unsafe { stat.assume_init() };
    let is_main = call_at_once(libc::SYS_gettid, [0; 6]) == Ok(std::process::id().into());
    // For another thread, which may have descriptors of its own, the host makes four more entries of /proc.
    let own = if is_main { "self" } else { "thread-self" };
    let path = std::fs::read_link(format!("/proc/{own}/fd/{fd}")).unwrap_or_default();
    // What the guest maps itself is not asked for again: see [`super::unchanged`].
    Ok(FileId { path, dev: stat.st_dev, inode: stat.st_ino, version: None })
}
