// Checks of floating point: bits in, bits and accrued exceptions out. The suffix is the width of the operands. t0 belongs
// to these macros.

// Puts bits in a floating-point register.
.macro put32 reg, bits
    li t0, \bits
    fmv.w.x \reg, t0
.endm
.macro put64 reg, bits
    li t0, \bits
    fmv.d.x \reg, t0
.endm

// fa3 holds these bits, boxed, and these exceptions are accrued; which are then cleared.
.macro gives32 bits, flags
    fmv.x.d a0, fa3
    expect a0, 0xffffffff00000000 | \bits
    gives \flags
.endm
.macro gives64 bits, flags
    fmv.x.d a0, fa3
    expect a0, \bits
    gives \flags
.endm
.macro gives flags
    csrrwi a0, fflags, 0
    expect a0, \flags
.endm

// The encodings of the rounding modes.
.set is_rne, 0
.set is_rtz, 1
.set is_rdn, 2
.set is_rup, 3
.set is_rmm, 4

// An operation in one rounding mode, static and dynamic, and one whose result is the same in any.
.macro binary32 op, a, b, mode, result, flags
    put32 fa0, \a
    put32 fa1, \b
    csrwi fflags, 0
    \op fa3, fa0, fa1, \mode
    gives32 \result, \flags
    csrwi frm, is_\mode
    \op fa3, fa0, fa1, dyn
    gives32 \result, \flags
    csrwi frm, is_rdn
.endm
.macro binary32_any op, a, b, result, flags
    .irp mode, rne, rtz, rdn, rup, rmm
    binary32 \op, \a, \b, \mode, \result, \flags
    .endr
.endm
.macro unary32 op, a, mode, result, flags
    put32 fa0, \a
    csrwi fflags, 0
    \op fa3, fa0, \mode
    gives32 \result, \flags
    csrwi frm, is_\mode
    \op fa3, fa0, dyn
    gives32 \result, \flags
    csrwi frm, is_rdn
.endm
.macro unary32_any op, a, result, flags
    .irp mode, rne, rtz, rdn, rup, rmm
    unary32 \op, \a, \mode, \result, \flags
    .endr
.endm
.macro fused32 op, a, b, c, mode, result, flags
    put32 fa0, \a
    put32 fa1, \b
    put32 fa2, \c
    csrwi fflags, 0
    \op fa3, fa0, fa1, fa2, \mode
    gives32 \result, \flags
    csrwi frm, is_\mode
    \op fa3, fa0, fa1, fa2, dyn
    gives32 \result, \flags
    csrwi frm, is_rdn
.endm
.macro fused32_any op, a, b, c, result, flags
    .irp mode, rne, rtz, rdn, rup, rmm
    fused32 \op, \a, \b, \c, \mode, \result, \flags
    .endr
.endm
.macro tointeger32 op, a, mode, result, flags
    put32 fa0, \a
    csrwi fflags, 0
    \op a1, fa0, \mode
    integer \result, \flags
    csrwi frm, is_\mode
    \op a1, fa0, dyn
    integer \result, \flags
    csrwi frm, is_rdn
.endm
.macro tointeger32_any op, a, result, flags
    .irp mode, rne, rtz, rdn, rup, rmm
    tointeger32 \op, \a, \mode, \result, \flags
    .endr
.endm
.macro frominteger32 op, a, mode, result, flags
    li a1, \a
    csrwi fflags, 0
    \op fa3, a1, \mode
    gives32 \result, \flags
    csrwi frm, is_\mode
    \op fa3, a1, dyn
    gives32 \result, \flags
    csrwi frm, is_rdn
.endm
.macro frominteger32_any op, a, result, flags
    .irp mode, rne, rtz, rdn, rup, rmm
    frominteger32 \op, \a, \mode, \result, \flags
    .endr
.endm
.macro binary64 op, a, b, mode, result, flags
    put64 fa0, \a
    put64 fa1, \b
    csrwi fflags, 0
    \op fa3, fa0, fa1, \mode
    gives64 \result, \flags
    csrwi frm, is_\mode
    \op fa3, fa0, fa1, dyn
    gives64 \result, \flags
    csrwi frm, is_rdn
