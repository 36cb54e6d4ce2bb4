/* Forks and exits at once with 2; the child outlives it, says so on standard output and exits with 6. */

#include <stdio.h>
#include <unistd.h>

__attribute__((noinline)) static void after_parent(void)
{
    __asm__ volatile("");
}

int main(void)
{
    int hold[2];

    if (pipe(hold) != 0)
        return 255;
    pid_t child = fork();
    if (child < 0)
        return 255;
    if (child > 0)
        return 2;
    /* End of file comes when the parent, the only other writer, is gone. */
    char byte;
    close(hold[1]);
    if (read(hold[0], &byte, 1) != 0)
        return 255;
    after_parent();
    puts("the child is alone");
    return 6;
}
