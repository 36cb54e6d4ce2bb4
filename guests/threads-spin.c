/* Threads that make and join threads, and one that spins: whoever stops them stops some in the middle of their birth or death.
 *
 * cc: -pthread
 *
 * threads-spin MILLISECONDS: exits with 0 after that time. */

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

static atomic_int over;
static atomic_long births;

static void *be(void *argument)
{
    births++;
    return argument;
}

static void *make(void *argument)
{
    while (!over) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, be, argument) == 0)
            pthread_join(thread, NULL);
    }
    return NULL;
}

static void *spin(void *argument)
{
    while (!over)
        ;
    return argument;
}

int main(int argc, char **argv)
{
    long milliseconds = argc > 1 ? atol(argv[1]) : 1000;
    struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    pthread_t threads[3];
    for (int i = 0; i < 3; i++)
        pthread_create(&threads[i], NULL, i ? make : spin, NULL);
    while (nanosleep(&time, &time))
        ;
    over = 1;
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    return births == 0;
}
