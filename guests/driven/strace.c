// A little of everything, for the lines that a trace has of it.
#include "../syscall/check.h"
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ipc.h>
#include <sys/prctl.h>
#include <sys/shm.h>

static void handler(int signal)
{
    (void)signal;
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
