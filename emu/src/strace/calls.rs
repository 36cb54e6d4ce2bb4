//! The calls that strace shows otherwise than argument by argument as the table has them.

use std::fmt::Write as _;

use super::text;
use crate::addr::GuestAddr;
use crate::errno::Errno;
use crate::memory::Memory;
use crate::syscall::args::{Call, Direction, IoVec, Struct};
use crate::syscall::layout::{EpollEvent, FdSet, IntCell, MsgHdr, PollFd, Timespec, TimespecPair};
use crate::syscall::names::{self, CloneFlags, MessageFlags, Names, SocketLevel};

macro_rules! put {
    ($out:expr, $($format:tt)*) => {{ let _ = write!($out, $($format)*); }};
}

/// Prints an argument.
pub type Print = fn(u64, &Call, &mut String);

/// How argument `index` of a call is printed, and when, if not as the table says.
pub fn argument(call: &str, index: usize) -> Option<(Direction, Print)> {
    use Direction::{In, Out, Value};
    Some(match (call, index) {
        ("execve", 1) | ("execveat", 2) => (In, strings),
        ("execve", 2) | ("execveat", 3) => (In, environment),
        ("getdents64", 1) => (Out, entries),
        ("getrandom", 0) => (Out, hexadecimal),
        ("sched_getaffinity", 2) => (Out, cpus),
        ("sched_setaffinity", 2) => (In, cpus),
        ("sendmsg", 1) => (In, message),
        ("recvmsg", 1) => (Out, message),
        ("ppoll", 0) => (In, waited_for),
        ("statx", 2) => (Value, |raw, _, out| names::print::<names::StatxFlags>(raw, out)),
        ("utimensat", 2) => (In, moments),
        ("getcwd", 0) => (Out, folder),
        ("mknodat", 2) => (Value, |raw, _, out| text::file_mode(raw as u32, out)),
        ("mknodat", 3) => (Value, device),
        ("mremap", 4) => (Value, new_address),
        ("epoll_ctl", 3) => (In, event),
        ("ppoll", 2) | ("pselect6", 4) => (In, time),
        ("nanosleep", 1) | ("clock_nanosleep", 3) => (Out, time_left),
        ("socket" | "socketpair", 2) => (Value, protocol),
        ("msgget", 1) | ("semget" | "shmget", 2) => (Value, permissions),
        ("getsockopt" | "setsockopt", 2) => (Value, option),
        ("getsockopt", 3) => (Out, option_value),
        ("setsockopt", 3) => (In, option_value),
        ("getsockopt", 4) => (Out, length),
        ("prctl", _) => return prctl(index),
        _ => return None,
    })
}

/// The whole list of arguments of a call that has returned, if it is not printed one by one.
pub fn arguments(name: &str) -> Option<fn(&Call, &mut String)> {
    match name {
        "clone" => Some(clone),
        "futex" => Some(futex),
        _ => None,
    }
}

/// Prints a result that is more than a number; whether it is.
pub fn result(name: &str, value: u64, call: &Call, out: &mut String) -> bool {
    match (name, call.raw[1] as i32) {
        // The registers of what was interrupted.
        ("rt_sigreturn", _) => match Errno::result(value) {
            Err(errno) => text::error(errno, out),
            Ok(_) => return false,
        },
        ("sched_getscheduler", _) => {
            put!(out, "{value} (");
            names::print::<names::SchedulingPolicy>(value, out);
            out.push(')');
        }
        ("fcntl", libc::F_GETFD) if value == 1 => out.push_str("0x1 (flags FD_CLOEXEC)"),
        ("fcntl", libc::F_GETFL) => {
            put!(out, "{value:#x} (flags ");
            names::print::<names::OpenFlags>(value, out);
            out.push(')');
        }
        _ => return false,
    }
    true
}

/// What follows the result in parentheses.
pub fn remark(name: &str, call: &Call, out: &mut String) {
    let Some(Ok(found)) = call.result else { return };
    let timeout = GuestAddr(call.raw[if name == "pselect6" { 4 } else { 2 }]);
    if !matches!(name, "ppoll" | "pselect6") {
        return;
    }
    if found == 0 {
        return out.push_str(" (Timeout)");
    }
    out.push_str(" (");
    if name == "ppoll" {
        ready(call, out)
    } else {
        selected(call, out)
    }
    if timeout.0 != 0
        && let Ok(left) = call.memory.get::<Timespec>(timeout)
    {
        out.push_str(", left ");
        left.print(out);
    }
    out.push(')');
}

