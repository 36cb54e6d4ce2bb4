//! From bits to [`Insn`]. A reserved or illegal encoding is no instruction: the answer is `None`.
//!
//! Start-up decodes thousands of instructions, so the rows are reached through an index that the compiler builds: by major
//! opcode and one minor field, which leaves a handful of candidates. Where the patterns of two rows overlap one is a special
//! case of the other (a HINT with a name, say) and goes before it; where its extension is off, it is what the other says.

use super::{CsrAction, Extensions, Format, Insn, Kind, Op, ROWS, Row, csr, rv64c};
use crate::hart::{F0, SINK};

/// Decodes the instruction at the low end of `bits`: 16 bits of it unless the two lowest are set.
#[must_use]
pub fn decode(bits: u32) -> Option<Insn> {
    Extensions::ALL.decode(bits)
}

impl Extensions {
    /// Decodes as [`decode`] does, for a processor with these extensions only.
    #[must_use]
    pub fn decode(self, bits: u32) -> Option<Insn> {
        if bits & 3 != 3 {
            return rv64c::expand(bits as u16, self).map(|(_, insn)| insn);
        }
        let bucket = bucket(bits);
        let (start, end) = (INDEX.starts[bucket], INDEX.starts[bucket + 1]);
        let candidates = &INDEX.candidates[start as usize..end as usize];
        let found = candidates.iter().find(|row| bits & row.mask == row.bits && self.allow(row.op))?;
        operands(found, bits, self)
    }
}

/// A row as the decoder needs it.
#[derive(Clone, Copy)]
struct Candidate {
    mask: u32,
    bits: u32,
    op: Op,
    format: Format,
}

/// The candidates of bucket `n` are those from `starts[n]` to `starts[n + 1]`.
struct Index {
    starts: [u16; BUCKETS + 1],
    candidates: [Candidate; CANDIDATES],
}

/// Major opcodes (bits 6:2) whose rows differ in bits 31:27, not in `funct3`.
const AMO: u32 = 0b01011;
const OP_FP: u32 = 0b10100;

const BUCKETS: usize = 32 * 32;
const CANDIDATES: usize = count();
static INDEX: Index = index();

/// The five bits by which the rows of a major opcode differ most: `funct3` and bits 25 and 30, or bits 31:27.
const fn minor(major: u32, bits: u32) -> u32 {
    match major {
        AMO | OP_FP => bits >> 27,
        _ => bits >> 12 & 7 | (bits >> 25 & 1) << 3 | (bits >> 30 & 1) << 4,
    }
}

const fn bucket(bits: u32) -> usize {
    let major = bits >> 2 & 31;
    (major << 5 | minor(major, bits)) as usize
}

/// Whether a row can be met in the bucket of its major opcode that has this minor field.
const fn belongs(row: usize, field: u32) -> bool {
    let row = &ROWS[row];
    assert!(row.mask & 0x7f == 0x7f, "a row fixes its major opcode");
    let major = row.bits >> 2 & 31;
    (minor(major, row.bits) ^ field) & minor(major, row.mask) == 0
}

const fn count() -> usize {
    let (mut total, mut row) = (0, 0);
    while row < ROWS.len() {
        let mut field = 0;
        while field < 32 {
            total += belongs(row, field) as usize;
            field += 1;
        }
        row += 1;
    }
    total
}

const fn index() -> Index {
    let mut index = Index {
        starts: [0; BUCKETS + 1],
        candidates: [Candidate { mask: 0, bits: 0, op: 0, format: Format::Bare }; CANDIDATES],
    };
    // A counting sort: sizes, their running sum, then each row to its buckets' next free place.
    let mut row = 0;
    while row < ROWS.len() {
        let mut field = 0;
        while field < 32 {
            let bucket = ((ROWS[row].bits >> 2 & 31) << 5 | field) as usize;
            index.starts[bucket + 1] += belongs(row, field) as u16;
            field += 1;
        }
        row += 1;
    }
    let mut bucket = 0;
    while bucket < BUCKETS {
        index.starts[bucket + 1] += index.starts[bucket];
        bucket += 1;
    }
    let mut next = index.starts;
    // Special cases first, then the rest.
    let mut wanted = true;
    loop {
        row = 0;
        while row < ROWS.len() {
            let Row { mask, bits, format, .. } = ROWS[row];
            let mut field = if special(row) == wanted { 0 } else { 32 };
            while field < 32 {
                if belongs(row, field) {
                    let bucket = ((bits >> 2 & 31) << 5 | field) as usize;
                    index.candidates[next[bucket] as usize] = Candidate { mask, bits, op: row as Op, format };
                    next[bucket] += 1;
                }
                field += 1;
            }
            row += 1;
        }
        if !wanted {
            return index;
        }
        wanted = false;
    }
}

