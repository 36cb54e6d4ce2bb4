// A process of four threads that dies of a signal in one of them and may leave a core.
//   cores LIMIT HOW: dies with RLIMIT_CORE of LIMIT bytes, by a fault ("fault"), by abort ("abort"), by a signal from outside ("sent"), while
//   it must not be dumped ("kept"), or by a signal that leaves no core ("term").
#include "../syscall/check.h"
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

// Writes what is looked for in a core. It is in the program backwards only.
static char *put(char *at, const char *reversed)
{
    int len = strlen(reversed);
    for (int i = 0; i < len; i++)
        at[i] = reversed[len - 1 - i];
    return at;
}

char in_data[64] = "d";
char *in_heap, *kept_out;
volatile uint64_t spins;
atomic_int ready;

static void *spin(void *unused)
{
    ready++;
    for (;;)
        spins++;
    return unused;
}

static void *waiting(void *unused)
{
    char byte;
    int ends[2];
    CHECK(pipe(ends) == 0);
    ready++;
    read(ends[0], &byte, 1);
    return unused;
}

static void *asleep(void *unused)
{
    ready++;
    for (;;)
        pause();
    return unused;
}

static const char *how;

static void *dying(void *unused)
{
    while (ready < 3)
        sched_yield();
    usleep(20000);
    if (!strcmp(how, "fault") || !strcmp(how, "kept"))
        *(volatile int *)0x10 = 1;
    if (!strcmp(how, "abort"))
        abort();
    kill(getpid(), !strcmp(how, "term") ? SIGTERM : SIGQUIT);
    // Another thread may be the one that dies of it.
    for (;;)
        pause();
    return unused;
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    how = argv[2];
    struct rlimit limit = {strtoull(argv[1], NULL, 0), RLIM_INFINITY};
    struct rlimit old;
    CHECK(getrlimit(RLIMIT_CORE, &old) == 0);
    limit.rlim_max = old.rlim_max;
    CHECK(setrlimit(RLIMIT_CORE, &limit) == 0);
    put(in_data, "atad eht ni");
    in_heap = put(malloc(64), "paeh eht ni");
    kept_out = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(kept_out != MAP_FAILED && madvise(kept_out, 4096, MADV_DONTDUMP) == 0);
    put(kept_out, "tuo tpek");
    // Much that is not zero.
    size_t size = 1 << 20;
    char *filling = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(filling != MAP_FAILED);
    memset(filling, 0x5a, size);
    if (!strcmp(how, "kept"))
        CHECK(prctl(PR_SET_DUMPABLE, 0) == 0);
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, spin, NULL) == 0);
    CHECK(pthread_create(&thread, NULL, waiting, NULL) == 0);
    CHECK(pthread_create(&thread, NULL, dying, NULL) == 0);
    asleep(NULL);
}
