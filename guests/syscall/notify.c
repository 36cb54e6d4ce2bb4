/* SECCOMP_RET_USER_NOTIF: a parent answers its child's calls, lets them happen, gives descriptors, or is gone. */

#include "check.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>

#define CHOSEN SYS_getppid

static int seccomp(unsigned op, unsigned flags, void *args)
{
    return syscall(SYS_seccomp, op, flags, args);
}

/* Asks about one call. */
static int listen_for(unsigned number, unsigned flags)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = { sizeof code / sizeof *code, code };
    return seccomp(SECCOMP_SET_MODE_FILTER, flags, &program);
}

static void receive(int listener, struct seccomp_notif *asked)
{
    memset(asked, 0, sizeof *asked);
    CHECK(ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, asked) == 0);
}

static void answer(int listener, const struct seccomp_notif *asked, long value, int error, unsigned flags)
{
    struct seccomp_notif_resp response = { .id = asked->id, .val = value, .error = error, .flags = flags };
    CHECK(ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response) == 0);
}

static long chosen(void)
{
    return syscall(CHOSEN, 11L, 12L, 13L, 14L, 15L, 0x1234567890L);
}

static volatile int signals;
static void on_signal(int signal)
{
    (void)signal;
    signals++;
}

static void child(int pipe, pid_t parent)
{
    CHECK(chosen() == 1 << 20);
    errno = 0;
    CHECK(chosen() == -1 && errno == EBUSY);
    CHECK(chosen() == parent);
    CHECK(chosen() == parent);
    struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    CHECK(write(pipe, "", 1) == 1);
    /* A signal comes meanwhile, and the call is made again. */
    CHECK(chosen() == 77 && signals == 1);
    errno = 0;
    CHECK(chosen() == -1 && errno == 512);
    long fd = chosen();
    CHECK(fd >= 0 && write((int)fd, "given", 5) == 5);
    /* Who listened is gone. */
    CHECK(write(pipe, "", 1) == 1);
    errno = 0;
    while (chosen() != -1)
        ;
    CHECK(errno == ENOSYS);
    _exit(5);
}

int main(void)
{
    struct seccomp_notif_sizes sizes;
    unsigned action = SECCOMP_RET_USER_NOTIF;
    CHECK(seccomp(SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0);
    CHECK(seccomp(SECCOMP_GET_NOTIF_SIZES, 0, &sizes) == 0);
    CHECK(sizes.seccomp_notif == sizeof(struct seccomp_notif) && sizes.seccomp_data == sizeof(struct seccomp_data));
    CHECK(sizes.seccomp_notif_resp == sizeof(struct seccomp_notif_resp));
    FAILS(seccomp(SECCOMP_GET_NOTIF_SIZES, 1, &sizes), EINVAL);
    CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) == 0);
    FAILS(listen_for(CHOSEN, SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_TSYNC), EINVAL);
    FAILS(listen_for(CHOSEN, 32), EINVAL);

    int listener = listen_for(CHOSEN, SECCOMP_FILTER_FLAG_NEW_LISTENER), ready[2], given[2];
    CHECK(listener >= 0 && fcntl(listener, F_GETFD) == FD_CLOEXEC);
    FAILS(listen_for(CHOSEN, SECCOMP_FILTER_FLAG_NEW_LISTENER), EBUSY);
    CHECK(pipe(ready) == 0 && pipe(given) == 0);
    pid_t parent = getpid(), pid = fork();
    if (pid == 0) {
        close(listener);
        child(ready[1], parent);
    }
    struct seccomp_notif asked;
    struct pollfd poller = { listener, POLLIN, 0 };
    CHECK(poll(&poller, 1, -1) == 1 && poller.revents == POLLIN);
    receive(listener, &asked);
    CHECK(asked.pid == (unsigned)pid && asked.data.nr == CHOSEN && asked.flags == 0);
    CHECK_RISCV(asked.data.arch == 0xc00000f3);
    for (int n = 0; n < 5; n++)
        CHECK(asked.data.args[n] == (unsigned)(11 + n));
    CHECK(asked.data.args[5] == 0x1234567890);
    CHECK(ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &asked.id) == 0);
    answer(listener, &asked, 1 << 20, 0, 0);
    FAILS(ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &asked.id), ENOENT);

    receive(listener, &asked);
    struct seccomp_notif_resp wrong = { .id = asked.id, .val = 1, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE };
    FAILS(ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &wrong), EINVAL);
    answer(listener, &asked, 0, -EBUSY, 0);
    /* The kernel itself answers. */
    receive(listener, &asked);
    answer(listener, &asked, 0, 0, SECCOMP_USER_NOTIF_FLAG_CONTINUE);
    receive(listener, &asked);
    answer(listener, &asked, 0, 0, SECCOMP_USER_NOTIF_FLAG_CONTINUE);

    char byte;
    CHECK(read(ready[0], &byte, 1) == 1);
    receive(listener, &asked);
    CHECK(kill(pid, SIGUSR1) == 0);
    /* The first asking is void. */
    struct seccomp_notif again;
    receive(listener, &again);
    CHECK(again.id != asked.id && again.data.nr == CHOSEN);
    answer(listener, &again, 77, 0, 0);
    /* The kernel's ERESTARTSYS, and no signal that would explain it. */
    receive(listener, &again);
    answer(listener, &again, 0, -512, 0);

    receive(listener, &asked);
    struct seccomp_notif_addfd addition = { .id = asked.id, .srcfd = given[1] };
    int number = ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &addition);
    CHECK(number >= 0);
    struct {
        struct seccomp_notif_addfd addition;
        long more;
    } longer = { addition, 0 };
    unsigned long shorter = _IOW(SECCOMP_IOC_MAGIC, 3, long[2]), larger = _IOW(SECCOMP_IOC_MAGIC, 3, long[4]);
    FAILS(ioctl(listener, shorter, &addition), EINVAL);
    CHECK(ioctl(listener, larger, &longer) > number);
    longer.more = 1;
    FAILS(ioctl(listener, larger, &longer), E2BIG);
    answer(listener, &asked, number, 0, 0);
    char text[5];
    CHECK(read(given[0], text, 5) == 5 && memcmp(text, "given", 5) == 0);

    CHECK(read(ready[0], &byte, 1) == 1);
    close(listener);
    int status;
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 5);
    return 0;
}
