/* A function that is called argv[1] times, for breakpoints with conditions, and memory for a debugger to look at. */
#include <stdio.h>
#include <stdlib.h>

volatile long total;
volatile long quiet[9];
char much[16 << 20];

__attribute__((noinline)) void work(long i, const char *name) {
    total += i;
    __asm__ volatile("" ::"r"(name) : "memory");
}

int main(int argc, char **argv) {
    long count = argc > 1 ? atol(argv[1]) : 10;
    for (long i = 0; i < count; i++)
        work(i, "name");
    printf("%ld\n", total);
    return 0;
}
