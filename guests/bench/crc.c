/* CRC-32 by table: a chain of dependent loads. */
/* cc: -O2 */
#include "bench.h"

int main(int argc, char **argv) {
    static uint32_t table[256];
    static unsigned char data[65536];
    uint32_t crc = ~0u, seed = 7;
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t c = i;
        for (int k = 0; k < 8; k++)
            c = c & 1 ? 0xedb88320 ^ c >> 1 : c >> 1;
        table[i] = c;
    }
    for (unsigned i = 0; i < sizeof data; i++)
        data[i] = next_random(&seed);
    for (long round = repeats(argc, argv, 1500); round > 0; round--)
        for (unsigned i = 0; i < sizeof data; i++)
            crc = table[(crc ^ data[i]) & 255] ^ crc >> 8;
    printf("%08x\n", ~crc);
    return 0;
}
