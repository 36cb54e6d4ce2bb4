// Zbb: basic bit manipulation (unprivileged manual, "B").
// cc: -nostdlib
#include "check.h"
    .option arch, +zbb

    begin

    two andn, 0, 0, 0
    two andn, 0xffffffffffffffff, 0xffffffffffffffff, 0
    two andn, 0x123456789abcdef0, 0xfedcba9876543210, 0x20446088a8cce0
    two andn, 0x8000000000000000, 0x8000000000000000, 0
    two andn, 0, 0x8000000000000000, 0
    two andn, 0x123456789abcdef0, 0xffffffff80000000, 0x1abcdef0
    two andn, 0xdeadbeef0badcafe, 0x8000000000000001, 0x5eadbeef0badcafe
    two andn, 0xfedcba9876543210, 0x8000000000000000, 0x7edcba9876543210
    two andn, 0xf0f0f0ff0f0f0f0, 0xdeadbeef0badcafe, 0x1020100f0503000
    two andn, 0xf0f0f0ff0f0f0f0, 0x100000000, 0xf0f0f0ef0f0f0f0
    two orn, 0, 0, 0xffffffffffffffff
    two orn, 0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff
    two orn, 0x123456789abcdef0, 0xfedcba9876543210, 0x1337577f9bbfdfff
    two orn, 0x8000000000000000, 0x8000000000000000, 0xffffffffffffffff
    two orn, 0x8000000000000001, 0x100000000, 0xfffffffeffffffff
    two orn, 0xf0f0f0ff0f0f0f0, 0xfedcba9876543210, 0xf2f4f6ff9fbfdff
    two orn, 0x7fffffffffffffff, 0x8000000000000000, 0x7fffffffffffffff
    two orn, 0, 0xdeadbeef0badcafe, 0x21524110f4523501
    two orn, 0xdeadbeef0badcafe, 0x100000000, 0xffffffffffffffff
    two orn, 0xfedcba9876543210, 0x8000000000000000, 0xffffffffffffffff
    two xnor, 0, 0, 0xffffffffffffffff
    two xnor, 0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff
    two xnor, 0x123456789abcdef0, 0xfedcba9876543210, 0x1317131f1317131f
    two xnor, 0x8000000000000000, 0x8000000000000000, 0xffffffffffffffff
    two xnor, 0xffffffff80000000, 0xfedcba9876543210, 0xfedcba9809abcdef
    two xnor, 0xff00ff0000ff8001, 0x8000000000000001, 0x80ff00ffff007fff
    two xnor, 0xff00ff0000ff8001, 0xffffffffffffffff, 0xff00ff0000ff8001
    two xnor, 0xf0f0f0ff0f0f0f0, 0xffffffffffffffff, 0xf0f0f0ff0f0f0f0
    two xnor, 0x123456789abcdef0, 0x7fffffffffffffff, 0x923456789abcdef0
    two xnor, 0x123456789abcdef0, 0xf0f0f0ff0f0f0f0, 0xe2c4a68895b3d1ff
    two max, 0, 0, 0
    two max, 0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff
    two max, 0x123456789abcdef0, 0xfedcba9876543210, 0x123456789abcdef0
    two max, 0x8000000000000000, 0x8000000000000000, 0x8000000000000000
    two max, 0x8000000000000000, 0x7fffffffffffffff, 0x7fffffffffffffff
    two max, 0xff00ff0000ff8001, 0x80000000, 0x80000000
    two max, 0x8000000000000000, 0x123456789abcdef0, 0x123456789abcdef0
    two max, 0xf0f0f0ff0f0f0f0, 0x1, 0xf0f0f0ff0f0f0f0
    two max, 0xf0f0f0ff0f0f0f0, 0x8000000000000000, 0xf0f0f0ff0f0f0f0
    two max, 0xff00ff0000ff8001, 0, 0
    two maxu, 0, 0, 0
    two maxu, 0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff
    two maxu, 0x123456789abcdef0, 0xfedcba9876543210, 0xfedcba9876543210
    two maxu, 0x8000000000000000, 0x8000000000000000, 0x8000000000000000
    two maxu, 0xffffffffffffffff, 0xdeadbeef0badcafe, 0xffffffffffffffff
    two maxu, 0x1, 0x123456789abcdef0, 0x123456789abcdef0
    two maxu, 0xf0f0f0ff0f0f0f0, 0xdeadbeef0badcafe, 0xdeadbeef0badcafe
    two maxu, 0xffffffff80000000, 0x8000000000000001, 0xffffffff80000000
    two maxu, 0x8000000000000001, 0x123456789abcdef0, 0x8000000000000001
    two maxu, 0x100000000, 0x8000000000000001, 0x8000000000000001
    two min, 0, 0, 0
    two min, 0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff
    two min, 0x123456789abcdef0, 0xfedcba9876543210, 0xfedcba9876543210
    two min, 0x8000000000000000, 0x8000000000000000, 0x8000000000000000
    two min, 0x123456789abcdef0, 0, 0
    two min, 0x7fffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff
    two min, 0x7fffffffffffffff, 0x8000000000000001, 0x8000000000000001
    two min, 0xdeadbeef0badcafe, 0xff00ff0000ff8001, 0xdeadbeef0badcafe
    two min, 0x7fffffffffffffff, 0, 0
    two min, 0xffffffff80000000, 0xfedcba9876543210, 0xfedcba9876543210
    two minu, 0, 0, 0
    two minu, 0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff
    two minu, 0x123456789abcdef0, 0xfedcba9876543210, 0x123456789abcdef0
    two minu, 0x8000000000000000, 0x8000000000000000, 0x8000000000000000
    two minu, 0, 0x80000000, 0
    two minu, 0xdeadbeef0badcafe, 0x1, 0x1
    two minu, 0xff00ff0000ff8001, 0xffffffff80000000, 0xff00ff0000ff8001
    two minu, 0x1, 0xdeadbeef0badcafe, 0x1
    two minu, 0xffffffffffffffff, 0x8000000000000000, 0x8000000000000000
    two minu, 0x80000000, 0x8000000000000001, 0x80000000
    two rol, 0, 0, 0
    two rol, 0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff
    two rol, 0x123456789abcdef0, 0xfedcba9876543210, 0x56789abcdef01234
    two rol, 0x8000000000000000, 0x8000000000000000, 0x8000000000000000
    two rol, 0xffffffffffffffff, 0x1f, 0xffffffffffffffff
    two rol, 0xffffffff80000000, 0x40, 0xffffffff80000000
    two rol, 0x123456789abcdef0, 0x1, 0x2468acf13579bde0
    two rol, 0x8000000000000000, 0, 0x8000000000000000
    two rol, 0x7fffffffffffffff, 0x1f, 0xffffffffbfffffff
    two rol, 0, 0x20, 0
    two rolw, 0, 0, 0
    two rolw, 0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff
    two rolw, 0x123456789abcdef0, 0xfedcba9876543210, 0xffffffffdef09abc
    two rolw, 0x8000000000000000, 0x8000000000000000, 0
    two rolw, 0xff00ff0000ff8001, 0x20, 0xff8001
    two rolw, 0x123456789abcdef0, 0x20, 0xffffffff9abcdef0
    two rolw, 0x7fffffffffffffff, 0x1f, 0xffffffffffffffff
    two rolw, 0x1, 0x40, 0x1
    two rolw, 0x8000000000000000, 0x21, 0
    two rolw, 0x100000000, 0x20, 0
    two ror, 0, 0, 0
    two ror, 0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff
    two ror, 0x123456789abcdef0, 0xfedcba9876543210, 0xdef0123456789abc
    two ror, 0x8000000000000000, 0x8000000000000000, 0x8000000000000000
    two ror, 0x123456789abcdef0, 0x1f, 0x3579bde02468acf1
    two ror, 0xffffffffffffffff, 0x20, 0xffffffffffffffff
    two ror, 0xff00ff0000ff8001, 0xffffffffffffffff, 0xfe01fe0001ff0003
    two ror, 0x80000000, 0x1, 0x40000000
    two ror, 0, 0x1, 0
    two rorw, 0, 0, 0
    two rorw, 0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff
    two rorw, 0x123456789abcdef0, 0xfedcba9876543210, 0xffffffffdef09abc
    two rorw, 0x8000000000000000, 0x8000000000000000, 0
    two rorw, 0x8000000000000000, 0x21, 0
    two rorw, 0x123456789abcdef0, 0x1f, 0x3579bde1
    two rorw, 0x7fffffffffffffff, 0x40, 0xffffffffffffffff
    two rorw, 0x100000000, 0x3f, 0
    two rorw, 0xdeadbeef0badcafe, 0x40, 0xbadcafe
    two rorw, 0xff00ff0000ff8001, 0x40, 0xff8001
    unary clz, 0, 0x40
    unary clz, 0x1, 0x3f
    unary clz, 0xffffffffffffffff, 0
    unary clz, 0x8000000000000000, 0
    unary clz, 0x7fffffffffffffff, 0x1
    unary clz, 0x80000000, 0x20
    unary clz, 0xffffffff80000000, 0
    unary clz, 0x123456789abcdef0, 0x3
    unary clz, 0xfedcba9876543210, 0
    unary clz, 0xff00ff0000ff8001, 0
    unary clz, 0x100000000, 0x1f
    unary clz, 0xdeadbeef0badcafe, 0
    unary clz, 0x8000000000000001, 0
    unary clz, 0xf0f0f0ff0f0f0f0, 0x4
    unary ctz, 0, 0x40
    unary ctz, 0x1, 0
    unary ctz, 0xffffffffffffffff, 0
    unary ctz, 0x8000000000000000, 0x3f
    unary ctz, 0x7fffffffffffffff, 0
    unary ctz, 0x80000000, 0x1f
    unary ctz, 0xffffffff80000000, 0x1f
    unary ctz, 0x123456789abcdef0, 0x4
    unary ctz, 0xfedcba9876543210, 0x4
    unary ctz, 0xff00ff0000ff8001, 0
    unary ctz, 0x100000000, 0x20
    unary ctz, 0xdeadbeef0badcafe, 0x1
    unary ctz, 0x8000000000000001, 0
    unary ctz, 0xf0f0f0ff0f0f0f0, 0x4
    unary cpop, 0, 0
    unary cpop, 0x1, 0x1
    unary cpop, 0xffffffffffffffff, 0x40
    unary cpop, 0x8000000000000000, 0x1
    unary cpop, 0x7fffffffffffffff, 0x3f
    unary cpop, 0x80000000, 0x1
    unary cpop, 0xffffffff80000000, 0x21
    unary cpop, 0x123456789abcdef0, 0x20
    unary cpop, 0xfedcba9876543210, 0x20
    unary cpop, 0xff00ff0000ff8001, 0x1a
    unary cpop, 0x100000000, 0x1
    unary cpop, 0xdeadbeef0badcafe, 0x2b
    unary cpop, 0x8000000000000001, 0x2
    unary cpop, 0xf0f0f0ff0f0f0f0, 0x20
    unary clzw, 0, 0x20
    unary clzw, 0x1, 0x1f
    unary clzw, 0xffffffffffffffff, 0
    unary clzw, 0x8000000000000000, 0x20
    unary clzw, 0x7fffffffffffffff, 0
    unary clzw, 0x80000000, 0
    unary clzw, 0xffffffff80000000, 0
    unary clzw, 0x123456789abcdef0, 0
    unary clzw, 0xfedcba9876543210, 0x1
    unary clzw, 0xff00ff0000ff8001, 0x8
    unary clzw, 0x100000000, 0x20
    unary clzw, 0xdeadbeef0badcafe, 0x4
    unary clzw, 0x8000000000000001, 0x1f
    unary clzw, 0xf0f0f0ff0f0f0f0, 0
    unary ctzw, 0, 0x20
    unary ctzw, 0x1, 0
    unary ctzw, 0xffffffffffffffff, 0
    unary ctzw, 0x8000000000000000, 0x20
    unary ctzw, 0x7fffffffffffffff, 0
    unary ctzw, 0x80000000, 0x1f
    unary ctzw, 0xffffffff80000000, 0x1f
    unary ctzw, 0x123456789abcdef0, 0x4
    unary ctzw, 0xfedcba9876543210, 0x4
    unary ctzw, 0xff00ff0000ff8001, 0
    unary ctzw, 0x100000000, 0x20
    unary ctzw, 0xdeadbeef0badcafe, 0x1
    unary ctzw, 0x8000000000000001, 0
    unary ctzw, 0xf0f0f0ff0f0f0f0, 0x4
    unary cpopw, 0, 0
    unary cpopw, 0x1, 0x1
    unary cpopw, 0xffffffffffffffff, 0x20
    unary cpopw, 0x8000000000000000, 0
    unary cpopw, 0x7fffffffffffffff, 0x20
    unary cpopw, 0x80000000, 0x1
    unary cpopw, 0xffffffff80000000, 0x1
    unary cpopw, 0x123456789abcdef0, 0x13
    unary cpopw, 0xfedcba9876543210, 0xc
    unary cpopw, 0xff00ff0000ff8001, 0xa
    unary cpopw, 0x100000000, 0
    unary cpopw, 0xdeadbeef0badcafe, 0x13
    unary cpopw, 0x8000000000000001, 0x1
    unary cpopw, 0xf0f0f0ff0f0f0f0, 0x10
    unary sext.b, 0, 0
    unary sext.b, 0x1, 0x1
    unary sext.b, 0xffffffffffffffff, 0xffffffffffffffff
    unary sext.b, 0x8000000000000000, 0
    unary sext.b, 0x7fffffffffffffff, 0xffffffffffffffff
    unary sext.b, 0x80000000, 0
    unary sext.b, 0xffffffff80000000, 0
    unary sext.b, 0x123456789abcdef0, 0xfffffffffffffff0
    unary sext.b, 0xfedcba9876543210, 0x10
    unary sext.b, 0xff00ff0000ff8001, 0x1
    unary sext.b, 0x100000000, 0
    unary sext.b, 0xdeadbeef0badcafe, 0xfffffffffffffffe
    unary sext.b, 0x8000000000000001, 0x1
    unary sext.b, 0xf0f0f0ff0f0f0f0, 0xfffffffffffffff0
    unary sext.h, 0, 0
    unary sext.h, 0x1, 0x1
    unary sext.h, 0xffffffffffffffff, 0xffffffffffffffff
    unary sext.h, 0x8000000000000000, 0
    unary sext.h, 0x7fffffffffffffff, 0xffffffffffffffff
    unary sext.h, 0x80000000, 0
    unary sext.h, 0xffffffff80000000, 0
    unary sext.h, 0x123456789abcdef0, 0xffffffffffffdef0
    unary sext.h, 0xfedcba9876543210, 0x3210
    unary sext.h, 0xff00ff0000ff8001, 0xffffffffffff8001
    unary sext.h, 0x100000000, 0
    unary sext.h, 0xdeadbeef0badcafe, 0xffffffffffffcafe
    unary sext.h, 0x8000000000000001, 0x1
    unary sext.h, 0xf0f0f0ff0f0f0f0, 0xfffffffffffff0f0
    unary zext.h, 0, 0
    unary zext.h, 0x1, 0x1
    unary zext.h, 0xffffffffffffffff, 0xffff
    unary zext.h, 0x8000000000000000, 0
    unary zext.h, 0x7fffffffffffffff, 0xffff
    unary zext.h, 0x80000000, 0
    unary zext.h, 0xffffffff80000000, 0
    unary zext.h, 0x123456789abcdef0, 0xdef0
    unary zext.h, 0xfedcba9876543210, 0x3210
    unary zext.h, 0xff00ff0000ff8001, 0x8001
    unary zext.h, 0x100000000, 0
    unary zext.h, 0xdeadbeef0badcafe, 0xcafe
    unary zext.h, 0x8000000000000001, 0x1
    unary zext.h, 0xf0f0f0ff0f0f0f0, 0xf0f0
    unary orc.b, 0, 0
    unary orc.b, 0x1, 0xff
    unary orc.b, 0xffffffffffffffff, 0xffffffffffffffff
    unary orc.b, 0x8000000000000000, 0xff00000000000000
    unary orc.b, 0x7fffffffffffffff, 0xffffffffffffffff
    unary orc.b, 0x80000000, 0xff000000
    unary orc.b, 0xffffffff80000000, 0xffffffffff000000
    unary orc.b, 0x123456789abcdef0, 0xffffffffffffffff
    unary orc.b, 0xfedcba9876543210, 0xffffffffffffffff
    unary orc.b, 0xff00ff0000ff8001, 0xff00ff0000ffffff
    unary orc.b, 0x100000000, 0xff00000000
    unary orc.b, 0xdeadbeef0badcafe, 0xffffffffffffffff
    unary orc.b, 0x8000000000000001, 0xff000000000000ff
    unary orc.b, 0xf0f0f0ff0f0f0f0, 0xffffffffffffffff
    unary rev8, 0, 0
    unary rev8, 0x1, 0x100000000000000
    unary rev8, 0xffffffffffffffff, 0xffffffffffffffff
    unary rev8, 0x8000000000000000, 0x80
    unary rev8, 0x7fffffffffffffff, 0xffffffffffffff7f
    unary rev8, 0x80000000, 0x8000000000
    unary rev8, 0xffffffff80000000, 0x80ffffffff
    unary rev8, 0x123456789abcdef0, 0xf0debc9a78563412
    unary rev8, 0xfedcba9876543210, 0x1032547698badcfe
    unary rev8, 0xff00ff0000ff8001, 0x180ff0000ff00ff
    unary rev8, 0x100000000, 0x1000000
    unary rev8, 0xdeadbeef0badcafe, 0xfecaad0befbeadde
    unary rev8, 0x8000000000000001, 0x100000000000080
    unary rev8, 0xf0f0f0ff0f0f0f0, 0xf0f0f0f00f0f0f0f
    one rori, 0x8000000000000001, 0, 0x8000000000000001
    one rori, 0x7fffffffffffffff, 0, 0x7fffffffffffffff
    one rori, 0xdeadbeef0badcafe, 1, 0x6f56df7785d6e57f
    one rori, 0, 1, 0
    one rori, 0x123456789abcdef0, 31, 0x3579bde02468acf1
    one rori, 0x80000000, 31, 0x1
    one rori, 0xfedcba9876543210, 32, 0x76543210fedcba98
    one rori, 0x7fffffffffffffff, 32, 0xffffffff7fffffff
    one rori, 0xf0f0f0ff0f0f0f0, 63, 0x1e1e1e1fe1e1e1e0
    one rori, 0x1, 63, 0x2
    one rori, 0x8000000000000000, 17, 0x400000000000
    one rori, 0x8000000000000001, 17, 0xc00000000000
    one roriw, 0x7fffffffffffffff, 0, 0xffffffffffffffff
    one roriw, 0x123456789abcdef0, 0, 0xffffffff9abcdef0
    one roriw, 0x80000000, 0, 0xffffffff80000000
    one roriw, 0, 1, 0
    one roriw, 0x80000000, 1, 0x40000000
    one roriw, 0xdeadbeef0badcafe, 1, 0x5d6e57f
    one roriw, 0xff00ff0000ff8001, 31, 0x1ff0002
    one roriw, 0, 31, 0
    one roriw, 0x8000000000000001, 31, 0x2
    one roriw, 0x100000000, 16, 0
    one roriw, 0xdeadbeef0badcafe, 16, 0xffffffffcafe0bad
    one roriw, 0x8000000000000001, 16, 0x10000

    end
