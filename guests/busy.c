/* Never ends: busy spin computes for ever, busy sleep sleeps for ever;
 * busy fork computes for ever in a child, and the parent exits with the signal that ended it. */

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile unsigned long turns;

__attribute__((noinline)) static void spin(void)
{
    for (;;)
        turns++;
}

__attribute__((noinline)) static void sleep_long(void)
{
    for (;;)
        sleep(1000);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "sleep") == 0)
        sleep_long();
    if (argc > 1 && strcmp(argv[1], "fork") == 0) {
        int status = 0;
        pid_t child = fork();

        if (child != 0)
            return child > 0 && waitpid(child, &status, 0) == child && WIFSIGNALED(status) ? WTERMSIG(status) : 255;
    }
    spin();
}
