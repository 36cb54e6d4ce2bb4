//! `PR_SET_MDWE` (prctl(2)): memory that may be written never becomes code.

use std::sync::atomic::{AtomicU8, Ordering};

use super::{Memory, Prot};
use crate::errno::Errno;

/// What is refused.
#[derive(Debug, Default)]
pub(super) struct Deny(AtomicU8);

/// Code that was not code when it was mapped, and code that may be written.
pub const REFUSE_EXEC_GAIN: u8 = 1;
/// Children are free of it.
pub const NO_INHERIT: u8 = 2;

impl Deny {
    pub fn get(&self) -> u8 {
        self.0.load(Ordering::Relaxed)
    }

    /// Checks a new mapping, or, with `old`, a change of one.
    pub fn check(&self, old: Option<Prot>, new: Prot) -> Result<(), Errno> {
        let gains = old.is_some_and(|old| !old.allows(Prot::EXEC));
        let refused = self.get() & REFUSE_EXEC_GAIN != 0
            && new.allows(Prot::EXEC)
            && (gains || new.allows(Prot::WRITE));
        if refused { Err(Errno::EACCES) } else { Ok(()) }
    }

    /// What a child, or another program, has of it.
    pub fn inherited(&self) -> u8 {
        Some(self.get()).filter(|bits| bits & NO_INHERIT == 0).unwrap_or(0)
    }

    pub fn set(&self, bits: u8) {
        self.0.store(bits, Ordering::Relaxed);
    }
}

impl Memory {
    /// `PR_GET_MDWE`
    pub fn denied(&self) -> u8 {
        self.deny.get()
    }

    /// `PR_SET_MDWE`: once set it stays.
    pub fn set_denied(&self, bits: u8) -> Result<(), Errno> {
        if bits & !(REFUSE_EXEC_GAIN | NO_INHERIT) != 0 || bits == NO_INHERIT {
            return Err(Errno::EINVAL);
        }
        match self.deny.get() {
            0 => self.deny.set(bits),
            set if set == bits => {}
            _ => return Err(Errno::EPERM),
        }
        Ok(())
    }

    /// What a program that this one executes has of it.
    pub fn denied_after_exec(&self) -> u8 {
        self.deny.inherited()
    }
}
