/* What every kernel shares: its repeat count comes from argv[1], and it prints a checksum, so that runs can be compared. With
 * BENCH_COUNT in the environment a kernel for riscv64 also says on stderr how many instructions its main took: reading instret
 * makes tine count exactly from then on, and slowly. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static inline long repeats(int argc, char **argv, long otherwise) {
    return argc > 1 ? atol(argv[1]) : otherwise;
}

static inline uint32_t next_random(uint32_t *state) {
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

#ifdef __riscv
static uint64_t instructions_before;
static const char *counting;

static uint64_t instructions(void) {
    uint64_t count;
    __asm__ volatile("csrr %0, instret" : "=r"(count));
    return count;
}

__attribute__((destructor)) static void say_instructions(void) {
    if (counting)
        fprintf(stderr, "instructions %lu\n", (unsigned long)(instructions() - instructions_before));
}

__attribute__((constructor)) static void count_instructions(void) {
    counting = getenv("BENCH_COUNT");
    if (counting)
        instructions_before = instructions();
}
#endif
