// Zimop, Zcmop: may-be-operations write zero or do nothing; Zihintpause, Zihintntl, Zicbop: hints do nothing; Zawrs: a wait
// ends.
// cc: -nostdlib
#include "check.h"
    .option arch, +zihintpause, +zicbop, +zawrs

// Each sets a0 to zero and leaves its sources.
.macro zeroes encoding
    li a0, -1
    li a1, 0x5a5a
    li a2, 0xa5a5
    .insn 4, \encoding
    expect a0, 0
    expect a1, 0x5a5a
    expect a2, 0xa5a5
.endm

    begin

    zeroes 0x81c5c573      // mop.r.0 a0, a1
    zeroes 0x81d5c573      // mop.r.1 a0, a1
    zeroes 0x81e5c573      // mop.r.2 a0, a1
    zeroes 0x81f5c573      // mop.r.3 a0, a1
    zeroes 0x85c5c573      // mop.r.4 a0, a1
    zeroes 0x85d5c573      // mop.r.5 a0, a1
    zeroes 0x85e5c573      // mop.r.6 a0, a1
    zeroes 0x85f5c573      // mop.r.7 a0, a1
    zeroes 0x89c5c573      // mop.r.8 a0, a1
    zeroes 0x89d5c573      // mop.r.9 a0, a1
    zeroes 0x89e5c573      // mop.r.10 a0, a1
    zeroes 0x89f5c573      // mop.r.11 a0, a1
    zeroes 0x8dc5c573      // mop.r.12 a0, a1
    zeroes 0x8dd5c573      // mop.r.13 a0, a1
    zeroes 0x8de5c573      // mop.r.14 a0, a1
    zeroes 0x8df5c573      // mop.r.15 a0, a1
    zeroes 0xc1c5c573      // mop.r.16 a0, a1
    zeroes 0xc1d5c573      // mop.r.17 a0, a1
    zeroes 0xc1e5c573      // mop.r.18 a0, a1
    zeroes 0xc1f5c573      // mop.r.19 a0, a1
    zeroes 0xc5c5c573      // mop.r.20 a0, a1
    zeroes 0xc5d5c573      // mop.r.21 a0, a1
    zeroes 0xc5e5c573      // mop.r.22 a0, a1
    zeroes 0xc5f5c573      // mop.r.23 a0, a1
    zeroes 0xc9c5c573      // mop.r.24 a0, a1
    zeroes 0xc9d5c573      // mop.r.25 a0, a1
    zeroes 0xc9e5c573      // mop.r.26 a0, a1
    zeroes 0xc9f5c573      // mop.r.27 a0, a1
    zeroes 0xcdc5c573      // mop.r.28 a0, a1
    zeroes 0xcdd5c573      // mop.r.29 a0, a1
    zeroes 0xcde5c573      // mop.r.30 a0, a1
    zeroes 0xcdf5c573      // mop.r.31 a0, a1
    zeroes 0x82c5c573      // mop.rr.0 a0, a1, a2
    zeroes 0x86c5c573      // mop.rr.1 a0, a1, a2
    zeroes 0x8ac5c573      // mop.rr.2 a0, a1, a2
    zeroes 0x8ec5c573      // mop.rr.3 a0, a1, a2
    zeroes 0xc2c5c573      // mop.rr.4 a0, a1, a2
    zeroes 0xc6c5c573      // mop.rr.5 a0, a1, a2
    zeroes 0xcac5c573      // mop.rr.6 a0, a1, a2
    zeroes 0xcec5c573      // mop.rr.7 a0, a1, a2

    // Nothing changes: each register holds its number times 3.
.macro unchanged
    .irp n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    li t6, 3 * \n
    bne x\n, t6, fail
    .endr
.endm
    .irp n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    li x\n, 3 * \n
    .endr
    .insn 2, 0x6081           // c.mop.1
    unchanged
    .insn 2, 0x6181           // c.mop.3
    unchanged
    .insn 2, 0x6281           // c.mop.5
    unchanged
    .insn 2, 0x6381           // c.mop.7
    unchanged
    .insn 2, 0x6481           // c.mop.9
    unchanged
    .insn 2, 0x6581           // c.mop.11
    unchanged
    .insn 2, 0x6681           // c.mop.13
    unchanged
    .insn 2, 0x6781           // c.mop.15
    unchanged
    .insn 4, 0x200033         // ntl.p1
    .insn 2, 0x900a           // c.ntl.p1
    unchanged
    .insn 4, 0x300033         // ntl.pall
    .insn 2, 0x900e           // c.ntl.pall
    unchanged
    .insn 4, 0x400033         // ntl.s1
    .insn 2, 0x9012           // c.ntl.s1
    unchanged
    .insn 4, 0x500033         // ntl.all
    .insn 2, 0x9016           // c.ntl.all
    unchanged
    pause
    unchanged
    prefetch.i 0(zero)
    prefetch.r -2048(a0)
    prefetch.w 2016(a0)
    unchanged
    wrs.nto
    wrs.sto
    unchanged

    end
