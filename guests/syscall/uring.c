// io_uring, by its bare calls. 77 if the kernel has none.
#include "check.h"
#include <linux/futex.h>
#include <linux/io_uring.h>
#include <linux/openat2.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/xattr.h>

// What is newer than the headers are.
enum { OP_WAITID = 50, OP_FUTEX_WAIT, OP_FUTEX_WAKE, OP_FUTEX_WAITV, OP_FIXED_FD_INSTALL, OP_EPOLL_WAIT = 59 };
#define SETUP_NO_SQARRAY (1U << 16)

struct ring {
    int fd;
    struct io_uring_params params;
    char *rings;
    struct io_uring_sqe *entries;
    size_t len;
};

static unsigned *word(struct ring *ring, unsigned offset)
{
    return (unsigned *)(ring->rings + offset);
}

static struct ring make(unsigned count, unsigned flags)
{
    struct ring ring = {.params = {.flags = flags}};
    ring.fd = syscall(SYS_io_uring_setup, count, &ring.params);
    if (ring.fd < 0 && (errno == ENOSYS || errno == EPERM))
        _exit(77);
    CHECK(ring.fd >= 0);
    CHECK(ring.params.features & IORING_FEAT_SINGLE_MMAP && ring.params.flags == flags);
    size_t submission = ring.params.sq_off.array + ring.params.sq_entries * sizeof(unsigned);
    size_t completion = ring.params.cq_off.cqes + ring.params.cq_entries * (flags & IORING_SETUP_CQE32 ? 32 : 16);
    ring.len = submission > completion ? submission : completion;
    ring.rings = mmap(NULL, ring.len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring.fd, IORING_OFF_SQ_RING);
    CHECK(ring.rings != MAP_FAILED);
    size_t size = ring.params.sq_entries * (flags & IORING_SETUP_SQE128 ? 128 : 64);
    ring.entries = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring.fd, IORING_OFF_SQES);
    CHECK(ring.entries != MAP_FAILED);
    CHECK(*word(&ring, ring.params.sq_off.ring_entries) == ring.params.sq_entries);
    CHECK(*word(&ring, ring.params.cq_off.ring_mask) == ring.params.cq_entries - 1);
    return ring;
}

// The next entry.
static struct io_uring_sqe *next(struct ring *ring, int opcode, int fd, const void *addr, unsigned len, uint64_t offset)
{
    unsigned *tail = word(ring, ring->params.sq_off.tail), place = *tail & (ring->params.sq_entries - 1);
    int wide = ring->params.flags & IORING_SETUP_SQE128 ? 2 : 1;
    struct io_uring_sqe *entry = &ring->entries[place * wide];
    memset(entry, 0, sizeof *entry);
    if (!(ring->params.flags & SETUP_NO_SQARRAY))
        word(ring, ring->params.sq_off.array)[place] = place;
    *entry = (struct io_uring_sqe){.opcode = opcode, .fd = fd, .addr = (uintptr_t)addr, .len = len, .off = offset, .user_data = *tail};
    __atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
    return entry;
}

static long enter(struct ring *ring, unsigned submit, unsigned wait)
{
    return syscall(SYS_io_uring_enter, ring->fd, submit, wait, wait ? IORING_ENTER_GETEVENTS : 0, NULL, 8);
}

static struct io_uring_cqe *completion(struct ring *ring)
{
    unsigned *head = word(ring, ring->params.cq_off.head);
    if (*head == __atomic_load_n(word(ring, ring->params.cq_off.tail), __ATOMIC_ACQUIRE))
        return NULL;
    int wide = ring->params.flags & IORING_SETUP_CQE32 ? 2 : 1;
    return (struct io_uring_cqe *)(ring->rings + ring->params.cq_off.cqes) + (*head & (ring->params.cq_entries - 1)) * wide;
}

static void seen(struct ring *ring)
{
    unsigned *head = word(ring, ring->params.cq_off.head);
    __atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
}

// The result of the next one that is completed.
static int result(struct ring *ring)
{
    while (completion(ring) == NULL)
        CHECK(syscall(SYS_io_uring_enter, ring->fd, 0, 1, IORING_ENTER_GETEVENTS, NULL, 8) == 0 || errno == EINTR);
    int res = completion(ring)->res;
    seen(ring);
    return res;
}

// The result of the entry that has just been made.
static int done(struct ring *ring)
{
    CHECK(enter(ring, 1, 1) == 1);
    return result(ring);
}

static char name[] = "/tmp/tine-uring-XXXXXX";

