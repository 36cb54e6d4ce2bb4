/* A handler of SIGUSR1 is entered from raise, and a handler of SIGSEGV from a store that faults. Exits with 0 after both. */

#include <setjmp.h>
#include <signal.h>

static sigjmp_buf out;
static volatile int seen;

__attribute__((noinline)) static void handle(int number)
{
    seen++;
    if (number == SIGSEGV)
        siglongjmp(out, 1);
}

__attribute__((noinline)) static void interrupted(void)
{
    raise(SIGUSR1);
}

__attribute__((noinline)) static void faulting(void)
{
    *(volatile int *)0xdead000 = 1;
}

int main(void)
{
    struct sigaction action = { .sa_handler = handle };

    sigaction(SIGUSR1, &action, 0);
    sigaction(SIGSEGV, &action, 0);
    interrupted();
    if (sigsetjmp(out, 1) == 0)
        faulting();
    return seen == 2 ? 0 : 1;
}
