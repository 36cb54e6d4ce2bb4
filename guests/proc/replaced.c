/* A program whose file is replaced by another one, as a package manager does it, while it runs: /proc shows, to itself and to others, that
 * its file has no name any more, and who may leads to that file. */

#include "../syscall/check.h"

static char copy[64];

static void copy_to(const char *name)
{
    int self = open("/proc/self/exe", O_RDONLY), file = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0755);
    char part[4096];
    ssize_t len;
    CHECK(self >= 0 && file >= 0);
    while ((len = read(self, part, sizeof part)) > 0)
        CHECK(write(file, part, len) == len);
    CHECK(close(file) == 0 && close(self) == 0);
}

static void look_at(pid_t pid, int is_there)
{
    char place[64], link[128] = "", expected[128];
    snprintf(place, sizeof place, "/proc/%d/exe", pid);
    CHECK(readlink(place, link, sizeof link - 1) > 0);
    snprintf(expected, sizeof expected, "%s%s", copy, is_there ? "" : " (deleted)");
    CHECK(strcmp(link, expected) == 0);
    struct stat is;
    if (is_there || geteuid() == 0)
        CHECK(stat(place, &is) == 0 && is.st_size > 4096);
}

int main(int argc, char **argv)
{
    (void)argc;
    if (strcmp(argv[0], "child") == 0) {
        char go;
        snprintf(copy, sizeof copy, "%s", argv[1]);
        look_at(getpid(), 1);
        CHECK(write(4, "", 1) == 1 && read(3, &go, 1) == 1);
        look_at(getpid(), 0);
        CHECK(write(4, "", 1) == 1 && read(3, &go, 1) == 0);
        return 0;
    }
    int down[2], up[2], status;
    char ready;
    CHECK(pipe(down) == 0 && pipe(up) == 0);
    snprintf(copy, sizeof copy, "/tmp/tine-replaced-%d", getpid());
    copy_to(copy);
    pid_t child = fork();
    if (child == 0) {
        int in = fcntl(down[0], F_DUPFD, 5), out = fcntl(up[1], F_DUPFD, 5);
        CHECK(dup2(in, 3) == 3 && dup2(out, 4) == 4);
        syscall(SYS_close_range, 5, ~0u, 0);
        execl(copy, "child", copy, NULL);
        _exit(9);
    }
    close(down[0]);
    close(up[1]);
    CHECK(read(up[0], &ready, 1) == 1);
    look_at(child, 1);
    char other[80];
    snprintf(other, sizeof other, "%s.new", copy);
    int file = open(other, O_WRONLY | O_CREAT, 0755);
    CHECK(file >= 0 && write(file, "new", 3) == 3 && close(file) == 0 && rename(other, copy) == 0);
    look_at(child, 0);
    CHECK(write(down[1], "", 1) == 1 && read(up[0], &ready, 1) == 1);
    look_at(child, 0);
    close(down[1]);
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    CHECK(unlink(copy) == 0);
    return 0;
}
