//! C, compressed instructions (unprivileged manual, chapter "C"): each row expands to an instruction of another table, two
//! bytes long, so the engine meets no new operations.
//!
//! Where the patterns of two rows overlap the earlier decides, also when it finds the encoding reserved. HINTs need no
//! rows: they expand to instructions that write `x0` or change nothing. There is no `c.flw` on RV64.
//!
//! The tables of other extensions' compressed instructions are written as this one is, and joined with it here.

use super::decode::{bare, f, x_rd};
use super::extension::Extensions;
use super::{Insn, Op, rv64d, rv64i, zcb, zcmop, zihintntl};

/// Writes [`Format`]: the operands of the expansion, and as the disassembler spells them under the compressed name.
macro_rules! formats {
    ($( $name:ident $expansion:literal $spelled:literal; )*) => {
        /// What the operands of a compressed instruction are, as those of the instruction it expands to. `p` is one of
        /// the registers 8 to 15, named by the three bits 9:7, `q` one named by 4:2; `full` is any, at 11:7, `low` any,
        /// at 6:2.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Format {
            $( #[doc = concat!("`", $expansion, "`.")] $name, )*
        }

        impl Format {
            /// The operands that the expansion has.
            #[must_use]
            pub const fn expansion(self) -> &'static str {
                match self { $( Format::$name => $expansion, )* }
            }

            /// How the operands are spelled, in the letters of the disassembler.
            pub(super) const fn spelled(self) -> &'static str {
                match self { $( Format::$name => $spelled, )* }
            }
        }
    };
}

formats! {
    StackAddress "q, sp, imm" "d,s,i";
    LoadWord "q, imm(p)" "d,i(s)";
    LoadDouble "q, imm(p)" "d,i(s)";
    LoadFloat "fq, imm(p)" "d,i(s)";
    StoreWord "q, imm(p)" "t,i(s)";
    StoreDouble "q, imm(p)" "t,i(s)";
    StoreFloat "fq, imm(p)" "t,i(s)";
    Hint "x0, x0, imm" "i";
    Immediate "full, full, imm" "d,i";
    LoadImmediate "full, x0, imm" "d,i";
    StackAdjust "sp, sp, imm" "d,i";
    LoadUpper "full, imm" "d,u";
    ShiftRight "p, p, shamt" "d,x";
    AndImmediate "p, p, imm" "d,i";
    Arithmetic "p, p, q" "d,t";
    Jump "x0, target" "p";
    Branch "p, x0, target" "s,p";
    ShiftLeft "full, full, shamt" "d,x";
    PopWord "full, imm(sp)" "d,i(s)";
    PopDouble "full, imm(sp)" "d,i(s)";
    PopFloat "ffull, imm(sp)" "d,i(s)";
    PushWord "low, imm(sp)" "t,i(s)";
    PushDouble "low, imm(sp)" "t,i(s)";
    PushFloat "flow, imm(sp)" "t,i(s)";
    JumpRegister "x0, 0(full)" "s";
    CallRegister "ra, 0(full)" "s";
    Move "full, x0, low" "d,t";
    Add "full, full, low" "d,t";
    NoOperands "x0, x0, 0" "";
    LoadByte "q, imm(p)" "d,i(s)";
    LoadHalf "q, imm(p)" "d,i(s)";
    StoreByte "q, imm(p)" "t,i(s)";
    StoreHalf "q, imm(p)" "t,i(s)";
    Unary "p, p" "d";
    ZeroExtendByte "p, p, 255" "d";
    ZeroExtendWord "p, p, x0" "d";
    Not "p, p, -1" "d";
    Bare "" "";
}

/// What else an encoding must satisfy, lest it is reserved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unless {
    /// Nothing is reserved.
    Never,
    /// Reserved when the immediate is 0.
    NoImmediate,
    /// Reserved when register `full` is `x0`.
    NoRegister,
}

