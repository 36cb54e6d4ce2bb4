// What exec leaves of a process, and what others see of it. The program executes itself; everything is done twice: a process that has made a
// timer executes by another way in the emulator.
#include "check.h"
#include <elf.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <sys/auxv.h>
#include <sched.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/shm.h>

static char self[PATH_MAX];

// --- The executed program ---

static long status_number(const char *name)
{
    char line[256];
    long number = -1;
    FILE *file = fopen("/proc/self/status", "r");
    CHECK(file != NULL);
    while (number == -1 && fgets(line, sizeof line, file))
        if (strncmp(line, name, strlen(name)) == 0 && line[strlen(name)] == ':')
            number = strtol(line + strlen(name) + 1, NULL, 10);
    CHECK(fclose(file) == 0);
    return number;
}

static void set_of(sigset_t *set, int signal)
{
    CHECK(sigemptyset(set) == 0 && sigaddset(set, signal) == 0);
}

static void expect_signals(void)
{
    sigset_t set, pending;
    struct sigaction action;
    // One for the process, one for the thread, one that is ignored by default, one of those that processors raise: all wait still.
    CHECK(sigpending(&pending) == 0);
    CHECK(sigismember(&pending, SIGUSR1) && sigismember(&pending, SIGRTMAX) && sigismember(&pending, SIGCHLD));
    CHECK(!sigismember(&pending, SIGHUP));
    CHECK(sigaction(SIGCHLD, NULL, &action) == 0 && action.sa_handler == SIG_DFL && action.sa_flags == 0);
    CHECK(sigaction(SIGRTMAX, NULL, &action) == 0 && action.sa_handler == SIG_DFL && action.sa_flags == 0);
    CHECK(sigaction(SIGURG, NULL, &action) == 0 && action.sa_handler == SIG_IGN && !sigismember(&action.sa_mask, SIGHUP));
    siginfo_t info;
    set_of(&set, SIGRTMAX);
    CHECK(sigwaitinfo(&set, &info) == SIGRTMAX && info.si_value.sival_int == 7 && info.si_pid == getpid());
    set_of(&set, SIGCHLD);
    CHECK(sigwaitinfo(&set, &info) == SIGCHLD);
    // By default nothing happens, also when it comes again and waits no more.
    CHECK(raise(SIGCHLD) == 0 && sigprocmask(SIG_UNBLOCK, &set, NULL) == 0);
    CHECK(sigprocmask(SIG_BLOCK, NULL, &set) == 0 && sigismember(&set, SIGUSR1) && !sigismember(&set, SIGTERM));
    // What ended without a trace before does so now.
    pid_t pid = fork();
    if (pid == 0) {
        sigemptyset(&set);
        sigprocmask(SIG_SETMASK, &set, NULL);
        raise(SIGTERM);
        _exit(1);
    }
    int status;
    CHECK(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
}

static void expect_timers(void)
{
    struct itimerval interval;
    CHECK(getitimer(ITIMER_REAL, &interval) == 0 && interval.it_value.tv_sec > 100 && interval.it_interval.tv_sec == 7);
    CHECK(getitimer(ITIMER_VIRTUAL, &interval) == 0 && interval.it_value.tv_sec > 100);
    for (int timer = 0; timer < 3; timer++) {
        struct itimerspec value;
        FAILS(syscall(SYS_timer_gettime, timer, &value), EINVAL);
    }
}

static void expect_names(char **argv)
{
    char text[64] = "", *base = strrchr(self, '/') + 1;
    CHECK(prctl(PR_GET_NAME, text) == 0 && strncmp(text, base, 15) == 0);
    CHECK(readlink("/proc/self/exe", text, sizeof text) > 0);
    int fd = open("/proc/self/cmdline", O_RDONLY);
    ssize_t len = read(fd, text, sizeof text);
    CHECK(len == 12 && memcmp(text, "name\0names\0", 11) == 0 && strcmp(argv[0], "name") == 0);
    fd = open("/proc/self/environ", O_RDONLY);
    CHECK(read(fd, text, sizeof text) == 4 && memcmp(text, "A=b", 4) == 0);
}

enum { COUNTED = 9 };

static void count(int signal)
{
    (void)signal;
    CHECK(write(COUNTED, "", 1) == 1);
}

// Takes what has come, and executes itself again.
static void take_signals(int left)
{
    char text[16];
    sigset_t set;
    set_of(&set, SIGRTMIN);
    CHECK(sigaction(SIGRTMIN, &(struct sigaction){.sa_handler = count}, NULL) == 0 && sigprocmask(SIG_UNBLOCK, &set, NULL) == 0);
    while (left == 0)
        pause();
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    sprintf(text, "%d", left - 1);
    execl(self, self, "take", text, NULL);
}

static int part(int argc, char **argv)
{
    if (strcmp(argv[1], "signals") == 0) {
        expect_signals();
    } else if (strcmp(argv[1], "timers") == 0) {
        expect_timers();
    } else if (strcmp(argv[1], "names") == 0) {
        expect_names(argv);
    } else if (strcmp(argv[1], "state") == 0) {
        // seccomp, no_new_privs, umask, limits of files, the rest of which is the host's.
        CHECK(prctl(PR_GET_SECCOMP) == 2 && prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
        FAILS(syscall(SYS_getppid), EDOM);
        CHECK(umask(0) == 031);
        CHECK(status_number("Seccomp") == 2 && status_number("Seccomp_filters") == 1);
        unsigned long list = 1, size = 0;
        CHECK(syscall(SYS_get_robust_list, 0, &list, &size) == 0 && list != (unsigned long)strtoul(argv[2], NULL, 0));
        CHECK(fcntl(atoi(argv[3]), F_GETFD) == FD_CLOEXEC - 1);
        FAILS(fcntl(atoi(argv[4]), F_GETFD), EBADF);
        FAILS(fcntl(900, F_GETFD), EBADF);
        CHECK(fcntl(901, F_GETFD) == 0);
    } else if (strcmp(argv[1], "memory") == 0) {
        struct shmid_ds segment;
        CHECK(shmctl(atoi(argv[2]), IPC_STAT, &segment) == 0 && segment.shm_nattch == 0);
        CHECK(msync((void *)strtoul(argv[3], NULL, 0), 4096, MS_ASYNC) == -1 && errno == ENOMEM);
        unsigned char *random = (unsigned char *)getauxval(AT_RANDOM);
        char text[8];
        snprintf(text, sizeof text, "%02x%02x%02x", random[3], random[5], random[7]);
        // One in sixteen million.
        CHECK(strcmp(text, argv[4]) != 0);
    } else if (strcmp(argv[1], "wait") == 0) {
        char byte;
        CHECK(write(1, "", 1) == 1);
        return read(0, &byte, 1) == 1 ? 42 : 1;
    } else if (strcmp(argv[1], "take") == 0) {
        take_signals(atoi(argv[2]));
        return 1;
    } else if (strcmp(argv[1], "execfn") == 0) {
        CHECK(strcmp((char *)getauxval(AT_EXECFN), argv[2]) == 0);
    } else if (strcmp(argv[1], "open") == 0) {
        for (int n = 0; n < 300; n++)
            CHECK(fcntl(open("/dev/null", O_RDONLY), F_GETFD) == 0);
    } else if (strcmp(argv[1], "persona") == 0) {
        CHECK(personality(0xffffffff) == (ADDR_COMPAT_LAYOUT | ADDR_NO_RANDOMIZE));
    } else if (strcmp(argv[1], "removed") == 0) {
        CHECK(unlink(self) == 0);
        execl("/proc/self/exe", "removed", "execfn", "/proc/self/exe", NULL);
        return 1;
    } else if (strcmp(argv[1], "again") == 0 && argc == 3) {
        char text[16];
        int left = atoi(argv[2]);
        snprintf(text, sizeof text, "%d", left - 1);
        if (left != 0)
            execl(self, self, "again", text, NULL);
        CHECK(left == 0);
    } else {
        return 99;
    }
    return 42;
}

// --- Who executes it ---

static bool with_timer;

static pid_t make(void)
{
    pid_t pid = fork();
    CHECK(pid >= 0);
    int timer;
    if (pid == 0 && with_timer)
        CHECK(syscall(SYS_timer_create, CLOCK_MONOTONIC, NULL, &timer) == 0);
    return pid;
}

#define RUN(...)                                                                                                      \
    do {                                                                                                              \
        pid_t pid_ = make();                                                                                          \
        if (pid_ == 0) {                                                                                              \
            __VA_ARGS__;                                                                                              \
            _exit(98);                                                                                                \
        }                                                                                                             \
        EXITS(pid_, 42);                                                                                              \
    } while (0)

static void handler(int signal)
{
    (void)signal;
}

static void signals(void)
{
    RUN({
        struct sigaction action = {.sa_handler = handler, .sa_flags = SA_NODEFER | SA_NOCLDWAIT};
        CHECK(sigaction(SIGCHLD, &action, NULL) == 0 && sigaction(SIGRTMAX, &action, NULL) == 0);
        CHECK(sigaction(SIGTERM, &action, NULL) == 0 && sigaction(SIGUSR1, &action, NULL) == 0);
        action.sa_handler = SIG_IGN;
        sigaddset(&action.sa_mask, SIGHUP);
        CHECK(sigaction(SIGURG, &action, NULL) == 0);
        sigset_t set;
        sigemptyset(&set);
        int waiting[] = {SIGUSR1, SIGRTMAX, SIGCHLD};
        for (int n = 0; n < 3; n++)
            sigaddset(&set, waiting[n]);
        CHECK(sigprocmask(SIG_SETMASK, &set, NULL) == 0);
        CHECK(sigqueue(getpid(), SIGRTMAX, (union sigval){.sival_int = 7}) == 0);
        CHECK(raise(SIGUSR1) == 0 && kill(getpid(), SIGCHLD) == 0);
        execl(self, self, "signals", NULL);
    });
}

static void timers(void)
{
    RUN({
        struct itimerval interval = {{7, 0}, {1000, 0}};
        CHECK(setitimer(ITIMER_REAL, &interval, NULL) == 0 && setitimer(ITIMER_VIRTUAL, &interval, NULL) == 0);
        execl(self, self, "timers", NULL);
    });
}

static void state(void)
{
    RUN({
        struct sock_filter filter[] = {
            BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
            BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EDOM),
            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        };
        struct sock_fprog program = {4, filter};
        char list[32], kept[16], closed[16];
        unsigned long head, size;
        // Enough room for high numbers.
        struct rlimit limit;
        CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur > 901);
        CHECK(syscall(SYS_get_robust_list, 0, &head, &size) == 0);
        static long own_list[3];
        own_list[0] = (long)own_list;
        CHECK(syscall(SYS_set_robust_list, own_list, 24) == 0);
        sprintf(list, "%p", (void *)own_list);
        int fd = open("/dev/null", O_RDONLY);
        sprintf(kept, "%d", fd);
        sprintf(closed, "%d", open("/dev/null", O_RDONLY | O_CLOEXEC));
        CHECK(dup3(fd, 900, O_CLOEXEC) == 900 && dup2(fd, 901) == 901);
        umask(031);
        CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0);
        execl(self, self, "state", list, kept, closed, NULL);
    });
    RUN(execve(self, (char *[]){"name", "names", "", NULL}, (char *[]){"A=b", NULL}));
}

