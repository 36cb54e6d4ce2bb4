//! io_uring: the guest's ring is a ring of the host's, but for the entries.
//!
//! The memory of a ring is ours (`IORING_SETUP_NO_MMAP`), and what the guest maps is that memory once more. Heads, tails and completions are the
//! kernel's and the guest's business alone: what a completion carries means nothing to either of us. The entries that the guest writes
//! lie beside the kernel's: those are written here, when io_uring_enter(2) says that there are some, with addresses moved into the window
//! ([`super::uring_entries`]). So the kernel never sees an address that nobody has looked at, whatever other threads write meanwhile.
//!
//! A ring is known by the number of its file, so that it is found by any descriptor, and by a forked child, which has the same memory. Its memory
//! stays until none is left: see [`Rings::sweep`].

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicBool, AtomicU32};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytemuck::{Pod, Zeroable};

use super::args::{Addr, Arg, Call, Fd, Flags, In, InOut, Size, Uint};
use super::layout::{RingParams, Timespec};
use super::names::RingEntering;
use super::poll::{host_mask, mask};
use super::time::remaining_time;
use super::uring_entries::{Batch, Entry};
use super::{descriptors, host, say_once};
use crate::addr::GuestAddr;
use crate::errno::Errno;
use crate::memory::shared::Shared;
use crate::memory::{FileId, Mapping, Memory, PAGE, flags};
use crate::process::Process;
use crate::signal::SigSet;
use crate::task::Task;

// `IORING_SETUP_*`.
const IOPOLL: u32 = 1 << 0;
const SQPOLL: u32 = 1 << 1;
const SQ_AFF: u32 = 1 << 2;
const CQSIZE: u32 = 1 << 3;
const CLAMP: u32 = 1 << 4;
const ATTACH_WQ: u32 = 1 << 5;
const COOP_TASKRUN: u32 = 1 << 8;
const TASKRUN_FLAG: u32 = 1 << 9;
const SQE128: u32 = 1 << 10;
const CQE32: u32 = 1 << 11;
const SINGLE_ISSUER: u32 = 1 << 12;
const DEFER_TASKRUN: u32 = 1 << 13;
const NO_MMAP: u32 = 1 << 14;
const NO_SQARRAY: u32 = 1 << 16;
/// What a guest's ring may be. Not `NO_MMAP` and `REGISTERED_FD_ONLY`, which is as much as to say where the kernel finds the entries.
const SETUP: u32 = 0x7_ffff & !(NO_MMAP | 1 << 15);
/// What goes with a thread of the kernel's that takes entries by itself, when nobody has looked at them. The host's ring has none. The guest is
/// told that its thread sleeps (`IORING_SQ_NEED_WAKEUP`), always, and wakes it by io_uring_enter(2).
const THREAD: u32 = SQPOLL | SQ_AFF;
const NEED_WAKEUP: u32 = 1;

/// What rings can do here: not `RW_ATTR`, which are addresses behind addresses.
const FEATURES: u32 = 0x3_ffff & !(1 << 16);

// `IORING_ENTER_*`.
const GETEVENTS: u32 = 1;
const EXT_ARG: u32 = 1 << 3;
const REGISTERED_RING: u32 = 1 << 4;
const ABS_TIMER: u32 = 1 << 5;
/// All but `EXT_ARG_REG`: no memory can be registered that arguments could be taken from.
const ENTER: u32 = 0xff & !(1 << 6);

// Where mmap(2) finds the parts of a ring.
const OFF_SQ_RING: u64 = 0;
const OFF_CQ_RING: u64 = 0x800_0000;
const OFF_SQES: u64 = 0x1000_0000;
const OFF_MASK: u64 = 0xf800_0000;

// Words of `sq_off` and `cq_off`.
const HEAD: usize = 0;
const TAIL: usize = 1;
const SQ_FLAGS: usize = 4;
const SQ_DROPPED: usize = 5;
const SQ_ARRAY: usize = 6;
const USER_ADDR: usize = 8;

/// `IORING_SQ_CQ_OVERFLOW` and `IORING_SQ_TASKRUN`: completions wait in the kernel.
const SQ_WAITING: u32 = 1 << 1 | 1 << 2;

