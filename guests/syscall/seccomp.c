// Filters on system calls: what they judge, what they answer, who inherits them.
#include "check.h"
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/ucontext.h>

#ifdef __riscv
#define ARCH AUDIT_ARCH_RISCV64
#else
#define ARCH AUDIT_ARCH_X86_64
#endif

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define ON(value, answer) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1), BPF_STMT(BPF_RET | BPF_K, answer)
#define OTHERWISE(answer) BPF_STMT(BPF_RET | BPF_K, answer)
#define PROGRAM(...)                                                                                                                               \
    (struct sock_fprog)                                                                                                                            \
    {                                                                                                                                              \
        .len = sizeof((struct sock_filter[]){__VA_ARGS__}) / sizeof(struct sock_filter), .filter = (struct sock_filter[]) { __VA_ARGS__ }          \
    }

static volatile int trapped_call, trapped_code, trapped_errno, trapped_arch;
static volatile unsigned long trapped_address, trapped_pc;

static void on_sys(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    ucontext_t *at = context;
    trapped_call = info->si_syscall;
    trapped_code = info->si_code;
    trapped_errno = info->si_errno;
    trapped_arch = info->si_arch;
    trapped_address = (unsigned long)info->si_call_addr;
#ifdef __riscv
    trapped_pc = at->uc_mcontext.__gregs[0];
    CHECK(at->uc_mcontext.__gregs[10] == 1234);
    at->uc_mcontext.__gregs[10] = 4321;
#else
    trapped_pc = at->uc_mcontext.gregs[REG_RIP];
    CHECK(at->uc_mcontext.gregs[REG_RDI] == 1234);
    at->uc_mcontext.gregs[REG_RAX] = 4321;
#endif
}

static int set(struct sock_fprog *program)
{
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, program);
}

static void strict(void)
{
    CHECK(prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) == 0);
    CHECK(write(1, "", 0) == 0);
    syscall(SYS_exit, 7);
}

static void strict_death(void)
{
    CHECK(syscall(SYS_seccomp, SECCOMP_SET_MODE_STRICT, 0, NULL) == 0);
    syscall(SYS_getpid);
}

static void kill_process(void)
{
    CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    CHECK(set(&PROGRAM(LOAD(nr), ON(SYS_sethostname, SECCOMP_RET_KILL_PROCESS), OTHERWISE(SECCOMP_RET_ALLOW))) == 0);
    syscall(SYS_sethostname, "x", 1);
}

static void unknown_answer(void)
{
    CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    CHECK(set(&PROGRAM(LOAD(nr), ON(SYS_sethostname, 0x12340000), OTHERWISE(SECCOMP_RET_ALLOW))) == 0);
    syscall(SYS_sethostname, "x", 1);
}

static void trap_unhandled(void)
{
    CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    CHECK(set(&PROGRAM(LOAD(nr), ON(SYS_sethostname, SECCOMP_RET_TRAP), OTHERWISE(SECCOMP_RET_ALLOW))) == 0);
    syscall(SYS_sethostname, "x", 1);
}

