// Zabha: atomic access to bytes and half-words (unprivileged manual, "Zabha").
// cc: -nostdlib
#include "check.h"

.macro amoadd.b rd, rs2, rs1
    .insn r 0x2f, 0, 3, \rd, \rs1, \rs2
.endm
.macro amoadd.h rd, rs2, rs1
    .insn r 0x2f, 1, 3, \rd, \rs1, \rs2
.endm
.macro amoswap.b rd, rs2, rs1
    .insn r 0x2f, 0, 7, \rd, \rs1, \rs2
.endm
.macro amoswap.h rd, rs2, rs1
    .insn r 0x2f, 1, 7, \rd, \rs1, \rs2
.endm
.macro amoxor.b rd, rs2, rs1
    .insn r 0x2f, 0, 19, \rd, \rs1, \rs2
.endm
.macro amoxor.h rd, rs2, rs1
    .insn r 0x2f, 1, 19, \rd, \rs1, \rs2
.endm
.macro amoor.b rd, rs2, rs1
    .insn r 0x2f, 0, 35, \rd, \rs1, \rs2
.endm
.macro amoor.h rd, rs2, rs1
    .insn r 0x2f, 1, 35, \rd, \rs1, \rs2
.endm
.macro amoand.b rd, rs2, rs1
    .insn r 0x2f, 0, 51, \rd, \rs1, \rs2
.endm
.macro amoand.h rd, rs2, rs1
    .insn r 0x2f, 1, 51, \rd, \rs1, \rs2
.endm
.macro amomin.b rd, rs2, rs1
    .insn r 0x2f, 0, 67, \rd, \rs1, \rs2
.endm
.macro amomin.h rd, rs2, rs1
    .insn r 0x2f, 1, 67, \rd, \rs1, \rs2
.endm
.macro amomax.b rd, rs2, rs1
    .insn r 0x2f, 0, 83, \rd, \rs1, \rs2
.endm
.macro amomax.h rd, rs2, rs1
    .insn r 0x2f, 1, 83, \rd, \rs1, \rs2
.endm
.macro amominu.b rd, rs2, rs1
    .insn r 0x2f, 0, 99, \rd, \rs1, \rs2
.endm
.macro amominu.h rd, rs2, rs1
    .insn r 0x2f, 1, 99, \rd, \rs1, \rs2
.endm
.macro amomaxu.b rd, rs2, rs1
    .insn r 0x2f, 0, 115, \rd, \rs1, \rs2
.endm
.macro amomaxu.h rd, rs2, rs1
    .insn r 0x2f, 1, 115, \rd, \rs1, \rs2
.endm

// The second byte or half-word of a double word is what changes; the rest stays, and the old value comes sign-extended.
.macro part op, place, operand, old, result
    li a0, 0x8182838485868788
    sd a0, 0(s0)
    li a1, \operand
    addi s1, s0, \place
    \op a2, a1, s1
    expect a2, \old
    ld a3, 0(s0)
    li t6, \result
    bne a3, t6, fail
    sd a0, 0(s0)
    \op a1, a1, s1
    li t6, \old
    bne a1, t6, fail
