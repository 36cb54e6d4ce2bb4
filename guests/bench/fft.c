/* The fast Fourier transform of 1024 complex numbers, there and back. */
/* cc: -O2 -lm */
#include "bench.h"
#include <math.h>

enum { N = 1024 };

static double re[N], im[N], cosine[N / 2], sine[N / 2];

__attribute__((noinline)) static void transform(int sign) {
    for (int i = 1, j = 0; i < N; i++) {
        int bit = N >> 1;
        for (; j & bit; bit >>= 1)
            j ^= bit;
        j ^= bit;
        if (i < j) {
            double t = re[i];
            re[i] = re[j], re[j] = t;
            t = im[i];
            im[i] = im[j], im[j] = t;
        }
    }
    for (int len = 2; len <= N; len <<= 1)
        for (int i = 0; i < N; i += len)
            for (int k = 0; k < len / 2; k++) {
                double c = cosine[k * (N / len)], s = sign * sine[k * (N / len)];
                double *ar = &re[i + k], *ai = &im[i + k], *br = ar + len / 2, *bi = ai + len / 2;
                double tr = *br * c - *bi * s, ti = *br * s + *bi * c;
                *br = *ar - tr, *bi = *ai - ti;
                *ar += tr, *ai += ti;
            }
}

int main(int argc, char **argv) {
    uint32_t state = 3;
    for (int i = 0; i < N / 2; i++)
        cosine[i] = cos(2 * M_PI * i / N), sine[i] = sin(2 * M_PI * i / N);
    for (int i = 0; i < N; i++)
        re[i] = next_random(&state) % 1000, im[i] = 0;
    for (long round = repeats(argc, argv, 700); round > 0; round--) {
        transform(1);
        transform(-1);
        for (int i = 0; i < N; i++)
            re[i] /= N, im[i] /= N;
    }
    double sum = 0;
    for (int i = 0; i < N; i++)
        sum += re[i] * i;
    printf("%.3f\n", sum);
    return 0;
}
