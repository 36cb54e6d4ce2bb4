//! The host's side of signals: dispositions, masks, and the handlers.
//!
//! **Contract.** A signal for the guest lands in the one-deep slot of the thread it was sent to; the handler then leaves
//! with everything blocked but the three of [`super::OPEN`], so that the slot cannot overflow: what else comes waits in the
//! host kernel, in its order. The task takes the slot at its next safe point, and sets the host's mask anew. Those
//! three must stay open (faults of the guest's arrive by two of them, calls to attention by the third), so a sent one
//! has a place of its own in the thread's box, where the guest's mask is minded.
//!
//! Handlers touch nothing but thread-local cells without destructors, the interrupted context, and the two tables of pcs.
#![allow(unsafe_code, reason = "host signal handlers and raw signal system calls")]

use std::arch::global_asm;
use std::cell::{Cell, UnsafeCell};
use std::mem::size_of;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU32, AtomicU64, Ordering, compiler_fence};

use super::info::{SI_KERNEL, SI_QUEUE, SigInfo};
use super::number::{SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP, name};
use super::{OPEN, SigSet};
use crate::errno::Errno;
use crate::syscall::host::{call, call_at_once, rewind, watch};

/// What the host does with a signal; the numbers are `SA_…` flags, which both sides share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Disposition {
    /// `SIG_DFL`.
    Default,
    /// `SIG_DFL` with flags about children.
    DefaultWith(u64),
    /// `SIG_IGN`.
    Ignored(u64),
    /// A handler of ours.
    Handled(u64),
}

/// Sets a disposition, unless attention is wanted first.
pub(super) fn dispose(signal: i32, disposition: Disposition) -> Result<(), Errno> {
    let action = HostAction::of(signal, disposition);
    call(libc::SYS_rt_sigaction, [signal as u64, &raw const action as u64, 0, 8, 0, 0]).map(drop)
}

/// Sets a disposition now.
pub(super) fn dispose_at_once(signal: i32, disposition: Disposition) {
    let action = HostAction::of(signal, disposition);
    let done = call_at_once(libc::SYS_rt_sigaction, [signal as u64, &raw const action as u64, 0, 8, 0, 0]);
    debug_assert!(done.is_ok(), "{signal}");
}

/// Whether the host ignores `signal`.
pub(super) fn is_ignored(signal: i32) -> bool {
    HostAction::now(signal).handler == libc::SIG_IGN as u64
}

/// Makes the host's mask of this thread that of the guest's, unless attention is wanted first.
pub(super) fn set_mask(guest: SigSet) -> Result<(), Errno> {
    let mask = guest.without(OPEN);
    call(libc::SYS_rt_sigprocmask, [libc::SIG_SETMASK as u64, &raw const mask as u64, 0, 8, 0, 0])?;
    INBOX.with(|inbox| inbox.blocked.set(guest.intersection(OPEN)));
    Ok(())
}

/// What the host does not know of the [`OPEN`] signals of this thread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Those that the guest has blocked.
    pub blocked: u64,
    /// Those that wait, having been sent to the thread.
    pub pending: u64,
    /// Those that wait, having been sent to the process.
    pub shared: u64,
}

/// See [`Kept`].
pub(crate) fn kept() -> Kept {
    INBOX.with(|inbox| {
        let mut kept = Kept { blocked: inbox.blocked.get().0, ..Kept::default() };
        for place in inbox.held.iter().filter(|place| place.is_full.load(Ordering::Relaxed)) {
            compiler_fence(Ordering::Acquire);
            // SAFETY: full, so the handler leaves it alone, and only this thread takes it.
            let info = unsafe { *place.info.get() };
            let of_thread = info.code == libc::SI_TKILL;
            let set = if of_thread { &mut kept.pending } else { &mut kept.shared };
            *set |= SigSet::of(info.signal).0;
        }
        kept
    })
}

/// Sets the host's mask of this thread as it is given, now, and says what it was.
pub(crate) fn replace_mask(mask: SigSet) -> SigSet {
    let mut old = SigSet::EMPTY;
    let (new, old_at) = (&raw const mask as u64, &raw mut old as u64);
    let done = call_at_once(libc::SYS_rt_sigprocmask, [libc::SIG_SETMASK as u64, new, old_at, 8, 0, 0]);
    debug_assert!(done.is_ok());
    old
}

