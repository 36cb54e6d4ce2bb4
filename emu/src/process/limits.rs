//! Resource limits that the guest sees and sets but that are not the host process's: applied there, they would hit the emulator, whose
//! address space, data and stack are not the guest's.

use std::sync::{Mutex, PoisonError};

use nix::sys::resource::{Resource, getrlimit};

use super::view;
use crate::errno::Errno;
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
        Limits(Mutex::new(OURS.map(|(_, resource)| {
            let (current, maximum) = getrlimit(resource).unwrap_or((u64::MAX, u64::MAX));
            Rlimit { current, maximum }
        })))
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
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner)[place])
    }

    /// Changes one limit.
    pub fn set(&self, resource: u32, limit: Rlimit) {
        if let Some(place) = place(resource) {
            self.0.lock().unwrap_or_else(PoisonError::into_inner)[place] = limit;
            view::limit_changed(place, limit.current, limit.maximum);
        }
    }
}

fn place(resource: u32) -> Option<usize> {
    OURS.iter().position(|&(number, _)| number == resource)
}
