// userfaultfd: a thread fills the pages that others come to. 77 if the kernel has none, or not for us.
#include "check.h"
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <setjmp.h>

#define PAGE 4096UL

static int fd;
static char *area, *pattern;
static volatile unsigned long faults, writes, protected;
static pid_t faulting;

// Fills each page that is missing with its number, and lets pages that are protected be written.
static void *fill(void *vector)
{
    for (;;) {
        struct uffd_msg message[2];
        memset(message, 0, sizeof message);
        ssize_t got;
        if (vector) {
            struct iovec parts[2] = {{message, 20}, {(char *)message + 20, sizeof message - 20}};
            got = readv(fd, parts, 2);
        } else {
            got = read(fd, message, sizeof message);
        }
        CHECK(got > 0 && got % sizeof message[0] == 0);
        for (unsigned i = 0; i < got / sizeof message[0]; i++) {
            CHECK(message[i].event == UFFD_EVENT_PAGEFAULT);
            char *page = (char *)(uintptr_t)(message[i].arg.pagefault.address & ~(PAGE - 1));
            CHECK(page >= area && page < area + 64 * PAGE);
            CHECK(message[i].arg.pagefault.feat.ptid == (unsigned)faulting);
            if (message[i].arg.pagefault.flags & UFFD_PAGEFAULT_FLAG_WP) {
                protected++;
                struct uffdio_writeprotect open = {.range = {(uintptr_t)page, PAGE}};
                CHECK(ioctl(fd, UFFDIO_WRITEPROTECT, &open) == 0);
                continue;
            }
            faults++;
            writes += message[i].arg.pagefault.flags & UFFD_PAGEFAULT_FLAG_WRITE;
            if (page == area + 63 * PAGE)
                return NULL;
            memset(pattern, (page - area) / PAGE, PAGE);
            struct uffdio_copy copy = {.dst = (uintptr_t)page, .src = (uintptr_t)pattern, .len = PAGE};
            CHECK(ioctl(fd, UFFDIO_COPY, &copy) == 0 && copy.copy == (long)PAGE);
        }
    }
}

static void stop(pthread_t thread)
{
    CHECK(pthread_join(thread, NULL) == 0);
}

static void *last(void *unused)
{
    faulting = syscall(SYS_gettid);
    return (void *)(uintptr_t) * (volatile char *)(area + 63 * PAGE + (uintptr_t)unused);
}

