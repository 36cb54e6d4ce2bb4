/* The C library's memcpy, strlen and memcmp on small and medium buffers. */
/* cc: -O2 */
#include "bench.h"
#include <string.h>

int main(int argc, char **argv) {
    static char from[4096], to[4096];
    long sum = 0;
    memset(from, 'x', sizeof from - 1);
    for (long round = repeats(argc, argv, 40000); round > 0; round--) {
        for (int size = 8; size < 4096; size = size * 3 / 2) {
            memcpy(to, from + round % 8, size);
            to[size] = 0;
            sum += strlen(to) + (memcmp(to, from, size) != 0);
        }
    }
    printf("%ld\n", sum);
    return 0;
}
