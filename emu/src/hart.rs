//! The architectural state of a hart: what a debugger, a signal frame and a fork see of it.

use std::ptr::null_mut;
use std::sync::atomic::{AtomicPtr, AtomicU32};

use crate::addr::GuestAddr;

/// Index in [`Hart::regs`] where writes to `x0` go, so that no handler has to ask.
pub const SINK: usize = 32;
/// Index in [`Hart::regs`] of `f0`; the floating-point registers share the array so that one index names any register.
pub const F0: usize = 40;
/// Length of [`Hart::regs`].
pub const REGS: usize = F0 + 32;

/// A hart. While the engine runs it, `pc` and the accrued flags live in the engine; when [`crate::engine::Engine::run`] has
/// returned, everything here is exact.
#[repr(C, align(64))]
#[derive(Debug)]
pub struct Hart {
    /// `x0`–`x31` at 0..32 (`x0` is always 0), the sink at 32, `f0`–`f31` (raw bits, NaN-boxed) at 40..72.
    pub regs: [u64; REGS],
    /// The address of the next instruction.
    pub pc: GuestAddr,
    /// `fcsr`: accrued exceptions in bits 4:0, rounding mode in 7:5 (unprivileged manual, "Floating-Point Control and Status
    /// Register").
    pub fcsr: u32,
    /// What the last `lr` reserved.
    pub reservation: Option<Reservation>,
    /// Instructions retired, as far as they were counted: see the engine.
    pub instret: u64,
    /// Whether the engine must count every instruction; set when the guest first reads `instret`.
    pub counted: bool,
    /// Set to a non-zero value by signal handlers and by the debugger to make the engine return soon. Cleared by who serves it.
    pub attention: AtomicU32,
    /// How often handlers were entered and left, of a hart that is not alone: see [`crate::engine::Seat`].
    pub(crate) phase: AtomicU32,
    /// Whether it is among the slots, of a hart that is not alone.
    pub(crate) inside: AtomicU32,
    /// The engine's run that it is in. It is here, where a fork's both sides write anyway, and not in a thread's own storage, which is on a page apart.
    pub(crate) run: AtomicPtr<()>,
    /// Where the engine expects calls to return to.
    pub(crate) returns: Returns,
    /// Where the engine expects indirect jumps to go.
    pub(crate) jumps: Jumps,
}

/// What the engine remembers of indirect jumps. It is no part of the architecture.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Jumps {
    /// The slot that the last one went to.
    pub last: u64,
    /// How many went where none was expected to go and there was no room to note it.
    pub misses: u64,
}

/// A ring of the engine's slots behind the last calls. It is a guess, and no part of the architecture.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Returns {
    /// How many were pushed and not popped; wraps in both directions.
    pub count: u64,
    /// The one pushed last is at `count` modulo the length.
    pub slots: [u64; 16],
}

/// The reservation set of `lr`/`sc` (unprivileged manual, "Zalrsc").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reservation {
    /// The address that was loaded from.
    pub addr: GuestAddr,
    /// Width in bytes: 4 or 8.
    pub width: u8,
    /// What was loaded; `sc` succeeds only if it is still there.
    pub value: u64,
}

impl Hart {
    /// A hart at reset: all registers zero.
    pub fn new() -> Self {
        Hart {
            regs: [0; REGS],
            pc: GuestAddr(0),
            fcsr: 0,
            reservation: None,
            instret: 0,
            counted: false,
            attention: AtomicU32::new(0),
            phase: AtomicU32::new(0),
            inside: AtomicU32::new(0),
            run: AtomicPtr::new(null_mut()),
            returns: Returns::default(),
            jumps: Jumps::default(),
        }
    }

    /// A hart that goes on where this one is, with no reservation and nothing that waits for it.
    pub fn fork(&self) -> Self {
        let [attention, phase, inside] = [0; 3].map(AtomicU32::new);
        Hart { reservation: None, attention, phase, inside, run: AtomicPtr::new(null_mut()), ..*self }
    }

    /// Integer register `n` (0–31).
    pub fn x(&self, n: usize) -> u64 {
        self.regs[n & 31]
    }

    /// Writes integer register `n`; a write to `x0` is dropped.
    pub fn set_x(&mut self, n: usize, value: u64) {
        if n & 31 != 0 {
            self.regs[n & 31] = value;
        }
    }

    /// Raw bits of floating-point register `n` (0–31).
    pub fn f(&self, n: usize) -> u64 {
        self.regs[F0 + (n & 31)]
    }

    /// Writes the raw bits of floating-point register `n`.
    pub fn set_f(&mut self, n: usize, bits: u64) {
        self.regs[F0 + (n & 31)] = bits;
    }
}

impl Default for Hart {
    fn default() -> Self {
        Hart::new()
    }
}
