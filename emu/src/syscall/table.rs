//! The table of system calls: every number of riscv64 Linux (asm-generic), its name, its typed arguments, and what is done.
//!
//! A row ends in one of three ways:
//! * `= module::function`: our handler, which gets the task and the typed arguments.
//! * `=> SYS_name`: the host's call of the same meaning. Structures have the same layout on both sides, pointers are moved into the
//!   window, and what the guest may not name (our descriptors, addresses outside) becomes what the kernel refuses.
//! * `refused "why"`: ENOSYS on purpose.
//!
//! A row that says `exec "why"` leaves something in the host's kernel that only its own execve(2) puts in order: a process that has made the call
//! does not execute programs in place ([`crate::process`]). What only some arguments do, the handler says. A row that says `maps` changes what is where in
//! memory: if a child of `vfork` makes the call in a copy, its parent does too ([`Repeat`]).

use super::args::{
    Addr, AnyFd, Arg, Call, DirFd, Direction, FcntlArg, Fd, Flags, Gid, Hex, In, InArray, InBuf, InOut,
    InOutArray, InSockAddr, InVector, Int, IpcKey, Key, Mode, NewMode, Offset, Out, OutArray, OutBuf,
    OutSockAddr, OutVector, Path, Pid, Signal, Size, Str, Tell, Uid, Uint, Word,
};
use super::ioctl::{Request, RequestArg};
use super::layout::{
    AioEvent, CacheRange, CacheStat, CapData, CapHeader, CloneArgs, EpollEvent, FdPair, FdSet, FutexWaiter,
    FutexWaiterPair, HwProbe, IntCell, Itimerspec, Itimerval, LongCell, MMsgHdr, MaskArgument, MqAttr,
    MsgHdr, OpenHow, PollFd, RingParams, Rlimit, Rusage, SchedParam, SemBuf, SigAction, SigStack, Sigevent,
    Siginfo, Stat, Statfs, Statx, Sysinfo, Timespec, TimespecPair, Timeval, Timex, Timezone, Tms, Utsname,
    WaitStatus, XattrArgs,
};
use super::names::{
    AccessFlags, AccessMode, AtFlags, BarrierCommand, Clock, CloneFlags, CloseRangeFlags, CompareKind,
    Domain, EpollCreateFlags, EpollOperation, EventFdFlags, FallocateMode, FcntlCommand, FdFlags, FileAdvice,
    FlushFlags, FsconfigCommand, Futex2Flags, FutexOperation, InotifyFlags, InotifyMask, IntervalTimer,
    IpcFlags, KeyOperation, LandlockRule, LockAllFlags, LockFlags, LockOperation, MapFlags, MaskHow,
    MemfdFlags, MemoryAdvice, MemoryPolicy, MessageFlags, MountFlags, MsgCommand, MsgFlags, OpenFlags,
    PrctlOption, PriorityOf, Prot, RandomFlags, RemapFlags, RenameFlags, Resource, RingEntering, RingRequest,
    RwFlags, SchedulingPolicy, SeccompFlags, SeccompOperation, SemCommand, ShmCommand, ShmatFlags,
    ShutdownHow, SignalFdFlags, SocketLevel, SocketOption, SocketType, SpliceFlags, StatxMask, SyncFlags,
    SyncRangeFlags, TimerFdFlags, TimerFlags, UmountFlags, UsageOf, WaitKind, WaitOptions, Whence,
    XattrFlags,
};
use super::path::{FOLLOWED, FoundAt, FoundLink, FoundPath, LINK};
use super::{
    aio, descriptor, exec, file, futex, futex2, host, ioctl, keys, landlock, mapping, mqueue, namespace,
    numa, number, poll, prctl, process, remote, seccomp, signals, socket, system, sysv, time, uring,
    uring_register, userfault, xattr,
};
use crate::errno::Errno;
use crate::process::carry::{self, Repeat, Repeated};
use crate::signal::SigSet;
use crate::task::Task;

/// Runs a call with these registers.
pub type Run = fn(&mut Task) -> Result<u64, Errno>;

/// A row of the table.
#[derive(Debug)]
pub struct Row {
    /// Its number in `a7`.
    pub number: u64,
    /// Its name, as strace and gdb's `catch syscall` know it.
    pub name: &'static str,
    /// Its arguments.
    pub args: &'static [Parameter],
    /// How its result is printed.
    pub result: Shown,
    /// What is done.
    pub action: Action,
    /// Why a process that has made this call leaves exec to the host's kernel, if it does.
    pub exec: Option<&'static str>,
}

/// An argument of a row.
#[derive(Debug)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub kind: &'static str,
    /// Which way its data goes.
    pub direction: Direction,
    /// Prints the register's value.
    pub print: fn(u64, &Call, &mut String),
    /// Tells of the accesses made through the register's value.
    pub accesses: fn(u64, &Call, Tell),
}

/// How a result is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// In decimal.
    Number,
    /// In hexadecimal.
    Address,
    /// In octal.
    Octal,
    /// The call does not return.
    Never,
}

