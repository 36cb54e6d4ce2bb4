// Calls a function again and again, for tracepoints: what they collect changes with every call. With a second argument a child does so first.
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct pair { long first, second; };

long total;
char name[32] = "none";
double half;

__attribute__((noinline)) long work(long i, struct pair *pair) {
    long local = i * 3;
    pair->first += local;
    total += i;
    half = i / 2.0;
    return local + pair->second;
}

__attribute__((noinline)) void end(void) { asm volatile(""); }

int main(int argc, char **argv) {
    struct pair pair = {1, 2};
    long rounds = argc > 1 ? atol(argv[1]) : 5;
    pid_t child = argc > 2 ? fork() : 0;
    if (child > 0)
        waitpid(child, NULL, 0);
    for (long i = 0; i < rounds; i++) {
        snprintf(name, sizeof name, "round %ld", i);
        work(i, &pair);
    }
    if (argc > 2 && child == 0)
        return 0;
    end();
    return 0;
}
