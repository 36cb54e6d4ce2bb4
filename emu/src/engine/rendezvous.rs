//! Several harts over one array of slots.
//!
//! A handler reads the fields of its slot, and a pair those of the next one, some time after the handler itself was read from the
//! slot. So the fields of a slot that was decoded once may only be overwritten when every hart that could still be in
//! a handler of its has come out. A slot whose code has changed holds `undecoded`, which reads no fields; from there on it is
//! enough that each hart passes one safe point: that it leaves its handlers, or takes one of their slow paths.
//!
//! A hart's phase counts both: it is odd while handlers run. Whoever has to wait (in [`Engine::settle`], under the engine's
//! lock) makes the harts with an odd phase look up by their attention, and waits until each phase has changed. A hart that does
//! not come, because its process was stopped or killed, or because it waits in a page fault for someone else, is not waited for
//! for ever: the slots in question are then executed by the instrumented form, which reads no slots.
//!
//! The first hart of a process that has only one pays nothing of this.
#![allow(
    unsafe_code,
    reason = "looks at harts of other threads; the contract: a hart stays where it is while enrolled"
)]

use std::fmt;
use std::sync::MutexGuard;
use std::sync::atomic::{AtomicU32, Ordering, fence};
use std::time::{Duration, Instant};

use super::Engine;
use super::exits::{postponed, undecoded};
use super::run;
use super::translate::Code;
use crate::addr::GuestAddr;
use crate::hart::Hart;

/// How long a hart is waited for. One that runs comes in microseconds, if it has a processor.
pub(super) const PATIENCE: Duration = Duration::from_millis(100);

/// What [`Engine::settle`] sets in a hart's attention; all other bits are the task's.
const SETTLE: u32 = 2;

/// A hart's place among those that an engine knows of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seat(u64);

/// The harts that may run.
#[derive(Default)]
pub(super) struct Harts {
    members: Vec<Member>,
    last_seat: u64,
}

struct Member {
    seat: Seat,
    phase: *const AtomicU32,
    inside: *const AtomicU32,
    attention: *const AtomicU32,
    /// The phase in which it was waited for in vain.
    missed: Option<u32>,
}

// SAFETY: the pointers are to atomics, and good for as long as the member is in the list.
unsafe impl Send for Member {}

impl Member {
    fn phase(&self) -> u32 {
        // SAFETY: by the contract of `Engine::enroll`.
        unsafe { (*self.phase).load(Ordering::Acquire) }
    }

    /// The phase that it is in, if handlers run.
    fn running(&self) -> Option<u32> {
        Some(self.phase()).filter(|&phase| is_running(phase))
    }

    fn is_inside(&self) -> bool {
        // SAFETY: by the contract of `Engine::enroll`.
        unsafe { (*self.inside).load(Ordering::SeqCst) != 0 }
    }

    fn call(&self) {
        // SAFETY: by the contract of `Engine::enroll`.
        unsafe { (*self.attention).fetch_or(SETTLE, Ordering::Relaxed) };
    }
}

impl Harts {
    /// Calls all harts but one out of the slots; whether none is there any more.
    pub(super) fn call_out(&self, but: &Hart) -> bool {
        let others = self.members.iter().filter(|member| !std::ptr::eq(member.inside, &but.inside));
        let inside = others.filter(|member| member.is_inside());
        inside.map(Member::call).count() == 0
    }
}

impl Engine {
    /// Makes a hart known, before it runs beside others: also the first one, before there is a second. It must stay where it
    /// is until it is dismissed.
    pub fn enroll(&self, hart: &Hart) -> Seat {
        let mut code = self.code();
        let harts = &mut code.harts;
        harts.last_seat += 1;
        let seat = Seat(harts.last_seat);
        harts.members.push(Member {
            seat,
            phase: &hart.phase,
            inside: &hart.inside,
            attention: &hart.attention,
            missed: None,
        });
        self.count(&code);
        seat
    }

    /// Forgets a hart, which does not run and will not run any more: for its own thread, or who has that one's storage. Its process may have been killed
    /// while it ran.
    pub fn dismiss(&self, seat: Seat) {
        run::forget_hart();
        let mut code = self.code();
        code.harts.members.retain(|member| member.seat != seat);
        self.count(&code);
    }

