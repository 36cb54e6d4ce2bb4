/* Stores to an address that is not mapped. */

int main(void)
{
    volatile int *nowhere = (int *)0xdead000;

    *nowhere = 1;
    return 1;
}
