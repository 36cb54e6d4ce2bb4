//! Segments of System V shared memory inside the window (shmat(2), shmdt(2)).

use std::path::PathBuf;
use std::sync::Arc;

use bytemuck::Zeroable;

use super::region::{Backing, FileId, Marks, Region};
use super::{Layout, Memory, PAGE, PLACEMENT_FLOOR, Prot, page_aligned, page_up};
use crate::addr::GuestAddr;
use crate::errno::Errno;
use crate::syscall::host::call_at_once;
use crate::syscall::layout::SharedSegment;

const RDONLY: u64 = 0o10000;
const RND: u64 = 0o20000;
const REMAP: u64 = 0o40000;
const EXEC: u64 = 0o100000;

/// The device on which Linux keeps shared memory that no file system shows: nothing that has a path of its own is there.
const SHARED_MEMORY_DEVICE: u64 = 1;

impl Memory {
    /// shmat(2): maps segment `id` at `addr`, or where there is room if it is 0.
    pub fn attach_shared(&self, id: i32, addr: GuestAddr, flags: u64) -> Result<GuestAddr, Errno> {
        if id < 0 {
            return Err(Errno::EINVAL);
        }
        let at = attachment(addr.0, flags)?;
        let segment = segment(id)?;
        let len = page_up(segment.size).filter(|&len| len <= self.size()).ok_or(Errno::ENOMEM)?;
        let write = if flags & RDONLY == 0 { Prot::WRITE } else { Prot::NONE };
        let execute = if flags & EXEC != 0 { Prot::EXEC } else { Prot::NONE };
        let prot = Prot::READ.with(write).with(execute);
        self.change(|layout| {
            let start = self.choose_attachment(layout, at, len, flags)?;
            // The reservation is a mapping to the host's kernel, so it always has to be told to replace one.
            let host_flags = flags & RDONLY | REMAP;
            let host = self.base() as u64 + start;
            if let Err(errno) = call_at_once(libc::SYS_shmat, [id as u64, host, host_flags, 0, 0, 0]) {
                if self.window.refill(start, len) {
                    layout.remove(start, len);
                }
                return Err(errno);
            }
            let path = PathBuf::from(format!("/SYSV{:08x} (deleted)", segment.permissions.key));
            let file = FileId { path, dev: SHARED_MEMORY_DEVICE, inode: id as u64, version: None };
            let backing = Backing::File { file: Arc::new(file), offset: 0 };
            let (start_addr, marks) = (GuestAddr(start), Marks::NONE);
            layout.insert(Region { start: start_addr, len, prot, shared: true, backing, marks });
            Ok(GuestAddr(start))
        })
    }

    /// shmdt(2): takes out what is left of the segment that was attached at `addr`.
    pub fn detach_shared(&self, addr: GuestAddr) -> Result<(), Errno> {
        if !page_aligned(addr.0) {
            return Err(Errno::EINVAL);
        }
        self.change(|layout| {
            let pieces = layout.attached_at(addr.0);
            if pieces.is_empty() {
                return Err(Errno::EINVAL);
            }
            for (start, len) in pieces {
                self.window.release(start, len)?;
                layout.remove(start, len);
            }
            Ok(())
        })
    }

    fn choose_attachment(&self, layout: &Layout, at: u64, len: u64, flags: u64) -> Result<u64, Errno> {
        if at == 0 {
            return layout.place(0, len, self.size());
        }
        if !self.window.holds(at, len) || flags & REMAP == 0 && !layout.regions.is_free(at, len) {
            return Err(Errno::EINVAL);
        }
        if at < PLACEMENT_FLOOR { Err(Errno::EPERM) } else { Ok(at) }
    }
}

impl Layout {
    /// What is mapped of the segment whose first byte was attached at `start`. Parts of it may have gone, been protected otherwise or
    /// been mapped over.
    fn attached_at(&self, start: u64) -> Vec<(u64, u64)> {
        let offset_and_file = |region: &Region| match &region.backing {
            Backing::File { file, offset } if is_segment(file) => Some((*offset, file.clone())),
            _ => None,
        };
        let mut found: Option<Arc<FileId>> = None;
        let mut pieces = Vec::new();
        for region in self.regions.overlapping(start, u64::MAX - start) {
            let Some((offset, file)) = offset_and_file(region) else { continue };
            let of_this = region.start.0.wrapping_sub(offset) == start
                && found.as_ref().is_none_or(|found| Arc::ptr_eq(found, &file));
            if of_this {
                pieces.push((region.start.0, region.len));
                found = Some(file);
            }
        }
        pieces
    }
}

fn is_segment(file: &FileId) -> bool {
    file.dev == SHARED_MEMORY_DEVICE && file.path.as_os_str().as_encoded_bytes().starts_with(b"/SYSV")
}

/// The address that is asked for, rounded if the flags allow it; 0 if any will do.
fn attachment(addr: u64, flags: u64) -> Result<u64, Errno> {
    let at = if flags & RND != 0 { addr & !(PAGE - 1) } else { addr };
    let nowhere = at == 0 && flags & REMAP != 0;
    if nowhere || !page_aligned(at) { Err(Errno::EINVAL) } else { Ok(at) }
}

/// What the host's kernel says of a segment; it asks for the permission that attaching needs too.
fn segment(id: i32) -> Result<SharedSegment, Errno> {
    let mut segment = SharedSegment::zeroed();
    let args = [id as u64, libc::IPC_STAT as u64, std::ptr::from_mut(&mut segment) as u64, 0, 0, 0];
    call_at_once(libc::SYS_shmctl, args)?;
    Ok(segment)
}
