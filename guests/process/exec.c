// execve: what comes along, what does not, and the errors in the kernel's order. The program executes itself, with its part as argv[1]. Each exec
// is made twice: a process that has made a timer executes by another way in the emulator, with the same results.
#include "check.h"
#include <sys/auxv.h>

static const char *self;
static char directory[] = "/tmp/tine-exec-XXXXXX";

static char *name(const char *file)
{
    static char buffer[4][PATH_MAX];
    static int next;
    char *place = buffer[next++ % 4];
    snprintf(place, PATH_MAX, "%s/%s", directory, file);
    return place;
}

static void put(const char *file, const char *text, int mode)
{
    int fd = open(name(file), O_CREAT | O_WRONLY | O_TRUNC, 0600);
    CHECK(fd >= 0);
    CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    CHECK(fchmod(fd, mode) == 0);
    CHECK(close(fd) == 0);
}

// --- The parts of the executed program ---

static void expect_signals(void)
{
    struct sigaction action;
    CHECK(sigaction(SIGUSR1, NULL, &action) == 0 && action.sa_handler == SIG_IGN);
    CHECK(sigaction(SIGSEGV, NULL, &action) == 0 && action.sa_handler == SIG_IGN);
    CHECK(sigaction(SIGUSR2, NULL, &action) == 0 && action.sa_handler == SIG_DFL);
    sigset_t set;
    CHECK(sigprocmask(SIG_BLOCK, NULL, &set) == 0);
    CHECK(sigismember(&set, SIGHUP) && sigismember(&set, SIGTRAP) && !sigismember(&set, SIGTERM));
    CHECK(sigpending(&set) == 0 && sigismember(&set, SIGHUP));
    stack_t stack;
    CHECK(sigaltstack(NULL, &stack) == 0 && stack.ss_flags == SS_DISABLE);
}

static void expect_descriptors(const char *kept, const char *closed)
{
    CHECK(fcntl(atoi(kept), F_GETFD) == 0);
    FAILS(fcntl(atoi(closed), F_GETFD), EBADF);
}

static int part(int argc, char **argv)
{
    if (strcmp(argv[1], "arguments") == 0) {
        CHECK(argc == 4 && strcmp(argv[0], "a name") == 0 && strcmp(argv[2], "") == 0 && strcmp(argv[3], "-g") == 0);
        CHECK(strcmp(getenv("TINE_STRACE"), "1") == 0 && strcmp(getenv("LD_PRELOAD"), "/nowhere.so") == 0);
        CHECK(getenv("HOME") == NULL && getenv("TINE_HANDOVER") == NULL);
    } else if (strcmp(argv[1], "signals") == 0) {
        expect_signals();
    } else if (strcmp(argv[1], "descriptors") == 0) {
        expect_descriptors(argv[2], argv[3]);
    } else if (strcmp(argv[1], "execfn") == 0) {
        CHECK(strcmp((char *)getauxval(AT_EXECFN), argv[2]) == 0);
    } else if (strcmp(argv[1], "pid") == 0) {
        CHECK(getpid() == atoi(argv[2]) && gettid() == getpid());
    } else if (strcmp(argv[1], "limit") == 0) {
        struct rlimit limit;
        CHECK(getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur == (1 << 20) && limit.rlim_max == (64 << 20));
        CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur == 100);
    } else if (strcmp(argv[1], "script") == 0) {
        // PROGRAM script an argument SCRIPT x y
        CHECK(argc == 5 && strcmp(argv[3], "x") == 0 && strcmp(argv[4], "y") == 0);
    } else if (strcmp(argv[1], "nested") == 0) {
        // PROGRAM nested SCRIPT OUTER y
        CHECK(argc == 5 && strstr(argv[2], "/inner") && strstr(argv[3], "/outer") && strcmp(argv[4], "y") == 0);
    } else {
        return 99;
    }
    return 42;
}

// --- The calls ---

