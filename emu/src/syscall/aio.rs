//! Asynchronous I/O of the kernel's kind (io_submit(2)). The requests are copied with their addresses moved; the copy's own address is
//! what the host's kernel knows a request by, so it stays until the request's event has been read.
//!
//! A context is, to the host's kernel, the address of a ring of events in the process's memory. The guest's number for it is the
//! address of an empty page in the window instead: C libraries look for the ring there, find none, and ask by system call.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use bytemuck::{Pod, Zeroable};

use super::args::{
    Addr, Arg, Call, Fd, In, InVector, IoVec, Offset, OutArray, Size, Uint, Word, host_pointer,
};
use super::layout::{AioEvent, MaskArgument, Timespec};
use super::poll::{host_mask, mask};
use super::time::remaining_time;
use super::{host, number as numbers};
use crate::addr::GuestAddr;
use crate::errno::Errno;
use crate::memory::{Mapping, Memory, PAGE, Prot};
use crate::signal::SigSet;
use crate::task::Task;

/// `struct iocb`.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
struct Request {
    data: u64,
    key: u32,
    rw_flags: u32,
    operation: u16,
    priority: i16,
    fd: i32,
    buffer: u64,
    len: u64,
    offset: i64,
    reserved: u64,
    flags: u32,
    result_fd: i32,
}

const _: () = assert!(size_of::<Request>() == 64);

const IOCB_CMD_PREAD: u16 = 0;
const IOCB_CMD_PWRITE: u16 = 1;
const IOCB_CMD_PREADV: u16 = 7;
const IOCB_CMD_PWRITEV: u16 = 8;

/// A request that is on its way.
struct Pending {
    /// Where the guest has it.
    guest: GuestAddr,
    /// What the host's kernel knows it by.
    _copy: Box<Request>,
}

/// A context as the host's kernel knows it.
struct Context {
    /// The process that made it: a forked child has none.
    pid: i32,
    host: u64,
    /// By the addresses of the copies.
    pending: HashMap<u64, Pending>,
}

/// By the guest's numbers.
static CONTEXTS: Mutex<Option<HashMap<u64, Context>>> = Mutex::new(None);

/// Does something with the context of this number: EINVAL if there is none.
fn with<T>(task: &Task, number: u64, work: impl FnOnce(&mut Context) -> T) -> Result<T, Errno> {
    let mut contexts = CONTEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    let context = contexts.as_mut().and_then(|contexts| contexts.get_mut(&number));
    context.filter(|context| context.pid == task.process.pid()).map(work).ok_or(Errno::EINVAL)
}

/// io_setup(2).
pub fn io_setup(task: &mut Task, count: Uint, context: Addr) -> Result<u64, Errno> {
    let memory = &task.process.memory;
    let before: u64 = memory.get(context.0)?;
    if before != 0 || count.0 == 0 {
        return Err(Errno::EINVAL);
    }
    let mut host = 0_u64;
    host::call(libc::SYS_io_setup, [u64::from(count.0), std::ptr::from_mut(&mut host) as u64, 0, 0, 0, 0])?;
    let destroy = |errno| {
        let _ = host::call_at_once(libc::SYS_io_destroy, [host, 0, 0, 0, 0, 0]);
        errno
    };
    let number = memory.map(&Mapping::anonymous(PAGE, Prot::READ)).map_err(destroy)?;
    memory.put(context.0, &number.0).map_err(destroy)?;
    let context = Context { pid: task.process.pid(), host, pending: HashMap::new() };
    let mut contexts = CONTEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    contexts.get_or_insert_default().insert(number.0, context);
    Ok(0)
}

/// io_destroy(2): returns when nothing is pending any more.
pub fn io_destroy(task: &mut Task, context: Word) -> Result<u64, Errno> {
    let host = with(task, context.0, |context| context.host)?;
    host::call(libc::SYS_io_destroy, [host, 0, 0, 0, 0, 0])?;
    let mut contexts = CONTEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(contexts) = contexts.as_mut() {
        contexts.remove(&context.0);
    }
    let _ = task.process.memory.unmap(GuestAddr(context.0), PAGE);
    Ok(0)
}

/// io_submit(2).
pub fn io_submit(task: &mut Task, context: Word, count: Size, requests: Addr) -> Result<u64, Errno> {
    let memory = &task.process.memory;
    let host = with(task, context.0, |context| context.host)?;
    if (count.0 as i64) < 0 {
        return Err(Errno::EINVAL);
    }
    for index in 0..count.0 {
        if let Err(errno) = submit(task, context.0, host, memory, requests.0.offset(index * 8)) {
            // What has been submitted stays so, and tells how far it went.
            return if index == 0 { Err(errno) } else { Ok(index) };
        }
    }
    Ok(count.0)
}

