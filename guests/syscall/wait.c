// Children: what wait4 and waitid say of them, and what a process is told of itself.
#include "check.h"

static pid_t child(int how)
{
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid != 0)
        return pid;
    if (how < 0)
        raise(-how);
    _exit(how);
}

int main(void)
{
    int status;
    struct rusage usage;
    CHECK(sizeof usage == 144 && sizeof(siginfo_t) == 128);

    pid_t pid = child(42);
    memset(&usage, 0xa5, sizeof usage);
    CHECK(wait4(pid, &status, 0, &usage) == pid);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 42);
    CHECK(usage.ru_utime.tv_sec == 0 && usage.ru_utime.tv_usec < 1000000 && usage.ru_maxrss > 0);

    pid = child(-SIGTERM);
    CHECK(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
    pid = child(-SIGSEGV);
    CHECK(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);

    siginfo_t info;
    pid = child(7);
    memset(&info, 0xa5, sizeof info);
    CHECK(waitid(P_PID, pid, &info, WEXITED | WNOWAIT) == 0);
    CHECK(info.si_signo == SIGCHLD && info.si_code == CLD_EXITED && info.si_status == 7 && info.si_pid == pid);
    CHECK(info.si_uid == getuid() && info.si_errno == 0);
    CHECK(waitid(P_ALL, 0, &info, WEXITED) == 0 && info.si_pid == pid);
    FAILS(waitid(P_ALL, 0, &info, WEXITED), ECHILD);
    FAILS(waitid(P_ALL, 0, &info, 0), EINVAL);

    pid = child(-SIGKILL);
    CHECK(waitid(P_PID, pid, &info, WEXITED) == 0 && info.si_code == CLD_KILLED && info.si_status == SIGKILL);

    // Stopped and continued.
    pid = child(-SIGSTOP);
    CHECK(waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP);
    CHECK(waitpid(pid, &status, WNOHANG) == 0);
    CHECK(kill(pid, SIGCONT) == 0);
    CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
    FAILS(waitpid(pid, &status, 0), ECHILD);
    FAILS(wait4(-1, &status, 0x40, NULL), EINVAL);

    pid = child(0);
    // The kernel reaps before it finds the address bad.
    FAILS(syscall(SYS_wait4, pid, NOWHERE, 0, NULL), EFAULT);
    FAILS(waitpid(pid, &status, 0), ECHILD);

    // Identity.
    CHECK(getpid() == syscall(SYS_gettid) && getppid() > 0 && getpgid(0) == getpgrp());
    pid_t parent = getpid();
    pid = fork();
    if (pid == 0) {
        CHECK(getppid() == parent && getpid() != parent && getpid() == syscall(SYS_gettid));
        CHECK(setsid() == getpid() && getsid(0) == getpid() && getpgrp() == getpid());
        FAILS(setsid(), EPERM);
        _exit(3);
    }
    CHECK(waitpid(-1, &status, 0) == pid && WEXITSTATUS(status) == 3);

    struct utsname names;
    CHECK(uname(&names) == 0 && strcmp(names.sysname, "Linux") == 0);
    CHECK_RISCV(strcmp(names.machine, "riscv64") == 0);
    struct rlimit limit;
    CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur > 3);
    CHECK(getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur >= 1 << 16);
    FAILS(getrlimit(99, &limit), EINVAL);
    limit.rlim_cur = limit.rlim_max = 1UL << 32;
    CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
    struct rlimit back;
    CHECK(getrlimit(RLIMIT_AS, &back) == 0 && back.rlim_cur == 1UL << 32 && back.rlim_max == 1UL << 32);
    limit.rlim_cur = (1UL << 32) + 1;
    FAILS(setrlimit(RLIMIT_AS, &limit), EINVAL);
    struct sysinfo system;
    CHECK(sizeof system == 112 && sysinfo(&system) == 0 && system.totalram > 0 && system.procs > 0);
    struct tms times_now;
    CHECK(times(&times_now) != -1);
    cpu_set_t cpus;
    CHECK(sched_getaffinity(0, sizeof cpus, &cpus) == 0 && CPU_COUNT(&cpus) > 0);
    CHECK(sched_yield() == 0);
    gid_t groups[64];
    CHECK(getgroups(64, groups) >= 0);
    uid_t r, e, s;
    CHECK(getresuid(&r, &e, &s) == 0 && r == getuid() && e == geteuid());

    FAILS(syscall(9999), ENOSYS);
#ifdef __riscv
    FAILS(syscall(SYS_rseq, 0, 32, 0, 0), ENOSYS);
#endif
    return 0;
}
