// What a process of several threads sees of them in /proc.
#include "proc.h"
#include <pthread.h>

static pthread_barrier_t ready, done;
static volatile pid_t tids[3];
static char expected[1 << 18];

static void *thread(void *argument)
{
    long number = (long)argument;
    char name[16];
    snprintf(name, sizeof name, "thread %ld", number);
    CHECK(prctl(PR_SET_NAME, name) == 0);
    tids[number] = gettid();
    pthread_barrier_wait(&ready);
    pthread_barrier_wait(&done);
    return NULL;
}

int main(void)
{
    pthread_t threads[2];
    char path[100];
    tids[2] = getpid();
    CHECK(!pthread_barrier_init(&ready, NULL, 3) && !pthread_barrier_init(&done, NULL, 3));
    for (long i = 0; i < 2; i++)
        CHECK(!pthread_create(&threads[i], NULL, thread, (void *)i));
    pthread_barrier_wait(&ready);

    slurp("/proc/self/status");
    CHECK(strtol(value("Threads"), NULL, 10) == 3);
    slurp("/proc/self/stat");
    CHECK(field(20) == 3);
    int seen = 0;
    DIR *dir = opendir("/proc/self/task");
    CHECK(dir != NULL);
    for (struct dirent *entry; (entry = readdir(dir));)
        for (int i = 0; i < 3; i++)
            seen += atoi(entry->d_name) == tids[i] ? 1 << i : entry->d_name[0] == '.' ? 0 : 8;
    CHECK(seen == 7 + 8 * 6 && closedir(dir) == 0);

    // Each has a folder, below its process's and by itself, and they share what is the process's.
    slurp("/proc/self/maps");
    memcpy(expected, text, sizeof expected);
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "/proc/self/task/%d/comm", tids[i]);
        CHECK(slurp(path) == 9 && text[7] == '0' + i);
        snprintf(path, sizeof path, "/proc/self/task/%d/maps", tids[i]);
        slurp(path);
        CHECK(!strcmp(text, expected));
        snprintf(path, sizeof path, "/proc/%d/maps", tids[i]);
        slurp(path);
        CHECK(!strcmp(text, expected));
        snprintf(path, sizeof path, "/proc/%d/status", tids[i]);
        slurp(path);
        CHECK(strtol(value("Tgid"), NULL, 10) == getpid() && strtol(value("Pid"), NULL, 10) == tids[i]);
        snprintf(path, sizeof path, "/proc/%d/exe", tids[i]);
        struct stat s, t;
        CHECK(stat(path, &s) == 0 && stat("/proc/self/exe", &t) == 0 && s.st_ino == t.st_ino);
    }
    snprintf(path, sizeof path, "/proc/self/task/%d/maps", getppid());
    FAILS(open(path, O_RDONLY), ENOENT);

    pthread_barrier_wait(&done);
    for (int i = 0; i < 2; i++)
        CHECK(!pthread_join(threads[i], NULL));
    return 0;
}
