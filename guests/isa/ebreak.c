// ebreak, long and compressed: SIGTRAP with TRAP_BRKPT, si_addr and pc on the instruction, which has then not been executed.
// Exit status: the number of the check that failed.
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <ucontext.h>

extern char brk4[], brk2[];
static volatile uintptr_t expected, length;
static volatile int right;

static void on_sigtrap(int signal, siginfo_t *info, void *context)
{
    ucontext_t *user = context;
    right = signal == SIGTRAP && info->si_code == TRAP_BRKPT && (uintptr_t)info->si_addr == expected &&
            user->uc_mcontext.__gregs[REG_PC] == expected;
    user->uc_mcontext.__gregs[REG_PC] += length;
}

int main(void)
{
    struct sigaction action = {.sa_sigaction = on_sigtrap, .sa_flags = SA_SIGINFO};
    sigaction(SIGTRAP, &action, 0);
    expected = (uintptr_t)brk4;
    length = 4;
    __asm__ volatile(".option push; .option norvc; .globl brk4; brk4: ebreak; .option pop" ::: "memory");
    if (!right)
        return 1;
    right = 0;
    expected = (uintptr_t)brk2;
    length = 2;
    __asm__ volatile(".globl brk2; brk2: c.ebreak" ::: "memory");
    return right ? 0 : 2;
}
