//! The engine: runs a hart until something needs the task's care.
//!
//! It has two forms of the same tables. The fast form ([`handler`]) executes pre-decoded slots whose handlers call one
//! another; breakpoints are slots with another handler, so they cost nothing elsewhere. The instrumented form
//! ([`instrumented`]) executes and counts one instruction at a time. [`Engine::run`] chooses: see
//! [`instrumented::wanted`]. `docs/engine.md` tells how they are built and why.
//!
//! **Invariant:** a slot that handlers can reach by a fall-through or a direct jump lies in a prepared chunk; chunks are
//! only unprepared, all at once, while no hart is among them ([`evict`]).

mod access;
mod breakpoint;
mod cold;
mod evict;
mod exits;
pub mod fault;
mod fuse;
mod group;
mod handler;
mod idioms;
mod instrumented;
mod keep;
mod marks;
mod offspring;
mod rendezvous;
mod run;
mod slot;
mod slow;
mod targets;
mod translate;
pub mod watch;
mod written;

#[cfg(test)]
pub(crate) mod tests;

use std::fmt;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::addr::GuestAddr;
use crate::hart::Hart;
use crate::isa::{Extensions, Insn, float};
use crate::memory::Memory;
use crate::trap::Trap;

pub use rendezvous::{Quiet, Seat};
use run::{Run, Stop};
use slot::Slots;

/// Why the engine came back. The hart's state is exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// An instruction trapped; the pc is on it.
    Trap(Trap),
    /// `hart.attention` was set.
    Attention,
    /// The pc is on a breakpoint of the debugger's.
    Breakpoint,
    /// The instruction at the pc is about to make an access that is watched.
    Watched {
        /// What it does.
        accesses: watch::Accesses,
        /// Where.
        addr: GuestAddr,
        /// To how many bytes.
        len: u64,
    },
    /// One instruction was stepped.
    Stepped,
}

/// What to do with code that is executed for the first and the second time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unseen {
    /// Execute it by the instrumented form: most code of a process is executed no oftener, and to translate it costs more than that.
    Execute,
    /// Translate it, so that the fast form executes it: for tests of that.
    Translate,
}

/// Instructions that [`Engine::step_again`] has decoded, and in which generation of the code.
#[derive(Debug, Default)]
pub struct Memo([Option<(u64, u64, Insn)>; MEMO]);

/// How many are remembered, each at a place of its own.
const MEMO: usize = 4;

/// The interpreter of one process's code; all its harts share it.
#[repr(align(64))]
pub struct Engine {
    memory: Arc<Memory>,
    extensions: Extensions,
    base: *mut u8,
    size: u64,
    slots: Slots,
    code: Mutex<translate::Code>,
    /// How often code may have changed; the instrumented form's cache asks.
    generation: AtomicU64,
    /// Whether more than one hart is enrolled.
    many: AtomicBool,
    /// Large, and seldom written: not where the rest is.
    watching: Box<watch::Watching>,
    /// Whether there are as many chunks as there may be.
    full: AtomicBool,
    /// Whether a hart is about to give the slots back: others stay out.
    evicting: AtomicBool,
    /// See [`keep`].
    held: AtomicBool,
    offspring: offspring::Offspring,
    marks: marks::Marks,
    /// How often a chunk was prepared.
    prepared: AtomicU64,
    /// Which chunks may be prepared.
    hints: [AtomicU64; translate::HINTS],
    /// How many chunks there may be.
    most: usize,
    unseen: Unseen,
    /// Whether the instrumented form executes everything.
    instrumented: bool,
}

// SAFETY: `base` is the window of `memory`, which is shared as well.
#[allow(unsafe_code, reason = "the window's address is a raw pointer")]
unsafe impl Send for Engine {}
// SAFETY: as above.
#[allow(unsafe_code, reason = "the window's address is a raw pointer")]
unsafe impl Sync for Engine {}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("size", &self.size).finish_non_exhaustive()
    }
}

impl Engine {
    /// An engine over `memory`, for the extensions that are selected.
    ///
    /// # Errors
    /// The host has no address space left for the slots.
    pub fn new(memory: Arc<Memory>, unseen: Unseen) -> io::Result<Engine> {
        Engine::keeping(memory, unseen, evict::MOST)
    }

    /// An engine that keeps at most so many chunks of slots.
    fn keeping(memory: Arc<Memory>, unseen: Unseen, most: usize) -> io::Result<Engine> {
        let (base, size) = (memory.base(), memory.size());
        let slots = Slots::reserve(size, memory.behind() + offspring::SIZE as u64)?;
        let code = Mutex::new(translate::Code::new(most));
        let [generation, prepared] = [const { AtomicU64::new(0) }; 2];
        let marks = marks::Marks::new(slots.base() as u64 >> 12);
        let [many, full, evicting, held] = [false; 4].map(AtomicBool::new);
        let watching = Box::new(watch::Watching::new());
        let extensions = Extensions::selected();
        Ok(Engine {
            memory,
            extensions,
            base,
            size,
            slots,
            code,
            generation,
            many,
            watching,
            full,
            evicting,
            held,
            offspring: offspring::Offspring::default(),
            marks,
            prepared,
            hints: [const { AtomicU64::new(0) }; translate::HINTS],
            most,
            unseen,
            instrumented: false,
        })
    }

    /// The same engine, whose instrumented form executes everything: it needs no tail calls, and counts.
    #[must_use]
    pub fn instrumented(self) -> Engine {
        Engine { instrumented: true, ..self }
    }

