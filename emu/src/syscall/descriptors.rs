//! The emulator's own descriptors: where they live, and how they stay out of the guest's sight.
//!
//! Ours are moved out of the way, behind what programs and shell scripts choose by number, and recorded here; every argument of type [`super::args::Fd`] that names one becomes -1 on its way to
//! the host, so that the guest gets EBADF as for any closed descriptor. They are close-on-exec.

use std::os::fd::{AsRawFd, FromRawFd, IntoRawFd, OwnedFd};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};

use nix::fcntl::{FcntlArg, fcntl};
use nix::sys::resource::{Resource, getrlimit};

use super::host;

/// How many descriptors the emulator may keep.
pub const SLOTS: usize = 16;
/// Where ours begin, if the limit allows. Not higher than need be: fork(2) copies the table of descriptors up to the highest. Shells
/// take 255, and people 200.
const FLOOR: u64 = 210;
/// An empty slot.
const NONE: i32 = -1;

static RESERVED: [AtomicI32; SLOTS] = [const { AtomicI32::new(NONE) }; SLOTS];
/// The lowest of them, so that the common question costs one comparison.
static LOWEST: AtomicI32 = AtomicI32::new(i32::MAX);

/// A descriptor of ours that takes another number when the guest wants the one that it has.
#[derive(Debug)]
pub struct Movable(AtomicI32);

impl Movable {
    /// Keeps `fd`, which is hidden already or will be.
    pub fn new(fd: OwnedFd) -> Movable {
        hide(fd.as_raw_fd());
        Movable(AtomicI32::new(fd.into_raw_fd()))
    }

    /// The number that it has now.
    pub fn number(&self) -> i32 {
        self.0.load(Relaxed)
    }

    /// Leaves `number` to the guest, if it is this one's.
    pub fn give_way(&self, number: i32) {
        let args = [number as u64, libc::F_DUPFD_CLOEXEC as u64, number as u64 + 1, 0, 0, 0];
        if self.number() == number
            && let Ok(moved) = host::call_at_once(libc::SYS_fcntl, args)
        {
            hide(moved as i32);
            self.0.store(moved as i32, Relaxed);
            forget(number);
            close(number);
        }
    }
}

impl Drop for Movable {
    fn drop(&mut self) {
        forget(self.number());
        close(self.number());
    }
}

/// Moves `fd` out of the guest's way and hides it. The new one is close-on-exec. If no high number is free, it stays where it is.
pub fn reserve(fd: OwnedFd) -> OwnedFd {
    let moved = above(fd);
    hide(moved.as_raw_fd());
    moved
}

/// Moves `fd` out of the guest's way. The new one is close-on-exec. If no high number is free, it stays where it is.
pub fn above(fd: OwnedFd) -> OwnedFd {
    let limit = getrlimit(Resource::RLIMIT_NOFILE).map_or(1024, |(current, _)| current);
    let floor = limit.saturating_sub(2 * SLOTS as u64).min(FLOOR) as i32;
    fcntl(&fd, FcntlArg::F_DUPFD_CLOEXEC(floor)).map(owned).unwrap_or(fd)
}

/// Takes `fd` as the emulator's own where it is. A number that is hidden already stays so: a forked child's socket often gets the
/// number that its parent's had.
pub fn hide(fd: i32) {
    if is_reserved(fd) {
        return;
    }
    for slot in &RESERVED {
        // Whoever owned it has closed it, perhaps on the other side of a fork.
        let old = slot.load(Relaxed);
        if old != NONE && !is_open(old) {
            let _ = slot.compare_exchange(old, NONE, Relaxed, Relaxed);
        }
    }
    for slot in &RESERVED {
        if slot.compare_exchange(NONE, fd, Relaxed, Relaxed).is_ok() {
            LOWEST.fetch_min(fd, Relaxed);
            return;
        }
    }
    log::warn!("no room to hide descriptor {fd}");
}

/// Whether a number is one that ours have in any process of the emulator's, unless its limit is low.
pub fn may_be_reserved(fd: i32) -> bool {
    (FLOOR..FLOOR + 2 * SLOTS as u64).contains(&(fd as u64))
}

fn is_open(fd: i32) -> bool {
    host::call_at_once(libc::SYS_fcntl, [fd as u64, libc::F_GETFD as u64, 0, 0, 0, 0]).is_ok()
}

/// Takes a descriptor that an earlier image of this process has reserved, and left open for this one.
pub fn inherit(fd: i32) -> Option<OwnedFd> {
    let flags = libc::FD_CLOEXEC as u64;
    host::call_at_once(libc::SYS_fcntl, [fd as u64, libc::F_SETFD as u64, flags, 0, 0, 0]).ok()?;
    hide(fd);
    // Open, as the call above has shown, and the earlier image's owner of it is gone.
    Some(owned(fd))
}

/// Takes a descriptor that the kernel has just given us.
pub fn adopt(fd: i32) -> OwnedFd {
    owned(fd)
}