impl Unless {
    /// When an encoding is reserved, for the documentation.
    #[must_use]
    pub const fn describe(self) -> &'static str {
        match self {
            Unless::Never => "",
            Unless::NoImmediate => "`imm` is 0",
            Unless::NoRegister => "`full` is `x0`",
        }
    }
}

/// One compressed instruction as the table has it.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// As the assembler spells it.
    pub name: &'static str,
    /// The extension it belongs to.
    pub extension: &'static str,
    /// The same, as a set.
    pub needed: Extensions,
    /// The pattern, most significant bit first.
    pub pattern: &'static str,
    /// Bits that the pattern fixes.
    pub mask: u16,
    /// What they must be.
    pub bits: u16,
    /// Its operands.
    pub format: Format,
    /// When it is reserved.
    pub reserved: Unless,
    /// What it expands to.
    pub op: Op,
}

/// Writes an extension's table of compressed instructions: `HALVES`, an earlier one before a later one.
macro_rules! compressed {
    (
        extension $extension:literal;
        $( $name:literal $pattern:literal $format:ident $( unless $reserved:ident )? => $op:expr; )*
    ) => {
        /// This extension's compressed instructions.
        pub const HALVES: &[$crate::isa::rv64c::Row] = &[ $( {
            const PARSED: (u32, u32) = $crate::isa::table::parse($pattern, 16);
            $crate::isa::rv64c::Row {
                name: $name,
                extension: $extension,
                needed: $crate::isa::extension::only($extension),
                pattern: $pattern,
                mask: PARSED.0 as u16,
                bits: PARSED.1 as u16,
                format: $crate::isa::rv64c::Format::$format,
                reserved: compressed!(@reserved $($reserved)?),
                op: $op,
            }
        }, )* ];
    };
    (@reserved) => { $crate::isa::rv64c::Unless::Never };
    (@reserved $reserved:ident) => { $crate::isa::rv64c::Unless::$reserved };
}

compressed! {
    extension "C";

    "c.addi4spn" "000 ........ ... 00" StackAddress unless NoImmediate => rv64i::ADDI;
    "c.fld" "001 ... ... .. ... 00" LoadFloat => rv64d::FLD;
    "c.lw" "010 ... ... .. ... 00" LoadWord => rv64i::LW;
    "c.ld" "011 ... ... .. ... 00" LoadDouble => rv64i::LD;
    "c.fsd" "101 ... ... .. ... 00" StoreFloat => rv64d::FSD;
    "c.sw" "110 ... ... .. ... 00" StoreWord => rv64i::SW;
    "c.sd" "111 ... ... .. ... 00" StoreDouble => rv64i::SD;

    "c.nop" "000 0 00000 00000 01" NoOperands => rv64i::ADDI;
    "c.nop" "000 . 00000 ..... 01" Hint => rv64i::ADDI;
    "c.addi" "000 . ..... ..... 01" Immediate => rv64i::ADDI;
    "c.addiw" "001 . ..... ..... 01" Immediate unless NoRegister => rv64i::ADDIW;
    "c.li" "010 . ..... ..... 01" LoadImmediate => rv64i::ADDI;
    "c.addi16sp" "011 . 00010 ..... 01" StackAdjust unless NoImmediate => rv64i::ADDI;
    "c.lui" "011 . ..... ..... 01" LoadUpper unless NoImmediate => rv64i::LUI;
    "c.srli" "100 . 00 ... ..... 01" ShiftRight => rv64i::SRLI;
    "c.srai" "100 . 01 ... ..... 01" ShiftRight => rv64i::SRAI;
    "c.andi" "100 . 10 ... ..... 01" AndImmediate => rv64i::ANDI;
    "c.sub" "100 0 11 ... 00 ... 01" Arithmetic => rv64i::SUB;
    "c.xor" "100 0 11 ... 01 ... 01" Arithmetic => rv64i::XOR;
    "c.or" "100 0 11 ... 10 ... 01" Arithmetic => rv64i::OR;
    "c.and" "100 0 11 ... 11 ... 01" Arithmetic => rv64i::AND;
    "c.subw" "100 1 11 ... 00 ... 01" Arithmetic => rv64i::SUBW;
    "c.addw" "100 1 11 ... 01 ... 01" Arithmetic => rv64i::ADDW;
    "c.j" "101 ........... 01" Jump => rv64i::JAL;
    "c.beqz" "110 ... ... ..... 01" Branch => rv64i::BEQ;
    "c.bnez" "111 ... ... ..... 01" Branch => rv64i::BNE;

    "c.slli" "000 . ..... ..... 10" ShiftLeft => rv64i::SLLI;
    "c.fldsp" "001 . ..... ..... 10" PopFloat => rv64d::FLD;
    "c.lwsp" "010 . ..... ..... 10" PopWord unless NoRegister => rv64i::LW;
    "c.ldsp" "011 . ..... ..... 10" PopDouble unless NoRegister => rv64i::LD;
    "c.jr" "100 0 ..... 00000 10" JumpRegister unless NoRegister => rv64i::JALR;
    "c.mv" "100 0 ..... ..... 10" Move => rv64i::ADD;
    "c.ebreak" "100 1 00000 00000 10" Bare => rv64i::EBREAK;
    "c.jalr" "100 1 ..... 00000 10" CallRegister => rv64i::JALR;
    "c.add" "100 1 ..... ..... 10" Add => rv64i::ADD;
    "c.fsdsp" "101 ...... ..... 10" PushFloat => rv64d::FSD;
    "c.swsp" "110 ...... ..... 10" PushWord => rv64i::SW;
    "c.sdsp" "111 ...... ..... 10" PushDouble => rv64i::SD;
}

