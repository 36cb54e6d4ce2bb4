// I: the base integer instructions (unprivileged manual, "RV32I" and "RV64I").
// cc: -nostdlib
#include "check.h"

    begin

    two add, 0, 0, 0
    two add, 1, 0xffffffffffffffff, 0
    two add, 0x7fffffff, 1, 0x80000000
    two add, 0x7fffffffffffffff, 1, 0x8000000000000000
    two add, 0x8000000000000000, 0xffffffffffffffff, 0x7fffffffffffffff
    two sub, 0, 0, 0
    two sub, 1, 0xffffffffffffffff, 2
    two sub, 0x7fffffff, 1, 0x7ffffffe
    two sub, 0x7fffffffffffffff, 1, 0x7ffffffffffffffe
    two sub, 0x8000000000000000, 0xffffffffffffffff, 0x8000000000000001
    two sll, 0x8000000080000001, 0, 0x8000000080000001
    two sll, 0x8000000080000001, 1, 0x100000002
    two sll, 0x8000000080000001, 0x1f, 0x4000000080000000
    two sll, 0x8000000080000001, 0x21, 0x200000000
    two sll, 0x8000000080000001, 0x3f, 0x8000000000000000
    two sll, 1, 0x44, 0x10
    two slt, 0, 0, 0
    two slt, 1, 0xffffffffffffffff, 0
    two slt, 0xffffffffffffffff, 1, 1
    two slt, 0x8000000000000000, 0x7fffffffffffffff, 1
    two slt, 5, 6, 1
    two sltu, 0, 0, 0
    two sltu, 1, 0xffffffffffffffff, 1
    two sltu, 0xffffffffffffffff, 1, 0
    two sltu, 0x8000000000000000, 0x7fffffffffffffff, 0
    two sltu, 5, 6, 1
    two xor, 0xff00ff00ff00ff00, 0xff00ff00ff00ff0, 0xf0f0f0f0f0f0f0f0
    two xor, 0xffffffffffffffff, 0, 0xffffffffffffffff
    two srl, 0x8000000080000001, 0, 0x8000000080000001
    two srl, 0x8000000080000001, 1, 0x4000000040000000
    two srl, 0x8000000080000001, 0x1f, 0x100000001
    two srl, 0x8000000080000001, 0x21, 0x40000000
    two srl, 0x8000000080000001, 0x3f, 1
    two srl, 1, 0x44, 0
    two sra, 0x8000000080000001, 0, 0x8000000080000001
    two sra, 0x8000000080000001, 1, 0xc000000040000000
    two sra, 0x8000000080000001, 0x1f, 0xffffffff00000001
    two sra, 0x8000000080000001, 0x21, 0xffffffffc0000000
    two sra, 0x8000000080000001, 0x3f, 0xffffffffffffffff
    two sra, 1, 0x44, 0
    two or, 0xff00ff00ff00ff00, 0xff00ff00ff00ff0, 0xfff0fff0fff0fff0
    two or, 0xffffffffffffffff, 0, 0xffffffffffffffff
    two and, 0xff00ff00ff00ff00, 0xff00ff00ff00ff0, 0xf000f000f000f00
    two and, 0xffffffffffffffff, 0, 0
    two addw, 0, 0, 0
    two addw, 1, 0xffffffffffffffff, 0
    two addw, 0x7fffffff, 1, 0xffffffff80000000
    two addw, 0x7fffffffffffffff, 1, 0
    two addw, 0x8000000000000000, 0xffffffffffffffff, 0xffffffffffffffff
    two subw, 0, 0, 0
    two subw, 1, 0xffffffffffffffff, 2
    two subw, 0x7fffffff, 1, 0x7ffffffe
    two subw, 0x7fffffffffffffff, 1, 0xfffffffffffffffe
    two subw, 0x8000000000000000, 0xffffffffffffffff, 1
    two sllw, 0x8000000080000001, 0, 0xffffffff80000001
    two sllw, 0x8000000080000001, 1, 2
    two sllw, 0x8000000080000001, 0x1f, 0xffffffff80000000
    two sllw, 0x8000000080000001, 0x21, 2
    two sllw, 0x8000000080000001, 0x3f, 0xffffffff80000000
    two sllw, 1, 0x44, 0x10
    two srlw, 0x8000000080000001, 0, 0xffffffff80000001
    two srlw, 0x8000000080000001, 1, 0x40000000
    two srlw, 0x8000000080000001, 0x1f, 1
    two srlw, 0x8000000080000001, 0x21, 0x40000000
    two srlw, 0x8000000080000001, 0x3f, 1
    two srlw, 1, 0x44, 0
    two sraw, 0x8000000080000001, 0, 0xffffffff80000001
    two sraw, 0x8000000080000001, 1, 0xffffffffc0000000
    two sraw, 0x8000000080000001, 0x1f, 0xffffffffffffffff
    two sraw, 0x8000000080000001, 0x21, 0xffffffffc0000000
    two sraw, 0x8000000080000001, 0x3f, 0xffffffffffffffff
    two sraw, 1, 0x44, 0

    one addi, 0, -2048, 0xfffffffffffff800
    one addi, 0x7fffffff, 2047, 0x800007fe
    one addi, 0xffffffffffffffff, -1, 0xfffffffffffffffe
    one slti, 0, -2048, 0
    one slti, 0x7fffffff, 2047, 0
    one slti, 0xffffffffffffffff, -1, 0
    one sltiu, 0, -2048, 1
    one sltiu, 0x7fffffff, 2047, 0
    one sltiu, 0xffffffffffffffff, -1, 0
    one xori, 0, -2048, 0xfffffffffffff800
    one xori, 0x7fffffff, 2047, 0x7ffff800
    one xori, 0xffffffffffffffff, -1, 0
    one ori, 0, -2048, 0xfffffffffffff800
    one ori, 0x7fffffff, 2047, 0x7fffffff
    one ori, 0xffffffffffffffff, -1, 0xffffffffffffffff
    one andi, 0, -2048, 0
    one andi, 0x7fffffff, 2047, 0x7ff
    one andi, 0xffffffffffffffff, -1, 0xffffffffffffffff
    one addiw, 0, -2048, 0xfffffffffffff800
    one addiw, 0x7fffffff, 2047, 0xffffffff800007fe
    one addiw, 0xffffffffffffffff, -1, 0xfffffffffffffffe
    one slli, 0x8000000080000001, 1, 0x100000002
    one slli, 0x8000000080000001, 31, 0x4000000080000000
    one slli, 0x8000000080000001, 32, 0x8000000100000000
    one slli, 0x8000000080000001, 63, 0x8000000000000000
    one srli, 0x8000000080000001, 1, 0x4000000040000000
    one srli, 0x8000000080000001, 31, 0x100000001
    one srli, 0x8000000080000001, 32, 0x80000000
    one srli, 0x8000000080000001, 63, 1
    one srai, 0x8000000080000001, 1, 0xc000000040000000
    one srai, 0x8000000080000001, 31, 0xffffffff00000001
    one srai, 0x8000000080000001, 32, 0xffffffff80000000
    one srai, 0x8000000080000001, 63, 0xffffffffffffffff
    one slliw, 0x8000000080000001, 0, 0xffffffff80000001
    one slliw, 0x8000000080000001, 1, 2
    one slliw, 0x8000000080000001, 31, 0xffffffff80000000
    one srliw, 0x8000000080000001, 0, 0xffffffff80000001
    one srliw, 0x8000000080000001, 1, 0x40000000
    one srliw, 0x8000000080000001, 31, 1
    one sraiw, 0x8000000080000001, 0, 0xffffffff80000001
    one sraiw, 0x8000000080000001, 1, 0xffffffffc0000000
    one sraiw, 0x8000000080000001, 31, 0xffffffffffffffff

    branch beq, 5, 5, 1
    branch beq, 1, 0xffffffffffffffff, 0
    branch beq, 0xffffffffffffffff, 1, 0
    branch bne, 5, 5, 0
    branch bne, 1, 0xffffffffffffffff, 1
    branch bne, 0xffffffffffffffff, 1, 1
    branch blt, 5, 5, 0
    branch blt, 1, 0xffffffffffffffff, 0
    branch blt, 0xffffffffffffffff, 1, 1
    branch bge, 5, 5, 1
    branch bge, 1, 0xffffffffffffffff, 1
    branch bge, 0xffffffffffffffff, 1, 0
    branch bltu, 5, 5, 0
    branch bltu, 1, 0xffffffffffffffff, 1
    branch bltu, 0xffffffffffffffff, 1, 0
    branch bgeu, 5, 5, 1
    branch bgeu, 1, 0xffffffffffffffff, 0
    branch bgeu, 0xffffffffffffffff, 1, 1

    // Writes to x0 are dropped.
    li a0, 7
    addi zero, a0, 1
    lui zero, 1
    expect zero, 0

    lui a0, 0x80000
    expect a0, 0xffffffff80000000
