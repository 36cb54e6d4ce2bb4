// 1000 threads, one after the other.
#include <pthread.h>

static void *nothing(void *arg)
{
    return arg;
}

int main(void)
{
    for (int n = 0; n < 1000; n++) {
        pthread_t thread;
        if (pthread_create(&thread, 0, nothing, 0) != 0 || pthread_join(thread, 0) != 0)
            return 1;
    }
    return 0;
}
