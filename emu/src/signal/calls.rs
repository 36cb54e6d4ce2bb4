//! The system calls about signals.

use super::action::Action;
use super::altstack::StackT;
use super::info::{SI_USER, SigInfo};
use super::number::SIGSTOP;
use super::{OPEN, SYNCHRONOUS, SigSet, UNBLOCKABLE, deliver, frame, host, number};
use crate::addr::GuestAddr;
use crate::debug;
use crate::errno::Errno;
use crate::syscall::host::call;
use crate::task::Task;

type Answer = Result<u64, Errno>;

/// `rt_sigaction(signal, new, old, size)`.
pub fn rt_sigaction(task: &mut Task, signal: i32, new: GuestAddr, old: GuestAddr, size: u64) -> Answer {
    check_size(size)?;
    let memory = &task.process.memory;
    let new = match new {
        GuestAddr(0) => None,
        addr => Some(memory.get::<Action>(addr)?),
    };
    if !number::exists(signal) {
        return Err(Errno::EINVAL);
    }
    let before = match new {
        Some(action) => task.process.actions.replace(signal, action)?,
        None => task.process.actions.get(signal),
    };
    if old != GuestAddr(0) {
        memory.put(old, &before)?;
    }
    Ok(0)
}

/// `rt_sigprocmask(how, new, old, size)`.
pub fn rt_sigprocmask(task: &mut Task, how: i32, new: GuestAddr, old: GuestAddr, size: u64) -> Answer {
    check_size(size)?;
    let before = task.signals.blocked;
    if new != GuestAddr(0) {
        let set: SigSet = task.process.memory.get(new)?;
        let set = set.without(UNBLOCKABLE);
        let after = match how {
            libc::SIG_BLOCK => before.union(set),
            libc::SIG_UNBLOCK => before.without(set),
            libc::SIG_SETMASK => set,
            _ => return Err(Errno::EINVAL),
        };
        block(task, after)?;
    }
    if old != GuestAddr(0) {
        task.process.memory.put(old, &before)?;
    }
    Ok(0)
}

/// `rt_sigpending(set, size)`.
pub fn rt_sigpending(task: &mut Task, to: GuestAddr, size: u64) -> Answer {
    if size > 8 {
        return Err(Errno::EINVAL);
    }
    let mut set = SigSet::EMPTY;
    call(libc::SYS_rt_sigpending, [&raw mut set as u64, 8, 0, 0, 0, 0])?;
    let set = set.union(host::held()).intersection(task.signals.blocked);
    task.process.memory.write(to, &bytemuck::bytes_of(&set)[..size as usize])?;
    Ok(0)
}

/// `rt_sigsuspend(mask, size)`.
pub fn rt_sigsuspend(task: &mut Task, mask: GuestAddr, size: u64) -> Answer {
    check_size(size)?;
    let mask: SigSet = task.process.memory.get(mask)?;
    let mask = task.mask_during_call(mask)?;
    call(libc::SYS_rt_sigsuspend, [&raw const mask as u64, 8, 0, 0, 0, 0])
}

/// `rt_sigtimedwait(set, info, timeout, size)`.
pub fn rt_sigtimedwait(
    task: &mut Task,
    set: GuestAddr,
    info_to: GuestAddr,
    timeout: GuestAddr,
    size: u64,
) -> Answer {
    check_size(size)?;
    let memory = &task.process.memory;
    let set: SigSet = memory.get(set)?;
    let set = set.without(UNBLOCKABLE);
    let timeout: Option<[i64; 2]> = match timeout {
        GuestAddr(0) => None,
        addr => Some(memory.get(addr)?),
    };
    if timeout.is_some_and(|[seconds, nanos]| seconds < 0 || !(0..1_000_000_000).contains(&nanos)) {
        return Err(Errno::EINVAL);
    }
    let info = match take_held(set) {
        Some(info) => info,
        None => wait_on_host(set, timeout.as_ref()).or_else(|errno| host::take_held(set).ok_or(errno))?,
    };
    if info_to != GuestAddr(0) {
        memory.put(info_to, &info)?;
    }
    Ok(info.signal as u64)
}

/// Takes one of the signals that the host does not keep, unless one that it does keep comes before it.
fn take_held(set: SigSet) -> Option<SigInfo> {
    let first = host::held().intersection(set).iter().next()?;
    let earlier = set.intersection(SYNCHRONOUS).intersection(SigSet::below(first));
    wait_on_host(earlier, Some(&[0, 0])).ok().or_else(|| host::take_held(set))
}

fn wait_on_host(set: SigSet, timeout: Option<&[i64; 2]>) -> Result<SigInfo, Errno> {
    let mut info = SigInfo::new(0, 0);
    let set = set.without(OPEN);
    let timeout = timeout.map_or(0, |timeout| timeout.as_ptr() as u64);
    call(libc::SYS_rt_sigtimedwait, [&raw const set as u64, &raw mut info as u64, timeout, 8, 0, 0])?;
    Ok(info)
}

/// `sigaltstack(new, old)`.
pub fn sigaltstack(task: &mut Task, new: GuestAddr, old: GuestAddr) -> Answer {
    let memory = &task.process.memory;
    let sp = task.hart.x(2);
    let before = task.signals.altstack.report(sp);
    if new != GuestAddr(0) {
        let stack: StackT = memory.get(new)?;
        task.signals.altstack.replace(&stack, sp)?;
    }
    if old != GuestAddr(0) {
        memory.put(old, &before)?;
    }
    Ok(0)
}

