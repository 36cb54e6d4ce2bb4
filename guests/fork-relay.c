/* One fork after another: fork-relay [COUNT] [child|parent]. "child": each parent ends at once and its child goes on, the last one ends with
 * 42. "parent": each child ends at once and the parent goes on when it has seen it, and ends with 42. */

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    int count = argc > 1 ? atoi(argv[1]) : 10;
    int child_goes_on = argc > 2 && strcmp(argv[2], "child") == 0;

    for (int i = 0; i < count; i++) {
        pid_t child = fork();
        if (child < 0)
            return 1;
        if ((child == 0) != child_goes_on)
            _exit(0);
        if (child > 0 && waitpid(child, NULL, 0) != child)
            return 2;
    }
    return 42;
}
