// Zfhmin: half-precision values (unprivileged manual, "Zfh").
// cc: -nostdlib
#include "check.h"
#include "float.h"
    .option arch, +zfhmin

    begin
    csrwi frm, is_rdn

    // Memory and registers.
    lla s0, place
    li a1, 0x1122334455667788
    sd a1, 0(s0)
    csrwi fflags, 0
    flh fa3, 2(s0)
    gives16 0x5566, 0
    li a1, 0xfffffffffff08001
    fmv.h.x fa3, a1
    gives16 0x8001, 0
    fmv.x.h a1, fa3
    integer 0xffffffffffff8001, 0
    fsh fa3, 4(s0)
    ld a1, 0(s0)
    integer 0x1122800155667788, 0
    li a1, 0x7ff1234500007fff
    fmv.d.x fa3, a1
    fmv.x.h a1, fa3
    integer 0x7fff, 0

    unary16to32 fcvt.s.h, 0, 0, 0
    unary16to64 fcvt.d.h, 0, 0, 0
    unary16to32 fcvt.s.h, 0x8000, 0x80000000, 0
    unary16to64 fcvt.d.h, 0x8000, 0x8000000000000000, 0
    unary16to32 fcvt.s.h, 0x1, 0x33800000, 0
    unary16to64 fcvt.d.h, 0x1, 0x3e70000000000000, 0
    unary16to32 fcvt.s.h, 0x83ff, 0xb87fc000, 0
    unary16to64 fcvt.d.h, 0x83ff, 0xbf0ff80000000000, 0
    unary16to32 fcvt.s.h, 0x400, 0x38800000, 0
    unary16to64 fcvt.d.h, 0x400, 0x3f10000000000000, 0
    unary16to32 fcvt.s.h, 0x3c00, 0x3f800000, 0
    unary16to64 fcvt.d.h, 0x3c00, 0x3ff0000000000000, 0
    unary16to32 fcvt.s.h, 0xbc01, 0xbf802000, 0
    unary16to64 fcvt.d.h, 0xbc01, 0xbff0040000000000, 0
    unary16to32 fcvt.s.h, 0x7bff, 0x477fe000, 0
    unary16to64 fcvt.d.h, 0x7bff, 0x40effc0000000000, 0
    unary16to32 fcvt.s.h, 0x7c00, 0x7f800000, 0
    unary16to64 fcvt.d.h, 0x7c00, 0x7ff0000000000000, 0
    unary16to32 fcvt.s.h, 0xfc00, 0xff800000, 0
    unary16to64 fcvt.d.h, 0xfc00, 0xfff0000000000000, 0
    unary16to32 fcvt.s.h, 0x7c01, 0x7fc00000, 16
    unary16to64 fcvt.d.h, 0x7c01, 0x7ff8000000000000, 16
    unary16to32 fcvt.s.h, 0x7e01, 0x7fc00000, 0
    unary16to64 fcvt.d.h, 0x7e01, 0x7ff8000000000000, 0
    unary16to32 fcvt.s.h, 0x3555, 0x3eaaa000, 0
    unary16to64 fcvt.d.h, 0x3555, 0x3fd5540000000000, 0
    unary32to16 fcvt.h.s, 0, rmm, 0, 0
    unary64to16 fcvt.h.d, 0, rmm, 0, 0
    unary32to16 fcvt.h.s, 0, rtz, 0, 0
    unary64to16 fcvt.h.d, 0, rtz, 0, 0
    unary32to16 fcvt.h.s, 0, rne, 0, 0
    unary64to16 fcvt.h.d, 0, rne, 0, 0
    unary32to16 fcvt.h.s, 0x80000000, rmm, 0x8000, 0
    unary64to16 fcvt.h.d, 0x8000000000000000, rmm, 0x8000, 0
    unary32to16 fcvt.h.s, 0x80000000, rup, 0x8000, 0
    unary64to16 fcvt.h.d, 0x8000000000000000, rup, 0x8000, 0
    unary32to16 fcvt.h.s, 0x80000000, rdn, 0x8000, 0
    unary64to16 fcvt.h.d, 0x8000000000000000, rdn, 0x8000, 0
    unary32to16 fcvt.h.s, 0x3f800000, rmm, 0x3c00, 0
    unary64to16 fcvt.h.d, 0x3ff0000000000004, rmm, 0x3c00, 1
    unary32to16 fcvt.h.s, 0x3f800000, rtz, 0x3c00, 0
    unary64to16 fcvt.h.d, 0x3ff0000000000004, rtz, 0x3c00, 1
    unary32to16 fcvt.h.s, 0x3f800000, rdn, 0x3c00, 0
    unary64to16 fcvt.h.d, 0x3ff0000000000004, rdn, 0x3c00, 1
    unary32to16 fcvt.h.s, 0xbf800000, rmm, 0xbc00, 0
    unary64to16 fcvt.h.d, 0xbff0000000000004, rmm, 0xbc00, 1
    unary32to16 fcvt.h.s, 0xbf800000, rne, 0xbc00, 0
    unary64to16 fcvt.h.d, 0xbff0000000000004, rne, 0xbc00, 1
    unary32to16 fcvt.h.s, 0xbf800000, rdn, 0xbc00, 0
    unary64to16 fcvt.h.d, 0xbff0000000000004, rdn, 0xbc01, 1
    unary32to16 fcvt.h.s, 0x3f801000, rmm, 0x3c01, 1
    unary64to16 fcvt.h.d, 0x3ff0020000000004, rmm, 0x3c01, 1
    unary32to16 fcvt.h.s, 0x3f801000, rtz, 0x3c00, 1
    unary64to16 fcvt.h.d, 0x3ff0020000000004, rtz, 0x3c00, 1
    unary32to16 fcvt.h.s, 0x3f801000, rne, 0x3c00, 1
    unary64to16 fcvt.h.d, 0x3ff0020000000004, rne, 0x3c01, 1
    unary32to16 fcvt.h.s, 0xbf801000, rne, 0xbc00, 1
    unary64to16 fcvt.h.d, 0xbff0020000000004, rne, 0xbc01, 1
    unary32to16 fcvt.h.s, 0xbf801000, rmm, 0xbc01, 1
    unary64to16 fcvt.h.d, 0xbff0020000000004, rmm, 0xbc01, 1
    unary32to16 fcvt.h.s, 0xbf801000, rup, 0xbc00, 1
    unary64to16 fcvt.h.d, 0xbff0020000000004, rup, 0xbc00, 1
    unary32to16 fcvt.h.s, 0x3f801001, rdn, 0x3c00, 1
    unary64to16 fcvt.h.d, 0x3ff0020020000004, rdn, 0x3c00, 1
    unary32to16 fcvt.h.s, 0x3f801001, rne, 0x3c01, 1
    unary64to16 fcvt.h.d, 0x3ff0020020000004, rne, 0x3c01, 1
    unary32to16 fcvt.h.s, 0x3f801001, rtz, 0x3c00, 1
    unary64to16 fcvt.h.d, 0x3ff0020020000004, rtz, 0x3c00, 1
    unary32to16 fcvt.h.s, 0xbf801001, rup, 0xbc00, 1
    unary64to16 fcvt.h.d, 0xbff0020020000004, rup, 0xbc00, 1
    unary32to16 fcvt.h.s, 0xbf801001, rne, 0xbc01, 1
    unary64to16 fcvt.h.d, 0xbff0020020000004, rne, 0xbc01, 1
    unary32to16 fcvt.h.s, 0xbf801001, rdn, 0xbc01, 1
    unary64to16 fcvt.h.d, 0xbff0020020000004, rdn, 0xbc01, 1
    unary32to16 fcvt.h.s, 0x477fe000, rne, 0x7bff, 0
    unary64to16 fcvt.h.d, 0x40effc0000000008, rne, 0x7bff, 1
    unary32to16 fcvt.h.s, 0x477fe000, rtz, 0x7bff, 0
    unary64to16 fcvt.h.d, 0x40effc0000000008, rtz, 0x7bff, 1
    unary32to16 fcvt.h.s, 0x477fe000, rup, 0x7bff, 0
    unary64to16 fcvt.h.d, 0x40effc0000000008, rup, 0x7c00, 5
    unary32to16 fcvt.h.s, 0xc77fe000, rdn, 0xfbff, 0
    unary64to16 fcvt.h.d, 0xc0effc0000000008, rdn, 0xfc00, 5
    unary32to16 fcvt.h.s, 0xc77fe000, rne, 0xfbff, 0
    unary64to16 fcvt.h.d, 0xc0effc0000000008, rne, 0xfbff, 1
    unary32to16 fcvt.h.s, 0xc77fe000, rtz, 0xfbff, 0
    unary64to16 fcvt.h.d, 0xc0effc0000000008, rtz, 0xfbff, 1
    unary32to16 fcvt.h.s, 0x477fef00, rne, 0x7bff, 1
    unary64to16 fcvt.h.d, 0x40effde000000008, rne, 0x7bff, 1
    unary32to16 fcvt.h.s, 0x477fef00, rmm, 0x7bff, 1
    unary64to16 fcvt.h.d, 0x40effde000000008, rmm, 0x7bff, 1
    unary32to16 fcvt.h.s, 0x477fef00, rdn, 0x7bff, 1
    unary64to16 fcvt.h.d, 0x40effde000000008, rdn, 0x7bff, 1
    unary32to16 fcvt.h.s, 0xc77fef00, rmm, 0xfbff, 1
    unary64to16 fcvt.h.d, 0xc0effde000000008, rmm, 0xfbff, 1
    unary32to16 fcvt.h.s, 0xc77fef00, rne, 0xfbff, 1
    unary64to16 fcvt.h.d, 0xc0effde000000008, rne, 0xfbff, 1
    unary32to16 fcvt.h.s, 0xc77fef00, rdn, 0xfc00, 5
    unary64to16 fcvt.h.d, 0xc0effde000000008, rdn, 0xfc00, 5
    unary32to16 fcvt.h.s, 0x477ff000, rup, 0x7c00, 5
    unary64to16 fcvt.h.d, 0x40effe0000000008, rup, 0x7c00, 5
    unary32to16 fcvt.h.s, 0x477ff000, rdn, 0x7bff, 1
    unary64to16 fcvt.h.d, 0x40effe0000000008, rdn, 0x7bff, 1
    unary32to16 fcvt.h.s, 0x477ff000, rne, 0x7c00, 5
    unary64to16 fcvt.h.d, 0x40effe0000000008, rne, 0x7c00, 5
    unary32to16 fcvt.h.s, 0xc77ff000, rdn, 0xfc00, 5
    unary64to16 fcvt.h.d, 0xc0effe0000000008, rdn, 0xfc00, 5
    unary32to16 fcvt.h.s, 0xc77ff000, rtz, 0xfbff, 1
    unary64to16 fcvt.h.d, 0xc0effe0000000008, rtz, 0xfbff, 1
    unary32to16 fcvt.h.s, 0xc77ff000, rmm, 0xfc00, 5
    unary64to16 fcvt.h.d, 0xc0effe0000000008, rmm, 0xfc00, 5
    unary32to16 fcvt.h.s, 0x33800000, rtz, 0x1, 0
    unary64to16 fcvt.h.d, 0x3e70000000000004, rtz, 0x1, 3
    unary32to16 fcvt.h.s, 0x33800000, rmm, 0x1, 0
    unary64to16 fcvt.h.d, 0x3e70000000000004, rmm, 0x1, 3
    unary32to16 fcvt.h.s, 0x33800000, rdn, 0x1, 0
    unary64to16 fcvt.h.d, 0x3e70000000000004, rdn, 0x1, 3
    unary32to16 fcvt.h.s, 0xb3800000, rup, 0x8001, 0
    unary64to16 fcvt.h.d, 0xbe70000000000004, rup, 0x8001, 3
    unary32to16 fcvt.h.s, 0xb3800000, rmm, 0x8001, 0
    unary64to16 fcvt.h.d, 0xbe70000000000004, rmm, 0x8001, 3
    unary32to16 fcvt.h.s, 0xb3800000, rtz, 0x8001, 0
    unary64to16 fcvt.h.d, 0xbe70000000000004, rtz, 0x8001, 3
    unary32to16 fcvt.h.s, 0x33000000, rne, 0, 3
    unary64to16 fcvt.h.d, 0x3e60000000000004, rne, 0x1, 3
    unary32to16 fcvt.h.s, 0x33000000, rup, 0x1, 3
    unary64to16 fcvt.h.d, 0x3e60000000000004, rup, 0x1, 3
    unary32to16 fcvt.h.s, 0x33000000, rdn, 0, 3
    unary64to16 fcvt.h.d, 0x3e60000000000004, rdn, 0, 3
    unary32to16 fcvt.h.s, 0xb3000000, rdn, 0x8001, 3
    unary64to16 fcvt.h.d, 0xbe60000000000004, rdn, 0x8001, 3
    unary32to16 fcvt.h.s, 0xb3000000, rne, 0x8000, 3
    unary64to16 fcvt.h.d, 0xbe60000000000004, rne, 0x8001, 3
    unary32to16 fcvt.h.s, 0xb3000000, rmm, 0x8001, 3
    unary64to16 fcvt.h.d, 0xbe60000000000004, rmm, 0x8001, 3
    unary32to16 fcvt.h.s, 0x33000100, rtz, 0, 3
    unary64to16 fcvt.h.d, 0x3e60002000000004, rtz, 0, 3
    unary32to16 fcvt.h.s, 0x33000100, rne, 0x1, 3
    unary64to16 fcvt.h.d, 0x3e60002000000004, rne, 0x1, 3
    unary32to16 fcvt.h.s, 0x33000100, rdn, 0, 3
    unary64to16 fcvt.h.d, 0x3e60002000000004, rdn, 0, 3
    unary32to16 fcvt.h.s, 0xb3000100, rtz, 0x8000, 3
    unary64to16 fcvt.h.d, 0xbe60002000000004, rtz, 0x8000, 3
    unary32to16 fcvt.h.s, 0xb3000100, rdn, 0x8001, 3
    unary64to16 fcvt.h.d, 0xbe60002000000004, rdn, 0x8001, 3
    unary32to16 fcvt.h.s, 0xb3000100, rmm, 0x8001, 3
    unary64to16 fcvt.h.d, 0xbe60002000000004, rmm, 0x8001, 3
    unary32to16 fcvt.h.s, 0x387ff000, rdn, 0x3ff, 3
    unary64to16 fcvt.h.d, 0x3f0ffe0000000008, rdn, 0x3ff, 3
    unary32to16 fcvt.h.s, 0x387ff000, rtz, 0x3ff, 3
    unary64to16 fcvt.h.d, 0x3f0ffe0000000008, rtz, 0x3ff, 3
    unary32to16 fcvt.h.s, 0x387ff000, rne, 0x400, 1
    unary64to16 fcvt.h.d, 0x3f0ffe0000000008, rne, 0x400, 1
    unary32to16 fcvt.h.s, 0xb87ff000, rup, 0x83ff, 3
    unary64to16 fcvt.h.d, 0xbf0ffe0000000008, rup, 0x83ff, 3
    unary32to16 fcvt.h.s, 0xb87ff000, rne, 0x8400, 1
    unary64to16 fcvt.h.d, 0xbf0ffe0000000008, rne, 0x8400, 1
    unary32to16 fcvt.h.s, 0xb87ff000, rtz, 0x83ff, 3
    unary64to16 fcvt.h.d, 0xbf0ffe0000000008, rtz, 0x83ff, 3
    unary32to16 fcvt.h.s, 0x387fe000, rdn, 0x3ff, 3
    unary64to16 fcvt.h.d, 0x3f0ffc0000000008, rdn, 0x3ff, 3
    unary32to16 fcvt.h.s, 0x387fe000, rne, 0x400, 3
    unary64to16 fcvt.h.d, 0x3f0ffc0000000008, rne, 0x400, 3
    unary32to16 fcvt.h.s, 0x387fe000, rmm, 0x400, 3
    unary64to16 fcvt.h.d, 0x3f0ffc0000000008, rmm, 0x400, 3
    unary32to16 fcvt.h.s, 0xb87fe000, rtz, 0x83ff, 3
    unary64to16 fcvt.h.d, 0xbf0ffc0000000008, rtz, 0x83ff, 3
    unary32to16 fcvt.h.s, 0xb87fe000, rup, 0x83ff, 3
    unary64to16 fcvt.h.d, 0xbf0ffc0000000008, rup, 0x83ff, 3
    unary32to16 fcvt.h.s, 0xb87fe000, rmm, 0x8400, 3
    unary64to16 fcvt.h.d, 0xbf0ffc0000000008, rmm, 0x8400, 3
    unary32to16 fcvt.h.s, 0x387fc000, rmm, 0x3ff, 0
    unary64to16 fcvt.h.d, 0x3f0ff80000000008, rmm, 0x3ff, 3
    unary32to16 fcvt.h.s, 0x387fc000, rdn, 0x3ff, 0
    unary64to16 fcvt.h.d, 0x3f0ff80000000008, rdn, 0x3ff, 3
    unary32to16 fcvt.h.s, 0x387fc000, rtz, 0x3ff, 0
    unary64to16 fcvt.h.d, 0x3f0ff80000000008, rtz, 0x3ff, 3
    unary32to16 fcvt.h.s, 0xb87fc000, rup, 0x83ff, 0
    unary64to16 fcvt.h.d, 0xbf0ff80000000008, rup, 0x83ff, 3
    unary32to16 fcvt.h.s, 0xb87fc000, rmm, 0x83ff, 0
    unary64to16 fcvt.h.d, 0xbf0ff80000000008, rmm, 0x83ff, 3
    unary32to16 fcvt.h.s, 0xb87fc000, rne, 0x83ff, 0
    unary64to16 fcvt.h.d, 0xbf0ff80000000008, rne, 0x83ff, 3
    unary32to16 fcvt.h.s, 0x501502f9, rmm, 0x7c00, 5
    unary64to16 fcvt.h.d, 0x4202a05f20000005, rmm, 0x7c00, 5
    unary32to16 fcvt.h.s, 0x501502f9, rtz, 0x7bff, 5
    unary64to16 fcvt.h.d, 0x4202a05f20000005, rtz, 0x7bff, 5
    unary32to16 fcvt.h.s, 0x501502f9, rup, 0x7c00, 5
    unary64to16 fcvt.h.d, 0x4202a05f20000005, rup, 0x7c00, 5
    unary32to16 fcvt.h.s, 0xd01502f9, rne, 0xfc00, 5
    unary64to16 fcvt.h.d, 0xc202a05f20000005, rne, 0xfc00, 5
    unary32to16 fcvt.h.s, 0xd01502f9, rup, 0xfbff, 5
    unary64to16 fcvt.h.d, 0xc202a05f20000005, rup, 0xfbff, 5
    unary32to16 fcvt.h.s, 0xd01502f9, rmm, 0xfc00, 5
    unary64to16 fcvt.h.d, 0xc202a05f20000005, rmm, 0xfc00, 5
    unary32to16 fcvt.h.s, 0xd800000, rdn, 0, 3
    unary64to16 fcvt.h.d, 0x39b0000000000004, rdn, 0, 3
    unary32to16 fcvt.h.s, 0xd800000, rup, 0x1, 3
    unary64to16 fcvt.h.d, 0x39b0000000000004, rup, 0x1, 3
    unary32to16 fcvt.h.s, 0xd800000, rne, 0, 3
    unary64to16 fcvt.h.d, 0x39b0000000000004, rne, 0, 3
    unary32to16 fcvt.h.s, 0x8d800000, rmm, 0x8000, 3
    unary64to16 fcvt.h.d, 0xb9b0000000000004, rmm, 0x8000, 3
    unary32to16 fcvt.h.s, 0x8d800000, rup, 0x8000, 3
    unary64to16 fcvt.h.d, 0xb9b0000000000004, rup, 0x8000, 3
    unary32to16 fcvt.h.s, 0x8d800000, rtz, 0x8000, 3
    unary64to16 fcvt.h.d, 0xb9b0000000000004, rtz, 0x8000, 3
    unary32to16 fcvt.h.s, 0x3eaaaaab, rup, 0x3556, 1
    unary64to16 fcvt.h.d, 0x3fd555555555555b, rup, 0x3556, 1
    unary32to16 fcvt.h.s, 0x3eaaaaab, rtz, 0x3555, 1
    unary64to16 fcvt.h.d, 0x3fd555555555555b, rtz, 0x3555, 1
    unary32to16 fcvt.h.s, 0x3eaaaaab, rne, 0x3555, 1
    unary64to16 fcvt.h.d, 0x3fd555555555555b, rne, 0x3555, 1
    unary32to16 fcvt.h.s, 0xbeaaaaab, rne, 0xb555, 1
    unary64to16 fcvt.h.d, 0xbfd555555555555b, rne, 0xb555, 1
    unary32to16 fcvt.h.s, 0xbeaaaaab, rmm, 0xb555, 1
    unary64to16 fcvt.h.d, 0xbfd555555555555b, rmm, 0xb555, 1
    unary32to16 fcvt.h.s, 0xbeaaaaab, rup, 0xb555, 1
    unary64to16 fcvt.h.d, 0xbfd555555555555b, rup, 0xb555, 1
    unary32to16 fcvt.h.s, 0x7f800000, rne, 0x7c00, 0
    unary32to16 fcvt.h.s, 0xff800000, rne, 0xfc00, 0
    unary32to16 fcvt.h.s, 0x7f800001, rne, 0x7e00, 16
    unary32to16 fcvt.h.s, 0x7fc00001, rne, 0x7e00, 0
    unary32to16 fcvt.h.s, 0x1, rne, 0, 3
    unary64to16 fcvt.h.d, 0x7ff0000000000000, rne, 0x7c00, 0
    unary64to16 fcvt.h.d, 0xfff0000000000000, rne, 0xfc00, 0
    unary64to16 fcvt.h.d, 0x7ff0000000000001, rne, 0x7e00, 16
    unary64to16 fcvt.h.d, 0x7ff8000000000001, rne, 0x7e00, 0
    unary64to16 fcvt.h.d, 0x1, rne, 0, 3

    end

    .data
    .balign 8
place:
    .space 8
