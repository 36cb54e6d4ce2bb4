// Zfa: additional floating-point instructions (unprivileged manual, "Zfa").
// cc: -nostdlib
#include "check.h"
#include "float.h"
    .option arch, +zfh

.macro fminm.s rd, rs1, rs2
    .insn r 0x53, 2, 0x14, \rd, \rs1, \rs2
.endm
.macro fmaxm.s rd, rs1, rs2
    .insn r 0x53, 3, 0x14, \rd, \rs1, \rs2
.endm
.macro fleq.s rd, rs1, rs2
    .insn r 0x53, 4, 0x50, \rd, \rs1, \rs2
.endm
.macro fltq.s rd, rs1, rs2
    .insn r 0x53, 5, 0x50, \rd, \rs1, \rs2
.endm
.macro fround.s rd, rs1, mode
    .insn r 0x53, is_\mode, 0x20, \rd, \rs1, f4
.endm
.macro froundnx.s rd, rs1, mode
    .insn r 0x53, is_\mode, 0x20, \rd, \rs1, f5
.endm
.macro fli.s rd, index
    .insn r 0x53, 0, 0x78, \rd, x\index, x1
.endm
.macro fminm.d rd, rs1, rs2
    .insn r 0x53, 2, 0x15, \rd, \rs1, \rs2
.endm
.macro fmaxm.d rd, rs1, rs2
    .insn r 0x53, 3, 0x15, \rd, \rs1, \rs2
.endm
.macro fleq.d rd, rs1, rs2
    .insn r 0x53, 4, 0x51, \rd, \rs1, \rs2
.endm
.macro fltq.d rd, rs1, rs2
    .insn r 0x53, 5, 0x51, \rd, \rs1, \rs2
.endm
.macro fround.d rd, rs1, mode
    .insn r 0x53, is_\mode, 0x21, \rd, \rs1, f4
.endm
.macro froundnx.d rd, rs1, mode
    .insn r 0x53, is_\mode, 0x21, \rd, \rs1, f5
.endm
.macro fli.d rd, index
    .insn r 0x53, 0, 0x79, \rd, x\index, x1
.endm
.macro fminm.h rd, rs1, rs2
    .insn r 0x53, 2, 0x16, \rd, \rs1, \rs2
.endm
.macro fmaxm.h rd, rs1, rs2
    .insn r 0x53, 3, 0x16, \rd, \rs1, \rs2
.endm
.macro fleq.h rd, rs1, rs2
    .insn r 0x53, 4, 0x52, \rd, \rs1, \rs2
.endm
.macro fltq.h rd, rs1, rs2
    .insn r 0x53, 5, 0x52, \rd, \rs1, \rs2
.endm
.macro fround.h rd, rs1, mode
    .insn r 0x53, is_\mode, 0x22, \rd, \rs1, f4
.endm
.macro froundnx.h rd, rs1, mode
    .insn r 0x53, is_\mode, 0x22, \rd, \rs1, f5
.endm
.macro fli.h rd, index
    .insn r 0x53, 0, 0x7a, \rd, x\index, x1
.endm
.macro fcvtmod.w.d rd, rs1
    .insn r 0x53, 1, 0x61, \rd, \rs1, f8
