// POSIX message queues.
#include "check.h"
#include <mqueue.h>

static volatile sig_atomic_t got, value;

static void handler(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)context;
    got = info->si_code;
    value = info->si_value.sival_int;
}

int main(void)
{
    char name[32], buffer[64];
    unsigned priority;
    snprintf(name, sizeof name, "/tine-%d", getpid());
    struct mq_attr wanted = {.mq_maxmsg = 4, .mq_msgsize = 64}, found, set = {.mq_flags = O_NONBLOCK};
    CHECK(sizeof wanted == 64);
    mqd_t queue = mq_open(name, O_CREAT | O_EXCL | O_RDWR, 0600, &wanted);
    CHECK(queue != -1);
    FAILS(mq_open(name, O_CREAT | O_EXCL | O_RDWR, 0600, &wanted), EEXIST);
    CHECK(mq_getattr(queue, &found) == 0 && found.mq_maxmsg == 4 && found.mq_msgsize == 64 && found.mq_curmsgs == 0);
    CHECK(mq_send(queue, "low", 4, 1) == 0 && mq_send(queue, "high", 5, 9) == 0);
    CHECK(mq_receive(queue, buffer, 64, &priority) == 5 && priority == 9 && strcmp(buffer, "high") == 0);
    CHECK(mq_receive(queue, buffer, 64, NULL) == 4 && strcmp(buffer, "low") == 0);
    struct timespec past = {1, 0};
    FAILS(mq_timedreceive(queue, buffer, 64, NULL, &past), ETIMEDOUT);
    CHECK(mq_setattr(queue, &set, &found) == 0 && found.mq_flags == 0);
    FAILS(mq_receive(queue, buffer, 64, NULL), EAGAIN);
    FAILS(mq_receive(queue, buffer, 63, NULL), EMSGSIZE);
    FAILS(mq_send(queue, buffer, 65, 0), EMSGSIZE);
    FAILS(syscall(SYS_mq_getsetattr, queue, NULL, NOWHERE), EFAULT);
    FAILS(syscall(SYS_mq_getsetattr, 0x7000, NULL, &found), EBADF);

    struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1, .sigev_value.sival_int = 77};
    CHECK(mq_notify(queue, &event) == 0);
    FAILS(mq_notify(queue, &event), EBUSY);
    CHECK(mq_send(queue, "x", 1, 0) == 0);
    CHECK(got == SI_MESGQ && value == 77);
    CHECK(mq_receive(queue, buffer, 64, NULL) == 1);
    event.sigev_notify = SIGEV_NONE;
    CHECK(mq_notify(queue, &event) == 0 && mq_notify(queue, NULL) == 0);
    event.sigev_notify = 99;
    FAILS(syscall(SYS_mq_notify, queue, &event), EINVAL);
    FAILS(syscall(SYS_mq_notify, queue, NOWHERE), EFAULT);

    // A cookie that comes over a socket: what the C library makes of SIGEV_THREAD.
    int socket_ = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0);
    char cookie[32] = "biscuit", back[32];
    event = (struct sigevent){.sigev_notify = SIGEV_THREAD, .sigev_signo = socket_, .sigev_value.sival_ptr = cookie};
    CHECK(syscall(SYS_mq_notify, queue, &event) == 0);
    CHECK(mq_send(queue, "y", 1, 0) == 0);
    CHECK(recv(socket_, back, sizeof back, 0) == 32 && memcmp(back, cookie, 31) == 0 && back[31] == 1);
    event.sigev_value.sival_ptr = NOWHERE;
    FAILS(syscall(SYS_mq_notify, queue, &event), EFAULT);

    CHECK(mq_close(queue) == 0 && mq_unlink(name) == 0);
    FAILS(mq_unlink(name), ENOENT);
    return 0;
}