/// `rt_sigreturn()`: restores what the frame says. A frame that cannot be read is a SIGSEGV.
pub fn rt_sigreturn(task: &mut Task) -> Answer {
    let restored = frame::read(task).and_then(|frame| {
        // First the mask: if something has to be delivered before, this call is made again.
        match block(task, frame.mask.without(UNBLOCKABLE)) {
            Err(Errno::ERESTARTSYS) => return Ok(false),
            done => done?,
        }
        frame::restore(task, &frame);
        // The kernel minds no error but a bad address here.
        let _ = task.signals.altstack.replace(&frame.stack, task.hart.x(2));
        Ok(true)
    });
    match restored {
        Ok(true) => {}
        Ok(false) => return Err(Errno::ERESTARTSYS),
        Err(_) => deliver::bad_frame(task, 0),
    }
    Ok(task.hart.x(10))
}

/// `kill(pid, signal)`.
pub fn kill(task: &mut Task, pid: i32, signal: i32) -> Answer {
    if pid == task.process.pid() && is_shown_instead(task, signal) {
        return stop_itself(task, SI_USER);
    }
    call(libc::SYS_kill, [pid as u64, signal as u64, 0, 0, 0, 0])
}

/// `tkill(tid, signal)`.
pub fn tkill(task: &mut Task, tid: i32, signal: i32) -> Answer {
    if tid == task.tid && is_shown_instead(task, signal) {
        return stop_itself(task, libc::SI_TKILL);
    }
    call(libc::SYS_tkill, [tid as u64, signal as u64, 0, 0, 0, 0])
}

/// `tgkill(pid, tid, signal)`.
pub fn tgkill(task: &mut Task, pid: i32, tid: i32, signal: i32) -> Answer {
    if pid == task.process.pid() && tid == task.tid && is_shown_instead(task, signal) {
        return stop_itself(task, libc::SI_TKILL);
    }
    call(libc::SYS_tgkill, [pid as u64, tid as u64, signal as u64, 0, 0, 0])
}

/// `rt_sigqueueinfo(pid, signal, info)`.
pub fn rt_sigqueueinfo(task: &mut Task, pid: i32, signal: i32, info: GuestAddr) -> Answer {
    let info = info_to_send(task, signal, info)?;
    if pid == task.process.pid() && is_held_back(&info) {
        return Ok(0);
    }
    call(libc::SYS_rt_sigqueueinfo, [pid as u64, signal as u64, &raw const info as u64, 0, 0, 0])
}

/// `rt_tgsigqueueinfo(pid, tid, signal, info)`.
pub fn rt_tgsigqueueinfo(task: &mut Task, pid: i32, tid: i32, signal: i32, info: GuestAddr) -> Answer {
    let info = info_to_send(task, signal, info)?;
    if tid == task.tid && pid == task.process.pid() && is_held_back(&info) {
        return Ok(0);
    }
    let args = [pid as u64, tid as u64, signal as u64, &raw const info as u64, 0, 0];
    call(libc::SYS_rt_tgsigqueueinfo, args)
}

/// Makes `mask` the guest's mask, on the host first; fails with [`Errno::ERESTARTSYS`] if something has to be delivered before.
pub(crate) fn block(task: &mut Task, mask: SigSet) -> Result<(), Errno> {
    if mask != task.signals.blocked {
        host::set_mask(mask)?;
        task.signals.blocked = mask;
        if !host::held().without(mask).is_empty() {
            task.call_attention();
        }
    }
    Ok(())
}

impl Task {
    /// Puts `mask` in the place of the guest's mask for the host call that follows (`ppoll` and its like), and returns what the
    /// host is to be given for it. The task loop takes it back.
    pub fn mask_during_call(&mut self, mask: SigSet) -> Result<SigSet, Errno> {
        let mask = mask.without(UNBLOCKABLE);
        self.signals.during_call = Some(mask);
        if host::held().without(mask).is_empty() {
            return Ok(mask.without(OPEN));
        }
        // A held signal is open under this mask: as if it had interrupted the call.
        self.call_attention();
        Err(Errno::EINTR)
    }
}

fn check_size(size: u64) -> Result<(), Errno> {
    if size == 8 { Ok(()) } else { Err(Errno::EINVAL) }
}

fn info_to_send(task: &Task, signal: i32, addr: GuestAddr) -> Result<SigInfo, Errno> {
    let mut info: SigInfo = task.process.memory.get(addr)?;
    info.signal = signal;
    Ok(info)
}

/// A SIGSEGV, SIGBUS or SIGTRAP that a task sends to itself under the kernel's name would look like a fault of the
/// emulator's, so it does not travel through the host.
fn is_held_back(info: &SigInfo) -> bool {
    let look_alike = OPEN.contains(info.signal) && info.code > SI_USER;
    if look_alike {
        host::hold(info);
    }
    look_alike
}

/// SIGSTOP from a process to itself while it is debugged: it would stop the debugger's agent too, and gdb would hear of nothing.
fn is_shown_instead(task: &Task, signal: i32) -> bool {
    signal == SIGSTOP && debug::is_watched(&task.process)
}

/// What gdb makes of it is done at once; the call may end in a handler.
fn stop_itself(task: &mut Task, code: i32) -> Answer {
    task.hart.set_x(10, 0);
    let mut info = SigInfo::new(SIGSTOP, code);
    // `si_pid` and `si_uid`.
    let sender = [task.process.pid() as u32, nix::unistd::getuid().as_raw()];
    info.fields[0] = u64::from(sender[0]) | u64::from(sender[1]) << 32;
    deliver::deliver(task, info);
    Ok(task.hart.x(10))
}