static void memory(void)
{
    int id = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
    CHECK(id >= 0);
    RUN({
        char text[3][32];
        char *at = shmat(id, NULL, 0);
        CHECK(at != (void *)-1);
        at = mmap((void *)0x20000000, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        CHECK(at == (void *)0x20000000);
        unsigned char *random = (unsigned char *)getauxval(AT_RANDOM);
        sprintf(text[0], "%d", id);
        sprintf(text[1], "%p", (void *)at);
        sprintf(text[2], "%02x%02x%02x", random[3], random[5], random[7]);
        execl(self, self, "memory", text[0], text[1], text[2], NULL);
    });
    CHECK(shmctl(id, IPC_RMID, NULL) == 0);
}

static void *leave(void *arg)
{
    return arg;
}

static void copy_self(int to)
{
    char buffer[65536];
    ssize_t len;
    int from = open(self, O_RDONLY);
    while ((len = read(from, buffer, sizeof buffer)) > 0)
        CHECK(write(to, buffer, len) == len);
    CHECK(len == 0 && close(from) == 0);
}

// Programs that no name leads to.
static void nameless(void)
{
    int fd = memfd_create("program", MFD_CLOEXEC), script = memfd_create("script", MFD_CLOEXEC);
    char name[32];
    sprintf(name, "/dev/fd/%d", fd);
    copy_self(fd);
    RUN(fexecve(fd, (char *[]){"memory", "execfn", name, NULL}, environ));
    CHECK(write(script, "#!/bin/sh\n", 10) == 10);
    FAILS(syscall(SYS_execveat, script, "", (char *[]){"x", NULL}, environ, AT_EMPTY_PATH), ENOENT);
    CHECK(close(fd) == 0 && close(script) == 0);
    // The emulator needs privileges for this one.
    if (geteuid() != 0)
        return;
    char copy[] = "/tmp/tine-execed-XXXXXX";
    fd = mkstemp(copy);
    copy_self(fd);
    CHECK(fchmod(fd, 0700) == 0 && close(fd) == 0);
    RUN(execl(copy, copy, "removed", NULL));
}

// Every descriptor that is opened is the program's.
static void opened(void)
{
    RUN(execl(self, self, "open", NULL));
    pid_t pid = vfork();
    if (pid == 0) {
        execl(self, self, "open", NULL);
        _exit(98);
    }
    EXITS(pid, 42);
}

static void persona(void)
{
    RUN({
        CHECK(personality(ADDR_COMPAT_LAYOUT | ADDR_NO_RANDOMIZE) != -1);
        execl(self, self, "persona", NULL);
    });
}

struct lock {
    pthread_mutex_t mutex;
    int taken;
};

static void *take(void *arg)
{
    struct lock *lock = arg;
    CHECK(pthread_mutex_lock(&lock->mutex) == 0);
    __atomic_store_n(&lock->taken, 1, __ATOMIC_SEQ_CST);
    for (;;)
        pause();
}

// A robust lock in shared memory goes to the next when its owner executes or ends, whichever thread that is.
static void robust(void)
{
    int up[2], fd = memfd_create("lock", 0);
    CHECK(fd >= 0 && ftruncate(fd, 4096) == 0 && pipe(up) == 0);
    struct lock *lock = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    CHECK(lock != MAP_FAILED);
    for (int way = 0; way < 4; way++) {
        pthread_mutexattr_t attr;
        CHECK(pthread_mutexattr_init(&attr) == 0 && pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED) == 0);
        CHECK(pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST) == 0);
        CHECK(pthread_mutex_init(&lock->mutex, &attr) == 0);
        lock->taken = 0;
        int down[2];
        char byte;
        CHECK(pipe(down) == 0);
        pid_t pid = make();
        if (pid == 0) {
            pthread_t thread;
            if (way % 2 == 0)
                CHECK(pthread_mutex_lock(&lock->mutex) == 0);
            else
                CHECK(pthread_create(&thread, NULL, take, lock) == 0);
            while (way % 2 != 0 && !__atomic_load_n(&lock->taken, __ATOMIC_SEQ_CST))
                sched_yield();
            CHECK(dup2(down[0], 0) == 0 && dup2(up[1], 1) == 1);
            if (way < 2)
                execl(self, self, "wait", NULL);
            CHECK(write(1, "", 1) == 1);
            _exit(42);
        }
        CHECK(read(up[0], &byte, 1) == 1);
        CHECK(pthread_mutex_lock(&lock->mutex) == EOWNERDEAD && pthread_mutex_consistent(&lock->mutex) == 0);
        CHECK(pthread_mutex_unlock(&lock->mutex) == 0 && pthread_mutex_lock(&lock->mutex) == 0);
        CHECK(write(down[1], "", 1) == 1);
        EXITS(pid, 42);
        CHECK(close(down[0]) == 0 && close(down[1]) == 0);
    }
    CHECK(munmap(lock, 4096) == 0 && close(fd) == 0 && close(up[0]) == 0 && close(up[1]) == 0);
}

