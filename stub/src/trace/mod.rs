//! Tracepoints (gdb manual, "Tracepoints", "Tracepoint Packets"): places where a process notes registers, memory and numbers of its own and
//! goes on, for gdb to look at afterwards.
//!
//! What gdb defines is read in [`definition`]. The process collects by itself, in [`tracer`], and hands over what it has when the server
//! asks for it, when there is much of it, and when it ends or stops tracing. The server keeps it, in [`buffer`].

mod block;
pub mod buffer;
pub mod definition;
pub mod tracer;

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// The trace state variable `$trace_timestamp`: the time in microseconds.
pub const TIMESTAMP: u32 = 1;

/// A tracepoint's name: its number, and its address, for it may have several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// gdb's number.
    pub number: u32,
    /// Where it is.
    pub addr: u64,
}

/// What the process has to know of a tracepoint. Bytecode is as gdb sends it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tracepoint {
    /// Which.
    pub place: Place,
    /// Whether it collects.
    pub enabled: bool,
    /// How many instructions are stepped after it, to collect at each.
    pub steps: u64,
    /// After how many passes the tracing ends; 0: never.
    pub passes: u64,
    /// It collects if this holds.
    pub condition: Option<Vec<u8>>,
    /// What it collects.
    pub actions: Vec<Action>,
    /// What is collected after each step.
    pub step_actions: Vec<Action>,
}

/// Something to collect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    /// All registers.
    Registers,
    /// Memory.
    Memory {
        /// The register that `offset` is added to.
        base: Option<u16>,
        /// What is added.
        offset: u64,
        /// How many bytes.
        len: u64,
    },
    /// What this bytecode collects.
    Expression(Vec<u8>),
}

/// The tracing that a process is to begin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Where.
    pub points: Vec<Tracepoint>,
    /// The trace state variables' first values.
    pub variables: BTreeMap<u32, u64>,
    /// [`TIMESTAMP`] is what gdb means by its number.
    pub has_clock: bool,
    /// How many bytes there is room for.
    pub room: u64,
    /// What is oldest goes if there is no room.
    pub circular: bool,
}

/// What became of a tracepoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// How many times it has collected.
    pub hits: u64,
    /// How many bytes.
    pub bytes: u64,
}

/// Why tracing has ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Halt {
    /// gdb has asked for it.
    Asked,
    /// There is no more room.
    Full,
    /// gdb is gone.
    Disconnected,
    /// This tracepoint was passed as often as it was to be.
    Passes(u32),
    /// This went wrong at this tracepoint.
    Error(String, u32),
}

/// What a process has to tell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// A piece of the sequence of frames, in the format of gdb's trace files; the last frame may be cut.
    #[serde(with = "serde_bytes")]
    pub frames: Vec<u8>,
    /// The trace state variables.
    pub variables: BTreeMap<u32, u64>,
    /// What became of each tracepoint.
    pub counts: Vec<(Place, Count)>,
    /// Tracing has ended, for this reason.
    pub halt: Option<Halt>,
}

/// Microseconds since 1970.
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros() as u64)
}
