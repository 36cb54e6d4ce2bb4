//! Waiting for files: poll, select, epoll. A mask given with the call holds while it lasts: the host's call takes it, and the task
//! remembers it so that a handler runs over the right mask.

use bytemuck::{Pod, Zeroable};

use super::args::{Arg, Call, Fd, Flags, In, InOut, InOutArray, Int, OutArray, Size, Uint};
use super::layout::{EpollEvent, FdSet, MaskArgument, PollFd, Timespec};
use super::names::EpollOperation;
use super::time::{remaining, remaining_time};
use super::{descriptors, host};
use crate::errno::Errno;
use crate::memory::Memory;
use crate::signal::SigSet;
use crate::task::Task;

/// `sizeof(sigset_t)` as the kernel has it.
const SIGSET_SIZE: u64 = 8;

/// Reads the mask that a call was given: EINVAL for another size, EFAULT if it is not there.
pub(super) fn mask(memory: &Memory, mask: In<SigSet>, size: u64) -> Result<Option<SigSet>, Errno> {
    if mask.is_null() {
        return Ok(None);
    }
    if size != SIGSET_SIZE {
        return Err(Errno::EINVAL);
    }
    mask.get(memory).map(Some)
}

/// Puts `mask` in the place of the task's for one host call, and gives the words that the host's call takes: where the mask is, and
/// its size.
pub(super) fn host_mask(
    task: &mut Task,
    mask: Option<SigSet>,
    place: &mut SigSet,
) -> Result<[u64; 2], Errno> {
    let Some(mask) = mask else { return Ok([0, SIGSET_SIZE]) };
    *place = task.mask_during_call(mask)?;
    Ok([std::ptr::from_ref(place) as u64, SIGSET_SIZE])
}

/// ppoll(2).
pub fn ppoll(
    task: &mut Task,
    fds: InOutArray<PollFd, 1>,
    nfds: Uint,
    timeout: InOut<Timespec>,
    sigmask: In<SigSet>,
    sigsetsize: Size,
) -> Result<u64, Errno> {
    let raw = [0, u64::from(nfds.0), 0, 0, 0, 0];
    let call = Call { memory: &task.process.memory, raw: &raw, result: None };
    let mut visible = without_ours(call.memory, fds, nfds.0);
    let list = visible.as_mut().map_or_else(|| fds.host(&call), |list| list.as_mut_ptr() as u64);
    check_timeout(call.memory, timeout)?;
    let timeout = timeout.host(&call);
    let mask = mask(call.memory, sigmask, sigsetsize.0)?;
    let mut place = SigSet::EMPTY;
    let [mask, size] = host_mask(task, mask, &mut place)?;
    let ready = host::call(libc::SYS_ppoll, [list, u64::from(nfds.0), timeout, mask, size, 0])?;
    let memory = &task.process.memory;
    for (index, entry) in visible.iter().flatten().enumerate() {
        let guest: PollFd = memory.get(fds.element(index as u64))?;
        memory.put(fds.element(index as u64), &PollFd { revents: entry.revents, ..guest })?;
    }
    Ok(ready)
}

/// The kernel looks at the time before the mask.
fn check_timeout(memory: &Memory, timeout: InOut<Timespec>) -> Result<(), Errno> {
    if timeout.is_null() {
        return Ok(());
    }
    let time = timeout.get(memory)?;
    if time.sec < 0 || !(0..1_000_000_000).contains(&time.nsec) { Err(Errno::EINVAL) } else { Ok(()) }
}

/// A copy of the list in which descriptors of ours are closed ones, if there are any.
fn without_ours(memory: &Memory, fds: InOutArray<PollFd, 1>, count: u32) -> Option<Vec<PollFd>> {
    /// A number that no descriptor has.
    const CLOSED: i32 = i32::MAX;
    if !descriptors::any() {
        return None;
    }
    let entry = |index| memory.get::<PollFd>(fds.element(index)).ok();
    let names_ours = |index| entry(index).is_some_and(|entry| descriptors::is_reserved(entry.fd));
    if !(0..u64::from(count)).map_while(|index| entry(index).map(|_| index)).any(names_ours) {
        return None;
    }
    let hide = |entry: PollFd| {
        if descriptors::is_reserved(entry.fd) { PollFd { fd: CLOSED, ..entry } } else { entry }
    };
    (0..u64::from(count)).map(|index| entry(index).map(hide)).collect()
}

/// pselect6(2).
pub fn pselect6(
    task: &mut Task,
    nfds: Int,
    readfds: InOut<FdSet>,
    writefds: InOut<FdSet>,
    exceptfds: InOut<FdSet>,
    timeout: InOut<Timespec>,
    sigmask: In<MaskArgument>,
) -> Result<u64, Errno> {
    let memory = &task.process.memory;
    let call = Call { memory, raw: &[0; 6], result: None };
    for set in [readfds, writefds, exceptfds] {
        if descriptors::any() && !set.is_null() && names_ours(memory, set, nfds.0) {
            return Err(Errno::EBADF);
        }
    }
    let sets = [readfds, writefds, exceptfds].map(|set| set.host(&call));
    let argument = sigmask.get_optional(memory)?;
    check_timeout(memory, timeout)?;
    let timeout = timeout.host(&call);
    let given = match argument {
        Some(argument) => mask(memory, In::from_raw(argument.set), argument.size)?,
        None => None,
    };
    let mut place = SigSet::EMPTY;
    let argument = host_mask(task, given, &mut place)?;
    let argument_address = argument.as_ptr() as u64;
    host::call(libc::SYS_pselect6, [nfds.0 as u64, sets[0], sets[1], sets[2], timeout, argument_address])
}

