// Handlers that edit what rt_sigreturn restores: pc, registers, floating-point state, the mask.
#include "check.h"

static void skip_illegal(int signal, siginfo_t *info, void *context)
{
    ucontext_t *uc = context;
    CHECK(signal == SIGILL && info->si_code == ILL_ILLOPC);
    CHECK((unsigned long)info->si_addr == uc->uc_mcontext.__gregs[0]);
    uc->uc_mcontext.__gregs[0] += 4;
    uc->uc_mcontext.__gregs[10] = 0x1234567812345678;
    uc->uc_mcontext.__fpregs.__d.__f[10] = 0x4000000000000000;
    uc->uc_mcontext.__fpregs.__d.__fcsr = 0x45;
    sigaddset(&uc->uc_sigmask, SIGUSR2);
}

static sigjmp_buf back;

static void jump(int signal, siginfo_t *info, void *context)
{
    (void)info, (void)context;
    siglongjmp(back, signal);
}

static volatile int nested;

static void inner(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)info, (void)context;
    CHECK(nested == 1);
    nested = 2;
}

static void outer(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)info, (void)context;
    nested = 1;
    raise(SIGUSR2);
    CHECK(nested == 2);
    nested = 3;
}

int main(void)
{
    sigset_t now;
    long value, fp, fcsr;
    handle(SIGILL, skip_illegal, 0);
    asm volatile("li a0, 0\n"
                 "fmv.d.x fa0, zero\n"
                 ".word 0xffffffff\n"
                 "mv %0, a0\n"
                 "fmv.x.d %1, fa0\n"
                 "frcsr %2\n"
                 "fscsr zero\n"
                 : "=r"(value), "=r"(fp), "=r"(fcsr)
                 :
                 : "a0", "fa0", "memory");
    CHECK(value == 0x1234567812345678);
    CHECK(fp == 0x4000000000000000);
    CHECK(fcsr == 0x45);
    CHECK(sigprocmask(SIG_SETMASK, NULL, &now) == 0);
    CHECK(sigismember(&now, SIGUSR2) == 1);
    sigemptyset(&now);
    CHECK(sigprocmask(SIG_SETMASK, &now, NULL) == 0);

    // Out of the handler by siglongjmp, many times: neither the mask nor the stack may drift.
    handle(SIGSEGV, jump, 0);
    for (volatile int i = 0; i < 100; i++) {
        if (sigsetjmp(back, 1) == 0) {
            *(volatile int *)16 = 1;
            CHECK(!"reached");
        }
    }
    CHECK(sigprocmask(SIG_SETMASK, NULL, &now) == 0);
    CHECK(sigismember(&now, SIGSEGV) == 0);

    handle(SIGUSR1, outer, 0);
    handle(SIGUSR2, inner, 0);
    raise(SIGUSR1);
    CHECK(nested == 3);
    return 0;
}
