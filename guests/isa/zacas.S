// Zacas: atomic compare-and-swap (unprivileged manual, "Zacas").
// cc: -nostdlib
#include "check.h"

.macro amocas.b rd, rs2, rs1
    .insn r 0x2f, 0, 0x17, \rd, \rs1, \rs2
.endm
.macro amocas.h rd, rs2, rs1
    .insn r 0x2f, 1, 0x17, \rd, \rs1, \rs2
.endm
.macro amocas.w rd, rs2, rs1
    .insn r 0x2f, 2, 0x17, \rd, \rs1, \rs2
.endm
.macro amocas.d rd, rs2, rs1
    .insn r 0x2f, 3, 0x17, \rd, \rs1, \rs2
.endm
.macro amocas.q rd, rs2, rs1
    .insn r 0x2f, 4, 0x17, \rd, \rs1, \rs2
.endm

// Bits of the operands beyond the width do not count; the old value comes sign-extended.
.macro swap op, old, compare, operand, result, before
    li a0, \before
    sd a0, 0(s0)
    li a2, \compare
    li a1, \operand
    \op a2, a1, s0
    expect a2, \old
    ld a3, 0(s0)
    li t6, \result
    bne a3, t6, fail
    // x0 as destination compares with zero.
    sd a0, 0(s0)
    \op zero, a1, s0
    ld a3, 0(s0)
    li t6, \before
    bne a3, t6, fail
.endm

    begin
    lla s0, place

    swap amocas.b, 0xffffffffffffff88, 0x88, 0x5a5b5c5d5e5f6061, 0x8182838485868761, 0x8182838485868788
    swap amocas.b, 0xffffffffffffff88, 0xffffffffffffff88, 0x5a5b5c5d5e5f6061, 0x8182838485868761, 0x8182838485868788
    swap amocas.b, 0xffffffffffffff88, 0x89, 0x5a5b5c5d5e5f6061, 0x8182838485868788, 0x8182838485868788
    swap amocas.b, 0xffffffffffffff88, 0xffffffffffffff88, 0x5a5b5c5d5e5f6061, 0x8182838485868761, 0x8182838485868788
    swap amocas.b, 0x8, 0x8, 0x5a5b5c5d5e5f6061, 0x102030405060761, 0x102030405060708
    swap amocas.b, 0x8, 0xffffffffffffff08, 0x5a5b5c5d5e5f6061, 0x102030405060761, 0x102030405060708
    swap amocas.b, 0x8, 0x9, 0x5a5b5c5d5e5f6061, 0x102030405060708, 0x102030405060708
    swap amocas.b, 0x8, 0x8, 0x5a5b5c5d5e5f6061, 0x102030405060761, 0x102030405060708
    swap amocas.h, 0xffffffffffff8788, 0x8788, 0x5a5b5c5d5e5f6061, 0x8182838485866061, 0x8182838485868788
    swap amocas.h, 0xffffffffffff8788, 0xffffffffffff8788, 0x5a5b5c5d5e5f6061, 0x8182838485866061, 0x8182838485868788
    swap amocas.h, 0xffffffffffff8788, 0x8789, 0x5a5b5c5d5e5f6061, 0x8182838485868788, 0x8182838485868788
    swap amocas.h, 0xffffffffffff8788, 0xffffffffffff8788, 0x5a5b5c5d5e5f6061, 0x8182838485866061, 0x8182838485868788
    swap amocas.h, 0x708, 0x708, 0x5a5b5c5d5e5f6061, 0x102030405066061, 0x102030405060708
    swap amocas.h, 0x708, 0xffffffffffff0708, 0x5a5b5c5d5e5f6061, 0x102030405066061, 0x102030405060708
    swap amocas.h, 0x708, 0x709, 0x5a5b5c5d5e5f6061, 0x102030405060708, 0x102030405060708
    swap amocas.h, 0x708, 0x708, 0x5a5b5c5d5e5f6061, 0x102030405066061, 0x102030405060708
    swap amocas.w, 0xffffffff85868788, 0x85868788, 0x5a5b5c5d5e5f6061, 0x818283845e5f6061, 0x8182838485868788
    swap amocas.w, 0xffffffff85868788, 0xffffffff85868788, 0x5a5b5c5d5e5f6061, 0x818283845e5f6061, 0x8182838485868788
    swap amocas.w, 0xffffffff85868788, 0x85868789, 0x5a5b5c5d5e5f6061, 0x8182838485868788, 0x8182838485868788
    swap amocas.w, 0xffffffff85868788, 0xffffffff85868788, 0x5a5b5c5d5e5f6061, 0x818283845e5f6061, 0x8182838485868788
    swap amocas.w, 0x5060708, 0x5060708, 0x5a5b5c5d5e5f6061, 0x10203045e5f6061, 0x102030405060708
    swap amocas.w, 0x5060708, 0xffffffff05060708, 0x5a5b5c5d5e5f6061, 0x10203045e5f6061, 0x102030405060708
    swap amocas.w, 0x5060708, 0x5060709, 0x5a5b5c5d5e5f6061, 0x102030405060708, 0x102030405060708
    swap amocas.w, 0x5060708, 0x5060708, 0x5a5b5c5d5e5f6061, 0x10203045e5f6061, 0x102030405060708
    swap amocas.d, 0x8182838485868788, 0x8182838485868788, 0x5a5b5c5d5e5f6061, 0x5a5b5c5d5e5f6061, 0x8182838485868788
    swap amocas.d, 0x8182838485868788, 0x8182838485868788, 0x5a5b5c5d5e5f6061, 0x5a5b5c5d5e5f6061, 0x8182838485868788
    swap amocas.d, 0x8182838485868788, 0x8182838485868789, 0x5a5b5c5d5e5f6061, 0x8182838485868788, 0x8182838485868788
    swap amocas.d, 0x8182838485868788, 0x8182838485868788, 0x5a5b5c5d5e5f6061, 0x5a5b5c5d5e5f6061, 0x8182838485868788
    swap amocas.d, 0x102030405060708, 0x102030405060708, 0x5a5b5c5d5e5f6061, 0x5a5b5c5d5e5f6061, 0x102030405060708
    swap amocas.d, 0x102030405060708, 0x102030405060708, 0x5a5b5c5d5e5f6061, 0x5a5b5c5d5e5f6061, 0x102030405060708
    swap amocas.d, 0x102030405060708, 0x102030405060709, 0x5a5b5c5d5e5f6061, 0x102030405060708, 0x102030405060708
    swap amocas.d, 0x102030405060708, 0x102030405060708, 0x5a5b5c5d5e5f6061, 0x5a5b5c5d5e5f6061, 0x102030405060708

    // Both halves of a pair must match.
