/* A program that is executed out of memory finds itself: /proc/self/exe is that memory. */

#include "../syscall/check.h"

#include <sys/mman.h>

#define SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

extern char **environ;

static void again(void)
{
    char link[64] = "";
    CHECK(readlink("/proc/self/exe", link, sizeof link - 1) > 0);
    CHECK(strcmp(link, "/memfd:copy (deleted)") == 0);
    int self = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    CHECK(self >= 0 && fcntl(self, F_GET_SEALS) == SEALS);
    struct stat by_name, by_number;
    CHECK(stat("/proc/self/exe", &by_name) == 0 && fstat(self, &by_number) == 0);
    CHECK(by_name.st_ino == by_number.st_ino && by_name.st_size == by_number.st_size && by_name.st_size > 4096);
    char magic[4];
    CHECK(read(self, magic, 4) == 4 && memcmp(magic, "\177ELF", 4) == 0);
}

int main(int argc, char **argv)
{
    if (argc == 1) {
        again();
        if (strcmp(argv[0], "first") == 0)
            execl("/proc/self/exe", "second", NULL);
        return strcmp(argv[0], "second") == 0 ? 0 : 9;
    }
    int self = open("/proc/self/exe", O_RDONLY), copy = memfd_create("copy", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    char part[4096];
    ssize_t len;
    while ((len = read(self, part, sizeof part)) > 0)
        CHECK(write(copy, part, len) == len);
    CHECK(len == 0 && fcntl(copy, F_ADD_SEALS, SEALS) == 0);
    char *arguments[] = { "first", NULL };
    fexecve(copy, arguments, environ);
    return 8;
}
