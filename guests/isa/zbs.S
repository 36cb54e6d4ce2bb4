// Zbs: single bits (unprivileged manual, "B").
// cc: -nostdlib
#include "check.h"
    .option arch, +zbs

    begin

    two bclr, 0, 0, 0
    two bclr, 0xffffffffffffffff, 0xffffffffffffffff, 0x7fffffffffffffff
    two bclr, 0x123456789abcdef0, 0xfedcba9876543210, 0x123456789abcdef0
    two bclr, 0x8000000000000000, 0x8000000000000000, 0x8000000000000000
    two bclr, 0x1, 0x1f, 0x1
    two bclr, 0, 0x40, 0
    two bclr, 0x7fffffffffffffff, 0x3f, 0x7fffffffffffffff
    two bclr, 0x7fffffffffffffff, 0x21, 0x7ffffffdffffffff
    two bclr, 0xdeadbeef0badcafe, 0x40, 0xdeadbeef0badcafe
    two bclr, 0x100000000, 0x7, 0x100000000
    two bext, 0, 0, 0
    two bext, 0xffffffffffffffff, 0xffffffffffffffff, 0x1
    two bext, 0x123456789abcdef0, 0xfedcba9876543210, 0
    two bext, 0x8000000000000000, 0x8000000000000000, 0
    two bext, 0xffffffff80000000, 0x3f, 0x1
    two bext, 0xfedcba9876543210, 0x1f, 0
    two bext, 0xf0f0f0ff0f0f0f0, 0x40, 0
    two bext, 0x7fffffffffffffff, 0x1, 0x1
    two bext, 0x123456789abcdef0, 0x7, 0x1
    two bext, 0x8000000000000001, 0x20, 0
    two binv, 0, 0, 0x1
    two binv, 0xffffffffffffffff, 0xffffffffffffffff, 0x7fffffffffffffff
    two binv, 0x123456789abcdef0, 0xfedcba9876543210, 0x123456789abddef0
    two binv, 0x8000000000000000, 0x8000000000000000, 0x8000000000000001
    two binv, 0x80000000, 0x3f, 0x8000000080000000
    two binv, 0xff00ff0000ff8001, 0xffffffffffffffff, 0x7f00ff0000ff8001
    two binv, 0x1, 0x7, 0x81
    two binv, 0x1, 0x1, 0x3
    two binv, 0x123456789abcdef0, 0x1f, 0x123456781abcdef0
    two binv, 0x80000000, 0x40, 0x80000001
    two bset, 0, 0, 0x1
    two bset, 0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff
    two bset, 0x123456789abcdef0, 0xfedcba9876543210, 0x123456789abddef0
    two bset, 0x8000000000000000, 0x8000000000000000, 0x8000000000000001
    two bset, 0x1, 0x7, 0x81
    two bset, 0x80000000, 0x20, 0x180000000
    two bset, 0x100000000, 0x40, 0x100000001
    two bset, 0x100000000, 0x3f, 0x8000000100000000
    two bset, 0xfedcba9876543210, 0xffffffffffffffff, 0xfedcba9876543210
    two bset, 0x123456789abcdef0, 0x1, 0x123456789abcdef2
    one bclri, 0xfedcba9876543210, 0, 0xfedcba9876543210
    one bclri, 0xf0f0f0ff0f0f0f0, 0, 0xf0f0f0ff0f0f0f0
    one bclri, 0xf0f0f0ff0f0f0f0, 1, 0xf0f0f0ff0f0f0f0
    one bclri, 0xffffffffffffffff, 1, 0xfffffffffffffffd
    one bclri, 0xdeadbeef0badcafe, 31, 0xdeadbeef0badcafe
    one bclri, 0x8000000000000000, 31, 0x8000000000000000
    one bclri, 0x7fffffffffffffff, 32, 0x7ffffffeffffffff
    one bclri, 0xf0f0f0ff0f0f0f0, 32, 0xf0f0f0ef0f0f0f0
    one bclri, 0x80000000, 63, 0x80000000
    one bclri, 0xf0f0f0ff0f0f0f0, 63, 0xf0f0f0ff0f0f0f0
    one bclri, 0xdeadbeef0badcafe, 17, 0xdeadbeef0badcafe
    one bclri, 0xffffffff80000000, 17, 0xffffffff80000000
    one bexti, 0x1, 0, 0x1
    one bexti, 0xf0f0f0ff0f0f0f0, 0, 0
    one bexti, 0x7fffffffffffffff, 1, 0x1
    one bexti, 0xdeadbeef0badcafe, 1, 0x1
    one bexti, 0xfedcba9876543210, 31, 0
    one bexti, 0x7fffffffffffffff, 31, 0x1
    one bexti, 0x8000000000000000, 32, 0
    one bexti, 0xffffffff80000000, 32, 0x1
    one bexti, 0, 63, 0
    one bexti, 0xf0f0f0ff0f0f0f0, 63, 0
    one bexti, 0x123456789abcdef0, 17, 0
    one bexti, 0xffffffff80000000, 17, 0
    one binvi, 0x80000000, 0, 0x80000001
    one binvi, 0x1, 0, 0
    one binvi, 0x100000000, 1, 0x100000002
    one binvi, 0x1, 1, 0x3
    one binvi, 0x8000000000000000, 31, 0x8000000080000000
    one binvi, 0xffffffff80000000, 31, 0xffffffff00000000
    one binvi, 0x100000000, 32, 0
    one binvi, 0xdeadbeef0badcafe, 32, 0xdeadbeee0badcafe
    one binvi, 0xff00ff0000ff8001, 63, 0x7f00ff0000ff8001
    one binvi, 0xf0f0f0ff0f0f0f0, 63, 0x8f0f0f0ff0f0f0f0
    one binvi, 0x8000000000000000, 17, 0x8000000000020000
    one binvi, 0x1, 17, 0x20001
    one bseti, 0x123456789abcdef0, 0, 0x123456789abcdef1
    one bseti, 0xfedcba9876543210, 0, 0xfedcba9876543211
    one bseti, 0xff00ff0000ff8001, 1, 0xff00ff0000ff8003
    one bseti, 0x123456789abcdef0, 1, 0x123456789abcdef2
    one bseti, 0x100000000, 31, 0x180000000
    one bseti, 0xffffffff80000000, 31, 0xffffffff80000000
    one bseti, 0xffffffff80000000, 32, 0xffffffff80000000
    one bseti, 0x8000000000000001, 32, 0x8000000100000001
    one bseti, 0xdeadbeef0badcafe, 63, 0xdeadbeef0badcafe
    one bseti, 0x8000000000000000, 63, 0x8000000000000000
    one bseti, 0, 17, 0x20000
    one bseti, 0xff00ff0000ff8001, 17, 0xff00ff0000ff8001

    end
