// The kernel's asynchronous I/O.
#include "check.h"
#include <linux/aio_abi.h>

static long submit(aio_context_t context, struct iocb *request)
{
    return syscall(SYS_io_submit, context, 1, &request);
}

int main(void)
{
    aio_context_t context = 0, other = 1;
    CHECK(syscall(SYS_io_setup, 8, &context) == 0 && context != 0);
    FAILS(syscall(SYS_io_setup, 8, &other), EINVAL);
    FAILS(syscall(SYS_io_setup, 8, NOWHERE), EFAULT);
    // Libraries look for the ring of events here, and ask the kernel if it is not there: it can be read.
    volatile unsigned first = *(unsigned *)context;
    (void)first;

    char name[] = "/tmp/tine-aio-XXXXXX", in[16] = "", tail[4] = "";
    int fd = mkstemp(name);
    CHECK(fd >= 0);
    struct iocb request = {.aio_data = 77, .aio_lio_opcode = IOCB_CMD_PWRITE, .aio_fildes = fd, .aio_buf = (uintptr_t)"written", .aio_nbytes = 7};
    struct io_event events[4];
    CHECK(sizeof request == 64 && sizeof events[0] == 32);
    CHECK(submit(context, &request) == 1);
    CHECK(syscall(SYS_io_getevents, context, 1, 4, events, NULL) == 1);
    CHECK(events[0].data == 77 && events[0].obj == (uintptr_t)&request && events[0].res == 7);

    struct iovec parts[2] = {{in, 3}, {tail, 4}};
    struct iocb both[2] = {
        {.aio_data = 1, .aio_lio_opcode = IOCB_CMD_PREADV, .aio_fildes = fd, .aio_buf = (uintptr_t)parts, .aio_nbytes = 2},
        {.aio_data = 2, .aio_lio_opcode = IOCB_CMD_FSYNC, .aio_fildes = fd},
    };
    struct iocb *list[2] = {&both[0], &both[1]};
    CHECK(syscall(SYS_io_submit, context, 2, list) == 2);
    int seen = 0;
    while (seen != 3) {
        long count = syscall(SYS_io_getevents, context, 1, 4, events, NULL);
        CHECK(count >= 1);
        for (int i = 0; i < count; i++) {
            seen |= events[i].data;
            CHECK(events[i].obj == (uintptr_t)&both[events[i].data - 1] && events[i].res == (events[i].data == 1 ? 7 : 0));
        }
    }
    CHECK(memcmp(in, "wri", 3) == 0 && memcmp(tail, "tten", 4) == 0);

    // Nothing comes, or something that was waited for.
    struct timespec soon = {0, 10000000};
    CHECK(syscall(SYS_io_getevents, context, 1, 4, events, &soon) == 0);
    int ends[2];
    CHECK(pipe(ends) == 0);
    request = (struct iocb){.aio_data = 5, .aio_lio_opcode = IOCB_CMD_POLL, .aio_fildes = ends[0], .aio_buf = POLLIN};
    CHECK(submit(context, &request) == 1);
    CHECK(write(ends[1], "x", 1) == 1);
    CHECK(syscall(SYS_io_pgetevents, context, 1, 4, events, NULL, NULL) == 1 && events[0].data == 5 && events[0].res & POLLIN);

    // Errors, in the order in which they are found.
    request.aio_lio_opcode = 99;
    FAILS(submit(context, &request), EINVAL);
    request = (struct iocb){.aio_lio_opcode = IOCB_CMD_PREAD, .aio_fildes = 0x7000, .aio_buf = (uintptr_t)in, .aio_nbytes = 1};
    FAILS(submit(context, &request), EBADF);
    request.aio_fildes = fd;
    request.aio_buf = 0x1000;
    CHECK(submit(context, &request) == 1 || errno == EFAULT);
    FAILS(syscall(SYS_io_submit, context, 1, NOWHERE), EFAULT);
    FAILS(submit(context, NOWHERE), EFAULT);
    FAILS(syscall(SYS_io_submit, context, -1L, list), EINVAL);
    FAILS(submit(12345, &request), EINVAL);
    FAILS(syscall(SYS_io_getevents, context, 2, 1, events, NULL), EINVAL);
    FAILS(syscall(SYS_io_getevents, 12345, 1, 1, events, NULL), EINVAL);
    FAILS(syscall(SYS_io_destroy, 12345), EINVAL);

    // A child has no contexts.
    int status;
    pid_t child = fork();
    if (child == 0)
        _exit(syscall(SYS_io_getevents, context, 0, 1, events, NULL) == -1 && errno == EINVAL ? 0 : 1);
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    CHECK(syscall(SYS_io_destroy, context) == 0);
    FAILS(syscall(SYS_io_destroy, context), EINVAL);
    CHECK(unlink(name) == 0);
    return 0;
}
