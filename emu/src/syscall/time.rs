//! Sleeping. A relative time starts once: a call that is made again, because a signal came that no handler of the guest's took, sleeps
//! for what is left.

use super::args::{Arg, Call, Flags, In, Out};
use super::host;
use super::layout::Timespec;
use super::names::{Clock, TimerFlags};
use crate::errno::Errno;
use crate::task::Task;

const NANOS: u64 = 1_000_000_000;

impl Timespec {
    /// In nanoseconds; `None` for what is no time or too long to count.
    pub(super) fn nanos(&self) -> Option<u64> {
        let nsec = u64::try_from(self.nsec).ok().filter(|&nsec| nsec < NANOS)?;
        u64::try_from(self.sec).ok()?.checked_mul(NANOS)?.checked_add(nsec)
    }

    fn from_nanos(nanos: u64) -> Timespec {
        Timespec { sec: (nanos / NANOS) as i64, nsec: (nanos % NANOS) as i64 }
    }
}

/// What is left of a call's relative time, in nanoseconds.
pub(super) fn remaining(task: &mut Task, wanted: u64) -> u64 {
    let mut now = Timespec { sec: 0, nsec: 0 };
    let address = std::ptr::from_mut(&mut now) as u64;
    let _ = host::call_at_once(libc::SYS_clock_gettime, [libc::CLOCK_MONOTONIC as u64, address, 0, 0, 0, 0]);
    let now = now.nanos().unwrap_or(0);
    match task.sleep_until {
        Some(end) => end.saturating_sub(now),
        None => {
            task.sleep_until = Some(now.saturating_add(wanted));
            wanted
        }
    }
}

/// The same for a `timespec`. What the kernel would refuse is handed on as it is.
pub(super) fn remaining_time(task: &mut Task, wanted: Timespec) -> Timespec {
    match wanted.nanos() {
        Some(nanos) => Timespec::from_nanos(remaining(task, nanos)),
        None => wanted,
    }
}

/// nanosleep(2).
pub fn nanosleep(task: &mut Task, request: In<Timespec>, left: Out<Timespec>) -> Result<u64, Errno> {
    let request = request.get(&task.process.memory)?;
    let request = remaining_time(task, request);
    let call = Call { memory: &task.process.memory, raw: &[0; 6], result: None };
    let request = std::ptr::from_ref(&request) as u64;
    host::call(libc::SYS_nanosleep, [request, left.host(&call), 0, 0, 0, 0])
}

/// clock_nanosleep(2).
pub fn clock_nanosleep(
    task: &mut Task,
    clock: Flags<Clock>,
    flags: Flags<TimerFlags>,
    request: In<Timespec>,
    left: Out<Timespec>,
) -> Result<u64, Errno> {
    let mut request = request.get(&task.process.memory)?;
    if flags.0 as i32 & libc::TIMER_ABSTIME == 0 {
        request = remaining_time(task, request);
    }
    let call = Call { memory: &task.process.memory, raw: &[0; 6], result: None };
    let request = std::ptr::from_ref(&request) as u64;
    host::call(libc::SYS_clock_nanosleep, [clock.0, flags.0, request, left.host(&call), 0, 0])
}
