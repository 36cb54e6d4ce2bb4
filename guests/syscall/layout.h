// Prints layouts: a name of the emulator's table, the size, and each field with its offset and its size. A test compares them.
#include <stddef.h>
#include <stdio.h>

#define BEGIN(name, type)                                                                                                                          \
    {                                                                                                                                              \
        typedef type T;                                                                                                                            \
        printf(#name " %zu", sizeof(T));
#define FIELD(name, field) printf(" " #name ":%zu:%zu", offsetof(T, field), sizeof(((T *)0)->field));
#define END                                                                                                                                        \
    puts("");                                                                                                                                      \
    }
