/* What /proc/PID/maps and smaps say of memory that has a name (PR_SET_VMA), or is locked; and a descriptor that is read again. */

#include "../syscall/check.h"

#include <sys/prctl.h>

#define SET 0x53564d41
#define NAME 0
#define PAGE 4096L

static char text[1 << 20];

static void read_all(int fd)
{
    size_t len = 0;
    ssize_t part;
    while ((part = read(fd, text + len, sizeof text - 1 - len)) > 0)
        len += part;
    CHECK(part == 0);
    text[len] = 0;
}

static void read_file(const char *path)
{
    int fd = open(path, O_RDONLY);
    CHECK(fd >= 0);
    read_all(fd);
    close(fd);
}

/* The line that begins with this range, in what was read. */
static char *line(char *start, char *end)
{
    char range[64];
    snprintf(range, sizeof range, "%08lx-%08lx ", (long)start, (long)end);
    return strstr(text, range);
}

static int ends(const char *at, const char *what)
{
    const char *end = at ? strchr(at, '\n') : NULL;
    size_t len = strlen(what);
    return end && (size_t)(end - at) > len && strncmp(end - len, what, len) == 0;
}

static void named(void)
{
    char *area = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *file = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, open("/proc/self/exe", O_RDONLY), 0);
    CHECK(area != MAP_FAILED && file != MAP_FAILED);
    CHECK(mprotect(area, PAGE, PROT_NONE) == 0 && mprotect(area + 7 * PAGE, PAGE, PROT_NONE) == 0);
    if (prctl(SET, NAME, area + PAGE, PAGE, "first one") == -1) {
        /* A kernel without CONFIG_ANON_VMA_NAME. */
        CHECK(errno == EINVAL);
        return;
    }
    CHECK(prctl(SET, NAME, area + 2 * PAGE, PAGE + 1, "second") == 0);
    FAILS(prctl(SET, NAME + 1, area, PAGE, "x"), EINVAL);
    FAILS(prctl(SET, NAME, area + 1, PAGE, "x"), EINVAL);
    FAILS(prctl(SET, NAME, area, PAGE, "a]"), EINVAL);
    FAILS(prctl(SET, NAME, area, PAGE, "a\n"), EINVAL);
    FAILS(prctl(SET, NAME, area, PAGE, OUTSIDE), EFAULT);
    FAILS(prctl(SET, NAME, file, PAGE, "x"), EBADF);
    char longest[81];
    memset(longest, 'x', 80);
    longest[80] = 0;
    FAILS(prctl(SET, NAME, area, PAGE, longest), EINVAL);
    CHECK(prctl(SET, NAME, area, 0, "x") == 0);
    CHECK(munmap(area + 6 * PAGE, PAGE) == 0);
    FAILS(prctl(SET, NAME, area + 6 * PAGE, PAGE, "x"), ENOMEM);

    read_file("/proc/self/maps");
    CHECK(ends(line(area + PAGE, area + 2 * PAGE), " [anon:first one]"));
    CHECK(ends(line(area + 2 * PAGE, area + 4 * PAGE), " [anon:second]"));
    CHECK(line(area + 4 * PAGE, area + 6 * PAGE));
    read_file("/proc/self/smaps");
    CHECK(ends(line(area + PAGE, area + 2 * PAGE), " [anon:first one]"));

    CHECK(prctl(SET, NAME, area + PAGE, 3 * PAGE, NULL) == 0);
    read_file("/proc/self/maps");
    CHECK(!strstr(text, "[anon:"));
    CHECK(line(area + PAGE, area + 6 * PAGE));
}

static void locked(void)
{
    char *area = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(mprotect(area, PAGE, PROT_NONE) == 0 && mprotect(area + 3 * PAGE, PAGE, PROT_NONE) == 0);
    CHECK(mlock(area + PAGE, 2 * PAGE) == 0);
    read_file("/proc/self/smaps");
    char *at = line(area + PAGE, area + 3 * PAGE), *flags = at ? strstr(at, "VmFlags:") : NULL;
    CHECK(flags && strncmp(flags, "VmFlags: rd wr mr mw me ", 24) == 0);
    *strchr(flags, '\n') = 0;
    CHECK(strstr(flags, " lo "));
    CHECK(strstr(at, "\nLocked:                8 kB\n"));
}

/* KiB of locked memory. */
static long locked_now(void)
{
    read_file("/proc/self/status");
    char *at = strstr(text, "VmLck:");
    CHECK(at);
    return atol(at + 6);
}

static void all_locked(void)
{
    char *area = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(mprotect(area, PAGE, PROT_NONE) == 0);
    CHECK(munlockall() == 0 && locked_now() == 0);
    if (mlockall(MCL_CURRENT) == -1) {
        /* More than this user may. */
        CHECK(errno == ENOMEM || errno == EPERM);
        return;
    }
    long before = locked_now();
    CHECK(before >= 8);
    unsigned char there[2];
    CHECK(mincore(area + PAGE, 2 * PAGE, there) == 0 && (there[0] & there[1] & 1));
    char *other = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(locked_now() == before);
    CHECK(munmap(other, 4 * PAGE) == 0);
    CHECK(mlockall(MCL_FUTURE) == 0);
    other = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(locked_now() == before + 16);
    pid_t child = fork();
    if (child == 0)
        _exit(locked_now() == 0 && mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED
              && locked_now() == 0);
    int status;
    CHECK(waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 1);
    CHECK(munlockall() == 0 && locked_now() == 0);
    CHECK(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED && locked_now() == 0);
}

/* As the kernel does, the file says what is when it is read from its start. */
static void again(void)
{
    int fd = open("/proc/self/maps", O_RDONLY), copy = dup(fd);
    read_all(fd);
    char *area = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(mprotect(area, PAGE, PROT_NONE) == 0);
    CHECK(!line(area, area + PAGE));
    CHECK(lseek(copy, 0, SEEK_SET) == 0);
    read_all(fd);
    CHECK(line(area, area + PAGE));
    CHECK(munmap(area, PAGE) == 0);
    ssize_t len = pread(fd, text, sizeof text - 1, 0);
    CHECK(len > 0);
    text[len] = 0;
    CHECK(!line(area, area + PAGE));
}

static void calls(void)
{
    read_file("/proc/self/syscall");
    /* Natively it is the read itself. */
    CHECK_RISCV(strcmp(text, "running\n") == 0);
}

int main(void)
{
    named();
    locked();
    all_locked();
    again();
    calls();
    return 0;
}
