//! What a run of handlers carries along, and the two ways in and out of it.
#![allow(unsafe_code, reason = "enters and leaves code that the compiler sees as a chain of jumps")]

use std::arch::global_asm;
use std::cell::Cell;
use std::ptr::{null, null_mut};
use std::sync::atomic::Ordering::Relaxed;

use super::access::slots_behind;
use super::slot::{Handler, Slot};
use super::{Engine, Exit};
use crate::hart::{Hart, SINK};
use crate::isa::Insn;
use crate::trap::Trap;

/// The part of a run's state that handlers need now and then; it lives on the stack of [`Engine::run`].
#[repr(C)]
pub(super) struct Run {
    /// The stack pointer to go back to after a fault: written by the way in.
    stack: u64,
    /// Bytes in the guest's window: the way in has it here.
    pub size: u64,
    /// The slot of address 0.
    pub slots: *mut Slot,
    /// Whose slots they are.
    pub engine: *const Engine,
    /// The first byte of the window.
    pub memory: *mut u8,
    /// Why the run stopped.
    pub stop: Stop,
    /// The instruction to execute, for the instrumented form.
    pub insn: Insn,
}

/// Why a run of handlers stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// As the caller of [`Engine::run`] sees it.
    Exit(Exit),
    /// A load or store failed at this guest address; `bus`: the page is mapped, but there is nothing behind it.
    Access { addr: u64, bus: bool },
    /// An atomic access to an address that is not naturally aligned.
    Misaligned { addr: u64 },
    /// A jump left the window.
    Fetch { target: u64 },
    /// The slot's instruction is illegal.
    Illegal,
    /// The slot's instruction must be executed by the instrumented form.
    Single,
    /// The slot's instruction was never executed.
    Unseen,
    /// The same, for now: the slot's fields cannot be written yet.
    Postponed,
    /// The instrumented form has executed its instruction.
    Done,
    /// The other form of the engine must go on.
    Switch,
}

impl Run {
    pub fn new(engine: &Engine) -> Run {
        Run {
            stack: 0,
            size: engine.size,
            slots: engine.slots.base(),
            engine,
            memory: engine.base,
            stop: Stop::Exit(Exit::Attention),
            insn: Insn { op: 0, len: 4, rd: SINK as u8, rs1: 0, rs2: 0, rs3: 0, rm: 7, imm: 0 },
        }
    }

    /// Runs slots from `slot` on, which is in a prepared chunk; answers the slot where the run stopped.
    pub fn start(&mut self, slot: *const Slot, hart: &mut Hart) -> *const Slot {
        // SAFETY: the slots of a prepared chunk have handlers.
        unsafe { self.enter((*slot).handler, slot, hart) }
    }

    /// Calls `first` on `slot`, and comes back when the chain of handlers returns or a guest access faults; the result is
    /// the slot where that was.
    ///
    /// # Safety
    /// The slot must belong to `self.slots`, and `first` must be its handler or do as little.
    pub unsafe fn enter(&mut self, first: Handler, slot: *const Slot, hart: &mut Hart) -> *const Slot {
        let run: *mut Run = self;
        let place: *const Hart = hart;
        if HART.get() != place {
            HART.set(place);
        }
        hart.run.store(run.cast(), Relaxed);
        // SAFETY: registers and window outlive the call; faults inside come back through `tine_engine_leave`.
        let slot = unsafe { tine_engine_enter(slot, (&raw mut *hart).cast(), first, self.memory, run) };
        hart.run.store(null_mut(), Relaxed);
        slot
    }
}

/// The thread's hart is no more.
pub(super) fn forget_hart() {
    HART.set(null());
}

thread_local! {
    /// The hart that this thread has run last, which knows its run. Constant at first and without a destructor, so that a signal handler may read it.
    static HART: Cell<*const Hart> = const { Cell::new(null()) };
}

/// The address that a SIGSEGV or SIGBUS is about.
pub(super) fn fault_address(info: &libc::siginfo_t) -> u64 {
    // SAFETY: for these signals the kernel fills the address in; for any other it is some number, which is as good.
    unsafe { info.si_addr() as u64 }
}

