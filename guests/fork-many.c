/* Children side by side: fork-many [COUNT]. All are there when all_here() is called; each ends by itself, and the exit status says how many did. */

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

__attribute__((noinline)) static void in_child(int number)
{
    __asm__ volatile("" ::"r"(number));
}

__attribute__((noinline)) static void all_here(int count)
{
    __asm__ volatile("" ::"r"(count));
}

int main(int argc, char **argv)
{
    int count = argc > 1 ? atoi(argv[1]) : 10;
    int ended = 0, status;

    for (int i = 0; i < count; i++) {
        pid_t child = fork();
        if (child < 0)
            return 200;
        if (child == 0) {
            in_child(i);
            _exit(0);
        }
    }
    all_here(count);
    while (wait(&status) > 0)
        ended += status == 0;
    return ended;
}
