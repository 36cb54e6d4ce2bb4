//! `vfork` by fork: a child in a copy of its parent's memory, which carries back what it has written.
//!
//! A child in its parent's own memory ([`super::vfork`]) can only execute by the host's execve(2), since what it leaves is another's. One that has a
//! copy begins the program in place, as a child of fork does, in half the time. The parent sleeps meanwhile, so nobody
//! else sees or changes the memory, and cannot tell the difference: when the child executes or ends, the pages that it has written are put into
//! the parent's memory ([`crate::memory::Search`] says how they are found). The child's calls that change the map are made by the parent as well,
//! at once. Two things are not as they should be: what a child has written that a signal from elsewhere kills without a handler is lost, and shared memory
//! without a file that it maps is other memory in its parent.
//!
//! Both have a piece of shared memory. A word in it is the child's as a robust futex is its owner's: if the child is killed, or the host executes
//! another program in it, the kernel marks the word and wakes the parent.

use std::fs::{File, OpenOptions};
use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use super::fork::{CLEAR_SIGHAND, CloneArgs, DETACHED, SETTLS, UNTRACED, VFORK, VM};
use crate::addr::GuestAddr;
use crate::errno::Errno;
use crate::memory::shared::Shared;
use crate::memory::{Memory, PAGE, Search, flags};
use crate::syscall::host::call_at_once;
use crate::syscall::table;
use crate::task::Task;

/// A parent with more private memory than this shares it: to copy its tables of pages would cost more than the host's exec.
const MOST: u64 = 48 << 20;
/// How many pages are handed over at once.
const ROOM: usize = 256;
/// How long nobody looks whether the other side lives, where the kernel does not tell, in nanoseconds.
const PATIENCE: i64 = 50_000_000;

/// Of the futex word: its owner's tid is in the rest.
const WAITERS: u32 = 0x8000_0000;
const OWNER_DIED: u32 = 0x4000_0000;

/// What the child wants when it has put 0 into the word.
const NOTHING: u32 = 0;
/// That the pages are taken, to make room for others.
const PAGES: u32 = 1;
/// That a system call is made as it has made it.
const CALL: u32 = 2;
/// That the pages are taken and that the parent goes on.
const DONE: u32 = 3;

/// Whether a child of `clone(args)` may have a copy, as far as `task` is concerned: it is alone, and nothing of the memory is bound to it but what is
/// in it.
pub(super) fn suits(task: &Task, args: &CloneArgs) -> bool {
    const KNOWN: u64 = VM | VFORK | SETTLS | CLEAR_SIGHAND | UNTRACED | DETACHED;
    let process = &task.process;
    args.flags & (VM | VFORK) == VM | VFORK
        && args.flags & !KNOWN == 0
        && args.exit_signal == libc::SIGCHLD as u64
        && args.set_tid_size == 0
        && task.tid == process.pid()
        && process.tasks.is_single()
        // A thread that has left may not have gone.
        && Arc::strong_count(process) == 1
        && !process.borrows_memory()
        && !process.requires_host_exec()
        && process.debug.get().is_none()
        && process.memory.copied_by_fork().is_some_and(|size| size <= MOST)
}

/// What parent and child have in common.
#[derive(Debug)]
pub(crate) struct Parcel {
    shared: Shared,
    /// The process that has made it. Forked children have the mapping too.
    maker: i32,
}

/// Places in it, in double words. The first four are what the kernel looks at (get_robust_list(2)): a head, which points to itself, the distance from
/// an entry to its futex, and the one entry that is about to be released, which it wakes for also if that has been done halfway.
const HEAD: usize = 0;
const DISTANCE: usize = 1;
const RELEASED: usize = 2;
const ENTRY: usize = 3;
/// Two words: the futex, and what is wanted.
const FUTEX: usize = 4;
/// How many pages there are.
const COUNT: usize = 5;
/// The system call's number, its arguments, the flags of its file, its result, and how it is made again.
const NUMBER: usize = 6;
const ARGUMENTS: usize = 7;
const FILE_FLAGS: usize = 13;
const RESULT: usize = 14;
const HOW: usize = 15;
/// Where the pages belong.
const ADDRESSES: usize = 16;
const PAGE_WORDS: usize = PAGE as usize / 8;

