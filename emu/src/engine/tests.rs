//! The two forms against each other, and what must hold in either.
#![allow(unsafe_code, reason = "a signal handler, as the emulator has one")]

mod groups;
mod keep;
mod offspring;

use std::os::fd::{AsRawFd, FromRawFd};
use std::os::unix::fs::FileExt;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Barrier, Once};

use proptest::prelude::*;

use super::handler::{in_place, kind, with_zero};
use super::{Engine, Exit, Unseen, fault, fuse, watch};
use crate::addr::GuestAddr;
use crate::hart::{Hart, Reservation, SINK};
use crate::isa::rv64a::{AMOADD_W, AMOMAXU_D, AMOSWAP_W, LR_D, LR_W, SC_D, SC_W};
use crate::isa::rv64i::*;
use crate::isa::rv64m::MUL;
use crate::isa::zicsr::CSRRS;
use crate::isa::zicsr::CSRRW;
use crate::isa::zifencei::FENCE_I;
use crate::isa::{self, COUNT, Extensions, Format, Kind, Op, ROWS, rv64d};
use crate::memory::{Mapping, Memory, Prot, access, flags};
use crate::trap::{Access, FaultKind, Trap};

const CODE: u64 = 0x1_0000;
const DATA: u64 = 0x80_0000;
const READ_ONLY: u64 = DATA + 0x2000;
/// Nothing is here.
const HOLE: u64 = DATA + 0x10_0000;

struct Machine {
    memory: Arc<Memory>,
    engine: Arc<Engine>,
    hart: Hart,
}

impl Machine {
    /// With a program, written as 16-bit parcels.
    fn new(parcels: &[u16]) -> Machine {
        Machine::keeping(parcels, Unseen::Translate, super::evict::MOST)
    }

    /// Whose engine executes code for the first time as those of processes do.
    fn of_process(parcels: &[u16]) -> Machine {
        Machine::keeping(parcels, Unseen::Execute, super::evict::MOST)
    }

    /// Whose engine keeps at most so many chunks of slots.
    fn keeping(parcels: &[u16], unseen: Unseen, most: usize) -> Machine {
        catch_faults();
        let memory = Arc::new(Memory::reserve(32).unwrap());
        let map = |addr, len, prot| {
            let flags = flags::PRIVATE | flags::ANONYMOUS | flags::FIXED;
            memory
                .map(&Mapping { addr: GuestAddr(addr), len, prot, flags, fd: -1, offset: 0, name: None })
                .unwrap();
        };
        map(CODE, 0x10_0000, Prot(7));
        map(DATA, 0x2000, Prot::READ_WRITE);
        map(READ_ONLY, 0x1000, Prot::READ);
        let engine = Arc::new(Engine::keeping(memory.clone(), unseen, most).unwrap());
        let mut machine = Machine { memory, engine, hart: Hart::new() };
        machine.write(CODE, parcels);
        machine.hart.pc = GuestAddr(CODE);
        machine.hart.set_x(10, DATA + 0x800);
        machine
    }

    fn write(&mut self, addr: u64, parcels: &[u16]) {
        let bytes: Vec<u8> = parcels.iter().flat_map(|parcel| parcel.to_le_bytes()).collect();
        self.memory.write(GuestAddr(addr), &bytes).unwrap();
    }

    fn run(&mut self) -> Exit {
        self.engine.run(&mut self.hart)
    }

    /// As `run`, by steps.
    fn walk(&mut self) -> Exit {
        loop {
            match self.engine.step(&mut self.hart) {
                Exit::Stepped => {}
                exit => return exit,
            }
        }
    }

    fn data(&self) -> Vec<u8> {
        let mut data = vec![0; 0x2000];
        self.memory.read(GuestAddr(DATA), &mut data).unwrap();
        data
    }
}

/// Makes accesses to memory that is not there fail instead of ending the test.
pub(crate) fn catch_faults() {
    extern "C" fn on_fault(signal: i32, info: *mut libc::siginfo_t, context: *mut libc::c_void) {
        // SAFETY: the kernel's arguments.
        let (info, context) = unsafe { (&*info, &mut *context.cast::<libc::ucontext_t>()) };
        let rip = &mut context.uc_mcontext.gregs[libc::REG_RIP as usize];
        if let Some(recovery) = access::recover(*rip as u64) {
            *rip = recovery as i64;
        } else if !fault::handle(signal, info, context) {
            // SAFETY: the fault comes again, and ends the test.
            unsafe { libc::signal(signal, libc::SIG_DFL) };
        }
    }
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: a zeroed action is valid, and the handler only does what a signal handler may.
        unsafe {
            let mut action: libc::sigaction = std::mem::zeroed();
            action.sa_sigaction = on_fault as *const () as usize;
            action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK | libc::SA_NODEFER;
            libc::sigaction(libc::SIGSEGV, &raw const action, std::ptr::null_mut());
            libc::sigaction(libc::SIGBUS, &raw const action, std::ptr::null_mut());
        }
    });
}

/// Assembles one 32-bit instruction.
fn encode(op: Op, rd: u32, rs1: u32, rs2: u32, imm: i32) -> u32 {
    let row = &ROWS[usize::from(op)];
    let (i, free) = (imm as u32, !row.mask);
    let branch = (i >> 12 & 1) << 31 | (i >> 5 & 63) << 25 | (i >> 1 & 15) << 8 | (i >> 11 & 1) << 7;
    let jump = (i >> 20 & 1) << 31 | (i >> 1 & 1023) << 21 | (i >> 11 & 1) << 20 | (i >> 12 & 255) << 12;
    let fields = match row.format {
        Format::Store | Format::FloatStore => rs1 << 15 | rs2 << 20 | (i >> 5 & 127) << 25 | (i & 31) << 7,
        Format::Branch => rs1 << 15 | rs2 << 20 | branch,
        Format::Upper => rd << 7 | i & 0xffff_f000,
        Format::Jump => rd << 7 | jump,
        Format::I | Format::Load | Format::FloatLoad | Format::Csr | Format::CsrImm | Format::Fence => {
            rd << 7 | rs1 << 15 | (i & 0xfff) << 20
        }
        Format::Shift64 => rd << 7 | rs1 << 15 | (i & 63) << 20,
        Format::Shift32 => rd << 7 | rs1 << 15 | (i & 31) << 20,
        Format::Round => rd << 7 | rs1 << 15 | (i & 7) << 20,
        Format::CasPair => (rd & 30) << 7 | rs1 << 15 | (rs2 & 30) << 20,
        Format::FloatR4 => rd << 7 | rs1 << 15 | rs2 << 20 | rs1 << 27 | 7 << 12,
        // Dynamic rounding, where there is any.
        _ => rd << 7 | rs1 << 15 | rs2 << 20 | 7 << 12,
    };
    row.bits | fields & free
}

fn parcels(words: &[u32]) -> Vec<u16> {
    words.iter().flat_map(|&word| [word as u16, (word >> 16) as u16]).collect()
}

