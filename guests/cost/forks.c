// 1000 children, one after the other.
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    for (int n = 0; n < 1000; n++) {
        pid_t pid = fork();
        if (pid == 0)
            _exit(0);
        if (pid < 0 || waitpid(pid, 0, 0) != pid)
            return 1;
    }
    return 0;
}