impl Parcel {
    fn new(maker: i32) -> Result<Parcel, Errno> {
        Ok(Parcel { shared: Shared::new((1 + ROOM as u64) * PAGE)?, maker })
    }

    /// The parcel of a task that is about to fork.
    pub(super) fn of(task: &mut Task) -> Result<&Parcel, Errno> {
        let maker = task.process.pid();
        if task.parcel.as_ref().is_none_or(|parcel| parcel.maker != maker) {
            task.parcel = Some(Box::new(Parcel::new(maker)?));
        }
        let parcel = task.parcel.as_deref().ok_or(Errno::ENOMEM)?;
        parcel.set(COUNT, 0);
        parcel.wanted().store(NOTHING, Ordering::Relaxed);
        parcel.futex().store(0, Ordering::Release);
        Ok(parcel)
    }

    fn place(&self, index: usize) -> &AtomicU64 {
        &self.shared.double_words()[index]
    }

    fn get(&self, index: usize) -> u64 {
        self.place(index).load(Ordering::Relaxed)
    }

    fn set(&self, index: usize, value: u64) {
        self.place(index).store(value, Ordering::Relaxed);
    }

    fn futex(&self) -> &AtomicU32 {
        &self.shared.words()[2 * FUTEX]
    }

    fn wanted(&self) -> &AtomicU32 {
        &self.shared.words()[2 * FUTEX + 1]
    }

    fn page(&self, index: usize) -> &[AtomicU64] {
        &self.shared.double_words()[(1 + index) * PAGE_WORDS..][..PAGE_WORDS]
    }
}

/// Sleeps while a word is `value`, for at most `nanoseconds` if any.
fn sleep(word: &AtomicU32, value: u32, nanoseconds: Option<i64>) {
    let timeout = nanoseconds.map(|tv_nsec| libc::timespec { tv_sec: 0, tv_nsec });
    let timeout = timeout.as_ref().map_or(0, |timeout| std::ptr::from_ref(timeout) as u64);
    let args = [word.as_ptr() as u64, libc::FUTEX_WAIT as u64, value.into(), timeout, 0, 0];
    let _ = call_at_once(libc::SYS_futex, args);
}

fn wake(word: &AtomicU32) {
    let _ = call_at_once(libc::SYS_futex, [word.as_ptr() as u64, libc::FUTEX_WAKE as u64, 1, 0, 0, 0]);
}

/// Sleeps until the child has executed or ended, and does meanwhile what it wants.
pub(super) fn wait(task: &mut Task, child: i32) {
    let Some(parcel) = task.parcel.take() else { return };
    loop {
        match (parcel.futex().load(Ordering::Acquire), parcel.wanted().load(Ordering::Acquire)) {
            // The child has not taken the word, yet or again, and nobody tells if it never will.
            (0, NOTHING) if is_gone(child) => break,
            (0, NOTHING) => sleep(parcel.futex(), 0, Some(PATIENCE)),
            (0, wanted) => {
                match wanted {
                    CALL => repeat(task, &parcel, child),
                    _ => parcel.unpack(&task.process.memory),
                }
                if wanted == DONE {
                    break;
                }
                parcel.wanted().store(NOTHING, Ordering::Release);
                wake(parcel.wanted());
            }
            (word, _) if word & OWNER_DIED != 0 => {
                parcel.unpack(&task.process.memory);
                break;
            }
            (word, _) => sleep(parcel.futex(), word, None),
        }
    }
    task.parcel = Some(parcel);
}

/// Whether a child has ended, which stays to be waited for.
fn is_gone(child: i32) -> bool {
    let mut info = [0_u8; 128];
    let options = (libc::WEXITED | libc::WNOHANG | libc::WNOWAIT) as u64;
    let args = [libc::P_PID as u64, child as u64, info.as_mut_ptr() as u64, options, 0, 0];
    // Without an answer there is no child: nobody wanted to know of its end.
    call_at_once(libc::SYS_waitid, args).is_err() || info.iter().any(|&byte| byte != 0)
}

