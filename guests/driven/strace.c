// A little of everything, for the lines that a trace has of it.
#include "../syscall/check.h"
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ipc.h>
#include <sys/prctl.h>
#include <sys/inotify.h>
#include <sys/shm.h>

#define MNT_DETACH_ 2

static void handler(int signal)
{
    (void)signal;
}

static void files(void)
{
    struct stat about;
    struct statx more;
    char buffer[100];
    syscall(SYS_mkdirat, AT_FDCWD, "/tmp/tine-strace", 0755);
    CHECK(chdir("/tmp/tine-strace") == 0);
    int fd = syscall(SYS_openat, AT_FDCWD, "file", O_RDWR | O_CREAT | O_TRUNC, 0640);
    CHECK(fd >= 0 && syscall(SYS_ftruncate, fd, 10) == 0 && syscall(SYS_fallocate, fd, 0, 0L, 20L) == 0);
    CHECK(syscall(SYS_newfstatat, AT_FDCWD, "file", &about, AT_SYMLINK_NOFOLLOW) == 0);
    CHECK(syscall(SYS_newfstatat, AT_FDCWD, "/dev/null", &about, 0) == 0);
    CHECK(syscall(SYS_newfstatat, fd, "", &about, AT_EMPTY_PATH) == 0 && syscall(SYS_fstat, fd, &about) == 0);
    FAILS(syscall(SYS_statx, AT_FDCWD, "none", AT_STATX_SYNC_AS_STAT | AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &more), ENOENT);
    CHECK(syscall(SYS_symlinkat, "file", AT_FDCWD, "link") == 0 && syscall(SYS_readlinkat, AT_FDCWD, "link", buffer, 100) == 4);
    CHECK(syscall(SYS_linkat, AT_FDCWD, "file", AT_FDCWD, "other", 0) == 0);
    CHECK(syscall(SYS_renameat2, AT_FDCWD, "other", AT_FDCWD, "third", RENAME_NOREPLACE) == 0);
    CHECK(syscall(SYS_fchmodat, AT_FDCWD, "third", 0600) == 0 && syscall(SYS_fchmod, fd, 0644) == 0);
    CHECK(syscall(SYS_fchown, fd, -1, -1) == 0 && syscall(SYS_fchownat, AT_FDCWD, "third", -1, -1, 0) == 0);
    struct timespec times[2] = {{1, 0}, {2, 0}};
    CHECK(syscall(SYS_utimensat, AT_FDCWD, "third", times, 0) == 0);
    CHECK(syscall(SYS_pwrite64, fd, "abc", 3, 5L) == 3 && syscall(SYS_pread64, fd, buffer, 3, 5L) == 3);
    CHECK(syscall(SYS_flock, fd, LOCK_EX | LOCK_NB) == 0 && syscall(SYS_fsync, fd) == 0 && syscall(SYS_fdatasync, fd) == 0);
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 5};
    CHECK(syscall(SYS_fcntl, fd, F_SETLK, &lock) == 0 && syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 50) >= 50);
    CHECK(syscall(SYS_fcntl, fd, F_GETFL) >= 0 && syscall(SYS_dup3, fd, 60, O_CLOEXEC) == 60 && syscall(SYS_dup, fd) > fd);
    CHECK(syscall(SYS_unlinkat, AT_FDCWD, "third", 0) == 0 && syscall(SYS_unlinkat, AT_FDCWD, "link", 0) == 0);
    CHECK(syscall(SYS_unlinkat, AT_FDCWD, "file", 0) == 0);
    int folder = syscall(SYS_openat, AT_FDCWD, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CHECK(syscall(SYS_getdents64, folder, buffer, 100) > 0 && syscall(SYS_getdents64, folder, buffer, 100) == 0);
    CHECK(syscall(SYS_getcwd, buffer, 100) > 0 && syscall(SYS_fchdir, folder) == 0);
    CHECK(syscall(SYS_unlinkat, AT_FDCWD, "/tmp/tine-strace", AT_REMOVEDIR) == 0);
    FAILS(syscall(SYS_faccessat, AT_FDCWD, "/none", F_OK), ENOENT);
    FAILS(syscall(SYS_mknodat, AT_FDCWD, "/none/x", S_IFIFO | 0600, 0), ENOENT);
    FAILS(syscall(SYS_truncate, "/none", 5L), ENOENT);
    CHECK(syscall(SYS_lseek, fd, -3L, SEEK_END) == 17);
}

