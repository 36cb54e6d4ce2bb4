// Checks: the first that fails ends the program with a line that says which, and its line number as the status.
#ifndef CHECK_H
#define CHECK_H
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CHECK(condition)                                                                                              \
    do {                                                                                                              \
        if (!(condition)) {                                                                                           \
            dprintf(2, "%s:%d: %s (errno %d)\n", __FILE__, __LINE__, #condition, errno);                              \
            _exit(__LINE__ > 255 ? 255 : __LINE__);                                                                   \
        }                                                                                                             \
    } while (0)

#define FAILS(call, error) CHECK((call) == -1 && errno == (error))

// Waits for a child, which must exit with this status.
#define EXITS(pid, wanted)                                                                                            \
    do {                                                                                                              \
        int status_ = 0;                                                                                              \
        CHECK(waitpid((pid), &status_, 0) == (pid));                                                                  \
        if (!WIFEXITED(status_) || WEXITSTATUS(status_) != (wanted))                                                  \
            dprintf(2, "wait status %#x\n", status_);                                                                 \
        CHECK(WIFEXITED(status_) && WEXITSTATUS(status_) == (wanted));                                                \
    } while (0)

#endif