/// A ring that the guest has made.
#[derive(Debug)]
pub struct Ring {
    /// Device and inode of its file.
    id: (u64, u64),
    /// Ours: the lock, how many entries the kernel has taken, and on the pages behind them the entries that it takes.
    own: Shared,
    /// What the guest may map: the rings, its array of places, its entries.
    common: Shared,
    params: RingParams,
    /// Where the array of places is in `common`, if there is one.
    array: Option<u64>,
    /// Where the guest's entries are in `common`, and how many bytes.
    entries: (u64, u64),
    entry_size: u64,
}

/// The rings that a task has registered, by their numbers.
pub type Registered = Vec<(u32, Arc<Ring>)>;

/// All that this process knows.
struct Rings {
    list: Vec<Arc<Ring>>,
    /// With so many it is time to look which are left.
    limit: usize,
}

static RINGS: Mutex<Rings> = Mutex::new(Rings { list: Vec::new(), limit: Rings::FEW });
/// Whether there has been any.
static ANY: AtomicBool = AtomicBool::new(false);

fn rings() -> MutexGuard<'static, Rings> {
    RINGS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Keeps the list as it is, for a fork.
pub(crate) fn quiesce() -> impl Sized {
    rings()
}

/// The ring that a descriptor is open on.
pub fn of(fd: i32) -> Option<Arc<Ring>> {
    if !ANY.load(Relaxed) || descriptors::is_reserved(fd) {
        return None;
    }
    let id = file_id(fd)?;
    rings().list.iter().find(|ring| ring.id == id).cloned()
}

/// Device and inode of an open file.
fn file_id(fd: i32) -> Option<(u64, u64)> {
    let mut stat = [0_u64; size_of::<libc::stat>() / 8];
    host::call_at_once(libc::SYS_fstat, [fd as u64, stat.as_mut_ptr() as u64, 0, 0, 0, 0]).ok()?;
    Some((stat[0], stat[1]))
}

impl Rings {
    const FEW: usize = 16;

    fn enter(&mut self, ring: Ring, process: &Process) {
        if self.list.len() >= self.limit && !process.borrows_memory() {
            self.sweep();
            self.limit = Rings::FEW.max(2 * self.list.len());
        }
        self.list.push(Arc::new(ring));
        ANY.store(true, Relaxed);
    }

    /// Forgets those that no thread has a descriptor of, nor a number that it has registered: nobody says when a ring ends.
    fn sweep(&mut self) {
        let files = |task: std::fs::DirEntry| std::fs::read_dir(task.path().join("fd")).ok();
        let Ok(tasks) = std::fs::read_dir("/proc/self/task") else { return };
        let mut open = HashSet::new();
        for file in tasks.flatten().filter_map(files).flatten().flatten() {
            use std::os::unix::fs::MetadataExt;
            if let Ok(about) = std::fs::metadata(file.path()) {
                open.insert((about.dev(), about.ino()));
            }
        }
        self.list.retain(|ring| Arc::strong_count(ring) > 1 || open.contains(&ring.id));
    }
}

/// io_uring_setup(2).
pub fn io_uring_setup(task: &mut Task, entries: Uint, params: InOut<RingParams>) -> Result<u64, Errno> {
    let memory = &task.process.memory;
    let guest = params.get(memory)?;
    // Who polls for a device's completions too would not be told to call.
    let no_thread =
        if guest.flags & SQPOLL == 0 { SQ_AFF } else { IOPOLL | COOP_TASKRUN | TASKRUN_FLAG | DEFER_TASKRUN };
    let is_nowhere = guest.flags & SQ_AFF != 0 && !is_processor(guest.sq_thread_cpu);
    if guest.flags & (!SETUP | no_thread) != 0 || is_nowhere {
        return Err(Errno::EINVAL);
    }
    let (fd, ring) = Ring::new(entries.0, &guest).map_err(|errno| match errno {
        Errno::EINVAL if !is_supported() => Errno::ENOSYS,
        errno => errno,
    })?;
    if let Err(errno) = params.put(memory, &ring.params) {
        descriptors::close(fd as i32);
        return Err(errno);
    }
    rings().enter(ring, &task.process);
    Ok(fd)
}

/// Whether there is a processor of this number; all are, if the host does not say.
fn is_processor(number: u32) -> bool {
    let Ok(online) = std::fs::read_to_string("/sys/devices/system/cpu/online") else { return true };
    online.trim().split(',').any(|range| {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        matches!((first.parse(), last.parse()), (Ok(first), Ok(last)) if (first..=last).contains(&number))
    })
}