/// Does `work` with every signal blocked that can be, as for the making of a thread that is none of the guest's.
pub(crate) fn with_all_blocked<T>(work: impl FnOnce() -> T) -> T {
    let old = replace_mask(SigSet::ALL.without(OPEN));
    let done = undoing_the_librarys(work);
    if !is_waiting() {
        replace_mask(old);
    }
    done
}

/// The same for a thread that will never run a task: SIGTRAP is blocked too, which for a task it never is.
pub(crate) fn with_all_but_faults_blocked<T>(work: impl FnOnce() -> T) -> T {
    let old = replace_mask(SigSet::ALL.without(SigSet::of_all(&[SIGSEGV, SIGBUS])));
    let done = undoing_the_librarys(work);
    replace_mask(old);
    done
}

/// Does `work`, which makes a thread. With the first one the C library takes a signal for itself, which is the guest's as all are.
pub(crate) fn undoing_the_librarys<T>(work: impl FnOnce() -> T) -> T {
    /// glibc's, by which setuid(2) reaches all threads.
    const TAKEN: i32 = 33;
    let before = HostAction::now(TAKEN);
    let done = work();
    let after = HostAction::now(TAKEN);
    // Another task may have set another of ours meanwhile.
    let others = [libc::SIG_DFL as u64, libc::SIG_IGN as u64, on_signal as *const () as u64];
    if !others.contains(&after.handler) {
        let args = [TAKEN as u64, &raw const before as u64, 0, 8, 0, 0];
        let undone = call_at_once(libc::SYS_rt_sigaction, args);
        debug_assert!(undone.is_ok());
    }
    done
}

/// Makes this thread the one that runs the task with this attention flag and this tid. It must stay where it is until
/// the thread ends or another takes its place.
pub(crate) fn enter(attention: &AtomicU32) {
    INBOX.with(|inbox| {
        inbox.attention.set(attention);
        watch(attention);
    });
    attention.store(1, Ordering::Relaxed);
}

/// Takes the signal that is in this thread's slot. The host has everything blocked since it came; the caller sets the
/// mask when it is done.
pub(super) fn take() -> Option<SigInfo> {
    INBOX.with(|inbox| {
        if !inbox.slot_is_full.load(Ordering::Relaxed) {
            return None;
        }
        compiler_fence(Ordering::Acquire);
        // SAFETY: full, so the handler leaves the slot alone until the flag is taken back below.
        let info = unsafe { *inbox.slot.get() };
        compiler_fence(Ordering::Release);
        inbox.slot_is_full.store(false, Ordering::Relaxed);
        Some(info)
    })
}

/// The thread's task is gone.
pub(crate) fn depart() {
    watch(std::ptr::null());
    INBOX.with(|inbox| inbox.attention.set(std::ptr::null()));
}

/// Whether a signal is in this thread's slot: then the host has everything blocked, and the mask has to be left alone.
pub(crate) fn is_waiting() -> bool {
    INBOX.with(|inbox| inbox.slot_is_full.load(Ordering::Relaxed))
}

/// Takes one of the [`OPEN`] signals that was sent to this thread and is in `wanted`.
pub(super) fn take_held(wanted: SigSet) -> Option<SigInfo> {
    INBOX.with(|inbox| {
        inbox.held.iter().find_map(|place| {
            if !place.is_full.load(Ordering::Relaxed) {
                return None;
            }
            compiler_fence(Ordering::Acquire);
            // SAFETY: as in `take`.
            let info = unsafe { *place.info.get() };
            if !wanted.contains(info.signal) {
                return None;
            }
            place.is_full.store(false, Ordering::Relaxed);
            Some(info)
        })
    })
}

/// Takes all of the [`OPEN`] signals that wait in this thread, to be [`hold`]-ed again when another task has had it.
pub(crate) fn set_aside() -> Vec<SigInfo> {
    std::iter::from_fn(|| take_held(SigSet::ALL)).collect()
}

/// Which of the [`OPEN`] signals wait in this thread.
pub(super) fn held() -> SigSet {
    INBOX.with(|inbox| {
        inbox.held.iter().enumerate().fold(SigSet::EMPTY, |set, (i, place)| {
            if place.is_full.load(Ordering::Relaxed) { set.union(SigSet::of(HELD[i])) } else { set }
        })
    })
}