static void files(struct ring *ring)
{
    char in[64] = "", tail[8] = "", other[64], link[64];
    int fd = mkstemp(name);
    CHECK(fd >= 0);
    sprintf(other, "%s.other", name);
    sprintf(link, "%s.link", name);
    next(ring, IORING_OP_NOP, -1, NULL, 0, 0);
    CHECK(done(ring) == 0);
    next(ring, IORING_OP_WRITE, fd, "written", 7, 0);
    CHECK(done(ring) == 7);
    next(ring, IORING_OP_READ, fd, in, 7, 0);
    CHECK(done(ring) == 7 && memcmp(in, "written", 7) == 0);
    struct iovec parts[2] = {{"WRI", 3}, {"TTEN!", 5}};
    next(ring, IORING_OP_WRITEV, fd, parts, 2, 0);
    CHECK(done(ring) == 8);
    // The list is the kernel's when it has been submitted.
    struct iovec *list = malloc(sizeof parts);
    list[0] = (struct iovec){in, 3};
    list[1] = (struct iovec){tail, 5};
    next(ring, IORING_OP_READV, fd, list, 2, 0);
    CHECK(enter(ring, 1, 0) == 1);
    memset(list, 0xff, sizeof parts);
    CHECK(result(ring) == 8 && memcmp(in, "WRI", 3) == 0 && memcmp(tail, "TTEN!", 5) == 0);
    next(ring, IORING_OP_FSYNC, fd, NULL, 0, 0);
    CHECK(done(ring) == 0);
    next(ring, IORING_OP_FALLOCATE, fd, (void *)100, 0, 0);
    CHECK(done(ring) == 0);
    struct statx about;
    struct io_uring_sqe *entry = next(ring, IORING_OP_STATX, AT_FDCWD, name, STATX_SIZE, (uintptr_t)&about);
    CHECK(done(ring) == 0 && about.stx_size == 100);

    // Wrong addresses are the completion's errors.
    next(ring, IORING_OP_WRITE, fd, NOWHERE, 7, 0);
    CHECK(done(ring) == -EFAULT);
    next(ring, IORING_OP_READ, fd, OUTSIDE, 7, 0);
    CHECK(done(ring) == -EFAULT);
    next(ring, IORING_OP_READV, fd, NOWHERE, 1, 0);
    CHECK(done(ring) == -EFAULT);
    next(ring, IORING_OP_READV, fd, parts, 1025, 0);
    CHECK(done(ring) == -EINVAL);
    parts[0].iov_base = OUTSIDE;
    next(ring, IORING_OP_WRITEV, fd, parts, 1, 0);
    CHECK(done(ring) == -EFAULT);
    next(ring, IORING_OP_STATX, AT_FDCWD, name, STATX_SIZE, (uintptr_t)OUTSIDE);
    CHECK(done(ring) == -EFAULT);
    next(ring, IORING_OP_OPENAT, AT_FDCWD, NOWHERE, 0, 0);
    CHECK(done(ring) == -EFAULT);
    next(ring, IORING_OP_READ, 12345, in, 7, 0);
    CHECK(done(ring) == -EBADF);
    next(ring, 200, fd, in, 7, 0);
    CHECK(done(ring) == -EINVAL);

    entry = next(ring, IORING_OP_OPENAT, AT_FDCWD, other, 0600, 0);
    entry->open_flags = O_CREAT | O_EXCL | O_RDWR;
    int opened = done(ring);
    CHECK(opened >= 0 && write(opened, "x", 1) == 1);
    next(ring, IORING_OP_CLOSE, opened, NULL, 0, 0);
    CHECK(done(ring) == 0);
    FAILS(close(opened), EBADF);
    struct open_how how = {.flags = O_RDONLY};
    next(ring, IORING_OP_OPENAT2, AT_FDCWD, other, sizeof how, (uintptr_t)&how);
    opened = done(ring);
    CHECK(opened >= 0 && read(opened, in, 2) == 1 && close(opened) == 0);
    // What /proc shows of the program.
    next(ring, IORING_OP_OPENAT, AT_FDCWD, "/proc/self/cmdline", 0, 0);
    opened = done(ring);
    CHECK(opened >= 0 && read(opened, in, sizeof in) > 0 && strstr(in, "uring") != NULL && strstr(in, "tine ") == NULL);
    CHECK(close(opened) == 0);

    next(ring, IORING_OP_SYMLINKAT, AT_FDCWD, other, 0, (uintptr_t)link);
    CHECK(done(ring) == 0 && readlink(link, in, sizeof in) == (ssize_t)strlen(other));
    next(ring, IORING_OP_UNLINKAT, AT_FDCWD, link, 0, 0);
    CHECK(done(ring) == 0);
    next(ring, IORING_OP_LINKAT, AT_FDCWD, other, AT_FDCWD, (uintptr_t)link);
    CHECK(done(ring) == 0);
    next(ring, IORING_OP_RENAMEAT, AT_FDCWD, link, AT_FDCWD, (uintptr_t)other);
    CHECK(done(ring) == 0 && unlink(link) == 0);
    next(ring, IORING_OP_UNLINKAT, AT_FDCWD, other, 0, 0);
    CHECK(done(ring) == 0);
    next(ring, IORING_OP_MKDIRAT, AT_FDCWD, other, 0700, 0);
    CHECK(done(ring) == 0 && rmdir(other) == 0);
    entry = next(ring, IORING_OP_FSETXATTR, fd, "user.tine", 5, (uintptr_t)"value");
    int set = done(ring);
    CHECK(set == 0 || set == -EOPNOTSUPP);
    if (set == 0) {
        entry = next(ring, IORING_OP_GETXATTR, 0, "user.tine", sizeof in, (uintptr_t)in);
        entry->addr3 = (uintptr_t)name;
        CHECK(done(ring) == 5 && memcmp(in, "value", 5) == 0);
    }
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    *(char *)page = 1;
    entry = next(ring, IORING_OP_MADVISE, -1, page, 4096, 0);
    entry->fadvise_advice = MADV_DONTNEED;
    CHECK(done(ring) == 0 && *(char *)page == 0);

    int ends[2];
    CHECK(pipe(ends) == 0);
    entry = next(ring, IORING_OP_SPLICE, ends[1], NULL, 3, -1);
    entry->splice_off_in = 2;
    entry->splice_fd_in = fd;
    CHECK(done(ring) == 3 && read(ends[0], in, sizeof in) == 3 && memcmp(in, "ITT", 3) == 0);
    CHECK(close(fd) == 0 && close(ends[0]) == 0 && close(ends[1]) == 0);
}

