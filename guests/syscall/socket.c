// Sockets: pairs, datagrams, addresses, messages that carry descriptors.
#include "check.h"
#include <netinet/in.h>
#include <arpa/inet.h>
#include <linux/filter.h>

// Several control messages, and room for fewer than there are.
static void control_messages(void)
{
    int pair[2], value = 1, ends[2], fds[3];
    CHECK(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0 && pipe(ends) == 0);
    CHECK(setsockopt(pair[1], SOL_SOCKET, SO_PASSCRED, &value, sizeof value) == 0);
    struct iovec part = {"x", 1};
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(3 * sizeof(int)) + CMSG_SPACE(sizeof(struct ucred))];
    } out = {0}, in;
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &out, .msg_controllen = sizeof out};
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    *head = (struct cmsghdr){CMSG_LEN(sizeof fds), SOL_SOCKET, SCM_RIGHTS};
    memcpy(CMSG_DATA(head), (int[]){ends[0], ends[1], ends[0]}, sizeof fds);
    head = CMSG_NXTHDR(&message, head);
    *head = (struct cmsghdr){CMSG_LEN(sizeof(struct ucred)), SOL_SOCKET, SCM_CREDENTIALS};
    struct ucred who = {getpid(), getuid(), getgid()};
    memcpy(CMSG_DATA(head), &who, sizeof who);
    for (int i = 0; i < 3; i++)
        CHECK(sendmsg(pair[0], &message, 0) == 1);

    char byte;
    part = (struct iovec){&byte, 1};
    message = (struct msghdr){.msg_iov = &part, .msg_iovlen = 1, .msg_control = &in, .msg_controllen = sizeof in};
    CHECK(recvmsg(pair[1], &message, 0) == 1 && !(message.msg_flags & MSG_CTRUNC));
    int seen = 0;
    for (head = CMSG_FIRSTHDR(&message); head; head = CMSG_NXTHDR(&message, head)) {
        seen |= 1 << head->cmsg_type;
        if (head->cmsg_type == SCM_RIGHTS) {
            CHECK(head->cmsg_len == CMSG_LEN(sizeof fds));
            memcpy(fds, CMSG_DATA(head), sizeof fds);
        } else {
            memcpy(&who, CMSG_DATA(head), sizeof who);
            CHECK(who.pid == getpid() && who.uid == getuid());
        }
    }
    CHECK(seen == (1 << SCM_RIGHTS | 1 << SCM_CREDENTIALS));
    CHECK(write(fds[1], "y", 1) == 1 && read(fds[2], &byte, 1) == 1 && byte == 'y');

    // Credentials come first; there is room for one descriptor behind them.
    message.msg_controllen = CMSG_SPACE(sizeof(struct ucred)) + CMSG_LEN(sizeof(int));
    CHECK(recvmsg(pair[1], &message, 0) == 1 && message.msg_flags & MSG_CTRUNC);
    head = CMSG_FIRSTHDR(&message);
    CHECK(head && head->cmsg_type == SCM_CREDENTIALS);
    head = CMSG_NXTHDR(&message, head);
    CHECK(head && head->cmsg_type == SCM_RIGHTS && head->cmsg_len == CMSG_LEN(sizeof(int)));
    message.msg_controllen = 0;
    CHECK(recvmsg(pair[1], &message, 0) == 1 && message.msg_flags & MSG_CTRUNC && message.msg_controllen == 0);

    // What is no message is not sent.
    out.head.cmsg_len = 3;
    message = (struct msghdr){.msg_iov = &part, .msg_iovlen = 1, .msg_control = &out, .msg_controllen = sizeof out};
    FAILS(sendmsg(pair[0], &message, 0), EINVAL);
    out.head = (struct cmsghdr){CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
    memcpy(CMSG_DATA(&out.head), (int[]){0x7000}, sizeof(int));
    message.msg_controllen = CMSG_SPACE(sizeof(int));
    FAILS(sendmsg(pair[0], &message, 0), EBADF);
    message.msg_control = NOWHERE;
    FAILS(sendmsg(pair[0], &message, 0), EFAULT);
    message.msg_iovlen = 2000;
    FAILS(sendmsg(pair[0], &message, 0), EMSGSIZE);
}

