//! The instrumented form: one instruction at a time, each decoded and counted.
//!
//! It executes what the fast form cannot: single steps; every instruction of a hart that has read `instret`, so that the
//! count is exact; and everything while `frm` names a rounding mode that the host has not (RMM), where each operation needs
//! its own code. The meanings are the tables' own, taken with a variable op.
#![allow(unsafe_code, reason = "accesses the guest's window as handlers do, inside a run")]

use std::arch::x86_64::_rdtsc;
use std::sync::atomic::Ordering;

use super::access;
use super::exits::breakpoint;
use super::handler::{
    PAIR, conditional, has_result, kind, pc, read_modify_write, reserve, straight_effect, swap_pair,
};
use super::run::{Run, Stop};
use super::slot::{Free, Here, Slot};
use super::{Engine, Exit};
use crate::addr::GuestAddr;
use crate::hart::Hart;
use crate::isa::{self, Format, Insn, Kind, Op, ROWS, Width, csr, float};
use crate::trap::Trap;

/// Whether the hart must be run by this form.
pub(super) fn wanted(hart: &Hart) -> bool {
    hart.counted || hart.fcsr >> 5 & 7 > 3
}

impl Engine {
    /// Executes instructions until something stops the run, or the fast form may take over again.
    // Apart from `run`, whose frame would else be the cache's size, and be touched at every system call.
    #[inline(never)]
    pub(super) fn run_instrumented(&self, hart: &mut Hart) -> Stop {
        let mut cache = Cache::new(self);
        loop {
            let pc = hart.pc.0;
            if hart.attention.load(Ordering::Relaxed) != 0 {
                return Stop::Exit(Exit::Attention);
            }
            if pc < self.size && self.slots.handler(pc) == breakpoint as *const () as usize {
                return Stop::Exit(Exit::Breakpoint);
            }
            let insn = match cache.fetch(self, pc) {
                Ok(insn) => insn,
                Err(stop) => return stop,
            };
            if let Some(exit) = self.watched_access(hart, &insn) {
                return Stop::Exit(exit);
            }
            if let Err(stop) = self.execute(hart, &insn) {
                return stop;
            }
            if !self.instrumented && !wanted(hart) {
                return Stop::Switch;
            }
        }
    }

    /// Executes the instruction at the hart's pc.
    pub(super) fn execute_one(&self, hart: &mut Hart) -> Result<(), Stop> {
        let insn = self.fetch(hart.pc.0)?;
        self.execute(hart, &insn)
    }

    /// Fetches and decodes.
    pub(super) fn fetch(&self, pc: u64) -> Result<Insn, Stop> {
        let bits = self.fetch_bits(pc).map_err(Stop::from)?;
        self.extensions.decode(bits).ok_or(Stop::Illegal)
    }

    pub(super) fn execute(&self, hart: &mut Hart, insn: &Insn) -> Result<(), Stop> {
        self.execute_in(&mut Run::new(self), hart, insn)
    }

    /// As [`Engine::execute`], in a run of this engine's that may be used again.
    pub(super) fn execute_in(&self, run: &mut Run, hart: &mut Hart, insn: &Insn) -> Result<(), Stop> {
        assert!(std::ptr::eq(run.engine, self), "the run is another engine's");
        run.insn = *insn;
        let slot = self.slots.slot(hart.pc.0);
        // SAFETY: the fetch has succeeded, so the pc is in the window; `execute` reads no slot.
        unsafe { run.enter(execute, slot, hart) };
        if run.stop != Stop::Done {
            return Err(run.stop);
        }
        hart.instret = hart.instret.wrapping_add(1);
        Ok(())
    }
}

/// Executes the run's instruction as if it stood in the slot, which is only the place that a fault is reported from.
unsafe extern "sysv64" fn execute(
    s: *const Slot,
    x: *mut u64,
    _: u64,
    _: Free,
    m: *mut u8,
    run: *mut Run,
) -> *const Slot {
    // SAFETY: see `Run::enter`; registers are the first field of the hart.
    unsafe {
        let hart = x.cast::<Hart>();
        let insn = (*run).insn;
        (*run).stop = match effect(&insn, s, hart, m, run) {
            Ok(pc) => {
                (*hart).pc = GuestAddr(pc);
                Stop::Done
            }
            Err(stop) => stop,
        };
    }
    s
}