/// Whether a row is a special case of another.
const fn special(row: usize) -> bool {
    let Row { mask, bits, .. } = ROWS[row];
    let mut n = 0;
    while n < ROWS.len() {
        let general = &ROWS[n];
        if mask != general.mask && mask & general.mask == general.mask && bits & general.mask == general.bits
        {
            return true;
        }
        n += 1;
    }
    false
}

/// An `x` destination; writes to `x0` go to the sink.
pub(super) const fn x_rd(n: u32) -> u8 {
    if n == 0 { SINK as u8 } else { n as u8 }
}

/// A floating-point register.
pub(super) const fn f(n: u32) -> u8 {
    F0 as u8 + n as u8
}

/// The insn without operands.
pub(super) const fn bare(op: Op, len: u8) -> Insn {
    Insn { op, len, rd: SINK as u8, rs1: 0, rs2: 0, rs3: 0, rm: 7, imm: 0 }
}

/// Takes the operands out of a 32-bit instruction (unprivileged manual, "Base Instruction Formats"), and refuses those that
/// are reserved.
fn operands(row: &Candidate, bits: u32, extensions: Extensions) -> Option<Insn> {
    let insn = bare(row.op, 4);
    let [rd, rs1, rs2, rs3] = [7, 15, 20, 27].map(|shift| bits >> shift & 31);
    let (x_rd, x_rs1, x_rs2) = (x_rd(rd), rs1 as u8, rs2 as u8);
    let rm = (bits >> 12 & 7) as u8;
    let rounds = rm != 5 && rm != 6;
    let i_imm = bits as i32 >> 20;
    let s_imm = bits as i32 >> 25 << 5 | rd as i32;
    let insn = match row.format {
        Format::R => Insn { rd: x_rd, rs1: x_rs1, rs2: x_rs2, ..insn },
        Format::Unary => Insn { rd: x_rd, rs1: x_rs1, ..insn },
        // Rounds 11 to 15 are reserved.
        Format::Round if i_imm & 15 <= 10 => Insn { rd: x_rd, rs1: x_rs1, imm: i_imm & 15, ..insn },
        Format::Round => return None,
        Format::I | Format::Load => Insn { rd: x_rd, rs1: x_rs1, imm: i_imm, ..insn },
        Format::Shift64 => Insn { rd: x_rd, rs1: x_rs1, imm: i_imm & 63, ..insn },
        Format::Shift32 => Insn { rd: x_rd, rs1: x_rs1, imm: i_imm & 31, ..insn },
        Format::Store => Insn { rs1: x_rs1, rs2: x_rs2, imm: s_imm, ..insn },
        Format::Branch => Insn { rs1: x_rs1, rs2: x_rs2, imm: branch_offset(bits), ..insn },
        Format::Upper => Insn { rd: x_rd, imm: (bits & 0xffff_f000) as i32, ..insn },
        Format::Jump => Insn { rd: x_rd, imm: jump_offset(bits), ..insn },
        Format::Amo => Insn { rd: x_rd, rs1: x_rs1, rs2: x_rs2, imm: i_imm >> 5 & 3, ..insn },
        Format::Cas => Insn { rd: x_rd, rs1: x_rs1, rs2: x_rs2, rs3: rd as u8, imm: i_imm >> 5 & 3, ..insn },
        // A pair is named by its even register.
        Format::CasPair if (rd | rs2) & 1 == 0 => {
            Insn { rd: x_rd, rs1: x_rs1, rs2: x_rs2, rs3: rd as u8, imm: i_imm >> 5 & 3, ..insn }
        }
        Format::CasPair => return None,
        Format::Block => Insn { rs1: x_rs1, ..insn },
        Format::Prefetch => Insn { rs1: x_rs1, imm: i_imm & !31, ..insn },
        // n[4] at 30, n[3:2] at 27:26, n[1:0] at 21:20
        Format::MopUnary => {
            let n = (bits >> 30 & 1) << 4 | (bits >> 26 & 3) << 2 | bits >> 20 & 3;
            Insn { rd: x_rd, rs1: x_rs1, imm: n as i32, ..insn }
        }
        // n[2] at 30, n[1:0] at 27:26
        Format::MopBinary => {
            let n = (bits >> 30 & 1) << 2 | bits >> 26 & 3;
            Insn { rd: x_rd, rs1: x_rs1, rs2: x_rs2, imm: n as i32, ..insn }
        }
        Format::LoadReserved => Insn { rd: x_rd, rs1: x_rs1, imm: i_imm >> 5 & 3, ..insn },
        Format::Csr | Format::CsrImm => {
            let Kind::Csr(action) = ROWS[row.op as usize].kind else { return None };
            csr_access(Insn { rd: x_rd, rs1: x_rs1, imm: i_imm & 0xfff, ..insn }, action, extensions)?
        }
        Format::Fence => Insn { imm: i_imm & 0xff, ..insn },
        Format::Bare => insn,
        Format::FloatImmediate => Insn { rd: f(rd), imm: rs1 as i32, ..insn },
        Format::FloatLoad => Insn { rd: f(rd), rs1: x_rs1, imm: i_imm, ..insn },
        Format::FloatStore => Insn { rs1: x_rs1, rs2: f(rs2), imm: s_imm, ..insn },
        Format::FloatR if rounds => Insn { rd: f(rd), rs1: f(rs1), rs2: f(rs2), rm, ..insn },
        Format::FloatRNoRm => Insn { rd: f(rd), rs1: f(rs1), rs2: f(rs2), ..insn },
        Format::FloatUnary if rounds => Insn { rd: f(rd), rs1: f(rs1), rm, ..insn },
        Format::FloatR4 if rounds => Insn { rd: f(rd), rs1: f(rs1), rs2: f(rs2), rs3: f(rs3), rm, ..insn },
        Format::FloatCompare => Insn { rd: x_rd, rs1: f(rs1), rs2: f(rs2), ..insn },
        Format::FloatToInt if rounds => Insn { rd: x_rd, rs1: f(rs1), rm, ..insn },
        Format::FloatToIntNoRm => Insn { rd: x_rd, rs1: f(rs1), ..insn },
        Format::IntToFloat if rounds => Insn { rd: f(rd), rs1: x_rs1, rm, ..insn },
        Format::IntToFloatNoRm => Insn { rd: f(rd), rs1: x_rs1, ..insn },
        // Rounding modes 5 and 6 are reserved.
        Format::FloatR | Format::FloatUnary | Format::FloatR4 | Format::FloatToInt | Format::IntToFloat => {
            return None;
        }
    };
    Some(insn)
}

