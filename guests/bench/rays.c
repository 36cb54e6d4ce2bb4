/* A ray tracer: spheres with shadows and mirrors, in single and double precision. */
/* cc: -O2 -lm */
#include "bench.h"
#include <math.h>

struct vector {
    double x, y, z;
};

struct sphere {
    struct vector centre;
    double radius;
    float shade, mirror;
};

static struct sphere spheres[9];

static struct vector along(struct vector a, struct vector d, double t) {
    return (struct vector){a.x + d.x * t, a.y + d.y * t, a.z + d.z * t};
}

static double dot(struct vector a, struct vector b) { return a.x * b.x + a.y * b.y + a.z * b.z; }

static struct vector unit(struct vector a) { return along((struct vector){0, 0, 0}, a, 1 / sqrt(dot(a, a))); }

__attribute__((noinline)) static const struct sphere *hit(struct vector from, struct vector to, double *nearest) {
    const struct sphere *found = NULL;
    *nearest = 1e30;
    for (const struct sphere *s = spheres; s < spheres + 9; s++) {
        struct vector d = along(from, s->centre, -1);
        double b = dot(d, to), c = dot(d, d) - s->radius * s->radius, root = b * b - c;
        if (root <= 0)
            continue;
        double t = -b - sqrt(root);
        if (t > 1e-4 && t < *nearest)
            *nearest = t, found = s;
    }
    return found;
}

static float trace(struct vector from, struct vector to, int depth) {
    static const struct vector light = {0.57735, 0.57735, -0.57735};
    double t;
    const struct sphere *s = hit(from, to, &t);
    if (!s)
        return to.y > 0 ? 0.2f + 0.5f * (float)to.y : 0.1f;
    struct vector at = along(from, to, t), normal = unit(along(at, s->centre, -1));
    float bright = fmaxf(0, (float)dot(normal, light));
    if (hit(at, light, &t))
        bright *= 0.3f;
    float seen = s->shade * (0.1f + bright);
    if (depth > 0 && s->mirror > 0)
        seen += s->mirror * trace(at, unit(along(to, normal, -2 * dot(to, normal))), depth - 1);
    return seen;
}

int main(int argc, char **argv) {
    double sum = 0;
    for (int i = 0; i < 9; i++)
        spheres[i] = (struct sphere){{i % 3 * 2 - 2, i / 3 * 2 - 2, 6 + i % 2}, 0.9, 0.3f + i * 0.07f, i % 2 * 0.4f};
    for (long round = repeats(argc, argv, 10); round > 0; round--)
        for (int y = 0; y < 120; y++)
            for (int x = 0; x < 160; x++)
                sum += trace((struct vector){0, 0, round * 0.01}, unit((struct vector){(x - 80) / 80.0, (60 - y) / 80.0, 1}), 3);
    printf("%.6f\n", sum);
    return 0;
}