/// What the instruction does; answers the next pc.
unsafe fn effect(
    insn: &Insn,
    s: *const Slot,
    hart: *mut Hart,
    m: *mut u8,
    run: *mut Run,
) -> Result<u64, Stop> {
    let &Insn { op, rs1, rs2, rs3, .. } = insn;
    // SAFETY: as in `execute`; decoded register numbers are in the array.
    unsafe {
        let read = |register: u8| (*hart).regs[usize::from(register)];
        let write = |value: u64| (*hart).regs[usize::from(insn.rd)] = value;
        let (pc, imm) = (pc(s, run), insn.imm as i64 as u64);
        let next = pc.wrapping_add(u64::from(insn.len));
        let atomic_bytes = |bytes: u64| {
            let addr = read(rs1);
            if addr % bytes != 0 {
                Err(Stop::Misaligned { addr })
            } else if addr >= (*run).size {
                Err(Stop::Access { addr, bus: false })
            } else {
                Ok(addr)
            }
        };
        let atomic = |width: Width| atomic_bytes(width.bytes());
        match kind(op) {
            Kind::Value
            | Kind::Auipc
            | Kind::Load(_)
            | Kind::Store(_)
            | Kind::Fence
            | Kind::CacheZero
            | Kind::CacheManage
            | Kind::Pause
            | Kind::Hint => {
                match straight_effect::<Here>(op, s, (*run).size, m, run, [read(rs1), read(rs2), imm]) {
                    Ok(result) if has_result(op) => write(result),
                    Ok(_) => {}
                    Err(addr) => return Err(Stop::Access { addr, bus: false }),
                }
            }
            Kind::Float => {
                let rounding = match float::Rounding::of(insn.rm, (*hart).fcsr) {
                    Some(rounding) => rounding,
                    // An operation that rounds by a reserved mode is illegal.
                    None if rounds(op) => return Err(Stop::Illegal),
                    None => float::Rounding::Dynamic,
                };
                write(isa::float(op, read(rs1), read(rs2), read(rs3), rounding));
            }
            Kind::Branch => {
                if isa::branch(op, read(rs1), read(rs2)) {
                    return Ok(pc.wrapping_add(imm));
                }
            }
            Kind::Jal => {
                write(next);
                return Ok(pc.wrapping_add(imm));
            }
            Kind::Jalr => {
                let target = read(rs1).wrapping_add(imm) & !1;
                write(next);
                return Ok(target);
            }
            Kind::Amo(width) => write(read_modify_write(op, width, s, m, atomic(width)?, read(rs2))),
            Kind::LoadReserved(width) => write(reserve(width, s, hart, m, atomic(width)?, insn.imm)),
            Kind::StoreConditional(width) => write(conditional(width, s, hart, m, atomic(width)?, read(rs2))),
            Kind::CompareSwap(width) => {
                write(access::compare_exchange(width, s, m, atomic(width)?, read(rs3), read(rs2)));
            }
            Kind::CompareSwapPair => {
                swap_pair(s, hart.cast(), m, atomic_bytes(PAIR)?, [insn.rd, rs3, rs2]);
            }
            Kind::Csr(_) => csr(insn, &mut *hart),
            Kind::FenceI => (*(*run).engine).invalidate_written(),
            Kind::Ecall => return Err(Stop::from(Trap::SystemCall)),
            Kind::Ebreak => return Err(Stop::from(Trap::Breakpoint)),
        }
        Ok(next)
    }
}

/// Whether the row has a rounding mode.
fn rounds(op: Op) -> bool {
    matches!(
        ROWS[usize::from(op)].format,
        Format::FloatR | Format::FloatUnary | Format::FloatR4 | Format::FloatToInt | Format::IntToFloat
    )
}

/// Executes a CSR instruction, which is legal since it was decoded.
pub(super) fn csr(insn: &Insn, hart: &mut Hart) {
    let Kind::Csr(action) = kind(insn.op) else { return };
    let number = insn.imm as u16;
    let operand = match ROWS[usize::from(insn.op)].format {
        Format::CsrImm => u64::from(insn.rs1),
        _ => hart.regs[usize::from(insn.rs1)],
    };
    let fcsr = float::current_fcsr(hart.fcsr);
    hart.fcsr = fcsr;
    let old = csr::field(number, fcsr).unwrap_or_else(|| counter(number, hart));
    if csr::writes(action, insn.rs1) {
        hart.fcsr = csr::with_field(number, fcsr, csr::update(action, old, operand));
        // Compiled comparisons put the flags back that they have just read: mostly nothing changes, and to load MXCSR takes long.
        if hart.fcsr != fcsr {
            float::change_fcsr(hart.fcsr);
        }
    }
    hart.regs[usize::from(insn.rd)] = old;
}

/// Zicntr's counters. The host's time-stamp counter stands for cycles and its monotonic clock, in nanoseconds, for time.
/// Instructions are counted by this form only, so a hart that asks for them stays in it from then on.
fn counter(number: u16, hart: &mut Hart) -> u64 {
    match number {
        // SAFETY: every x86-64 processor has the instruction.
        csr::CYCLE => unsafe { _rdtsc() },
        csr::TIME => {
            let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
            // SAFETY: `now` is writable. The monotonic clock is always there.
            unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut now) };
            (now.tv_sec as u64).wrapping_mul(1_000_000_000).wrapping_add(now.tv_nsec as u64)
        }
        _ => {
            hart.counted = true;
            hart.instret
        }
    }
}

/// A few decoded instructions, so that a loop is not fetched and decoded over and over.
struct Cache {
    generation: u64,
    entries: [Option<(u64, Insn)>; 256],
}

impl Cache {
    fn new(engine: &Engine) -> Cache {
        Cache { generation: engine.generation(), entries: [None; 256] }
    }

    fn fetch(&mut self, engine: &Engine, pc: u64) -> Result<Insn, Stop> {
        let generation = engine.generation();
        if generation != self.generation {
            *self = Cache::new(engine);
        }
        let entry = &mut self.entries[(pc / 2 % 256) as usize];
        match *entry {
            Some((at, insn)) if at == pc => Ok(insn),
            _ => {
                let insn = engine.fetch(pc)?;
                *entry = Some((pc, insn));
                Ok(insn)
            }
        }
    }
}
