// Code that is made at run time, in each of the ways that compilers make it; threads execute it meanwhile.
#include "check.h"
#include <pthread.h>

#define PAGE 4096ul
#define RW (PROT_READ | PROT_WRITE)
#define RX (PROT_READ | PROT_EXEC)

// Puts a function that returns `value` there.
static void emit(void *at, int value)
{
#ifdef __riscv
    uint32_t code[] = {(uint32_t)value << 20 | 0x513, 0x8067}; // li a0, value; ret
    memcpy(at, code, sizeof code);
#else
    unsigned char code[] = {0xb8, value, value >> 8, 0, 0, 0xc3};
    memcpy(at, code, sizeof code);
#endif
}

static int run(void *at)
{
    return ((int (*)(void))at)();
}

static void flush(void *at)
{
    __builtin___clear_cache(at, (char *)at + 16);
}

static void *shared_code;
static volatile int stop;

static void *execute(void *arg)
{
    (void)arg;
    long bad = 0;
    while (!stop) {
        int value = run(shared_code);
        bad += value != 1 && value != 2;
    }
    return (void *)bad;
}

int main(void)
{
    // Writable and executable at once.
    char *p = mmap(NULL, 4 * PAGE, RW | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(p != MAP_FAILED);
    for (int i = 0; i < 2000; i++) {
        emit(p, i);
        flush(p);
        CHECK(run(p) == i);
    }
    // Functions beside one another, and one that is replaced.
    for (int i = 0; i < 500; i++) {
        emit(p + 16 * i, i);
        flush(p + 16 * i);
        CHECK(run(p + 16 * i) == i && run(p) == 0);
    }
    emit(p + 16 * 250, 7);
    flush(p + 16 * 250);
    CHECK(run(p + 16 * 250) == 7 && run(p + 16 * 249) == 249);

    // Never both.
    CHECK(mprotect(p, PAGE, RW) == 0);
    for (int i = 0; i < 500; i++) {
        emit(p, i);
        CHECK(mprotect(p, PAGE, RX) == 0);
        flush(p);
        CHECK(run(p) == i && mprotect(p, PAGE, RW) == 0);
    }

    // Two views of the same pages; only the one that is written is named.
    int fd = memfd_create("code", 0);
    CHECK(fd >= 0 && ftruncate(fd, PAGE) == 0);
    char *writing = mmap(NULL, PAGE, RW, MAP_SHARED, fd, 0);
    char *running = mmap(NULL, PAGE, RX, MAP_SHARED, fd, 0);
    CHECK(writing != MAP_FAILED && running != MAP_FAILED);
    for (int i = 0; i < 500; i++) {
        emit(writing, i);
        flush(writing);
        CHECK(run(running) == i);
    }

    // Replaced by another mapping, moved, emptied.
    emit(p, 5);
    CHECK(mprotect(p, PAGE, RX) == 0 && run(p) == 5);
    char *moved = mremap(p, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, p + 2 * PAGE);
    CHECK(moved == p + 2 * PAGE && run(moved) == 5);
    CHECK(mmap(p, PAGE, RX, MAP_SHARED | MAP_FIXED, fd, 0) == p && run(p) == 499);

    // Patched while two threads execute it: each sees the old or the new.
    shared_code = running;
    emit(writing, 1);
    flush(writing);
    pthread_t threads[2];
    for (int i = 0; i < 2; i++)
        CHECK(pthread_create(&threads[i], NULL, execute, NULL) == 0);
    for (int i = 0; i < 20000; i++) {
#ifdef __riscv
        *(volatile uint32_t *)writing = (uint32_t)(1 + (i & 1)) << 20 | 0x513;
#else
        ((volatile char *)writing)[1] = 1 + (i & 1);
#endif
        flush(writing);
    }
    stop = 1;
    for (int i = 0; i < 2; i++) {
        void *bad;
        CHECK(pthread_join(threads[i], &bad) == 0 && bad == 0);
    }
    return 0;
}
