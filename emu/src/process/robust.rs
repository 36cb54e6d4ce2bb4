//! The robust list (get_robust_list(2), Documentation/locking/robust-futexes.rst): the locks that a task held when it ended are marked
//! and their next waiter is woken. It holds guest addresses, so it is walked here and not by the host's kernel.

use bytemuck::{Pod, Zeroable};

use super::Process;
use crate::addr::GuestAddr;
use crate::errno::Errno;
use crate::memory::Memory;
use crate::syscall::host::call_at_once;

const WAITERS: u32 = 0x8000_0000;
const OWNER_DIED: u32 = 0x4000_0000;
const TID_MASK: u32 = 0x3fff_ffff;

/// As many entries as Linux looks at, since a list may be a ring.
const MOST: usize = 2048;

/// `struct robust_list_head`.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Head {
    next: u64,
    /// From an entry to its futex.
    offset: u64,
    /// An entry that is being put in or taken out.
    pending: u64,
}

/// Lets go of everything on the lists of all tasks: the process ends, or its memory does. The others may still run, for a moment.
pub(super) fn release_all(process: &Process) {
    for tid in process.tasks.tids() {
        if let Some(task) = process.tasks.get(tid) {
            release(&process.memory, task.robust_list(), tid);
        }
    }
}

/// Lets go of everything on the list of the task `tid`, which ends. A list that cannot be read ends there.
pub(super) fn release(memory: &Memory, list: GuestAddr, tid: i32) {
    if list.0 != 0 {
        let _ = walk(memory, list, tid as u32);
    }
}

fn walk(memory: &Memory, list: GuestAddr, tid: u32) -> Result<(), Errno> {
    let head: Head = memory.get(list)?;
    let mut entry = head.next;
    for _ in 0..MOST {
        if address(entry) == list {
            break;
        }
        let next: u64 = memory.get(address(entry))?;
        if address(entry) != address(head.pending) {
            let _ = mark(memory, Entry { list: entry, offset: head.offset, pending: false }, tid);
        }
        entry = next;
    }
    if address(head.pending).0 != 0 {
        mark(memory, Entry { list: head.pending, offset: head.offset, pending: true }, tid)?;
    }
    Ok(())
}

/// The lowest bit says that the futex is one with priority inheritance.
fn address(entry: u64) -> GuestAddr {
    GuestAddr(entry & !1)
}

struct Entry {
    list: u64,
    offset: u64,
    pending: bool,
}

fn mark(memory: &Memory, entry: Entry, tid: u32) -> Result<(), Errno> {
    let futex = address(entry.list).offset(entry.offset);
    let inherits_priority = entry.list & 1 != 0;
    let mut value: u32 = memory.get(futex)?;
    loop {
        // Unlocked already, but perhaps nobody has been woken yet.
        if entry.pending && !inherits_priority && value == 0 {
            wake(memory, futex);
            return Ok(());
        }
        if value & TID_MASK != tid {
            return Ok(());
        }
        let found = memory.exchange(futex, value, value & WAITERS | OWNER_DIED)?;
        if found == value {
            break;
        }
        value = found;
    }
    // The host's kernel hands on those with priority inheritance itself.
    if !inherits_priority && value & WAITERS != 0 {
        wake(memory, futex);
    }
    Ok(())
}

/// Wakes one that waits for the futex, which may be one that processes share.
pub(super) fn wake(memory: &Memory, futex: GuestAddr) {
    if let Ok(word) = memory.host_range(futex, 4) {
        let _ = call_at_once(libc::SYS_futex, [word as u64, libc::FUTEX_WAKE as u64, 1, 0, 0, 0]);
    }
}
