// A: atomic memory access (unprivileged manual, "A").
// cc: -nostdlib
#include "check.h"

// An AMO leaves the old value in its destination, which may be its source, and the result in memory. The word after a
// 32-bit one stays as it is.
.macro double op, old, operand, result
    li a0, \old
    sd a0, 0(s0)
    li a1, \operand
    \op a2, a1, (s0)
    expect a2, \old
    ld a3, 0(s0)
    li t6, \result
    bne a3, t6, fail
    sd a0, 0(s0)
    \op a1, a1, (s0)
    li t6, \old
    bne a1, t6, fail
.endm

.macro word op, old, operand, result
    li a0, \old
    sw a0, 0(s0)
    li a3, 0x5a5a5a5a
    sw a3, 4(s0)
    li a1, \operand
    \op a2, a1, (s0)
    expect a2, \old
    lw a4, 0(s0)
    li t6, \result
    bne a4, t6, fail
    lw a4, 4(s0)
    bne a4, a3, fail
.endm

    begin
    lla s0, place

    double amoadd.d, 1, 0xffffffffffffffff, 0
    double amoadd.d.aq, 0xffffffffffffffff, 1, 0
    double amoadd.d.aqrl, 0x123456789abcdef0, 0xfedcba9876543210, 0x1111111111111100
    double amoswap.d, 1, 0xffffffffffffffff, 0xffffffffffffffff
    double amoswap.d.aq, 0xffffffffffffffff, 1, 1
    double amoswap.d.aqrl, 0x123456789abcdef0, 0xfedcba9876543210, 0xfedcba9876543210
    double amoxor.d, 1, 0xffffffffffffffff, 0xfffffffffffffffe
    double amoxor.d.aq, 0xffffffffffffffff, 1, 0xfffffffffffffffe
    double amoxor.d.aqrl, 0x123456789abcdef0, 0xfedcba9876543210, 0xece8ece0ece8ece0
    double amoand.d, 1, 0xffffffffffffffff, 1
    double amoand.d.aq, 0xffffffffffffffff, 1, 1
    double amoand.d.aqrl, 0x123456789abcdef0, 0xfedcba9876543210, 0x1214121812141210
    double amoor.d, 1, 0xffffffffffffffff, 0xffffffffffffffff
    double amoor.d.aq, 0xffffffffffffffff, 1, 0xffffffffffffffff
    double amoor.d.aqrl, 0x123456789abcdef0, 0xfedcba9876543210, 0xfefcfef8fefcfef0
    double amomin.d, 1, 0xffffffffffffffff, 0xffffffffffffffff
    double amomin.d.aq, 0xffffffffffffffff, 1, 0xffffffffffffffff
    double amomin.d.aqrl, 0x123456789abcdef0, 0xfedcba9876543210, 0xfedcba9876543210
    double amomax.d, 1, 0xffffffffffffffff, 1
    double amomax.d.aq, 0xffffffffffffffff, 1, 1
    double amomax.d.aqrl, 0x123456789abcdef0, 0xfedcba9876543210, 0x123456789abcdef0
    double amominu.d, 1, 0xffffffffffffffff, 1
    double amominu.d.aq, 0xffffffffffffffff, 1, 1
    double amominu.d.aqrl, 0x123456789abcdef0, 0xfedcba9876543210, 0x123456789abcdef0
    double amomaxu.d, 1, 0xffffffffffffffff, 0xffffffffffffffff
    double amomaxu.d.aq, 0xffffffffffffffff, 1, 0xffffffffffffffff
    double amomaxu.d.aqrl, 0x123456789abcdef0, 0xfedcba9876543210, 0xfedcba9876543210
    word amoadd.w, 1, 0xffffffffffffffff, 0
    word amoadd.w.rl, 0xffffffff80000000, 0x7fffffff, 0xffffffffffffffff
    word amoadd.w.aqrl, 0x12345678, 0x1ffffffff, 0x12345677
    word amoswap.w, 1, 0xffffffffffffffff, 0xffffffffffffffff
    word amoswap.w.rl, 0xffffffff80000000, 0x7fffffff, 0x7fffffff
    word amoswap.w.aqrl, 0x12345678, 0x1ffffffff, 0xffffffffffffffff
    word amoxor.w, 1, 0xffffffffffffffff, 0xfffffffffffffffe
    word amoxor.w.rl, 0xffffffff80000000, 0x7fffffff, 0xffffffffffffffff
    word amoxor.w.aqrl, 0x12345678, 0x1ffffffff, 0xffffffffedcba987
    word amoand.w, 1, 0xffffffffffffffff, 1
    word amoand.w.rl, 0xffffffff80000000, 0x7fffffff, 0
    word amoand.w.aqrl, 0x12345678, 0x1ffffffff, 0x12345678
    word amoor.w, 1, 0xffffffffffffffff, 0xffffffffffffffff
    word amoor.w.rl, 0xffffffff80000000, 0x7fffffff, 0xffffffffffffffff
    word amoor.w.aqrl, 0x12345678, 0x1ffffffff, 0xffffffffffffffff
    word amomin.w, 1, 0xffffffffffffffff, 0xffffffffffffffff
    word amomin.w.rl, 0xffffffff80000000, 0x7fffffff, 0xffffffff80000000
    word amomin.w.aqrl, 0x12345678, 0x1ffffffff, 0xffffffffffffffff
    word amomax.w, 1, 0xffffffffffffffff, 1
    word amomax.w.rl, 0xffffffff80000000, 0x7fffffff, 0x7fffffff
    word amomax.w.aqrl, 0x12345678, 0x1ffffffff, 0x12345678
    word amominu.w, 1, 0xffffffffffffffff, 1
    word amominu.w.rl, 0xffffffff80000000, 0x7fffffff, 0x7fffffff
    word amominu.w.aqrl, 0x12345678, 0x1ffffffff, 0x12345678
    word amomaxu.w, 1, 0xffffffffffffffff, 0xffffffffffffffff
    word amomaxu.w.rl, 0xffffffff80000000, 0x7fffffff, 0xffffffff80000000
    word amomaxu.w.aqrl, 0x12345678, 0x1ffffffff, 0xffffffffffffffff

    // sc.d succeeds after lr.d to the same place, once.
    li a0, 5
    sd a0, 0(s0)
    li a1, 6
    lr.d a2, (s0)
    sc.d a3, a1, (s0)
    expect a2, 5
    expect a3, 0
    ld a2, 0(s0)
    expect a2, 6
    li a1, 7
    sc.d a3, a1, (s0)
    snez a3, a3
    expect a3, 1
    ld a2, 0(s0)
    expect a2, 6
    // Not to another place.
    lr.d.aq a2, (s0)
    addi s1, s0, 64
    sc.d.rl a3, a1, (s1)
    snez a3, a3
    expect a3, 1
    ld a2, 0(s1)
    expect a2, 0
    // A failed sc ends the reservation too.
    lr.d a2, (s0)
    sc.d a3, a1, (s1)
    sc.d a3, a1, (s0)
    snez a3, a3
    expect a3, 1

    // sc.w succeeds after lr.w to the same place, once.
    li a0, 5
    sd a0, 0(s0)
    li a1, 6
    lr.w a2, (s0)
    sc.w a3, a1, (s0)
    expect a2, 5
    expect a3, 0
    lw a2, 0(s0)
    expect a2, 6
    li a1, 7
    sc.w a3, a1, (s0)
    snez a3, a3
    expect a3, 1
    lw a2, 0(s0)
    expect a2, 6
    // Not to another place.
    lr.w.aq a2, (s0)
    addi s1, s0, 64
    sc.w.rl a3, a1, (s1)
    snez a3, a3
    expect a3, 1
    lw a2, 0(s1)
    expect a2, 0
    // A failed sc ends the reservation too.
    lr.w a2, (s0)
    sc.w a3, a1, (s1)
    sc.w a3, a1, (s0)
    snez a3, a3
    expect a3, 1
    // lr.w extends the sign.
    li a0, 0x80000000
    sw a0, 0(s0)
    lr.w a2, (s0)
    expect a2, 0xffffffff80000000

    end

    .data
    .balign 128
place:
    .zero 128
