//! Every instruction stands in a check of `guests/isa`: whoever adds a row adds its check.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use tine::isa::{self, Extensions, ROWS, rv64c};

#[test]
fn every_instruction_has_a_check() {
    let guests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../guests/isa");
    let mut covered = BTreeSet::new();
    for entry in std::fs::read_dir(guests).unwrap() {
        let source = entry.unwrap().path();
        if source.extension().is_some_and(|extension| extension == "c" || extension == "S") {
            collect(&code(&source), &mut covered);
        }
    }
    let names = ROWS.iter().map(|row| row.name).chain(rv64c::COMPRESSED.iter().map(|row| row.name));
    let uncovered: Vec<&str> = names.filter(|name| !covered.contains(name)).collect();
    assert!(uncovered.is_empty(), "no check in guests/isa has {}", uncovered.join(", "));
}

/// The machine code of one guest, without the C library's.
fn code(source: &Path) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let object = folder.join(source.file_name().unwrap()).with_extension("covered.o");
    let binary = object.with_extension("bin");
    let compiler = std::env::var("TINE_CC").unwrap_or("riscv64-linux-gnu-gcc".into());
    for command in [
        Command::new(compiler).args(["-c", "-O1", "-std=gnu17", "-o"]).args([&object, source]),
        Command::new("riscv64-linux-gnu-objcopy")
            .args(["-O", "binary", "-j", ".text", "-j", ".text.startup"])
            .args([&object, &binary]),
    ] {
        let output = command.output().expect("the riscv64 compiler and binutils are needed");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    std::fs::read(binary).unwrap()
}

/// Adds the names of the instructions that the code is made of, those of compressed ones too.
fn collect(code: &[u8], names: &mut BTreeSet<&'static str>) {
    let half = |at: usize| code.get(at..at + 2).map(|half| u32::from(u16::from_le_bytes([half[0], half[1]])));
    let mut at = 0;
    while let Some(low) = half(at) {
        let bits = half(at + 2).unwrap_or(0) << 16 | low;
        if let Some((row, _)) = rv64c::expand(low as u16, Extensions::ALL).filter(|_| low & 3 != 3) {
            names.insert(row.name);
        } else if let Some(insn) = isa::decode(bits) {
            names.insert(ROWS[insn.op as usize].name);
        }
        at += if low & 3 == 3 { 4 } else { 2 };
    }
}
