//! The process itself: its end, limits and properties.

use super::args::{Addr, Arg, Call, Flags, In, Int, Out, Pid, Word, host_pointer};
use super::host;
use super::layout::Rlimit;
use super::names::{PrctlOption, Resource};
use crate::addr::GuestAddr;
use crate::errno::Errno;
use crate::process::exit;
use crate::process::limits::{self, Limits};
use crate::task::Task;

/// exit(2).
pub fn exit(task: &mut Task, status: Int) -> Result<u64, Errno> {
    exit::exit(task, status.0)
}

/// exit_group(2).
pub fn exit_group(task: &mut Task, status: Int) -> Result<u64, Errno> {
    exit::exit_group(task, status.0)
}

/// set_tid_address(2).
pub fn set_tid_address(task: &mut Task, address: Addr) -> Result<u64, Errno> {
    task.clear_child_tid = address.0;
    Ok(task.tid as u64)
}

/// getrlimit(2).
pub fn getrlimit(task: &mut Task, resource: Flags<Resource>, limit: Out<Rlimit>) -> Result<u64, Errno> {
    prlimit64(task, Pid(0), resource, In::from_raw(0), limit)
}

/// setrlimit(2).
pub fn setrlimit(task: &mut Task, resource: Flags<Resource>, limit: In<Rlimit>) -> Result<u64, Errno> {
    if limit.is_null() {
        return Err(Errno::EFAULT);
    }
    prlimit64(task, Pid(0), resource, limit, Out::from_raw(0))
}

/// prlimit64(2). The guest's own limits of address space, data and stack are kept, not applied to the emulator.
pub fn prlimit64(
    task: &mut Task,
    pid: Pid,
    resource: Flags<Resource>,
    new: In<Rlimit>,
    old: Out<Rlimit>,
) -> Result<u64, Errno> {
    let process = &task.process;
    let call = Call { memory: &process.memory, raw: &[0; 6], result: None };
    let own = pid.0 == 0 || pid.0 == process.pid();
    if !own || !Limits::has(resource.0 as u32) {
        let args = [pid.0 as u64, resource.0, new.host(&call), old.host(&call), 0, 0];
        return host::call(libc::SYS_prlimit64, args);
    }
    let new = new.get_optional(&process.memory)?;
    let before = process.limits.get(resource.0 as u32)?;
    if let Some(new) = new {
        if new.current > new.maximum {
            return Err(Errno::EINVAL);
        }
        if new.maximum > before.maximum && !nix::unistd::geteuid().is_root() {
            return Err(Errno::EPERM);
        }
        process.limits.set(resource.0 as u32, new);
        limits::apply(&process.memory, resource.0 as u32, new);
    }
    if !old.is_null() {
        old.put(&process.memory, &before)?;
    }
    Ok(0)
}

/// prctl(2): options that are known to be the thread's or the process's own and need no address of the host's.
pub fn prctl(
    task: &mut Task,
    option: Flags<PrctlOption>,
    arg2: Word,
    arg3: Word,
    arg4: Word,
    arg5: Word,
) -> Result<u64, Errno> {
    let memory = &task.process.memory;
    let pointed_to = match option.0 as i32 {
        libc::PR_GET_PDEATHSIG | libc::PR_GET_CHILD_SUBREAPER => 4,
        libc::PR_GET_TID_ADDRESS => {
            memory.put(GuestAddr(arg2.0), &task.clear_child_tid.0)?;
            return Ok(0);
        }
        libc::PR_SET_NAME | libc::PR_GET_NAME => 16,
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
        | libc::PR_MCE_KILL
        | libc::PR_MCE_KILL_GET
        | libc::PR_SET_CHILD_SUBREAPER
        | libc::PR_SET_NO_NEW_PRIVS
        | libc::PR_GET_NO_NEW_PRIVS
        | libc::PR_SET_THP_DISABLE
        | libc::PR_GET_THP_DISABLE
        | libc::PR_CAP_AMBIENT
        | libc::PR_SET_PTRACER => 0,
        // No filter is set: a guest's would be evaluated on the emulator's calls.
        libc::PR_GET_SECCOMP => return Ok(0),
        _ => return Err(Errno::EINVAL),
    };
    let arg2 = if pointed_to == 0 { arg2.0 } else { host_pointer(memory, GuestAddr(arg2.0), pointed_to) };
    host::call(libc::SYS_prctl, [option.0, arg2, arg3.0, arg4.0, arg5.0, 0])
}
