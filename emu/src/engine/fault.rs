//! Faults of guest accesses: how the host's signal ends the run, and what the guest is told.

use super::Engine;
use super::handler::kind;
use super::run;
use crate::addr::GuestAddr;
use crate::isa::Kind;
use crate::trap::{Access, FaultKind, Trap};

/// For the host's handler of SIGSEGV and SIGBUS: if the signal came from a guest access of the engine's on this thread,
/// edits the context so that [`Engine::run`] or [`Engine::step`] returns the trap, and answers true.
///
/// The fixups of [`crate::memory`] must have been asked before: while an engine runs it also fetches code.
pub fn handle(signal: i32, info: &libc::siginfo_t, context: &mut libc::ucontext_t) -> bool {
    run::divert(context, run::fault_address(info), signal == libc::SIGBUS)
}

/// The trap of a load or store at `pc` that failed at `addr`; none if it can be made now: a stack has grown, or another
/// thread has meanwhile allowed the access.
pub(super) fn access(engine: &Engine, pc: GuestAddr, addr: GuestAddr, bus: bool) -> Option<Trap> {
    let access = direction(engine, pc);
    let kind = if bus { FaultKind::PastEnd } else { engine.memory.classify(addr, access) };
    match kind {
        FaultKind::Unmapped if engine.memory.grow_down(addr) => None,
        FaultKind::PastEnd if !bus => None,
        kind => Some(Trap::Fault { addr, access, kind }),
    }
}

/// The trap of a load or store that failed again. What the map allows the host may refuse (`MADV_GUARD_INSTALL`).
pub(super) fn second(engine: &Engine, pc: GuestAddr, addr: GuestAddr, bus: bool) -> Trap {
    let trap = access(engine, pc, addr, bus);
    let kind = FaultKind::Protection;
    trap.unwrap_or_else(|| Trap::Fault { addr, access: direction(engine, pc), kind })
}

/// The trap of an atomic access at `pc` to an address that is not naturally aligned.
pub(super) fn misaligned(engine: &Engine, pc: GuestAddr, addr: GuestAddr) -> Trap {
    Trap::Fault { addr, access: direction(engine, pc), kind: FaultKind::Misaligned }
}

/// The trap of a fetch at `addr`.
pub(super) fn fetch(engine: &Engine, addr: GuestAddr) -> Trap {
    let (access, kind) = (Access::Execute, engine.memory.classify(addr, Access::Execute));
    Trap::Fault { addr, access, kind }
}

/// Whether the instruction at `pc` reads or writes.
fn direction(engine: &Engine, pc: GuestAddr) -> Access {
    match engine.fetch(pc.0).map(|insn| kind(insn.op)) {
        Ok(
            Kind::Store(_)
            | Kind::Amo(_)
            | Kind::StoreConditional(_)
            | Kind::CompareSwap(_)
            | Kind::CompareSwapPair
            | Kind::CacheZero
            | Kind::CacheManage,
        ) => Access::Write,
        _ => Access::Read,
    }
}