static void sockets(struct ring *ring)
{
    int server = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}, peer;
    socklen_t len = sizeof address, peer_len = sizeof peer;
    CHECK(bind(server, (void *)&address, len) == 0 && listen(server, 1) == 0);
    CHECK(getsockname(server, (void *)&address, &len) == 0);
    memset(&peer, 0, sizeof peer);
    next(ring, IORING_OP_ACCEPT, server, &peer, 0, (uintptr_t)&peer_len);
    next(ring, IORING_OP_CONNECT, client, &address, 0, len);
    CHECK(enter(ring, 2, 2) == 2);
    int results[2];
    for (int i = 0; i < 2; i++) {
        CHECK(completion(ring) != NULL);
        int which = completion(ring)->user_data - (*word(ring, ring->params.sq_off.tail) - 2);
        CHECK(which == 0 || which == 1);
        results[which] = result(ring);
    }
    int accepted = results[0];
    CHECK(results[1] == 0 && accepted >= 0 && peer_len == sizeof peer && peer.sin_family == AF_INET && peer.sin_port != 0);

    char in[16] = "";
    next(ring, IORING_OP_RECV, accepted, in, sizeof in, 0);
    CHECK(enter(ring, 1, 0) == 1 && completion(ring) == NULL);
    next(ring, IORING_OP_SEND, client, "hello", 5, 0);
    CHECK(enter(ring, 1, 2) == 1 && result(ring) + result(ring) == 10 && memcmp(in, "hello", 5) == 0);
    next(ring, IORING_OP_SEND, client, NOWHERE, 5, 0);
    CHECK(done(ring) == -EFAULT);
    next(ring, IORING_OP_SHUTDOWN, client, NULL, SHUT_WR, 0);
    CHECK(done(ring) == 0);
    next(ring, IORING_OP_RECV, accepted, in, sizeof in, 0);
    CHECK(done(ring) == 0);
    CHECK(close(client) == 0 && close(accepted) == 0 && close(server) == 0);
    next(ring, IORING_OP_SOCKET, AF_UNIX, NULL, 0, SOCK_STREAM);
    int made = done(ring);
    CHECK(made >= 0 && close(made) == 0);

    // Messages, with an address and a descriptor.
    int pair[2], udp = socket(AF_INET, SOCK_DGRAM, 0);
    CHECK(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0);
    union {
        char bytes[CMSG_SPACE(sizeof(int))];
        struct cmsghdr header;
    } control = {.header = {.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS}}, received = {0};
    memcpy(CMSG_DATA(&control.header), &udp, sizeof udp);
    struct iovec out[2] = {{"ab", 2}, {"cde", 3}}, into[2] = {{in, 1}, {in + 8, 8}};
    struct msghdr message = {.msg_iov = out, .msg_iovlen = 2, .msg_control = &control, .msg_controllen = sizeof control};
    struct msghdr answer = {.msg_iov = into, .msg_iovlen = 2, .msg_control = &received, .msg_controllen = sizeof received};
    next(ring, IORING_OP_RECVMSG, pair[0], &answer, 1, 0);
    CHECK(enter(ring, 1, 0) == 1 && completion(ring) == NULL);
    CHECK(answer.msg_iov == into && answer.msg_control == &received);
    next(ring, IORING_OP_SENDMSG, pair[1], &message, 1, 0);
    CHECK(enter(ring, 1, 2) == 1 && result(ring) == 5 && result(ring) == 5);
    CHECK(in[0] == 'a' && memcmp(in + 8, "bcde", 4) == 0);
    CHECK(answer.msg_controllen == CMSG_SPACE(sizeof(int)) && received.header.cmsg_type == SCM_RIGHTS && answer.msg_flags == 0);
    int sent;
    memcpy(&sent, CMSG_DATA(&received.header), sizeof sent);
    CHECK(sent > udp && close(sent) == 0);

    len = sizeof address;
    address.sin_port = 0;
    CHECK(bind(udp, (void *)&address, len) == 0 && getsockname(udp, (void *)&address, &len) == 0);
    struct io_uring_sqe *entry = next(ring, IORING_OP_SEND, udp, "datagram", 8, (uintptr_t)&address);
    entry->addr_len = len;
    CHECK(done(ring) == 8);
    memset(&peer, 0, sizeof peer);
    answer = (struct msghdr){.msg_name = &peer, .msg_namelen = 100, .msg_iov = into, .msg_iovlen = 1};
    // The same header twice.
    next(ring, IORING_OP_RECVMSG, udp, &answer, 1, 0);
    next(ring, IORING_OP_RECVMSG, udp, &answer, 1, 0)->msg_flags = MSG_DONTWAIT;
    CHECK(enter(ring, 2, 2) == 2 && result(ring) == 1 && result(ring) == -EAGAIN);
    CHECK(answer.msg_flags == MSG_TRUNC && answer.msg_namelen == sizeof peer && peer.sin_port == address.sin_port);
    answer.msg_iov = NOWHERE;
    next(ring, IORING_OP_RECVMSG, udp, &answer, 1, 0);
    CHECK(done(ring) == -EFAULT && answer.msg_iov == NOWHERE);
    answer.msg_iovlen = 5000;
    next(ring, IORING_OP_RECVMSG, udp, &answer, 1, 0);
    CHECK(done(ring) == -EMSGSIZE);
    next(ring, IORING_OP_SENDMSG, udp, NOWHERE, 1, 0);
    CHECK(done(ring) == -EFAULT);
    CHECK(close(pair[0]) == 0 && close(pair[1]) == 0 && close(udp) == 0);
}

