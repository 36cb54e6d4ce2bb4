//! The instruction set: one table per extension, from which the decoder, the disassembler, the engine's handlers and
//! `docs/isa.md` come.
//!
//! A row says how an instruction is encoded, how it is spelled, what its operands are and what it means. The meaning is
//! an expression over 64-bit values, so that both forms of the engine share it: with a constant [`Op`] it folds into one
//! handler, with a variable one it is a `match`.

#[macro_use]
mod table;
pub mod csr;
mod decode;
mod disasm;
mod document;
pub mod float;

pub mod rv64a;
pub mod rv64c;
pub mod rv64d;
pub mod rv64f;
pub mod rv64i;
pub mod rv64m;
pub mod zicsr;
pub mod zifencei;

pub use decode::decode;
pub use disasm::{disassemble, disassemble_bits, register_name};
pub use document::document;
pub use table::{CsrAction, Format, Insn, Kind, Op, Row, Width};

extensions! { rv64i, rv64m, rv64a, zicsr, zifencei, rv64f, rv64d }
