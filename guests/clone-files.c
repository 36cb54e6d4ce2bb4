/* A child that shares its parent's descriptors, but not its memory: what it opens its parent reads from. */

#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Both sides come here; the debugger has a breakpoint for the parent. */
__attribute__((noinline)) static int descriptor(int opened)
{
    return opened;
}

int main(void)
{
    int status = 0;
    pid_t pid = syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);

    if (pid == 0)
        _exit(descriptor(open("/dev/zero", O_RDONLY)));
    if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
        return 1;
    char byte = 1;
    return read(descriptor(WEXITSTATUS(status)), &byte, 1) == 1 && byte == 0 ? 0 : 2;
}