.macro pair low, high, swapped
    li a0, 0x1111111122222222
    sd a0, 0(s0)
    li a0, 0x8888888899999999
    sd a0, 8(s0)
    li a2, \low
    li a3, \high
    li a4, 5
    li a5, 6
    amocas.q a2, a4, s0
    expect a2, 0x1111111122222222
    expect a3, 0x8888888899999999
    ld a0, 0(s0)
    ld a1, 8(s0)
.if \swapped
    expect a0, 5
    expect a1, 6
.else
    expect a0, 0x1111111122222222
    expect a1, 0x8888888899999999
.endif
.endm
    pair 0x1111111122222222, 0x8888888899999999, 1
    pair 0x1111111122222223, 0x8888888899999999, 0
    pair 0x1111111122222222, 0x0888888899999999, 0
    pair 0, 0, 0

    // The pair x0 is zero, as any source and as destination.
    li ra, 7
    sd zero, 0(s0)
    sd zero, 8(s0)
    amocas.q zero, a4, s0
    ld a0, 0(s0)
    expect a0, 5
    ld a0, 8(s0)
    expect a0, 6
    expect ra, 7
    li a2, 5
    li a3, 6
    amocas.q a2, zero, s0
    expect a2, 5
    expect a3, 6
    ld a0, 0(s0)
    expect a0, 0
    ld a0, 8(s0)
    expect a0, 0

    end

    .data
    .balign 16
place:
    .space 16