1:  auipc a0, 0xfffff
    lla a1, 1b
    sub a0, a1, a0
    expect a0, 0x1000

    // jal and jalr link, also when source and destination are one; bit 0 of the target is dropped.
    .option push
    .option norvc
1:  jal a0, 2f
    j fail
2:  lla a1, 1b + 4
    sub a0, a0, a1
    expect a0, 0
    lla a0, 4f + 1
3:  jalr a0, 0(a0)
    j fail
4:  lla a1, 3b + 4
    sub a0, a0, a1
    expect a0, 0
    lla a0, 6f + 4
5:  jalr zero, -4(a0)
    j fail
6:  .option pop

    // Loads, aligned and not.
    lla s0, bytes
    lb a0, 0(s0)
    expect a0, 0xffffffffffffff80
    lb a0, 1(s0)
    expect a0, 0xffffffffffffff81
    lb a0, 5(s0)
    expect a0, 0xffffffffffffff85
    lb a0, 8(s0)
    expect a0, 8
    lbu a0, 0(s0)
    expect a0, 0x80
    lbu a0, 1(s0)
    expect a0, 0x81
    lbu a0, 5(s0)
    expect a0, 0x85
    lbu a0, 8(s0)
    expect a0, 8
    lh a0, 0(s0)
    expect a0, 0xffffffffffff8180
    lh a0, 1(s0)
    expect a0, 0xffffffffffff8281
    lh a0, 5(s0)
    expect a0, 0xffffffffffff8685
    lh a0, 8(s0)
    expect a0, 0x1908
    lhu a0, 0(s0)
    expect a0, 0x8180
    lhu a0, 1(s0)
    expect a0, 0x8281
    lhu a0, 5(s0)
    expect a0, 0x8685
    lhu a0, 8(s0)
    expect a0, 0x1908
    lw a0, 0(s0)
    expect a0, 0xffffffff83828180
    lw a0, 1(s0)
    expect a0, 0xffffffff84838281
    lw a0, 5(s0)
    expect a0, 0x8878685
    lw a0, 8(s0)
    expect a0, 0x3b2a1908
    lwu a0, 0(s0)
    expect a0, 0x83828180
    lwu a0, 1(s0)
    expect a0, 0x84838281
    lwu a0, 5(s0)
    expect a0, 0x8878685
    lwu a0, 8(s0)
    expect a0, 0x3b2a1908
    ld a0, 0(s0)
    expect a0, 0x8786858483828180
    ld a0, 1(s0)
    expect a0, 0x887868584838281
    ld a0, 5(s0)
    expect a0, 0x4c3b2a1908878685
    ld a0, 8(s0)
    expect a0, 0x7f6e5d4c3b2a1908
    lla s0, bytes + 2047
    lb a0, -2047(s0)
    expect a0, 0xffffffffffffff80

    // Stores change their own bytes and no more.
    lla s0, place
    li s1, 0x1122334455667788
    li a0, -1
    sd a0, 0(s0)
    sd a0, 8(s0)
    sb s1, 0(s0)
    ld a0, 0(s0)
    expect a0, 0xffffffffffffff88
    ld a0, 8(s0)
    expect a0, 0xffffffffffffffff
    li a0, -1
    sd a0, 0(s0)
    sd a0, 8(s0)
    sb s1, 3(s0)
    ld a0, 0(s0)
    expect a0, 0xffffffff88ffffff
    ld a0, 8(s0)
    expect a0, 0xffffffffffffffff
    li a0, -1
    sd a0, 0(s0)
    sd a0, 8(s0)
    sh s1, 0(s0)
    ld a0, 0(s0)
    expect a0, 0xffffffffffff7788
    ld a0, 8(s0)
    expect a0, 0xffffffffffffffff
    li a0, -1
    sd a0, 0(s0)
    sd a0, 8(s0)
    sh s1, 3(s0)
    ld a0, 0(s0)
    expect a0, 0xffffff7788ffffff
    ld a0, 8(s0)
    expect a0, 0xffffffffffffffff
    li a0, -1
    sd a0, 0(s0)
    sd a0, 8(s0)
    sw s1, 0(s0)
    ld a0, 0(s0)
    expect a0, 0xffffffff55667788
    ld a0, 8(s0)
    expect a0, 0xffffffffffffffff
    li a0, -1
    sd a0, 0(s0)
    sd a0, 8(s0)
    sw s1, 3(s0)
    ld a0, 0(s0)
    expect a0, 0xff55667788ffffff
    ld a0, 8(s0)
    expect a0, 0xffffffffffffffff
    li a0, -1
    sd a0, 0(s0)
    sd a0, 8(s0)
    sd s1, 0(s0)
    ld a0, 0(s0)
    expect a0, 0x1122334455667788
    ld a0, 8(s0)
    expect a0, 0xffffffffffffffff
    li a0, -1
    sd a0, 0(s0)
    sd a0, 8(s0)
    sd s1, 3(s0)
    ld a0, 0(s0)
    expect a0, 0x4455667788ffffff
    ld a0, 8(s0)
    expect a0, 0xffffffffff112233

    fence
    fence rw, w
    fence.tso
    .insn i 0x0f, 0, a0, a0, 0x7ff      // Fields that are reserved in a fence are ignored.

    end

    .data
    .balign 8
bytes:
    .byte 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x8, 0x19, 0x2a, 0x3b, 0x4c, 0x5d, 0x6e, 0x7f
place:
    .dword 0, 0
