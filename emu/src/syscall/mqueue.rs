//! POSIX message queues (mq_overview(7)), where they differ from the host's.

use super::args::{Arg, Call, Fd, In, host_pointer};
use super::host;
use super::layout::Sigevent;
use crate::addr::GuestAddr;
use crate::errno::Errno;
use crate::task::Task;

/// What the C library has sent to its socket when a message comes (`NOTIFY_COOKIE_LEN`).
const COOKIE: u64 = 32;

/// mq_notify(2). With `SIGEV_THREAD` the value points to a cookie, and the signal is a socket.
pub fn mq_notify(task: &mut Task, queue: Fd, event: In<Sigevent>) -> Result<u64, Errno> {
    let call = Call { memory: &task.process.memory, raw: &[0; 6], result: None };
    let mut event = event.get_optional(call.memory)?;
    let address = event.as_mut().map_or(0, |event| {
        if event.notify == libc::SIGEV_THREAD {
            event.value = host_pointer(call.memory, GuestAddr(event.value), COOKIE);
            event.signo = Fd(event.signo).host(&call) as i32;
        }
        std::ptr::from_mut(event) as u64
    });
    host::call(libc::SYS_mq_notify, [queue.host(&call), address, 0, 0, 0, 0])
}