/// What the kernel says to itself when a signal interrupts a call, which strace shows.
pub fn interrupted(name: &str) -> &'static str {
    match name {
        "nanosleep" | "clock_nanosleep" => "? ERESTART_RESTARTBLOCK (Interrupted by signal)",
        "ppoll" | "pselect6" | "rt_sigsuspend" | "semtimedop" | "semop" | "msgsnd" | "msgrcv" => {
            "? ERESTARTNOHAND (To be restarted if no handler)"
        }
        "epoll_pwait" | "epoll_pwait2" | "io_getevents" | "io_pgetevents" | "rt_sigtimedwait" => {
            "-1 EINTR (Interrupted system call)"
        }
        _ => "? ERESTARTSYS (To be restarted if SA_RESTART is set)",
    }
}

/// How many strings of an array are shown.
const STRINGS_SHOWN: u64 = 32;

/// `argv`.
fn strings(raw: u64, call: &Call, out: &mut String) {
    let address = GuestAddr(raw);
    if raw == 0 {
        return out.push_str("NULL");
    }
    out.push('[');
    for index in 0.. {
        match call.memory.get::<u64>(address.offset(index * 8)) {
            Ok(0) => break,
            Ok(_) if index == STRINGS_SHOWN => {
                out.push_str(", ...");
                break;
            }
            Ok(string) => {
                out.push_str(if index == 0 { "" } else { ", " });
                text::c_string(call.memory, GuestAddr(string), text::STRING_LIMIT, out);
            }
            Err(_) => {
                put!(out, "{}... /* {:#x} */", if index == 0 { "" } else { ", " }, raw + index * 8);
                break;
            }
        }
    }
    out.push(']');
}

/// `envp`: its length is enough.
fn environment(raw: u64, call: &Call, out: &mut String) {
    text::pointer(GuestAddr(raw), out);
    if raw == 0 {
        return;
    }
    let variable = |index: &u64| {
        call.memory.get::<u64>(GuestAddr(raw).offset(index * 8)).is_ok_and(|string| string != 0)
    };
    match (0..).take_while(variable).count() {
        1 => out.push_str(" /* 1 var */"),
        count => put!(out, " /* {count} vars */"),
    }
}

/// Folder entries: how many.
fn entries(raw: u64, call: &Call, out: &mut String) {
    text::pointer(GuestAddr(raw), out);
    let Some(Ok(len)) = call.result else { return };
    let (mut at, mut count) = (0, 0_u32);
    // struct linux_dirent64: the entry's length is behind inode and offset.
    while at < len
        && let Ok(entry @ 1..) = call.memory.get::<u16>(GuestAddr(raw).offset(at + 16))
    {
        at += u64::from(entry);
        count += 1;
    }
    put!(out, " /* {count} entr{} */", if count == 1 { "y" } else { "ies" });
}

/// Bytes that are no text.
fn hexadecimal(raw: u64, call: &Call, out: &mut String) {
    let Some(Ok(len)) = call.result else { return text::pointer(GuestAddr(raw), out) };
    let mut bytes = vec![0; len.min(text::STRING_LIMIT as u64) as usize];
    if call.memory.read(GuestAddr(raw), &mut bytes).is_err() {
        return text::pointer(GuestAddr(raw), out);
    }
    out.push('"');
    bytes.iter().for_each(|byte| put!(out, "\\x{byte:02x}"));
    out.push_str(if bytes.len() as u64 == len { "\"" } else { "\"..." });
}

/// Two times of a file.
fn moments(raw: u64, call: &Call, out: &mut String) {
    const NOW: i64 = 0x3fff_ffff;
    const OMIT: i64 = 0x3fff_fffe;
    let Ok(TimespecPair { first, second }) = call.memory.get(GuestAddr(raw)) else {
        return text::pointer(GuestAddr(raw), out);
    };
    for (index, time) in [first, second].iter().enumerate() {
        out.push_str(if index == 0 { "[" } else { ", " });
        match time.nsec {
            NOW => out.push_str("UTIME_NOW"),
            OMIT => out.push_str("UTIME_OMIT"),
            nsec => {
                time.print(out);
                out.push_str(" /* ");
                text::moment(time.sec, nsec, out);
                out.push_str(" */");
            }
        }
    }
    out.push(']');
}