static void waiting(struct ring *ring)
{
    int ends[2];
    CHECK(pipe(ends) == 0);
    struct io_uring_sqe *entry = next(ring, IORING_OP_POLL_ADD, ends[0], NULL, 0, 0);
    entry->poll32_events = POLLIN;
    CHECK(enter(ring, 1, 0) == 1 && completion(ring) == NULL && write(ends[1], "x", 1) == 1);
    CHECK(result(ring) & POLLIN);

    struct __kernel_timespec soon = {0, 1000000}, never = {1000, 0};
    next(ring, IORING_OP_TIMEOUT, -1, &soon, 1, 0);
    CHECK(done(ring) == -ETIME);
    next(ring, IORING_OP_TIMEOUT, -1, OUTSIDE, 1, 0);
    CHECK(done(ring) == -EFAULT);
    uint64_t which = next(ring, IORING_OP_TIMEOUT, -1, &never, 1, 0)->user_data;
    CHECK(enter(ring, 1, 0) == 1);
    next(ring, IORING_OP_ASYNC_CANCEL, -1, (void *)which, 0, 0);
    CHECK(enter(ring, 1, 2) == 1 && result(ring) + result(ring) == -ECANCELED);
    which = next(ring, IORING_OP_TIMEOUT, -1, &never, 1, 0)->user_data;
    CHECK(enter(ring, 1, 0) == 1);
    entry = next(ring, IORING_OP_TIMEOUT_REMOVE, -1, (void *)which, 0, (uintptr_t)&soon);
    entry->timeout_flags = IORING_TIMEOUT_UPDATE;
    CHECK(enter(ring, 1, 2) == 1 && result(ring) + result(ring) == -ETIME);

    // A chain: the second is cancelled by time, the third does not happen.
    char in[8];
    CHECK(read(ends[0], in, 1) == 1);
    next(ring, IORING_OP_NOP, -1, NULL, 0, 0)->flags = IOSQE_IO_LINK;
    next(ring, IORING_OP_READ, ends[0], in, 1, -1)->flags = IOSQE_IO_LINK;
    next(ring, IORING_OP_LINK_TIMEOUT, -1, &soon, 1, 0);
    CHECK(enter(ring, 3, 3) == 3);
    int ends_of_chain[3] = {result(ring), result(ring), result(ring)};
    CHECK(ends_of_chain[0] == 0 && ends_of_chain[1] + ends_of_chain[2] < -ETIME);
    next(ring, IORING_OP_READ, ends[0], NOWHERE, 1, -1)->flags = IOSQE_IO_LINK;
    next(ring, IORING_OP_NOP, -1, NULL, 0, 0);
    CHECK(write(ends[1], "y", 1) == 1 && enter(ring, 2, 2) == 2 && result(ring) == -EFAULT && result(ring) == -ECANCELED);

    // What epoll says has another layout than x86-64's.
    int poll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLOUT, .data.u64 = 0x123456789abcdef0};
    next(ring, IORING_OP_EPOLL_CTL, poll, &event, EPOLL_CTL_ADD, ends[1]);
    CHECK(done(ring) == 0);
    memset(&event, 0, sizeof event);
    CHECK(epoll_wait(poll, &event, 1, 0) == 1 && event.data.u64 == 0x123456789abcdef0 && event.events == EPOLLOUT);
    next(ring, IORING_OP_EPOLL_CTL, poll, OUTSIDE, EPOLL_CTL_MOD, ends[1]);
    CHECK(done(ring) == -EFAULT);
    next(ring, IORING_OP_EPOLL_CTL, poll, NULL, EPOLL_CTL_DEL, ends[1]);
    CHECK(done(ring) == 0 && close(poll) == 0);

    // Waiting with a time, and with a mask.
    struct io_uring_getevents_arg arg = {.ts = (uintptr_t)&soon};
    unsigned flags = IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG;
    FAILS(syscall(SYS_io_uring_enter, ring->fd, 0, 1, flags, &arg, sizeof arg), ETIME);
    FAILS(syscall(SYS_io_uring_enter, ring->fd, 0, 1, flags, &arg, 8), EINVAL);
    FAILS(syscall(SYS_io_uring_enter, ring->fd, 0, 1, flags, OUTSIDE, sizeof arg), EFAULT);
    FAILS(syscall(SYS_io_uring_enter, ring->fd, 0, 1, 1U << 31, NULL, 0), EINVAL);
    FAILS(syscall(SYS_io_uring_enter, ends[0], 0, 0, 0, NULL, 0), EOPNOTSUPP);
    FAILS(syscall(SYS_io_uring_enter, 12345, 1, 0, 0, NULL, 0), EBADF);
    CHECK(close(ends[0]) == 0 && close(ends[1]) == 0);
}

