// Encodings that are reserved, or that user mode may not execute: each raises SIGILL with ILL_ILLOPC, si_addr and pc on it.
// Exit status: the number of the first check that failed, counting from 1.
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

static const uint32_t encodings[] = {
    0x0000,                                 // all zeros
    0x0004,                                 // c.addi4spn, immediate 0
    0x9000,                                 // quadrant 0, funct3 100, bits 12:10 100
    0x8c40,                                 // c.sh with bit 6
    0x2005,                                 // c.addiw zero, 1
    0x6101,                                 // c.addi16sp, immediate 0
    0x6501,                                 // c.lui, immediate 0
    0x9c79, 0x9c7d,                         // after c.not
    0x6881,                                 // c.lui to a register above those of c.mop.n, immediate 0
    0x4002, 0x6002,                         // c.lwsp, c.ldsp to zero
    0x8002,                                 // c.jr zero
    0xffffffff,                             // all ones
    0x0205151b,                             // slliw with a shift amount of 32
    0x04051513,                             // slli with bit 26
    0x1015252f,                             // lr.w with rs2
    0x00055553,                             // fadd.s with rounding mode 5
    0x02056553,                             // fadd.d with rounding mode 6
    0x04055553,                             // fadd.h with rounding mode 5
    0xf2228553, 0xf2151553,                 // fli.d with rs2 2, with rounding mode 1
    0xc2850553, 0xc2852553,                 // fcvtmod.w.d with another rounding mode than rtz
    0xe2150553, 0xb6050553,                 // fmvh.x.d, fmvp.d.x: of RV32 only
    0x06050553,                             // fadd.q
    0x40050553,                             // fcvt.s.s
    0xc0451553,                             // fcvt to an integer type that is not there
    0xc0051573,                             // csrrw of cycle
    0xc000e573,                             // csrrsi of cycle
    0xc00aa573,                             // csrrs of cycle, source not zero
    0x10002573,                             // csrr of sstatus
    0x30002573,                             // csrr of mstatus
    0xf1402573,                             // csrr of mhartid
    0xc0302573,                             // csrr of hpmcounter3
    0x00402573,                             // csrr of CSR 4
    0x10200073,                             // sret
    0x30200073,                             // mret
    0x12000073,                             // sfence.vma
    0x00200073,                             // uret
    0x000000f3,                             // ecall with rd
    0x00002063,                             // branch, funct3 010
    0x00007003,                             // load, funct3 111
    0x00004023,                             // store, funct3 100
    0x00001067,                             // jalr, funct3 001
    0x0030200f,                             // fence, funct3 010: no such operation on a cache block
    0x0045208f,                             // cbo.zero with rd
    0x0000300f,                             // fence, funct3 011
    0x31b59513,                             // aes64ks1i, round 11
    0x28c5c5af,                             // amocas.q to an odd register
    0x28b5c62f,                             // amocas.q from an odd register
    0x06001033,                             // op, funct7 0000011
    0x0000000b, 0x0000002b, 0x0000005b, 0x0000007b, // custom
    0x00000057,                             // vectors
};

static volatile uintptr_t expected;
static volatile int wrong, raised;

static void on_sigill(int signal, siginfo_t *info, void *context)
{
    ucontext_t *user = context;
    raised++;
    wrong = signal != SIGILL || info->si_code != ILL_ILLOPC || (uintptr_t)info->si_addr != expected ||
            user->uc_mcontext.__gregs[REG_PC] != expected;
    user->uc_mcontext.__gregs[REG_PC] = user->uc_mcontext.__gregs[REG_RA];
}

int main(void)
{
    struct sigaction action = {.sa_sigaction = on_sigill, .sa_flags = SA_SIGINFO};
    sigaction(SIGILL, &action, 0);
    unsigned char *code = mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (code == MAP_FAILED)
        return 255;
    for (unsigned i = 0; i < sizeof encodings / sizeof *encodings; i++) {
        static const uint32_t ret = 0x00008067;
        unsigned length = (encodings[i] & 3) == 3 ? 4 : 2;
        unsigned char *place = code + 16 * i;
        memcpy(place, &encodings[i], length);
        memcpy(place + length, &ret, 4);
        __builtin___clear_cache((char *)place, (char *)place + 16);
        expected = (uintptr_t)place;
        wrong = 1;
        raised = 0;
        ((void (*)(void))place)();
        if (wrong || raised != 1)
            return i + 1;
    }
    return 0;
}
