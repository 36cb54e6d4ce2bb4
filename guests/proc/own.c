// What a process sees of itself in /proc. Run as `own NAME...`: the rest of the arguments only has to come out of cmdline.
#include "proc.h"
#include <linux/magic.h>
#include <sys/vfs.h>

static char global[5000] = "x";
static char before[1 << 18];

static void handler(int signal)
{
    (void)signal;
}

// The contents of `path` are the same as what was kept.
static void same(int fd)
{
    read_all(fd);
    // Between two looks the stack may have grown, and nothing else.
    CHECK(!strncmp(text, before, strlen(before) / 2));
}

int main(int argc, char **argv)
{
    (void)argc;
    char path[PATH_MAX], link[PATH_MAX], cwd[PATH_MAX];
    struct stat s, t;
    unsigned long pid = getpid();

    // maps: code, data, heap, stack, a file, protections.
    char *heap = sbrk(8192);
    char *pages = mmap(NULL, 5 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(heap != (char *)-1 && pages != MAP_FAILED);
    CHECK(mprotect(pages + 4096, 4096, PROT_NONE) == 0 && munmap(pages + 3 * 4096, 4096) == 0);
    CHECK(mprotect(pages + 2 * 4096, 4096, PROT_READ | PROT_EXEC) == 0);
    int fd = open(argv[0], O_RDONLY);
    CHECK(fd >= 0);
    char *file = mmap(NULL, 8192, PROT_READ, MAP_SHARED, fd, 4096);
    CHECK(file != MAP_FAILED && close(fd) == 0 && realpath(argv[0], path));
    slurp("/proc/self/maps");
    CHECK(region_of(main).prot[2] == 'x' && !strcmp(region_of(main).name, path));
    CHECK(!strcmp(region_of(global).prot, "rw-p"));
    CHECK(!strcmp(region_of(heap).name, "[heap]") && !strcmp(region_of(heap).prot, "rw-p"));
    CHECK(!strcmp(region_of(&s).name, "[stack]") && region_of(&s).prot[1] == 'w');
    CHECK(!strcmp(region_of(pages).prot, "rw-p") && !strcmp(region_of(pages + 4096).prot, "---p"));
    CHECK(!strcmp(region_of(pages + 2 * 4096).prot, "r-xp"));
    CHECK(!strcmp(region_of(pages + 3 * 4096).name, "none") && region_of(pages + 4 * 4096).prot[0] == 'r');
    CHECK(!strcmp(region_of(file).prot, "r--s") && !strcmp(region_of(file).name, path));
    CHECK(region_of(file).offset == 4096 && region_of(file).start == (unsigned long)file);
    CHECK(!strcmp(region_of((void *)getauxval(AT_SYSINFO_EHDR)).name, "[vdso]"));
    CHECK(!strcmp(region_of((void *)8).name, "none"));

    // By other names.
    memcpy(before, text, sizeof before);
    same(open("/proc/thread-self/maps", O_RDONLY));
    same(open("//proc//self/maps", O_RDONLY));
    same(open("/proc/self/../self/./maps", O_RDONLY));
    same(open("/proc/self/root/proc/self/maps", O_RDONLY));
    same(open("/dev/../proc/self/maps", O_RDONLY));
    snprintf(link, sizeof link, "/proc/%lu/task/%lu/maps", pid, pid);
    same(open(link, O_RDONLY));
    struct { uint64_t flags, mode, resolve; } how = {O_RDONLY, 0, 0};
    same(syscall(SYS_openat2, AT_FDCWD, "/proc/self/maps", &how, sizeof how));
    int folder = open("/proc/self", O_RDONLY | O_DIRECTORY);
    same(openat(folder, "maps", O_RDONLY));
    same(openat(folder, "task/../maps", O_RDONLY));
    int proc = open("/proc", O_PATH);
    same(openat(proc, "self/maps", O_RDONLY));
    CHECK(getcwd(cwd, sizeof cwd) && chdir("/proc/self/task") == 0);
    same(open("../maps", O_RDONLY));
    CHECK(fchdir(folder) == 0);
    same(open("maps", O_RDONLY));
    CHECK(chdir(cwd) == 0);

    // As an open file.
    int low = dup(0);
    CHECK(close(low) == 0);
    fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    CHECK(fd == low && fcntl(fd, F_GETFD) == FD_CLOEXEC);
    CHECK((fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDONLY);
    FAILS(write(fd, "x", 1), EBADF);
    CHECK(pread(fd, text, 8, 0) == 8 && !memcmp(text, before, 8) && lseek(fd, 0, SEEK_SET) == 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    snprintf(link, sizeof link, "/proc/%lu/maps", pid);
    ssize_t len = readlink(path, text, sizeof text);
    CHECK(len == (ssize_t)strlen(link) && !memcmp(text, link, len));
    same(fd);
    fd = open("/proc/self/maps", O_RDONLY);
    CHECK(fcntl(fd, F_GETFD) == 0 && close(fd) == 0);
    FAILS(open("/proc/self/maps", O_RDONLY | O_DIRECTORY), ENOTDIR);
    FAILS(open("/proc/self/maps/", O_RDONLY), ENOTDIR);
    FAILS(open("/proc/self/none", O_RDONLY), ENOENT);
    CHECK(stat("/proc/self/maps", &s) == 0 && S_ISREG(s.st_mode) && access("/proc/self/maps", R_OK) == 0);

    // exe: a link to the program, which can be asked, opened and followed.
    CHECK(realpath(argv[0], path) && stat(path, &s) == 0);
    len = readlink("/proc/self/exe", link, sizeof link);
    CHECK(len == (ssize_t)strlen(path) && !memcmp(link, path, len));
    CHECK(readlink("/proc/self/exe", link, 3) == 3 && readlinkat(folder, "exe", link, sizeof link) == len);
    FAILS(readlink("/proc/self/exe", link, 0), EINVAL);
    CHECK(stat("/proc/self/exe", &t) == 0 && t.st_ino == s.st_ino && t.st_dev == s.st_dev);
    CHECK(fstatat(folder, "exe", &t, 0) == 0 && t.st_ino == s.st_ino);
    CHECK(lstat("/proc/self/exe", &t) == 0 && S_ISLNK(t.st_mode));
    CHECK(access("/proc/self/exe", X_OK) == 0);
    fd = open("/proc/self/exe", O_RDONLY);
    CHECK(fstat(fd, &t) == 0 && t.st_ino == s.st_ino);
    Elf64_Ehdr header;
    CHECK(read(fd, &header, sizeof header) == sizeof header && close(fd) == 0);
    CHECK_RISCV(header.e_machine == EM_RISCV);
    FAILS(open("/proc/self/exe", O_RDONLY | O_NOFOLLOW), ELOOP);

    // cmdline, environ, auxv.
    len = slurp("/proc/self/cmdline");
    char *at = text;
    for (char **arg = argv; *arg; at += strlen(at) + 1, arg++)
        CHECK(!strcmp(at, *arg));
    CHECK(at == text + len);
    len = slurp("/proc/self/environ");
    at = text;
    for (char **var = environ; *var; at += strlen(at) + 1, var++)
        CHECK(!strcmp(at, *var));
    CHECK(at == text + len);
    len = slurp("/proc/self/auxv");
    int seen = 0;
    for (unsigned long *entry = (void *)text; entry[0] != AT_NULL; entry += 2) {
        CHECK((char *)entry < text + len);
        // A C library corrects what it does not believe of x86-64.
        CHECK_RISCV(getauxval(entry[0]) == entry[1]);
        seen |= (entry[0] == AT_ENTRY) << 0 | (entry[0] == AT_PHDR) << 1 | (entry[0] == AT_RANDOM) << 2;
    }
    CHECK(seen == 7);

    // comm and stat.
    CHECK(prctl(PR_SET_NAME, "a (b) c") == 0);
    CHECK(slurp("/proc/self/comm") == 8 && !strcmp(text, "a (b) c\n"));
    slurp("/proc/self/stat");
    CHECK(strtoul(text, NULL, 10) == pid && strstr(text, " (a (b) c) R "));
    CHECK(field(4) == (unsigned long)getppid() && field(20) == 1);
    CHECK(field(26) <= (unsigned long)main && (unsigned long)main < field(27));
    CHECK(field(28) > (unsigned long)&s && field(28) <= (unsigned long)argv);
    CHECK(field(47) <= (unsigned long)heap && field(48) == (unsigned long)argv[0]);
    CHECK(field(50) == (unsigned long)environ[0] && field(49) <= field(50) && field(50) < field(51));
    unsigned long vsize = field(23);
    slurp("/proc/self/statm");
    unsigned long pages_all, resident, shared;
    CHECK(sscanf(text, "%lu %lu %lu", &pages_all, &resident, &shared) == 3);
    CHECK(pages_all == vsize / 4096 && resident <= pages_all && resident > 0 && shared <= resident);

    // status: sizes, threads, signals.
    signal(SIGUSR1, handler), signal(SIGUSR2, SIG_IGN), signal(SIGSEGV, handler);
    sigset_t set;
    sigemptyset(&set), sigaddset(&set, SIGHUP);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0 && raise(SIGHUP) == 0);
    slurp("/proc/self/status");
    CHECK(!strncmp(value("Name"), "a (b) c\n", 8) && strtoul(value("Tgid"), NULL, 10) == pid);
    CHECK(strtoul(value("Pid"), NULL, 10) == pid && strtoul(value("Threads"), NULL, 10) == 1);
    CHECK(strtoul(value("VmSize"), NULL, 10) == vsize / 1024);
    CHECK(strtoul(value("VmRSS"), NULL, 10) <= vsize / 1024);
    CHECK(strtoul(value("SigCgt"), NULL, 16) == (1 << (SIGUSR1 - 1) | 1 << (SIGSEGV - 1)));
    CHECK(strtoul(value("SigIgn"), NULL, 16) & 1 << (SIGUSR2 - 1));
    CHECK(strtoul(value("SigBlk"), NULL, 16) == 1 << (SIGHUP - 1));
    CHECK((strtoul(value("SigPnd"), NULL, 16) | strtoul(value("ShdPnd"), NULL, 16)) == 1 << (SIGHUP - 1));
    CHECK_RISCV(!strstr(text, "x86"));
    slurp("/proc/self/stat");
    CHECK(field(34) == (1 << (SIGUSR1 - 1) | 1 << (SIGSEGV - 1)) && field(32) == 1 << (SIGHUP - 1));

    // limits, also those that are not the emulator's.
    struct rlimit limit = {1 << 20, 1 << 24};
    CHECK(setrlimit(RLIMIT_STACK, &limit) == 0);
    slurp("/proc/self/limits");
    CHECK(!strncmp(value("Max stack size"), "1048576              16777216             bytes     \n", 53));
    CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0 && strtoul(value("Max open files"), NULL, 10) == limit.rlim_cur);

    // smaps has the same regions, and rollup their sum.
    slurp("/proc/self/smaps");
    unsigned long rss = 0, sizes = 0;
    for (char *line = text; *line; line = strchr(line, '\n') + 1) {
        unsigned long number;
        rss += sscanf(line, "Rss: %lu kB", &number) == 1 ? number : 0;
        sizes += sscanf(line, "Size: %lu kB", &number) == 1 ? number : 0;
    }
    CHECK(rss > 0 && rss <= sizes && sizes >= vsize / 1024 - 64 && sizes <= vsize / 1024 + 64);
    snprintf(path, sizeof path, "\n%08lx-%08lx ---p", (unsigned long)pages + 4096, (unsigned long)pages + 2 * 4096);
    CHECK(strstr(text, path));
    slurp("/proc/self/smaps_rollup");
    CHECK(strstr(text, "[rollup]\n") && strtoul(value("Rss"), NULL, 10) > 0);

    // fd and task: only what is ours.
    DIR *dir = opendir("/proc/self/fd");
    CHECK(dir != NULL);
    int count = 0;
    for (struct dirent *entry; (entry = readdir(dir)); count++)
        if (entry->d_name[0] != '.') {
            CHECK(fcntl(atoi(entry->d_name), F_GETFD) >= 0);
            CHECK(fstatat(dirfd(dir), entry->d_name, &s, AT_SYMLINK_NOFOLLOW) == 0);
        }
    CHECK(count >= 5 && closedir(dir) == 0);
    int top = sysconf(_SC_OPEN_MAX);
    for (int n = top - 64; n < top; n++) {
        snprintf(path, sizeof path, "/proc/self/fd/%d", n);
        FAILS(lstat(path, &s), ENOENT);
        FAILS(readlink(path, link, sizeof link), ENOENT);
        FAILS(open(path, O_RDONLY), ENOENT);
        snprintf(path, sizeof path, "/dev/fd/%d", n);
        FAILS(open(path, O_RDONLY), ENOENT);
        snprintf(path, sizeof path, "fdinfo/%d", n);
        FAILS(faccessat(folder, path, F_OK, 0), ENOENT);
    }
    dir = opendir("/proc/self/task");
    CHECK(dir != NULL);
    for (struct dirent *entry; (entry = readdir(dir));)
        CHECK(entry->d_name[0] == '.' || strtoul(entry->d_name, NULL, 10) == pid);
    CHECK(closedir(dir) == 0);

    // mem: addresses are ours, whatever the protection.
    fd = open("/proc/self/mem", O_RDWR);
    CHECK(fd >= 0 && fstat(fd, &s) == 0);
    CHECK(lseek(fd, (long)global, SEEK_SET) == (long)global && read(fd, text, 2) == 2 && !strcmp(text, "x"));
    CHECK(lseek(fd, 0, SEEK_CUR) == (long)global + 2 && write(fd, "yz", 2) == 2 && !memcmp(global + 2, "yz", 2));
    CHECK(pread(fd, text, 2, (long)global + 2) == 2 && !memcmp(text, "yz", 2));
    CHECK(pwrite(fd, "!", 1, (long)pages + 2 * 4096) == 1 && pages[2 * 4096] == '!');
    FAILS(pread(fd, text, 1, 8), EIO);
    FAILS(lseek(fd, 0, SEEK_END), EINVAL);
    // Nothing of the emulator's: not below, not above, not by another way.
    FAILS(pread(fd, text, 1, 0x200001000), EIO);
    CHECK_RISCV(pread(fd, text, 1, 0x7f0000000000) == -1 && errno == EIO);
    // Copies show the same, until their number is another file's.
    int null = open("/dev/null", O_RDWR), place = open("/dev/null", O_RDWR);
    int copies[] = {dup(fd), fcntl(fd, F_DUPFD_CLOEXEC, 20), dup2(fd, place)};
    for (int i = 0; i < 3; i++) {
        CHECK(copies[i] >= 0 && pread(copies[i], text, 2, (long)global + 2) == 2 && !memcmp(text, "yz", 2));
        CHECK_RISCV(pread(copies[i], text, 1, 0x7f0000000000) == -1 && errno == EIO);
        CHECK(fcntl(copies[i], F_GETFD) >= 0 && (fcntl(copies[i], F_GETFL) & O_ACCMODE) == O_RDWR);
        FAILS(dup3(null, copies[i], 1), EINVAL);
        CHECK(pread(copies[i], text, 1, (long)global + 2) == 1);
        CHECK(dup2(null, copies[i]) == copies[i] && read(copies[i], text, 1) == 0 && close(copies[i]) == 0);
    }
    CHECK(close(null) == 0);
    CHECK(close(fd) == 0);
    FAILS(read(fd, text, 1), EBADF);
    int handle = open("/proc/self/mem", O_PATH);
    snprintf(path, sizeof path, "/proc/self/fd/%d", handle);
    fd = open(path, O_RDONLY);
    CHECK(fd >= 0 && pread(fd, text, 2, (long)global + 2) == 2 && !memcmp(text, "yz", 2));
    CHECK(close(fd) == 0 && close(handle) == 0 && open("/dev/null", O_RDONLY) == handle);

    // An open file is the one that its path leads to, and has no size.
    const char *files[] = {"/proc/self/maps", "/proc/self/status", "/proc/self/cmdline", "/proc/cpuinfo", "/proc/version"};
    for (unsigned i = 0; i < sizeof files / sizeof *files; i++) {
        struct statfs about;
        struct statx x;
        CHECK(stat(files[i], &s) == 0 && (fd = open(files[i], O_RDONLY)) >= 0);
        CHECK(fstat(fd, &t) == 0 && s.st_dev == t.st_dev && s.st_ino == t.st_ino && s.st_mode == t.st_mode);
        CHECK(t.st_size == 0 && t.st_nlink == 1);
        CHECK(fstatat(fd, "", &t, AT_EMPTY_PATH) == 0 && s.st_dev == t.st_dev && s.st_ino == t.st_ino);
        CHECK(statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &x) == 0 && x.stx_ino == s.st_ino && x.stx_size == 0);
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        CHECK(stat(link, &t) == 0 && s.st_dev == t.st_dev && s.st_ino == t.st_ino);
        CHECK(lstat(link, &t) == 0 && S_ISLNK(t.st_mode));
        CHECK(statx(AT_FDCWD, link, 0, STATX_BASIC_STATS, &x) == 0 && x.stx_ino == s.st_ino && x.stx_size == 0);
        CHECK(fstatfs(fd, &about) == 0 && about.f_type == PROC_SUPER_MAGIC);
        if (i == 2)
            CHECK(lseek(fd, 3, SEEK_END) == 3 && lseek(fd, 0, SEEK_CUR) == 3);
        else
            FAILS(lseek(fd, 3, SEEK_END), EINVAL);
        CHECK(close(fd) == 0);
    }

    // The machine.
    slurp("/proc/cpuinfo");
    CHECK(strstr(text, "processor\t: 0\n"));
    CHECK_RISCV(strstr(text, "\nisa\t\t: rv64imafdc") && strstr(text, "\nmmu\t\t: sv39\n"));
    struct utsname names;
    CHECK(uname(&names) == 0);
    len = slurp("/proc/sys/kernel/osrelease");
    CHECK(len == (long)strlen(names.release) + 1 && !strncmp(text, names.release, len - 1));
    slurp("/proc/version");
    snprintf(path, sizeof path, "Linux version %s (", names.release);
    CHECK(!strncmp(text, path, strlen(path)));
    return 0;
}