/// Whether the host's kernel makes rings as they are made here, which takes Linux 6.10.
#[cold]
fn is_supported() -> bool {
    const SEVERAL_PAGES: u32 = 512;
    let made = Ring::make(SEVERAL_PAGES, &RingParams::zeroed());
    match made {
        Ok((fd, _)) => descriptors::close(fd as i32),
        Err(_) => say_once(425, format_args!("io_uring takes a host with Linux 6.10 or newer")),
    }
    made.is_ok()
}

/// The kernel's `struct io_rings`, without the completions; more than it is.
const RINGS_HEAD: u64 = PAGE;

impl Ring {
    fn new(entries: u32, guest: &RingParams) -> Result<(u64, Ring), Errno> {
        let (fd, mut ring) = Ring::make(entries, guest)?;
        match file_id(fd as i32) {
            Some(id) => ring.id = id,
            None => {
                descriptors::close(fd as i32);
                return Err(Errno::EBADF);
            }
        }
        Ok((fd, ring))
    }

    /// Makes one that is no file's yet.
    fn make(entries: u32, guest: &RingParams) -> Result<(u64, Ring), Errno> {
        const MOST: u32 = 1 << 15;
        let has = |flag| guest.flags & flag != 0;
        // As the kernel reckons; what it refuses gets the least.
        let count = |wanted: u32, most: u32| match wanted.checked_next_power_of_two() {
            Some(count) if count <= most => u64::from(count),
            _ if has(CLAMP) => u64::from(most),
            _ => 1,
        };
        let places = count(entries, MOST);
        let results = if has(CQSIZE) { count(guest.cq_entries, 2 * MOST) } else { 2 * places };
        let entry_size = if has(SQE128) { 128 } else { 64 };
        let result_size = if has(CQE32) { 32 } else { 16 };
        let up = |len: u64| len.next_multiple_of(PAGE);
        let array = up(RINGS_HEAD + results * result_size);
        let entries_at = array + up(places * 4);
        let entries_len = up(places * entry_size);
        let common = Shared::new(entries_at + entries_len)?;
        let own = Shared::new(PAGE + entries_len)?;
        let mut params = RingParams { flags: guest.flags | NO_MMAP | NO_SQARRAY, ..*guest };
        if has(SQPOLL) {
            // The thread would be the one that issues, whoever calls.
            params.flags &= !(THREAD | SINGLE_ISSUER);
        }
        if has(ATTACH_WQ) && descriptors::is_reserved(params.wq_fd as i32) {
            params.wq_fd = u32::MAX;
        }
        put_address(&mut params.sq_off, own.address(PAGE));
        put_address(&mut params.cq_off, common.address(0));
        let address = std::ptr::from_mut(&mut params) as u64;
        let fd = host::call(libc::SYS_io_uring_setup, [u64::from(entries), address, 0, 0, 0, 0])?;
        params.flags = guest.flags;
        params.features &= FEATURES;
        put_address(&mut params.sq_off, 0);
        put_address(&mut params.cq_off, 0);
        let array = (!has(NO_SQARRAY)).then_some(array);
        params.sq_off[SQ_ARRAY] = array.unwrap_or(0) as u32;
        let entries = (entries_at, entries_len);
        let ring = Ring { id: (0, 0), own, common, params, array, entries, entry_size };
        if ring.has_thread() {
            ring.word(params.sq_off[SQ_FLAGS]).fetch_or(NEED_WAKEUP, Relaxed);
        }
        Ok((fd, ring))
    }

    /// mmap(2) of a part of it.
    pub fn map(&self, memory: &Memory, request: &Mapping) -> Result<GuestAddr, Errno> {
        let (at, room) = match request.offset & OFF_MASK {
            OFF_SQ_RING | OFF_CQ_RING => (0, self.entries.0),
            OFF_SQES => self.entries,
            _ => return Err(Errno::EINVAL),
        };
        if request.len > room || request.flags & flags::TYPE == flags::PRIVATE {
            return Err(Errno::EINVAL);
        }
        let path = PathBuf::from("anon_inode:[io_uring]");
        let file = FileId { path, dev: self.id.0, inode: self.id.1, version: None };
        memory.map_shared(request, &Arc::new(file), (&self.common, at))
    }

