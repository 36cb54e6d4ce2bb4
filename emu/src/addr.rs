//! Guest addresses.

use std::fmt;

/// An address as the guest sees it. It means nothing to the host until [`crate::memory::Memory`] has checked it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(transparent)]
pub struct GuestAddr(pub u64);

impl GuestAddr {
    /// The address `bytes` further on, wrapping at 2^64 as the machine does.
    #[must_use]
    pub const fn offset(self, bytes: u64) -> Self {
        GuestAddr(self.0.wrapping_add(bytes))
    }
}

impl fmt::Debug for GuestAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#x}", self.0)
    }
}

impl fmt::Display for GuestAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#x}", self.0)
    }
}
