// C: compressed instructions (unprivileged manual, "C"). HINTs are written as numbers: they change nothing.
// cc: -nostdlib
#include "check.h"

// Register a0, holding value, after an instruction on it.
.macro on_a0 value, result, op:vararg
    li a0, \value
    li a1, 0xff00
    \op
    expect a0, \result
.endm

// A half-word that is a HINT leaves a0 and zero alone.
.macro hint half
    li a0, 0x123456789
    .insn 2, \half
    expect a0, 0x123456789
    bne zero, s11, fail
.endm

    begin
    mv s10, sp
    li s11, 0

    on_a0 5, 4, c.addi a0, -1
    on_a0 5, 36, c.addi a0, 31
    on_a0 0x7fffffff, 0xffffffff80000000, c.addiw a0, 1
    on_a0 0x1ffffffff, 0xffffffffffffffff, c.addiw a0, 0
    on_a0 5, -32, c.li a0, -32
    on_a0 5, 0x1f000, c.lui a0, 31
    on_a0 5, 0xfffffffffffe0000, c.lui a0, 0xfffe0
    on_a0 1, 0x8000000000000000, c.slli a0, 63
    on_a0 1, 0x100000000, c.slli a0, 32
    on_a0 0x8000000000000000, 1, c.srli a0, 63
    on_a0 0x8000000000000000, 0x80000000, c.srli a0, 32
    on_a0 0x8000000000000000, -1, c.srai a0, 63
    on_a0 0xff, 0xe0, c.andi a0, -32
    on_a0 0x100f0, 0x1f0, c.sub a0, a1
    on_a0 0x0ff0, 0xf0f0, c.xor a0, a1
    on_a0 0x0ff0, 0xfff0, c.or a0, a1
    on_a0 0x0ff0, 0x0f00, c.and a0, a1
    on_a0 0x8000ff00, 0xffffffff80000000, c.subw a0, a1
    on_a0 0x17fff0100, 0xffffffff80000000, c.addw a0, a1
    on_a0 1, 0xff00, c.mv a0, a1
    on_a0 1, 0xff01, c.add a0, a1

    // The stack pointer's own.
    c.addi16sp sp, -512
    sub a0, s10, sp
    expect a0, 512
    c.addi16sp sp, 496
    c.addi16sp sp, 16
    sub a0, s10, sp
    expect a0, 0
    c.addi4spn a0, sp, 1020
    sub a0, a0, s10
    expect a0, 1020
    c.addi4spn s1, sp, 4
    sub a0, s1, s10
    expect a0, 4

    // Loads and stores, at the ends of their ranges.
    lla sp, place
    mv s0, sp
    li a1, 0x8877665544332211
    c.sdsp a1, 504(sp)
    c.ldsp a0, 504(sp)
    expect a0, 0x8877665544332211
    ld a0, 504(s0)
    expect a0, 0x8877665544332211
    c.swsp a1, 252(sp)
    c.lwsp a0, 252(sp)
    expect a0, 0x44332211
    lw a0, 252(s0)
    expect a0, 0x44332211
    c.sd a1, 248(s0)
    c.ld a0, 248(s0)
    expect a0, 0x8877665544332211
    c.sw a1, 124(s0)
    c.lw a0, 124(s0)
    expect a0, 0x44332211
    c.lw a0, 120(s0)
    expect a0, 0
    ld a0, 248(s0)
    c.sw a0, 64(s0)
    c.lw a0, 64(s0)
    expect a0, 0x44332211
    li a1, 0xfff0000000000001
    fmv.d.x fs0, a1
    c.fsd fs0, 248(s0)
    c.fld fa0, 248(s0)
    fmv.x.d a0, fa0
    expect a0, 0xfff0000000000001
    c.fsdsp fs0, 504(sp)
    c.fldsp ft11, 504(sp)
    fmv.x.d a0, ft11
    expect a0, 0xfff0000000000001
    lla a0, place
    sub a0, a0, sp
    expect a0, 0
    mv sp, s10

    // Jumps and branches; the link is two bytes on.
    li a0, 0
    c.j 1f
    addi a0, a0, 1
1:  expect a0, 0
    lla a1, 2f
    c.jr a1
    addi a0, a0, 1
2:  expect a0, 0
    lla ra, 4f
3:  c.jalr ra
    addi a0, a0, 1
4:  lla a1, 3b + 2
    sub a0, ra, a1
    expect a0, 0
    li a1, 0
    c.beqz a0, 5f
    li a1, 1
5:  expect a1, 0
    c.bnez a0, 6f
    li a1, 2
6:  expect a1, 2
    c.beqz a1, 7f
    li a1, 3
7:  expect a1, 3
    li a0, 3
8:  addi a1, a1, 1
    c.addi a0, -1
    c.bnez a0, 8b
    expect a1, 6

    hint 0x0005     // c.nop 1
    hint 0x0501     // c.addi a0, 0
    hint 0x4005     // c.li zero, 1
    hint 0x6005     // c.lui zero, 1
    hint 0x802a     // c.mv zero, a0
    hint 0x902a     // c.add zero, a0
    hint 0x0006     // c.slli zero, 1
    hint 0x0502     // c.slli a0, 0
    hint 0x8101     // c.srli a0, 0
    hint 0x8501     // c.srai a0, 0

    // An instruction of four bytes that is not aligned to four.
    .balign 4
    c.nop
    .option push
    .option norvc
    addi a0, zero, 9
    .option pop
    expect a0, 9

    end

    .data
    .balign 8
place:
    .zero 512
