//! Structures of the riscv64 Linux ABI, byte for byte. Where x86-64 has the same layout, a host call fills the guest's memory
//! directly. `guests/syscall/layout.c` and `layout_kernel.c` print them as the cross compiler's headers have them, and a test compares.

use std::fmt::Write as _;
use std::mem::offset_of;

use bytemuck::{Pod, Zeroable};

use super::args::Struct;
use super::names;
use crate::signal::SigSet;
use crate::strace::text;

macro_rules! layouts {
    ($($(#[$doc:meta])* $name:ident $c:literal $size:literal { $($field:ident: $ty:ty),* $(,)? } |$this:ident, $out:ident| $print:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Pod, Zeroable)]
        #[repr(C)]
        #[allow(missing_docs, reason = "the fields are those of the C structure")]
        pub struct $name { $(pub $field: $ty),* }

        const _: () = assert!(size_of::<$name>() == $size);

        impl Struct for $name {
            const NAME: &'static str = $c;
            fn print(&self, $out: &mut String) {
                let $this = self;
                $print
            }
        }
    )*

        /// All of them, for the test that compares.
        pub static LAYOUTS: &[Layout] = &[$(Layout {
            name: stringify!($name),
            size: size_of::<$name>(),
            fields: &[$((stringify!($field), offset_of!($name, $field), size_of::<$ty>())),*],
        }),*];
    };
}

/// Where the fields of a structure are.
#[derive(Debug)]
pub struct Layout {
    /// Its name here.
    pub name: &'static str,
    /// Its size in bytes.
    pub size: usize,
    /// Name, offset and size of each field.
    pub fields: &'static [(&'static str, usize, usize)],
}

macro_rules! put {
    ($out:expr, $($format:tt)*) => {{ let _ = write!($out, $($format)*); }};
}