    /// Runs till a trap, attention or a breakpoint, also one at the pc that it starts from.
    pub fn run(&self, hart: &mut Hart) -> Exit {
        float::load_fcsr(hart.fcsr);
        let exit = loop {
            let stop = if hart.attention.load(Ordering::Relaxed) != 0 {
                Stop::Exit(Exit::Attention)
            } else if self.instrumented || instrumented::wanted(hart) {
                self.run_instrumented(hart)
            } else {
                self.run_fast(hart)
            };
            if let Stop::Exit(exit @ Exit::Trap(Trap::SystemCall)) = stop {
                break exit;
            }
            match self.exit(hart, stop) {
                Some(Exit::Attention) if rendezvous::was_all(hart) => continue,
                Some(exit) => break exit,
                None => continue,
            }
        };
        hart.fcsr = float::store_fcsr(hart.fcsr);
        exit
    }

    /// Runs one instruction, also one that a breakpoint is on.
    pub fn step(&self, hart: &mut Hart) -> Exit {
        match self.about_to_touch(hart) {
            Some(exit) => exit,
            None => self.step_unwatched(hart),
        }
    }

    /// As [`Engine::step`], for one who steps over the same instructions again and again.
    pub fn step_again(&self, hart: &mut Hart, memo: &mut Memo) -> Exit {
        let (pc, generation) = (hart.pc.0, self.generation());
        let entry = &mut memo.0[(pc / 2) as usize % MEMO];
        let insn = match *entry {
            Some((at, when, insn)) if at == pc && when == generation => insn,
            _ => match self.fetch(pc) {
                Ok(insn) => {
                    *entry = Some((pc, generation, insn));
                    insn
                }
                Err(stop) => return self.exit(hart, stop).unwrap_or(Exit::Stepped),
            },
        };
        if let Some(exit) = self.watched_access(hart, &insn) {
            return exit;
        }
        self.stepped(hart, |hart| self.execute(hart, &insn))
    }

    /// Runs one instruction, whatever is watched.
    pub fn step_unwatched(&self, hart: &mut Hart) -> Exit {
        self.stepped(hart, |hart| self.execute_one(hart))
    }

    fn stepped(&self, hart: &mut Hart, execute: impl FnOnce(&mut Hart) -> Result<(), Stop>) -> Exit {
        float::load_fcsr(hart.fcsr);
        let exit = match execute(hart) {
            Ok(()) => Exit::Stepped,
            Err(stop) => self.exit(hart, stop).unwrap_or(Exit::Stepped),
        };
        hart.fcsr = float::store_fcsr(hart.fcsr);
        exit
    }

    fn run_fast(&self, hart: &mut Hart) -> Stop {
        let pc = hart.pc.0;
        if pc >= self.size || !pc.is_multiple_of(2) {
            return Stop::Fetch { target: pc };
        }
        self.go_in(hart);
        if !self.prepare(pc) {
            evict::go_out(hart);
            return Stop::Unseen;
        }
        let mut run = Run::new(self);
        self.begin(hart);
        let slot = run.start(self.slots.slot(pc), hart);
        rendezvous::end(hart);
        evict::go_out(hart);
        hart.pc = GuestAddr(self.slots.pc(slot));
        match &run.stop {
            // Not copied: the processor would wait until what the handler has written of it is in its cache.
            Stop::Exit(Exit::Trap(Trap::SystemCall)) => Stop::from(Trap::SystemCall),
            _ => run.stop,
        }
    }

    /// What a stop means to the caller; `None` to go on.
    fn exit(&self, hart: &mut Hart, stop: Stop) -> Option<Exit> {
        let trap = match stop {
            Stop::Exit(exit) => return Some(exit),
            Stop::Switch | Stop::Done => return None,
            Stop::Unseen => match self.run_unseen(hart) {
                None => return None,
                Some(stop) => return self.exit(hart, stop),
            },
            Stop::Single | Stop::Postponed => {
                if stop == Stop::Postponed {
                    self.reconsider(hart.pc);
                }
                if let Some(exit) = self.about_to_touch(hart) {
                    return Some(exit);
                }
                match self.execute_one(hart) {
                    Ok(()) => return None,
                    Err(Stop::Single) => return None,
                    Err(stop) => return self.exit(hart, stop),
                }
            }
            Stop::Access { addr, bus } => match fault::access(self, hart.pc, GuestAddr(addr), bus) {
                Some(trap) => trap,
                None => match self.execute_one(hart) {
                    Ok(()) => return None,
                    Err(Stop::Access { addr, bus }) => fault::second(self, hart.pc, GuestAddr(addr), bus),
                    Err(stop) => return self.exit(hart, stop),
                },
            },
            Stop::Misaligned { addr } => fault::misaligned(self, hart.pc, GuestAddr(addr)),
            Stop::Fetch { target } => {
                hart.pc = GuestAddr(target);
                fault::fetch(self, GuestAddr(target))
            }
            Stop::Illegal => match self.fetch_bits(hart.pc.0) {
                Ok(bits) => Trap::IllegalInstruction(bits),
                Err(trap) => trap,
            },
        };
        Some(Exit::Trap(trap))
    }

    /// The code's state, also if a hart died while it held the lock: every change to it is one store.
    fn code(&self) -> MutexGuard<'_, translate::Code> {
        self.code.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }
}