fn addi(rd: u32, rs1: u32, imm: i32) -> u32 {
    encode(ADDI, rd, rs1, 0, imm)
}

fn ecall() -> u32 {
    encode(ECALL, 0, 0, 0, 0)
}

const SYSTEM_CALL: Exit = Exit::Trap(Trap::SystemCall);

fn straight(op: Op) -> bool {
    !matches!(kind(op), Kind::Ecall | Kind::Ebreak | Kind::Jalr)
}

/// Runs on a stack on which a handler that did not jump to the next would soon overflow.
fn on_small_stack(test: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(128 << 10).spawn(test).unwrap().join().unwrap();
}

#[test]
fn handlers_jump() {
    on_small_stack(|| {
        for op in (0..COUNT as Op).filter(|&op| straight(op)) {
            // Branches and jumps go to the next instruction, CSR accesses to `fflags`.
            let imm = match kind(op) {
                Kind::Csr(_) => 1,
                Kind::Branch | Kind::Jal => 4,
                _ => 0,
            };
            let mut words = vec![encode(op, 5, 10, 11, imm); 20_000];
            words.push(ecall());
            let mut machine = Machine::new(&parcels(&words));
            assert_eq!(machine.run(), SYSTEM_CALL, "{}", ROWS[usize::from(op)].name);
            assert_eq!(machine.hart.pc.0, CODE + 80_000);
        }
    });
}

#[test]
fn rounding_handlers_jump() {
    on_small_stack(|| {
        for rm in [0, 1, 2, 3, 4] {
            let word = encode(rv64d::FADD_D, 5, 6, 7, 0) & !(7 << 12) | rm << 12;
            let mut words = vec![word; 20_000];
            words.push(ecall());
            let mut machine = Machine::new(&parcels(&words));
            assert_eq!(machine.run(), SYSTEM_CALL);
        }
    });
}

#[test]
fn pairs_jump() {
    on_small_stack(|| {
        for (first, second) in fuse::listed().filter(|&(first, second)| straight(first) && straight(second)) {
            let imm = |op| if matches!(kind(op), Kind::Branch | Kind::Jal) { 4 } else { 0 };
            let pair = [encode(first, 5, 10, 11, imm(first)), encode(second, 6, 10, 5, imm(second))];
            let mut words = pair.repeat(2_500);
            words.push(ecall());
            let mut machine = Machine::new(&parcels(&words));
            assert_eq!(machine.run(), SYSTEM_CALL);
            assert_eq!(machine.hart.pc.0, CODE + 20_000);
        }
    });
}

#[test]
fn loops_and_calls_jump() {
    on_small_stack(|| {
        let mut machine = Machine::new(&parcels(&[
            encode(LUI, 5, 0, 0, 0x10_0000),
            encode(JAL, 1, 0, 0, 16),
            addi(5, 5, -1),
            encode(BNE, 0, 5, 0, -8),
            ecall(),
            encode(JALR, 0, 1, 0, 0),
        ]));
        // The jal goes to the jalr.
        machine.write(CODE + 4, &parcels(&[encode(JAL, 1, 0, 0, 16)]));
        assert_eq!(machine.run(), SYSTEM_CALL);
        assert_eq!(machine.hart.x(5), 0);
    });
}

/// An instruction of a random program, before branches know where they go.
#[derive(Clone, Debug)]
struct Draft {
    word: u32,
    /// How many instructions a branch skips.
    skip: usize,
}

fn draft() -> impl Strategy<Value = Draft> {
    let ops: Vec<Op> = (0..COUNT as Op)
        .filter(|&op| {
            !matches!(kind(op), Kind::Ecall | Kind::Ebreak | Kind::Jalr | Kind::FenceI | Kind::Csr(_))
        })
        .collect();
    let long = (prop::sample::select(ops), 0..16u32, 5..16u32, 5..16u32, -64..64i32).prop_map(
        |(op, rd, rs1, rs2, imm)| {
            encode(op, rd, rs1, rs2, if kind(op) == Kind::Auipc { imm << 12 } else { imm })
        },
    );
    let base: Vec<Op> = (0..isa::rv64m::END).filter(|&op| straight(op) && op != FENCE).collect();
    let common = (prop::sample::select(base), 5..12u32, 5..12u32, 5..12u32, -64..64i32)
        .prop_map(|(op, rd, rs1, rs2, imm)| encode(op, rd, rs1, rs2, imm));
    let short = any::<u16>().prop_map(u32::from).prop_filter("legal and straight", |&half| {
        half & 3 != 3
            && isa::decode(half).is_some_and(|insn| {
                matches!(kind(insn.op), Kind::Value | Kind::Load(_) | Kind::Store(_) | Kind::Branch)
            })
    });
    (prop_oneof![1 => long, 3 => common, 2 => short], 1..6usize).prop_map(|(word, skip)| Draft { word, skip })
}

/// Lays a random program out; branches go forward to the start of an instruction.
fn lay_out(drafts: &[Draft]) -> Vec<u16> {
    let len = |word: u32| if word & 3 == 3 { 4 } else { 2 };
    let mut code = Vec::new();
    for (n, draft) in drafts.iter().enumerate() {
        let distance: u32 = drafts[n..].iter().take(draft.skip).map(|draft| len(draft.word)).sum();
        let insn = isa::decode(draft.word).unwrap();
        let word = match kind(insn.op) {
            Kind::Branch if insn.len == 4 => {
                encode(insn.op, 0, insn.rs1.into(), insn.rs2.into(), distance as i32)
            }
            Kind::Jal => encode(insn.op, u32::from(insn.rd) & 31, 0, 0, distance as i32),
            // c.beqz and c.bnez: the offset's bits 4:3 at 11:10, 2:1 at 4:3, 5 at 2.
            Kind::Branch => {
                let offset = (distance >> 3 & 3) << 10 | (distance >> 1 & 3) << 3 | (distance >> 5 & 1) << 2;
                draft.word & 0xe383 | offset
            }
            _ => draft.word,
        };
        code.push(word as u16);
        if len(word) == 4 {
            code.push((word >> 16) as u16);
        }
    }
    code.extend(parcels(&[ecall(); 6]));
    code
}

/// Runs to the `ecall`; what fails is skipped and remembered.
fn finish(machine: &mut Machine, run: fn(&mut Machine) -> Exit) -> Vec<(GuestAddr, Exit)> {
    let mut exits = Vec::new();
    loop {
        let exit = run(machine);
        exits.push((machine.hart.pc, exit));
        if exit == SYSTEM_CALL {
            return exits;
        }
        let low: u16 = machine.memory.get(machine.hart.pc).unwrap();
        machine.hart.pc.0 += if low & 3 == 3 { 4 } else { 2 };
    }
}

