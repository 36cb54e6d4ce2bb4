// Mappings that grow down, and the limits of address space, data and stack.
#include "check.h"
#include <setjmp.h>

#define PAGE 4096ul
#define RW (PROT_READ | PROT_WRITE)

static void limit(int resource, rlim_t bytes)
{
    struct rlimit now;
    CHECK(getrlimit(resource, &now) == 0);
    now.rlim_cur = bytes;
    CHECK(setrlimit(resource, &now) == 0);
}

static void unlimit(int resource)
{
    struct rlimit now;
    CHECK(getrlimit(resource, &now) == 0);
    limit(resource, now.rlim_max);
}

static sigjmp_buf *back;

static void on_fault(int signal)
{
    (void)signal;
    siglongjmp(*back, 1);
}

// Whether the byte can be written.
static int writable(volatile char *p)
{
    sigjmp_buf here;
    back = &here;
    if (sigsetjmp(here, 1))
        return 0;
    *p = 1;
    return 1;
}

static void *anonymous(size_t len, int prot, int flags)
{
    return mmap(NULL, len, prot, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
}

// Uses that much stack.
static int deep(size_t bytes)
{
    volatile char frame[64 << 10];
    frame[0] = 1;
    return bytes < sizeof frame ? frame[0] : deep(bytes - sizeof frame) + frame[0] - 1;
}

int main(void)
{
    static char alternate[64 << 10];
    stack_t altstack = {.ss_sp = alternate, .ss_size = sizeof alternate};
    struct sigaction action = {.sa_handler = on_fault, .sa_flags = SA_ONSTACK};
    CHECK(sigaltstack(&altstack, NULL) == 0 && sigaction(SIGSEGV, &action, NULL) == 0);

    // A region that grows: at the top of free space, some MiB long.
    char *room = anonymous(16 << 20, PROT_NONE, 0);
    CHECK(room != MAP_FAILED);
    char *low = room + (12 << 20);
    CHECK(munmap(room + PAGE, (16 << 20) - PAGE) == 0);
    CHECK(mmap(low, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN | MAP_FIXED, -1, 0) == low);
    CHECK(writable(low - 1));
    CHECK(writable(low - (4 << 20)));
    CHECK(low[-PAGE] == 0);
    CHECK(writable(low - PAGE) && mprotect(low - PAGE, 2 * PAGE, RW) == 0);
    // A system call's buffer is no less than an instruction's.
    struct timespec *deepest = (struct timespec *)(low - (5 << 20));
    CHECK(syscall(SYS_clock_gettime, CLOCK_MONOTONIC, deepest) == 0 && deepest->tv_sec != 0);
    // Not further than the limit of stacks.
    limit(RLIMIT_STACK, 6 << 20);
    CHECK(!writable(low - (7 << 20)));
    // Not up to a neighbour.
    char *neighbour = low - (5 << 20) - (1 << 20) - PAGE;
    CHECK(mmap(neighbour, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == neighbour);
    CHECK(!writable(neighbour + 2 * PAGE));

    // The stack may become larger while the program runs.
    limit(RLIMIT_STACK, 24 << 20);
    CHECK(deep(20 << 20) == 1);

    // Address space.
    limit(RLIMIT_AS, 600 << 20);
    FAILS((long)anonymous(1 << 30, PROT_NONE, MAP_NORESERVE), ENOMEM);
    char *most = anonymous(256 << 20, RW, 0);
    CHECK(most != MAP_FAILED);
    FAILS((long)mremap(most, 256 << 20, 640ul << 20, MREMAP_MAYMOVE), ENOMEM);
    // In the place of what is there.
    CHECK(mmap(most, 256 << 20, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == most);
    CHECK(sbrk(800 << 20) == (void *)-1 && errno == ENOMEM);
    unlimit(RLIMIT_AS);
    CHECK(munmap(most, 256 << 20) == 0);

    // Data.
    limit(RLIMIT_DATA, 100 << 20);
    FAILS((long)anonymous(200 << 20, RW, 0), ENOMEM);
    char *constant = anonymous(200 << 20, PROT_READ, 0);
    CHECK(constant != MAP_FAILED);
    FAILS(mprotect(constant, 200 << 20, RW), ENOMEM);
    CHECK(sbrk(200 << 20) == (void *)-1 && errno == ENOMEM);
    char *small = anonymous(1 << 20, RW, 0);
    CHECK(small != MAP_FAILED && sbrk(PAGE) != (void *)-1);
    unlimit(RLIMIT_DATA);

    // Space that is only reserved costs nothing.
    char *reserved = anonymous(64ul << 30, PROT_NONE, MAP_NORESERVE);
    CHECK(reserved != MAP_FAILED && mprotect(reserved + (32ul << 30), PAGE, RW) == 0);
    CHECK(writable(reserved + (32ul << 30)));
    return 0;
}
