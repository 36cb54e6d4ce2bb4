//! The slots are a cache: when they have grown to a limit, all of them are given back to the host, and code is translated again where it is
//! still executed.
//!
//! That is done at a moment when no hart is among its slots, not even in a slow path that will return to one: a hart says so itself
//! ([`Engine::go_in`], [`go_out`]) when it is not alone. Who finds the slots full calls the others out by their attention. One that
//! does not come, because it was stopped or waits in a page fault, is not waited for for long: then the limit is moved a little.
//! As breakpoints are slots, they are put back.

use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::Engine;
use super::exits::breakpoint;
use super::rendezvous::PATIENCE;
use super::translate::Code;
use crate::hart::Hart;

/// How many chunks are kept, at most: 128 MiB of slots, for 16 MiB of code that was executed.
pub(super) const MOST: usize = 32 << 10;

/// How long to sleep between two looks at what others do.
const NAP: Duration = Duration::from_micros(50);

impl Engine {
    /// The hart goes among the slots.
    #[inline]
    pub(super) fn go_in(&self, hart: &Hart) {
        if self.full.load(Relaxed) {
            self.evict(hart);
        }
        if self.many.load(Relaxed) {
            hart.inside.store(1, SeqCst);
            if self.evicting.load(SeqCst) {
                self.stay_out(hart);
            }
        }
    }

    /// Whether there are as many chunks as there may be.
    pub(super) fn is_full(&self) -> bool {
        self.full.load(Relaxed)
    }

    /// Waits outside until slots have been given back.
    #[cold]
    fn stay_out(&self, hart: &Hart) {
        while self.evicting.load(SeqCst) {
            hart.inside.store(0, SeqCst);
            let start = Instant::now();
            while self.evicting.load(SeqCst) {
                sleep(NAP);
                if start.elapsed() > 4 * PATIENCE {
                    // It was a task of another process, which was killed. One that only was slow sees that it is too late.
                    let _code = self.code();
                    self.evicting.store(false, SeqCst);
                }
            }
            hart.inside.store(1, SeqCst);
        }
    }

    /// Gives all slots back, if the other harts come out.
    #[cold]
    fn evict(&self, hart: &Hart) {
        if self.evicting.swap(true, SeqCst) {
            // Another hart is about to, and this one will wait for it.
            return;
        }
        let start = Instant::now();
        loop {
            let mut code = self.code();
            if !self.evicting.load(SeqCst) {
                return;
            }
            let clear = code.harts.call_out(hart);
            if clear || start.elapsed() > PATIENCE {
                if clear {
                    self.give_back(&mut code);
                } else {
                    code.most = code.chunks.len() + code.most / 8;
                    self.full.store(false, Relaxed);
                }
                self.evicting.store(false, SeqCst);
                return;
            }
            drop(code);
            sleep(NAP);
        }
    }

    /// Whether there is another hart than the caller's.
    pub(super) fn is_shared(&self) -> bool {
        self.many.load(Relaxed)
    }

    /// Gives all slots back. The caller has the only hart, and it is not among them.
    pub(super) fn give_all_back(&self) {
        self.give_back(&mut self.code());
    }

    /// Forgets everything that was decoded. No hart is among the slots.
    fn give_back(&self, code: &mut Code) {
        if let (Some(&first), Some(&last)) = (code.chunks.first(), code.chunks.last()) {
            self.slots.give_back(first, last);
        }
        code.forget_all();
        code.most = self.most;
        self.full.store(false, Relaxed);
        for at in code.breakpoints.clone() {
            self.prepare_locked(code, at);
            self.slots.set_handler(at, breakpoint);
        }
    }

    /// In a forked child: nobody else is there.
    pub(super) fn nobody_evicts(&self) {
        self.evicting.store(false, Relaxed);
    }
}

/// The hart is no longer among the slots.
#[inline]
pub(super) fn go_out(hart: &Hart) {
    if hart.inside.load(Relaxed) != 0 {
        hart.inside.store(0, SeqCst);
    }
}
