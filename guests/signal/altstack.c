// The alternate signal stack.
#include "check.h"

static char stack[65536] __attribute__((aligned(16)));
static volatile int calls;

static int is_on_stack(void *p)
{
    return (char *)p > stack && (char *)p <= stack + sizeof stack;
}

static void on(int signal, siginfo_t *info, void *context)
{
    ucontext_t *uc = context;
    stack_t now;
    int local;
    (void)signal;
    CHECK(is_on_stack(&local) && is_on_stack(info));
    CHECK(uc->uc_stack.ss_sp == stack && uc->uc_stack.ss_size == sizeof stack);
    CHECK(sigaltstack(NULL, &now) == 0 && now.ss_flags == SS_ONSTACK);
    now.ss_flags = SS_DISABLE;
    CHECK(sigaltstack(&now, NULL) == -1 && errno == EPERM);
    // Nested, it goes on where it is.
    if (++calls == 1)
        raise(SIGUSR2);
}

static void off(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)context;
    CHECK(!is_on_stack(info));
    calls++;
}

static sigjmp_buf back;

static void overflowed(int signal, siginfo_t *info, void *context)
{
    ucontext_t *uc = context;
    CHECK(signal == SIGSEGV && is_on_stack(&uc));
    CHECK(info->si_code == SEGV_MAPERR || info->si_code == SEGV_ACCERR);
    unsigned long sp = uc->uc_mcontext.__gregs[2];
    CHECK((unsigned long)info->si_addr + 65536 > sp && (unsigned long)info->si_addr < sp + 65536);
    siglongjmp(back, 1);
}

static int recurse(int depth)
{
    volatile char room[4096];
    room[0] = depth;
    return depth < 0 ? 0 : recurse(depth + 1) + room[0];
}

static void autodisarmed(int signal, siginfo_t *info, void *context)
{
    stack_t now;
    (void)signal, (void)context;
    CHECK(is_on_stack(info));
    CHECK(sigaltstack(NULL, &now) == 0 && (now.ss_flags & SS_DISABLE));
    calls++;
}

static void overflow_without_altstack(void)
{
    stack_t none = {.ss_flags = SS_DISABLE};
    CHECK(sigaltstack(&none, NULL) == 0);
    recurse(0);
}

static void raise_again(int signal, siginfo_t *info, void *context)
{
    (void)info, (void)context;
    kill(getpid(), signal);
}

// A handler that interrupts itself until the alternate stack is full: no further frame is built below it.
static void overflow_of_altstack(void)
{
    handle(SIGUSR1, raise_again, SA_ONSTACK | SA_NODEFER);
    raise(SIGUSR1);
}

int main(void)
{
    stack_t now, set = {.ss_sp = stack, .ss_size = sizeof stack};
    CHECK(sigaltstack(NULL, &now) == 0 && now.ss_flags == SS_DISABLE);
    set.ss_size = 1024;
    CHECK(sigaltstack(&set, NULL) == -1 && errno == ENOMEM);
    set.ss_size = sizeof stack;
    set.ss_flags = 64;
    CHECK(sigaltstack(&set, NULL) == -1 && errno == EINVAL);
    set.ss_flags = 0;
    CHECK(sigaltstack(&set, NULL) == 0);
    CHECK(sigaltstack(NULL, &now) == 0);
    CHECK(now.ss_sp == stack && now.ss_size == sizeof stack && now.ss_flags == 0);

    handle(SIGUSR1, on, SA_ONSTACK);
    handle(SIGUSR2, on, SA_ONSTACK);
    raise(SIGUSR1);
    CHECK(calls == 2);
    handle(SIGUSR1, off, 0);
    raise(SIGUSR1);
    CHECK(calls == 3);

    CHECK(WTERMSIG(status_of(overflow_of_altstack)) == SIGSEGV);

    handle(SIGSEGV, overflowed, SA_ONSTACK);
    if (sigsetjmp(back, 1) == 0) {
        recurse(0);
        CHECK(!"reached");
    }
    CHECK(sigaltstack(NULL, &now) == 0 && now.ss_flags == 0);

    handle(SIGUSR1, autodisarmed, SA_ONSTACK);
    set.ss_flags = (int)(1U << 31);
    CHECK(sigaltstack(&set, NULL) == 0);
    calls = 0;
    raise(SIGUSR1);
    CHECK(calls == 1);
    CHECK(sigaltstack(NULL, &now) == 0 && now.ss_flags == (int)(1U << 31));

    // There is no room for a frame on a stack that is full.
    CHECK(WTERMSIG(status_of(overflow_without_altstack)) == SIGSEGV);
    return 0;
}
