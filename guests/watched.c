/* Accesses of all kinds to variables that a debugger watches: argv[1] says which part runs. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

volatile long counter;
volatile char bytes[16] __attribute__((aligned(16)));
volatile double real;
_Atomic long shared;
char buffer[64];
volatile long neighbour;

/* Here a debugger stops before a part, and inserts what it wants. */
__attribute__((noinline)) void begin(void) { __asm__ volatile("" ::: "memory"); }

static void stores(void) {
    counter = 1;
    counter = 1; /* the same value */
    counter = 2;
    real = 1.5;
    bytes[7] = 'x';
    *(volatile short *)(bytes + 6) = 0x4142;
    *(volatile long *)(bytes + 8) = 9; /* beside it */
    for (int i = 0; i < 100000; i++)
        neighbour += i; /* not watched, and hot */
    counter = 3;
}

static void loads(void) {
    long sum = neighbour;
    sum += counter;
    sum += bytes[7];
    printf("%ld\n", sum);
}

static void atomics(void) {
    atomic_fetch_add(&shared, 5);
    long expected = 5;
    atomic_compare_exchange_strong(&shared, &expected, 6);
    expected = 77;
    atomic_compare_exchange_strong(&shared, &expected, 7); /* fails: it reads only */
    atomic_store(&shared, 8);
}

static void calls(void) {
    int ends[2];
    if (pipe(ends) != 0)
        exit(1);
    if (write(ends[1], "to be read\n", 11) != 11)
        exit(2);
    if (read(ends[0], buffer, 3) != 3) /* buffer[4] is not reached */
        exit(3);
    struct iovec list[2] = {{buffer, 4}, {buffer + 8, 16}};
    if (readv(ends[0], list, 2) != 8)
        exit(4);
    if (write(ends[1], buffer, 12) != 12)
        exit(5);
}

static void *adds(void *argument) {
    for (long i = 0; i < 3; i++)
        atomic_fetch_add(&shared, (long)argument);
    return NULL;
}

static void threads(void) {
    pthread_t ids[4];
    for (long i = 0; i < 4; i++)
        pthread_create(&ids[i], NULL, adds, (void *)(i + 1));
    for (int i = 0; i < 4; i++)
        pthread_join(ids[i], NULL);
    printf("%ld\n", (long)shared);
}

static void forks(void) {
    pid_t child = fork();
    if (child == 0) {
        counter = 10;
        _exit((int)counter);
    }
    int status;
    waitpid(child, &status, 0);
    counter = WEXITSTATUS(status) + 1;
}

int main(int argc, char **argv) {
    setvbuf(stdout, NULL, _IONBF, 0);
    struct {
        const char *name;
        void (*run)(void);
    } parts[] = {{"stores", stores}, {"loads", loads},     {"atomics", atomics},
                 {"calls", calls},   {"threads", threads}, {"forks", forks}};
    begin();
    for (unsigned i = 0; i < sizeof parts / sizeof *parts; i++)
        if (argc > 1 && strcmp(argv[1], parts[i].name) == 0)
            parts[i].run();
    return 0;
}
