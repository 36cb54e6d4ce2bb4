//! A GDB remote stub for trees of processes.
//!
//! It serves emulators whose guest processes are host processes. The emulator implements [`target::Target`] for one
//! process, starts an [`agent::Agent`] in each, and runs [`server::Server`] in a process of its own, which speaks to gdb.
//! The crate knows the protocol and nothing of the guest's instruction set or system calls.
//!
//! The walk of a packet: [`frame`] takes it out of the bytes, [`packet`] finds its row, `handler` does it, mostly by asking
//! the agent of the process in question over [`control`]. What happens in the processes comes back as events, and to gdb as
//! stop replies ([`stop`]).

#![forbid(unsafe_code)]

pub mod agent;
pub mod command;
pub mod control;
pub mod expression;
pub mod fork;
pub mod frame;
mod handler;
mod hex;
pub mod id;
pub mod launcher;
mod lookout;
mod memory;
pub mod notify;
mod osdata;
pub mod packet;
pub mod rule;
pub mod server;
pub mod signal;
mod stat;
pub mod stop;
pub mod target;
pub mod trace;
pub mod without;
mod xml;

pub use id::{Pid, ThreadId, Tid};
pub use stop::StopReason;
