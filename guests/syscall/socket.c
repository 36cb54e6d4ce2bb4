// Sockets: pairs, datagrams, addresses, messages that carry descriptors.
#include "check.h"
#include <netinet/in.h>
#include <arpa/inet.h>

int main(void)
{
    int pair[2];
    char buffer[100];
    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
    CHECK(send(pair[0], "hello", 5, MSG_NOSIGNAL) == 5 && recv(pair[1], buffer, 100, 0) == 5);
    FAILS(recv(pair[1], buffer, 1, MSG_DONTWAIT), EAGAIN);

    // A descriptor travels.
    int ends[2];
    CHECK(pipe(ends) == 0);
    char control[CMSG_SPACE(sizeof(int))];
    struct iovec part = {"x", 1};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    *head = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
    memcpy(CMSG_DATA(head), &ends[1], sizeof(int));
    CHECK(sendmsg(pair[0], &message, 0) == 1);
    char in[4], room[64];
    struct iovec parts[2] = {{in, 1}, {in + 1, 3}};
    message = (struct msghdr){.msg_iov = parts, .msg_iovlen = 2, .msg_control = room, .msg_controllen = sizeof room};
    CHECK(recvmsg(pair[1], &message, MSG_CMSG_CLOEXEC) == 1 && in[0] == 'x');
    head = CMSG_FIRSTHDR(&message);
    CHECK(head && head->cmsg_type == SCM_RIGHTS && message.msg_controllen == CMSG_SPACE(sizeof(int)));
    int got;
    memcpy(&got, CMSG_DATA(head), sizeof got);
    CHECK(got != ends[1] && fcntl(got, F_GETFD) == FD_CLOEXEC);
    CHECK(write(got, "through", 7) == 7 && read(ends[0], buffer, 100) == 7);
    FAILS(syscall(SYS_sendmsg, pair[0], NOWHERE, 0), EFAULT);
    FAILS(syscall(SYS_sendmsg, 0x7000, NOWHERE, 0), EBADF);
    FAILS(syscall(SYS_sendmsg, ends[0], &message, 0), ENOTSOCK);

    // Options.
    int value = 0;
    socklen_t len = sizeof value;
    CHECK(getsockopt(pair[0], SOL_SOCKET, SO_TYPE, &value, &len) == 0 && value == SOCK_STREAM && len == 4);
    struct ucred peer;
    len = sizeof peer;
    CHECK(getsockopt(pair[0], SOL_SOCKET, SO_PEERCRED, &peer, &len) == 0 && peer.pid == getpid());
    struct timeval limit = {0, 10000};
    CHECK(setsockopt(pair[1], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) == 0);
    FAILS(recv(pair[1], buffer, 1, 0), EAGAIN);
    CHECK(shutdown(pair[0], SHUT_WR) == 0 && recv(pair[1], buffer, 1, 0) == 0);

    // The internet, on this machine.
    int server = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}, from;
    CHECK(bind(server, (void *)&address, sizeof address) == 0 && listen(server, 5) == 0);
    len = sizeof address;
    CHECK(getsockname(server, (void *)&address, &len) == 0 && len == sizeof address && address.sin_port != 0);
    CHECK(connect(client, (void *)&address, sizeof address) == 0);
    len = sizeof from;
    int accepted = accept4(server, (void *)&from, &len, SOCK_NONBLOCK);
    CHECK(accepted >= 0 && from.sin_family == AF_INET && len == sizeof from);
    len = 3;
    CHECK(getpeername(accepted, (void *)buffer, &len) == 0 && len == sizeof from);
    FAILS(recv(accepted, buffer, 1, 0), EAGAIN);
    FAILS(bind(server, NOWHERE, sizeof address), EFAULT);

    int datagrams = socket(AF_INET, SOCK_DGRAM, 0);
    address.sin_port = 0;
    CHECK(bind(datagrams, (void *)&address, sizeof address) == 0);
    len = sizeof address;
    CHECK(getsockname(datagrams, (void *)&address, &len) == 0);
    CHECK(sendto(datagrams, "datagram", 8, 0, (void *)&address, sizeof address) == 8);
    len = sizeof from;
    CHECK(recvfrom(datagrams, buffer, 4, MSG_TRUNC, (void *)&from, &len) == 8 && from.sin_port == address.sin_port);

    struct mmsghdr many[2];
    struct iovec pieces[2] = {{"one", 3}, {"second", 6}};
    for (int i = 0; i < 2; i++)
        many[i] = (struct mmsghdr){.msg_hdr = {.msg_name = &address, .msg_namelen = sizeof address, .msg_iov = &pieces[i], .msg_iovlen = 1}};
    CHECK(sendmmsg(datagrams, many, 2, 0) == 2 && many[1].msg_len == 6);
    char texts[2][10];
    for (int i = 0; i < 2; i++) {
        pieces[i] = (struct iovec){texts[i], 10};
        many[i] = (struct mmsghdr){.msg_hdr = {.msg_iov = &pieces[i], .msg_iovlen = 1}};
    }
    CHECK(recvmmsg(datagrams, many, 2, 0, NULL) == 2 && many[0].msg_len == 3 && memcmp(texts[1], "second", 6) == 0);
    return 0;
}