/// The current folder, which ends with a NUL.
fn folder(raw: u64, call: &Call, out: &mut String) {
    match call.result {
        Some(Ok(_)) => text::c_string(call.memory, GuestAddr(raw), libc::PATH_MAX as usize, out),
        _ => text::pointer(GuestAddr(raw), out),
    }
}

/// The device of a node, which other files than devices have not.
fn device(raw: u64, call: &Call, out: &mut String) {
    if matches!(call.raw[2] as u32 & libc::S_IFMT, libc::S_IFCHR | libc::S_IFBLK) {
        put!(out, "makedev({:#x}, {:#x})", libc::major(raw), libc::minor(raw));
    }
}

/// Where a mapping is to be moved, if the flags say so.
fn new_address(raw: u64, call: &Call, out: &mut String) {
    const FIXED_OR_DONTUNMAP: u64 = (libc::MREMAP_FIXED | libc::MREMAP_DONTUNMAP) as u64;
    if call.raw[3] & FIXED_OR_DONTUNMAP != 0 {
        text::pointer(GuestAddr(raw), out);
    }
}

/// What epoll is asked to watch for; nothing is when it is to stop.
fn event(raw: u64, call: &Call, out: &mut String) {
    match call.memory.get::<EpollEvent>(GuestAddr(raw)) {
        Ok(event) if raw != 0 && call.raw[1] != libc::EPOLL_CTL_DEL as u64 => event.print(out),
        _ => text::pointer(GuestAddr(raw), out),
    }
}

/// A time, or none.
fn time(raw: u64, call: &Call, out: &mut String) {
    match call.memory.get::<Timespec>(GuestAddr(raw)) {
        Ok(time) if raw != 0 => time.print(out),
        _ => text::pointer(GuestAddr(raw), out),
    }
}

/// What is left of a sleep: written if that was interrupted.
fn time_left(raw: u64, call: &Call, out: &mut String) {
    match call.result {
        Some(Err(Errno::EINTR)) => time(raw, call, out),
        _ => text::pointer(GuestAddr(raw), out),
    }
}

/// The protocol of a socket, by its family.
fn protocol(raw: u64, call: &Call, out: &mut String) {
    match call.raw[0] as i32 {
        libc::AF_INET | libc::AF_INET6 => names::print::<names::Protocol>(raw, out),
        libc::AF_NETLINK => names::print::<names::NetlinkFamily>(raw, out),
        _ => put!(out, "{}", raw as i32),
    }
}

/// The flags of a System V object, whose low bits are permissions.
fn permissions(raw: u64, _: &Call, out: &mut String) {
    const PERMISSIONS: u64 = 0o777;
    if raw & !PERMISSIONS & 0xffff_ffff != 0 {
        names::print::<names::IpcFlags>(raw & !PERMISSIONS, out);
        out.push('|');
    }
    put!(out, "0{:o}", raw & PERMISSIONS);
}

/// A set of processors.
fn cpus(raw: u64, call: &Call, out: &mut String) {
    let len = match call.result {
        Some(Ok(written)) if written != 0 => written,
        _ => call.raw[1],
    };
    let mut bytes = vec![0; len.min(1024) as usize];
    if raw == 0 || call.memory.read(GuestAddr(raw), &mut bytes).is_err() {
        return text::pointer(GuestAddr(raw), out);
    }
    let set = (0..bytes.len() * 8).filter(|cpu| bytes[cpu / 8] >> (cpu % 8) & 1 != 0);
    let set: Vec<String> = set.map(|cpu| cpu.to_string()).collect();
    put!(out, "[{}]", set.join(" "));
}

