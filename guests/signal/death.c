// Death by signal, as the parent sees it; a core is never dumped.
#include "check.h"

static void ignore_all(void)
{
    for (int number = 1; number <= 64; number++)
        signal(number, SIG_IGN);
}

static void block_all(void)
{
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
}

static void by_term(void)
{
    raise(SIGTERM);
}

static void by_abort(void)
{
    abort();
}

static void by_fault(void)
{
    *(volatile int *)16 = 1;
}

static void by_fault_while_blocked(void)
{
    block_all();
    *(volatile int *)16 = 1;
}

static void by_fault_while_ignored(void)
{
    ignore_all();
    *(volatile int *)16 = 1;
}

static void by_breakpoint_while_ignored(void)
{
    ignore_all();
    asm volatile("ebreak");
}

static void by_illegal(void)
{
    asm volatile(".word 0xffffffff");
}

static void by_bad_return(void)
{
    asm volatile("li sp, 32\n li a7, 139\n ecall");
}

static void by_quit(void)
{
    kill(getpid(), SIGQUIT);
    for (;;)
        pause();
}

static void by_real_time(void)
{
    raise(SIGRTMAX);
}

static void by_kill(void)
{
    block_all();
    kill(getpid(), SIGKILL);
}

static void by_sent_trap(void)
{
    raise(SIGTRAP);
}

static void by_sent_segv(void)
{
    raise(SIGSEGV);
}

static void survives(void)
{
    ignore_all();
    for (int number = 1; number <= 64; number++)
        if (number != SIGKILL && number != SIGSTOP)
            raise(number);
    for (int number = 1; number <= 31; number++)
        signal(number, SIG_DFL);
    raise(SIGCHLD);
    raise(SIGURG);
    raise(SIGWINCH);
    raise(SIGCONT);
    _exit(42);
}

static void exits(void)
{
    syscall(SYS_exit_group, 0x1ff);
}

static void exits_alone(void)
{
    syscall(SYS_exit, 0x107);
}

int main(void)
{
    CHECK(status_of(by_term) == SIGTERM);
    CHECK(status_of(by_abort) == SIGABRT);
    CHECK(status_of(by_fault) == SIGSEGV);
    CHECK(status_of(by_fault_while_blocked) == SIGSEGV);
    CHECK(status_of(by_fault_while_ignored) == SIGSEGV);
    CHECK(status_of(by_breakpoint_while_ignored) == SIGTRAP);
    CHECK(status_of(by_illegal) == SIGILL);
    CHECK(status_of(by_bad_return) == SIGSEGV);
    CHECK(status_of(by_quit) == SIGQUIT);
    CHECK(status_of(by_real_time) == SIGRTMAX);
    CHECK(status_of(by_kill) == SIGKILL);
    CHECK(status_of(by_sent_trap) == SIGTRAP);
    CHECK(status_of(by_sent_segv) == SIGSEGV);
    CHECK(status_of(survives) == 42 << 8);
    CHECK(status_of(exits) == 0xff << 8);
    CHECK(status_of(exits_alone) == 7 << 8);
    return 0;
}
