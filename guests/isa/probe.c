// What the system says of the processor is what runs: for each extension that riscv_hwprobe(2) knows, an instruction of it
// executes if its bit is set, and raises SIGILL if not; so for the letters of AT_HWCAP. Exit status: the line of the check that
// failed, or 200 and the place in the table below. With an argument, prints the bits.
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_riscv_hwprobe
#define SYS_riscv_hwprobe 258
#endif

#define CHECK(condition) \
    do {                 \
        if (!(condition)) \
            return __LINE__; \
    } while (0)

// Each leaves all but a0, a1 and fa0 as it is; a0 is the address of 64 bytes, and a1 is 0.
static const struct {
    int bit;
    uint32_t encoding;
} extensions[] = {
    {0, 0x02b57553},  // D: fadd.d fa0, fa0, fa1
    {1, 0x0001},      // C: c.nop
    {3, 0x20b52533},  // Zba: sh1add a0, a0, a1
    {4, 0x60051513},  // Zbb: clz a0, a0
    {5, 0x28b51533},  // Zbs: bset a0, a0, a1
    {6, 0x0045200f},  // Zicboz: cbo.zero (a0)
    {7, 0x0ab52533},  // Zbc: clmulr a0, a0, a1
    {8, 0x68755513},  // Zbkb: brev8 a0, a0
    {9, 0x0ab51533},  // Zbkc: clmul a0, a0, a1
    {10, 0x28b52533}, // Zbkx: xperm4 a0, a0, a1
    {11, 0x3ab50533}, // Zknd: aes64ds a0, a0, a1
    {12, 0x32b50533}, // Zkne: aes64es a0, a0, a1
    {13, 0x10251513}, // Zknh: sha256sig0 a0, a0
    {27, 0x04b57553}, // Zfh: fadd.h fa0, fa0, fa1
    {28, 0x00051507}, // Zfhmin: flh fa0, 0(a0)
    {32, 0xf0180553}, // Zfa: fli.s fa0, 1.0
    {34, 0x28b525af}, // Zacas: amocas.w a1, a1, (a0)
    {35, 0x0eb55533}, // Zicond: czero.eqz a0, a0, a1
    {42, 0x81c54573}, // Zimop: mop.r.0 a0, a0
    {43, 0x0001},     // Zca: c.nop
    {44, 0x8108},     // Zcb: c.lbu a0, 0(a0)
    {45, 0x2108},     // Zcd: c.fld fa0, 0(a0)
    {47, 0x6081},     // Zcmop: c.mop.1
    {48, 0x01d00073}, // Zawrs: wrs.sto
    {50, 0xc0102573}, // Zicntr: rdtime a0
    {55, 0x0025200f}, // Zicbom: cbo.flush (a0)
    {56, 0x00b525af}, // Zaamo: amoadd.w a1, a1, (a0)
    {57, 0x100525af}, // Zalrsc: lr.w a1, (a0)
    {58, 0x00b505af}, // Zabha: amoadd.b a1, a1, (a0)
};

static sigjmp_buf again;
static _Alignas(64) unsigned char place[64];

static void on_sigill(int signal)
{
    (void)signal;
    siglongjmp(again, 1);
}

// Whether an instruction executes.
static int runs(unsigned char *code, uint32_t encoding)
{
    static const uint32_t ret = 0x00008067;
    unsigned length = (encoding & 3) == 3 ? 4 : 2;
    memcpy(code, &encoding, length);
    memcpy(code + length, &ret, 4);
    __builtin___clear_cache((char *)code, (char *)code + 16);
    if (sigsetjmp(again, 1))
        return 0;
    ((void (*)(void *, long))code)(place, 0);
    return 1;
}

int main(int argc, char **argv)
{
    (void)argv;
    signal(SIGILL, on_sigill);
    struct {
        int64_t key;
        uint64_t value;
    } pairs[] = {{3, 0}, {4, 0}, {6, 0}, {8, 0}, {12, 0}, {15, 0}, {1000, 5}};
    CHECK(syscall(SYS_riscv_hwprobe, pairs, 7, 0, 0, 0) == 0);
    CHECK(pairs[0].key == 3 && pairs[1].key == 4);
    uint64_t bits = pairs[1].value;
    CHECK(pairs[2].value == (bits >> 6 & 1 ? 64 : 0));
    CHECK(pairs[3].value == 1000000000);
    CHECK(pairs[4].value == (bits >> 55 & 1 ? 64 : 0));
    CHECK(pairs[5].value == (bits >> 60 & 1 ? 64 : 0));
    CHECK(pairs[6].key == -1 && pairs[6].value == 0);

    // Which harts have it, of those that are named; of all if none is.
    unsigned long set[16] = {0};
    CHECK(syscall(SYS_riscv_hwprobe, pairs, 2, sizeof set, set, 1) == 0);
    CHECK((set[0] & 1) && __builtin_popcountl(set[0]) == sysconf(_SC_NPROCESSORS_ONLN) % 64);
    set[0] = 1;
    CHECK(syscall(SYS_riscv_hwprobe, pairs, 2, sizeof set, set, 1) == 0 && set[0] == 1);
    pairs[1].value = ~bits;
    CHECK(syscall(SYS_riscv_hwprobe, pairs, 2, sizeof set, set, 1) == 0 && set[0] == 0);

    unsigned char *code = mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(code != MAP_FAILED);
    for (unsigned i = 0; i < sizeof extensions / sizeof *extensions; i++) {
        int bit = extensions[i].bit;
        // What Zbc shares with Zbkc runs if one of them is there.
        int there = bits >> bit & 1 || (bit == 9 && bits >> 7 & 1);
        if (runs(code, extensions[i].encoding) != there)
            return 200 + i;
    }
    unsigned long letters = getauxval(AT_HWCAP);
    CHECK((letters >> ('M' - 'A') & 1) == (unsigned)runs(code, 0x02b50533));
    CHECK((letters >> ('A' - 'A') & 1) == (unsigned)runs(code, 0x00b525af));
    CHECK((letters >> ('F' - 'A') & 1) == (unsigned)runs(code, 0x00b57553));
    CHECK((letters >> ('D' - 'A') & 1) == (unsigned)runs(code, 0x02b57553));
    CHECK((letters >> ('C' - 'A') & 1) == (unsigned)runs(code, 0x0001));
    if (argc > 1)
        printf("%#lx\n", bits);
    return 0;
}
