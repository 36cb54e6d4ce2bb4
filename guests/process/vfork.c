// vfork, and clone with CLONE_VM: the child's stores are the parent's, and the parent waits as long as it has to.
#include "check.h"
#include <spawn.h>

static volatile int seen;
static const char *self;
extern char **environ;

static long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static int body(void *arg)
{
    seen = *(int *)arg + 1;
    // What it changes of itself is not the parent's.
    signal(SIGUSR1, SIG_IGN);
    close(0);
    usleep(30000);
    seen++;
    return 3;
}

static void by_vfork(void)
{
    seen = 0;
    pid_t parent = getpid();
    long start = now();
    pid_t pid = vfork();
    if (pid == 0) {
        seen = 1;
        CHECK(getppid() == parent && getpid() != parent);
        usleep(30000);
        seen = 2;
        _exit(4);
    }
    CHECK(seen == 2 && now() - start >= 25);
    EXITS(pid, 4);

    pid = vfork();
    if (pid == 0) {
        execl(self, self, "sleep", NULL);
        seen = errno;
        _exit(5);
    }
    // It goes on as soon as the child has executed its program.
    CHECK(seen == 2);
    CHECK(kill(pid, 0) == 0);
    EXITS(pid, 43);

    pid = vfork();
    if (pid == 0) {
        execl("/no/such/program", "x", NULL);
        seen = errno;
        _exit(5);
    }
    CHECK(seen == ENOENT);
    EXITS(pid, 5);

    pid = vfork();
    if (pid == 0)
        raise(SIGKILL);
    int status;
    CHECK(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void by_clone(void)
{
    static char stack[65536] __attribute__((aligned(16)));
    struct sigaction action;
    int arg = 10, child_tid = 0, parent_tid = 0;
    pid_t pid = clone(body, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, &arg);
    CHECK(pid > 0 && seen == 12);
    CHECK(fcntl(0, F_GETFD) >= 0);
    CHECK(sigaction(SIGUSR1, NULL, &action) == 0 && action.sa_handler == SIG_DFL);
    EXITS(pid, 3);

    // Without CLONE_VFORK the parent goes on at once, and sees the stores as they come.
    arg = 20;
    child_tid = -1;
    pid = clone(body, stack + sizeof stack, CLONE_VM | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID | SIGCHLD, &arg,
                &parent_tid, NULL, &child_tid);
    CHECK(pid > 0 && parent_tid == pid);
    while (__atomic_load_n(&child_tid, __ATOMIC_SEQ_CST) != 0)
        syscall(SYS_futex, &child_tid, FUTEX_WAIT, -1, NULL, NULL, 0);
    CHECK(seen == 22);
    EXITS(pid, 3);
}

static void by_posix_spawn(void)
{
    pid_t pid;
    char *argv[] = { (char *)self, "status", NULL };
    for (int n = 0; n < 20; n++) {
        CHECK(posix_spawn(&pid, self, NULL, NULL, argv, environ) == 0);
        EXITS(pid, 44);
    }
    // The child's error comes back by the memory that they share.
    CHECK(posix_spawn(&pid, "/no/such/program", NULL, NULL, argv, environ) == ENOENT);

    posix_spawn_file_actions_t actions;
    CHECK(posix_spawn_file_actions_init(&actions) == 0);
    CHECK(posix_spawn_file_actions_addopen(&actions, 7, "/dev/null", O_RDONLY, 0) == 0);
    CHECK(posix_spawn(&pid, self, &actions, NULL, (char *[]){ (char *)self, "seven", NULL }, environ) == 0);
    EXITS(pid, 45);
    CHECK(posix_spawn_file_actions_addclose(&actions, 0) == 0);
    CHECK(posix_spawn(&pid, self, &actions, NULL, (char *[]){ (char *)self, "seven", NULL }, environ) == 0);
    EXITS(pid, 45);
    CHECK(posix_spawn_file_actions_addopen(&actions, 8, "/no/such/file", O_RDONLY, 0) == 0);
    CHECK(posix_spawn(&pid, self, &actions, NULL, argv, environ) == ENOENT);
}

static _Atomic long counted;
static _Atomic int counting = 1;

static void *count(void *arg)
{
    (void)arg;
    while (counting)
        counted++;
    return NULL;
}

static void *spawn_many(void *arg)
{
    (void)arg;
    for (int n = 0; n < 10; n++) {
        pid_t pid = vfork();
        if (pid == 0)
            execl(self, self, "status", NULL);
        EXITS(pid, 44);
    }
    return NULL;
}

// Other threads go on while one waits, and several may be waiting.
static void beside_threads(void)
{
    pthread_t counter, spawners[3];
    CHECK(pthread_create(&counter, NULL, count, NULL) == 0);
    pid_t pid = vfork();
    if (pid == 0) {
        long before = counted;
        usleep(20000);
        seen = counted > before;
        _exit(0);
    }
    CHECK(seen == 1);
    EXITS(pid, 0);
    for (int n = 0; n < 3; n++)
        CHECK(pthread_create(&spawners[n], NULL, spawn_many, NULL) == 0);
    for (int n = 0; n < 3; n++)
        CHECK(pthread_join(spawners[n], NULL) == 0);
    counting = 0;
    CHECK(pthread_join(counter, NULL) == 0);
}

static volatile int handled;

static void handler(int signal)
{
    (void)signal;
    handled++;
}

// A signal for the parent waits until it goes on.
static void signals(void)
{
    struct sigaction action = { .sa_handler = handler };
    CHECK(sigaction(SIGUSR2, &action, NULL) == 0);
    pid_t parent = getpid();
    pid_t pid = vfork();
    if (pid == 0) {
        kill(parent, SIGUSR2);
        usleep(20000);
        seen = handled;
        _exit(0);
    }
    CHECK(handled == 1 && seen == 0);
    EXITS(pid, 0);
    // And one for the child is the child's: its handler runs there, in the shared memory.
    pid = vfork();
    if (pid == 0) {
        raise(SIGUSR2);
        _exit(handled);
    }
    EXITS(pid, 2);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "sleep") == 0)
        return usleep(20000), 43;
    if (argc > 1 && strcmp(argv[1], "seven") == 0)
        return fcntl(7, F_GETFD) >= 0 ? 45 : 1;
    if (argc > 1)
        return 44;
    static char path[PATH_MAX];
    CHECK(realpath(argv[0], path) != NULL);
    self = path;
    by_vfork();
    by_clone();
    by_posix_spawn();
    beside_threads();
    signals();
    return 0;
}
