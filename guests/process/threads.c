// Threads: creation, joining, locks, thread-local storage, signals to one of them, fork in one of several.
#include "check.h"

enum { THREADS = 8, ROUNDS = 20000 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t turned = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t together;
static long guarded;
static _Atomic long atomic_sum;
static uint64_t reserved;
static __thread int own = 7;
static int turn;

// A counter by lr/sc, as code has it that was not compiled to an AMO.
static void add_by_exchange(uint64_t *counter)
{
    uint64_t old = __atomic_load_n(counter, __ATOMIC_RELAXED);
    while (!__atomic_compare_exchange_n(counter, &old, old + 1, 1, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)) {
    }
}

static void *work(void *arg)
{
    CHECK(own == 7);
    own = (int)(long)arg;
    pthread_barrier_wait(&together);
    for (int n = 0; n < ROUNDS; n++) {
        pthread_mutex_lock(&lock);
        guarded++;
        pthread_mutex_unlock(&lock);
        atomic_sum++;
        add_by_exchange(&reserved);
    }
    CHECK(own == (int)(long)arg);
    CHECK(gettid() != getpid());
    return (void *)((long)arg * 2);
}

// Each waits for its turn, so that a wake-up that is lost is a hang.
static void *take_turns(void *arg)
{
    int self = (int)(long)arg;
    for (int n = 0; n < 200; n++) {
        pthread_mutex_lock(&lock);
        while (turn % THREADS != self)
            pthread_cond_wait(&turned, &lock);
        turn++;
        pthread_cond_broadcast(&turned);
        pthread_mutex_unlock(&lock);
    }
    return NULL;
}

static void spawn_and_join(void *(*start)(void *), long factor)
{
    pthread_t threads[THREADS];
    for (long n = 0; n < THREADS; n++)
        CHECK(pthread_create(&threads[n], NULL, start, (void *)n) == 0);
    for (long n = 0; n < THREADS; n++) {
        void *result;
        CHECK(pthread_join(threads[n], &result) == 0);
        CHECK((long)result == n * factor);
    }
}

static _Atomic int handled_by;

static void handler(int signal)
{
    (void)signal;
    handled_by = gettid();
}

static _Atomic int sleeper_tid;

static void *sleeper(void *arg)
{
    (void)arg;
    sleeper_tid = gettid();
    while (handled_by == 0)
        pause();
    return NULL;
}

// A signal that is blocked in all threads but one goes there.
static void directed_signals(void)
{
    struct sigaction action = { .sa_handler = handler };
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, sleeper, NULL) == 0);
    while (sleeper_tid == 0)
        sched_yield();
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    CHECK(pthread_sigmask(SIG_BLOCK, &set, NULL) == 0);
    CHECK(kill(getpid(), SIGUSR1) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(handled_by == sleeper_tid);
    CHECK(pthread_sigmask(SIG_UNBLOCK, &set, NULL) == 0);

    handled_by = 0;
    CHECK(syscall(SYS_tgkill, getpid(), gettid(), SIGUSR1) == 0);
    CHECK(handled_by == gettid());
    // Who has joined a thread may still see it for a moment.
    while (syscall(SYS_tgkill, getpid(), sleeper_tid, 0) == 0)
        sched_yield();
    CHECK(errno == ESRCH);
}

static void *forker(void *arg)
{
    (void)arg;
    for (int n = 0; n < 20; n++) {
        pid_t pid = fork();
        CHECK(pid >= 0);
        if (pid == 0) {
            // It is alone and the first of its process; malloc works, and so do new threads.
            CHECK(gettid() == getpid());
            char *text = malloc(100000);
            CHECK(text != NULL);
            memset(text, 1, 100000);
            free(text);
            pthread_t thread;
            CHECK(pthread_create(&thread, NULL, (void *(*)(void *))getpid, NULL) == 0);
            CHECK(pthread_join(thread, NULL) == 0);
            _exit(n);
        }
        EXITS(pid, n);
    }
    return NULL;
}

static _Atomic int churning = 1;

static void *churn(void *arg)
{
    (void)arg;
    while (churning) {
        void *memory = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        CHECK(memory != MAP_FAILED);
        *(char *)memory = 1;
        CHECK(munmap(memory, 65536) == 0);
        free(malloc(1000));
    }
    return NULL;
}

// Who one is changes in all threads, by a signal that libc sends itself, and which no other libc has taken.
static void identity(void)
{
    pthread_t thread;
    gid_t real, effective, saved;
    CHECK(getresgid(&real, &effective, &saved) == 0);
    CHECK(pthread_create(&thread, NULL, (void *(*)(void *))pause, NULL) == 0);
    CHECK(setresgid(real, effective, saved) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        CHECK(pthread_create(&thread, NULL, (void *(*)(void *))pause, NULL) == 0);
        CHECK(setresgid(real, effective, saved) == 0);
        _exit(3);
    }
    EXITS(pid, 3);
}

int main(void)
{
    CHECK(pthread_barrier_init(&together, NULL, THREADS) == 0);
    spawn_and_join(work, 2);
    CHECK(guarded == THREADS * ROUNDS && atomic_sum == THREADS * ROUNDS && reserved == THREADS * ROUNDS);
    CHECK(own == 7);
    spawn_and_join(take_turns, 0);
    CHECK(turn == THREADS * 200);
    directed_signals();

    pthread_t churner, fork_thread;
    CHECK(pthread_create(&churner, NULL, churn, NULL) == 0);
    CHECK(pthread_create(&fork_thread, NULL, forker, NULL) == 0);
    CHECK(pthread_join(fork_thread, NULL) == 0);
    churning = 0;
    CHECK(pthread_join(churner, NULL) == 0);

    // Many, one after the other.
    for (int n = 0; n < 300; n++) {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, (void *(*)(void *))getpid, NULL) == 0);
        CHECK(pthread_join(thread, NULL) == 0);
    }
    identity();
    return 0;
}
