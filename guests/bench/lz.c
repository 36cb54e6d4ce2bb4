/* A small dictionary coder: matches are found through a table of hashes, copied back, and compared with the text. */
/* cc: -O2 */
#include "bench.h"
#include <string.h>

enum { SIZE = 1 << 16, HASH = 1 << 12 };

static unsigned char text[SIZE], packed[2 * SIZE], unpacked[SIZE];

static uint32_t four(const unsigned char *p) { return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24; }

__attribute__((noinline)) static int encode(const unsigned char *in, int len, unsigned char *out) {
    static int last[HASH];
    int at = 0, to = 0, literals = 0;
    memset(last, 0xff, sizeof last);
    while (at < len) {
        int match = -1, run = 0;
        if (at + 4 <= len) {
            uint32_t slot = four(in + at) * 2654435761u >> 20;
            match = last[slot];
            last[slot] = at;
            if (match >= 0 && at - match < 4096)
                while (run < 66 && at + run < len && in[match + run] == in[at + run])
                    run++;
        }
        if (run >= 4) {
            out[to++] = 128 | (run - 4);
            out[to++] = at - match;
            out[to++] = (at - match) >> 8;
            at += run;
            literals = 0;
        } else {
            if (literals == 0 || literals == 127)
                out[to++] = literals = 0;
            out[to - 1 - literals] = literals + 1;
            literals++;
            out[to++] = in[at++];
        }
    }
    return to;
}

__attribute__((noinline)) static int decode(const unsigned char *in, int len, unsigned char *out) {
    int at = 0, to = 0;
    while (at < len) {
        int code = in[at++];
        if (code & 128) {
            int run = (code & 127) + 4, back = in[at] | in[at + 1] << 8;
            at += 2;
            for (; run > 0; run--, to++)
                out[to] = out[to - back];
        } else {
            for (; code > 0; code--)
                out[to++] = in[at++];
        }
    }
    return to;
}

int main(int argc, char **argv) {
    static const char *const words[] = {"the ", "quick ", "fork", "process ", "of ", "and ", "a", "child ", "\n", "waits "};
    uint32_t state = 7, sum = 0;
    for (int at = 0; at < SIZE;) {
        const char *word = words[next_random(&state) % 10];
        if (next_random(&state) % 8 == 0)
            text[at++] = next_random(&state);
        for (; *word && at < SIZE; word++)
            text[at++] = *word;
    }
    for (long round = repeats(argc, argv, 500); round > 0; round--) {
        int len = encode(text, SIZE, packed);
        if (decode(packed, len, unpacked) != SIZE || memcmp(text, unpacked, SIZE) != 0)
            return 1;
        sum = sum * 31 + len;
        text[next_random(&state) % SIZE] ^= 1;
    }
    printf("%u\n", sum);
    return 0;
}