static volatile int caught;

static void catch(int signal)
{
    caught = signal;
}

static void signals(struct ring *ring)
{
    struct sigaction action = {.sa_handler = catch, .sa_flags = SA_RESTART};
    CHECK(sigaction(SIGALRM, &action, NULL) == 0);
    struct itimerval soon = {.it_value.tv_usec = 20000};
    CHECK(setitimer(ITIMER_REAL, &soon, NULL) == 0);
    FAILS(enter(ring, 0, 1), EINTR);
    CHECK(caught == SIGALRM);
    // The mask holds for the call.
    sigset_t blocked, open;
    sigemptyset(&open);
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGALRM);
    caught = 0;
    CHECK(sigprocmask(SIG_BLOCK, &blocked, NULL) == 0 && raise(SIGALRM) == 0 && caught == 0);
    FAILS(syscall(SYS_io_uring_enter, ring->fd, 0, 1, IORING_ENTER_GETEVENTS, &open, 8), EINTR);
    CHECK(caught == SIGALRM && sigprocmask(SIG_UNBLOCK, &blocked, NULL) == 0);
}

static int reg(struct ring *ring, unsigned opcode, const void *arg, unsigned count)
{
    return syscall(SYS_io_uring_register, ring->fd, opcode, arg, count);
}

static void registered(struct ring *ring)
{
    int fd = open(name, O_RDWR);
    char *buffer = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct iovec list = {buffer, 8192}, wrong = {OUTSIDE, 4096};
    FAILS(reg(ring, IORING_REGISTER_BUFFERS, &wrong, 1), EFAULT);
    CHECK(reg(ring, IORING_REGISTER_BUFFERS, &list, 1) == 0);
    strcpy(buffer + 5000, "fixed");
    next(ring, IORING_OP_WRITE_FIXED, fd, buffer + 5000, 5, 0);
    CHECK(done(ring) == 5);
    next(ring, IORING_OP_READ_FIXED, fd, buffer + 100, 5, 0);
    CHECK(done(ring) == 5 && memcmp(buffer + 100, "fixed", 5) == 0);
    next(ring, IORING_OP_READ_FIXED, fd, buffer + 8190, 5, 0);
    CHECK(done(ring) == -EFAULT);
    CHECK(reg(ring, IORING_UNREGISTER_BUFFERS, NULL, 0) == 0);

    int files[2] = {fd, -1};
    CHECK(reg(ring, IORING_REGISTER_FILES, files, 2) == 0);
    next(ring, IORING_OP_READ, 0, buffer, 5, 0)->flags = IOSQE_FIXED_FILE;
    CHECK(done(ring) == 5 && memcmp(buffer, "fixed", 5) == 0);
    struct io_uring_files_update update = {.offset = 1, .fds = (uintptr_t)files};
    CHECK(reg(ring, IORING_REGISTER_FILES_UPDATE, &update, 1) == 1);
    int none = -1;
    next(ring, IORING_OP_FILES_UPDATE, -1, &none, 1, 0);
    CHECK(done(ring) == 1);
    next(ring, IORING_OP_READ, 0, buffer, 5, 0)->flags = IOSQE_FIXED_FILE;
    CHECK(done(ring) == -EBADF);
    // A file that has no descriptor.
    struct io_uring_sqe *entry = next(ring, IORING_OP_OPENAT, AT_FDCWD, name, 0, 0);
    entry->file_index = 1;
    CHECK(done(ring) == 0);
    next(ring, IORING_OP_READ, 0, buffer + 9, 5, 0)->flags = IOSQE_FIXED_FILE;
    CHECK(done(ring) == 5 && memcmp(buffer + 9, "fixed", 5) == 0);
    CHECK(reg(ring, IORING_UNREGISTER_FILES, NULL, 0) == 0);
    struct io_uring_rsrc_register more = {.nr = 2, .data = (uintptr_t)files};
    CHECK(reg(ring, IORING_REGISTER_FILES2, &more, sizeof more) == 0 && reg(ring, IORING_UNREGISTER_FILES, NULL, 0) == 0);

    int event = eventfd(0, 0);
    uint64_t count = 0;
    CHECK(reg(ring, IORING_REGISTER_EVENTFD, &event, 1) == 0);
    next(ring, IORING_OP_NOP, -1, NULL, 0, 0);
    CHECK(done(ring) == 0 && read(event, &count, 8) == 8 && count == 1);
    CHECK(reg(ring, IORING_UNREGISTER_EVENTFD, NULL, 0) == 0 && close(event) == 0);

    // Buffers that the kernel chooses from.
    char *room = calloc(4, 16);
    struct io_uring_sqe *given = next(ring, IORING_OP_PROVIDE_BUFFERS, 4, room, 16, 20);
    given->buf_group = 7;
    CHECK(done(ring) == 0);
    given = next(ring, IORING_OP_READ, fd, NULL, 5, 0);
    given->flags = IOSQE_BUFFER_SELECT;
    given->buf_group = 7;
    CHECK(enter(ring, 1, 1) == 1);
    struct io_uring_cqe *cqe = completion(ring);
    CHECK(cqe->res == 5 && cqe->flags & IORING_CQE_F_BUFFER);
    int chosen = (cqe->flags >> IORING_CQE_BUFFER_SHIFT) - 20;
    CHECK(chosen >= 0 && chosen < 4 && memcmp(room + 16 * chosen, "fixed", 5) == 0);
    seen(ring);

    struct {
        struct io_uring_probe head;
        struct io_uring_probe_op ops[64];
    } probe = {0};
    CHECK(reg(ring, IORING_REGISTER_PROBE, &probe, 64) == 0);
    CHECK(probe.ops[IORING_OP_READ].flags & IO_URING_OP_SUPPORTED);
    CHECK_RISCV(!(probe.ops[OP_EPOLL_WAIT].flags & IO_URING_OP_SUPPORTED));
    FAILS(reg(ring, 12345, NULL, 0), EINVAL);

    // The ring itself by number.
    struct io_uring_rsrc_update self = {.offset = -1U, .data = ring->fd};
    CHECK(reg(ring, IORING_REGISTER_RING_FDS, &self, 1) == 1 && self.offset == 0);
    next(ring, IORING_OP_WRITE, fd, "FIXED", 5, 0);
    unsigned flags = IORING_ENTER_REGISTERED_RING | IORING_ENTER_GETEVENTS;
    CHECK(syscall(SYS_io_uring_enter, 0, 1, 1, flags, NULL, 8) == 1 && result(ring) == 5);
    self.data = 0;
    CHECK(reg(ring, IORING_UNREGISTER_RING_FDS, &self, 1) == 1);
    FAILS(syscall(SYS_io_uring_enter, 0, 0, 0, flags, NULL, 8), EBADF);
    CHECK(close(fd) == 0);
}

