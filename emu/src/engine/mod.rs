//! The engine: runs a hart until something needs the task's care.

use std::sync::Arc;

use crate::hart::Hart;
use crate::memory::Memory;
use crate::trap::Trap;

/// Why the engine came back. The hart's state is exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// An instruction trapped; the pc is on it.
    Trap(Trap),
    /// `hart.attention` was set.
    Attention,
    /// The pc is on a breakpoint of the debugger's.
    Breakpoint,
    /// One instruction was stepped.
    Stepped,
}

/// The interpreter of one process's code.
#[derive(Debug)]
pub struct Engine {}

impl Engine {
    /// An engine over `memory`.
    pub fn new(_memory: Arc<Memory>) -> std::io::Result<Engine> {
        Ok(Engine {})
    }

    /// Runs till a trap, attention or a breakpoint.
    pub fn run(&self, _hart: &mut Hart) -> Exit {
        Exit::Attention
    }

    /// Runs one instruction, also one that a breakpoint is on.
    pub fn step(&self, _hart: &mut Hart) -> Exit {
        Exit::Attention
    }
}
