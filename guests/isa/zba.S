// Zba: address generation (unprivileged manual, "B").
// cc: -nostdlib
#include "check.h"
    .option arch, +zba

    begin

    two add.uw, 0, 0, 0
    two add.uw, 0xffffffffffffffff, 0xffffffffffffffff, 0xfffffffe
    two add.uw, 0x123456789abcdef0, 0xfedcba9876543210, 0xfedcba9911111100
    two add.uw, 0x8000000000000000, 0x8000000000000000, 0x8000000000000000
    two add.uw, 0xff00ff0000ff8001, 0xffffffff80000000, 0xffffffff80ff8001
    two add.uw, 0xfedcba9876543210, 0xf0f0f0ff0f0f0f0, 0xf0f0f1067452300
    two add.uw, 0x123456789abcdef0, 0x1, 0x9abcdef1
    two add.uw, 0xff00ff0000ff8001, 0x8000000000000000, 0x8000000000ff8001
    two add.uw, 0xff00ff0000ff8001, 0x8000000000000001, 0x8000000000ff8002
    two add.uw, 0x8000000000000000, 0xffffffffffffffff, 0xffffffffffffffff
    two sh1add, 0, 0, 0
    two sh1add, 0xffffffffffffffff, 0xffffffffffffffff, 0xfffffffffffffffd
    two sh1add, 0x123456789abcdef0, 0xfedcba9876543210, 0x23456789abcdeff0
    two sh1add, 0x8000000000000000, 0x8000000000000000, 0x8000000000000000
    two sh1add, 0xdeadbeef0badcafe, 0x80000000, 0xbd5b7dde975b95fc
    two sh1add, 0xffffffffffffffff, 0xdeadbeef0badcafe, 0xdeadbeef0badcafc
    two sh1add, 0x7fffffffffffffff, 0, 0xfffffffffffffffe
    two sh1add, 0x100000000, 0xff00ff0000ff8001, 0xff00ff0200ff8001
    two sh1add, 0x100000000, 0x123456789abcdef0, 0x1234567a9abcdef0
    two sh1add, 0xdeadbeef0badcafe, 0xff00ff0000ff8001, 0xbc5c7cde185b15fd
    two sh2add, 0, 0, 0
    two sh2add, 0xffffffffffffffff, 0xffffffffffffffff, 0xfffffffffffffffb
    two sh2add, 0x123456789abcdef0, 0xfedcba9876543210, 0x47ae147ae147add0
    two sh2add, 0x8000000000000000, 0x8000000000000000, 0x8000000000000000
    two sh2add, 0x123456789abcdef0, 0, 0x48d159e26af37bc0
    two sh2add, 0x7fffffffffffffff, 0xfedcba9876543210, 0xfedcba987654320c
    two sh2add, 0xfedcba9876543210, 0x8000000000000000, 0x7b72ea61d950c840
    two sh2add, 0xffffffffffffffff, 0x1, 0xfffffffffffffffd
    two sh2add, 0x8000000000000000, 0xffffffffffffffff, 0xffffffffffffffff
    two sh2add, 0, 0xffffffff80000000, 0xffffffff80000000
    two sh3add, 0, 0, 0
    two sh3add, 0xffffffffffffffff, 0xffffffffffffffff, 0xfffffffffffffff7
    two sh3add, 0x123456789abcdef0, 0xfedcba9876543210, 0x907f6e5d4c3b2990
    two sh3add, 0x8000000000000000, 0x8000000000000000, 0x8000000000000000
    two sh3add, 0xffffffffffffffff, 0x7fffffffffffffff, 0x7ffffffffffffff7
    two sh3add, 0x8000000000000000, 0x100000000, 0x100000000
    two sh3add, 0x7fffffffffffffff, 0xfedcba9876543210, 0xfedcba9876543208
    two sh3add, 0x7fffffffffffffff, 0x123456789abcdef0, 0x123456789abcdee8
    two sh3add, 0x1, 0x7fffffffffffffff, 0x8000000000000007
    two sh3add, 0xdeadbeef0badcafe, 0xffffffffffffffff, 0xf56df7785d6e57ef
    two sh1add.uw, 0, 0, 0
    two sh1add.uw, 0xffffffffffffffff, 0xffffffffffffffff, 0x1fffffffd
    two sh1add.uw, 0x123456789abcdef0, 0xfedcba9876543210, 0xfedcba99abcdeff0
    two sh1add.uw, 0x8000000000000000, 0x8000000000000000, 0x8000000000000000
    two sh1add.uw, 0x7fffffffffffffff, 0x123456789abcdef0, 0x1234567a9abcdeee
    two sh1add.uw, 0x123456789abcdef0, 0x1, 0x13579bde1
    two sh1add.uw, 0xf0f0f0ff0f0f0f0, 0xff00ff0000ff8001, 0xff00ff01e2e161e1
    two sh1add.uw, 0xfedcba9876543210, 0xff00ff0000ff8001, 0xff00ff00eda7e421
    two sh1add.uw, 0x8000000000000001, 0x100000000, 0x100000002
    two sh1add.uw, 0x123456789abcdef0, 0xf0f0f0ff0f0f0f0, 0xf0f0f11266aaed0
    two sh2add.uw, 0, 0, 0
    two sh2add.uw, 0xffffffffffffffff, 0xffffffffffffffff, 0x3fffffffb
    two sh2add.uw, 0x123456789abcdef0, 0xfedcba9876543210, 0xfedcba9ae147add0
    two sh2add.uw, 0x8000000000000000, 0x8000000000000000, 0x8000000000000000
    two sh2add.uw, 0x8000000000000000, 0x80000000, 0x80000000
    two sh2add.uw, 0xff00ff0000ff8001, 0x80000000, 0x83fe0004
    two sh2add.uw, 0x100000000, 0xf0f0f0ff0f0f0f0, 0xf0f0f0ff0f0f0f0
    two sh2add.uw, 0x100000000, 0xfedcba9876543210, 0xfedcba9876543210
    two sh2add.uw, 0x123456789abcdef0, 0xf0f0f0ff0f0f0f0, 0xf0f0f125be46cb0
    two sh2add.uw, 0xfedcba9876543210, 0xdeadbeef0badcafe, 0xdeadbef0e4fe933e
    two sh3add.uw, 0, 0, 0
    two sh3add.uw, 0xffffffffffffffff, 0xffffffffffffffff, 0x7fffffff7
    two sh3add.uw, 0x123456789abcdef0, 0xfedcba9876543210, 0xfedcba9d4c3b2990
    two sh3add.uw, 0x8000000000000000, 0x8000000000000000, 0x8000000000000000
    two sh3add.uw, 0x8000000000000000, 0xdeadbeef0badcafe, 0xdeadbeef0badcafe
    two sh3add.uw, 0xdeadbeef0badcafe, 0x8000000000000000, 0x800000005d6e57f0
    two sh3add.uw, 0x123456789abcdef0, 0xff00ff0000ff8001, 0xff00ff04d6e67781
    two sh3add.uw, 0xffffffff80000000, 0x8000000000000001, 0x8000000400000001
    two sh3add.uw, 0xffffffff80000000, 0x123456789abcdef0, 0x1234567c9abcdef0
    two sh3add.uw, 0x123456789abcdef0, 0x8000000000000001, 0x80000004d5e6f781
    one slli.uw, 0xffffffff80000000, 0, 0x80000000
    one slli.uw, 0x8000000000000001, 0, 0x1
    one slli.uw, 0, 1, 0
    one slli.uw, 0x80000000, 1, 0x100000000
    one slli.uw, 0x80000000, 31, 0x4000000000000000
    one slli.uw, 0, 31, 0
    one slli.uw, 0x123456789abcdef0, 32, 0x9abcdef000000000
    one slli.uw, 0x8000000000000000, 32, 0
    one slli.uw, 0xdeadbeef0badcafe, 63, 0x0
    one slli.uw, 0x1, 63, 0x8000000000000000
    one slli.uw, 0x1, 17, 0x20000
    one slli.uw, 0x80000000, 17, 0x1000000000000

    end
