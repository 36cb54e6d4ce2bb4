// A thread sends itself SIGUSR1 in the handler of SIGUSR1, for ever; the first one waits for it.
#include <pthread.h>
#include <signal.h>
#include <stddef.h>

static void again(int signal) { raise(signal); }

static void *storm(void *unused) {
    struct sigaction action = {.sa_handler = again, .sa_flags = SA_RESTART};
    sigaction(SIGUSR1, &action, NULL);
    raise(SIGUSR1);
    return unused;
}

int main(void) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, storm, NULL) != 0)
        return 1;
    pthread_join(thread, NULL);
    return 2;
}