.endm

    begin
    lla s0, place

    part amoadd.b, 1, 0, 0xffffffffffffff87, 0x8182838485868788
    part amoadd.b, 2, 0x1, 0xffffffffffffff86, 0x8182838485878788
    part amoadd.b, 1, 0x7f, 0xffffffffffffff87, 0x8182838485860688
    part amoadd.b, 2, 0x80, 0xffffffffffffff86, 0x8182838485068788
    part amoadd.b, 3, 0xffffffffffffff81, 0xffffffffffffff85, 0x8182838406868788
    part amoadd.b, 2, 0x8586, 0xffffffffffffff86, 0x81828384850c8788
    part amoadd.b, 1, 0x7fff, 0xffffffffffffff87, 0x8182838485868688
    part amoadd.b, 2, 0xffffffffffffffff, 0xffffffffffffff86, 0x8182838485858788
    part amoadd.h, 2, 0, 0xffffffffffff8586, 0x8182838485868788
    part amoadd.h, 2, 0x1, 0xffffffffffff8586, 0x8182838485878788
    part amoadd.h, 6, 0x7f, 0xffffffffffff8182, 0x8201838485868788
    part amoadd.h, 2, 0x80, 0xffffffffffff8586, 0x8182838486068788
    part amoadd.h, 6, 0xffffffffffffff81, 0xffffffffffff8182, 0x8103838485868788
    part amoadd.h, 6, 0x8586, 0xffffffffffff8182, 0x708838485868788
    part amoadd.h, 6, 0x7fff, 0xffffffffffff8182, 0x181838485868788
    part amoadd.h, 6, 0xffffffffffffffff, 0xffffffffffff8182, 0x8181838485868788
    part amoswap.b, 2, 0, 0xffffffffffffff86, 0x8182838485008788
    part amoswap.b, 3, 0x1, 0xffffffffffffff85, 0x8182838401868788
    part amoswap.b, 1, 0x7f, 0xffffffffffffff87, 0x8182838485867f88
    part amoswap.b, 3, 0x80, 0xffffffffffffff85, 0x8182838480868788
    part amoswap.b, 2, 0xffffffffffffff81, 0xffffffffffffff86, 0x8182838485818788
    part amoswap.b, 2, 0x8586, 0xffffffffffffff86, 0x8182838485868788
    part amoswap.b, 1, 0x7fff, 0xffffffffffffff87, 0x818283848586ff88
    part amoswap.b, 3, 0xffffffffffffffff, 0xffffffffffffff85, 0x81828384ff868788
    part amoswap.h, 6, 0, 0xffffffffffff8182, 0x838485868788
    part amoswap.h, 6, 0x1, 0xffffffffffff8182, 0x1838485868788
    part amoswap.h, 6, 0x7f, 0xffffffffffff8182, 0x7f838485868788
    part amoswap.h, 2, 0x80, 0xffffffffffff8586, 0x8182838400808788
    part amoswap.h, 6, 0xffffffffffffff81, 0xffffffffffff8182, 0xff81838485868788
    part amoswap.h, 4, 0x8586, 0xffffffffffff8384, 0x8182858685868788
    part amoswap.h, 2, 0x7fff, 0xffffffffffff8586, 0x818283847fff8788
    part amoswap.h, 6, 0xffffffffffffffff, 0xffffffffffff8182, 0xffff838485868788
    part amoxor.b, 2, 0, 0xffffffffffffff86, 0x8182838485868788
    part amoxor.b, 2, 0x1, 0xffffffffffffff86, 0x8182838485878788
    part amoxor.b, 2, 0x7f, 0xffffffffffffff86, 0x8182838485f98788
    part amoxor.b, 1, 0x80, 0xffffffffffffff87, 0x8182838485860788
    part amoxor.b, 2, 0xffffffffffffff81, 0xffffffffffffff86, 0x8182838485078788
    part amoxor.b, 3, 0x8586, 0xffffffffffffff85, 0x8182838403868788
    part amoxor.b, 1, 0x7fff, 0xffffffffffffff87, 0x8182838485867888
    part amoxor.b, 2, 0xffffffffffffffff, 0xffffffffffffff86, 0x8182838485798788
    part amoxor.h, 2, 0, 0xffffffffffff8586, 0x8182838485868788
    part amoxor.h, 6, 0x1, 0xffffffffffff8182, 0x8183838485868788
    part amoxor.h, 6, 0x7f, 0xffffffffffff8182, 0x81fd838485868788
    part amoxor.h, 4, 0x80, 0xffffffffffff8384, 0x8182830485868788
    part amoxor.h, 2, 0xffffffffffffff81, 0xffffffffffff8586, 0x818283847a078788
    part amoxor.h, 6, 0x8586, 0xffffffffffff8182, 0x404838485868788
    part amoxor.h, 2, 0x7fff, 0xffffffffffff8586, 0x81828384fa798788
    part amoxor.h, 4, 0xffffffffffffffff, 0xffffffffffff8384, 0x81827c7b85868788
    part amoor.b, 3, 0, 0xffffffffffffff85, 0x8182838485868788
    part amoor.b, 3, 0x1, 0xffffffffffffff85, 0x8182838485868788
    part amoor.b, 3, 0x7f, 0xffffffffffffff85, 0x81828384ff868788
    part amoor.b, 1, 0x80, 0xffffffffffffff87, 0x8182838485868788
    part amoor.b, 3, 0xffffffffffffff81, 0xffffffffffffff85, 0x8182838485868788
    part amoor.b, 3, 0x8586, 0xffffffffffffff85, 0x8182838487868788
    part amoor.b, 1, 0x7fff, 0xffffffffffffff87, 0x818283848586ff88
    part amoor.b, 3, 0xffffffffffffffff, 0xffffffffffffff85, 0x81828384ff868788
    part amoor.h, 2, 0, 0xffffffffffff8586, 0x8182838485868788
    part amoor.h, 6, 0x1, 0xffffffffffff8182, 0x8183838485868788
    part amoor.h, 4, 0x7f, 0xffffffffffff8384, 0x818283ff85868788
    part amoor.h, 6, 0x80, 0xffffffffffff8182, 0x8182838485868788
    part amoor.h, 6, 0xffffffffffffff81, 0xffffffffffff8182, 0xff83838485868788
    part amoor.h, 6, 0x8586, 0xffffffffffff8182, 0x8586838485868788
    part amoor.h, 2, 0x7fff, 0xffffffffffff8586, 0x81828384ffff8788
    part amoor.h, 6, 0xffffffffffffffff, 0xffffffffffff8182, 0xffff838485868788
    part amoand.b, 2, 0, 0xffffffffffffff86, 0x8182838485008788
    part amoand.b, 1, 0x1, 0xffffffffffffff87, 0x8182838485860188
    part amoand.b, 1, 0x7f, 0xffffffffffffff87, 0x8182838485860788
    part amoand.b, 3, 0x80, 0xffffffffffffff85, 0x8182838480868788
    part amoand.b, 1, 0xffffffffffffff81, 0xffffffffffffff87, 0x8182838485868188
    part amoand.b, 3, 0x8586, 0xffffffffffffff85, 0x8182838484868788
    part amoand.b, 3, 0x7fff, 0xffffffffffffff85, 0x8182838485868788
    part amoand.b, 3, 0xffffffffffffffff, 0xffffffffffffff85, 0x8182838485868788
    part amoand.h, 2, 0, 0xffffffffffff8586, 0x8182838400008788
    part amoand.h, 2, 0x1, 0xffffffffffff8586, 0x8182838400008788
    part amoand.h, 4, 0x7f, 0xffffffffffff8384, 0x8182000485868788
    part amoand.h, 4, 0x80, 0xffffffffffff8384, 0x8182008085868788
    part amoand.h, 6, 0xffffffffffffff81, 0xffffffffffff8182, 0x8180838485868788
    part amoand.h, 6, 0x8586, 0xffffffffffff8182, 0x8182838485868788
    part amoand.h, 6, 0x7fff, 0xffffffffffff8182, 0x182838485868788
    part amoand.h, 6, 0xffffffffffffffff, 0xffffffffffff8182, 0x8182838485868788
    part amomin.b, 1, 0, 0xffffffffffffff87, 0x8182838485868788
    part amomin.b, 2, 0x1, 0xffffffffffffff86, 0x8182838485868788
    part amomin.b, 2, 0x7f, 0xffffffffffffff86, 0x8182838485868788
    part amomin.b, 1, 0x80, 0xffffffffffffff87, 0x8182838485868088
    part amomin.b, 3, 0xffffffffffffff81, 0xffffffffffffff85, 0x8182838481868788
    part amomin.b, 3, 0x8586, 0xffffffffffffff85, 0x8182838485868788
    part amomin.b, 2, 0x7fff, 0xffffffffffffff86, 0x8182838485868788
    part amomin.b, 2, 0xffffffffffffffff, 0xffffffffffffff86, 0x8182838485868788
    part amomin.h, 6, 0, 0xffffffffffff8182, 0x8182838485868788
    part amomin.h, 4, 0x1, 0xffffffffffff8384, 0x8182838485868788
    part amomin.h, 2, 0x7f, 0xffffffffffff8586, 0x8182838485868788
    part amomin.h, 6, 0x80, 0xffffffffffff8182, 0x8182838485868788
    part amomin.h, 6, 0xffffffffffffff81, 0xffffffffffff8182, 0x8182838485868788
    part amomin.h, 2, 0x8586, 0xffffffffffff8586, 0x8182838485868788
    part amomin.h, 2, 0x7fff, 0xffffffffffff8586, 0x8182838485868788
    part amomin.h, 4, 0xffffffffffffffff, 0xffffffffffff8384, 0x8182838485868788
    part amomax.b, 2, 0, 0xffffffffffffff86, 0x8182838485008788
    part amomax.b, 1, 0x1, 0xffffffffffffff87, 0x8182838485860188
    part amomax.b, 1, 0x7f, 0xffffffffffffff87, 0x8182838485867f88
    part amomax.b, 1, 0x80, 0xffffffffffffff87, 0x8182838485868788
    part amomax.b, 3, 0xffffffffffffff81, 0xffffffffffffff85, 0x8182838485868788
    part amomax.b, 3, 0x8586, 0xffffffffffffff85, 0x8182838486868788
    part amomax.b, 3, 0x7fff, 0xffffffffffffff85, 0x81828384ff868788
    part amomax.b, 2, 0xffffffffffffffff, 0xffffffffffffff86, 0x8182838485ff8788
    part amomax.h, 4, 0, 0xffffffffffff8384, 0x8182000085868788
    part amomax.h, 4, 0x1, 0xffffffffffff8384, 0x8182000185868788
    part amomax.h, 4, 0x7f, 0xffffffffffff8384, 0x8182007f85868788
    part amomax.h, 6, 0x80, 0xffffffffffff8182, 0x80838485868788
    part amomax.h, 2, 0xffffffffffffff81, 0xffffffffffff8586, 0x81828384ff818788
    part amomax.h, 6, 0x8586, 0xffffffffffff8182, 0x8586838485868788
    part amomax.h, 6, 0x7fff, 0xffffffffffff8182, 0x7fff838485868788
    part amomax.h, 4, 0xffffffffffffffff, 0xffffffffffff8384, 0x8182ffff85868788
    part amominu.b, 1, 0, 0xffffffffffffff87, 0x8182838485860088
    part amominu.b, 1, 0x1, 0xffffffffffffff87, 0x8182838485860188
    part amominu.b, 2, 0x7f, 0xffffffffffffff86, 0x81828384857f8788
    part amominu.b, 1, 0x80, 0xffffffffffffff87, 0x8182838485868088
    part amominu.b, 3, 0xffffffffffffff81, 0xffffffffffffff85, 0x8182838481868788
    part amominu.b, 3, 0x8586, 0xffffffffffffff85, 0x8182838485868788
    part amominu.b, 2, 0x7fff, 0xffffffffffffff86, 0x8182838485868788
    part amominu.b, 2, 0xffffffffffffffff, 0xffffffffffffff86, 0x8182838485868788
    part amominu.h, 2, 0, 0xffffffffffff8586, 0x8182838400008788
    part amominu.h, 2, 0x1, 0xffffffffffff8586, 0x8182838400018788
    part amominu.h, 2, 0x7f, 0xffffffffffff8586, 0x81828384007f8788
    part amominu.h, 6, 0x80, 0xffffffffffff8182, 0x80838485868788
    part amominu.h, 6, 0xffffffffffffff81, 0xffffffffffff8182, 0x8182838485868788
    part amominu.h, 6, 0x8586, 0xffffffffffff8182, 0x8182838485868788
    part amominu.h, 2, 0x7fff, 0xffffffffffff8586, 0x818283847fff8788
    part amominu.h, 6, 0xffffffffffffffff, 0xffffffffffff8182, 0x8182838485868788
    part amomaxu.b, 1, 0, 0xffffffffffffff87, 0x8182838485868788
    part amomaxu.b, 1, 0x1, 0xffffffffffffff87, 0x8182838485868788
    part amomaxu.b, 3, 0x7f, 0xffffffffffffff85, 0x8182838485868788
    part amomaxu.b, 1, 0x80, 0xffffffffffffff87, 0x8182838485868788
    part amomaxu.b, 2, 0xffffffffffffff81, 0xffffffffffffff86, 0x8182838485868788
    part amomaxu.b, 1, 0x8586, 0xffffffffffffff87, 0x8182838485868788
    part amomaxu.b, 3, 0x7fff, 0xffffffffffffff85, 0x81828384ff868788
    part amomaxu.b, 2, 0xffffffffffffffff, 0xffffffffffffff86, 0x8182838485ff8788
    part amomaxu.h, 2, 0, 0xffffffffffff8586, 0x8182838485868788
    part amomaxu.h, 2, 0x1, 0xffffffffffff8586, 0x8182838485868788
    part amomaxu.h, 2, 0x7f, 0xffffffffffff8586, 0x8182838485868788
    part amomaxu.h, 2, 0x80, 0xffffffffffff8586, 0x8182838485868788
    part amomaxu.h, 2, 0xffffffffffffff81, 0xffffffffffff8586, 0x81828384ff818788
    part amomaxu.h, 6, 0x8586, 0xffffffffffff8182, 0x8586838485868788
    part amomaxu.h, 4, 0x7fff, 0xffffffffffff8384, 0x8182838485868788
    part amomaxu.h, 4, 0xffffffffffffffff, 0xffffffffffff8384, 0x8182ffff85868788

    end

    .data
    .balign 8
place:
    .space 16
