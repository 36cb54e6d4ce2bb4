// What a process sees of another one in /proc: a child, and the child of its parent.
#include "proc.h"

static char wanted[1 << 18];

static void handler(int signal)
{
    (void)signal;
}

static const char *of(pid_t pid, const char *name)
{
    static char path[100];
    snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
    return path;
}

int main(int argc, char **argv)
{
    (void)argc;
    int up[2], down[2], status;
    char link[PATH_MAX], path[PATH_MAX], byte;
    struct stat s, t;
    CHECK(pipe(up) == 0 && pipe(down) == 0 && realpath(argv[0], path) && stat(path, &s) == 0);
    pid_t child = fork();
    if (child == 0) {
        CHECK(close(down[1]) == 0 && close(up[0]) == 0);
        // A layout that the parent does not have.
        char *pages = mmap(NULL, 8 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        CHECK(pages != MAP_FAILED && sbrk(0x5000) != (void *)-1);
        CHECK(mprotect(pages + 4096, 4096, PROT_NONE) == 0 && mprotect(pages + 3 * 4096, 4096, PROT_READ | PROT_EXEC) == 0);
        int fd = open(argv[0], O_RDONLY);
        char *file = mmap(pages + 5 * 4096, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_FIXED, fd, 4096);
        CHECK(file == pages + 5 * 4096 && close(fd) == 0);
        CHECK(mmap(pages + 6 * 4096, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED);
        signal(SIGTERM, handler), signal(SIGPIPE, SIG_IGN);
        CHECK(prctl(PR_SET_NAME, "child") == 0);
        struct rlimit limit = {1 << 21, RLIM_INFINITY};
        CHECK(setrlimit(RLIMIT_STACK, &limit) == 0);
        // Arguments may be written over.
        strcpy(argv[0], "!");
        long len = slurp("/proc/self/maps");
        CHECK(write(up[1], &pages, sizeof pages) == sizeof pages && write(up[1], text, len) == len && close(up[1]) == 0);
        CHECK(read(down[0], &byte, 1) == 1);

        // The other way round.
        pid_t parent = getppid();
        slurp(of(parent, "maps"));
        CHECK(!strcmp(region_of(pages + 4096).name, "none") || strcmp(region_of(pages + 4096).prot, "---p"));
        CHECK(readlink(of(parent, "exe"), link, sizeof link) == (ssize_t)strlen(path));
        slurp(of(parent, "stat"));
        CHECK(field(26) <= (unsigned long)main && (unsigned long)main < field(27));
        slurp(of(parent, "status"));
        CHECK(!(strtoul(value("SigCgt"), NULL, 16) & 1 << (SIGTERM - 1)));
        _exit(0);
    }
    CHECK(close(up[1]) == 0 && close(down[0]) == 0);
    char *pages;
    CHECK(read(up[0], &pages, sizeof pages) == sizeof pages);
    long len = read_all(up[0]);
    memcpy(wanted, text, len + 1);

    // maps, letter by letter.
    CHECK(slurp(of(child, "maps")) == len && !strcmp(text, wanted));
    CHECK(!strcmp(region_of(pages + 4096).prot, "---p") && !strcmp(region_of(pages + 3 * 4096).prot, "r-xp"));
    CHECK(!strcmp(region_of(pages + 5 * 4096).prot, "r-xp") && !strcmp(region_of(pages + 5 * 4096).name, path));
    CHECK(region_of(pages + 5 * 4096).offset == 4096 && !strcmp(region_of(pages + 6 * 4096).prot, "rw-s"));
    snprintf(link, sizeof link, "/proc/%d/task/%d/maps", child, child);
    CHECK(slurp(link) == len && !strcmp(text, wanted));
    int folder = open(of(child, ""), O_RDONLY | O_DIRECTORY);
    CHECK(read_all(openat(folder, "maps", O_RDONLY)) == len && !strcmp(text, wanted));
    slurp(of(child, "smaps"));
    CHECK(strstr(text, "Rss:") && strtoul(text, NULL, 16) == strtoul(wanted, NULL, 16));
    slurp(of(child, "smaps_rollup"));
    CHECK(strstr(text, "[rollup]\n"));

    // exe.
    CHECK(readlink(of(child, "exe"), link, sizeof link) == (ssize_t)strlen(path) && !memcmp(link, path, strlen(path)));
    CHECK(stat(of(child, "exe"), &t) == 0 && t.st_ino == s.st_ino && t.st_dev == s.st_dev);
    CHECK(readlinkat(folder, "exe", link, sizeof link) == (ssize_t)strlen(path));

    // Its strings, its vector, its numbers.
    len = slurp(of(child, "cmdline"));
    CHECK(len > 1 && !strcmp(text, "!"));
    slurp(of(child, "environ"));
    CHECK(environ[0] == NULL || !strcmp(text, environ[0]));
    slurp(of(child, "auxv"));
    for (unsigned long *entry = (void *)text; entry[0] != AT_NULL; entry += 2)
        CHECK_RISCV(getauxval(entry[0]) == entry[1]);
    // It has told us all, but may not have gone to sleep yet.
    do
        slurp(of(child, "stat"));
    while (strstr(text, "(child) R "));
    CHECK(strtol(text, NULL, 10) == child && strstr(text, "(child) S ") && field(20) == 1);
    CHECK(field(26) <= (unsigned long)main && (unsigned long)main < field(27) && field(48) == (unsigned long)argv[0]);
    unsigned long vsize = field(23);
    slurp(of(child, "statm"));
    CHECK(strtoul(text, NULL, 10) == vsize / 4096);
    slurp(of(child, "status"));
    CHECK(strtol(value("Pid"), NULL, 10) == child && strtol(value("PPid"), NULL, 10) == getpid());
    CHECK(!strncmp(value("Name"), "child\n", 6) && strtoul(value("VmSize"), NULL, 10) == vsize / 1024);
    CHECK(strtoul(value("SigCgt"), NULL, 16) == 1 << (SIGTERM - 1));
    CHECK(strtoul(value("SigIgn"), NULL, 16) & 1 << (SIGPIPE - 1));
    slurp(of(child, "limits"));
    CHECK(!strncmp(value("Max stack size"), "2097152              unlimited ", 31));
    int memory = open(of(child, "mem"), O_RDONLY);
    CHECK(memory >= 0 && pread(memory, text, 2, (long)argv[0]) == 2 && !strcmp(text, "!") && close(memory) == 0);

    // Its descriptors: those that it has from here, and the ends of the pipes that are closed here.
    DIR *dir = opendir(of(child, "fd"));
    CHECK(dir != NULL);
    int seen = 0;
    for (struct dirent *entry; (entry = readdir(dir));) {
        int number = atoi(entry->d_name);
        seen |= (number == down[0]) << 0 | (number == 2) << 1;
        CHECK(entry->d_name[0] == '.' || number == down[0] || fcntl(number, F_GETFD) >= 0);
    }
    CHECK(seen == 3 && closedir(dir) == 0);
    snprintf(link, sizeof link, "/proc/%d/fd/%d", child, down[0]);
    CHECK(readlink(link, link, sizeof link) > 6 && !memcmp(link, "pipe:[", 6));
    for (int n = sysconf(_SC_OPEN_MAX) - 64; n < sysconf(_SC_OPEN_MAX); n++) {
        snprintf(link, sizeof link, "/proc/%d/fd/%d", child, n);
        FAILS(lstat(link, &t), ENOENT);
    }

    // What is open shows the end of it, too: it is still there to be waited for.
    siginfo_t end;
    int open_status = open(of(child, "status"), O_RDONLY), open_maps = open(of(child, "maps"), O_RDONLY);
    CHECK(read(open_status, text, 10) == 10 && read(open_maps, text, 10) == 10);
    CHECK(write(down[1], "x", 1) == 1 && waitid(P_PID, child, &end, WEXITED | WNOWAIT) == 0);
    CHECK(lseek(open_status, 0, SEEK_SET) == 0 && lseek(open_maps, 0, SEEK_SET) == 0);
    read_all(open_status);
    CHECK(!strncmp(value("State"), "Z (zombie)\n", 11) && strtol(value("Pid"), NULL, 10) == child);
    CHECK(read_all(open_maps) == 0);
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    FAILS(openat(folder, "maps", O_RDONLY), ESRCH);
    FAILS(open(of(child, "maps"), O_RDONLY), ENOENT);

    // A process of the host's is shown as it is.
    CHECK(slurp("/proc/1/stat") > 0 && strtol(text, NULL, 10) == 1);
    return 0;
}