static void make_timer(void)
{
    int timer;
    CHECK(syscall(SYS_timer_create, CLOCK_MONOTONIC, NULL, &timer) == 0);
}

#define RUN(...)                                                                                                      \
    for (int with_timer_ = 0; with_timer_ < 2; with_timer_++) {                                                       \
        pid_t pid_ = fork();                                                                                          \
        if (pid_ == 0) {                                                                                              \
            if (with_timer_)                                                                                          \
                make_timer();                                                                                         \
            __VA_ARGS__;                                                                                              \
            _exit(98);                                                                                                \
        }                                                                                                             \
        EXITS(pid_, 42);                                                                                              \
    }

static void what_comes_along(void)
{
    char *environment[] = { "TINE_STRACE=1", "LD_PRELOAD=/nowhere.so", NULL };
    RUN(execve(self, (char *[]){ "a name", "arguments", "", "-g", NULL }, environment));
    RUN(execl(self, self, "execfn", self, NULL));

    RUN({
        signal(SIGUSR1, SIG_IGN);
        signal(SIGSEGV, SIG_IGN);
        signal(SIGUSR2, (void (*)(int))expect_signals);
        sigset_t set;
        sigemptyset(&set);
        sigaddset(&set, SIGHUP);
        sigaddset(&set, SIGTRAP);
        sigprocmask(SIG_SETMASK, &set, NULL);
        raise(SIGHUP);
        static char stack[65536];
        sigaltstack(&(stack_t){ .ss_sp = stack, .ss_size = sizeof stack }, NULL);
        execl(self, self, "signals", NULL);
    });

    int kept = open("/dev/null", O_RDONLY), closed = open("/dev/null", O_RDONLY | O_CLOEXEC);
    char numbers[2][16];
    sprintf(numbers[0], "%d", kept);
    sprintf(numbers[1], "%d", closed);
    RUN(execl(self, self, "descriptors", numbers[0], numbers[1], NULL));
    // The emulator must not need what the guest closes.
    RUN(syscall(SYS_close_range, 3, ~0U, 0); dup2(0, 3); sprintf(numbers[0], "%d", 3);
        execl(self, self, "descriptors", numbers[0], "4", NULL));

    RUN({
        CHECK(setrlimit(RLIMIT_STACK, &(struct rlimit){ 1 << 20, 64 << 20 }) == 0);
        CHECK(setrlimit(RLIMIT_NOFILE, &(struct rlimit){ 100, 200 }) == 0);
        execl(self, self, "limit", NULL);
    });
}

static void *exec_from_here(void *arg)
{
    char number[16];
    sprintf(number, "%d", getpid());
    (void)arg;
    execl(self, self, "pid", number, NULL);
    _exit(97);
}

// The pid stays, whichever thread calls; the others are gone.
static void from_a_thread(void)
{
    RUN({
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, exec_from_here, NULL) == 0);
        for (;;)
            pause();
    });
    RUN({
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, (void *(*)(void *))pause, NULL) == 0);
        exec_from_here(NULL);
    });
}

static void scripts(void)
{
    char text[PATH_MAX + 64];
    snprintf(text, sizeof text, "#! %s  script \n", self);
    put("script", text, 0700);
    RUN(execl(name("script"), "any", "x", "y", NULL));
    // The outer script's name is an argument of the inner one.
    snprintf(text, sizeof text, "#!%s nested\n", self);
    put("inner", text, 0700);
    snprintf(text, sizeof text, "#!%s\n", name("inner"));
    put("outer", text, 0700);
    RUN(execl(name("outer"), "any", "y", NULL));
}

