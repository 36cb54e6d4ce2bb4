//! The process itself: its end, limits and properties.

use std::sync::atomic::{AtomicBool, Ordering};

use super::args::{Addr, Arg, Call, Flags, In, Int, Out, Pid, Word};
use super::host;
use super::layout::Rlimit;
use super::names::Resource;
use crate::errno::Errno;
use crate::process::exit;
use crate::process::limits::{self, Limits};
use crate::process::view;
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

/// setpgid(2). A child that has executed a program is let alone: what the host's kernel does not know of it we do.
pub fn setpgid(task: &mut Task, pid: Pid, group: Pid) -> Result<u64, Errno> {
    let is_other = pid.0 > 0 && pid.0 != task.process.pid();
    if is_other && group.0 >= 0 && view::has_executed(pid.0) && is_child_of_session(pid.0) {
        return Err(Errno::EACCES);
    }
    host::call(libc::SYS_setpgid, [pid.0 as u64, group.0 as u64, 0, 0, 0, 0])
}

/// Whether there is a child with this pid in the same session: for another there are other errors.
fn is_child_of_session(pid: i32) -> bool {
    let options = (libc::WEXITED | libc::WNOHANG | libc::WNOWAIT) as u64;
    let session = |pid: i32| host::call_at_once(libc::SYS_getsid, [pid as u64, 0, 0, 0, 0, 0]);
    host::call_at_once(libc::SYS_waitid, [libc::P_PID as u64, pid as u64, 0, options, 0, 0]).is_ok()
        && session(pid) == session(0)
}

/// getrlimit(2).
pub fn getrlimit(task: &mut Task, resource: Flags<Resource>, limit: Out<Rlimit>) -> Result<u64, Errno> {
    let done = prlimit64(task, Pid(0), resource, In::from_raw(0), limit)?;
    if limit.is_null() { Err(Errno::EFAULT) } else { Ok(done) }
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
        // In memory that is its parent's a child's limit holds from its own program on.
        if !process.borrows_memory() {
            limits::apply(&process.memory, resource.0 as u32, new);
        }
    }
    if !old.is_null() {
        old.put(&process.memory, &before)?;
    }
    Ok(0)
}

/// ptrace(2): the host's would show the emulator. Nobody may, and the log says once what serves instead.
pub fn ptrace(_: &mut Task, _request: Int, _pid: Pid, _address: Addr, _data: Word) -> Result<u64, Errno> {
    static SAID: AtomicBool = AtomicBool::new(false);
    if !SAID.swap(true, Ordering::Relaxed) {
        log::warn!("ptrace is refused: debug the guest with tine -g");
    }
    Err(Errno::EPERM)
}