impl Parcel {
    /// Puts the pages into the parent's memory.
    fn unpack(&self, memory: &Memory) {
        for index in 0..(self.get(COUNT) as usize).min(ROOM) {
            let addr = GuestAddr(self.get(ADDRESSES + index));
            let (mut new, mut old) = ([0; PAGE_WORDS], [0; PAGE_WORDS]);
            for (word, place) in new.iter_mut().zip(self.page(index)) {
                *word = place.load(Ordering::Relaxed);
            }
            let bytes = bytemuck::bytes_of(&new);
            // A mapping that grows down has grown in the child alone.
            let is_there = memory.is_mapped(addr, PAGE) || memory.grow_down(addr);
            let is_same = memory.peek(addr, bytemuck::bytes_of_mut(&mut old)).is_ok() && old == new;
            if is_there && !is_same && memory.poke(addr, bytes).is_err() {
                log::debug!("what a child of vfork has written at {addr} is lost");
            }
        }
    }
}

/// How a call that changes the map is made again in the parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub(crate) enum Repeat {
    /// As it was.
    Same,
    /// mmap(2): at the address that the child got, of the child's file.
    File,
    /// mremap(2): to where the child's went.
    Moved,
    /// shmat(2): at the child's address.
    Attached,
}

/// A call that a child has made.
#[derive(Debug)]
pub(crate) struct Repeated {
    pub(crate) number: u64,
    pub(crate) args: [u64; 6],
    pub(crate) result: u64,
    pub(crate) how: Repeat,
}

/// Makes the child's system call in the parent.
fn repeat(task: &mut Task, parcel: &Parcel, child: i32) {
    const REGISTERS: [usize; 7] = [10, 11, 12, 13, 14, 15, 17];
    let (number, result, how) = (parcel.get(NUMBER), parcel.get(RESULT), parcel.get(HOW));
    let mut args: [u64; 6] = std::array::from_fn(|index| parcel.get(ARGUMENTS + index));
    let mut file = None;
    if how == Repeat::File as u64 {
        args[0] = result;
        args[3] = args[3] & !flags::FIXED_NOREPLACE | flags::FIXED;
        if args[3] & flags::ANONYMOUS == 0 {
            file = open(child, args[4], parcel.get(FILE_FLAGS)).ok();
            args[4] = file.as_ref().map_or(-1, AsRawFd::as_raw_fd) as u64;
        }
    } else if how == Repeat::Moved as u64 && result != args[0] {
        args[3] |= (libc::MREMAP_MAYMOVE | libc::MREMAP_FIXED) as u64;
        args[4] = result;
    } else if how == Repeat::Attached as u64 {
        args[1] = result;
    }
    let kept = REGISTERS.map(|register| task.hart.x(register));
    let new = args.into_iter().chain([number]);
    REGISTERS.into_iter().zip(new).for_each(|(register, value)| task.hart.set_x(register, value));
    // A signal that has come would turn the call back, and is not served before this is over.
    let mut is_wanted = false;
    let done = loop {
        is_wanted |= task.hart.attention.swap(0, Ordering::Relaxed) != 0;
        match table::run(number)(task) {
            Err(Errno::ERESTARTSYS) => {}
            done => break done,
        }
    };
    if is_wanted {
        task.call_attention();
    }
    REGISTERS.into_iter().zip(kept).for_each(|(register, value)| task.hart.set_x(register, value));
    drop(file);
    if done != Ok(result) {
        let name = table::row(number).map_or("a system call", |row| row.name);
        log::warn!(
            "{name}, made by a child of vfork, fails in its parent: {done:?}, where the child got {result:#x}"
        );
    }
}

/// Opens what the child has open as `fd`.
fn open(child: i32, fd: u64, status: u64) -> std::io::Result<File> {
    let access = status as i32 & libc::O_ACCMODE;
    let mut options = OpenOptions::new();
    options.read(access != libc::O_WRONLY).write(access != libc::O_RDONLY).custom_flags(libc::O_CLOEXEC);
    options.open(format!("/proc/{child}/fd/{}", fd as i32))
}

/// A child that has a copy, and has not executed yet.
#[derive(Debug)]
pub(crate) struct Carrier {
    parcel: Box<Parcel>,
    /// The word while it is the child's.
    owned: u32,
    /// What it has done to its memory makes it look for written pages more widely.
    search: Search,
}

