//! Random instructions, run by both forms of the engine and by `qemu-riscv64`: registers, flags and memory come out the same.
//!
//! `TINE_SEEDS=FROM..TO` chooses other programs than the usual few.

#![allow(clippy::unwrap_used, reason = "a test")]

mod bare;
mod peer;

use std::fmt::Write as _;
use std::path::Path;

use bare::Form;
use tine::isa::{Extensions, Format, Insn, Kind, ROWS, csr};

/// Instructions of a program.
const LENGTH: usize = 1500;
/// Points to the middle of the memory that a program plays in.
const BASE: u8 = 8;
/// Points to the initial registers, with values to load after them.
const POOL: u8 = 9;
/// Values in the pool: initial registers, and others.
const POOLED: usize = 256;

#[test]
fn random_programs_end_as_under_qemu() {
    let seeds = std::env::var("TINE_SEEDS").unwrap_or("1..13".into());
    let (from, to) = seeds.split_once("..").unwrap();
    for seed in from.parse::<u64>().unwrap()..to.parse().unwrap() {
        let source = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("differential-{}.S", seed % 16));
        std::fs::write(&source, program(seed)).unwrap();
        let program = bare::build(&source);
        let qemu = peer::qemu().arg(&program).output().unwrap();
        assert!(qemu.status.success(), "seed {seed}: {:?}", qemu.status);
        for form in [Form::Fast, Form::Second, Form::Steps] {
            let (_, written) = bare::run(&program, form);
            assert_eq!(written.len(), qemu.stdout.len());
            let differences: Vec<String> = written
                .chunks(8)
                .zip(qemu.stdout.chunks(8))
                .enumerate()
                .filter(|(_, (ours, theirs))| ours != theirs)
                .map(|(n, (ours, theirs))| format!("{}: {ours:02x?}, not {theirs:02x?}", place(n)))
                .collect();
            assert!(differences.is_empty(), "seed {seed}, {form:?}: {}", differences.join("; "));
        }
    }
}

/// What the double word of that number of the output is.
fn place(n: usize) -> String {
    match n {
        8 => "fcsr".into(),
        0..32 => format!("x{n}"),
        32..64 => format!("f{}", n - 32),
        _ => format!("memory {:+}", (n as i64 - POOLED as i64) * 8 - 2048),
    }
}

/// The source of a program. It loads all registers, does random instructions, and writes registers and memory.
fn program(seed: u64) -> String {
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut text =
        String::from(".option norelax\n.globl _start\n_start:\n lla x8, buffer + 2048\n lla x9, pool\n");
    let registers = |text: &mut String, x: &str, f: &str| {
        for n in (1..32).filter(|n| *n != BASE && *n != POOL) {
            writeln!(text, " {x} x{n}, 8 * {n}(x9)").unwrap();
        }
        (0..32).for_each(|n| writeln!(text, " {f} f{n}, 256 + 8 * {n}(x9)").unwrap());
    };
    registers(&mut text, "ld", "fld");
    for _ in 0..LENGTH {
        let (bits, len) = random.instruction();
        if random.below(16) == 0 {
            // Over one instruction, or not.
            let funct3 = [0, 1, 4, 5, 6, 7][random.below(6)];
            let operands = (random.next() as u32 & 0x01ff_8000) | funct3 << 12;
            writeln!(text, " .4byte {:#x}", operands | ((4 + len) / 2) << 8 | 0x63).unwrap();
        }
        writeln!(text, " .{len}byte {bits:#x}").unwrap();
    }
    registers(&mut text, "sd", "fsd");
    text.push_str(
        " csrr x1, fcsr\n sd x1, 64(x9)\n li a0, 1\n lla a1, pool\n li a2, 2048 + 4096\n li a7, 64\n ecall\n\
         li a0, 0\n li a7, 93\n ecall\n .data\n .balign 16\npool:\n",
    );
    (0..POOLED).for_each(|_| writeln!(text, " .8byte {:#x}", random.value()).unwrap());
    text.push_str("buffer:\n .space 4096\n");
    text
}

