/* A program that executes itself: exec-self [main|thread|fails|host|memory].
 *
 * cc: -pthread
 *
 * "main": the first thread does it while another sleeps; "thread": another one does it; both exit with 7 in the second life. "fails": it
 * tries something that is not there first. "host": it executes a program of the host's, which exits with 3. "memory": it executes a copy of itself
 * that has no name. */

#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static char **arguments;

__attribute__((noinline)) static void before_exec(void)
{
    __asm__ volatile("");
}

__attribute__((noinline)) static int second_life(void)
{
    __asm__ volatile("");
    return 7;
}

static void *execute(void *path)
{
    char *again[] = {arguments[0], "again", NULL};
    before_exec();
    execv(path, again);
    return NULL;
}

static void execute_copy(void)
{
    char *again[] = {arguments[0], "again", NULL}, part[4096];
    int self = open("/proc/self/exe", O_RDONLY), copy = memfd_create("copy", MFD_CLOEXEC);
    ssize_t len;
    while ((len = read(self, part, sizeof part)) > 0)
        if (write(copy, part, len) != len)
            return;
    before_exec();
    fexecve(copy, again, environ);
}

static void *sleep_on(void *argument)
{
    pause();
    return argument;
}

int main(int argc, char **argv)
{
    const char *mode = argc > 1 ? argv[1] : "main";
    pthread_t thread;
    arguments = argv;
    if (strcmp(mode, "again") == 0)
        return second_life();
    if (strcmp(mode, "host") == 0) {
        before_exec();
        execl("/bin/sh", "sh", "-c", "exit 3", (char *)NULL);
        return 101;
    }
    if (strcmp(mode, "memory") == 0) {
        execute_copy();
        return 103;
    }
    if (strcmp(mode, "fails") == 0)
        execute("/nowhere/to/be/found");
    if (strcmp(mode, "thread") == 0) {
        pthread_create(&thread, NULL, execute, argv[0]);
        pthread_join(thread, NULL);
        return 102;
    }
    pthread_create(&thread, NULL, sleep_on, NULL);
    execute(argv[0]);
    return 100;
}
