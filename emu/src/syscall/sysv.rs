//! System V message queues, semaphores and shared memory: sysvipc(7). Identifiers and structures are the host's, but for
//! `semid64_ds`; segments are attached inside the window.

use bytemuck::{Pod, Zeroable};

use super::args::{Addr, Arg, Call, Flags, In, InArray, Int, Offset, Size, Uint, Word, host_pointer};
use super::host;
use super::layout::{IpcPermissions, SemBuf, SemaphoreSet, Timespec};
use super::names::{MsgFlags, SemCommand, ShmatFlags};
use super::time::remaining_time;
use crate::addr::GuestAddr;
use crate::errno::Errno;
use crate::memory::Memory;
use crate::task::Task;

/// The type in front of a message.
const MESSAGE_TYPE: u64 = 8;

/// The host's pointer to a message of `size` bytes with its type. A size that the kernel refuses by itself is left to it.
fn message_pointer(memory: &Memory, message: Addr, size: u64) -> u64 {
    const LONGEST: u64 = i32::MAX as u64;
    let len = if size > LONGEST { MESSAGE_TYPE } else { MESSAGE_TYPE + size };
    host_pointer(memory, message.0, len)
}

/// msgsnd(2).
pub fn msgsnd(
    task: &mut Task,
    queue: Int,
    message: Addr,
    size: Size,
    flags: Flags<MsgFlags>,
) -> Result<u64, Errno> {
    let message = message_pointer(&task.process.memory, message, size.0);
    host::call(libc::SYS_msgsnd, [queue.0 as u64, message, size.0, flags.0, 0, 0])
}

/// msgrcv(2). Room beyond the window is room that the message must not use.
pub fn msgrcv(
    task: &mut Task,
    queue: Int,
    message: Addr,
    size: Size,
    kind: Offset,
    flags: Flags<MsgFlags>,
) -> Result<u64, Errno> {
    let memory = &task.process.memory;
    let negative = (size.0 as i64) < 0;
    let room = memory.size().saturating_sub(message.0.0).saturating_sub(MESSAGE_TYPE);
    let size = if negative { size.0 } else { size.0.min(room) };
    let message = message_pointer(memory, message, if negative { 0 } else { size });
    host::call(libc::SYS_msgrcv, [queue.0 as u64, message, size, kind.0 as u64, flags.0, 0])
}

/// semtimedop(2).
pub fn semtimedop(
    task: &mut Task,
    set: Int,
    operations: InArray<SemBuf, 2>,
    count: Uint,
    timeout: In<Timespec>,
) -> Result<u64, Errno> {
    let wanted = timeout.get_optional(&task.process.memory)?;
    let left = wanted.map(|wanted| remaining_time(task, wanted));
    let timeout = left.as_ref().map_or(0, |left| std::ptr::from_ref(left) as u64);
    let raw = [0, 0, u64::from(count.0), 0, 0, 0];
    let operations = operations.host(&Call { memory: &task.process.memory, raw: &raw, result: None });
    host::call(libc::SYS_semtimedop, [set.0 as u64, operations, u64::from(count.0), timeout, 0, 0])
}

/// `struct semid64_ds` of x86-64, which keeps room behind each time.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct HostSemaphoreSet {
    permissions: IpcPermissions,
    operated: i64,
    unused1: u64,
    changed: i64,
    unused2: u64,
    count: u64,
    unused: [u64; 2],
}

impl HostSemaphoreSet {
    fn guest(&self) -> SemaphoreSet {
        let HostSemaphoreSet { permissions, operated, changed, count, unused, .. } = *self;
        SemaphoreSet { permissions, operated, changed, count, unused }
    }
}

/// Asks for a set by one of the commands that describe it.
fn describe(set: Int, command: i32) -> Result<(u64, HostSemaphoreSet), Errno> {
    let mut description = HostSemaphoreSet::zeroed();
    let address = std::ptr::from_mut(&mut description) as u64;
    let result = host::call(libc::SYS_semctl, [set.0 as u64, 0, command as u64, address, 0, 0])?;
    Ok((result, description))
}

/// semctl(2).
pub fn semctl(
    task: &mut Task,
    set: Int,
    number: Int,
    command: Flags<SemCommand>,
    arg: Word,
) -> Result<u64, Errno> {
    const SEM_STAT_ANY: i32 = 20;
    const SEMINFO: u64 = 40;
    let memory = &task.process.memory;
    let address = GuestAddr(arg.0);
    let arg = match command.0 as i32 {
        libc::IPC_STAT | libc::SEM_STAT | SEM_STAT_ANY => {
            let (result, description) = describe(set, command.0 as i32)?;
            memory.put(address, &description.guest())?;
            return Ok(result);
        }
        // Of what is set all is in the permissions.
        libc::IPC_SET => {
            let SemaphoreSet { permissions, .. } = memory.get(address)?;
            let wanted = HostSemaphoreSet { permissions, ..HostSemaphoreSet::zeroed() };
            let address = std::ptr::from_ref(&wanted) as u64;
            return host::call(libc::SYS_semctl, [set.0 as u64, 0, command.0, address, 0, 0]);
        }
        libc::IPC_INFO | libc::SEM_INFO => host_pointer(memory, address, SEMINFO),
        libc::GETALL | libc::SETALL => {
            // So many values as the set has; a caller who may write but not read it cannot set all.
            let (_, description) = describe(set, libc::IPC_STAT)?;
            host_pointer(memory, address, description.count * 2)
        }
        _ => arg.0,
    };
    host::call(libc::SYS_semctl, [set.0 as u64, number.0 as u64, command.0, arg, 0, 0])
}

/// shmat(2).
pub fn shmat(task: &mut Task, id: Int, address: Addr, flags: Flags<ShmatFlags>) -> Result<u64, Errno> {
    task.process.memory.attach_shared(id.0, address.0, flags.0).map(|address| address.0)
}

/// shmdt(2).
pub fn shmdt(task: &mut Task, address: Addr) -> Result<u64, Errno> {
    task.process.memory.detach_shared(address.0).map(|()| 0)
}
