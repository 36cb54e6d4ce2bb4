// A process that may not write files has a view of /proc, executes programs, and changes its own vDSO, as others do.
#include "../proc/proc.h"
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

static int ends_well(pid_t child)
{
    int status;
    CHECK(child > 0 && waitpid(child, &status, 0) == child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int main(int argc, char **argv)
{
    (void)argv;
    char *vdso = (char *)getauxval(AT_SYSINFO_EHDR);
    CHECK(vdso != NULL && memcmp(vdso, "\177ELF", 4) == 0);
    if (argc > 1)
        return 0;
    char self[PATH_MAX];
    long len = readlink("/proc/self/exe", self, sizeof self - 1);
    CHECK(len > 0);
    self[len] = 0;

    // The vDSO is the process's own.
    pid_t child = fork();
    if (child == 0) {
        CHECK(mprotect(vdso, 4096, PROT_READ | PROT_WRITE | PROT_EXEC) == 0);
        vdso[0] = 1;
        slurp("/proc/self/maps");
        CHECK(strstr(text, "[vdso]") != NULL);
        _exit(0);
    }
    CHECK(ends_well(child) && vdso[0] == 0177);

    CHECK(setrlimit(RLIMIT_FSIZE, &(struct rlimit){0, 0}) == 0);
    slurp("/proc/self/maps");
    CHECK(strstr(text, "[vdso]") != NULL && strstr(text, "limited") != NULL);
    slurp("/proc/self/status");
    CHECK(strstr(text, "Name:\tlimited") != NULL);
    child = fork();
    if (child == 0) {
        execl(self, "limited", "again", NULL);
        _exit(1);
    }
    CHECK(ends_well(child));
    return 0;
}
