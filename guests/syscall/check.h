// Checks of a guest about system calls: the exit code is the number of the check that failed, counted by lines.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/times.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static inline void failed(const char *file, int line, const char *what)
{
    dprintf(2, "%s:%d: %s (errno %d)\n", file, line, what, errno);
    _exit(line & 0xff ? line & 0xff : 1);
}

#define CHECK(condition) ((condition) ? (void)0 : failed(__FILE__, __LINE__, #condition))

// The call fails, with this errno.
#define FAILS(call, number) (errno = 0, CHECK((call) == -1 && errno == (number)))

// An address that no mapping has, and one that no user space has.
#define NOWHERE ((void *)0x1000)
#define OUTSIDE ((void *)0xffffffff00000000)

// Checks of what differs between architectures, and of what only Linux on this one says; the rest is run by the host as well.
#ifdef __riscv
#define CHECK_RISCV(condition) CHECK(condition)
#else
#define CHECK_RISCV(condition) (void)0
#endif

// The wait status of a child that runs work.
static inline int status_of(void (*work)(void))
{
    int status;
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        work();
        _exit(0);
    }
    CHECK(waitpid(child, &status, 0) == child);
    return status;
}
