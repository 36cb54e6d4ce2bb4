/* Records, strings and small procedures, in the manner of the classic synthetic integer benchmarks. */
/* cc: -O2 */
#include "bench.h"
#include <string.h>

struct record {
    struct record *next;
    int kind, value;
    char name[32];
};

static struct record first, second;
static int table[50], grid[50][50];

__attribute__((noinline)) static int classify(char a, char b) { return a == b ? 1 : a < b ? 2 : 3; }

__attribute__((noinline)) static void update(struct record *r, int value) {
    *r->next = *r;
    r->value = value;
    r->next->value = r->value + 5;
    r->next->kind = r->kind == 2 ? 1 : 2;
}

__attribute__((noinline)) static int fill(int at, int value) {
    table[at] = value;
    table[at + 1] = table[at];
    for (int i = at; i <= at + 1; i++)
        grid[at][i] = at;
    grid[at][at - 1]++;
    return grid[at + 20][at] = table[at];
}

int main(int argc, char **argv) {
    long sum = 0;
    char text[32];
    first.next = &second;
    first.kind = 2;
    strcpy(first.name, "A RECORD WITH SOME NAME, 1ST");
    for (long i = repeats(argc, argv, 3000000); i > 0; i--) {
        strcpy(text, "A RECORD WITH SOME NAME, 2ND");
        if (strcmp(text, first.name) > 0)
            sum += fill(8 + i % 4, i);
        for (char c = 'A'; c <= 'C'; c++)
            sum += classify(c, 'B');
        update(&first, sum & 1023);
        sum += second.value * 7 / (first.kind + 3);
    }
    printf("%ld\n", sum);
    return 0;
}
