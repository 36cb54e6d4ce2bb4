//! Open `mem` and `pagemap` files: the host's, with addresses that are moved into the window; of `mem` as much as the guest has mapped there.
//!
//! The descriptor's number is kept among the emulator's own, so that only the calls that know of it (see
//! [`crate::syscall::args::AnyFd`]) take it: it can be duplicated, but not sent, and is closed by exec.

use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU64};

use super::place::{File, Place};
use super::record::Facts;
use super::{close, mapped};
use crate::errno::Errno;
use crate::memory::PAGE;
use crate::process::Process;
use crate::syscall::descriptors;
use crate::syscall::host::call_at_once;

/// A descriptor that shows the memory of a guest process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    fd: i32,
    pid: i32,
    /// Where in the host's file the guest's begins, and how long that is.
    base: u64,
    size: u64,
    is_pagemap: bool,
}

struct Slot {
    fd: AtomicI32,
    pid: AtomicI32,
    base: AtomicU64,
    size: AtomicU64,
    is_pagemap: AtomicBool,
}

/// How many may be open at a time.
const SLOTS: usize = 6;
const NONE: i32 = -1;

static OPEN: [Slot; SLOTS] = [const {
    Slot {
        fd: AtomicI32::new(NONE),
        pid: AtomicI32::new(0),
        base: AtomicU64::new(0),
        size: AtomicU64::new(0),
        is_pagemap: AtomicBool::new(false),
    }
}; SLOTS];

impl Shown {
    /// Makes `number`, pread64(2) or pwrite64(2), at an offset that is the guest's. EIO where nothing is mapped.
    pub fn at(
        self,
        process: &Process,
        number: i64,
        buffer: u64,
        count: u64,
        offset: i64,
    ) -> Result<u64, Errno> {
        let start = u64::try_from(offset).map_err(|_| Errno::EINVAL)?;
        let len = count.min(self.size.saturating_sub(start));
        let read = |len| call_at_once(number, [self.fd as u64, buffer, len, self.base + start, 0, 0]);
        if self.is_pagemap {
            return read(len);
        }
        // The host would also read what is only reserved, and what lies behind the window.
        match mapped(self.pid, process, start, len)? {
            0 if count != 0 => Err(Errno::EIO),
            len => read(len),
        }
    }

    /// The same where the file's position is, which moves on: read(2) and write(2).
    pub fn next(self, process: &Process, number: i64, buffer: u64, count: u64) -> Result<u64, Errno> {
        let position = self.seek(0, libc::SEEK_CUR)?;
        let done = self.at(process, number, buffer, count, position as i64)?;
        self.seek((position + done) as i64, libc::SEEK_SET)?;
        Ok(done)
    }

    /// lseek(2): the file has no end. The host's position is the guest's.
    pub fn seek(self, offset: i64, whence: i32) -> Result<u64, Errno> {
        call_at_once(libc::SYS_lseek, [self.fd as u64, offset as u64, whence as u64, 0, 0, 0])
    }
}

/// Takes `fd`, just opened on the host's file, for one that shows the window of this process. EMFILE if there are too many; it is
/// closed then.
pub(super) fn opened(fd: u64, place: &Place, facts: &Facts) -> Result<u64, Errno> {
    // A page's eight bytes in the one stand for what it has in the other.
    let is_pagemap = place.file == File::Pagemap;
    let scale = if is_pagemap { PAGE / 8 } else { 1 };
    let (base, size) = (facts.base / scale, facts.size / scale);
    Shown { fd: fd as i32, pid: place.pid, base, size, is_pagemap }.begin()
}

impl Shown {
    /// From here on the descriptor, which is open on the host's file, shows this.
    fn begin(self) -> Result<u64, Errno> {
        let Shown { fd, pid, base, size, is_pagemap } = self;
        let slot = OPEN.iter().find(|slot| slot.fd.compare_exchange(NONE, fd, Relaxed, Relaxed).is_ok());
        let Some(slot) = slot else {
            close(fd as u64);
            return Err(Errno::EMFILE);
        };
        slot.pid.store(pid, Relaxed);
        slot.base.store(base, Relaxed);
        slot.size.store(size, Relaxed);
        slot.is_pagemap.store(is_pagemap, Relaxed);
        descriptors::hide(fd);
        call_at_once(libc::SYS_fcntl, [fd as u64, libc::F_SETFD as u64, libc::FD_CLOEXEC as u64, 0, 0, 0])?;
        Ok(fd as u64)
    }

    /// Another descriptor, which the host has just made of this one, shows the same.
    pub fn duplicated(self, fd: u64) -> Result<u64, Errno> {
        Shown { fd: fd as i32, ..self }.begin()
    }
}

/// What a descriptor shows, if it is open on a `mem` file.
#[inline]
pub fn of(fd: i32) -> Option<Shown> {
    if !descriptors::is_reserved(fd) {
        return None;
    }
    let slot = OPEN.iter().find(|slot| slot.fd.load(Relaxed) == fd)?;
    Some(Shown {
        fd,
        pid: slot.pid.load(Relaxed),
        base: slot.base.load(Relaxed),
        size: slot.size.load(Relaxed),
        is_pagemap: slot.is_pagemap.load(Relaxed),
    })
}

/// Closes all of them, as exec does.
pub(super) fn close_all() {
    for slot in &OPEN {
        let fd = slot.fd.load(Relaxed);
        if fd != NONE {
            close_one(fd);
        }
    }
}

/// Closes one of them.
pub fn close_one(fd: i32) {
    close(fd as u64);
    closed(fd);
}

/// A descriptor is closed.
pub fn closed(fd: i32) {
    if of(fd).is_some() {
        descriptors::forget(fd);
        for slot in &OPEN {
            let _ = slot.fd.compare_exchange(fd, NONE, Relaxed, Relaxed);
        }
    }
}