/// `imm[12|10:5]` at 31:25, `imm[4:1|11]` at 11:7.
const fn branch_offset(bits: u32) -> i32 {
    let low = (bits >> 7 & 1) << 11 | (bits >> 25 & 0x3f) << 5 | (bits >> 8 & 15) << 1;
    bits as i32 >> 31 << 12 | low as i32
}

/// `imm[20|10:1|11|19:12]` at 31:12.
const fn jump_offset(bits: u32) -> i32 {
    let low = bits & 0xf_f000 | (bits >> 20 & 1) << 11 | (bits >> 21 & 0x3ff) << 1;
    bits as i32 >> 31 << 20 | low as i32
}

/// A CSR instruction is legal for the CSRs that exist, and writes only those that can be written.
fn csr_access(insn: Insn, action: CsrAction, extensions: Extensions) -> Option<Insn> {
    csr::allowed(insn.imm as u16, action, insn.rs1, extensions).then_some(insn)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::hart::REGS;
    use crate::isa::zicsr;

    #[test]
    fn rows_that_overlap_are_special_cases() {
        for (n, a) in ROWS.iter().enumerate() {
            for b in &ROWS[..n] {
                let apart = (a.bits ^ b.bits) & a.mask & b.mask != 0;
                let special = a.mask != b.mask && [a.mask, b.mask].contains(&(a.mask | b.mask));
                assert!(apart || special, "{} and {}", a.name, b.name);
            }
        }
    }

    #[test]
    fn names_and_documentation_are_there_once() {
        for (n, row) in ROWS.iter().enumerate() {
            assert!(!ROWS[..n].iter().any(|other| other.name == row.name), "{} twice", row.name);
            assert!(row.doc.ends_with('.'), "{}: {:?}", row.name, row.doc);
        }
    }

    #[test]
    fn few_candidates_in_a_bucket() {
        let longest = INDEX.starts.windows(2).map(|pair| pair[1] - pair[0]).max();
        assert!(longest <= Some(16), "{longest:?}");
    }

    #[test]
    fn reserved_operands_are_illegal() {
        for (what, bits) in [
            ("lr.w with rs2", 0x1015_252f),
            ("slliw with shamt[5]", 0x0205_151b),
            ("slli with bit 26", 0x0405_1513),
            ("ecall with rd", 0x0000_00f3),
            ("csrrw of a counter", 0xc005_1573),
            ("csrrs of a counter", 0xc00a_a573),
            ("csrrsi of a counter", 0xc000_e573),
            ("csrrs of sstatus", 0x1000_2573),
            ("csrrs of hpmcounter3", 0xc030_2573),
            ("aes64ks1i with round 11", 0x31b5_9513),
            ("amocas.q of an odd register", 0x28c5_c5af),
            ("amocas.q with an odd register", 0x28b5_c62f),
            ("48 bits", 0x0000_001f),
            ("64 bits", 0x0000_003f),
            ("all ones", 0xffff_ffff),
        ] {
            assert_eq!(decode(bits), None, "{what}");
        }
    }

    #[test]
    fn fences_ignore_what_is_reserved_in_them() {
        assert!(decode(0xfffa_8f8f).is_some_and(|insn| ROWS[insn.op as usize].name == "fence"));
        assert!(decode(0xfffa_9f8f).is_some_and(|insn| ROWS[insn.op as usize].name == "fence.i"));
    }

    /// Whether the operand bits of a word that matches `row` are legal, said in another way than the decoder says it.
    fn legal(row: &Row, bits: u32) -> bool {
        let (number, source) = ((bits >> 20) as u16, bits >> 15 & 31);
        match row.format {
            Format::Round => bits >> 20 & 15 < 11,
            Format::CasPair => bits & (1 << 7 | 1 << 20) == 0,
            Format::FloatR
            | Format::FloatUnary
            | Format::FloatR4
            | Format::FloatToInt
            | Format::IntToFloat => ![5, 6].contains(&(bits >> 12 & 7)),
            Format::Csr | Format::CsrImm => match number {
                1..=3 => true,
                0xc00..=0xc02 => !row.name.starts_with("csrrw") && source == 0,
                _ => false,
            },
            _ => true,
        }
    }

    proptest! {
        #[test]
        fn a_row_decodes_to_itself(op in 0..ROWS.len(), operands: u32) {
            let row = &ROWS[op];
            let bits = operands & !row.mask | row.bits;
            let special = |other: &Row| bits & other.mask == other.bits && other.mask & row.mask == row.mask;
            // The row itself is among them; the one that says most of the bits has the encoding (`zext.h` is a `packw`).
            let special = (0..ROWS.len()).filter(|&other| special(&ROWS[other]));
            let op = special.max_by_key(|&other| ROWS[other].mask.count_ones()).unwrap_or(op);
            let expected = legal(&ROWS[op], bits).then_some(op as Op);
            prop_assert_eq!(decode(bits).map(|insn| insn.op), expected, "{} {:#010x}", row.name, bits);
        }

        #[test]
        fn a_csr_that_exists_decodes(op in zicsr::CSRRW..zicsr::END, csr in 0..csr::CSRS.len(), operands: u32) {
            let row = &ROWS[op as usize];
            let bits = operands & !row.mask & 0xf_ffff | row.bits | (csr::CSRS[csr].number as u32) << 20;
            prop_assert_eq!(decode(bits).is_some(), legal(row, bits), "{} {:#010x}", row.name, bits);
        }

        #[test]
        fn whatever_the_bits_registers_exist(bits: u32) {
            if let Some(insn) = decode(bits) {
                for register in [insn.rd, insn.rs1, insn.rs2, insn.rs3] {
                    prop_assert!((register as usize) < REGS);
                }
                prop_assert!(insn.rd != 0, "x0 is never written");
                prop_assert!(![5, 6].contains(&insn.rm));
                prop_assert_eq!(insn.len, if bits & 3 == 3 { 4 } else { 2 });
            }
        }
    }
}
