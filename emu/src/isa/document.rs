//! `docs/isa.md`, from the tables.

use std::fmt::Write;

use super::{EXTENSIONS, Extension, Format, ROWS, Row, csr, rv64c};

/// The text of `docs/isa.md`; a test keeps the file the same.
#[must_use]
pub fn document() -> String {
    let mut text = String::from(HEAD);
    // Writing to a string does not fail.
    for Extension { name, doc, part, requires, .. } in EXTENSIONS {
        let switch = if *part || *name == "i" { "" } else { name };
        let _ = writeln!(text, "| {} | {doc} | {} | {switch} |", capital(name), requires.join(", "));
    }
    for extension in ROWS.chunk_by(|a, b| a.extension == b.extension) {
        let _ = write!(
            text,
            "\n## {}\n\n| instruction | encoding | meaning |\n| --- | --- | --- |\n",
            extension[0].extension
        );
        for row in extension {
            let operands = operands(row.format);
            let _ = writeln!(
                text,
                "| `{}{operands}` | `{}` | {}{} |",
                row.name,
                row.pattern,
                row.doc,
                condition(row)
            );
        }
    }
    text.push_str(COMPRESSED_HEAD);
    for row in &rv64c::COMPRESSED {
        let (name, expansion) = (ROWS[row.op as usize].name, row.format.expansion());
        let blank = if expansion.is_empty() { "" } else { " " };
        let reserved = row.reserved.describe();
        let _ = writeln!(
            text,
            "| `{}` | `{}` | `{name}{blank}{expansion}` | {reserved} | {} |",
            row.name, row.pattern, row.extension
        );
    }
    text.push_str(CSR_HEAD);
    for csr in &csr::CSRS {
        let access = if csr.writable() { "read, write" } else { "read" };
        let _ = writeln!(
            text,
            "| `{:#05x}` | `{}` | {access} | {} | {} |",
            csr.number,
            csr.name,
            csr.doc,
            capital(csr.extension)
        );
    }
    text
}

const HEAD: &str = "\
<!-- Generated from emu/src/isa by `just doc`. Do not edit. -->

# Instructions

What tine executes. An encoding that is not here, or that the manual reserves, is an illegal instruction (SIGILL,
`ILL_ILLOPC`), and so is one of an extension that `-cpu` has switched off. In an encoding a dot is a bit of an operand. Where two
encodings overlap the more special one decides.

| extension | what it is | requires | switch |
| --- | --- | --- | --- |
";

const COMPRESSED_HEAD: &str = "
## C, Zcb, Zcmop

Compressed instructions expand to one of the above. `p` is one of the registers 8 to 15, named by the bits 9:7, `q` one
named by 4:2; `full` is any register, at 11:7, `low` any, at 6:2; with an `f` before it, a floating-point register. Where two
encodings overlap the earlier row decides. HINTs do nothing, as their expansions show.

| instruction | encoding | expands to | reserved when | extension |
| --- | --- | --- | --- | --- |
";

const CSR_HEAD: &str = "
## Control and status registers

Every other CSR, and a write to one that can only be read, is an illegal instruction.

| number | name | access | meaning | extension |
| --- | --- | --- | --- | --- |
";

/// An extension's name as the manual writes it.
fn capital(name: &str) -> String {
    let (first, rest) = name.split_at(1);
    first.to_uppercase() + rest
}

/// The extensions that a row depends on besides its table's.
fn condition(row: &Row) -> String {
    let or = row.or.map(|name| format!(" Also of {name}."));
    let with = row.with.map(|name| format!(" Only with {name}."));
    or.or(with).unwrap_or_default()
}

/// The operands of a format with their names from the manual.
fn operands(format: Format) -> String {
    let mut text = String::new();
    for letter in format.spelled().chars() {
        text.push_str(match letter {
            'd' => "rd",
            's' => "rs1",
            't' => "rs2",
            'r' => "rs3",
            'i' | 'u' => "imm",
            'x' => "shamt",
            'p' => "target",
            'c' => "csr",
            'n' => "uimm",
            'k' => "constant",
            'f' => "pred, succ",
            'm' => ", rm",
            ',' => ", ",
            '(' => "(",
            _ => ")",
        });
    }
    if text.is_empty() { text } else { format!(" {text}") }
}
