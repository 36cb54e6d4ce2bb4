//! prctl(2): options that are known to be the thread's or the process's own. What an option's arguments are is listed, so that no number is
//! ever used as a host address. An option that is not listed is one that this kernel does not have: EINVAL.

use std::ffi::CString;

use super::args::{Flags, Word, host_pointer};
use super::names::PrctlOption;
use super::{host, seccomp, user_dispatch};
use crate::addr::GuestAddr;
use crate::errno::Errno;
use crate::memory::Memory;
use crate::seccomp::Seccomp;
use crate::task::Task;

const PR_SET_IO_FLUSHER: i32 = 57;
const PR_GET_IO_FLUSHER: i32 = 58;
const PR_SET_MEMORY_MERGE: i32 = 67;
const PR_GET_MEMORY_MERGE: i32 = 68;
const PR_TIMER_CREATE_RESTORE_IDS: i32 = 77;
const PR_FUTEX_HASH: i32 = 78;
const PR_RISCV_SET_ICACHE_FLUSH_CTX: i32 = 71;
const PR_SET_SYSCALL_USER_DISPATCH: i32 = 59;
const PR_SET_VMA: i32 = 0x5356_4d41;

/// prctl(2).
pub fn prctl(
    task: &mut Task,
    option: Flags<PrctlOption>,
    arg2: Word,
    arg3: Word,
    arg4: Word,
    arg5: Word,
) -> Result<u64, Errno> {
    let memory = &task.process.memory;
    let mut args = [arg2.0, arg3.0, arg4.0, arg5.0];
    // Which argument is a pointer, and to how much.
    let pointer = match option.0 as i32 {
        libc::PR_GET_PDEATHSIG | libc::PR_GET_CHILD_SUBREAPER => Some((0, 4)),
        libc::PR_SET_NAME | libc::PR_GET_NAME => Some((0, 16)),
        libc::PR_SCHED_CORE => Some((3, 8)),
        libc::PR_SET_PDEATHSIG
        | libc::PR_GET_DUMPABLE
        | libc::PR_SET_DUMPABLE
        | libc::PR_GET_KEEPCAPS
        | libc::PR_SET_KEEPCAPS
        | libc::PR_GET_TIMING
        | libc::PR_SET_TIMING
        | libc::PR_CAPBSET_READ
        | libc::PR_CAPBSET_DROP
        | libc::PR_GET_SECUREBITS
        | libc::PR_SET_SECUREBITS
        | libc::PR_SET_TIMERSLACK
        | libc::PR_GET_TIMERSLACK
        | libc::PR_TASK_PERF_EVENTS_DISABLE
        | libc::PR_TASK_PERF_EVENTS_ENABLE
        | libc::PR_MCE_KILL
        | libc::PR_MCE_KILL_GET
        | libc::PR_SET_CHILD_SUBREAPER
        | libc::PR_SET_NO_NEW_PRIVS
        | libc::PR_GET_NO_NEW_PRIVS
        | libc::PR_SET_THP_DISABLE
        | libc::PR_GET_THP_DISABLE
        | libc::PR_CAP_AMBIENT
        | PR_SET_IO_FLUSHER
        | PR_GET_IO_FLUSHER
        | PR_SET_MEMORY_MERGE
        | PR_GET_MEMORY_MERGE
        | PR_TIMER_CREATE_RESTORE_IDS
        | PR_FUTEX_HASH
        | libc::PR_SET_PTRACER => None,
        libc::PR_GET_TID_ADDRESS => {
            memory.put(GuestAddr(arg2.0), &task.clear_child_tid.0)?;
            return Ok(0);
        }
        libc::PR_GET_SECCOMP => return Ok(Seccomp::mode(task.seccomp.as_ref())),
        libc::PR_SET_SECCOMP => return seccomp::set_mode(task, arg2.0, GuestAddr(arg3.0)),
        libc::PR_SET_MDWE => {
            if arg3.0 | arg4.0 | arg5.0 != 0 {
                return Err(Errno::EINVAL);
            }
            let bits = u8::try_from(arg2.0).map_err(|_| Errno::EINVAL)?;
            return memory.set_denied(bits).map(|()| 0);
        }
        libc::PR_GET_MDWE if arg2.0 | arg3.0 | arg4.0 | arg5.0 != 0 => return Err(Errno::EINVAL),
        libc::PR_GET_MDWE => return Ok(memory.denied().into()),
        PR_SET_SYSCALL_USER_DISPATCH => return user_dispatch::set(task, args),
        PR_SET_VMA => return name_memory(memory, args),
        PR_RISCV_SET_ICACHE_FLUSH_CTX => return icache_flushes(arg2.0, arg3.0),
        // What it sets are fields of the host's address space, where the guest's are not.
        libc::PR_SET_MM => return Err(Errno::EPERM),
        _ => return Err(Errno::EINVAL),
    };
    if let Some((index, len)) = pointer {
        args[index] = host_pointer(memory, GuestAddr(args[index]), len);
    }
    if !is_kept_by_exec(option.0 as i32) {
        task.process.require_host_exec();
    }
    host::call(libc::SYS_prctl, [option.0, args[0], args[1], args[2], args[3], 0])
}