/// Submits the request that the pointer at `place` leads to.
fn submit(task: &Task, number: u64, host: u64, memory: &Memory, place: GuestAddr) -> Result<(), Errno> {
    let guest = GuestAddr(memory.get(place)?);
    let mut copy: Box<Request> = Box::new(memory.get(guest)?);
    let call = Call { memory, raw: &[0; 6], result: None };
    copy.fd = Fd(copy.fd).host(&call) as i32;
    copy.result_fd = Fd(copy.result_fd).host(&call) as i32;
    let mut list: Vec<IoVec> = Vec::new();
    match copy.operation {
        IOCB_CMD_PREAD | IOCB_CMD_PWRITE => {
            copy.buffer = host_pointer(memory, GuestAddr(copy.buffer), copy.len);
        }
        IOCB_CMD_PREADV | IOCB_CMD_PWRITEV => {
            list = InVector::<0>::from_raw(copy.buffer).host_list(memory, copy.len)?;
            copy.buffer = list.as_ptr() as u64;
        }
        // To wait for a file or to flush one takes no buffer.
        _ => {}
    }
    let address = std::ptr::from_mut(copy.as_mut()) as u64;
    // An event may come before the call returns.
    with(task, number, |context| context.pending.insert(address, Pending { guest, _copy: copy }))?;
    let submitted = host::call(libc::SYS_io_submit, [host, 1, &raw const address as u64, 0, 0, 0]);
    drop(list);
    if let Err(errno) = submitted {
        with(task, number, |context| context.pending.remove(&address))?;
        return Err(errno);
    }
    Ok(())
}

/// io_cancel(2).
pub fn io_cancel(task: &mut Task, context: Word, request: Addr, result: Addr) -> Result<u64, Errno> {
    let memory = &task.process.memory;
    // The kernel looks for its mark in the request.
    memory.get::<u32>(request.0.offset(8))?;
    let (host, copy) = with(task, context.0, |context| {
        let of_this = |(&copy, pending): (&u64, &Pending)| (pending.guest == request.0).then_some(copy);
        (context.host, context.pending.iter().find_map(of_this))
    })?;
    let copy = copy.ok_or(Errno::EINVAL)?;
    host::call(
        libc::SYS_io_cancel,
        [host, copy, result.host(&Call { memory, raw: &[0; 6], result: None }), 0, 0, 0],
    )
}

/// How many events one host call is asked for at most: if the guest insists, as many as the host allows a context by default.
const EVENTS_AT_ONCE: i64 = 1024;
const MOST_EVENTS: i64 = 1 << 16;

/// io_getevents(2).
pub fn io_getevents(
    task: &mut Task,
    context: Word,
    least: Offset,
    most: Offset,
    events: OutArray<AioEvent, 2>,
    timeout: In<Timespec>,
) -> Result<u64, Errno> {
    wait(task, libc::SYS_io_getevents, context, (least.0, most.0), events, timeout, None)
}

/// io_pgetevents(2).
pub fn io_pgetevents(
    task: &mut Task,
    context: Word,
    least: Offset,
    most: Offset,
    events: OutArray<AioEvent, 2>,
    timeout: In<Timespec>,
    sigset: In<MaskArgument>,
) -> Result<u64, Errno> {
    let memory = &task.process.memory;
    let given = match sigset.get_optional(memory)? {
        Some(argument) => mask(memory, In::from_raw(argument.set), argument.size)?,
        None => None,
    };
    wait(task, numbers::SYS_io_pgetevents, context, (least.0, most.0), events, timeout, given)
}

fn wait(
    task: &mut Task,
    call: i64,
    number: Word,
    (least, most): (i64, i64),
    events: OutArray<AioEvent, 2>,
    timeout: In<Timespec>,
    given: Option<SigSet>,
) -> Result<u64, Errno> {
    let wanted = timeout.get_optional(&task.process.memory)?;
    let host = with(task, number.0, |context| context.host)?;
    if least < 0 || least > most {
        return Err(Errno::EINVAL);
    }
    let most = most.min(least.clamp(EVENTS_AT_ONCE, MOST_EVENTS)) as u64;
    let left = wanted.map(|wanted| remaining_time(task, wanted));
    let timeout = left.as_ref().map_or(0, |left| std::ptr::from_ref(left) as u64);
    let mut place = SigSet::EMPTY;
    let sigset = host_mask(task, given, &mut place)?;
    let mut found = vec![AioEvent::zeroed(); most as usize];
    let buffer = found.as_mut_ptr() as u64;
    let args = [host, most.min(least as u64), most, buffer, timeout, sigset.as_ptr() as u64];
    let count = host::call(call, args)?;
    for (index, event) in found.iter_mut().take(count as usize).enumerate() {
        let pending = with(task, number.0, |context| context.pending.remove(&event.request))?;
        event.request = pending.map_or(0, |pending| pending.guest.0);
        task.process.memory.put(events.element(index as u64), event)?;
    }
    Ok(count)
}