static void missing(void)
{
    pthread_t filler, other;
    faulting = getpid();
    CHECK(pthread_create(&filler, NULL, fill, NULL) == 0);
    CHECK(area[PAGE + 5] == 1 && faults == 1 && writes == 0);
    area[2 * PAGE] = 77;
    CHECK(area[2 * PAGE] == 77 && area[2 * PAGE + 1] == 2 && faults == 2 && writes == 1);
    CHECK(__atomic_fetch_add((unsigned *)(area + 3 * PAGE), 1, __ATOMIC_SEQ_CST) == 0x03030303 && faults == 3);
    // Across two pages, if the machine lets us.
    CHECK(memcmp(area + 5 * PAGE - 2, "\4\4\5\5", 4) == 0 && faults == 5);
    // System calls come to them as well.
    int ends[2];
    char in[8] = "";
    CHECK(pipe(ends) == 0 && write(ends[1], area + 6 * PAGE, 4) == 4 && read(ends[0], in, 8) == 4 && memcmp(in, "\6\6\6\6", 4) == 0);
    CHECK(write(ends[1], "text", 4) == 4 && read(ends[0], area + 7 * PAGE, 4) == 4 && memcmp(area + 7 * PAGE, "text\7", 5) == 0);
    struct stat about;
    FAILS(stat(area + 8 * PAGE, &about), ENAMETOOLONG);
    CHECK(stat("/", (struct stat *)(area + 10 * PAGE)) == 0 && faults >= 8);
    // One that is filled already, one of zeroes, one that is woken only.
    struct uffdio_copy copy = {.dst = (uintptr_t)area + PAGE, .src = (uintptr_t)pattern, .len = PAGE};
    FAILS(ioctl(fd, UFFDIO_COPY, &copy), EEXIST);
    CHECK(copy.copy == -EEXIST);
    struct uffdio_zeropage zero = {.range = {(uintptr_t)area + 20 * PAGE, 2 * PAGE}};
    CHECK(ioctl(fd, UFFDIO_ZEROPAGE, &zero) == 0 && zero.zeropage == (long)(2 * PAGE) && area[20 * PAGE] == 0 && area[21 * PAGE] == 0);
    // Given back, and asked for again.
    unsigned long before = faults;
    CHECK(madvise(area + PAGE, PAGE, MADV_DONTNEED) == 0 && area[PAGE] == 1 && faults == before + 1);
    void *gone = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    copy = (struct uffdio_copy){.dst = (uintptr_t)area + 30 * PAGE, .src = (uintptr_t)gone, .len = PAGE};
    FAILS(ioctl(fd, UFFDIO_COPY, &copy), EFAULT);
    copy.src = (uintptr_t)OUTSIDE;
    FAILS(ioctl(fd, UFFDIO_COPY, &copy), EINVAL);
    copy.dst = (uintptr_t)OUTSIDE;
    FAILS(ioctl(fd, UFFDIO_COPY, &copy), EINVAL);
    copy.dst = (uintptr_t)pattern;
    copy.src = (uintptr_t)pattern;
    FAILS(ioctl(fd, UFFDIO_COPY, &copy), ENOENT);

    // What may not be written.
    struct uffdio_writeprotect closed = {.range = {(uintptr_t)area + PAGE, 2 * PAGE}, .mode = UFFDIO_WRITEPROTECT_MODE_WP};
    CHECK(ioctl(fd, UFFDIO_WRITEPROTECT, &closed) == 0);
    CHECK(area[PAGE] == 1 && protected == 0);
    area[PAGE] = 9;
    area[2 * PAGE] = 9;
    area[2 * PAGE] = 10;
    CHECK(protected == 2 && area[PAGE] == 9 && area[2 * PAGE] == 10);

    // The last one is told to nobody who would fill it: we do.
    CHECK(pthread_create(&other, NULL, last, NULL) == 0);
    stop(filler);
    struct uffdio_zeropage one = {.range = {(uintptr_t)area + 63 * PAGE, PAGE}};
    CHECK(ioctl(fd, UFFDIO_ZEROPAGE, &one) == 0);
    void *seen;
    CHECK(pthread_join(other, &seen) == 0 && seen == NULL);
    CHECK(close(ends[0]) == 0 && close(ends[1]) == 0);

    // The same, with lists.
    CHECK(madvise(area, 64 * PAGE, MADV_DONTNEED) == 0);
    faulting = getpid();
    CHECK(pthread_create(&filler, NULL, fill, (void *)1) == 0);
    CHECK(area[PAGE + 5] == 1 && area[2 * PAGE + 5] == 2);
    CHECK(pthread_create(&other, NULL, last, NULL) == 0);
    stop(filler);
    CHECK(ioctl(fd, UFFDIO_ZEROPAGE, &one) == 0 && pthread_join(other, &seen) == 0);
}

static volatile uintptr_t bus_address;
static sigjmp_buf back;

static void bus(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)context;
    bus_address = (uintptr_t)info->si_addr;
    siglongjmp(back, 1);
}

// A signal in place of a message.
static void signals(void)
{
    int own = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
    struct uffdio_api api = {.api = UFFD_API, .features = UFFD_FEATURE_SIGBUS};
    CHECK(own >= 0 && ioctl(own, UFFDIO_API, &api) == 0);
    char *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct uffdio_register range = {.range = {(uintptr_t)page, PAGE}, .mode = UFFDIO_REGISTER_MODE_MISSING};
    CHECK(ioctl(own, UFFDIO_REGISTER, &range) == 0);
    struct sigaction action = {.sa_sigaction = bus, .sa_flags = SA_SIGINFO | SA_NODEFER};
    CHECK(sigaction(SIGBUS, &action, NULL) == 0);
    if (sigsetjmp(back, 1) == 0) {
        page[8] = 1;
        CHECK(!"filled");
    }
    CHECK(bus_address == (uintptr_t)page + 8);
    int ends[2];
    CHECK(pipe(ends) == 0);
    FAILS(write(ends[1], page, 1), EFAULT);
    FAILS(stat("/", (struct stat *)page), EFAULT);
    struct uffd_msg message;
    FAILS(read(own, &message, sizeof message), EAGAIN);
    struct uffdio_range whole = {(uintptr_t)page, PAGE};
    CHECK(ioctl(own, UFFDIO_UNREGISTER, &whole) == 0 && page[8] == 0);
    CHECK(close(own) == 0 && close(ends[0]) == 0 && close(ends[1]) == 0);
}

