/* A child that shares its parent's memory, and is neither a thread nor waited for before it begins. It counts for its parent, four rounds, and ends with 5;
 * the parent counts two after it has ended, and exits with 0 if all was counted in one memory. */

#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

static volatile int counted;

__attribute__((noinline)) static void count(void)
{
    counted++;
}

__attribute__((noinline)) static void count_for_parent(void)
{
    counted++;
}

static int child(void *argument)
{
    (void)argument;
    for (int i = 0; i < 3; i++)
        count_for_parent();
    count();
    return 5;
}

int main(void)
{
    const size_t size = 65536;
    char *stack = malloc(size);
    int status = 0;
    pid_t pid = clone(child, stack + size, CLONE_VM | SIGCHLD, NULL);

    if (pid < 0 || waitpid(pid, &status, 0) != pid || WEXITSTATUS(status) != 5)
        return 1;
    count();
    count();
    return counted == 6 ? 0 : 2;
}
