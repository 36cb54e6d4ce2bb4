//! Named constants of system calls: sets of flags, and choices of one value. For printing, and for the documentation; handlers
//! test bits with libc's constants, because riscv64 and x86-64 share them (asm-generic) wherever this table does not say otherwise.

use std::fmt::Write as _;

/// One named value under a mask.
#[derive(Clone, Copy, Debug)]
pub struct Name {
    /// The bits it occupies.
    pub mask: u64,
    /// What they hold.
    pub value: u64,
    /// Its spelling in C.
    pub name: &'static str,
}

/// A set of names that an argument draws from.
pub trait Names {
    /// What the documentation calls it.
    const KIND: &'static str;
    /// Flags are combined with `|`; of a choice one is taken.
    const CHOICE: bool;
    /// The prefix of an unknown value's comment: `/* PREFIX??? */`.
    const PREFIX: &'static str;
    /// The names, those of a common mask together.
    const NAMES: &'static [Name];
}

/// Prints `bits` with the names of `S`.
pub fn print<S: Names>(bits: u64, out: &mut String) {
    let bits = bits & 0xffff_ffff;
    if S::CHOICE {
        match S::NAMES.iter().find(|name| name.value == bits) {
            Some(name) => out.push_str(name.name),
            None => {
                let _ = write!(out, "{bits:#x} /* {}??? */", S::PREFIX);
            }
        }
        return;
    }
    let mut left = bits;
    let mut first = true;
    for name in S::NAMES {
        // A zero under a mask of its own (O_RDONLY) is a name too; a plain flag of zero is not.
        if bits & name.mask == name.value && (name.value == 0 || left & name.value != 0) {
            if !first {
                out.push('|');
            }
            out.push_str(name.name);
            first = false;
            left &= !name.mask;
        }
    }
    if first {
        let _ = if left == 0 { write!(out, "0") } else { write!(out, "{left:#x} /* {}??? */", S::PREFIX) };
    } else if left != 0 {
        let _ = write!(out, "|{left:#x}");
    }
}

macro_rules! value {
    ($name:ident) => {
        libc::$name as u32 as u64
    };
    ($name:ident $value:literal) => {
        $value
    };
}

macro_rules! mask {
    ($value:expr) => {
        $value
    };
    ($value:expr, $mask:literal) => {
        $mask
    };
}

macro_rules! names {
    ($($(#[$doc:meta])* $style:ident $set:ident $prefix:literal [$($name:ident $(= $value:literal)? $(/ $mask:literal)?),* $(,)?];)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $set;

        impl Names for $set {
            const KIND: &'static str = stringify!($set);
            const CHOICE: bool = stringify!($style).len() == "choice".len();
            const PREFIX: &'static str = $prefix;
            const NAMES: &'static [Name] = &[$(Name {
                mask: mask!(value!($name $($value)?) $(, $mask)?),
                value: value!($name $($value)?),
                name: stringify!($name),
            }),*];
        }
    )*};
}

