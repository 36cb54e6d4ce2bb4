//! seccomp(2), also in its older form as prctl(2): the calls that set what [`crate::seccomp`] does.

use super::args::{Addr, Flags};
use super::layout::{CapData, CapHeader, FilterProgram};
use super::names::{SeccompFlags, SeccompOperation};
use super::{host, notify};
use crate::addr::GuestAddr;
use crate::errno::Errno;
use crate::seccomp::bpf::{Data, Instruction, LONGEST, Program};
use crate::seccomp::{Seccomp, Verdict};
use crate::signal::host::kick;
use crate::task::Task;

const SET_MODE_STRICT: u64 = 0;
const SET_MODE_FILTER: u64 = 1;
const GET_ACTION_AVAIL: u64 = 2;

const FLAG_TSYNC: u64 = 1;
const FLAG_LOG: u64 = 2;
const FLAG_SPEC_ALLOW: u64 = 4;
const FLAG_NEW_LISTENER: u64 = 8;
const FLAG_TSYNC_ESRCH: u64 = 16;
const FLAG_WAIT_KILLABLE: u64 = 32;
const GET_NOTIF_SIZES: u64 = 3;

/// seccomp(2).
pub fn seccomp(
    task: &mut Task,
    operation: Flags<SeccompOperation>,
    flags: Flags<SeccompFlags>,
    args: Addr,
) -> Result<u64, Errno> {
    match operation.0 {
        SET_MODE_STRICT if flags.0 == 0 && args.0.0 == 0 => set_strict(task),
        SET_MODE_FILTER => set_filter(task, flags.0, args.0),
        GET_ACTION_AVAIL if flags.0 == 0 => {
            let action: u32 = task.process.memory.get(args.0)?;
            if Verdict::is_available(action) { Ok(0) } else { Err(Errno::EOPNOTSUPP) }
        }
        GET_NOTIF_SIZES if flags.0 == 0 => {
            let sizes = [notify::NOTIFICATION, notify::RESPONSE, size_of::<Data>()].map(|size| size as u16);
            task.process.memory.put(args.0, &sizes)?;
            Ok(0)
        }
        _ => Err(Errno::EINVAL),
    }
}

/// `PR_SET_SECCOMP`.
pub(super) fn set_mode(task: &mut Task, mode: u64, args: GuestAddr) -> Result<u64, Errno> {
    const STRICT: u64 = 1;
    const FILTER: u64 = 2;
    match mode {
        STRICT => set_strict(task),
        FILTER => set_filter(task, 0, args),
        _ => Err(Errno::EINVAL),
    }
}

fn set_strict(task: &mut Task) -> Result<u64, Errno> {
    if matches!(task.seccomp, Some(Seccomp::Filters(_))) {
        return Err(Errno::EINVAL);
    }
    task.filter(Seccomp::Strict);
    Ok(0)
}

fn set_filter(task: &mut Task, flags: u64, args: GuestAddr) -> Result<u64, Errno> {
    const KNOWN: u64 =
        FLAG_TSYNC | FLAG_LOG | FLAG_SPEC_ALLOW | FLAG_NEW_LISTENER | FLAG_TSYNC_ESRCH | FLAG_WAIT_KILLABLE;
    let has = |wanted: u64| flags & wanted == wanted;
    // A descriptor and a tid would both be the result.
    let two_results = has(FLAG_TSYNC | FLAG_NEW_LISTENER) && !has(FLAG_TSYNC_ESRCH);
    if flags & !KNOWN != 0 || two_results || has(FLAG_WAIT_KILLABLE) && !has(FLAG_NEW_LISTENER) {
        return Err(Errno::EINVAL);
    }
    let memory = &task.process.memory;
    let FilterProgram { len, filter, .. } = memory.get(args)?;
    let len = usize::from(len);
    if !(1..=LONGEST).contains(&len) {
        return Err(Errno::EINVAL);
    }
    if !may_filter() {
        return Err(Errno::EACCES);
    }
    let mut instructions = vec![Instruction { code: 0, jump_true: 0, jump_false: 0, constant: 0 }; len];
    memory.read(GuestAddr(filter), bytemuck::cast_slice_mut(&mut instructions))?;
    let program = Program::new(instructions).ok_or(Errno::EINVAL)?;
    let filters = Seccomp::with_filter(task.seccomp.as_ref(), program, flags & FLAG_LOG != 0)?;
    let listener = match has(FLAG_NEW_LISTENER) {
        true => {
            // The host's kernel has a filter then.
            task.process.require_host_exec();
            notify::listen(flags & (FLAG_NEW_LISTENER | FLAG_WAIT_KILLABLE | FLAG_TSYNC | FLAG_TSYNC_ESRCH))?
        }
        false => 0,
    };
    if has(FLAG_TSYNC) {
        set_for_others(task, &filters);
    }
    task.filter(filters);
    Ok(listener)
}

/// Makes these the filters of all other tasks of the process, each as soon as it looks up.
fn set_for_others(task: &Task, filters: &Seccomp) {
    let process = &task.process;
    for tid in process.tasks.tids().into_iter().filter(|&tid| tid != task.tid) {
        if let Some(other) = process.tasks.get(tid) {
            other.leave_filters(filters.clone());
            // One that is gone needs none.
            let _ = kick(process.pid(), tid);
        }
    }
}

/// Who may set filters: a task that cannot gain privileges any more, or one that has CAP_SYS_ADMIN.
fn may_filter() -> bool {
    const CAP_SYS_ADMIN: u32 = 21;
    const VERSION_3: u32 = 0x2008_0522;
    let bound = host::call_at_once(libc::SYS_prctl, [libc::PR_GET_NO_NEW_PRIVS as u64, 0, 0, 0, 0, 0]);
    if bound == Ok(1) {
        return true;
    }
    let mut header = CapHeader { version: VERSION_3, pid: 0 };
    let mut sets = CapData { words: [0; 6] };
    let args = [std::ptr::from_mut(&mut header) as u64, std::ptr::from_mut(&mut sets) as u64, 0, 0, 0, 0];
    host::call_at_once(libc::SYS_capget, args).is_ok() && sets.words[0] >> CAP_SYS_ADMIN & 1 != 0
}
