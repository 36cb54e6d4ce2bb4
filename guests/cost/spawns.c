// 200 children by posix_spawn, which execute this program again.
#include <spawn.h>
#include <sys/wait.h>

extern char **environ;

int main(int argc, char **argv)
{
    char *again[] = { argv[0], "child", 0 };
    if (argc > 1)
        return 0;
    for (int n = 0; n < 200; n++) {
        pid_t pid;
        if (posix_spawn(&pid, argv[0], 0, 0, again, environ) != 0 || waitpid(pid, 0, 0) != pid)
            return 1;
    }
    return 0;
}