/// Puts an [`OPEN`] signal where it waits for the guest's mask; a second one of a kind is lost, as it is in Linux.
pub(crate) fn hold(info: &SigInfo) {
    INBOX.with(|inbox| {
        for (place, &signal) in inbox.held.iter().zip(&HELD) {
            if signal == info.signal && !place.is_full.load(Ordering::Relaxed) {
                // SAFETY: not full, so nobody else reads or writes it; a handler that comes in between writes the
                // same place as a whole and is then overwritten as a whole.
                unsafe { *place.info.get() = *info };
                compiler_fence(Ordering::Release);
                place.is_full.store(true, Ordering::Relaxed);
            }
        }
        inbox.call_attention();
    });
}

/// Forgets what waits here: a forked child has no pending signals.
pub(crate) fn forget() {
    INBOX.with(|inbox| {
        let places = inbox.held.iter().map(|place| &place.is_full).chain([&inbox.slot_is_full]);
        // What stays as it is is not written: it would be copied.
        places
            .filter(|is_full| is_full.load(Ordering::Relaxed))
            .for_each(|is_full| is_full.store(false, Ordering::Relaxed));
    });
}

/// Calls the task with this tid to attention, out of whatever host call it sleeps in. Any thread of the process may.
pub fn kick(pid: i32, tid: i32) -> Result<(), Errno> {
    let mut info = SigInfo::new(SIGTRAP, SI_QUEUE);
    info.fields[0] = u64::from(pid as u32);
    info.fields[1] = kick_mark();
    let args = [pid as u64, tid as u64, SIGTRAP as u64, &raw const info as u64, 0, 0];
    call_at_once(libc::SYS_rt_tgsigqueueinfo, args).map(drop)
}

/// Stops this process as `signal`'s default action does, and returns when it is continued. The host's disposition is
/// the default afterwards.
pub(super) fn stop(tid: i32, signal: i32) {
    dispose_at_once(signal, Disposition::Default);
    raise(tid, signal);
    let old = replace_mask(SigSet::ALL.without(OPEN).without(SigSet::of(signal)));
    replace_mask(old);
}

/// Dies of `signal` as the process of another program would: its parent sees the signal, and there is no core, which
/// would be one of the emulator. Returns if the host's kernel does not let this process die of it.
pub(crate) fn die(signal: i32) {
    let _ = call_at_once(libc::SYS_prctl, [libc::PR_SET_DUMPABLE as u64, 0, 0, 0, 0, 0]);
    if signal != libc::SIGKILL {
        dispose_at_once(signal, Disposition::Default);
    }
    raise(call_at_once(libc::SYS_gettid, [0; 6]).unwrap_or_default() as i32, signal);
    replace_mask(SigSet::ALL.without(SigSet::of(signal)));
}

/// Sends `signal` to a task of this process.
pub(crate) fn raise(tid: i32, signal: i32) {
    let pid = u64::from(std::process::id());
    let _ = call_at_once(libc::SYS_tgkill, [pid, tid as u64, signal as u64, 0, 0, 0]);
}

/// `struct sigaction` of the x86-64 kernel.
#[repr(C)]
#[derive(Default)]
struct HostAction {
    handler: u64,
    flags: u64,
    restorer: u64,
    mask: u64,
}

impl HostAction {
    /// What the host does with a signal, the default for what is none.
    fn now(signal: i32) -> HostAction {
        let mut action = HostAction::default();
        let args = [signal as u64, 0, &raw mut action as u64, 8, 0, 0];
        let _ = call_at_once(libc::SYS_rt_sigaction, args);
        action
    }

    fn of(signal: i32, disposition: Disposition) -> HostAction {
        let (handler, flags) = match disposition {
            Disposition::Default => (libc::SIG_DFL as u64, 0),
            Disposition::DefaultWith(flags) => (libc::SIG_DFL as u64, flags),
            Disposition::Ignored(flags) => (libc::SIG_IGN as u64, flags),
            Disposition::Handled(flags) => {
                let handler = match signal {
                    SIGSEGV | SIGBUS => on_fault as *const (),
                    SIGTRAP => on_trap as *const (),
                    SIGILL | SIGFPE => on_host_error as *const (),
                    _ => on_signal as *const (),
                };
                (handler as u64, flags | libc::SA_SIGINFO as u64)
            }
        };
        const SA_RESTORER: u64 = 0x0400_0000;
        let restorer = tine_signal_return as *const () as u64;
        HostAction { handler, flags: flags | SA_RESTORER, restorer, mask: SigSet::ALL.0 }
    }
}

/// What waits for the task of a thread.
struct Inbox {
    attention: Cell<*const AtomicU32>,
    slot_is_full: AtomicBool,
    slot: UnsafeCell<SigInfo>,
    held: [Held; 3],
    knock: AtomicU64,
    /// Those of [`OPEN`] that the guest has blocked.
    blocked: Cell<SigSet>,
}

