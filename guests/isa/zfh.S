// Zfh: half precision (unprivileged manual, "Zfh"). The checks of Zfhmin are in zfhmin.S.
// cc: -nostdlib
#include "check.h"
#include "float.h"
    .option arch, +zfh

    begin
    csrwi frm, is_rdn

    binary16 fadd.h, 0x3c01, 0x3ff, rup, 0x3c02, 1
    binary16 fadd.h, 0x3c01, 0x3ff, rne, 0x3c01, 1
    binary16 fadd.h, 0x1, 0x4900, rmm, 0x4900, 1
    binary16 fadd.h, 0x1, 0x4900, rne, 0x4900, 1
    binary16 fadd.h, 0x3e00, 0x7e00, rne, 0x7e00, 0
    binary16 fadd.h, 0x3e00, 0x7e00, rtz, 0x7e00, 0
    binary16 fadd.h, 0x8000, 0x1, rup, 0x1, 0
    binary16 fadd.h, 0x8000, 0x1, rmm, 0x1, 0
    binary16 fadd.h, 0x1, 0x3bff, rne, 0x3bff, 1
    binary16 fadd.h, 0x1, 0x3bff, rup, 0x3c00, 1
    binary16 fadd.h, 0x8000, 0x4900, rmm, 0x4900, 0
    binary16 fadd.h, 0x8000, 0x4900, rne, 0x4900, 0
    binary16 fadd.h, 0x3bff, 0x1400, rmm, 0x3c01, 1
    binary16 fadd.h, 0x3bff, 0x1400, rne, 0x3c00, 1
    binary16 fadd.h, 0x7e00, 0x7e00, rup, 0x7e00, 0
    binary16 fadd.h, 0x7e00, 0x7e00, rne, 0x7e00, 0
    binary16 fadd.h, 0x3bff, 0x8000, rmm, 0x3bff, 0
    binary16 fadd.h, 0x3bff, 0x8000, rtz, 0x3bff, 0
    binary16 fadd.h, 0x24ed, 0x8a6a, rne, 0x24e0, 1
    binary16 fadd.h, 0x24ed, 0x8a6a, rdn, 0x24e0, 1
    binary16 fadd.h, 0xae97, 0x2e44, rne, 0x9d30, 0
    binary16 fadd.h, 0xae97, 0x2e44, rtz, 0x9d30, 0
    binary16 fadd.h, 0x8c38, 0xb64c, rne, 0xb64d, 1
    binary16 fadd.h, 0x8c38, 0xb64c, rmm, 0xb64d, 1
    binary16 fadd.h, 0x7f15, 0xae2e, rmm, 0x7e00, 0
    binary16 fadd.h, 0x7f15, 0xae2e, rup, 0x7e00, 0
    binary16 fadd.h, 0x7731, 0x95e7, rup, 0x7731, 1
    binary16 fadd.h, 0x7731, 0x95e7, rdn, 0x7730, 1
    binary16 fsub.h, 0xbc00, 0x3bff, rtz, 0xbfff, 1
    binary16 fsub.h, 0xbc00, 0x3bff, rmm, 0xc000, 1
    binary16 fsub.h, 0x1, 0x7e00, rdn, 0x7e00, 0
    binary16 fsub.h, 0x1, 0x7e00, rup, 0x7e00, 0
    binary16 fsub.h, 0x3c01, 0x6bff, rup, 0xebfe, 1
    binary16 fsub.h, 0x3c01, 0x6bff, rdn, 0xebff, 1
    binary16 fsub.h, 0x7c01, 0x1, rne, 0x7e00, 16
    binary16 fsub.h, 0x7c01, 0x1, rup, 0x7e00, 16
    binary16 fsub.h, 0x400, 0x3555, rdn, 0xb555, 1
    binary16 fsub.h, 0x400, 0x3555, rtz, 0xb554, 1
    binary16 fsub.h, 0xfbff, 0xc248, rne, 0xfbff, 1
    binary16 fsub.h, 0xfbff, 0xc248, rmm, 0xfbff, 1
    binary16 fsub.h, 0x3555, 0xfc00, rmm, 0x7c00, 0
    binary16 fsub.h, 0x3555, 0xfc00, rdn, 0x7c00, 0
    binary16 fsub.h, 0x3c01, 0x57ff, rdn, 0xd7ef, 1
    binary16 fsub.h, 0x3c01, 0x57ff, rup, 0xd7ee, 1
    binary16 fsub.h, 0x7e00, 0x8555, rup, 0x7e00, 0
    binary16 fsub.h, 0x7e00, 0x8555, rne, 0x7e00, 0
    binary16 fsub.h, 0xf1d6, 0x451a, rup, 0xf1d6, 1
    binary16 fsub.h, 0xf1d6, 0x451a, rne, 0xf1d7, 1
    binary16 fsub.h, 0xb394, 0x4f42, rmm, 0xcf51, 1
    binary16 fsub.h, 0xb394, 0x4f42, rup, 0xcf51, 1
    binary16 fsub.h, 0x62c3, 0xe315, rdn, 0x66ec, 0
    binary16 fsub.h, 0x62c3, 0xe315, rne, 0x66ec, 0
    binary16 fsub.h, 0x2b05, 0x9c65, rne, 0x2b92, 1
    binary16 fsub.h, 0x2b05, 0x9c65, rup, 0x2b92, 1
    binary16 fsub.h, 0xc4aa, 0x4995, rtz, 0xcbea, 0
    binary16 fsub.h, 0xc4aa, 0x4995, rmm, 0xcbea, 0
    binary16 fmul.h, 0x4248, 0x4248, rup, 0x48ef, 1
    binary16 fmul.h, 0x4248, 0x4248, rne, 0x48ef, 1
    binary16 fmul.h, 0x400, 0x7bff, rup, 0x43ff, 0
    binary16 fmul.h, 0x400, 0x7bff, rdn, 0x43ff, 0
    binary16 fmul.h, 0x3ff, 0x4900, rup, 0x10ff, 1
    binary16 fmul.h, 0x3ff, 0x4900, rdn, 0x10fe, 1
    binary16 fmul.h, 0x57ff, 0xc248, rdn, 0xde48, 1
    binary16 fmul.h, 0x57ff, 0xc248, rup, 0xde47, 1
    binary16 fmul.h, 0x3bff, 0x3ff, rne, 0x3ff, 3
    binary16 fmul.h, 0x3bff, 0x3ff, rtz, 0x3fe, 3
    binary16 fmul.h, 0x3ff, 0x3bff, rtz, 0x3fe, 3
    binary16 fmul.h, 0x3ff, 0x3bff, rne, 0x3ff, 3
    binary16 fmul.h, 0xfbff, 0x4900, rmm, 0xfc00, 5
    binary16 fmul.h, 0xfbff, 0x4900, rtz, 0xfbff, 5
    binary16 fmul.h, 0x3c00, 0xbc00, rne, 0xbc00, 0
    binary16 fmul.h, 0x3c00, 0xbc00, rtz, 0xbc00, 0
    binary16 fmul.h, 0xc248, 0xfc00, rdn, 0x7c00, 0
    binary16 fmul.h, 0xc248, 0xfc00, rmm, 0x7c00, 0
    binary16 fmul.h, 0xdbf4, 0x83f7, rmm, 0x23e2, 1
    binary16 fmul.h, 0xdbf4, 0x83f7, rne, 0x23e2, 1
    binary16 fmul.h, 0xf3ae, 0xdfe0, rmm, 0x7c00, 5
    binary16 fmul.h, 0xf3ae, 0xdfe0, rup, 0x7c00, 5
    binary16 fmul.h, 0x64e5, 0x1a81, rup, 0x43f6, 1
    binary16 fmul.h, 0x64e5, 0x1a81, rmm, 0x43f5, 1
    binary16 fmul.h, 0x113d, 0xfc13, rtz, 0x7e00, 16
    binary16 fmul.h, 0x113d, 0xfc13, rup, 0x7e00, 16
    binary16 fmul.h, 0x570d, 0x99c9, rne, 0xb519, 1
    binary16 fmul.h, 0x570d, 0x99c9, rmm, 0xb519, 1
    binary16 fdiv.h, 0, 0x7e00, rtz, 0x7e00, 0
    binary16 fdiv.h, 0, 0x7e00, rne, 0x7e00, 0
    binary16 fdiv.h, 0x3e00, 0x7c01, rne, 0x7e00, 16
    binary16 fdiv.h, 0x3e00, 0x7c01, rmm, 0x7e00, 16
    binary16 fdiv.h, 0x401, 0x7c01, rup, 0x7e00, 16
    binary16 fdiv.h, 0x401, 0x7c01, rtz, 0x7e00, 16
    binary16 fdiv.h, 0x1400, 0x3c00, rdn, 0x1400, 0
    binary16 fdiv.h, 0x1400, 0x3c00, rmm, 0x1400, 0
    binary16 fdiv.h, 0xfbff, 0x8001, rne, 0x7c00, 5
    binary16 fdiv.h, 0xfbff, 0x8001, rup, 0x7c00, 5
    binary16 fdiv.h, 0x7bff, 0xfbff, rup, 0xbc00, 0
    binary16 fdiv.h, 0x7bff, 0xfbff, rdn, 0xbc00, 0
    binary16 fdiv.h, 0x1, 0x3ff, rne, 0x1401, 1
    binary16 fdiv.h, 0x1, 0x3ff, rdn, 0x1401, 1
    binary16 fdiv.h, 0x6bff, 0x3c00, rup, 0x6bff, 0
    binary16 fdiv.h, 0x6bff, 0x3c00, rtz, 0x6bff, 0
    binary16 fdiv.h, 0x7c00, 0, rtz, 0x7c00, 0
    binary16 fdiv.h, 0x7c00, 0, rdn, 0x7c00, 0
    binary16 fdiv.h, 0x8b0d, 0xea05, rne, 0x1, 3
    binary16 fdiv.h, 0x8b0d, 0xea05, rdn, 0x1, 3
    binary16 fdiv.h, 0xb239, 0xd86f, rdn, 0x159d, 1
    binary16 fdiv.h, 0xb239, 0xd86f, rmm, 0x159d, 1
    binary16 fdiv.h, 0xc59d, 0x3908, rmm, 0xc876, 1
    binary16 fdiv.h, 0xc59d, 0x3908, rdn, 0xc877, 1
    binary16 fdiv.h, 0x9cfc, 0xcfbf, rtz, 0x925, 1
    binary16 fdiv.h, 0x9cfc, 0xcfbf, rmm, 0x926, 1
    binary16 fdiv.h, 0xbd68, 0xcda6, rtz, 0x2ba8, 1
    binary16 fdiv.h, 0xbd68, 0xcda6, rmm, 0x2ba8, 1
    binary16 fmul.h, 0x7bff, 0x4000, rne, 0x7c00, 5
    binary16 fmul.h, 0x7bff, 0x4000, rtz, 0x7bff, 5
    binary16 fmul.h, 0x7bff, 0x4000, rdn, 0x7bff, 5
    binary16 fmul.h, 0x7bff, 0x4000, rup, 0x7c00, 5
    binary16 fmul.h, 0x7bff, 0x4000, rmm, 0x7c00, 5
    binary16 fmul.h, 0x1, 0x3800, rne, 0, 3
    binary16 fmul.h, 0x1, 0x3800, rtz, 0, 3
    binary16 fmul.h, 0x1, 0x3800, rdn, 0, 3
    binary16 fmul.h, 0x1, 0x3800, rup, 0x1, 3
    binary16 fmul.h, 0x1, 0x3800, rmm, 0x1, 3
    binary16 fmul.h, 0x400, 0x3bff, rne, 0x400, 3
    binary16 fmul.h, 0x400, 0x3bff, rtz, 0x3ff, 3
    binary16 fmul.h, 0x400, 0x3bff, rdn, 0x3ff, 3
    binary16 fmul.h, 0x400, 0x3bff, rup, 0x400, 3
    binary16 fmul.h, 0x400, 0x3bff, rmm, 0x400, 3
    binary16 fadd.h, 0x3c00, 0x1000, rne, 0x3c00, 1
    binary16 fadd.h, 0x3c00, 0x1000, rtz, 0x3c00, 1
    binary16 fadd.h, 0x3c00, 0x1000, rdn, 0x3c00, 1
    binary16 fadd.h, 0x3c00, 0x1000, rup, 0x3c01, 1
    binary16 fadd.h, 0x3c00, 0x1000, rmm, 0x3c01, 1
    binary16 fdiv.h, 0x3c00, 0x4200, rne, 0x3555, 1
    binary16 fdiv.h, 0x3c00, 0x4200, rtz, 0x3555, 1
    binary16 fdiv.h, 0x3c00, 0x4200, rdn, 0x3555, 1
    binary16 fdiv.h, 0x3c00, 0x4200, rup, 0x3556, 1
    binary16 fdiv.h, 0x3c00, 0x4200, rmm, 0x3555, 1
    binary16 fdiv.h, 0x3c00, 0, rne, 0x7c00, 8
    binary16 fdiv.h, 0x3c00, 0, rtz, 0x7c00, 8
    binary16 fdiv.h, 0x3c00, 0, rdn, 0x7c00, 8
    binary16 fdiv.h, 0x3c00, 0, rup, 0x7c00, 8
    binary16 fdiv.h, 0x3c00, 0, rmm, 0x7c00, 8
    binary16 fdiv.h, 0, 0, rne, 0x7e00, 16
    binary16 fdiv.h, 0, 0, rtz, 0x7e00, 16
    binary16 fdiv.h, 0, 0, rdn, 0x7e00, 16
    binary16 fdiv.h, 0, 0, rup, 0x7e00, 16
    binary16 fdiv.h, 0, 0, rmm, 0x7e00, 16
    binary16 fsub.h, 0x7c00, 0x7c00, rne, 0x7e00, 16
    binary16 fsub.h, 0x7c00, 0x7c00, rtz, 0x7e00, 16
    binary16 fsub.h, 0x7c00, 0x7c00, rdn, 0x7e00, 16
    binary16 fsub.h, 0x7c00, 0x7c00, rup, 0x7e00, 16
    binary16 fsub.h, 0x7c00, 0x7c00, rmm, 0x7e00, 16
    unary16 fsqrt.h, 0, rne, 0, 0
    unary16 fsqrt.h, 0x8000, rne, 0x8000, 0
    unary16 fsqrt.h, 0x3c00, rne, 0x3c00, 0
    unary16 fsqrt.h, 0x4000, rne, 0x3da8, 1
    unary16 fsqrt.h, 0x4000, rtz, 0x3da8, 1
    unary16 fsqrt.h, 0x4000, rdn, 0x3da8, 1
    unary16 fsqrt.h, 0x4000, rup, 0x3da9, 1
    unary16 fsqrt.h, 0x4000, rmm, 0x3da8, 1
    unary16 fsqrt.h, 0x4200, rne, 0x3eee, 1
    unary16 fsqrt.h, 0x4200, rtz, 0x3eed, 1
    unary16 fsqrt.h, 0x4200, rdn, 0x3eed, 1
    unary16 fsqrt.h, 0x4200, rup, 0x3eee, 1
    unary16 fsqrt.h, 0x4200, rmm, 0x3eee, 1
    unary16 fsqrt.h, 0xbc00, rne, 0x7e00, 16
    unary16 fsqrt.h, 0x7c00, rne, 0x7c00, 0
    unary16 fsqrt.h, 0x7c01, rne, 0x7e00, 16
    unary16 fsqrt.h, 0x7e00, rne, 0x7e00, 0
    unary16 fsqrt.h, 0x1, rne, 0xc00, 0
    unary16 fsqrt.h, 0x3ff, rne, 0x1fff, 1
    unary16 fsqrt.h, 0x3ff, rtz, 0x1ffe, 1
    unary16 fsqrt.h, 0x3ff, rdn, 0x1ffe, 1
    unary16 fsqrt.h, 0x3ff, rup, 0x1fff, 1
    unary16 fsqrt.h, 0x3ff, rmm, 0x1fff, 1
    unary16 fsqrt.h, 0x7bff, rne, 0x5bff, 1
    fused16 fmadd.h, 0x7c00, 0xfbff, 0x3e00, rne, 0xfc00, 0
    fused16 fmadd.h, 0x7c00, 0xfbff, 0x3e00, rmm, 0xfc00, 0
    fused16 fmadd.h, 0x8555, 0x3c00, 0xfbff, rdn, 0xfc00, 5
    fused16 fmadd.h, 0x8555, 0x3c00, 0xfbff, rtz, 0xfbff, 1
    fused16 fmadd.h, 0x57ff, 0x7c01, 0x3e00, rup, 0x7e00, 16
    fused16 fmadd.h, 0x57ff, 0x7c01, 0x3e00, rdn, 0x7e00, 16
    fused16 fmadd.h, 0x3e00, 0x1, 0x3bff, rne, 0x3bff, 1
    fused16 fmadd.h, 0x3e00, 0x1, 0x3bff, rtz, 0x3bff, 1
    fused16 fmadd.h, 0x7857, 0x325b, 0x5675, rtz, 0x6eff, 1
    fused16 fmadd.h, 0x7857, 0x325b, 0x5675, rup, 0x6f00, 1
    fused16 fmadd.h, 0x9fc2, 0xfc39, 0xe67a, rmm, 0x7e00, 16
    fused16 fmadd.h, 0x9fc2, 0xfc39, 0xe67a, rne, 0x7e00, 16
    fused16 fmadd.h, 0x7abe, 0xe8c1, 0xa729, rdn, 0xfc00, 5
    fused16 fmadd.h, 0x7abe, 0xe8c1, 0xa729, rne, 0xfc00, 5
    fused16 fmadd.h, 0x3c01, 0x3c01, 0xbc02, rup, 0x10, 0
    fused16 fmadd.h, 0x3c01, 0x3c01, 0xbc02, rtz, 0x10, 0
    fused16 fmsub.h, 0xfbff, 0x400, 0xc248, rdn, 0xbadc, 0
    fused16 fmsub.h, 0xfbff, 0x400, 0xc248, rne, 0xbadc, 0
    fused16 fmsub.h, 0x8555, 0x6bff, 0x4248, rup, 0xc2f2, 1
    fused16 fmsub.h, 0x8555, 0x6bff, 0x4248, rmm, 0xc2f3, 1
    fused16 fmsub.h, 0x6bff, 0x1, 0x6bff, rtz, 0xebfe, 1
    fused16 fmsub.h, 0x6bff, 0x1, 0x6bff, rmm, 0xebff, 1
    fused16 fmsub.h, 0x3ff, 0, 0x3ff, rmm, 0x83ff, 0
    fused16 fmsub.h, 0x3ff, 0, 0x3ff, rup, 0x83ff, 0
    fused16 fmsub.h, 0xce76, 0xa7e6, 0x256b, rmm, 0x3a36, 1
    fused16 fmsub.h, 0xce76, 0xa7e6, 0x256b, rup, 0x3a36, 1
    fused16 fmsub.h, 0xa842, 0xeffd, 0x59b4, rtz, 0x5599, 1
    fused16 fmsub.h, 0xa842, 0xeffd, 0x59b4, rmm, 0x559a, 1
    fused16 fmsub.h, 0x57a, 0x3a5, 0xcca2, rne, 0x4ca2, 1
    fused16 fmsub.h, 0x57a, 0x3a5, 0xcca2, rtz, 0x4ca2, 1
    fused16 fmsub.h, 0x3c01, 0x3c01, 0xbc02, rtz, 0x4002, 1
    fused16 fmsub.h, 0x3c01, 0x3c01, 0xbc02, rmm, 0x4002, 1
    fused16 fnmsub.h, 0, 0x3c00, 0x401, rdn, 0x401, 0
    fused16 fnmsub.h, 0, 0x3c00, 0x401, rtz, 0x401, 0
    fused16 fnmsub.h, 0x3555, 0x7e00, 0x3c01, rdn, 0x7e00, 0
    fused16 fnmsub.h, 0x3555, 0x7e00, 0x3c01, rup, 0x7e00, 0
    fused16 fnmsub.h, 0x4900, 0x3ff, 0x8000, rdn, 0x90ff, 1
    fused16 fnmsub.h, 0x4900, 0x3ff, 0x8000, rup, 0x90fe, 1
    fused16 fnmsub.h, 0x2c00, 0x7e00, 0x4900, rmm, 0x7e00, 0
    fused16 fnmsub.h, 0x2c00, 0x7e00, 0x4900, rup, 0x7e00, 0
    fused16 fnmsub.h, 0xd3bf, 0xeaef, 0xe0cf, rmm, 0xfc00, 5
    fused16 fnmsub.h, 0xd3bf, 0xeaef, 0xe0cf, rtz, 0xfbff, 5
    fused16 fnmsub.h, 0x8825, 0x26de, 0x8604, rmm, 0x85cb, 1
    fused16 fnmsub.h, 0x8825, 0x26de, 0x8604, rne, 0x85cb, 1
    fused16 fnmsub.h, 0xdf70, 0x70ac, 0xc6c9, rtz, 0x7bff, 5
    fused16 fnmsub.h, 0xdf70, 0x70ac, 0xc6c9, rne, 0x7c00, 5
    fused16 fnmsub.h, 0x3c01, 0x3c01, 0xbc02, rtz, 0xc002, 1
    fused16 fnmsub.h, 0x3c01, 0x3c01, 0xbc02, rmm, 0xc002, 1
    fused16 fnmadd.h, 0xfbff, 0x7c01, 0x6bff, rne, 0x7e00, 16
    fused16 fnmadd.h, 0xfbff, 0x7c01, 0x6bff, rmm, 0x7e00, 16
    fused16 fnmadd.h, 0x3c01, 0x2c00, 0x7c00, rmm, 0xfc00, 0
    fused16 fnmadd.h, 0x3c01, 0x2c00, 0x7c00, rup, 0xfc00, 0
    fused16 fnmadd.h, 0x8555, 0x3555, 0x8001, rmm, 0x1c8, 3
    fused16 fnmadd.h, 0x8555, 0x3555, 0x8001, rne, 0x1c8, 3
    fused16 fnmadd.h, 0x3bff, 0x401, 0x3c00, rne, 0xbc00, 1
    fused16 fnmadd.h, 0x3bff, 0x401, 0x3c00, rmm, 0xbc00, 1
    fused16 fnmadd.h, 0x81f9, 0x73c1, 0x8fcd, rne, 0x37a8, 1
    fused16 fnmadd.h, 0x81f9, 0x73c1, 0x8fcd, rmm, 0x37a8, 1
    fused16 fnmadd.h, 0x7178, 0x535b, 0x9cce, rmm, 0xfc00, 5
    fused16 fnmadd.h, 0x7178, 0x535b, 0x9cce, rtz, 0xfbff, 5
    fused16 fnmadd.h, 0xb156, 0x46f5, 0x73cc, rmm, 0xf3cc, 1
    fused16 fnmadd.h, 0xb156, 0x46f5, 0x73cc, rup, 0xf3cb, 1
    fused16 fnmadd.h, 0x3c01, 0x3c01, 0xbc02, rmm, 0x8010, 0
    fused16 fnmadd.h, 0x3c01, 0x3c01, 0xbc02, rdn, 0x8010, 0
    tointeger16 fcvt.w.h, 0, rmm, 0, 0
    tointeger16 fcvt.w.h, 0, rtz, 0, 0
    tointeger16 fcvt.w.h, 0x3800, rup, 0x1, 1
    tointeger16 fcvt.w.h, 0x3800, rtz, 0, 1
    tointeger16 fcvt.w.h, 0xb800, rup, 0, 1
    tointeger16 fcvt.w.h, 0xb800, rne, 0, 1
    tointeger16 fcvt.w.h, 0x3e00, rup, 0x2, 1
    tointeger16 fcvt.w.h, 0x3e00, rmm, 0x2, 1
    tointeger16 fcvt.w.h, 0x4100, rdn, 0x2, 1
    tointeger16 fcvt.w.h, 0x4100, rne, 0x2, 1
    tointeger16 fcvt.w.h, 0xc100, rtz, 0xfffffffffffffffe, 1
    tointeger16 fcvt.w.h, 0xc100, rup, 0xfffffffffffffffe, 1
    tointeger16 fcvt.w.h, 0x7bff, rne, 0xffe0, 0
    tointeger16 fcvt.w.h, 0x7bff, rtz, 0xffe0, 0
    tointeger16 fcvt.w.h, 0xfbff, rdn, 0xffffffffffff0020, 0
    tointeger16 fcvt.w.h, 0xfbff, rne, 0xffffffffffff0020, 0
    tointeger16 fcvt.w.h, 0x7c00, rtz, 0x7fffffff, 16
    tointeger16 fcvt.w.h, 0x7c00, rdn, 0x7fffffff, 16
    tointeger16 fcvt.w.h, 0xfc00, rtz, 0xffffffff80000000, 16
    tointeger16 fcvt.w.h, 0xfc00, rdn, 0xffffffff80000000, 16
    tointeger16 fcvt.w.h, 0x7e00, rtz, 0x7fffffff, 16
    tointeger16 fcvt.w.h, 0x7e00, rup, 0x7fffffff, 16
    tointeger16 fcvt.w.h, 0x1, rtz, 0, 1
    tointeger16 fcvt.w.h, 0x1, rne, 0, 1
    tointeger16 fcvt.w.h, 0x8001, rup, 0, 1
    tointeger16 fcvt.w.h, 0x8001, rmm, 0, 1
    frominteger16 fcvt.h.w, 0, rtz, 0, 0
    frominteger16 fcvt.h.w, 0, rmm, 0, 0
    frominteger16 fcvt.h.w, 0x1, rtz, 0x3c00, 0
    frominteger16 fcvt.h.w, 0x1, rup, 0x3c00, 0
    frominteger16 fcvt.h.w, 0x801, rmm, 0x6801, 1
    frominteger16 fcvt.h.w, 0x801, rup, 0x6801, 1
    frominteger16 fcvt.h.w, 0x803, rdn, 0x6801, 1
    frominteger16 fcvt.h.w, 0x803, rup, 0x6802, 1
    frominteger16 fcvt.h.w, 0xffe0, rtz, 0x7bff, 0
    frominteger16 fcvt.h.w, 0xffe0, rdn, 0x7bff, 0
    frominteger16 fcvt.h.w, 0xffef, rdn, 0x7bff, 1
    frominteger16 fcvt.h.w, 0xffef, rne, 0x7bff, 1
    frominteger16 fcvt.h.w, 0xfff0, rdn, 0x7bff, 1
    frominteger16 fcvt.h.w, 0xfff0, rne, 0x7c00, 5
    frominteger16 fcvt.h.w, 0xffffffffffffffff, rdn, 0xbc00, 0
    frominteger16 fcvt.h.w, 0xffffffffffffffff, rup, 0xbc00, 0
    frominteger16 fcvt.h.w, 0x80000000, rup, 0xfbff, 5
    frominteger16 fcvt.h.w, 0x80000000, rne, 0xfc00, 5
    frominteger16 fcvt.h.w, 0x8000000000000000, rup, 0, 0
    frominteger16 fcvt.h.w, 0x8000000000000000, rdn, 0, 0
    frominteger16 fcvt.h.w, 0xfffffffffffff7ff, rmm, 0xe801, 1
    frominteger16 fcvt.h.w, 0xfffffffffffff7ff, rdn, 0xe801, 1
    tointeger16 fcvt.wu.h, 0, rmm, 0, 0
    tointeger16 fcvt.wu.h, 0, rne, 0, 0
    tointeger16 fcvt.wu.h, 0x3800, rne, 0, 1
    tointeger16 fcvt.wu.h, 0x3800, rtz, 0, 1
    tointeger16 fcvt.wu.h, 0xb800, rne, 0, 1
    tointeger16 fcvt.wu.h, 0xb800, rmm, 0, 16
    tointeger16 fcvt.wu.h, 0x3e00, rdn, 0x1, 1
    tointeger16 fcvt.wu.h, 0x3e00, rmm, 0x2, 1
    tointeger16 fcvt.wu.h, 0x4100, rne, 0x2, 1
    tointeger16 fcvt.wu.h, 0x4100, rtz, 0x2, 1
    tointeger16 fcvt.wu.h, 0xc100, rdn, 0, 16
    tointeger16 fcvt.wu.h, 0xc100, rtz, 0, 16
    tointeger16 fcvt.wu.h, 0x7bff, rup, 0xffe0, 0
    tointeger16 fcvt.wu.h, 0x7bff, rdn, 0xffe0, 0
    tointeger16 fcvt.wu.h, 0xfbff, rup, 0, 16
    tointeger16 fcvt.wu.h, 0xfbff, rtz, 0, 16
    tointeger16 fcvt.wu.h, 0x7c00, rmm, 0xffffffffffffffff, 16
    tointeger16 fcvt.wu.h, 0x7c00, rup, 0xffffffffffffffff, 16
    tointeger16 fcvt.wu.h, 0xfc00, rdn, 0, 16
    tointeger16 fcvt.wu.h, 0xfc00, rne, 0, 16
    tointeger16 fcvt.wu.h, 0x7e00, rdn, 0xffffffffffffffff, 16
    tointeger16 fcvt.wu.h, 0x7e00, rne, 0xffffffffffffffff, 16
    tointeger16 fcvt.wu.h, 0x1, rtz, 0, 1
    tointeger16 fcvt.wu.h, 0x1, rup, 0x1, 1
    tointeger16 fcvt.wu.h, 0x8001, rne, 0, 1
    tointeger16 fcvt.wu.h, 0x8001, rdn, 0, 16
    frominteger16 fcvt.h.wu, 0, rne, 0, 0
    frominteger16 fcvt.h.wu, 0, rmm, 0, 0
    frominteger16 fcvt.h.wu, 0x1, rdn, 0x3c00, 0
    frominteger16 fcvt.h.wu, 0x1, rne, 0x3c00, 0
    frominteger16 fcvt.h.wu, 0x801, rmm, 0x6801, 1
    frominteger16 fcvt.h.wu, 0x801, rtz, 0x6800, 1
    frominteger16 fcvt.h.wu, 0x803, rne, 0x6802, 1
    frominteger16 fcvt.h.wu, 0x803, rdn, 0x6801, 1
    frominteger16 fcvt.h.wu, 0xffe0, rne, 0x7bff, 0
    frominteger16 fcvt.h.wu, 0xffe0, rup, 0x7bff, 0
    frominteger16 fcvt.h.wu, 0xffef, rne, 0x7bff, 1
    frominteger16 fcvt.h.wu, 0xffef, rdn, 0x7bff, 1
    frominteger16 fcvt.h.wu, 0xfff0, rmm, 0x7c00, 5
    frominteger16 fcvt.h.wu, 0xfff0, rup, 0x7c00, 5
    frominteger16 fcvt.h.wu, 0xffffffffffffffff, rdn, 0x7bff, 5
    frominteger16 fcvt.h.wu, 0xffffffffffffffff, rtz, 0x7bff, 5
    frominteger16 fcvt.h.wu, 0x80000000, rne, 0x7c00, 5
    frominteger16 fcvt.h.wu, 0x80000000, rtz, 0x7bff, 5
    frominteger16 fcvt.h.wu, 0x8000000000000000, rne, 0, 0
    frominteger16 fcvt.h.wu, 0x8000000000000000, rtz, 0, 0
    frominteger16 fcvt.h.wu, 0xfffffffffffff7ff, rdn, 0x7bff, 5
    frominteger16 fcvt.h.wu, 0xfffffffffffff7ff, rne, 0x7c00, 5
    tointeger16 fcvt.l.h, 0, rtz, 0, 0
    tointeger16 fcvt.l.h, 0, rmm, 0, 0
    tointeger16 fcvt.l.h, 0x3800, rdn, 0, 1
    tointeger16 fcvt.l.h, 0x3800, rmm, 0x1, 1
    tointeger16 fcvt.l.h, 0xb800, rmm, 0xffffffffffffffff, 1
    tointeger16 fcvt.l.h, 0xb800, rtz, 0, 1
    tointeger16 fcvt.l.h, 0x3e00, rdn, 0x1, 1
    tointeger16 fcvt.l.h, 0x3e00, rup, 0x2, 1
    tointeger16 fcvt.l.h, 0x4100, rmm, 0x3, 1
    tointeger16 fcvt.l.h, 0x4100, rtz, 0x2, 1
    tointeger16 fcvt.l.h, 0xc100, rdn, 0xfffffffffffffffd, 1
    tointeger16 fcvt.l.h, 0xc100, rmm, 0xfffffffffffffffd, 1
    tointeger16 fcvt.l.h, 0x7bff, rne, 0xffe0, 0
    tointeger16 fcvt.l.h, 0x7bff, rdn, 0xffe0, 0
    tointeger16 fcvt.l.h, 0xfbff, rne, 0xffffffffffff0020, 0
    tointeger16 fcvt.l.h, 0xfbff, rmm, 0xffffffffffff0020, 0
    tointeger16 fcvt.l.h, 0x7c00, rne, 0x7fffffffffffffff, 16
    tointeger16 fcvt.l.h, 0x7c00, rtz, 0x7fffffffffffffff, 16
    tointeger16 fcvt.l.h, 0xfc00, rmm, 0x8000000000000000, 16
    tointeger16 fcvt.l.h, 0xfc00, rup, 0x8000000000000000, 16
    tointeger16 fcvt.l.h, 0x7e00, rtz, 0x7fffffffffffffff, 16
    tointeger16 fcvt.l.h, 0x7e00, rup, 0x7fffffffffffffff, 16
    tointeger16 fcvt.l.h, 0x1, rne, 0, 1
    tointeger16 fcvt.l.h, 0x1, rup, 0x1, 1
    tointeger16 fcvt.l.h, 0x8001, rup, 0, 1
    tointeger16 fcvt.l.h, 0x8001, rmm, 0, 1
    frominteger16 fcvt.h.l, 0, rmm, 0, 0
    frominteger16 fcvt.h.l, 0, rdn, 0, 0
    frominteger16 fcvt.h.l, 0x1, rtz, 0x3c00, 0
    frominteger16 fcvt.h.l, 0x1, rmm, 0x3c00, 0
    frominteger16 fcvt.h.l, 0x801, rdn, 0x6800, 1
    frominteger16 fcvt.h.l, 0x801, rtz, 0x6800, 1
    frominteger16 fcvt.h.l, 0x803, rtz, 0x6801, 1
    frominteger16 fcvt.h.l, 0x803, rup, 0x6802, 1
    frominteger16 fcvt.h.l, 0xffe0, rdn, 0x7bff, 0
    frominteger16 fcvt.h.l, 0xffe0, rne, 0x7bff, 0
    frominteger16 fcvt.h.l, 0xffef, rtz, 0x7bff, 1
    frominteger16 fcvt.h.l, 0xffef, rne, 0x7bff, 1
    frominteger16 fcvt.h.l, 0xfff0, rne, 0x7c00, 5
    frominteger16 fcvt.h.l, 0xfff0, rdn, 0x7bff, 1
    frominteger16 fcvt.h.l, 0xffffffffffffffff, rup, 0xbc00, 0
    frominteger16 fcvt.h.l, 0xffffffffffffffff, rtz, 0xbc00, 0
    frominteger16 fcvt.h.l, 0x80000000, rne, 0x7c00, 5
    frominteger16 fcvt.h.l, 0x80000000, rmm, 0x7c00, 5
    frominteger16 fcvt.h.l, 0x8000000000000000, rup, 0xfbff, 5
    frominteger16 fcvt.h.l, 0x8000000000000000, rdn, 0xfc00, 5
    frominteger16 fcvt.h.l, 0xfffffffffffff7ff, rmm, 0xe801, 1
    frominteger16 fcvt.h.l, 0xfffffffffffff7ff, rtz, 0xe800, 1
    tointeger16 fcvt.lu.h, 0, rdn, 0, 0
    tointeger16 fcvt.lu.h, 0, rne, 0, 0
    tointeger16 fcvt.lu.h, 0x3800, rup, 0x1, 1
    tointeger16 fcvt.lu.h, 0x3800, rtz, 0, 1
    tointeger16 fcvt.lu.h, 0xb800, rtz, 0, 1
    tointeger16 fcvt.lu.h, 0xb800, rdn, 0, 16
    tointeger16 fcvt.lu.h, 0x3e00, rup, 0x2, 1
    tointeger16 fcvt.lu.h, 0x3e00, rne, 0x2, 1
    tointeger16 fcvt.lu.h, 0x4100, rdn, 0x2, 1
    tointeger16 fcvt.lu.h, 0x4100, rmm, 0x3, 1
    tointeger16 fcvt.lu.h, 0xc100, rdn, 0, 16
    tointeger16 fcvt.lu.h, 0xc100, rmm, 0, 16
    tointeger16 fcvt.lu.h, 0x7bff, rtz, 0xffe0, 0
    tointeger16 fcvt.lu.h, 0x7bff, rne, 0xffe0, 0
    tointeger16 fcvt.lu.h, 0xfbff, rdn, 0, 16
    tointeger16 fcvt.lu.h, 0xfbff, rtz, 0, 16
    tointeger16 fcvt.lu.h, 0x7c00, rdn, 0xffffffffffffffff, 16
    tointeger16 fcvt.lu.h, 0x7c00, rtz, 0xffffffffffffffff, 16
    tointeger16 fcvt.lu.h, 0xfc00, rne, 0, 16
    tointeger16 fcvt.lu.h, 0xfc00, rdn, 0, 16
    tointeger16 fcvt.lu.h, 0x7e00, rup, 0xffffffffffffffff, 16
    tointeger16 fcvt.lu.h, 0x7e00, rne, 0xffffffffffffffff, 16
    tointeger16 fcvt.lu.h, 0x1, rup, 0x1, 1
    tointeger16 fcvt.lu.h, 0x1, rdn, 0, 1
    tointeger16 fcvt.lu.h, 0x8001, rmm, 0, 1
    tointeger16 fcvt.lu.h, 0x8001, rtz, 0, 1
    frominteger16 fcvt.h.lu, 0, rtz, 0, 0
    frominteger16 fcvt.h.lu, 0, rne, 0, 0
    frominteger16 fcvt.h.lu, 0x1, rne, 0x3c00, 0
    frominteger16 fcvt.h.lu, 0x1, rdn, 0x3c00, 0
    frominteger16 fcvt.h.lu, 0x801, rne, 0x6800, 1
    frominteger16 fcvt.h.lu, 0x801, rtz, 0x6800, 1
    frominteger16 fcvt.h.lu, 0x803, rup, 0x6802, 1
    frominteger16 fcvt.h.lu, 0x803, rne, 0x6802, 1
    frominteger16 fcvt.h.lu, 0xffe0, rup, 0x7bff, 0
    frominteger16 fcvt.h.lu, 0xffe0, rne, 0x7bff, 0
    frominteger16 fcvt.h.lu, 0xffef, rdn, 0x7bff, 1
    frominteger16 fcvt.h.lu, 0xffef, rmm, 0x7bff, 1
    frominteger16 fcvt.h.lu, 0xfff0, rtz, 0x7bff, 1
    frominteger16 fcvt.h.lu, 0xfff0, rne, 0x7c00, 5
    frominteger16 fcvt.h.lu, 0xffffffffffffffff, rmm, 0x7c00, 5
    frominteger16 fcvt.h.lu, 0xffffffffffffffff, rtz, 0x7bff, 5
    frominteger16 fcvt.h.lu, 0x80000000, rmm, 0x7c00, 5
    frominteger16 fcvt.h.lu, 0x80000000, rup, 0x7c00, 5
    frominteger16 fcvt.h.lu, 0x8000000000000000, rdn, 0x7bff, 5
    frominteger16 fcvt.h.lu, 0x8000000000000000, rup, 0x7c00, 5
    frominteger16 fcvt.h.lu, 0xfffffffffffff7ff, rtz, 0x7bff, 5
    frominteger16 fcvt.h.lu, 0xfffffffffffff7ff, rdn, 0x7bff, 5
    compare16 feq.h, 0, 0x8000, 1, 0
    compare16 flt.h, 0, 0x8000, 0, 0
    compare16 fle.h, 0, 0x8000, 1, 0
    quiet16 fmin.h, 0, 0x8000, 0x8000, 0
    quiet16 fmax.h, 0, 0x8000, 0, 0
    compare16 feq.h, 0x8000, 0, 1, 0
    compare16 flt.h, 0x8000, 0, 0, 0
    compare16 fle.h, 0x8000, 0, 1, 0
    quiet16 fmin.h, 0x8000, 0, 0x8000, 0
    quiet16 fmax.h, 0x8000, 0, 0, 0
    compare16 feq.h, 0x3c00, 0xbc00, 0, 0
    compare16 flt.h, 0x3c00, 0xbc00, 0, 0
    compare16 fle.h, 0x3c00, 0xbc00, 0, 0
    quiet16 fmin.h, 0x3c00, 0xbc00, 0xbc00, 0
    quiet16 fmax.h, 0x3c00, 0xbc00, 0x3c00, 0
    compare16 feq.h, 0xbc00, 0xc000, 0, 0
    compare16 flt.h, 0xbc00, 0xc000, 0, 0
    compare16 fle.h, 0xbc00, 0xc000, 0, 0
    quiet16 fmin.h, 0xbc00, 0xc000, 0xc000, 0
    quiet16 fmax.h, 0xbc00, 0xc000, 0xbc00, 0
    compare16 feq.h, 0x3c00, 0x7e00, 0, 0
    compare16 flt.h, 0x3c00, 0x7e00, 0, 16
    compare16 fle.h, 0x3c00, 0x7e00, 0, 16
    quiet16 fmin.h, 0x3c00, 0x7e00, 0x3c00, 0
    quiet16 fmax.h, 0x3c00, 0x7e00, 0x3c00, 0
    compare16 feq.h, 0x7c01, 0x3c00, 0, 16
    compare16 flt.h, 0x7c01, 0x3c00, 0, 16
    compare16 fle.h, 0x7c01, 0x3c00, 0, 16
    quiet16 fmin.h, 0x7c01, 0x3c00, 0x3c00, 16
    quiet16 fmax.h, 0x7c01, 0x3c00, 0x3c00, 16
    compare16 feq.h, 0x7e00, 0x7e00, 0, 0
    compare16 flt.h, 0x7e00, 0x7e00, 0, 16
    compare16 fle.h, 0x7e00, 0x7e00, 0, 16
    quiet16 fmin.h, 0x7e00, 0x7e00, 0x7e00, 0
    quiet16 fmax.h, 0x7e00, 0x7e00, 0x7e00, 0
    compare16 feq.h, 0x7c00, 0xfc00, 0, 0
    compare16 flt.h, 0x7c00, 0xfc00, 0, 0
    compare16 fle.h, 0x7c00, 0xfc00, 0, 0
    quiet16 fmin.h, 0x7c00, 0xfc00, 0xfc00, 0
    quiet16 fmax.h, 0x7c00, 0xfc00, 0x7c00, 0
    compare16 feq.h, 0x1, 0x2, 0, 0
    compare16 flt.h, 0x1, 0x2, 1, 0
    compare16 fle.h, 0x1, 0x2, 1, 0
    quiet16 fmin.h, 0x1, 0x2, 0x1, 0
    quiet16 fmax.h, 0x1, 0x2, 0x2, 0
    compare16 feq.h, 0x3c00, 0x3c00, 1, 0
    compare16 flt.h, 0x3c00, 0x3c00, 0, 0
    compare16 fle.h, 0x3c00, 0x3c00, 1, 0
    quiet16 fmin.h, 0x3c00, 0x3c00, 0x3c00, 0
    quiet16 fmax.h, 0x3c00, 0x3c00, 0x3c00, 0
    compare16 feq.h, 0x8001, 0x8002, 0, 0
    compare16 flt.h, 0x8001, 0x8002, 0, 0
    compare16 fle.h, 0x8001, 0x8002, 0, 0
    quiet16 fmin.h, 0x8001, 0x8002, 0x8002, 0
    quiet16 fmax.h, 0x8001, 0x8002, 0x8001, 0
    quiet16 fsgnj.h, 0x3c00, 0x8000, 0xbc00, 0
    quiet16 fsgnjn.h, 0x3c00, 0x8000, 0x3c00, 0
    quiet16 fsgnjx.h, 0x3c00, 0x8000, 0xbc00, 0
    quiet16 fsgnj.h, 0xbc00, 0x7c01, 0x3c00, 0
    quiet16 fsgnjn.h, 0xbc00, 0x7c01, 0xbc00, 0
    quiet16 fsgnjx.h, 0xbc00, 0x7c01, 0xbc00, 0
    quiet16 fsgnj.h, 0x7e01, 0x3c00, 0x7e01, 0
    quiet16 fsgnjn.h, 0x7e01, 0x3c00, 0xfe01, 0
    quiet16 fsgnjx.h, 0x7e01, 0x3c00, 0x7e01, 0
    quiet16 fsgnj.h, 0x8001, 0xffff, 0x8001, 0
    quiet16 fsgnjn.h, 0x8001, 0xffff, 0x1, 0
    quiet16 fsgnjx.h, 0x8001, 0xffff, 0x1, 0
    tointeger16_quiet fclass.h, 0xfc00, 0x1, 0
    tointeger16_quiet fclass.h, 0xbc00, 0x2, 0
    tointeger16_quiet fclass.h, 0x8001, 0x4, 0
    tointeger16_quiet fclass.h, 0x8000, 0x8, 0
    tointeger16_quiet fclass.h, 0, 0x10, 0
    tointeger16_quiet fclass.h, 0x1, 0x20, 0
    tointeger16_quiet fclass.h, 0x3c00, 0x40, 0
    tointeger16_quiet fclass.h, 0x7c00, 0x80, 0
    tointeger16_quiet fclass.h, 0x7c01, 0x100, 0
    tointeger16_quiet fclass.h, 0x7e00, 0x200, 0

    // What is not boxed is a NaN.
    li a0, 0xffffffffffff0000 ^ 1 << 40
    fmv.d.x fa0, a0
    put16 fa1, 0x3c00
    csrwi fflags, 0
    fadd.h fa3, fa0, fa1
    gives16 0x7e00, 0

    end
