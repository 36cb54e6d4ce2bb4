// Prints the name that the process has from the start.
#include "proc.h"

int main(void)
{
    slurp("/proc/self/comm");
    return printf("%s", text) < 0;
}
