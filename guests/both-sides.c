/* Forks, and both sides count for ever. */

#include <unistd.h>

static volatile long rounds;

__attribute__((noinline)) static void rest(void)
{
    rounds++;
    usleep(1000);
}

int main(void)
{
    fork();
    for (;;)
        rest();
}
