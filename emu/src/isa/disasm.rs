//! From [`Insn`] to text, spelled as `objdump -M no-aliases` spells it.

use std::fmt::{self, Write};

use super::{Extensions, Format, Insn, ROWS, csr, float, rv64c};
use crate::addr::GuestAddr;
use crate::hart::{F0, SINK};

/// An instruction at `pc` as the assembler spells it. One that came compressed is spelled as what it expands to.
#[must_use]
pub fn disassemble(insn: &Insn, pc: GuestAddr) -> String {
    let row = &ROWS[insn.op as usize];
    let name = match row.format {
        Format::Amo | Format::LoadReserved | Format::Cas | Format::CasPair => {
            format!("{}{}", row.name, ["", ".rl", ".aq", ".aqrl"][insn.imm as usize & 3])
        }
        Format::MopUnary | Format::MopBinary => row.name.replace(".n", &format!(".{}", insn.imm)),
        _ => row.name.into(),
    };
    spell(&name, row.format.spelled(), insn, pc)
}

impl Extensions {
    /// The instruction at the low end of `bits` under its own name, the compressed ones too; `None` if it is none on a
    /// processor with these extensions.
    #[must_use]
    pub fn disassemble(self, bits: u32, pc: GuestAddr) -> Option<String> {
        if bits & 3 != 3 {
            let (row, insn) = rv64c::expand(bits as u16, self)?;
            return Some(spell(row.name, row.format.spelled(), &insn, pc));
        }
        self.decode(bits).map(|insn| disassemble(&insn, pc))
    }
}

/// The name in the calling convention of a register as [`Insn`] numbers them: `x0` and the sink are `zero`.
#[must_use]
pub fn register_name(index: u8) -> &'static str {
    #[rustfmt::skip]
    const X: [&str; 32] = [
        "zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5",
        "a6", "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
    ];
    #[rustfmt::skip]
    const F: [&str; 32] = [
        "ft0", "ft1", "ft2", "ft3", "ft4", "ft5", "ft6", "ft7", "fs0", "fs1", "fa0", "fa1", "fa2", "fa3", "fa4", "fa5",
        "fa6", "fa7", "fs2", "fs3", "fs4", "fs5", "fs6", "fs7", "fs8", "fs9", "fs10", "fs11", "ft8", "ft9", "ft10", "ft11",
    ];
    match index as usize {
        SINK => X[0],
        n if n < SINK => X[n],
        n => F[(n - F0) & 31],
    }
}

// How operands are spelled: a letter is replaced, everything else stands for itself.
//   d s t r   registers rd, rs1, rs2, rs3        p   pc + imm
//   i         imm, decimal                       c   the CSR whose number is imm
//   x         imm, hexadecimal                   n   the rs1 field as a number
//   u         imm, hexadecimal, without its 12   f   predecessor and successor sets
//             low bits                           m   the rounding mode, with a comma before it, unless it is dynamic
//   k         the constant whose number is imm

impl Format {
    /// How its operands are spelled.
    pub(super) const fn spelled(self) -> &'static str {
        match self {
            Format::R | Format::MopBinary | Format::FloatRNoRm | Format::FloatCompare => "d,s,t",
            Format::I => "d,s,i",
            Format::Shift64 | Format::Shift32 | Format::Round => "d,s,x",
            Format::Load | Format::FloatLoad => "d,i(s)",
            Format::Store | Format::FloatStore => "t,i(s)",
            Format::Branch => "s,t,p",
            Format::Upper => "d,u",
            Format::Jump => "d,p",
            Format::Amo | Format::Cas | Format::CasPair => "d,t,(s)",
            Format::Block => "(s)",
            Format::Prefetch => "i(s)",
            Format::LoadReserved => "d,(s)",
            Format::Csr => "d,c,s",
            Format::CsrImm => "d,c,n",
            Format::Fence => "f",
            Format::Bare => "",
            Format::FloatImmediate => "d,k",
            Format::FloatR => "d,s,tm",
            Format::FloatUnary | Format::FloatToInt | Format::IntToFloat => "d,sm",
            Format::FloatR4 => "d,s,t,rm",
            Format::Unary | Format::MopUnary | Format::FloatToIntNoRm | Format::IntToFloatNoRm => "d,s",
        }
    }
}

