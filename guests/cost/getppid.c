// A million system calls that do nothing.
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    for (int n = 0; n < 1000000; n++)
        syscall(SYS_getppid);
    return 0;
}
