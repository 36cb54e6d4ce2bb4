/* N queens by bit masks: branches and shifts. */
/* cc: -O2 */
#include "bench.h"

static long place(unsigned all, unsigned columns, unsigned left, unsigned right) {
    if (columns == all)
        return 1;
    long found = 0;
    unsigned free = all & ~(columns | left | right);
    while (free) {
        unsigned bit = free & -free;
        free ^= bit;
        found += place(all, columns | bit, (left | bit) << 1, (right | bit) >> 1);
    }
    return found;
}

int main(int argc, char **argv) {
    unsigned n = repeats(argc, argv, 13);
    printf("%ld\n", place((1u << n) - 1, 0, 0, 0));
    return 0;
}