/// A generator of numbers, xorshift64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() >> 33) as usize % limit
    }

    /// A register's initial value: integers and floating-point numbers near the limits, and anything.
    fn value(&mut self) -> u64 {
        let any = self.next();
        let sign = any << 63;
        match self.below(8) {
            0 => any,
            1 => any >> self.below(64),
            2 => (any as i64 >> self.below(64)) as u64,
            3 => (1u64 << self.below(64)).wrapping_add_signed(any as i64 % 3),
            4 => {
                sign | [0, 1, 0x7ff << 52, 0x7ff0 << 48 | 1, 0x7ff8 << 48, 1 << 52, 0x3ff << 52]
                    [self.below(7)]
            }
            // Near one, so that sums cancel, and near the limits of integers.
            5 => sign | (0x3ff + any % 4) << 52 | (any >> 12),
            6 => sign | (0x3ff + any % 70) << 52 | (any >> 12) & !0 << self.below(52),
            _ => {
                let single = match self.below(4) {
                    0 => {
                        [0, 1, 0x7f80_0000, 0x7f80_0001, 0x7fc0_0000, 0x0080_0000, 0x3f80_0000][self.below(7)]
                    }
                    1 => (0x7f + any % 70) << 23 | any >> 41,
                    _ => any >> 33,
                };
                0xffff_ffff << 32 | (any & 1) << 31 | single
            }
        }
    }

    /// An instruction that keeps to the rules: the two pointers stay, accesses are by them, frm is legal, control goes on.
    fn instruction(&mut self) -> (u32, u32) {
        let gc = Extensions::parse("rv64gc").unwrap();
        loop {
            let any = self.next() as u32;
            let bits = match self.below(9) {
                // From the pool.
                0 | 1 => {
                    let (slot, rd) = (self.below(POOLED) as u32 * 8, any >> 7 & 31);
                    let opcode = if any & 1 == 0 { 0x3003 } else { 0x3007 };
                    slot << 20 | u32::from(POOL) << 15 | rd << 7 | opcode
                }
                2 => any & 0xffff,
                // The flags so far, and none from here on.
                3 => u32::from(csr::FFLAGS) << 20 | (any >> 7 & 31) << 7 | 0x1073,
                _ => {
                    let row = &ROWS[self.below(ROWS.len())];
                    row.bits | any & !row.mask
                }
            };
            let bits = if bits & 3 == 3 { self.tamed(bits) } else { bits & 0xffff };
            // Of compressed ones, those of C.
            if let Some(insn) = if bits & 3 == 3 { Extensions::ALL } else { gc }.decode(bits)
                && harmless(&insn)
            {
                return (bits, u32::from(insn.len));
            }
        }
    }

    /// The instruction with a base register, a CSR or a rounding mode that it may have.
    fn tamed(&mut self, bits: u32) -> u32 {
        let Some(row) = ROWS.iter().find(|row| bits & row.mask == row.bits) else { return bits };
        let from_base = bits & !(31 << 15) | u32::from(BASE) << 15;
        match row.kind {
            Kind::Load(_) | Kind::Store(_) if bits >> 15 & 31 != u32::from(POOL) => from_base,
            Kind::Amo(_) => from_base,
            Kind::Csr(_) => {
                let number = [csr::FFLAGS, csr::FFLAGS, csr::FRM, csr::FRM, csr::FCSR][self.below(5)];
                bits & 0xf_ffff | u32::from(number) << 20
            }
            _ => bits,
        }
    }
}

fn harmless(insn: &Insn) -> bool {
    let row = &ROWS[usize::from(insn.op)];
    let keeps_pointers = insn.rd != BASE && insn.rd != POOL;
    let in_bounds = |limit: i32| insn.rs1 == BASE && (-2048..=limit).contains(&insn.imm);
    keeps_pointers
        && peer::has(row)
        && match row.kind {
            Kind::Value | Kind::Float => true,
            Kind::Load(_) => in_bounds(2040) || insn.rs1 == POOL && (0..2040).contains(&insn.imm),
            Kind::Store(_) => in_bounds(2040),
            Kind::Amo(_) => insn.rs1 == BASE,
            Kind::Csr(_) => match (insn.imm as u16, row.format) {
                (csr::FFLAGS, _) => true,
                // Modes by immediate only, for a legal one: replaced, or bits cleared.
                (csr::FRM, Format::CsrImm) => row.name == "csrrwi" && insn.rs1 < 5 || row.name == "csrrci",
                (_, format) => insn.rs1 == 0 && (row.name != "csrrw" || format == Format::CsrImm),
            },
            _ => false,
        }
}