.endm
.macro binary64_any op, a, b, result, flags
    .irp mode, rne, rtz, rdn, rup, rmm
    binary64 \op, \a, \b, \mode, \result, \flags
    .endr
.endm
.macro unary64 op, a, mode, result, flags
    put64 fa0, \a
    csrwi fflags, 0
    \op fa3, fa0, \mode
    gives64 \result, \flags
    csrwi frm, is_\mode
    \op fa3, fa0, dyn
    gives64 \result, \flags
    csrwi frm, is_rdn
.endm
.macro unary64_any op, a, result, flags
    .irp mode, rne, rtz, rdn, rup, rmm
    unary64 \op, \a, \mode, \result, \flags
    .endr
.endm
.macro fused64 op, a, b, c, mode, result, flags
    put64 fa0, \a
    put64 fa1, \b
    put64 fa2, \c
    csrwi fflags, 0
    \op fa3, fa0, fa1, fa2, \mode
    gives64 \result, \flags
    csrwi frm, is_\mode
    \op fa3, fa0, fa1, fa2, dyn
    gives64 \result, \flags
    csrwi frm, is_rdn
.endm
.macro fused64_any op, a, b, c, result, flags
    .irp mode, rne, rtz, rdn, rup, rmm
    fused64 \op, \a, \b, \c, \mode, \result, \flags
    .endr
.endm
.macro tointeger64 op, a, mode, result, flags
    put64 fa0, \a
    csrwi fflags, 0
    \op a1, fa0, \mode
    integer \result, \flags
    csrwi frm, is_\mode
    \op a1, fa0, dyn
    integer \result, \flags
    csrwi frm, is_rdn
.endm
.macro tointeger64_any op, a, result, flags
    .irp mode, rne, rtz, rdn, rup, rmm
    tointeger64 \op, \a, \mode, \result, \flags
    .endr
.endm
.macro frominteger64 op, a, mode, result, flags
    li a1, \a
    csrwi fflags, 0
    \op fa3, a1, \mode
    gives64 \result, \flags
    csrwi frm, is_\mode
    \op fa3, a1, dyn
    gives64 \result, \flags
    csrwi frm, is_rdn
.endm
.macro frominteger64_any op, a, result, flags
    .irp mode, rne, rtz, rdn, rup, rmm
    frominteger64 \op, \a, \mode, \result, \flags
    .endr
.endm
.macro narrow op, a, mode, result, flags
    put64 fa0, \a
    csrwi fflags, 0
    \op fa3, fa0, \mode
    gives32 \result, \flags
    csrwi frm, is_\mode
    \op fa3, fa0, dyn
    gives32 \result, \flags
    csrwi frm, is_rdn
.endm
.macro narrow_any op, a, result, flags
    .irp mode, rne, rtz, rdn, rup, rmm
    narrow \op, \a, \mode, \result, \flags
    .endr
.endm

// a1 holds the integer.
.macro integer result, flags
    expect a1, \result
    gives \flags
.endm

// An operation that does not round.
.macro exact op, a, result
    li a1, \a
    csrwi fflags, 0
    \op fa3, a1
    gives64 \result, 0
.endm
.macro widen a, result, flags
    put32 fa0, \a
    csrwi fflags, 0
    fcvt.d.s fa3, fa0
    gives64 \result, \flags
.endm
.macro quiet32 op, a, b, result, flags
    put32 fa0, \a
    put32 fa1, \b
    csrwi fflags, 0
    \op fa3, fa0, fa1
    gives32 \result, \flags
.endm
.macro compare32 op, a, b, result, flags
    put32 fa0, \a
    put32 fa1, \b
    csrwi fflags, 0
    \op a1, fa0, fa1
    integer \result, \flags
.endm
.macro tointeger32_quiet op, a, result, flags
    put32 fa0, \a
    csrwi fflags, 0
    \op a1, fa0
    integer \result, \flags
.endm
.macro quiet64 op, a, b, result, flags
    put64 fa0, \a
    put64 fa1, \b
    csrwi fflags, 0
    \op fa3, fa0, fa1
    gives64 \result, \flags
