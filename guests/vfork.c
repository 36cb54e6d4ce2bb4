/* vfork: the child uses its parent's memory, and the parent waits: vfork [exit|slow|exec|many].
 *
 * "slow": the child says that it is there and exits a second later; "exit": the child exits with 3; "exec": it executes this program anew, which exits with 4; "many": twenty children, one after the other, half of
 * them of either kind. The exit status is the child's plus 40 if the parent has seen what the child has stored ("many": 40 if all went well). */

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int seen;

__attribute__((noinline)) static void in_child(void)
{
    seen++;
}

__attribute__((noinline)) static void in_parent(void)
{
    __asm__ volatile("");
}

__attribute__((noinline)) static int second_life(void)
{
    __asm__ volatile("");
    return 4;
}

static int run(char **argv, int execute, int slow)
{
    int status;
    pid_t child = vfork();
    if (child == 0) {
        in_child();
        if (slow && write(1, "inside\n", 7) == 7)
            sleep(1);
        if (execute)
            execl(argv[0], argv[0], "again", (char *)NULL);
        _exit(execute ? 100 : 3);
    }
    in_parent();
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
        return 101;
    return WEXITSTATUS(status);
}

int main(int argc, char **argv)
{
    const char *mode = argc > 1 ? argv[1] : "exit";
    if (strcmp(mode, "again") == 0)
        return second_life();
    if (strcmp(mode, "many") == 0) {
        for (int i = 0; i < 20; i++)
            if (run(argv, i % 2, 0) != 3 + i % 2)
                return 1;
        return seen == 20 ? 40 : 2;
    }
    int status = run(argv, strcmp(mode, "exec") == 0, strcmp(mode, "slow") == 0);
    return seen == 1 ? 40 + status : status;
}
