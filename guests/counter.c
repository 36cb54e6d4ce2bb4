/* Says "ready", or what the variable READY says, and counts: counter [ROUNDS] exits with 7 after so many, and never without. */

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static volatile long rounds;

__attribute__((noinline)) static void tick(void)
{
    rounds++;
    usleep(1000);
}

int main(int argc, char **argv)
{
    const char *text = getenv("READY");
    long most = argc > 1 ? atol(argv[1]) : 0;

    puts(text ? text : "ready");
    fflush(stdout);
    while (most == 0 || rounds < most)
        tick();
    return 7;
}
