/* A chain of forks: fork-chain [DEPTH] [fork|clone].
 *
 * Each parent makes a pipe, forks, writes its position to its child and waits for it; the child checks the position
 * and becomes the next parent. The last one exits with DEPTH and each parent with its child's status minus one: the first one's
 * 0 proves that all of them lived to their end. */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Called on both sides of every fork: a place for a breakpoint. */
__attribute__((noinline)) static void break_after_fork(void)
{
    __asm__ volatile("");
}

static pid_t fork_by(const char *mode)
{
    if (strcmp(mode, "clone") == 0)
        return syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    return fork();
}

static void require(int holds, const char *what)
{
    if (!holds) {
        perror(what);
        exit(255);
    }
}

int main(int argc, char **argv)
{
    int depth = argc > 1 ? atoi(argv[1]) : 42;
    const char *mode = argc > 2 ? argv[2] : "fork";

    for (int position = 0; position < depth; position++) {
        int link[2], status;
        unsigned char byte = position;

        require(pipe(link) == 0, "pipe");
        pid_t child = fork_by(mode);
        require(child >= 0, "fork");
        break_after_fork();
        if (child > 0) {
            require(write(link[1], &byte, 1) == 1, "write");
            require(waitpid(child, &status, 0) == child, "waitpid");
            require(WIFEXITED(status) && WEXITSTATUS(status) > 0, "child's status");
            return WEXITSTATUS(status) - 1;
        }
        byte = 255;
        require(read(link[0], &byte, 1) == 1, "read");
        require(byte == position, "position");
        close(link[0]);
        close(link[1]);
    }
    return depth;
}
