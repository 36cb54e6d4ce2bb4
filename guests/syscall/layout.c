// Layouts of structures that the C library's headers have as the kernel has them.
#define _GNU_SOURCE
#include "layout.h"
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/timex.h>
#include <time.h>

int main(void)
{
    BEGIN(Timespec, struct timespec) FIELD(sec, tv_sec) FIELD(nsec, tv_nsec) END
    BEGIN(Timeval, struct timeval) FIELD(sec, tv_sec) FIELD(usec, tv_usec) END
    BEGIN(Timezone, struct timezone) FIELD(minutes_west, tz_minuteswest) FIELD(dst, tz_dsttime) END
    BEGIN(Itimerspec, struct itimerspec) FIELD(interval, it_interval) FIELD(value, it_value) END
    BEGIN(Itimerval, struct itimerval) FIELD(interval, it_interval) FIELD(value, it_value) END
    BEGIN(Stat, struct stat)
        FIELD(dev, st_dev) FIELD(ino, st_ino) FIELD(mode, st_mode) FIELD(nlink, st_nlink) FIELD(uid, st_uid) FIELD(gid, st_gid) FIELD(rdev, st_rdev)
        FIELD(size, st_size) FIELD(blksize, st_blksize) FIELD(blocks, st_blocks) FIELD(atime, st_atim.tv_sec) FIELD(atime_nsec, st_atim.tv_nsec)
        FIELD(mtime, st_mtim.tv_sec) FIELD(mtime_nsec, st_mtim.tv_nsec) FIELD(ctime, st_ctim.tv_sec) FIELD(ctime_nsec, st_ctim.tv_nsec) END
    BEGIN(Statx, struct statx)
        FIELD(mask, stx_mask) FIELD(blksize, stx_blksize) FIELD(attributes, stx_attributes) FIELD(nlink, stx_nlink) FIELD(uid, stx_uid)
        FIELD(gid, stx_gid) FIELD(mode, stx_mode) FIELD(ino, stx_ino) FIELD(size, stx_size) FIELD(blocks, stx_blocks) END
    BEGIN(Rusage, struct rusage) FIELD(utime, ru_utime) FIELD(stime, ru_stime) END
    BEGIN(Rlimit, struct rlimit64) FIELD(current, rlim_cur) FIELD(maximum, rlim_max) END
    BEGIN(EpollEvent, struct epoll_event) FIELD(events, events) FIELD(data, data) END
    BEGIN(Flock, struct flock)
        FIELD(kind, l_type) FIELD(whence, l_whence) FIELD(start, l_start) FIELD(len, l_len) FIELD(pid, l_pid) END
    BEGIN(PollFd, struct pollfd) FIELD(fd, fd) FIELD(events, events) FIELD(revents, revents) END
    BEGIN(Sysinfo, struct sysinfo)
        FIELD(uptime, uptime) FIELD(loads, loads) FIELD(totalram, totalram) FIELD(freeram, freeram) END
    BEGIN(Tms, struct tms) FIELD(utime, tms_utime) FIELD(stime, tms_stime) FIELD(cutime, tms_cutime) FIELD(cstime, tms_cstime) END
    BEGIN(Winsize, struct winsize) FIELD(rows, ws_row) FIELD(columns, ws_col) FIELD(xpixel, ws_xpixel) FIELD(ypixel, ws_ypixel) END
    BEGIN(Siginfo, siginfo_t) FIELD(signo, si_signo) FIELD(errno, si_errno) FIELD(code, si_code) END
    BEGIN(Sigevent, struct sigevent) FIELD(value, sigev_value) FIELD(signo, sigev_signo) FIELD(notify, sigev_notify) FIELD(tid, _sigev_un._tid) END
    BEGIN(SchedParam, struct sched_param) FIELD(priority, sched_priority) END
    BEGIN(FdSet, fd_set) FIELD(bits, fds_bits) END
    BEGIN(MsgHdr, struct msghdr)
        FIELD(name, msg_name) FIELD(namelen, msg_namelen) FIELD(iov, msg_iov) FIELD(iovlen, msg_iovlen) FIELD(control, msg_control)
        FIELD(controllen, msg_controllen) FIELD(flags, msg_flags) END
    BEGIN(MMsgHdr, struct mmsghdr) FIELD(header, msg_hdr) FIELD(len, msg_len) END
    BEGIN(SemBuf, struct sembuf) FIELD(number, sem_num) FIELD(operation, sem_op) FIELD(flags, sem_flg) END
    BEGIN(Timex, struct timex)
        FIELD(modes, modes) FIELD(offset, offset) FIELD(freq, freq) FIELD(maxerror, maxerror) FIELD(esterror, esterror) FIELD(status, status)
        FIELD(constant, constant) FIELD(precision, precision) FIELD(tolerance, tolerance) FIELD(time, time) FIELD(tick, tick)
        FIELD(ppsfreq, ppsfreq) FIELD(jitter, jitter) FIELD(shift, shift) FIELD(tai, tai) END
    return 0;
}
