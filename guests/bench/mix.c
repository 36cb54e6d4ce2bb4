/* List search and sort, integer matrices and a state machine over text, each round checked by a CRC: the mix of the embedded world. */
/* cc: -O2 */
#include "bench.h"
#include <string.h>

struct item {
    struct item *next;
    short key, value;
};

static uint16_t crc16(uint16_t crc, uint16_t data) {
    for (int i = 0; i < 16; i++, data >>= 1)
        crc = (crc ^ data) & 1 ? crc >> 1 ^ 0xa001 : crc >> 1;
    return crc;
}

static struct item *merge(struct item *a, struct item *b, int by_key) {
    struct item head, *tail = &head;
    while (a && b) {
        struct item **less = (by_key ? a->key <= b->key : a->value <= b->value) ? &a : &b;
        tail = tail->next = *less;
        *less = (*less)->next;
    }
    tail->next = a ? a : b;
    return head.next;
}

static struct item *sort(struct item *list, int by_key) {
    if (!list || !list->next)
        return list;
    struct item *slow = list;
    for (struct item *fast = list->next; fast && fast->next; fast = fast->next->next)
        slow = slow->next;
    struct item *half = slow->next;
    slow->next = NULL;
    return merge(sort(list, by_key), sort(half, by_key), by_key);
}

static uint16_t matrices(uint16_t crc, short seed) {
    enum { N = 12 };
    static short a[N][N], b[N][N];
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            a[i][j] = seed + i * j, b[i][j] = seed - i + j;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            int sum = 0;
            for (int k = 0; k < N; k++)
                sum += (a[i][k] * b[k][j] >> 2 & 15) * (a[i][k] * b[k][j] >> 5 & 127);
            crc = crc16(crc, sum);
        }
    return crc;
}

static uint16_t numbers(uint16_t crc, const char *text) {
    enum { START, SIGN, INTEGER, FRACTION, EXPONENT, INVALID } state = START;
    int seen[6] = {0};
    for (; *text; text++) {
        char c = *text;
        seen[state]++;
        if (c == ',') {
            state = START;
            continue;
        }
        switch (state) {
        case START: state = c >= '0' && c <= '9' ? INTEGER : c == '-' || c == '+' ? SIGN : c == '.' ? FRACTION : INVALID; break;
        case SIGN: state = c >= '0' && c <= '9' ? INTEGER : c == '.' ? FRACTION : INVALID; break;
        case INTEGER: state = c >= '0' && c <= '9' ? INTEGER : c == '.' ? FRACTION : INVALID; break;
        case FRACTION: state = c >= '0' && c <= '9' ? FRACTION : c == 'e' || c == 'E' ? EXPONENT : INVALID; break;
        case EXPONENT: state = (c >= '0' && c <= '9') || c == '-' || c == '+' ? EXPONENT : INVALID; break;
        case INVALID: break;
        }
    }
    for (int i = 0; i < 6; i++)
        crc = crc16(crc, seen[i]);
    return crc;
}

int main(int argc, char **argv) {
    enum { ITEMS = 96 };
    static struct item items[ITEMS];
    uint16_t crc = 0;
    uint32_t seed = 5;
    for (long round = repeats(argc, argv, 8000); round > 0; round--) {
        struct item *list = NULL;
        for (int i = 0; i < ITEMS; i++)
            items[i] = (struct item){list, i, next_random(&seed)}, list = &items[i];
        list = sort(list, 0);
        for (struct item *i = list; i; i = i->next)
            crc = crc16(crc, i->key);
        list = sort(list, 1);
        crc = crc16(crc, list->value);
        crc = matrices(crc, round);
        crc = numbers(crc, "5012,+874,-122.5,35.54400,.123e+5,-110.7E-2,T0.3e-1F,1.1.1,87.0e+4x,0");
    }
    printf("%04x\n", crc);
    return 0;
}
