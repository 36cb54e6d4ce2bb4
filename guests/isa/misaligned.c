// Loads and stores work at any address, across pages too; atomic accesses that are not aligned raise SIGBUS with BUS_ADRALN.
// (The manual leaves both to the platform; this is what Linux does on common machines.)
// QEMU 7.2 does not look at the address of an sc without a reservation, and fails these checks.
// Exit status: the number of the first check that failed, counting from 1.
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

static volatile uintptr_t expected;
static volatile int raised;

static void on_sigbus(int signal, siginfo_t *info, void *context)
{
    ucontext_t *user = context;
    raised += signal == SIGBUS && info->si_code == BUS_ADRALN && (uintptr_t)info->si_addr == expected;
    user->uc_mcontext.__gregs[REG_PC] += 4;
}

static int number;

// A load of some width and sign, and its store.
#define ACCESS(load, store, type)                                                                                      \
    do {                                                                                                               \
        number++;                                                                                                      \
        uint64_t value = 0x8182838485868788, got;                                                                      \
        memset(place - 8, 0x55, 24);                                                                                   \
        asm volatile(store " %2, (%1)\n\t" load " %0, (%1)" : "=&r"(got) : "r"(place), "r"(value) : "memory");         \
        if (got != (uint64_t)(type)value)                                                                              \
            return number;                                                                                             \
        number++;                                                                                                      \
        if (place[-1] != 0x55 || place[sizeof(type)] != 0x55 || memcmp(place, &value, sizeof(type)))                   \
            return number;                                                                                             \
    } while (0)

// An atomic access: it traps, and neither memory nor its destination changes.
#define ATOMIC(instruction, width)                                                                                     \
    do {                                                                                                               \
        number++;                                                                                                      \
        uint64_t got = 77;                                                                                             \
        memset(place - 8, 0x55, 24);                                                                                   \
        raised = 0;                                                                                                    \
        asm volatile(instruction : "+r"(got) : "r"(place), "r"(1ul) : "memory");                                       \
        int aligned = (uintptr_t)place % (width) == 0;                                                                 \
        if (raised != !aligned || (raised && (got != 77 || place[0] != 0x55 || place[(width)-1] != 0x55)))             \
            return number;                                                                                             \
    } while (0)

static int at(unsigned char *place)
{
    expected = (uintptr_t)place;
    ACCESS("lh", "sh", int16_t);
    ACCESS("lhu", "sh", uint16_t);
    ACCESS("lw", "sw", int32_t);
    ACCESS("lwu", "sw", uint32_t);
    ACCESS("ld", "sd", uint64_t);
    ATOMIC("lr.w %0, (%1)", 4);
    ATOMIC("lr.d %0, (%1)", 8);
    ATOMIC("sc.w %0, %2, (%1)", 4);
    ATOMIC("sc.d %0, %2, (%1)", 8);
    ATOMIC("amoswap.w %0, %2, (%1)", 4);
    ATOMIC("amoadd.d %0, %2, (%1)", 8);
    ATOMIC("amomaxu.w.aqrl %0, %2, (%1)", 4);
    ATOMIC("amoand.d %0, %2, (%1)", 8);
    return 0;
}

int main(void)
{
    struct sigaction action = {.sa_sigaction = on_sigbus, .sa_flags = SA_SIGINFO};
    sigaction(SIGBUS, &action, 0);
    unsigned char *pages = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED)
        return 255;
    for (int offset = -8; offset <= 8; offset++) {
        int failed = at(pages + 4096 + offset);
        if (failed)
            return failed;
    }
    return 0;
}
