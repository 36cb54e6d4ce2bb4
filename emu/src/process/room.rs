//! Room for the descriptors that an exec takes for a moment where the guest has used up its limit: the kernel's own takes none.

use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// As many descriptors as there is to be room for, if the limits may be raised at all.
const ENOUGH: u64 = 1024;

/// `RLIMIT_NOFILE` is raised for so long as this lives.
#[derive(Debug)]
pub(super) struct Room {
    soft: u64,
    hard: u64,
}

impl Room {
    /// Raises it, beyond the hard limit where that is allowed. `None` if there is no more to be had.
    pub(super) fn make() -> Option<Room> {
        let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE).ok()?;
        let wanted = hard.max(ENOUGH);
        let raise =
            |limit: u64| limit > soft && setrlimit(Resource::RLIMIT_NOFILE, limit, hard.max(limit)).is_ok();
        (raise(wanted) || raise(hard)).then_some(Room { soft, hard })
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let restored = setrlimit(Resource::RLIMIT_NOFILE, self.soft, self.hard);
        debug_assert!(restored.is_ok());
    }
}
