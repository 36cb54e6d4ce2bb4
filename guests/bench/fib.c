/* Recursive Fibonacci: calls, returns, stack traffic. */
/* cc: -O2 */
#include "bench.h"

__attribute__((noinline)) static long fib(long n) {
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

int main(int argc, char **argv) {
    printf("%ld\n", fib(repeats(argc, argv, 36)));
    return 0;
}
