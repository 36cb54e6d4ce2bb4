// Zbc: carry-less multiplication (unprivileged manual, "B").
// cc: -nostdlib
#include "check.h"
    .option arch, +zbc

    begin

    two clmul, 0, 0, 0
    two clmul, 0xffffffffffffffff, 0xffffffffffffffff, 0x5555555555555555
    two clmul, 0x123456789abcdef0, 0xfedcba9876543210, 0xa0789828c810f00
    two clmul, 0x8000000000000000, 0x8000000000000000, 0x0
    two clmul, 0xffffffff80000000, 0x8000000000000000, 0x0
    two clmul, 0xdeadbeef0badcafe, 0xff00ff0000ff8001, 0x466a0ce4fd78cafe
    two clmul, 0x100000000, 0, 0
    two clmul, 0xff00ff0000ff8001, 0x8000000000000001, 0x7f00ff0000ff8001
    two clmul, 0x1, 0xdeadbeef0badcafe, 0xdeadbeef0badcafe
    two clmul, 0xffffffffffffffff, 0xf0f0f0ff0f0f0f0, 0x505050550505050
    two clmulh, 0, 0, 0
    two clmulh, 0xffffffffffffffff, 0xffffffffffffffff, 0x5555555555555555
    two clmulh, 0x123456789abcdef0, 0xfedcba9876543210, 0xe038d8688850b04
    two clmulh, 0x8000000000000000, 0x8000000000000000, 0x4000000000000000
    two clmulh, 0xff00ff0000ff8001, 0x123456789abcdef0, 0xe1dd007800994c3
    two clmulh, 0x100000000, 0xffffffffffffffff, 0xffffffff
    two clmulh, 0xfedcba9876543210, 0xdeadbeef0badcafe, 0x4aa0ba7b8d281a96
    two clmulh, 0xdeadbeef0badcafe, 0x8000000000000001, 0x6f56df7785d6e57f
    two clmulh, 0xfedcba9876543210, 0x8000000000000000, 0x7f6e5d4c3b2a1908
    two clmulh, 0, 0xff00ff0000ff8001, 0
    two clmulr, 0, 0, 0
    two clmulr, 0xffffffffffffffff, 0xffffffffffffffff, 0xaaaaaaaaaaaaaaaa
    two clmulr, 0x123456789abcdef0, 0xfedcba9876543210, 0x1c071b0d110a1608
    two clmulr, 0x8000000000000000, 0x8000000000000000, 0x8000000000000000
    two clmulr, 0xff00ff0000ff8001, 0x8000000000000000, 0xff00ff0000ff8001
    two clmulr, 0xff00ff0000ff8001, 0xdeadbeef0badcafe, 0x945d763ca5ce7e52
    two clmulr, 0x80000000, 0xf0f0f0ff0f0f0f0, 0xf0f0f0f
    two clmulr, 0x123456789abcdef0, 0xff00ff0000ff8001, 0x1c3ba00f00132987
    two clmulr, 0x1, 0xf0f0f0ff0f0f0f0, 0
    two clmulr, 0xffffffff80000000, 0xfedcba9876543210, 0xab68d3100e2c4a68

    end
