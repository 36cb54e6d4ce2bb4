// No lost wake-up: a signal that comes just before a blocking call interrupts it. A timer fires at ever other moments
// around the beginning of the call; a miss would sleep for ever.
#include "check.h"

static volatile sig_atomic_t calls;
static sigset_t empty, alarm_set;

static void count(int signal)
{
    (void)signal;
    calls++;
}

static void once(int microseconds)
{
    struct itimerval timer = {.it_value = {0, microseconds}};
    CHECK(setitimer(ITIMER_REAL, &timer, NULL) == 0);
}

static void suspend(void)
{
    CHECK(sigsuspend(&empty) == -1 && errno == EINTR);
}

static void poll_with_mask(void)
{
    CHECK(ppoll(NULL, 0, NULL, &empty) == -1 && errno == EINTR);
}

static void select_with_mask(void)
{
    CHECK(pselect(0, NULL, NULL, NULL, NULL, &empty) == -1 && errno == EINTR);
}

static void epoll_with_mask(void)
{
    static int epoll = -1;
    struct epoll_event event;
    if (epoll < 0)
        epoll = epoll_create1(0);
    CHECK(epoll_pwait(epoll, &event, 1, -1, &empty) == -1 && errno == EINTR);
}

static void wait_for(void)
{
    siginfo_t info;
    CHECK(sigwaitinfo(&alarm_set, &info) == SIGALRM);
    calls++;
}

static int ends[2];
static sigjmp_buf back;

static void jump(int signal)
{
    (void)signal;
    siglongjmp(back, 1);
}

int main(void)
{
    void (*blocking[])(void) = {suspend, poll_with_mask, select_with_mask, epoll_with_mask, wait_for};
    struct timespec start, now;
    sigset_t mask;
    sigemptyset(&empty);
    alarm_set = set_of(SIGALRM);
    alarm(20);  // a hang fails: the timer below takes it away again and again
    signal(SIGALRM, count);
    CHECK(sigprocmask(SIG_BLOCK, &alarm_set, NULL) == 0);
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int round = 0; round < 1500; round++) {
        for (unsigned i = 0; i < sizeof blocking / sizeof *blocking; i++) {
            int before = calls;
            once(1 + round % 120);
            blocking[i]();
            CHECK(calls == before + 1);
            CHECK(sigprocmask(SIG_SETMASK, NULL, &mask) == 0 && sigismember(&mask, SIGALRM) == 1);
        }
        clock_gettime(CLOCK_MONOTONIC, &now);
        if (now.tv_sec - start.tv_sec >= 6)
            break;
    }

    // Open the whole time: a handler that leaves by longjmp gets out of a read that it came before.
    signal(SIGALRM, jump);
    CHECK(pipe(ends) == 0);
    CHECK(sigprocmask(SIG_UNBLOCK, &alarm_set, NULL) == 0);
    for (volatile int round = 0; round < 3000; round++) {
        if (sigsetjmp(back, 1) == 0) {
            char c;
            once(1 + round % 150);
            read(ends[0], &c, 1);
            CHECK(!"reached");
        }
    }
    return 0;
}
