// Which calls go on after a handler, and which say EINTR.
#include "check.h"

static volatile int calls;
static int ends[2];

static void count(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)info, (void)context;
    calls++;
}

// Fills the pipe on the second alarm, so that a restarted read has an end.
static void feed(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)info, (void)context;
    if (++calls == 2)
        CHECK(write(ends[1], "x", 1) == 1);
}

static void every(int milliseconds)
{
    struct itimerval timer = {{0, milliseconds * 1000}, {0, milliseconds * 1000}};
    CHECK(setitimer(ITIMER_REAL, &timer, NULL) == 0);
}

static void sleep_and_exit(void)
{
    struct timespec time = {0, 100000000};
    nanosleep(&time, NULL);
    _exit(7);
}

static void nothing(void)
{
}

int main(void)
{
    char c;
    int status;
    struct timespec time = {10, 0}, rest;
    struct pollfd poll_one;
    CHECK(pipe(ends) == 0);
    poll_one = (struct pollfd){.fd = ends[0], .events = POLLIN};

    handle(SIGALRM, feed, SA_RESTART);
    every(20);
    CHECK(read(ends[0], &c, 1) == 1 && calls == 2);

    // wait4 restarts.
    calls = 2;
    handle(SIGALRM, count, SA_RESTART);
    pid_t child = fork();
    if (child == 0)
        sleep_and_exit();
    CHECK(waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 7 && calls > 3);

    // These never do.
    CHECK(poll(&poll_one, 1, 10000) == -1 && errno == EINTR);
    fd_set set;
    FD_ZERO(&set);
    FD_SET(ends[0], &set);
    CHECK(select(ends[0] + 1, &set, NULL, NULL, NULL) == -1 && errno == EINTR);
    int epoll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN};
    CHECK(epoll_ctl(epoll, EPOLL_CTL_ADD, ends[0], &event) == 0);
    CHECK(epoll_wait(epoll, &event, 1, 10000) == -1 && errno == EINTR);
    CHECK(nanosleep(&time, &rest) == -1 && errno == EINTR && rest.tv_sec == 9);
    CHECK(clock_nanosleep(CLOCK_MONOTONIC, 0, &time, &rest) == EINTR && rest.tv_sec == 9);
    sigset_t none, usr = set_of(SIGUSR1);
    sigemptyset(&none);
    CHECK(sigsuspend(&none) == -1 && errno == EINTR);
    CHECK(sigtimedwait(&usr, NULL, &time) == -1 && errno == EINTR);

    // Without SA_RESTART.
    handle(SIGALRM, count, 0);
    CHECK(read(ends[0], &c, 1) == -1 && errno == EINTR);
    child = fork();
    if (child == 0)
        sleep_and_exit();
    CHECK(waitpid(child, &status, 0) == -1 && errno == EINTR);
    every(0);
    CHECK(waitpid(child, &status, 0) == child);

    // What is ignored interrupts nothing: the child's end, then a stop and continue.
    child = fork();
    if (child == 0) {
        CHECK(status_of(nothing) == 0);
        time = (struct timespec){0, 200000000};
        CHECK(nanosleep(&time, NULL) == 0);
        _exit(0);
    }
    usleep(50000);
    CHECK(kill(child, SIGSTOP) == 0);
    CHECK(waitpid(child, &status, WUNTRACED) == child && WSTOPSIG(status) == SIGSTOP);
    CHECK(kill(child, SIGCONT) == 0);
    CHECK(waitpid(child, &status, WCONTINUED) == child && WIFCONTINUED(status));
    CHECK(waitpid(child, &status, 0) == child && status == 0);

    // Job control by a signal that has its default action.
    child = fork();
    if (child == 0) {
        setpgid(0, 0);
        raise(SIGTSTP);
        _exit(3);
    }
    CHECK(waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status) && WSTOPSIG(status) == SIGTSTP);
    CHECK(kill(child, SIGCONT) == 0);
    CHECK(waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 3);
    return 0;
}
