// F, single-precision floating point (unprivileged manual, "F"). The results are those of exact arithmetic, rounded as
// IEEE 754 says.
// cc: -nostdlib
#include "check.h"
#include "float.h"

    begin
    la s0, place

    // Addition: ties, cancellation to a zero whose sign the mode decides, overflow, NaNs.
    binary32_any fadd.s, 0x3f800000, 0x3f800000, 0x40000000, 0
    binary32 fadd.s, 0x3f800000, 0x33800000, rne, 0x3f800000, 1
    binary32 fadd.s, 0x3f800000, 0x33800000, rtz, 0x3f800000, 1
    binary32 fadd.s, 0x3f800000, 0x33800000, rdn, 0x3f800000, 1
    binary32 fadd.s, 0x3f800000, 0x33800000, rup, 0x3f800001, 1
    binary32 fadd.s, 0x3f800000, 0x33800000, rmm, 0x3f800001, 1
    binary32 fadd.s, 0x3f800000, 0x33c00000, rne, 0x3f800001, 1
    binary32 fadd.s, 0x3f800000, 0x33c00000, rtz, 0x3f800000, 1
    binary32 fadd.s, 0x3f800000, 0x33c00000, rdn, 0x3f800000, 1
    binary32 fadd.s, 0x3f800000, 0x33c00000, rup, 0x3f800001, 1
    binary32 fadd.s, 0x3f800000, 0x33c00000, rmm, 0x3f800001, 1
    binary32 fadd.s, 0xbf800000, 0xb3800000, rne, 0xbf800000, 1
    binary32 fadd.s, 0xbf800000, 0xb3800000, rtz, 0xbf800000, 1
    binary32 fadd.s, 0xbf800000, 0xb3800000, rdn, 0xbf800001, 1
    binary32 fadd.s, 0xbf800000, 0xb3800000, rup, 0xbf800000, 1
    binary32 fadd.s, 0xbf800000, 0xb3800000, rmm, 0xbf800001, 1
    binary32 fadd.s, 0x3f800000, 0x1, rne, 0x3f800000, 1
    binary32 fadd.s, 0x3f800000, 0x1, rtz, 0x3f800000, 1
    binary32 fadd.s, 0x3f800000, 0x1, rdn, 0x3f800000, 1
    binary32 fadd.s, 0x3f800000, 0x1, rup, 0x3f800001, 1
    binary32 fadd.s, 0x3f800000, 0x1, rmm, 0x3f800000, 1
    binary32 fadd.s, 0x3f800000, 0xbf800000, rne, 0x0, 0
    binary32 fadd.s, 0x3f800000, 0xbf800000, rtz, 0x0, 0
    binary32 fadd.s, 0x3f800000, 0xbf800000, rdn, 0x80000000, 0
    binary32 fadd.s, 0x3f800000, 0xbf800000, rup, 0x0, 0
    binary32 fadd.s, 0x3f800000, 0xbf800000, rmm, 0x0, 0
    binary32_any fadd.s, 0x80000000, 0x80000000, 0x80000000, 0
    binary32 fadd.s, 0x0, 0x80000000, rne, 0x0, 0
    binary32 fadd.s, 0x0, 0x80000000, rtz, 0x0, 0
    binary32 fadd.s, 0x0, 0x80000000, rdn, 0x80000000, 0
    binary32 fadd.s, 0x0, 0x80000000, rup, 0x0, 0
    binary32 fadd.s, 0x0, 0x80000000, rmm, 0x0, 0
    binary32 fadd.s, 0x7f7fffff, 0x7f7fffff, rne, 0x7f800000, 5
    binary32 fadd.s, 0x7f7fffff, 0x7f7fffff, rtz, 0x7f7fffff, 5
    binary32 fadd.s, 0x7f7fffff, 0x7f7fffff, rdn, 0x7f7fffff, 5
    binary32 fadd.s, 0x7f7fffff, 0x7f7fffff, rup, 0x7f800000, 5
    binary32 fadd.s, 0x7f7fffff, 0x7f7fffff, rmm, 0x7f800000, 5
    binary32 fadd.s, 0xff7fffff, 0xff7fffff, rne, 0xff800000, 5
    binary32 fadd.s, 0xff7fffff, 0xff7fffff, rtz, 0xff7fffff, 5
    binary32 fadd.s, 0xff7fffff, 0xff7fffff, rdn, 0xff800000, 5
    binary32 fadd.s, 0xff7fffff, 0xff7fffff, rup, 0xff7fffff, 5
    binary32 fadd.s, 0xff7fffff, 0xff7fffff, rmm, 0xff800000, 5
    binary32 fadd.s, 0x7f7fffff, 0x73000000, rne, 0x7f800000, 5
    binary32 fadd.s, 0x7f7fffff, 0x73000000, rtz, 0x7f7fffff, 1
    binary32 fadd.s, 0x7f7fffff, 0x73000000, rdn, 0x7f7fffff, 1
    binary32 fadd.s, 0x7f7fffff, 0x73000000, rup, 0x7f800000, 5
    binary32 fadd.s, 0x7f7fffff, 0x73000000, rmm, 0x7f800000, 5
    binary32_any fadd.s, 0x800000, 0x80000001, 0x7fffff, 0
    binary32_any fadd.s, 0x1, 0x1, 0x2, 0
    binary32_any fadd.s, 0x7f800000, 0x3f800000, 0x7f800000, 0
    binary32_any fadd.s, 0x7f800000, 0xff800000, 0x7fc00000, 16
    binary32_any fadd.s, 0x7fc00005, 0x3f800000, 0x7fc00000, 0
    binary32_any fadd.s, 0x7f800001, 0x3f800000, 0x7fc00000, 16
    binary32_any fadd.s, 0x3f800000, 0x7f800001, 0x7fc00000, 16
    binary32_any fadd.s, 0x7fc00005, 0x7fc00005, 0x7fc00000, 0

    // Subtraction.
    binary32 fsub.s, 0x3f800000, 0x33000000, rne, 0x3f800000, 1
    binary32 fsub.s, 0x3f800000, 0x33000000, rtz, 0x3f7fffff, 1
    binary32 fsub.s, 0x3f800000, 0x33000000, rdn, 0x3f7fffff, 1
    binary32 fsub.s, 0x3f800000, 0x33000000, rup, 0x3f800000, 1
    binary32 fsub.s, 0x3f800000, 0x33000000, rmm, 0x3f800000, 1
    binary32 fsub.s, 0x3f800000, 0x33400000, rne, 0x3f7fffff, 1
    binary32 fsub.s, 0x3f800000, 0x33400000, rtz, 0x3f7fffff, 1
    binary32 fsub.s, 0x3f800000, 0x33400000, rdn, 0x3f7fffff, 1
    binary32 fsub.s, 0x3f800000, 0x33400000, rup, 0x3f800000, 1
    binary32 fsub.s, 0x3f800000, 0x33400000, rmm, 0x3f7fffff, 1
    binary32 fsub.s, 0x3f800000, 0x3f800000, rne, 0x0, 0
    binary32 fsub.s, 0x3f800000, 0x3f800000, rtz, 0x0, 0
    binary32 fsub.s, 0x3f800000, 0x3f800000, rdn, 0x80000000, 0
    binary32 fsub.s, 0x3f800000, 0x3f800000, rup, 0x0, 0
    binary32 fsub.s, 0x3f800000, 0x3f800000, rmm, 0x0, 0
    binary32 fsub.s, 0x0, 0x0, rne, 0x0, 0
    binary32 fsub.s, 0x0, 0x0, rtz, 0x0, 0
    binary32 fsub.s, 0x0, 0x0, rdn, 0x80000000, 0
    binary32 fsub.s, 0x0, 0x0, rup, 0x0, 0
    binary32 fsub.s, 0x0, 0x0, rmm, 0x0, 0
    binary32_any fsub.s, 0x80000000, 0x0, 0x80000000, 0
    binary32_any fsub.s, 0x7f800000, 0x7f800000, 0x7fc00000, 16
    binary32_any fsub.s, 0x7f800000, 0xff800000, 0x7f800000, 0
    binary32 fsub.s, 0x3eaaaaab, 0x3f800000, rne, 0xbf2aaaaa, 1
    binary32 fsub.s, 0x3eaaaaab, 0x3f800000, rtz, 0xbf2aaaaa, 1
    binary32 fsub.s, 0x3eaaaaab, 0x3f800000, rdn, 0xbf2aaaab, 1
    binary32 fsub.s, 0x3eaaaaab, 0x3f800000, rup, 0xbf2aaaaa, 1
    binary32 fsub.s, 0x3eaaaaab, 0x3f800000, rmm, 0xbf2aaaab, 1
    binary32_any fsub.s, 0x7f800001, 0x7fc00005, 0x7fc00000, 16

    // Multiplication: underflow, with tininess found after rounding.
    binary32 fmul.s, 0x3eaaaaab, 0x3eaaaaab, rne, 0x3de38e3a, 1
    binary32 fmul.s, 0x3eaaaaab, 0x3eaaaaab, rtz, 0x3de38e39, 1
    binary32 fmul.s, 0x3eaaaaab, 0x3eaaaaab, rdn, 0x3de38e39, 1
    binary32 fmul.s, 0x3eaaaaab, 0x3eaaaaab, rup, 0x3de38e3a, 1
    binary32 fmul.s, 0x3eaaaaab, 0x3eaaaaab, rmm, 0x3de38e3a, 1
    binary32 fmul.s, 0x3fc00000, 0x3f800001, rne, 0x3fc00002, 1
    binary32 fmul.s, 0x3fc00000, 0x3f800001, rtz, 0x3fc00001, 1
    binary32 fmul.s, 0x3fc00000, 0x3f800001, rdn, 0x3fc00001, 1
    binary32 fmul.s, 0x3fc00000, 0x3f800001, rup, 0x3fc00002, 1
    binary32 fmul.s, 0x3fc00000, 0x3f800001, rmm, 0x3fc00002, 1
    binary32 fmul.s, 0xbfc00000, 0x3f800001, rne, 0xbfc00002, 1
    binary32 fmul.s, 0xbfc00000, 0x3f800001, rtz, 0xbfc00001, 1
    binary32 fmul.s, 0xbfc00000, 0x3f800001, rdn, 0xbfc00002, 1
    binary32 fmul.s, 0xbfc00000, 0x3f800001, rup, 0xbfc00001, 1
    binary32 fmul.s, 0xbfc00000, 0x3f800001, rmm, 0xbfc00002, 1
    binary32_any fmul.s, 0x800000, 0x3f000000, 0x400000, 0
    binary32 fmul.s, 0x800001, 0x3f000000, rne, 0x400000, 3
    binary32 fmul.s, 0x800001, 0x3f000000, rtz, 0x400000, 3
    binary32 fmul.s, 0x800001, 0x3f000000, rdn, 0x400000, 3
    binary32 fmul.s, 0x800001, 0x3f000000, rup, 0x400001, 3
    binary32 fmul.s, 0x800001, 0x3f000000, rmm, 0x400001, 3
    binary32 fmul.s, 0x7fffff, 0x3f800001, rne, 0x800000, 1
    binary32 fmul.s, 0x7fffff, 0x3f800001, rtz, 0x7fffff, 3
    binary32 fmul.s, 0x7fffff, 0x3f800001, rdn, 0x7fffff, 3
    binary32 fmul.s, 0x7fffff, 0x3f800001, rup, 0x800000, 1
    binary32 fmul.s, 0x7fffff, 0x3f800001, rmm, 0x800000, 1
    binary32 fmul.s, 0x3f7fffff, 0x800000, rne, 0x800000, 3
    binary32 fmul.s, 0x3f7fffff, 0x800000, rtz, 0x7fffff, 3
    binary32 fmul.s, 0x3f7fffff, 0x800000, rdn, 0x7fffff, 3
    binary32 fmul.s, 0x3f7fffff, 0x800000, rup, 0x800000, 3
    binary32 fmul.s, 0x3f7fffff, 0x800000, rmm, 0x800000, 3
    binary32 fmul.s, 0xbf7fffff, 0x800000, rne, 0x80800000, 3
    binary32 fmul.s, 0xbf7fffff, 0x800000, rtz, 0x807fffff, 3
    binary32 fmul.s, 0xbf7fffff, 0x800000, rdn, 0x80800000, 3
    binary32 fmul.s, 0xbf7fffff, 0x800000, rup, 0x807fffff, 3
    binary32 fmul.s, 0xbf7fffff, 0x800000, rmm, 0x80800000, 3
    binary32 fmul.s, 0x1, 0x1, rne, 0x0, 3
    binary32 fmul.s, 0x1, 0x1, rtz, 0x0, 3
    binary32 fmul.s, 0x1, 0x1, rdn, 0x0, 3
    binary32 fmul.s, 0x1, 0x1, rup, 0x1, 3
    binary32 fmul.s, 0x1, 0x1, rmm, 0x0, 3
    binary32 fmul.s, 0x80000001, 0x1, rne, 0x80000000, 3
    binary32 fmul.s, 0x80000001, 0x1, rtz, 0x80000000, 3
    binary32 fmul.s, 0x80000001, 0x1, rdn, 0x80000001, 3
    binary32 fmul.s, 0x80000001, 0x1, rup, 0x80000000, 3
    binary32 fmul.s, 0x80000001, 0x1, rmm, 0x80000000, 3
    binary32 fmul.s, 0x1, 0x3f000000, rne, 0x0, 3
    binary32 fmul.s, 0x1, 0x3f000000, rtz, 0x0, 3
    binary32 fmul.s, 0x1, 0x3f000000, rdn, 0x0, 3
    binary32 fmul.s, 0x1, 0x3f000000, rup, 0x1, 3
    binary32 fmul.s, 0x1, 0x3f000000, rmm, 0x1, 3
    binary32 fmul.s, 0x3, 0x3f000000, rne, 0x2, 3
    binary32 fmul.s, 0x3, 0x3f000000, rtz, 0x1, 3
    binary32 fmul.s, 0x3, 0x3f000000, rdn, 0x1, 3
    binary32 fmul.s, 0x3, 0x3f000000, rup, 0x2, 3
    binary32 fmul.s, 0x3, 0x3f000000, rmm, 0x2, 3
    binary32 fmul.s, 0x7f7fffff, 0x40000000, rne, 0x7f800000, 5
    binary32 fmul.s, 0x7f7fffff, 0x40000000, rtz, 0x7f7fffff, 5
    binary32 fmul.s, 0x7f7fffff, 0x40000000, rdn, 0x7f7fffff, 5
    binary32 fmul.s, 0x7f7fffff, 0x40000000, rup, 0x7f800000, 5
    binary32 fmul.s, 0x7f7fffff, 0x40000000, rmm, 0x7f800000, 5
    binary32 fmul.s, 0xff7fffff, 0x7f7fffff, rne, 0xff800000, 5
    binary32 fmul.s, 0xff7fffff, 0x7f7fffff, rtz, 0xff7fffff, 5
    binary32 fmul.s, 0xff7fffff, 0x7f7fffff, rdn, 0xff800000, 5
    binary32 fmul.s, 0xff7fffff, 0x7f7fffff, rup, 0xff7fffff, 5
    binary32 fmul.s, 0xff7fffff, 0x7f7fffff, rmm, 0xff800000, 5
    binary32_any fmul.s, 0x0, 0xbf800000, 0x80000000, 0
    binary32_any fmul.s, 0x7f800000, 0x0, 0x7fc00000, 16
    binary32_any fmul.s, 0x80000000, 0x7f800000, 0x7fc00000, 16
    binary32_any fmul.s, 0x7f800000, 0xbf800000, 0xff800000, 0
    binary32_any fmul.s, 0x7fc00005, 0x0, 0x7fc00000, 0
    binary32_any fmul.s, 0x7f800001, 0x0, 0x7fc00000, 16

    // Division.
    binary32 fdiv.s, 0x3f800000, 0x40400000, rne, 0x3eaaaaab, 1
    binary32 fdiv.s, 0x3f800000, 0x40400000, rtz, 0x3eaaaaaa, 1
    binary32 fdiv.s, 0x3f800000, 0x40400000, rdn, 0x3eaaaaaa, 1
    binary32 fdiv.s, 0x3f800000, 0x40400000, rup, 0x3eaaaaab, 1
    binary32 fdiv.s, 0x3f800000, 0x40400000, rmm, 0x3eaaaaab, 1
    binary32 fdiv.s, 0xbf800000, 0x40400000, rne, 0xbeaaaaab, 1
    binary32 fdiv.s, 0xbf800000, 0x40400000, rtz, 0xbeaaaaaa, 1
    binary32 fdiv.s, 0xbf800000, 0x40400000, rdn, 0xbeaaaaab, 1
    binary32 fdiv.s, 0xbf800000, 0x40400000, rup, 0xbeaaaaaa, 1
    binary32 fdiv.s, 0xbf800000, 0x40400000, rmm, 0xbeaaaaab, 1
    binary32 fdiv.s, 0x40000000, 0x40400000, rne, 0x3f2aaaab, 1
    binary32 fdiv.s, 0x40000000, 0x40400000, rtz, 0x3f2aaaaa, 1
    binary32 fdiv.s, 0x40000000, 0x40400000, rdn, 0x3f2aaaaa, 1
    binary32 fdiv.s, 0x40000000, 0x40400000, rup, 0x3f2aaaab, 1
    binary32 fdiv.s, 0x40000000, 0x40400000, rmm, 0x3f2aaaab, 1
    binary32 fdiv.s, 0x3f800000, 0x41200000, rne, 0x3dcccccd, 1
    binary32 fdiv.s, 0x3f800000, 0x41200000, rtz, 0x3dcccccc, 1
    binary32 fdiv.s, 0x3f800000, 0x41200000, rdn, 0x3dcccccc, 1
    binary32 fdiv.s, 0x3f800000, 0x41200000, rup, 0x3dcccccd, 1
    binary32 fdiv.s, 0x3f800000, 0x41200000, rmm, 0x3dcccccd, 1
    binary32_any fdiv.s, 0x3f800000, 0x0, 0x7f800000, 8
    binary32_any fdiv.s, 0xbf800000, 0x0, 0xff800000, 8
    binary32_any fdiv.s, 0x0, 0x0, 0x7fc00000, 16
    binary32_any fdiv.s, 0x7f800000, 0x7f800000, 0x7fc00000, 16
    binary32_any fdiv.s, 0x7f800000, 0x0, 0x7f800000, 0
    binary32_any fdiv.s, 0x3f800000, 0x7f800000, 0x0, 0
    binary32_any fdiv.s, 0x80000000, 0x3f800000, 0x80000000, 0
    binary32_any fdiv.s, 0x800000, 0x40000000, 0x400000, 0
    binary32 fdiv.s, 0x1, 0x40000000, rne, 0x0, 3
    binary32 fdiv.s, 0x1, 0x40000000, rtz, 0x0, 3
    binary32 fdiv.s, 0x1, 0x40000000, rdn, 0x0, 3
    binary32 fdiv.s, 0x1, 0x40000000, rup, 0x1, 3
    binary32 fdiv.s, 0x1, 0x40000000, rmm, 0x1, 3
    binary32 fdiv.s, 0x3, 0x40000000, rne, 0x2, 3
    binary32 fdiv.s, 0x3, 0x40000000, rtz, 0x1, 3
    binary32 fdiv.s, 0x3, 0x40000000, rdn, 0x1, 3
    binary32 fdiv.s, 0x3, 0x40000000, rup, 0x2, 3
    binary32 fdiv.s, 0x3, 0x40000000, rmm, 0x2, 3
    binary32 fdiv.s, 0x7f7fffff, 0x3f000000, rne, 0x7f800000, 5
    binary32 fdiv.s, 0x7f7fffff, 0x3f000000, rtz, 0x7f7fffff, 5
    binary32 fdiv.s, 0x7f7fffff, 0x3f000000, rdn, 0x7f7fffff, 5
    binary32 fdiv.s, 0x7f7fffff, 0x3f000000, rup, 0x7f800000, 5
    binary32 fdiv.s, 0x7f7fffff, 0x3f000000, rmm, 0x7f800000, 5
    binary32 fdiv.s, 0x7fffff, 0x3f7fffff, rne, 0x7fffff, 3
    binary32 fdiv.s, 0x7fffff, 0x3f7fffff, rtz, 0x7fffff, 3
    binary32 fdiv.s, 0x7fffff, 0x3f7fffff, rdn, 0x7fffff, 3
    binary32 fdiv.s, 0x7fffff, 0x3f7fffff, rup, 0x800000, 3
    binary32 fdiv.s, 0x7fffff, 0x3f7fffff, rmm, 0x7fffff, 3
    binary32_any fdiv.s, 0x7fc00005, 0x0, 0x7fc00000, 0
    binary32_any fdiv.s, 0x3f800000, 0x7f800001, 0x7fc00000, 16

    // Square root.
    unary32_any fsqrt.s, 0x40800000, 0x40000000, 0
    unary32 fsqrt.s, 0x40000000, rne, 0x3fb504f3, 1
    unary32 fsqrt.s, 0x40000000, rtz, 0x3fb504f3, 1
    unary32 fsqrt.s, 0x40000000, rdn, 0x3fb504f3, 1
    unary32 fsqrt.s, 0x40000000, rup, 0x3fb504f4, 1
    unary32 fsqrt.s, 0x40000000, rmm, 0x3fb504f3, 1
    unary32 fsqrt.s, 0x40400000, rne, 0x3fddb3d7, 1
    unary32 fsqrt.s, 0x40400000, rtz, 0x3fddb3d7, 1
    unary32 fsqrt.s, 0x40400000, rdn, 0x3fddb3d7, 1
    unary32 fsqrt.s, 0x40400000, rup, 0x3fddb3d8, 1
    unary32 fsqrt.s, 0x40400000, rmm, 0x3fddb3d7, 1
    unary32 fsqrt.s, 0x3f7fffff, rne, 0x3f7fffff, 1
    unary32 fsqrt.s, 0x3f7fffff, rtz, 0x3f7fffff, 1
    unary32 fsqrt.s, 0x3f7fffff, rdn, 0x3f7fffff, 1
    unary32 fsqrt.s, 0x3f7fffff, rup, 0x3f800000, 1
    unary32 fsqrt.s, 0x3f7fffff, rmm, 0x3f7fffff, 1
    unary32 fsqrt.s, 0x3f800001, rne, 0x3f800000, 1
    unary32 fsqrt.s, 0x3f800001, rtz, 0x3f800000, 1
    unary32 fsqrt.s, 0x3f800001, rdn, 0x3f800000, 1
    unary32 fsqrt.s, 0x3f800001, rup, 0x3f800001, 1
    unary32 fsqrt.s, 0x3f800001, rmm, 0x3f800000, 1
    unary32 fsqrt.s, 0x1, rne, 0x1a3504f3, 1
    unary32 fsqrt.s, 0x1, rtz, 0x1a3504f3, 1
    unary32 fsqrt.s, 0x1, rdn, 0x1a3504f3, 1
    unary32 fsqrt.s, 0x1, rup, 0x1a3504f4, 1
    unary32 fsqrt.s, 0x1, rmm, 0x1a3504f3, 1
    unary32_any fsqrt.s, 0x800000, 0x20000000, 0
    unary32 fsqrt.s, 0x7f7fffff, rne, 0x5f7fffff, 1
    unary32 fsqrt.s, 0x7f7fffff, rtz, 0x5f7fffff, 1
    unary32 fsqrt.s, 0x7f7fffff, rdn, 0x5f7fffff, 1
    unary32 fsqrt.s, 0x7f7fffff, rup, 0x5f800000, 1
    unary32 fsqrt.s, 0x7f7fffff, rmm, 0x5f7fffff, 1
    unary32_any fsqrt.s, 0x0, 0x0, 0
    unary32_any fsqrt.s, 0x80000000, 0x80000000, 0
    unary32_any fsqrt.s, 0x7f800000, 0x7f800000, 0
    unary32_any fsqrt.s, 0xff800000, 0x7fc00000, 16
    unary32_any fsqrt.s, 0xbf800000, 0x7fc00000, 16
    unary32_any fsqrt.s, 0x80000001, 0x7fc00000, 16
    unary32_any fsqrt.s, 0x7fc00005, 0x7fc00000, 0
    unary32_any fsqrt.s, 0x7f800001, 0x7fc00000, 16

    // Fused: a * b + c, rounded once.
    fused32_any fmadd.s, 0x40000000, 0x40400000, 0x40a00000, 0x41300000, 0
    fused32_any fmadd.s, 0x3f800001, 0x3f800001, 0xbf800002, 0x28800000, 0
    fused32 fmadd.s, 0x3f800001, 0x3f800001, 0x1, rne, 0x3f800002, 1
    fused32 fmadd.s, 0x3f800001, 0x3f800001, 0x1, rtz, 0x3f800002, 1
    fused32 fmadd.s, 0x3f800001, 0x3f800001, 0x1, rdn, 0x3f800002, 1
    fused32 fmadd.s, 0x3f800001, 0x3f800001, 0x1, rup, 0x3f800003, 1
    fused32 fmadd.s, 0x3f800001, 0x3f800001, 0x1, rmm, 0x3f800002, 1
    fused32_any fmadd.s, 0x3f800000, 0x3f800000, 0x3f800000, 0x40000000, 0
    fused32 fmadd.s, 0x3f800000, 0x3f800000, 0xbf800000, rne, 0x0, 0
    fused32 fmadd.s, 0x3f800000, 0x3f800000, 0xbf800000, rtz, 0x0, 0
    fused32 fmadd.s, 0x3f800000, 0x3f800000, 0xbf800000, rdn, 0x80000000, 0
    fused32 fmadd.s, 0x3f800000, 0x3f800000, 0xbf800000, rup, 0x0, 0
    fused32 fmadd.s, 0x3f800000, 0x3f800000, 0xbf800000, rmm, 0x0, 0
    fused32_any fmadd.s, 0x0, 0x3f800000, 0x0, 0x0, 0
    fused32 fmadd.s, 0x0, 0x3f800000, 0x80000000, rne, 0x0, 0
    fused32 fmadd.s, 0x0, 0x3f800000, 0x80000000, rtz, 0x0, 0
    fused32 fmadd.s, 0x0, 0x3f800000, 0x80000000, rdn, 0x80000000, 0
    fused32 fmadd.s, 0x0, 0x3f800000, 0x80000000, rup, 0x0, 0
    fused32 fmadd.s, 0x0, 0x3f800000, 0x80000000, rmm, 0x0, 0
    fused32 fmadd.s, 0x80000000, 0x3f800000, 0x0, rne, 0x0, 0
    fused32 fmadd.s, 0x80000000, 0x3f800000, 0x0, rtz, 0x0, 0
    fused32 fmadd.s, 0x80000000, 0x3f800000, 0x0, rdn, 0x80000000, 0
    fused32 fmadd.s, 0x80000000, 0x3f800000, 0x0, rup, 0x0, 0
    fused32 fmadd.s, 0x80000000, 0x3f800000, 0x0, rmm, 0x0, 0
    fused32_any fmadd.s, 0x7f7fffff, 0x40000000, 0xff7fffff, 0x7f7fffff, 0
    fused32 fmadd.s, 0x7f7fffff, 0x40000000, 0x7f7fffff, rne, 0x7f800000, 5
    fused32 fmadd.s, 0x7f7fffff, 0x40000000, 0x7f7fffff, rtz, 0x7f7fffff, 5
    fused32 fmadd.s, 0x7f7fffff, 0x40000000, 0x7f7fffff, rdn, 0x7f7fffff, 5
    fused32 fmadd.s, 0x7f7fffff, 0x40000000, 0x7f7fffff, rup, 0x7f800000, 5
    fused32 fmadd.s, 0x7f7fffff, 0x40000000, 0x7f7fffff, rmm, 0x7f800000, 5
    fused32 fmadd.s, 0x1, 0x1, 0x800000, rne, 0x800000, 1
    fused32 fmadd.s, 0x1, 0x1, 0x800000, rtz, 0x800000, 1
    fused32 fmadd.s, 0x1, 0x1, 0x800000, rdn, 0x800000, 1
    fused32 fmadd.s, 0x1, 0x1, 0x800000, rup, 0x800001, 1
    fused32 fmadd.s, 0x1, 0x1, 0x800000, rmm, 0x800000, 1
    fused32 fmadd.s, 0x3f7fffff, 0x800000, 0x80000000, rne, 0x800000, 3
    fused32 fmadd.s, 0x3f7fffff, 0x800000, 0x80000000, rtz, 0x7fffff, 3
    fused32 fmadd.s, 0x3f7fffff, 0x800000, 0x80000000, rdn, 0x7fffff, 3
    fused32 fmadd.s, 0x3f7fffff, 0x800000, 0x80000000, rup, 0x800000, 3
    fused32 fmadd.s, 0x3f7fffff, 0x800000, 0x80000000, rmm, 0x800000, 3
    fused32 fmadd.s, 0x1, 0x3f000000, 0x1, rne, 0x2, 3
    fused32 fmadd.s, 0x1, 0x3f000000, 0x1, rtz, 0x1, 3
    fused32 fmadd.s, 0x1, 0x3f000000, 0x1, rdn, 0x1, 3
    fused32 fmadd.s, 0x1, 0x3f000000, 0x1, rup, 0x2, 3
    fused32 fmadd.s, 0x1, 0x3f000000, 0x1, rmm, 0x2, 3
    fused32_any fmadd.s, 0x7f800000, 0x0, 0x3f800000, 0x7fc00000, 16
    fused32_any fmadd.s, 0x0, 0x7f800000, 0x7fc00005, 0x7fc00000, 16
    fused32_any fmadd.s, 0x7f800000, 0x0, 0x7f800001, 0x7fc00000, 16
    fused32_any fmadd.s, 0x7f800000, 0x3f800000, 0x7f800000, 0x7f800000, 0
    fused32_any fmadd.s, 0x7f800000, 0x3f800000, 0xff800000, 0x7fc00000, 16
    fused32_any fmadd.s, 0x3f800000, 0x3f800000, 0x7f800001, 0x7fc00000, 16
    fused32_any fmadd.s, 0x7fc00005, 0x3f800000, 0x3f800000, 0x7fc00000, 0

    // Fused: a * b - c, rounded once.
    fused32_any fmsub.s, 0x40000000, 0x40400000, 0x40a00000, 0x3f800000, 0
    fused32 fmsub.s, 0x3f800001, 0x3f800001, 0xbf800002, rne, 0x40000002, 1
    fused32 fmsub.s, 0x3f800001, 0x3f800001, 0xbf800002, rtz, 0x40000002, 1
    fused32 fmsub.s, 0x3f800001, 0x3f800001, 0xbf800002, rdn, 0x40000002, 1
    fused32 fmsub.s, 0x3f800001, 0x3f800001, 0xbf800002, rup, 0x40000003, 1
    fused32 fmsub.s, 0x3f800001, 0x3f800001, 0xbf800002, rmm, 0x40000002, 1
    fused32 fmsub.s, 0x3f800001, 0x3f800001, 0x1, rne, 0x3f800002, 1
    fused32 fmsub.s, 0x3f800001, 0x3f800001, 0x1, rtz, 0x3f800002, 1
    fused32 fmsub.s, 0x3f800001, 0x3f800001, 0x1, rdn, 0x3f800002, 1
    fused32 fmsub.s, 0x3f800001, 0x3f800001, 0x1, rup, 0x3f800003, 1
    fused32 fmsub.s, 0x3f800001, 0x3f800001, 0x1, rmm, 0x3f800002, 1
    fused32 fmsub.s, 0x3f800000, 0x3f800000, 0x3f800000, rne, 0x0, 0
    fused32 fmsub.s, 0x3f800000, 0x3f800000, 0x3f800000, rtz, 0x0, 0
    fused32 fmsub.s, 0x3f800000, 0x3f800000, 0x3f800000, rdn, 0x80000000, 0
    fused32 fmsub.s, 0x3f800000, 0x3f800000, 0x3f800000, rup, 0x0, 0
    fused32 fmsub.s, 0x3f800000, 0x3f800000, 0x3f800000, rmm, 0x0, 0
    fused32_any fmsub.s, 0x3f800000, 0x3f800000, 0xbf800000, 0x40000000, 0
    fused32 fmsub.s, 0x0, 0x3f800000, 0x0, rne, 0x0, 0
    fused32 fmsub.s, 0x0, 0x3f800000, 0x0, rtz, 0x0, 0
    fused32 fmsub.s, 0x0, 0x3f800000, 0x0, rdn, 0x80000000, 0
    fused32 fmsub.s, 0x0, 0x3f800000, 0x0, rup, 0x0, 0
    fused32 fmsub.s, 0x0, 0x3f800000, 0x0, rmm, 0x0, 0
    fused32_any fmsub.s, 0x0, 0x3f800000, 0x80000000, 0x0, 0
    fused32_any fmsub.s, 0x80000000, 0x3f800000, 0x0, 0x80000000, 0
    fused32 fmsub.s, 0x7f7fffff, 0x40000000, 0xff7fffff, rne, 0x7f800000, 5
    fused32 fmsub.s, 0x7f7fffff, 0x40000000, 0xff7fffff, rtz, 0x7f7fffff, 5
    fused32 fmsub.s, 0x7f7fffff, 0x40000000, 0xff7fffff, rdn, 0x7f7fffff, 5
    fused32 fmsub.s, 0x7f7fffff, 0x40000000, 0xff7fffff, rup, 0x7f800000, 5
    fused32 fmsub.s, 0x7f7fffff, 0x40000000, 0xff7fffff, rmm, 0x7f800000, 5
    fused32_any fmsub.s, 0x7f7fffff, 0x40000000, 0x7f7fffff, 0x7f7fffff, 0
    fused32 fmsub.s, 0x1, 0x1, 0x800000, rne, 0x80800000, 1
    fused32 fmsub.s, 0x1, 0x1, 0x800000, rtz, 0x807fffff, 3
    fused32 fmsub.s, 0x1, 0x1, 0x800000, rdn, 0x80800000, 1
    fused32 fmsub.s, 0x1, 0x1, 0x800000, rup, 0x807fffff, 3
    fused32 fmsub.s, 0x1, 0x1, 0x800000, rmm, 0x80800000, 1
    fused32 fmsub.s, 0x3f7fffff, 0x800000, 0x80000000, rne, 0x800000, 3
    fused32 fmsub.s, 0x3f7fffff, 0x800000, 0x80000000, rtz, 0x7fffff, 3
    fused32 fmsub.s, 0x3f7fffff, 0x800000, 0x80000000, rdn, 0x7fffff, 3
    fused32 fmsub.s, 0x3f7fffff, 0x800000, 0x80000000, rup, 0x800000, 3
    fused32 fmsub.s, 0x3f7fffff, 0x800000, 0x80000000, rmm, 0x800000, 3
    fused32 fmsub.s, 0x1, 0x3f000000, 0x1, rne, 0x80000000, 3
    fused32 fmsub.s, 0x1, 0x3f000000, 0x1, rtz, 0x80000000, 3
    fused32 fmsub.s, 0x1, 0x3f000000, 0x1, rdn, 0x80000001, 3
    fused32 fmsub.s, 0x1, 0x3f000000, 0x1, rup, 0x80000000, 3
    fused32 fmsub.s, 0x1, 0x3f000000, 0x1, rmm, 0x80000001, 3
    fused32_any fmsub.s, 0x7f800000, 0x0, 0x3f800000, 0x7fc00000, 16
    fused32_any fmsub.s, 0x0, 0x7f800000, 0x7fc00005, 0x7fc00000, 16
    fused32_any fmsub.s, 0x7f800000, 0x0, 0x7f800001, 0x7fc00000, 16
    fused32_any fmsub.s, 0x7f800000, 0x3f800000, 0x7f800000, 0x7fc00000, 16
    fused32_any fmsub.s, 0x7f800000, 0x3f800000, 0xff800000, 0x7f800000, 0
    fused32_any fmsub.s, 0x3f800000, 0x3f800000, 0x7f800001, 0x7fc00000, 16
    fused32_any fmsub.s, 0x7fc00005, 0x3f800000, 0x3f800000, 0x7fc00000, 0

    // Fused: -(a * b) + c, rounded once.
    fused32_any fnmsub.s, 0x40000000, 0x40400000, 0x40a00000, 0xbf800000, 0
    fused32 fnmsub.s, 0x3f800001, 0x3f800001, 0xbf800002, rne, 0xc0000002, 1
    fused32 fnmsub.s, 0x3f800001, 0x3f800001, 0xbf800002, rtz, 0xc0000002, 1
    fused32 fnmsub.s, 0x3f800001, 0x3f800001, 0xbf800002, rdn, 0xc0000003, 1
    fused32 fnmsub.s, 0x3f800001, 0x3f800001, 0xbf800002, rup, 0xc0000002, 1
    fused32 fnmsub.s, 0x3f800001, 0x3f800001, 0xbf800002, rmm, 0xc0000002, 1
    fused32 fnmsub.s, 0x3f800001, 0x3f800001, 0x1, rne, 0xbf800002, 1
    fused32 fnmsub.s, 0x3f800001, 0x3f800001, 0x1, rtz, 0xbf800002, 1
    fused32 fnmsub.s, 0x3f800001, 0x3f800001, 0x1, rdn, 0xbf800003, 1
    fused32 fnmsub.s, 0x3f800001, 0x3f800001, 0x1, rup, 0xbf800002, 1
    fused32 fnmsub.s, 0x3f800001, 0x3f800001, 0x1, rmm, 0xbf800002, 1
    fused32 fnmsub.s, 0x3f800000, 0x3f800000, 0x3f800000, rne, 0x0, 0
    fused32 fnmsub.s, 0x3f800000, 0x3f800000, 0x3f800000, rtz, 0x0, 0
    fused32 fnmsub.s, 0x3f800000, 0x3f800000, 0x3f800000, rdn, 0x80000000, 0
    fused32 fnmsub.s, 0x3f800000, 0x3f800000, 0x3f800000, rup, 0x0, 0
    fused32 fnmsub.s, 0x3f800000, 0x3f800000, 0x3f800000, rmm, 0x0, 0
    fused32_any fnmsub.s, 0x3f800000, 0x3f800000, 0xbf800000, 0xc0000000, 0
    fused32 fnmsub.s, 0x0, 0x3f800000, 0x0, rne, 0x0, 0
    fused32 fnmsub.s, 0x0, 0x3f800000, 0x0, rtz, 0x0, 0
    fused32 fnmsub.s, 0x0, 0x3f800000, 0x0, rdn, 0x80000000, 0
    fused32 fnmsub.s, 0x0, 0x3f800000, 0x0, rup, 0x0, 0
    fused32 fnmsub.s, 0x0, 0x3f800000, 0x0, rmm, 0x0, 0
    fused32_any fnmsub.s, 0x0, 0x3f800000, 0x80000000, 0x80000000, 0
    fused32_any fnmsub.s, 0x80000000, 0x3f800000, 0x0, 0x0, 0
    fused32 fnmsub.s, 0x7f7fffff, 0x40000000, 0xff7fffff, rne, 0xff800000, 5
    fused32 fnmsub.s, 0x7f7fffff, 0x40000000, 0xff7fffff, rtz, 0xff7fffff, 5
    fused32 fnmsub.s, 0x7f7fffff, 0x40000000, 0xff7fffff, rdn, 0xff800000, 5
    fused32 fnmsub.s, 0x7f7fffff, 0x40000000, 0xff7fffff, rup, 0xff7fffff, 5
    fused32 fnmsub.s, 0x7f7fffff, 0x40000000, 0xff7fffff, rmm, 0xff800000, 5
    fused32_any fnmsub.s, 0x7f7fffff, 0x40000000, 0x7f7fffff, 0xff7fffff, 0
    fused32 fnmsub.s, 0x1, 0x1, 0x800000, rne, 0x800000, 1
    fused32 fnmsub.s, 0x1, 0x1, 0x800000, rtz, 0x7fffff, 3
    fused32 fnmsub.s, 0x1, 0x1, 0x800000, rdn, 0x7fffff, 3
    fused32 fnmsub.s, 0x1, 0x1, 0x800000, rup, 0x800000, 1
    fused32 fnmsub.s, 0x1, 0x1, 0x800000, rmm, 0x800000, 1
    fused32 fnmsub.s, 0x3f7fffff, 0x800000, 0x80000000, rne, 0x80800000, 3
    fused32 fnmsub.s, 0x3f7fffff, 0x800000, 0x80000000, rtz, 0x807fffff, 3
    fused32 fnmsub.s, 0x3f7fffff, 0x800000, 0x80000000, rdn, 0x80800000, 3
    fused32 fnmsub.s, 0x3f7fffff, 0x800000, 0x80000000, rup, 0x807fffff, 3
    fused32 fnmsub.s, 0x3f7fffff, 0x800000, 0x80000000, rmm, 0x80800000, 3
    fused32 fnmsub.s, 0x1, 0x3f000000, 0x1, rne, 0x0, 3
    fused32 fnmsub.s, 0x1, 0x3f000000, 0x1, rtz, 0x0, 3
    fused32 fnmsub.s, 0x1, 0x3f000000, 0x1, rdn, 0x0, 3
    fused32 fnmsub.s, 0x1, 0x3f000000, 0x1, rup, 0x1, 3
    fused32 fnmsub.s, 0x1, 0x3f000000, 0x1, rmm, 0x1, 3
    fused32_any fnmsub.s, 0x7f800000, 0x0, 0x3f800000, 0x7fc00000, 16
    fused32_any fnmsub.s, 0x0, 0x7f800000, 0x7fc00005, 0x7fc00000, 16
    fused32_any fnmsub.s, 0x7f800000, 0x0, 0x7f800001, 0x7fc00000, 16
    fused32_any fnmsub.s, 0x7f800000, 0x3f800000, 0x7f800000, 0x7fc00000, 16
    fused32_any fnmsub.s, 0x7f800000, 0x3f800000, 0xff800000, 0xff800000, 0
    fused32_any fnmsub.s, 0x3f800000, 0x3f800000, 0x7f800001, 0x7fc00000, 16
    fused32_any fnmsub.s, 0x7fc00005, 0x3f800000, 0x3f800000, 0x7fc00000, 0

    // Fused: -(a * b) - c, rounded once.
    fused32_any fnmadd.s, 0x40000000, 0x40400000, 0x40a00000, 0xc1300000, 0
    fused32_any fnmadd.s, 0x3f800001, 0x3f800001, 0xbf800002, 0xa8800000, 0
    fused32 fnmadd.s, 0x3f800001, 0x3f800001, 0x1, rne, 0xbf800002, 1
    fused32 fnmadd.s, 0x3f800001, 0x3f800001, 0x1, rtz, 0xbf800002, 1
    fused32 fnmadd.s, 0x3f800001, 0x3f800001, 0x1, rdn, 0xbf800003, 1
    fused32 fnmadd.s, 0x3f800001, 0x3f800001, 0x1, rup, 0xbf800002, 1
    fused32 fnmadd.s, 0x3f800001, 0x3f800001, 0x1, rmm, 0xbf800002, 1
    fused32_any fnmadd.s, 0x3f800000, 0x3f800000, 0x3f800000, 0xc0000000, 0
    fused32 fnmadd.s, 0x3f800000, 0x3f800000, 0xbf800000, rne, 0x0, 0
    fused32 fnmadd.s, 0x3f800000, 0x3f800000, 0xbf800000, rtz, 0x0, 0
    fused32 fnmadd.s, 0x3f800000, 0x3f800000, 0xbf800000, rdn, 0x80000000, 0
    fused32 fnmadd.s, 0x3f800000, 0x3f800000, 0xbf800000, rup, 0x0, 0
    fused32 fnmadd.s, 0x3f800000, 0x3f800000, 0xbf800000, rmm, 0x0, 0
    fused32_any fnmadd.s, 0x0, 0x3f800000, 0x0, 0x80000000, 0
    fused32 fnmadd.s, 0x0, 0x3f800000, 0x80000000, rne, 0x0, 0
    fused32 fnmadd.s, 0x0, 0x3f800000, 0x80000000, rtz, 0x0, 0
    fused32 fnmadd.s, 0x0, 0x3f800000, 0x80000000, rdn, 0x80000000, 0
    fused32 fnmadd.s, 0x0, 0x3f800000, 0x80000000, rup, 0x0, 0
    fused32 fnmadd.s, 0x0, 0x3f800000, 0x80000000, rmm, 0x0, 0
    fused32 fnmadd.s, 0x80000000, 0x3f800000, 0x0, rne, 0x0, 0
    fused32 fnmadd.s, 0x80000000, 0x3f800000, 0x0, rtz, 0x0, 0
    fused32 fnmadd.s, 0x80000000, 0x3f800000, 0x0, rdn, 0x80000000, 0
    fused32 fnmadd.s, 0x80000000, 0x3f800000, 0x0, rup, 0x0, 0
    fused32 fnmadd.s, 0x80000000, 0x3f800000, 0x0, rmm, 0x0, 0
    fused32_any fnmadd.s, 0x7f7fffff, 0x40000000, 0xff7fffff, 0xff7fffff, 0
    fused32 fnmadd.s, 0x7f7fffff, 0x40000000, 0x7f7fffff, rne, 0xff800000, 5
    fused32 fnmadd.s, 0x7f7fffff, 0x40000000, 0x7f7fffff, rtz, 0xff7fffff, 5
    fused32 fnmadd.s, 0x7f7fffff, 0x40000000, 0x7f7fffff, rdn, 0xff800000, 5
    fused32 fnmadd.s, 0x7f7fffff, 0x40000000, 0x7f7fffff, rup, 0xff7fffff, 5
    fused32 fnmadd.s, 0x7f7fffff, 0x40000000, 0x7f7fffff, rmm, 0xff800000, 5
    fused32 fnmadd.s, 0x1, 0x1, 0x800000, rne, 0x80800000, 1
    fused32 fnmadd.s, 0x1, 0x1, 0x800000, rtz, 0x80800000, 1
    fused32 fnmadd.s, 0x1, 0x1, 0x800000, rdn, 0x80800001, 1
    fused32 fnmadd.s, 0x1, 0x1, 0x800000, rup, 0x80800000, 1
    fused32 fnmadd.s, 0x1, 0x1, 0x800000, rmm, 0x80800000, 1
    fused32 fnmadd.s, 0x3f7fffff, 0x800000, 0x80000000, rne, 0x80800000, 3
    fused32 fnmadd.s, 0x3f7fffff, 0x800000, 0x80000000, rtz, 0x807fffff, 3
    fused32 fnmadd.s, 0x3f7fffff, 0x800000, 0x80000000, rdn, 0x80800000, 3
    fused32 fnmadd.s, 0x3f7fffff, 0x800000, 0x80000000, rup, 0x807fffff, 3
    fused32 fnmadd.s, 0x3f7fffff, 0x800000, 0x80000000, rmm, 0x80800000, 3
    fused32 fnmadd.s, 0x1, 0x3f000000, 0x1, rne, 0x80000002, 3
    fused32 fnmadd.s, 0x1, 0x3f000000, 0x1, rtz, 0x80000001, 3
    fused32 fnmadd.s, 0x1, 0x3f000000, 0x1, rdn, 0x80000002, 3
    fused32 fnmadd.s, 0x1, 0x3f000000, 0x1, rup, 0x80000001, 3
    fused32 fnmadd.s, 0x1, 0x3f000000, 0x1, rmm, 0x80000002, 3
    fused32_any fnmadd.s, 0x7f800000, 0x0, 0x3f800000, 0x7fc00000, 16
    fused32_any fnmadd.s, 0x0, 0x7f800000, 0x7fc00005, 0x7fc00000, 16
    fused32_any fnmadd.s, 0x7f800000, 0x0, 0x7f800001, 0x7fc00000, 16
    fused32_any fnmadd.s, 0x7f800000, 0x3f800000, 0x7f800000, 0xff800000, 0
    fused32_any fnmadd.s, 0x7f800000, 0x3f800000, 0xff800000, 0x7fc00000, 16
    fused32_any fnmadd.s, 0x3f800000, 0x3f800000, 0x7f800001, 0x7fc00000, 16
    fused32_any fnmadd.s, 0x7fc00005, 0x3f800000, 0x3f800000, 0x7fc00000, 0

    // Minimum and maximum: -0 is less than +0, NaNs give way, only signalling ones are invalid.
    quiet32 fmin.s, 0x3f800000, 0x40000000, 0x3f800000, 0
    quiet32 fmax.s, 0x3f800000, 0x40000000, 0x40000000, 0
    quiet32 fmin.s, 0x40000000, 0x3f800000, 0x3f800000, 0
    quiet32 fmax.s, 0x40000000, 0x3f800000, 0x40000000, 0
    quiet32 fmin.s, 0xbf800000, 0x3f800000, 0xbf800000, 0
    quiet32 fmax.s, 0xbf800000, 0x3f800000, 0x3f800000, 0
    quiet32 fmin.s, 0xbf800000, 0xc0000000, 0xc0000000, 0
    quiet32 fmax.s, 0xbf800000, 0xc0000000, 0xbf800000, 0
    quiet32 fmin.s, 0x0, 0x80000000, 0x80000000, 0
    quiet32 fmax.s, 0x0, 0x80000000, 0x0, 0
    quiet32 fmin.s, 0x80000000, 0x0, 0x80000000, 0
    quiet32 fmax.s, 0x80000000, 0x0, 0x0, 0
    quiet32 fmin.s, 0x7f800000, 0xff800000, 0xff800000, 0
    quiet32 fmax.s, 0x7f800000, 0xff800000, 0x7f800000, 0
    quiet32 fmin.s, 0x1, 0x800000, 0x1, 0
    quiet32 fmax.s, 0x1, 0x800000, 0x800000, 0
    quiet32 fmin.s, 0x7fc00005, 0x3f800000, 0x3f800000, 0
    quiet32 fmax.s, 0x7fc00005, 0x3f800000, 0x3f800000, 0
    quiet32 fmin.s, 0x3f800000, 0x7fc00005, 0x3f800000, 0
    quiet32 fmax.s, 0x3f800000, 0x7fc00005, 0x3f800000, 0
    quiet32 fmin.s, 0x7f800001, 0x3f800000, 0x3f800000, 16
    quiet32 fmax.s, 0x7f800001, 0x3f800000, 0x3f800000, 16
    quiet32 fmin.s, 0x3f800000, 0x7f800001, 0x3f800000, 16
    quiet32 fmax.s, 0x3f800000, 0x7f800001, 0x3f800000, 16
    quiet32 fmin.s, 0x7fc00005, 0x7fc00005, 0x7fc00000, 0
    quiet32 fmax.s, 0x7fc00005, 0x7fc00005, 0x7fc00000, 0
    quiet32 fmin.s, 0x7f800001, 0x7fc00005, 0x7fc00000, 16
    quiet32 fmax.s, 0x7f800001, 0x7fc00005, 0x7fc00000, 16
    quiet32 fmin.s, 0xffc00005, 0xff800001, 0x7fc00000, 16
    quiet32 fmax.s, 0xffc00005, 0xff800001, 0x7fc00000, 16

    // Comparisons: feq is invalid for signalling NaNs, the others for all.
    compare32 feq.s, 0x3f800000, 0x40000000, 0, 0
    compare32 flt.s, 0x3f800000, 0x40000000, 1, 0
    compare32 fle.s, 0x3f800000, 0x40000000, 1, 0
    compare32 feq.s, 0x40000000, 0x3f800000, 0, 0
    compare32 flt.s, 0x40000000, 0x3f800000, 0, 0
    compare32 fle.s, 0x40000000, 0x3f800000, 0, 0
    compare32 feq.s, 0xbf800000, 0x3f800000, 0, 0
    compare32 flt.s, 0xbf800000, 0x3f800000, 1, 0
    compare32 fle.s, 0xbf800000, 0x3f800000, 1, 0
    compare32 feq.s, 0xbf800000, 0xc0000000, 0, 0
    compare32 flt.s, 0xbf800000, 0xc0000000, 0, 0
    compare32 fle.s, 0xbf800000, 0xc0000000, 0, 0
    compare32 feq.s, 0x0, 0x80000000, 1, 0
    compare32 flt.s, 0x0, 0x80000000, 0, 0
    compare32 fle.s, 0x0, 0x80000000, 1, 0
    compare32 feq.s, 0x80000000, 0x0, 1, 0
    compare32 flt.s, 0x80000000, 0x0, 0, 0
    compare32 fle.s, 0x80000000, 0x0, 1, 0
    compare32 feq.s, 0x7f800000, 0xff800000, 0, 0
    compare32 flt.s, 0x7f800000, 0xff800000, 0, 0
    compare32 fle.s, 0x7f800000, 0xff800000, 0, 0
    compare32 feq.s, 0x1, 0x800000, 0, 0
    compare32 flt.s, 0x1, 0x800000, 1, 0
    compare32 fle.s, 0x1, 0x800000, 1, 0
    compare32 feq.s, 0x7fc00005, 0x3f800000, 0, 0
    compare32 flt.s, 0x7fc00005, 0x3f800000, 0, 16
    compare32 fle.s, 0x7fc00005, 0x3f800000, 0, 16
    compare32 feq.s, 0x3f800000, 0x7fc00005, 0, 0
    compare32 flt.s, 0x3f800000, 0x7fc00005, 0, 16
    compare32 fle.s, 0x3f800000, 0x7fc00005, 0, 16
    compare32 feq.s, 0x7f800001, 0x3f800000, 0, 16
    compare32 flt.s, 0x7f800001, 0x3f800000, 0, 16
    compare32 fle.s, 0x7f800001, 0x3f800000, 0, 16
    compare32 feq.s, 0x3f800000, 0x7f800001, 0, 16
    compare32 flt.s, 0x3f800000, 0x7f800001, 0, 16
    compare32 fle.s, 0x3f800000, 0x7f800001, 0, 16
    compare32 feq.s, 0x7fc00005, 0x7fc00005, 0, 0
    compare32 flt.s, 0x7fc00005, 0x7fc00005, 0, 16
    compare32 fle.s, 0x7fc00005, 0x7fc00005, 0, 16
    compare32 feq.s, 0x7f800001, 0x7fc00005, 0, 16
    compare32 flt.s, 0x7f800001, 0x7fc00005, 0, 16
    compare32 fle.s, 0x7f800001, 0x7fc00005, 0, 16
    compare32 feq.s, 0xffc00005, 0xff800001, 0, 16
    compare32 flt.s, 0xffc00005, 0xff800001, 0, 16
    compare32 fle.s, 0xffc00005, 0xff800001, 0, 16
    compare32 feq.s, 0x3f800000, 0x3f800000, 1, 0
    compare32 flt.s, 0x3f800000, 0x3f800000, 0, 0
    compare32 fle.s, 0x3f800000, 0x3f800000, 1, 0

    // Signs: bits alone count, also those of NaNs.
    quiet32 fsgnj.s, 0x3f800000, 0x80000000, 0xbf800000, 0
    quiet32 fsgnjn.s, 0x3f800000, 0x80000000, 0x3f800000, 0
    quiet32 fsgnjx.s, 0x3f800000, 0x80000000, 0xbf800000, 0
    quiet32 fsgnj.s, 0xbf800000, 0x80000000, 0xbf800000, 0
    quiet32 fsgnjn.s, 0xbf800000, 0x80000000, 0x3f800000, 0
    quiet32 fsgnjx.s, 0xbf800000, 0x80000000, 0x3f800000, 0
    quiet32 fsgnj.s, 0xbf800000, 0x0, 0x3f800000, 0
    quiet32 fsgnjn.s, 0xbf800000, 0x0, 0xbf800000, 0
    quiet32 fsgnjx.s, 0xbf800000, 0x0, 0xbf800000, 0
    quiet32 fsgnj.s, 0x7f800001, 0xbf800000, 0xff800001, 0
    quiet32 fsgnjn.s, 0x7f800001, 0xbf800000, 0x7f800001, 0
    quiet32 fsgnjx.s, 0x7f800001, 0xbf800000, 0xff800001, 0
    quiet32 fsgnj.s, 0xffc00005, 0x3f800000, 0x7fc00005, 0
    quiet32 fsgnjn.s, 0xffc00005, 0x3f800000, 0xffc00005, 0
    quiet32 fsgnjx.s, 0xffc00005, 0x3f800000, 0xffc00005, 0
    quiet32 fsgnj.s, 0x7f800000, 0xffc00005, 0xff800000, 0
    quiet32 fsgnjn.s, 0x7f800000, 0xffc00005, 0x7f800000, 0
    quiet32 fsgnjx.s, 0x7f800000, 0xffc00005, 0xff800000, 0

    // Classes.
    tointeger32_quiet fclass.s, 0xff800000, 0x1, 0
    tointeger32_quiet fclass.s, 0xbf800000, 0x2, 0
    tointeger32_quiet fclass.s, 0xff7fffff, 0x2, 0
    tointeger32_quiet fclass.s, 0x80800000, 0x2, 0
    tointeger32_quiet fclass.s, 0x807fffff, 0x4, 0
    tointeger32_quiet fclass.s, 0x80000001, 0x4, 0
    tointeger32_quiet fclass.s, 0x80000000, 0x8, 0
    tointeger32_quiet fclass.s, 0x0, 0x10, 0
    tointeger32_quiet fclass.s, 0x1, 0x20, 0
    tointeger32_quiet fclass.s, 0x7fffff, 0x20, 0
    tointeger32_quiet fclass.s, 0x800000, 0x40, 0
    tointeger32_quiet fclass.s, 0x7f7fffff, 0x40, 0
    tointeger32_quiet fclass.s, 0x7f800000, 0x80, 0
    tointeger32_quiet fclass.s, 0x7f800001, 0x100, 0
    tointeger32_quiet fclass.s, 0xff800001, 0x100, 0
    tointeger32_quiet fclass.s, 0x7fc00005, 0x200, 0
    tointeger32_quiet fclass.s, 0xffc00005, 0x200, 0

    // To integers: saturating, invalid rather than inexact.
    tointeger32_any fcvt.w.s, 0x0, 0x0, 0
    tointeger32_any fcvt.w.s, 0x80000000, 0x0, 0
    tointeger32_any fcvt.w.s, 0x3f800000, 0x1, 0
    tointeger32_any fcvt.w.s, 0xbf800000, 0xffffffffffffffff, 0
    tointeger32 fcvt.w.s, 0x3f000000, rne, 0x0, 1
    tointeger32 fcvt.w.s, 0x3f000000, rtz, 0x0, 1
    tointeger32 fcvt.w.s, 0x3f000000, rdn, 0x0, 1
    tointeger32 fcvt.w.s, 0x3f000000, rup, 0x1, 1
    tointeger32 fcvt.w.s, 0x3f000000, rmm, 0x1, 1
    tointeger32 fcvt.w.s, 0xbf000000, rne, 0x0, 1
    tointeger32 fcvt.w.s, 0xbf000000, rtz, 0x0, 1
    tointeger32 fcvt.w.s, 0xbf000000, rdn, 0xffffffffffffffff, 1
    tointeger32 fcvt.w.s, 0xbf000000, rup, 0x0, 1
    tointeger32 fcvt.w.s, 0xbf000000, rmm, 0xffffffffffffffff, 1
    tointeger32 fcvt.w.s, 0x3fc00000, rne, 0x2, 1
    tointeger32 fcvt.w.s, 0x3fc00000, rtz, 0x1, 1
    tointeger32 fcvt.w.s, 0x3fc00000, rdn, 0x1, 1
    tointeger32 fcvt.w.s, 0x3fc00000, rup, 0x2, 1
    tointeger32 fcvt.w.s, 0x3fc00000, rmm, 0x2, 1
    tointeger32 fcvt.w.s, 0xbfc00000, rne, 0xfffffffffffffffe, 1
    tointeger32 fcvt.w.s, 0xbfc00000, rtz, 0xffffffffffffffff, 1
    tointeger32 fcvt.w.s, 0xbfc00000, rdn, 0xfffffffffffffffe, 1
    tointeger32 fcvt.w.s, 0xbfc00000, rup, 0xffffffffffffffff, 1
    tointeger32 fcvt.w.s, 0xbfc00000, rmm, 0xfffffffffffffffe, 1
    tointeger32 fcvt.w.s, 0x40200000, rne, 0x2, 1
    tointeger32 fcvt.w.s, 0x40200000, rtz, 0x2, 1
    tointeger32 fcvt.w.s, 0x40200000, rdn, 0x2, 1
    tointeger32 fcvt.w.s, 0x40200000, rup, 0x3, 1
    tointeger32 fcvt.w.s, 0x40200000, rmm, 0x3, 1
    tointeger32 fcvt.w.s, 0xbf600000, rne, 0xffffffffffffffff, 1
    tointeger32 fcvt.w.s, 0xbf600000, rtz, 0x0, 1
    tointeger32 fcvt.w.s, 0xbf600000, rdn, 0xffffffffffffffff, 1
    tointeger32 fcvt.w.s, 0xbf600000, rup, 0x0, 1
    tointeger32 fcvt.w.s, 0xbf600000, rmm, 0xffffffffffffffff, 1
    tointeger32 fcvt.w.s, 0x1, rne, 0x0, 1
    tointeger32 fcvt.w.s, 0x1, rtz, 0x0, 1
    tointeger32 fcvt.w.s, 0x1, rdn, 0x0, 1
    tointeger32 fcvt.w.s, 0x1, rup, 0x1, 1
    tointeger32 fcvt.w.s, 0x1, rmm, 0x0, 1
    tointeger32 fcvt.w.s, 0x80000001, rne, 0x0, 1
    tointeger32 fcvt.w.s, 0x80000001, rtz, 0x0, 1
    tointeger32 fcvt.w.s, 0x80000001, rdn, 0xffffffffffffffff, 1
    tointeger32 fcvt.w.s, 0x80000001, rup, 0x0, 1
    tointeger32 fcvt.w.s, 0x80000001, rmm, 0x0, 1
    tointeger32_any fcvt.w.s, 0x7f800000, 0x7fffffff, 16
    tointeger32_any fcvt.w.s, 0xff800000, 0xffffffff80000000, 16
    tointeger32_any fcvt.w.s, 0x7fc00005, 0x7fffffff, 16
    tointeger32_any fcvt.w.s, 0xffc00005, 0x7fffffff, 16
    tointeger32_any fcvt.w.s, 0x7f800001, 0x7fffffff, 16
    tointeger32_any fcvt.w.s, 0x4f000000, 0x7fffffff, 16
    tointeger32_any fcvt.w.s, 0x4effffff, 0x7fffff80, 0
    tointeger32_any fcvt.w.s, 0xcf000000, 0xffffffff80000000, 0
    tointeger32_any fcvt.w.s, 0xcf000001, 0xffffffff80000000, 16
    tointeger32_any fcvt.w.s, 0x4f800000, 0x7fffffff, 16
    tointeger32_any fcvt.w.s, 0x4f7fffff, 0x7fffffff, 16
    tointeger32_any fcvt.w.s, 0xcf800000, 0xffffffff80000000, 16
    tointeger32_any fcvt.w.s, 0xcf800001, 0xffffffff80000000, 16
    tointeger32_any fcvt.w.s, 0x5f000000, 0x7fffffff, 16
    tointeger32_any fcvt.w.s, 0x5effffff, 0x7fffffff, 16
    tointeger32_any fcvt.w.s, 0xdf000000, 0xffffffff80000000, 16
    tointeger32_any fcvt.w.s, 0xdf000001, 0xffffffff80000000, 16
    tointeger32_any fcvt.w.s, 0x5f800000, 0x7fffffff, 16
    tointeger32_any fcvt.w.s, 0x5f7fffff, 0x7fffffff, 16
    tointeger32_any fcvt.w.s, 0xdf800000, 0xffffffff80000000, 16
    tointeger32_any fcvt.w.s, 0xdf800001, 0xffffffff80000000, 16
    tointeger32_any fcvt.wu.s, 0x0, 0x0, 0
    tointeger32_any fcvt.wu.s, 0x80000000, 0x0, 0
    tointeger32_any fcvt.wu.s, 0x3f800000, 0x1, 0
    tointeger32_any fcvt.wu.s, 0xbf800000, 0x0, 16
    tointeger32 fcvt.wu.s, 0x3f000000, rne, 0x0, 1
    tointeger32 fcvt.wu.s, 0x3f000000, rtz, 0x0, 1
    tointeger32 fcvt.wu.s, 0x3f000000, rdn, 0x0, 1
    tointeger32 fcvt.wu.s, 0x3f000000, rup, 0x1, 1
    tointeger32 fcvt.wu.s, 0x3f000000, rmm, 0x1, 1
    tointeger32 fcvt.wu.s, 0xbf000000, rne, 0x0, 1
    tointeger32 fcvt.wu.s, 0xbf000000, rtz, 0x0, 1
    tointeger32 fcvt.wu.s, 0xbf000000, rdn, 0x0, 16
    tointeger32 fcvt.wu.s, 0xbf000000, rup, 0x0, 1
    tointeger32 fcvt.wu.s, 0xbf000000, rmm, 0x0, 16
    tointeger32 fcvt.wu.s, 0x3fc00000, rne, 0x2, 1
    tointeger32 fcvt.wu.s, 0x3fc00000, rtz, 0x1, 1
    tointeger32 fcvt.wu.s, 0x3fc00000, rdn, 0x1, 1
    tointeger32 fcvt.wu.s, 0x3fc00000, rup, 0x2, 1
    tointeger32 fcvt.wu.s, 0x3fc00000, rmm, 0x2, 1
    tointeger32_any fcvt.wu.s, 0xbfc00000, 0x0, 16
    tointeger32 fcvt.wu.s, 0x40200000, rne, 0x2, 1
    tointeger32 fcvt.wu.s, 0x40200000, rtz, 0x2, 1
    tointeger32 fcvt.wu.s, 0x40200000, rdn, 0x2, 1
    tointeger32 fcvt.wu.s, 0x40200000, rup, 0x3, 1
    tointeger32 fcvt.wu.s, 0x40200000, rmm, 0x3, 1
    tointeger32 fcvt.wu.s, 0xbf600000, rne, 0x0, 16
    tointeger32 fcvt.wu.s, 0xbf600000, rtz, 0x0, 1
    tointeger32 fcvt.wu.s, 0xbf600000, rdn, 0x0, 16
    tointeger32 fcvt.wu.s, 0xbf600000, rup, 0x0, 1
    tointeger32 fcvt.wu.s, 0xbf600000, rmm, 0x0, 16
    tointeger32 fcvt.wu.s, 0x1, rne, 0x0, 1
    tointeger32 fcvt.wu.s, 0x1, rtz, 0x0, 1
    tointeger32 fcvt.wu.s, 0x1, rdn, 0x0, 1
    tointeger32 fcvt.wu.s, 0x1, rup, 0x1, 1
    tointeger32 fcvt.wu.s, 0x1, rmm, 0x0, 1
    tointeger32 fcvt.wu.s, 0x80000001, rne, 0x0, 1
    tointeger32 fcvt.wu.s, 0x80000001, rtz, 0x0, 1
    tointeger32 fcvt.wu.s, 0x80000001, rdn, 0x0, 16
    tointeger32 fcvt.wu.s, 0x80000001, rup, 0x0, 1
    tointeger32 fcvt.wu.s, 0x80000001, rmm, 0x0, 1
    tointeger32_any fcvt.wu.s, 0x7f800000, 0xffffffffffffffff, 16
    tointeger32_any fcvt.wu.s, 0xff800000, 0x0, 16
    tointeger32_any fcvt.wu.s, 0x7fc00005, 0xffffffffffffffff, 16
    tointeger32_any fcvt.wu.s, 0xffc00005, 0xffffffffffffffff, 16
    tointeger32_any fcvt.wu.s, 0x7f800001, 0xffffffffffffffff, 16
    tointeger32_any fcvt.wu.s, 0x4f000000, 0xffffffff80000000, 0
    tointeger32_any fcvt.wu.s, 0x4effffff, 0x7fffff80, 0
    tointeger32_any fcvt.wu.s, 0xcf000000, 0x0, 16
    tointeger32_any fcvt.wu.s, 0xcf000001, 0x0, 16
    tointeger32_any fcvt.wu.s, 0x4f800000, 0xffffffffffffffff, 16
    tointeger32_any fcvt.wu.s, 0x4f7fffff, 0xffffffffffffff00, 0
    tointeger32_any fcvt.wu.s, 0xcf800000, 0x0, 16
    tointeger32_any fcvt.wu.s, 0xcf800001, 0x0, 16
    tointeger32_any fcvt.wu.s, 0x5f000000, 0xffffffffffffffff, 16
    tointeger32_any fcvt.wu.s, 0x5effffff, 0xffffffffffffffff, 16
    tointeger32_any fcvt.wu.s, 0xdf000000, 0x0, 16
    tointeger32_any fcvt.wu.s, 0xdf000001, 0x0, 16
    tointeger32_any fcvt.wu.s, 0x5f800000, 0xffffffffffffffff, 16
    tointeger32_any fcvt.wu.s, 0x5f7fffff, 0xffffffffffffffff, 16
    tointeger32_any fcvt.wu.s, 0xdf800000, 0x0, 16
    tointeger32_any fcvt.wu.s, 0xdf800001, 0x0, 16
    tointeger32_any fcvt.l.s, 0x0, 0x0, 0
    tointeger32_any fcvt.l.s, 0x80000000, 0x0, 0
    tointeger32_any fcvt.l.s, 0x3f800000, 0x1, 0
    tointeger32_any fcvt.l.s, 0xbf800000, 0xffffffffffffffff, 0
    tointeger32 fcvt.l.s, 0x3f000000, rne, 0x0, 1
    tointeger32 fcvt.l.s, 0x3f000000, rtz, 0x0, 1
    tointeger32 fcvt.l.s, 0x3f000000, rdn, 0x0, 1
    tointeger32 fcvt.l.s, 0x3f000000, rup, 0x1, 1
    tointeger32 fcvt.l.s, 0x3f000000, rmm, 0x1, 1
    tointeger32 fcvt.l.s, 0xbf000000, rne, 0x0, 1
    tointeger32 fcvt.l.s, 0xbf000000, rtz, 0x0, 1
    tointeger32 fcvt.l.s, 0xbf000000, rdn, 0xffffffffffffffff, 1
    tointeger32 fcvt.l.s, 0xbf000000, rup, 0x0, 1
    tointeger32 fcvt.l.s, 0xbf000000, rmm, 0xffffffffffffffff, 1
    tointeger32 fcvt.l.s, 0x3fc00000, rne, 0x2, 1
    tointeger32 fcvt.l.s, 0x3fc00000, rtz, 0x1, 1
    tointeger32 fcvt.l.s, 0x3fc00000, rdn, 0x1, 1
    tointeger32 fcvt.l.s, 0x3fc00000, rup, 0x2, 1
    tointeger32 fcvt.l.s, 0x3fc00000, rmm, 0x2, 1
    tointeger32 fcvt.l.s, 0xbfc00000, rne, 0xfffffffffffffffe, 1
    tointeger32 fcvt.l.s, 0xbfc00000, rtz, 0xffffffffffffffff, 1
    tointeger32 fcvt.l.s, 0xbfc00000, rdn, 0xfffffffffffffffe, 1
    tointeger32 fcvt.l.s, 0xbfc00000, rup, 0xffffffffffffffff, 1
    tointeger32 fcvt.l.s, 0xbfc00000, rmm, 0xfffffffffffffffe, 1
    tointeger32 fcvt.l.s, 0x40200000, rne, 0x2, 1
    tointeger32 fcvt.l.s, 0x40200000, rtz, 0x2, 1
    tointeger32 fcvt.l.s, 0x40200000, rdn, 0x2, 1
    tointeger32 fcvt.l.s, 0x40200000, rup, 0x3, 1
    tointeger32 fcvt.l.s, 0x40200000, rmm, 0x3, 1
    tointeger32 fcvt.l.s, 0xbf600000, rne, 0xffffffffffffffff, 1
    tointeger32 fcvt.l.s, 0xbf600000, rtz, 0x0, 1
    tointeger32 fcvt.l.s, 0xbf600000, rdn, 0xffffffffffffffff, 1
    tointeger32 fcvt.l.s, 0xbf600000, rup, 0x0, 1
    tointeger32 fcvt.l.s, 0xbf600000, rmm, 0xffffffffffffffff, 1
    tointeger32 fcvt.l.s, 0x1, rne, 0x0, 1
    tointeger32 fcvt.l.s, 0x1, rtz, 0x0, 1
    tointeger32 fcvt.l.s, 0x1, rdn, 0x0, 1
    tointeger32 fcvt.l.s, 0x1, rup, 0x1, 1
    tointeger32 fcvt.l.s, 0x1, rmm, 0x0, 1
    tointeger32 fcvt.l.s, 0x80000001, rne, 0x0, 1
    tointeger32 fcvt.l.s, 0x80000001, rtz, 0x0, 1
    tointeger32 fcvt.l.s, 0x80000001, rdn, 0xffffffffffffffff, 1
    tointeger32 fcvt.l.s, 0x80000001, rup, 0x0, 1
    tointeger32 fcvt.l.s, 0x80000001, rmm, 0x0, 1
    tointeger32_any fcvt.l.s, 0x7f800000, 0x7fffffffffffffff, 16
    tointeger32_any fcvt.l.s, 0xff800000, 0x8000000000000000, 16
    tointeger32_any fcvt.l.s, 0x7fc00005, 0x7fffffffffffffff, 16
    tointeger32_any fcvt.l.s, 0xffc00005, 0x7fffffffffffffff, 16
    tointeger32_any fcvt.l.s, 0x7f800001, 0x7fffffffffffffff, 16
    tointeger32_any fcvt.l.s, 0x4f000000, 0x80000000, 0
    tointeger32_any fcvt.l.s, 0x4effffff, 0x7fffff80, 0
    tointeger32_any fcvt.l.s, 0xcf000000, 0xffffffff80000000, 0
    tointeger32_any fcvt.l.s, 0xcf000001, 0xffffffff7fffff00, 0
    tointeger32_any fcvt.l.s, 0x4f800000, 0x100000000, 0
    tointeger32_any fcvt.l.s, 0x4f7fffff, 0xffffff00, 0
    tointeger32_any fcvt.l.s, 0xcf800000, 0xffffffff00000000, 0
    tointeger32_any fcvt.l.s, 0xcf800001, 0xfffffffefffffe00, 0
    tointeger32_any fcvt.l.s, 0x5f000000, 0x7fffffffffffffff, 16
    tointeger32_any fcvt.l.s, 0x5effffff, 0x7fffff8000000000, 0
    tointeger32_any fcvt.l.s, 0xdf000000, 0x8000000000000000, 0
    tointeger32_any fcvt.l.s, 0xdf000001, 0x8000000000000000, 16
    tointeger32_any fcvt.l.s, 0x5f800000, 0x7fffffffffffffff, 16
    tointeger32_any fcvt.l.s, 0x5f7fffff, 0x7fffffffffffffff, 16
    tointeger32_any fcvt.l.s, 0xdf800000, 0x8000000000000000, 16
    tointeger32_any fcvt.l.s, 0xdf800001, 0x8000000000000000, 16
    tointeger32_any fcvt.lu.s, 0x0, 0x0, 0
    tointeger32_any fcvt.lu.s, 0x80000000, 0x0, 0
    tointeger32_any fcvt.lu.s, 0x3f800000, 0x1, 0
    tointeger32_any fcvt.lu.s, 0xbf800000, 0x0, 16
    tointeger32 fcvt.lu.s, 0x3f000000, rne, 0x0, 1
    tointeger32 fcvt.lu.s, 0x3f000000, rtz, 0x0, 1
    tointeger32 fcvt.lu.s, 0x3f000000, rdn, 0x0, 1
    tointeger32 fcvt.lu.s, 0x3f000000, rup, 0x1, 1
    tointeger32 fcvt.lu.s, 0x3f000000, rmm, 0x1, 1
    tointeger32 fcvt.lu.s, 0xbf000000, rne, 0x0, 1
    tointeger32 fcvt.lu.s, 0xbf000000, rtz, 0x0, 1
    tointeger32 fcvt.lu.s, 0xbf000000, rdn, 0x0, 16
    tointeger32 fcvt.lu.s, 0xbf000000, rup, 0x0, 1
    tointeger32 fcvt.lu.s, 0xbf000000, rmm, 0x0, 16
    tointeger32 fcvt.lu.s, 0x3fc00000, rne, 0x2, 1
    tointeger32 fcvt.lu.s, 0x3fc00000, rtz, 0x1, 1
    tointeger32 fcvt.lu.s, 0x3fc00000, rdn, 0x1, 1
    tointeger32 fcvt.lu.s, 0x3fc00000, rup, 0x2, 1
    tointeger32 fcvt.lu.s, 0x3fc00000, rmm, 0x2, 1
    tointeger32_any fcvt.lu.s, 0xbfc00000, 0x0, 16
    tointeger32 fcvt.lu.s, 0x40200000, rne, 0x2, 1
    tointeger32 fcvt.lu.s, 0x40200000, rtz, 0x2, 1
    tointeger32 fcvt.lu.s, 0x40200000, rdn, 0x2, 1
    tointeger32 fcvt.lu.s, 0x40200000, rup, 0x3, 1
    tointeger32 fcvt.lu.s, 0x40200000, rmm, 0x3, 1
    tointeger32 fcvt.lu.s, 0xbf600000, rne, 0x0, 16
    tointeger32 fcvt.lu.s, 0xbf600000, rtz, 0x0, 1
    tointeger32 fcvt.lu.s, 0xbf600000, rdn, 0x0, 16
    tointeger32 fcvt.lu.s, 0xbf600000, rup, 0x0, 1
    tointeger32 fcvt.lu.s, 0xbf600000, rmm, 0x0, 16
    tointeger32 fcvt.lu.s, 0x1, rne, 0x0, 1
    tointeger32 fcvt.lu.s, 0x1, rtz, 0x0, 1
    tointeger32 fcvt.lu.s, 0x1, rdn, 0x0, 1
    tointeger32 fcvt.lu.s, 0x1, rup, 0x1, 1
    tointeger32 fcvt.lu.s, 0x1, rmm, 0x0, 1
    tointeger32 fcvt.lu.s, 0x80000001, rne, 0x0, 1
    tointeger32 fcvt.lu.s, 0x80000001, rtz, 0x0, 1
    tointeger32 fcvt.lu.s, 0x80000001, rdn, 0x0, 16
    tointeger32 fcvt.lu.s, 0x80000001, rup, 0x0, 1
    tointeger32 fcvt.lu.s, 0x80000001, rmm, 0x0, 1
    tointeger32_any fcvt.lu.s, 0x7f800000, 0xffffffffffffffff, 16
    tointeger32_any fcvt.lu.s, 0xff800000, 0x0, 16
    tointeger32_any fcvt.lu.s, 0x7fc00005, 0xffffffffffffffff, 16
    tointeger32_any fcvt.lu.s, 0xffc00005, 0xffffffffffffffff, 16
    tointeger32_any fcvt.lu.s, 0x7f800001, 0xffffffffffffffff, 16
    tointeger32_any fcvt.lu.s, 0x4f000000, 0x80000000, 0
    tointeger32_any fcvt.lu.s, 0x4effffff, 0x7fffff80, 0
    tointeger32_any fcvt.lu.s, 0xcf000000, 0x0, 16
    tointeger32_any fcvt.lu.s, 0xcf000001, 0x0, 16
    tointeger32_any fcvt.lu.s, 0x4f800000, 0x100000000, 0
    tointeger32_any fcvt.lu.s, 0x4f7fffff, 0xffffff00, 0
    tointeger32_any fcvt.lu.s, 0xcf800000, 0x0, 16
    tointeger32_any fcvt.lu.s, 0xcf800001, 0x0, 16
    tointeger32_any fcvt.lu.s, 0x5f000000, 0x8000000000000000, 0
    tointeger32_any fcvt.lu.s, 0x5effffff, 0x7fffff8000000000, 0
    tointeger32_any fcvt.lu.s, 0xdf000000, 0x0, 16
    tointeger32_any fcvt.lu.s, 0xdf000001, 0x0, 16
    tointeger32_any fcvt.lu.s, 0x5f800000, 0xffffffffffffffff, 16
    tointeger32_any fcvt.lu.s, 0x5f7fffff, 0xffffff0000000000, 0
    tointeger32_any fcvt.lu.s, 0xdf800000, 0x0, 16
    tointeger32_any fcvt.lu.s, 0xdf800001, 0x0, 16

    // From integers.
    frominteger32_any fcvt.s.w, 0x0, 0x0, 0
    frominteger32_any fcvt.s.w, 0x1, 0x3f800000, 0
    frominteger32_any fcvt.s.w, 0xffffffffffffffff, 0xbf800000, 0
    frominteger32_any fcvt.s.w, 0x80000000, 0xcf000000, 0
    frominteger32 fcvt.s.w, 0x7fffffff, rne, 0x4f000000, 1
    frominteger32 fcvt.s.w, 0x7fffffff, rtz, 0x4effffff, 1
    frominteger32 fcvt.s.w, 0x7fffffff, rdn, 0x4effffff, 1
    frominteger32 fcvt.s.w, 0x7fffffff, rup, 0x4f000000, 1
    frominteger32 fcvt.s.w, 0x7fffffff, rmm, 0x4f000000, 1
    frominteger32_any fcvt.s.w, 0xffffffff, 0xbf800000, 0
    frominteger32_any fcvt.s.w, 0x7fffffffffffffff, 0xbf800000, 0
    frominteger32_any fcvt.s.w, 0x8000000000000000, 0x0, 0
    frominteger32_any fcvt.s.w, 0x8000000000000001, 0x3f800000, 0
    frominteger32 fcvt.s.w, 0x1000001, rne, 0x4b800000, 1
    frominteger32 fcvt.s.w, 0x1000001, rtz, 0x4b800000, 1
    frominteger32 fcvt.s.w, 0x1000001, rdn, 0x4b800000, 1
    frominteger32 fcvt.s.w, 0x1000001, rup, 0x4b800001, 1
    frominteger32 fcvt.s.w, 0x1000001, rmm, 0x4b800001, 1
    frominteger32 fcvt.s.w, 0x1000003, rne, 0x4b800002, 1
    frominteger32 fcvt.s.w, 0x1000003, rtz, 0x4b800001, 1
    frominteger32 fcvt.s.w, 0x1000003, rdn, 0x4b800001, 1
    frominteger32 fcvt.s.w, 0x1000003, rup, 0x4b800002, 1
    frominteger32 fcvt.s.w, 0x1000003, rmm, 0x4b800002, 1
    frominteger32_any fcvt.s.w, 0x20000000000001, 0x3f800000, 0
    frominteger32_any fcvt.s.w, 0x20000000000003, 0x40400000, 0
    frominteger32_any fcvt.s.w, 0x8000000000000400, 0x44800000, 0
    frominteger32_any fcvt.s.w, 0x8000000000000401, 0x44802000, 0
    frominteger32_any fcvt.s.w, 0x8000000000000c00, 0x45400000, 0
    frominteger32_any fcvt.s.w, 0x8000008000000000, 0x0, 0
    frominteger32_any fcvt.s.w, 0xffffff8000000000, 0x0, 0
    frominteger32 fcvt.s.w, 0xffffffff7fffffff, rne, 0x4f000000, 1
    frominteger32 fcvt.s.w, 0xffffffff7fffffff, rtz, 0x4effffff, 1
    frominteger32 fcvt.s.w, 0xffffffff7fffffff, rdn, 0x4effffff, 1
    frominteger32 fcvt.s.w, 0xffffffff7fffffff, rup, 0x4f000000, 1
    frominteger32 fcvt.s.w, 0xffffffff7fffffff, rmm, 0x4f000000, 1
    frominteger32 fcvt.s.w, 0x123456789abcdef, rne, 0xceeca864, 1
    frominteger32 fcvt.s.w, 0x123456789abcdef, rtz, 0xceeca864, 1
    frominteger32 fcvt.s.w, 0x123456789abcdef, rdn, 0xceeca865, 1
    frominteger32 fcvt.s.w, 0x123456789abcdef, rup, 0xceeca864, 1
    frominteger32 fcvt.s.w, 0x123456789abcdef, rmm, 0xceeca864, 1
    frominteger32_any fcvt.s.wu, 0x0, 0x0, 0
    frominteger32_any fcvt.s.wu, 0x1, 0x3f800000, 0
    frominteger32 fcvt.s.wu, 0xffffffffffffffff, rne, 0x4f800000, 1
    frominteger32 fcvt.s.wu, 0xffffffffffffffff, rtz, 0x4f7fffff, 1
    frominteger32 fcvt.s.wu, 0xffffffffffffffff, rdn, 0x4f7fffff, 1
    frominteger32 fcvt.s.wu, 0xffffffffffffffff, rup, 0x4f800000, 1
    frominteger32 fcvt.s.wu, 0xffffffffffffffff, rmm, 0x4f800000, 1
    frominteger32_any fcvt.s.wu, 0x80000000, 0x4f000000, 0
    frominteger32 fcvt.s.wu, 0x7fffffff, rne, 0x4f000000, 1
    frominteger32 fcvt.s.wu, 0x7fffffff, rtz, 0x4effffff, 1
    frominteger32 fcvt.s.wu, 0x7fffffff, rdn, 0x4effffff, 1
    frominteger32 fcvt.s.wu, 0x7fffffff, rup, 0x4f000000, 1
    frominteger32 fcvt.s.wu, 0x7fffffff, rmm, 0x4f000000, 1
    frominteger32 fcvt.s.wu, 0xffffffff, rne, 0x4f800000, 1
    frominteger32 fcvt.s.wu, 0xffffffff, rtz, 0x4f7fffff, 1
    frominteger32 fcvt.s.wu, 0xffffffff, rdn, 0x4f7fffff, 1
    frominteger32 fcvt.s.wu, 0xffffffff, rup, 0x4f800000, 1
    frominteger32 fcvt.s.wu, 0xffffffff, rmm, 0x4f800000, 1
    frominteger32 fcvt.s.wu, 0x7fffffffffffffff, rne, 0x4f800000, 1
    frominteger32 fcvt.s.wu, 0x7fffffffffffffff, rtz, 0x4f7fffff, 1
    frominteger32 fcvt.s.wu, 0x7fffffffffffffff, rdn, 0x4f7fffff, 1
    frominteger32 fcvt.s.wu, 0x7fffffffffffffff, rup, 0x4f800000, 1
    frominteger32 fcvt.s.wu, 0x7fffffffffffffff, rmm, 0x4f800000, 1
    frominteger32_any fcvt.s.wu, 0x8000000000000000, 0x0, 0
    frominteger32_any fcvt.s.wu, 0x8000000000000001, 0x3f800000, 0
    frominteger32 fcvt.s.wu, 0x1000001, rne, 0x4b800000, 1
    frominteger32 fcvt.s.wu, 0x1000001, rtz, 0x4b800000, 1
    frominteger32 fcvt.s.wu, 0x1000001, rdn, 0x4b800000, 1
    frominteger32 fcvt.s.wu, 0x1000001, rup, 0x4b800001, 1
    frominteger32 fcvt.s.wu, 0x1000001, rmm, 0x4b800001, 1
    frominteger32 fcvt.s.wu, 0x1000003, rne, 0x4b800002, 1
    frominteger32 fcvt.s.wu, 0x1000003, rtz, 0x4b800001, 1
    frominteger32 fcvt.s.wu, 0x1000003, rdn, 0x4b800001, 1
    frominteger32 fcvt.s.wu, 0x1000003, rup, 0x4b800002, 1
    frominteger32 fcvt.s.wu, 0x1000003, rmm, 0x4b800002, 1
    frominteger32_any fcvt.s.wu, 0x20000000000001, 0x3f800000, 0
    frominteger32_any fcvt.s.wu, 0x20000000000003, 0x40400000, 0
    frominteger32_any fcvt.s.wu, 0x8000000000000400, 0x44800000, 0
    frominteger32_any fcvt.s.wu, 0x8000000000000401, 0x44802000, 0
    frominteger32_any fcvt.s.wu, 0x8000000000000c00, 0x45400000, 0
    frominteger32_any fcvt.s.wu, 0x8000008000000000, 0x0, 0
    frominteger32_any fcvt.s.wu, 0xffffff8000000000, 0x0, 0
    frominteger32 fcvt.s.wu, 0xffffffff7fffffff, rne, 0x4f000000, 1
    frominteger32 fcvt.s.wu, 0xffffffff7fffffff, rtz, 0x4effffff, 1
    frominteger32 fcvt.s.wu, 0xffffffff7fffffff, rdn, 0x4effffff, 1
    frominteger32 fcvt.s.wu, 0xffffffff7fffffff, rup, 0x4f000000, 1
    frominteger32 fcvt.s.wu, 0xffffffff7fffffff, rmm, 0x4f000000, 1
    frominteger32 fcvt.s.wu, 0x123456789abcdef, rne, 0x4f09abce, 1
    frominteger32 fcvt.s.wu, 0x123456789abcdef, rtz, 0x4f09abcd, 1
    frominteger32 fcvt.s.wu, 0x123456789abcdef, rdn, 0x4f09abcd, 1
    frominteger32 fcvt.s.wu, 0x123456789abcdef, rup, 0x4f09abce, 1
    frominteger32 fcvt.s.wu, 0x123456789abcdef, rmm, 0x4f09abce, 1
    frominteger32_any fcvt.s.l, 0x0, 0x0, 0
    frominteger32_any fcvt.s.l, 0x1, 0x3f800000, 0
    frominteger32_any fcvt.s.l, 0xffffffffffffffff, 0xbf800000, 0
    frominteger32_any fcvt.s.l, 0x80000000, 0x4f000000, 0
    frominteger32 fcvt.s.l, 0x7fffffff, rne, 0x4f000000, 1
    frominteger32 fcvt.s.l, 0x7fffffff, rtz, 0x4effffff, 1
    frominteger32 fcvt.s.l, 0x7fffffff, rdn, 0x4effffff, 1
    frominteger32 fcvt.s.l, 0x7fffffff, rup, 0x4f000000, 1
    frominteger32 fcvt.s.l, 0x7fffffff, rmm, 0x4f000000, 1
    frominteger32 fcvt.s.l, 0xffffffff, rne, 0x4f800000, 1
    frominteger32 fcvt.s.l, 0xffffffff, rtz, 0x4f7fffff, 1
    frominteger32 fcvt.s.l, 0xffffffff, rdn, 0x4f7fffff, 1
    frominteger32 fcvt.s.l, 0xffffffff, rup, 0x4f800000, 1
    frominteger32 fcvt.s.l, 0xffffffff, rmm, 0x4f800000, 1
    frominteger32 fcvt.s.l, 0x7fffffffffffffff, rne, 0x5f000000, 1
    frominteger32 fcvt.s.l, 0x7fffffffffffffff, rtz, 0x5effffff, 1
    frominteger32 fcvt.s.l, 0x7fffffffffffffff, rdn, 0x5effffff, 1
    frominteger32 fcvt.s.l, 0x7fffffffffffffff, rup, 0x5f000000, 1
    frominteger32 fcvt.s.l, 0x7fffffffffffffff, rmm, 0x5f000000, 1
    frominteger32_any fcvt.s.l, 0x8000000000000000, 0xdf000000, 0
    frominteger32 fcvt.s.l, 0x8000000000000001, rne, 0xdf000000, 1
    frominteger32 fcvt.s.l, 0x8000000000000001, rtz, 0xdeffffff, 1
    frominteger32 fcvt.s.l, 0x8000000000000001, rdn, 0xdf000000, 1
    frominteger32 fcvt.s.l, 0x8000000000000001, rup, 0xdeffffff, 1
    frominteger32 fcvt.s.l, 0x8000000000000001, rmm, 0xdf000000, 1
    frominteger32 fcvt.s.l, 0x1000001, rne, 0x4b800000, 1
    frominteger32 fcvt.s.l, 0x1000001, rtz, 0x4b800000, 1
    frominteger32 fcvt.s.l, 0x1000001, rdn, 0x4b800000, 1
    frominteger32 fcvt.s.l, 0x1000001, rup, 0x4b800001, 1
    frominteger32 fcvt.s.l, 0x1000001, rmm, 0x4b800001, 1
    frominteger32 fcvt.s.l, 0x1000003, rne, 0x4b800002, 1
    frominteger32 fcvt.s.l, 0x1000003, rtz, 0x4b800001, 1
    frominteger32 fcvt.s.l, 0x1000003, rdn, 0x4b800001, 1
    frominteger32 fcvt.s.l, 0x1000003, rup, 0x4b800002, 1
    frominteger32 fcvt.s.l, 0x1000003, rmm, 0x4b800002, 1
    frominteger32 fcvt.s.l, 0x20000000000001, rne, 0x5a000000, 1
    frominteger32 fcvt.s.l, 0x20000000000001, rtz, 0x5a000000, 1
    frominteger32 fcvt.s.l, 0x20000000000001, rdn, 0x5a000000, 1
    frominteger32 fcvt.s.l, 0x20000000000001, rup, 0x5a000001, 1
    frominteger32 fcvt.s.l, 0x20000000000001, rmm, 0x5a000000, 1
    frominteger32 fcvt.s.l, 0x20000000000003, rne, 0x5a000000, 1
    frominteger32 fcvt.s.l, 0x20000000000003, rtz, 0x5a000000, 1
    frominteger32 fcvt.s.l, 0x20000000000003, rdn, 0x5a000000, 1
    frominteger32 fcvt.s.l, 0x20000000000003, rup, 0x5a000001, 1
    frominteger32 fcvt.s.l, 0x20000000000003, rmm, 0x5a000000, 1
    frominteger32 fcvt.s.l, 0x8000000000000400, rne, 0xdf000000, 1
    frominteger32 fcvt.s.l, 0x8000000000000400, rtz, 0xdeffffff, 1
    frominteger32 fcvt.s.l, 0x8000000000000400, rdn, 0xdf000000, 1
    frominteger32 fcvt.s.l, 0x8000000000000400, rup, 0xdeffffff, 1
    frominteger32 fcvt.s.l, 0x8000000000000400, rmm, 0xdf000000, 1
    frominteger32 fcvt.s.l, 0x8000000000000401, rne, 0xdf000000, 1
    frominteger32 fcvt.s.l, 0x8000000000000401, rtz, 0xdeffffff, 1
    frominteger32 fcvt.s.l, 0x8000000000000401, rdn, 0xdf000000, 1
    frominteger32 fcvt.s.l, 0x8000000000000401, rup, 0xdeffffff, 1
    frominteger32 fcvt.s.l, 0x8000000000000401, rmm, 0xdf000000, 1
    frominteger32 fcvt.s.l, 0x8000000000000c00, rne, 0xdf000000, 1
    frominteger32 fcvt.s.l, 0x8000000000000c00, rtz, 0xdeffffff, 1
    frominteger32 fcvt.s.l, 0x8000000000000c00, rdn, 0xdf000000, 1
    frominteger32 fcvt.s.l, 0x8000000000000c00, rup, 0xdeffffff, 1
    frominteger32 fcvt.s.l, 0x8000000000000c00, rmm, 0xdf000000, 1
    frominteger32_any fcvt.s.l, 0x8000008000000000, 0xdeffffff, 0
    frominteger32_any fcvt.s.l, 0xffffff8000000000, 0xd3000000, 0
    frominteger32 fcvt.s.l, 0xffffffff7fffffff, rne, 0xcf000000, 1
    frominteger32 fcvt.s.l, 0xffffffff7fffffff, rtz, 0xcf000000, 1
    frominteger32 fcvt.s.l, 0xffffffff7fffffff, rdn, 0xcf000001, 1
    frominteger32 fcvt.s.l, 0xffffffff7fffffff, rup, 0xcf000000, 1
    frominteger32 fcvt.s.l, 0xffffffff7fffffff, rmm, 0xcf000000, 1
    frominteger32 fcvt.s.l, 0x123456789abcdef, rne, 0x5b91a2b4, 1
    frominteger32 fcvt.s.l, 0x123456789abcdef, rtz, 0x5b91a2b3, 1
    frominteger32 fcvt.s.l, 0x123456789abcdef, rdn, 0x5b91a2b3, 1
    frominteger32 fcvt.s.l, 0x123456789abcdef, rup, 0x5b91a2b4, 1
    frominteger32 fcvt.s.l, 0x123456789abcdef, rmm, 0x5b91a2b4, 1
    frominteger32_any fcvt.s.lu, 0x0, 0x0, 0
    frominteger32_any fcvt.s.lu, 0x1, 0x3f800000, 0
    frominteger32 fcvt.s.lu, 0xffffffffffffffff, rne, 0x5f800000, 1
    frominteger32 fcvt.s.lu, 0xffffffffffffffff, rtz, 0x5f7fffff, 1
    frominteger32 fcvt.s.lu, 0xffffffffffffffff, rdn, 0x5f7fffff, 1
    frominteger32 fcvt.s.lu, 0xffffffffffffffff, rup, 0x5f800000, 1
    frominteger32 fcvt.s.lu, 0xffffffffffffffff, rmm, 0x5f800000, 1
    frominteger32_any fcvt.s.lu, 0x80000000, 0x4f000000, 0
    frominteger32 fcvt.s.lu, 0x7fffffff, rne, 0x4f000000, 1
    frominteger32 fcvt.s.lu, 0x7fffffff, rtz, 0x4effffff, 1
    frominteger32 fcvt.s.lu, 0x7fffffff, rdn, 0x4effffff, 1
    frominteger32 fcvt.s.lu, 0x7fffffff, rup, 0x4f000000, 1
    frominteger32 fcvt.s.lu, 0x7fffffff, rmm, 0x4f000000, 1
    frominteger32 fcvt.s.lu, 0xffffffff, rne, 0x4f800000, 1
    frominteger32 fcvt.s.lu, 0xffffffff, rtz, 0x4f7fffff, 1
    frominteger32 fcvt.s.lu, 0xffffffff, rdn, 0x4f7fffff, 1
    frominteger32 fcvt.s.lu, 0xffffffff, rup, 0x4f800000, 1
    frominteger32 fcvt.s.lu, 0xffffffff, rmm, 0x4f800000, 1
    frominteger32 fcvt.s.lu, 0x7fffffffffffffff, rne, 0x5f000000, 1
    frominteger32 fcvt.s.lu, 0x7fffffffffffffff, rtz, 0x5effffff, 1
    frominteger32 fcvt.s.lu, 0x7fffffffffffffff, rdn, 0x5effffff, 1
    frominteger32 fcvt.s.lu, 0x7fffffffffffffff, rup, 0x5f000000, 1
    frominteger32 fcvt.s.lu, 0x7fffffffffffffff, rmm, 0x5f000000, 1
    frominteger32_any fcvt.s.lu, 0x8000000000000000, 0x5f000000, 0
    frominteger32 fcvt.s.lu, 0x8000000000000001, rne, 0x5f000000, 1
    frominteger32 fcvt.s.lu, 0x8000000000000001, rtz, 0x5f000000, 1
    frominteger32 fcvt.s.lu, 0x8000000000000001, rdn, 0x5f000000, 1
    frominteger32 fcvt.s.lu, 0x8000000000000001, rup, 0x5f000001, 1
    frominteger32 fcvt.s.lu, 0x8000000000000001, rmm, 0x5f000000, 1
    frominteger32 fcvt.s.lu, 0x1000001, rne, 0x4b800000, 1
    frominteger32 fcvt.s.lu, 0x1000001, rtz, 0x4b800000, 1
    frominteger32 fcvt.s.lu, 0x1000001, rdn, 0x4b800000, 1
    frominteger32 fcvt.s.lu, 0x1000001, rup, 0x4b800001, 1
    frominteger32 fcvt.s.lu, 0x1000001, rmm, 0x4b800001, 1
    frominteger32 fcvt.s.lu, 0x1000003, rne, 0x4b800002, 1
    frominteger32 fcvt.s.lu, 0x1000003, rtz, 0x4b800001, 1
    frominteger32 fcvt.s.lu, 0x1000003, rdn, 0x4b800001, 1
    frominteger32 fcvt.s.lu, 0x1000003, rup, 0x4b800002, 1
    frominteger32 fcvt.s.lu, 0x1000003, rmm, 0x4b800002, 1
    frominteger32 fcvt.s.lu, 0x20000000000001, rne, 0x5a000000, 1
    frominteger32 fcvt.s.lu, 0x20000000000001, rtz, 0x5a000000, 1
    frominteger32 fcvt.s.lu, 0x20000000000001, rdn, 0x5a000000, 1
    frominteger32 fcvt.s.lu, 0x20000000000001, rup, 0x5a000001, 1
    frominteger32 fcvt.s.lu, 0x20000000000001, rmm, 0x5a000000, 1
    frominteger32 fcvt.s.lu, 0x20000000000003, rne, 0x5a000000, 1
    frominteger32 fcvt.s.lu, 0x20000000000003, rtz, 0x5a000000, 1
    frominteger32 fcvt.s.lu, 0x20000000000003, rdn, 0x5a000000, 1
    frominteger32 fcvt.s.lu, 0x20000000000003, rup, 0x5a000001, 1
    frominteger32 fcvt.s.lu, 0x20000000000003, rmm, 0x5a000000, 1
    frominteger32 fcvt.s.lu, 0x8000000000000400, rne, 0x5f000000, 1
    frominteger32 fcvt.s.lu, 0x8000000000000400, rtz, 0x5f000000, 1
    frominteger32 fcvt.s.lu, 0x8000000000000400, rdn, 0x5f000000, 1
    frominteger32 fcvt.s.lu, 0x8000000000000400, rup, 0x5f000001, 1
    frominteger32 fcvt.s.lu, 0x8000000000000400, rmm, 0x5f000000, 1
    frominteger32 fcvt.s.lu, 0x8000000000000401, rne, 0x5f000000, 1
    frominteger32 fcvt.s.lu, 0x8000000000000401, rtz, 0x5f000000, 1
    frominteger32 fcvt.s.lu, 0x8000000000000401, rdn, 0x5f000000, 1
    frominteger32 fcvt.s.lu, 0x8000000000000401, rup, 0x5f000001, 1
    frominteger32 fcvt.s.lu, 0x8000000000000401, rmm, 0x5f000000, 1
    frominteger32 fcvt.s.lu, 0x8000000000000c00, rne, 0x5f000000, 1
    frominteger32 fcvt.s.lu, 0x8000000000000c00, rtz, 0x5f000000, 1
    frominteger32 fcvt.s.lu, 0x8000000000000c00, rdn, 0x5f000000, 1
    frominteger32 fcvt.s.lu, 0x8000000000000c00, rup, 0x5f000001, 1
    frominteger32 fcvt.s.lu, 0x8000000000000c00, rmm, 0x5f000000, 1
    frominteger32 fcvt.s.lu, 0x8000008000000000, rne, 0x5f000000, 1
    frominteger32 fcvt.s.lu, 0x8000008000000000, rtz, 0x5f000000, 1
    frominteger32 fcvt.s.lu, 0x8000008000000000, rdn, 0x5f000000, 1
    frominteger32 fcvt.s.lu, 0x8000008000000000, rup, 0x5f000001, 1
    frominteger32 fcvt.s.lu, 0x8000008000000000, rmm, 0x5f000001, 1
    frominteger32 fcvt.s.lu, 0xffffff8000000000, rne, 0x5f800000, 1
    frominteger32 fcvt.s.lu, 0xffffff8000000000, rtz, 0x5f7fffff, 1
    frominteger32 fcvt.s.lu, 0xffffff8000000000, rdn, 0x5f7fffff, 1
    frominteger32 fcvt.s.lu, 0xffffff8000000000, rup, 0x5f800000, 1
    frominteger32 fcvt.s.lu, 0xffffff8000000000, rmm, 0x5f800000, 1
    frominteger32 fcvt.s.lu, 0xffffffff7fffffff, rne, 0x5f800000, 1
    frominteger32 fcvt.s.lu, 0xffffffff7fffffff, rtz, 0x5f7fffff, 1
    frominteger32 fcvt.s.lu, 0xffffffff7fffffff, rdn, 0x5f7fffff, 1
    frominteger32 fcvt.s.lu, 0xffffffff7fffffff, rup, 0x5f800000, 1
    frominteger32 fcvt.s.lu, 0xffffffff7fffffff, rmm, 0x5f800000, 1
    frominteger32 fcvt.s.lu, 0x123456789abcdef, rne, 0x5b91a2b4, 1
    frominteger32 fcvt.s.lu, 0x123456789abcdef, rtz, 0x5b91a2b3, 1
    frominteger32 fcvt.s.lu, 0x123456789abcdef, rdn, 0x5b91a2b3, 1
    frominteger32 fcvt.s.lu, 0x123456789abcdef, rup, 0x5b91a2b4, 1
    frominteger32 fcvt.s.lu, 0x123456789abcdef, rmm, 0x5b91a2b4, 1

    // What is not NaN-boxed is the canonical NaN, for all that computes; moves and stores take the bits.
    li a0, 0x3f800000
    fmv.d.x fa0, a0
    fmv.w.x fa1, a0
    csrwi fflags, 0
    fadd.s fa2, fa1, fa0
    fmv.x.d a0, fa2
    expect a0, 0xffffffff7fc00000
    fsgnj.s fa2, fa0, fa1
    fmv.x.d a0, fa2
    expect a0, 0xffffffff7fc00000
    fsgnj.s fa2, fa1, fa0
    fmv.x.d a0, fa2
    expect a0, 0xffffffff3f800000
    fsgnjn.s fa2, fa1, fa0
    fmv.x.d a0, fa2
    expect a0, 0xffffffffbf800000
    fmin.s fa2, fa0, fa1
    fmv.x.d a0, fa2
    expect a0, 0xffffffff3f800000
    fclass.s a0, fa0
    expect a0, 0x200
    feq.s a0, fa0, fa0
    expect a0, 0
    fcvt.w.s a0, fa0, rtz
    expect a0, 0x7fffffff
    frflags a0
    expect a0, 16
    csrwi fflags, 0
    fmadd.s fa2, fa1, fa1, fa0
    fmv.x.d a0, fa2
    expect a0, 0xffffffff7fc00000
    fcvt.d.s fa2, fa0
    fmv.x.d a0, fa2
    expect a0, 0x7ff8000000000000
    fmv.x.w a0, fa0
    expect a0, 0x3f800000
    frflags a0
    expect a0, 0
    // A box that is not whole.
    li a0, 0xfffffffe3f800000
    fmv.d.x fa0, a0
    fclass.s a0, fa0
    expect a0, 0x200
    li a0, 0x7fffffff3f800000
    fmv.d.x fa0, a0
    fclass.s a0, fa0
    expect a0, 0x200

    // Moves: sign-extended one way, boxed the other.
    li a0, 0x12345678ff800001
    fmv.w.x fa0, a0
    fmv.x.d a1, fa0
    expect a1, 0xffffffffff800001
    fmv.x.w a1, fa0
    expect a1, 0xffffffffff800001
    li a0, 0x1234567800000001
    fmv.w.x fa0, a0
    fmv.x.d a1, fa0
    expect a1, 0xffffffff00000001
    fmv.x.w a1, fa0
    expect a1, 1

    // Loads and stores, also where they are not aligned and across a page.
    li a0, 0x7f812345
    fmv.w.x fa0, a0
    fsw fa0, 0(s0)
    fmv.d.x fa1, zero
    flw fa1, 0(s0)
    fmv.x.d a1, fa1
    expect a1, 0xffffffff7f812345
    lw a1, 0(s0)
    expect a1, 0x7f812345
    fsw fa0, 1(s0)
    fmv.d.x fa1, zero
    flw fa1, 1(s0)
    fmv.x.d a1, fa1
    expect a1, 0xffffffff7f812345
    lw a1, 1(s0)
    expect a1, 0x7f812345
    fsw fa0, 2(s0)
    fmv.d.x fa1, zero
    flw fa1, 2(s0)
    fmv.x.d a1, fa1
    expect a1, 0xffffffff7f812345
    lw a1, 2(s0)
    expect a1, 0x7f812345
    fsw fa0, 3(s0)
    fmv.d.x fa1, zero
    flw fa1, 3(s0)
    fmv.x.d a1, fa1
    expect a1, 0xffffffff7f812345
    lw a1, 3(s0)
    expect a1, 0x7f812345
    fsw fa0, 5(s0)
    fmv.d.x fa1, zero
    flw fa1, 5(s0)
    fmv.x.d a1, fa1
    expect a1, 0xffffffff7f812345
    lw a1, 5(s0)
    expect a1, 0x7f812345
    fsw fa0, 7(s0)
    fmv.d.x fa1, zero
    flw fa1, 7(s0)
    fmv.x.d a1, fa1
    expect a1, 0xffffffff7f812345
    lw a1, 7(s0)
    expect a1, 0x7f812345
    li s1, 4096 - 3
    add s1, s0, s1
    fsw fa0, 1(s1)
    fmv.d.x fa1, zero
    flw fa1, 1(s1)
    fmv.x.d a1, fa1
    expect a1, 0xffffffff7f812345
    lw a1, 1(s1)
    expect a1, 0x7f812345
    // A store takes the low half, boxed or not.
    li a0, 0x1122334455667788
    fmv.d.x fa0, a0
    fsw fa0, 0(s0)
    lwu a1, 0(s0)
    expect a1, 0x55667788

    end

    .bss
    .balign 4096
place:
    .space 8192