/// `struct msghdr`, with what it points to.
fn message(raw: u64, call: &Call, out: &mut String) {
    let Ok(header) = call.memory.get::<MsgHdr>(GuestAddr(raw)) else {
        return text::pointer(GuestAddr(raw), out);
    };
    let (received, failed) = match call.result {
        Some(Ok(received)) => (received, false),
        Some(Err(_)) => (0, true),
        None => (u64::MAX, false),
    };
    if failed {
        put!(out, "{{msg_namelen={}}}", header.namelen);
        return;
    }
    out.push_str("{msg_name=");
    text::socket_address(call.memory, GuestAddr(header.name), u64::from(header.namelen), out);
    put!(out, ", msg_namelen={}, msg_iov=[", header.namelen);
    let mut left = received;
    for index in 0..header.iovlen.min(16) {
        let Ok(element) = call.memory.get::<IoVec>(GuestAddr(header.iov).offset(index * 16)) else { break };
        out.push_str(if index == 0 { "{iov_base=" } else { ", {iov_base=" });
        text::bytes(call.memory, GuestAddr(element.base), element.len.min(left), out);
        put!(out, ", iov_len={}}}", element.len);
        left = left.saturating_sub(element.len);
    }
    put!(out, "], msg_iovlen={}", header.iovlen);
    if header.controllen != 0 {
        out.push_str(", msg_control=");
        control(call.memory, GuestAddr(header.control), header.controllen, out);
    }
    put!(out, ", msg_controllen={}, msg_flags=", header.controllen);
    names::print::<MessageFlags>(u64::from(header.flags), out);
    out.push('}');
}

/// Control messages: cmsg(3).
fn control(memory: &Memory, start: GuestAddr, len: u64, out: &mut String) {
    const HEAD: u64 = 16;
    let mut at = 0;
    out.push('[');
    while at < len && len - at >= HEAD {
        let head = start.offset(at);
        let (Ok(size), Ok([level, kind])) = (memory.get::<u64>(head), memory.get::<[i32; 2]>(head.offset(8)))
        else {
            break;
        };
        put!(out, "{}{{cmsg_len={size}, cmsg_level=", if at == 0 { "" } else { ", " });
        names::print::<SocketLevel>(level as u64, out);
        let data = size.min(len - at).saturating_sub(HEAD);
        match (level, kind) {
            (libc::SOL_SOCKET, libc::SCM_RIGHTS) => {
                let fd = |index| memory.get::<i32>(head.offset(HEAD + index * 4)).unwrap_or(-1).to_string();
                let fds: Vec<String> = (0..data / 4).map(fd).collect();
                put!(out, ", cmsg_type=SCM_RIGHTS, cmsg_data=[{}]}}", fds.join(", "));
            }
            (libc::SOL_SOCKET, libc::SCM_CREDENTIALS) => {
                let [pid, uid, gid] = memory.get::<[i32; 3]>(head.offset(HEAD)).unwrap_or([-1; 3]);
                put!(out, ", cmsg_type=SCM_CREDENTIALS, cmsg_data={{pid={pid}, uid={uid}, gid={gid}}}}}");
            }
            _ => put!(out, ", cmsg_type={kind:#x}}}"),
        }
        match size.checked_next_multiple_of(8) {
            Some(size @ HEAD..) => at = at.saturating_add(size),
            _ => break,
        }
    }
    out.push(']');
}

/// The list of ppoll(2) before the call: what is asked for.
fn waited_for(raw: u64, call: &Call, out: &mut String) {
    if raw == 0 {
        return out.push_str("NULL");
    }
    let entry = |index| call.memory.get::<PollFd>(GuestAddr(raw).offset(index * 8)).ok();
    let entries = (0..u64::from(call.raw[1] as u32).min(32)).map_while(entry);
    let shown: Vec<String> = entries
        .map(|entry| {
            let mut text = String::new();
            PollFd { revents: 0, ..entry }.print(&mut text);
            text
        })
        .collect();
    put!(out, "[{}]", shown.join(", "));
}

/// The list of ppoll(2) after the call: what was found.
fn ready(call: &Call, out: &mut String) {
    let entry = |index| call.memory.get::<PollFd>(GuestAddr(call.raw[0]).offset(index * 8)).ok();
    let entries =
        (0..u64::from(call.raw[1] as u32).min(1024)).map_while(entry).filter(|entry| entry.revents != 0);
    let shown: Vec<String> = entries
        .map(|entry| {
            let mut text = format!("{{fd={}, revents=", entry.fd);
            super::text::poll_events(u32::from(entry.revents as u16), "POLL", &mut text);
            text + "}"
        })
        .collect();
    put!(out, "[{}]", shown.join(", "));
}

