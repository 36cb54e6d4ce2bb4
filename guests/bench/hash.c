/* A hash table with open addressing: words are counted, looked up and taken out again. */
/* cc: -O2 */
#include "bench.h"
#include <string.h>

enum { SLOTS = 1 << 14 };

struct entry {
    char key[12];
    uint32_t count;
};

static struct entry table[SLOTS];

__attribute__((noinline)) static uint32_t hash(const char *key) {
    uint32_t h = 2166136261u;
    for (; *key; key++)
        h = (h ^ (unsigned char)*key) * 16777619u;
    return h;
}

__attribute__((noinline)) static struct entry *find(const char *key) {
    uint32_t at = hash(key) % SLOTS;
    while (table[at].count && strcmp(table[at].key, key) != 0)
        at = (at + 1) % SLOTS;
    return &table[at];
}

static void word(char *key, uint32_t number) {
    int len = 3 + number % 7;
    for (int i = 0; i < len; i++, number = number * 5 + 7)
        key[i] = 'a' + number % 26;
    key[len] = 0;
}

int main(int argc, char **argv) {
    uint32_t state = 1, sum = 0;
    char key[12];
    for (long round = repeats(argc, argv, 40); round > 0; round--) {
        memset(table, 0, sizeof table);
        for (int i = 0; i < 40000; i++) {
            word(key, next_random(&state) % 9000);
            struct entry *e = find(key);
            if (!e->count)
                strcpy(e->key, key);
            e->count++;
        }
        for (int i = 0; i < 9000; i++) {
            word(key, i);
            sum = sum * 31 + find(key)->count;
        }
    }
    printf("%u\n", sum);
    return 0;
}
