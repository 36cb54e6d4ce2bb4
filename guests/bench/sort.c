/* qsort with a callback: calls through a pointer. */
/* cc: -O2 */
#include "bench.h"

static int compare(const void *a, const void *b) {
    int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv) {
    enum { COUNT = 50000 };
    static int data[COUNT];
    uint32_t seed = 11;
    long sum = 0;
    for (long round = repeats(argc, argv, 16); round > 0; round--) {
        for (int i = 0; i < COUNT; i++)
            data[i] = next_random(&seed);
        qsort(data, COUNT, sizeof data[0], compare);
        sum += data[COUNT / 2];
    }
    printf("%ld\n", sum);
    return 0;
}
