// While frm holds a reserved mode, instructions that round dynamically are illegal and all others are not (unprivileged manual,
// "Floating-Point Control and Status Register").
// Exit status: the number of the first check that failed, counting from 1.
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <ucontext.h>

static volatile int raised;

static void on_sigill(int signal, siginfo_t *info, void *context)
{
    ucontext_t *user = context;
    raised += signal == SIGILL && info->si_code == ILL_ILLOPC &&
              (uintptr_t)info->si_addr == user->uc_mcontext.__gregs[REG_PC];
    user->uc_mcontext.__gregs[REG_PC] += 4;
}

static int number;

// Runs one instruction with that frm, and tells whether it was illegal as it should be.
#define CHECK(frm_value, illegal, instruction)                                                                         \
    do {                                                                                                               \
        number++;                                                                                                      \
        raised = 0;                                                                                                    \
        asm volatile("csrw frm, %0\n\t" instruction "\n\tcsrwi frm, 0"                                                 \
                     :                                                                                                 \
                     : "r"(frm_value)                                                                                  \
                     : "a0", "fa0", "memory");                                                                         \
        if (raised != (illegal))                                                                                       \
            return number;                                                                                             \
    } while (0)

int main(void)
{
    struct sigaction action = {.sa_sigaction = on_sigill, .sa_flags = SA_SIGINFO};
    sigaction(SIGILL, &action, 0);
    for (int frm = 0; frm < 8; frm++) {
        int reserved = frm > 4;
        CHECK(frm, reserved, "fadd.s fa0, fa1, fa2, dyn");
        CHECK(frm, reserved, "fsub.d fa0, fa1, fa2, dyn");
        CHECK(frm, reserved, "fmul.s fa0, fa1, fa2, dyn");
        CHECK(frm, reserved, "fdiv.d fa0, fa1, fa2, dyn");
        CHECK(frm, reserved, "fsqrt.d fa0, fa1, dyn");
        CHECK(frm, reserved, "fmadd.d fa0, fa1, fa2, fa3, dyn");
        CHECK(frm, reserved, "fnmsub.s fa0, fa1, fa2, fa3, dyn");
        CHECK(frm, reserved, "fcvt.w.d a0, fa1, dyn");
        CHECK(frm, reserved, "fcvt.lu.s a0, fa1, dyn");
        CHECK(frm, reserved, "fcvt.s.l fa0, a1, dyn");
        CHECK(frm, reserved, "fcvt.s.d fa0, fa1, dyn");
        // Exact conversions too, if they say dynamic: the field is decoded as usual.
        CHECK(frm, reserved, ".insn r OP_FP, 7, 0x69, fa0, a1, x0"); // fcvt.d.w
        CHECK(frm, reserved, ".insn r OP_FP, 7, 0x21, fa0, fa1, f0"); // fcvt.d.s

        CHECK(frm, 0, "fadd.s fa0, fa1, fa2, rtz");
        CHECK(frm, 0, "fadd.d fa0, fa1, fa2, rmm");
        CHECK(frm, 0, "fmadd.d fa0, fa1, fa2, fa3, rup");
        CHECK(frm, 0, "fcvt.w.d a0, fa1, rtz");
        CHECK(frm, 0, "fcvt.d.w fa0, a1");
        CHECK(frm, 0, "fcvt.d.s fa0, fa1");
        CHECK(frm, 0, "fmin.s fa0, fa1, fa2");
        CHECK(frm, 0, "fmax.d fa0, fa1, fa2");
        CHECK(frm, 0, "fsgnj.d fa0, fa1, fa2");
        CHECK(frm, 0, "feq.d a0, fa1, fa2");
        CHECK(frm, 0, "flt.s a0, fa1, fa2");
        CHECK(frm, 0, "fclass.s a0, fa1");
        CHECK(frm, 0, "fmv.x.d a0, fa1");
        CHECK(frm, 0, "fmv.w.x fa0, a1");
        CHECK(frm, 0, "frflags a0");
    }
    // The static modes that are reserved, whatever frm is.
    for (int frm = 0; frm < 8; frm++) {
        CHECK(frm, 1, ".insn r OP_FP, 5, 0x00, fa0, fa1, fa2");
        CHECK(frm, 1, ".insn r OP_FP, 6, 0x01, fa0, fa1, fa2");
        CHECK(frm, 1, ".insn r OP_FP, 5, 0x69, fa0, a1, x0");
        CHECK(frm, 1, ".insn r OP_FP, 6, 0x21, fa0, fa1, f0");
        CHECK(frm, 1, ".insn r4 MADD, 5, 0, fa0, fa1, fa2, fa3");
    }
    return 0;
}