// All numbers of descriptors are the program's, also after other programs have run for it.
static void numbers(void)
{
    RUN({
        pid_t pid = vfork();
        if (pid == 0) {
            execl(self, self, "again", "0", NULL);
            _exit(98);
        }
        EXITS(pid, 42);
        for (int fd = 100; fd < 400; fd++)
            CHECK(dup2(1, fd) == fd);
        pid = vfork();
        if (pid == 0) {
            execl(self, self, "again", "0", NULL);
            _exit(98);
        }
        EXITS(pid, 42);
        for (int fd = 100; fd < 500; fd++)
            CHECK(dup3(2, fd, O_CLOEXEC) == fd && fcntl(fd, F_GETFD) == FD_CLOEXEC);
        execl(self, self, "again", "2", NULL);
    });
}

// One with priority inheritance that is not robust goes to who waits for it.
static void inherited(void)
{
    int up[2], fd = memfd_create("lock", 0);
    char byte;
    CHECK(fd >= 0 && ftruncate(fd, 4096) == 0 && pipe(up) == 0);
    int *lock = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    CHECK(lock != MAP_FAILED);
    pid_t owner = make();
    if (owner == 0) {
        *lock = gettid();
        CHECK(dup2(up[0], 0) == 0);
        CHECK(write(up[1], "", 1) == 1);
        while (!(__atomic_load_n(lock, __ATOMIC_SEQ_CST) & FUTEX_WAITERS))
            sched_yield();
        execl(self, self, "wait", NULL);
        _exit(98);
    }
    CHECK(read(up[0], &byte, 1) == 1);
    CHECK(syscall(SYS_futex, lock, FUTEX_LOCK_PI, 0, NULL, NULL, 0) == 0);
    CHECK((*lock & ~(FUTEX_WAITERS | FUTEX_OWNER_DIED)) == gettid());
    CHECK(write(up[1], "", 1) == 1);
    EXITS(owner, 42);
    CHECK(munmap(lock, 4096) == 0 && close(fd) == 0 && close(up[0]) == 0 && close(up[1]) == 0);
}