/// Gives a number of ours another file. Whoever has it already must not close it. If that cannot be done the file gets a number of its own.
pub fn replace(number: i32, fd: OwnedFd) -> OwnedFd {
    let cloexec = libc::O_CLOEXEC as u64;
    match host::call_at_once(libc::SYS_dup3, [fd.as_raw_fd() as u64, number as u64, cloexec, 0, 0, 0]) {
        Ok(_) => {
            hide(number);
            owned(number)
        }
        Err(_) => reserve(fd),
    }
}

/// Another descriptor for what `fd` is open on, if it is.
pub fn duplicate(fd: i32) -> Option<OwnedFd> {
    let args = [fd as u64, libc::F_DUPFD_CLOEXEC as u64, 3, 0, 0, 0];
    host::call_at_once(libc::SYS_fcntl, args).ok().map(|copy| owned(copy as i32))
}

/// Lets a descriptor of ours live on over execve(2), or not.
pub fn set_inherited(fd: i32, inherited: bool) {
    let flags = if inherited { 0 } else { libc::FD_CLOEXEC as u64 };
    let _ = host::call_at_once(libc::SYS_fcntl, [fd as u64, libc::F_SETFD as u64, flags, 0, 0, 0]);
}

/// Closes a descriptor that was reserved.
pub fn release(fd: OwnedFd) {
    forget(fd.as_raw_fd());
}

/// Stops hiding `fd`: it has been closed.
pub fn forget(fd: i32) {
    for slot in &RESERVED {
        let _ = slot.compare_exchange(fd, NONE, Relaxed, Relaxed);
    }
}

/// Whether `fd` is ours, and so does not exist for the guest.
#[inline]
pub fn is_reserved(fd: i32) -> bool {
    fd >= LOWEST.load(Relaxed) && RESERVED.iter().any(|slot| slot.load(Relaxed) == fd)
}

/// How many of ours are open.
pub(crate) fn count_open() -> usize {
    let fds = RESERVED.iter().map(|slot| slot.load(Relaxed));
    fds.filter(|&fd| fd != NONE && is_open(fd)).count()
}

/// Whether a descriptor is closed by exec; `None` if it is not open.
pub(crate) fn is_closed_by_exec(fd: i32) -> Option<bool> {
    let flags = host::call_at_once(libc::SYS_fcntl, [fd as u64, libc::F_GETFD as u64, 0, 0, 0, 0]).ok()?;
    Some(flags & libc::FD_CLOEXEC as u64 != 0)
}

/// Whether there are any.
#[inline]
pub fn any() -> bool {
    LOWEST.load(Relaxed) != i32::MAX
}

/// The host's address of the [`SLOTS`] numbers, -1 for none, for those who look at this process from outside.
pub fn numbers() -> u64 {
    RESERVED.as_ptr() as u64
}

/// The parts of `first..=last` between our descriptors.
pub fn gaps(first: u32, last: u32) -> Vec<(u32, u32)> {
    let mut ours: Vec<u32> =
        RESERVED.iter().map(|slot| slot.load(Relaxed)).filter(|&fd| fd != NONE).map(|fd| fd as u32).collect();
    ours.sort_unstable();
    let mut gaps = Vec::new();
    let mut next = Some(first);
    for fd in ours {
        if let Some(from) = next
            && from <= fd
            && fd <= last
        {
            if from < fd {
                gaps.push((from, fd - 1));
            }
            next = fd.checked_add(1);
        }
    }
    if let Some(from) = next
        && from <= last
    {
        gaps.push((from, last));
    }
    gaps
}

/// Closes a descriptor that is kept as a number, because its owner may be another process than the one that forgets it.
pub fn close(fd: i32) {
    let _ = host::call_at_once(libc::SYS_close, [fd as u64, 0, 0, 0, 0, 0]);
}

/// Owns a descriptor that is nobody else's: fcntl(2) has just made it, or an earlier image left it.
#[allow(unsafe_code, reason = "fcntl returns a plain number")]
fn owned(fd: i32) -> OwnedFd {
    // SAFETY: `fd` is open, and the callers know that nothing else in this process owns its number.
    unsafe { OwnedFd::from_raw_fd(fd) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_descriptors_are_hidden_and_skipped() {
        let file = std::fs::File::open("/dev/null").unwrap();
        let ours = reserve(file.into());
        let number = ours.as_raw_fd();
        assert!(is_reserved(number));
        assert!(!is_reserved(0));
        hide(number);
        let gaps = gaps(3, u32::MAX);
        assert!(gaps.iter().all(|&(from, to)| !(from..=to).contains(&(number as u32))), "{gaps:?}");
        assert_eq!(gaps.first().map(|gap| gap.0), Some(3));
        assert_eq!(gaps.last().map(|gap| gap.1), Some(u32::MAX));
        release(ours);
        assert!(!is_reserved(number));
    }
}