static unsigned lock = 1;

static void *unlock(void *unused)
{
    (void)unused;
    usleep(10000);
    __atomic_store_n(&lock, 0, __ATOMIC_SEQ_CST);
    syscall(SYS_futex, &lock, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
    return NULL;
}

static int supports(struct ring *ring, int opcode)
{
    struct {
        struct io_uring_probe head;
        struct io_uring_probe_op ops[256];
    } probe = {0};
    CHECK(reg(ring, IORING_REGISTER_PROBE, &probe, 256) == 0);
    return probe.ops[opcode].flags & IO_URING_OP_SUPPORTED;
}

static void newer(struct ring *ring)
{
    enum { FUTEX2_U32_PRIVATE = 2 | 128 };
    struct io_uring_sqe *entry;
    if (supports(ring, OP_FUTEX_WAIT)) {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, unlock, NULL) == 0);
        entry = next(ring, OP_FUTEX_WAIT, FUTEX2_U32_PRIVATE, &lock, 0, 1);
        entry->addr3 = ~0U;
        int woken = done(ring);
        CHECK(woken == 0 || woken == -EAGAIN);
        CHECK(pthread_join(thread, NULL) == 0);
        struct futex_waitv waiters[1] = {{.val = 1, .uaddr = (uintptr_t)&lock, .flags = FUTEX2_U32_PRIVATE}};
        next(ring, OP_FUTEX_WAITV, 0, waiters, 1, 0);
        CHECK(done(ring) == -EAGAIN);
        waiters[0].val = 0;
        next(ring, OP_FUTEX_WAITV, 0, waiters, 1, 0);
        CHECK(enter(ring, 1, 0) == 1);
        entry = next(ring, OP_FUTEX_WAKE, FUTEX2_U32_PRIVATE, &lock, 0, 1);
        entry->addr3 = ~0U;
        CHECK(enter(ring, 1, 2) == 1 && result(ring) + result(ring) == 1);
        next(ring, OP_FUTEX_WAITV, 0, OUTSIDE, 1, 0);
        CHECK(done(ring) == -EFAULT);
    }
    if (supports(ring, OP_WAITID)) {
        siginfo_t info = {0};
        pid_t child = fork();
        if (child == 0)
            _exit(9);
        entry = next(ring, OP_WAITID, child, NULL, P_PID, (uintptr_t)&info);
        entry->file_index = WEXITED;
        CHECK(done(ring) == 0 && info.si_pid == child && info.si_status == 9 && info.si_code == CLD_EXITED);
    }
}

