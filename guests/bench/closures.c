/* A small language with tables, closures and tagged values, run by a register machine with computed jumps: the loop of a script. */
/* cc: -O2 */
#include "bench.h"

enum op { MOVE, LOADK, ADD, SUB, LESS, JUMP, TEST, GET, SET, CALL, RETURN, END };
enum tag { INTEGER, TABLE };

struct value {
    enum tag tag;
    union {
        long integer;
        struct table *table;
    };
};

struct table {
    long keys[64];
    struct value values[64];
};

struct code {
    uint8_t op, a, b, c;
};

static struct table tables[4];

static struct value *field(struct table *t, long key) {
    unsigned at = key * 11 & 63;
    while (t->keys[at] != key && t->keys[at] != -1)
        at = (at + 1) & 63;
    t->keys[at] = key;
    return &t->values[at];
}

static long run(const struct code *code, struct value *base, const long *constants) {
    static const void *const labels[] = {&&move, &&loadk, &&add, &&sub, &&less, &&jump, &&test, &&get, &&set, &&call, &&ret, &&end};
    const struct code *stack[32], *pc = code;
    int depth = 0;
#define NEXT goto *labels[(++pc)->op]
#define A base[pc->a]
#define B base[pc->b]
#define C base[pc->c]
    goto *labels[pc->op];
move: A = B; NEXT;
loadk: A = (struct value){INTEGER, {constants[pc->b]}}; NEXT;
add: if (B.tag | C.tag) return -1; A = (struct value){INTEGER, {B.integer + C.integer}}; NEXT;
sub: if (B.tag | C.tag) return -1; A = (struct value){INTEGER, {B.integer - C.integer}}; NEXT;
less: if (B.tag | C.tag) return -1; A = (struct value){INTEGER, {B.integer < C.integer}}; NEXT;
jump: pc = code + pc->a; goto *labels[pc->op];
test: if (A.integer) { NEXT; } pc = code + pc->b; goto *labels[pc->op];
get: A = *field(B.table, C.integer); NEXT;
set: *field(A.table, B.integer) = C; NEXT;
call: stack[depth++] = pc; base += pc->b; pc = code + pc->a; goto *labels[pc->op];
ret: pc = stack[--depth]; base -= pc->b; NEXT;
end: return A.integer;
}

int main(int argc, char **argv) {
    /* r0 = counter, r1 = limit, r2 = one, r3 = table, r4 = sum; a function at 14 adds its two arguments r0, r1 by a detour. */
    static const struct code program[] = {
        {LESS, 5, 0, 1}, {TEST, 5, 13, 0}, {LOADK, 8, 1, 0}, {ADD, 6, 4, 0}, {SET, 3, 8, 6}, {GET, 7, 3, 8},
        {MOVE, 10, 0, 0}, {MOVE, 11, 7, 0}, {CALL, 14, 10, 0}, {SUB, 4, 10, 0}, {ADD, 0, 0, 2}, {LESS, 6, 4, 2},
        {JUMP, 0, 0, 0}, {END, 4, 0, 0},
        {LOADK, 2, 0, 0}, {ADD, 3, 0, 1}, {LESS, 4, 2, 3}, {TEST, 4, 19, 0}, {ADD, 0, 3, 2}, {RETURN, 0, 0, 0}};
    static const long constants[] = {1, 17};
    static struct value registers[64];
    for (int i = 0; i < 64; i++)
        tables[0].keys[i] = -1;
    registers[1].integer = repeats(argc, argv, 1500000);
    registers[2].integer = 1;
    registers[3] = (struct value){TABLE, {.table = &tables[0]}};
    printf("%ld\n", run(program, registers, constants));
    return 0;
}
