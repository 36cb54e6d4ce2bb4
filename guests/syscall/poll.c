// Pipes and what waits for them: poll, select, epoll, eventfd, timerfd.
#include "check.h"

static long milliseconds(void)
{
    struct timespec now;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int main(void)
{
    int ends[2];
    char buffer[100];
    CHECK(pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0);
    CHECK(fcntl(ends[0], F_GETFD) == FD_CLOEXEC && (fcntl(ends[1], F_GETFL) & O_NONBLOCK));
    FAILS(read(ends[0], buffer, 1), EAGAIN);
    FAILS(syscall(SYS_pipe2, NOWHERE, 0), EFAULT);
    FAILS(pipe2(ends, 0x10), EINVAL);
    FAILS(lseek(ends[0], 0, SEEK_CUR), ESPIPE);

    struct pollfd fds[2] = {{ends[0], POLLIN, 0x55}, {ends[1], POLLOUT, 0x55}};
    CHECK(poll(fds, 2, 0) == 1 && fds[0].revents == 0 && fds[1].revents == POLLOUT);
    CHECK(write(ends[1], "xyz", 3) == 3);
    CHECK(poll(fds, 2, -1) == 2 && fds[0].revents == POLLIN);
    int waiting;
    CHECK(ioctl(ends[0], FIONREAD, &waiting) == 0 && waiting == 3);
    FAILS(ioctl(ends[0], FIONREAD, NOWHERE), EFAULT);
    struct termios t;
    FAILS(ioctl(ends[0], TCGETS, &t), ENOTTY);
    FAILS(ioctl(-1, TCGETS, &t), EBADF);
    fds[0].fd = 99;
    CHECK(poll(fds, 1, 0) == 1 && fds[0].revents == POLLNVAL);
    FAILS(syscall(SYS_ppoll, NOWHERE, 1, NULL, NULL, 8), EFAULT);
    FAILS(syscall(SYS_ppoll, fds, 1, NULL, &waiting, 4), EINVAL);

    fd_set set;
    FD_ZERO(&set);
    FD_SET(ends[0], &set);
    struct timeval zero = {0, 0};
    CHECK(select(ends[0] + 1, &set, NULL, NULL, &zero) == 1 && FD_ISSET(ends[0], &set));
    CHECK(read(ends[0], buffer, 100) == 3);
    CHECK(select(ends[0] + 1, &set, NULL, NULL, &zero) == 0 && !FD_ISSET(ends[0], &set));
    FAILS(select(-1, &set, NULL, NULL, &zero), EINVAL);
    struct timespec brief = {0, 20000000};
    sigset_t mask;
    sigemptyset(&mask);
    long before = milliseconds();
    CHECK(pselect(0, NULL, NULL, NULL, &brief, &mask) == 0);
    CHECK(ppoll(NULL, 0, &brief, &mask) == 0);
    CHECK(nanosleep(&brief, NULL) == 0);
    CHECK(milliseconds() - before >= 60);
    brief.tv_nsec = 1000000000;
    FAILS(nanosleep(&brief, NULL), EINVAL);
    FAILS(syscall(SYS_nanosleep, NOWHERE, NULL), EFAULT);

    // The other architecture packs this structure.
    struct epoll_event events[4], want = {.events = EPOLLIN, .data.u64 = 0x1122334455667788};
    CHECK_RISCV(sizeof want == 16 && offsetof(struct epoll_event, data) == 8);
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    CHECK(epoll >= 0 && epoll_ctl(epoll, EPOLL_CTL_ADD, ends[0], &want) == 0);
    FAILS(epoll_ctl(epoll, EPOLL_CTL_ADD, ends[0], &want), EEXIST);
    FAILS(syscall(SYS_epoll_ctl, epoll, EPOLL_CTL_ADD, ends[1], NOWHERE), EFAULT);
    want = (struct epoll_event){.events = EPOLLOUT | EPOLLET, .data.u64 = 0xffeeddccbbaa9988};
    CHECK(epoll_ctl(epoll, EPOLL_CTL_ADD, ends[1], &want) == 0);
    CHECK(write(ends[1], "!", 1) == 1);
    CHECK(epoll_wait(epoll, events, 4, 1000) == 2);
    for (int i = 0; i < 2; i++)
        CHECK(events[i].events == EPOLLIN ? events[i].data.u64 == 0x1122334455667788
                                          : events[i].events == EPOLLOUT && events[i].data.u64 == 0xffeeddccbbaa9988);
    CHECK(epoll_ctl(epoll, EPOLL_CTL_DEL, ends[1], NULL) == 0);
    CHECK(epoll_wait(epoll, events, 1, 0) == 1 && events[0].data.u64 == 0x1122334455667788);
    FAILS(epoll_wait(epoll, events, 0, 0), EINVAL);
    FAILS(syscall(SYS_epoll_pwait, epoll, NOWHERE, 1, 0, NULL, 8), EFAULT);

    uint64_t count = 5;
    int event = eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK);
    CHECK(write(event, &count, 8) == 8);
    for (int i = 0; i < 7; i++)
        CHECK(read(event, &count, 8) == 8 && count == 1);
    FAILS(read(event, &count, 8), EAGAIN);

    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    struct itimerspec soon = {.it_value = {0, 5000000}}, left;
    CHECK(timerfd_settime(timer, 0, &soon, NULL) == 0 && timerfd_gettime(timer, &left) == 0);
    CHECK(left.it_value.tv_sec == 0 && left.it_value.tv_nsec <= 5000000 && left.it_interval.tv_nsec == 0);
    CHECK(read(timer, &count, 8) == 8 && count == 1);

    // A pipe without a reader.
    signal(SIGPIPE, SIG_IGN);
    CHECK(close(ends[0]) == 0);
    FAILS(write(ends[1], "x", 1), EPIPE);
    fds[0] = (struct pollfd){ends[1], POLLOUT, 0};
    CHECK(poll(fds, 1, 0) == 1 && (fds[0].revents & POLLERR));

    CHECK(getrandom(buffer, sizeof buffer, 0) == sizeof buffer);
    FAILS(syscall(SYS_getrandom, NOWHERE, 8, 0), EFAULT);
    struct timespec resolution;
    CHECK(clock_getres(CLOCK_REALTIME, &resolution) == 0 && resolution.tv_sec == 0);
    FAILS(clock_gettime(77, &resolution), EINVAL);
    struct timeval tv;
    CHECK(gettimeofday(&tv, NULL) == 0 && tv.tv_sec > 1500000000);
    return 0;
}
