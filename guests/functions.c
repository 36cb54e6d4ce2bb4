/* Functions for a debugger to call, steps to take and a frame to look at. Exits with 9 + 8. */

#include <stdio.h>

struct point {
    int x, y;
};

static int calls;

__attribute__((noinline)) int add(int a, int b)
{
    calls++;
    return a + b;
}

__attribute__((noinline)) double half(double x)
{
    calls++;
    return x / 2;
}

__attribute__((noinline)) struct point mirror(struct point p)
{
    calls++;
    return (struct point){ p.y, p.x };
}

__attribute__((noinline)) int say(const char *text)
{
    puts(text);
    return fflush(stdout);
}

__attribute__((noinline)) static int inner(int depth)
{
    if (depth == 0)
        return add(4, 5);
    return inner(depth - 1);
}

int main(void)
{
    int sum = inner(2);
    struct point p = mirror((struct point){ 1, 2 });
    double h = half(12);

    sum += p.x + (int)h;
    return sum;
}
