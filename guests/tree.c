/* A tree of five processes with two threads each: 0 is the parent of 1 and 2, 1 of 3 and 4; the odd ones are forked by the first thread, the
 * even ones by the second. Each process waits for its children, however they end, and ends with 10 plus its number; 0 with 0. */

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

static int number;

static int node(int me);

/* A fork that fails is a branch that is missing. */
static void plant(int child)
{
    if (fork() == 0)
        _exit(node(child));
}

static void *beside(void *nothing)
{
    if (number < 2)
        plant(2 * number + 2);
    return nothing;
}

static int node(int me)
{
    pthread_t thread;

    number = me;
    int made = pthread_create(&thread, NULL, beside, NULL) == 0;
    if (me < 2)
        plant(2 * me + 1);
    if (made)
        pthread_join(thread, NULL);
    while (wait(NULL) > 0)
        ;
    return me == 0 ? 0 : 10 + me;
}

int main(void)
{
    return node(0);
}
