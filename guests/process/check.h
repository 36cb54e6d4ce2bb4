// The checks of guests/syscall, and one of a child.
#ifndef CHECK_H
#define CHECK_H
#include "../syscall/check.h"
#include <linux/futex.h>
#include <pthread.h>

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
