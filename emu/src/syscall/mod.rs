//! System calls: one table, from which come dispatch, `-strace` and the documentation.

pub mod host;

use crate::errno::Errno;
use crate::task::Task;

/// Runs the system call that the registers ask for (`a7`, `a0`–`a5`). The task loop writes the answer to `a0`, or puts
/// the pc back on the `ecall` for [`Errno::ERESTARTSYS`].
pub fn dispatch(_task: &mut Task) -> Result<u64, Errno> {
    Err(Errno::ENOSYS)
}