// From the thread that forked, after others have ended, and many times.
static void *fork_here(void *arg)
{
    RUN(execl(self, self, "again", "3", NULL));
    return arg;
}

static void threads(void)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, fork_here, NULL) == 0 && pthread_join(thread, NULL) == 0);
    RUN({
        for (int n = 0; n < 20; n++)
            CHECK(pthread_create(&thread, NULL, leave, NULL) == 0 && pthread_join(thread, NULL) == 0);
        execl(self, self, "again", "20", NULL);
    });
}

// The parent's look at a child, before its exec and after.
static void from_outside(void)
{
    int up[2], down[2];
    char byte, path[64], text[4096];
    CHECK(pipe(up) == 0 && pipe(down) == 0);
    pid_t pid = make();
    if (pid == 0) {
        CHECK(dup2(down[0], 0) == 0 && dup2(up[1], 1) == 1);
        CHECK(read(0, &byte, 1) == 1);
        execl(self, "another name", "wait", "and see", NULL);
        _exit(98);
    }
    CHECK(setpgid(pid, pid) == 0 && getpgid(pid) == pid);
    CHECK(write(down[1], "", 1) == 1 && read(up[0], &byte, 1) == 1);
    FAILS(setpgid(pid, getpgrp()), EACCES);
    FAILS(setpgid(pid, pid), EACCES);
    CHECK(getpgid(pid) == pid);
    sprintf(path, "/proc/%d/cmdline", pid);
    ssize_t len = read(open(path, O_RDONLY), text, sizeof text);
    CHECK(len == 26 && memcmp(text, "another name\0wait\0and see", 26) == 0);
    sprintf(path, "/proc/%d/stat", pid);
    len = read(open(path, O_RDONLY), text, sizeof text - 1);
    CHECK(len > 0);
    text[len] = 0;
    // It has executed since its fork (PF_FORKNOEXEC).
    unsigned flags;
    CHECK(sscanf(strrchr(text, ')') + 1, " %*c %*d %*d %*d %*d %*d %u", &flags) == 1 && !(flags & 0x40));
    sprintf(path, "/proc/%d/exe", pid);
    len = readlink(path, text, sizeof text);
    CHECK(len == (ssize_t)strlen(self) && memcmp(text, self, len) == 0);
    sprintf(path, "/proc/%d/maps", pid);
    FILE *maps = fopen(path, "r");
    bool has_stack = false, has_self = false;
    while (fgets(text, sizeof text, maps))
        has_stack |= strstr(text, "[stack]") != NULL, has_self |= strstr(text, self) != NULL;
    CHECK(has_stack && has_self && fclose(maps) == 0);
    CHECK(write(down[1], "", 1) == 1);
    EXITS(pid, 42);
    CHECK(close(up[0]) == 0 && close(up[1]) == 0 && close(down[0]) == 0 && close(down[1]) == 0);
}

