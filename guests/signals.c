/* Signals that a process sends to itself: signals [queue|stop|stopped].
 *
 * "queue": SIGUSR2 with the value 42; exits with the value that its handler has read. "stop": SIGSTOP; exits with 3 when it goes on. "stopped": the same, but a child sends it. */

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int value;

static void take(int number, siginfo_t *info, void *context)
{
    (void)number;
    (void)context;
    value = info->si_value.sival_int;
}

__attribute__((noinline)) static void before(void)
{
    __asm__ volatile("");
}

int main(int argc, char **argv)
{
    struct sigaction action = { .sa_sigaction = take, .sa_flags = SA_SIGINFO };

    sigaction(SIGUSR2, &action, 0);
    before();
    if (argc > 1 && strcmp(argv[1], "stop") == 0) {
        raise(SIGSTOP);
        return 3;
    }
    if (argc > 1 && strcmp(argv[1], "stopped") == 0) {
        pid_t child = fork();

        if (child == 0) {
            usleep(100000);
            kill(getppid(), SIGSTOP);
            _exit(0);
        }
        before();
        waitpid(child, 0, 0);
        return 3;
    }
    sigqueue(getpid(), SIGUSR2, (union sigval){ .sival_int = 42 });
    return value;
}
