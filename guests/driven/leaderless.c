// A thread executes the program again when the first one has left: from there on /proc/self leads nowhere.
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char **arguments;

static void *execute(void *first) {
    char path[64], state[256] = "";
    snprintf(path, sizeof path, "/proc/self/task/%d/status", getpid());
    pthread_join(*(pthread_t *)first, NULL);
    // It is gone for the kernel too: a zombie, until the last thread has left.
    while (!strstr(state, "Z (zombie)")) {
        FILE *file = fopen(path, "r");
        if (!file)
            _exit(2);
        (void)!fread(state, 1, sizeof state - 1, file);
        fclose(file);
    }
    execl(arguments[1], arguments[1], arguments[1], "again", NULL);
    _exit(3);
}

int main(int argc, char **argv) {
    static pthread_t first, second;
    if (argc > 2)
        return 0;
    arguments = argv;
    first = pthread_self();
    if (pthread_create(&second, NULL, execute, &first) != 0)
        return 1;
    pthread_exit(NULL);
}
