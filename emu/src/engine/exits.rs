//! Handlers that end a run.
#![allow(unsafe_code, reason = "they are handlers")]

use super::Exit;
use super::handler::next;
use super::run::{Run, Stop};
use super::slot::{Free, Slot};
use super::slow;
use crate::trap::Trap;

macro_rules! exits {
    ($( $(#[$doc:meta])* $name:ident($value:ident) $stop:expr; )*) => { $(
        $(#[$doc])*
        #[cold]
        pub(super) unsafe extern "sysv64" fn $name(
            s: *const Slot,
            _: *mut u64,
            _: u64,
            $value: Free,
            _: *mut u8,
            run: *mut Run,
        ) -> *const Slot {
            // SAFETY: `run` is the run in progress; those that use the value are given one.
            unsafe { (*run).stop = $stop };
            s
        }
    )* };
}

exits! {
    /// The hart is wanted.
    attention(_value) Stop::Exit(Exit::Attention);
    /// A breakpoint of the debugger.
    breakpoint(_value) Stop::Exit(Exit::Breakpoint);
    /// `ecall`.
    ecall(_value) Stop::from(Trap::SystemCall);
    /// `ebreak`.
    ebreak(_value) Stop::from(Trap::Breakpoint);
    /// An encoding without a meaning.
    illegal(_value) Stop::Illegal;
    /// What no handler can do.
    outlandish(_value) Stop::Single;
    /// What every slot of a prepared chunk holds until it is executed, or translated with what is before it.
    unseen(_value) Stop::Unseen;
    /// What another hart may still be executing as it was.
    postponed(_value) Stop::Postponed;
    /// A load or store outside the window, at the address given.
    window_fault(addr) Stop::Access { addr: addr.assume_init(), bus: false };
    /// An atomic access at the address given.
    misaligned(addr) Stop::Misaligned { addr: addr.assume_init() };
    /// A jump out of the window, to the address given: the pc is still on the jump. Linux lets the jump complete and
    /// reports the fetch, so the run's end moves it.
    fetch_fault(target) Stop::Fetch { target: target.assume_init() };
}

/// What slots hold whose code was executed often enough, or has changed: translates from here on, and goes on.
#[cold]
pub(super) unsafe extern "sysv64" fn undecoded(
    s: *const Slot,
    x: *mut u64,
    size: u64,
    _: Free,
    m: *mut u8,
    run: *mut Run,
) -> *const Slot {
    // SAFETY: `run` is the run in progress; after a translation the slot has another handler.
    unsafe { if slow::translate(run, s, x) { next!(s, x, size, m, run) } else { s } }
}
