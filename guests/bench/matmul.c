/* Matrix product in double precision. */
/* cc: -O2 */
#include "bench.h"

enum { N = 96 };
static double a[N][N], b[N][N], c[N][N];

int main(int argc, char **argv) {
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            a[i][j] = i + j * 0.5, b[i][j] = i - j * 0.25;
    for (long round = repeats(argc, argv, 30); round > 0; round--)
        for (int i = 0; i < N; i++)
            for (int j = 0; j < N; j++) {
                double sum = 0;
                for (int k = 0; k < N; k++)
                    sum += a[i][k] * b[k][j];
                c[i][j] = sum;
            }
    printf("%.6g\n", c[N / 2][N / 3]);
    return 0;
}
