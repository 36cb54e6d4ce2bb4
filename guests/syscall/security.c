// Keys, Landlock, Linux security modules, capabilities, namespaces.
#include "check.h"
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <sys/prctl.h>

#define NR_CREATE_RULESET 444
#define NR_ADD_RULE 445
#define NR_RESTRICT_SELF 446
#define EXECUTE 1
#define READ_FILE 4

struct __attribute__((packed)) beneath {
    uint64_t allowed;
    int32_t parent;
};

static void keys(void)
{
    char buffer[128];
    if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, "tine") < 0) {
        // A container may have none.
        CHECK(errno == ENOSYS || errno == EPERM);
        return;
    }
    int key = syscall(SYS_add_key, "user", "tine-key", "secret", 6, KEY_SPEC_SESSION_KEYRING);
    CHECK(key > 0);
    CHECK(syscall(SYS_request_key, "user", "tine-key", NULL, 0) == key);
    CHECK(syscall(SYS_keyctl, KEYCTL_READ, key, buffer, sizeof buffer) == 6 && memcmp(buffer, "secret", 6) == 0);
    CHECK(syscall(SYS_keyctl, KEYCTL_UPDATE, key, "other", 5) == 0);
    CHECK(syscall(SYS_keyctl, KEYCTL_READ, key, buffer, sizeof buffer) == 5);
    CHECK(syscall(SYS_keyctl, KEYCTL_DESCRIBE, key, buffer, sizeof buffer) > 10 && strncmp(buffer, "user;", 5) == 0);
    CHECK(syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_SESSION_KEYRING, "user", "tine-key", 0) == key);
    CHECK(syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0) > 0);
    FAILS(syscall(SYS_keyctl, KEYCTL_READ, key, NOWHERE, 128), EFAULT);
    FAILS(syscall(SYS_add_key, "user", NOWHERE, "x", 1, KEY_SPEC_SESSION_KEYRING), EFAULT);
    FAILS(syscall(SYS_add_key, "user", "name", NOWHERE, 1, KEY_SPEC_SESSION_KEYRING), EFAULT);
    FAILS(syscall(SYS_keyctl, 9999, 0, 0, 0, 0), EOPNOTSUPP);
    CHECK(syscall(SYS_keyctl, KEYCTL_UNLINK, key, KEY_SPEC_SESSION_KEYRING) == 0);
    FAILS(syscall(SYS_request_key, "user", "tine-key", NULL, 0), ENOKEY);
}

static void copy_self(const char *name)
{
    char buffer[65536];
    ssize_t len;
    int from = open("/proc/self/exe", O_RDONLY), to = open(name, O_CREAT | O_WRONLY, 0700);
    while ((len = read(from, buffer, sizeof buffer)) > 0)
        CHECK(write(to, buffer, len) == len);
    CHECK(len == 0 && close(from) == 0 && close(to) == 0);
}

