// Reading /proc.
#include "../syscall/check.h"
#include <ctype.h>
#include <dirent.h>
#include <elf.h>
#include <sys/auxv.h>
#include <sys/prctl.h>

extern char **environ;

static char text[1 << 18];

// All of an open file, with a NUL behind it.
static long read_all(int fd)
{
    CHECK(fd >= 0);
    long len = 0, got;
    while ((got = read(fd, text + len, sizeof text - 1 - len)) > 0)
        len += got;
    CHECK(got == 0 && close(fd) == 0);
    text[len] = 0;
    return len;
}

static long slurp(const char *path)
{
    return read_all(open(path, O_RDONLY));
}

// The value of a line "NAME:\tvalue" of status, or of "NAME   value" of limits.
static const char *value(const char *name)
{
    char *line = strstr(text, name);
    CHECK(line != NULL && (line == text || line[-1] == '\n'));
    line += strlen(name);
    while (*line == ':' || isspace((unsigned char)*line))
        line++;
    return line;
}

// Field number `n` of stat, counted from 1.
static unsigned long field(int n)
{
    char *at = strrchr(text, ')');
    CHECK(at != NULL);
    for (int i = 2; i < n; i++) {
        at = strchr(at + 1, ' ');
        CHECK(at != NULL);
    }
    return strtoul(at + 1, NULL, 10);
}

struct region {
    unsigned long start, end, offset;
    char prot[5], name[200];
};

// The line of maps that holds an address.
static struct region region_of(const void *address)
{
    for (char *line = text; *line; line = strchr(line, '\n') + 1) {
        struct region r = {.name = ""};
        CHECK(sscanf(line, "%lx-%lx %4s %lx %*s %*s", &r.start, &r.end, r.prot, &r.offset) == 4);
        char *end = strchr(line, '\n'), *name = line;
        CHECK(end != NULL);
        for (int i = 0; i < 5 && name < end; i++)
            name = strchr(name, ' ') + 1;
        while (*name == ' ')
            name++;
        snprintf(r.name, sizeof r.name, "%.*s", (int)(end - name), name);
        if (r.start <= (unsigned long)address && (unsigned long)address < r.end)
            return r;
    }
    return (struct region){.name = "none"};
}
