/* Pages that a thread fills in when they are touched, by userfaultfd(2): withheld.
 *
 * cc: -pthread
 *
 * look() is called before the first page is touched and after it, while the second never is. Where userfaultfd is not to be had there is no memory
 * instead until the first page is needed. Exits with what is in it, 42. */

#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef UFFD_USER_MODE_ONLY
#define UFFD_USER_MODE_ONLY 1
#endif

char *area;
int rounds;

__attribute__((noinline)) void look(void)
{
    rounds++;
}

static void *fill(void *argument)
{
    int fd = *(int *)argument;
    static char page[4096];
    memset(page, 42, sizeof page);
    for (;;) {
        struct pollfd waits = {fd, POLLIN, 0};
        struct uffd_msg message;
        poll(&waits, 1, -1);
        if (read(fd, &message, sizeof message) == sizeof message) {
            struct uffdio_copy copy = {
                .dst = message.arg.pagefault.address & -4096ul, .src = (unsigned long)page, .len = sizeof page};
            ioctl(fd, UFFDIO_COPY, &copy);
        }
    }
    return NULL;
}

int main(void)
{
    area = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int fd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK | UFFD_USER_MODE_ONLY);
    struct uffdio_api api = {.api = UFFD_API};
    struct uffdio_register registered = {.range = {(unsigned long)area, 8192}, .mode = UFFDIO_REGISTER_MODE_MISSING};
    int there = fd >= 0 && ioctl(fd, UFFDIO_API, &api) == 0 && ioctl(fd, UFFDIO_REGISTER, &registered) == 0;
    if (!there) {
        int silent[2];
        munmap(area, 8192);
        pipe(silent);
        fd = silent[0];
    }
    pthread_t thread;
    pthread_create(&thread, NULL, fill, &fd);
    look();
    if (!there)
        memset(mmap(area, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0), 42, 4096);
    int found = area[100];
    look();
    return found;
}
