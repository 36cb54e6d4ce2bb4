// Zicbom, Zicboz: operations on cache blocks of 64 bytes (unprivileged manual, "CMO"). What may not be accessed faults as a store
// to the address given. Exit status: the line of the check that failed.
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#define CHECK(condition) \
    do {                 \
        if (!(condition)) \
            return __LINE__; \
    } while (0)

static void cbo_inval(void *at) { __asm__ volatile(".insn i 0xf, 2, x0, %0, 0" : : "r"(at) : "memory"); }
static void cbo_clean(void *at) { __asm__ volatile(".insn i 0xf, 2, x0, %0, 1" : : "r"(at) : "memory"); }
static void cbo_flush(void *at) { __asm__ volatile(".insn i 0xf, 2, x0, %0, 2" : : "r"(at) : "memory"); }
static void cbo_zero(void *at) { __asm__ volatile(".insn i 0xf, 2, x0, %0, 4" : : "r"(at) : "memory"); }

static sigjmp_buf again;
static volatile int code;
static void *volatile fault;

static void on_fault(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)context;
    code = info->si_code;
    fault = info->si_addr;
    siglongjmp(again, 1);
}

// The si_code of the fault that an operation raises at `at`; 0 for none, -1 for a wrong address.
static int raises(void (*operation)(void *), void *at)
{
    if (sigsetjmp(again, 1))
        return fault == at ? code : -1;
    operation(at);
    return 0;
}

int main(void)
{
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &action, 0);
    unsigned char *page = mmap(0, 4 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(page != MAP_FAILED);

    for (int offset = 0; offset < 64; offset += 21) {
        memset(page, 0xa5, 256);
        cbo_zero(page + 64 + offset);
        for (int i = 0; i < 256; i++)
            CHECK(page[i] == (i >= 64 && i < 128 ? 0 : 0xa5));
    }

    void (*const manage[])(void *) = {cbo_inval, cbo_clean, cbo_flush};
    for (int i = 0; i < 3; i++) {
        CHECK(raises(manage[i], page + 5) == 0);
        CHECK(page[5] == 0xa5);
    }

    CHECK(mprotect(page + 4096, 4096, PROT_READ) == 0);
    CHECK(mprotect(page + 2 * 4096, 4096, PROT_NONE) == 0);
    CHECK(munmap(page + 3 * 4096, 4096) == 0);
    CHECK(raises(cbo_zero, page + 4096 + 3) == SEGV_ACCERR);
    CHECK(raises(cbo_zero, page + 2 * 4096 + 100) == SEGV_ACCERR);
    CHECK(raises(cbo_zero, page + 3 * 4096 + 100) == SEGV_MAPERR);
    CHECK(raises(cbo_zero, page + 4095) == 0);
    for (int i = 0; i < 3; i++) {
        CHECK(raises(manage[i], page + 4096 + 3) == 0);
        CHECK(raises(manage[i], page + 2 * 4096 + 100) == SEGV_ACCERR);
        CHECK(raises(manage[i], page + 3 * 4096 + 100) == SEGV_MAPERR);
    }
    CHECK(raises(cbo_zero, (void *)(UINTPTR_MAX - 7)) != 0);
    return 0;
}
