//! RV64I, the base integer instruction set (unprivileged manual, chapters "RV32I" and "RV64I").

use super::{Kind, Width};

instructions! {
    extension "I", after 0;

    value (a, b) {
        /// Load upper immediate.
        LUI "lui" "....... ..... ..... ... ..... 0110111" Upper => b;
        /// Add immediate.
        ADDI "addi" "............ ..... 000 ..... 0010011" I => a.wrapping_add(b);
        /// Set if less than immediate, signed.
        SLTI "slti" "............ ..... 010 ..... 0010011" I => ((a as i64) < b as i64) as u64;
        /// Set if less than immediate, unsigned.
        SLTIU "sltiu" "............ ..... 011 ..... 0010011" I => (a < b) as u64;
        /// Exclusive or with immediate.
        XORI "xori" "............ ..... 100 ..... 0010011" I => a ^ b;
        /// Or with immediate.
        ORI "ori" "............ ..... 110 ..... 0010011" I => a | b;
        /// And with immediate.
        ANDI "andi" "............ ..... 111 ..... 0010011" I => a & b;
        /// Shift left by immediate.
        SLLI "slli" "000000 ...... ..... 001 ..... 0010011" Shift64 => a << (b & 63);
        /// Shift right by immediate, filling with zeros.
        SRLI "srli" "000000 ...... ..... 101 ..... 0010011" Shift64 => a >> (b & 63);
        /// Shift right by immediate, filling with the sign.
        SRAI "srai" "010000 ...... ..... 101 ..... 0010011" Shift64 => (a as i64 >> (b & 63)) as u64;
        /// Add.
        ADD "add" "0000000 ..... ..... 000 ..... 0110011" R => a.wrapping_add(b);
        /// Subtract.
        SUB "sub" "0100000 ..... ..... 000 ..... 0110011" R => a.wrapping_sub(b);
        /// Shift left.
        SLL "sll" "0000000 ..... ..... 001 ..... 0110011" R => a << (b & 63);
        /// Set if less than, signed.
        SLT "slt" "0000000 ..... ..... 010 ..... 0110011" R => ((a as i64) < b as i64) as u64;
        /// Set if less than, unsigned.
        SLTU "sltu" "0000000 ..... ..... 011 ..... 0110011" R => (a < b) as u64;
        /// Exclusive or.
        XOR "xor" "0000000 ..... ..... 100 ..... 0110011" R => a ^ b;
        /// Shift right, filling with zeros.
        SRL "srl" "0000000 ..... ..... 101 ..... 0110011" R => a >> (b & 63);
        /// Shift right, filling with the sign.
        SRA "sra" "0100000 ..... ..... 101 ..... 0110011" R => (a as i64 >> (b & 63)) as u64;
        /// Or.
        OR "or" "0000000 ..... ..... 110 ..... 0110011" R => a | b;
        /// And.
        AND "and" "0000000 ..... ..... 111 ..... 0110011" R => a & b;
        /// Add immediate, 32 bits, sign-extended.
        ADDIW "addiw" "............ ..... 000 ..... 0011011" I => word(a.wrapping_add(b));
        /// Shift left by immediate, 32 bits, sign-extended.
        SLLIW "slliw" "0000000 ..... ..... 001 ..... 0011011" Shift32 => word(a << (b & 31));
        /// Shift right by immediate, 32 bits, filling with zeros.
        SRLIW "srliw" "0000000 ..... ..... 101 ..... 0011011" Shift32 => word((a as u32 >> (b & 31)) as u64);
        /// Shift right by immediate, 32 bits, filling with the sign.
        SRAIW "sraiw" "0100000 ..... ..... 101 ..... 0011011" Shift32 => (a as i32 >> (b & 31)) as u64;
        /// Add, 32 bits, sign-extended.
        ADDW "addw" "0000000 ..... ..... 000 ..... 0111011" R => word(a.wrapping_add(b));
        /// Subtract, 32 bits, sign-extended.
        SUBW "subw" "0100000 ..... ..... 000 ..... 0111011" R => word(a.wrapping_sub(b));
        /// Shift left, 32 bits, sign-extended.
        SLLW "sllw" "0000000 ..... ..... 001 ..... 0111011" R => word(a << (b & 31));
        /// Shift right, 32 bits, filling with zeros.
        SRLW "srlw" "0000000 ..... ..... 101 ..... 0111011" R => word((a as u32 >> (b & 31)) as u64);
        /// Shift right, 32 bits, filling with the sign.
        SRAW "sraw" "0100000 ..... ..... 101 ..... 0111011" R => (a as i32 >> (b & 31)) as u64;
    }

    branch (a, b) {
        /// Branch if equal.
        BEQ "beq" "....... ..... ..... 000 ..... 1100011" => a == b;
        /// Branch if not equal.
        BNE "bne" "....... ..... ..... 001 ..... 1100011" => a != b;
        /// Branch if less than, signed.
        BLT "blt" "....... ..... ..... 100 ..... 1100011" => (a as i64) < b as i64;
        /// Branch if greater or equal, signed.
        BGE "bge" "....... ..... ..... 101 ..... 1100011" => a as i64 >= b as i64;
        /// Branch if less than, unsigned.
        BLTU "bltu" "....... ..... ..... 110 ..... 1100011" => a < b;
        /// Branch if greater or equal, unsigned.
        BGEU "bgeu" "....... ..... ..... 111 ..... 1100011" => a >= b;
    }

    other {
        /// Add upper immediate to pc.
        AUIPC "auipc" "....... ..... ..... ... ..... 0010111" Upper => Kind::Auipc;
        /// Jump and link.
        JAL "jal" "....... ..... ..... ... ..... 1101111" Jump => Kind::Jal;
        /// Jump to register and link.
        JALR "jalr" "............ ..... 000 ..... 1100111" Load => Kind::Jalr;
        /// Load byte.
        LB "lb" "............ ..... 000 ..... 0000011" Load => Kind::Load(Width::I8);
        /// Load half-word.
        LH "lh" "............ ..... 001 ..... 0000011" Load => Kind::Load(Width::I16);
        /// Load word.
        LW "lw" "............ ..... 010 ..... 0000011" Load => Kind::Load(Width::I32);
        /// Load double word.
        LD "ld" "............ ..... 011 ..... 0000011" Load => Kind::Load(Width::I64);
        /// Load unsigned byte.
        LBU "lbu" "............ ..... 100 ..... 0000011" Load => Kind::Load(Width::U8);
        /// Load unsigned half-word.
        LHU "lhu" "............ ..... 101 ..... 0000011" Load => Kind::Load(Width::U16);
        /// Load unsigned word.
        LWU "lwu" "............ ..... 110 ..... 0000011" Load => Kind::Load(Width::U32);
        /// Store byte.
        SB "sb" "....... ..... ..... 000 ..... 0100011" Store => Kind::Store(Width::I8);
        /// Store half-word.
        SH "sh" "....... ..... ..... 001 ..... 0100011" Store => Kind::Store(Width::I16);
        /// Store word.
        SW "sw" "....... ..... ..... 010 ..... 0100011" Store => Kind::Store(Width::I32);
        /// Store double word.
        SD "sd" "....... ..... ..... 011 ..... 0100011" Store => Kind::Store(Width::I64);
        /// Order memory accesses.
        FENCE "fence" "............ ..... 000 ..... 0001111" Fence => Kind::Fence;
        /// Call the kernel.
        ECALL "ecall" "000000000000 00000 000 00000 1110011" Bare => Kind::Ecall;
        /// Call the debugger.
        EBREAK "ebreak" "000000000001 00000 000 00000 1110011" Bare => Kind::Ebreak;
    }
}

/// The low 32 bits, sign-extended.
#[inline(always)]
pub(super) fn word(value: u64) -> u64 {
    value as i32 as u64
}
