// Threads that make the same indirect jumps to ever other places: each comes to where its own register says.
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>

enum { THREADS = 4, ROUNDS = 1000000 };

#define EIGHT(X, n) X(n##0) X(n##1) X(n##2) X(n##3) X(n##4) X(n##5) X(n##6) X(n##7)
#define ALL(X) EIGHT(X, 0) EIGHT(X, 01) EIGHT(X, 02) EIGHT(X, 03)
#define PLACE(n) __attribute__((noinline)) static uint64_t place_##n(uint64_t x) { return x * 64 + n; }
#define NAME(n) place_##n,

ALL(PLACE)
static uint64_t (*const places[])(uint64_t) = { ALL(NAME) };

static void *run(void *seed)
{
    uint64_t state = (uint64_t)(uintptr_t)seed;
    for (int n = 0; n < ROUNDS; n++) {
        state = state * 6364136223846793005 + 1442695040888963407;
        unsigned to = state >> 59;
        if (places[to](n) != (uint64_t)n * 64 + to)
            return (void *)1;
    }
    return NULL;
}

int main(void)
{
    pthread_t threads[THREADS];
    for (uintptr_t n = 0; n < THREADS; n++)
        if (pthread_create(&threads[n], NULL, run, (void *)(n + 1)) != 0)
            return __LINE__;
    for (int n = 0; n < THREADS; n++) {
        void *failed;
        if (pthread_join(threads[n], &failed) != 0)
            return __LINE__;
        if (failed != NULL)
            return __LINE__;
    }
    return 0;
}