/// The place of one of the [`OPEN`] signals.
struct Held {
    is_full: AtomicBool,
    info: UnsafeCell<SigInfo>,
}

/// The [`OPEN`] signals in the order of their places.
const HELD: [i32; 3] = [SIGTRAP, SIGBUS, SIGSEGV];

impl Held {
    const fn new() -> Held {
        Held { is_full: AtomicBool::new(false), info: UnsafeCell::new(SigInfo::new(0, 0)) }
    }
}

impl Inbox {
    fn call_attention(&self) {
        // SAFETY: null, or what `enter` was given, which outlives the thread's work.
        if let Some(attention) = unsafe { self.attention.get().as_ref() } {
            attention.store(1, Ordering::Relaxed);
        }
    }
}

thread_local! {
    static INBOX: Inbox = const {
        Inbox {
            attention: Cell::new(std::ptr::null()),
            slot_is_full: AtomicBool::new(false),
            slot: UnsafeCell::new(SigInfo::new(0, 0)),
            held: [Held::new(), Held::new(), Held::new()],
            knock: AtomicU64::new(0),
            blocked: Cell::new(SigSet::EMPTY),
        }
    };
}

/// `si_code` of a SIGTRAP by which a debugger asks a process to call it: no other program uses it, and the kernel lets those send it who
/// may kill.
const KNOCK: i32 = -0x7e11;

/// Knocks at a process with this number, by a pidfd: its pid may name another one by now. The process must have the handler of these
/// signals.
pub(crate) fn knock(pidfd: i32, number: u64) -> Result<(), Errno> {
    let mut info = SigInfo::new(SIGTRAP, KNOCK);
    info.fields[0] = u64::from(std::process::id());
    info.fields[1] = number;
    let args = [pidfd as u64, SIGTRAP as u64, &raw const info as u64, 0, 0, 0];
    call_at_once(libc::SYS_pidfd_send_signal, args).map(drop)
}

/// The number that somebody has knocked at this thread with.
pub(crate) fn take_knock() -> Option<u64> {
    INBOX.with(|inbox| match inbox.knock.load(Ordering::Relaxed) {
        0 => None,
        _ => Some(inbox.knock.swap(0, Ordering::Relaxed)),
    })
}

/// Ignores a signal, in a process that runs no guest.
pub(crate) fn ignore(signal: i32) {
    dispose_at_once(signal, Disposition::Ignored(0));
}

/// The address of this is what tells a call to attention from a guest's SIGTRAP: the guest cannot know it.
static KICK: AtomicI32 = AtomicI32::new(0);

fn kick_mark() -> u64 {
    &raw const KICK as u64
}

/// A signal for the guest.
extern "C" fn on_signal(_signal: i32, info: *const SigInfo, context: *mut libc::ucontext_t) {
    INBOX.with(|inbox| {
        // SAFETY: the kernel's siginfo; the slot is empty, because everything has been blocked since it was last filled
        // and the mask is set only when it has been taken.
        unsafe { *inbox.slot.get() = *info };
        compiler_fence(Ordering::Release);
        inbox.slot_is_full.store(true, Ordering::Relaxed);
        inbox.call_attention();
    });
    // SAFETY: the kernel's context, ours until the handler returns.
    unsafe {
        block_all(context);
        rewind_call(context);
    }
}

/// A fault of the guest's, an access for a system call that has to fail, or one of these signals sent by someone.
extern "C" fn on_fault(signal: i32, info: *const SigInfo, context: *mut libc::ucontext_t) {
    // SAFETY: the kernel's siginfo and context.
    unsafe {
        if !is_of_processor(&*info, &*context) {
            return on_sent(&*info, context);
        }
        let pc = &mut (*context).uc_mcontext.gregs[libc::REG_RIP as usize];
        if let Some(to) = crate::memory::access::recover(*pc as u64) {
            *pc = to as i64;
            return;
        }
        let pc = *pc as u64;
        if crate::engine::fault::handle(signal, &*info.cast::<libc::siginfo_t>(), &mut *context) {
            return;
        }
        give_up(signal, (*info).addr().0, pc);
    }
}