/// The sets of pselect6(2) after the call.
fn selected(call: &Call, out: &mut String) {
    let mut first = true;
    for (name, &set) in ["in", "out", "except"].iter().zip(&call.raw[1..4]) {
        if set != 0
            && let Ok(set) = call.memory.get::<FdSet>(GuestAddr(set))
            && set.bits.iter().any(|&word| word != 0)
        {
            put!(out, "{}{name} ", if first { "" } else { ", " });
            set.print(out);
            first = false;
        }
    }
}

/// The option of a socket: its level says which ones there are.
fn option(raw: u64, call: &Call, out: &mut String) {
    match call.raw[1] as i32 {
        libc::SOL_SOCKET => names::print::<names::SocketOption>(raw, out),
        libc::IPPROTO_TCP => names::print::<names::TcpOption>(raw, out),
        libc::IPPROTO_IP => names::print::<names::IpOption>(raw, out),
        libc::IPPROTO_IPV6 => names::print::<names::Ipv6Option>(raw, out),
        _ => put!(out, "{raw:#x}"),
    }
}

/// The value of an option: nearly always an int.
fn option_value(raw: u64, call: &Call, out: &mut String) {
    let len = match call.result {
        Some(Ok(_)) => call.memory.get::<u32>(GuestAddr(call.raw[4])).unwrap_or(0),
        Some(Err(_)) => return text::pointer(GuestAddr(raw), out),
        None => call.raw[4] as u32,
    };
    match (len, call.memory.get::<IntCell>(GuestAddr(raw))) {
        (4, Ok(value)) => value.print(out),
        _ => text::bytes(call.memory, GuestAddr(raw), u64::from(len), out),
    }
}

/// The length that a call has written.
fn length(raw: u64, call: &Call, out: &mut String) {
    match call.memory.get::<IntCell>(GuestAddr(raw)) {
        Ok(value) if raw != 0 => value.print(out),
        _ => text::pointer(GuestAddr(raw), out),
    }
}

/// An argument of prctl(2) after its option.
fn prctl(index: usize) -> Option<(Direction, Print)> {
    let print: Print = match index {
        1 => |raw, call, out| match call.raw[0] as i32 {
            libc::PR_SET_NAME => text::c_string(call.memory, GuestAddr(raw), 15, out),
            libc::PR_SET_PDEATHSIG => text::signal(raw as i32, out),
            libc::PR_CAPBSET_READ | libc::PR_CAPBSET_DROP => put!(out, "{raw}"),
            _ if takes(call) >= 1 => put!(out, "{raw:#x}"),
            _ => {}
        },
        2 => |raw, call, out| {
            if takes(call) >= 2 {
                put!(out, "{raw:#x}")
            }
        },
        3 => |raw, call, out| {
            if takes(call) >= 3 {
                put!(out, "{raw:#x}")
            }
        },
        4 => |raw, call, out| {
            if takes(call) >= 4 {
                put!(out, "{raw:#x}")
            }
        },
        _ => return None,
    };
    Some((Direction::Value, print))
}

/// How many arguments an option of prctl(2) has.
fn takes(call: &Call) -> u32 {
    match call.raw[0] as i32 {
        libc::PR_GET_DUMPABLE
        | libc::PR_GET_KEEPCAPS
        | libc::PR_GET_SECCOMP
        | libc::PR_GET_TIMERSLACK
        | libc::PR_GET_SECUREBITS
        | libc::PR_GET_TIMING => 0,
        libc::PR_SET_DUMPABLE
        | libc::PR_SET_KEEPCAPS
        | libc::PR_SET_TIMERSLACK
        | libc::PR_GET_NAME
        | libc::PR_SET_CHILD_SUBREAPER
        | libc::PR_GET_CHILD_SUBREAPER
        | libc::PR_SET_PTRACER
        | libc::PR_SET_NAME
        | libc::PR_SET_PDEATHSIG
        | libc::PR_CAPBSET_READ
        | libc::PR_CAPBSET_DROP
        | libc::PR_GET_PDEATHSIG => 1,
        libc::PR_SET_SECCOMP => 2,
        _ => 4,
    }
}

