// Zbkb: bit manipulation for cryptography (unprivileged manual, "B").
// cc: -nostdlib
#include "check.h"
    .option arch, +zbkb

    begin

    two pack, 0, 0, 0
    two pack, 0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff
    two pack, 0x123456789abcdef0, 0xfedcba9876543210, 0x765432109abcdef0
    two pack, 0x8000000000000000, 0x8000000000000000, 0
    two pack, 0xff00ff0000ff8001, 0x100000000, 0xff8001
    two pack, 0x7fffffffffffffff, 0xffffffff80000000, 0x80000000ffffffff
    two pack, 0xffffffffffffffff, 0x7fffffffffffffff, 0xffffffffffffffff
    two pack, 0x1, 0x123456789abcdef0, 0x9abcdef000000001
    two pack, 0x80000000, 0xf0f0f0ff0f0f0f0, 0xf0f0f0f080000000
    two pack, 0x100000000, 0xffffffffffffffff, 0xffffffff00000000
    two packh, 0, 0, 0
    two packh, 0xffffffffffffffff, 0xffffffffffffffff, 0xffff
    two packh, 0x123456789abcdef0, 0xfedcba9876543210, 0x10f0
    two packh, 0x8000000000000000, 0x8000000000000000, 0
    two packh, 0x7fffffffffffffff, 0xf0f0f0ff0f0f0f0, 0xf0ff
    two packh, 0, 0xfedcba9876543210, 0x1000
    two packh, 0xdeadbeef0badcafe, 0, 0xfe
    two packh, 0xff00ff0000ff8001, 0x7fffffffffffffff, 0xff01
    two packh, 0, 0x1, 0x100
    two packh, 0xffffffff80000000, 0x1, 0x100
    two packw, 0, 0, 0
    two packw, 0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff
    two packw, 0x123456789abcdef0, 0xfedcba9876543210, 0x3210def0
    two packw, 0x8000000000000000, 0x8000000000000000, 0
    two packw, 0x123456789abcdef0, 0x8000000000000001, 0x1def0
    two packw, 0xffffffff80000000, 0x7fffffffffffffff, 0xffffffffffff0000
    two packw, 0xdeadbeef0badcafe, 0x100000000, 0xcafe
    two packw, 0, 0xff00ff0000ff8001, 0xffffffff80010000
    two packw, 0xffffffffffffffff, 0x123456789abcdef0, 0xffffffffdef0ffff
    two packw, 0xdeadbeef0badcafe, 0xffffffff80000000, 0xcafe
    unary brev8, 0, 0
    unary brev8, 0x1, 0x80
    unary brev8, 0xffffffffffffffff, 0xffffffffffffffff
    unary brev8, 0x8000000000000000, 0x100000000000000
    unary brev8, 0x7fffffffffffffff, 0xfeffffffffffffff
    unary brev8, 0x80000000, 0x1000000
    unary brev8, 0xffffffff80000000, 0xffffffff01000000
    unary brev8, 0x123456789abcdef0, 0x482c6a1e593d7b0f
    unary brev8, 0xfedcba9876543210, 0x7f3b5d196e2a4c08
    unary brev8, 0xff00ff0000ff8001, 0xff00ff0000ff0180
    unary brev8, 0x100000000, 0x8000000000
    unary brev8, 0xdeadbeef0badcafe, 0x7bb57df7d0b5537f
    unary brev8, 0x8000000000000001, 0x100000000000080
    unary brev8, 0xf0f0f0ff0f0f0f0, 0xf0f0f0f00f0f0f0f

    end
