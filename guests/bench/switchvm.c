/* A little stack machine: an indirect jump per operation. */
/* cc: -O2 */
#include "bench.h"

enum { PUSH, ADD, SUB, MUL, DUP, SWAP, DROP, JNZ, HALT };

static long run(const int *code, long n) {
    long stack[32], *sp = stack, steps = 0;
    *sp = n;
    for (const int *pc = code;; steps++) {
        switch (*pc++) {
        case PUSH: *++sp = *pc++; break;
        case ADD: sp--, sp[0] += sp[1]; break;
        case SUB: sp--, sp[0] -= sp[1]; break;
        case MUL: sp--, sp[0] *= sp[1]; break;
        case DUP: sp[1] = sp[0], sp++; break;
        case SWAP: { long t = sp[0]; sp[0] = sp[-1], sp[-1] = t; break; }
        case DROP: sp--; break;
        case JNZ: pc = *sp ? code + *pc : pc + 1; break;
        case HALT: return steps + sp[-1];
        }
    }
}

int main(int argc, char **argv) {
    /* total = 1; while (n) { total = total * 3 + n; n -= 1; } */
    static const int code[] = {PUSH, 1, SWAP, SWAP, PUSH, 3, MUL, SWAP, DUP, PUSH, 0, ADD, PUSH, 1, SUB, SWAP, DROP, SWAP, PUSH, 5, ADD,
                               SWAP, JNZ, 3, HALT};
    printf("%ld\n", run(code, repeats(argc, argv, 1200000)));
    return 0;
}
