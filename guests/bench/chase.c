/* A linked list in random order: nothing but dependent loads. */
/* cc: -O2 */
#include "bench.h"

struct node {
    struct node *next;
    long value;
};

int main(int argc, char **argv) {
    enum { NODES = 4096 };
    static struct node nodes[NODES];
    static int order[NODES];
    uint32_t seed = 3;
    for (int i = 0; i < NODES; i++)
        order[i] = i;
    for (int i = NODES - 1; i > 0; i--) {
        int j = next_random(&seed) % (i + 1), t = order[i];
        order[i] = order[j], order[j] = t;
    }
    for (int i = 0; i < NODES; i++) {
        nodes[order[i]].next = &nodes[order[(i + 1) % NODES]];
        nodes[order[i]].value = i;
    }
    long sum = 0;
    struct node *n = nodes;
    for (long i = repeats(argc, argv, 60) * 1000000; i > 0; i--) {
        sum += n->value;
        n = n->next;
    }
    printf("%ld\n", sum);
    return 0;
}
