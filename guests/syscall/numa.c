// Memory nodes: every machine has at least one.
#include "check.h"

#define MPOL_DEFAULT 0
#define MPOL_BIND 2
#define MPOL_F_ADDR 2
#define MPOL_F_MEMS_ALLOWED 4

int main(void)
{
    unsigned long nodes[16] = {0};
    int mode = -1;
    if (syscall(SYS_get_mempolicy, &mode, NULL, 0, NULL, 0) != 0) {
        CHECK(errno == ENOSYS || errno == EPERM);
        return 0;
    }
    CHECK(mode == MPOL_DEFAULT);
    CHECK(syscall(SYS_get_mempolicy, NULL, nodes, 8 * sizeof nodes, NULL, MPOL_F_MEMS_ALLOWED) == 0 && nodes[0] != 0);
    char *p = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(p, 1, 8192);
    CHECK(syscall(SYS_mbind, p, 4096L, MPOL_BIND, nodes, 8 * sizeof nodes, 0) == 0);
    CHECK(syscall(SYS_get_mempolicy, &mode, NULL, 0, p, MPOL_F_ADDR) == 0 && mode == MPOL_BIND);
    CHECK(syscall(SYS_get_mempolicy, &mode, NULL, 0, p + 4096, MPOL_F_ADDR) == 0 && mode == MPOL_DEFAULT);
    FAILS(syscall(SYS_get_mempolicy, &mode, NULL, 0, NOWHERE, MPOL_F_ADDR), EFAULT);
    FAILS(syscall(SYS_get_mempolicy, NOWHERE, NULL, 0, NULL, 0), EFAULT);
    FAILS(syscall(SYS_mbind, p + 1, 4096L, MPOL_BIND, nodes, 8 * sizeof nodes, 0), EINVAL);
    FAILS(syscall(SYS_mbind, NOWHERE, 4096L, MPOL_BIND, nodes, 8 * sizeof nodes, 0), EFAULT);
    FAILS(syscall(SYS_mbind, p, 4096L, MPOL_BIND, NOWHERE, 8 * sizeof nodes, 0), EFAULT);
    FAILS(syscall(SYS_mbind, p, 4096L, 99, nodes, 8 * sizeof nodes, 0), EINVAL);
    CHECK(syscall(SYS_set_mempolicy, MPOL_BIND, nodes, 8 * sizeof nodes) == 0);
    CHECK(syscall(SYS_get_mempolicy, &mode, NULL, 0, NULL, 0) == 0 && mode == MPOL_BIND);
    CHECK(syscall(SYS_set_mempolicy, MPOL_DEFAULT, NULL, 0L) == 0);
    void *pages[3] = {p, p + 4096, NOWHERE};
    int status[3] = {-1, -1, 0};
    CHECK(syscall(SYS_move_pages, 0, 3L, pages, NULL, status, 0) == 0);
    CHECK(status[0] >= 0 && status[1] >= 0 && status[2] < 0);
    FAILS(syscall(SYS_move_pages, 0, 3L, NOWHERE, NULL, status, 0), EFAULT);
    FAILS(syscall(SYS_move_pages, 0, 3L, pages, NULL, status, 99), EINVAL);
    return 0;
}
