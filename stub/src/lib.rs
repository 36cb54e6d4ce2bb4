//! A GDB remote stub for trees of processes.
//!
//! It serves emulators whose guest processes are host processes. The emulator implements [`target::Target`] for one
//! process, starts an [`agent::Agent`] in each, and runs [`server::run`] in a process of its own, which speaks to gdb.
//! The crate knows the protocol and nothing of the guest's instruction set or system calls.

#![forbid(unsafe_code)]

pub mod agent;
pub mod control;
pub mod id;
pub mod server;
pub mod stop;
pub mod target;

pub use id::{Pid, Tid};
pub use stop::StopReason;
