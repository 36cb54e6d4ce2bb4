// A hundred thousand fresh pages, written one by one.
#include <sys/mman.h>

enum { PAGES = 1000, PAGE = 4096 };

int main(void)
{
    for (int n = 0; n < 100; n++) {
        volatile char *at = mmap(0, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (at == MAP_FAILED)
            return 1;
        for (int page = 0; page < PAGES; page++)
            at[page * PAGE] = 1;
        if (munmap((void *)at, PAGES * PAGE) != 0)
            return 1;
    }
    return 0;
}
