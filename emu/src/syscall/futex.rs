//! futex(2): the host's, on the guest's words in the window. Private futexes are private to the host process, which is the guest's.

use super::args::{Addr, Arg, Call, Flags, Hex, Pid, Size, Uint, Word, host_pointer};
use super::host;
use super::layout::Timespec;
use super::names::FutexOperation;
use super::time::remaining_time;
use crate::addr::GuestAddr;
use crate::errno::Errno;
use crate::task::Task;

/// futex(2). The fourth argument is a time, a count or nothing, as the operation says.
pub fn futex(
    task: &mut Task,
    address: Addr,
    operation: Flags<FutexOperation>,
    value: Uint,
    timeout: Word,
    address2: Addr,
    value3: Hex,
) -> Result<u64, Errno> {
    const LOCK_PI2: i32 = 13;
    // Only this one's time is relative.
    let relative = operation.0 as i32 & 0x7f == libc::FUTEX_WAIT;
    let mut time = Timespec { sec: 0, nsec: 0 };
    if relative && timeout.0 != 0 {
        time = task.process.memory.get(GuestAddr(timeout.0))?;
        time = remaining_time(task, time);
    }
    if matches!(
        operation.0 as i32 & 0x7f,
        libc::FUTEX_LOCK_PI | libc::FUTEX_TRYLOCK_PI | libc::FUTEX_WAIT_REQUEUE_PI | LOCK_PI2
    ) {
        // What is owned in the host's kernel it hands on at an exec.
        task.process.require_host_exec();
    }
    let memory = &task.process.memory;
    let call = Call { memory, raw: &[0; 6], result: None };
    let fourth = match operation.0 as i32 & 0x7f {
        libc::FUTEX_WAIT if timeout.0 != 0 => std::ptr::from_ref(&time) as u64,
        libc::FUTEX_WAIT_BITSET | libc::FUTEX_WAIT_REQUEUE_PI | libc::FUTEX_LOCK_PI | LOCK_PI2 => {
            host_pointer(memory, GuestAddr(timeout.0), 16)
        }
        _ => timeout.0,
    };
    // Address 0 is in the window, but no word of the guest's is there: the host's 0 gives EFAULT as well.
    let args = [
        address.host(&call),
        operation.0,
        u64::from(value.0),
        fourth,
        address2.host(&call),
        u64::from(value3.0),
    ];
    host::call(libc::SYS_futex, args)
}

/// `sizeof(struct robust_list_head)`.
const ROBUST_LIST_HEAD: u64 = 24;

/// set_robust_list(2). The list holds guest addresses, so the task walks it at its end, not the host's kernel.
pub fn set_robust_list(task: &mut Task, head: Addr, len: Size) -> Result<u64, Errno> {
    if len.0 != ROBUST_LIST_HEAD {
        return Err(Errno::EINVAL);
    }
    task.shared.set_robust_list(head.0);
    Ok(0)
}

/// get_robust_list(2), of a task of this process.
pub fn get_robust_list(task: &mut Task, pid: Pid, head: Addr, len: Addr) -> Result<u64, Errno> {
    let of = match pid.0 {
        0 => task.shared.clone(),
        tid => match task.process.tasks.get(tid) {
            Some(shared) => shared,
            // The list of another process is out of reach.
            None => {
                host::call_at_once(libc::SYS_kill, [tid as u64, 0, 0, 0, 0, 0]).map_err(|_| Errno::ESRCH)?;
                return Err(Errno::EPERM);
            }
        },
    };
    task.process.memory.put(len.0, &ROBUST_LIST_HEAD)?;
    task.process.memory.put(head.0, &of.robust_list().0)?;
    Ok(0)
}
