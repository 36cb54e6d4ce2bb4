/* An expression parser: recursive descent over text, evaluated as it goes. */
/* cc: -O2 */
#include "bench.h"
#include <ctype.h>

static const char *at;
static long variables[26];

static long sum(void);

static void blanks(void) {
    while (*at == ' ')
        at++;
}

static long factor(void) {
    blanks();
    if (*at == '(') {
        at++;
        long value = sum();
        blanks();
        at++;
        return value;
    }
    if (*at == '-') {
        at++;
        return -factor();
    }
    if (isalpha((unsigned char)*at))
        return variables[*at++ - 'a'];
    long value = 0;
    while (isdigit((unsigned char)*at))
        value = value * 10 + *at++ - '0';
    return value;
}

static long product(void) {
    long value = factor();
    for (;;) {
        blanks();
        char operation = *at;
        if (operation != '*' && operation != '/' && operation != '%')
            return value;
        at++;
        long other = factor();
        switch (operation) {
        case '*': value *= other; break;
        case '/': value = other ? value / other : 0; break;
        default: value = other ? value % other : 0; break;
        }
    }
}

static long sum(void) {
    long value = product();
    for (;;) {
        blanks();
        if (*at == '+')
            at++, value += product();
        else if (*at == '-')
            at++, value -= product();
        else
            return value;
    }
}

int main(int argc, char **argv) {
    static const char *const lines[] = {
        "1 + 2 * (3 - x) * 44 / (y + 5)", "((a + b) * (c - d)) % 1009 + 7 * 8 - 9", "-(x * x) + 2 * x * y - y * y + 12345",
        "1+2+3+4+5+6+7+8+9*10*11*12%13", "((((((((1+x)*2)+y)*3)+z)*4)+a)*5)"};
    long total = 0;
    for (long round = repeats(argc, argv, 120000); round > 0; round--) {
        for (int i = 0; i < 26; i++)
            variables[i] = round % (i + 17);
        for (int i = 0; i < 5; i++) {
            at = lines[i];
            total = total * 3 + sum();
        }
    }
    printf("%ld\n", total);
    return 0;
}
