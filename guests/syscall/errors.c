// Each call with several sets of bad arguments: what it says is printed, and compared with what the host's kernel says natively.
#include "check.h"
#include <sched.h>
#include <signal.h>

#define CALLS(X)                                                                                                                                   \
    X(io_setup) X(io_destroy) X(io_submit) X(io_cancel) X(io_getevents) X(setxattr) X(lsetxattr) X(fsetxattr) X(getxattr) X(lgetxattr)             \
    X(fgetxattr) X(listxattr) X(llistxattr) X(flistxattr) X(removexattr) X(lremovexattr) X(fremovexattr) X(getcwd) X(eventfd2) X(epoll_create1)    \
    X(epoll_ctl) X(epoll_pwait) X(dup3) X(fcntl) X(inotify_init1) X(inotify_add_watch) X(inotify_rm_watch) X(ioctl) X(ioprio_set) X(ioprio_get)    \
    X(flock) X(mknodat) X(mkdirat) X(unlinkat) X(symlinkat) X(linkat) X(umount2) X(mount) X(pivot_root) X(statfs) X(fstatfs) X(truncate)           \
    X(ftruncate) X(fallocate) X(faccessat) X(chdir) X(fchdir) X(chroot) X(fchmod) X(fchmodat) X(fchownat) X(fchown) X(openat) X(pipe2)             \
    X(quotactl) X(getdents64) X(lseek) X(read) X(write) X(readv) X(writev) X(pread64) X(pwrite64) X(preadv) X(pwritev) X(sendfile)                 \
    X(pselect6) X(ppoll) X(signalfd4) X(vmsplice) X(splice) X(tee) X(readlinkat) X(newfstatat) X(fstat) X(fsync) X(fdatasync)                      \
    X(sync_file_range) X(timerfd_create) X(timerfd_settime) X(timerfd_gettime) X(utimensat) X(capget) X(capset) X(waitid) X(unshare)               \
    X(getitimer) X(setitimer) X(timer_create) X(timer_gettime) X(timer_getoverrun) X(timer_settime) X(timer_delete) X(clock_settime)               \
    X(clock_gettime) X(clock_getres) X(syslog) X(sched_setparam) X(sched_setscheduler) X(sched_getscheduler) X(sched_getparam)                     \
    X(sched_setaffinity) X(sched_getaffinity) X(sched_get_priority_max) X(sched_get_priority_min) X(sched_rr_get_interval) X(sigaltstack)          \
    X(rt_sigaction) X(rt_sigprocmask) X(rt_sigpending) X(rt_sigqueueinfo) X(rt_tgsigqueueinfo) X(setpriority) X(getpriority) X(getresuid)         \
    X(getresgid) X(times) X(getpgid) X(getsid) X(getgroups) X(setgroups) X(uname) X(sethostname) X(setdomainname) X(getrlimit) X(setrlimit)        \
    X(getrusage) X(prctl) X(getcpu) X(gettimeofday) X(adjtimex) X(sysinfo) X(mq_open) X(mq_unlink) X(mq_timedsend) X(mq_timedreceive)              \
    X(mq_notify) X(mq_getsetattr) X(msgctl) X(msgrcv) X(msgsnd) X(semctl) X(semtimedop) X(semop) X(shmctl) X(shmat) X(shmdt) X(socketpair)         \
    X(bind) X(listen) X(accept) X(connect) X(getsockname) X(getpeername) X(sendto) X(recvfrom) X(setsockopt) X(getsockopt) X(shutdown)             \
    X(sendmsg) X(recvmsg) X(readahead) X(add_key) X(request_key) X(fadvise64) X(swapon) X(swapoff) X(accept4) X(recvmmsg) X(wait4) X(prlimit64)    \
    X(fanotify_mark) X(name_to_handle_at) X(open_by_handle_at) X(clock_adjtime) X(syncfs) X(setns) X(sendmmsg) X(process_vm_readv)                 \
    X(process_vm_writev) X(kcmp) X(sched_setattr) X(sched_getattr) X(renameat2) X(getrandom) X(memfd_create) X(copy_file_range) X(preadv2)         \
    X(pwritev2) X(statx) X(io_pgetevents) X(membarrier) X(mbind) X(get_mempolicy) X(set_mempolicy) X(move_pages)

struct call {
    const char *name;
    int number;
};

