/* PR_SET_MDWE: what may be written never becomes code, in this program, its children and what they execute, unless it says otherwise. Also
 * remap_file_pages and MAP_DROPPABLE. */

#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

#define SET 65
#define GET 66
#define GAIN 1
#define NO_INHERIT 2
#define PAGE 4096

static void *map(int prot, int flags)
{
    return mmap(NULL, PAGE, prot, flags | MAP_ANONYMOUS, -1, 0);
}

/* What a child has of it, and whether it is held to it. */
static int in_child(void)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        int writable = map(PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE) != MAP_FAILED;
        _exit(prctl(GET, 0, 0, 0, 0) | writable << 4);
    }
    waitpid(child, &status, 0);
    return WEXITSTATUS(status);
}

static void in_another(int bits)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        if (prctl(SET, bits, 0, 0, 0) == 0)
            execl("/proc/self/exe", "deny", "again", NULL);
        _exit(99);
    }
    waitpid(child, &status, 0);
    CHECK(WEXITSTATUS(status) == (bits & NO_INHERIT ? 0 : bits));
}

static void denies(void)
{
    char *early = map(PROT_READ | PROT_WRITE, MAP_PRIVATE), *code = map(PROT_READ | PROT_EXEC, MAP_PRIVATE);
    FAILS(prctl(SET, 4, 0, 0, 0), EINVAL);
    FAILS(prctl(SET, NO_INHERIT, 0, 0, 0), EINVAL);
    FAILS(prctl(SET, GAIN, 1, 0, 0), EINVAL);
    FAILS(prctl(GET, 1, 0, 0, 0), EINVAL);
    CHECK(prctl(GET, 0, 0, 0, 0) == 0);
    in_another(GAIN);
    in_another(GAIN | NO_INHERIT);
    CHECK(in_child() == 1 << 4);
    CHECK(prctl(SET, GAIN, 0, 0, 0) == 0);
    CHECK(prctl(SET, GAIN, 0, 0, 0) == 0);
    FAILS(prctl(SET, 0, 0, 0, 0), EPERM);
    CHECK(prctl(GET, 0, 0, 0, 0) == GAIN);
    CHECK(in_child() == GAIN);
    CHECK(map(PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE) == MAP_FAILED && errno == EACCES);
    FAILS(mprotect(early, PAGE, PROT_READ | PROT_EXEC), EACCES);
    FAILS(mprotect(code, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC), EACCES);
    CHECK(mprotect(code, PAGE, PROT_READ | PROT_EXEC) == 0);
    CHECK(mprotect(code, PAGE, PROT_READ | PROT_WRITE) == 0);
    FAILS(mprotect(code, PAGE, PROT_READ | PROT_EXEC), EACCES);
}

static void remaps(void)
{
    int fd = memfd_create("pages", 0);
    CHECK(ftruncate(fd, 4 * PAGE) == 0);
    char *at = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    for (int i = 0; i < 4; i++)
        at[i * PAGE] = 'a' + i;
    CHECK(remap_file_pages(at + PAGE, PAGE, 0, 3, 0) == 0);
    CHECK(at[0] == 'a' && at[PAGE] == 'd' && at[2 * PAGE] == 'c');
    at[PAGE] = 'x';
    CHECK(at[3 * PAGE] == 'x');
    FAILS(remap_file_pages(at, PAGE, PROT_READ, 1, 0), EINVAL);
    FAILS(remap_file_pages(at, 0, 0, 1, 0), EINVAL);
    char *private = map(PROT_READ, MAP_PRIVATE);
    FAILS(remap_file_pages(private, PAGE, 0, 0, 0), EINVAL);
    munmap(private, PAGE);
    FAILS(remap_file_pages(private, PAGE, 0, 0, 0), EINVAL);
}

/* Linux 6.11 has it. */
static void droppable(void)
{
    char *at = map(PROT_READ | PROT_WRITE, 8);
    if (at == MAP_FAILED) {
        CHECK(errno == EINVAL);
        return;
    }
    memset(at, 1, PAGE);
    CHECK(munmap(at, PAGE) == 0);
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1)
        return prctl(GET, 0, 0, 0, 0);
    remaps();
    droppable();
    denies();
    return 0;
}