/// clone(2): strace names the arguments, and shows those that the flags ask for.
fn clone(call: &Call, out: &mut String) {
    let [flags, stack, parent, tls, child, _] = *call.raw;
    let has = |flag: i32| flags & u64::from(flag as u32) != 0;
    out.push_str("child_stack=");
    text::pointer(GuestAddr(stack), out);
    out.push_str(", flags=");
    names::print::<CloneFlags>(flags & !0xff, out);
    if flags & !0xff & 0xffff_ffff == 0 {
        out.pop();
    } else if flags & 0xff != 0 {
        out.push('|');
    }
    match flags & 0xff {
        0 if flags & 0xffff_ff00 == 0 => out.push('0'),
        0 => {}
        signal => text::signal(signal as i32, out),
    }
    if has(libc::CLONE_PARENT_SETTID) {
        out.push_str(", parent_tid=");
        match call.memory.get::<IntCell>(GuestAddr(parent)) {
            Ok(tid) if matches!(call.result, Some(Ok(_))) => tid.print(out),
            _ => text::pointer(GuestAddr(parent), out),
        }
    }
    if has(libc::CLONE_SETTLS) {
        put!(out, ", tls={tls:#x}");
    }
    if has(libc::CLONE_CHILD_SETTID) || has(libc::CLONE_CHILD_CLEARTID) {
        out.push_str(", child_tidptr=");
        text::pointer(GuestAddr(child), out);
    }
}

/// futex(2): the operation says which arguments there are.
fn futex(call: &Call, out: &mut String) {
    const PRIVATE: u64 = libc::FUTEX_PRIVATE_FLAG as u64;
    let [address, operation, value, fourth, second, value3] = *call.raw;
    text::pointer(GuestAddr(address), out);
    out.push_str(", ");
    let command = operation & 0x7f;
    match names::FutexOperation::NAMES.iter().find(|name| name.mask == 0x7f && name.value == command) {
        Some(name) => out.push_str(name.name),
        None => put!(out, "{command:#x} /* FUTEX_??? */"),
    }
    if operation & PRIVATE != 0 {
        out.push_str("_PRIVATE");
    }
    if operation & libc::FUTEX_CLOCK_REALTIME as u64 != 0 {
        out.push_str("|FUTEX_CLOCK_REALTIME");
    }
    let time = |out: &mut String| match call.memory.get::<Timespec>(GuestAddr(fourth)) {
        Ok(time) if fourth != 0 => time.print(out),
        _ => text::pointer(GuestAddr(fourth), out),
    };
    let mask = |out: &mut String| match value3 as u32 {
        u32::MAX => out.push_str("FUTEX_BITSET_MATCH_ANY"),
        mask => put!(out, "{mask:#x}"),
    };
    let value = value as u32;
    match command as i32 {
        libc::FUTEX_WAKE => put!(out, ", {}", value as i32),
        libc::FUTEX_WAIT => {
            put!(out, ", {value}, ");
            time(out);
        }
        libc::FUTEX_WAIT_BITSET => {
            put!(out, ", {value}, ");
            time(out);
            out.push_str(", ");
            mask(out);
        }
        libc::FUTEX_WAKE_BITSET => {
            put!(out, ", {}, ", value as i32);
            mask(out);
        }
        libc::FUTEX_REQUEUE => put!(out, ", {}, {}, {second:#x}", value as i32, fourth as i32),
        libc::FUTEX_CMP_REQUEUE | libc::FUTEX_CMP_REQUEUE_PI => {
            put!(out, ", {}, {}, {second:#x}, {}", value as i32, fourth as i32, value3 as u32);
        }
        libc::FUTEX_WAKE_OP => {
            put!(out, ", {}, {}, {second:#x}, {:#x}", value as i32, fourth as i32, value3 as u32);
        }
        libc::FUTEX_WAIT_REQUEUE_PI => {
            put!(out, ", {value}, ");
            time(out);
            put!(out, ", {second:#x}");
        }
        libc::FUTEX_LOCK_PI | 13 => {
            out.push_str(", ");
            time(out);
        }
        libc::FUTEX_UNLOCK_PI | libc::FUTEX_TRYLOCK_PI => {}
        _ => put!(out, ", {value}, {fourth:#x}, {second:#x}, {:#x}", value3 as u32),
    }
}

/// Whether strace would say that the call was interrupted rather than what it returned.
pub fn is_interruption(errno: Errno, attention: bool) -> bool {
    errno == Errno::ERESTARTSYS || errno == Errno::EINTR && attention
}
