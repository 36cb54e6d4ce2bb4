//! The calls on several futexes: futex_waitv(2), futex_requeue(2). Their structures hold addresses.

use super::args::{Arg, Call, Flags, Hex, In, InArray, Int, Uint, host_pointer};
use super::layout::{FutexWaiter, FutexWaiterPair, Timespec};
use super::names::Clock;
use super::{host, number};
use crate::addr::GuestAddr;
use crate::errno::Errno;
use crate::memory::Memory;
use crate::task::Task;

/// The most futexes that one call waits for.
const FUTEX_WAITV_MAX: u32 = 128;

impl FutexWaiter {
    pub(super) fn on_host(self, memory: &Memory) -> FutexWaiter {
        FutexWaiter { address: host_pointer(memory, GuestAddr(self.address), 8), ..self }
    }
}

/// futex_waitv(2).
pub fn futex_waitv(
    task: &mut Task,
    waiters: InArray<FutexWaiter, 1>,
    count: Uint,
    flags: Hex,
    timeout: In<Timespec>,
    clock: Flags<Clock>,
) -> Result<u64, Errno> {
    let memory = &task.process.memory;
    let call = Call { memory, raw: &[0; 6], result: None };
    if flags.0 != 0 || count.0 == 0 || count.0 > FUTEX_WAITV_MAX || waiters.0.0 == 0 {
        return Err(Errno::EINVAL);
    }
    let element =
        |index| memory.get(waiters.element(index)).map(|waiter: FutexWaiter| waiter.on_host(memory));
    let list = (0..u64::from(count.0)).map(element).collect::<Result<Vec<_>, _>>()?;
    let args = [list.as_ptr() as u64, list.len() as u64, 0, timeout.host(&call), clock.0, 0];
    host::call(libc::SYS_futex_waitv, args)
}

/// futex_requeue(2).
pub fn futex_requeue(
    task: &mut Task,
    pair: In<FutexWaiterPair>,
    flags: Hex,
    wake: Int,
    requeue: Int,
) -> Result<u64, Errno> {
    let memory = &task.process.memory;
    if flags.0 != 0 || pair.is_null() {
        return Err(Errno::EINVAL);
    }
    let FutexWaiterPair { from, to } = pair.get(memory)?;
    let pair = FutexWaiterPair { from: from.on_host(memory), to: to.on_host(memory) };
    let address = std::ptr::from_ref(&pair) as u64;
    host::call(number::SYS_futex_requeue, [address, 0, wake.0 as u64, requeue.0 as u64, 0, 0])
}
