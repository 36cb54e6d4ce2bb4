/* Threads with names of their own that take turns: threads [COUNT] [fork].
 *
 * cc: -pthread
 *
 * Each waits until it is its turn, calls work() and hands on; the exit status is the number of calls. With "fork" the first of them forks in its turn,
 * while the others live; the child exits with 10, which is added. */

#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t turned = PTHREAD_COND_INITIALIZER;
/* Below zero: so many are not there yet, with their names. */
static long turn;
static int calls;
static int forks;

__attribute__((noinline)) static void work(long number)
{
    __asm__ volatile("" : : "r"(number));
    calls++;
}

__attribute__((noinline)) static void in_child(void)
{
    __asm__ volatile("");
    _exit(10);
}

static void fork_once(void)
{
    int status;
    pid_t child = fork();
    if (child == 0)
        in_child();
    if (child > 0 && waitpid(child, &status, 0) == child)
        calls += WEXITSTATUS(status);
}

static void *run(void *argument)
{
    long own = (long)argument;
    char name[16];
    snprintf(name, sizeof name, "worker-%ld", own);
    pthread_setname_np(pthread_self(), name);
    pthread_mutex_lock(&lock);
    if (++turn == 0)
        pthread_cond_broadcast(&turned);
    while (turn != own)
        pthread_cond_wait(&turned, &lock);
    work(own);
    if (forks && own == 0)
        fork_once();
    turn++;
    pthread_cond_broadcast(&turned);
    pthread_mutex_unlock(&lock);
    return NULL;
}

int main(int argc, char **argv)
{
    long count = argc > 1 ? atol(argv[1]) : 3;
    pthread_t threads[64];
    forks = argc > 2 && strcmp(argv[2], "fork") == 0;
    turn = -count;
    for (long i = 0; i < count; i++)
        if (pthread_create(&threads[i], NULL, run, (void *)i))
            return 100;
    for (long i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    return calls;
}