    /// Whether the guest believes in a thread that takes its entries.
    fn has_thread(&self) -> bool {
        self.params.flags & SQPOLL != 0
    }

    /// A word of the rings, by its offset.
    fn word(&self, offset: u32) -> &AtomicU32 {
        &self.common.words()[offset as usize / 4]
    }

    /// Whether there are as many completions as are waited for, and none that the kernel has still to bring.
    fn has_come(&self, least: u32) -> bool {
        let RingParams { sq_off, cq_off, flags, .. } = &self.params;
        flags & (IOPOLL | DEFER_TASKRUN) == 0
            && self.word(sq_off[SQ_FLAGS]).load(Acquire) & SQ_WAITING == 0
            && self.word(cq_off[TAIL]).load(Acquire).wrapping_sub(self.word(cq_off[HEAD]).load(Relaxed))
                >= least
    }

    /// The guest's entry in the place that is next after `position`; `None` if its array names a place that there is not.
    fn entry(&self, position: u32) -> Option<Entry> {
        let mask = self.params.sq_entries - 1;
        let place = match self.array {
            Some(array) => self.common.words()[array as usize / 4 + (position & mask) as usize].load(Relaxed),
            None => position & mask,
        };
        if place > mask {
            return None;
        }
        let first = (self.entries.0 + u64::from(place) * self.entry_size) as usize / 8;
        let words = &self.common.double_words()[first..first + size_of::<Entry>() / 8];
        let mut entry = [0_u64; size_of::<Entry>() / 8];
        entry.iter_mut().zip(words).for_each(|(word, shared)| *word = shared.load(Relaxed));
        Some(bytemuck::cast(entry))
    }

    /// Writes an entry for the kernel.
    fn give(&self, position: u32, entry: Entry) {
        let place = u64::from(position & (self.params.sq_entries - 1));
        let first = (PAGE + place * self.entry_size) as usize / 8;
        let words: [u64; size_of::<Entry>() / 8] = bytemuck::cast(entry);
        for (word, shared) in words.iter().zip(&self.own.double_words()[first..]) {
            shared.store(*word, Relaxed);
        }
    }

    /// Submits at most `most` entries; answers how many the kernel has taken. `fd` is what it knows the ring by.
    fn submit(&self, task: &Task, (fd, how): (u64, u32), most: u32) -> Result<u64, Errno> {
        let _held = Lock::take(&self.own.words()[0], task.tid);
        let taken = &self.own.words()[1];
        let head = taken.load(Relaxed);
        let waiting = self.word(self.params.sq_off[TAIL]).load(Acquire).wrapping_sub(head);
        let wanted = most.min(waiting).min(self.params.sq_entries);
        let mut batch = Batch::new(&task.process);
        let mut count = 0;
        let mut drops = false;
        while count < wanted && !drops {
            let entry = self.entry(head.wrapping_add(count));
            drops = entry.is_none();
            // What the kernel passes over must not be heard of.
            let entry = entry.map_or_else(Entry::silence, |entry| batch.translate(entry));
            self.give(head.wrapping_add(count), entry);
            count += 1;
        }
        let args = [fd, u64::from(count), 0, u64::from(how & REGISTERED_RING), 0, 0];
        let submitted = host::call_at_once(libc::SYS_io_uring_enter, args);
        batch.finish();
        let submitted = submitted?;
        taken.store(head.wrapping_add(submitted as u32), Relaxed);
        if drops && submitted == u64::from(count) {
            self.word(self.params.sq_off[SQ_DROPPED]).fetch_add(1, Relaxed);
            return Ok(submitted - 1);
        }
        Ok(submitted)
    }
}

fn put_address(offsets: &mut [u32; 10], address: u64) {
    offsets[USER_ADDR] = address as u32;
    offsets[USER_ADDR + 1] = (address >> 32) as u32;
}

/// A lock in memory that processes share: the thread's number is in it.
struct Lock<'a>(&'a AtomicU32);

impl Lock<'_> {
    fn take(word: &AtomicU32, tid: i32) -> Lock<'_> {
        let mut tried = 0_u32;
        while let Err(owner) = word.compare_exchange(0, tid as u32, Acquire, Relaxed) {
            let _ = host::call_at_once(libc::SYS_sched_yield, [0; 6]);
            tried += 1;
            if !tried.is_multiple_of(256) {
                continue;
            }
            let pause = Timespec { sec: 0, nsec: 50_000 };
            let _ =
                host::call_at_once(libc::SYS_nanosleep, [std::ptr::from_ref(&pause) as u64, 0, 0, 0, 0, 0]);
            // One that has been killed does not come back.
            if host::call_at_once(libc::SYS_kill, [u64::from(owner), 0, 0, 0, 0, 0]) == Err(Errno::ESRCH) {
                let _ = word.compare_exchange(owner, 0, Acquire, Relaxed);
            }
        }
        Lock(word)
    }
}