// Memory that is there already, but not in this mapping.
static void *show(void *unused)
{
    (void)unused;
    struct uffd_msg message;
    CHECK(read(fd, &message, sizeof message) == sizeof message && message.arg.pagefault.flags & UFFD_PAGEFAULT_FLAG_MINOR);
    struct uffdio_continue shown = {.range = {message.arg.pagefault.address & ~(PAGE - 1), PAGE}};
    CHECK(ioctl(fd, UFFDIO_CONTINUE, &shown) == 0 && shown.mapped == (long)PAGE);
    return NULL;
}

static void present(void)
{
    int file = memfd_create("minor", 0);
    CHECK(ftruncate(file, PAGE) == 0);
    char *one = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    char *other = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    struct uffdio_register range = {.range = {(uintptr_t)other, PAGE}, .mode = UFFDIO_REGISTER_MODE_MINOR};
    CHECK(ioctl(fd, UFFDIO_REGISTER, &range) == 0 && range.ioctls & 1 << _UFFDIO_CONTINUE);
    strcpy(one, "minor");
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, show, NULL) == 0);
    CHECK(strcmp(other, "minor") == 0 && pthread_join(thread, NULL) == 0);
    CHECK(munmap(other, PAGE) == 0 && munmap(one, PAGE) == 0 && close(file) == 0);
}

int main(void)
{
    fd = syscall(SYS_userfaultfd, O_CLOEXEC);
    if (fd < 0 && (errno == ENOSYS || errno == EPERM))
        return 77;
    CHECK(fd >= 0);
    struct uffdio_api api = {.api = UFFD_API, .features = 1ULL << 63};
    FAILS(ioctl(fd, UFFDIO_API, &api), EINVAL);
    CHECK(api.api == 0 && api.features == 0);
    api = (struct uffdio_api){.api = UFFD_API, .features = UFFD_FEATURE_THREAD_ID};
    CHECK(ioctl(fd, UFFDIO_API, &api) == 0 && api.features & UFFD_FEATURE_SIGBUS && api.ioctls & 1ULL << _UFFDIO_REGISTER);
    // Messages about the map are not to be had.
    CHECK_RISCV(!(api.features & (UFFD_FEATURE_EVENT_FORK | UFFD_FEATURE_EVENT_UNMAP)));
    area = mmap(NULL, 64 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(posix_memalign((void **)&pattern, PAGE, PAGE) == 0);
    struct uffdio_register range = {.range = {(uintptr_t)area, 64 * PAGE},
                                    .mode = UFFDIO_REGISTER_MODE_MISSING | UFFDIO_REGISTER_MODE_WP};
    CHECK(ioctl(fd, UFFDIO_REGISTER, &range) == 0 && range.ioctls & 1 << _UFFDIO_COPY);
    struct uffdio_register wrong = range;
    wrong.range.start = (uintptr_t)OUTSIDE;
    FAILS(ioctl(fd, UFFDIO_REGISTER, &wrong), EINVAL);
    FAILS(ioctl(fd, UFFDIO_REGISTER, OUTSIDE), EFAULT);
    FAILS(ioctl(0, UFFDIO_WAKE, &range), ENOTTY);
    // /dev/userfaultfd makes them too.
    int device = open("/dev/userfaultfd", O_RDWR), other;
    if (device >= 0) {
        CHECK((other = ioctl(device, USERFAULTFD_IOC_NEW, O_CLOEXEC)) >= 0);
        api = (struct uffdio_api){.api = UFFD_API};
        CHECK(ioctl(other, UFFDIO_API, &api) == 0 && close(other) == 0 && close(device) == 0);
    }
    missing();
    signals();
    present();
    CHECK(munmap(area, 64 * PAGE) == 0 && close(fd) == 0);
    return 0;
}
