/* PR_SET_SYSCALL_USER_DISPATCH: calls become SIGSYS while the selector says so, and a handler stands in for the kernel. */

#include "check.h"

#include <sys/prctl.h>
#include <ucontext.h>

#define SET 59
#define OFF 0
#define ON 1
#define ALLOW 0
#define BLOCK 1
#define USER_DISPATCH 2

static volatile char selector = ALLOW;
static volatile int caught, number;
static void *volatile where;

static void on_sigsys(int signal, siginfo_t *info, void *context)
{
    ucontext_t *user = context;
    selector = ALLOW;
    if (signal == SIGSYS && info->si_code == USER_DISPATCH && info->si_errno == 0)
        caught++;
    number = info->si_syscall;
    where = info->si_call_addr;
#ifdef __riscv
    CHECK(info->si_arch == 0xc00000f3);
    CHECK(user->uc_mcontext.__gregs[REG_PC] == (unsigned long)info->si_call_addr);
    CHECK(user->uc_mcontext.__gregs[REG_A0] == 7);
    user->uc_mcontext.__gregs[REG_A0] = 42;
#else
    user->uc_mcontext.gregs[REG_RAX] = 42;
#endif
}

/* A call of this code's own; the number is no system call's. */
__attribute__((noinline)) static long call(long which, long argument)
{
#ifdef __riscv
    register long a7 asm("a7") = which;
    register long a0 asm("a0") = argument;
    asm volatile("ecall" : "+r"(a0) : "r"(a7) : "memory");
    return a0;
#else
    long result;
    asm volatile("syscall" : "=a"(result) : "a"(which), "D"(argument) : "rcx", "r11", "memory");
    return result;
#endif
}

static void with_nonsense(void)
{
    prctl(SET, ON, 0L, 0L, &selector);
    selector = 7;
    call(SYS_getppid, 7);
}

static void with_no_selector(void)
{
    prctl(SET, ON, 0L, 0L, NOWHERE);
    call(SYS_getppid, 7);
}

/* A child begins without. */
static void inherits_nothing(void)
{
    caught = 0;
    selector = BLOCK;
    call(SYS_getppid, 7);
    selector = ALLOW;
    if (caught != 0)
        _exit(1);
}

int main(void)
{
    FAILS(prctl(SET, 9, 0L, 0L, 0L), EINVAL);
    FAILS(prctl(SET, OFF, 1L, 0L, 0L), EINVAL);
    FAILS(prctl(SET, OFF, 0L, 0L, &selector), EINVAL);
    FAILS(prctl(SET, ON, 1L, -1L, &selector), EINVAL);
    FAILS(prctl(SET, ON, 0x1000L, 0L, &selector), EINVAL);
    FAILS(prctl(SET, ON, 0L, 0L, OUTSIDE), EFAULT);

    struct sigaction action = { .sa_sigaction = on_sigsys, .sa_flags = SA_SIGINFO };
    CHECK(sigaction(SIGSYS, &action, NULL) == 0);
    CHECK(prctl(SET, ON, 0L, 0L, &selector) == 0);
    CHECK(call(SYS_getppid, 7) == getppid());
    CHECK(caught == 0);
    selector = BLOCK;
    CHECK(call(SYS_getppid, 7) == 42);
    CHECK(caught == 1 && number == SYS_getppid);
    CHECK((char *)where > (char *)call && (char *)where < (char *)call + 64);
    selector = BLOCK;
    CHECK(call(1 << 20, 7) == 42);
    CHECK(caught == 2 && number == 1 << 20);

    CHECK(status_of(inherits_nothing) == 0);
    int status = status_of(with_nonsense);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
    status = status_of(with_no_selector);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);

    /* What is in the range may call whatever the selector says. */
    CHECK(prctl(SET, ON, (unsigned long)call, 64, &selector) == 0);
    selector = BLOCK;
    CHECK(call(SYS_getppid, 7) != 42);
    selector = ALLOW;
    CHECK(caught == 2);
    CHECK(prctl(SET, OFF, 0L, 0L, 0L) == 0);
    return 0;
}