// A filter on packets, which is behind a pointer.
static void filter(int fd, struct sockaddr_in *address)
{
    struct sock_filter nothing[] = {BPF_STMT(BPF_RET | BPF_K, 0)}, found[4];
    struct sock_fprog program = {1, nothing};
    char byte;
    CHECK(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0);
    CHECK(sendto(fd, "z", 1, 0, (void *)address, sizeof *address) == 1);
    FAILS(recv(fd, &byte, 1, MSG_DONTWAIT), EAGAIN);
    socklen_t len = 4;
    CHECK(getsockopt(fd, SOL_SOCKET, SO_GET_FILTER, found, &len) == 0 && len == 1 && found[0].code == (BPF_RET | BPF_K));
    CHECK(setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &len, sizeof len) == 0);
    CHECK(sendto(fd, "z", 1, 0, (void *)address, sizeof *address) == 1 && recv(fd, &byte, 1, 0) == 1);
    program.filter = NOWHERE;
    FAILS(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program), EFAULT);
    program.len = 0;
    FAILS(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program), EINVAL);
    FAILS(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, 3), EINVAL);
    FAILS(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, NOWHERE, sizeof program), EFAULT);
    FAILS(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &len, 2), EINVAL);
    FAILS(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, NOWHERE, 4), EFAULT);
    FAILS(setsockopt(fd, SOL_SOCKET, 9999, &len, 4), ENOPROTOOPT);
    FAILS(getsockopt(fd, SOL_SOCKET, SO_TYPE, &byte, NOWHERE), EFAULT);
    len = -1;
    FAILS(getsockopt(fd, SOL_SOCKET, SO_TYPE, &byte, &len), EINVAL);
}

// Some have the numbers that netfilter's have for IPv4.
static void ip6_options(void)
{
    int fd = socket(AF_INET6, SOCK_DGRAM, 0), value, options[] = {IPV6_RECVTCLASS, IPV6_TCLASS, IPV6_FREEBIND, IPV6_RECVORIGDSTADDR};
    if (fd == -1 && errno == EAFNOSUPPORT)
        return;
    for (int n = 0; n < 4; n++) {
        socklen_t len = sizeof value;
        CHECK(setsockopt(fd, IPPROTO_IPV6, options[n], &(int){1}, sizeof(int)) == 0);
        CHECK(getsockopt(fd, IPPROTO_IPV6, options[n], &value, &len) == 0 && value == 1);
    }
    CHECK(close(fd) == 0);
}

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
    // What comes before the bad one is sent and received.
    for (int i = 0; i < 2; i++)
        many[i].msg_hdr.msg_name = &address, many[i].msg_hdr.msg_namelen = sizeof address;
    many[1].msg_hdr.msg_iov = NOWHERE;
    CHECK(sendmmsg(datagrams, many, 2, 0) == 1);
    many[0].msg_hdr.msg_iov = NOWHERE;
    FAILS(sendmmsg(datagrams, many, 2, 0), EFAULT);
    FAILS(sendmmsg(datagrams, NOWHERE, 2, 0), EFAULT);
    FAILS(sendmmsg(0x7000, NOWHERE, 2, 0), EBADF);
    FAILS(sendmmsg(datagrams, many, 2, 0x40000000 | MSG_DONTWAIT), EFAULT);
    many[0].msg_hdr.msg_iov = &pieces[0];
    CHECK(recvmmsg(datagrams, many, 2, MSG_DONTWAIT, NULL) == 1);
    // The error of the second waits for the next call.
    FAILS(recv(datagrams, buffer, 1, MSG_DONTWAIT), EFAULT);
    FAILS(recv(datagrams, buffer, 1, MSG_DONTWAIT), EAGAIN);
    control_messages();
    filter(datagrams, &address);
    ip6_options();
    return 0;
}
