// What the emulator knows and its host's kernel does not: the pages of a range, the signals that are kept back, the programs that run.
#include "proc.h"
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

static uint64_t present(int fd, void *address)
{
    uint64_t entry = 0;
    CHECK(pread(fd, &entry, 8, (unsigned long)address / 4096 * 8) == 8);
    return entry >> 63;
}

static uint64_t set(const char *name)
{
    return strtoull(value(name), NULL, 16);
}

#define BIT(signal) (1ul << ((signal) - 1))

static void copy(const char *from, const char *to)
{
    char buffer[1 << 16];
    int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_EXCL, 0755);
    long len;
    CHECK(in >= 0 && out >= 0);
    while ((len = read(in, buffer, sizeof buffer)) > 0)
        CHECK(write(out, buffer, len) == len);
    CHECK(len == 0 && close(in) == 0 && close(out) == 0);
}

// Run as "NAME wait" it says that it runs, and goes on until its input ends.
static int wait_for_end(void)
{
    char byte = 'r';
    CHECK(write(1, &byte, 1) == 1);
    return read(0, &byte, 1) == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc > 1 && !strcmp(argv[1], "wait"))
        return wait_for_end();

    // pagemap: a page is there when it has been written to.
    char *pages = mmap(NULL, 4 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(pages != MAP_FAILED);
    pages[0] = pages[2 * 4096] = 1;
    int fd = open("/proc/self/pagemap", O_RDONLY);
    CHECK(fd >= 0);
    CHECK(present(fd, pages) && !present(fd, pages + 4096) && present(fd, pages + 2 * 4096));
    uint64_t entries[4];
    CHECK(lseek(fd, (unsigned long)pages / 4096 * 8, SEEK_SET) == (long)((unsigned long)pages / 4096 * 8));
    CHECK(read(fd, entries, 16) == 16 && read(fd, entries + 2, 16) == 16);
    CHECK(entries[0] >> 63 && !(entries[1] >> 63) && entries[2] >> 63 && !(entries[3] >> 63));
    FAILS(pread(fd, entries, 7, 0), EINVAL);
    CHECK(pread(fd, entries, 8, 1l << 60) == 0 && close(fd) == 0);

    // status: signals of faults are blocked and wait as others do.
    sigset_t blocked, old;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGSEGV);
    sigaddset(&blocked, SIGTRAP);
    sigaddset(&blocked, SIGUSR1);
    CHECK(sigprocmask(SIG_BLOCK, &blocked, &old) == 0);
    CHECK(kill(getpid(), SIGTRAP) == 0 && raise(SIGSEGV) == 0);
    slurp("/proc/self/status");
    CHECK(set("SigBlk") == (BIT(SIGSEGV) | BIT(SIGTRAP) | BIT(SIGUSR1)));
    CHECK(set("SigPnd") == BIT(SIGSEGV) && set("ShdPnd") == BIT(SIGTRAP));
    int number;
    CHECK(sigwait(&blocked, &number) == 0 && sigwait(&blocked, &number) == 0);
    slurp("/proc/thread-self/status");
    CHECK(set("SigPnd") == 0 && set("ShdPnd") == 0 && set("SigBlk") >> 4 & 1);
    CHECK(sigprocmask(SIG_SETMASK, &old, NULL) == 0);
    slurp("/proc/self/status");
    CHECK(set("SigBlk") == 0);

    // A program that runs is not written to, by whatever name; before and after it is.
    char program[PATH_MAX], link[PATH_MAX];
    CHECK(snprintf(program, sizeof program, "/tmp/kept-%d", getpid()) > 0);
    CHECK(snprintf(link, sizeof link, "/tmp/kept-%d-link", getpid()) > 0);
    unlink(program);
    unlink(link);
    copy("/proc/self/exe", program);
    CHECK(symlink(program, link) == 0);
    int in[2], out[2];
    CHECK(pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        execl(program, program, "wait", NULL);
        _exit(99);
    }
    char byte;
    CHECK(close(in[0]) == 0 && read(out[0], &byte, 1) == 1);
    FAILS(open(program, O_WRONLY), ETXTBSY);
    FAILS(open(link, O_RDWR | O_CREAT, 0644), ETXTBSY);
    FAILS(open(program, O_WRONLY | O_TRUNC), ETXTBSY);
    FAILS(truncate(program, 0), ETXTBSY);
    FAILS(open(program, O_WRONLY | O_CREAT | O_EXCL, 0644), EEXIST);
    fd = open(link, O_RDONLY);
    CHECK(fd >= 0 && read(fd, &byte, 1) == 1 && byte == 0x7f && close(fd) == 0);
    int status;
    CHECK(close(in[1]) == 0 && waitpid(child, &status, 0) == child && status == 0);
    fd = open(link, O_RDWR);
    CHECK(fd >= 0 && close(fd) == 0 && truncate(program, 0) == 0);
    CHECK(unlink(program) == 0 && unlink(link) == 0);
    return 0;
}
