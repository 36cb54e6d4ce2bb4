// 100000 signals to itself.
#include <signal.h>

static void handler(int signal)
{
    (void)signal;
}

int main(void)
{
    signal(SIGUSR1, handler);
    for (int n = 0; n < 100000; n++)
        raise(SIGUSR1);
    return 0;
}
