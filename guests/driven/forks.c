/* A child after so many forks: forks COUNT. Parent and child say "here" and wait for a byte each. */

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void stand(void)
{
    char byte;
    if (write(1, "here\n", 5) != 5 || read(0, &byte, 1) != 1)
        _exit(1);
}

int main(int argc, char **argv)
{
    int count = argc > 1 ? atoi(argv[1]) : 0, status;

    for (int n = 0; n < count; n++) {
        pid_t child = fork();
        if (child == 0)
            _exit(0);
        if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
            return 2;
    }
    pid_t child = fork();
    if (child == 0) {
        stand();
        _exit(0);
    }
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
        return 3;
    stand();
    return 0;
}
