// Zbkx: crossbar permutations (unprivileged manual, "B").
// cc: -nostdlib
#include "check.h"
    .option arch, +zbkx

    begin

    two xperm8, 0, 0, 0
    two xperm8, 0xffffffffffffffff, 0xffffffffffffffff, 0
    two xperm8, 0x123456789abcdef0, 0xfedcba9876543210, 0
    two xperm8, 0x8000000000000000, 0x8000000000000000, 0
    two xperm8, 0, 0xff00ff0000ff8001, 0
    two xperm8, 0x1, 0xf0f0f0ff0f0f0f0, 0
    two xperm8, 0x80000000, 0xfedcba9876543210, 0
    two xperm8, 0xf0f0f0ff0f0f0f0, 0xfedcba9876543210, 0
    two xperm8, 0xffffffffffffffff, 0x80000000, 0xffffffff00ffffff
    two xperm8, 0x123456789abcdef0, 0xffffffff80000000, 0xf0f0f0
    two xperm8, 0xfedcba9876543210, 0x706050403020100, 0xfedcba9876543210
    two xperm8, 0xfedcba9876543210, 0x800ff0780010207, 0x1000fe003254fe
    two xperm4, 0, 0, 0
    two xperm4, 0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff
    two xperm4, 0x123456789abcdef0, 0xfedcba9876543210, 0x123456789abcdef0
    two xperm4, 0x8000000000000000, 0x8000000000000000, 0
    two xperm4, 0x8000000000000000, 0xdeadbeef0badcafe, 0x800000080
    two xperm4, 0xf0f0f0ff0f0f0f0, 0x1, 0xf
    two xperm4, 0x100000000, 0x8000000000000001, 0x1000000000000000
    two xperm4, 0x8000000000000000, 0x7fffffffffffffff, 0x888888888888888
    two xperm4, 0x1, 0, 0x1111111111111111
    two xperm4, 0xfedcba9876543210, 0x706050403020100, 0x706050403020100
    two xperm4, 0xfedcba9876543210, 0x800ff0780010207, 0x800ff0780010207

    end