/// Whether a SIGSEGV or SIGBUS tells of an access. A child whose exit signal it is has codes that look the same, and so have descriptors
/// (`F_SETSIG`); but only an access leaves its address in the context.
fn is_of_processor(info: &SigInfo, context: &libc::ucontext_t) -> bool {
    let address = context.uc_mcontext.gregs[libc::REG_CR2 as usize] as u64;
    !info.is_sent() && (info.code == SI_KERNEL || info.addr().0 == address)
}

/// A call to attention, or a SIGTRAP that somebody sent.
extern "C" fn on_trap(_signal: i32, info: *const SigInfo, context: *mut libc::ucontext_t) {
    // SAFETY: the kernel's siginfo and context.
    unsafe {
        let info = &*info;
        if info.code == SI_QUEUE && info.value() == kick_mark() && info.pid() as u32 == std::process::id() {
            INBOX.with(Inbox::call_attention);
            rewind_call(context);
        } else if info.code == KNOCK {
            if INBOX.with(|inbox| inbox.attention.get().is_null()) {
                return pass_on(info);
            }
            INBOX.with(|inbox| {
                inbox.knock.store(info.value(), Ordering::Relaxed);
                inbox.call_attention();
            });
            rewind_call(context);
        } else {
            on_sent(info, context);
        }
    }
}

/// SIGILL and SIGFPE: from someone, or of our own making.
extern "C" fn on_host_error(signal: i32, info: *const SigInfo, context: *mut libc::ucontext_t) {
    // SAFETY: the kernel's siginfo and context.
    unsafe {
        // What the processor raises is about the instruction; a descriptor's or a timer's signal (`F_SETSIG`) may have the same code.
        let pc = (*context).uc_mcontext.gregs[libc::REG_RIP as usize] as u64;
        if (*info).is_sent() || (*info).addr().0 != pc {
            return on_signal(signal, info, context);
        }
        give_up(signal, (*info).addr().0, pc);
    }
}

/// # Safety
/// `context` is the interrupted context of the handler that calls.
unsafe fn on_sent(info: &SigInfo, context: *mut libc::ucontext_t) {
    if INBOX.with(|inbox| inbox.attention.get().is_null()) {
        return pass_on(info);
    }
    hold(info);
    // SAFETY: as required of the caller.
    unsafe { rewind_call(context) };
}

/// Gives the process again what was sent to it and has come to a thread without a task. It is blocked here while the handler
/// runs, and in no task's thread, so one of those gets it.
fn pass_on(info: &SigInfo) {
    let (pid, info_at) = (u64::from(std::process::id()), std::ptr::from_ref(info) as u64);
    let _ = call_at_once(libc::SYS_rt_sigqueueinfo, [pid, info.signal as u64, info_at, 0, 0, 0]);
}

/// # Safety
/// `context` is the interrupted context of the handler that calls.
unsafe fn block_all(context: *mut libc::ucontext_t) {
    // SAFETY: the kernel's mask is the first word of uc_sigmask; the rest of libc's type is not there.
    unsafe { *(&raw mut (*context).uc_sigmask).cast::<SigSet>() = SigSet::ALL.without(OPEN) };
}

/// # Safety
/// `context` is the interrupted context of the handler that calls.
unsafe fn rewind_call(context: *mut libc::ucontext_t) {
    // SAFETY: as required of the caller; `rewind` gives an address of the same routine.
    unsafe {
        let pc = &mut (*context).uc_mcontext.gregs[libc::REG_RIP as usize];
        if let Some(to) = rewind(*pc as u64) {
            *pc = to as i64;
        }
    }
}

/// Ends the process for a fault that is the emulator's own.
fn give_up(signal: i32, addr: u64, pc: u64) -> ! {
    let line = format!("tine: internal error: {} at {addr:#x}, pc {pc:#x}\n", name(signal));
    let _ = call_at_once(libc::SYS_write, [2, line.as_ptr() as u64, line.len() as u64, 0, 0, 0]);
    let _ = call_at_once(libc::SYS_exit_group, [125, 0, 0, 0, 0, 0]);
    std::process::abort()
}

unsafe extern "sysv64" {
    fn tine_signal_return();
}

global_asm!(
    ".pushsection .text.tine_signal_return, \"ax\", @progbits",
    ".hidden tine_signal_return",
    ".globl tine_signal_return",
    ".type tine_signal_return, @function",
    "tine_signal_return:",
    "mov eax, 15", // rt_sigreturn
    "syscall",
    ".size tine_signal_return, . - tine_signal_return",
    ".popsection",
);

const _: () = assert!(size_of::<SigSet>() == 8 && size_of::<HostAction>() == 32);