.endm
.macro compare64 op, a, b, result, flags
    put64 fa0, \a
    put64 fa1, \b
    csrwi fflags, 0
    \op a1, fa0, fa1
    integer \result, \flags
.endm
.macro tointeger64_quiet op, a, result, flags
    put64 fa0, \a
    csrwi fflags, 0
    \op a1, fa0
    integer \result, \flags
.endm

// Half precision: to be used with Zfh on.
.macro put16 reg, bits
    li t0, \bits
    fmv.h.x \reg, t0
.endm
.macro gives16 bits, flags
    fmv.x.d a0, fa3
    expect a0, 0xffffffffffff0000 | \bits
    gives \flags
.endm
.macro binary16 op, a, b, mode, result, flags
    put16 fa0, \a
    put16 fa1, \b
    csrwi fflags, 0
    \op fa3, fa0, fa1, \mode
    gives16 \result, \flags
    csrwi frm, is_\mode
    \op fa3, fa0, fa1, dyn
    gives16 \result, \flags
    csrwi frm, is_rdn
.endm
.macro unary16 op, a, mode, result, flags
    put16 fa0, \a
    csrwi fflags, 0
    \op fa3, fa0, \mode
    gives16 \result, \flags
    csrwi frm, is_\mode
    \op fa3, fa0, dyn
    gives16 \result, \flags
    csrwi frm, is_rdn
.endm
.macro fused16 op, a, b, c, mode, result, flags
    put16 fa0, \a
    put16 fa1, \b
    put16 fa2, \c
    csrwi fflags, 0
    \op fa3, fa0, fa1, fa2, \mode
    gives16 \result, \flags
    csrwi frm, is_\mode
    \op fa3, fa0, fa1, fa2, dyn
    gives16 \result, \flags
    csrwi frm, is_rdn
.endm
.macro tointeger16 op, a, mode, result, flags
    put16 fa0, \a
    csrwi fflags, 0
    \op a1, fa0, \mode
    integer \result, \flags
    csrwi frm, is_\mode
    \op a1, fa0, dyn
    integer \result, \flags
    csrwi frm, is_rdn
.endm
.macro frominteger16 op, a, mode, result, flags
    li a1, \a
    csrwi fflags, 0
    \op fa3, a1, \mode
    gives16 \result, \flags
    csrwi frm, is_\mode
    \op fa3, a1, dyn
    gives16 \result, \flags
    csrwi frm, is_rdn
.endm
.macro quiet16 op, a, b, result, flags
    put16 fa0, \a
    put16 fa1, \b
    csrwi fflags, 0
    \op fa3, fa0, fa1
    gives16 \result, \flags
.endm
.macro compare16 op, a, b, result, flags
    put16 fa0, \a
    put16 fa1, \b
    csrwi fflags, 0
    \op a1, fa0, fa1
    integer \result, \flags
.endm
.macro tointeger16_quiet op, a, result, flags
    put16 fa0, \a
    csrwi fflags, 0
    \op a1, fa0
    integer \result, \flags
.endm
.macro unary16to32 op, a, result, flags
    put16 fa0, \a
    csrwi fflags, 0
    \op fa3, fa0
    gives32 \result, \flags
.endm
.macro unary16to64 op, a, result, flags
    put16 fa0, \a
    csrwi fflags, 0
    \op fa3, fa0
    gives64 \result, \flags
.endm
.macro unary32to16 op, a, mode, result, flags
    put32 fa0, \a
    csrwi fflags, 0
    \op fa3, fa0, \mode
    gives16 \result, \flags
    csrwi frm, is_\mode
    \op fa3, fa0, dyn
    gives16 \result, \flags
    csrwi frm, is_rdn
.endm
.macro unary64to16 op, a, mode, result, flags
    put64 fa0, \a
    csrwi fflags, 0
    \op fa3, fa0, \mode
    gives16 \result, \flags
    csrwi frm, is_\mode
    \op fa3, fa0, dyn
    gives16 \result, \flags
    csrwi frm, is_rdn
.endm
