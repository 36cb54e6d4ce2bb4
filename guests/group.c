// Sends SIGTERM to its process group, in which only it should be, and waits for the signal.
#include <signal.h>
#include <unistd.h>

int main(void) {
    kill(0, SIGTERM);
    for (;;)
        pause();
}
