//! The reservation itself, and the host calls that change what is inside.
#![allow(
    unsafe_code,
    reason = "maps host pages; the contract: only addresses inside the window are ever passed to the host"
)]

use std::ffi::CStr;
use std::io;
use std::ptr::{null, null_mut};

use super::{MAX_BITS, PAGE};
use crate::errno::Errno;

/// Unmapped bytes on both sides.
const GUARD: u64 = 64 << 10;
/// Alignment of guest address 0, so that the host's huge pages are the guest's.
const ALIGN: u64 = 2 << 20;

/// A reserved range of host addresses.
pub(super) struct Window {
    base: *mut u8,
    size: u64,
    reservation: (*mut libc::c_void, usize),
}

// SAFETY: the pointer is an address, not a borrow; whoever dereferences it answers for that.
unsafe impl Send for Window {}
// SAFETY: as above; the methods are host calls, which are atomic.
unsafe impl Sync for Window {}

const RESERVED: i32 = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;

impl Window {
    pub(super) fn reserve(bits: u32) -> io::Result<Window> {
        if !(13..=MAX_BITS).contains(&bits) {
            return Err(io::Error::from_raw_os_error(libc::EINVAL));
        }
        let size = 1_u64 << bits;
        let total = (size + 2 * GUARD + ALIGN) as usize;
        let wish = place(bits) as *mut libc::c_void;
        // SAFETY: a new mapping, where the kernel finds room, touches nothing that exists.
        let start = unsafe { libc::mmap(wish, total, libc::PROT_NONE, RESERVED, -1, 0) };
        if start == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        let base = (start as u64 + GUARD).next_multiple_of(ALIGN) as *mut u8;
        Ok(Window { base, size, reservation: (start, total) })
    }

    pub(super) fn base(&self) -> *mut u8 {
        self.base
    }

    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// The first address behind the reservation at which tables of pages begin.
    pub(super) fn behind(&self) -> u64 {
        (self.reservation.0 as u64 + self.reservation.1 as u64).next_multiple_of(ALIGN)
    }

    /// Whether the range is inside.
    pub(super) fn holds(&self, addr: u64, len: u64) -> bool {
        addr.checked_add(len).is_some_and(|end| end <= self.size)
    }

    /// mmap(2) at exactly `addr`, over whatever is there.
    pub(super) fn map(
        &self,
        addr: u64,
        len: u64,
        prot: i32,
        flags: i32,
        file: Option<(i32, u64)>,
    ) -> Result<(), Errno> {
        let (fd, offset) = file.unwrap_or((-1, 0));
        let host = self.host(addr, len)?;
        // Both flags together mean MAP_FIXED_NOREPLACE.
        let flags = flags | libc::MAP_FIXED;
        // SAFETY: the range is inside the window, which holds guest pages only.
        let mapped = unsafe { libc::mmap(host, len as usize, prot, flags, fd, offset as i64) };
        if mapped == libc::MAP_FAILED { Err(Errno::last()) } else { Ok(()) }
    }

    /// Reserves a range again if a failed mmap(2) has left it empty; says whether it had.
    pub(super) fn refill(&self, addr: u64, len: u64) -> bool {
        self.map(addr, len, libc::PROT_NONE, RESERVED | libc::MAP_FIXED_NOREPLACE, None).is_ok()
    }

    /// Puts the reservation back.
    pub(super) fn release(&self, addr: u64, len: u64) -> Result<(), Errno> {
        self.map(addr, len, libc::PROT_NONE, RESERVED, None)
    }

    /// mprotect(2).
    pub(super) fn protect(&self, addr: u64, len: u64, prot: i32) -> Result<(), Errno> {
        let host = self.host(addr, len)?;
        // SAFETY: the range is inside the window.
        check(unsafe { libc::mprotect(host, len as usize, prot) })
    }

    /// remap_file_pages(2): the pages of a shared mapping come from `page` on.
    pub(super) fn remap_file(&self, addr: u64, len: u64, page: u64) -> Result<(), Errno> {
        let host = self.host(addr, len)?;
        // SAFETY: the range is inside the window, and what takes its place is the guest's as well.
        let result = unsafe { libc::syscall(libc::SYS_remap_file_pages, host, len, 0, page, 0) };
        check(result as i32)
    }

