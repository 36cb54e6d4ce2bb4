// Waits until /proc says of its thread that a debugger has stopped it.
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

volatile int tid;

__attribute__((noinline)) void stop_here(void) { asm volatile(""); }

static void *run(void *arg) {
    tid = (int)syscall(SYS_gettid);
    for (;;)
        stop_here();
    return arg;
}

// The state in a file of /proc of the thread, which is behind `mark` there.
static char state(const char *file, const char *mark) {
    char path[64], text[512] = "";
    snprintf(path, sizeof path, "/proc/self/task/%d/%s", tid, file);
    FILE *stream = fopen(path, "r");
    size_t len = stream ? fread(text, 1, sizeof text - 1, stream) : 0;
    if (stream)
        fclose(stream);
    text[len] = 0;
    char *found = strstr(text, mark);
    return found ? found[strlen(mark)] : '?';
}

int main(void) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, run, NULL) != 0)
        return 2;
    for (int i = 0; i < 100000; i++) {
        usleep(1000);
        if (tid != 0 && state("status", "State:\t") == 't' && state("stat", ") ") == 't')
            return 0;
    }
    return 1;
}
