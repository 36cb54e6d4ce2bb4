// Zicsr, the CSRs of F, and the counters (unprivileged manual, "Zicsr", "F" and "Zicntr").
// cc: -nostdlib
#include "check.h"

    begin

    // At the start: round to nearest, no exceptions.
    csrrs a0, fcsr, zero
    expect a0, 0

    // Writing replaces, reading is of the old value; bits beyond are dropped.
    li a1, -1
    csrrw a0, fcsr, a1
    expect a0, 0
    csrrw a0, fcsr, zero
    expect a0, 0xff

    // frm and fflags are parts of fcsr.
    csrrwi a0, frm, 3
    expect a0, 0
    csrrwi a0, fflags, 0x15
    expect a0, 0
    csrrs a0, fcsr, zero
    expect a0, 0x75
    li a1, -1
    csrrw a0, frm, a1
    expect a0, 3
    csrrwi a0, frm, 2
    expect a0, 7
    csrrs a0, fflags, zero
    expect a0, 0x15

    // Setting and clearing.
    li a1, 0xa
    csrrs a0, fflags, a1
    expect a0, 0x15
    li a1, 0x11
    csrrc a0, fflags, a1
    expect a0, 0x1f
    csrrsi a0, fflags, 1
    expect a0, 0xe
    csrrci a0, fflags, 2
    expect a0, 0xf
    csrrci a0, fflags, 0
    expect a0, 0xd
    csrrc a0, fflags, zero
    expect a0, 0xd

    // Source and destination may be one register.
    li a0, 0x1f
    csrrw a0, fcsr, a0
    expect a0, 0x4d
    csrrw zero, fcsr, zero
    csrrs a0, fcsr, zero
    expect a0, 0

    // A flag that an operation raises is seen, and those that were set stay.
    csrrwi zero, fflags, 1
    fcvt.d.w fa0, zero
    li a1, 1
    fcvt.d.w fa1, a1
    fdiv.d fa0, fa1, fa0
    csrrs a0, fflags, zero
    expect a0, 9

    // The counters go forward.
    csrrs a0, cycle, zero
    csrrs a1, cycle, zero
    sltu a0, a0, a1
    expect a0, 1
    csrrs a0, instret, zero
    csrrs a1, instret, zero
    sltu a0, a0, a1
    expect a0, 1
    csrrs s0, time, zero
1:  csrrsi s1, time, 0
    beq s0, s1, 1b
    sltu a0, s0, s1
    expect a0, 1

    fence.i

    end
