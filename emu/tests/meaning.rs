//! What the integer rows mean: one guest program runs every `value`, `branch` and `amo` row over all pairs of interesting
//! operands and writes the results down. The tables, both forms of the engine and qemu-riscv64, as far as it has the
//! extension, must agree.

#![allow(clippy::unwrap_used, reason = "a test")]

mod bare;
mod peer;

use std::fmt::Write;
use std::path::{Path, PathBuf};

use peer::has;
use tine::isa::{self, Format, Kind, Op, ROWS, Row, Width};

const VALUES: [u64; 18] = [
    0,
    1,
    2,
    5,
    63,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff,
    0x1_0000_0000,
    0x7fff_ffff_ffff_ffff,
    0x8000_0000_0000_0000,
    0xffff_ffff_8000_0000,
    0xffff_ffff_ffff_ffff,
    0xffff_ffff_ffff_fffe,
    0xffff_ffff_ffff_ffc0,
    0x0123_4567_89ab_cdef,
    0xdead_beef_0bad_cafe,
    0x5555_5555_aaaa_aaaa,
];

const IMMEDIATES: [i32; 8] = [0, 1, -1, 31, 63, -64, 2047, -2048];

#[test]
fn fast() {
    let program = Program::of(|_| true);
    program.compare("fast", bare::run(&program.build("meaning-fast"), bare::Form::Fast));
}

#[test]
fn steps() {
    let program = Program::of(|_| true);
    program.compare("steps", bare::run(&program.build("meaning-steps"), bare::Form::Steps));
}

#[test]
fn qemu() {
    let program = Program::of(has);
    let run = peer::qemu().arg(program.build("meaning-qemu")).output().unwrap();
    program.compare("qemu", (run.status.code().unwrap_or(-1) as u64, run.stdout));
}

/// The guest program, and what its results should be. Operands in a0 and a1, the result in a2; s2 is where it goes.
#[derive(Default)]
struct Program {
    source: String,
    expected: Vec<(String, u64)>,
}

impl Program {
    fn of(wanted: fn(&Row) -> bool) -> Program {
        let mut program = Program::default();
        for (op, row) in ROWS.iter().enumerate().filter(|(_, row)| wanted(row)) {
            program.add_row(op as Op, row);
        }
        program
    }

    fn compare(&self, who: &str, (status, written): (u64, Vec<u8>)) {
        assert_eq!(status, 0);
        assert_eq!(written.len(), self.expected.len() * 8);
        let results = written.chunks_exact(8).map(|bytes| u64::from_le_bytes(bytes.try_into().unwrap()));
        let wrong: Vec<String> = (self.expected.iter().zip(results))
            .filter(|((_, table), result)| table != result)
            .map(|((what, table), result)| format!("{what}: {table:#x}, {who}: {result:#x}"))
            .collect();
        assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), self.expected.len(), wrong.join("\n"));
    }

    fn add_row(&mut self, op: Op, row: &Row) {
        let name = row.name;
        // With a0 as rs1, a1 as rs2 and a2 as rd; the assembler does not know them all.
        let word = row.bits | !row.mask & (12 << 7 | 10 << 15 | 11 << 20);
        let text = format!(".insn 4, {word:#x}");
        match (row.kind, row.format) {
            (Kind::Value, Format::R | Format::MopBinary) => {
                self.pairs(name, &text, |a, b| isa::value(op, a, b))
            }
            (Kind::Value, Format::Unary | Format::MopUnary) => {
                self.each(name, &text, |a| isa::value(op, a, 0))
            }
            // Its destination is a floating-point register: float/tests.rs.
            (Kind::Value, Format::FloatImmediate) => {}
            (Kind::Value, Format::Upper) => self.each(name, &format!("{name} a2,0x87654"), |a| {
                isa::value(op, a, (0x8765_4000_u32 as i32) as u64)
            }),
            (Kind::Value, _) => {
                let mask = match row.format {
                    Format::Shift64 => 63,
                    Format::Shift32 => 31,
                    Format::Round => 7,
                    _ => -1,
                };
                for immediate in IMMEDIATES.map(|immediate| immediate & mask) {
                    let word = word & !(0x1f << 20) | row.bits | (immediate as u32 & 0xfff) << 20;
                    let text = format!(".insn 4, {word:#x}");
                    self.each(&format!("{name} {immediate}"), &text, |a| isa::value(op, a, immediate as u64));
                }
            }
            (Kind::Branch, _) => {
                let text = format!("li a2,1\n{name} a0,a1,3f\nli a2,0\n3:");
                self.pairs(name, &text, |a, b| isa::branch(op, a, b).into());
            }
            (Kind::Amo(width), _) => {
                // The address in s3, and no destination.
                let word = row.bits | 19 << 15 | 11 << 20;
                let load = ["lb", "lh", "lw", "ld"][width.bytes().ilog2() as usize];
                let text = format!("sd a0,(s3)\n.insn 4, {word:#x}\n{load} a2,(s3)");
                let extended = move |value: u64| extend(value, width);
                self.pairs(name, &text, |a, b| extended(isa::amo(op, extended(a), extended(b))));
            }
            _ => {}
        }
    }

    /// Runs `text` for every value in a0.
    fn each(&mut self, what: &str, text: &str, meaning: impl Fn(u64) -> u64) {
        let end = VALUES.len() * 8;
        writeln!(
            self.source,
            "la s0,values\naddi s4,s0,{end}\n1: ld a0,(s0)\n{text}\nsd a2,(s2)\naddi s2,s2,8\naddi s0,s0,8\nbne s0,s4,1b"
        )
        .unwrap();
        self.expected.extend(VALUES.map(|a| (format!("{what} of {a:#x}"), meaning(a))));
    }

    /// Runs `text` for every value in a0 with every value in a1.
    fn pairs(&mut self, what: &str, text: &str, meaning: impl Fn(u64, u64) -> u64) {
        let end = VALUES.len() * 8;
        writeln!(
            self.source,
            "la s0,values\naddi s4,s0,{end}\n1: ld a0,(s0)\nla s1,values\n2: ld a1,(s1)\n{text}\nsd a2,(s2)\n\
             addi s2,s2,8\naddi s1,s1,8\nbne s1,s4,2b\naddi s0,s0,8\nbne s0,s4,1b"
        )
        .unwrap();
        for a in VALUES {
            self.expected.extend(VALUES.map(|b| (format!("{what} of {a:#x}, {b:#x}"), meaning(a, b))));
        }
    }

    fn build(&self, name: &str) -> PathBuf {
        let text = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name).with_extension("s");
        let values = VALUES.map(|value| format!(".dword {value:#x}\n")).concat();
        let size = self.expected.len() * 8;
        let source = format!(
            ".data\n.balign 8\nvalues:\n{values}place: .dword 0\n.bss\n.balign 8\nresults: .skip {size}\n.text\n.global _start\n\
             _start: la s2,results\nla s3,place\n{}\n\
             li s5,{size}\nla s6,results\n1: li a0,1\nmv a1,s6\nmv a2,s5\nli a7,64\necall\nblez a0,2f\nadd s6,s6,a0\n\
             sub s5,s5,a0\nbnez s5,1b\n2: li a7,93\nmv a0,s5\necall\n",
            self.source
        );
        std::fs::write(&text, source).unwrap();
        bare::build(&text)
    }
}

/// The low part of a value as an AMO of that width sees it.
fn extend(value: u64, width: Width) -> u64 {
    let unused = 64 - 8 * width.bytes();
    ((value << unused) as i64 >> unused) as u64
}
