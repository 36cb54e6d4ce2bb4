// Variables that share a word: each store writes all of it.
static struct {
    volatile unsigned long low : 8, middle : 16, high : 16;
} word;

__attribute__((noinline)) void begin(void) { __asm__ volatile("" ::: "memory"); }

int main(void) {
    begin();
    word.middle = 5;
    word.low = 1;
    word.high = 7;
    word.middle = 6;
    return 0;
}