    /// madvise(2).
    pub(super) fn advise(&self, addr: u64, len: u64, advice: i32) -> Result<(), Errno> {
        let host = self.host(addr, len)?;
        // SAFETY: the range is inside the window; advice that would take the pages out of it is refused by the caller.
        check(unsafe { libc::madvise(host, len as usize, advice) })
    }

    /// mlock2(2).
    pub(super) fn lock(&self, addr: u64, len: u64, flags: u32) -> Result<(), Errno> {
        let host = self.host(addr, len)?;
        // SAFETY: it moves nothing, and the range is inside the window.
        check(unsafe { libc::mlock2(host, len as usize, flags) })
    }

    /// munlock(2).
    pub(super) fn unlock(&self, addr: u64, len: u64) -> Result<(), Errno> {
        let host = self.host(addr, len)?;
        // SAFETY: as above.
        check(unsafe { libc::munlock(host, len as usize) })
    }

    /// `PR_SET_VMA_ANON_NAME` of prctl(2).
    pub(super) fn name(&self, addr: u64, len: u64, name: Option<&CStr>) -> Result<(), Errno> {
        let host = self.host(addr, len)?;
        let name = name.map_or(null(), CStr::as_ptr);
        // SAFETY: it changes what a list says of the range, which is inside the window.
        check(unsafe { libc::prctl(libc::PR_SET_VMA, libc::PR_SET_VMA_ANON_NAME, host, len, name) })
    }

    /// Moves a mapping with mremap(2), over what is at `to`, and reserves where it was; at `to` it may be longer.
    pub(super) fn move_to(&self, from: u64, len: u64, to: u64, new_len: u64) -> Result<(), Errno> {
        let source = self.host(from, len)?;
        let target = self.host(to, new_len)?;
        // SAFETY: both ranges are inside the window and do not overlap (the kernel refuses if they do); what is elsewhere is
        // this function's own.
        unsafe {
            let moved = if new_len == len {
                remap(source, len, len, KEEP | libc::MREMAP_FIXED, target).map(drop)
            } else {
                // What stays mapped behind keeps its length, so the mapping grows on its way from a place in between.
                remap(source, len, len, KEEP, null_mut()).and_then(|between| {
                    remap(between, len, new_len, MOVE, target).map(drop).inspect_err(|_| {
                        if remap(between, len, len, MOVE, source).is_err() {
                            std::process::abort();
                        }
                    })
                })
            };
            match moved {
                Ok(()) => self.release(from, len),
                // Older kernels cannot keep what is not private and anonymous, nor can any when memory is short.
                Err(Errno::EINVAL | Errno::ENOMEM) => {
                    remap(source, len, new_len, MOVE, target)?;
                    self.close_hole(from, len);
                    Ok(())
                }
                Err(error) => Err(error),
            }
        }
    }

    /// As [`Window::move_to`], but zeroes, or what is in the file, stay mapped where the mapping was.
    pub(super) fn move_out(&self, from: u64, len: u64, to: u64) -> Result<(), Errno> {
        let (source, target) = (self.host(from, len)?, self.host(to, len)?);
        // SAFETY: both ranges are inside the window.
        unsafe { remap(source, len, len, KEEP | libc::MREMAP_FIXED, target) }.map(drop)
    }

    /// Maps what is mapped at `from`, which must be shared, once more, over what is at `to`.
    pub(super) fn duplicate(&self, from: u64, to: u64, len: u64) -> Result<(), Errno> {
        let (source, target) = (self.host(from, PAGE)?, self.host(to, len)?);
        // SAFETY: both are inside the window.
        unsafe { remap(source, 0, len, MOVE, target) }.map(drop)
    }

    /// Maps shared memory that lies outside, at host address `from`, once more, over what is at `addr`.
    pub(super) fn alias(&self, from: u64, addr: u64, len: u64, prot: i32) -> Result<(), Errno> {
        let target = self.host(addr, len)?;
        // SAFETY: the target is inside the window, and an old length of 0 leaves the source as it is.
        unsafe { remap(from as *mut libc::c_void, 0, len, MOVE, target) }?;
        self.protect(addr, len, prot)
    }

