// madvise(2), mseal(2), mincore(2) and mprotect(2) where they are more than a hint.
#include "check.h"

#define PAGE 4096ul
#define RW (PROT_READ | PROT_WRITE)
#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#define MADV_POPULATE_WRITE 23
#endif

static char *map(size_t pages)
{
    char *p = mmap(NULL, pages * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(p != MAP_FAILED);
    return p;
}

static int status_with(void (*child)(char *), char *p)
{
    pid_t pid = fork();
    if (pid == 0) {
        child(p);
        _exit(0);
    }
    int status;
    CHECK(waitpid(pid, &status, 0) == pid);
    return status;
}

static void touch(char *p)
{
    *(volatile char *)p = 1;
}

static void is_zero(char *p)
{
    _exit(*(volatile char *)p != 0);
}

static void maps_again(char *p)
{
    char *new = mmap(p, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    _exit(new != p || new[0] != 0);
}

int main(void)
{
    char *p = map(4);
    FAILS(madvise(p, PAGE, 99), EINVAL);
    FAILS(madvise(p, 0, 99), EINVAL);
    FAILS(madvise(p + 1, PAGE, MADV_NORMAL), EINVAL);
    CHECK(madvise(p, 0, MADV_DONTNEED) == 0);
    FAILS(madvise(p, -PAGE, MADV_NORMAL), EINVAL);

    // Contents go, also beside a hole, which is reported all the same.
    memset(p, 'a', 4 * PAGE);
    CHECK(munmap(p + PAGE, PAGE) == 0);
    FAILS(madvise(p, 4 * PAGE, MADV_DONTNEED), ENOMEM);
    CHECK(p[0] == 0 && p[3 * PAGE] == 0);
    CHECK(madvise(p, PAGE, MADV_POPULATE_WRITE) == 0);
    unsigned char in_core = 0;
    CHECK(mincore(p, PAGE, &in_core) == 0 && in_core == 1);
    CHECK(mprotect(p, PAGE, PROT_NONE) == 0);
    FAILS(madvise(p, PAGE, MADV_POPULATE_READ), EINVAL);
    FAILS(mincore(p, -PAGE, &in_core), ENOMEM);

    // What a child gets.
    p = map(2);
    memset(p, 'c', 2 * PAGE);
    CHECK(madvise(p, PAGE, MADV_WIPEONFORK) == 0);
    CHECK(status_with(is_zero, p) == 0 && p[0] == 'c');
    CHECK(madvise(p, PAGE, MADV_KEEPONFORK) == 0);
    CHECK(WEXITSTATUS(status_with(is_zero, p)) == 1);
    CHECK(madvise(p, PAGE, MADV_DONTFORK) == 0);
    int status = status_with(touch, p);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
    CHECK(status_with(touch, p + PAGE) == 0);
    CHECK(status_with(maps_again, p) == 0 && p[0] == 'c');
    CHECK(madvise(p, PAGE, MADV_DOFORK) == 0 && status_with(touch, p) == 0);

    // A file's pages.
    int fd = memfd_create("madvise", 0);
    CHECK(fd >= 0 && ftruncate(fd, 2 * PAGE) == 0);
    char *file = mmap(NULL, 3 * PAGE, RW, MAP_SHARED, fd, 0);
    CHECK(file != MAP_FAILED);
    file[0] = 'f';
    CHECK(madvise(file, PAGE, MADV_REMOVE) == 0 && file[0] == 0);
    status = status_with(touch, file + 2 * PAGE);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS);

    // mprotect(2): the order of its checks, and the part before a hole.
    p = map(3);
    CHECK(munmap(p + 2 * PAGE, PAGE) == 0);
    FAILS(mprotect(p, 3 * PAGE, PROT_READ), ENOMEM);
    status = status_with(touch, p);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
    CHECK(mprotect(p + 1, 0, PROT_READ) == -1 && errno == EINVAL);
    CHECK(mprotect(p, 0, PROT_READ) == 0);
    FAILS(mprotect(p, PAGE, 0x80), EINVAL);
    FAILS(mprotect(p, PAGE, PROT_READ | PROT_GROWSDOWN | PROT_GROWSUP), EINVAL);
    FAILS(mprotect(p, PAGE, PROT_READ | PROT_GROWSDOWN), EINVAL);
    FAILS(mprotect(p, -PAGE, PROT_READ), ENOMEM);
    int here;
    char *stack = (char *)((uintptr_t)&here & -PAGE);
    CHECK(mprotect(stack, PAGE, RW | PROT_GROWSDOWN) == 0);

    // mmap(2): what is checked before what.
    FAILS((long)mmap(NULL, 0, RW, MAP_PRIVATE, -1, 0), EBADF);
    FAILS((long)mmap(NULL, 0, RW, MAP_PRIVATE, fd, 0), EINVAL);
    FAILS((long)mmap(NULL, PAGE, RW, MAP_SHARED_VALIDATE | MAP_ANONYMOUS, -1, 0), EINVAL);
    FAILS((long)mmap(NULL, PAGE, RW, MAP_SHARED_VALIDATE | 1 << 23, fd, 0), EOPNOTSUPP);
    FAILS((long)mmap(NULL, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_GROWSDOWN, -1, 0), EINVAL);

    // mseal(2), where there is one.
    p = map(3);
    if (syscall(462, p, 2 * PAGE, 0) == -1 && errno == ENOSYS) {
        CHECK_RISCV(!"mseal");
        return 0;
    }
    FAILS(syscall(462, p, PAGE, 1), EINVAL);
    FAILS(syscall(462, p + 1, PAGE, 0), EINVAL);
    FAILS(munmap(p, PAGE), EPERM);
    FAILS(munmap(p + PAGE, 2 * PAGE), EPERM);
    FAILS(mprotect(p, PAGE, PROT_READ), EPERM);
    FAILS((long)mremap(p, PAGE, 2 * PAGE, MREMAP_MAYMOVE), EPERM);
    FAILS((long)mmap(p, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0), EPERM);
    p[0] = 's';
    CHECK(madvise(p, PAGE, MADV_DONTNEED) == 0 && p[0] == 0);
    CHECK(munmap(p + 2 * PAGE, PAGE) == 0);
    char *constant = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(syscall(462, constant, PAGE, 0) == 0);
    FAILS(madvise(constant, PAGE, MADV_DONTNEED), EPERM);
    FAILS(syscall(462, p, 4 * PAGE, 0), ENOMEM);
    return 0;
}