static void memory(void)
{
    char *p = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(p != MAP_FAILED && mprotect(p, 4096, PROT_NONE) == 0 && madvise(p, 8192, MADV_DONTNEED) == 0);
    CHECK(mremap(p + 4096, 4096, 8192, MREMAP_MAYMOVE) != MAP_FAILED && munmap(p, 4096) == 0);
    int fd = open("/dev/zero", O_RDWR);
    p = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 4096);
    CHECK(p != MAP_FAILED && msync(p, 4096, MS_SYNC) == 0 && mlock(p, 4096) == 0);
    CHECK(syscall(SYS_memfd_create, "name", 1 | 2) >= 0);
}

static void waiting(void)
{
    int fd = eventfd(3, EFD_CLOEXEC | EFD_NONBLOCK), poll_fd = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.u64 = 77}, found[4];
    CHECK(epoll_ctl(poll_fd, EPOLL_CTL_ADD, fd, &event) == 0 && syscall(SYS_epoll_pwait, poll_fd, found, 4, 1000, NULL, 8) == 1);
    CHECK(epoll_ctl(poll_fd, EPOLL_CTL_DEL, fd, &event) == 0 && syscall(SYS_epoll_pwait, poll_fd, found, 4, 0, NULL, 8) == 0);
    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    struct itimerspec soon = {{0, 0}, {100, 0}}, old;
    CHECK(timerfd_settime(timer, 0, &soon, &old) == 0);
    fd_set set;
    FD_ZERO(&set);
    FD_SET(fd, &set);
    struct timespec none = {0, 0};
    CHECK(syscall(SYS_pselect6, fd + 1, &set, NULL, NULL, &none, NULL) == 1);
    int notify = inotify_init1(IN_CLOEXEC);
    CHECK(inotify_add_watch(notify, "/", IN_CREATE | IN_DELETE) >= 0);
    struct itimerval value;
    CHECK(syscall(SYS_getitimer, ITIMER_REAL, &value) == 0);
}

static void network(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in6 address6 = {.sin6_family = AF_INET6, .sin6_port = htons(9), .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    struct sockaddr_un path = {.sun_family = AF_UNIX, .sun_path = "/none/socket"};
    int fd = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP), other = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK(fd >= 0 && bind(fd, (void *)&address, sizeof address) == 0);
    FAILS(connect(other, (void *)&path, sizeof path), ENOENT);
    FAILS(connect(fd, (void *)&address6, sizeof address6), EAFNOSUPPORT);
    CHECK(shutdown(other, SHUT_RDWR) == 0 || errno == ENOTCONN);
    char buffer[10];
    FAILS(syscall(SYS_recvfrom, fd, buffer, 10, MSG_DONTWAIT, NULL, NULL), EAGAIN);
    address.sin_port = htons(9);
    CHECK(syscall(SYS_sendto, fd, "datagram", 8, MSG_DONTWAIT, &address, sizeof address) == 8);
    FAILS(syscall(SYS_accept4, other, NULL, NULL, SOCK_CLOEXEC), EINVAL);
    FAILS(listen(fd, 5), EOPNOTSUPP);
    char any[4] = "";
    socklen_t len = 2;
    CHECK(getsockname(other, (void *)any, &len) == 0);
}

static void identity(void)
{
    int a, b, c;
    struct timespec time;
    unsigned long mask = 1;
    struct sched_param parameters = {0};
    CHECK(syscall(SYS_getresuid, &a, &b, &c) == 0 && syscall(SYS_getuid) == a && syscall(SYS_setuid, a) == 0);
    CHECK(syscall(SYS_clock_getres, CLOCK_MONOTONIC, &time) == 0);
    CHECK(syscall(SYS_sched_getscheduler, 0) == 0 && syscall(SYS_sched_getparam, 0, &parameters) == 0);
    FAILS(syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, NOWHERE), EFAULT);
    FAILS(syscall(SYS_sched_setaffinity, 0x7ffffff, 8, &mask), ESRCH);
    FAILS(syscall(SYS_setpriority, 77, 0, 5), EINVAL);
    struct rlimit limit;
    CHECK(syscall(SYS_prlimit64, 0, RLIMIT_CORE, NULL, &limit) == 0);
    FAILS(syscall(SYS_tgkill, getpid(), -1, SIGTERM), EINVAL);
    CHECK(syscall(SYS_kill, getpid(), 0) == 0);
    FAILS(syscall(SYS_setgroups, 1, NOWHERE), EFAULT);
    FAILS(syscall(SYS_umount2, "/none", MNT_DETACH_), ENOENT);
    FAILS(syscall(SYS_waitid, P_ALL, 0, NULL, WEXITED | WNOHANG, NULL), ECHILD);
    FAILS(syscall(SYS_unshare, 1), EINVAL);
    stack_t stack;
    CHECK(syscall(SYS_sigaltstack, NULL, &stack) == 0);
    CHECK(syscall(SYS_rt_sigpending, &mask, 8) == 0);
}