impl Drop for Lock<'_> {
    fn drop(&mut self) {
        self.0.store(0, Release);
    }
}

/// `struct io_uring_getevents_arg`.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Waiting {
    mask: u64,
    mask_size: u32,
    least_usec: u32,
    time: u64,
}

/// io_uring_enter(2). What is submitted and what is waited for are two calls of the host's: the ring is locked for the one only.
pub fn io_uring_enter(
    task: &mut Task,
    fd: Fd,
    to_submit: Uint,
    least: Uint,
    flags: Flags<RingEntering>,
    argument: Addr,
    size: Size,
) -> Result<u64, Errno> {
    let how = flags.0 as u32;
    if how & !ENTER != 0 {
        return Err(Errno::EINVAL);
    }
    let (host_fd, ring) = if how & REGISTERED_RING != 0 {
        (fd.0 as u64, registered(task, fd.0 as u32))
    } else {
        (fd.host(&Call { memory: &task.process.memory, raw: &[0; 6], result: None }), of(fd.0))
    };
    let Some(ring) = ring else {
        // No ring; or one that was made by a program before this one, whose entries are not known.
        let args = [host_fd, 0, 0, u64::from(how & REGISTERED_RING), 0, 0];
        return host::call_at_once(libc::SYS_io_uring_enter, args).and(Err(Errno::EOPNOTSUPP));
    };
    if to_submit.0 == 0 && !ring.has_thread() {
        return wait(task, host_fd, least.0, how, argument, size);
    }
    let submitted = if ring.has_thread() {
        while ring.submit(task, (host_fd, how), u32::MAX)? != 0 {}
        u64::from(to_submit.0)
    } else {
        ring.submit(task, (host_fd, how), to_submit.0)?
    };
    if submitted == u64::from(to_submit.0) && how & GETEVENTS != 0 && !ring.has_come(least.0) {
        // What has been submitted is told first; who has not got what was waited for comes again.
        let waited = wait(task, host_fd, least.0, how, argument, size);
        return if submitted == 0 { waited } else { Ok(submitted) };
    }
    Ok(submitted)
}

/// The ring that a task has registered by this number.
pub(super) fn registered(task: &Task, number: u32) -> Option<Arc<Ring>> {
    task.rings.iter().find(|(known, _)| *known == number).map(|(_, ring)| ring.clone())
}

fn wait(task: &mut Task, fd: u64, least: u32, how: u32, argument: Addr, size: Size) -> Result<u64, Errno> {
    let memory = &task.process.memory;
    let mut waiting = Waiting::zeroed();
    let mut time: Timespec;
    let mut given = None;
    if how & (GETEVENTS | EXT_ARG) == GETEVENTS | EXT_ARG {
        if size.0 != size_of::<Waiting>() as u64 {
            return Err(Errno::EINVAL);
        }
        waiting = memory.get(argument.0)?;
        given = mask(memory, In::from_raw(waiting.mask), u64::from(waiting.mask_size))?;
        if waiting.time != 0 {
            time = memory.get(GuestAddr(waiting.time))?;
            if how & ABS_TIMER == 0 {
                time = remaining_time(task, time);
            }
            waiting.time = std::ptr::from_ref(&time) as u64;
        }
    } else if how & GETEVENTS != 0 {
        given = mask(memory, In::from_raw(argument.0.0), size.0)?;
    }
    let mut place = SigSet::EMPTY;
    let [mask, mask_size] = host_mask(task, given, &mut place)?;
    let mut last = [mask, mask_size];
    if how & EXT_ARG != 0 {
        (waiting.mask, waiting.mask_size) = (mask, mask_size as u32);
        last = [std::ptr::from_ref(&waiting) as u64, size_of::<Waiting>() as u64];
    }
    let args = [fd, 0, u64::from(least), u64::from(how), last[0], last[1]];
    host::call(libc::SYS_io_uring_enter, args)
}
