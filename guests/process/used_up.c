// A program executes another where no descriptor is left to be had, and where fewer are allowed than it has: exec takes none.
#include "check.h"

static void limit(rlim_t soft)
{
    struct rlimit now;
    CHECK(getrlimit(RLIMIT_NOFILE, &now) == 0);
    now.rlim_cur = soft;
    CHECK(setrlimit(RLIMIT_NOFILE, &now) == 0);
}

int main(int argc, char **argv)
{
    struct rlimit now;
    if (argc > 1) {
        // The one that has been executed: with the limit that it was given, and no more descriptors than that.
        CHECK(getrlimit(RLIMIT_NOFILE, &now) == 0 && now.rlim_cur == (rlim_t)atoi(argv[1]));
        CHECK(now.rlim_max == (rlim_t)atol(argv[2]));
        FAILS(dup(2), EMFILE);
        CHECK(fcntl(3, F_GETFD) == (now.rlim_cur == 4 ? 0 : -1));
        return 42;
    }
    char soft[24], hard[24];
    CHECK(getrlimit(RLIMIT_NOFILE, &now) == 0 && now.rlim_max > 64);
    snprintf(hard, sizeof hard, "%lu", (unsigned long)now.rlim_max);
    CHECK(close_range(3, ~0u, 0) == 0);
    for (int most = 0; most <= 4; most++) {
        pid_t child = fork();
        CHECK(child >= 0);
        if (child == 0) {
            if (most == 4)
                CHECK(dup(2) == 3);
            limit(most);
            snprintf(soft, sizeof soft, "%d", most);
            execl(argv[0], argv[0], soft, hard, NULL);
            _exit(99);
        }
        EXITS(child, 42);
    }
    return 0;
}
