//! Pairs: two instructions in one handler.
//!
//! A pair saves a dispatch, and hands the first result to the second instruction in a host register when it reads it. The
//! lists below are the only place where the engine names instructions: they were chosen by counting what follows what in
//! compiled programs. Every slot of a pair keeps its own fields and its own handler, so a jump to the second finds it, and
//! pairs may overlap: whichever slot execution comes to, the best group from there on is in it.
#![allow(unsafe_code, reason = "pairs are handlers")]

use super::exits::{fetch_fault, illegal, window_fault};
use super::handler::{
    BACKWARD, LINK, LINK_OTHER, RA, backward, destination_of, go, go_back, has_result, immediate, in_place,
    jump, kind, leave, links, next, pc, read, reads, returns, sources, straight_effect, with_zero,
    write_link,
};
use super::run::Run;
use super::slot::{Behind, Free, Handler, Here, Operands, Slot};
use crate::hart::SINK;
use crate::isa::rv64c::compressible;
use crate::isa::rv64d::{FLD, FSD};
use crate::isa::rv64i::*;
use crate::isa::rv64m::{MUL, MULW};
use crate::isa::zba::{SH2ADD, SH3ADD};
use crate::isa::{self, COUNT, Insn, Kind, Op};

/// A pair that the lists have.
pub(super) struct Pair {
    /// Its handlers in all modes. They are many, and lie far apart: only one that is taken is looked at.
    handlers: &'static [Handler; 8],
    mode: usize,
    /// Whether it saves the second from waiting for the first's result to come back from memory.
    pub forwards: bool,
}

impl Pair {
    /// Its handler.
    pub fn handler(&self) -> Handler {
        self.handlers[self.mode]
    }
}

/// The pair of two instructions, the second right behind the first, if the lists have it.
pub(super) fn pair(first: &Insn, second: &Insn) -> Option<Pair> {
    // A first branch is not asked to poll.
    if matches!(kind(first.op), Kind::Branch) && backward(first) != 0 || !fusible(first) || !fusible(second) {
        return None;
    }
    if matches!(kind(second.op), Kind::Jal | Kind::Jalr) && links(second) == LINK_OTHER {
        return None;
    }
    let row = usize::from(ROW_OF[usize::from(first.op)]);
    let place = usize::from(PLACES.get(row)?[usize::from(second.op)]);
    let table = PAIRS[row].get(place)?;
    let mode = mode(first, second);
    let forwards = match kind(second.op) {
        Kind::Jal => false,
        Kind::Jalr => mode & FORWARD_A != 0,
        _ => mode & (FORWARD_A | FORWARD_B) != 0,
    };
    let handlers = &table[usize::from(first.len / 2 - 1)][usize::from(second.len / 2 - 1)];
    Some(Pair { handlers, mode, forwards })
}

/// The same instruction in the form that has fewer operands, if there is one.
pub(super) fn simplest(insn: Insn) -> Insn {
    match insn.op {
        // Computed for nobody.
        _ if usize::from(insn.rd) == SINK && matches!(kind(insn.op), Kind::Value) => {
            Insn { op: LUI, rs1: 0, rs2: 0, imm: 0, ..insn }
        }
        // `li`.
        ADDI if insn.rs1 == 0 => Insn { op: LUI, ..insn },
        // `mv`, as C has it.
        ADD if insn.rs1 == 0 => Insn { op: ADDI, rs1: insn.rs2, rs2: 0, ..insn },
        ADD if insn.rs2 == 0 => Insn { op: ADDI, ..insn },
        _ => insn,
    }
}

/// Whether pairs have the instruction's length: compressed only if C itself has it so.
fn fusible(insn: &Insn) -> bool {
    static COMPRESSIBLE: [bool; COUNT] = {
        let mut all = [false; COUNT];
        let mut op = 0;
        while op < COUNT {
            all[op] = compressible(op as Op, false);
            op += 1;
        }
        all
    };
    insn.len == 4 || COMPRESSIBLE[usize::from(insn.op)]
}

