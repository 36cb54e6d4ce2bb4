// Queued and real-time signals: order, values, all 64 of them, and waiting for them.
#include "check.h"

static volatile int calls, signals[64], values[64];

static void note(int signal, siginfo_t *info, void *context)
{
    (void)context;
    signals[calls] = signal;
    values[calls++] = info->si_value.sival_int;
}

// Past the C library, which keeps two numbers for itself.
struct kernel_action {
    void (*handler)(int, siginfo_t *, void *);
    unsigned long flags, mask;
};

int main(void)
{
    siginfo_t info;
    sigset_t set;
    struct timespec none = {0, 0}, moment = {0, 20000000};
    union sigval value;

    // Lowest number first, then in the order of sending; every one arrives.
    sigfillset(&set);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    handle(SIGRTMIN, note, 0);
    handle(SIGRTMIN + 1, note, 0);
    for (int i = 0; i < 5; i++) {
        value.sival_int = i;
        CHECK(sigqueue(getpid(), SIGRTMIN + 1, value) == 0);
        CHECK(sigqueue(getpid(), SIGRTMIN, value) == 0);
    }
    CHECK(calls == 0);
    while (sigtimedwait(&(sigset_t){0}, NULL, &none) == -1 && errno == EINTR)
        ;
    sigset_t one = set_of(SIGRTMIN + 1);
    CHECK(sigtimedwait(&one, &info, &none) == SIGRTMIN + 1);
    CHECK(info.si_code == SI_QUEUE && info.si_value.sival_int == 0 && info.si_pid == getpid());
    sigemptyset(&set);
    CHECK(sigprocmask(SIG_SETMASK, &set, NULL) == 0);
    CHECK(calls == 9);
    // Frames are stacked as the kernel stacks them, so the last one built runs first; each kind is complete.
    int seen[2] = {0, 0};
    for (int i = 0; i < calls; i++)
        seen[signals[i] - SIGRTMIN] += values[i] + 1;
    CHECK(seen[0] == 15 && seen[1] == 14);

    // Every signal can be handled, 32 and 33 and the last one too.
    for (long number = 1; number <= 64; number++) {
        if (number == SIGKILL || number == SIGSTOP)
            continue;
        struct kernel_action action = {note, SA_SIGINFO, 0}, old;
        CHECK(syscall(SYS_rt_sigaction, number, &action, NULL, 8) == 0);
        CHECK(syscall(SYS_rt_sigaction, number, NULL, &old, 8) == 0 && old.handler == note && old.flags == SA_SIGINFO);
        calls = 0;
        CHECK(syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), number) == 0);
        CHECK(calls == 1 && signals[0] == number);
        CHECK(kill(getpid(), number) == 0);
        CHECK(calls == 2 && signals[1] == number);
    }

    // Waiting: for one that is there, one that comes, one that does not; a fault's signal too.
    int kinds[] = {SIGUSR1, SIGSEGV, SIGTRAP, SIGBUS, SIGRTMAX};
    for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        set = set_of(kinds[i]);
        CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
        CHECK(sigtimedwait(&set, &info, &moment) == -1 && errno == EAGAIN);
        raise(kinds[i]);
        CHECK(sigtimedwait(&set, &info, &moment) == kinds[i] && info.si_signo == kinds[i]);
        pid_t child = fork();
        if (child == 0) {
            usleep(20000);
            value.sival_int = 77;
            sigqueue(getppid(), kinds[i], value);
            _exit(0);
        }
        CHECK(sigwaitinfo(&set, &info) == kinds[i]);
        CHECK(info.si_pid == child && info.si_code == SI_QUEUE && info.si_value.sival_int == 77);
        CHECK(waitpid(child, NULL, 0) == child);
    }
    CHECK(sigtimedwait(&set, &info, &(struct timespec){0, -1}) == -1 && errno == EINVAL);

    // Those that a fault can be the cause of come first, lowest number first.
    int first[] = {SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV, SIGSYS, SIGHUP, SIGUSR1};
    sigset_t before;
    sigfillset(&set);
    CHECK(sigprocmask(SIG_BLOCK, &set, &before) == 0);
    for (int i = 7; i >= 0; i--)
        raise(first[i]);
    for (int i = 0; i < 8; i++)
        CHECK(sigtimedwait(&set, &info, &none) == first[i] && info.si_signo == first[i]);
    CHECK(sigtimedwait(&set, &info, &none) == -1 && errno == EAGAIN);
    CHECK(sigprocmask(SIG_SETMASK, &before, NULL) == 0);

    // A made-up origin is allowed to oneself only, and then believed.
    handle(SIGSEGV, note, 0);
    set = set_of(SIGSEGV);
    CHECK(sigprocmask(SIG_UNBLOCK, &set, NULL) == 0);
    calls = 0;
    memset(&info, 0, sizeof info);
    info.si_code = SEGV_MAPERR;
    CHECK(syscall(SYS_rt_sigqueueinfo, getpid(), SIGSEGV, &info) == 0 && calls == 1);
    CHECK(syscall(SYS_rt_sigqueueinfo, getppid(), SIGSEGV, &info) == -1 && errno == EPERM);
    return 0;
}
