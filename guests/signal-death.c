/* Dies of the signal whose number it is given: signal-death NUMBER. */

#include <signal.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    raise(argc > 1 ? atoi(argv[1]) : SIGTERM);
    return 1;
}
