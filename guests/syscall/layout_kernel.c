// Layouts of structures that the kernel's headers have and the C library's have otherwise, or not at all.
#include "layout.h"
#include <asm/ipcbuf.h>
#include <asm/posix_types.h>
#include <asm/sembuf.h>
#include <asm/shmbuf.h>
#include <asm/signal.h>
#include <asm/statfs.h>
#include <asm/termbits.h>
#include <linux/aio_abi.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/io_uring.h>
#include <linux/landlock.h>
#include <linux/mqueue.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <linux/utsname.h>

int main(void)
{
    BEGIN(SigAction, struct sigaction) FIELD(handler, sa_handler) FIELD(flags, sa_flags) FIELD(mask, sa_mask) END
    BEGIN(SigStack, stack_t) FIELD(sp, ss_sp) FIELD(flags, ss_flags) FIELD(size, ss_size) END
    BEGIN(Termios, struct termios) FIELD(iflag, c_iflag) FIELD(oflag, c_oflag) FIELD(cflag, c_cflag) FIELD(lflag, c_lflag) FIELD(line, c_line) FIELD(cc, c_cc) END
    BEGIN(IpcPermissions, struct ipc64_perm)
        FIELD(key, key) FIELD(uid, uid) FIELD(gid, gid) FIELD(cuid, cuid) FIELD(cgid, cgid) FIELD(mode, mode) FIELD(seq, seq) END
    BEGIN(SemaphoreSet, struct semid64_ds)
        FIELD(permissions, sem_perm) FIELD(operated, sem_otime) FIELD(changed, sem_ctime) FIELD(count, sem_nsems) END
    BEGIN(SharedSegment, struct shmid64_ds)
        FIELD(permissions, shm_perm) FIELD(size, shm_segsz) FIELD(attached, shm_atime) FIELD(detached, shm_dtime) FIELD(changed, shm_ctime)
        FIELD(creator, shm_cpid) FIELD(last, shm_lpid) FIELD(attachments, shm_nattch) END
    BEGIN(Statfs, struct statfs64)
        FIELD(kind, f_type) FIELD(bsize, f_bsize) FIELD(blocks, f_blocks) FIELD(bfree, f_bfree) FIELD(bavail, f_bavail) FIELD(files, f_files)
        FIELD(ffree, f_ffree) FIELD(fsid, f_fsid) FIELD(namelen, f_namelen) FIELD(frsize, f_frsize) FIELD(flags, f_flags) END
    BEGIN(AioEvent, struct io_event) FIELD(data, data) FIELD(request, obj) FIELD(result, res) FIELD(result2, res2) END
    BEGIN(RingParams, struct io_uring_params)
        FIELD(sq_entries, sq_entries) FIELD(cq_entries, cq_entries) FIELD(flags, flags) FIELD(sq_thread_cpu, sq_thread_cpu)
        FIELD(sq_thread_idle, sq_thread_idle) FIELD(features, features) FIELD(wq_fd, wq_fd) FIELD(sq_off, sq_off) FIELD(cq_off, cq_off) END
    BEGIN(CapHeader, struct __user_cap_header_struct) FIELD(version, version) FIELD(pid, pid) END
    BEGIN(FilterProgram, struct sock_fprog) FIELD(len, len) FIELD(filter, filter) END
    BEGIN(FutexWaiter, struct futex_waitv) FIELD(value, val) FIELD(address, uaddr) FIELD(flags, flags) FIELD(reserved, __reserved) END
    BEGIN(PathBeneath, struct landlock_path_beneath_attr) FIELD(allowed, allowed_access) FIELD(parent, parent_fd) END
    BEGIN(MqAttr, struct mq_attr)
        FIELD(flags, mq_flags) FIELD(maxmsg, mq_maxmsg) FIELD(msgsize, mq_msgsize) FIELD(curmsgs, mq_curmsgs) END
    BEGIN(OpenHow, struct open_how) FIELD(flags, flags) FIELD(mode, mode) FIELD(resolve, resolve) END
    BEGIN(CloneArgs, struct clone_args)
        FIELD(flags, flags) FIELD(pidfd, pidfd) FIELD(child_tid, child_tid) FIELD(parent_tid, parent_tid) FIELD(exit_signal, exit_signal)
        FIELD(stack, stack) FIELD(stack_size, stack_size) FIELD(tls, tls) FIELD(set_tid, set_tid) FIELD(set_tid_size, set_tid_size)
        FIELD(cgroup, cgroup) END
    BEGIN(Utsname, struct new_utsname)
        FIELD(sysname, sysname) FIELD(nodename, nodename) FIELD(release, release) FIELD(version, version) FIELD(machine, machine)
        FIELD(domain, domainname) END
    return 0;
}
