// Zcb: simple compressed instructions (unprivileged manual, "Zc").
// cc: -nostdlib
#include "check.h"

// An instruction whose source and destination is a0.
.macro itself encoding, a, result
    li a0, \a
    .insn 2, \encoding
    expect a0, \result
.endm

    begin
    lla a1, place
    li a0, 0x8182838485868788
    sd a0, 0(a1)

    .insn 2, 0x8188          // c.lbu a0, 0(a1)
    expect a0, 0x88
    .insn 2, 0x81c8          // c.lbu a0, 1(a1)
    expect a0, 0x87
    .insn 2, 0x81a8          // c.lbu a0, 2(a1)
    expect a0, 0x86
    .insn 2, 0x81e8          // c.lbu a0, 3(a1)
    expect a0, 0x85
    .insn 2, 0x8588          // c.lhu a0, 0(a1)
    expect a0, 0x8788
    .insn 2, 0x85c8          // c.lh a0, 0(a1)
    expect a0, 0xffffffffffff8788
    .insn 2, 0x85a8          // c.lhu a0, 2(a1)
    expect a0, 0x8586
    .insn 2, 0x85e8          // c.lh a0, 2(a1)
    expect a0, 0xffffffffffff8586
    li a0, 0xabcd
    .insn 2, 0x8988          // c.sb a0, 0(a1)
    ld a2, 0(a1)
    expect a2, 0x81828384858687cd
    .insn 2, 0x89c8          // c.sb a0, 1(a1)
    ld a2, 0(a1)
    expect a2, 0x818283848586cdcd
    .insn 2, 0x89a8          // c.sb a0, 2(a1)
    ld a2, 0(a1)
    expect a2, 0x8182838485cdcdcd
    .insn 2, 0x89e8          // c.sb a0, 3(a1)
    ld a2, 0(a1)
    expect a2, 0x81828384cdcdcdcd
    .insn 2, 0x8da8          // c.sh a0, 2(a1)
    ld a2, 0(a1)
    expect a2, 0x81828384abcdcdcd
    .insn 2, 0x8d88          // c.sh a0, 0(a1)
    ld a2, 0(a1)
    expect a2, 0x81828384abcdabcd

    // c.zext.b
    itself 0x9d61, 0x8182838485868788, 0x88
    itself 0x9d61, 0x7f, 0x7f
    itself 0x9d61, 0x7fff, 0xff
    itself 0x9d61, 0xffffffffffffffff, 0xff
    itself 0x9d61, 0, 0

    // c.sext.b
    itself 0x9d65, 0x8182838485868788, 0xffffffffffffff88
    itself 0x9d65, 0x7f, 0x7f
    itself 0x9d65, 0x7fff, 0xffffffffffffffff
    itself 0x9d65, 0xffffffffffffffff, 0xffffffffffffffff
    itself 0x9d65, 0, 0

    // c.zext.h
    itself 0x9d69, 0x8182838485868788, 0x8788
    itself 0x9d69, 0x7f, 0x7f
    itself 0x9d69, 0x7fff, 0x7fff
    itself 0x9d69, 0xffffffffffffffff, 0xffff
    itself 0x9d69, 0, 0

    // c.sext.h
    itself 0x9d6d, 0x8182838485868788, 0xffffffffffff8788
    itself 0x9d6d, 0x7f, 0x7f
    itself 0x9d6d, 0x7fff, 0x7fff
    itself 0x9d6d, 0xffffffffffffffff, 0xffffffffffffffff
    itself 0x9d6d, 0, 0

    // c.zext.w
    itself 0x9d71, 0x8182838485868788, 0x85868788
    itself 0x9d71, 0x7f, 0x7f
    itself 0x9d71, 0x7fff, 0x7fff
    itself 0x9d71, 0xffffffffffffffff, 0xffffffff
    itself 0x9d71, 0, 0

    // c.not
    itself 0x9d75, 0x8182838485868788, 0x7e7d7c7b7a797877
    itself 0x9d75, 0x7f, 0xffffffffffffff80
    itself 0x9d75, 0x7fff, 0xffffffffffff8000
    itself 0x9d75, 0xffffffffffffffff, 0x0
    itself 0x9d75, 0, 0xffffffffffffffff

    // c.mul a0, a2
    li a2, 0xffffffffffffffff
    itself 0x9d51, 0x7, 0xfffffffffffffff9
    li a2, 0xfedcba9876543210
    itself 0x9d51, 0x123456789abcdef0, 0x236d88fe5618cf00

    end

    .data
    .balign 8
place:
    .space 8
