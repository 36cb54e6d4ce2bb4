//! userfaultfd(2): who has the descriptor hears of faults in the guest's memory and fills it. The host's kernel does that for the window's pages;
//! addresses are moved on their way in, and in messages on their way out.
//!
//! A thread whose access has to wait does so in the kernel, wherever it is. So nobody may come to such a page with a lock that another thread needs
//! to fill it: code is decoded under one, so pages that may be executed are not watched; and a change of the map holds the map's, so there
//! are no messages of those (`UFFD_FEATURE_EVENT_*`).

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::args::{Addr, Flags, IoVec, host_pointer};
use super::names::FdFlags;
use super::{descriptors, host};
use crate::addr::GuestAddr;
use crate::debug;
use crate::errno::Errno;
use crate::memory::Memory;
use crate::task::Task;

/// A request of ioctl(2) on such a descriptor.
#[derive(Clone, Copy, Debug)]
pub enum Request {
    /// `USERFAULTFD_IOC_NEW`, of /dev/userfaultfd: a descriptor.
    New,
    /// What the kernel can do.
    Api,
    /// Pages are watched from now on.
    Register,
    /// A structure of so many words: a range, and what has been done in the last one if there are more than two.
    Range(usize),
    /// One that is not to be had.
    Unknown,
    /// A structure of five words: to where, from where, how much, how, and what has been done.
    Copy,
}

/// `UFFD_FEATURE_*`: not the messages about changes of the map (fork, mremap, MADV_REMOVE, munmap), nor what is about the host's page
/// map (`WP_ASYNC`), nor poison.
const FEATURES: u64 = 0x1_ffff & !(1 << 1 | 1 << 2 | 1 << 3 | 1 << 6 | 1 << 14 | 1 << 15);
/// `_UFFDIO_POISON`, among the requests that a range may be given.
const POISON: u64 = 1 << 8;

/// The device that such files are on; 0 before the first.
static DEVICE: AtomicU64 = AtomicU64::new(0);

/// userfaultfd(2).
pub fn userfaultfd(task: &mut Task, flags: Flags<FdFlags>) -> Result<u64, Errno> {
    let fd = host::call(libc::SYS_userfaultfd, [flags.0, 0, 0, 0, 0, 0])?;
    made(task, fd);
    Ok(fd)
}

fn made(task: &Task, fd: u64) {
    if let Some(device) = device(fd as i32) {
        DEVICE.store(device, Relaxed);
    }
    debug::withhold_memory(&task.process);
}

/// Whether the process has made such a descriptor, or one that it descends from has.
pub fn is_used() -> bool {
    DEVICE.load(Relaxed) != 0
}

fn device(fd: i32) -> Option<u64> {
    let mut stat = [0_u64; size_of::<libc::stat>() / 8];
    host::call_at_once(libc::SYS_fstat, [fd as u64, stat.as_mut_ptr() as u64, 0, 0, 0, 0]).ok()?;
    Some(stat[0])
}

/// Whether messages come from this descriptor.
#[inline]
pub fn is(fd: i32) -> bool {
    let known = DEVICE.load(Relaxed);
    known != 0 && is_on(fd, known)
}

#[cold]
fn is_on(fd: i32, known: u64) -> bool {
    let link = || std::fs::read_link(format!("/proc/thread-self/fd/{fd}"));
    !descriptors::is_reserved(fd)
        && device(fd) == Some(known)
        && link().is_ok_and(|link| link.as_os_str() == "anon_inode:[userfaultfd]")
}

/// `struct uffd_msg`.
const MESSAGE: usize = 32;
const PAGEFAULT: u8 = 0x12;

/// read(2) and readv(2) of messages. They are told when they are the guest's.
pub fn read(task: &Task, fd: i32, places: &[IoVec]) -> Result<u64, Errno> {
    const AT_ONCE: u64 = 256 * MESSAGE as u64;
    let memory = &task.process.memory;
    let room = places.iter().fold(0_u64, |sum, place| sum.saturating_add(place.len)).min(AT_ONCE);
    let mut messages = vec![0_u8; room as usize];
    let buffer = messages.as_mut_ptr() as u64;
    let read = host::call(libc::SYS_read, [fd as u64, buffer, room, 0, 0, 0])? as usize;
    for message in messages[..read].chunks_exact_mut(MESSAGE) {
        if message[0] == PAGEFAULT {
            let mut address = [0; 8];
            address.copy_from_slice(&message[16..24]);
            let address = u64::from_le_bytes(address).wrapping_sub(memory.base() as u64);
            message[16..24].copy_from_slice(&address.to_le_bytes());
        }
    }
    let mut left = &messages[..read];
    for place in places {
        let (now, later) = left.split_at(left.len().min(place.len as usize));
        memory.write(GuestAddr(place.base), now)?;
        left = later;
    }
    Ok(read as u64)
}

/// ioctl(2).
pub fn ioctl(task: &Task, fd: u64, number: u32, request: Request, at: Addr) -> Result<u64, Errno> {
    let memory = &task.process.memory;
    let call = |argument: u64| host::call(libc::SYS_ioctl, [fd, u64::from(number), argument, 0, 0, 0]);
    let words = match request {
        Request::New => {
            // As the call's row says.
            task.process.require_host_exec();
            return call(at.0.0).inspect(|&fd| made(task, fd));
        }
        // What the kernel says of what it does not know, to a descriptor that it knows.
        Request::Unknown => return if is(fd as i32) { Err(Errno::EINVAL) } else { call(0) },
        Request::Api => return api(memory, at.0, call),
        Request::Register => 4,
        Request::Range(words) => words,
        Request::Copy => 5,
    };
    let mut structure = [0_u64; 5];
    let structure = &mut structure[..words];
    memory.read(at.0, bytemuck::cast_slice_mut(structure))?;
    let start = GuestAddr(structure[0]);
    let len = if matches!(request, Request::Copy) { structure[2] } else { structure[1] };
    if matches!(request, Request::Register) {
        may_be_watched(memory, start, len)?;
    }
    structure[0] = host_pointer(memory, start, len);
    if matches!(request, Request::Copy) {
        structure[1] = host_pointer(memory, GuestAddr(structure[1]), len);
    }
    let last = words - 1;
    let before = structure[last];
    let result = call(structure.as_mut_ptr() as u64);
    // Also after a failure: how far it went.
    if words > 3 && structure[last] != before {
        if matches!(request, Request::Register) {
            structure[last] &= !POISON;
        }
        memory.put(at.0.offset(last as u64 * 8), &structure[last])?;
    }
    result
}

/// `UFFDIO_API`: what is asked for must be there.
fn api(memory: &Memory, at: GuestAddr, call: impl Fn(u64) -> Result<u64, Errno>) -> Result<u64, Errno> {
    let mut api: [u64; 3] = memory.get(at)?;
    if api[1] & !FEATURES != 0 {
        memory.put(at, &[0_u64; 3])?;
        return Err(Errno::EINVAL);
    }
    let result = call(api.as_mut_ptr() as u64);
    api[1] &= FEATURES;
    memory.put(at, &api)?;
    result
}

/// The range begins with what is mapped, and has no code.
fn may_be_watched(memory: &Memory, start: GuestAddr, len: u64) -> Result<(), Errno> {
    let end = start.0.checked_add(len).ok_or(Errno::EINVAL)?;
    let begins = memory.region_at(start).is_some();
    if begins && !memory.has_code(start, end - start.0) { Ok(()) } else { Err(Errno::EINVAL) }
}