.endm
.set is_dyn, 7

    begin
    csrwi frm, is_rdn
    csrwi fflags, 0

    fli.s fa3, 0
    gives32 0xbf800000, 0
    fli.s fa3, 1
    gives32 0x800000, 0
    fli.s fa3, 2
    gives32 0x37800000, 0
    fli.s fa3, 3
    gives32 0x38000000, 0
    fli.s fa3, 4
    gives32 0x3b800000, 0
    fli.s fa3, 5
    gives32 0x3c000000, 0
    fli.s fa3, 6
    gives32 0x3d800000, 0
    fli.s fa3, 7
    gives32 0x3e000000, 0
    fli.s fa3, 8
    gives32 0x3e800000, 0
    fli.s fa3, 9
    gives32 0x3ea00000, 0
    fli.s fa3, 10
    gives32 0x3ec00000, 0
    fli.s fa3, 11
    gives32 0x3ee00000, 0
    fli.s fa3, 12
    gives32 0x3f000000, 0
    fli.s fa3, 13
    gives32 0x3f200000, 0
    fli.s fa3, 14
    gives32 0x3f400000, 0
    fli.s fa3, 15
    gives32 0x3f600000, 0
    fli.s fa3, 16
    gives32 0x3f800000, 0
    fli.s fa3, 17
    gives32 0x3fa00000, 0
    fli.s fa3, 18
    gives32 0x3fc00000, 0
    fli.s fa3, 19
    gives32 0x3fe00000, 0
    fli.s fa3, 20
    gives32 0x40000000, 0
    fli.s fa3, 21
    gives32 0x40200000, 0
    fli.s fa3, 22
    gives32 0x40400000, 0
    fli.s fa3, 23
    gives32 0x40800000, 0
    fli.s fa3, 24
    gives32 0x41000000, 0
    fli.s fa3, 25
    gives32 0x41800000, 0
    fli.s fa3, 26
    gives32 0x43000000, 0
    fli.s fa3, 27
    gives32 0x43800000, 0
    fli.s fa3, 28
    gives32 0x47000000, 0
    fli.s fa3, 29
    gives32 0x47800000, 0
    fli.s fa3, 30
    gives32 0x7f800000, 0
    fli.s fa3, 31
    gives32 0x7fc00000, 0
    fli.d fa3, 0
    gives64 0xbff0000000000000, 0
    fli.d fa3, 1
    gives64 0x10000000000000, 0
    fli.d fa3, 2
    gives64 0x3ef0000000000000, 0
    fli.d fa3, 3
    gives64 0x3f00000000000000, 0
    fli.d fa3, 4
    gives64 0x3f70000000000000, 0
    fli.d fa3, 5
    gives64 0x3f80000000000000, 0
    fli.d fa3, 6
    gives64 0x3fb0000000000000, 0
    fli.d fa3, 7
    gives64 0x3fc0000000000000, 0
    fli.d fa3, 8
    gives64 0x3fd0000000000000, 0
    fli.d fa3, 9
    gives64 0x3fd4000000000000, 0
    fli.d fa3, 10
    gives64 0x3fd8000000000000, 0
    fli.d fa3, 11
    gives64 0x3fdc000000000000, 0
    fli.d fa3, 12
    gives64 0x3fe0000000000000, 0
    fli.d fa3, 13
    gives64 0x3fe4000000000000, 0
    fli.d fa3, 14
    gives64 0x3fe8000000000000, 0
    fli.d fa3, 15
    gives64 0x3fec000000000000, 0
    fli.d fa3, 16
    gives64 0x3ff0000000000000, 0
    fli.d fa3, 17
    gives64 0x3ff4000000000000, 0
    fli.d fa3, 18
    gives64 0x3ff8000000000000, 0
    fli.d fa3, 19
    gives64 0x3ffc000000000000, 0
    fli.d fa3, 20
    gives64 0x4000000000000000, 0
    fli.d fa3, 21
    gives64 0x4004000000000000, 0
    fli.d fa3, 22
    gives64 0x4008000000000000, 0
    fli.d fa3, 23
    gives64 0x4010000000000000, 0
    fli.d fa3, 24
    gives64 0x4020000000000000, 0
    fli.d fa3, 25
    gives64 0x4030000000000000, 0
    fli.d fa3, 26
    gives64 0x4060000000000000, 0
    fli.d fa3, 27
    gives64 0x4070000000000000, 0
    fli.d fa3, 28
    gives64 0x40e0000000000000, 0
    fli.d fa3, 29
    gives64 0x40f0000000000000, 0
    fli.d fa3, 30
    gives64 0x7ff0000000000000, 0
    fli.d fa3, 31
    gives64 0x7ff8000000000000, 0
    fli.h fa3, 0
    gives16 0xbc00, 0
    fli.h fa3, 1
    gives16 0x400, 0
    fli.h fa3, 2
    gives16 0x100, 0
    fli.h fa3, 3
    gives16 0x200, 0
    fli.h fa3, 4
    gives16 0x1c00, 0
    fli.h fa3, 5
    gives16 0x2000, 0
    fli.h fa3, 6
    gives16 0x2c00, 0
    fli.h fa3, 7
    gives16 0x3000, 0
    fli.h fa3, 8
    gives16 0x3400, 0
    fli.h fa3, 9
    gives16 0x3500, 0
    fli.h fa3, 10
    gives16 0x3600, 0
    fli.h fa3, 11
    gives16 0x3700, 0
    fli.h fa3, 12
    gives16 0x3800, 0
    fli.h fa3, 13
    gives16 0x3900, 0
    fli.h fa3, 14
    gives16 0x3a00, 0
    fli.h fa3, 15
    gives16 0x3b00, 0
    fli.h fa3, 16
    gives16 0x3c00, 0
    fli.h fa3, 17
    gives16 0x3d00, 0
    fli.h fa3, 18
    gives16 0x3e00, 0
    fli.h fa3, 19
    gives16 0x3f00, 0
    fli.h fa3, 20
    gives16 0x4000, 0
    fli.h fa3, 21
    gives16 0x4100, 0
    fli.h fa3, 22
    gives16 0x4200, 0
    fli.h fa3, 23
    gives16 0x4400, 0
    fli.h fa3, 24
    gives16 0x4800, 0
    fli.h fa3, 25
    gives16 0x4c00, 0
    fli.h fa3, 26
    gives16 0x5800, 0
    fli.h fa3, 27
    gives16 0x5c00, 0
    fli.h fa3, 28
    gives16 0x7800, 0
    fli.h fa3, 29
    gives16 0x7c00, 0
    fli.h fa3, 30
    gives16 0x7c00, 0
    fli.h fa3, 31
    gives16 0x7e00, 0
    unary32 froundnx.s, 0, rne, 0, 0
    unary32 fround.s, 0, rne, 0, 0
    unary32 froundnx.s, 0x80000000, rne, 0x80000000, 0
    unary32 fround.s, 0x80000000, rne, 0x80000000, 0
    unary32 froundnx.s, 0x1, rne, 0, 1
    unary32 fround.s, 0x1, rne, 0, 0
    unary32 froundnx.s, 0x1, rtz, 0, 1
    unary32 fround.s, 0x1, rtz, 0, 0
    unary32 froundnx.s, 0x1, rdn, 0, 1
    unary32 fround.s, 0x1, rdn, 0, 0
    unary32 froundnx.s, 0x1, rup, 0x3f800000, 1
    unary32 fround.s, 0x1, rup, 0x3f800000, 0
    unary32 froundnx.s, 0x1, rmm, 0, 1
    unary32 fround.s, 0x1, rmm, 0, 0
    unary32 froundnx.s, 0x80000001, rne, 0x80000000, 1
    unary32 fround.s, 0x80000001, rne, 0x80000000, 0
    unary32 froundnx.s, 0x80000001, rtz, 0x80000000, 1
    unary32 fround.s, 0x80000001, rtz, 0x80000000, 0
    unary32 froundnx.s, 0x80000001, rdn, 0xbf800000, 1
    unary32 fround.s, 0x80000001, rdn, 0xbf800000, 0
    unary32 froundnx.s, 0x80000001, rup, 0x80000000, 1
    unary32 fround.s, 0x80000001, rup, 0x80000000, 0
    unary32 froundnx.s, 0x80000001, rmm, 0x80000000, 1
    unary32 fround.s, 0x80000001, rmm, 0x80000000, 0
    unary32 froundnx.s, 0x3f000000, rne, 0, 1
    unary32 fround.s, 0x3f000000, rne, 0, 0
    unary32 froundnx.s, 0x3f000000, rtz, 0, 1
    unary32 fround.s, 0x3f000000, rtz, 0, 0
    unary32 froundnx.s, 0x3f000000, rdn, 0, 1
    unary32 fround.s, 0x3f000000, rdn, 0, 0
    unary32 froundnx.s, 0x3f000000, rup, 0x3f800000, 1
    unary32 fround.s, 0x3f000000, rup, 0x3f800000, 0
    unary32 froundnx.s, 0x3f000000, rmm, 0x3f800000, 1
    unary32 fround.s, 0x3f000000, rmm, 0x3f800000, 0
    unary32 froundnx.s, 0xbf000000, rne, 0x80000000, 1
    unary32 fround.s, 0xbf000000, rne, 0x80000000, 0
    unary32 froundnx.s, 0xbf000000, rtz, 0x80000000, 1
    unary32 fround.s, 0xbf000000, rtz, 0x80000000, 0
    unary32 froundnx.s, 0xbf000000, rdn, 0xbf800000, 1
    unary32 fround.s, 0xbf000000, rdn, 0xbf800000, 0
    unary32 froundnx.s, 0xbf000000, rup, 0x80000000, 1
    unary32 fround.s, 0xbf000000, rup, 0x80000000, 0
    unary32 froundnx.s, 0xbf000000, rmm, 0xbf800000, 1
    unary32 fround.s, 0xbf000000, rmm, 0xbf800000, 0
    unary32 froundnx.s, 0x3f000001, rne, 0x3f800000, 1
    unary32 fround.s, 0x3f000001, rne, 0x3f800000, 0
    unary32 froundnx.s, 0x3f000001, rtz, 0, 1
    unary32 fround.s, 0x3f000001, rtz, 0, 0
    unary32 froundnx.s, 0x3f000001, rdn, 0, 1
    unary32 fround.s, 0x3f000001, rdn, 0, 0
    unary32 froundnx.s, 0x3f000001, rup, 0x3f800000, 1
    unary32 fround.s, 0x3f000001, rup, 0x3f800000, 0
    unary32 froundnx.s, 0x3f000001, rmm, 0x3f800000, 1
    unary32 fround.s, 0x3f000001, rmm, 0x3f800000, 0
    unary32 froundnx.s, 0x3f7fffff, rne, 0x3f800000, 1
    unary32 fround.s, 0x3f7fffff, rne, 0x3f800000, 0
    unary32 froundnx.s, 0x3f7fffff, rtz, 0, 1
    unary32 fround.s, 0x3f7fffff, rtz, 0, 0
    unary32 froundnx.s, 0x3f7fffff, rdn, 0, 1
    unary32 fround.s, 0x3f7fffff, rdn, 0, 0
    unary32 froundnx.s, 0x3f7fffff, rup, 0x3f800000, 1
    unary32 fround.s, 0x3f7fffff, rup, 0x3f800000, 0
    unary32 froundnx.s, 0x3f7fffff, rmm, 0x3f800000, 1
    unary32 fround.s, 0x3f7fffff, rmm, 0x3f800000, 0
    unary32 froundnx.s, 0x3fc00000, rne, 0x40000000, 1
    unary32 fround.s, 0x3fc00000, rne, 0x40000000, 0
    unary32 froundnx.s, 0x3fc00000, rtz, 0x3f800000, 1
    unary32 fround.s, 0x3fc00000, rtz, 0x3f800000, 0
    unary32 froundnx.s, 0x3fc00000, rdn, 0x3f800000, 1
    unary32 fround.s, 0x3fc00000, rdn, 0x3f800000, 0
    unary32 froundnx.s, 0x3fc00000, rup, 0x40000000, 1
    unary32 fround.s, 0x3fc00000, rup, 0x40000000, 0
    unary32 froundnx.s, 0x3fc00000, rmm, 0x40000000, 1
    unary32 fround.s, 0x3fc00000, rmm, 0x40000000, 0
    unary32 froundnx.s, 0xbfc00000, rne, 0xc0000000, 1
    unary32 fround.s, 0xbfc00000, rne, 0xc0000000, 0
    unary32 froundnx.s, 0xbfc00000, rtz, 0xbf800000, 1
    unary32 fround.s, 0xbfc00000, rtz, 0xbf800000, 0
    unary32 froundnx.s, 0xbfc00000, rdn, 0xc0000000, 1
    unary32 fround.s, 0xbfc00000, rdn, 0xc0000000, 0
    unary32 froundnx.s, 0xbfc00000, rup, 0xbf800000, 1
    unary32 fround.s, 0xbfc00000, rup, 0xbf800000, 0
    unary32 froundnx.s, 0xbfc00000, rmm, 0xc0000000, 1
    unary32 fround.s, 0xbfc00000, rmm, 0xc0000000, 0
    unary32 froundnx.s, 0x40200000, rne, 0x40000000, 1
    unary32 fround.s, 0x40200000, rne, 0x40000000, 0
    unary32 froundnx.s, 0x40200000, rtz, 0x40000000, 1
    unary32 fround.s, 0x40200000, rtz, 0x40000000, 0
    unary32 froundnx.s, 0x40200000, rdn, 0x40000000, 1
    unary32 fround.s, 0x40200000, rdn, 0x40000000, 0
    unary32 froundnx.s, 0x40200000, rup, 0x40400000, 1
    unary32 fround.s, 0x40200000, rup, 0x40400000, 0
    unary32 froundnx.s, 0x40200000, rmm, 0x40400000, 1
    unary32 fround.s, 0x40200000, rmm, 0x40400000, 0
    unary32 froundnx.s, 0x40700000, rne, 0x40800000, 1
    unary32 fround.s, 0x40700000, rne, 0x40800000, 0
    unary32 froundnx.s, 0x40700000, rtz, 0x40400000, 1
    unary32 fround.s, 0x40700000, rtz, 0x40400000, 0
    unary32 froundnx.s, 0x40700000, rdn, 0x40400000, 1
    unary32 fround.s, 0x40700000, rdn, 0x40400000, 0
    unary32 froundnx.s, 0x40700000, rup, 0x40800000, 1
    unary32 fround.s, 0x40700000, rup, 0x40800000, 0
    unary32 froundnx.s, 0x40700000, rmm, 0x40800000, 1
    unary32 fround.s, 0x40700000, rmm, 0x40800000, 0
    unary32 froundnx.s, 0x4affffff, rne, 0x4b000000, 1
    unary32 fround.s, 0x4affffff, rne, 0x4b000000, 0
    unary32 froundnx.s, 0x4affffff, rtz, 0x4afffffe, 1
    unary32 fround.s, 0x4affffff, rtz, 0x4afffffe, 0
    unary32 froundnx.s, 0x4affffff, rdn, 0x4afffffe, 1
    unary32 fround.s, 0x4affffff, rdn, 0x4afffffe, 0
    unary32 froundnx.s, 0x4affffff, rup, 0x4b000000, 1
    unary32 fround.s, 0x4affffff, rup, 0x4b000000, 0
    unary32 froundnx.s, 0x4affffff, rmm, 0x4b000000, 1
    unary32 fround.s, 0x4affffff, rmm, 0x4b000000, 0
    unary32 froundnx.s, 0x4a7fffff, rne, 0x4a800000, 1
    unary32 fround.s, 0x4a7fffff, rne, 0x4a800000, 0
    unary32 froundnx.s, 0x4a7fffff, rtz, 0x4a7ffffc, 1
    unary32 fround.s, 0x4a7fffff, rtz, 0x4a7ffffc, 0
    unary32 froundnx.s, 0x4a7fffff, rdn, 0x4a7ffffc, 1
    unary32 fround.s, 0x4a7fffff, rdn, 0x4a7ffffc, 0
    unary32 froundnx.s, 0x4a7fffff, rup, 0x4a800000, 1
    unary32 fround.s, 0x4a7fffff, rup, 0x4a800000, 0
    unary32 froundnx.s, 0x4a7fffff, rmm, 0x4a800000, 1
    unary32 fround.s, 0x4a7fffff, rmm, 0x4a800000, 0
    unary32 froundnx.s, 0x4b7fffff, rne, 0x4b7fffff, 0
    unary32 fround.s, 0x4b7fffff, rne, 0x4b7fffff, 0
    unary32 froundnx.s, 0x4b7fffff, rtz, 0x4b7fffff, 0
    unary32 fround.s, 0x4b7fffff, rtz, 0x4b7fffff, 0
    unary32 froundnx.s, 0x4b7fffff, rdn, 0x4b7fffff, 0
    unary32 fround.s, 0x4b7fffff, rdn, 0x4b7fffff, 0
    unary32 froundnx.s, 0x4b7fffff, rup, 0x4b7fffff, 0
    unary32 fround.s, 0x4b7fffff, rup, 0x4b7fffff, 0
    unary32 froundnx.s, 0x4b7fffff, rmm, 0x4b7fffff, 0
    unary32 fround.s, 0x4b7fffff, rmm, 0x4b7fffff, 0
    unary32 froundnx.s, 0x7f7fffff, rne, 0x7f7fffff, 0
    unary32 fround.s, 0x7f7fffff, rne, 0x7f7fffff, 0
    unary32 froundnx.s, 0x7f7fffff, rtz, 0x7f7fffff, 0
    unary32 fround.s, 0x7f7fffff, rtz, 0x7f7fffff, 0
    unary32 froundnx.s, 0x7f7fffff, rdn, 0x7f7fffff, 0
    unary32 fround.s, 0x7f7fffff, rdn, 0x7f7fffff, 0
    unary32 froundnx.s, 0x7f7fffff, rup, 0x7f7fffff, 0
    unary32 fround.s, 0x7f7fffff, rup, 0x7f7fffff, 0
    unary32 froundnx.s, 0x7f7fffff, rmm, 0x7f7fffff, 0
    unary32 fround.s, 0x7f7fffff, rmm, 0x7f7fffff, 0
    unary32 froundnx.s, 0x7f800000, rne, 0x7f800000, 0
    unary32 fround.s, 0x7f800000, rne, 0x7f800000, 0
    unary32 froundnx.s, 0xff800000, rne, 0xff800000, 0
    unary32 fround.s, 0xff800000, rne, 0xff800000, 0
    unary32 froundnx.s, 0x7f800001, rne, 0x7fc00000, 16
    unary32 fround.s, 0x7f800001, rne, 0x7fc00000, 16
    unary32 froundnx.s, 0x7fc00001, rne, 0x7fc00000, 0
    unary32 fround.s, 0x7fc00001, rne, 0x7fc00000, 0
    compare32 fltq.s, 0, 0x80000000, 0, 0
    compare32 fleq.s, 0, 0x80000000, 1, 0
    quiet32 fminm.s, 0, 0x80000000, 0x80000000, 0
    quiet32 fmaxm.s, 0, 0x80000000, 0, 0
    compare32 fltq.s, 0x80000000, 0, 0, 0
    compare32 fleq.s, 0x80000000, 0, 1, 0
    quiet32 fminm.s, 0x80000000, 0, 0x80000000, 0
    quiet32 fmaxm.s, 0x80000000, 0, 0, 0
    compare32 fltq.s, 0x3f800000, 0xbf800000, 0, 0
    compare32 fleq.s, 0x3f800000, 0xbf800000, 0, 0
    quiet32 fminm.s, 0x3f800000, 0xbf800000, 0xbf800000, 0
    quiet32 fmaxm.s, 0x3f800000, 0xbf800000, 0x3f800000, 0
    compare32 fltq.s, 0xbf800000, 0xbf800001, 0, 0
    compare32 fleq.s, 0xbf800000, 0xbf800001, 0, 0
    quiet32 fminm.s, 0xbf800000, 0xbf800001, 0xbf800001, 0
    quiet32 fmaxm.s, 0xbf800000, 0xbf800001, 0xbf800000, 0
    compare32 fltq.s, 0x3f800000, 0x7fc00000, 0, 0
    compare32 fleq.s, 0x3f800000, 0x7fc00000, 0, 0
    quiet32 fminm.s, 0x3f800000, 0x7fc00000, 0x7fc00000, 0
    quiet32 fmaxm.s, 0x3f800000, 0x7fc00000, 0x7fc00000, 0
    compare32 fltq.s, 0x7f800001, 0x3f800000, 0, 16
    compare32 fleq.s, 0x7f800001, 0x3f800000, 0, 16
    quiet32 fminm.s, 0x7f800001, 0x3f800000, 0x7fc00000, 16
    quiet32 fmaxm.s, 0x7f800001, 0x3f800000, 0x7fc00000, 16
    compare32 fltq.s, 0x7fc00000, 0x7fc00001, 0, 0
    compare32 fleq.s, 0x7fc00000, 0x7fc00001, 0, 0
    quiet32 fminm.s, 0x7fc00000, 0x7fc00001, 0x7fc00000, 0
    quiet32 fmaxm.s, 0x7fc00000, 0x7fc00001, 0x7fc00000, 0
    compare32 fltq.s, 0x7f800000, 0xff800000, 0, 0
    compare32 fleq.s, 0x7f800000, 0xff800000, 0, 0
    quiet32 fminm.s, 0x7f800000, 0xff800000, 0xff800000, 0
    quiet32 fmaxm.s, 0x7f800000, 0xff800000, 0x7f800000, 0
    compare32 fltq.s, 0x1, 0x2, 1, 0
    compare32 fleq.s, 0x1, 0x2, 1, 0
    quiet32 fminm.s, 0x1, 0x2, 0x1, 0
    quiet32 fmaxm.s, 0x1, 0x2, 0x2, 0
    compare32 fltq.s, 0x3f800000, 0x3f800000, 0, 0
    compare32 fleq.s, 0x3f800000, 0x3f800000, 1, 0
    quiet32 fminm.s, 0x3f800000, 0x3f800000, 0x3f800000, 0
    quiet32 fmaxm.s, 0x3f800000, 0x3f800000, 0x3f800000, 0
    unary64 froundnx.d, 0, rne, 0, 0
    unary64 fround.d, 0, rne, 0, 0
    unary64 froundnx.d, 0x8000000000000000, rne, 0x8000000000000000, 0
    unary64 fround.d, 0x8000000000000000, rne, 0x8000000000000000, 0
    unary64 froundnx.d, 0x1, rne, 0, 1
    unary64 fround.d, 0x1, rne, 0, 0
    unary64 froundnx.d, 0x1, rtz, 0, 1
    unary64 fround.d, 0x1, rtz, 0, 0
    unary64 froundnx.d, 0x1, rdn, 0, 1
    unary64 fround.d, 0x1, rdn, 0, 0
    unary64 froundnx.d, 0x1, rup, 0x3ff0000000000000, 1
    unary64 fround.d, 0x1, rup, 0x3ff0000000000000, 0
    unary64 froundnx.d, 0x1, rmm, 0, 1
    unary64 fround.d, 0x1, rmm, 0, 0
    unary64 froundnx.d, 0x8000000000000001, rne, 0x8000000000000000, 1
    unary64 fround.d, 0x8000000000000001, rne, 0x8000000000000000, 0
    unary64 froundnx.d, 0x8000000000000001, rtz, 0x8000000000000000, 1
    unary64 fround.d, 0x8000000000000001, rtz, 0x8000000000000000, 0
    unary64 froundnx.d, 0x8000000000000001, rdn, 0xbff0000000000000, 1
    unary64 fround.d, 0x8000000000000001, rdn, 0xbff0000000000000, 0
    unary64 froundnx.d, 0x8000000000000001, rup, 0x8000000000000000, 1
    unary64 fround.d, 0x8000000000000001, rup, 0x8000000000000000, 0
    unary64 froundnx.d, 0x8000000000000001, rmm, 0x8000000000000000, 1
    unary64 fround.d, 0x8000000000000001, rmm, 0x8000000000000000, 0
    unary64 froundnx.d, 0x3fe0000000000000, rne, 0, 1
    unary64 fround.d, 0x3fe0000000000000, rne, 0, 0
    unary64 froundnx.d, 0x3fe0000000000000, rtz, 0, 1
    unary64 fround.d, 0x3fe0000000000000, rtz, 0, 0
    unary64 froundnx.d, 0x3fe0000000000000, rdn, 0, 1
    unary64 fround.d, 0x3fe0000000000000, rdn, 0, 0
    unary64 froundnx.d, 0x3fe0000000000000, rup, 0x3ff0000000000000, 1
    unary64 fround.d, 0x3fe0000000000000, rup, 0x3ff0000000000000, 0
    unary64 froundnx.d, 0x3fe0000000000000, rmm, 0x3ff0000000000000, 1
    unary64 fround.d, 0x3fe0000000000000, rmm, 0x3ff0000000000000, 0
    unary64 froundnx.d, 0xbfe0000000000000, rne, 0x8000000000000000, 1
    unary64 fround.d, 0xbfe0000000000000, rne, 0x8000000000000000, 0
    unary64 froundnx.d, 0xbfe0000000000000, rtz, 0x8000000000000000, 1
    unary64 fround.d, 0xbfe0000000000000, rtz, 0x8000000000000000, 0
    unary64 froundnx.d, 0xbfe0000000000000, rdn, 0xbff0000000000000, 1
    unary64 fround.d, 0xbfe0000000000000, rdn, 0xbff0000000000000, 0
    unary64 froundnx.d, 0xbfe0000000000000, rup, 0x8000000000000000, 1
    unary64 fround.d, 0xbfe0000000000000, rup, 0x8000000000000000, 0
    unary64 froundnx.d, 0xbfe0000000000000, rmm, 0xbff0000000000000, 1
    unary64 fround.d, 0xbfe0000000000000, rmm, 0xbff0000000000000, 0
    unary64 froundnx.d, 0x3fe0000000000001, rne, 0x3ff0000000000000, 1
    unary64 fround.d, 0x3fe0000000000001, rne, 0x3ff0000000000000, 0
    unary64 froundnx.d, 0x3fe0000000000001, rtz, 0, 1
    unary64 fround.d, 0x3fe0000000000001, rtz, 0, 0
    unary64 froundnx.d, 0x3fe0000000000001, rdn, 0, 1
    unary64 fround.d, 0x3fe0000000000001, rdn, 0, 0
    unary64 froundnx.d, 0x3fe0000000000001, rup, 0x3ff0000000000000, 1
    unary64 fround.d, 0x3fe0000000000001, rup, 0x3ff0000000000000, 0
    unary64 froundnx.d, 0x3fe0000000000001, rmm, 0x3ff0000000000000, 1
    unary64 fround.d, 0x3fe0000000000001, rmm, 0x3ff0000000000000, 0
    unary64 froundnx.d, 0x3fefffffffffffff, rne, 0x3ff0000000000000, 1
    unary64 fround.d, 0x3fefffffffffffff, rne, 0x3ff0000000000000, 0
    unary64 froundnx.d, 0x3fefffffffffffff, rtz, 0, 1
    unary64 fround.d, 0x3fefffffffffffff, rtz, 0, 0
    unary64 froundnx.d, 0x3fefffffffffffff, rdn, 0, 1
    unary64 fround.d, 0x3fefffffffffffff, rdn, 0, 0
    unary64 froundnx.d, 0x3fefffffffffffff, rup, 0x3ff0000000000000, 1
    unary64 fround.d, 0x3fefffffffffffff, rup, 0x3ff0000000000000, 0
    unary64 froundnx.d, 0x3fefffffffffffff, rmm, 0x3ff0000000000000, 1
    unary64 fround.d, 0x3fefffffffffffff, rmm, 0x3ff0000000000000, 0
    unary64 froundnx.d, 0x3ff8000000000000, rne, 0x4000000000000000, 1
    unary64 fround.d, 0x3ff8000000000000, rne, 0x4000000000000000, 0
    unary64 froundnx.d, 0x3ff8000000000000, rtz, 0x3ff0000000000000, 1
    unary64 fround.d, 0x3ff8000000000000, rtz, 0x3ff0000000000000, 0
    unary64 froundnx.d, 0x3ff8000000000000, rdn, 0x3ff0000000000000, 1
    unary64 fround.d, 0x3ff8000000000000, rdn, 0x3ff0000000000000, 0
    unary64 froundnx.d, 0x3ff8000000000000, rup, 0x4000000000000000, 1
    unary64 fround.d, 0x3ff8000000000000, rup, 0x4000000000000000, 0
    unary64 froundnx.d, 0x3ff8000000000000, rmm, 0x4000000000000000, 1
    unary64 fround.d, 0x3ff8000000000000, rmm, 0x4000000000000000, 0
    unary64 froundnx.d, 0xbff8000000000000, rne, 0xc000000000000000, 1
    unary64 fround.d, 0xbff8000000000000, rne, 0xc000000000000000, 0
    unary64 froundnx.d, 0xbff8000000000000, rtz, 0xbff0000000000000, 1
    unary64 fround.d, 0xbff8000000000000, rtz, 0xbff0000000000000, 0
    unary64 froundnx.d, 0xbff8000000000000, rdn, 0xc000000000000000, 1
    unary64 fround.d, 0xbff8000000000000, rdn, 0xc000000000000000, 0
    unary64 froundnx.d, 0xbff8000000000000, rup, 0xbff0000000000000, 1
    unary64 fround.d, 0xbff8000000000000, rup, 0xbff0000000000000, 0
    unary64 froundnx.d, 0xbff8000000000000, rmm, 0xc000000000000000, 1
    unary64 fround.d, 0xbff8000000000000, rmm, 0xc000000000000000, 0
    unary64 froundnx.d, 0x4004000000000000, rne, 0x4000000000000000, 1
    unary64 fround.d, 0x4004000000000000, rne, 0x4000000000000000, 0
    unary64 froundnx.d, 0x4004000000000000, rtz, 0x4000000000000000, 1
    unary64 fround.d, 0x4004000000000000, rtz, 0x4000000000000000, 0
    unary64 froundnx.d, 0x4004000000000000, rdn, 0x4000000000000000, 1
    unary64 fround.d, 0x4004000000000000, rdn, 0x4000000000000000, 0
    unary64 froundnx.d, 0x4004000000000000, rup, 0x4008000000000000, 1
    unary64 fround.d, 0x4004000000000000, rup, 0x4008000000000000, 0
    unary64 froundnx.d, 0x4004000000000000, rmm, 0x4008000000000000, 1
    unary64 fround.d, 0x4004000000000000, rmm, 0x4008000000000000, 0
    unary64 froundnx.d, 0x400e000000000000, rne, 0x4010000000000000, 1
    unary64 fround.d, 0x400e000000000000, rne, 0x4010000000000000, 0
    unary64 froundnx.d, 0x400e000000000000, rtz, 0x4008000000000000, 1
    unary64 fround.d, 0x400e000000000000, rtz, 0x4008000000000000, 0
    unary64 froundnx.d, 0x400e000000000000, rdn, 0x4008000000000000, 1
    unary64 fround.d, 0x400e000000000000, rdn, 0x4008000000000000, 0
    unary64 froundnx.d, 0x400e000000000000, rup, 0x4010000000000000, 1
    unary64 fround.d, 0x400e000000000000, rup, 0x4010000000000000, 0
    unary64 froundnx.d, 0x400e000000000000, rmm, 0x4010000000000000, 1
    unary64 fround.d, 0x400e000000000000, rmm, 0x4010000000000000, 0
    unary64 froundnx.d, 0x432fffffffffffff, rne, 0x4330000000000000, 1
    unary64 fround.d, 0x432fffffffffffff, rne, 0x4330000000000000, 0
    unary64 froundnx.d, 0x432fffffffffffff, rtz, 0x432ffffffffffffe, 1
    unary64 fround.d, 0x432fffffffffffff, rtz, 0x432ffffffffffffe, 0
    unary64 froundnx.d, 0x432fffffffffffff, rdn, 0x432ffffffffffffe, 1
    unary64 fround.d, 0x432fffffffffffff, rdn, 0x432ffffffffffffe, 0
    unary64 froundnx.d, 0x432fffffffffffff, rup, 0x4330000000000000, 1
    unary64 fround.d, 0x432fffffffffffff, rup, 0x4330000000000000, 0
    unary64 froundnx.d, 0x432fffffffffffff, rmm, 0x4330000000000000, 1
    unary64 fround.d, 0x432fffffffffffff, rmm, 0x4330000000000000, 0
    unary64 froundnx.d, 0x431fffffffffffff, rne, 0x4320000000000000, 1
    unary64 fround.d, 0x431fffffffffffff, rne, 0x4320000000000000, 0
    unary64 froundnx.d, 0x431fffffffffffff, rtz, 0x431ffffffffffffc, 1
    unary64 fround.d, 0x431fffffffffffff, rtz, 0x431ffffffffffffc, 0
    unary64 froundnx.d, 0x431fffffffffffff, rdn, 0x431ffffffffffffc, 1
    unary64 fround.d, 0x431fffffffffffff, rdn, 0x431ffffffffffffc, 0
    unary64 froundnx.d, 0x431fffffffffffff, rup, 0x4320000000000000, 1
    unary64 fround.d, 0x431fffffffffffff, rup, 0x4320000000000000, 0
    unary64 froundnx.d, 0x431fffffffffffff, rmm, 0x4320000000000000, 1
    unary64 fround.d, 0x431fffffffffffff, rmm, 0x4320000000000000, 0
    unary64 froundnx.d, 0x433fffffffffffff, rne, 0x433fffffffffffff, 0
    unary64 fround.d, 0x433fffffffffffff, rne, 0x433fffffffffffff, 0
    unary64 froundnx.d, 0x433fffffffffffff, rtz, 0x433fffffffffffff, 0
    unary64 fround.d, 0x433fffffffffffff, rtz, 0x433fffffffffffff, 0
    unary64 froundnx.d, 0x433fffffffffffff, rdn, 0x433fffffffffffff, 0
    unary64 fround.d, 0x433fffffffffffff, rdn, 0x433fffffffffffff, 0
    unary64 froundnx.d, 0x433fffffffffffff, rup, 0x433fffffffffffff, 0
    unary64 fround.d, 0x433fffffffffffff, rup, 0x433fffffffffffff, 0
    unary64 froundnx.d, 0x433fffffffffffff, rmm, 0x433fffffffffffff, 0
    unary64 fround.d, 0x433fffffffffffff, rmm, 0x433fffffffffffff, 0
    unary64 froundnx.d, 0x7fefffffffffffff, rne, 0x7fefffffffffffff, 0
    unary64 fround.d, 0x7fefffffffffffff, rne, 0x7fefffffffffffff, 0
    unary64 froundnx.d, 0x7fefffffffffffff, rtz, 0x7fefffffffffffff, 0
    unary64 fround.d, 0x7fefffffffffffff, rtz, 0x7fefffffffffffff, 0
    unary64 froundnx.d, 0x7fefffffffffffff, rdn, 0x7fefffffffffffff, 0
    unary64 fround.d, 0x7fefffffffffffff, rdn, 0x7fefffffffffffff, 0
    unary64 froundnx.d, 0x7fefffffffffffff, rup, 0x7fefffffffffffff, 0
    unary64 fround.d, 0x7fefffffffffffff, rup, 0x7fefffffffffffff, 0
    unary64 froundnx.d, 0x7fefffffffffffff, rmm, 0x7fefffffffffffff, 0
    unary64 fround.d, 0x7fefffffffffffff, rmm, 0x7fefffffffffffff, 0
    unary64 froundnx.d, 0x7ff0000000000000, rne, 0x7ff0000000000000, 0
    unary64 fround.d, 0x7ff0000000000000, rne, 0x7ff0000000000000, 0
    unary64 froundnx.d, 0xfff0000000000000, rne, 0xfff0000000000000, 0
    unary64 fround.d, 0xfff0000000000000, rne, 0xfff0000000000000, 0
    unary64 froundnx.d, 0x7ff0000000000001, rne, 0x7ff8000000000000, 16
    unary64 fround.d, 0x7ff0000000000001, rne, 0x7ff8000000000000, 16
    unary64 froundnx.d, 0x7ff8000000000001, rne, 0x7ff8000000000000, 0
    unary64 fround.d, 0x7ff8000000000001, rne, 0x7ff8000000000000, 0
    compare64 fltq.d, 0, 0x8000000000000000, 0, 0
    compare64 fleq.d, 0, 0x8000000000000000, 1, 0
    quiet64 fminm.d, 0, 0x8000000000000000, 0x8000000000000000, 0
    quiet64 fmaxm.d, 0, 0x8000000000000000, 0, 0
    compare64 fltq.d, 0x8000000000000000, 0, 0, 0
    compare64 fleq.d, 0x8000000000000000, 0, 1, 0
    quiet64 fminm.d, 0x8000000000000000, 0, 0x8000000000000000, 0
    quiet64 fmaxm.d, 0x8000000000000000, 0, 0, 0
    compare64 fltq.d, 0x3ff0000000000000, 0xbff0000000000000, 0, 0
    compare64 fleq.d, 0x3ff0000000000000, 0xbff0000000000000, 0, 0
    quiet64 fminm.d, 0x3ff0000000000000, 0xbff0000000000000, 0xbff0000000000000, 0
    quiet64 fmaxm.d, 0x3ff0000000000000, 0xbff0000000000000, 0x3ff0000000000000, 0
    compare64 fltq.d, 0xbff0000000000000, 0xbff0000000000001, 0, 0
    compare64 fleq.d, 0xbff0000000000000, 0xbff0000000000001, 0, 0
    quiet64 fminm.d, 0xbff0000000000000, 0xbff0000000000001, 0xbff0000000000001, 0
    quiet64 fmaxm.d, 0xbff0000000000000, 0xbff0000000000001, 0xbff0000000000000, 0
    compare64 fltq.d, 0x3ff0000000000000, 0x7ff8000000000000, 0, 0
    compare64 fleq.d, 0x3ff0000000000000, 0x7ff8000000000000, 0, 0
    quiet64 fminm.d, 0x3ff0000000000000, 0x7ff8000000000000, 0x7ff8000000000000, 0
    quiet64 fmaxm.d, 0x3ff0000000000000, 0x7ff8000000000000, 0x7ff8000000000000, 0
    compare64 fltq.d, 0x7ff0000000000001, 0x3ff0000000000000, 0, 16
    compare64 fleq.d, 0x7ff0000000000001, 0x3ff0000000000000, 0, 16
    quiet64 fminm.d, 0x7ff0000000000001, 0x3ff0000000000000, 0x7ff8000000000000, 16
    quiet64 fmaxm.d, 0x7ff0000000000001, 0x3ff0000000000000, 0x7ff8000000000000, 16
    compare64 fltq.d, 0x7ff8000000000000, 0x7ff8000000000001, 0, 0
    compare64 fleq.d, 0x7ff8000000000000, 0x7ff8000000000001, 0, 0
    quiet64 fminm.d, 0x7ff8000000000000, 0x7ff8000000000001, 0x7ff8000000000000, 0
    quiet64 fmaxm.d, 0x7ff8000000000000, 0x7ff8000000000001, 0x7ff8000000000000, 0
    compare64 fltq.d, 0x7ff0000000000000, 0xfff0000000000000, 0, 0
    compare64 fleq.d, 0x7ff0000000000000, 0xfff0000000000000, 0, 0
    quiet64 fminm.d, 0x7ff0000000000000, 0xfff0000000000000, 0xfff0000000000000, 0
    quiet64 fmaxm.d, 0x7ff0000000000000, 0xfff0000000000000, 0x7ff0000000000000, 0
    compare64 fltq.d, 0x1, 0x2, 1, 0
    compare64 fleq.d, 0x1, 0x2, 1, 0
    quiet64 fminm.d, 0x1, 0x2, 0x1, 0
    quiet64 fmaxm.d, 0x1, 0x2, 0x2, 0
    compare64 fltq.d, 0x3ff0000000000000, 0x3ff0000000000000, 0, 0
    compare64 fleq.d, 0x3ff0000000000000, 0x3ff0000000000000, 1, 0
    quiet64 fminm.d, 0x3ff0000000000000, 0x3ff0000000000000, 0x3ff0000000000000, 0
    quiet64 fmaxm.d, 0x3ff0000000000000, 0x3ff0000000000000, 0x3ff0000000000000, 0
    unary16 froundnx.h, 0, rne, 0, 0
    unary16 fround.h, 0, rne, 0, 0
    unary16 froundnx.h, 0x8000, rne, 0x8000, 0
    unary16 fround.h, 0x8000, rne, 0x8000, 0
    unary16 froundnx.h, 0x1, rne, 0, 1
    unary16 fround.h, 0x1, rne, 0, 0
    unary16 froundnx.h, 0x1, rtz, 0, 1
    unary16 fround.h, 0x1, rtz, 0, 0
    unary16 froundnx.h, 0x1, rdn, 0, 1
    unary16 fround.h, 0x1, rdn, 0, 0
    unary16 froundnx.h, 0x1, rup, 0x3c00, 1
    unary16 fround.h, 0x1, rup, 0x3c00, 0
    unary16 froundnx.h, 0x1, rmm, 0, 1
    unary16 fround.h, 0x1, rmm, 0, 0
    unary16 froundnx.h, 0x8001, rne, 0x8000, 1
    unary16 fround.h, 0x8001, rne, 0x8000, 0
    unary16 froundnx.h, 0x8001, rtz, 0x8000, 1
    unary16 fround.h, 0x8001, rtz, 0x8000, 0
    unary16 froundnx.h, 0x8001, rdn, 0xbc00, 1
    unary16 fround.h, 0x8001, rdn, 0xbc00, 0
    unary16 froundnx.h, 0x8001, rup, 0x8000, 1
    unary16 fround.h, 0x8001, rup, 0x8000, 0
    unary16 froundnx.h, 0x8001, rmm, 0x8000, 1
    unary16 fround.h, 0x8001, rmm, 0x8000, 0
    unary16 froundnx.h, 0x3800, rne, 0, 1
    unary16 fround.h, 0x3800, rne, 0, 0
    unary16 froundnx.h, 0x3800, rtz, 0, 1
    unary16 fround.h, 0x3800, rtz, 0, 0
    unary16 froundnx.h, 0x3800, rdn, 0, 1
    unary16 fround.h, 0x3800, rdn, 0, 0
    unary16 froundnx.h, 0x3800, rup, 0x3c00, 1
    unary16 fround.h, 0x3800, rup, 0x3c00, 0
    unary16 froundnx.h, 0x3800, rmm, 0x3c00, 1
    unary16 fround.h, 0x3800, rmm, 0x3c00, 0
    unary16 froundnx.h, 0xb800, rne, 0x8000, 1
    unary16 fround.h, 0xb800, rne, 0x8000, 0
    unary16 froundnx.h, 0xb800, rtz, 0x8000, 1
    unary16 fround.h, 0xb800, rtz, 0x8000, 0
    unary16 froundnx.h, 0xb800, rdn, 0xbc00, 1
    unary16 fround.h, 0xb800, rdn, 0xbc00, 0
    unary16 froundnx.h, 0xb800, rup, 0x8000, 1
    unary16 fround.h, 0xb800, rup, 0x8000, 0
    unary16 froundnx.h, 0xb800, rmm, 0xbc00, 1
    unary16 fround.h, 0xb800, rmm, 0xbc00, 0
    unary16 froundnx.h, 0x3801, rne, 0x3c00, 1
    unary16 fround.h, 0x3801, rne, 0x3c00, 0
    unary16 froundnx.h, 0x3801, rtz, 0, 1
    unary16 fround.h, 0x3801, rtz, 0, 0
    unary16 froundnx.h, 0x3801, rdn, 0, 1
    unary16 fround.h, 0x3801, rdn, 0, 0
    unary16 froundnx.h, 0x3801, rup, 0x3c00, 1
    unary16 fround.h, 0x3801, rup, 0x3c00, 0
    unary16 froundnx.h, 0x3801, rmm, 0x3c00, 1
    unary16 fround.h, 0x3801, rmm, 0x3c00, 0
    unary16 froundnx.h, 0x3bff, rne, 0x3c00, 1
    unary16 fround.h, 0x3bff, rne, 0x3c00, 0
    unary16 froundnx.h, 0x3bff, rtz, 0, 1
    unary16 fround.h, 0x3bff, rtz, 0, 0
    unary16 froundnx.h, 0x3bff, rdn, 0, 1
    unary16 fround.h, 0x3bff, rdn, 0, 0
    unary16 froundnx.h, 0x3bff, rup, 0x3c00, 1
    unary16 fround.h, 0x3bff, rup, 0x3c00, 0
    unary16 froundnx.h, 0x3bff, rmm, 0x3c00, 1
    unary16 fround.h, 0x3bff, rmm, 0x3c00, 0
    unary16 froundnx.h, 0x3e00, rne, 0x4000, 1
    unary16 fround.h, 0x3e00, rne, 0x4000, 0
    unary16 froundnx.h, 0x3e00, rtz, 0x3c00, 1
    unary16 fround.h, 0x3e00, rtz, 0x3c00, 0
    unary16 froundnx.h, 0x3e00, rdn, 0x3c00, 1
    unary16 fround.h, 0x3e00, rdn, 0x3c00, 0
    unary16 froundnx.h, 0x3e00, rup, 0x4000, 1
    unary16 fround.h, 0x3e00, rup, 0x4000, 0
    unary16 froundnx.h, 0x3e00, rmm, 0x4000, 1
    unary16 fround.h, 0x3e00, rmm, 0x4000, 0
    unary16 froundnx.h, 0xbe00, rne, 0xc000, 1
    unary16 fround.h, 0xbe00, rne, 0xc000, 0
    unary16 froundnx.h, 0xbe00, rtz, 0xbc00, 1
    unary16 fround.h, 0xbe00, rtz, 0xbc00, 0
    unary16 froundnx.h, 0xbe00, rdn, 0xc000, 1
    unary16 fround.h, 0xbe00, rdn, 0xc000, 0
    unary16 froundnx.h, 0xbe00, rup, 0xbc00, 1
    unary16 fround.h, 0xbe00, rup, 0xbc00, 0
    unary16 froundnx.h, 0xbe00, rmm, 0xc000, 1
    unary16 fround.h, 0xbe00, rmm, 0xc000, 0
    unary16 froundnx.h, 0x4100, rne, 0x4000, 1
    unary16 fround.h, 0x4100, rne, 0x4000, 0
    unary16 froundnx.h, 0x4100, rtz, 0x4000, 1
    unary16 fround.h, 0x4100, rtz, 0x4000, 0
    unary16 froundnx.h, 0x4100, rdn, 0x4000, 1
    unary16 fround.h, 0x4100, rdn, 0x4000, 0
    unary16 froundnx.h, 0x4100, rup, 0x4200, 1
    unary16 fround.h, 0x4100, rup, 0x4200, 0
    unary16 froundnx.h, 0x4100, rmm, 0x4200, 1
    unary16 fround.h, 0x4100, rmm, 0x4200, 0
    unary16 froundnx.h, 0x4380, rne, 0x4400, 1
    unary16 fround.h, 0x4380, rne, 0x4400, 0
    unary16 froundnx.h, 0x4380, rtz, 0x4200, 1
    unary16 fround.h, 0x4380, rtz, 0x4200, 0
    unary16 froundnx.h, 0x4380, rdn, 0x4200, 1
    unary16 fround.h, 0x4380, rdn, 0x4200, 0
    unary16 froundnx.h, 0x4380, rup, 0x4400, 1
    unary16 fround.h, 0x4380, rup, 0x4400, 0
    unary16 froundnx.h, 0x4380, rmm, 0x4400, 1
    unary16 fround.h, 0x4380, rmm, 0x4400, 0
    unary16 froundnx.h, 0x63ff, rne, 0x6400, 1
    unary16 fround.h, 0x63ff, rne, 0x6400, 0
    unary16 froundnx.h, 0x63ff, rtz, 0x63fe, 1
    unary16 fround.h, 0x63ff, rtz, 0x63fe, 0
    unary16 froundnx.h, 0x63ff, rdn, 0x63fe, 1
    unary16 fround.h, 0x63ff, rdn, 0x63fe, 0
    unary16 froundnx.h, 0x63ff, rup, 0x6400, 1
    unary16 fround.h, 0x63ff, rup, 0x6400, 0
    unary16 froundnx.h, 0x63ff, rmm, 0x6400, 1
    unary16 fround.h, 0x63ff, rmm, 0x6400, 0
    unary16 froundnx.h, 0x67ff, rne, 0x67ff, 0
    unary16 fround.h, 0x67ff, rne, 0x67ff, 0
    unary16 froundnx.h, 0x67ff, rtz, 0x67ff, 0
    unary16 fround.h, 0x67ff, rtz, 0x67ff, 0
    unary16 froundnx.h, 0x67ff, rdn, 0x67ff, 0
    unary16 fround.h, 0x67ff, rdn, 0x67ff, 0
    unary16 froundnx.h, 0x67ff, rup, 0x67ff, 0
    unary16 fround.h, 0x67ff, rup, 0x67ff, 0
    unary16 froundnx.h, 0x67ff, rmm, 0x67ff, 0
    unary16 fround.h, 0x67ff, rmm, 0x67ff, 0
    unary16 froundnx.h, 0x6bff, rne, 0x6bff, 0
    unary16 fround.h, 0x6bff, rne, 0x6bff, 0
    unary16 froundnx.h, 0x6bff, rtz, 0x6bff, 0
    unary16 fround.h, 0x6bff, rtz, 0x6bff, 0
    unary16 froundnx.h, 0x6bff, rdn, 0x6bff, 0
    unary16 fround.h, 0x6bff, rdn, 0x6bff, 0
    unary16 froundnx.h, 0x6bff, rup, 0x6bff, 0
    unary16 fround.h, 0x6bff, rup, 0x6bff, 0
    unary16 froundnx.h, 0x6bff, rmm, 0x6bff, 0
    unary16 fround.h, 0x6bff, rmm, 0x6bff, 0
    unary16 froundnx.h, 0x7bff, rne, 0x7bff, 0
    unary16 fround.h, 0x7bff, rne, 0x7bff, 0
    unary16 froundnx.h, 0x7bff, rtz, 0x7bff, 0
    unary16 fround.h, 0x7bff, rtz, 0x7bff, 0
    unary16 froundnx.h, 0x7bff, rdn, 0x7bff, 0
    unary16 fround.h, 0x7bff, rdn, 0x7bff, 0
    unary16 froundnx.h, 0x7bff, rup, 0x7bff, 0
    unary16 fround.h, 0x7bff, rup, 0x7bff, 0
    unary16 froundnx.h, 0x7bff, rmm, 0x7bff, 0
    unary16 fround.h, 0x7bff, rmm, 0x7bff, 0
    unary16 froundnx.h, 0x7c00, rne, 0x7c00, 0
    unary16 fround.h, 0x7c00, rne, 0x7c00, 0
    unary16 froundnx.h, 0xfc00, rne, 0xfc00, 0
    unary16 fround.h, 0xfc00, rne, 0xfc00, 0
    unary16 froundnx.h, 0x7c01, rne, 0x7e00, 16
    unary16 fround.h, 0x7c01, rne, 0x7e00, 16
    unary16 froundnx.h, 0x7e01, rne, 0x7e00, 0
    unary16 fround.h, 0x7e01, rne, 0x7e00, 0
    compare16 fltq.h, 0, 0x8000, 0, 0
    compare16 fleq.h, 0, 0x8000, 1, 0
    quiet16 fminm.h, 0, 0x8000, 0x8000, 0
    quiet16 fmaxm.h, 0, 0x8000, 0, 0
    compare16 fltq.h, 0x8000, 0, 0, 0
    compare16 fleq.h, 0x8000, 0, 1, 0
    quiet16 fminm.h, 0x8000, 0, 0x8000, 0
    quiet16 fmaxm.h, 0x8000, 0, 0, 0
    compare16 fltq.h, 0x3c00, 0xbc00, 0, 0
    compare16 fleq.h, 0x3c00, 0xbc00, 0, 0
    quiet16 fminm.h, 0x3c00, 0xbc00, 0xbc00, 0
    quiet16 fmaxm.h, 0x3c00, 0xbc00, 0x3c00, 0
    compare16 fltq.h, 0xbc00, 0xbc01, 0, 0
    compare16 fleq.h, 0xbc00, 0xbc01, 0, 0
    quiet16 fminm.h, 0xbc00, 0xbc01, 0xbc01, 0
    quiet16 fmaxm.h, 0xbc00, 0xbc01, 0xbc00, 0
    compare16 fltq.h, 0x3c00, 0x7e00, 0, 0
    compare16 fleq.h, 0x3c00, 0x7e00, 0, 0
    quiet16 fminm.h, 0x3c00, 0x7e00, 0x7e00, 0
    quiet16 fmaxm.h, 0x3c00, 0x7e00, 0x7e00, 0
    compare16 fltq.h, 0x7c01, 0x3c00, 0, 16
    compare16 fleq.h, 0x7c01, 0x3c00, 0, 16
    quiet16 fminm.h, 0x7c01, 0x3c00, 0x7e00, 16
    quiet16 fmaxm.h, 0x7c01, 0x3c00, 0x7e00, 16
    compare16 fltq.h, 0x7e00, 0x7e01, 0, 0
    compare16 fleq.h, 0x7e00, 0x7e01, 0, 0
    quiet16 fminm.h, 0x7e00, 0x7e01, 0x7e00, 0
    quiet16 fmaxm.h, 0x7e00, 0x7e01, 0x7e00, 0
    compare16 fltq.h, 0x7c00, 0xfc00, 0, 0
    compare16 fleq.h, 0x7c00, 0xfc00, 0, 0
    quiet16 fminm.h, 0x7c00, 0xfc00, 0xfc00, 0
    quiet16 fmaxm.h, 0x7c00, 0xfc00, 0x7c00, 0
    compare16 fltq.h, 0x1, 0x2, 1, 0
    compare16 fleq.h, 0x1, 0x2, 1, 0
    quiet16 fminm.h, 0x1, 0x2, 0x1, 0
    quiet16 fmaxm.h, 0x1, 0x2, 0x2, 0
    compare16 fltq.h, 0x3c00, 0x3c00, 0, 0
    compare16 fleq.h, 0x3c00, 0x3c00, 1, 0
    quiet16 fminm.h, 0x3c00, 0x3c00, 0x3c00, 0
    quiet16 fmaxm.h, 0x3c00, 0x3c00, 0x3c00, 0
    tointeger64_quiet fcvtmod.w.d, 0, 0, 0
    tointeger64_quiet fcvtmod.w.d, 0x3ff0000000000000, 0x1, 0
    tointeger64_quiet fcvtmod.w.d, 0xbff0000000000000, 0xffffffffffffffff, 0
    tointeger64_quiet fcvtmod.w.d, 0x3ff8000000000000, 0x1, 1
    tointeger64_quiet fcvtmod.w.d, 0xbff8000000000000, 0xffffffffffffffff, 1
    tointeger64_quiet fcvtmod.w.d, 0x41dfffffffc00000, 0x7fffffff, 0
    tointeger64_quiet fcvtmod.w.d, 0x41e0000000000000, 0xffffffff80000000, 16
    tointeger64_quiet fcvtmod.w.d, 0xc1e0000000000000, 0xffffffff80000000, 0
    tointeger64_quiet fcvtmod.w.d, 0xc1e0000000200000, 0x7fffffff, 16
    tointeger64_quiet fcvtmod.w.d, 0x41e0000000100000, 0xffffffff80000000, 16
    tointeger64_quiet fcvtmod.w.d, 0x41dfffffffe00000, 0x7fffffff, 1
    tointeger64_quiet fcvtmod.w.d, 0x41f0000000500000, 0x5, 16
    tointeger64_quiet fcvtmod.w.d, 0xc1f0000000500000, 0xfffffffffffffffb, 16
    tointeger64_quiet fcvtmod.w.d, 0x4330000000003039, 0x3039, 16
    tointeger64_quiet fcvtmod.w.d, 0x4556fee0e1a80000, 0, 16
    tointeger64_quiet fcvtmod.w.d, 0x4450000000000004, 0x100000, 16
    tointeger64_quiet fcvtmod.w.d, 0x4520000000000001, 0xffffffff80000000, 16
    tointeger64_quiet fcvtmod.w.d, 0x4540000000000000, 0, 16
    tointeger64_quiet fcvtmod.w.d, 0x3fd5555555555555, 0, 1
    tointeger64_quiet fcvtmod.w.d, 0x43123456789abcdc, 0xffffffff9e26af37, 16
    tointeger64_quiet fcvtmod.w.d, 0x7ff0000000000000, 0, 16
    tointeger64_quiet fcvtmod.w.d, 0xfff0000000000000, 0, 16
    tointeger64_quiet fcvtmod.w.d, 0x7ff8000000000000, 0, 16
    tointeger64_quiet fcvtmod.w.d, 0x7ff0000000000001, 0, 16

    end
