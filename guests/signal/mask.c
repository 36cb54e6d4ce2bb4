// Masks: what a handler blocks, what waits, what a child inherits.
#include "check.h"

static volatile int calls, depth;
static sigset_t seen;

static void look(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)info, (void)context;
    calls++;
    sigprocmask(SIG_SETMASK, NULL, &seen);
}

static void again(int signal, siginfo_t *info, void *context)
{
    (void)info, (void)context;
    calls++;
    if (++depth < 3)
        raise(signal);
    depth--;
}

static void child_of_blocked(void)
{
    sigset_t set;
    // The mask is inherited; what waits is not.
    CHECK(sigprocmask(SIG_SETMASK, NULL, &set) == 0);
    CHECK(sigismember(&set, SIGUSR1) == 1 && sigismember(&set, SIGTRAP) == 1);
    CHECK(sigpending(&set) == 0);
    CHECK(sigismember(&set, SIGUSR1) == 0 && sigismember(&set, SIGTRAP) == 0);
    raise(SIGUSR1);
    CHECK(sigpending(&set) == 0 && sigismember(&set, SIGUSR1) == 1);
}

int main(void)
{
    struct sigaction action, old;
    sigset_t set, before;

    // The handler's mask: the signal itself, sa_mask, and what was blocked before.
    memset(&action, 0, sizeof action);
    action.sa_sigaction = look;
    action.sa_flags = SA_SIGINFO;
    sigaddset(&action.sa_mask, SIGHUP);
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    before = set_of(SIGWINCH);
    CHECK(sigprocmask(SIG_SETMASK, &before, NULL) == 0);
    raise(SIGUSR1);
    CHECK(calls == 1);
    CHECK(sigismember(&seen, SIGUSR1) && sigismember(&seen, SIGHUP) && sigismember(&seen, SIGWINCH));
    CHECK(!sigismember(&seen, SIGUSR2) && !sigismember(&seen, SIGKILL));
    CHECK(sigprocmask(SIG_SETMASK, NULL, &set) == 0);
    CHECK(memcmp(&set, &before, 8) == 0);

    CHECK(sigaction(SIGUSR1, NULL, &old) == 0);
    CHECK(old.sa_sigaction == look && (old.sa_flags & SA_SIGINFO) && sigismember(&old.sa_mask, SIGHUP));

    // SA_NODEFER nests, SA_RESETHAND does it once.
    calls = 0;
    handle(SIGUSR2, again, SA_NODEFER);
    raise(SIGUSR2);
    CHECK(calls == 3);
    calls = 0;
    handle(SIGUSR2, again, 0);
    depth = 2;
    raise(SIGUSR2);
    CHECK(calls == 1);
    handle(SIGCHLD, look, SA_RESETHAND);
    calls = 0;
    raise(SIGCHLD);
    raise(SIGCHLD);
    CHECK(calls == 1);
    CHECK(sigaction(SIGCHLD, NULL, &old) == 0 && old.sa_handler == SIG_DFL);

    // Blocked signals wait, one of a kind; also those that the emulator itself needs.
    int kinds[] = {SIGUSR1, SIGTRAP, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
    for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        int signal = kinds[i];
        handle(signal, look, 0);
        calls = 0;
        set = set_of(signal);
        CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
        kill(getpid(), signal);
        raise(signal);
        CHECK(calls == 0);
        CHECK(sigpending(&set) == 0 && sigismember(&set, signal) == 1);
        set = set_of(signal);
        CHECK(sigprocmask(SIG_UNBLOCK, &set, NULL) == 0);
        CHECK(calls >= 1 && sigismember(&seen, signal));
        CHECK(sigpending(&set) == 0 && sigismember(&set, signal) == 0);
    }

    // A pending signal that becomes ignored is gone.
    set = set_of(SIGUSR1);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    raise(SIGUSR1);
    CHECK(signal(SIGUSR1, SIG_IGN) != SIG_ERR);
    CHECK(sigpending(&set) == 0 && sigismember(&set, SIGUSR1) == 0);

    handle(SIGUSR1, look, 0);
    handle(SIGTRAP, look, 0);
    set = set_of(SIGUSR1);
    sigaddset(&set, SIGTRAP);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    raise(SIGUSR1);
    raise(SIGTRAP);
    CHECK(status_of(child_of_blocked) == 0);

    // What the kernel refuses.
    CHECK(syscall(SYS_rt_sigprocmask, SIG_BLOCK, &set, NULL, 4) == -1 && errno == EINVAL);
    CHECK(syscall(SYS_rt_sigprocmask, 77, &set, NULL, 8) == -1 && errno == EINVAL);
    CHECK(syscall(SYS_rt_sigprocmask, SIG_BLOCK, 16, NULL, 8) == -1 && errno == EFAULT);
    CHECK(syscall(SYS_rt_sigaction, SIGKILL, &action, NULL, 8) == -1 && errno == EINVAL);
    CHECK(syscall(SYS_rt_sigaction, 65, NULL, NULL, 8) == -1 && errno == EINVAL);
    CHECK(syscall(SYS_rt_sigaction, 0, NULL, NULL, 8) == -1 && errno == EINVAL);
    CHECK(syscall(SYS_rt_sigaction, SIGUSR1, 16, NULL, 8) == -1 && errno == EFAULT);
    CHECK(kill(getpid(), 65) == -1 && errno == EINVAL);
    CHECK(kill(getpid(), 0) == 0);
    return 0;
}
