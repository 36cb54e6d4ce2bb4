// Prints the instructions that /proc/cpuinfo tells of.
#include "proc.h"

int main(void)
{
    slurp("/proc/cpuinfo");
    const char *isa = value("isa");
    return printf("%.*s\n", (int)(strchr(isa, '\n') - isa), isa) < 0;
}