// What is not beneath the folder cannot be read any more.
static void landlock(void)
{
    char folder[] = "/tmp/tine-landlock-XXXXXX", inside[64];
    CHECK(mkdtemp(folder) != NULL);
    snprintf(inside, sizeof inside, "%s/file", folder);
    CHECK(close(creat(inside, 0600)) == 0);
    if (syscall(NR_CREATE_RULESET, NULL, 0L, 1) < 0) {
        CHECK(errno == ENOSYS || errno == EOPNOTSUPP || errno == EPERM);
        return;
    }
    FAILS(syscall(NR_CREATE_RULESET, NOWHERE, 8L, 0), EFAULT);
    FAILS(syscall(NR_CREATE_RULESET, NULL, 8L, 0), EFAULT);
    uint64_t handled = READ_FILE;
    FAILS(syscall(NR_CREATE_RULESET, &handled, 1L, 0), EINVAL);
    int rules = syscall(NR_CREATE_RULESET, &handled, 8L, 0);
    CHECK(rules >= 0);
    struct beneath rule = {READ_FILE, open(folder, O_PATH | O_CLOEXEC)};
    CHECK(sizeof rule == 12 && rule.parent >= 0);
    CHECK(syscall(NR_ADD_RULE, rules, 1, &rule, 0) == 0);
    FAILS(syscall(NR_ADD_RULE, rules, 1, NOWHERE, 0), EFAULT);
    FAILS(syscall(NR_ADD_RULE, rules, 9, &rule, 0), EINVAL);
    rule.parent = 0x7000;
    FAILS(syscall(NR_ADD_RULE, rules, 1, &rule, 0), EBADF);
    int status;
    pid_t child = fork();
    if (child == 0) {
        CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && syscall(NR_RESTRICT_SELF, rules, 0) == 0);
        CHECK(open(inside, O_RDONLY) >= 0);
        FAILS(open("/etc/passwd", O_RDONLY), EACCES);
        _exit(0);
    }
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    // What is beneath it is all that can be executed, also by a child in shared memory.
    handled = EXECUTE;
    rules = syscall(NR_CREATE_RULESET, &handled, 8L, 0);
    rule = (struct beneath){EXECUTE, open(folder, O_PATH | O_CLOEXEC)};
    CHECK(rules >= 0 && syscall(NR_ADD_RULE, rules, 1, &rule, 0) == 0);
    // And what links this program, where it is linked when it starts.
    const char *linkers[] = {"/lib", "/lib64", "/usr/lib"};
    for (unsigned n = 0; n < sizeof linkers / sizeof *linkers; n++) {
        rule.parent = open(linkers[n], O_PATH | O_CLOEXEC);
        CHECK(rule.parent < 0 || syscall(NR_ADD_RULE, rules, 1, &rule, 0) == 0);
    }
    char program[64], outside[] = "/proc/self/exe";
    snprintf(program, sizeof program, "%s/program", folder);
    copy_self(program);
    child = fork();
    if (child == 0) {
        CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && syscall(NR_RESTRICT_SELF, rules, 0) == 0);
        FAILS(execl(outside, outside, "nothing", NULL), EACCES);
        pid_t second = vfork();
        if (second == 0) {
            execl(program, program, "nothing", NULL);
            _exit(1);
        }
        CHECK(waitpid(second, &status, 0) == second && status == 0);
        execl(program, program, "nothing", NULL);
        _exit(2);
    }
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    CHECK(unlink(program) == 0);
    CHECK(unlink(inside) == 0 && rmdir(folder) == 0);
}

static void capabilities(void)
{
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct sets[2];
    CHECK(syscall(SYS_capget, &header, sets) == 0);
    CHECK(syscall(SYS_capset, &header, sets) == 0);
    header.version = 1;
    FAILS(syscall(SYS_capget, &header, sets), EINVAL);
    CHECK(header.version == _LINUX_CAPABILITY_VERSION_3);
    FAILS(syscall(SYS_capget, NOWHERE, sets), EFAULT);

    int status;
    pid_t child = fork();
    if (child == 0) {
        int own = open("/proc/self/ns/uts", O_RDONLY);
        CHECK(own >= 0);
        if (unshare(CLONE_NEWUTS) != 0)
            _exit(errno == EPERM ? 0 : 1);
        CHECK(sethostname("elsewhere", 9) == 0);
        char name[32];
        CHECK(gethostname(name, sizeof name) == 0 && strcmp(name, "elsewhere") == 0);
        CHECK(setns(own, CLONE_NEWUTS) == 0);
        CHECK(gethostname(name, sizeof name) == 0 && strcmp(name, "elsewhere") != 0);
        FAILS(setns(own, CLONE_NEWNET), EINVAL);
        _exit(0);
    }
    CHECK(waitpid(child, &status, 0) == child && status == 0);
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1)
        return 0;
    if (geteuid() != 0)
        return 0;
    keys();
    landlock();
    capabilities();
    uint64_t ids[16];
    uint32_t size = sizeof ids;
    CHECK(syscall(461, ids, &size, 0) >= 0 && size % 8 == 0);
    size = 0;
    CHECK(syscall(461, ids, &size, 0) == -1 ? errno == E2BIG : size == 0);
    FAILS(syscall(461, NOWHERE, NOWHERE, 0), EFAULT);
    return 0;
}