/// The static rounding modes, by their number.
const ROUNDING: [&str; 5] = ["rne", "rtz", "rdn", "rup", "rmm"];

fn spell(name: &str, operands: &str, insn: &Insn, pc: GuestAddr) -> String {
    let mut text = String::from(name);
    if !operands.is_empty() {
        text.push(' ');
    }
    for letter in operands.chars() {
        // Writing to a string does not fail.
        let _ = operand(&mut text, letter, insn, pc);
    }
    text
}

fn operand(text: &mut String, letter: char, insn: &Insn, pc: GuestAddr) -> fmt::Result {
    match letter {
        'd' => text.write_str(register_name(insn.rd)),
        's' => text.write_str(register_name(insn.rs1)),
        't' => text.write_str(register_name(insn.rs2)),
        'r' => text.write_str(register_name(insn.rs3)),
        'i' => write!(text, "{}", insn.imm),
        'x' => write!(text, "{:#x}", insn.imm),
        'u' => write!(text, "{:#x}", insn.imm as u32 >> 12),
        'p' => write!(text, "{}", pc.offset(insn.imm as u64)),
        'n' => write!(text, "{}", insn.rs1),
        'k' => text.write_str(&float::constant::spelled(insn.imm)),
        'c' => match csr::find(insn.imm as u16) {
            Some(csr) => text.write_str(csr.name),
            None => write!(text, "{:#x}", insn.imm),
        },
        'f' => write!(text, "{},{}", FenceSet(insn.imm >> 4), FenceSet(insn.imm)),
        'm' => match insn.rm {
            7 => Ok(()),
            rm => write!(text, ",{}", ROUNDING[rm as usize % ROUNDING.len()]),
        },
        other => text.write_char(other),
    }
}

/// The accesses that a fence orders: input, output, reads, writes.
struct FenceSet(i32);

impl fmt::Display for FenceSet {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 & 15 == 0 {
            return out.write_str("unknown");
        }
        [(8, "i"), (4, "o"), (2, "r"), (1, "w")]
            .iter()
            .filter(|(bit, _)| self.0 & bit != 0)
            .try_for_each(|(_, letter)| out.write_str(letter))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling() {
        let text = |bits| Extensions::ALL.disassemble(bits, GuestAddr(0x10000));
        assert_eq!(text(0x0080_0893).as_deref(), Some("addi a7,zero,8"));
        assert_eq!(text(0xfe05_1ee3).as_deref(), Some("bne a0,zero,0xfffc"));
        assert_eq!(text(0x0012_3537).as_deref(), Some("lui a0,0x123"));
        assert_eq!(text(0x06b5_362f).as_deref(), Some("amoadd.d.aqrl a2,a1,(a0)"));
        assert_eq!(text(0xc000_2573).as_deref(), Some("csrrs a0,cycle,zero"));
        assert_eq!(text(0x8082).as_deref(), Some("c.jr ra"));
        assert_eq!(text(0xcdf5_c573).as_deref(), Some("mop.r.31 a0,a1"));
        assert_eq!(text(0x82c5_c573).as_deref(), Some("mop.rr.0 a0,a1,a2"));
        assert_eq!(text(0x2ec5_b52f).as_deref(), Some("amocas.d.aqrl a0,a2,(a1)"));
        assert_eq!(text(0x0085_200f).as_deref(), None);
        assert_eq!(text(0xf016_0553).as_deref(), Some("fli.s fa0,0.5"));
        assert_eq!(text(0xf2ff_8553).as_deref(), None);
        assert_eq!(text(0xf211_0553).as_deref(), Some("fli.d fa0,1.52587890625e-5"));
        assert_eq!(text(0x0045_200f).as_deref(), Some("cbo.zero (a0)"));
        assert_eq!(text(0x0205_6013).as_deref(), Some("prefetch.i 32(a0)"));
        assert_eq!(text(0), None);
        let ret = Extensions::ALL.decode(0x8082).unwrap();
        assert_eq!(disassemble(&ret, GuestAddr(0)), "jalr zero,0(ra)");
    }
}