// The ring is the child's as well.
static void forked(struct ring *ring)
{
    int fd = open(name, O_RDWR), again = dup(ring->fd), status;
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        close(ring->fd);
        ring->fd = again;
        next(ring, IORING_OP_WRITE, fd, "child", 5, 0);
        CHECK(done(ring) == 5);
        _exit(0);
    }
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    char in[5];
    next(ring, IORING_OP_READ, fd, in, 5, 0);
    CHECK(done(ring) == 5 && memcmp(in, "child", 5) == 0);
    CHECK(close(fd) == 0 && close(again) == 0);
}

static void *submit(void *argument)
{
    struct ring *ring = argument;
    for (int i = 0; i < 1000; i++)
        CHECK(enter(ring, 1, 0) >= 0);
    return NULL;
}

// Threads that submit the same entries: each is taken once.
static void threads(void)
{
    struct ring ring = make(1024, 0);
    pthread_t both[2];
    for (int i = 0; i < 1000; i++)
        next(&ring, IORING_OP_NOP, -1, NULL, 0, 0);
    for (int i = 0; i < 2; i++)
        CHECK(pthread_create(&both[i], NULL, submit, &ring) == 0);
    for (int i = 0; i < 2; i++)
        CHECK(pthread_join(both[i], NULL) == 0);
    for (unsigned i = 0; i < 1000; i++) {
        CHECK(completion(&ring) != NULL && completion(&ring)->user_data == i);
        seen(&ring);
    }
    CHECK(completion(&ring) == NULL && close(ring.fd) == 0);
}

