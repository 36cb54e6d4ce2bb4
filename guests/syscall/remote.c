// The memory of processes by number, comparing processes, clocks that are set by degrees.
#include "check.h"
#include <sys/prctl.h>
#include <sys/timex.h>

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_process_madvise
#define SYS_process_madvise 440
#endif
#ifndef MADV_COLD
#define MADV_COLD 20
#endif

// Tells where its memory is that says "secret", and waits.
static int executed(int out)
{
    static char secret[] = "secret";
    char *pointer = secret;
    CHECK(write(out, &pointer, sizeof pointer) == sizeof pointer);
    pause();
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 2)
        return executed(atoi(argv[1]));
    char from[16] = "0123456789abcde", to[16] = "", other[8] = "";
    struct iovec local[2] = {{to, 4}, {other, 4}}, remote[2] = {{from, 3}, {from + 10, 5}};
    CHECK(process_vm_readv(getpid(), local, 2, remote, 2, 0) == 8);
    CHECK(memcmp(to, "012a", 4) == 0 && memcmp(other, "bcde", 4) == 0);
    CHECK(process_vm_writev(getpid(), local, 1, remote, 1, 0) == 3 && memcmp(from, "0123", 4) == 0);
    FAILS(process_vm_readv(getpid(), local, 2, remote, 2, 1), EINVAL);
    FAILS(process_vm_readv(getpid(), NOWHERE, 2, remote, 2, 0), EFAULT);
    FAILS(process_vm_readv(getpid(), local, 2, NOWHERE, 2, 0), EFAULT);
    FAILS(process_vm_readv(0x7fffffff, local, 1, remote, 1, 0), ESRCH);
    FAILS(process_vm_readv(getpid(), local, 2000, remote, 1, 0), EINVAL);
    remote[0].iov_base = NOWHERE;
    FAILS(process_vm_readv(getpid(), local, 1, remote, 1, 0), EFAULT);
    remote[0].iov_base = OUTSIDE;
    FAILS(process_vm_readv(getpid(), local, 1, remote, 1, 0), EFAULT);
    // A part of it is there.
    char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(munmap(pages + 4096, 4096) == 0);
    strcpy(pages + 4090, "tail");
    char room[16];
    local[0] = (struct iovec){room, 16};
    remote[0] = (struct iovec){pages + 4090, 6};
    remote[1] = (struct iovec){pages + 4096, 6};
    CHECK(process_vm_readv(getpid(), local, 1, remote, 2, 0) == 6 && strcmp(room, "tail") == 0);

    // A forked child's memory is its own.
    int ends[2];
    CHECK(pipe(ends) == 0);
    pid_t child = fork();
    if (child == 0) {
        strcpy(pages, "child");
        CHECK(write(ends[1], "x", 1) == 1);
        pause();
    }
    CHECK(read(ends[0], room, 1) == 1);
    remote[0] = (struct iovec){pages, 6};
    CHECK(process_vm_readv(child, local, 1, remote, 1, 0) == 6 && strcmp(room, "child") == 0 && pages[0] == 0);
    strcpy(room, "given");
    local[0].iov_len = 6;
    CHECK(process_vm_writev(child, local, 1, remote, 1, 0) == 6);
    CHECK(process_vm_readv(child, local, 1, remote, 1, 0) == 6 && strcmp(room, "given") == 0);

    // So is that of one that has executed another program, wherever it is.
    pid_t other_child = fork();
    if (other_child == 0) {
        char number[12];
        snprintf(number, sizeof number, "%d", ends[1]);
        execl("/proc/self/exe", argv[0], number, NULL);
        _exit(99);
    }
    char *secret;
    CHECK(read(ends[0], &secret, sizeof secret) == sizeof secret);
    struct iovec there = {secret, 7};
    local[0].iov_len = 7;
    CHECK(process_vm_readv(other_child, local, 1, &there, 1, 0) == 7 && strcmp(room, "secret") == 0);
    there.iov_base = OUTSIDE;
    FAILS(process_vm_readv(other_child, local, 1, &there, 1, 0), EFAULT);
    local[0].iov_len = 6;

    // Advice for others needs a right, and may not change what is in their memory.
    int children[] = {child, other_child};
    for (int i = 0; i < 2; i++) {
        int pidfd = syscall(SYS_pidfd_open, children[i], 0);
        struct iovec range = {i == 0 ? pages : (char *)((uintptr_t)secret & -4096), 4096};
        long advised = syscall(SYS_process_madvise, pidfd, &range, 1, MADV_COLD, 0);
        CHECK(advised == 4096 || (advised == -1 && errno == EPERM));
        if (advised == 4096) {
            range.iov_base = (void *)4096;
            FAILS(syscall(SYS_process_madvise, pidfd, &range, 1, MADV_COLD, 0), ENOMEM);
        }
        FAILS(syscall(SYS_process_madvise, pidfd, &range, 1, MADV_DONTNEED, 0), EINVAL);
        CHECK(close(pidfd) == 0);
    }
    CHECK(kill(other_child, SIGKILL) == 0 && waitpid(other_child, NULL, 0) == other_child);

    // kcmp(2).
    CHECK(syscall(SYS_kcmp, getpid(), getpid(), 0, 0, 0) == 0);
    CHECK(syscall(SYS_kcmp, getpid(), child, 0, 1, 1) == 0);
    CHECK(syscall(SYS_kcmp, getpid(), child, 1, 0, 0) > 0);
    int epoll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN};
    CHECK(epoll_ctl(epoll, EPOLL_CTL_ADD, ends[0], &event) == 0);
    struct { uint32_t efd, tfd, toff; } slot = {epoll, ends[0], 0};
    CHECK(syscall(SYS_kcmp, getpid(), getpid(), 7, ends[0], &slot) == 0);
    FAILS(syscall(SYS_kcmp, getpid(), getpid(), 7, ends[0], NOWHERE), EFAULT);
    CHECK(kill(child, SIGKILL) == 0 && waitpid(child, NULL, 0) == child);
    FAILS(process_vm_readv(child, local, 1, remote, 1, 0), ESRCH);

    // Advice by pidfd.
    int self = syscall(SYS_pidfd_open, getpid(), 0);
    struct iovec range = {pages, 4096};
    CHECK(self >= 0 && syscall(SYS_process_madvise, self, &range, 1, MADV_COLD, 0) == 4096);
    FAILS(syscall(SYS_process_madvise, self, &range, 1, MADV_COLD, 1), EINVAL);
    FAILS(syscall(SYS_process_madvise, ends[0], &range, 1, MADV_COLD, 0), EBADF);
    FAILS(syscall(SYS_process_madvise, self, NOWHERE, 1, MADV_COLD, 0), EFAULT);

    struct timex clock = {0};
    CHECK(sizeof clock == 208);
    CHECK(adjtimex(&clock) >= 0 && clock.tick > 0 && clock.time.tv_sec > 1000000000);
    memset(&clock, 0, sizeof clock);
    CHECK(clock_adjtime(CLOCK_REALTIME, &clock) >= 0 && clock.tick > 0);
    FAILS(syscall(SYS_adjtimex, NOWHERE), EFAULT);
    FAILS(clock_adjtime(CLOCK_MONOTONIC, &clock), EOPNOTSUPP);
    return 0;
}
