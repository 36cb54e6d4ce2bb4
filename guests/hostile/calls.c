// Random system calls with random arguments, as an unprivileged user in an empty folder: none may harm the emulator, whatever it does to the
// program. The argument is how many processes to make, and the second the seed.
#define _GNU_SOURCE
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static uint64_t state;

static uint64_t random_word(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static char memory[1 << 16];

static uint64_t argument(void)
{
    static const uint64_t edges[] = { 0, 1, 2, 3, 7, 8, 64, 4095, 4096, 0x7fffffff, 0x80000000, 0xffffffff, 1ULL << 32, 1ULL << 38,
                                      (1ULL << 38) - 1, 1ULL << 46, 1ULL << 47, 1ULL << 63, -1ULL, -2ULL, -100ULL, -4096ULL };
    switch (random_word() % 8) {
    case 0:
        return random_word();
    case 1:
        return random_word() & 0xffff;
    case 2:
    case 3:
        return edges[random_word() % (sizeof edges / sizeof *edges)];
    case 4:
        return random_word() % 12;
    default:
        return (uint64_t)memory + random_word() % sizeof memory;
    }
}

// What would end the test, or reach beyond it: signals to others, sleeping for ever.
static int left_out(long number)
{
    switch (number) {
    case SYS_kill:
    case SYS_tkill:
    case SYS_tgkill:
    case SYS_rt_sigqueueinfo:
    case SYS_rt_tgsigqueueinfo:
    case SYS_pidfd_send_signal:
    case SYS_exit:
    case SYS_exit_group:
    case SYS_sync:
    case SYS_vhangup:
        return 1;
    default:
        return 0;
    }
}

static void batch(uint64_t seed)
{
    state = seed;
    alarm(2);
    setrlimit(RLIMIT_NPROC, &(struct rlimit){ 200, 200 });
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 1 << 20, 1 << 20 });
    setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
    pid_t pid = getpid();
    for (int n = 0; n < 400; n++) {
        if (n % 50 == 0)
            for (size_t at = 0; at < sizeof memory; at += 8) {
                uint64_t word = argument();
                memcpy(memory + at, &word, 8);
            }
        long number = (long)(random_word() % 470);
        if (left_out(number))
            continue;
        syscall(number, argument(), argument(), argument(), argument(), argument(), argument());
        // Children do not multiply.
        if (getpid() != pid)
            _exit(0);
    }
    _exit(0);
}

int main(int argc, char **argv)
{
    int processes = argc > 1 ? atoi(argv[1]) : 40;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
    char folder[] = "/tmp/tine-calls-XXXXXX";
    if (mkdtemp(folder) == NULL || chmod(folder, 0777) != 0 || chdir(folder) != 0)
        return 2;
    // Message queues and their like that are made here concern nobody else, if that can be had.
    unshare(CLONE_NEWIPC);
    if (getuid() == 0 && (setgroups(0, NULL) != 0 || setgid(65534) != 0 || setuid(65534) != 0))
        return 2;
    int null = open("/dev/null", O_RDWR);
    for (int n = 0; n < processes; n++) {
        pid_t pid = fork();
        if (pid == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            setpgid(0, 0);
            dup2(null, 0);
            dup2(null, 1);
            batch((seed + n) * 0x9e3779b97f4a7c15 | 1);
        }
        int status = 0;
        for (int wait = 0; waitpid(pid, &status, WNOHANG) == 0; wait++) {
            usleep(1000);
            if (wait == 4000)
                kill(pid, SIGKILL);
        }
        kill(-pid, SIGKILL);
        if (WIFEXITED(status) && WEXITSTATUS(status) == 125) {
            fprintf(stderr, "seed %llu: the emulator failed\n", (unsigned long long)seed + n);
            return 1;
        }
    }
    return 0;
}