static void forms(void)
{
    static const unsigned flags[] = {IORING_SETUP_SQE128 | IORING_SETUP_CQE32, IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN,
                                     IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG | IORING_SETUP_SUBMIT_ALL, SETUP_NO_SQARRAY};
    char in[8];
    for (unsigned i = 0; i < sizeof flags / sizeof *flags; i++) {
        struct ring ring = make(5, flags[i]);
        CHECK(ring.params.sq_entries == 8 && ring.params.cq_entries == 16);
        int fd = open(name, O_RDONLY);
        for (int j = 0; j < 20; j++) {
            next(&ring, IORING_OP_READ, fd, in, 5, 0);
            CHECK(done(&ring) == 5 && memcmp(in, "child", 5) == 0);
        }
        // No more than there are, and no place that there is not.
        next(&ring, IORING_OP_NOP, -1, NULL, 0, 0);
        next(&ring, IORING_OP_NOP, -1, NULL, 0, 0);
        CHECK(enter(&ring, 5, 0) == 2 && result(&ring) == 0 && result(&ring) == 0);
        if (!(flags[i] & SETUP_NO_SQARRAY)) {
            next(&ring, IORING_OP_NOP, -1, NULL, 0, 0);
            next(&ring, IORING_OP_NOP, -1, NULL, 0, 0);
            word(&ring, ring.params.sq_off.array)[(*word(&ring, ring.params.sq_off.tail) - 1) & 7] = 12345;
            CHECK(enter(&ring, 2, 0) == 1 && result(&ring) == 0 && *word(&ring, ring.params.sq_off.dropped) == 1);
            next(&ring, IORING_OP_NOP, -1, NULL, 0, 0);
            CHECK(done(&ring) == 0);
        }
        CHECK(munmap(ring.entries, 512) == 0 && munmap(ring.rings, ring.len) == 0 && close(fd) == 0 && close(ring.fd) == 0);
    }
    // A thread of the kernel's takes them, when it has been woken.
    struct ring polled = make(4, IORING_SETUP_SQPOLL);
    for (int i = 0; i < 20; i++) {
        next(&polled, IORING_OP_NOP, -1, NULL, 0, 0);
        next(&polled, IORING_OP_NOP, -1, NULL, 0, 0);
        unsigned wakes = *word(&polled, polled.params.sq_off.flags) & IORING_SQ_NEED_WAKEUP ? IORING_ENTER_SQ_WAKEUP : 0;
        CHECK(syscall(SYS_io_uring_enter, polled.fd, 2, 2, wakes | IORING_ENTER_GETEVENTS, NULL, 8) == 2);
        CHECK(result(&polled) == 0 && result(&polled) == 0);
    }
    CHECK(close(polled.fd) == 0);
    struct ring one = make(1, 0), other = make(1, 0);
    CHECK(mmap(NULL, 4096, PROT_READ, MAP_SHARED, one.fd, 0x18000000) == MAP_FAILED);
    next(&one, IORING_OP_MSG_RING, other.fd, NULL, 99, 77);
    CHECK(done(&one) == 0 && completion(&other)->user_data == 77 && result(&other) == 99);
    // Rings come and go.
    for (int i = 0; i < 100; i++) {
        struct ring ring = make(4, 0);
        next(&ring, IORING_OP_NOP, -1, NULL, 0, 0);
        CHECK(done(&ring) == 0 && close(ring.fd) == 0 && munmap(ring.entries, 4096) == 0 && munmap(ring.rings, ring.len) == 0);
    }
    next(&one, IORING_OP_NOP, -1, NULL, 0, 0);
    CHECK(done(&one) == 0);
    struct io_uring_params params = {.flags = 1U << 31};
    FAILS(syscall(SYS_io_uring_setup, 1, &params), EINVAL);
    params.flags = IORING_SETUP_SQPOLL | IORING_SETUP_SQ_AFF;
    params.sq_thread_cpu = 1000000;
    FAILS(syscall(SYS_io_uring_setup, 1, &params), EINVAL);
    params.flags = IORING_SETUP_SQ_AFF;
    FAILS(syscall(SYS_io_uring_setup, 1, &params), EINVAL);
    params.flags = 0;
    FAILS(syscall(SYS_io_uring_setup, 0, &params), EINVAL);
    FAILS(syscall(SYS_io_uring_setup, 40000, &params), EINVAL);
    FAILS(syscall(SYS_io_uring_setup, 1, OUTSIDE), EFAULT);
}

// What is not open cannot be reached by a ring either.
static void hidden(struct ring *ring)
{
    char in[8];
    for (int fd = 3; fd < 1024; fd++) {
        if (fcntl(fd, F_GETFD) != -1)
            continue;
        next(ring, IORING_OP_READ, fd, in, 1, 0);
        CHECK(done(ring) == -EBADF);
        next(ring, IORING_OP_CLOSE, fd, NULL, 0, 0);
        CHECK(done(ring) == -EBADF);
        FAILS(reg(ring, IORING_REGISTER_FILES, &fd, 1), EBADF);
    }
}

int main(void)
{
    struct ring ring = make(8, 0);
    hidden(&ring);
    files(&ring);
    sockets(&ring);
    waiting(&ring);
    signals(&ring);
    registered(&ring);
    newer(&ring);
    forked(&ring);
    threads();
    forms();
    CHECK(unlink(name) == 0);
    return 0;
}