/// The tables of other extensions. Some of their encodings are special cases of those of C.
const OTHERS: [&[Row]; 3] = [zihintntl::HALVES, zcmop::HALVES, zcb::HALVES];
const COUNT: usize = HALVES.len() + OTHERS[0].len() + OTHERS[1].len() + OTHERS[2].len();

/// Every compressed instruction, by the buckets that [`expand`] looks into; an earlier one goes before a later one.
pub static COMPRESSED: [Row; COUNT] = MERGED;
const MERGED: [Row; COUNT] = {
    let mut rows = [HALVES[0]; COUNT];
    let (mut n, mut wanted) = (0, 0);
    while wanted < 32 {
        n = copy(HALVES, wanted, Some(false), &mut rows, n);
        let mut other = 0;
        while other < OTHERS.len() {
            n = copy(OTHERS[other], wanted, None, &mut rows, n);
            other += 1;
        }
        n = copy(HALVES, wanted, Some(true), &mut rows, n);
        wanted += 1;
    }
    rows
};

/// Appends the rows of a bucket; all, or only those that are the general case of another table's, or are not.
const fn copy(
    from: &[Row],
    wanted: usize,
    general: Option<bool>,
    to: &mut [Row; COUNT],
    mut n: usize,
) -> usize {
    let mut row = 0;
    while row < from.len() {
        let fits = match general {
            Some(general) => covers_others(&from[row]) == general,
            None => true,
        };
        if bucket(from[row].bits) == wanted && fits {
            to[n] = from[row];
            n += 1;
        }
        row += 1;
    }
    n
}

const fn covers_others(row: &Row) -> bool {
    let mut other = 0;
    while other < OTHERS.len() {
        let mut n = 0;
        while n < OTHERS[other].len() {
            let special = &OTHERS[other][n];
            if special.mask & row.mask == row.mask && special.bits & row.mask == row.bits {
                return true;
            }
            n += 1;
        }
        other += 1;
    }
    false
}

/// Whether an instruction of C expands to the op; with `any`, whether any compressed one does.
#[must_use]
pub const fn compressible(op: Op, any: bool) -> bool {
    let mut n = 0;
    while n < COUNT {
        if MERGED[n].op == op && (any || MERGED[n].extension.len() == 1) {
            return true;
        }
        n += 1;
    }
    false
}

