//! Delivery: at a safe point of the task, what waits for it becomes a handler's frame, an end, a stop, or nothing.

use super::action::{Action, SA_NODEFER, SIG_DFL, SIG_IGN};
use super::info::{
    BUS_ADRALN, BUS_ADRERR, ILL_ILLOPC, SEGV_ACCERR, SEGV_MAPERR, SI_KERNEL, SigInfo, TRAP_BRKPT,
};
use super::number::{self, Default as D, SIGBUS, SIGILL, SIGSEGV, SIGTRAP};
use super::{SigSet, UNBLOCKABLE, frame, host};
use crate::corefile;
use crate::debug;
use crate::errno::Errno;
use crate::process::exit::Ending;
use crate::strace;
use crate::task::Task;
use crate::trap::{FaultKind, Trap};
use std::sync::atomic::Ordering;

/// Serves everything for which the task's attention was called: the debugger, then signals, until nothing is left. The host's
/// mask is the guest's again when this returns, and a system call that was interrupted for nothing will be made again.
#[cold]
pub fn attend(task: &mut Task) {
    loop {
        task.hart.attention.store(0, Ordering::Relaxed);
        corefile::stand_aside(task);
        debug::attention(task);
        if let Some(filters) = task.shared.take_filters() {
            task.filter(filters);
        }
        while task.ending.is_none()
            && let Some(info) = next(task)
        {
            deliver(task, info);
        }
        if task.ending.is_some() {
            return;
        }
        if task.signals.mask_is_stale {
            // It fails if something has come in the meantime.
            task.signals.mask_is_stale = host::set_mask(task.signals.blocked).is_err();
        }
        if task.hart.attention.load(Ordering::Relaxed) == 0 {
            break;
        }
    }
    task.signals.interrupted = None;
    task.signals.during_call = None;
}

/// Delivers a signal that the task itself has caused and that cannot wait: if it is blocked or ignored, it kills.
#[cold]
pub fn force(task: &mut Task, info: SigInfo) {
    let action = task.process.actions.get(info.signal);
    if action.handler == SIG_IGN || task.signals.blocked.contains(info.signal) {
        task.process.actions.reset(info.signal);
        task.signals.blocked = task.signals.blocked.without(SigSet::of(info.signal));
        task.signals.mask_is_stale = true;
    }
    deliver(task, info);
    if task.signals.mask_is_stale {
        task.hart.attention.store(1, Ordering::Relaxed);
    }
}

/// Forces the signal that an instruction's trap means.
#[cold]
pub fn trapped(task: &mut Task, trap: Trap) {
    let pc = task.hart.pc;
    let info = match trap {
        Trap::SystemCall => return,
        Trap::Breakpoint => SigInfo::fault(SIGTRAP, TRAP_BRKPT, pc),
        Trap::IllegalInstruction(_) => SigInfo::fault(SIGILL, ILL_ILLOPC, pc),
        Trap::Fault { addr, kind, .. } => match kind {
            FaultKind::Unmapped => SigInfo::fault(SIGSEGV, SEGV_MAPERR, addr),
            FaultKind::Protection => SigInfo::fault(SIGSEGV, SEGV_ACCERR, addr),
            FaultKind::PastEnd => SigInfo::fault(SIGBUS, BUS_ADRERR, addr),
            FaultKind::Misaligned => SigInfo::fault(SIGBUS, BUS_ADRALN, addr),
        },
    };
    force(task, info);
}

/// The next signal that waits for the task and is not blocked.
fn next(task: &mut Task) -> Option<SigInfo> {
    let blocked = task.signals.during_call.unwrap_or(task.signals.blocked);
    if let Some(info) = host::take_held(SigSet::ALL.without(blocked)) {
        return Some(info);
    }
    let info = host::take()?;
    task.signals.mask_is_stale = true;
    Some(info)
}

/// Shows a signal to the debugger, and does with it what the guest wants or the debugger says.
pub(super) fn deliver(task: &mut Task, mut info: SigInfo) {
    match debug::signal(task, info.signal, bytemuck::cast_mut(&mut info)) {
        Some(signal) if task.ending.is_none() && number::exists(signal) => info.signal = signal,
        _ => return,
    }
    strace::signal(task, &info);
    let action = task.process.actions.take(info.signal);
    match action.handler {
        SIG_IGN => {}
        SIG_DFL => by_default(task, &info),
        _ => handle(task, &info, &action),
    }
}

/// Does what a signal does for which there is no handler.
pub(crate) fn by_default(task: &mut Task, info: &SigInfo) {
    let signal = info.signal;
    match number::default(signal) {
        D::Ignore | D::Continue => {}
        // With the process the debugger's agent would stop. gdb has stopped it, and has let it go on.
        D::Stop if debug::is_watched(&task.process) => {}
        D::Stop => {
            host::stop(task.tid, signal);
            task.process.actions.refresh(signal);
        }
        D::Core => {
            corefile::dump(task, info);
            task.ending = Some(Ending::Killed(signal));
        }
        D::Terminate => task.ending = Some(Ending::Killed(signal)),
    }
}

fn handle(task: &mut Task, info: &SigInfo, action: &Action) {
    if let Some(ecall) = task.signals.interrupted.take()
        && task.hart.pc == ecall
    {
        task.hart.pc = ecall.offset(4);
        task.hart.set_x(10, Errno::EINTR.to_result());
    }
    task.sleep_until = None;
    let before = task.signals.blocked;
    let mut during = task.signals.during_call.take().unwrap_or(before).union(action.mask);
    if action.flags & SA_NODEFER == 0 {
        during = during.union(SigSet::of(info.signal));
    }
    match frame::push(task, info, action, before) {
        Ok(()) => {
            task.signals.mask_is_stale |= during != before;
            task.signals.blocked = during.without(UNBLOCKABLE);
            task.restarting = None;
            debug::delivered(task);
        }
        Err(_) => bad_frame(task, info.signal),
    }
}

/// A frame could not be written or read: SIGSEGV, which kills if it was a SIGSEGV that could not be delivered.
pub(super) fn bad_frame(task: &mut Task, signal: i32) {
    if signal == SIGSEGV {
        task.process.actions.reset(SIGSEGV);
    }
    force(task, SigInfo::new(SIGSEGV, SI_KERNEL));
}