#[test]
fn compressed_instructions_are_as_handlers_take_them_to_be() {
    let mut seen = [0; 2];
    for half in (0..=u16::MAX).filter(|half| half & 3 != 3) {
        let Some(insn) = Extensions::ALL.decode(half.into()).map(fuse::simplest) else { continue };
        if in_place(insn.op, 1) {
            seen[0] += 1;
            assert_eq!(insn.rd, insn.rs1, "{half:#06x}");
            assert_ne!(usize::from(insn.rd), SINK, "{half:#06x}");
        }
        if with_zero(insn.op, 1) {
            seen[1] += 1;
            assert_eq!(insn.rs2, 0, "{half:#06x}");
        }
    }
    assert!(seen.iter().all(|&count| count > 1000), "{seen:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]
    #[test]
    fn forms_agree(drafts in prop::collection::vec(draft(), 1..40), values in prop::collection::vec(any::<u64>(), 16)) {
        let code = lay_out(&drafts);
        let mut machines = [Machine::new(&code), Machine::new(&code)];
        for machine in &mut machines {
            // Unless fence.i follows, the forms may differ about code that is written.
            machine.memory.protect(GuestAddr(CODE), 0x1000, Prot::READ_EXEC).unwrap();
            for (n, value) in values.iter().enumerate() {
                // Most registers point into the data, or near its end.
                let value = match n % 4 {
                    0 => *value,
                    1 => READ_ONLY - value % 64,
                    _ => DATA + 0x400 + value % 0x800,
                };
                machine.hart.set_x(n, value);
                machine.hart.set_f(n, value.rotate_left(17));
            }
        }
        let [fast, slow] = &mut machines;
        let (exits, expected) = (finish(fast, Machine::run), finish(slow, Machine::walk));
        prop_assert_eq!(exits, expected);
        // What is in the sink means nothing.
        (fast.hart.regs[SINK], slow.hart.regs[SINK]) = (0, 0);
        prop_assert_eq!(fast.hart.regs, slow.hart.regs);
        prop_assert_eq!(fast.hart.fcsr, slow.hart.fcsr);
        prop_assert_eq!(fast.hart.reservation, slow.hart.reservation);
        prop_assert!(fast.data() == slow.data());
    }
}

/// A program of fused pairs that faults nowhere.
fn sample() -> Vec<u32> {
    vec![
        addi(5, 0, 40),
        addi(6, 5, 2),
        encode(SD, 0, 10, 6, 0),
        encode(LD, 7, 10, 0, 0),
        encode(ADD, 7, 7, 6, 0),
        encode(SLLI, 7, 7, 0, 3),
        encode(ADD, 7, 7, 5, 0),
        encode(BEQ, 0, 7, 0, 8),
        addi(8, 7, 1),
        ecall(),
    ]
}

/// What [`encode`] makes of a row that makes accesses, at the address in x10.
fn accessing(op: Op) -> [u32; 2] {
    [encode(op, 12, 10, 14, 0), ecall()]
}

#[test]
fn every_access_is_watched_before_it_happens() {
    let base = DATA + 0x800;
    for op in (0..COUNT as Op).filter(|&op| watch::accesses(op) != 0) {
        let name = ROWS[usize::from(op)].name;
        let done = watch::accesses(op);
        let (start, len) = watch::range(op, base, 0);
        for (watched, hits) in
            [(start, true), (start + len - 1, true), (start - 1, false), (start + len, false)]
        {
            for accesses in [watch::READS, watch::WRITES, watch::READS | watch::WRITES] {
                let mut machine = Machine::new(&parcels(&accessing(op)));
                machine.hart.set_x(14, 0x55);
                let reservation = Reservation { addr: GuestAddr(base), width: len as u8, value: 0 };
                machine.hart.reservation = Some(reservation);
                assert!(machine.engine.insert_watchpoint(watched, watched + 1, accesses));
                let (before, regs) = (machine.data(), machine.hart.regs);
                let hit = Exit::Watched { accesses: done, addr: GuestAddr(start), len };
                let expected = if hits && accesses & done != 0 { hit } else { SYSTEM_CALL };
                let exit = machine.run();
                assert_eq!(exit, expected, "{name}, {watched:#x}, {accesses}");
                if exit != SYSTEM_CALL {
                    // Nothing has happened, however often it is tried.
                    assert_eq!((machine.walk(), machine.run()), (hit, hit), "{name}");
                    assert_eq!((machine.data(), machine.hart.regs), (before, regs), "{name}");
                    assert_eq!(machine.hart.pc.0, CODE, "{name}");
                    assert_eq!(machine.engine.step_unwatched(&mut machine.hart), Exit::Stepped, "{name}");
                    machine.hart.pc = GuestAddr(CODE);
                }
                machine.engine.remove_watchpoint(watched, watched + 1, accesses);
                assert_eq!(machine.run(), SYSTEM_CALL, "{name}");
                machine.engine.unwatch();
                machine.hart.pc = GuestAddr(CODE);
                machine.hart.set_x(10, base);
                assert_eq!(machine.run(), SYSTEM_CALL, "{name}");
            }
        }
    }
}

#[test]
fn a_store_conditional_without_its_reservation_makes_no_access() {
    let mut machine = Machine::new(&parcels(&[encode(SC_D, 5, 10, 11, 0), ecall()]));
    assert!(machine.engine.insert_watchpoint(DATA + 0x800, DATA + 0x808, watch::WRITES));
    assert_eq!((machine.run(), machine.hart.x(5)), (SYSTEM_CALL, 1));
}

#[test]
fn watched_accesses_are_found_in_pairs_and_short_ones() {
    // c.sw a1,0(a0); c.addi a0,4; c.lw a1,0(a0); c.addi a1,1; c.sw a1,0(a0)
    let code = [0xc10c, 0x0511, 0x410c, 0x0585, 0xc10c, 0x0073, 0x0000];
    for warm in [false, true] {
        let mut machine = Machine::new(&code);
        if warm {
            assert_eq!(machine.run(), SYSTEM_CALL);
            machine.hart.pc = GuestAddr(CODE);
            machine.hart.set_x(10, DATA + 0x800);
        }
        assert!(machine.engine.insert_watchpoint(DATA + 0x804, DATA + 0x805, watch::READS));
        assert!(machine.engine.insert_watchpoint(DATA + 0x807, DATA + 0x809, watch::WRITES));
        for (pc, accesses) in [(CODE + 4, watch::READS), (CODE + 8, watch::WRITES)] {
            let hit = Exit::Watched { accesses, addr: GuestAddr(DATA + 0x804), len: 4 };
            assert_eq!((machine.run(), machine.hart.pc.0), (hit, pc));
            assert_eq!(machine.engine.step_unwatched(&mut machine.hart), Exit::Stepped);
        }
        assert_eq!(machine.run(), SYSTEM_CALL);
    }
}

#[test]
fn large_watchpoints_and_many() {
    let mut machine = Machine::new(&parcels(&[encode(SD, 0, 10, 0, 0), ecall()]));
    assert!(machine.engine.insert_watchpoint(0, DATA + 0x801, watch::WRITES));
    assert!(matches!(machine.run(), Exit::Watched { .. }));
    machine.engine.remove_watchpoint(0, DATA + 0x801, watch::WRITES);
    for n in 0..watch::MOST as u64 {
        assert!(machine.engine.insert_watchpoint(n, n + 1, watch::READS));
    }
    assert!(!machine.engine.insert_watchpoint(DATA, DATA + 1, watch::READS));
    machine.engine.remove_watchpoint(3, 4, watch::READS);
    assert!(machine.engine.insert_watchpoint(DATA + 0x807, u64::MAX, watch::WRITES));
    assert!(matches!(machine.run(), Exit::Watched { .. }));
}

#[test]
fn counted_harts_are_watched() {
    let mut machine =
        Machine::new(&parcels(&[encode(CSRRS, 5, 0, 0, 0xc02), encode(SD, 0, 10, 5, 8), ecall()]));
    assert!(machine.engine.insert_watchpoint(DATA + 0x808, DATA + 0x809, watch::WRITES));
    let hit = Exit::Watched { accesses: watch::WRITES, addr: GuestAddr(DATA + 0x808), len: 8 };
    assert_eq!((machine.run(), machine.hart.pc.0), (hit, CODE + 4));
}

#[test]
fn breakpoints_stop_anywhere() {
    let words = sample();
    for at in 0..words.len() as u64 {
        let at = GuestAddr(CODE + 4 * at);
        for warm in [false, true] {
            let mut machine = Machine::new(&parcels(&words));
            if warm {
                assert_eq!(machine.run(), SYSTEM_CALL);
                let regs = machine.hart.regs;
                machine.hart = Hart::new();
                machine.hart.pc = GuestAddr(CODE);
                machine.hart.set_x(10, regs[10]);
            }
            machine.engine.insert_breakpoint(at);
            machine.engine.insert_breakpoint(at);
            assert_eq!(machine.run(), Exit::Breakpoint);
            assert_eq!(machine.hart.pc, at);
            let mut walker = Machine::new(&parcels(&words));
            while walker.hart.pc != at {
                assert_eq!(walker.engine.step(&mut walker.hart), Exit::Stepped);
            }
            assert_eq!(machine.hart.regs, walker.hart.regs);
            assert_eq!(machine.run(), Exit::Breakpoint);
            if at.0 != CODE + 36 {
                assert_eq!(machine.engine.step(&mut machine.hart), Exit::Stepped);
            }
            machine.engine.invalidate(GuestAddr(CODE), 64);
            assert_eq!(machine.run(), if at.0 == CODE + 36 { Exit::Breakpoint } else { SYSTEM_CALL });
            machine.engine.remove_breakpoint(at);
            machine.hart.pc = GuestAddr(CODE);
            assert_eq!(machine.run(), SYSTEM_CALL);
        }
    }
}

#[test]
fn counted_harts_stop_at_breakpoints() {
    let mut machine = Machine::new(&parcels(&sample()));
    machine.hart.counted = true;
    machine.engine.insert_breakpoint(GuestAddr(CODE + 8));
    assert_eq!(machine.run(), Exit::Breakpoint);
    assert_eq!((machine.hart.pc.0, machine.hart.instret), (CODE + 8, 2));
    machine.engine.remove_breakpoint(GuestAddr(CODE + 8));
    assert_eq!(machine.run(), SYSTEM_CALL);
    assert_eq!(machine.hart.instret, 9);
}

#[test]
fn reading_instret_counts_from_then_on() {
    const INSTRET: i32 = 0xc02u32 as i32;
    let read = |rd| encode(CSRRS, rd, 0, 0, INSTRET);
    let mut machine = Machine::new(&parcels(&[read(5), addi(1, 1, 1), addi(1, 1, 1), read(6), ecall()]));
    assert_eq!(machine.run(), SYSTEM_CALL);
    assert_eq!(machine.hart.x(6) - machine.hart.x(5), 3);
}

#[test]
fn faults_are_precise_in_pairs() {
    for (second, access) in [(encode(LD, 5, 5, 0, 8), Access::Read), (encode(SD, 0, 5, 5, 8), Access::Write)]
    {
        let mut machine = Machine::new(&parcels(&[addi(5, 11, 1), second, ecall()]));
        for (base, kind) in [
            (HOLE, FaultKind::Unmapped),
            (u64::MAX / 2, FaultKind::Unmapped),
            (u64::MAX - 20, FaultKind::Unmapped),
        ] {
            machine.hart.pc = GuestAddr(CODE);
            machine.hart.set_x(11, base);
            let addr = GuestAddr(base + 9);
            assert_eq!(machine.run(), Exit::Trap(Trap::Fault { addr, access, kind }));
            assert_eq!((machine.hart.pc.0, machine.hart.x(5)), (CODE + 4, base + 1));
        }
    }
    let mut machine = Machine::new(&parcels(&[encode(SD, 0, 10, 10, 0), encode(SB, 0, 11, 10, 0)]));
    machine.hart.set_x(11, READ_ONLY);
    let fault =
        Trap::Fault { addr: GuestAddr(READ_ONLY), access: Access::Write, kind: FaultKind::Protection };
    assert_eq!((machine.run(), machine.hart.pc.0), (Exit::Trap(fault), CODE + 4));
}

#[test]
fn a_fault_names_the_first_byte_that_failed() {
    let mut machine = Machine::new(&parcels(&[encode(LD, 5, 11, 0, 0)]));
    machine.hart.set_x(11, READ_ONLY + 0x1000 - 3);
    let fault =
        Trap::Fault { addr: GuestAddr(READ_ONLY + 0x1000), access: Access::Read, kind: FaultKind::Unmapped };
    assert_eq!(machine.run(), Exit::Trap(fault));
    // The window's last bytes.
    machine.hart.set_x(11, machine.memory.size() - 4);
    let fault = Trap::Fault {
        addr: GuestAddr(machine.memory.size() - 4),
        access: Access::Read,
        kind: FaultKind::Unmapped,
    };
    assert_eq!(machine.run(), Exit::Trap(fault));
}

#[test]
fn fetches_fault() {
    let mut machine = Machine::new(&parcels(&[encode(JALR, 1, 11, 0, 1)]));
    let size = machine.memory.size();
    for (target, kind) in [
        (HOLE, FaultKind::Unmapped),
        (DATA, FaultKind::Protection),
        (size, FaultKind::Unmapped),
        (u64::MAX - 1, FaultKind::Unmapped),
    ] {
        machine.hart.pc = GuestAddr(CODE);
        machine.hart.set_x(11, target);
        let fault = Trap::Fault { addr: GuestAddr(target), access: Access::Execute, kind };
        assert_eq!(machine.run(), Exit::Trap(fault));
        assert_eq!((machine.hart.pc.0, machine.hart.x(1)), (target, CODE + 4));
    }
    // A jump backward over address 0.
    let mut machine = Machine::new(&parcels(&[addi(5, 5, 1), encode(JAL, 1, 0, 0, -0x2_0000)]));
    let addr = GuestAddr((CODE + 4).wrapping_sub(0x2_0000));
    let fault = Trap::Fault { addr, access: Access::Execute, kind: FaultKind::Unmapped };
    assert_eq!((machine.run(), machine.hart.pc), (Exit::Trap(fault), addr));
}

#[test]
fn illegal_instructions_trap() {
    let mut machine = Machine::new(&[0x0001, 0x0000]);
    assert_eq!(machine.run(), Exit::Trap(Trap::IllegalInstruction(0)));
    assert_eq!(machine.hart.pc.0, CODE + 2);
    let mut machine = Machine::new(&parcels(&[addi(5, 0, 1), 0xffff_ffff]));
    assert_eq!(machine.run(), Exit::Trap(Trap::IllegalInstruction(0xffff_ffff)));
    assert_eq!((machine.hart.pc.0, machine.hart.x(5)), (CODE + 4, 1));
}

#[test]
fn written_code_is_seen_after_fence_i() {
    // Overwrites the instruction behind the fence.
    let mut machine = Machine::new(&parcels(&[
        encode(SW, 0, 11, 12, 0),
        encode(FENCE_I, 0, 0, 0, 0),
        addi(5, 5, 1),
        encode(ADD, 6, 6, 5, 0),
        ecall(),
    ]));
    machine.hart.set_x(11, CODE + 8);
    for imm in [1, 10, 100] {
        machine.hart.set_x(5, 0);
        machine.hart.set_x(12, addi(5, 5, imm).into());
        machine.hart.pc = GuestAddr(CODE);
        assert_eq!(machine.run(), SYSTEM_CALL);
        assert_eq!(machine.hart.x(5), imm as u64);
    }
}

#[test]
fn invalidation_reaches_pairs() {
    let mut machine = Machine::new(&parcels(&sample()));
    assert_eq!(machine.run(), SYSTEM_CALL);
    let halt = parcels(&[encode(EBREAK, 0, 0, 0, 0)]);
    for at in (0..9).rev().map(|n| 4 * n) {
        machine.write(CODE + at, &halt);
        machine.engine.invalidate(GuestAddr(CODE + at), 4);
        machine.hart.pc = GuestAddr(CODE);
        assert_eq!((machine.run(), machine.hart.pc.0), (Exit::Trap(Trap::Breakpoint), CODE + at));
    }
    // What may no longer be executed.
    machine.memory.protect(GuestAddr(CODE), 0x1000, Prot::READ).unwrap();
    machine.engine.invalidate(GuestAddr(CODE), 0x1000);
    machine.hart.pc = GuestAddr(CODE);
    let fault = Trap::Fault { addr: GuestAddr(CODE), access: Access::Execute, kind: FaultKind::Protection };
    assert_eq!(machine.run(), Exit::Trap(fault));
}

#[test]
fn attention_ends_loops() {
    for (word, target) in
        [(encode(JAL, 0, 0, 0, 0), 0), (encode(BEQ, 0, 0, 0, 0), 0), (encode(JALR, 0, 11, 0, 0), CODE)]
    {
        let mut machine = Machine::new(&parcels(&[word]));
        machine.hart.set_x(11, target);
        let attention = &raw const machine.hart.attention as usize;
        let nudge = std::thread::spawn(move || {
            std::thread::sleep(std::time::Duration::from_millis(20));
            // SAFETY: the machine outlives the thread, which is joined below.
            unsafe { (*(attention as *const std::sync::atomic::AtomicU32)).store(1, Ordering::Relaxed) };
        });
        assert_eq!(machine.run(), Exit::Attention);
        assert_eq!(machine.hart.pc.0, CODE);
        nudge.join().unwrap();
    }
}

#[test]
fn atomics() {
    let mut machine = Machine::new(&parcels(&[
        encode(LR_W, 5, 10, 0, 0),
        encode(SC_W, 6, 10, 11, 0),
        encode(SC_W, 7, 10, 12, 0),
        encode(AMOADD_W, 8, 10, 11, 0),
        encode(AMOMAXU_D, 9, 10, 12, 0),
        encode(LR_D, 5, 10, 0, 0),
        encode(SD, 0, 10, 0, 0),
        encode(SC_D, 13, 10, 12, 0),
        encode(AMOSWAP_W, 5, 14, 0, 0),
    ]));
    machine.hart.set_x(11, 0x1_8000_0000);
    machine.hart.set_x(12, 7);
    machine.hart.set_x(14, DATA + 2);
    let fault = Trap::Fault { addr: GuestAddr(DATA + 2), access: Access::Write, kind: FaultKind::Misaligned };
    assert_eq!((machine.run(), machine.hart.pc.0), (Exit::Trap(fault), CODE + 32));
    let x = |n| machine.hart.x(n);
    assert_eq!((x(6), x(7)), (0, 1));
    assert_eq!(x(8), 0xffff_ffff_8000_0000);
    assert_eq!((x(9), x(13)), (0, 1));
}

#[test]
fn reserved_rounding_modes_are_left_to_the_instrumented_form() {
    const FRM: i32 = 2;
    let add = encode(rv64d::FADD_D, 5, 6, 7, 0);
    let mut machine = Machine::new(&parcels(&[
        encode(CSRRW, 0, 11, 0, FRM),
        add,
        encode(CSRRW, 0, 12, 0, FRM),
        encode(MUL, 5, 5, 5, 0),
        add,
    ]));
    machine.hart.set_x(11, 4);
    machine.hart.set_x(12, 5);
    machine.hart.set_f(6, 1f64.to_bits());
    machine.hart.set_f(7, (f64::EPSILON / 2.0).to_bits());
    assert_eq!(machine.run(), Exit::Trap(Trap::IllegalInstruction(add)));
    assert_eq!(machine.hart.pc.0, CODE + 16);
    // To nearest, ties away from zero.
    assert_eq!(f64::from_bits(machine.hart.f(5)), 1.0 + f64::EPSILON);
    assert_eq!(machine.hart.fcsr, 5 << 5 | 1);
}

/// Runs `harts` beside one another, each on a thread of its own, until it leaves the engine for something else than attention.
/// Meanwhile `work` is done here; then the harts' attention is `called`, if they would not come back by themselves.
fn beside(machine: &Machine, harts: &mut [Hart], called: bool, work: impl FnOnce()) -> Vec<Exit> {
    let seats: Vec<_> = harts.iter().map(|hart| machine.engine.enroll(hart)).collect();
    let done = std::sync::atomic::AtomicBool::new(false);
    let start = Barrier::new(harts.len() + 1);
    let run = |hart: &mut Hart| {
        start.wait();
        loop {
            match machine.engine.run(hart) {
                Exit::Attention if done.load(Ordering::Relaxed) => return Exit::Attention,
                Exit::Attention => hart.attention.store(0, Ordering::Relaxed),
                exit => return exit,
            }
        }
    };
    let exits = std::thread::scope(|scope| {
        let attentions: Vec<usize> = harts.iter().map(|hart| &raw const hart.attention as usize).collect();
        let threads: Vec<_> = harts.iter_mut().map(|hart| scope.spawn(|| run(hart))).collect();
        start.wait();
        work();
        if called {
            done.store(true, Ordering::Relaxed);
            for attention in attentions {
                // SAFETY: the harts outlive the scope.
                unsafe { (*(attention as *const std::sync::atomic::AtomicU32)).store(1, Ordering::Relaxed) };
            }
        }
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    seats.into_iter().for_each(|seat| machine.engine.dismiss(seat));
    exits
}

fn hart_at(pc: u64) -> Hart {
    let mut hart = Hart::new();
    hart.pc = GuestAddr(pc);
    hart.set_x(10, DATA + 0x800);
    hart
}

/// Encodings whose fields another's handler would jump by, or jump out of the array.
fn hostile() -> [u32; 6] {
    [
        addi(5, 5, 0x7ff),
        encode(JAL, 0, 0, 0, 4),
        encode(BEQ, 0, 0, 0, 4),
        encode(LUI, 5, 0, 0, 0x7fff_f000),
        encode(BNE, 0, 0, 0, -4096),
        encode(SD, 0, 10, 5, -1),
    ]
}

#[test]
fn code_may_be_patched_while_harts_execute_it() {
    let mut machine = Machine::new(&parcels(&[
        addi(6, 6, 1),
        addi(5, 5, 1),
        encode(ADD, 6, 6, 5, 0),
        encode(JAL, 0, 0, 0, -12),
    ]));
    let mut harts = [hart_at(CODE), hart_at(CODE), hart_at(CODE)];
    let (memory, engine) = (machine.memory.clone(), machine.engine.clone());
    let patch = |at: u64, word: u32| {
        memory.put(GuestAddr(at), &word).unwrap();
        engine.invalidate(GuestAddr(at), 4);
    };
    let exits = beside(&machine, &mut harts, false, || {
        for round in 0..20_000 {
            patch(CODE + 4, hostile()[round % 6]);
            std::thread::yield_now();
        }
        patch(CODE + 8, ecall());
    });
    assert_eq!(exits, [SYSTEM_CALL; 3]);
    assert!(harts.iter().all(|hart| hart.pc.0 == CODE + 8));
    machine.hart.pc = GuestAddr(CODE + 8);
    assert_eq!(machine.run(), SYSTEM_CALL);
}

#[test]
fn harts_patch_code_of_each_others() {
    const ROUNDS: u64 = 100_000;
    // Each stores an encoding from the table at x11 over an instruction of its own loop and of the other's.
    let program = |other: i32| {
        parcels(&[
            encode(LW, 12, 11, 0, 0),
            encode(SW, 0, 13, 12, 32),
            encode(SW, 0, 14, 12, 32),
            encode(FENCE_I, 0, 0, 0, 0),
            addi(11, 11, 4),
            encode(BLTU, 0, 11, 15, 8),
            addi(11, 16, 0),
            addi(7, 7, other),
            addi(5, 5, 1),
            encode(ADD, 6, 6, 5, 0),
            addi(17, 17, -1),
            encode(BNE, 0, 17, 0, -44),
            ecall(),
        ])
    };
    let second = CODE + 0x400;
    let mut machine = Machine::new(&program(1));
    machine.write(second, &program(2));
    machine.write(DATA, &parcels(&hostile()));
    let mut harts = [hart_at(CODE), hart_at(second)];
    for (hart, [own, other]) in harts.iter_mut().zip([[CODE, second], [second, CODE]]) {
        let values = [(11, DATA), (13, own), (14, other), (15, DATA + 24), (16, DATA), (17, ROUNDS)];
        values.into_iter().for_each(|(register, value)| hart.set_x(register, value));
    }
    let exits = beside(&machine, &mut harts, false, || ());
    assert_eq!(exits, [SYSTEM_CALL; 2]);
    assert_eq!(harts.each_ref().map(|hart| hart.x(7)), [ROUNDS, 2 * ROUNDS]);
}

#[test]
fn a_hart_that_does_not_come_is_not_waited_for() {
    let mut machine = Machine::new(&parcels(&[addi(5, 0, 1), addi(6, 5, 1), ecall()]));
    let (stuck, own) = (Hart::new(), machine.engine.enroll(&machine.hart));
    let seat = machine.engine.enroll(&stuck);
    // As if its process had been killed in a handler.
    stuck.phase.store(1, Ordering::Relaxed);
    for imm in [1, 10, 100] {
        machine.write(CODE + 4, &parcels(&[addi(6, 5, imm)]));
        machine.engine.invalidate(GuestAddr(CODE), 0x10);
        machine.hart.pc = GuestAddr(CODE);
        assert_eq!((machine.run(), machine.hart.x(6)), (SYSTEM_CALL, imm as u64 + 1));
    }
    assert_ne!(stuck.attention.load(Ordering::Relaxed), 0);
    machine.engine.dismiss(seat);
    machine.hart.pc = GuestAddr(CODE);
    assert_eq!((machine.run(), machine.hart.x(6)), (SYSTEM_CALL, 101));
    machine.engine.dismiss(own);
}

#[test]
fn code_that_changed_unannounced_joins_no_pair() {
    // Private pages of a file change with the file, which nobody hears of.
    let mut machine = Machine::new(&[]);
    // SAFETY: the name is a string; the descriptor is new, and nobody else's.
    let file = unsafe { std::fs::File::from_raw_fd(libc::memfd_create(c"test".as_ptr(), 0)) };
    let write = |at: u64, words: &[u32]| {
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        file.write_all_at(&bytes, at).unwrap();
    };
    write(0, &[addi(5, 5, 1), addi(5, 5, 0x7ff), ecall(), ecall()]);
    let mut request = Mapping::anonymous(0x1000, Prot::READ_EXEC).at(GuestAddr(HOLE));
    request.flags = flags::PRIVATE | flags::FIXED;
    request.fd = file.as_raw_fd();
    machine.memory.map(&request).unwrap();
    // The second instruction is decoded by itself, then changed: as the second of a pair it would branch by its old fields.
    machine.hart.pc = GuestAddr(HOLE + 4);
    assert_eq!(machine.run(), SYSTEM_CALL);
    write(4, &[encode(BNE, 0, 5, 0, 8)]);
    machine.hart.pc = GuestAddr(HOLE);
    assert_eq!(machine.run(), SYSTEM_CALL);
    assert_eq!((machine.hart.pc.0, machine.hart.x(5)), (HOLE + 8, 0x7ff + 1 + 0x7ff));
    machine.engine.invalidate(GuestAddr(HOLE), 0x1000);
    machine.hart.pc = GuestAddr(HOLE);
    assert_eq!((machine.run(), machine.hart.pc.0), (SYSTEM_CALL, HOLE + 12));
}

#[test]
fn atomics_hold_under_contention() {
    const ROUNDS: u64 = 20_000;
    let machine = Machine::new(&parcels(&[
        encode(LR_W, 5, 10, 0, 0),
        addi(5, 5, 1),
        encode(SC_W, 6, 10, 5, 0),
        encode(BNE, 0, 6, 0, -12),
        encode(LR_D, 5, 11, 0, 0),
        addi(5, 5, 1),
        encode(SC_D, 6, 11, 5, 0),
        encode(BNE, 0, 6, 0, -12),
        encode(AMOADD_W, 0, 12, 13, 0),
        encode(AMOMAXU_D, 0, 14, 7, 0),
        addi(7, 7, -1),
        encode(BNE, 0, 7, 0, -44),
        ecall(),
    ]));
    let places = [DATA, DATA + 8, DATA + 20, DATA + 24];
    let mut harts = [hart_at(CODE), hart_at(CODE), hart_at(CODE)];
    for hart in &mut harts {
        let values =
            [(10, places[0]), (11, places[1]), (12, places[2]), (13, 3), (14, places[3]), (7, ROUNDS)];
        values.into_iter().for_each(|(register, value)| hart.set_x(register, value));
    }
    assert_eq!(beside(&machine, &mut harts, false, || ()), [SYSTEM_CALL; 3]);
    let word = |at| u64::from(machine.memory.get::<u32>(GuestAddr(at)).unwrap());
    let double = |at| machine.memory.get::<u64>(GuestAddr(at)).unwrap();
    let found = [word(places[0]), double(places[1]), word(places[2]), double(places[3])];
    assert_eq!(found, [3 * ROUNDS, 3 * ROUNDS, 9 * ROUNDS, ROUNDS]);
}

/// Peterson's lock: it holds if each hart's store to its flag comes before its load of the other's.
#[test]
fn stores_come_before_loads_where_the_guest_asks() {
    const ROUNDS: u64 = 100_000;
    const AQRL: u32 = 3 << 25;
    for [barrier, load] in [
        [encode(FENCE, 0, 0, 0, 0xff), encode(LW, 5, 12, 0, 0)],
        [encode(FENCE, 0, 0, 0, 0x12), encode(LW, 5, 12, 0, 0)],
        [addi(0, 0, 0), encode(LR_W, 5, 12, 0, 0) | AQRL],
    ] {
        let machine = Machine::new(&parcels(&[
            encode(SW, 0, 11, 13, 0),
            encode(SW, 0, 15, 14, 0),
            barrier,
            load,
            encode(BEQ, 0, 5, 0, 12),
            encode(LW, 6, 15, 0, 0),
            encode(BEQ, 0, 6, 14, -12),
            encode(LW, 7, 10, 0, 0),
            addi(7, 7, 1),
            encode(SW, 0, 10, 7, 0),
            encode(SW, 0, 11, 0, 0),
            addi(17, 17, -1),
            encode(BNE, 0, 17, 0, -48),
            ecall(),
        ]));
        let flags = [DATA, DATA + 0x100];
        let mut harts = [hart_at(CODE), hart_at(CODE)];
        for (me, hart) in harts.iter_mut().enumerate() {
            let other = 1 - me;
            let values =
                [(11, flags[me]), (12, flags[other]), (13, 1), (14, other as u64), (15, DATA + 0x200)];
            values.into_iter().for_each(|(register, value)| hart.set_x(register, value));
            hart.set_x(17, ROUNDS);
        }
        assert_eq!(beside(&machine, &mut harts, false, || ()), [SYSTEM_CALL; 2]);
        assert_eq!(machine.memory.get::<u32>(GuestAddr(DATA + 0x800)), Ok(2 * ROUNDS as u32));
    }
}

#[test]
fn a_forked_child_keeps_one_hart() {
    let machine = Machine::new(&parcels(&[ecall()]));
    let (first, second) = (Hart::new(), Hart::new());
    let seats = [machine.engine.enroll(&first), machine.engine.enroll(&second)];
    assert!(machine.engine.many.load(Ordering::Relaxed));
    machine.engine.quiesce().keep_only(seats[1]);
    assert!(!machine.engine.many.load(Ordering::Relaxed));
    machine.engine.dismiss(seats[1]);
}

/// Steps of [`far_apart`], each in a chunk of its own.
const STEPS: u64 = 100;
/// How many chunks the engine keeps that runs them.
const FEW: usize = 12;

/// Where its first step is, which lies highest: jumps backward are where harts come out.
const FIRST: u64 = CODE + 0x1000 + 512 * STEPS;

/// A program that adds 1 to `x5` in each of many chunks, and does so again `x6` times.
fn far_apart(unseen: Unseen) -> Machine {
    let mut machine = Machine::keeping(&[], unseen, FEW);
    for step in 0..STEPS {
        machine.write(FIRST - 512 * step, &parcels(&[addi(5, 5, 1), encode(JAL, 0, 0, 0, -516)]));
    }
    // A branch does not reach so far: it skips the jump back.
    let again = 512 * STEPS as i32 - 8;
    let end = [addi(6, 6, -1), encode(BEQ, 0, 6, 0, 8), encode(JAL, 0, 0, 0, again), ecall()];
    machine.write(FIRST - 512 * STEPS, &parcels(&end));
    machine.hart = hart_at(FIRST);
    machine
}

#[test]
fn slots_that_are_too_many_are_given_back() {
    for unseen in [Unseen::Execute, Unseen::Translate] {
        let mut machine = far_apart(unseen);
        machine.hart.set_x(6, 20);
        assert_eq!(machine.run(), SYSTEM_CALL);
        assert_eq!(machine.hart.x(5), 20 * STEPS);
        // One more for what the last block may jump to.
        assert!(machine.engine.code().chunks.len() <= FEW + 1);
    }
}

#[test]
fn breakpoints_outlive_slots() {
    let mut machine = far_apart(Unseen::Execute);
    let place = GuestAddr(FIRST - 512 * 50);
    machine.engine.insert_breakpoint(place);
    machine.hart.set_x(6, 5);
    for round in 0..5 {
        assert_eq!(machine.run(), Exit::Breakpoint, "{round}");
        assert_eq!((machine.hart.pc, machine.hart.x(5)), (place, STEPS * round + 50));
        assert_eq!(machine.engine.step(&mut machine.hart), Exit::Stepped);
    }
    assert_eq!(machine.run(), SYSTEM_CALL);
}

#[test]
fn harts_beside_one_another_give_slots_back() {
    let machine = far_apart(Unseen::Translate);
    let mut harts = [(); 3].map(|()| {
        let mut hart = hart_at(FIRST);
        hart.set_x(6, 200);
        hart
    });
    assert_eq!(beside(&machine, &mut harts, false, || ()), [SYSTEM_CALL; 3]);
    assert_eq!(harts.map(|hart| hart.x(5)), [200 * STEPS; 3]);
}

#[test]
fn a_fence_forgets_what_was_written_and_keeps_the_rest() {
    let mut machine = Machine::new(&parcels(&[addi(5, 0, 1), addi(6, 5, 1), ecall()]));
    let undecoded = super::exits::undecoded as *const () as usize;
    assert_eq!(machine.run(), SYSTEM_CALL);
    let handlers = |machine: &Machine| [0, 4, 8].map(|at| machine.engine.slots.handler(CODE + at));
    let before = handlers(&machine);
    machine.engine.invalidate_written();
    assert_eq!(handlers(&machine), before);
    // Code that is appended in the same chunk.
    machine.write(CODE + 12, &parcels(&[ecall()]));
    machine.engine.invalidate_written();
    assert_eq!(handlers(&machine), before);
    machine.write(CODE + 8, &parcels(&[addi(7, 0, 3)]));
    machine.engine.invalidate_written();
    assert_eq!(handlers(&machine)[2], undecoded);
    machine.hart.pc = GuestAddr(CODE);
    assert_eq!((machine.run(), machine.hart.x(7), machine.hart.pc.0), (SYSTEM_CALL, 3, CODE + 12));
}

#[test]
fn a_fence_finds_code_that_was_changed_back() {
    let mut machine = Machine::new(&parcels(&[addi(5, 0, 1), addi(6, 0, 1), ecall()]));
    assert_eq!(machine.run(), SYSTEM_CALL);
    // Decoded as something else from its middle on, then as it was.
    machine.engine.invalidate(GuestAddr(CODE + 4), 4);
    machine.write(CODE + 4, &parcels(&[addi(6, 0, 2)]));
    machine.hart.pc = GuestAddr(CODE + 4);
    assert_eq!((machine.run(), machine.hart.x(6)), (SYSTEM_CALL, 2));
    machine.write(CODE + 4, &parcels(&[addi(6, 0, 1)]));
    machine.engine.invalidate_written();
    machine.hart.pc = GuestAddr(CODE);
    assert_eq!((machine.run(), machine.hart.x(6)), (SYSTEM_CALL, 1));
}

#[test]
fn a_store_below_a_stack_lets_it_grow() {
    let mut machine = Machine::new(&parcels(&[encode(SD, 0, 11, 12, 0), encode(LD, 5, 11, 0, 0), ecall()]));
    let top = GuestAddr(DATA + 0x80_0000);
    let mut request = Mapping::anonymous(0x1000, Prot::READ_WRITE).at(top);
    request.flags |= flags::GROWSDOWN;
    machine.memory.map(&request).unwrap();
    machine.hart.set_x(11, top.0 - 0x5008);
    machine.hart.set_x(12, 77);
    assert_eq!((machine.run(), machine.hart.x(5)), (SYSTEM_CALL, 77));
}

/// A page that the map allows and the host refuses.
#[test]
fn a_guard_inside_a_mapping_is_a_protection() {
    const MADV_GUARD_INSTALL: i32 = 102;
    let mut machine = Machine::new(&parcels(&[encode(SD, 0, 10, 12, 0), ecall()]));
    if machine.memory.advise(GuestAddr(DATA), 0x1000, MADV_GUARD_INSTALL).is_err() {
        return;
    }
    let addr = GuestAddr(DATA + 0x800);
    let fault = Trap::Fault { addr, access: Access::Write, kind: FaultKind::Protection };
    assert_eq!((machine.run(), machine.hart.pc.0), (Exit::Trap(fault), CODE));
}

#[test]
fn slots_can_be_opened_as_they_are_needed() {
    let slots = super::slot::Slots::reserve_closed(1 << 32).unwrap();
    for chunk in [0, 0x1_0000 - 512, 0x1_0000, (1 << 32) - 512, 1 << 32] {
        assert_eq!(slots.handler(chunk), 0);
        slots.fill(chunk, super::exits::undecoded);
        assert_ne!(slots.handler(chunk), 0);
    }
}

/// The numbers of `x5` and `x6` are how often the loop and what is before it were executed.
fn unseen_loop() -> Machine {
    let count = [addi(6, 6, 1), addi(5, 5, 1), addi(7, 7, -1), encode(BNE, 0, 7, 0, -8), ecall()];
    Machine::of_process(&parcels(&count))
}

#[test]
fn what_is_executed_twice_is_not_translated() {
    let mut machine = unseen_loop();
    let fields = |machine: &Machine| [0, 4, 8, 12, 16].map(|at| machine.engine.slots.fields(CODE + at));
    for _ in 0..2 {
        machine.hart.set_x(7, 1);
        machine.hart.pc = GuestAddr(CODE);
        assert_eq!((machine.run(), machine.hart.pc.0), (SYSTEM_CALL, CODE + 16));
        // Nor is there a slot for it.
        assert_eq!([0, 4, 8, 12, 16].map(|at| machine.engine.slots.handler(CODE + at)), [0; 5]);
        assert_eq!(machine.hart.instret, 0);
    }
    machine.hart.set_x(7, 100);
    machine.hart.pc = GuestAddr(CODE);
    assert_eq!((machine.run(), machine.hart.pc.0), (SYSTEM_CALL, CODE + 16));
    assert_eq!((machine.hart.x(5), machine.hart.x(6)), (102, 3));
    assert!(!fields(&machine)[..4].contains(&super::slot::FRESH));
}

#[test]
fn unseen_code_stops_at_breakpoints_and_watched_accesses() {
    let mut machine = unseen_loop();
    machine.hart.set_x(7, 3);
    machine.engine.insert_breakpoint(GuestAddr(CODE + 8));
    assert_eq!((machine.run(), machine.hart.pc.0), (Exit::Breakpoint, CODE + 8));
    assert_eq!((machine.hart.x(5), machine.hart.x(6)), (1, 1));
    machine.engine.remove_breakpoint(GuestAddr(CODE + 8));
    assert_eq!((machine.run(), machine.hart.x(5)), (SYSTEM_CALL, 3));

    let mut machine = Machine::of_process(&parcels(&[addi(5, 5, 1), encode(SD, 0, 10, 5, 0), ecall()]));
    assert!(machine.engine.insert_watchpoint(DATA + 0x800, DATA + 0x808, watch::WRITES));
    assert!(matches!(machine.run(), Exit::Watched { addr: GuestAddr(addr), .. } if addr == DATA + 0x800));
    assert_eq!((machine.hart.pc.0, machine.hart.x(5)), (CODE + 4, 1));
}

#[test]
fn unseen_code_may_change_and_fault_where_it_stands() {
    let store =
        [addi(5, 5, 1), encode(SW, 0, 11, 12, 0), encode(FENCE_I, 0, 0, 0, 0), addi(5, 5, 1), ecall()];
    let mut machine = Machine::of_process(&parcels(&store));
    machine.hart.set_x(11, READ_ONLY);
    machine.hart.set_x(12, addi(5, 5, 7).into());
    let addr = GuestAddr(READ_ONLY);
    let fault = Trap::Fault { addr, access: Access::Write, kind: FaultKind::Protection };
    assert_eq!((machine.run(), machine.hart.pc.0, machine.hart.x(5)), (Exit::Trap(fault), CODE + 4, 1));
    machine.hart.set_x(11, CODE + 12);
    assert_eq!((machine.run(), machine.hart.pc.0, machine.hart.x(5)), (SYSTEM_CALL, CODE + 16, 8));
    let mut machine = Machine::of_process(&[0, 0]);
    assert_eq!((machine.run(), machine.hart.pc.0), (Exit::Trap(Trap::IllegalInstruction(0)), CODE));
}
