//! The calls that change or ask about the address space. [`crate::memory::Memory`] does the work and tells the engine.

use nix::sys::resource::{Resource, getrlimit};

use super::args::{Addr, Arg, Call, Fd, Flags, Size, Word, host_pointer};
use super::names::{
    FlushFlags, LockAllFlags, LockFlags, MapFlags, MemoryAdvice, Prot as ProtNames, RemapFlags, SyncFlags,
};
use super::{host, uring};
use crate::addr::GuestAddr;
use crate::errno::Errno;
use crate::memory::flags::ANONYMOUS;
use crate::memory::{Mapping, Marks, PAGE, Prot};
use crate::task::Task;

/// brk(2): the break, changed if that was possible.
pub fn brk(task: &mut Task, address: Addr) -> Result<u64, Errno> {
    Ok(task.process.memory.brk(address.0).0)
}

/// mmap(2).
pub fn mmap(
    task: &mut Task,
    address: Addr,
    len: Size,
    prot: Flags<ProtNames>,
    flags: Flags<MapFlags>,
    fd: Fd,
    offset: Word,
) -> Result<u64, Errno> {
    let memory = &task.process.memory;
    let call = Call { memory, raw: &[0; 6], result: None };
    let request = Mapping {
        addr: address.0,
        len: len.0,
        prot: Prot::from_bits(prot.0),
        flags: flags.0,
        fd: fd.host(&call) as i32,
        offset: offset.0,
        name: None,
    };
    if flags.0 & ANONYMOUS == 0
        && let Some(ring) = uring::of(fd.0)
    {
        return ring.map(memory, &request).map(|address| address.0);
    }
    memory.map(&request).map(|address| address.0)
}

/// munmap(2).
pub fn munmap(task: &mut Task, address: Addr, len: Size) -> Result<u64, Errno> {
    task.process.memory.unmap(address.0, len.0).map(|()| 0)
}

/// mprotect(2).
pub fn mprotect(task: &mut Task, address: Addr, len: Size, prot: Flags<ProtNames>) -> Result<u64, Errno> {
    let memory = &task.process.memory;
    let asked = prot.0 & !(PROT_SEM | PROT_GROWSDOWN | PROT_GROWSUP);
    if asked & !7 != 0 || prot.0 & PROT_GROWSUP != 0 || !address.0.0.is_multiple_of(PAGE) {
        return Err(Errno::EINVAL);
    }
    let (mut start, mut len) = (address.0, len.0);
    if prot.0 & PROT_GROWSDOWN != 0 && len != 0 {
        let region = memory.region_at(start).ok_or(Errno::ENOMEM)?;
        if !region.marks.has(Marks::GROWS_DOWN) {
            return Err(Errno::EINVAL);
        }
        len = len.saturating_add(start.0 - region.start.0);
        start = region.start;
    }
    memory.protect(start, len, Prot::from_bits(asked)).map(|()| 0)
}

const PROT_SEM: u64 = 8;
const PROT_GROWSDOWN: u64 = 0x0100_0000;
const PROT_GROWSUP: u64 = 0x0200_0000;

/// mseal(2).
pub fn mseal(task: &mut Task, address: Addr, len: Size, flags: Word) -> Result<u64, Errno> {
    if flags.0 != 0 {
        return Err(Errno::EINVAL);
    }
    task.process.memory.seal(address.0, len.0).map(|()| 0)
}

/// remap_file_pages(2).
pub fn remap_file_pages(
    task: &mut Task,
    address: Addr,
    len: Size,
    prot: Flags<ProtNames>,
    page: Word,
    _: Flags<MapFlags>,
) -> Result<u64, Errno> {
    if prot.0 != 0 {
        return Err(Errno::EINVAL);
    }
    task.process.memory.remap_file(address.0, len.0, page.0).map(|()| 0)
}

/// mremap(2).
pub fn mremap(
    task: &mut Task,
    old: Addr,
    old_len: Size,
    new_len: Size,
    flags: Flags<RemapFlags>,
    new: Addr,
) -> Result<u64, Errno> {
    task.process.memory.remap(old.0, old_len.0, new_len.0, flags.0, new.0).map(|address| address.0)
}

/// madvise(2).
pub fn madvise(task: &mut Task, address: Addr, len: Size, advice: Flags<MemoryAdvice>) -> Result<u64, Errno> {
    task.process.memory.advise(address.0, len.0, advice.0 as i32).map(|()| 0)
}

