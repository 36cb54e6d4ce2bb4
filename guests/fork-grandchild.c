/* main forks a child, the child forks a grandchild: each waits for its own. The grandchild exits with 3, the child with 3 + 4, the
 * first process with 7 + 5. */

#include <sys/wait.h>
#include <unistd.h>

__attribute__((noinline)) static void in_child(void)
{
    __asm__ volatile("");
}

__attribute__((noinline)) static void in_grandchild(void)
{
    __asm__ volatile("");
}

static int wait_for(pid_t child)
{
    int status;

    if (waitpid(child, &status, 0) != child || !WIFEXITED(status))
        _exit(255);
    return WEXITSTATUS(status);
}

int main(void)
{
    pid_t child = fork();

    if (child > 0)
        return wait_for(child) + 5;
    in_child();
    pid_t grandchild = fork();
    if (grandchild > 0)
        return wait_for(grandchild) + 4;
    in_grandchild();
    return 3;
}
