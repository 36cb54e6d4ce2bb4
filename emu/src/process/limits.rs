//! Resource limits that the guest sees and sets but that are not the host process's: applied there, they would hit the emulator, whose
//! address space, data and stack are not the guest's.

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use nix::sys::resource::{Resource, getrlimit, setrlimit};

use super::view;
use crate::errno::Errno;
use crate::memory::{Bounds, Memory};
use crate::syscall::layout::Rlimit;

/// Which they are.
const OURS: [(u32, Resource); 3] = [
    (libc::RLIMIT_DATA, Resource::RLIMIT_DATA),
    (libc::RLIMIT_STACK, Resource::RLIMIT_STACK),
    (libc::RLIMIT_AS, Resource::RLIMIT_AS),
];

/// The guest's own limits.
#[derive(Debug)]
pub struct Limits(Mutex<[Rlimit; OURS.len()]>);

impl Limits {
    /// Those that this process was started with.
    pub fn inherited() -> Limits {
        Limits(Mutex::new(lift()))
    }

    /// Makes those of address space and data hold for the guest's memory. The stack's is what the loader was given.
    pub fn begin(&self, memory: &Memory) {
        let limits = *self.lock();
        for ((resource, _), limit) in OURS.into_iter().zip(limits) {
            if resource != libc::RLIMIT_STACK {
                apply(memory, resource, limit);
            }
        }
    }

    /// Takes those of the image before this one, as [`Limits::all`] gives them.
    pub(super) fn replace(&self, limits: [(u64, u64); OURS.len()]) {
        *self.lock() = limits.map(|(current, maximum)| Rlimit { current, maximum });
    }

    /// All of them, as (current, maximum).
    pub(super) fn all(&self) -> [(u64, u64); OURS.len()] {
        self.lock().map(|limit| (limit.current, limit.maximum))
    }

    /// The same for another process.
    pub(super) fn copy(&self) -> Limits {
        Limits(Mutex::new(*self.lock()))
    }

    /// The limits that are kept here, in the order in which others are told of them.
    pub const RESOURCES: [u32; OURS.len()] = [OURS[0].0, OURS[1].0, OURS[2].0];

    /// Whether a limit is kept here.
    pub fn has(resource: u32) -> bool {
        place(resource).is_some()
    }

    /// One limit; EINVAL for one that is the host's.
    pub fn get(&self, resource: u32) -> Result<Rlimit, Errno> {
        let place = place(resource).ok_or(Errno::EINVAL)?;
        Ok(self.lock()[place])
    }

    /// Changes one limit.
    pub fn set(&self, resource: u32, limit: Rlimit) {
        if let Some(place) = place(resource) {
            self.lock()[place] = limit;
        }
    }

    /// Keeps them as they are while the guard lives: for fork(2).
    pub(super) fn lock(&self) -> MutexGuard<'_, [Rlimit; OURS.len()]> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes a limit hold for the guest's memory from now on.
pub fn apply(memory: &Memory, resource: u32, limit: Rlimit) {
    let mut bounds: Bounds = memory.bounds();
    match resource {
        libc::RLIMIT_AS => bounds.address_space = limit.current,
        libc::RLIMIT_DATA => bounds.data = limit.current,
        libc::RLIMIT_STACK => bounds.stack = limit.current,
        _ => return,
    }
    memory.set_bounds(bounds);
    if let Some(place) = place(resource) {
        view::limit_changed(place, limit.current, limit.maximum);
    }
}

/// Takes from the emulator the limits that are meant for the guest, as far as they can be taken; answers what they were. To be done
/// before room is reserved for the guest's memory.
pub fn lift() -> [Rlimit; OURS.len()] {
    static BEFORE: OnceLock<[Rlimit; OURS.len()]> = OnceLock::new();
    *BEFORE.get_or_init(|| {
        OURS.map(|(number, resource)| {
            let (current, maximum) = getrlimit(resource).unwrap_or((u64::MAX, u64::MAX));
            if number != libc::RLIMIT_STACK && current != maximum {
                // If it fails, there may be room all the same.
                let _ = setrlimit(resource, maximum, maximum);
            }
            Rlimit { current, maximum }
        })
    })
}

/// The widest window for which a host process has room that may have this much address space and no more: beside it are the engine's
/// slots, eight times its size, and the emulator.
pub fn widest_window(address_space: u64) -> u32 {
    const EMULATOR: u64 = 256 << 20;
    (address_space.saturating_sub(EMULATOR) / 9).max(1).ilog2()
}

/// The stack's limit among those of [`Limits::all`].
pub fn stack(limits: &[(u64, u64)]) -> u64 {
    place(libc::RLIMIT_STACK).and_then(|place| limits.get(place)).map_or(u64::MAX, |limit| limit.0)
}

/// How much address space this process may have.
pub fn of_host() -> u64 {
    getrlimit(Resource::RLIMIT_AS).map_or(u64::MAX, |(current, _)| current)
}

fn place(resource: u32) -> Option<usize> {
    OURS.iter().position(|&(number, _)| number == resource)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::MAX_BITS;

    #[test]
    fn a_window_fits_beside_its_slots() {
        assert_eq!(widest_window(4 << 30), 28);
        assert_eq!(widest_window(0), 0);
        assert!(widest_window(u64::MAX) > MAX_BITS);
        for space in (20..60).map(|bits| 5 << bits) {
            assert!(9 << widest_window(space) <= space);
        }
    }
}
