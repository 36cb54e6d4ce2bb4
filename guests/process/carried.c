// What a child of vfork does to the memory is its parent's, whatever it does: a vfork that gives the child a copy has to bring all of it back.
#include "check.h"
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#define PAGE 4096

static const char *self;
static volatile int seen[3];
static char *volatile heap;
static char many[600 * PAGE] __attribute__((aligned(PAGE)));

#define IN_CHILD(status) for (pid_t pid_ = vfork(), once_ = 1; once_; once_ = (pid_ == 0 ? (_exit(status), 0) : ({ EXITS(pid_, status); 0; }))) if (pid_ == 0)

static char *map(size_t pages, int flags, int fd)
{
    char *at = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, flags, fd, 0);
    CHECK(at != MAP_FAILED);
    return at;
}

static void data(void)
{
    volatile int local = 1;
    IN_CHILD(7) {
        local = 2;
        seen[0] = 3;
        for (int n = 0; n < 600; n++)
            many[n * PAGE + n] = (char)(n + 1);
    }
    CHECK(local == 2 && seen[0] == 3);
    for (int n = 0; n < 600; n++)
        CHECK(many[n * PAGE + n] == (char)(n + 1));
}

static void mappings(void)
{
    static char *volatile blocks[40], *volatile anonymous, *volatile moved, *volatile private, *volatile shared, *volatile stack;
    char *gone = map(2, MAP_PRIVATE | MAP_ANONYMOUS, -1), *closed = map(2, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    char *dropped = map(3, MAP_PRIVATE | MAP_ANONYMOUS, -1), *old = map(1, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    char *kept = map(1, MAP_PRIVATE | MAP_ANONYMOUS, -1), *between = map(1, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    memset(dropped, 'd', 3 * PAGE);
    old[5] = 'o';
    char *before = sbrk(0), name[] = "/tmp/carried-XXXXXX";
    int file = mkstemp(name);
    CHECK(file >= 0 && unlink(name) == 0);
    char page[PAGE];
    memset(page, 'f', PAGE);
    CHECK(write(file, page, PAGE) == PAGE && write(file, page, PAGE) == PAGE && close(file) == 0);
    IN_CHILD(8) {
        for (int n = 0; n < 40; n++) {
            blocks[n] = malloc(n == 39 ? 900000 : 20000);
            memset(blocks[n], n, 20000);
        }
        anonymous = map(3, MAP_PRIVATE | MAP_ANONYMOUS, -1);
        anonymous[PAGE] = 'a';
        closed[0] = 'c';
        mprotect(closed, PAGE, PROT_NONE);
        madvise(dropped + PAGE, PAGE, MADV_DONTNEED);
        // Something is in the way.
        between[0] = 'b';
        moved = mremap(old, PAGE, 50 * PAGE, MREMAP_MAYMOVE);
        moved[49 * PAGE] = 'm';
        int fd = open("/proc/self/exe", O_RDONLY);
        private = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
        private[1] = 'p';
        close(fd);
        fd = memfd_create("carried", 0);
        ftruncate(fd, PAGE);
        shared = map(1, MAP_SHARED, fd);
        shared[2] = 's';
        close(fd);
        stack = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN, -1, 0);
        *(volatile char *)(stack + 3) = 'g';
        kept[9] = 'k';
        munmap(gone, PAGE);
    }
    CHECK((char *)sbrk(0) > before);
    for (int n = 0; n < 40; n++)
        for (int at = 0; at < 20000; at++)
            CHECK(blocks[n][at] == n);
    for (int n = 0; n < 40; n++)
        free(blocks[n]);
    CHECK(anonymous[PAGE] == 'a' && anonymous[0] == 0 && between[0] == 'b');
    unsigned char there;
    CHECK(mincore(gone, PAGE, &there) == -1 && errno == ENOMEM && mincore(gone + PAGE, PAGE, &there) == 0);
    CHECK(write(1, closed, 1) == -1 && errno == EFAULT);
    CHECK(mprotect(closed, PAGE, PROT_READ) == 0 && closed[0] == 'c');
    CHECK(dropped[0] == 'd' && dropped[PAGE] == 0 && dropped[2 * PAGE] == 'd');
    CHECK(moved[5] == 'o' && moved[49 * PAGE] == 'm');
    CHECK(private[0] == 0x7f && private[1] == 'p' && private[2] == 'L');
    CHECK(shared[2] == 's' && stack[3] == 'g' && kept[9] == 'k');
}

static void kept_back(void)
{
    char *wiped = map(1, MAP_PRIVATE | MAP_ANONYMOUS, -1), *not_forked = map(1, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    wiped[0] = not_forked[0] = 'x';
    CHECK(madvise(wiped, PAGE, MADV_WIPEONFORK) == 0 && madvise(not_forked, PAGE, MADV_DONTFORK) == 0);
    IN_CHILD(9) {
        wiped[0]++;
        not_forked[0]++;
    }
    CHECK(wiped[0] == 'y' && not_forked[0] == 'y');
    CHECK(munmap(wiped, PAGE) == 0 && munmap(not_forked, PAGE) == 0);
}

// Children of its own, which have its pages too.
static void descendants(void)
{
    static volatile pid_t other;
    seen[1] = 0;
    IN_CHILD(10) {
        seen[1] = 1;
        other = fork();
        if (other == 0) {
            seen[1] = 100;
            pause();
        }
    }
    CHECK(seen[1] == 1 && kill(other, SIGKILL) == 0);
    IN_CHILD(11) {
        IN_CHILD(12) {
            seen[2] = 2;
            many[PAGE] = 'n';
        }
        seen[1] += seen[2];
    }
    CHECK(seen[1] == 3 && seen[2] == 2 && many[PAGE] == 'n');
    seen[1] = 0;
    IN_CHILD(13) {
        pid_t inner = vfork();
        if (inner == 0) {
            seen[1] = 5;
            execl(self, self, "status", NULL);
        }
        EXITS(inner, 44);
    }
    CHECK(seen[1] == 5);
}

// Programs of this kind and of the host's, and those that are not.
static void executes(void)
{
    pid_t pid = vfork();
    if (pid == 0) {
        seen[0] = 20;
        execl("/no/such/program", "x", NULL);
        seen[1] = errno;
        heap = malloc(500000);
        execl(self, self, "status", NULL);
    }
    CHECK(seen[0] == 20 && seen[1] == ENOENT);
    EXITS(pid, 44);
    pid = vfork();
    if (pid == 0) {
        seen[0] = 21;
        many[0] = 'h';
        execl("/bin/sh", "sh", "-c", "exit 46", NULL);
        _exit(1);
    }
    CHECK(seen[0] == 21 && many[0] == 'h');
    EXITS(pid, 46);
}

// However it ends.
static void ends(void)
{
    int status;
    pid_t pid = vfork();
    if (pid == 0) {
        seen[0] = 30;
        kill(getpid(), SIGTERM);
    }
    CHECK(seen[0] == 30 && waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
    pid = vfork();
    if (pid == 0) {
        seen[0] = 31;
        *(volatile int *)8 = 0;
    }
    CHECK(seen[0] == 31 && waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
    // With nobody to wait for it.
    struct sigaction ignored = { .sa_handler = SIG_IGN, .sa_flags = SA_NOCLDWAIT };
    CHECK(sigaction(SIGCHLD, &ignored, NULL) == 0);
    for (volatile int n = 0; n < 50; n++) {
        pid = vfork();
        if (pid == 0) {
            seen[0] = n;
            raise(SIGKILL);
        }
        CHECK(waitpid(pid, &status, 0) == -1 && errno == ECHILD);
    }
    CHECK(signal(SIGCHLD, SIG_DFL) != SIG_ERR);
    // Another user may not look into the emulator's /proc.
    if (getuid() == 0) {
        IN_CHILD(14) {
            setuid(65534);
            seen[0] = 33;
            many[5 * PAGE] = 'u';
        }
        CHECK(seen[0] == 33 && many[5 * PAGE] == 'u');
    }
    IN_CHILD(15) {
        struct rlimit none = { 0, 0 };
        setrlimit(RLIMIT_NOFILE, &none);
        seen[0] = 34;
        many[6 * PAGE] = 'l';
    }
    CHECK(seen[0] == 34 && many[6 * PAGE] == 'l');
}

// A parent that waits can be ended, and its child lives on.
static void waits(void)
{
    int status, fds[2];
    pid_t sleeper;
    CHECK(pipe(fds) == 0);
    pid_t parent = fork();
    if (parent == 0) {
        if (vfork() == 0) {
            sleeper = getpid();
            if (write(fds[1], &sleeper, sizeof sleeper) == sizeof sleeper)
                sleep(100);
            _exit(0);
        }
        _exit(18);
    }
    CHECK(read(fds[0], &sleeper, sizeof sleeper) == sizeof sleeper);
    CHECK(kill(parent, SIGTERM) == 0);
    CHECK(waitpid(parent, &status, 0) == parent && WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
    CHECK(kill(sleeper, SIGKILL) == 0 && close(fds[0]) == 0 && close(fds[1]) == 0);
}

#ifdef __riscv
// Code that a child writes is the parent's to run, though it has run other code there.
static void code(void)
{
    unsigned *at = mmap(NULL, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(at != MAP_FAILED);
    at[0] = 0x00100513; // li a0, 1
    at[1] = 0x00008067; // ret
    __builtin___clear_cache((char *)at, (char *)(at + 2));
    CHECK(((int (*)(void))at)() == 1);
    IN_CHILD(16) {
        at[0] = 0x00200513;
        __builtin___clear_cache((char *)at, (char *)(at + 1));
        CHECK(((int (*)(void))at)() == 2);
    }
    CHECK(((int (*)(void))at)() == 2);
    IN_CHILD(17) {
        at[0] = 0x00300513;
        mprotect(at, PAGE, PROT_READ | PROT_EXEC);
    }
    CHECK(((int (*)(void))at)() == 3);
}
#endif

int main(int argc, char **argv)
{
    if (argc > 1)
        return 44;
    static char path[PATH_MAX];
    CHECK(realpath(argv[0], path) != NULL);
    self = path;
    data();
    mappings();
    descendants();
    executes();
    ends();
    waits();
#ifdef __riscv
    code();
#endif
    kept_back();
    data();
    return 0;
}