/// Whether an option sets nothing, or what exec leaves as it is. The others are about the host's memory or about credentials.
fn is_kept_by_exec(option: i32) -> bool {
    matches!(
        option,
        libc::PR_GET_PDEATHSIG
            | libc::PR_SET_PDEATHSIG
            | libc::PR_GET_CHILD_SUBREAPER
            | libc::PR_SET_CHILD_SUBREAPER
            | libc::PR_SET_NAME
            | libc::PR_GET_NAME
            | libc::PR_GET_DUMPABLE
            | libc::PR_GET_KEEPCAPS
            | libc::PR_GET_TIMING
            | libc::PR_CAPBSET_READ
            | libc::PR_GET_SECUREBITS
            | libc::PR_SET_TIMERSLACK
            | libc::PR_GET_TIMERSLACK
            | libc::PR_SET_NO_NEW_PRIVS
            | libc::PR_GET_NO_NEW_PRIVS
            | libc::PR_GET_THP_DISABLE
            | libc::PR_MCE_KILL_GET
            | PR_GET_IO_FLUSHER
            | PR_GET_MEMORY_MERGE
            | libc::PR_SET_PTRACER
    )
}

/// `PR_SET_VMA`: anonymous memory gets a name in /proc/PID/maps. The host keeps it.
fn name_memory(memory: &Memory, [option, start, len, name]: [u64; 4]) -> Result<u64, Errno> {
    const ANON_NAME: u64 = 0;
    /// With its NUL.
    const LONGEST: usize = 80;
    if option != ANON_NAME {
        return Err(Errno::EINVAL);
    }
    let name = match name {
        0 => None,
        name => {
            let name = memory.read_cstr(GuestAddr(name), LONGEST).map_err(|errno| match errno {
                Errno::ENAMETOOLONG => Errno::EINVAL,
                errno => errno,
            })?;
            let is_allowed = |&byte: &u8| matches!(byte, b' '..=b'~') && !b"\\`$[]".contains(&byte);
            if !name.iter().all(is_allowed) {
                return Err(Errno::EINVAL);
            }
            Some(CString::new(name).map_err(|_| Errno::EINVAL)?)
        }
    };
    memory.name(GuestAddr(start), len, name.as_deref()).map(|()| 0)
}

/// `PR_RISCV_SET_ICACHE_FLUSH_CTX`: whether the guest executes `fence.i` itself. It may at any time, and it holds wherever it goes on.
fn icache_flushes(context: u64, scope: u64) -> Result<u64, Errno> {
    const ON_AND_OFF: std::ops::RangeInclusive<u64> = 0..=1;
    const PROCESS_AND_THREAD: std::ops::RangeInclusive<u64> = 0..=1;
    if ON_AND_OFF.contains(&context) && PROCESS_AND_THREAD.contains(&scope) {
        Ok(0)
    } else {
        Err(Errno::EINVAL)
    }
}
