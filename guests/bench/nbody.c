/* Gravity between five bodies: dependent floating-point arithmetic with division and square roots. */
/* cc: -O2 -lm */
#include "bench.h"
#include <math.h>

struct body {
    double at[3], speed[3], mass;
};

int main(int argc, char **argv) {
    static struct body bodies[5] = {{{0, 0, 0}, {0, 0, 0}, 40},
                                    {{5, -1, 0}, {.6, 2.8, 0}, .04},
                                    {{8, 4, -.4}, {-1, 1.8, 0}, .01},
                                    {{13, -15, -.2}, {1, .9, 0}, .002},
                                    {{15, -26, .2}, {1, .6, 0}, .002}};
    const double step = .001;
    for (long round = repeats(argc, argv, 100000); round > 0; round--) {
        for (int i = 0; i < 5; i++)
            for (int j = i + 1; j < 5; j++) {
                double d[3], square = 0;
                for (int k = 0; k < 3; k++)
                    d[k] = bodies[i].at[k] - bodies[j].at[k], square += d[k] * d[k];
                double pull = step / (square * sqrt(square));
                for (int k = 0; k < 3; k++) {
                    bodies[i].speed[k] -= d[k] * bodies[j].mass * pull;
                    bodies[j].speed[k] += d[k] * bodies[i].mass * pull;
                }
            }
        for (int i = 0; i < 5; i++)
            for (int k = 0; k < 3; k++)
                bodies[i].at[k] += step * bodies[i].speed[k];
    }
    printf("%.12g\n", bodies[0].at[0] + bodies[1].at[1]);
    return 0;
}