int main(void)
{
    // Here the comparison begins.
    CHECK(chdir("/") == 0);
    FAILS(open("/nowhere", O_RDONLY | O_CLOEXEC), ENOENT);
    int ends[2], pair[2], value = 1;
    CHECK(pipe2(ends, O_CLOEXEC) == 0 && write(ends[1], "a\n\"\1\0017long enough to be cut somewhere", 38) == 38);
    char buffer[64];
    CHECK(read(ends[0], buffer, 5) == 5);
    struct iovec parts[2] = {{buffer, 2}, {buffer + 2, 3}};
    CHECK(readv(ends[0], parts, 2) == 5 && writev(ends[1], parts, 2) == 5);
    FAILS(syscall(SYS_read, ends[0], NOWHERE, 3), EFAULT);
    FAILS(close(99), EBADF);
    CHECK(fcntl(ends[0], F_GETFD) == FD_CLOEXEC && fcntl(ends[0], F_SETFL, O_RDONLY | O_NONBLOCK) == 0);
    CHECK(lseek(open("/dev/null", O_RDWR), 5, SEEK_END) == 0);
    FAILS(faccessat(AT_FDCWD, "/nowhere", R_OK | W_OK, 0), ENOENT);
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(sizeof(int))];
    } control = {.head = {CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS}};
    memcpy(CMSG_DATA(&control.head), &ends[0], sizeof(int));
    struct iovec part = {"text", 4};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    CHECK(sendmsg(pair[0], &message, MSG_NOSIGNAL) == 4);
    part = (struct iovec){buffer, 64};
    CHECK(recvmsg(pair[1], &message, 0) == 4);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(80), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    FAILS(bind(pair[0], (void *)&address, sizeof address), EINVAL);
    CHECK(setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &value, sizeof value) == 0);
    CHECK(setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &value, sizeof value) == 0);
    socklen_t len = sizeof value;
    CHECK(getsockopt(server, SOL_SOCKET, SO_TYPE, &value, &len) == 0);
    struct pollfd fds[2] = {{ends[0], POLLIN, 0}, {ends[1], POLLOUT | POLLHUP, 0}};
    struct timespec second = {1, 0}, none = {0, 0};
    CHECK(syscall(SYS_ppoll, fds, 2, &second, NULL, 8) == 2);
    CHECK(syscall(SYS_ppoll, fds, 0, &none, NULL, 8) == 0);
    CHECK(ioctl(ends[0], FIONREAD, &value) == 0);
    FAILS(ioctl(ends[0], TIOCGWINSZ, buffer), ENOTTY);
    CHECK(prctl(PR_SET_NAME, "traced") == 0);
    int word = 5;
    FAILS(syscall(SYS_futex, &word, 0 | 128, 4, NULL), EAGAIN);
    CHECK(syscall(SYS_futex, &word, 1 | 128, 1) == 0);
    struct sigaction action = {.sa_handler = SIG_IGN, .sa_flags = SA_RESTART}, old;
    CHECK(sigaction(SIGINT, &action, &old) == 0);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGRTMIN);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0 && kill(getpid(), SIGUSR1) == 0);
    signal(SIGUSR1, handler);
    CHECK(sigprocmask(SIG_SETMASK, NULL, &set) == 0 && sigprocmask(SIG_UNBLOCK, &set, NULL) == 0);
    signal(SIGALRM, handler);
    struct itimerval soon = {{0, 0}, {0, 20000}};
    CHECK(setitimer(ITIMER_REAL, &soon, NULL) == 0);
    struct timespec long_time = {5, 0};
    FAILS(nanosleep(&long_time, &long_time), EINTR);
    FAILS(shmget(IPC_PRIVATE, 0, IPC_CREAT | 0600), EINVAL);
    CHECK(umask(022) >= 0);
    files();
    memory();
    waiting();
    network();
    identity();
    // The end of the child is told when the parent says so.
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    int status;
    pid_t child = fork();
    if (child == 0)
        syscall(SYS_exit_group, 3);
    CHECK(wait4(child, &status, 0, NULL) == child);
    CHECK(sigprocmask(SIG_UNBLOCK, &set, NULL) == 0);
    kill(getpid(), SIGTERM);
    return 0;
}