/// Whether one of the first `count` descriptors of a set is ours.
fn names_ours(memory: &Memory, set: InOut<FdSet>, count: i32) -> bool {
    const BITS: i32 = u64::BITS as i32;
    /// No process has more open.
    const MOST: i32 = 1 << 20;
    (0..count.min(MOST)).step_by(BITS as usize).any(|first| {
        let word: u64 = memory.get(set.0.offset(first as u64 / 8)).unwrap_or(0);
        word != 0
            && (first..count.min(first + BITS))
                .any(|fd| word >> (fd - first) & 1 != 0 && descriptors::is_reserved(fd))
    })
}

/// `struct epoll_event` of x86-64: packed.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C, packed)]
pub(super) struct HostEvent {
    events: u32,
    data: u64,
}

impl From<EpollEvent> for HostEvent {
    fn from(guest: EpollEvent) -> HostEvent {
        HostEvent { events: guest.events, data: guest.data }
    }
}

const _: () = assert!(size_of::<HostEvent>() == 12);

/// epoll_ctl(2).
pub fn epoll_ctl(
    task: &mut Task,
    epfd: Fd,
    op: Flags<EpollOperation>,
    fd: Fd,
    event: In<EpollEvent>,
) -> Result<u64, Errno> {
    let call = Call { memory: &task.process.memory, raw: &[0; 6], result: None };
    let has_event = op.0 as i32 != libc::EPOLL_CTL_DEL;
    // The kernel copies the event before it looks at the descriptors.
    let guest = if has_event { event.get(call.memory)? } else { EpollEvent::zeroed() };
    let event = HostEvent::from(guest);
    let address = std::ptr::from_ref(&event) as u64;
    host::call(libc::SYS_epoll_ctl, [epfd.host(&call), op.0, fd.host(&call), address, 0, 0])
}

const NANOS_PER_MILLI: u64 = 1_000_000;

/// How many events one host call is asked for at most.
const EVENTS_AT_ONCE: i32 = 1024;

/// The common part of epoll_pwait and epoll_pwait2, which differ in the timeout.
fn epoll_wait(
    task: &mut Task,
    number: i64,
    epfd: Fd,
    events: OutArray<EpollEvent, 2>,
    maxevents: i32,
    timeout: u64,
    mask: Option<SigSet>,
) -> Result<u64, Errno> {
    let call = Call { memory: &task.process.memory, raw: &[0; 6], result: None };
    let epfd = epfd.host(&call);
    let room = maxevents.clamp(0, EVENTS_AT_ONCE);
    let wanted = if maxevents > 0 { room } else { maxevents };
    if wanted > 0 {
        call.memory.host_range(events.0, wanted as u64 * size_of::<EpollEvent>() as u64)?;
    }
    let mut found = vec![HostEvent::zeroed(); room as usize];
    let mut place = SigSet::EMPTY;
    let [mask, size] = host_mask(task, mask, &mut place)?;
    let count = host::call(number, [epfd, found.as_mut_ptr() as u64, wanted as u64, timeout, mask, size])?;
    for (index, event) in found.iter().take(count as usize).enumerate() {
        let event = EpollEvent { events: event.events, pad: 0, data: event.data };
        task.process.memory.put(events.element(index as u64), &event)?;
    }
    Ok(count)
}

/// epoll_pwait(2).
pub fn epoll_pwait(
    task: &mut Task,
    epfd: Fd,
    events: OutArray<EpollEvent, 2>,
    maxevents: Int,
    timeout: Int,
    sigmask: In<SigSet>,
    sigsetsize: Size,
) -> Result<u64, Errno> {
    let mask = mask(&task.process.memory, sigmask, sigsetsize.0)?;
    let mut timeout = timeout.0;
    if timeout > 0 {
        let left = remaining(task, timeout as u64 * NANOS_PER_MILLI);
        timeout = left.div_ceil(NANOS_PER_MILLI) as i32;
    }
    epoll_wait(task, libc::SYS_epoll_pwait, epfd, events, maxevents.0, timeout as u64, mask)
}

/// epoll_pwait2(2).
pub fn epoll_pwait2(
    task: &mut Task,
    epfd: Fd,
    events: OutArray<EpollEvent, 2>,
    maxevents: Int,
    timeout: In<Timespec>,
    sigmask: In<SigSet>,
    sigsetsize: Size,
) -> Result<u64, Errno> {
    let wanted = timeout.get_optional(&task.process.memory)?;
    let mask = mask(&task.process.memory, sigmask, sigsetsize.0)?;
    let left = wanted.map(|wanted| remaining_time(task, wanted));
    let timeout = left.as_ref().map_or(0, |left| std::ptr::from_ref(left) as u64);
    epoll_wait(task, libc::SYS_epoll_pwait2, epfd, events, maxevents.0, timeout, mask)
}
