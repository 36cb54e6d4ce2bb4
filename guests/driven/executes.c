// Executes itself as many times as it is told; stops after the tenth and at the end, says so, and waits for a byte. With a second argument it makes a timer
// first, which only an exec of the host's ends.
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    int left = atoi(argv[1]), first = atoi(argv[2]), timer;
    char text[16], byte;
    if (argc > 3 && syscall(SYS_timer_create, CLOCK_MONOTONIC, NULL, &timer) != 0)
        return 1;
    if (left == first - 10 || left == 0) {
        if (write(1, "here\n", 5) != 5 || read(0, &byte, 1) != 1)
            return 2;
    }
    if (left == 0)
        return 0;
    snprintf(text, sizeof text, "%d", left - 1);
    argv[1] = text;
    execv(argv[0], argv);
    return 3;
}
