/* A JSON parser that builds a tree on the heap, walks it and frees it. */
/* cc: -O2 */
#include "bench.h"
#include <string.h>

enum kind { NONE, TRUTH, NUMBER, STRING, LIST, OBJECT };

struct value {
    enum kind kind;
    struct value *child, *next;
    char *name, *text;
    double number;
};

static const char *at;

static struct value *parse(void);

static char skip(void) {
    while (*at == ' ' || *at == '\n')
        at++;
    return *at;
}

static char *string(void) {
    size_t room = 8, len = 0;
    char *text = malloc(room);
    for (at++; *at != '"'; at++) {
        if (*at == '\\')
            at++;
        if (len + 1 == room)
            text = realloc(text, room *= 2);
        text[len++] = *at;
    }
    at++;
    text[len] = 0;
    return text;
}

static void members(struct value *v, char close) {
    struct value **last = &v->child;
    at++;
    while (skip() != close) {
        char *name = NULL;
        if (close == '}') {
            name = string();
            skip();
            at++;
        }
        *last = parse();
        (*last)->name = name;
        last = &(*last)->next;
        if (skip() == ',')
            at++;
    }
    at++;
}

static struct value *parse(void) {
    struct value *v = calloc(1, sizeof *v);
    switch (skip()) {
    case '{': v->kind = OBJECT, members(v, '}'); break;
    case '[': v->kind = LIST, members(v, ']'); break;
    case '"': v->kind = STRING, v->text = string(); break;
    case 't': v->kind = TRUTH, v->number = 1, at += 4; break;
    case 'f': v->kind = TRUTH, at += 5; break;
    case 'n': at += 4; break;
    default: {
        char *end;
        v->kind = NUMBER, v->number = strtod(at, &end), at = end;
    }
    }
    return v;
}

static double walk(struct value *v) {
    double sum = v->kind * 3 + v->number + (v->text ? strlen(v->text) : 0) + (v->name ? v->name[0] : 0);
    for (struct value *c = v->child; c; c = c->next)
        sum += walk(c);
    return sum;
}

static void discard(struct value *v) {
    while (v) {
        struct value *next = v->next;
        discard(v->child);
        free(v->name);
        free(v->text);
        free(v);
        v = next;
    }
}

int main(int argc, char **argv) {
    static const char record[] =
        "{\"id\": 1234, \"name\": \"a \\\"tine\\\" is a prong\", \"tags\": [\"fork\", \"child\", \"parent\", \"wait\"], \"ratio\": -12.75,"
        " \"nested\": {\"deep\": [1, 2, [3, 4, {\"x\": null}], true, false], \"e\": 6.02e23}, \"empty\": {}, \"list\": []}";
    static char text[sizeof record * 64];
    char *to = text;
    *to++ = '[';
    for (int i = 0; i < 60; i++) {
        to = stpcpy(to, record);
        *to++ = i < 59 ? ',' : ']';
    }
    double sum = 0;
    for (long round = repeats(argc, argv, 450); round > 0; round--) {
        at = text;
        struct value *v = parse();
        sum += walk(v) / 1e20;
        discard(v);
    }
    printf("%.6g\n", sum);
    return 0;
}
