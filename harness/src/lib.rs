//! Runs debugging scenarios, written in Rhai, with a real gdb: the library behind `tine-test` and the tests.
//!
//! A scenario builds a guest program ([`guest`]), starts the stub under test and gdb (over MI: [`mi`]),
//! acts through its verbs, and snapshots a normalised transcript.
#![forbid(unsafe_code)]

pub mod group;
pub mod guest;
pub mod mi;
pub mod tools;
