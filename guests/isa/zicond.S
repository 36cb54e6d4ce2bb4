// Zicond: conditional zeroing (unprivileged manual, "Zicond").
// cc: -nostdlib
#include "check.h"

.macro czero.eqz rd, rs1, rs2
    .insn r 0x33, 5, 7, \rd, \rs1, \rs2
.endm
.macro czero.nez rd, rs1, rs2
    .insn r 0x33, 7, 7, \rd, \rs1, \rs2
.endm

    begin

    two czero.eqz, 0, 0, 0
    two czero.eqz, 0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff
    two czero.eqz, 0x123456789abcdef0, 0xfedcba9876543210, 0x123456789abcdef0
    two czero.eqz, 0x8000000000000000, 0x8000000000000000, 0x8000000000000000
    two czero.eqz, 0x7fffffffffffffff, 0x100000000, 0x7fffffffffffffff
    two czero.eqz, 0xfedcba9876543210, 0x1, 0xfedcba9876543210
    two czero.eqz, 0xdeadbeef0badcafe, 0xffffffffffffffff, 0xdeadbeef0badcafe
    two czero.eqz, 0, 0x8000000000000001, 0
    two czero.eqz, 0xdeadbeef0badcafe, 0x123456789abcdef0, 0xdeadbeef0badcafe
    two czero.eqz, 0, 0xdeadbeef0badcafe, 0
    two czero.eqz, 0x1234, 0, 0
    two czero.eqz, 0xffffffffffffffff, 0x8000000000000000, 0xffffffffffffffff
    two czero.eqz, 0x5, 0x100000000, 0x5
    two czero.nez, 0, 0, 0
    two czero.nez, 0xffffffffffffffff, 0xffffffffffffffff, 0
    two czero.nez, 0x123456789abcdef0, 0xfedcba9876543210, 0
    two czero.nez, 0x8000000000000000, 0x8000000000000000, 0
    two czero.nez, 0x8000000000000001, 0xffffffffffffffff, 0
    two czero.nez, 0xfedcba9876543210, 0x8000000000000000, 0
    two czero.nez, 0x7fffffffffffffff, 0xfedcba9876543210, 0
    two czero.nez, 0x8000000000000001, 0x1, 0
    two czero.nez, 0, 0xdeadbeef0badcafe, 0
    two czero.nez, 0xf0f0f0ff0f0f0f0, 0x7fffffffffffffff, 0
    two czero.nez, 0x1234, 0, 0x1234
    two czero.nez, 0xffffffffffffffff, 0x8000000000000000, 0
    two czero.nez, 0x5, 0x100000000, 0

    end