// No signal is lost that comes in the middle of an exec.
static void in_the_middle(void)
{
    enum { SIGNALS = 400 };
    int fds[2], status;
    char byte;
    sigset_t set;
    set_of(&set, SIGRTMIN);
    CHECK(pipe(fds) == 0 && sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    pid_t pid = make();
    if (pid == 0) {
        CHECK(dup2(fds[1], COUNTED) == COUNTED);
        execl(self, self, "take", "60", NULL);
        _exit(98);
    }
    for (int n = 0; n < SIGNALS; n++)
        CHECK(sigqueue(pid, SIGRTMIN, (union sigval){.sival_int = n}) == 0 && usleep(100) == 0);
    for (int n = 0; n < SIGNALS; n++)
        CHECK(read(fds[0], &byte, 1) == 1);
    CHECK(kill(pid, SIGKILL) == 0 && waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    CHECK(sigprocmask(SIG_UNBLOCK, &set, NULL) == 0 && close(fds[0]) == 0 && close(fds[1]) == 0);
}

// Who has not executed is still its parent's to move, and a child of one that has.
static void groups(void)
{
    RUN({
        pid_t pid = fork();
        if (pid == 0) {
            pause();
            _exit(1);
        }
        CHECK(setpgid(pid, pid) == 0 && setpgid(pid, getpgrp()) == 0 && kill(pid, SIGKILL) == 0);
        FAILS(setpgid(pid, -1), EINVAL);
        FAILS(setpgid(getppid(), 0), ESRCH);
        _exit(42);
    });
}

// A program that is found to be broken when the one before it has gone.
static int broken(void)
{
    char name[] = "/tmp/tine-execed-XXXXXX";
    int fd = mkstemp(name);
    Elf64_Ehdr header = {.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT}, .e_type = ET_EXEC, .e_version = EV_CURRENT};
    header.e_phoff = header.e_ehsize = sizeof header, header.e_phentsize = sizeof(Elf64_Phdr), header.e_phnum = 1;
#ifdef __riscv
    header.e_machine = EM_RISCV, header.e_flags = EF_RISCV_FLOAT_ABI_DOUBLE;
#else
    header.e_machine = EM_X86_64;
#endif
    Elf64_Phdr segment = {.p_type = PT_LOAD, .p_flags = PF_R | PF_X, .p_align = 4096, .p_filesz = 120, .p_memsz = 120};
    segment.p_vaddr = segment.p_paddr = 0x7fffffffff000, header.e_entry = segment.p_vaddr;
    CHECK(write(fd, &header, sizeof header) == sizeof header && write(fd, &segment, sizeof segment) == sizeof segment);
    CHECK(fchmod(fd, 0700) == 0 && close(fd) == 0);
    pid_t pid = make();
    if (pid == 0) {
        close(2);
        execl(name, name, NULL);
        _exit(98);
    }
    int status;
    CHECK(waitpid(pid, &status, 0) == pid && unlink(name) == 0);
    return status;
}

int main(int argc, char **argv)
{
    CHECK(readlink("/proc/self/exe", self, sizeof self - 1) > 0);
    if (argc > 1)
        return part(argc, argv);
    int statuses[2];
    for (int n = 0; n < 2; n++) {
        with_timer = n == 1;
        signals();
        timers();
        state();
        memory();
        threads();
        nameless();
        opened();
        persona();
        robust();
        inherited();
        numbers();
        from_outside();
        groups();
        in_the_middle();
        statuses[n] = broken();
    }
    CHECK(statuses[0] == statuses[1] && statuses[0] != 98 << 8);
    return 0;
}
