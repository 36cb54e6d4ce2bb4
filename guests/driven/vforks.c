/* Children of vfork, one after the other: vforks COUNT. They change the map, fail to execute, and execute; somebody may kill them. */

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    volatile int count = argc > 1 ? atoi(argv[1]) : 0;
    static char *volatile blocks[2];

    if (argc > 2)
        return 0;
    for (volatile int n = 0; n < count; n++) {
        int status;
        pid_t child = vfork();
        if (child == 0) {
            blocks[0] = malloc(200000);
            blocks[1] = malloc(100);
            if (n % 4 == 0)
                execl("/no/such/program", "it", NULL);
            execl(argv[0], argv[0], "0", "child", NULL);
            _exit(1);
        }
        if (child < 0 || waitpid(child, &status, 0) != child)
            return 2;
        if (status != 0 && (!WIFSIGNALED(status) || WTERMSIG(status) != 9))
            return 3;
    }
    return 0;
}
