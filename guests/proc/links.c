// A link from elsewhere that leads to /proc shows the guest too, and never the emulator's memory.
#include "proc.h"

static char wanted[sizeof text];

int main(void)
{
    char folder[] = "/tmp/tine-links-XXXXXX", name[64];
    CHECK(mkdtemp(folder) != NULL && chdir(folder) == 0);
    CHECK(symlink("/proc/self/maps", "maps") == 0 && symlink("/proc/self", "self") == 0 && symlink("/proc/self/mem", "mem") == 0);

    CHECK(slurp("/proc/self/maps") > 0 && strstr(text, "[stack]"));
    strcpy(wanted, text);
    CHECK(slurp("maps") > 0 && !strcmp(text, wanted));
    snprintf(name, sizeof name, "%s/self/maps", folder);
    CHECK(slurp(name) > 0 && !strcmp(text, wanted));

    // mem is the guest's: what main begins with is read at its address, and nothing is where the guest has nothing.
    int fd = open("mem", O_RDONLY);
    CHECK(fd >= 0);
    unsigned char byte;
    CHECK(pread(fd, &byte, 1, (off_t)main) == 1 && byte == *(unsigned char *)main);
    CHECK(pread(fd, &byte, 1, 0x7fff00000000 - 0x10000000000) == -1);
    CHECK(close(fd) == 0);
    CHECK(unlink("maps") == 0 && unlink("self") == 0 && unlink("mem") == 0 && chdir("/") == 0 && rmdir(folder) == 0);
    return 0;
}