layouts! {
    /// An int behind a pointer.
    IntCell "int" 4 { value: i32 } |s, out| put!(out, "[{}]", s.value);
    /// Two descriptors.
    FdPair "int[2]" 8 { first: i32, second: i32 } |s, out| put!(out, "[{}, {}]", s.first, s.second);
    /// A wait status.
    WaitStatus "wait status" 4 { value: i32 } |s, out| text::wait_status(s.value, out);
    /// A 64-bit number behind a pointer.
    LongCell "loff_t" 8 { value: i64 } |s, out| put!(out, "[{}]", s.value);
    /// `struct timespec`.
    Timespec "timespec" 16 { sec: i64, nsec: i64 } |s, out| put!(out, "{{tv_sec={}, tv_nsec={}}}", s.sec, s.nsec);
    /// Two of them: utimensat.
    TimespecPair "timespec[2]" 32 { first: Timespec, second: Timespec } |s, out| {
        out.push('[');
        s.first.print(out);
        out.push_str(", ");
        s.second.print(out);
        out.push(']');
    };
    /// `struct timeval`.
    Timeval "timeval" 16 { sec: i64, usec: i64 } |s, out| put!(out, "{{tv_sec={}, tv_usec={}}}", s.sec, s.usec);
    /// `struct timezone`.
    Timezone "timezone" 8 { minutes_west: i32, dst: i32 } |s, out| put!(out, "{{tz_minuteswest={}, tz_dsttime={}}}", s.minutes_west, s.dst);
    /// `struct itimerspec`.
    Itimerspec "itimerspec" 32 { interval: Timespec, value: Timespec } |s, out| {
        out.push_str("{it_interval=");
        s.interval.print(out);
        out.push_str(", it_value=");
        s.value.print(out);
        out.push('}');
    };
    /// `struct itimerval`.
    Itimerval "itimerval" 32 { interval: Timeval, value: Timeval } |s, out| {
        out.push_str("{it_interval=");
        s.interval.print(out);
        out.push_str(", it_value=");
        s.value.print(out);
        out.push('}');
    };
    /// `struct stat` of asm-generic, which is not x86-64's.
    Stat "stat" 128 {
        dev: u64, ino: u64, mode: u32, nlink: u32, uid: u32, gid: u32, rdev: u64, pad1: u64, size: i64, blksize: i32, pad2: i32, blocks: i64,
        atime: i64, atime_nsec: u64, mtime: i64, mtime_nsec: u64, ctime: i64, ctime_nsec: u64, unused: [u32; 2],
    } |s, out| {
        put!(out, "{{st_mode=");
        text::file_mode(s.mode, out);
        if matches!(s.mode & libc::S_IFMT, libc::S_IFCHR | libc::S_IFBLK) {
            put!(out, ", st_rdev=makedev({:#x}, {:#x}), ...}}", libc::major(s.rdev), libc::minor(s.rdev));
        } else {
            put!(out, ", st_size={}, ...}}", s.size);
        }
    };
    /// `struct statfs`.
    Statfs "statfs" 120 {
        kind: i64, bsize: i64, blocks: u64, bfree: u64, bavail: u64, files: u64, ffree: u64, fsid: [i32; 2], namelen: i64, frsize: i64, flags: i64,
        spare: [i64; 4],
    } |s, out| put!(out, "{{f_type={:#x}, f_bsize={}, f_blocks={}, f_bfree={}, f_bavail={}, f_files={}, f_ffree={}, f_namelen={}, f_frsize={}, f_flags={:#x}}}",
        s.kind, s.bsize, s.blocks, s.bfree, s.bavail, s.files, s.ffree, s.namelen, s.frsize, s.flags);
    /// `struct statx`.
    Statx "statx" 256 {
        mask: u32, blksize: u32, attributes: u64, nlink: u32, uid: u32, gid: u32, mode: u16, spare0: u16, ino: u64, size: u64, blocks: u64,
        rest: [u64; 25],
    } |s, out| {
        out.push_str("{stx_mask=");
        names::print::<names::StatxMask>(u64::from(s.mask), out);
        put!(out, ", stx_attributes={:#x}, stx_mode=", s.attributes);
        text::file_mode(u32::from(s.mode), out);
        put!(out, ", stx_size={}, ...}}", s.size);
    };
    /// `struct rusage`.
    Rusage "rusage" 144 { utime: Timeval, stime: Timeval, counts: [i64; 14] } |s, out| {
        out.push_str("{ru_utime=");
        s.utime.print(out);
        out.push_str(", ru_stime=");
        s.stime.print(out);
        out.push_str(", ...}");
    };
    /// `struct rlimit64`.
    Rlimit "rlimit" 16 { current: u64, maximum: u64 } |s, out| {
        out.push_str("{rlim_cur=");
        text::limit(s.current, out);
        out.push_str(", rlim_max=");
        text::limit(s.maximum, out);
        out.push('}');
    };
    /// `struct epoll_event`, which x86-64 packs into 12 bytes.
    EpollEvent "epoll_event" 16 { events: u32, pad: u32, data: u64 } |s, out| {
        out.push_str("{events=");
        text::poll_events(s.events, "EPOLL", out);
        put!(out, ", data={{u32={}, u64={}}}}}", s.data as u32, s.data);
    };
    /// `struct flock`.
    Flock "flock" 32 { kind: i16, whence: i16, pad: u32, start: i64, len: i64, pid: i32, pad2: u32 } |s, out| {
        let kind = ["F_RDLCK", "F_WRLCK", "F_UNLCK"].get(s.kind as usize).unwrap_or(&"F_???");
        put!(out, "{{l_type={kind}, l_whence=");
        names::print::<names::Whence>(s.whence as u64, out);
        put!(out, ", l_start={}, l_len={}}}", s.start, s.len);
    };
    /// `struct pollfd`.
    PollFd "pollfd" 8 { fd: i32, events: i16, revents: i16 } |s, out| {
        put!(out, "{{fd={}, events=", s.fd);
        text::poll_events(s.events as u16 as u32, "POLL", out);
        if s.revents != 0 {
            out.push_str(", revents=");
            text::poll_events(s.revents as u16 as u32, "POLL", out);
        }
        out.push('}');
    };
    /// `struct new_utsname`.
    Utsname "utsname" 390 { sysname: [u8; 65], nodename: [u8; 65], release: [u8; 65], version: [u8; 65], machine: [u8; 65], domain: [u8; 65] } |s, out| {
        for (index, (name, field)) in [("sysname", &s.sysname), ("nodename", &s.nodename), ("release", &s.release), ("version", &s.version),
            ("machine", &s.machine)].into_iter().enumerate() {
            put!(out, "{}{name}=", if index == 0 { "{" } else { ", " });
            text::quoted(field.split(|&byte| byte == 0).next().unwrap_or_default(), false, out);
        }
        out.push('}');
    };
    /// `struct sysinfo`.
    Sysinfo "sysinfo" 112 { uptime: i64, loads: [u64; 3], totalram: u64, freeram: u64, rest: [u64; 8] } |s, out|
        put!(out, "{{uptime={}, loads=[{}, {}, {}], totalram={}, freeram={}, ...}}", s.uptime, s.loads[0], s.loads[1], s.loads[2], s.totalram, s.freeram);
    /// `struct tms`.
    Tms "tms" 32 { utime: i64, stime: i64, cutime: i64, cstime: i64 } |s, out|
        put!(out, "{{tms_utime={}, tms_stime={}, tms_cutime={}, tms_cstime={}}}", s.utime, s.stime, s.cutime, s.cstime);
    /// `struct winsize`.
    Winsize "winsize" 8 { rows: u16, columns: u16, xpixel: u16, ypixel: u16 } |s, out|
        put!(out, "{{ws_row={}, ws_col={}, ws_xpixel={}, ws_ypixel={}}}", s.rows, s.columns, s.xpixel, s.ypixel);
    /// The kernel's `struct termios`.
    Termios "termios" 36 { iflag: u32, oflag: u32, cflag: u32, lflag: u32, line: u8, cc: [u8; 19] } |s, out| {
        let sign = |set| if set { "" } else { "-" };
        put!(out, "{{{} {}opost {}isig {}icanon {}echo ...}}", text::speed(s.cflag), sign(s.oflag & libc::OPOST != 0),
            sign(s.lflag & libc::ISIG != 0), sign(s.lflag & libc::ICANON != 0), sign(s.lflag & libc::ECHO != 0));
    };
    /// `siginfo_t`.
    Siginfo "siginfo" 128 { signo: i32, errno: i32, code: i32, pad: i32, fields: [u32; 28] } |s, out| text::siginfo(s, out);
    /// `struct open_how`.
    OpenHow "open_how" 24 { flags: u64, mode: u64, resolve: u64 } |s, out| {
        out.push_str("{flags=");
        names::print::<names::OpenFlags>(s.flags, out);
        put!(out, ", mode=0{:02o}, resolve=", s.mode);
        names::print::<names::ResolveFlags>(s.resolve, out);
        out.push('}');
    };
    /// `struct sigevent`.
    Sigevent "sigevent" 64 { value: u64, signo: i32, notify: i32, tid: i32, pad: [u32; 11] } |s, out|
        put!(out, "{{sigev_value={:#x}, sigev_signo={}, sigev_notify={}}}", s.value, s.signo, s.notify);
    /// `struct sched_param`.
    SchedParam "sched_param" 4 { priority: i32 } |s, out| put!(out, "[{}]", s.priority);
    /// `fd_set`: 1024 descriptors.
    FdSet "fd_set" 128 { bits: [u64; 16] } |s, out| {
        out.push('[');
        let mut first = true;
        for fd in 0..1024 {
            if s.bits[fd / 64] >> (fd % 64) & 1 != 0 {
                put!(out, "{}{fd}", if first { "" } else { " " });
                first = false;
            }
        }
        out.push(']');
    };
    /// The sixth argument of pselect6: a mask and its size.
    MaskArgument "sigset argument" 16 { set: u64, size: u64 } |s, out| put!(out, "{{{:#x}, {}}}", s.set, s.size);
    /// `struct riscv_hwprobe`.
    HwProbe "riscv_hwprobe" 16 { key: i64, value: u64 } |s, out| put!(out, "{{key={}, value={:#x}}}", s.key, s.value);
    /// The kernel's `struct sigaction` on riscv64: no restorer.
    SigAction "sigaction" 24 { handler: u64, flags: u64, mask: u64 } |s, out| text::sigaction(s, out);
    /// `stack_t`.
    SigStack "stack_t" 24 { sp: u64, flags: i32, pad: u32, size: u64 } |s, out| {
        out.push_str("{ss_sp=");
        text::pointer(crate::addr::GuestAddr(s.sp), out);
        out.push_str(", ss_flags=");
        names::print::<names::StackFlags>(s.flags as u64, out);
        put!(out, ", ss_size={}}}", s.size);
    };
    /// `struct clone_args`.
    CloneArgs "clone_args" 88 { flags: u64, pidfd: u64, child_tid: u64, parent_tid: u64, exit_signal: u64, stack: u64, stack_size: u64, tls: u64,
        set_tid: u64, set_tid_size: u64, cgroup: u64 } |s, out| {
        out.push_str("{flags=");
        names::print::<names::CloneFlags>(s.flags & !0xff, out);
        for (name, value) in [("pidfd", s.pidfd), ("child_tid", s.child_tid), ("parent_tid", s.parent_tid)] {
            if value != 0 {
                put!(out, ", {name}={value:#x}");
            }
        }
        out.push_str(", exit_signal=");
        text::signal(s.exit_signal as i32, out);
        out.push_str(", stack=");
        text::pointer(crate::addr::GuestAddr(s.stack), out);
        put!(out, ", stack_size={}{:x}", if s.stack_size == 0 { "" } else { "0x" }, s.stack_size);
        if s.tls != 0 {
            put!(out, ", tls={:#x}", s.tls);
        }
        out.push('}');
    };
    /// `struct msghdr`.
    MsgHdr "msghdr" 56 { name: u64, namelen: u32, pad1: u32, iov: u64, iovlen: u64, control: u64, controllen: u64, flags: u32, pad2: u32 } |s, out|
        put!(out, "{{msg_name={:#x}, msg_namelen={}, msg_iov={:#x}, msg_iovlen={}, msg_controllen={}, msg_flags={:#x}}}",
            s.name, s.namelen, s.iov, s.iovlen, s.controllen, s.flags);
    /// `struct mmsghdr`.
    MMsgHdr "mmsghdr" 64 { header: MsgHdr, len: u32, pad: u32 } |s, out| s.header.print(out);
    /// `struct timex`.
    Timex "timex" 208 { modes: u32, pad1: u32, offset: i64, freq: i64, maxerror: i64, esterror: i64, status: i32, pad2: u32, constant: i64,
        precision: i64, tolerance: i64, time: Timeval, tick: i64, ppsfreq: i64, jitter: i64, shift: i32, pad3: u32, counts: [i64; 5], tai: i32,
        pad4: [u32; 11] } |s, out| {
        put!(out, "{{modes={:#x}, offset={}, freq={}, maxerror={}, esterror={}, status={:#x}, constant={}, precision={}, tolerance={}, time=",
            s.modes, s.offset, s.freq, s.maxerror, s.esterror, s.status, s.constant, s.precision, s.tolerance);
        s.time.print(out);
        put!(out, ", tick={}, ...}}", s.tick);
    };
    /// `struct mq_attr`.
    MqAttr "mq_attr" 64 { flags: i64, maxmsg: i64, msgsize: i64, curmsgs: i64, reserved: [i64; 4] } |s, out| {
        out.push_str("{mq_flags=");
        names::print::<names::OpenFlags>(s.flags as u64, out);
        put!(out, ", mq_maxmsg={}, mq_msgsize={}, mq_curmsgs={}}}", s.maxmsg, s.msgsize, s.curmsgs);
    };
    /// `struct ipc64_perm`.
    IpcPermissions "ipc64_perm" 48 { key: i32, uid: u32, gid: u32, cuid: u32, cgid: u32, mode: u32, seq: u16, pad1: u16, pad2: u32, unused: [u64; 2] } |s, out|
        put!(out, "{{uid={}, gid={}, mode={:#o}, key={}, cuid={}, cgid={}}}", s.uid, s.gid, s.mode, s.key, s.cuid, s.cgid);
    /// `struct semid64_ds` of asm-generic, which is not x86-64's.
    SemaphoreSet "semid64_ds" 88 { permissions: IpcPermissions, operated: i64, changed: i64, count: u64, unused: [u64; 2] } |s, out| {
        out.push_str("{sem_perm=");
        s.permissions.print(out);
        put!(out, ", sem_otime={}, sem_ctime={}, sem_nsems={}}}", s.operated, s.changed, s.count);
    };
    /// `struct shmid64_ds`.
    SharedSegment "shmid64_ds" 112 { permissions: IpcPermissions, size: u64, attached: i64, detached: i64, changed: i64, creator: i32, last: i32,
        attachments: u64, unused: [u64; 2] } |s, out| {
        out.push_str("{shm_perm=");
        s.permissions.print(out);
        put!(out, ", shm_segsz={}, shm_cpid={}, shm_lpid={}, shm_nattch={}, shm_atime={}, shm_dtime={}, shm_ctime={}}}",
            s.size, s.creator, s.last, s.attachments, s.attached, s.detached, s.changed);
    };
    /// `struct io_event`.
    AioEvent "io_event" 32 { data: u64, request: u64, result: i64, result2: i64 } |s, out|
        put!(out, "{{data={:#x}, obj={:#x}, res={}, res2={}}}", s.data, s.request, s.result, s.result2);
    /// `struct io_uring_params`; the offsets in it are words.
    RingParams "io_uring_params" 120 { sq_entries: u32, cq_entries: u32, flags: u32, sq_thread_cpu: u32, sq_thread_idle: u32, features: u32, wq_fd: u32,
        reserved: [u32; 3], sq_off: [u32; 10], cq_off: [u32; 10] } |s, out| {
        out.push_str("{flags=");
        names::print::<names::RingFlags>(u64::from(s.flags), out);
        put!(out, ", sq_thread_cpu={}, sq_thread_idle={}", s.sq_thread_cpu, s.sq_thread_idle);
        if s.features != 0 {
            put!(out, ", sq_entries={}, cq_entries={}, features=", s.sq_entries, s.cq_entries);
            names::print::<names::RingFeatures>(u64::from(s.features), out);
        }
        out.push_str(", ...}");
    };
    /// `struct cachestat_range`.
    CacheRange "cachestat_range" 16 { offset: u64, len: u64 } |s, out| put!(out, "{{off={:#x}, len={:#x}}}", s.offset, s.len);
    /// `struct cachestat`.
    CacheStat "cachestat" 40 { cache: u64, dirty: u64, writeback: u64, evicted: u64, recently_evicted: u64 } |s, out|
        put!(out, "{{nr_cache={}, nr_dirty={}, nr_writeback={}, nr_evicted={}, nr_recently_evicted={}}}",
            s.cache, s.dirty, s.writeback, s.evicted, s.recently_evicted);
    /// `struct futex_waitv`.
    FutexWaiter "futex_waitv" 24 { value: u64, address: u64, flags: u32, reserved: u32 } |s, out| {
        put!(out, "{{val={:#x}, uaddr={:#x}, flags=", s.value, s.address);
        names::print::<names::Futex2Flags>(u64::from(s.flags), out);
        out.push('}');
    };
    /// The two futexes of futex_requeue(2).
    FutexWaiterPair "futex_waitv[2]" 48 { from: FutexWaiter, to: FutexWaiter } |s, out| {
        out.push('[');
        s.from.print(out);
        out.push_str(", ");
        s.to.print(out);
        out.push(']');
    };
    /// `struct xattr_args`.
    XattrArgs "xattr_args" 16 { value: u64, size: u32, flags: u32 } |s, out|
        put!(out, "{{value={:#x}, size={}, flags={:#x}}}", s.value, s.size, s.flags);
    /// `struct landlock_path_beneath_attr`, which is packed.
    PathBeneath "landlock_path_beneath_attr" 12 { allowed: [u32; 2], parent: i32 } |s, out|
        put!(out, "{{allowed_access={:#x}, parent_fd={}}}", u64::from(s.allowed[1]) << 32 | u64::from(s.allowed[0]), s.parent);
    /// `struct sock_fprog`.
    FilterProgram "sock_fprog" 16 { len: u16, pad: [u16; 3], filter: u64 } |s, out| put!(out, "{{len={}, filter={:#x}}}", s.len, s.filter);
    /// `struct sembuf`.
    SemBuf "sembuf" 6 { number: u16, operation: i16, flags: i16 } |s, out| put!(out, "{{{}, {}, {:#x}}}", s.number, s.operation, s.flags);
    /// The head of a capability request.
    CapHeader "cap_user_header" 8 { version: u32, pid: i32 } |s, out| put!(out, "{{version={:#x}, pid={}}}", s.version, s.pid);
    /// The capability sets of version 3.
    CapData "cap_user_data[2]" 24 { words: [u32; 6] } |s, out| put!(out, "{:x?}", s.words);
}

impl Struct for SigSet {
    const NAME: &'static str = "sigset";
    fn print(&self, out: &mut String) {
        text::signal_set(*self, out);
    }
}