/// A call on whole mapped pages that the host does in place. What is not mapped in the guest is reserved on the host, so holes are
/// found here: ENOMEM.
fn in_place(task: &Task, number: i64, address: Addr, len: u64, third: u64) -> Result<u64, Errno> {
    let memory = &task.process.memory;
    let start = address.0.0 & !(PAGE - 1);
    let end = address
        .0
        .0
        .checked_add(len)
        .and_then(|end| end.checked_next_multiple_of(PAGE))
        .ok_or(Errno::EINVAL)?;
    if start < end && !memory.is_mapped(GuestAddr(start), end - start) {
        return Err(Errno::ENOMEM);
    }
    let pointer = memory.host_range(address.0, len).map_err(|_| Errno::ENOMEM)? as u64;
    host::call(number, [pointer, len, third, 0, 0, 0])
}

/// msync(2).
pub fn msync(task: &mut Task, address: Addr, len: Size, flags: Flags<SyncFlags>) -> Result<u64, Errno> {
    let both = (libc::MS_ASYNC | libc::MS_SYNC) as u64;
    let known = both | libc::MS_INVALIDATE as u64;
    if !address.0.0.is_multiple_of(PAGE) || flags.0 & !known != 0 || flags.0 & both == both {
        return Err(Errno::EINVAL);
    }
    in_place(task, libc::SYS_msync, address, len.0, flags.0)
}

/// mlock(2).
pub fn mlock(task: &mut Task, address: Addr, len: Size) -> Result<u64, Errno> {
    in_place(task, libc::SYS_mlock, address, len.0, 0)
}

/// mlock2(2).
pub fn mlock2(task: &mut Task, address: Addr, len: Size, flags: Flags<LockFlags>) -> Result<u64, Errno> {
    in_place(task, libc::SYS_mlock2, address, len.0, flags.0)
}

/// munlock(2).
pub fn munlock(task: &mut Task, address: Addr, len: Size) -> Result<u64, Errno> {
    in_place(task, libc::SYS_munlock, address, len.0, 0)
}

/// mlockall(2), of the guest's memory: the emulator's own stays as it is.
pub fn mlockall(task: &mut Task, flags: Flags<LockAllFlags>) -> Result<u64, Errno> {
    let known = (libc::MCL_CURRENT | libc::MCL_FUTURE | libc::MCL_ONFAULT) as u64;
    if flags.0 == 0 || flags.0 & !known != 0 || flags.0 == libc::MCL_ONFAULT as u64 {
        return Err(Errno::EINVAL);
    }
    if !nix::unistd::geteuid().is_root() {
        let (limit, _) = getrlimit(Resource::RLIMIT_MEMLOCK).unwrap_or_default();
        if limit == 0 {
            return Err(Errno::EPERM);
        }
        if flags.0 & libc::MCL_CURRENT as u64 != 0 && task.process.memory.used() > limit {
            return Err(Errno::ENOMEM);
        }
    }
    let has = |flag: i32| flags.0 & flag as u64 != 0;
    let on_fault = if has(libc::MCL_ONFAULT) { libc::MLOCK_ONFAULT } else { 0 };
    task.process.memory.lock_all(has(libc::MCL_CURRENT), has(libc::MCL_FUTURE), on_fault);
    Ok(0)
}

/// munlockall(2).
pub fn munlockall(task: &mut Task) -> Result<u64, Errno> {
    task.process.memory.unlock_all();
    Ok(0)
}

/// mincore(2).
pub fn mincore(task: &mut Task, address: Addr, len: Size, vector: Addr) -> Result<u64, Errno> {
    if !address.0.0.is_multiple_of(PAGE) {
        return Err(Errno::EINVAL);
    }
    if address.0.0.checked_add(len.0).is_none_or(|end| end > task.process.memory.size()) {
        return Err(Errno::ENOMEM);
    }
    let vector = host_pointer(&task.process.memory, vector.0, len.0.div_ceil(PAGE));
    in_place(task, libc::SYS_mincore, address, len.0, vector)
}

/// riscv_flush_icache(2): from here on the range's instructions are those in memory.
pub fn riscv_flush_icache(
    task: &mut Task,
    start: Addr,
    end: Addr,
    flags: Flags<FlushFlags>,
) -> Result<u64, Errno> {
    if flags.0 & !1 != 0 {
        return Err(Errno::EINVAL);
    }
    let engine = &task.process.engine;
    engine.invalidate(start.0, end.0.0.saturating_sub(start.0.0));
    // Linux leaves nothing out, so who wrote through another mapping of the same pages may name that.
    engine.invalidate_written();
    Ok(0)
}
