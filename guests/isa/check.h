// Checks of single instructions, without a C library. A program exits with 0, or with the number of the check that
// failed: its line is the one that this number counts to. 255 stands for all from there on; t5 has the number.
// t5 and t6 belong to the macros.

.set number, 0

// Begins the program.
.macro begin
    .option norelax     // gp is not set
    .text
    .globl _start
_start:
    nop
.endm

// Ends it.
.macro end
    li t5, 0
fail:
    li a0, 255
    bgtu t5, a0, 1f
    mv a0, t5
1:
    li a7, 93
    ecall
.endm

// The next check: reg holds value.
.macro expect reg, value
    .set number, number + 1
    li t5, number
    li t6, \value
    bne \reg, t6, fail
.endm

// op rd, rs1, rs2 gives result, with the destination apart from the sources and among them.
.macro two op, a, b, result
    li a0, \a
    li a1, \b
    \op a2, a0, a1
    expect a2, \result
    \op a1, a0, a1
    bne a1, t6, fail
    li a1, \b
    \op a0, a0, a1
    bne a0, t6, fail
.endm

// op rd, rs1 gives result.
.macro unary op, a, result
    li a0, \a
    \op a2, a0
    expect a2, \result
    \op a0, a0
    bne a0, t6, fail
.endm

// op rd, rs1, immediate gives result.
.macro one op, a, immediate, result
    li a0, \a
    \op a2, a0, \immediate
    expect a2, \result
    \op a0, a0, \immediate
    bne a0, t6, fail
.endm

// A branch is taken (1) or not (0), forwards and backwards.
.macro branch op, a, b, taken
    li a0, \a
    li a1, \b
    li a2, 0
    \op a0, a1, 2f
    j 3f
1:  li a3, 1
    j 4f
2:  li a2, 1
3:  li a3, 0
    \op a0, a1, 1b
4:  expect a2, \taken
    bne a3, t6, fail
.endm
