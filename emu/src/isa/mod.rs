//! The instruction set: one table per extension, from which the decoder, the disassembler, the engine's handlers and
//! `docs/isa.md` come.
//!
//! A row says how an instruction is encoded, how it is spelled, what its operands are and what it means. The meaning is
//! an expression over 64-bit values, so that both forms of the engine share it: with a constant [`Op`] it folds into one
//! handler, with a variable one it is a `match`.

#[macro_use]
mod table;
mod aes;
pub mod csr;
mod decode;
mod disasm;
mod document;
pub mod extension;
pub mod float;

#[macro_use]
pub mod rv64c;
pub mod rv64a;
pub mod rv64d;
pub mod rv64f;
pub mod rv64i;
pub mod rv64m;
pub mod zabha;
pub mod zacas;
pub mod zawrs;
pub mod zba;
pub mod zbb;
pub mod zbc;
pub mod zbkb;
pub mod zbkx;
pub mod zbs;
pub mod zcb;
pub mod zcmop;
pub mod zfa;
pub mod zfh;
pub mod zfhmin;
pub mod zicbom;
pub mod zicbop;
pub mod zicboz;
pub mod zicond;
pub mod zicsr;
pub mod zifencei;
pub mod zihintntl;
pub mod zihintpause;
pub mod zimop;
pub mod zknd;
pub mod zkne;
pub mod zknh;

pub use decode::decode;
pub use disasm::{disassemble, register_name};
pub use document::document;
pub use extension::{EXTENSIONS, Extension, Extensions};
pub use table::{CsrAction, Format, Insn, Kind, Op, Row, Width};

join! {
    rv64i, rv64m, rv64a, zicsr, zifencei, rv64f, rv64d, zicond, zihintpause, zihintntl, zimop, zawrs, zicbom, zicbop, zicboz,
    zba, zbb, zbs, zbc, zbkb, zbkx, zkne, zknd, zknh, zacas, zabha, zfhmin, zfh, zfa
}
