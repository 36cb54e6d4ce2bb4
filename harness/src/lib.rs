//! Runs debugging scenarios, written in Rhai, with a real gdb: the library behind `tine-test` and the tests.
//!
//! A scenario builds a guest program ([`guest`]), starts the stub under test and gdb (over MI: [`mi`]),
//! acts through its verbs, and snapshots a normalised transcript.
//!
//! Real programs ([`real`]) run in a tree of Debian packages ([`sysroot`]).
#![forbid(unsafe_code)]

pub mod bench;
pub mod gdb;
pub mod group;
pub mod guest;
pub mod mi;
pub mod normalise;
pub mod page;
pub mod real;
pub mod rsp;
pub mod scenario;
pub mod session;
pub mod snapshot;
pub mod stub;
pub mod sysroot;
pub mod tools;
pub mod transcript;
pub mod verb;
