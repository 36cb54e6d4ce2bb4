//! Zcb, simple compressed instructions (unprivileged manual, chapter "Zc"). Those that expand to an instruction of Zba, Zbb or M
//! are there only if that is.

use super::{rv64i, rv64m, zba, zbb};

compressed! {
    extension "Zcb";

    "c.lbu" "100 000 ... .. ... 00" LoadByte => rv64i::LBU;
    "c.lhu" "100 001 ... 0 . ... 00" LoadHalf => rv64i::LHU;
    "c.lh" "100 001 ... 1 . ... 00" LoadHalf => rv64i::LH;
    "c.sb" "100 010 ... .. ... 00" StoreByte => rv64i::SB;
    "c.sh" "100 011 ... 0 . ... 00" StoreHalf => rv64i::SH;

    "c.mul" "100 111 ... 10 ... 01" Arithmetic => rv64m::MUL;
    "c.zext.b" "100 111 ... 11 000 01" ZeroExtendByte => rv64i::ANDI;
    "c.sext.b" "100 111 ... 11 001 01" Unary => zbb::SEXT_B;
    "c.zext.h" "100 111 ... 11 010 01" Unary => zbb::ZEXT_H;
    "c.sext.h" "100 111 ... 11 011 01" Unary => zbb::SEXT_H;
    "c.zext.w" "100 111 ... 11 100 01" ZeroExtendWord => zba::ADD_UW;
    "c.not" "100 111 ... 11 101 01" Not => rv64i::XORI;
}
