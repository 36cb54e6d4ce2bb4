// The address space: mmap and its family, brk.
#include "check.h"

int main(void)
{
    char *p = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(p != MAP_FAILED && p[0] == 0 && p[3 * 4096 - 1] == 0);
    memset(p, 'a', 3 * 4096);
    CHECK(munmap(p + 4096, 4096) == 0);
    unsigned char in_core[3];
    FAILS(mincore(p, 3 * 4096, in_core), ENOMEM);
    CHECK(mincore(p, 4096, in_core) == 0 && in_core[0] == 1);
    FAILS(mincore(p, 4096, NOWHERE), EFAULT);
    FAILS(mprotect(p, 3 * 4096, PROT_READ), ENOMEM);
    CHECK(mprotect(p, 4096, PROT_READ | PROT_WRITE) == 0);
    FAILS(mprotect(p + 1, 4096, PROT_READ), EINVAL);
    FAILS(msync(p, 3 * 4096, MS_SYNC), ENOMEM);
    FAILS(madvise(p, 3 * 4096, MADV_WILLNEED), ENOMEM);
    CHECK(madvise(p + 8192, 4096, MADV_DONTNEED) == 0 && p[8192] == 0);
    FAILS(syscall(SYS_mmap, 0, 0, 3, 0x22, -1, 0), EINVAL);
    FAILS(syscall(SYS_mmap, 0, 4096, 3, 0x20, -1, 0), EINVAL);
    FAILS(syscall(SYS_mmap, 0, 4096, 3, 2, -1, 0), EBADF);
    FAILS(syscall(SYS_mmap, 0, 4096, 3, 2, 0, 1), EINVAL);
    FAILS(munmap(p + 1, 4096), EINVAL);
    FAILS(syscall(SYS_munmap, p, 0), EINVAL);
    FAILS(syscall(SYS_mmap, p, 4096, 3, 0x100022, -1, 0), EEXIST);
    char *fixed = mmap(p + 4096, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    CHECK(fixed == p + 4096 && fixed[0] == 0);

    // A read into memory that may not be written.
    int zero = open("/dev/zero", O_RDONLY);
    FAILS(syscall(SYS_read, zero, fixed, 10), EFAULT);
    CHECK(syscall(SYS_read, zero, p, 10) == 10);

    // Files, private and shared.
    char name[] = "/tmp/tine-memory-XXXXXX";
    int fd = mkstemp(name);
    CHECK(ftruncate(fd, 8192) == 0 && pwrite(fd, "data", 4, 4096) == 4);
    char *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 4096);
    char *private = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 4096);
    CHECK(shared != MAP_FAILED && private != MAP_FAILED && memcmp(private, "data", 4) == 0);
    private[0] = 'X';
    shared[1] = 'Y';
    char buffer[4];
    CHECK(pread(fd, buffer, 4, 4096) == 4 && memcmp(buffer, "dYta", 4) == 0);
    CHECK(msync(shared, 4096, MS_SYNC) == 0);
    FAILS(msync(shared, 4096, MS_SYNC | MS_ASYNC), EINVAL);

    // Shared with a child.
    volatile int *cell = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t pid = fork();
    if (pid == 0) {
        *cell = 77;
        p[0] = 'c';
        _exit(0);
    }
    CHECK(waitpid(pid, NULL, 0) == pid && *cell == 77 && p[0] == 0);

    // Moving.
    char *grown = mremap(p, 4096, 16 * 4096, MREMAP_MAYMOVE);
    CHECK(grown != MAP_FAILED && grown[1] == 0 && grown[16 * 4096 - 1] == 0);
    grown[100] = 'g';
    CHECK(mremap(grown, 16 * 4096, 4096, 0) == grown && grown[100] == 'g');
    FAILS((long)mremap(grown, 4096, 4096, 99), EINVAL);

    // The break.
    char *end = sbrk(0);
    CHECK(sbrk(100000) == end && end[99999] == 0);
    end[99999] = 1;
    CHECK(brk(end) == 0 && sbrk(0) == end);
    CHECK(syscall(SYS_brk, 1) == (long)sbrk(0));

    CHECK(mlock(grown, 4096) == 0 && munlock(grown, 4096) == 0);
    int memfd = memfd_create("name", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    CHECK(memfd >= 0 && write(memfd, "m", 1) == 1);
    CHECK(fcntl(memfd, F_ADD_SEALS, F_SEAL_WRITE) == 0 && fcntl(memfd, F_GET_SEALS) == F_SEAL_WRITE);
    CHECK(unlink(name) == 0);
    return 0;
}
