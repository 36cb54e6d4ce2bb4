//! Code that is executed for the first and for the second time.
//!
//! Most of what a program executes while it starts it executes once or twice, and to translate an instruction takes longer than to execute it as the
//! instrumented form does. So who comes to code that is new marks it ([`marks`](super::marks)), and executes what follows one
//! instruction at a time, up to code that is not new; who finds two marks translates.
//! Only places that execution jumps to are marked, or that it comes to behind a branch.
//! In a chunk that is prepared, slots are `unseen` at first and become `undecoded` when there are marks enough.
//!
//! The hart is not among the slots meanwhile: nothing here reads their fields, and handlers are compared, not called.

use std::sync::atomic::Ordering;

use super::exits::{undecoded, unseen};
use super::handler::kind;
use super::instrumented::wanted;
use super::marks::Visit;
use super::run::{Run, Stop};
use super::slot::CHUNK;
use super::translate::Reader;
use super::{Engine, Exit};
use crate::hart::Hart;
use crate::isa::Kind;
use crate::log;

impl Engine {
    /// Executes unseen code from the hart's pc on. `None`: the slot at the pc has a handler that can go on.
    // Apart from `run`, whose frame is touched at every system call.
    #[inline(never)]
    pub(super) fn run_unseen(&self, hart: &mut Hart) -> Option<Stop> {
        let count = hart.instret;
        let stop = self.execute_unseen(hart);
        // The fast form would not have counted it either.
        if !hart.counted {
            hart.instret = count;
        }
        stop
    }

    /// Marks code at `pc`, whose chunk is prepared or not; says whether it is new.
    pub(super) fn mark(&self, pc: u64, is_prepared: bool, visit: Visit) -> bool {
        if self.marks.set(pc, visit) {
            return !is_prepared || self.is_unseen(pc);
        }
        if is_prepared {
            self.slots.replace_handler(pc, unseen, undecoded);
        }
        false
    }

    fn is_unseen(&self, pc: u64) -> bool {
        self.slots.handler(pc) == unseen as *const () as usize
    }

    fn execute_unseen(&self, hart: &mut Hart) -> Option<Stop> {
        let mut run = Run::new(self);
        let mut reader = Reader::new(self);
        let mut generation = self.generation();
        let (mut chunk, mut when, mut is_prepared) = (u64::MAX, 0, false);
        let mut enters = true;
        loop {
            let pc = hart.pc.0;
            if pc >= self.size || !pc.is_multiple_of(2) {
                return None;
            }
            // Breakpoints are in prepared chunks.
            let prepared = self.prepared.load(Ordering::Acquire);
            if pc - pc % CHUNK != chunk || prepared != when {
                (chunk, when) = (pc - pc % CHUNK, prepared);
                is_prepared = self.is_prepared(chunk);
            }
            if enters && hart.attention.load(Ordering::Relaxed) != 0 {
                return Some(Stop::Exit(Exit::Attention));
            }
            let is_new = if enters {
                self.mark(pc, is_prepared, Visit::Executed)
            } else {
                !self.marks.is_set(pc) && (!is_prepared || self.is_unseen(pc))
            };
            // A log of what is translated is to tell of all that is executed.
            if !is_new || log::in_asm() {
                return None;
            }
            if self.generation() != generation {
                generation = self.generation();
                reader = Reader::new(self);
            }
            let insn = match reader.bits(pc) {
                Ok(bits) => self.extensions.decode(bits),
                Err(trap) => return Some(Stop::from(trap)),
            };
            if enters {
                self.offspring.tell(pc);
            }
            let Some(insn) = insn else { return Some(Stop::Illegal) };
            if let Some(exit) = self.watched_access(hart, &insn) {
                return Some(Stop::Exit(exit));
            }
            if let Err(stop) = self.execute_in(&mut run, hart, &insn) {
                return Some(stop);
            }
            if wanted(hart) {
                return Some(Stop::Switch);
            }
            enters = matches!(kind(insn.op), Kind::Branch | Kind::Jal | Kind::Jalr);
        }
    }
}
