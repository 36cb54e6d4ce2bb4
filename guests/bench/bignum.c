/* Big numbers: factorials and their squares, by schoolbook multiplication with carries of 64 bits. */
/* cc: -O2 */
#include "bench.h"
#include <string.h>

enum { LIMBS = 160 };

static int multiply_small(uint64_t *a, int len, uint64_t by) {
    uint64_t carry = 0;
    for (int i = 0; i < len; i++) {
        unsigned __int128 t = (unsigned __int128)a[i] * by + carry;
        a[i] = t;
        carry = t >> 64;
    }
    if (carry)
        a[len++] = carry;
    return len;
}

__attribute__((noinline)) static int multiply(const uint64_t *a, int la, const uint64_t *b, int lb, uint64_t *out) {
    memset(out, 0, (la + lb) * sizeof *out);
    for (int i = 0; i < la; i++) {
        uint64_t carry = 0;
        for (int j = 0; j < lb; j++) {
            unsigned __int128 t = (unsigned __int128)a[i] * b[j] + out[i + j] + carry;
            out[i + j] = t;
            carry = t >> 64;
        }
        out[i + lb] = carry;
    }
    return la + lb - (out[la + lb - 1] == 0);
}

int main(int argc, char **argv) {
    uint64_t sum = 0, number[LIMBS], square[2 * LIMBS];
    for (long round = repeats(argc, argv, 500); round > 0; round--) {
        int len = 1;
        number[0] = 1;
        for (uint64_t n = 2; n < 1000 && len < LIMBS - 1; n++) {
            len = multiply_small(number, len, n);
            if (n % 32 == 0)
                sum = sum * 31 + square[multiply(number, len, number, len, square) / 2];
        }
    }
    printf("%lx\n", (unsigned long)sum);
    return 0;
}
