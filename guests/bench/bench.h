/* What every kernel shares: its repeat count comes from argv[1], and it prints a checksum, so that runs can be compared. */
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
