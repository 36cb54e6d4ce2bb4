// mremap(2) in all its forms.
#include "check.h"

#define PAGE 4096ul
#define ANYWHERE (MREMAP_MAYMOVE)
#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4
#endif

static char *map(size_t pages, int flags, int fd)
{
    char *p = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, flags, fd, 0);
    CHECK(p != MAP_FAILED);
    return p;
}

static volatile sig_atomic_t faults;

static void on_fault(int signal, siginfo_t *info, void *context)
{
    (void)context;
    faults++;
    // Gives the page back, so that the access goes on.
    char *page = (char *)((uintptr_t)info->si_addr & -PAGE);
    if (mmap(page, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != page)
        _exit(signal);
}

// Whether nothing is mapped there.
static int gone(volatile char *p)
{
    int before = faults;
    (void)p[0];
    return faults == before + 1;
}

int main(void)
{
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
    CHECK(sigaction(SIGSEGV, &action, NULL) == 0);
    const int private = MAP_PRIVATE | MAP_ANONYMOUS, shared = MAP_SHARED | MAP_ANONYMOUS;

    // Refusals, in the kernel's order.
    char *p = map(4, private, -1);
    FAILS((long)mremap(p, PAGE, PAGE, 8), EINVAL);
    FAILS((long)mremap(p, PAGE, PAGE, MREMAP_FIXED, p), EINVAL);
    FAILS((long)mremap(p + 1, PAGE, PAGE, ANYWHERE), EINVAL);
    FAILS((long)mremap(p, PAGE, 0, ANYWHERE), EINVAL);
    FAILS((long)mremap(p, 2 * PAGE, 2 * PAGE, ANYWHERE | MREMAP_FIXED, p + PAGE), EINVAL);
    FAILS((long)mremap(p, 2 * PAGE, PAGE, ANYWHERE | MREMAP_FIXED, p + PAGE), EINVAL);
    FAILS((long)mremap(p, 2 * PAGE, 2 * PAGE, ANYWHERE | MREMAP_FIXED, p + 1), EINVAL);
    FAILS((long)mremap(p, PAGE, 2 * PAGE, MREMAP_DONTUNMAP | MREMAP_MAYMOVE), EINVAL);
    FAILS((long)mremap(p, PAGE, PAGE, MREMAP_DONTUNMAP), EINVAL);
    FAILS((long)mremap(p, 0, PAGE, ANYWHERE), EINVAL);
    FAILS((long)mremap(p, PAGE, 2 * PAGE, 0), ENOMEM);
    CHECK(munmap(p + 3 * PAGE, PAGE) == 0);
    FAILS((long)mremap(p + 3 * PAGE, PAGE, 2 * PAGE, ANYWHERE), EFAULT);
    FAILS((long)mremap(p + 2 * PAGE, 2 * PAGE, 3 * PAGE, ANYWHERE), EFAULT);

    // In place, and back.
    p[2 * PAGE] = 'a';
    CHECK(mremap(p, 3 * PAGE, 4 * PAGE, 0) == p && p[3 * PAGE] == 0 && p[2 * PAGE] == 'a');
    CHECK(mremap(p, 4 * PAGE, PAGE, 0) == p && gone(p + PAGE));

    // Moving; what was at the target goes.
    char *target = map(6, private, -1);
    memset(target, 't', 6 * PAGE);
    p[0] = 'p';
    CHECK(mremap(p, PAGE, 3 * PAGE, ANYWHERE | MREMAP_FIXED, target + PAGE) == target + PAGE);
    CHECK(gone(p) && target[0] == 't' && target[PAGE] == 'p' && target[2 * PAGE] == 0 && target[4 * PAGE] == 't');

    // Moving what stays mapped.
    p = map(2, private, -1);
    memset(p, 'k', 2 * PAGE);
    char *moved = mremap(p, 2 * PAGE, 2 * PAGE, MREMAP_DONTUNMAP | MREMAP_MAYMOVE, NULL);
    CHECK(moved != MAP_FAILED && moved != p && moved[PAGE] == 'k' && p[0] == 0 && p[PAGE] == 0);

    // Shared memory once more.
    p = map(2, shared, -1);
    p[PAGE] = 's';
    char *twin = mremap(p + PAGE, 0, PAGE, ANYWHERE);
    CHECK(twin != MAP_FAILED && twin[0] == 's');
    twin[1] = 'u';
    CHECK(p[PAGE + 1] == 'u');

    // Files, shared and private, grow with what follows in the file.
    int fd = memfd_create("mremap", 0);
    CHECK(fd >= 0 && ftruncate(fd, 4 * PAGE) == 0 && pwrite(fd, "3", 1, 3 * PAGE) == 1);
    for (int i = 0; i < 2; i++) {
        char *room = map(8, private, -1);
        CHECK(munmap(room, 8 * PAGE) == 0);
        char *file = mmap(room, PAGE, PROT_READ | PROT_WRITE, (i ? MAP_PRIVATE : MAP_SHARED) | MAP_FIXED, fd, 0);
        CHECK(file == room);
        file[0] = 'f';
        file = mremap(file, PAGE, 4 * PAGE, ANYWHERE);
        CHECK(file != MAP_FAILED && file[0] == 'f' && file[3 * PAGE] == '3');
        file[3 * PAGE + 1] = 'x';
        char byte;
        CHECK(pread(fd, &byte, 1, 3 * PAGE + 1) == 1 && byte == 'x');
        CHECK(munmap(file, 4 * PAGE) == 0);
    }
    return 0;
}
