//! Where memory is placed among the nodes of a machine: numa(7). Nodes are the host's; pages are those of the window.

use super::args::{Addr, Arg, BAD_POINTER, Call, Flags, Hex, In, Int, Out, Pid, Size, Word, host_pointer};
use super::host;
use super::layout::{IntCell, LongCell};
use super::names::MemoryPolicy;
use crate::addr::GuestAddr;
use crate::errno::Errno;
use crate::memory::{Memory, PAGE};
use crate::task::Task;

/// The host's pointer to a set of `bits` nodes. More than a page of them the kernel refuses by itself.
fn nodes(memory: &Memory, set: Addr, bits: u64) -> u64 {
    let len = bits.div_ceil(8).next_multiple_of(8);
    host_pointer(memory, set.0, len.min(PAGE))
}

/// mbind(2).
pub fn mbind(
    task: &mut Task,
    start: Addr,
    len: Size,
    mode: Flags<MemoryPolicy>,
    set: Addr,
    bits: Size,
    flags: Hex,
) -> Result<u64, Errno> {
    let memory = &task.process.memory;
    let end = start.0.0.checked_add(len.0).and_then(|end| end.checked_next_multiple_of(PAGE));
    let mapped = end.is_some_and(|end| memory.is_mapped(start.0, end - start.0.0));
    // A hole is not one to the host, where it is reserved; nothing is mapped in its first page.
    let at = match memory.host_range(start.0, len.0) {
        Ok(at) if mapped => at as u64,
        _ => start.0.0 % PAGE,
    };
    let args = [at, len.0, mode.0, nodes(memory, set, bits.0), bits.0, u64::from(flags.0)];
    host::call(libc::SYS_mbind, args)
}

/// set_mempolicy(2). It holds for the emulator's memory too, which is the thread's.
pub fn set_mempolicy(
    task: &mut Task,
    mode: Flags<MemoryPolicy>,
    set: Addr,
    bits: Size,
) -> Result<u64, Errno> {
    let set = nodes(&task.process.memory, set, bits.0);
    host::call(libc::SYS_set_mempolicy, [mode.0, set, bits.0, 0, 0, 0])
}

/// get_mempolicy(2).
pub fn get_mempolicy(
    task: &mut Task,
    mode: Out<IntCell>,
    set: Addr,
    bits: Size,
    address: Addr,
    flags: Word,
) -> Result<u64, Errno> {
    const MPOL_F_ADDR: u64 = 2;
    let memory = &task.process.memory;
    let call = Call { memory, raw: &[0; 6], result: None };
    let hole = flags.0 & MPOL_F_ADDR != 0 && !memory.is_mapped(address.0, 1);
    let address = if hole { BAD_POINTER } else { address.host(&call) };
    let args = [mode.host(&call), nodes(memory, set, bits.0), bits.0, address, flags.0, 0];
    host::call(libc::SYS_get_mempolicy, args)
}

/// migrate_pages(2).
pub fn migrate_pages(task: &mut Task, pid: Pid, bits: Size, from: Addr, to: Addr) -> Result<u64, Errno> {
    let [from, to] = [from, to].map(|set| nodes(&task.process.memory, set, bits.0));
    host::call(libc::SYS_migrate_pages, [pid.0 as u64, bits.0, from, to, 0, 0])
}

/// As many pages as one host call is given.
const PAGES_AT_ONCE: u64 = 4096;

/// move_pages(2) of this process; the pages of another are where only its own emulator knows.
pub fn move_pages(
    task: &mut Task,
    pid: Pid,
    count: Size,
    pages: In<LongCell>,
    nodes: Addr,
    status: Addr,
    flags: Int,
) -> Result<u64, Errno> {
    let memory = &task.process.memory;
    if pid.0 != 0 && pid.0 != task.process.pid() {
        host::call(libc::SYS_move_pages, [pid.0 as u64, 0, 0, 0, 0, flags.0 as u64])?;
        return Err(Errno::EPERM);
    }
    let mut failed = 0;
    let mut first = 0;
    loop {
        let some = (count.0 - first).min(PAGES_AT_ONCE);
        let page = |index: u64| {
            let page: u64 = memory.get(pages.0.offset((first + index) * 8))?;
            Ok(host_pointer(memory, GuestAddr(page), 1))
        };
        let list = (0..some).map(page).collect::<Result<Vec<u64>, Errno>>()?;
        let part = |array: Addr| match array.0.0 {
            0 => 0,
            _ => host_pointer(memory, array.0.offset(first * 4), some * 4),
        };
        let args = [0, some, list.as_ptr() as u64, part(nodes), part(status), flags.0 as u64];
        failed += host::call(libc::SYS_move_pages, args)?;
        first += some;
        if first == count.0 {
            return Ok(failed);
        }
    }
}
