/* No more processes are allowed, so fork fails with EAGAIN, and the program goes on. Root is not limited by RLIMIT_NPROC:
 * it becomes somebody else first. Exits with 0, or the number of the check that failed. */

#include <errno.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

__attribute__((noinline)) static void after_fork(pid_t child)
{
    __asm__ volatile("" : : "r"(child));
}

int main(void)
{
    struct rlimit none = { 0, 0 };

    if (getuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
        return 1;
    if (setrlimit(RLIMIT_NPROC, &none) != 0)
        return 2;
    errno = 0;
    pid_t child = fork();
    int error = errno;
    after_fork(child);
    if (child == 0)
        _exit(9);
    if (child > 0)
        return 3;
    return error == EAGAIN ? 0 : 4;
}
