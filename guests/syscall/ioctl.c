// ioctl on descriptors of every sort.
#include "check.h"
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <linux/nsfs.h>
#include <net/if.h>
#include <net/route.h>
#include <netinet/in.h>
#include <pty.h>

struct termios2 {
    unsigned iflag, oflag, cflag, lflag;
    unsigned char line, cc[19];
    unsigned ispeed, ospeed;
};

static void terminal(void)
{
    int master = posix_openpt(O_RDWR | O_NOCTTY), number = -1, lock = 0;
    CHECK(master >= 0 && ioctl(master, TIOCSPTLCK, &lock) == 0 && ioctl(master, TIOCGPTN, &number) == 0 && number >= 0);
    char name[32];
    snprintf(name, sizeof name, "/dev/pts/%d", number);
    int slave = open(name, O_RDWR | O_NOCTTY);
    CHECK(slave >= 0);
    struct termios settings, back;
    CHECK(tcgetattr(slave, &settings) == 0 && settings.c_lflag & ICANON);
    cfmakeraw(&settings);
    cfsetspeed(&settings, B115200);
    CHECK(tcsetattr(slave, TCSANOW, &settings) == 0 && tcgetattr(slave, &back) == 0);
    CHECK(!(back.c_lflag & (ICANON | ECHO)) && back.c_cc[VMIN] == 1 && cfgetospeed(&back) == B115200);
    struct termios2 modern;
    CHECK(sizeof modern == 44 && ioctl(slave, 0x802c542a, &modern) == 0 && modern.ospeed == 115200);
    modern.cflag = (modern.cflag & ~CBAUD) | 010000;
    modern.ospeed = modern.ispeed = 12345;
    CHECK(ioctl(slave, 0x402c542b, &modern) == 0 && ioctl(slave, 0x802c542a, &modern) == 0 && modern.ospeed == 12345);
    struct winsize size = {24, 80, 1, 2}, got;
    CHECK(ioctl(master, TIOCSWINSZ, &size) == 0 && ioctl(slave, TIOCGWINSZ, &got) == 0 && memcmp(&size, &got, sizeof got) == 0);
    CHECK(write(master, "abc", 3) == 3);
    int waiting = 0;
    for (int i = 0; i < 1000 && waiting != 3; i++)
        CHECK(ioctl(slave, FIONREAD, &waiting) == 0 && usleep(1000) == 0);
    CHECK(waiting == 3 && tcflush(slave, TCIFLUSH) == 0 && ioctl(slave, FIONREAD, &waiting) == 0 && waiting == 0);
    FAILS(ioctl(slave, TCGETS, NOWHERE), EFAULT);
    FAILS(ioctl(slave, TIOCGWINSZ, OUTSIDE), EFAULT);
    int line = -1;
    CHECK(ioctl(slave, TIOCGETD, &line) == 0 && line == 0);
    CHECK(ioctl(slave, TIOCEXCL) == 0 && ioctl(slave, TIOCNXCL) == 0);

    // A controlling terminal and its groups.
    pid_t child = fork();
    if (child == 0) {
        pid_t group = -1;
        CHECK(setsid() == getpid() && ioctl(slave, TIOCSCTTY, 0) == 0);
        CHECK(tcgetpgrp(slave) == getpid() && ioctl(slave, TIOCGSID, &group) == 0 && group == getpid());
        CHECK(tcsetpgrp(slave, getpid()) == 0);
        group = 0x7ffffff;
        FAILS(ioctl(slave, TIOCSPGRP, &group), ESRCH);
        signal(SIGHUP, SIG_IGN);
        CHECK(ioctl(slave, TIOCNOTTY) == 0);
        FAILS(tcgetpgrp(slave), ENOTTY);
        _exit(0);
    }
    int status;
    CHECK(waitpid(child, &status, 0) == child && status == 0);
}