    /// Lets a shared mapping grow into reserved pages behind it. What it has stays where it is: others may be using it.
    pub(super) fn grow_shared(&self, addr: u64, len: u64, new_len: u64) -> Result<(), Errno> {
        let last = self.host(addr + len - PAGE, PAGE)?;
        let tail_len = new_len - len;
        let tail = self.host(addr + len, tail_len)?;
        // SAFETY: the source is inside the window, and the copy of it and of what follows is this function's own until the
        // part that follows takes the place of reserved pages.
        unsafe {
            let copy = remap(last, 0, PAGE + tail_len, libc::MREMAP_MAYMOVE, null_mut())?;
            let grown = remap(copy.wrapping_byte_add(PAGE as usize), tail_len, tail_len, MOVE, tail);
            let left = if grown.is_ok() { PAGE } else { PAGE + tail_len };
            libc::munmap(copy, left as usize);
            grown.map(drop)
        }
    }

    /// Where host mappings begin inside a range, the range's own start first: pages that are one region to the guest may not be
    /// one to the host.
    pub(super) fn borders(&self, addr: u64, len: u64) -> Result<Vec<u64>, Errno> {
        let range = self.base as u64 + addr..self.base as u64 + addr + len;
        let maps = std::fs::read_to_string("/proc/self/maps")?;
        let starts = maps.lines().filter_map(|line| u64::from_str_radix(line.split_once('-')?.0, 16).ok());
        let inside = starts.filter(|start| range.contains(start) && *start != range.start);
        Ok([range.start].into_iter().chain(inside).map(|start| start - self.base as u64).collect())
    }

    /// Reserves a range that has just been left. Should a mapping of the emulator's own have slipped in, the guest could
    /// reach it: there is no going on from there.
    fn close_hole(&self, addr: u64, len: u64) {
        if !self.refill(addr, len) {
            std::process::abort();
        }
    }

    fn host(&self, addr: u64, len: u64) -> Result<*mut libc::c_void, Errno> {
        if self.holds(addr, len) && addr.is_multiple_of(PAGE) {
            Ok(self.base.wrapping_add(addr as usize).cast())
        } else {
            Err(Errno::EINVAL)
        }
    }
}

/// Where a window would best begin; 0 is anywhere. A page of page tables spans 2 MiB, one of the next level 1 GiB, one of the next 512 GiB, and each fork
/// copies those in use. So a window of the usual size is put right behind the emulator itself and its heap, and what goes with it ([`Window::behind`])
/// right behind the window.
fn place(bits: u32) -> u64 {
    const SPAN: u64 = 1 << 39;
    /// For the heap to grow; when that is full the C library's allocator maps memory elsewhere.
    const HEAP: u64 = 64 << 20;
    // SAFETY: it changes nothing.
    let heap = unsafe { libc::sbrk(0) } as u64;
    if 1_u64 << bits < SPAN { (heap + HEAP).next_multiple_of(ALIGN) - GUARD } else { 0 }
}

impl Drop for Window {
    fn drop(&mut self) {
        // SAFETY: the reservation is ours, and nobody is left who could use it.
        unsafe { libc::munmap(self.reservation.0, self.reservation.1) };
    }
}

/// Moving to a place that is given.
const MOVE: i32 = libc::MREMAP_MAYMOVE | libc::MREMAP_FIXED;
/// Moving so that the old place stays mapped, and no mapping of another thread's can come to lie there.
const KEEP: i32 = libc::MREMAP_MAYMOVE | libc::MREMAP_DONTUNMAP;

/// mremap(2).
///
/// # Safety
/// Nobody needs what is at `to`, nor at `from` what will not be there any more.
unsafe fn remap(
    from: *mut libc::c_void,
    len: u64,
    new_len: u64,
    flags: i32,
    to: *mut libc::c_void,
) -> Result<*mut libc::c_void, Errno> {
    // SAFETY: by contract.
    let moved = unsafe { libc::mremap(from, len as usize, new_len as usize, flags, to) };
    if moved == libc::MAP_FAILED { Err(Errno::last()) } else { Ok(moved) }
}

fn check(result: i32) -> Result<(), Errno> {
    if result == 0 { Ok(()) } else { Err(Errno::last()) }
}