/// Called in a signal handler: makes the interrupted run stop with a failed access at host address `at`, if there is a run
/// and the address is in its window or just beyond.
pub(super) fn divert(context: &mut libc::ucontext_t, at: u64, bus: bool) -> bool {
    /// The widest access reaches this far beyond the last address checked.
    const REACH: u64 = 16;
    let hart = HART.get();
    if hart.is_null() {
        return false;
    }
    // SAFETY: `enter` on this thread set it, and the hart stays where it is until it is dismissed. Its other fields are not looked at.
    let run: *mut Run = unsafe { (*hart).run.load(Relaxed) }.cast();
    // SAFETY: `enter` on this thread set it and has not returned, if it is set.
    let Some(run) = (unsafe { run.as_mut() }) else { return false };
    let addr = at.wrapping_sub(run.memory as u64);
    if addr >= run.size + REACH {
        return false;
    }
    let registers = &mut context.uc_mcontext.gregs;
    run.stop = Stop::Access { addr, bus };
    // The accesses of handlers keep the slot that those were called with in rdi.
    let behind = slots_behind(registers[libc::REG_RIP as usize] as u64) * size_of::<Slot>();
    registers[libc::REG_RAX as usize] = registers[libc::REG_RDI as usize] + behind as i64;
    registers[libc::REG_RSP as usize] = run.stack as i64;
    registers[libc::REG_RIP as usize] = tine_engine_leave as *const () as i64;
    true
}

impl From<Trap> for Stop {
    fn from(trap: Trap) -> Stop {
        Stop::Exit(Exit::Trap(trap))
    }
}

// Handlers may push callee-saved registers, and a fault abandons their frames: so all of them are kept here.
global_asm!(
    ".pushsection .text.tine_engine_enter, \"ax\", @progbits",
    ".p2align 4",
    ".globl tine_engine_enter",
    ".globl tine_engine_leave",
    ".hidden tine_engine_enter",
    ".hidden tine_engine_leave",
    ".type tine_engine_enter, @function",
    "tine_engine_enter:",
    ".cfi_startproc",
    "push rbp",
    ".cfi_adjust_cfa_offset 8",
    "push rbx",
    ".cfi_adjust_cfa_offset 8",
    "push r12",
    ".cfi_adjust_cfa_offset 8",
    "push r13",
    ".cfi_adjust_cfa_offset 8",
    "push r14",
    ".cfi_adjust_cfa_offset 8",
    "push r15",
    ".cfi_adjust_cfa_offset 8",
    "sub rsp, 8",
    ".cfi_adjust_cfa_offset 8",
    "mov r9, r8",
    "mov r8, rcx",
    "mov rax, rdx",
    "mov rdx, [r9 + 8]",
    "mov [r9], rsp",
    "call rax",
    "tine_engine_leave:",
    "add rsp, 8",
    ".cfi_adjust_cfa_offset -8",
    "pop r15",
    ".cfi_adjust_cfa_offset -8",
    "pop r14",
    ".cfi_adjust_cfa_offset -8",
    "pop r13",
    ".cfi_adjust_cfa_offset -8",
    "pop r12",
    ".cfi_adjust_cfa_offset -8",
    "pop rbx",
    ".cfi_adjust_cfa_offset -8",
    "pop rbp",
    ".cfi_adjust_cfa_offset -8",
    "ret",
    ".cfi_endproc",
    ".size tine_engine_enter, . - tine_engine_enter",
    ".popsection",
);

#[allow(improper_ctypes, reason = "the assembly only passes the run on, to Rust")]
unsafe extern "sysv64" {
    fn tine_engine_enter(
        slot: *const Slot,
        regs: *mut u64,
        first: Handler,
        memory: *mut u8,
        run: *mut Run,
    ) -> *const Slot;
    /// A label inside the former, never called.
    fn tine_engine_leave();
}