static void files(void)
{
    char name[] = "/tmp/tine-ioctl-XXXXXX";
    int fd = mkstemp(name), value = 1, ends[2];
    CHECK(fd >= 0 && write(fd, "0123456789", 10) == 10 && lseek(fd, 4, SEEK_SET) == 4);
    CHECK(ioctl(fd, FIONREAD, &value) == 0 && value == 6);
    CHECK(ioctl(fd, FIOCLEX) == 0 && fcntl(fd, F_GETFD) == FD_CLOEXEC && ioctl(fd, FIONCLEX) == 0 && fcntl(fd, F_GETFD) == 0);
    long long size = 0;
    CHECK(ioctl(fd, 0x5460, &size) == 0 && size >= 0);
    CHECK(ioctl(fd, FIGETBSZ, &value) == 0 && value >= 512);
    FAILS(ioctl(fd, TCGETS, &value), ENOTTY);
    FAILS(ioctl(fd, 0x12345678, &value), ENOTTY);
    FAILS(ioctl(0x7000, 0x12345678, &value), EBADF);
    FAILS(ioctl(fd, FICLONE, 0x7000), EBADF);
    int copy = open("/tmp", O_TMPFILE | O_RDWR, 0600);
    if (copy >= 0)
        CHECK(ioctl(copy, FICLONE, fd) == 0 || errno == EOPNOTSUPP || errno == EXDEV || errno == EINVAL);
    int flags = 0;
    CHECK(ioctl(fd, FS_IOC_GETFLAGS, &flags) == 0 || errno == ENOTTY || errno == EOPNOTSUPP);
    struct {
        struct fiemap head;
        struct fiemap_extent extents[4];
    } map = {.head = {.fm_length = ~0ULL, .fm_flags = FIEMAP_FLAG_SYNC, .fm_extent_count = 4}};
    CHECK(sizeof map == 32 + 4 * 56);
    if (ioctl(fd, FS_IOC_FIEMAP, &map) == 0)
        CHECK(map.head.fm_mapped_extents <= 1 && (map.head.fm_mapped_extents == 0 || map.extents[0].fe_length > 0));
    else
        CHECK(errno == EOPNOTSUPP || errno == ENOTTY);
    FAILS(ioctl(fd, FS_IOC_FIEMAP, NOWHERE), errno == EOPNOTSUPP ? EOPNOTSUPP : EFAULT);

    CHECK(pipe(ends) == 0 && ioctl(ends[0], FIONBIO, &value) == 0);
    char byte;
    FAILS(read(ends[0], &byte, 1), EAGAIN);
    value = 0;
    CHECK(ioctl(ends[0], FIONBIO, &value) == 0 && !(fcntl(ends[0], F_GETFL) & O_NONBLOCK));
    CHECK(unlink(name) == 0);

    int random = open("/dev/urandom", O_RDONLY);
    CHECK(ioctl(random, 0x80045200, &value) == 0 && value >= 0);
    int space = open("/proc/self/ns/uts", O_RDONLY);
    CHECK(ioctl(space, NS_GET_NSTYPE) == CLONE_NEWUTS);
}

static void interfaces(void)
{
    int fd = socket(AF_INET, SOCK_DGRAM, 0), value;
    struct ifreq request = {.ifr_name = "lo"}, list[16];
    CHECK(sizeof request == 40);
    CHECK(ioctl(fd, SIOCGIFINDEX, &request) == 0 && request.ifr_ifindex > 0);
    CHECK(ioctl(fd, SIOCGIFNAME, &request) == 0 && strcmp(request.ifr_name, "lo") == 0);
    CHECK(ioctl(fd, SIOCGIFFLAGS, &request) == 0 && request.ifr_flags & IFF_LOOPBACK);
    CHECK(ioctl(fd, SIOCGIFMTU, &request) == 0 && request.ifr_mtu > 0);
    CHECK(ioctl(fd, SIOCGIFHWADDR, &request) == 0);
    struct ifconf all = {.ifc_len = sizeof list, .ifc_req = list};
    CHECK(ioctl(fd, SIOCGIFCONF, &all) == 0 && all.ifc_len % 40 == 0 && all.ifc_len > 0);
    all.ifc_req = NULL;
    CHECK(ioctl(fd, SIOCGIFCONF, &all) == 0 && all.ifc_len > 0);
    FAILS(ioctl(fd, SIOCGIFCONF, NOWHERE), EFAULT);
    strcpy(request.ifr_name, "no such one");
    FAILS(ioctl(fd, SIOCGIFINDEX, &request), ENODEV);
    struct rtentry route = {.rt_dst = {.sa_family = AF_INET}, .rt_dev = "no such one"};
    CHECK(ioctl(fd, SIOCADDRT, &route) == -1 && (errno == ENODEV || errno == EPERM));
    CHECK(ioctl(fd, SIOCADDRT, NOWHERE) == -1 && (errno == EFAULT || errno == EPERM));
    FAILS(ioctl(0x7fff, SIOCADDRT, &route), EBADF);
    // Whose privilege it takes is the namespace's.
    int space = ioctl(fd, 0x894c /* SIOCGSKNS */);
    CHECK(space >= 0 ? ioctl(space, NS_GET_NSTYPE) == CLONE_NEWNET : errno == EPERM);
    int pair[2];
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0 && write(pair[0], "12345", 5) == 5);
    CHECK(ioctl(pair[1], FIONREAD, &value) == 0 && value == 5);
    CHECK(ioctl(pair[0], TIOCOUTQ, &value) == 0 && value > 0);
}

int main(void)
{
    terminal();
    files();
    interfaces();
    return 0;
}
