// A program that executes itself 200 times.
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    int left = argc > 1 ? atoi(argv[1]) : 200;
    char text[16];
    if (left == 0)
        return 0;
    snprintf(text, sizeof text, "%d", left - 1);
    execl(argv[0], argv[0], text, (char *)0);
    return 1;
}
