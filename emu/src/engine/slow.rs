//! The parts of handlers that are ordinary functions: they take plain values, so that handlers keep no stack frame.
#![allow(unsafe_code, reason = "called by handlers, with what they have: raw registers, slots and runs")]

use super::Engine;
use super::handler::rounding;
use super::instrumented;
use super::rendezvous;
use super::run::{Run, Stop};
use super::slot::Slot;
use crate::hart::Hart;
use crate::isa::{self, Insn, Op};

/// Does `work`, which may wait for other harts, while these need not wait for this one: no handler of its is under way.
///
/// # Safety
/// `run` is the run in progress, and `x` the registers of its hart; the engine outlives its runs.
#[inline(always)]
unsafe fn aside<T>(run: *mut Run, x: *mut u64, work: impl FnOnce(&Engine) -> T) -> T {
    // SAFETY: by contract; registers are the first field of the hart.
    let (engine, hart) = unsafe { (&*(*run).engine, &*x.cast::<Hart>()) };
    rendezvous::end(hart);
    let done = work(engine);
    engine.begin(hart);
    done
}

/// Translates from `slot` on; false, with the reason, if its instruction cannot be fetched.
///
/// # Safety
/// As for [`aside`].
#[inline(never)]
pub(super) unsafe fn translate(run: *mut Run, slot: *const Slot, x: *mut u64) -> bool {
    let translated = unsafe {
        // SAFETY: by contract.
        aside(run, x, |engine| {
            let pc = engine.slots.pc(slot);
            engine.offspring.tell(pc);
            engine.translate(pc)
        })
    };
    // SAFETY: as above.
    if unsafe { (*(*run).engine).is_full() } {
        // SAFETY: as above; on the next occasion the hart comes out, and goes in again after eviction.
        unsafe { rendezvous::call(&*x.cast::<Hart>()) };
    }
    match translated {
        Ok(()) => true,
        Err(trap) => {
            // SAFETY: by contract.
            unsafe { (*run).stop = Stop::from(trap) };
            false
        }
    }
}

/// Prepares the chunk of `target`, which is in the window; false, with the reason, if it is to be executed without.
///
/// # Safety
/// As for [`aside`].
#[inline(never)]
pub(super) unsafe fn prepare(run: *mut Run, x: *mut u64, target: u64) -> bool {
    // SAFETY: by contract.
    let prepared = unsafe { aside(run, x, |engine| engine.prepare(target)) };
    if !prepared {
        // SAFETY: by contract.
        unsafe { (*run).stop = Stop::Unseen };
    }
    prepared
}

/// `fence.i`: from here on this hart fetches what it stored.
///
/// # Safety
/// As for [`aside`].
#[inline(never)]
pub(super) unsafe fn fence_i(run: *mut Run, x: *mut u64) {
    // SAFETY: by contract.
    unsafe { aside(run, x, Engine::invalidate_written) }
}

/// Executes a CSR instruction; false if the run must stop after it.
///
/// # Safety
/// As for [`aside`].
#[inline(never)]
pub(super) unsafe fn csr(op: Op, slot: *const Slot, x: *mut u64, run: *mut Run) -> bool {
    // SAFETY: by contract; registers are the first field of the hart.
    let (slot, hart, run) = unsafe { (&*slot, &mut *x.cast::<Hart>(), &mut *run) };
    let insn = Insn { op, len: 4, rd: slot.rd, rs1: slot.rs1, rs2: 0, rs3: 0, rm: 7, imm: slot.imm };
    instrumented::csr(&insn, hart);
    if hart.counted {
        // It was this instruction that began the counting, and it retires too.
        hart.instret = hart.instret.wrapping_add(1);
    }
    if instrumented::wanted(hart) {
        run.stop = Stop::Switch;
        return false;
    }
    true
}

/// A floating-point operation that rounds by its own `rm` field.
#[inline(never)]
pub(super) fn float(op: Op, a: u64, b: u64, c: u64, rm: u8) -> u64 {
    isa::float(op, a, b, c, rounding(rm))
}
