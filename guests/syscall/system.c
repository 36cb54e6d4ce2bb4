// What a process is told of itself and the machine, and sets of it: prctl, personality, scheduling.
#include "check.h"
#include <sys/personality.h>
#include <sys/prctl.h>

#ifndef PR_SET_TAGGED_ADDR_CTRL
#define PR_SET_TAGGED_ADDR_CTRL 55
#endif

int main(void)
{
    char name[16], long_name[] = "a name that is cut";
    CHECK(prctl(PR_SET_NAME, long_name) == 0 && prctl(PR_GET_NAME, name) == 0 && strcmp(name, "a name that is ") == 0);
    FAILS(prctl(PR_SET_NAME, NOWHERE), EFAULT);
    FAILS(prctl(PR_GET_NAME, OUTSIDE), EFAULT);
    int signal = -1;
    CHECK(prctl(PR_SET_PDEATHSIG, SIGUSR1) == 0 && prctl(PR_GET_PDEATHSIG, &signal) == 0 && signal == SIGUSR1);
    FAILS(prctl(PR_SET_PDEATHSIG, 99), EINVAL);
    CHECK(prctl(PR_SET_PDEATHSIG, 0) == 0);
    CHECK(prctl(PR_GET_DUMPABLE) == 1 && prctl(PR_SET_DUMPABLE, 0) == 0 && prctl(PR_GET_DUMPABLE) == 0);
    CHECK(prctl(PR_SET_DUMPABLE, 1) == 0);
    FAILS(prctl(PR_SET_DUMPABLE, 77), EINVAL);
    CHECK(prctl(PR_SET_CHILD_SUBREAPER, 1) == 0 && prctl(PR_GET_CHILD_SUBREAPER, &signal) == 0 && signal == 1);
    CHECK(prctl(PR_SET_CHILD_SUBREAPER, 0) == 0);
    CHECK(prctl(PR_SET_TIMERSLACK, 12345) == 0 && prctl(PR_GET_TIMERSLACK) == 12345);
    CHECK(prctl(PR_GET_KEEPCAPS) == 0 && prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0);
    FAILS(prctl(PR_GET_NO_NEW_PRIVS, 1, 0, 0, 0), EINVAL);
    CHECK(prctl(PR_CAPBSET_READ, 0) >= 0);
    FAILS(prctl(PR_CAPBSET_READ, 999), EINVAL);
    FAILS(prctl(9999), EINVAL);
    FAILS(prctl(PR_SET_TAGGED_ADDR_CTRL, 1, 0, 0, 0), EINVAL);
    int *child_tid;
    CHECK(prctl(PR_GET_TID_ADDRESS, &child_tid) == 0 || errno == EINVAL);
#ifdef __riscv
    CHECK(prctl(71, 0, 0) == 0 && prctl(71, 1, 1) == 0);
    FAILS(prctl(71, 2, 0), EINVAL);
    FAILS(prctl(70), EINVAL);
    FAILS(prctl(PR_SET_MM, PR_SET_MM_BRK, 0, 0, 0), EPERM);
#endif

    int before = personality(0xffffffff);
    CHECK(before >= 0 && personality(0xffffffff) == before);
    CHECK(personality(ADDR_NO_RANDOMIZE | READ_IMPLIES_EXEC) == before);
    CHECK(personality(0xffffffff) == (ADDR_NO_RANDOMIZE | READ_IMPLIES_EXEC));
    int status;
    pid_t child = fork();
    if (child == 0)
        _exit(personality(0xffffffff) == (ADDR_NO_RANDOMIZE | READ_IMPLIES_EXEC) ? 0 : 1);
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    CHECK(personality(before) == (ADDR_NO_RANDOMIZE | READ_IMPLIES_EXEC));

    unsigned long mask[128] = {0};
    long size = syscall(SYS_sched_getaffinity, 0, sizeof mask, mask);
    CHECK(size > 0 && size % 8 == 0 && mask[0] != 0);
    CHECK(syscall(SYS_sched_setaffinity, 0, size, mask) == 0);
    FAILS(syscall(SYS_sched_getaffinity, 0, 3, mask), EINVAL);
    FAILS(syscall(SYS_sched_getaffinity, 0, sizeof mask, NOWHERE), EFAULT);
    FAILS(syscall(SYS_sched_getaffinity, 0x7fffffff, sizeof mask, mask), ESRCH);
    unsigned cpu = -1, node = -1;
    CHECK(syscall(SYS_getcpu, &cpu, &node, NULL) == 0 && cpu < 1024 && node < 1024);
    FAILS(syscall(SYS_getcpu, NOWHERE, NULL, NULL), EFAULT);

    struct { uint32_t size, policy; uint64_t flags; int32_t nice; uint32_t priority; uint64_t times[3]; } attributes = {0};
    CHECK(sizeof attributes == 48);
    CHECK(syscall(SYS_sched_getattr, 0, &attributes, sizeof attributes, 0) == 0 && attributes.size == 48 && attributes.policy == SCHED_OTHER);
    attributes.policy = SCHED_BATCH;
    CHECK(syscall(SYS_sched_setattr, 0, &attributes, 0) == 0 && sched_getscheduler(0) == SCHED_BATCH);
    FAILS(syscall(SYS_sched_setattr, 0, NOWHERE, 0), EFAULT);
    FAILS(syscall(SYS_sched_setattr, 0, &attributes, 1), EINVAL);
    FAILS(syscall(SYS_sched_getattr, 0, &attributes, 4, 0), EINVAL);
    attributes.size = 4000;
    attributes.policy = SCHED_OTHER;
    ((char *)&attributes)[47] = 1;
    FAILS(syscall(SYS_sched_setattr, 0, &attributes, 0), E2BIG);
    struct sched_param parameters = {0};
    CHECK(sched_setscheduler(0, SCHED_OTHER, &parameters) == 0 && sched_getparam(0, &parameters) == 0);
    FAILS(sched_setscheduler(0, 99, &parameters), EINVAL);
    struct timespec interval;
    CHECK(sched_rr_get_interval(0, &interval) == 0);
    CHECK(sched_get_priority_max(SCHED_FIFO) == 99 && sched_get_priority_min(SCHED_RR) == 1);
    FAILS(sched_get_priority_max(99), EINVAL);
    CHECK(syscall(SYS_getpriority, PRIO_PROCESS, 0) == 20 - getpriority(PRIO_PROCESS, 0));
    FAILS(getpriority(99, 0), EINVAL);
    FAILS(syscall(SYS_restart_syscall), EINTR);
    // Who may not do it at all is told that first.
    CHECK(syscall(SYS_reboot, 1, 2, 3, NULL) == -1 && (errno == EINVAL || errno == EPERM));
    CHECK_RISCV(syscall(SYS_reboot, 0xfee1dead, 672274793, 0, NULL) == -1 && errno == EPERM);
    return 0;
}