/// All pairs of the lists.
#[cfg(test)]
pub(super) fn listed() -> impl Iterator<Item = (Op, Op)> {
    let of_row =
        |(row, &first): (&'static &'static [Op], &'static Op)| row.iter().map(move |&second| (first, second));
    SECONDS.iter().zip(FIRSTS).flat_map(of_row)
}

/// Which mode of a pair: what of the first's result the second reads, and what else can be known of the second.
fn mode(first: &Insn, second: &Insn) -> usize {
    let forward = match (second.rs1 == first.rd, second.rs2 == first.rd) {
        (true, false) => FORWARD_A,
        (false, true) => FORWARD_B,
        // Both is rare: then the registers serve.
        _ => 0,
    };
    match kind(second.op) {
        Kind::Branch => forward | (FLAG * backward(second)),
        Kind::Jal => backward(second) | links(second),
        Kind::Jalr if returns(second) != 0 => forward & FORWARD_A | RETURNS,
        Kind::Jalr => forward & FORWARD_A | (FLAG * usize::from(links(second) != 0)),
        Kind::Value if forward != 0 && first.rd == second.rd => forward | FLAG,
        _ => forward,
    }
}

/// The second's `rs1` is the first's result.
const FORWARD_A: usize = 1;
/// The second's `rs2` is.
const FORWARD_B: usize = 2;
/// Of a `jalr`: it is a return.
const RETURNS: usize = 2;
/// Of a value: it replaces the first's result, which is not written. Of a branch: it goes backward. Of a `jalr`: it links.
const FLAG: usize = 4;

/// The handlers of a pair of ops: by the lengths of both, and by mode.
type Table = [[[Handler; 8]; 2]; 2];

macro_rules! pairs {
    ($( [$($first:ident)*] $seconds:tt )*) => {
        static PAIRS: &[&[Table]] = &[$( $( pairs!(@row $first $seconds), )* )*];
        /// What may come second.
        const SECONDS: &[&[Op]] = &[$( $( pairs!(@seconds $first $seconds), )* )*];
        const FIRSTS: &[Op] = &[$( $( $first, )* )*];
    };
    (@row $first:ident [$($second:ident)*]) => { &[$( table::<$first, $second>(), )*] };
    (@seconds $first:ident [$($second:ident)*]) => { &[$( $second, )*] };
}

pairs! {
    [ADDI] [ADDI ADD ADDIW ADDW LUI AUIPC AND ANDI OR XOR SUB SUBW SLLI SRLI SLLIW SLTU MUL MULW
            LD LW LBU LHU LH LB FLD SD SW SB SH FSD BEQ BNE BLT BGE BLTU BGEU JAL JALR]
    [LUI] [LUI AUIPC ADDI ADD ADDIW SUB AND OR XOR SLLI LD LW LBU SD SW SB BEQ BNE BLT BGE BLTU BGEU JAL JALR]
    [ADD] [ADDI LUI ADD ADDIW AND OR XOR XORI SUB SLLI SRLI SRAI SLTU
           LD LW LBU LHU LH LB FLD SD SW SB SH FSD BEQ BNE BLT BGE BLTU BGEU JAL JALR]
    [LD] [ADDI LUI AUIPC ADDIW ADD AND ANDI OR XOR SUB SLLI LD LW LBU FLD SD SW BEQ BNE BLT BGE BLTU BGEU JAL JALR]
    [LW] [ADDI LUI ADDIW ADD ADDW SUBW SUB AND ANDI OR XOR SLLI SLLIW SRLIW MULW MUL SLT LD LW SD SW BEQ BNE BLT BGE BLTU BGEU]
    [LBU] [ADDI LUI ADDIW ADD ADDW AND ANDI OR XOR SLLI SLLIW SRLIW SUBW LBU LD SB BEQ BNE BLTU BGEU]
    [LHU LH LB LWU] [ADDI LUI ADD ADDW AND ANDI XOR SLLI SRLIW MULW LH LHU SH BEQ BNE BLT BGE]
    [SD SW SB] [ADDI LUI ADDIW ADD ANDI LD LW LBU SD SW SB BEQ BNE BLT BLTU JAL JALR]
    [SH] [ADDI LUI SH BNE BEQ]
    [FLD] [FLD ADDI LUI ADD FSD]
    [FSD] [FSD ADDI LUI FLD BNE]
    [ADDIW] [ADDIW ADDI LUI ADD ADDW AND ANDI OR XOR SUB SLLI SRLI SLLIW SRLIW SUBW SLTU MULW
             LBU SD SW SB BEQ BNE BLT BGE BLTU BGEU JAL JALR]
    [ADDW SUBW] [ADDIW ADDI LUI ADD ADDW AND ANDI OR XOR SLLI SLLIW SRLIW SRAIW LBU SB SW SD BNE BEQ BLT BGE BGEU JALR]
    [SUB] [ADDI LUI ADD AND ANDI SRAI SRLI SLLI SLTU SD BEQ BNE BLT BGE JALR]
    [AND ANDI] [ADDI LUI ADD ADDIW ADDW AND ANDI OR XOR SLLI SRLI SRLIW SLLIW SUB BEQ BNE BLTU BGEU JALR SW SB SD]
    [OR XOR XORI] [ADDI LUI ADD ADDIW ADDW AND ANDI OR XOR XORI SLLI SRLI SLLIW SRLIW MUL SW SD SB BEQ BNE JAL]
    [SLLI] [ADD ADDI LUI SUB ADDIW SRLI SRAI OR XOR AND ANDI SLLI LD LBU BLT BGE]
    [SRLI] [ADD ADDI LUI ADDIW AND ANDI OR XOR SLLI SRLI BEQ BNE SB]
    [SRAI] [ADD ADDI LUI SUB ANDI BEQ BNE]
    [SLLIW] [ADDW ADDI ADD OR XOR SRLIW SLLIW SRAIW ADDIW SUBW]
    [SRLIW] [ADDW ADD ADDI LUI ADDIW OR XOR AND ANDI SLLI SLLIW SRLIW SB BNE BEQ]
    [SRAIW] [ADDW ADDI LUI AND ANDI SLLI SUBW BNE]
    [SLL SRL SRA] [ADD AND ANDI OR XOR SLL SRL]
    [SLT SLTU SLTIU] [ADD ADDI ADDW LUI SUBW SUB SLT AND OR XORI SD BEQ BNE]
    [MUL MULW] [ADD ADDW ADDI ADDIW LUI SRLI SLLI MUL BNE]
    [SH2ADD SH3ADD] [LW LD]
    [AUIPC] [ADDI LD LW JALR]
    [BEQ BNE] [ADDI ADD ADDIW LUI AUIPC LD LW LBU SD SW SLLI SLLIW AND ANDI XOR SUB BEQ BNE BLT BGE BLTU BGEU JAL]
    [BLT BGE BLTU BGEU] [ADDI LUI ADD ADDIW LD LW LBU SD SW SLLI BEQ BNE BLT BGE BLTU BGEU JAL]
}

/// Where the pairs that begin with an op are.
static ROW_OF: [u8; COUNT] = {
    let mut rows = [u8::MAX; COUNT];
    let mut n = 0;
    while n < FIRSTS.len() {
        rows[FIRSTS[n] as usize] = n as u8;
        n += 1;
    }
    rows
};

/// Where in a row of [`PAIRS`] an op has its table as the second one, or more than any row has.
static PLACES: [[u8; COUNT]; FIRSTS.len()] = {
    let mut places = [[u8::MAX; COUNT]; FIRSTS.len()];
    let mut row = 0;
    while row < FIRSTS.len() {
        let mut n = 0;
        while n < SECONDS[row].len() {
            places[row][SECONDS[row][n] as usize] = n as u8;
            n += 1;
        }
        row += 1;
    }
    places
};

const fn table<const A: Op, const B: Op>() -> Table {
    [[lengths::<A, B, 1, 1>(), lengths::<A, B, 1, 2>()], [lengths::<A, B, 2, 1>(), lengths::<A, B, 2, 2>()]]
}

const fn lengths<const A: Op, const B: Op, const LA: usize, const LB: usize>() -> [Handler; 8] {
    if LA == 1 && !compressible(A, false) || LB == 1 && !compressible(B, false) {
        return [illegal; 8];
    }
    let mut modes: [Handler; 8] = [fused::<A, B, LA, LB, 0>; 8];
    match kind(B) {
        Kind::Jal => {
            modes[BACKWARD] = fused::<A, B, LA, LB, BACKWARD>;
            modes[LINK] = fused::<A, B, LA, LB, LINK>;
            modes[LINK | BACKWARD] = fused::<A, B, LA, LB, { LINK | BACKWARD }>;
            return modes;
        }
        Kind::Auipc => return modes,
        _ if B == LUI => return modes,
        _ => {}
    }
    if matches!(kind(B), Kind::Branch | Kind::Jalr) {
        modes[FLAG] = fused::<A, B, LA, LB, FLAG>;
    }
    if matches!(kind(B), Kind::Jalr) {
        modes[RETURNS] = fused::<A, B, LA, LB, RETURNS>;
    }
    if !has_result(A) {
        return modes;
    }
    modes[FORWARD_A] = fused::<A, B, LA, LB, FORWARD_A>;
    let flagged = matches!(kind(B), Kind::Value | Kind::Branch | Kind::Jalr);
    if flagged {
        modes[FORWARD_A | FLAG] = fused::<A, B, LA, LB, { FORWARD_A | FLAG }>;
    }
    if matches!(kind(B), Kind::Jalr) {
        modes[FORWARD_A | RETURNS] = fused::<A, B, LA, LB, { FORWARD_A | RETURNS }>;
    }
    if matches!(kind(B), Kind::Value) && !immediate(B) || matches!(kind(B), Kind::Branch | Kind::Store(_)) {
        modes[FORWARD_B] = fused::<A, B, LA, LB, FORWARD_B>;
        if flagged {
            modes[FORWARD_B | FLAG] = fused::<A, B, LA, LB, { FORWARD_B | FLAG }>;
        }
    }
    modes
}

unsafe extern "sysv64" fn fused<
    const A: Op,
    const B: Op,
    const LA: usize,
    const LB: usize,
    const MODE: usize,
>(
    s: *const Slot,
    x: *mut u64,
    size: u64,
    _: Free,
    m: *mut u8,
    run: *mut Run,
) -> *const Slot {
    // SAFETY: as in the handlers of single instructions; the slot of the second instruction has its fields.
    unsafe {
        let operands = if const { with_zero(A, LA) } {
            Operands::single::<Here>(s)
        } else {
            Operands::all::<Here>(s, const { reads(A, 0) })
        };
        let values = sources(A, LA, operands, x);
        if const { matches!(kind(A), Kind::Branch) } && isa::branch(A, values[0], values[1]) {
            jump!(0, s, x, size, m, run)
        }
        let first = match straight_effect::<Here>(A, s, size, m, run, values) {
            Ok(first) => first,
            Err(addr) => return leave!(window_fault(s, x, size, addr, m, run)),
        };
        let dead = const { MODE & FLAG != 0 && matches!(kind(B), Kind::Value) };
        if const { has_result(A) } && !dead {
            *x.add(destination_of(A, LA, operands)) = first;
        }
        // Of a branch that knows one of its values, or a jump, there is at most one field to load.
        let known = MODE & (FORWARD_A | FORWARD_B) != 0;
        let few = matches!(kind(B), Kind::Branch | Kind::Jalr) && known
            || matches!(kind(B), Kind::Jal)
            || with_zero(B, LB);
        let operands = if few {
            Operands::single::<Behind<LA>>(s)
        } else {
            let rs1 = reads(B, 0) && (MODE & FORWARD_A == 0 || in_place(B, LB));
            Operands::all::<Behind<LA>>(s, rs1)
        };
        let first_slot = s;
        let s = s.add(LA);
        let [a, b, imm] = sources(B, LB, operands, x);
        let a = if MODE & FORWARD_A != 0 { first } else { a };
        let b = if MODE & FORWARD_B != 0 { first } else { b };
        match const { kind(B) } {
            Kind::Branch => {
                if isa::branch(B, a, b) {
                    jump!(if MODE & FLAG != 0 { BACKWARD } else { 0 }, s, x, size, m, run)
                }
                next!(s.add(LB), x, size, m, run)
            }
            Kind::Jal => {
                write_link!(MODE, s, s.add(LB), x, run);
                jump!(MODE & BACKWARD, s, x, size, m, run)
            }
            Kind::Jalr => {
                if MODE & RETURNS != 0 {
                    let a = if MODE & FORWARD_A != 0 { first } else { *x.add(RA) };
                    return go_back!(a.wrapping_add(imm) & !1, s, x, size, m, run);
                }
                write_link!(if MODE & FLAG != 0 { LINK } else { 0 }, s, s.add(LB), x, run);
                go!(a.wrapping_add(imm) & !1, s, x, size, m, run)
            }
            _ => match straight_effect::<Behind<LA>>(B, first_slot, size, m, run, [a, b, imm]) {
                Ok(second) => {
                    if const { has_result(B) } {
                        *x.add(destination_of(B, LB, operands)) = second;
                    }
                    next!(s.add(LB), x, size, m, run)
                }
                Err(addr) => leave!(window_fault(s, x, size, addr, m, run)),
            },
        }
    }
}