static void errors(void)
{
    char *argv[] = { "x", NULL }, *empty[] = { NULL };
    FAILS(execve(name("none"), argv, empty), ENOENT);
    FAILS(execve("", argv, empty), ENOENT);
    FAILS(execve(directory, argv, empty), EACCES);
    put("text", "just words\n", 0700);
    FAILS(execve(name("text"), argv, empty), ENOEXEC);
    put("empty", "", 0700);
    FAILS(execve(name("empty"), argv, empty), ENOEXEC);
    CHECK(mknod(name("socket"), S_IFSOCK | 0700, 0) == 0);
    FAILS(execve(name("socket"), argv, empty), EACCES);
    put("closed", "#!/bin/sh\n", 0600);
    FAILS(execve(name("closed"), argv, empty), EACCES);
    put("nobody", "#!/no/such/interpreter\n", 0700);
    FAILS(execve(name("nobody"), argv, empty), ENOENT);
    FAILS(execve(name("text/more"), argv, empty), ENOTDIR);
    FAILS(syscall(SYS_execve, 8, argv, empty), EFAULT);
    FAILS(syscall(SYS_execve, self, 8, empty), EFAULT);
    FAILS(execve(self, (char *[]){ (char *)8, NULL }, empty), EFAULT);

    char text[PATH_MAX];
    snprintf(text, sizeof text, "#!%s\n", name("loop"));
    put("loop", text, 0700);
    FAILS(execve(name("loop"), argv, empty), ELOOP);

    char *long_string = malloc(200000);
    memset(long_string, 'x', 199999);
    long_string[199999] = 0;
    FAILS(execve(self, (char *[]){ "x", long_string, NULL }, empty), E2BIG);
    long_string[100000] = 0;
    char **many = calloc(101, sizeof *many);
    for (int n = 0; n < 100; n++)
        many[n] = long_string;
    FAILS(execve(self, many, empty), E2BIG);

    int writer = open(name("text"), O_WRONLY);
    FAILS(execve(name("text"), argv, empty), ETXTBSY);
    CHECK(close(writer) == 0);

    FAILS(syscall(SYS_execveat, -1, "text", argv, empty, 0), EBADF);
    FAILS(syscall(SYS_execveat, -1, "/nowhere", argv, empty, 0), ENOENT);
    FAILS(syscall(SYS_execveat, AT_FDCWD, "", argv, empty, 0), ENOENT);
    FAILS(syscall(SYS_execveat, AT_FDCWD, self, argv, empty, 0x8000000), EINVAL);
    CHECK(symlink(self, name("link")) == 0);
    FAILS(syscall(SYS_execveat, AT_FDCWD, name("link"), argv, empty, AT_SYMLINK_NOFOLLOW), ELOOP);
}

// A program that has no name: from a memory file, open by number.
static void by_number(void)
{
    int from = open(self, O_RDONLY), to = syscall(SYS_memfd_create, "program", 0);
    CHECK(from >= 0 && to >= 0);
    static char buffer[1 << 16];
    ssize_t len;
    while ((len = read(from, buffer, sizeof buffer)) > 0)
        CHECK(write(to, buffer, len) == len);
    char called[32];
    sprintf(called, "/dev/fd/%d", to);
    RUN(syscall(SYS_execveat, to, "", (char *[]){ "x", "execfn", called, NULL }, (char *[]){ NULL }, AT_EMPTY_PATH));

    int folder = open(directory, O_RDONLY | O_DIRECTORY);
    CHECK(link(self, name("hard")) == 0 || symlink(self, name("hard")) == 0);
    sprintf(called, "/dev/fd/%d/hard", folder);
    RUN(syscall(SYS_execveat, folder, "hard", (char *[]){ "x", "execfn", called, NULL }, (char *[]){ NULL }, 0));
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return part(argc, argv);
    static char path[PATH_MAX];
    CHECK(realpath(argv[0], path) != NULL);
    self = path;
    CHECK(mkdtemp(directory) != NULL);
    what_comes_along();
    from_a_thread();
    scripts();
    errors();
    by_number();
    char command[PATH_MAX];
    snprintf(command, sizeof command, "rm -r %s", directory);
    CHECK(system(command) == 0);
    return 0;
}
