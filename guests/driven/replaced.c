// Prints a number that is in its code, waits for a byte, and executes what its file is by then; ends with its input.
#include <stdio.h>
#include <unistd.h>

__attribute__((noinline, noclone)) int number(void)
{
    return 0x123;
}

int main(int argc, char **argv)
{
    char byte;
    (void)argc;
    // More than once: code is translated when it is executed for the second time.
    for (int n = 0; n < 3; n++)
        if (number() >> 8 != 1)
            return 1;
    printf("%x\n", number());
    if (fflush(stdout) != 0 || read(0, &byte, 1) != 1)
        return 0;
    execv(argv[0], argv);
    return 2;
}