    /// Keeps all harts from translating, for a fork: while the answer lives, code and harts are as a child can use them. The lock
    /// of the memory ([`crate::memory::Memory::quiesce`]) is taken before.
    pub fn quiesce(&self) -> Quiet<'_> {
        Quiet { engine: self, code: self.code() }
    }

    fn count(&self, code: &Code) {
        self.many.store(code.harts.members.len() > 1, Ordering::Relaxed);
    }

    /// The hart goes into its handlers.
    #[inline]
    pub(super) fn begin(&self, hart: &Hart) {
        if self.many.load(Ordering::Relaxed) {
            hart.phase.store(hart.phase.load(Ordering::Relaxed).wrapping_add(1), Ordering::Relaxed);
            // Either this hart is seen to run, or it sees the handlers that were stored before somebody looked.
            fence(Ordering::SeqCst);
        }
    }

    /// Waits until no handler that was forgotten can be under way; false if a hart does not come.
    pub(super) fn settle(&self, code: &mut Code) -> bool {
        if code.settled == code.forgotten {
            return true;
        }
        fence(Ordering::SeqCst);
        let mut all = true;
        let mut awaited: Vec<(usize, u32)> = Vec::new();
        for (n, member) in code.harts.members.iter().enumerate() {
            match member.running() {
                Some(phase) if member.missed == Some(phase) => all = false,
                Some(phase) => {
                    member.call();
                    awaited.push((n, phase));
                }
                None => {}
            }
        }
        for (n, phase) in awaited {
            let member = &mut code.harts.members[n];
            if !comes_out(member, phase) {
                member.missed = Some(phase);
                all = false;
            }
        }
        if all {
            code.settled = code.forgotten;
        }
        all
    }

    /// Lets a slot be translated again whose fields could not be written.
    #[cold]
    pub(super) fn reconsider(&self, pc: GuestAddr) {
        let _code = self.code();
        if self.slots.handler(pc.0) == postponed as *const () as usize {
            self.slots.set_handler(pc.0, undecoded);
        }
    }
}

/// Waits until a hart has left a phase.
fn comes_out(member: &Member, phase: u32) -> bool {
    let start = Instant::now();
    for round in 0_u32.. {
        if member.phase() != phase {
            return true;
        }
        match round {
            0..64 => std::hint::spin_loop(),
            64..256 => std::thread::yield_now(),
            _ if start.elapsed() > PATIENCE => return false,
            _ => std::thread::sleep(Duration::from_micros(50)),
        }
    }
    false
}

/// Whether a hart in that phase is in its handlers.
const fn is_running(phase: u32) -> bool {
    phase & 1 != 0
}

/// Makes the hart come out of its handlers soon, for nothing else.
pub(super) fn call(hart: &Hart) {
    hart.attention.fetch_or(SETTLE, Ordering::Relaxed);
}

/// The hart has left its handlers.
#[inline]
pub(super) fn end(hart: &Hart) {
    let phase = hart.phase.load(Ordering::Relaxed);
    if is_running(phase) {
        hart.phase.store(phase.wrapping_add(1), Ordering::Release);
    }
}

/// Whether nobody wanted the hart's attention but another hart, for which it has done enough by leaving its handlers.
#[cold]
pub(super) fn was_all(hart: &Hart) -> bool {
    hart.attention.fetch_and(!SETTLE, Ordering::Relaxed) & !SETTLE == 0
}

/// An engine that nobody changes. Harts run on.
pub struct Quiet<'a> {
    engine: &'a Engine,
    code: MutexGuard<'a, Code>,
}

impl Quiet<'_> {
    /// This is a forked child now: only the hart of the thread that forked is left.
    pub fn keep_only(&mut self, seat: Seat) {
        self.code.harts.members.retain(|member| member.seat == seat);
        self.engine.count(&self.code);
        self.engine.nobody_evicts();
    }
}

impl fmt::Debug for Quiet<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Quiet").finish_non_exhaustive()
    }
}
