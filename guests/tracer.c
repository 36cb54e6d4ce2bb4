// Exits with 1 if it is traced, with 4 more if its child is: what programs look at that behave otherwise under a debugger.
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static int traced(void) {
    char line[256];
    int pid = -1;
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "TracerPid: %d", &pid) == 1)
            break;
    return pid < 0 ? 2 : pid > 0;
}

int main(void) {
    int own = traced(), status;
    pid_t child = fork();
    if (child == 0)
        _exit(traced());
    // gdb lets the child go before it looks.
    if (waitpid(child, &status, 0) != child || !WIFEXITED(status))
        return 3;
    return own + 4 * WEXITSTATUS(status);
}