static const struct call CALLS_[] = {
#define NAMED(name) {#name, SYS_##name},
    CALLS(NAMED)
#undef NAMED
    {"pidfd_send_signal", 424}, {"open_tree", 428}, {"move_mount", 429}, {"fsopen", 430}, {"fsconfig", 431}, {"fsmount", 432}, {"fspick", 433},
    {"pidfd_open", 434}, {"openat2", 437}, {"pidfd_getfd", 438}, {"faccessat2", 439}, {"process_madvise", 440}, {"epoll_pwait2", 441},
    {"mount_setattr", 442}, {"landlock_create_ruleset", 444}, {"landlock_add_rule", 445}, {"landlock_restrict_self", 446},
    {"process_mrelease", 448}, {"futex_waitv", 449}, {"cachestat", 451}, {"fchmodat2", 452}, {"futex_wake", 454}, {"futex_wait", 455},
    {"futex_requeue", 456}, {"statmount", 457}, {"listmount", 458}, {"lsm_set_self_attr", 460}, {"setxattrat", 463}, {"getxattrat", 464},
    {"listxattrat", 465}, {"removexattrat", 466}, {"open_tree_attr", 467}, {"file_getattr", 468}, {"file_setattr", 469},
};

// At the same address everywhere: it is an int too.
#define NAMES ((char *)0x20000000)
#define BAD 0x1000L
#define HIGH (-1L << 32)
#define NO_FD 0x7000L

int main(void)
{
    char folder[] = "/tmp/tine-errors-XXXXXX";
    CHECK(mkdtemp(folder) != NULL && chdir(folder) == 0);
    // Message queues and their like that others have left are not to be met, if that can be had.
    unshare(CLONE_NEWIPC);
    int file = open("file", O_RDWR | O_CREAT, 0600), pair[2], ends[2];
    CHECK(file == 3 && socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair) == 0 && pipe2(ends, O_NONBLOCK) == 0);
    // Nobody may do what would succeed for root.
    if (geteuid() == 0)
        CHECK(fchown(file, 65534, 65534) == 0 && chmod(".", 0777) == 0 && setgid(65534) == 0 && setuid(65534) == 0);
    signal(SIGPIPE, SIG_IGN);
    CHECK(mmap(NAMES, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == NAMES);
    strcpy(NAMES, "no such");
    strcpy(NAMES + 16, "user.name");
    strcpy(NAMES + 32, "file");
    const long sets[][6] = {
        {BAD, BAD, BAD, BAD, BAD, BAD},
        {HIGH, HIGH, HIGH, HIGH, HIGH, HIGH},
        {NO_FD, BAD, 1, BAD, 8, BAD},
        {3, BAD, 1, BAD, 8, 0},
        {3, HIGH, 4, HIGH, 8, 0},
        {4, BAD, 1, BAD, 8, 0},
        {4, BAD, 1, 0, 0, 0},
        {6, BAD, 4, 0, 0, 0},
        {7, BAD, 4, 0, 0, 0},
        {3, 0, 0, 0, 0, 0},
        {3, 3, 3, 3, 3, 3},
        {-1, -1, -1, -1, -1, -1},
        {AT_FDCWD, BAD, BAD, 16, 0, 0},
        {AT_FDCWD, (long)NAMES, BAD, BAD, BAD, BAD},
        {AT_FDCWD, (long)NAMES + 32, BAD, 0, 0, 0},
        {AT_FDCWD, (long)NAMES + 32, 3001, 3001, 3001, 3001},
        {(long)NAMES + 32, BAD, BAD, 4, 0, 0},
        {(long)NAMES + 32, (long)NAMES + 16, BAD, 4, 0, 0},
        {0, BAD, 8, 0, 0, 0},
        {1, BAD, BAD, 8, 0, 0},
        {99, BAD, BAD, 0, 0, 0},
        {0x7fffffff, BAD, 8, BAD, 8, 0},
        {99, 0, 0, 0, 0, 0},
        {0, 0, 0, 0, 0, 0},
    };
    for (size_t i = 0; i < sizeof CALLS_ / sizeof *CALLS_; i++) {
        for (size_t j = 0; j < sizeof sets / sizeof *sets; j++) {
            // Each by a child, so that none sees what another has done.
            int status;
            fflush(stdout);
            pid_t pid = fork();
            CHECK(pid >= 0);
            if (pid == 0) {
                const long *a = sets[j];
                int null = open("/dev/null", O_RDWR);
                dup2(null, 0), dup2(null, 1), dup2(null, 2), close(null);
                // These may wait for ever, and then do so at once.
                int waits = CALLS_[i].number == SYS_ppoll || CALLS_[i].number == SYS_pselect6;
                struct itimerval limit = {.it_value = {waits ? 0 : 20, waits ? 100000 : 0}};
                setitimer(ITIMER_REAL, &limit, NULL);
                int failed = syscall(CALLS_[i].number, a[0], a[1], a[2], a[3], a[4], a[5]) == -1;
                _exit(failed ? errno : 0);
            }
            CHECK(waitpid(pid, &status, 0) == pid);
            printf("%s %zu: %s %d\n", CALLS_[i].name, j, WIFEXITED(status) ? strerror(WEXITSTATUS(status)) : "signal",
                   WIFEXITED(status) ? 0 : WTERMSIG(status));
        }
    }
    return 0;
}
