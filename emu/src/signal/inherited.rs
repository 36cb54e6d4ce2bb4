//! What this process was started with. Rust's own start-up ignores SIGPIPE before `main` runs, so that one is noted earlier.
#![allow(unsafe_code, reason = "a function that runs before main")]

use std::sync::atomic::{AtomicBool, Ordering};

use super::{SigSet, host, number};

/// The signals that were ignored when the process started.
pub(super) fn ignored() -> SigSet {
    let mut ignored = SigSet::EMPTY;
    for signal in 1..=64 {
        let is = match signal {
            number::SIGPIPE => PIPE_IGNORED.load(Ordering::Relaxed),
            _ => host::is_ignored(signal),
        };
        if is {
            ignored = ignored.union(SigSet::of(signal));
        }
    }
    ignored
}

static PIPE_IGNORED: AtomicBool = AtomicBool::new(false);

extern "C" fn note() {
    PIPE_IGNORED.store(host::is_ignored(number::SIGPIPE), Ordering::Relaxed);
}

// SAFETY: the C library calls each function in this section once, before main, and this one needs nothing set up.
#[used]
#[unsafe(link_section = ".init_array")]
static NOTE: extern "C" fn() = note;
