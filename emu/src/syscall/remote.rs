//! The memory of processes by number: process_vm_readv(2), process_madvise(2), kcmp(2).
//!
//! Addresses there are the other process's own. Where its window lies only itself knows, unless it is this process, or one that shares
//! its window's place as a forked child does that has not executed another program. Of any other the answer is EPERM.

use std::fs;
use std::ops::Range;
use std::os::unix::fs::MetadataExt;

use super::args::{Arg as _, Fd, Flags, Hex, InVector, OutVector, Pid, Size, Vector, Word, host_pointer};
use super::names::{CompareKind, MemoryAdvice};
use super::{descriptors, host};
use crate::addr::GuestAddr;
use crate::errno::Errno;
use crate::memory::{Memory, PAGE};
use crate::process::view::maps;
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
    let remote = Vector::<OUT, 2>::from_raw(remote.0).host_list(memory, remote_count)?;
    if remote.iter().any(|element| element.len != 0) {
        check_window(memory, pid)?;
    }
    let [local, remote] = [&local, &remote].map(|list| [list.as_ptr() as u64, list.len() as u64]);
    host::call(number, [pid as u64, local[0], local[1], remote[0], remote[1], 0])
}

/// Whether the addresses of `pid` are moved as ours are: ESRCH if there is no such process, EPERM if they are not, or nobody may know.
fn check_window(memory: &Memory, pid: i32) -> Result<(), Errno> {
    if pid > 0 && fs::exists(format!("/proc/self/task/{pid}")).unwrap_or(false) {
        return Ok(());
    }
    host::call_at_once(libc::SYS_kill, [pid.max(0) as u64, 0, 0, 0, 0, 0])?;
    if pid <= 0 {
        return Err(Errno::ESRCH);
    }
    let program = |pid: &str| {
        let about = fs::metadata(format!("/proc/{pid}/exe")).ok()?;
        Some((about.dev(), about.ino()))
    };
    let maps = fs::read_to_string(format!("/proc/{pid}/maps")).map_err(|_| Errno::EPERM)?;
    let same_program = program("self").is_some_and(|ours| program(&pid.to_string()) == Some(ours));
    if same_program && is_a_window(memory, &maps) { Ok(()) } else { Err(Errno::EPERM) }
}

/// Whether a process with these mappings has a window where ours is: all of it is mapped, between guards.
fn is_a_window(memory: &Memory, maps: &str) -> bool {
    let base = memory.base() as u64;
    let end = base + memory.size();
    let mut covered = base - PAGE;
    for line in maps.lines() {
        let Some((Range { start: from, end: to }, rest)) = maps::range(line) else { return false };
        if to <= covered {
            continue;
        }
        let guard = covered < base || covered >= end;
        if from > covered || guard && !rest.starts_with("---p") {
            return false;
        }
        covered = to;
        if covered > end {
            return true;
        }
    }
    false
}

/// process_madvise(2). Of another process only its own emulator knows what the advice means, so it is taken for this one alone.
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
    if process_of(pidfd)? != task.process.pid() {
        return Err(Errno::EPERM);
    }
    let mut advised = 0;
    for range in ranges {
        match memory.advise(GuestAddr(range.base), range.len, advice.0 as i32) {
            Ok(()) => advised += range.len,
            Err(errno) if advised == 0 => return Err(errno),
            Err(_) => break,
        }
    }
    Ok(advised)
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