/// In the child: it is born.
pub(super) fn begin(task: &mut Task) {
    let Some(parcel) = task.parcel.take() else { return };
    let address = |index: usize| parcel.place(index).as_ptr() as u64;
    parcel.set(HEAD, address(HEAD));
    parcel.set(RELEASED, address(ENTRY));
    parcel.set(DISTANCE, 8 * (FUTEX - ENTRY) as u64);
    set_robust_list(address(HEAD));
    let owned = task.tid as u32 | WAITERS;
    parcel.futex().store(owned, Ordering::Release);
    let search = Search { everywhere: false, even_shared: false };
    task.carrier = Some(Box::new(Carrier { parcel, owned, search }));
}

/// In a child that has a copy: it is about to fork, and its own child has the pages as well.
pub(super) fn forks(task: &mut Task) {
    if let Some(carrier) = &mut task.carrier {
        carrier.search.even_shared = true;
    }
}

/// In a child that has a copy: it has changed what is where.
#[cold]
pub(crate) fn mapped(task: &mut Task, call: &Repeated) {
    let Some(carrier) = &mut task.carrier else { return };
    carrier.search.everywhere = true;
    let parcel = &carrier.parcel;
    let status = call_at_once(libc::SYS_fcntl, [call.args[4], libc::F_GETFL as u64, 0, 0, 0, 0]);
    parcel.set(NUMBER, call.number);
    call.args.iter().enumerate().for_each(|(index, &arg)| parcel.set(ARGUMENTS + index, arg));
    parcel.set(FILE_FLAGS, status.unwrap_or(0));
    parcel.set(RESULT, call.result);
    parcel.set(HOW, call.how as u64);
    carrier.ask(CALL);
}

/// The child leaves this memory: its parent goes on.
pub(super) fn finish(task: &mut Task) {
    let Some(carrier) = task.carrier.take() else { return };
    carrier.pack(&task.process.memory);
    carrier.tell(DONE);
    set_robust_list(0);
}

/// The child sends a signal, perhaps to itself, of which the host may let it die at once.
pub(crate) fn may_die(task: &Task) {
    if let Some(carrier) = &task.carrier {
        carrier.pack(&task.process.memory);
    }
}

impl Carrier {
    /// Hands over the pages that were written; what does not fit at once is taken meanwhile.
    pub(super) fn pack(&self, memory: &Memory) {
        let parcel = &*self.parcel;
        let mut count = 0;
        parcel.set(COUNT, 0);
        memory.for_each_written(self.search, |addr| {
            if count == ROOM {
                parcel.set(COUNT, count as u64);
                self.ask(PAGES);
                parcel.set(COUNT, 0);
                count = 0;
            }
            let mut page = [0_u64; PAGE_WORDS];
            if memory.peek(addr, bytemuck::bytes_of_mut(&mut page)).is_ok() {
                parcel
                    .page(count)
                    .iter()
                    .zip(page)
                    .for_each(|(place, word)| place.store(word, Ordering::Relaxed));
                parcel.set(ADDRESSES + count, addr.0);
                count += 1;
            }
        });
        parcel.place(COUNT).store(count as u64, Ordering::Release);
    }

    /// Leaves the word to the parent.
    fn tell(&self, wanted: u32) {
        self.parcel.wanted().store(wanted, Ordering::Relaxed);
        self.parcel.futex().store(0, Ordering::Release);
        wake(self.parcel.futex());
    }

    /// The same, and waits until it is done. A parent that has been killed does nothing.
    fn ask(&self, wanted: u32) {
        self.tell(wanted);
        while self.parcel.wanted().load(Ordering::Acquire) != NOTHING {
            if nix::unistd::getppid().as_raw() != self.parcel.maker {
                return;
            }
            sleep(self.parcel.wanted(), wanted, Some(PATIENCE));
        }
        self.parcel.futex().store(self.owned, Ordering::Release);
    }
}

/// The C library's own list is of no use in a forked child: none of its locks are robust.
fn set_robust_list(head: u64) {
    const SIZE: u64 = 24;
    let _ = call_at_once(libc::SYS_set_robust_list, [head, SIZE, 0, 0, 0, 0]);
}