/// What is done for a row.
#[derive(Debug)]
pub enum Action {
    /// Our own handler.
    Handler(Run),
    /// The host's call of the same meaning.
    Host(Run),
    /// ENOSYS, on purpose.
    Refused(&'static str),
}

fn print<T: Arg>(raw: u64, call: &Call, out: &mut String) {
    T::from_raw(raw).print(call, out);
}

fn accesses<T: Arg>(raw: u64, call: &Call, tell: Tell) {
    T::from_raw(raw).accesses(call, tell);
}

macro_rules! shown {
    () => {
        Shown::Number
    };
    ($kind:ident) => {
        Shown::$kind
    };
}

macro_rules! option {
    () => {
        None
    };
    ($value:literal) => {
        Some($value)
    };
}

macro_rules! remember {
    ($task:ident) => {};
    ($task:ident $why:literal) => {
        $task.process.require_host_exec();
    };
}

macro_rules! made {
    ($task:ident $raw:ident $call:tt) => {
        $call
    };
    ($task:ident $raw:ident $call:tt $how:ident) => {{
        let done = $call;
        if let Ok(result) = done
            && $task.carrier.is_some()
        {
            carry::mapped(
                $task,
                &Repeated { number: $task.hart.x(17), args: $raw, result, how: Repeat::$how },
            );
        }
        done
    }};
}

macro_rules! action {
    ([$($arg:ident: $kind:ty),*] [$module:ident $function:ident] [] [] [$($why:literal)?] $($maps:ident)?) => {{
        #[allow(unused_mut, unused_variables, reason = "rows without arguments")]
        fn run(task: &mut Task) -> Result<u64, Errno> {
            let raw = task.arguments();
            let mut registers = raw.iter();
            $(let $arg = <$kind as Arg>::from_raw(registers.next().copied().unwrap_or(0));)*
            remember!(task $($why)?);
            made!(task raw ($module::$function(task $(, $arg)*)) $($maps)?)
        }
        Action::Handler(run)
    }};
    ([$($arg:ident: $kind:ty),*] [] [$host:ident] [] [$($why:literal)?]) => {{
        #[allow(unused_mut, unused_variables, reason = "rows without arguments")]
        fn run(task: &mut Task) -> Result<u64, Errno> {
            let raw = task.arguments();
            let mut registers = raw.iter();
            remember!(task $($why)?);
            let mut args = [0; 6];
            let mut places = args.iter_mut();
            let call = Call { memory: &task.process.memory, raw: &raw, result: None };
            $(if let (Some(place), Some(&register)) = (places.next(), registers.next()) {
                let $arg = <$kind as Arg>::from_raw(register);
                *place = $arg.host(&call);
            })*
            host::call(number::$host, args)
        }
        Action::Host(run)
    }};
    ([$($arg:ident: $kind:ty),*] [] [] [$why:literal] []) => { Action::Refused($why) };
}

macro_rules! syscalls {
    ($($number:literal $name:ident ($($arg:ident: $kind:ty),*) $(-> $shown:ident)? $(= $module:ident::$function:ident)? $(=> $host:ident)? $(refused $why:literal)? $(exec $exec:literal)? $(maps $maps:ident)?;)*) => {
        /// Every row, by number.
        pub static ROWS: &[Row] = &[$(Row {
            number: $number,
            name: stringify!($name),
            args: &[$(Parameter {
                name: stringify!($arg),
                kind: <$kind as Arg>::KIND,
                direction: <$kind as Arg>::DIRECTION,
                print: print::<$kind>,
                accesses: accesses::<$kind>,
            }),*],
            result: shown!($($shown)?),
            action: action!([$($arg: $kind),*] [$($module $function)?] [$($host)?] [$($why)?] [$($exec)?] $($maps)?),
            exec: option!($($exec)?),
        }),*];
    };
}

/// One more than the highest number in the table.
pub const LIMIT: usize = 512;

/// For each number its place in [`ROWS`], or `u16::MAX`.
static PLACES: [u16; LIMIT] = places();

const fn places() -> [u16; LIMIT] {
    let mut places = [u16::MAX; LIMIT];
    let mut index = 0;
    while index < ROWS_LEN {
        places[NUMBERS[index] as usize] = index as u16;
        index += 1;
    }
    places
}

/// What is done for each number: as the rows say, and together, as a child of fork may come to each page of a table by a fault.
static RUNS: [Run; LIMIT] = runs();

const fn runs() -> [Run; LIMIT] {
    let mut runs: [Run; LIMIT] = [super::refuse; LIMIT];
    let mut index = 0;
    while index < ROWS_LEN {
        if let Action::Handler(run) | Action::Host(run) = ROWS[index].action {
            runs[NUMBERS[index] as usize] = run;
        }
        index += 1;
    }
    runs
}

/// What is done for a number: what its row says, or that it is refused.
#[inline]
pub fn run(number: u64) -> Run {
    RUNS.get(number as usize).copied().unwrap_or(super::refuse)
}

/// The row of a number.
pub fn row(number: u64) -> Option<&'static Row> {
    let place = *PLACES.get(usize::try_from(number).ok()?)?;
    ROWS.get(usize::from(place))
}

/// The row of a name.
pub fn named(name: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.name == name)
}

