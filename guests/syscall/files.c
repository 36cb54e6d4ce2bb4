// Files: open's flags, offsets, scatter lists, locks, directories, links.
#include "check.h"
#include <dirent.h>

struct entry {
    uint64_t ino;
    int64_t off;
    uint16_t len;
    uint8_t type;
    char name[];
};

int main(void)
{
    char dir[] = "/tmp/tine-files-XXXXXX", buffer[4096];
    CHECK(mkdtemp(dir) != NULL);
    CHECK(chdir(dir) == 0);
    CHECK(getcwd(buffer, sizeof buffer) == buffer && strcmp(buffer, dir) == 0);
    CHECK(syscall(SYS_getcwd, buffer, sizeof buffer) == (long)strlen(dir) + 1);
    FAILS(syscall(SYS_getcwd, buffer, 3), ERANGE);

    // The flags that other architectures number differently.
    CHECK(O_DIRECTORY == 0200000 && O_NOFOLLOW == 0400000 && O_DIRECT == 040000);
    FAILS(open("file", O_RDONLY | O_DIRECTORY), ENOENT);
    int fd = open("file", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    CHECK(fd >= 0);
    FAILS(open("file", O_RDWR | O_CREAT | O_EXCL, 0644), EEXIST);
    FAILS(open("file", O_RDONLY | O_DIRECTORY), ENOTDIR);
    FAILS(open(dir, O_WRONLY), EISDIR);
    CHECK(symlink("file", "link") == 0);
    FAILS(open("link", O_RDONLY | O_NOFOLLOW), ELOOP);
    CHECK(fcntl(fd, F_GETFD) == FD_CLOEXEC);
    CHECK((fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND | O_NONBLOCK)) == O_RDWR);
    CHECK(fcntl(fd, F_SETFL, O_APPEND | O_NONBLOCK) == 0);
    CHECK((fcntl(fd, F_GETFL) & (O_APPEND | O_NONBLOCK)) == (O_APPEND | O_NONBLOCK));
    CHECK(fcntl(fd, F_SETFL, 0) == 0);

    // Reading and writing.
    struct iovec parts[3] = {{"abc", 3}, {"", 0}, {"defgh", 5}};
    CHECK(writev(fd, parts, 3) == 8);
    CHECK(lseek(fd, 0, SEEK_CUR) == 8 && lseek(fd, -3, SEEK_END) == 5);
    CHECK(read(fd, buffer, 100) == 3 && memcmp(buffer, "fgh", 3) == 0);
    CHECK(pread(fd, buffer, 4, 2) == 4 && memcmp(buffer, "cdef", 4) == 0);
    CHECK(pwrite(fd, "XY", 2, 1) == 2 && lseek(fd, 0, SEEK_CUR) == 8);
    char one[2], two[20];
    struct iovec in[2] = {{one, 2}, {two, 20}};
    CHECK(preadv(fd, in, 2, 0) == 8 && one[1] == 'X' && memcmp(two, "Ydefgh", 6) == 0);
    FAILS(lseek(fd, 0, 99), EINVAL);
    FAILS(lseek(fd, -1, SEEK_SET), EINVAL);
    CHECK(lseek(fd, 0, SEEK_SET) == 0);
    FAILS(syscall(SYS_read, fd, NOWHERE, 4), EFAULT);
    FAILS(syscall(SYS_read, fd, OUTSIDE, 4), EFAULT);
    FAILS(syscall(SYS_write, fd, NOWHERE, 4), EFAULT);
    FAILS(syscall(SYS_read, 99, NOWHERE, 4), EBADF);
    FAILS(syscall(SYS_read, -1, buffer, 4), EBADF);
    FAILS(syscall(SYS_readv, fd, NOWHERE, 2), EFAULT);
    FAILS(syscall(SYS_readv, 99, NOWHERE, 2), EBADF);
    FAILS(syscall(SYS_readv, fd, in, 1025), EINVAL);
    FAILS(syscall(SYS_openat, AT_FDCWD, NOWHERE, O_RDONLY), EFAULT);
    FAILS(syscall(SYS_openat, AT_FDCWD, OUTSIDE, O_RDONLY), EFAULT);
    FAILS(open("", O_RDONLY), ENOENT);

    // A string that ends where its mapping ends.
    char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(page != MAP_FAILED && munmap(page + 4096, 4096) == 0);
    strcpy(page + 4096 - 5, "file");
    CHECK(access(page + 4096 - 5, R_OK | W_OK) == 0);
    page[4095] = 'x';
    FAILS(access(page + 4096 - 5, R_OK), EFAULT);

    // Size, holes, copies.
    CHECK(ftruncate(fd, 100) == 0 && lseek(fd, 0, SEEK_END) == 100);
    CHECK(posix_fallocate(fd, 0, 200) == 0 && lseek(fd, 0, SEEK_END) == 200);
    FAILS(ftruncate(fd, -1), EINVAL);
    int copy = open("copy", O_RDWR | O_CREAT, 0600);
    off_t at = 1;
    CHECK(sendfile(copy, fd, &at, 4) == 4 && at == 5);
    CHECK(pread(copy, buffer, 10, 0) == 4 && memcmp(buffer, "XYde", 4) == 0);
    loff_t from = 0, to = 10;
    CHECK(copy_file_range(fd, &from, copy, &to, 3, 0) == 3 && from == 3 && to == 13);
    CHECK(fsync(copy) == 0 && fdatasync(copy) == 0);

    // Locks: a record lock belongs to the process, so another one sees it.
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 10, .l_len = 5};
    CHECK(fcntl(fd, F_SETLK, &lock) == 0);
    pid_t child = fork();
    if (child == 0) {
        struct flock other = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 100};
        CHECK(fcntl(fd, F_GETLK, &other) == 0);
        CHECK(other.l_type == F_WRLCK && other.l_start == 10 && other.l_len == 5 && other.l_pid == getppid());
        other = (struct flock){.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = 12, .l_len = 1};
        CHECK(fcntl(fd, F_SETLK, &other) == -1 && (errno == EAGAIN || errno == EACCES));
        _exit(0);
    }
    int status;
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    FAILS(fcntl(fd, F_GETLK, NOWHERE), EFAULT);
    CHECK(flock(fd, LOCK_EX | LOCK_NB) == 0);
    int again = open("file", O_RDWR);
    FAILS(flock(again, LOCK_EX | LOCK_NB), EWOULDBLOCK);

    // Descriptors.
    CHECK(dup(fd) > fd && dup3(fd, 50, O_CLOEXEC) == 50 && fcntl(50, F_GETFD) == FD_CLOEXEC);
    FAILS(dup3(fd, fd, 0), EINVAL);
    CHECK(fcntl(fd, F_DUPFD, 60) == 60 && fcntl(fd, F_DUPFD_CLOEXEC, 60) == 61);
    CHECK(syscall(SYS_close_range, 50, ~0u, 0) == 0);
    FAILS(close(50), EBADF);
    FAILS(close(60), EBADF);
    CHECK(fcntl(fd, F_GETFD) == FD_CLOEXEC);
    FAILS(fcntl(fd, 9999), EINVAL);

    // Names.
    CHECK(mkdir("sub", 0777) == 0);
    FAILS(mkdir("sub", 0777), EEXIST);
    CHECK(rename("copy", "sub/moved") == 0);
    FAILS(rmdir("sub"), ENOTEMPTY);
    CHECK(syscall(SYS_renameat2, AT_FDCWD, "file", AT_FDCWD, "sub/moved", 1) == -1 && errno == EEXIST);
    CHECK(readlink("link", buffer, sizeof buffer) == 4 && memcmp(buffer, "file", 4) == 0);
    CHECK(readlink("link", buffer, 2) == 2);
    FAILS(readlink("file", buffer, 10), EINVAL);
    CHECK(faccessat(AT_FDCWD, "file", W_OK, AT_EACCESS) == 0);
    umask(027);
    CHECK(close(open("masked", O_CREAT | O_WRONLY, 0666)) == 0);
    struct stat s;
    CHECK(stat("masked", &s) == 0 && (s.st_mode & 0777) == 0640);
    CHECK(umask(022) == 027);

    // The directory.
    int folder = open(".", O_RDONLY | O_DIRECTORY);
    int seen = 0;
    for (long got; (got = syscall(SYS_getdents64, folder, buffer, sizeof buffer)) > 0;)
        for (long i = 0; i < got;) {
            struct entry *e = (void *)(buffer + i);
            CHECK(e->len >= 24 && e->len % 8 == 0);
            seen |= !strcmp(e->name, "file") << 0 | !strcmp(e->name, "sub") << 1 | !strcmp(e->name, "..") << 2;
            CHECK(strcmp(e->name, "sub") || e->type == DT_DIR);
            i += e->len;
        }
    CHECK(seen == 7);
    FAILS(syscall(SYS_getdents64, fd, buffer, 100), ENOTDIR);
    CHECK(lseek(folder, 0, SEEK_SET) == 0);
    FAILS(syscall(SYS_getdents64, folder, NOWHERE, 100), EFAULT);

    CHECK(unlink("sub/moved") == 0 && rmdir("sub") == 0 && unlink("file") == 0 && unlink("link") == 0);
    CHECK(unlink("masked") == 0 && chdir("/") == 0 && rmdir(dir) == 0);
    return 0;
}
