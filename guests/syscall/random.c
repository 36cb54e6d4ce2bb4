// Random calls with random arguments, by nobody: whatever becomes of the children, the parent's memory and the emulator stay sound.
#include "check.h"

// Not tried: what ends or stops processes that are not ours, what leaves things behind that only root can take away, and what would not
// come back.
static const short LEFT_OUT[] = {
    81, /* sync */ 93, 94, /* exit */ 129, 130, 131, 138, 240, 424, /* signals to others */
    186, 190, 194, 180, /* objects that outlive us */ 220, 435, /* clone */ 267, /* syncfs */ 57, 436, /* the parent's pipe is needed */
    101, 115, 137, 133, 260, 95, /* sleeps and waits: tried by other tests */
    30, 118, 119, 122, 140, 154, 261, 271, 274, /* set something of any process by its number */
};

static uint64_t state;

static uint64_t random64(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static char *area;

static uint64_t argument(void)
{
    switch (random64() % 12) {
    case 0: return 0;
    case 1: return random64();
    case 2: return random64() % 10;
    case 3: return 1UL << random64() % 64;
    case 4: return (uintptr_t)area + random64() % 65536;
    case 5: return (uintptr_t)area + 65536 - random64() % 64;
    case 6: return -(random64() % 200);
    case 7: return (1UL << 38) - random64() % 8192;
    case 8: return random64() % 4096;
    case 9: return (uintptr_t)&argument;
    case 10: return (uintptr_t)area + (random64() % 16) * 4096;
    default: return random64() % (1 << 30);
    }
}

static void child(uint64_t seed)
{
    state = seed * 0x9e3779b97f4a7c15 + 1;
    area = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(area != MAP_FAILED);
    for (int i = 0; i < 65536 / 8; i++)
        ((uint64_t *)area)[i] = argument();
    alarm(1);
    for (int i = 0; i < 2000; i++) {
        long number = random64() % 480;
        int left_out = 0;
        for (size_t j = 0; j < sizeof LEFT_OUT / sizeof *LEFT_OUT; j++)
            left_out |= LEFT_OUT[j] == number;
        if (!left_out)
            syscall(number, argument(), argument(), argument(), argument(), argument(), argument());
    }
}

int main(int argc, char **argv)
{
    unsigned long seeds = argc > 1 ? strtoul(argv[1], NULL, 0) : 15;
    char folder[] = "/tmp/tine-random-XXXXXX";
    CHECK(mkdtemp(folder) != NULL && chmod(folder, 0777) == 0 && chdir(folder) == 0);
    int null = open("/dev/null", O_RDWR);
    CHECK(dup2(null, 0) == 0 && dup2(null, 1) == 1);
    if (geteuid() == 0)
        CHECK(setgid(65534) == 0 && setuid(65534) == 0);
    struct rlimit limit = {1 << 20, 1 << 20};
    CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0 && signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    for (unsigned long seed = 0; seed < seeds; seed++) {
        int status;
        pid_t pid = fork();
        CHECK(pid >= 0);
        if (pid == 0) {
            setpgid(0, 0);
            child(seed);
            _exit(0);
        }
        int turns = 0;
        while (waitpid(pid, &status, WNOHANG) == 0) {
            if (++turns == 400)
                kill(pid, SIGKILL);
            kill(pid, SIGCONT);
            usleep(10000);
        }
    }
    return 0;
}
