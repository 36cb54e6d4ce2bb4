// Signals of instructions: which, with which code and address, and where the pc is.
#include "check.h"

static sigjmp_buf back;
static volatile int signal_seen, code_seen;
static void *volatile addr_seen;
static void *volatile pc_seen;

static void caught(int signal, siginfo_t *info, void *context)
{
    ucontext_t *uc = context;
    signal_seen = signal;
    code_seen = info->si_code;
    addr_seen = info->si_addr;
    pc_seen = (void *)uc->uc_mcontext.__gregs[0];
    CHECK(info->si_signo == signal && info->si_errno == 0);
    siglongjmp(back, 1);
}

// What running this does; "pc" is a label on the instruction that fails.
#define EXPECT(signal, code, addr, pc, ...)                                                      \
    do {                                                                                         \
        if (sigsetjmp(back, 1) == 0) {                                                           \
            __VA_ARGS__;                                                                         \
            CHECK(!"reached");                                                                   \
        }                                                                                        \
        CHECK(signal_seen == (signal));                                                          \
        CHECK(code_seen == (code));                                                              \
        CHECK(addr_seen == (void *)(addr));                                                      \
        CHECK(pc_seen == (void *)(pc));                                                          \
    } while (0)

extern char load_pc[], store_pc[], amo_pc[], lr_pc[], fp_pc[], ebreak_pc[], cebreak_pc[], illegal_pc[], half_pc[];

static void load(void *p)
{
    asm volatile("load_pc: ld t0, 0(%0)" : : "r"(p) : "t0", "memory");
}

static void store(void *p)
{
    asm volatile("store_pc: sd t0, 0(%0)" : : "r"(p) : "memory");
}

static void amo(void *p)
{
    asm volatile("amo_pc: amoadd.d t0, t0, (%0)" : : "r"(p) : "t0", "memory");
}

static void lr(void *p)
{
    asm volatile("lr_pc: lr.w t0, (%0)" : : "r"(p) : "t0", "memory");
}

static void fp_load(void *p)
{
    asm volatile("fp_pc: fld ft0, 0(%0)" : : "r"(p) : "ft0", "memory");
}

static void call(void *p)
{
    ((void (*)(void))p)();
}

int main(void)
{
    handle(SIGSEGV, caught, 0);
    handle(SIGBUS, caught, 0);
    handle(SIGILL, caught, 0);
    handle(SIGTRAP, caught, 0);
    long page = 4096;
    char *readable = mmap(NULL, 2 * page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(readable != MAP_FAILED);
    char *none = mmap(NULL, page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(none != MAP_FAILED);

    EXPECT(SIGSEGV, SEGV_MAPERR, 16, load_pc, load((void *)16));
    EXPECT(SIGSEGV, SEGV_MAPERR, 16, store_pc, store((void *)16));
    EXPECT(SIGSEGV, SEGV_MAPERR, 16, amo_pc, amo((void *)16));
    EXPECT(SIGSEGV, SEGV_MAPERR, 16, lr_pc, lr((void *)16));
    EXPECT(SIGSEGV, SEGV_MAPERR, 16, fp_pc, fp_load((void *)16));
    EXPECT(SIGSEGV, SEGV_ACCERR, readable + 8, store_pc, store(readable + 8));
    EXPECT(SIGSEGV, SEGV_ACCERR, none + 8, load_pc, load(none + 8));
    EXPECT(SIGSEGV, SEGV_ACCERR, readable + 8, amo_pc, amo(readable + 8));
    EXPECT(SIGSEGV, SEGV_MAPERR, 0x40, 0x40, call((void *)0x40));
    EXPECT(SIGSEGV, SEGV_ACCERR, readable, readable, call(readable));
    CHECK(munmap(readable + page, page) == 0);
    EXPECT(SIGSEGV, SEGV_MAPERR, readable + page + 24, load_pc, load(readable + page + 24));

    // Past the end of a file.
    char name[] = "fault.XXXXXX";
    int file = mkstemp(name);
    CHECK(file >= 0 && unlink(name) == 0 && ftruncate(file, 10) == 0);
    char *mapped = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    CHECK(mapped != MAP_FAILED);
    EXPECT(SIGBUS, BUS_ADRERR, mapped + page + 8, load_pc, load(mapped + page + 8));
    EXPECT(SIGBUS, BUS_ADRERR, mapped + page + 8, store_pc, store(mapped + page + 8));

    EXPECT(SIGTRAP, TRAP_BRKPT, ebreak_pc, ebreak_pc,
           asm volatile(".option push\n.option norvc\nebreak_pc: ebreak\n.option pop" : : : "memory"));
    EXPECT(SIGTRAP, TRAP_BRKPT, cebreak_pc, cebreak_pc, asm volatile("cebreak_pc: c.ebreak" : : : "memory"));
    EXPECT(SIGILL, ILL_ILLOPC, illegal_pc, illegal_pc, asm volatile("illegal_pc: .word 0xffffffff" : : : "memory"));
    EXPECT(SIGILL, ILL_ILLOPC, half_pc, half_pc, asm volatile("half_pc: .half 0" : : : "memory"));

    // The kernel meets the same pages without a signal.
    CHECK(write(1, none, 1) == -1 && errno == EFAULT);
    CHECK(read(file, readable, 1) == -1 && errno == EFAULT);
    CHECK(syscall(SYS_pipe2, 16, 0) == -1 && errno == EFAULT);
    return 0;
}
