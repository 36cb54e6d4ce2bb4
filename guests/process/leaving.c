// How threads and processes end: the first thread before the others, a robust mutex's owner, exit_group beside blocked threads, a deadly signal.
#include "check.h"

static void *sleep_and_exit(void *arg)
{
    usleep(20000);
    (void)arg;
    syscall(SYS_exit, 9);
    return NULL;
}

// The process's status is that of its last thread.
static void leader_first(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, sleep_and_exit, NULL) == 0);
        syscall(SYS_exit, 5);
    }
    EXITS(pid, 9);
}

static void *read_for_ever(void *arg)
{
    char byte;
    (void)!read(*(int *)arg, &byte, 1);
    return NULL;
}

static void *spin(void *arg)
{
    for (;;)
        *(volatile int *)arg += 1;
    return NULL;
}

static void group_exit(void)
{
    int fds[2], number = 0;
    CHECK(pipe(fds) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, read_for_ever, &fds[0]) == 0);
        CHECK(pthread_create(&thread, NULL, spin, &number) == 0);
        usleep(10000);
        _exit(11);
    }
    EXITS(pid, 11);
}

static void *raise_segv(void *arg)
{
    *(volatile int *)arg = 1;
    return NULL;
}

static void deadly_signal(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, raise_segv, NULL) == 0);
        pause();
    }
    int status;
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
}

static pthread_mutex_t robust;

static void *lock_and_leave(void *arg)
{
    (void)arg;
    CHECK(pthread_mutex_lock(&robust) == 0);
    return NULL;
}

static void robust_mutex(void)
{
    pthread_mutexattr_t attributes;
    CHECK(pthread_mutexattr_init(&attributes) == 0);
    CHECK(pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST) == 0);
    CHECK(pthread_mutex_init(&robust, &attributes) == 0);
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, lock_and_leave, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(pthread_mutex_lock(&robust) == EOWNERDEAD);
    CHECK(pthread_mutex_consistent(&robust) == 0);
    CHECK(pthread_mutex_unlock(&robust) == 0);

    // Between processes: the owner is killed by exit_group with the lock held.
    pthread_mutex_t *shared =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(shared != MAP_FAILED);
    CHECK(pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED) == 0);
    CHECK(pthread_mutex_init(shared, &attributes) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        CHECK(pthread_mutex_lock(shared) == 0);
        _exit(0);
    }
    EXITS(pid, 0);
    CHECK(pthread_mutex_lock(shared) == EOWNERDEAD);

    struct robust_list_head *head;
    size_t len;
    CHECK(syscall(SYS_get_robust_list, 0, &head, &len) == 0 && len == sizeof *head && head != NULL);
    FAILS(syscall(SYS_get_robust_list, INT_MAX, &head, &len), ESRCH);
}

// The word that set_tid_address names is cleared and woken when the thread ends.
static int cleared = 1;

static void *clear_at_exit(void *arg)
{
    (void)arg;
    CHECK(syscall(SYS_set_tid_address, &cleared) == gettid());
    syscall(SYS_exit, 0);
    return NULL;
}

static void clear_tid(void)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, clear_at_exit, NULL) == 0);
    while (__atomic_load_n(&cleared, __ATOMIC_SEQ_CST) != 0)
        syscall(SYS_futex, &cleared, FUTEX_WAIT, 1, NULL, NULL, 0);
}

int main(void)
{
    leader_first();
    group_exit();
    deadly_signal();
    robust_mutex();
    clear_tid();
    return 0;
}
