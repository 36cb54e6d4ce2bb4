//! Where indirect jumps went before. The slot that a jump goes to is computed from an address that was mostly just loaded, and all loads of what comes
//! next wait for it. A slot that was noted needs not wait: that it is the right one is a comparison, which the processor predicts. So each jump tries a few
//! noted slots in turn, first those of its own line, then those of a line that it has for the last indirect jump before it: the one jump of an
//! interpreter's loop goes everywhere, but after each operation to few others.
//!
//! All harts share the lines. They are a guess, and no part of the architecture: whatever they hold, only a slot that was computed is gone to.
#![allow(unsafe_code, reason = "called by handlers, with what they have: raw registers, slots and runs")]

use std::arch::asm;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

use super::handler::{arrive, free};
use super::run::Run;
use super::slot::{Free, Slot};
use crate::hart::Hart;

/// Slots that a line has room for: [`super::handler::go_noted`] tries so many.
const WAYS: usize = 4;

/// One line; 0 where nothing is noted.
#[repr(align(32))]
pub(super) struct Line([AtomicU64; WAYS]);

/// Lines of jumps.
static OF_JUMPS: [Line; 256] = [const { Line::new() }; 256];
/// Lines of jumps after others.
static OF_PATHS: [Line; 512] = [const { Line::new() }; 512];

/// When a line is full, one in so many misses replaces a slot in it: where a jump goes often is mostly there then.
const PATIENCE: u64 = 4;

impl Line {
    const fn new() -> Line {
        Line([const { AtomicU64::new(0) }; WAYS])
    }

    /// The slot in way `N`; 0 if there is none.
    #[inline(always)]
    pub fn noted<const N: usize>(&self) -> u64 {
        self.0[N].load(Relaxed)
    }

    /// Notes a slot if there is room.
    fn add(&self, slot: *const Slot) -> bool {
        let room = self.0.iter().find(|way| way.load(Relaxed) == 0);
        room.inspect(|way| way.store(slot as u64, Relaxed)).is_some()
    }
}

/// The line of the jump in a slot.
#[inline(always)]
pub(super) fn of_jump(site: *const Slot) -> &'static Line {
    &OF_JUMPS[(site as usize / size_of::<Slot>()) % OF_JUMPS.len()]
}

/// The line of the jump in a slot, after the last one.
///
/// # Safety
/// `x` are the registers of a hart.
#[inline(always)]
pub(super) unsafe fn of_path(site: *const Slot, x: *mut u64) -> &'static Line {
    // SAFETY: registers are the first field of the hart.
    let last = unsafe { (*x.cast::<Hart>()).jumps.last } as usize;
    &OF_PATHS[(site as usize ^ last.wrapping_mul(5)) / size_of::<Slot>() % OF_PATHS.len()]
}

/// The same number. A jump behind it is one of its own for each way, which the processor predicts by itself: the compiler would have one for all.
#[inline(always)]
pub(super) fn apart<const LINE: usize, const WAY: usize>(mut slot: u64) -> u64 {
    // SAFETY: nothing happens.
    unsafe {
        asm!("/* {} {} {} */", inout(reg) slot, const LINE, const WAY, options(pure, nomem, nostack, preserves_flags));
    }
    slot
}

/// Notes where the last indirect jump went.
///
/// # Safety
/// As for [`of_path`].
#[inline(always)]
pub(super) unsafe fn went(x: *mut u64, slot: *const Slot) {
    // SAFETY: as above.
    unsafe { (*x.cast::<Hart>()).jumps.last = slot as u64 };
}

/// Goes where a jump was not expected to go, and may expect it the next time.
#[inline(never)]
pub(super) unsafe extern "sysv64" fn unexpected(
    site: *const Slot,
    x: *mut u64,
    size: u64,
    slot: Free,
    m: *mut u8,
    run: *mut Run,
) -> *const Slot {
    // SAFETY: callers give the slot, which is in the array.
    unsafe {
        let slot = slot.assume_init() as *const Slot;
        let of_path = of_path(site, x);
        let jumps = &raw mut (*x.cast::<Hart>()).jumps;
        if !of_jump(site).add(slot) && !of_path.add(slot) {
            let misses = (*jumps).misses.wrapping_add(1);
            (*jumps).misses = misses;
            if misses.is_multiple_of(PATIENCE) {
                of_path.0[(misses / PATIENCE) as usize % WAYS].store(slot as u64, Relaxed);
            }
        }
        went(x, slot);
        arrive(slot, x, size, free(), m, run)
    }
}
