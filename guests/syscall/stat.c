// stat in all forms, and statx, agree with each other and with what was made.
#include "check.h"

int main(void)
{
    char name[] = "/tmp/tine-stat-XXXXXX";
    int fd = mkstemp(name);
    CHECK(fd >= 0);
    CHECK(write(fd, "0123456789", 10) == 10);
    CHECK(fchmod(fd, 0640) == 0);
    struct timespec times[2] = {{1234567890, 111222333}, {1300000000, 444555666}};
    CHECK(futimens(fd, times) == 0);

    struct stat s, t;
    memset(&s, 0xa5, sizeof s);
    CHECK_RISCV(sizeof s == 128);
    CHECK(fstat(fd, &s) == 0);
    CHECK(s.st_mode == (S_IFREG | 0640));
    CHECK(s.st_size == 10 && s.st_nlink == 1 && s.st_uid == getuid());
    CHECK(s.st_blksize > 0 && s.st_ino != 0);
    CHECK(s.st_atim.tv_sec == 1234567890 && s.st_atim.tv_nsec == 111222333);
    CHECK(s.st_mtim.tv_sec == 1300000000 && s.st_mtim.tv_nsec == 444555666);

    CHECK(stat(name, &t) == 0 && t.st_ino == s.st_ino && t.st_dev == s.st_dev);
    CHECK(link(name, "/tmp/tine-stat-link") == 0 || errno == EEXIST);
    CHECK(stat(name, &t) == 0 && t.st_nlink == 2);
    CHECK(unlink("/tmp/tine-stat-link") == 0);

    struct statx x;
    CHECK(sizeof x == 256);
    CHECK(statx(AT_FDCWD, name, 0, STATX_BASIC_STATS, &x) == 0);
    CHECK((x.stx_mask & STATX_BASIC_STATS) == STATX_BASIC_STATS);
    CHECK(x.stx_mode == s.st_mode && x.stx_size == 10 && x.stx_ino == s.st_ino);
    CHECK(x.stx_mtime.tv_sec == 1300000000 && x.stx_mtime.tv_nsec == 444555666);
    CHECK(makedev(x.stx_dev_major, x.stx_dev_minor) == s.st_dev);

    CHECK(stat("/dev/null", &s) == 0 && S_ISCHR(s.st_mode) && s.st_rdev == makedev(1, 3));
    CHECK(symlink(name, "/tmp/tine-stat-symlink") == 0 || errno == EEXIST);
    CHECK(lstat("/tmp/tine-stat-symlink", &s) == 0 && S_ISLNK(s.st_mode));
    CHECK(unlink("/tmp/tine-stat-symlink") == 0);

    FAILS(stat("/no/such", &s), ENOENT);
    FAILS(stat("/dev/null/x", &s), ENOTDIR);
    FAILS(fstat(-1, &s), EBADF);
    FAILS(syscall(SYS_fstat, fd, NOWHERE), EFAULT);
    FAILS(syscall(SYS_fstat, fd, OUTSIDE), EFAULT);
    FAILS(syscall(SYS_newfstatat, AT_FDCWD, NOWHERE, &s, 0), EFAULT);
    FAILS(syscall(SYS_newfstatat, AT_FDCWD, name, NULL, 0), EFAULT);
    FAILS(syscall(SYS_statx, AT_FDCWD, name, 0, STATX_SIZE, OUTSIDE), EFAULT);

    struct statfs f;
    CHECK(sizeof f == 120);
    CHECK(statfs("/proc", &f) == 0 && f.f_type == 0x9fa0 && f.f_namelen == 255);
    CHECK(fstatfs(fd, &f) == 0 && f.f_bsize > 0 && f.f_blocks > 0);
    CHECK(unlink(name) == 0);
    return 0;
}
