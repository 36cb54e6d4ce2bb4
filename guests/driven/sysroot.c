// Lookups in a sysroot, which emu/tests/sysroot.rs makes and gives to -L: argv[1] is its folder, argv[2] a folder of the host's that it does
// not have.
#include "../syscall/check.h"
#include <sched.h>
#include <sys/inotify.h>
#include <sys/mount.h>
#include <sys/xattr.h>

static char buffer[PATH_MAX];

static const char *contents(const char *path, int flags)
{
    int fd = open(path, flags);
    CHECK(fd >= 0);
    ssize_t len = read(fd, buffer, sizeof buffer - 1);
    CHECK(len >= 0 && close(fd) == 0);
    buffer[len] = 0;
    return buffer;
}

static const char *within(const char *dir, const char *name)
{
    static char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return path;
}

// Makes `at`, where `what` is mounted, the root; ends where that is not allowed.
static void pivot(const char *what, const char *at)
{
    if (unshare(CLONE_NEWNS) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) {
        CHECK(errno == EPERM);
        _exit(0);
    }
    CHECK(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
    CHECK(mount(what, at, NULL, MS_BIND | MS_REC, NULL) == 0 && chdir(at) == 0);
    CHECK(syscall(SYS_pivot_root, ".", ".") == 0 && umount2(".", MNT_DETACH) == 0 && chdir("/") == 0);
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    const char *root = argv[1], *host = argv[2];
    struct stat s, t;

    // A file that only the sysroot has, by several names.
    CHECK(!strcmp(contents("/only/here", O_RDONLY), "sysroot"));
    CHECK(!strcmp(contents("//only/../only/./here", O_RDONLY), "sysroot"));
    CHECK(!strcmp(contents("/absolute/here", O_RDONLY), "sysroot"));
    CHECK(!strcmp(contents("/relative/here", O_RDONLY | O_CLOEXEC), "sysroot"));
    CHECK(!strcmp(contents("/link", O_RDONLY), "sysroot"));
    CHECK(!strcmp(contents(within(root, "link"), O_RDONLY), "sysroot"));
    FAILS(open("/link", O_RDONLY | O_NOFOLLOW), ELOOP);
    FAILS(open("/only/here", O_RDONLY | O_DIRECTORY), ENOTDIR);
    FAILS(open("/only/none", O_RDONLY), ENOENT);
    // A file that both have.
    CHECK(!strcmp(contents("/etc/passwd", O_RDONLY), "sysroot"));
    // A file that only the host has.
    CHECK(!strcmp(contents(within(host, "file"), O_RDONLY), "host"));
    // Flags that open(2) ignores.
    int fd = open("/only", O_PATH | O_APPEND);
    CHECK(fd >= 0 && fstat(fd, &s) == 0 && S_ISDIR(s.st_mode));
    // What is relative is the host's, or the folder's.
    CHECK(!strcmp(contents(within(root, "only/here"), O_RDONLY), "sysroot"));
    int here = openat(fd, "here", O_RDONLY);
    CHECK(here >= 0 && fstat(here, &s) == 0);

    // The calls that do not open.
    CHECK(stat("/only/here", &t) == 0 && t.st_ino == s.st_ino && t.st_dev == s.st_dev);
    CHECK(stat("/link", &t) == 0 && t.st_ino == s.st_ino);
    CHECK(lstat("/link", &t) == 0 && S_ISLNK(t.st_mode));
    struct statx x;
    CHECK(statx(AT_FDCWD, "/link", 0, STATX_INO, &x) == 0 && x.stx_ino == s.st_ino);
    CHECK(statx(AT_FDCWD, "/link", AT_SYMLINK_NOFOLLOW, STATX_INO, &x) == 0 && x.stx_ino == t.st_ino);
    CHECK(access("/only/here", R_OK) == 0 && faccessat(AT_FDCWD, "/link", R_OK, AT_EACCESS) == 0);
    FAILS(access("/only/none", F_OK), ENOENT);
    CHECK(readlink("/link", buffer, sizeof buffer) == 10 && !memcmp(buffer, "/only/here", 10));
    FAILS(readlink("/only/here", buffer, sizeof buffer), EINVAL);
    struct statfs f;
    CHECK(statfs("/only/here", &f) == 0);
    CHECK(listxattr("/only/here", buffer, sizeof buffer) >= 0 || errno == ENOTSUP);
    int notify = inotify_init1(0);
    CHECK(inotify_add_watch(notify, "/only", IN_OPEN) >= 0);
    struct timespec times[2] = {{1000, 0}, {2000, 0}};
    CHECK(utimensat(AT_FDCWD, "/only/here", times, 0) == 0 && fstat(here, &s) == 0 && s.st_mtime == 2000);
    CHECK(futimens(here, NULL) == 0);
    CHECK(chmod("/only/here", 0640) == 0 && fstat(here, &s) == 0 && (s.st_mode & 0777) == 0640);
    CHECK(chmod("/only/here", 0644) == 0);
    // Writing to what is there; making what is not.
    CHECK(!strcmp(contents("/written", O_RDONLY), "before"));
    fd = open("/written", O_WRONLY | O_CREAT | O_TRUNC, 0600);
    CHECK(fd >= 0 && write(fd, "after", 5) == 5 && close(fd) == 0);
    CHECK(!strcmp(contents(within(root, "written"), O_RDONLY), "after"));
    CHECK(truncate("/written", 2) == 0 && !strcmp(contents("/written", O_RDONLY), "af"));
    FAILS(open("/written", O_WRONLY | O_CREAT | O_EXCL, 0600), EEXIST);
    fd = open(within(host, "made"), O_WRONLY | O_CREAT | O_EXCL, 0600);
    CHECK(fd >= 0 && close(fd) == 0 && unlink(within(host, "made")) == 0);
    FAILS(mkdir("/only/none/x", 0700), ENOENT);

    // openat2: unless the path is judged.
    struct { uint64_t flags, mode, resolve; } how = {O_RDONLY, 0, 0};
    long opened = syscall(SYS_openat2, AT_FDCWD, "/link", &how, sizeof how);
    CHECK(opened >= 0 && fstat(opened, &t) == 0 && t.st_ino == s.st_ino);
    how.resolve = 8; // RESOLVE_BENEATH
    FAILS(syscall(SYS_openat2, AT_FDCWD, "/only/here", &how, sizeof how), EXDEV);
    how.resolve = 0, how.mode = 0644;
    FAILS(syscall(SYS_openat2, AT_FDCWD, "/only/here", &how, sizeof how), EINVAL);
    how.mode = 0;
    FAILS(syscall(SYS_openat2, AT_FDCWD, NOWHERE, &how, sizeof how), EFAULT);
    FAILS(syscall(SYS_openat2, AT_FDCWD, "/only/here", NOWHERE, sizeof how), EFAULT);
    FAILS(open(NOWHERE, O_RDONLY), EFAULT);
    FAILS(stat(NOWHERE, &t), EFAULT);

    // What a running system mounts is the host's, and so is the root.
    CHECK(stat("/dev/null", &t) == 0 && S_ISCHR(t.st_mode));
    CHECK(access("/proc/self/status", R_OK) == 0);
    FAILS(open("/tmp/tine-sysroot-file", O_RDONLY), ENOENT);
    CHECK(stat("/", &t) == 0 && stat("/dev/..", &s) == 0 && t.st_ino == s.st_ino && t.st_dev == s.st_dev);

    // The current folder has the host's name.
    CHECK(chdir("/only") == 0 && getcwd(buffer, sizeof buffer) && !strcmp(buffer, within(root, "only")));
    CHECK(!strcmp(contents("here", O_RDONLY), "sysroot"));

    // No descriptor is left: lookups work all the same.
    struct rlimit limit = {notify + 1, 20000};
    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    while (dup(0) >= 0)
        ;
    CHECK(stat("/only/here", &t) == 0 && access("/written", W_OK) == 0);
    FAILS(open("/only/here", O_RDONLY), EMFILE);
    CHECK(close(notify) == 0);

    // A child has it too; after chroot it is out of reach.
    pid_t child = fork();
    if (child == 0) {
        CHECK(close(here) == 0);
        CHECK(stat("/only/here", &t) == 0);
        if (chroot(host) == 0) {
            FAILS(stat("/only/here", &t), ENOENT);
            CHECK(!strcmp(contents("/file", O_RDONLY), "host"));
        } else {
            CHECK(errno == EPERM);
        }
        _exit(0);
    }
    int status;
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    CHECK(stat("/only/here", &t) == 0);

    // So it is after pivot_root, unless all is mounted in the new root as it was in the old one.
    CHECK(close(here) == 0);
    for (int whole = 0; whole < 2; whole++) {
        child = fork();
        if (child == 0) {
            pivot(whole ? "/" : host, host);
            CHECK((stat("/only/here", &t) == 0) == whole);
            CHECK(whole || !strcmp(contents("/file", O_RDONLY), "host"));
            _exit(0);
        }
        CHECK(waitpid(child, &status, 0) == child && status == 0);
    }
    return 0;
}
