// Descriptors that the program has not opened are none, whatever it is run by.
#include "check.h"

int main(void)
{
    struct rlimit limit;
    CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    int last = limit.rlim_cur < 1 << 16 ? limit.rlim_cur : 1 << 16, pair[2];
    for (int fd = 3; fd < last; fd++)
        close(fd);
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0 && pair[0] == 3 && pair[1] == 4);
    int epoll = epoll_create1(0);
    for (int fd = 6; fd < last; fd++) {
        struct pollfd one[2] = {{fd, POLLIN, 0}, {-1, POLLIN, 9}};
        CHECK(poll(one, 2, 0) == 1 && one[0].revents == POLLNVAL && one[0].fd == fd && one[1].revents == 0);
        if (fd < FD_SETSIZE) {
            fd_set set;
            FD_ZERO(&set);
            FD_SET(fd, &set);
            struct timeval now = {0, 0};
            // Beyond the table of open ones the kernel does not look.
            int ready = select(fd + 1, &set, NULL, NULL, &now);
            CHECK(ready == 0 || (ready == -1 && errno == EBADF));
            CHECK(select(fd, &set, NULL, NULL, &now) == 0);
        }
        FAILS(fcntl(fd, F_GETFD), EBADF);
        FAILS(dup(fd), EBADF);
        FAILS(write(fd, "", 1), EBADF);
        FAILS(ioctl(fd, FIOCLEX), EBADF);
        struct epoll_event event = {.events = EPOLLIN};
        FAILS(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event), EBADF);
        FAILS((long)mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0), EBADF);
        FAILS(fchdir(fd), EBADF);
        FAILS(openat(fd, "x", O_RDONLY), EBADF);
        union {
            struct cmsghdr head;
            char room[CMSG_SPACE(sizeof(int))];
        } control = {.head = {CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS}};
        memcpy(CMSG_DATA(&control.head), &fd, sizeof fd);
        struct iovec part = {"x", 1};
        struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
        FAILS(sendmsg(pair[0], &message, 0), EBADF);
    }
    return 0;
}