/// The row that decides about an encoding, and its expansion.
#[must_use]
pub fn expand(half: u16, extensions: Extensions) -> Option<(&'static Row, Insn)> {
    let bucket = bucket(half);
    let rows = &COMPRESSED[STARTS[bucket] as usize..STARTS[bucket + 1] as usize];
    let row = rows.iter().find(|row| half & row.mask == row.bits && extensions.allow_compressed(row))?;
    let insn = operands(row, half);
    let legal = match row.reserved {
        Unless::Never => true,
        Unless::NoImmediate => insn.imm != 0,
        Unless::NoRegister => half >> 7 & 31 != 0,
    };
    legal.then_some((row, insn))
}

/// Quadrant (bits 1:0) and `funct3` (bits 15:13).
const fn bucket(half: u16) -> usize {
    ((half & 3) << 3 | half >> 13) as usize
}

/// The rows of bucket `n` are those from `STARTS[n]` to `STARTS[n + 1]`.
static STARTS: [u8; 33] = {
    let mut starts = [0; 33];
    let mut row = 0;
    while row < COMPRESSED.len() {
        assert!(COMPRESSED[row].mask & 0xe003 == 0xe003, "a row fixes its bucket");
        starts[bucket(COMPRESSED[row].bits) + 1] = row as u8 + 1;
        row += 1;
    }
    let mut bucket = 1;
    while bucket < 33 {
        if starts[bucket] < starts[bucket - 1] {
            starts[bucket] = starts[bucket - 1];
        }
        bucket += 1;
    }
    starts
};

