//! The debug server: owns gdb's connection and the control connections to all guest processes, in one thread.

mod listen;

pub use listen::{Address, ListenError, Listener};

use std::os::fd::OwnedFd;

/// Serves one debugging session: waits for gdb on `listener`, knows the first guest process by its control connection
/// `first`. Returns when its guests are gone or gdb is, having let go of what was left. To be run in a process of its own which is
/// no relative of the guest, is in a session of its own, holds no descriptors but these, and has one thread.
pub fn run(listener: Listener, first: OwnedFd) {
    drop((listener, first));
}
