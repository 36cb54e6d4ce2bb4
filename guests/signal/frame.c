// The signal frame: where everything is, and that it holds what the registers held.
#include "check.h"

_Static_assert(sizeof(siginfo_t) == 128, "");
_Static_assert(offsetof(ucontext_t, uc_link) == 8, "");
_Static_assert(offsetof(ucontext_t, uc_stack) == 16, "");
_Static_assert(offsetof(ucontext_t, uc_sigmask) == 40, "");
_Static_assert(offsetof(ucontext_t, uc_mcontext) == 176, "");
_Static_assert(offsetof(mcontext_t, __fpregs) == 256, "");
_Static_assert(offsetof(union __riscv_mc_fp_state, __d.__fcsr) == 256, "");
_Static_assert(sizeof(union __riscv_mc_fp_state) == 528, "");
_Static_assert(sizeof(ucontext_t) == 960, "");

static volatile int calls;
static char *volatile here;

static void handler(int signal, siginfo_t *info, void *context)
{
    ucontext_t *uc = context;
    unsigned long *x = uc->uc_mcontext.__gregs;
    uint32_t *trampoline = __builtin_return_address(0);

    CHECK(signal == SIGUSR1);
    CHECK(info->si_signo == SIGUSR1 && info->si_errno == 0 && info->si_code == SI_TKILL);
    CHECK(info->si_pid == getpid() && info->si_uid == getuid());
    CHECK((uintptr_t)info % 16 == 0);
    CHECK((char *)context == (char *)info + 128);
    CHECK(trampoline[0] == 0x08b00893 && trampoline[1] == 0x00000073);
    CHECK(uc->__uc_flags == 0 && uc->uc_link == NULL);
    CHECK(uc->uc_stack.ss_size == 0);
    CHECK(sigismember(&uc->uc_sigmask, SIGUSR2) == 1 && sigismember(&uc->uc_sigmask, SIGUSR1) == 0);
    CHECK((char *)x[0] == here);
    CHECK((char *)context < (char *)x[2]);
    CHECK(x[18] == 0x1111111111111111 && x[27] == 0x2222222222222222);
    CHECK(x[10] == 0 && x[17] == SYS_tgkill);
    CHECK(uc->uc_mcontext.__fpregs.__d.__f[8] == 0x4045000000000000);  // 42.0
    CHECK(uc->uc_mcontext.__fpregs.__d.__f[31] == 0xffffffff3f800000);  // 1.0f, boxed
    CHECK((uc->uc_mcontext.__fpregs.__d.__fcsr & 0xff) == 0x61);
    calls++;
}

int main(void)
{
    sigset_t blocked = set_of(SIGUSR2);
    CHECK(sigprocmask(SIG_BLOCK, &blocked, NULL) == 0);
    handle(SIGUSR1, handler, 0);
    register long a0 asm("a0") = getpid();
    register long a1 asm("a1") = syscall(SYS_gettid);
    register long a2 asm("a2") = SIGUSR1;
    register long a7 asm("a7") = SYS_tgkill;
    long s2, s11, f8, fcsr;
    asm volatile("la t0, 1f\n"
                 "sd t0, %[here]\n"
                 "li t0, 0x61\n"
                 "fscsr t0\n"
                 "li t0, 42\n"
                 "fcvt.d.l f8, t0\n"
                 "li t0, 1\n"
                 "fcvt.s.l f31, t0\n"
                 "li s2, 0x1111111111111111\n"
                 "li s11, 0x2222222222222222\n"
                 "ecall\n"
                 "1: mv %[s2], s2\n"
                 "mv %[s11], s11\n"
                 "fmv.x.d %[f8], f8\n"
                 "frcsr %[fcsr]\n"
                 "fscsr zero\n"
                 : "+r"(a0), [here] "=m"(here), [s2] "=&r"(s2), [s11] "=&r"(s11), [f8] "=&r"(f8), [fcsr] "=&r"(fcsr)
                 : "r"(a1), "r"(a2), "r"(a7)
                 : "t0", "s2", "s11", "f8", "f31", "memory");
    CHECK(a0 == 0 && calls == 1);
    CHECK(s2 == 0x1111111111111111 && s11 == 0x2222222222222222);
    CHECK(f8 == 0x4045000000000000 && fcsr == 0x61);
    return 0;
}
