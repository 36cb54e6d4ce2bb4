//! The signal frame that the kernel of riscv64 builds on the guest's stack (`arch/riscv/kernel/signal.c`, and the headers
//! `asm/ucontext.h`, `asm/sigcontext.h`, `asm/ptrace.h` of its user ABI).

use std::mem::{offset_of, size_of};

use bytemuck::{Pod, Zeroable};

use super::SigSet;
use super::action::{Action, SA_ONSTACK};
use super::altstack::StackT;
use super::info::SigInfo;
use crate::addr::GuestAddr;
use crate::errno::Errno;
use crate::task::Task;

/// Builds the frame for `info` and sends the hart into `action`'s handler. `returns_to` is the mask that rt_sigreturn will
/// restore.
pub(super) fn push(
    task: &mut Task,
    info: &SigInfo,
    action: &Action,
    returns_to: SigSet,
) -> Result<(), Errno> {
    let sp = place(task, action)?;
    let mut frame = Frame::zeroed();
    frame.info = *info;
    frame.stack = task.signals.altstack.for_frame();
    frame.mask = returns_to;
    frame.regs[0] = task.hart.pc.0;
    for (n, reg) in frame.regs.iter_mut().enumerate().skip(1) {
        *reg = task.hart.x(n);
    }
    for (n, reg) in frame.f.iter_mut().enumerate() {
        *reg = task.hart.f(n);
    }
    frame.fcsr = task.hart.fcsr;
    task.process.memory.put(sp, &frame)?;

    task.signals.altstack.disarm();
    task.hart.set_x(1, task.process.sigreturn.0);
    task.hart.set_x(2, sp.0);
    task.hart.set_x(10, info.signal as u64);
    task.hart.set_x(11, sp.offset(offset_of!(Frame, info) as u64).0);
    task.hart.set_x(12, sp.offset(offset_of!(Frame, flags) as u64).0);
    task.hart.pc = GuestAddr(action.handler & !1);
    Ok(())
}

/// Reads the frame that the stack pointer is at: what rt_sigreturn(2) is about to restore.
pub(super) fn read(task: &Task) -> Result<Box<Frame>, Errno> {
    let sp = task.hart.x(2);
    if !sp.is_multiple_of(16) {
        return Err(Errno::EFAULT);
    }
    let frame: Frame = task.process.memory.get(GuestAddr(sp))?;
    if frame.reserved != 0 {
        return Err(Errno::EINVAL);
    }
    Ok(Box::new(frame))
}

/// Restores all registers from a frame, edited or not.
pub(super) fn restore(task: &mut Task, frame: &Frame) {
    task.hart.pc = GuestAddr(frame.regs[0] & !1);
    for n in 1..32 {
        task.hart.set_x(n, frame.regs[n]);
    }
    for (n, &bits) in frame.f.iter().enumerate() {
        task.hart.set_f(n, bits);
    }
    task.hart.fcsr = frame.fcsr & 0xff;
    task.hart.reservation = None;
}

/// `struct rt_sigframe`: a siginfo and a ucontext.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub(super) struct Frame {
    info: SigInfo,
    /// `uc_flags`: the ucontext starts here.
    flags: u64,
    link: u64,
    /// `uc_stack`.
    pub(super) stack: StackT,
    /// `uc_sigmask`, with room for 1024 signals.
    pub(super) mask: SigSet,
    mask_room: [u64; 15],
    /// `uc_mcontext` is aligned to 16 bytes, for the sake of the Q registers that nobody has.
    align: u64,
    /// `user_regs_struct`: the pc, then x1–x31.
    regs: [u64; 32],
    /// `__riscv_d_ext_state` in a union as large as the Q state.
    f: [u64; 32],
    fcsr: u32,
    fcsr_room: u32,
    q_room: [u64; 31],
    q_room_end: u32,
    /// `sc_extdesc.reserved`; the header after it says that no extension's state follows.
    reserved: u32,
    end_magic: u32,
    end_size: u32,
}

/// Where the frame goes: below the stack pointer, or on the alternate stack.
fn place(task: &Task, action: &Action) -> Result<GuestAddr, Errno> {
    let altstack = &task.signals.altstack;
    let mut sp = task.hart.x(2);
    let size = size_of::<Frame>() as u64;
    if altstack.contains(sp) && !altstack.contains(sp.wrapping_sub(size)) {
        return Err(Errno::EFAULT);
    }
    if action.flags & SA_ONSTACK != 0 && altstack.is_free(sp) {
        sp = altstack.top();
    }
    Ok(GuestAddr(sp.wrapping_sub(size) & !15))
}

// Offsets as the headers of riscv64-linux-gnu have them; guests/signal/frame.c checks the same from the other side.
const _: () = {
    const UC: usize = offset_of!(Frame, flags);
    assert!(UC == 128);
    assert!(offset_of!(Frame, link) - UC == 8);
    assert!(offset_of!(Frame, stack) - UC == 16);
    assert!(offset_of!(Frame, mask) - UC == 40);
    assert!(offset_of!(Frame, regs) - UC == 176);
    assert!(offset_of!(Frame, f) - UC == 176 + 256);
    assert!(offset_of!(Frame, fcsr) - UC == 176 + 256 + 256);
    assert!(offset_of!(Frame, reserved) - UC == 176 + 256 + 516);
    assert!(size_of::<Frame>() - UC == 960);
};