/// Takes the operands out (unprivileged manual, "Compressed Instruction Formats").
fn operands(row: &Row, half: u16) -> Insn {
    const SP: u8 = 2;
    let insn = bare(row.op, 2);
    let half = half as u32;
    let full = half >> 7 & 31;
    let low = half >> 2 & 31;
    let (p, q) = (8 + (half >> 7 & 7), 8 + low % 8);
    let (x_full, x_low, x_p, x_q) = (full as u8, low as u8, p as u8, q as u8);
    match row.format {
        Format::StackAddress => {
            // imm[5:4|9:6|2|3] at 12:5
            Insn {
                rd: x_q,
                rs1: SP,
                imm: scatter(half, &[(12, 11, 4), (10, 7, 6), (6, 6, 2), (5, 5, 3)]),
                ..insn
            }
        }
        Format::LoadWord => Insn { rd: x_q, rs1: x_p, imm: word_offset(half), ..insn },
        Format::LoadDouble => Insn { rd: x_q, rs1: x_p, imm: double_offset(half), ..insn },
        Format::LoadFloat => Insn { rd: f(q), rs1: x_p, imm: double_offset(half), ..insn },
        Format::StoreWord => Insn { rs1: x_p, rs2: x_q, imm: word_offset(half), ..insn },
        Format::StoreDouble => Insn { rs1: x_p, rs2: x_q, imm: double_offset(half), ..insn },
        Format::StoreFloat => Insn { rs1: x_p, rs2: f(q), imm: double_offset(half), ..insn },
        Format::Hint | Format::Immediate => {
            Insn { rd: x_rd(full), rs1: x_full, imm: immediate(half), ..insn }
        }
        Format::LoadImmediate => Insn { rd: x_rd(full), imm: immediate(half), ..insn },
        Format::StackAdjust => {
            // imm[9] at 12, imm[4|6|8:7|5] at 6:2
            let imm = scatter(half, &[(12, 12, 9), (6, 6, 4), (5, 5, 6), (4, 3, 7), (2, 2, 5)]);
            Insn { rd: SP, rs1: SP, imm: sign_extend(imm, 9), ..insn }
        }
        Format::LoadUpper => Insn { rd: x_rd(full), imm: immediate(half) << 12, ..insn },
        Format::ShiftRight => Insn { rd: x_p, rs1: x_p, imm: immediate(half) & 63, ..insn },
        Format::AndImmediate => Insn { rd: x_p, rs1: x_p, imm: immediate(half), ..insn },
        Format::Arithmetic => Insn { rd: x_p, rs1: x_p, rs2: x_q, ..insn },
        Format::Jump => {
            // imm[11|4|9:8|10|6|7|3:1|5] at 12:2
            const PIECES: [Piece; 8] = [
                (12, 12, 11),
                (11, 11, 4),
                (10, 9, 8),
                (8, 8, 10),
                (7, 7, 6),
                (6, 6, 7),
                (5, 3, 1),
                (2, 2, 5),
            ];
            Insn { imm: sign_extend(scatter(half, &PIECES), 11), ..insn }
        }
        Format::Branch => {
            // imm[8|4:3] at 12:10, imm[7:6|2:1|5] at 6:2
            let imm = scatter(half, &[(12, 12, 8), (11, 10, 3), (6, 5, 6), (4, 3, 1), (2, 2, 5)]);
            Insn { rs1: x_p, imm: sign_extend(imm, 8), ..insn }
        }
        Format::ShiftLeft => Insn { rd: x_rd(full), rs1: x_full, imm: immediate(half) & 63, ..insn },
        Format::PopWord => {
            // imm[5] at 12, imm[4:2|7:6] at 6:2
            let imm = scatter(half, &[(12, 12, 5), (6, 4, 2), (3, 2, 6)]);
            Insn { rd: x_rd(full), rs1: SP, imm, ..insn }
        }
        Format::PopDouble => Insn { rd: x_rd(full), rs1: SP, imm: pop_double_offset(half), ..insn },
        Format::PopFloat => Insn { rd: f(full), rs1: SP, imm: pop_double_offset(half), ..insn },
        // imm[5:2|7:6] at 12:7
        Format::PushWord => {
            Insn { rs1: SP, rs2: x_low, imm: scatter(half, &[(12, 9, 2), (8, 7, 6)]), ..insn }
        }
        Format::PushDouble => Insn { rs1: SP, rs2: x_low, imm: push_double_offset(half), ..insn },
        Format::PushFloat => Insn { rs1: SP, rs2: f(low), imm: push_double_offset(half), ..insn },
        Format::JumpRegister => Insn { rs1: x_full, ..insn },
        Format::CallRegister => Insn { rd: 1, rs1: x_full, ..insn },
        Format::Move => Insn { rd: x_rd(full), rs2: x_low, ..insn },
        Format::Add => Insn { rd: x_rd(full), rs1: x_full, rs2: x_low, ..insn },
        // imm[0|1] at 6:5
        Format::LoadByte => Insn { rd: x_q, rs1: x_p, imm: byte_offset(half), ..insn },
        Format::StoreByte => Insn { rs1: x_p, rs2: x_q, imm: byte_offset(half), ..insn },
        // imm[1] at 5
        Format::LoadHalf => Insn { rd: x_q, rs1: x_p, imm: scatter(half, &[(5, 5, 1)]), ..insn },
        Format::StoreHalf => Insn { rs1: x_p, rs2: x_q, imm: scatter(half, &[(5, 5, 1)]), ..insn },
        Format::Unary | Format::ZeroExtendWord => Insn { rd: x_p, rs1: x_p, ..insn },
        Format::ZeroExtendByte => Insn { rd: x_p, rs1: x_p, imm: 255, ..insn },
        Format::Not => Insn { rd: x_p, rs1: x_p, imm: -1, ..insn },
        Format::NoOperands | Format::Bare => insn,
    }
}

/// A piece of an immediate: bits `.0` down to `.1` of the instruction, whose lowest is bit `.2` of the immediate.
type Piece = (u32, u32, u32);

#[inline(always)]
fn scatter(half: u32, pieces: &[Piece]) -> i32 {
    let piece = |&(high, low, at): &Piece| (half >> low & ((1 << (high - low + 1)) - 1)) << at;
    pieces.iter().map(piece).sum::<u32>() as i32
}

