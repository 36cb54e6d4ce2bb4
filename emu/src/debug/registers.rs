//! The registers as gdb numbers them, and the target description that says so (gdb manual, "RISC-V Features").

use std::fmt::Write;

use tine_stub::target::{Failure, RegisterPlace};

use crate::hart::{F0, Hart};

use super::parking::Parked;

/// Names of the integer registers, by number; gdb knows them by these.
const INTEGER: [&str; 32] = [
    "zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "fp", "s1", "a0", "a1", "a2", "a3", "a4", "a5", "a6",
    "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
];
/// Names of the floating-point registers.
const FLOAT: [&str; 32] = [
    "ft0", "ft1", "ft2", "ft3", "ft4", "ft5", "ft6", "ft7", "fs0", "fs1", "fa0", "fa1", "fa2", "fa3", "fa4",
    "fa5", "fa6", "fa7", "fs2", "fs3", "fs4", "fs5", "fs6", "fs7", "fs8", "fs9", "fs10", "fs11", "ft8",
    "ft9", "ft10", "ft11",
];
/// Names of the control registers that a user program has and that do not change by themselves.
const CONTROL: [&str; 3] = ["fflags", "frm", "fcsr"];

/// Number of the pc.
const PC: u32 = 32;
/// Number of the first floating-point register.
const FIRST_FLOAT: u32 = 33;
/// Number of the first control register: gdb numbers CSRs from 65 by their own number, and fflags is CSR 1.
const FIRST_CONTROL: u32 = 66;

/// How many there are before those: what gdb takes every processor of the architecture to have.
pub(super) const COMMON: u32 = FIRST_FLOAT + 32;

/// How many registers there are: `g` holds them in the order of their numbers.
pub(super) const COUNT: u32 = FIRST_CONTROL + 3;

/// The numbers of all registers, in order. There is no register 65.
pub(super) fn numbers() -> impl Iterator<Item = u32> {
    (0..FIRST_FLOAT + 32).chain(FIRST_CONTROL..COUNT)
}

/// Those that a debugger looks at after every stop: pc, sp, fp and ra.
pub(super) const VITAL: &[u32] = &[32, 2, 8, 1];

/// `target.xml`.
pub(super) fn description() -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\"?>\n<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n<target version=\"1.0\">\n\
         <architecture>riscv:rv64</architecture>\n<osabi>GNU/Linux</osabi>\n<feature name=\"org.gnu.gdb.riscv.cpu\">\n",
    );
    let register = |xml: &mut String, name: &str, bits: u32, kind: &str, number: u32| {
        let _ =
            writeln!(xml, "<reg name=\"{name}\" bitsize=\"{bits}\" type=\"{kind}\" regnum=\"{number}\"/>");
    };
    for (number, name) in (0..).zip(INTEGER) {
        let kind = match name {
            "sp" | "gp" | "tp" | "fp" => "data_ptr",
            "ra" => "code_ptr",
            _ => "int",
        };
        register(&mut xml, name, 64, kind, number);
    }
    register(&mut xml, "pc", 64, "code_ptr", 32);
    xml.push_str(
        "</feature>\n<feature name=\"org.gnu.gdb.riscv.fpu\">\n<union id=\"riscv_double\">\n\
         <field name=\"float\" type=\"ieee_single\"/>\n<field name=\"double\" type=\"ieee_double\"/>\n</union>\n",
    );
    for (number, name) in (FIRST_FLOAT..).zip(FLOAT) {
        register(&mut xml, name, 64, "riscv_double", number);
    }
    xml.push_str("</feature>\n<feature name=\"org.gnu.gdb.riscv.csr\">\n");
    for (number, name) in (FIRST_CONTROL..).zip(CONTROL) {
        register(&mut xml, name, 32, "int", number);
    }
    xml.push_str("</feature>\n</target>\n");
    xml
}

/// A register's value in a hart whose state is exact.
pub(super) fn value(hart: &Hart, number: u32) -> Option<u64> {
    Some(match number {
        0..32 => hart.regs[number as usize],
        32 => hart.pc.0,
        33..=64 => hart.regs[F0 + (number - FIRST_FLOAT) as usize],
        66 => u64::from(hart.fcsr & 0x1f),
        67 => u64::from(hart.fcsr >> 5 & 7),
        68 => u64::from(hart.fcsr),
        _ => return None,
    })
}

/// How many bytes a register has.
fn size(number: u32) -> usize {
    if number < FIRST_CONTROL { 8 } else { 4 }
}

/// All registers of a hart whose state is exact, as the `g` packet has them.
pub(super) fn all(hart: &Hart) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(COUNT as usize * 8);
    for number in numbers() {
        bytes.extend_from_slice(&value(hart, number).unwrap_or(0).to_le_bytes()[..size(number)]);
    }
    bytes
}

/// Where they are in there.
pub(super) fn places() -> Vec<RegisterPlace> {
    let mut at = 0;
    let place = |number| {
        let place = RegisterPlace { number, at, size: size(number), is_pc: number == PC };
        at += place.size;
        place
    };
    numbers().map(place).collect()
}

/// One register's bytes.
pub(super) fn get(parked: &Parked, number: u32) -> Result<Vec<u8>, Failure> {
    Ok(match number {
        0..32 => parked.regs[number as usize].to_le_bytes().to_vec(),
        32 => parked.pc.to_le_bytes().to_vec(),
        33..=64 => parked.regs[F0 + (number - FIRST_FLOAT) as usize].to_le_bytes().to_vec(),
        66 => (parked.fcsr & 0x1f).to_le_bytes().to_vec(),
        67 => (parked.fcsr >> 5 & 7).to_le_bytes().to_vec(),
        68 => parked.fcsr.to_le_bytes().to_vec(),
        _ => return Err(Failure::Invalid),
    })
}

/// Writes one register from the front of `bytes`; returns how many it took.
pub(super) fn set(parked: &mut Parked, number: u32, bytes: &[u8]) -> Result<usize, Failure> {
    let size = size(number);
    let bytes = bytes.get(..size).ok_or(Failure::Invalid)?;
    let value = bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte));
    match number {
        0 => {}
        1..32 => parked.regs[number as usize] = value,
        32 => parked.pc = value & !1,
        33..=64 => parked.regs[F0 + (number - FIRST_FLOAT) as usize] = value,
        66 => parked.fcsr = parked.fcsr & !0x1f | value as u32 & 0x1f,
        67 => parked.fcsr = parked.fcsr & !0xe0 | (value as u32 & 7) << 5,
        68 => parked.fcsr = value as u32 & 0xff,
        _ => return Err(Failure::Invalid),
    }
    Ok(size)
}