syscalls! {
    // Asynchronous I/O, extended attributes, the current folder.
    0 io_setup(count: Uint, context: Addr) = aio::io_setup exec "its contexts end with the memory";
    1 io_destroy(context: Word) = aio::io_destroy;
    2 io_submit(context: Word, count: Size, requests: Addr) = aio::io_submit;
    3 io_cancel(context: Word, request: Addr, result: Addr) = aio::io_cancel;
    4 io_getevents(context: Word, least: Offset, most: Offset, events: OutArray<AioEvent, 2>, timeout: In<Timespec>) = aio::io_getevents;
    5 setxattr(path: FoundPath, name: Str, value: InBuf<3>, size: Size, flags: Flags<XattrFlags>) => SYS_setxattr;
    6 lsetxattr(path: FoundLink, name: Str, value: InBuf<3>, size: Size, flags: Flags<XattrFlags>) => SYS_lsetxattr;
    7 fsetxattr(fd: Fd, name: Str, value: InBuf<3>, size: Size, flags: Flags<XattrFlags>) => SYS_fsetxattr;
    8 getxattr(path: FoundPath, name: Str, value: OutBuf<3>, size: Size) => SYS_getxattr;
    9 lgetxattr(path: FoundLink, name: Str, value: OutBuf<3>, size: Size) => SYS_lgetxattr;
    10 fgetxattr(fd: Fd, name: Str, value: OutBuf<3>, size: Size) => SYS_fgetxattr;
    11 listxattr(path: FoundPath, list: OutBuf<2>, size: Size) => SYS_listxattr;
    12 llistxattr(path: FoundLink, list: OutBuf<2>, size: Size) => SYS_llistxattr;
    13 flistxattr(fd: Fd, list: OutBuf<2>, size: Size) => SYS_flistxattr;
    14 removexattr(path: FoundPath, name: Str) => SYS_removexattr;
    15 lremovexattr(path: FoundLink, name: Str) => SYS_lremovexattr;
    16 fremovexattr(fd: Fd, name: Str) => SYS_fremovexattr;
    17 getcwd(buf: OutBuf<1>, size: Size) => SYS_getcwd;
    18 lookup_dcookie(cookie: Word, buf: OutBuf<2>, size: Size) refused "gone from Linux since 6.7";

    // Waiting for files.
    19 eventfd2(initval: Uint, flags: Flags<EventFdFlags>) => SYS_eventfd2;
    20 epoll_create1(flags: Flags<EpollCreateFlags>) => SYS_epoll_create1;
    21 epoll_ctl(epfd: Fd, op: Flags<EpollOperation>, fd: Fd, event: In<EpollEvent>) = poll::epoll_ctl;
    22 epoll_pwait(epfd: Fd, events: OutArray<EpollEvent, 2>, maxevents: Int, timeout: Int, sigmask: In<SigSet>, sigsetsize: Size) = poll::epoll_pwait;

    // Descriptors.
    23 dup(fd: AnyFd) = descriptor::dup;
    24 dup3(oldfd: AnyFd, newfd: Fd, flags: Flags<FdFlags>) = descriptor::dup3;
    25 fcntl(fd: AnyFd, cmd: Flags<FcntlCommand>, arg: FcntlArg) = descriptor::fcntl;
    26 inotify_init1(flags: Flags<InotifyFlags>) => SYS_inotify_init1;
    27 inotify_add_watch(fd: Fd, path: FoundPath, mask: Flags<InotifyMask>) => SYS_inotify_add_watch;
    28 inotify_rm_watch(fd: Fd, wd: Int) => SYS_inotify_rm_watch;
    29 ioctl(fd: Fd, request: Request, arg: RequestArg) = ioctl::ioctl;
    30 ioprio_set(which: Int, who: Int, priority: Int) => SYS_ioprio_set;
    31 ioprio_get(which: Int, who: Int) => SYS_ioprio_get;
    32 flock(fd: Fd, operation: Flags<LockOperation>) => SYS_flock;

    // Paths.
    33 mknodat(dirfd: DirFd, path: Path, mode: Mode, dev: Uint) => SYS_mknodat;
    34 mkdirat(dirfd: DirFd, path: Path, mode: Mode) => SYS_mkdirat;
    35 unlinkat(dirfd: DirFd, path: Path, flags: Flags<AtFlags>) => SYS_unlinkat;
    36 symlinkat(target: Path, newdirfd: DirFd, linkpath: Path) => SYS_symlinkat;
    37 linkat(olddirfd: DirFd, oldpath: Path, newdirfd: DirFd, newpath: Path, flags: Flags<AtFlags>) => SYS_linkat;
    39 umount2(target: Path, flags: Flags<UmountFlags>) = namespace::umount2;
    40 mount(source: Path, target: Path, fstype: Str, flags: Flags<MountFlags>, data: Str) = namespace::mount;
    41 pivot_root(new_root: Path, put_old: Path) = namespace::pivot_root exec "the next program looks for its sysroot anew";
    42 nfsservctl() refused "gone from Linux since 3.1";
    43 statfs(path: FoundPath, buf: Out<Statfs>) => SYS_statfs;
    44 fstatfs(fd: Fd, buf: Out<Statfs>) = file::fstatfs;
    45 truncate(path: FoundPath, length: Offset) = file::truncate;
    46 ftruncate(fd: Fd, length: Offset) => SYS_ftruncate;
    47 fallocate(fd: Fd, mode: Flags<FallocateMode>, offset: Offset, len: Offset) => SYS_fallocate;
    48 faccessat(dirfd: DirFd, path: FoundAt<FOLLOWED>, mode: Flags<AccessMode>) = file::faccessat;
    49 chdir(path: FoundPath) = file::chdir;
    50 fchdir(fd: Fd) => SYS_fchdir;
    51 chroot(path: Path) = namespace::chroot exec "the next program looks for its sysroot anew";
    52 fchmod(fd: Fd, mode: Mode) => SYS_fchmod;
    53 fchmodat(dirfd: DirFd, path: FoundAt<FOLLOWED>, mode: Mode) => SYS_fchmodat;
    54 fchownat(dirfd: DirFd, path: FoundAt<4>, owner: Uid, group: Gid, flags: Flags<AtFlags>) => SYS_fchownat;
    55 fchown(fd: Fd, owner: Uid, group: Gid) => SYS_fchown;
    56 openat(dirfd: DirFd, path: FoundAt<FOLLOWED>, flags: Flags<OpenFlags>, mode: NewMode<2>) = file::openat;
    57 close(fd: AnyFd) = descriptor::close;
    58 vhangup() => SYS_vhangup;
    59 pipe2(fds: Out<FdPair>, flags: Flags<FdFlags>) => SYS_pipe2;
    60 quotactl(cmd: Hex, special: Path, id: Uint, addr: Addr) => SYS_quotactl;
    61 getdents64(fd: Fd, entries: OutBuf<2>, count: Size) = file::getdents64;
    62 lseek(fd: AnyFd, offset: Offset, whence: Flags<Whence>) = file::lseek;

    // Reading and writing.
    63 read(fd: AnyFd, buf: OutBuf<2>, count: Size) = file::read;
    64 write(fd: AnyFd, buf: InBuf<2>, count: Size) = file::write;
    65 readv(fd: Fd, iov: OutVector<2>, count: Size) = file::readv;
    66 writev(fd: Fd, iov: InVector<2>, count: Size) = file::writev;
    67 pread64(fd: AnyFd, buf: OutBuf<2>, count: Size, offset: Offset) = file::pread64;
    68 pwrite64(fd: AnyFd, buf: InBuf<2>, count: Size, offset: Offset) = file::pwrite64;
    69 preadv(fd: Fd, iov: OutVector<2>, count: Size, low: Word, high: Word) = file::preadv;
    70 pwritev(fd: Fd, iov: InVector<2>, count: Size, low: Word, high: Word) = file::pwritev;
    71 sendfile(out: Fd, from: Fd, offset: InOut<LongCell>, count: Size) => SYS_sendfile;
    72 pselect6(nfds: Int, readfds: InOut<FdSet>, writefds: InOut<FdSet>, exceptfds: InOut<FdSet>, timeout: InOut<Timespec>, sigmask: In<MaskArgument>) = poll::pselect6;
    73 ppoll(fds: InOutArray<PollFd, 1>, nfds: Uint, timeout: InOut<Timespec>, sigmask: In<SigSet>, sigsetsize: Size) = poll::ppoll;
    74 signalfd4(fd: Fd, mask: In<SigSet>, size: Size, flags: Flags<SignalFdFlags>) => SYS_signalfd4;
    75 vmsplice(fd: Fd, iov: InVector<2>, count: Size, flags: Flags<SpliceFlags>) = file::vmsplice;
    76 splice(from: Fd, from_offset: InOut<LongCell>, to: Fd, to_offset: InOut<LongCell>, len: Size, flags: Flags<SpliceFlags>) => SYS_splice;
    77 tee(from: Fd, to: Fd, len: Size, flags: Flags<SpliceFlags>) => SYS_tee;
    78 readlinkat(dirfd: DirFd, path: FoundAt<LINK>, buf: OutBuf<3>, size: Size) = file::readlinkat;
    79 newfstatat(dirfd: DirFd, path: FoundAt<3>, stat: Out<Stat>, flags: Flags<AtFlags>) = file::newfstatat;
    80 fstat(fd: AnyFd, stat: Out<Stat>) = file::fstat;
    81 sync() => SYS_sync;
    82 fsync(fd: Fd) => SYS_fsync;
    83 fdatasync(fd: Fd) => SYS_fdatasync;
    84 sync_file_range(fd: Fd, offset: Offset, len: Offset, flags: Flags<SyncRangeFlags>) => SYS_sync_file_range;

    // Timers that are descriptors.
    85 timerfd_create(clock: Flags<Clock>, flags: Flags<TimerFdFlags>) => SYS_timerfd_create;
    86 timerfd_settime(fd: Fd, flags: Flags<TimerFlags>, new: In<Itimerspec>, old: Out<Itimerspec>) => SYS_timerfd_settime;
    87 timerfd_gettime(fd: Fd, value: Out<Itimerspec>) => SYS_timerfd_gettime;
    88 utimensat(dirfd: DirFd, path: FoundAt<3>, times: In<TimespecPair>, flags: Flags<AtFlags>) => SYS_utimensat;

    // The process and its end.
    89 acct(path: Path) => SYS_acct;
    90 capget(header: InOut<CapHeader>, data: Out<CapData>) => SYS_capget;
    91 capset(header: InOut<CapHeader>, data: In<CapData>) => SYS_capset exec "it reckons capabilities anew";
    92 personality(persona: Hex) = system::personality exec "it takes some of it back";
    93 exit(status: Int) -> Never = process::exit;
    94 exit_group(status: Int) -> Never = process::exit_group;
    95 waitid(kind: Flags<WaitKind>, id: Pid, info: Out<Siginfo>, options: Flags<WaitOptions>, usage: Out<Rusage>) => SYS_waitid;
    96 set_tid_address(address: Addr) = process::set_tid_address;
    97 unshare(flags: Flags<CloneFlags>) = namespace::unshare exec "what was shared, and who one is, may have changed";

    // Futexes, sleeping, clocks and timers.
    98 futex(address: Addr, operation: Flags<FutexOperation>, value: Uint, timeout: Word, address2: Addr, value3: Hex) = futex::futex;
    99 set_robust_list(head: Addr, len: Size) = futex::set_robust_list;
    100 get_robust_list(pid: Pid, head: Addr, len: Addr) = futex::get_robust_list;
    101 nanosleep(request: In<Timespec>, remaining: Out<Timespec>) = time::nanosleep;
    102 getitimer(which: Flags<IntervalTimer>, value: Out<Itimerval>) => SYS_getitimer;
    103 setitimer(which: Flags<IntervalTimer>, new: In<Itimerval>, old: Out<Itimerval>) => SYS_setitimer;
    104 kexec_load() refused "not for a user's process";
    105 init_module() refused "modules of this architecture do not fit the host's kernel";
    106 delete_module() refused "modules of this architecture do not fit the host's kernel";
    107 timer_create(clock: Flags<Clock>, event: In<Sigevent>, timer: Out<IntCell>) => SYS_timer_create exec "timers end with it";
    108 timer_gettime(timer: Int, value: Out<Itimerspec>) => SYS_timer_gettime;
    109 timer_getoverrun(timer: Int) => SYS_timer_getoverrun;
    110 timer_settime(timer: Int, flags: Flags<TimerFlags>, new: In<Itimerspec>, old: Out<Itimerspec>) => SYS_timer_settime;
    111 timer_delete(timer: Int) => SYS_timer_delete;
    112 clock_settime(clock: Flags<Clock>, value: In<Timespec>) => SYS_clock_settime;
    113 clock_gettime(clock: Flags<Clock>, value: Out<Timespec>) => SYS_clock_gettime;
    114 clock_getres(clock: Flags<Clock>, value: Out<Timespec>) => SYS_clock_getres;
    115 clock_nanosleep(clock: Flags<Clock>, flags: Flags<TimerFlags>, request: In<Timespec>, remaining: Out<Timespec>) = time::clock_nanosleep;
    116 syslog(kind: Int, buf: OutBuf<2>, len: Int) => SYS_syslog;
    117 ptrace(request: Int, pid: Pid, address: Addr, data: Word) = process::ptrace;

    // Scheduling.
    118 sched_setparam(pid: Pid, parameters: In<SchedParam>) => SYS_sched_setparam;
    119 sched_setscheduler(pid: Pid, policy: Flags<SchedulingPolicy>, parameters: In<SchedParam>) => SYS_sched_setscheduler;
    120 sched_getscheduler(pid: Pid) => SYS_sched_getscheduler;
    121 sched_getparam(pid: Pid, parameters: Out<SchedParam>) => SYS_sched_getparam;
    122 sched_setaffinity(pid: Pid, len: Uint, mask: InBuf<1>) => SYS_sched_setaffinity;
    123 sched_getaffinity(pid: Pid, len: Uint, mask: OutBuf<1>) => SYS_sched_getaffinity;
    124 sched_yield() => SYS_sched_yield;
    125 sched_get_priority_max(policy: Flags<SchedulingPolicy>) => SYS_sched_get_priority_max;
    126 sched_get_priority_min(policy: Flags<SchedulingPolicy>) => SYS_sched_get_priority_min;
    127 sched_rr_get_interval(pid: Pid, interval: Out<Timespec>) => SYS_sched_rr_get_interval;

    // Signals.
    128 restart_syscall() = system::restart_syscall;
    129 kill(pid: Pid, signal: Signal) = signals::kill;
    130 tkill(tid: Pid, signal: Signal) = signals::tkill;
    131 tgkill(pid: Pid, tid: Pid, signal: Signal) = signals::tgkill;
    132 sigaltstack(new: In<SigStack>, old: Out<SigStack>) = signals::sigaltstack;
    133 rt_sigsuspend(mask: In<SigSet>, size: Size) = signals::rt_sigsuspend;
    134 rt_sigaction(signal: Signal, new: In<SigAction>, old: Out<SigAction>, size: Size) = signals::rt_sigaction;
    135 rt_sigprocmask(how: Flags<MaskHow>, new: In<SigSet>, old: Out<SigSet>, size: Size) = signals::rt_sigprocmask;
    136 rt_sigpending(set: Out<SigSet>, size: Size) = signals::rt_sigpending;
    137 rt_sigtimedwait(set: In<SigSet>, info: Out<Siginfo>, timeout: In<Timespec>, size: Size) = signals::rt_sigtimedwait;
    138 rt_sigqueueinfo(pid: Pid, signal: Signal, info: In<Siginfo>) = signals::rt_sigqueueinfo;
    139 rt_sigreturn() = signals::rt_sigreturn;

    // Who the process is.
    140 setpriority(which: Flags<PriorityOf>, who: Int, priority: Int) => SYS_setpriority;
    141 getpriority(which: Flags<PriorityOf>, who: Int) => SYS_getpriority;
    142 reboot(magic: Hex, magic2: Hex, command: Hex, argument: Addr) = system::reboot;
    143 setregid(real: Gid, effective: Gid) => SYS_setregid exec "it reckons who one is anew";
    144 setgid(gid: Gid) => SYS_setgid exec "it reckons who one is anew";
    145 setreuid(real: Uid, effective: Uid) => SYS_setreuid exec "it reckons who one is anew";
    146 setuid(uid: Uid) => SYS_setuid exec "it reckons who one is anew";
    147 setresuid(real: Uid, effective: Uid, saved: Uid) => SYS_setresuid exec "it reckons who one is anew";
    148 getresuid(real: Out<IntCell>, effective: Out<IntCell>, saved: Out<IntCell>) => SYS_getresuid;
    149 setresgid(real: Gid, effective: Gid, saved: Gid) => SYS_setresgid exec "it reckons who one is anew";
    150 getresgid(real: Out<IntCell>, effective: Out<IntCell>, saved: Out<IntCell>) => SYS_getresgid;
    151 setfsuid(uid: Uid) => SYS_setfsuid exec "it reckons who one is anew";
    152 setfsgid(gid: Gid) => SYS_setfsgid exec "it reckons who one is anew";
    153 times(buf: Out<Tms>) => SYS_times;
    154 setpgid(pid: Pid, group: Pid) = process::setpgid;
    155 getpgid(pid: Pid) => SYS_getpgid;
    156 getsid(pid: Pid) => SYS_getsid;
    157 setsid() => SYS_setsid;
    158 getgroups(size: Int, list: OutArray<IntCell, 0>) => SYS_getgroups;
    159 setgroups(size: Int, list: InArray<IntCell, 0>) => SYS_setgroups exec "it reckons who one is anew";
    160 uname(buf: Out<Utsname>) = system::uname;
    161 sethostname(name: InBuf<1>, len: Int) => SYS_sethostname;
    162 setdomainname(name: InBuf<1>, len: Int) => SYS_setdomainname;
    163 getrlimit(resource: Flags<Resource>, limit: Out<Rlimit>) = process::getrlimit;
    164 setrlimit(resource: Flags<Resource>, limit: In<Rlimit>) = process::setrlimit;
    165 getrusage(who: Flags<UsageOf>, usage: Out<Rusage>) => SYS_getrusage;
    166 umask(mask: Mode) -> Octal => SYS_umask;
    167 prctl(option: Flags<PrctlOption>, arg2: Word, arg3: Word, arg4: Word, arg5: Word) = prctl::prctl;
    168 getcpu(cpu: Out<IntCell>, node: Out<IntCell>, unused: Addr) => SYS_getcpu;
    169 gettimeofday(time: Out<Timeval>, zone: Out<Timezone>) => SYS_gettimeofday;
    170 settimeofday(time: In<Timeval>, zone: In<Timezone>) => SYS_settimeofday;
    171 adjtimex(buf: InOut<Timex>) => SYS_adjtimex;
    172 getpid() => SYS_getpid;
    173 getppid() => SYS_getppid;
    174 getuid() => SYS_getuid;
    175 geteuid() => SYS_geteuid;
    176 getgid() => SYS_getgid;
    177 getegid() => SYS_getegid;
    178 gettid() => SYS_gettid;
    179 sysinfo(info: Out<Sysinfo>) => SYS_sysinfo;

    // Queues, semaphores and shared memory.
    180 mq_open(name: Str, flags: Flags<OpenFlags>, mode: NewMode<1>, attributes: In<MqAttr>) => SYS_mq_open;
    181 mq_unlink(name: Str) => SYS_mq_unlink;
    182 mq_timedsend(queue: Fd, message: InBuf<2>, len: Size, priority: Uint, timeout: In<Timespec>) => SYS_mq_timedsend;
    183 mq_timedreceive(queue: Fd, message: OutBuf<2>, len: Size, priority: Out<IntCell>, timeout: In<Timespec>) => SYS_mq_timedreceive;
    184 mq_notify(queue: Fd, event: In<Sigevent>) = mqueue::mq_notify;
    185 mq_getsetattr(queue: Fd, new: In<MqAttr>, old: Out<MqAttr>) => SYS_mq_getsetattr;
    186 msgget(key: IpcKey, flags: Flags<IpcFlags>) => SYS_msgget;
    187 msgctl(queue: Int, cmd: Flags<MsgCommand>, buf: Addr) => SYS_msgctl;
    188 msgrcv(queue: Int, message: Addr, size: Size, kind: Offset, flags: Flags<MsgFlags>) = sysv::msgrcv;
    189 msgsnd(queue: Int, message: Addr, size: Size, flags: Flags<MsgFlags>) = sysv::msgsnd;
    190 semget(key: IpcKey, count: Int, flags: Flags<IpcFlags>) => SYS_semget;
    191 semctl(set: Int, number: Int, cmd: Flags<SemCommand>, arg: Word) = sysv::semctl;
    192 semtimedop(set: Int, operations: InArray<SemBuf, 2>, count: Uint, timeout: In<Timespec>) = sysv::semtimedop;
    193 semop(set: Int, operations: InArray<SemBuf, 2>, count: Uint) => SYS_semop;
    194 shmget(key: IpcKey, size: Size, flags: Flags<IpcFlags>) => SYS_shmget;
    195 shmctl(id: Int, cmd: Flags<ShmCommand>, buf: Addr) => SYS_shmctl;
    196 shmat(id: Int, address: Addr, flags: Flags<ShmatFlags>) -> Address = sysv::shmat maps Attached;
    197 shmdt(address: Addr) = sysv::shmdt maps Same;

    // Sockets.
    198 socket(domain: Flags<Domain>, kind: Flags<SocketType>, protocol: Int) => SYS_socket;
    199 socketpair(domain: Flags<Domain>, kind: Flags<SocketType>, protocol: Int, fds: Out<FdPair>) => SYS_socketpair;
    200 bind(fd: Fd, address: InSockAddr<2>, len: Int) => SYS_bind;
    201 listen(fd: Fd, backlog: Int) => SYS_listen;
    202 accept(fd: Fd, address: OutSockAddr<2>, len: InOut<IntCell>) => SYS_accept;
    203 connect(fd: Fd, address: InSockAddr<2>, len: Int) => SYS_connect;
    204 getsockname(fd: Fd, address: OutSockAddr<2>, len: InOut<IntCell>) => SYS_getsockname;
    205 getpeername(fd: Fd, address: OutSockAddr<2>, len: InOut<IntCell>) => SYS_getpeername;
    206 sendto(fd: Fd, buf: InBuf<2>, len: Size, flags: Flags<MessageFlags>, address: InSockAddr<5>, address_len: Int) => SYS_sendto;
    207 recvfrom(fd: Fd, buf: OutBuf<2>, len: Size, flags: Flags<MessageFlags>, address: OutSockAddr<5>, address_len: InOut<IntCell>) => SYS_recvfrom;
    208 setsockopt(fd: Fd, level: Flags<SocketLevel>, option: Flags<SocketOption>, value: InBuf<4>, len: Int) = socket::setsockopt;
    209 getsockopt(fd: Fd, level: Flags<SocketLevel>, option: Flags<SocketOption>, value: Addr, len: InOut<IntCell>) = socket::getsockopt;
    210 shutdown(fd: Fd, how: Flags<ShutdownHow>) => SYS_shutdown;
    211 sendmsg(fd: Fd, message: In<MsgHdr>, flags: Flags<MessageFlags>) = socket::sendmsg;
    212 recvmsg(fd: Fd, message: InOut<MsgHdr>, flags: Flags<MessageFlags>) = socket::recvmsg;

    // Memory.
    213 readahead(fd: Fd, offset: Offset, count: Size) => SYS_readahead;
    214 brk(address: Addr) -> Address = mapping::brk maps Same;
    215 munmap(address: Addr, len: Size) = mapping::munmap maps Same;
    216 mremap(old: Addr, old_len: Size, new_len: Size, flags: Flags<RemapFlags>, new: Addr) -> Address = mapping::mremap maps Moved;
    217 add_key(kind: Str, description: Str, payload: InBuf<3>, len: Size, keyring: Key) => SYS_add_key exec "some keyrings end with it";
    218 request_key(kind: Str, description: Str, callout: Str, keyring: Key) => SYS_request_key exec "some keyrings end with it";
    219 keyctl(operation: Flags<KeyOperation>, arg2: Word, arg3: Word, arg4: Word, arg5: Word) = keys::keyctl exec "some keyrings end with it";
    220 clone(flags: Flags<CloneFlags>, stack: Addr, parent_tid: Addr, tls: Addr, child_tid: Addr) = signals::clone;
    221 execve(path: Path, argv: Addr, envp: Addr) = exec::execve;
    222 mmap(address: Addr, len: Size, prot: Flags<Prot>, flags: Flags<MapFlags>, fd: Fd, offset: Word) -> Address = mapping::mmap maps File;
    223 fadvise64(fd: Fd, offset: Offset, len: Offset, advice: Flags<FileAdvice>) => SYS_fadvise64;
    224 swapon(path: Path, flags: Hex) => SYS_swapon;
    225 swapoff(path: Path) => SYS_swapoff;
    226 mprotect(address: Addr, len: Size, prot: Flags<Prot>) = mapping::mprotect maps Same;
    227 msync(address: Addr, len: Size, flags: Flags<SyncFlags>) = mapping::msync;
    228 mlock(address: Addr, len: Size) = mapping::mlock maps Same;
    229 munlock(address: Addr, len: Size) = mapping::munlock maps Same;
    230 mlockall(flags: Flags<LockAllFlags>) = mapping::mlockall exec "locks of memory end with it" maps Same;
    231 munlockall() = mapping::munlockall maps Same;
    232 mincore(address: Addr, len: Size, vector: Addr) = mapping::mincore;
    233 madvise(address: Addr, len: Size, advice: Flags<MemoryAdvice>) = mapping::madvise maps Same;
    234 remap_file_pages(address: Addr, len: Size, prot: Flags<Prot>, page: Word, flags: Flags<MapFlags>) = mapping::remap_file_pages maps Same;
    235 mbind(start: Addr, len: Size, mode: Flags<MemoryPolicy>, nodes: Addr, bits: Size, flags: Hex) = numa::mbind maps Same;
    236 get_mempolicy(mode: Out<IntCell>, nodes: Addr, bits: Size, address: Addr, flags: Word) = numa::get_mempolicy;
    237 set_mempolicy(mode: Flags<MemoryPolicy>, nodes: Addr, bits: Size) = numa::set_mempolicy;
    238 migrate_pages(pid: Pid, bits: Size, from: Addr, to: Addr) = numa::migrate_pages;
    239 move_pages(pid: Pid, count: Size, pages: In<LongCell>, nodes: Addr, status: Addr, flags: Int) = numa::move_pages;

    // Of all sorts, in the order of their arrival.
    240 rt_tgsigqueueinfo(pid: Pid, tid: Pid, signal: Signal, info: In<Siginfo>) = signals::rt_tgsigqueueinfo;
    241 perf_event_open() refused "counts of the host's processor would mean nothing";
    242 accept4(fd: Fd, address: OutSockAddr<2>, len: InOut<IntCell>, flags: Flags<SocketType>) => SYS_accept4;
    243 recvmmsg(fd: Fd, messages: InOutArray<MMsgHdr, 2>, count: Uint, flags: Flags<MessageFlags>, timeout: InOut<Timespec>) = socket::recvmmsg;
    258 riscv_hwprobe(pairs: InOutArray<HwProbe, 1>, count: Size, cpus_len: Size, cpus: Addr, flags: Hex) = system::riscv_hwprobe;
    259 riscv_flush_icache(start: Addr, end: Addr, flags: Flags<FlushFlags>) = mapping::riscv_flush_icache;
    260 wait4(pid: Pid, status: Out<WaitStatus>, options: Flags<WaitOptions>, usage: Out<Rusage>) => SYS_wait4;
    261 prlimit64(pid: Pid, resource: Flags<Resource>, new: In<Rlimit>, old: Out<Rlimit>) = process::prlimit64;
    262 fanotify_init(flags: Hex, event_flags: Flags<OpenFlags>) => SYS_fanotify_init;
    263 fanotify_mark(fd: Fd, flags: Hex, mask: Word, dirfd: DirFd, path: Path) => SYS_fanotify_mark;
    264 name_to_handle_at(dirfd: DirFd, path: FoundAt<LINK>, handle: Addr, mount: Out<IntCell>, flags: Flags<AtFlags>) => SYS_name_to_handle_at;
    265 open_by_handle_at(mount: Fd, handle: Addr, flags: Flags<OpenFlags>) => SYS_open_by_handle_at;
    266 clock_adjtime(clock: Flags<Clock>, buf: InOut<Timex>) => SYS_clock_adjtime;
    267 syncfs(fd: Fd) => SYS_syncfs;
    268 setns(fd: Fd, kind: Flags<CloneFlags>) = namespace::setns exec "it reckons capabilities anew";
    269 sendmmsg(fd: Fd, messages: InOutArray<MMsgHdr, 2>, count: Uint, flags: Flags<MessageFlags>) = socket::sendmmsg;
    270 process_vm_readv(pid: Pid, local: OutVector<2>, local_count: Size, remote: Word, remote_count: Size, flags: Word) = remote::process_vm_readv;
    271 process_vm_writev(pid: Pid, local: InVector<2>, local_count: Size, remote: Word, remote_count: Size, flags: Word) = remote::process_vm_writev;
    272 kcmp(pid1: Pid, pid2: Pid, kind: Flags<CompareKind>, index1: Word, index2: Word) = remote::kcmp;
    273 finit_module() refused "modules of this architecture do not fit the host's kernel";
    274 sched_setattr(pid: Pid, attributes: Addr, flags: Hex) => SYS_sched_setattr;
    275 sched_getattr(pid: Pid, attributes: OutBuf<2>, size: Uint, flags: Hex) => SYS_sched_getattr;
    276 renameat2(olddirfd: DirFd, oldpath: Path, newdirfd: DirFd, newpath: Path, flags: Flags<RenameFlags>) => SYS_renameat2;
    277 seccomp(operation: Flags<SeccompOperation>, flags: Flags<SeccompFlags>, args: Addr) = seccomp::seccomp;
    278 getrandom(buf: OutBuf<1>, size: Size, flags: Flags<RandomFlags>) => SYS_getrandom;
    279 memfd_create(name: Str, flags: Flags<MemfdFlags>) => SYS_memfd_create;
    280 bpf() refused "programs for the host's kernel hold host addresses";
    281 execveat(dirfd: DirFd, path: Path, argv: Addr, envp: Addr, flags: Flags<AtFlags>) = exec::execveat;
    282 userfaultfd(flags: Flags<FdFlags>) = userfault::userfaultfd exec "it ends with the memory";
    283 membarrier(cmd: Flags<BarrierCommand>, flags: Hex, cpu: Int) => SYS_membarrier exec "registrations end with it";
    284 mlock2(address: Addr, len: Size, flags: Flags<LockFlags>) = mapping::mlock2 maps Same;
    285 copy_file_range(from: Fd, from_offset: InOut<LongCell>, to: Fd, to_offset: InOut<LongCell>, len: Size, flags: Hex) => SYS_copy_file_range;
    286 preadv2(fd: Fd, iov: OutVector<2>, count: Size, low: Word, high: Word, flags: Flags<RwFlags>) = file::preadv2;
    287 pwritev2(fd: Fd, iov: InVector<2>, count: Size, low: Word, high: Word, flags: Flags<RwFlags>) = file::pwritev2;
    288 pkey_mprotect() refused "riscv64 has no protection keys";
    289 pkey_alloc() refused "riscv64 has no protection keys";
    290 pkey_free() refused "riscv64 has no protection keys";
    291 statx(dirfd: DirFd, path: FoundAt<2>, flags: Flags<AtFlags>, mask: Flags<StatxMask>, buf: Out<Statx>) = file::statx;
    292 io_pgetevents(context: Word, least: Offset, most: Offset, events: OutArray<AioEvent, 2>, timeout: In<Timespec>, sigset: In<MaskArgument>) = aio::io_pgetevents;
    293 rseq(area: Addr, len: Uint, flags: Hex, signature: Hex) refused "restartable sequences need the kernel to see the guest's pc";
    294 kexec_file_load() refused "not for a user's process";
    424 pidfd_send_signal(pidfd: Fd, signal: Signal, info: In<Siginfo>, flags: Hex) => SYS_pidfd_send_signal;
    425 io_uring_setup(entries: Uint, params: InOut<RingParams>) = uring::io_uring_setup exec "its requests end with the program";
    426 io_uring_enter(fd: Fd, to_submit: Uint, min_complete: Uint, flags: Flags<RingEntering>, argument: Addr, size: Size) = uring::io_uring_enter;
    427 io_uring_register(fd: Fd, opcode: Flags<RingRequest>, arg: Addr, count: Uint) = uring_register::io_uring_register exec "its requests end with the program";
    428 open_tree(dirfd: DirFd, path: FoundAt<2>, flags: Hex) => SYS_open_tree;
    429 move_mount(from_dirfd: DirFd, from_path: Path, to_dirfd: DirFd, to_path: Path, flags: Hex) => SYS_move_mount;
    430 fsopen(name: Str, flags: Hex) => SYS_fsopen;
    431 fsconfig(fd: Fd, cmd: Flags<FsconfigCommand>, key: Str, value: Addr, aux: Int) = file::fsconfig;
    432 fsmount(fd: Fd, flags: Hex, attributes: Hex) => SYS_fsmount;
    433 fspick(dirfd: DirFd, path: Path, flags: Hex) => SYS_fspick;
    434 pidfd_open(pid: Pid, flags: Hex) => SYS_pidfd_open;
    435 clone3(args: In<CloneArgs>, size: Size) = signals::clone3;
    436 close_range(first: Uint, last: Uint, flags: Flags<CloseRangeFlags>) = descriptor::close_range;
    437 openat2(dirfd: DirFd, path: FoundAt<FOLLOWED>, how: In<OpenHow>, size: Size) = file::openat2;
    438 pidfd_getfd(pidfd: Fd, fd: Fd, flags: Hex) => SYS_pidfd_getfd;
    439 faccessat2(dirfd: DirFd, path: FoundAt<3>, mode: Flags<AccessMode>, flags: Flags<AccessFlags>) = file::faccessat2;
    440 process_madvise(pidfd: Fd, ranges: InVector<2>, count: Size, advice: Flags<MemoryAdvice>, flags: Hex) = remote::process_madvise;
    441 epoll_pwait2(epfd: Fd, events: OutArray<EpollEvent, 2>, maxevents: Int, timeout: In<Timespec>, sigmask: In<SigSet>, sigsetsize: Size) = poll::epoll_pwait2;
    442 mount_setattr(dirfd: DirFd, path: Path, flags: Flags<AtFlags>, attributes: InBuf<4>, size: Size) => SYS_mount_setattr;
    443 quotactl_fd(fd: Fd, cmd: Hex, id: Uint, addr: Addr) => SYS_quotactl_fd;
    444 landlock_create_ruleset(attributes: InBuf<1>, size: Size, flags: Hex) => SYS_landlock_create_ruleset;
    445 landlock_add_rule(ruleset: Fd, kind: Flags<LandlockRule>, rule: Addr, flags: Hex) = landlock::landlock_add_rule;
    446 landlock_restrict_self(ruleset: Fd, flags: Hex) = landlock::landlock_restrict_self exec "older kernels judge a file only when they execute it";
    447 memfd_secret(flags: Flags<FdFlags>) => SYS_memfd_secret;
    448 process_mrelease(pidfd: Fd, flags: Hex) => SYS_process_mrelease;
    449 futex_waitv(waiters: InArray<FutexWaiter, 1>, count: Uint, flags: Hex, timeout: In<Timespec>, clock: Flags<Clock>) = futex2::futex_waitv;
    450 set_mempolicy_home_node() refused "it is about a policy that a range has, which mbind gives it";
    451 cachestat(fd: Fd, range: In<CacheRange>, stat: Out<CacheStat>, flags: Hex) => SYS_cachestat;
    452 fchmodat2(dirfd: DirFd, path: FoundAt<3>, mode: Mode, flags: Flags<AtFlags>) => SYS_fchmodat2;
    453 map_shadow_stack() refused "riscv64 without Zicfiss has no shadow stack";
    454 futex_wake(address: Addr, mask: Word, count: Int, flags: Flags<Futex2Flags>) => SYS_futex_wake;
    455 futex_wait(address: Addr, value: Word, mask: Word, flags: Flags<Futex2Flags>, timeout: In<Timespec>, clock: Flags<Clock>) => SYS_futex_wait;
    456 futex_requeue(pair: In<FutexWaiterPair>, flags: Hex, wake: Int, requeue: Int) = futex2::futex_requeue;
    457 statmount(request: Addr, buf: OutBuf<2>, size: Size, flags: Hex) => SYS_statmount;
    458 listmount(request: Addr, ids: OutArray<LongCell, 2>, count: Size, flags: Hex) => SYS_listmount;
    459 lsm_get_self_attr(attribute: Uint, context: Addr, size: InOut<IntCell>, flags: Hex) => SYS_lsm_get_self_attr;
    460 lsm_set_self_attr(attribute: Uint, context: InBuf<2>, size: Uint, flags: Hex) => SYS_lsm_set_self_attr exec "it may be about the next exec";
    461 lsm_list_modules(ids: Addr, size: InOut<IntCell>, flags: Hex) => SYS_lsm_list_modules;
    462 mseal(address: Addr, len: Size, flags: Word) = mapping::mseal maps Same;
    463 setxattrat(dirfd: DirFd, path: FoundAt<2>, at_flags: Flags<AtFlags>, name: Str, args: In<XattrArgs>, size: Size) = xattr::setxattrat;
    464 getxattrat(dirfd: DirFd, path: FoundAt<2>, at_flags: Flags<AtFlags>, name: Str, args: InOut<XattrArgs>, size: Size) = xattr::getxattrat;
    465 listxattrat(dirfd: DirFd, path: FoundAt<2>, at_flags: Flags<AtFlags>, list: OutBuf<4>, size: Size) => SYS_listxattrat;
    466 removexattrat(dirfd: DirFd, path: FoundAt<2>, at_flags: Flags<AtFlags>, name: Str) => SYS_removexattrat;
    467 open_tree_attr(dirfd: DirFd, path: FoundAt<2>, flags: Hex, attributes: InBuf<4>, size: Size) => SYS_open_tree_attr;
    468 file_getattr(dirfd: DirFd, path: FoundAt<4>, attributes: OutBuf<3>, size: Size, at_flags: Flags<AtFlags>) => SYS_file_getattr;
    469 file_setattr(dirfd: DirFd, path: FoundAt<4>, attributes: InBuf<3>, size: Size, at_flags: Flags<AtFlags>) => SYS_file_setattr;
}

const ROWS_LEN: usize = ROWS.len();

const NUMBERS: [u64; ROWS_LEN] = {
    let mut numbers = [0; ROWS_LEN];
    let mut index = 0;
    while index < ROWS_LEN {
        numbers[index] = ROWS[index].number;
        index += 1;
    }
    numbers
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sorted_and_found() {
        assert!(ROWS.windows(2).all(|pair| pair[0].number < pair[1].number));
        for row in ROWS {
            assert!(std::ptr::eq(super::row(row.number).unwrap(), row));
            assert!(std::ptr::eq(named(row.name).unwrap(), row));
            assert!(row.args.len() <= 6, "{}", row.name);
        }
        assert!(super::row(38).is_none());
        assert!(super::row(u64::MAX).is_none());
    }
}
