//! The memory of processes by number: process_vm_readv(2), process_madvise(2), kcmp(2).
//!
//! Addresses there are the other process's own. Where its window lies it tells as it does for /proc; of a process that is no guest of ours
//! the answer is EPERM.

use std::fs;
use std::ops::Range;

use super::args::{
    Arg as _, BAD_POINTER, Fd, Flags, Hex, InVector, IoVec, OutVector, Pid, Size, Vector, Word, host_pointer,
};
use super::names::{CompareKind, MemoryAdvice};
use super::{descriptors, host};
use crate::addr::GuestAddr;
use crate::errno::Errno;
use crate::memory::{page_aligned, page_up};
use crate::process::view;
use crate::task::Task;

/// process_vm_readv(2).
pub fn process_vm_readv(
    task: &mut Task,
    pid: Pid,
    local: OutVector<2>,
    local_count: Size,
    remote: Word,
    remote_count: Size,
    flags: Word,
) -> Result<u64, Errno> {
    transfer(task, libc::SYS_process_vm_readv, pid.0, (local, local_count.0), (remote, remote_count.0), flags)
}

/// process_vm_writev(2).
pub fn process_vm_writev(
    task: &mut Task,
    pid: Pid,
    local: InVector<2>,
    local_count: Size,
    remote: Word,
    remote_count: Size,
    flags: Word,
) -> Result<u64, Errno> {
    transfer(
        task,
        libc::SYS_process_vm_writev,
        pid.0,
        (local, local_count.0),
        (remote, remote_count.0),
        flags,
    )
}

fn transfer<const OUT: bool>(
    task: &Task,
    number: i64,
    pid: i32,
    (local, local_count): (Vector<OUT, 2>, u64),
    (remote, remote_count): (Word, u64),
    flags: Word,
) -> Result<u64, Errno> {
    if flags.0 != 0 {
        return Err(Errno::EINVAL);
    }
    let memory = &task.process.memory;
    let local = local.host_list(memory, local_count)?;
    let mut remote = Vector::<OUT, 2>::from_raw(remote.0).guest_list(memory, remote_count)?;
    if remote.iter().any(|element| element.len != 0) {
        let window = window_of(task, pid)?;
        for element in &mut remote {
            let end = element.base.checked_add(element.len);
            let inside = end.is_some_and(|end| end <= window.end - window.start);
            element.base = if inside { window.start + element.base } else { BAD_POINTER };
        }
    }
    let [local, remote] = [&local, &remote].map(|list| [list.as_ptr() as u64, list.len() as u64]);
    host::call(number, [pid as u64, local[0], local[1], remote[0], remote[1], 0])
}

/// Where on the host the memory of a guest process or thread is: ESRCH if there is none, EPERM if it is no guest, or nobody may know.
fn window_of(task: &Task, pid: i32) -> Result<Range<u64>, Errno> {
    if pid > 0 && fs::exists(format!("/proc/self/task/{pid}")).unwrap_or(false) {
        let memory = &task.process.memory;
        return Ok(memory.base() as u64..memory.base() as u64 + memory.size());
    }
    host::call_at_once(libc::SYS_kill, [pid.max(0) as u64, 0, 0, 0, 0, 0])?;
    if pid <= 0 {
        return Err(Errno::ESRCH);
    }
    view::window_of(pid)?.ok_or(Errno::EPERM)
}

/// process_madvise(2).
pub fn process_madvise(
    task: &mut Task,
    pidfd: Fd,
    ranges: InVector<2>,
    count: Size,
    advice: Flags<MemoryAdvice>,
    flags: Hex,
) -> Result<u64, Errno> {
    if flags.0 != 0 {
        return Err(Errno::EINVAL);
    }
    let memory = &task.process.memory;
    let ranges = ranges.guest_list(memory, count.0)?;
    let pid = process_of(pidfd)?;
    if pid == task.process.pid() {
        return advised(ranges, |range| memory.advise(GuestAddr(range.base), range.len, advice.0 as i32));
    }
    let (window, mapped) = view::memory_of(pid)?.ok_or(Errno::EPERM)?;
    if !FOR_OTHERS.contains(&(advice.0 as i32)) {
        return Err(Errno::EINVAL);
    }
    advised(ranges, |range| {
        let end = page_up(range.len).and_then(|len| range.base.checked_add(len)).ok_or(Errno::EINVAL)?;
        if !page_aligned(range.base) {
            return Err(Errno::EINVAL);
        }
        let moved = [window.start + range.base, range.len];
        let args = [pidfd.0 as u64, moved.as_ptr() as u64, 1, advice.0, 0, 0];
        if covers(&mapped, range.base..end) {
            host::call(libc::SYS_process_madvise, args).map(drop)
        } else {
            Err(Errno::ENOMEM)
        }
    })
}

/// What one may advise another process: nothing that changes what is in its memory.
const FOR_OTHERS: [i32; 4] = [libc::MADV_WILLNEED, libc::MADV_COLD, libc::MADV_PAGEOUT, libc::MADV_COLLAPSE];

/// Gives advice on one range after the other, and says on how many bytes.
fn advised(ranges: Vec<IoVec>, mut advise: impl FnMut(&IoVec) -> Result<(), Errno>) -> Result<u64, Errno> {
    let mut bytes = 0;
    for range in ranges {
        match advise(&range) {
            Ok(()) => bytes += range.len,
            Err(errno) if bytes == 0 => return Err(errno),
            Err(_) => break,
        }
    }
    Ok(bytes)
}

/// Whether all of `range` is in `mapped`, which is in the order of addresses.
fn covers(mapped: &[Range<u64>], range: Range<u64>) -> bool {
    let reached =
        mapped.iter().fold(range.start, |at, piece| if piece.contains(&at) { piece.end } else { at });
    reached >= range.end
}

/// The process that a pidfd is about: EBADF if it is none, ESRCH if the process is gone.
fn process_of(pidfd: Fd) -> Result<i32, Errno> {
    if descriptors::is_reserved(pidfd.0) {
        return Err(Errno::EBADF);
    }
    let about =
        fs::read_to_string(format!("/proc/thread-self/fdinfo/{}", pidfd.0)).map_err(|_| Errno::EBADF)?;
    let pid = about.lines().find_map(|line| line.strip_prefix("Pid:")).ok_or(Errno::EBADF)?;
    match pid.trim().parse() {
        Ok(pid) if pid > 0 => Ok(pid),
        _ => Err(Errno::ESRCH),
    }
}

/// `struct kcmp_epoll_slot`.
const EPOLL_SLOT: u64 = 12;

/// kcmp(2). One kind points to a structure with its second index.
pub fn kcmp(
    task: &mut Task,
    first: Pid,
    second: Pid,
    kind: Flags<CompareKind>,
    index1: Word,
    index2: Word,
) -> Result<u64, Errno> {
    const KCMP_FILE: u64 = 0;
    const KCMP_EPOLL_TFD: u64 = 7;
    let hidden = |pid: Pid, index: u64| {
        let own = pid.0 == task.process.pid();
        if own && descriptors::is_reserved(index as i32) { u64::MAX } else { index }
    };
    let (index1, index2) = match kind.0 {
        KCMP_FILE => (hidden(first, index1.0), hidden(second, index2.0)),
        KCMP_EPOLL_TFD => {
            (hidden(first, index1.0), host_pointer(&task.process.memory, GuestAddr(index2.0), EPOLL_SLOT))
        }
        _ => (index1.0, index2.0),
    };
    host::call(libc::SYS_kcmp, [first.0 as u64, second.0 as u64, kind.0, index1, index2, 0])
}
