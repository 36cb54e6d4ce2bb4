//! `SECCOMP_RET_USER_NOTIF` (seccomp_unotify(2)): another process answers a call.
//!
//! The host's kernel carries the notification: a filter of ours on the host asks the listener about numbers that no call has, and lets everything else
//! happen. A call whose guest filter says so is made with such a number, which holds the guest's. So who listens, waits, polls, dies or passes
//! descriptors on finds what the kernel does; only numbers are exchanged where the listener reads and answers.

use super::{descriptors, host};
use crate::addr::GuestAddr;
use crate::errno::Errno;
use crate::memory::Memory;
use crate::seccomp::bpf::Instruction;
use crate::seccomp::{ARCH, Verdict};
use crate::syscall::layout::FilterProgram;
use crate::task::Task;

/// Bytes of `struct seccomp_notif` and `struct seccomp_notif_resp`.
pub const NOTIFICATION: usize = 80;
pub const RESPONSE: usize = 24;
/// Bytes of the first `struct seccomp_notif_addfd`. The request for it says its length.
const ADDITION: usize = 24;

/// The numbers of the host's that stand for the guest's.
const MARK: u64 = 0x2e00_0000;
const MARKED: u64 = 0xff00_0000;

/// What the host answers when the listener lets the call happen: the host's own way would let the number happen. No error has it.
const CONTINUE: u64 = 4001;

/// Makes the calling thread's notifications go to a new descriptor.
pub(super) fn listen(flags: u64) -> Result<u64, Errno> {
    const SET_MODE_FILTER: u64 = 1;
    const LOAD: u16 = 0x20;
    const AND: u16 = 0x54;
    const JUMP_IF_EQUAL: u16 = 0x15;
    const RETURN: u16 = 0x06;
    let step = |code, jump_false, constant| Instruction { code, jump_true: 0, jump_false, constant };
    let program = [
        step(LOAD, 0, 0),
        step(AND, 0, MARKED as u32),
        step(JUMP_IF_EQUAL, 1, MARK as u32),
        step(RETURN, 0, Verdict::UserNotif as u32),
        step(RETURN, 0, Verdict::Allow as u32),
    ];
    let program = FilterProgram {
        len: program.len() as u16,
        filter: program.as_ptr() as u64,
        ..bytemuck::Zeroable::zeroed()
    };
    let args = [SET_MODE_FILTER, flags, std::ptr::from_ref(&program) as u64, 0, 0, 0];
    host::call_at_once(libc::SYS_seccomp, args)
}

/// Asks the listener about a call. `None`: let it happen; otherwise this is its result, ENOSYS where nobody listens.
pub(crate) fn ask(task: &Task, number: u64, args: &[u64; 6]) -> Option<Result<u64, Errno>> {
    match host::call((MARK | number & !MARKED) as i64, *args) {
        Err(Errno(CONTINUE)) => None,
        // The listener's word for it is an error like any other.
        Err(Errno::ERESTARTSYS) if !task.wants_attention() => Some(Ok(Errno::ERESTARTSYS.to_result())),
        answer => Some(answer),
    }
}

/// `SECCOMP_IOCTL_NOTIF_RECV`.
pub(super) fn receive(memory: &Memory, [fd, request]: [u64; 2], at: GuestAddr) -> Result<u64, Errno> {
    const NUMBER: usize = 16;
    const ARCHITECTURE: usize = 20;
    const PC: usize = 24;
    let mut bytes = [0; NOTIFICATION];
    memory.read(at, &mut bytes)?;
    let received = host::call(libc::SYS_ioctl, [fd, request, bytes.as_mut_ptr() as u64, 0, 0, 0])?;
    // The topmost byte is the mark. Where the call was made only the host's registers say.
    bytes[NUMBER + 3] = 0;
    bytes[ARCHITECTURE..PC].copy_from_slice(&ARCH.to_le_bytes());
    bytes[PC..PC + 8].fill(0);
    memory.write(at, &bytes)?;
    Ok(received)
}

/// `SECCOMP_IOCTL_NOTIF_SEND`.
pub(super) fn send(memory: &Memory, [fd, request]: [u64; 2], at: GuestAddr) -> Result<u64, Errno> {
    const FLAG_CONTINUE: u64 = 1;
    let [id, value, rest]: [u64; 3] = memory.get(at)?;
    // Error and flags. With a value or an error the kernel refuses to go on.
    let rest = match (value, rest) {
        (0, r) if r == FLAG_CONTINUE << 32 => u64::from((CONTINUE as u32).wrapping_neg()),
        (_, rest) => rest,
    };
    let response = [id, value, rest];
    host::call(libc::SYS_ioctl, [fd, request, response.as_ptr() as u64, 0, 0, 0])
}

/// `SECCOMP_IOCTL_NOTIF_ADDFD` of any length: neither gives a descriptor of ours away nor puts one where ours may be.
pub(super) fn add(memory: &Memory, [fd, request]: [u64; 2], at: GuestAddr) -> Result<u64, Errno> {
    const FLAG_SETFD: u32 = 1;
    const PAGE: usize = 4096;
    let mut bytes = [0; PAGE];
    let len = (request >> 16 & 0x3fff) as usize;
    if !(ADDITION..PAGE).contains(&len) {
        return Err(Errno::EINVAL);
    }
    memory.read(at, &mut bytes[..len])?;
    let word = |place: usize| bytemuck::pod_read_unaligned::<u32>(&bytes[place..place + 4]);
    let (flags, source, target) = (word(8), word(12) as i32, word(16) as i32);
    let replaces = flags & FLAG_SETFD != 0 && descriptors::may_be_reserved(target);
    if descriptors::is_reserved(source) || replaces {
        return Err(Errno::EBADF);
    }
    host::call(libc::SYS_ioctl, [fd, request, bytes.as_ptr() as u64, 0, 0, 0])
}
