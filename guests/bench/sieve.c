/* The sieve of Eratosthenes: byte stores with a stride. */
/* cc: -O2 */
#include "bench.h"
#include <string.h>

enum { LIMIT = 1 << 20 };
static unsigned char composite[LIMIT];

int main(int argc, char **argv) {
    long count = 0;
    for (long round = repeats(argc, argv, 60); round > 0; round--) {
        memset(composite, 0, LIMIT);
        count = 0;
        for (long i = 2; i < LIMIT; i++) {
            if (composite[i])
                continue;
            count++;
            for (long j = i * i; j < LIMIT; j += i)
                composite[j] = 1;
        }
    }
    printf("%ld\n", count);
    return 0;
}
