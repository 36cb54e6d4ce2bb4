// Random bytes as code: whatever they do, the program goes on. Every trap and fault comes back as a signal, a loop is left by a timer.
// The argument is how many rounds to make, and the second the seed.
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SIZE = 4096 };

static uint64_t state;

static uint64_t random_word(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static sigjmp_buf back;

static void handler(int signal)
{
    siglongjmp(back, signal);
}

// Jumps into the page with random registers that may not be relied on afterwards; a signal brings it back.
static void run(unsigned char *code)
{
    struct itimerval time = { .it_value = { .tv_usec = 2000 } };
    if (sigsetjmp(back, 1) == 0) {
        setitimer(ITIMER_REAL, &time, NULL);
#ifdef __riscv
        asm volatile("fence.i\n\tjalr %0" : : "r"(code + (random_word() % (SIZE - 64) & ~1ULL))
                     : "ra", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "memory");
#endif
    }
    setitimer(ITIMER_REAL, &(struct itimerval){ 0 }, NULL);
}

// What random code did to the program itself is nobody's concern: each batch is a process of its own, which may end as it likes.
static void batch(uint64_t seed, int rounds)
{
    static char stack[65536];
    state = seed;
    sigaltstack(&(stack_t){ .ss_sp = stack, .ss_size = sizeof stack }, NULL);
    const int signals[] = { SIGILL, SIGSEGV, SIGBUS, SIGTRAP, SIGFPE, SIGALRM, SIGSYS };
    for (size_t n = 0; n < sizeof signals / sizeof *signals; n++)
        sigaction(signals[n], &(struct sigaction){ .sa_handler = handler, .sa_flags = SA_ONSTACK | SA_NODEFER }, NULL);
    unsigned char *code = mmap(NULL, SIZE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int n = 0; n < rounds; n++) {
        for (int at = 0; at < SIZE; at += 4) {
            uint32_t word = (uint32_t)random_word();
            // No system calls: those are another program's. The encoding of ecall is a single one.
            if (word == 0x73)
                word = 0;
            memcpy(code + at, &word, 4);
        }
        run(code);
    }
    _exit(0);
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 8;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
    for (int n = 0; n < rounds; n++) {
        pid_t pid = fork();
        if (pid == 0) {
            alarm(0);
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            batch((seed + n) * 0x9e3779b97f4a7c15 | 1, 20);
        }
        int status;
        // A loop that even the timer could not leave (its handler is gone, the stack is) must not last.
        for (int wait = 0; waitpid(pid, &status, WNOHANG) == 0; wait++) {
            usleep(1000);
            if (wait == 2000)
                kill(pid, SIGKILL);
        }
        // 125 is what the emulator says when it fails itself.
        if (WIFEXITED(status) && WEXITSTATUS(status) == 125) {
            fprintf(stderr, "seed %llu: the emulator failed\n", (unsigned long long)seed + n);
            return 1;
        }
    }
    return 0;
}