/// Extends the sign at bit `top`.
const fn sign_extend(imm: i32, top: u32) -> i32 {
    imm << (31 - top) >> (31 - top)
}

/// `imm[5]` at 12, `imm[4:0]` at 6:2.
fn immediate(half: u32) -> i32 {
    sign_extend(scatter(half, &[(12, 12, 5), (6, 2, 0)]), 5)
}

/// `imm[0|1]` at 6:5.
fn byte_offset(half: u32) -> i32 {
    scatter(half, &[(6, 6, 0), (5, 5, 1)])
}

/// `imm[5:3]` at 12:10, `imm[2|6]` at 6:5.
fn word_offset(half: u32) -> i32 {
    scatter(half, &[(12, 10, 3), (6, 6, 2), (5, 5, 6)])
}

/// `imm[5:3]` at 12:10, `imm[7:6]` at 6:5.
fn double_offset(half: u32) -> i32 {
    scatter(half, &[(12, 10, 3), (6, 5, 6)])
}

/// `imm[5]` at 12, `imm[4:3|8:6]` at 6:2.
fn pop_double_offset(half: u32) -> i32 {
    scatter(half, &[(12, 12, 5), (6, 5, 3), (4, 2, 6)])
}

/// `imm[5:3|8:6]` at 12:7.
fn push_double_offset(half: u32) -> i32 {
    scatter(half, &[(12, 10, 3), (9, 7, 6)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expand(half: u16) -> Option<(&'static Row, Insn)> {
        super::expand(half, Extensions::ALL)
    }

    #[test]
    fn an_earlier_row_is_the_more_special_one() {
        for (n, later) in COMPRESSED.iter().enumerate() {
            for earlier in &COMPRESSED[..n] {
                let overlap = (earlier.bits ^ later.bits) & earlier.mask & later.mask == 0;
                let special = earlier.mask & later.mask == later.mask && earlier.mask != later.mask;
                assert!(!overlap || special, "{} hides {}", earlier.name, later.name);
            }
        }
    }

    #[test]
    fn reserved_encodings_are_illegal() {
        let reserved = [
            ("all zeros", 0x0000),
            ("c.addi4spn with immediate 0", 0x0004),
            ("quadrant 0, funct3 100, bits 12:10 100", 0x9000),
            ("c.sh with bit 6", 0x8c40),
            ("c.addiw to x0", 0x2005),
            ("c.addi16sp with immediate 0", 0x6101),
            ("c.lui with immediate 0", 0x6501),
            ("c.lui to x0 with immediate 0", 0x6001),
            ("c.not and after, 110", 0x9c79),
            ("c.not and after, 111", 0x9c7d),
            ("c.lui with immediate 0 to a register that c.mop.n has not", 0x6881),
            ("c.lwsp to x0", 0x4002),
            ("c.ldsp to x0", 0x6002),
            ("c.jr x0", 0x8002),
        ];
        for (what, half) in reserved {
            assert!(expand(half).is_none(), "{what}: {half:#06x}");
        }
    }

    #[test]
    fn hints_change_nothing() {
        use crate::hart::SINK;
        // c.nop 1; c.li x0, 1; c.lui x0, 1; c.mv x0, a0; c.add x0, a0; c.slli x0, 1
        for half in [0x0005, 0x4005, 0x6005, 0x802a, 0x902a, 0x0006] {
            let (_, insn) = expand(half).unwrap();
            assert_eq!(insn.rd as usize, SINK, "{half:#06x}");
        }
        // c.slli a0, 0; c.srli a0, 0; c.srai a0, 0
        for half in [0x0502, 0x8101, 0x8501] {
            let (_, insn) = expand(half).unwrap();
            assert_eq!((insn.rd, insn.rs1, insn.imm), (10, 10, 0), "{half:#06x}");
        }
    }
}