names! {
    /// open(2).
    flags OpenFlags "O_" [O_RDONLY / 3, O_WRONLY / 3, O_RDWR / 3, O_ACCMODE / 3, O_CREAT, O_EXCL, O_NOCTTY, O_TRUNC, O_APPEND, O_NONBLOCK,
        O_SYNC, O_DSYNC, O_ASYNC, O_DIRECT, O_LARGEFILE = 0o100000, O_NOFOLLOW, O_NOATIME, O_CLOEXEC, O_PATH, O_TMPFILE, O_DIRECTORY];
    /// The resolution of openat2(2).
    flags ResolveFlags "RESOLVE_" [RESOLVE_NO_XDEV, RESOLVE_NO_MAGICLINKS, RESOLVE_NO_SYMLINKS, RESOLVE_BENEATH, RESOLVE_IN_ROOT,
        RESOLVE_CACHED];
    /// The *at calls.
    flags AtFlags "AT_" [AT_SYMLINK_NOFOLLOW, AT_REMOVEDIR, AT_SYMLINK_FOLLOW, AT_NO_AUTOMOUNT, AT_EMPTY_PATH, AT_STATX_FORCE_SYNC / 0x6000,
        AT_STATX_DONT_SYNC / 0x6000, AT_RECURSIVE];
    /// statx(2).
    flags StatxFlags "AT_" [AT_STATX_SYNC_AS_STAT = 0 / 0x6000, AT_STATX_FORCE_SYNC / 0x6000, AT_STATX_DONT_SYNC / 0x6000, AT_SYMLINK_NOFOLLOW, AT_NO_AUTOMOUNT,
        AT_EMPTY_PATH];
    /// What `ss_flags` of sigaltstack(2) says.
    flags StackFlags "SS_" [SS_ONSTACK = 1, SS_DISABLE = 2, SS_AUTODISARM = 0x8000_0000];
    /// faccessat2(2), where 0x200 is AT_EACCESS.
    flags AccessFlags "AT_" [AT_SYMLINK_NOFOLLOW, AT_EACCESS, AT_EMPTY_PATH];
    /// access(2).
    flags AccessMode "?_OK" [F_OK / 7, R_OK, W_OK, X_OK];
    /// lseek(2).
    choice Whence "SEEK_" [SEEK_SET, SEEK_CUR, SEEK_END, SEEK_DATA, SEEK_HOLE];
    /// fcntl(2).
    choice FcntlCommand "F_" [F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_GETLK, F_SETLK, F_SETLKW, F_SETOWN = 8, F_GETOWN = 9, F_SETSIG = 10,
        F_GETSIG = 11, F_SETOWN_EX = 15, F_GETOWN_EX = 16, F_OFD_GETLK, F_OFD_SETLK, F_OFD_SETLKW, F_SETLEASE, F_GETLEASE, F_NOTIFY, F_DUPFD_CLOEXEC,
        F_SETPIPE_SZ, F_GETPIPE_SZ, F_ADD_SEALS, F_GET_SEALS, F_GET_RW_HINT = 1035, F_SET_RW_HINT = 1036];
    /// The mask of statx(2).
    flags StatxMask "STATX_" [STATX_ALL = 0xfff / 0xfff, STATX_BASIC_STATS / 0x7ff, STATX_TYPE, STATX_MODE, STATX_NLINK, STATX_UID, STATX_GID, STATX_ATIME,
        STATX_MTIME, STATX_CTIME, STATX_INO, STATX_SIZE, STATX_BLOCKS, STATX_BTIME, STATX_MNT_ID];
    /// renameat2(2).
    flags RenameFlags "RENAME_" [RENAME_NOREPLACE, RENAME_EXCHANGE, RENAME_WHITEOUT];
    /// fallocate(2).
    flags FallocateMode "FALLOC_FL_" [FALLOC_FL_KEEP_SIZE, FALLOC_FL_PUNCH_HOLE, FALLOC_FL_COLLAPSE_RANGE, FALLOC_FL_ZERO_RANGE,
        FALLOC_FL_INSERT_RANGE, FALLOC_FL_UNSHARE_RANGE];
    /// preadv2(2).
    flags RwFlags "RWF_" [RWF_HIPRI, RWF_DSYNC, RWF_SYNC, RWF_NOWAIT, RWF_APPEND];
    /// flock(2).
    flags LockOperation "LOCK_" [LOCK_SH, LOCK_EX, LOCK_NB, LOCK_UN];
    /// pipe2(2), eventfd2(2), dup3(2) and others that make descriptors.
    flags FdFlags "O_" [O_NONBLOCK, O_CLOEXEC, O_DIRECT];
    /// eventfd2(2).
    flags EventFdFlags "EFD_" [EFD_SEMAPHORE, EFD_CLOEXEC, EFD_NONBLOCK];
    /// timerfd_create(2).
    flags TimerFdFlags "TFD_" [TFD_NONBLOCK, TFD_CLOEXEC];
    /// signalfd4(2).
    flags SignalFdFlags "SFD_" [SFD_NONBLOCK, SFD_CLOEXEC];
    /// inotify_init1(2).
    flags InotifyFlags "IN_" [IN_NONBLOCK, IN_CLOEXEC];
    /// inotify_add_watch(2).
    flags InotifyMask "IN_" [IN_ALL_EVENTS / 0xfff, IN_ACCESS, IN_MODIFY, IN_ATTRIB, IN_CLOSE_WRITE, IN_CLOSE_NOWRITE, IN_OPEN, IN_MOVED_FROM, IN_MOVED_TO, IN_CREATE,
        IN_DELETE, IN_DELETE_SELF, IN_MOVE_SELF, IN_ONLYDIR, IN_DONT_FOLLOW, IN_EXCL_UNLINK, IN_MASK_ADD, IN_ISDIR, IN_ONESHOT];
    /// timerfd_settime(2), timer_settime(2), clock_nanosleep(2).
    flags TimerFlags "TIMER_" [TIMER_ABSTIME];
    /// epoll_create1(2).
    flags EpollCreateFlags "EPOLL_" [EPOLL_CLOEXEC];
    /// epoll_ctl(2).
    choice EpollOperation "EPOLL_CTL_" [EPOLL_CTL_ADD, EPOLL_CTL_DEL, EPOLL_CTL_MOD];
    /// close_range(2).
    flags CloseRangeFlags "CLOSE_RANGE_" [CLOSE_RANGE_UNSHARE, CLOSE_RANGE_CLOEXEC];
    /// splice(2).
    flags SpliceFlags "SPLICE_F_" [SPLICE_F_MOVE, SPLICE_F_NONBLOCK, SPLICE_F_MORE, SPLICE_F_GIFT];
    /// sync_file_range(2).
    flags SyncRangeFlags "SYNC_FILE_RANGE_" [SYNC_FILE_RANGE_WAIT_BEFORE, SYNC_FILE_RANGE_WRITE, SYNC_FILE_RANGE_WAIT_AFTER];
    /// fadvise64(2).
    choice FileAdvice "POSIX_FADV_" [POSIX_FADV_NORMAL, POSIX_FADV_RANDOM, POSIX_FADV_SEQUENTIAL, POSIX_FADV_WILLNEED, POSIX_FADV_DONTNEED,
        POSIX_FADV_NOREUSE];
    /// setxattr(2).
    flags XattrFlags "XATTR_" [XATTR_CREATE, XATTR_REPLACE];
    /// mount(2).
    flags MountFlags "MS_" [MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_SYNCHRONOUS, MS_REMOUNT, MS_BIND, MS_MOVE, MS_REC, MS_SILENT, MS_UNBINDABLE, MS_PRIVATE, MS_SLAVE, MS_SHARED];
    /// umount2(2).
    flags UmountFlags "MNT_" [MNT_FORCE, MNT_DETACH, MNT_EXPIRE, UMOUNT_NOFOLLOW];
    /// mmap(2) and mprotect(2).
    flags Prot "PROT_" [PROT_NONE / 0xffff_ffff, PROT_READ, PROT_WRITE, PROT_EXEC, PROT_SEM = 8, PROT_GROWSDOWN, PROT_GROWSUP];
    /// mmap(2).
    flags MapFlags "MAP_" [MAP_SHARED / 0xf, MAP_PRIVATE / 0xf, MAP_SHARED_VALIDATE / 0xf, MAP_FIXED, MAP_ANONYMOUS, MAP_GROWSDOWN, MAP_DENYWRITE, MAP_EXECUTABLE, MAP_LOCKED, MAP_NORESERVE, MAP_POPULATE, MAP_NONBLOCK, MAP_STACK, MAP_HUGETLB, MAP_SYNC, MAP_FIXED_NOREPLACE];
    /// mremap(2).
    flags RemapFlags "MREMAP_" [MREMAP_MAYMOVE, MREMAP_FIXED, MREMAP_DONTUNMAP];
    /// madvise(2).
    choice MemoryAdvice "MADV_" [MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_WILLNEED, MADV_DONTNEED, MADV_FREE, MADV_REMOVE, MADV_DONTFORK, MADV_DOFORK, MADV_HWPOISON, MADV_MERGEABLE, MADV_UNMERGEABLE, MADV_HUGEPAGE, MADV_NOHUGEPAGE, MADV_DONTDUMP, MADV_DODUMP, MADV_WIPEONFORK,
        MADV_KEEPONFORK, MADV_COLD, MADV_PAGEOUT, MADV_POPULATE_READ, MADV_POPULATE_WRITE, MADV_DONTNEED_LOCKED = 24, MADV_COLLAPSE = 25, MADV_GUARD_INSTALL = 102, MADV_GUARD_REMOVE = 103];
    /// mbind(2) and set_mempolicy(2).
    flags MemoryPolicy "MPOL_" [MPOL_DEFAULT = 0 / 0xff, MPOL_PREFERRED = 1 / 0xff, MPOL_BIND = 2 / 0xff, MPOL_INTERLEAVE = 3 / 0xff, MPOL_LOCAL = 4 / 0xff,
        MPOL_PREFERRED_MANY = 5 / 0xff, MPOL_WEIGHTED_INTERLEAVE = 6 / 0xff, MPOL_F_NUMA_BALANCING = 0x2000, MPOL_F_RELATIVE_NODES = 0x4000, MPOL_F_STATIC_NODES = 0x8000];
    /// msync(2).
    flags SyncFlags "MS_" [MS_ASYNC, MS_INVALIDATE, MS_SYNC];
    /// mlockall(2).
    flags LockAllFlags "MCL_" [MCL_CURRENT, MCL_FUTURE, MCL_ONFAULT];
    /// mlock2(2).
    flags LockFlags "MLOCK_" [MLOCK_ONFAULT];
    /// memfd_create(2).
    flags MemfdFlags "MFD_" [MFD_CLOEXEC, MFD_ALLOW_SEALING, MFD_HUGETLB];
    /// membarrier(2).
    choice BarrierCommand "MEMBARRIER_CMD_" [MEMBARRIER_CMD_QUERY = 0, MEMBARRIER_CMD_GLOBAL = 1, MEMBARRIER_CMD_GLOBAL_EXPEDITED = 2, MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED = 4,
        MEMBARRIER_CMD_PRIVATE_EXPEDITED = 8, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED = 16, MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE = 32, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE = 64];
    /// futex(2).
    flags FutexOperation "FUTEX_" [FUTEX_WAIT / 0x7f, FUTEX_WAKE / 0x7f, FUTEX_FD / 0x7f, FUTEX_REQUEUE / 0x7f, FUTEX_CMP_REQUEUE / 0x7f, FUTEX_WAKE_OP / 0x7f, FUTEX_LOCK_PI / 0x7f, FUTEX_UNLOCK_PI / 0x7f,
        FUTEX_TRYLOCK_PI / 0x7f, FUTEX_WAIT_BITSET / 0x7f, FUTEX_WAKE_BITSET / 0x7f, FUTEX_WAIT_REQUEUE_PI / 0x7f, FUTEX_CMP_REQUEUE_PI / 0x7f, FUTEX_LOCK_PI2 = 13 / 0x7f, FUTEX_PRIVATE_FLAG, FUTEX_CLOCK_REALTIME];
    /// Clocks.
    choice Clock "CLOCK_" [CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID, CLOCK_MONOTONIC_RAW, CLOCK_REALTIME_COARSE,
        CLOCK_MONOTONIC_COARSE, CLOCK_BOOTTIME, CLOCK_REALTIME_ALARM, CLOCK_BOOTTIME_ALARM, CLOCK_TAI];
    /// getitimer(2).
    choice IntervalTimer "ITIMER_" [ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF];
    /// getrandom(2).
    flags RandomFlags "GRND_" [GRND_NONBLOCK, GRND_RANDOM, GRND_INSECURE = 4];
    /// wait4(2) and waitid(2).
    flags WaitOptions "W" [WNOHANG, WSTOPPED, WEXITED, WCONTINUED, WNOWAIT, __WNOTHREAD = 0x2000_0000, __WALL = 0x4000_0000, __WCLONE = 0x8000_0000];
    /// waitid(2).
    choice WaitKind "P_" [P_ALL, P_PID, P_PGID, P_PIDFD];
    /// getrusage(2).
    choice UsageOf "RUSAGE_" [RUSAGE_SELF, RUSAGE_CHILDREN, RUSAGE_THREAD];
    /// getpriority(2).
    choice PriorityOf "PRIO_" [PRIO_PROCESS, PRIO_PGRP, PRIO_USER];
    /// prlimit64(2).
    choice Resource "RLIMIT_" [RLIMIT_CPU, RLIMIT_FSIZE, RLIMIT_DATA, RLIMIT_STACK, RLIMIT_CORE, RLIMIT_RSS, RLIMIT_NPROC, RLIMIT_NOFILE, RLIMIT_MEMLOCK, RLIMIT_AS, RLIMIT_LOCKS, RLIMIT_SIGPENDING, RLIMIT_MSGQUEUE, RLIMIT_NICE,
        RLIMIT_RTPRIO, RLIMIT_RTTIME];
    /// clone(2) without the signal in the low byte.
    flags CloneFlags "CLONE_" [CLONE_VM, CLONE_FS, CLONE_FILES, CLONE_SIGHAND, CLONE_PIDFD, CLONE_PTRACE, CLONE_VFORK, CLONE_PARENT, CLONE_THREAD, CLONE_NEWNS, CLONE_SYSVSEM, CLONE_SETTLS, CLONE_PARENT_SETTID, CLONE_CHILD_CLEARTID, CLONE_DETACHED, CLONE_UNTRACED,
        CLONE_CHILD_SETTID, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET, CLONE_IO];
    /// rt_sigprocmask(2).
    choice MaskHow "SIG_" [SIG_BLOCK, SIG_UNBLOCK, SIG_SETMASK];
    /// prctl(2).
    choice PrctlOption "PR_" [PR_SET_PDEATHSIG, PR_GET_PDEATHSIG, PR_GET_DUMPABLE, PR_SET_DUMPABLE, PR_GET_KEEPCAPS, PR_SET_KEEPCAPS, PR_GET_TIMING, PR_SET_TIMING, PR_SET_NAME, PR_GET_NAME, PR_GET_SECCOMP, PR_SET_SECCOMP, PR_CAPBSET_READ, PR_CAPBSET_DROP, PR_GET_TSC, PR_SET_TSC, PR_GET_SECUREBITS,
        PR_SET_SECUREBITS, PR_SET_TIMERSLACK, PR_GET_TIMERSLACK, PR_MCE_KILL, PR_MCE_KILL_GET, PR_SET_MM, PR_SET_CHILD_SUBREAPER, PR_GET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS, PR_GET_NO_NEW_PRIVS, PR_GET_TID_ADDRESS, PR_SET_THP_DISABLE, PR_GET_THP_DISABLE, PR_CAP_AMBIENT,
        PR_SET_MDWE = 65, PR_GET_MDWE = 66, PR_SET_PTRACER = 0x5961_6d61, PR_SET_VMA = 0x5356_4d41, PR_RISCV_V_SET_CONTROL = 69, PR_RISCV_V_GET_CONTROL = 70, PR_RISCV_SET_ICACHE_FLUSH_CTX = 71];
    /// socket(2).
    choice Domain "AF_" [AF_UNSPEC, AF_UNIX, AF_INET, AF_INET6, AF_NETLINK, AF_PACKET, AF_VSOCK, AF_ALG];
    /// socket(2).
    flags SocketType "SOCK_" [SOCK_STREAM / 0xf, SOCK_DGRAM / 0xf, SOCK_RAW / 0xf, SOCK_RDM / 0xf, SOCK_SEQPACKET / 0xf, SOCK_NONBLOCK, SOCK_CLOEXEC];
    /// send(2) and recv(2).
    flags MessageFlags "MSG_" [MSG_OOB, MSG_PEEK, MSG_DONTROUTE, MSG_CTRUNC, MSG_TRUNC, MSG_DONTWAIT, MSG_EOR, MSG_WAITALL, MSG_CONFIRM, MSG_ERRQUEUE, MSG_NOSIGNAL, MSG_MORE, MSG_WAITFORONE, MSG_FASTOPEN, MSG_CMSG_CLOEXEC];
    /// shutdown(2).
    choice ShutdownHow "SHUT_" [SHUT_RD, SHUT_WR, SHUT_RDWR];
    /// getsockopt(2).
    choice SocketLevel "SOL_" [SOL_SOCKET, SOL_IP, SOL_TCP, SOL_UDP, SOL_IPV6, SOL_PACKET, SOL_NETLINK];
    /// Options of `SOL_SOCKET`; other levels share the numbers, so strace's names are right for this one only.
    choice SocketOption "SO_" [SO_DEBUG, SO_REUSEADDR, SO_TYPE, SO_ERROR, SO_DONTROUTE, SO_BROADCAST, SO_SNDBUF, SO_RCVBUF, SO_KEEPALIVE, SO_OOBINLINE, SO_PRIORITY, SO_LINGER, SO_REUSEPORT, SO_PASSCRED, SO_PEERCRED, SO_RCVLOWAT, SO_SNDLOWAT, SO_RCVTIMEO, SO_SNDTIMEO, SO_BINDTODEVICE, SO_ATTACH_FILTER, SO_DETACH_FILTER, SO_PEERNAME,
        SO_TIMESTAMP, SO_ACCEPTCONN, SO_PEERSEC, SO_MARK, SO_PROTOCOL, SO_DOMAIN];
    /// The protocols of the internet.
    choice Protocol "IPPROTO_" [IPPROTO_IP, IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_IPV6, IPPROTO_ICMPV6, IPPROTO_SCTP, IPPROTO_UDPLITE, IPPROTO_RAW, IPPROTO_MPTCP];
    /// The families of netlink(7).
    choice NetlinkFamily "NETLINK_" [NETLINK_ROUTE, NETLINK_SOCK_DIAG, NETLINK_XFRM, NETLINK_AUDIT, NETLINK_NETFILTER, NETLINK_KOBJECT_UEVENT, NETLINK_GENERIC, NETLINK_CRYPTO];
    /// Options of `SOL_TCP`.
    choice TcpOption "TCP_" [TCP_NODELAY, TCP_MAXSEG, TCP_CORK, TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT, TCP_SYNCNT, TCP_LINGER2, TCP_DEFER_ACCEPT, TCP_WINDOW_CLAMP, TCP_INFO,
        TCP_QUICKACK, TCP_CONGESTION, TCP_USER_TIMEOUT, TCP_FASTOPEN];
    /// Options of `SOL_IP`.
    choice IpOption "IP_" [IP_TOS, IP_TTL, IP_HDRINCL, IP_OPTIONS, IP_RECVOPTS, IP_PKTINFO, IP_MTU_DISCOVER, IP_RECVERR, IP_RECVTTL, IP_RECVTOS, IP_MTU, IP_FREEBIND,
        IP_MULTICAST_IF, IP_MULTICAST_TTL, IP_MULTICAST_LOOP, IP_ADD_MEMBERSHIP, IP_DROP_MEMBERSHIP];
    /// Options of `SOL_IPV6`.
    choice Ipv6Option "IPV6_" [IPV6_UNICAST_HOPS, IPV6_MULTICAST_IF, IPV6_MULTICAST_HOPS, IPV6_MULTICAST_LOOP, IPV6_ADD_MEMBERSHIP, IPV6_DROP_MEMBERSHIP, IPV6_MTU_DISCOVER,
        IPV6_RECVERR, IPV6_V6ONLY, IPV6_RECVPKTINFO, IPV6_PKTINFO, IPV6_TCLASS];
    /// sched_setscheduler(2).
    choice SchedulingPolicy "SCHED_" [SCHED_OTHER, SCHED_FIFO, SCHED_RR, SCHED_BATCH, SCHED_IDLE];
    /// shmget(2) and its like: the permissions are the low nine bits.
    flags IpcFlags "IPC_" [IPC_CREAT, IPC_EXCL, IPC_NOWAIT, SHM_HUGETLB = 0o4000, SHM_NORESERVE = 0o10000];
    /// msgctl(2).
    choice MsgCommand "MSG_" [IPC_RMID, IPC_SET, IPC_STAT, IPC_INFO = 3, MSG_STAT = 11, MSG_INFO = 12, MSG_STAT_ANY = 13];
    /// semctl(2).
    choice SemCommand "SEM_" [IPC_RMID, IPC_SET, IPC_STAT, IPC_INFO = 3, GETPID = 11, GETVAL = 12, GETALL = 13, GETNCNT = 14, GETZCNT = 15, SETVAL = 16, SETALL = 17,
        SEM_STAT = 18, SEM_INFO = 19, SEM_STAT_ANY = 20];
    /// shmctl(2).
    choice ShmCommand "SHM_" [IPC_RMID, IPC_SET, IPC_STAT, IPC_INFO = 3, SHM_LOCK = 11, SHM_UNLOCK = 12, SHM_STAT = 13, SHM_INFO = 14, SHM_STAT_ANY = 15];
    /// msgsnd(2) and msgrcv(2).
    flags MsgFlags "MSG_" [IPC_NOWAIT, MSG_NOERROR = 0o10000, MSG_EXCEPT = 0o20000, MSG_COPY = 0o40000];
    /// shmat(2).
    flags ShmatFlags "SHM_" [SHM_RDONLY = 0o10000, SHM_RND = 0o20000, SHM_REMAP = 0o40000, SHM_EXEC = 0o100000];
    /// The flags of a futex in the calls since Linux 5.16.
    flags Futex2Flags "FUTEX2_" [FUTEX2_SIZE_U8 = 0 / 3, FUTEX2_SIZE_U16 = 1 / 3, FUTEX2_SIZE_U32 = 2 / 3, FUTEX2_SIZE_U64 = 3 / 3, FUTEX2_NUMA = 4, FUTEX2_MPOL = 8,
        FUTEX2_PRIVATE = 128];
    /// kcmp(2).
    choice CompareKind "KCMP_" [KCMP_FILE = 0, KCMP_VM = 1, KCMP_FILES = 2, KCMP_FS = 3, KCMP_SIGHAND = 4, KCMP_IO = 5, KCMP_SYSVSEM = 6, KCMP_EPOLL_TFD = 7];
    /// seccomp(2).
    choice SeccompOperation "SECCOMP_" [SECCOMP_SET_MODE_STRICT = 0, SECCOMP_SET_MODE_FILTER = 1, SECCOMP_GET_ACTION_AVAIL = 2, SECCOMP_GET_NOTIF_SIZES = 3];
    /// seccomp(2).
    flags SeccompFlags "SECCOMP_FILTER_FLAG_" [SECCOMP_FILTER_FLAG_TSYNC = 1, SECCOMP_FILTER_FLAG_LOG = 2, SECCOMP_FILTER_FLAG_SPEC_ALLOW = 4, SECCOMP_FILTER_FLAG_NEW_LISTENER = 8,
        SECCOMP_FILTER_FLAG_TSYNC_ESRCH = 16, SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV = 32];
    /// landlock_add_rule(2).
    choice LandlockRule "LANDLOCK_RULE_" [LANDLOCK_RULE_PATH_BENEATH = 1, LANDLOCK_RULE_NET_PORT = 2];
    /// fsconfig(2).
    choice FsconfigCommand "FSCONFIG_" [FSCONFIG_SET_FLAG = 0, FSCONFIG_SET_STRING = 1, FSCONFIG_SET_BINARY = 2, FSCONFIG_SET_PATH = 3, FSCONFIG_SET_PATH_EMPTY = 4,
        FSCONFIG_SET_FD = 5, FSCONFIG_CMD_CREATE = 6, FSCONFIG_CMD_RECONFIGURE = 7, FSCONFIG_CMD_CREATE_EXCL = 8];
    /// keyctl(2).
    choice KeyOperation "KEYCTL_" [KEYCTL_GET_KEYRING_ID = 0, KEYCTL_JOIN_SESSION_KEYRING = 1, KEYCTL_UPDATE = 2, KEYCTL_REVOKE = 3, KEYCTL_CHOWN = 4, KEYCTL_SETPERM = 5,
        KEYCTL_DESCRIBE = 6, KEYCTL_CLEAR = 7, KEYCTL_LINK = 8, KEYCTL_UNLINK = 9, KEYCTL_SEARCH = 10, KEYCTL_READ = 11, KEYCTL_INSTANTIATE = 12, KEYCTL_NEGATE = 13,
        KEYCTL_SET_REQKEY_KEYRING = 14, KEYCTL_SET_TIMEOUT = 15, KEYCTL_ASSUME_AUTHORITY = 16, KEYCTL_GET_SECURITY = 17, KEYCTL_SESSION_TO_PARENT = 18, KEYCTL_REJECT = 19,
        KEYCTL_INSTANTIATE_IOV = 20, KEYCTL_INVALIDATE = 21, KEYCTL_GET_PERSISTENT = 22, KEYCTL_DH_COMPUTE = 23, KEYCTL_PKEY_QUERY = 24, KEYCTL_PKEY_ENCRYPT = 25,
        KEYCTL_PKEY_DECRYPT = 26, KEYCTL_PKEY_SIGN = 27, KEYCTL_PKEY_VERIFY = 28, KEYCTL_RESTRICT_KEYRING = 29, KEYCTL_MOVE = 30, KEYCTL_CAPABILITIES = 31, KEYCTL_WATCH_KEY = 32];
    /// riscv_flush_icache(2).
    flags FlushFlags "SYS_RISCV_FLUSH_ICACHE_" [SYS_RISCV_FLUSH_ICACHE_LOCAL = 1];
    /// io_uring_setup(2).
    flags RingFlags "IORING_SETUP_" [IORING_SETUP_IOPOLL = 1, IORING_SETUP_SQPOLL = 2, IORING_SETUP_SQ_AFF = 4, IORING_SETUP_CQSIZE = 8, IORING_SETUP_CLAMP = 0x10,
        IORING_SETUP_ATTACH_WQ = 0x20, IORING_SETUP_R_DISABLED = 0x40, IORING_SETUP_SUBMIT_ALL = 0x80, IORING_SETUP_COOP_TASKRUN = 0x100,
        IORING_SETUP_TASKRUN_FLAG = 0x200, IORING_SETUP_SQE128 = 0x400, IORING_SETUP_CQE32 = 0x800, IORING_SETUP_SINGLE_ISSUER = 0x1000,
        IORING_SETUP_DEFER_TASKRUN = 0x2000, IORING_SETUP_NO_MMAP = 0x4000, IORING_SETUP_REGISTERED_FD_ONLY = 0x8000, IORING_SETUP_NO_SQARRAY = 0x1_0000,
        IORING_SETUP_HYBRID_IOPOLL = 0x2_0000];
    /// What a ring's `features` says.
    flags RingFeatures "IORING_FEAT_" [IORING_FEAT_SINGLE_MMAP = 1, IORING_FEAT_NODROP = 2, IORING_FEAT_SUBMIT_STABLE = 4, IORING_FEAT_RW_CUR_POS = 8,
        IORING_FEAT_CUR_PERSONALITY = 0x10, IORING_FEAT_FAST_POLL = 0x20, IORING_FEAT_POLL_32BITS = 0x40, IORING_FEAT_SQPOLL_NONFIXED = 0x80,
        IORING_FEAT_EXT_ARG = 0x100, IORING_FEAT_NATIVE_WORKERS = 0x200, IORING_FEAT_RSRC_TAGS = 0x400, IORING_FEAT_CQE_SKIP = 0x800,
        IORING_FEAT_LINKED_FILE = 0x1000, IORING_FEAT_REG_REG_RING = 0x2000, IORING_FEAT_RECVSEND_BUNDLE = 0x4000, IORING_FEAT_MIN_TIMEOUT = 0x8000,
        IORING_FEAT_RW_ATTR = 0x1_0000, IORING_FEAT_NO_IOWAIT = 0x2_0000];
    /// io_uring_enter(2).
    flags RingEntering "IORING_ENTER_" [IORING_ENTER_GETEVENTS = 1, IORING_ENTER_SQ_WAKEUP = 2, IORING_ENTER_SQ_WAIT = 4, IORING_ENTER_EXT_ARG = 8,
        IORING_ENTER_REGISTERED_RING = 0x10, IORING_ENTER_ABS_TIMER = 0x20, IORING_ENTER_EXT_ARG_REG = 0x40, IORING_ENTER_NO_IOWAIT = 0x80];
    /// io_uring_register(2).
    choice RingRequest "IORING_REGISTER_" [IORING_REGISTER_BUFFERS = 0, IORING_UNREGISTER_BUFFERS = 1, IORING_REGISTER_FILES = 2, IORING_UNREGISTER_FILES = 3,
        IORING_REGISTER_EVENTFD = 4, IORING_UNREGISTER_EVENTFD = 5, IORING_REGISTER_FILES_UPDATE = 6, IORING_REGISTER_EVENTFD_ASYNC = 7,
        IORING_REGISTER_PROBE = 8, IORING_REGISTER_PERSONALITY = 9, IORING_UNREGISTER_PERSONALITY = 10, IORING_REGISTER_RESTRICTIONS = 11,
        IORING_REGISTER_ENABLE_RINGS = 12, IORING_REGISTER_FILES2 = 13, IORING_REGISTER_FILES_UPDATE2 = 14, IORING_REGISTER_BUFFERS2 = 15,
        IORING_REGISTER_BUFFERS_UPDATE = 16, IORING_REGISTER_IOWQ_AFF = 17, IORING_UNREGISTER_IOWQ_AFF = 18, IORING_REGISTER_IOWQ_MAX_WORKERS = 19,
        IORING_REGISTER_RING_FDS = 20, IORING_UNREGISTER_RING_FDS = 21, IORING_REGISTER_PBUF_RING = 22, IORING_UNREGISTER_PBUF_RING = 23,
        IORING_REGISTER_SYNC_CANCEL = 24, IORING_REGISTER_FILE_ALLOC_RANGE = 25, IORING_REGISTER_PBUF_STATUS = 26, IORING_REGISTER_NAPI = 27,
        IORING_UNREGISTER_NAPI = 28, IORING_REGISTER_CLOCK = 29, IORING_REGISTER_CLONE_BUFFERS = 30, IORING_REGISTER_SEND_MSG_RING = 31,
        IORING_REGISTER_ZCRX_IFQ = 32, IORING_REGISTER_RESIZE_RINGS = 33, IORING_REGISTER_MEM_REGION = 34];
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed<S: Names>(bits: u64) -> String {
        let mut out = String::new();
        print::<S>(bits, &mut out);
        out
    }

    #[test]
    fn flags_and_choices() {
        assert_eq!(printed::<OpenFlags>(0), "O_RDONLY");
        assert_eq!(printed::<OpenFlags>(0o2000000 | 0o102 | 0o1000), "O_RDWR|O_CREAT|O_TRUNC|O_CLOEXEC");
        assert_eq!(printed::<OpenFlags>(0o200000 | 0x8000_0000), "O_RDONLY|O_DIRECTORY|0x80000000");
        assert_eq!(printed::<AtFlags>(0), "0");
        assert_eq!(printed::<Whence>(2), "SEEK_END");
        assert_eq!(printed::<Whence>(77), "0x4d /* SEEK_??? */");
        assert_eq!(printed::<Prot>(3), "PROT_READ|PROT_WRITE");
        assert_eq!(printed::<Prot>(0), "PROT_NONE");
        assert_eq!(printed::<MapFlags>(0x22), "MAP_PRIVATE|MAP_ANONYMOUS");
        assert_eq!(printed::<FutexOperation>(128), "FUTEX_WAIT|FUTEX_PRIVATE_FLAG");
        assert_eq!(printed::<AccessMode>(0), "F_OK");
        assert_eq!(printed::<AccessMode>(6), "R_OK|W_OK");
    }
}
