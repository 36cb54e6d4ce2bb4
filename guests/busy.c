/* Never ends: busy spin computes for ever, busy sleep sleeps for ever. */

#include <string.h>
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
    spin();
}