static void filters(void)
{
    // Without the promise of no new privileges, and without being root.
    CHECK(setresuid(65534, 65534, 65534) == 0);
    struct sock_fprog allow = PROGRAM(OTHERWISE(SECCOMP_RET_ALLOW));
    FAILS(set(&allow), EACCES);
    CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    FAILS(set(NOWHERE), EFAULT);
    FAILS(set(&PROGRAM(LOAD(nr))), EINVAL);
    FAILS(set(&PROGRAM(BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 0), OTHERWISE(SECCOMP_RET_ALLOW))), EINVAL);
    FAILS(set(&PROGRAM(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 64), OTHERWISE(SECCOMP_RET_ALLOW))), EINVAL);
    FAILS(set(&PROGRAM(BPF_STMT(BPF_LD | BPF_MEM, 1), OTHERWISE(SECCOMP_RET_ALLOW))), EINVAL);
    FAILS(set(&PROGRAM(BPF_STMT(BPF_ALU | BPF_MOD | BPF_K, 2), OTHERWISE(SECCOMP_RET_ALLOW))), EINVAL);
    FAILS(set(&PROGRAM(BPF_JUMP(BPF_JMP | BPF_JA, 1, 0, 0), OTHERWISE(SECCOMP_RET_ALLOW))), EINVAL);
    FAILS(set(&((struct sock_fprog){.len = 0, .filter = allow.filter})), EINVAL);
    FAILS(set(&((struct sock_fprog){.len = 5000, .filter = allow.filter})), EINVAL);
    FAILS(set(&((struct sock_fprog){.len = 1, .filter = NOWHERE})), EFAULT);
    FAILS(syscall(SYS_seccomp, 99, 0, NULL), EINVAL);
    FAILS(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0x8000, &allow), EINVAL);
    FAILS(syscall(SYS_seccomp, SECCOMP_SET_MODE_STRICT, 1, NULL), EINVAL);
    FAILS(prctl(PR_SET_SECCOMP, 9, &allow), EINVAL);
    CHECK(prctl(PR_GET_SECCOMP) == 0);
    uint32_t action = SECCOMP_RET_ERRNO;
    CHECK(syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0);
    action = 0x00070000;
    FAILS(syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action), EOPNOTSUPP);

    // The architecture, the number, the low half of an argument.
    CHECK(set(&PROGRAM(LOAD(arch), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0), OTHERWISE(SECCOMP_RET_KILL_PROCESS), LOAD(nr),
              BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getpriority, 0, 5), LOAD(args[1]), ON(1234, SECCOMP_RET_ERRNO | 77),
              ON(1235, SECCOMP_RET_ERRNO), OTHERWISE(SECCOMP_RET_ALLOW))) == 0);
    CHECK(prctl(PR_GET_SECCOMP) == 2);
    FAILS(syscall(SYS_getpriority, 0, 1234), 77);
    CHECK(syscall(SYS_getpriority, 0, 1235) == 0);
    CHECK(syscall(SYS_getpriority, 0, 0) > 0);
    FAILS(prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT), EINVAL);

    // The newer filter of two, and the stricter answer.
    CHECK(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &PROGRAM(LOAD(nr), ON(SYS_getpriority, SECCOMP_RET_ERRNO | 5), OTHERWISE(SECCOMP_RET_ALLOW))) == 0);
    FAILS(syscall(SYS_getpriority, 0, 1234), 5);
    CHECK(set(&PROGRAM(LOAD(nr), ON(SYS_getpriority, SECCOMP_RET_TRACE), ON(SYS_acct, SECCOMP_RET_TRACE), OTHERWISE(SECCOMP_RET_LOG))) == 0);
    FAILS(syscall(SYS_getpriority, 0, 0), 5);
    FAILS(syscall(SYS_acct, 0), ENOSYS);
    CHECK(set(&PROGRAM(LOAD(nr), ON(SYS_acct, SECCOMP_RET_ERRNO | 5000), OTHERWISE(SECCOMP_RET_ALLOW))) == 0);
    FAILS(syscall(SYS_acct, 0), 4095);

    // A trap.
    struct sigaction handle = {.sa_sigaction = on_sys, .sa_flags = SA_SIGINFO};
    CHECK(sigaction(SIGSYS, &handle, NULL) == 0);
    CHECK(set(&PROGRAM(LOAD(nr), ON(SYS_setuid, SECCOMP_RET_TRAP | 99), OTHERWISE(SECCOMP_RET_ALLOW))) == 0);
    CHECK(syscall(SYS_setuid, 1234) == 4321);
    CHECK(trapped_call == SYS_setuid && trapped_code == 1 && trapped_errno == 99 && (unsigned)trapped_arch == ARCH);
    CHECK(trapped_address == trapped_pc);

    // A child inherits.
    int status;
    pid_t child = fork();
    if (child == 0) {
        FAILS(syscall(SYS_getpriority, 0, 0), 5);
        CHECK(prctl(PR_GET_SECCOMP) == 2);
        _exit(0);
    }
    CHECK(waitpid(child, &status, 0) == child && status == 0);
}

int main(void)
{
    int status = status_of(strict);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 7);
    status = status_of(strict_death);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    status = status_of(kill_process);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
    status = status_of(unknown_answer);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
    status = status_of(trap_unhandled);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
    if (geteuid() == 0)
        CHECK(status_of(filters) == 0);
    return 0;
}
