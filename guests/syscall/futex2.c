// The newer calls on futexes: futex_waitv, futex_wake, futex_wait, futex_requeue.
#include "check.h"

#define NR_WAITV 449
#define NR_WAKE 454
#define NR_WAIT 455
#define NR_REQUEUE 456
#define U32 2
#define PRIVATE 128

struct waiter {
    uint64_t value, address;
    uint32_t flags, reserved;
};

int main(void)
{
    uint32_t *words = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct waiter list[2] = {{0, (uintptr_t)&words[0], U32, 0}, {0, (uintptr_t)&words[1], U32, 0}};
    struct timespec past = {1, 0}, bad = {1, -1};
    FAILS(syscall(NR_WAITV, list, 2, 0, &past, CLOCK_MONOTONIC), ETIMEDOUT);
    FAILS(syscall(NR_WAITV, list, 2, 0, &bad, CLOCK_MONOTONIC), EINVAL);
    FAILS(syscall(NR_WAITV, list, 2, 1, &past, CLOCK_MONOTONIC), EINVAL);
    FAILS(syscall(NR_WAITV, list, 0, 0, &past, CLOCK_MONOTONIC), EINVAL);
    FAILS(syscall(NR_WAITV, list, 129, 0, &past, CLOCK_MONOTONIC), EINVAL);
    FAILS(syscall(NR_WAITV, NOWHERE, 2, 0, &past, CLOCK_MONOTONIC), EFAULT);
    FAILS(syscall(NR_WAITV, list, 2, 0, &past, 77), EINVAL);
    list[1].value = 1;
    FAILS(syscall(NR_WAITV, list, 2, 0, NULL, 0), EAGAIN);
    list[1].value = 0;
    list[1].address = 0x1000;
    FAILS(syscall(NR_WAITV, list, 2, 0, &past, CLOCK_MONOTONIC), EFAULT);
    list[1].address = (uintptr_t)&words[1];
    list[1].flags = 99;
    FAILS(syscall(NR_WAITV, list, 2, 0, &past, CLOCK_MONOTONIC), EINVAL);
    list[1].flags = U32;

    FAILS(syscall(NR_WAIT, &words[0], 0L, 0xffffffffUL, U32, &past, CLOCK_MONOTONIC), ETIMEDOUT);
    FAILS(syscall(NR_WAIT, &words[0], 1L, 0xffffffffUL, U32, NULL, CLOCK_MONOTONIC), EAGAIN);
    FAILS(syscall(NR_WAIT, NOWHERE, 1L, 0xffffffffUL, U32, NULL, CLOCK_MONOTONIC), EFAULT);
    FAILS(syscall(NR_WAKE, &words[0], 0xffffffffUL, 1, 77), EINVAL);
    CHECK(syscall(NR_WAKE, &words[0], 0xffffffffUL, 1, U32 | PRIVATE) == 0);

    // A child waits for two, one is woken.
    int status;
    pid_t child = fork();
    if (child == 0)
        _exit(syscall(NR_WAITV, list, 2, 0, NULL, 0));
    while (syscall(NR_WAKE, &words[1], 0xffffffffUL, 1, U32) == 0)
        sched_yield();
    CHECK(waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 1);

    // A child waits for one, is moved to the other, and is woken there.
    child = fork();
    if (child == 0)
        _exit(syscall(NR_WAIT, &words[0], 0L, 0xffffffffUL, U32, NULL, CLOCK_MONOTONIC) == 0 ? 7 : 8);
    while (syscall(NR_REQUEUE, list, 0, 0, 1) == 0)
        sched_yield();
    CHECK(syscall(NR_WAKE, &words[0], 0xffffffffUL, 1, U32) == 0);
    CHECK(syscall(NR_WAKE, &words[1], 0xffffffffUL, 1, U32) == 1);
    CHECK(waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 7);
    FAILS(syscall(NR_REQUEUE, NULL, 0, 0, 1), EINVAL);
    FAILS(syscall(NR_REQUEUE, NOWHERE, 0, 0, 1), EFAULT);
    FAILS(syscall(NR_REQUEUE, list, 1, 0, 1), EINVAL);
    words[0] = 1;
    FAILS(syscall(NR_REQUEUE, list, 0, 0, 1), EAGAIN);
    return 0;
}
