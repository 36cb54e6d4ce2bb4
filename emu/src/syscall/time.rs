//! Sleeping.

use super::args::{Arg, Call, Flags, In, Out};
use super::host;
use super::layout::Timespec;
use super::names::{Clock, TimerFlags};
use crate::errno::Errno;
use crate::task::Task;

/// nanosleep(2).
pub fn nanosleep(task: &mut Task, request: In<Timespec>, remaining: Out<Timespec>) -> Result<u64, Errno> {
    let call = Call { memory: &task.process.memory, raw: &[0; 6], result: None };
    host::call(libc::SYS_nanosleep, [request.host(&call), remaining.host(&call), 0, 0, 0, 0])
}

/// clock_nanosleep(2).
pub fn clock_nanosleep(
    task: &mut Task,
    clock: Flags<Clock>,
    flags: Flags<TimerFlags>,
    request: In<Timespec>,
    remaining: Out<Timespec>,
) -> Result<u64, Errno> {
    let call = Call { memory: &task.process.memory, raw: &[0; 6], result: None };
    let args = [clock.0, flags.0, request.host(&call), remaining.host(&call), 0, 0];
    host::call(libc::SYS_clock_nanosleep, args)
}
