/* Four threads that fork as fast as they can: fork-storm [COUNT], so many each. Ends with 42 if every child has ended with 0. */

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static atomic_int good;

static void *storm(void *count)
{
    for (long i = 0; i < (long)count; i++) {
        int status;
        pid_t child = fork();
        if (child == 0)
            _exit(0);
        if (child > 0 && waitpid(child, &status, 0) == child && status == 0)
            good++;
    }
    return NULL;
}

int main(int argc, char **argv)
{
    long count = argc > 1 ? atol(argv[1]) : 10;
    pthread_t threads[4];

    for (int i = 0; i < 4; i++)
        if (pthread_create(&threads[i], NULL, storm, (void *)count) != 0)
            return 1;
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    return good == 4 * count ? 42 : 2;
}
