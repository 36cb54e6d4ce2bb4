//! How strace spells things.

use std::fmt::Write as _;

use crate::addr::GuestAddr;
use crate::errno::Errno;
use crate::memory::Memory;
use crate::signal::SigSet;
use crate::syscall::layout::{SigAction, Siginfo};
use crate::syscall::table::row;

/// How many bytes of a string are shown: strace's `-s`.
pub const STRING_LIMIT: usize = 32;

macro_rules! put {
    ($out:expr, $($format:tt)*) => {{ let _ = write!($out, $($format)*); }};
}

/// An address, or NULL.
pub fn pointer(addr: GuestAddr, out: &mut String) {
    if addr.0 == 0 {
        out.push_str("NULL");
    } else {
        put!(out, "{:#x}", addr.0);
    }
}

/// Bytes in double quotes, escaped as in C; `cut` adds the dots of a string that goes on.
pub fn quoted(bytes: &[u8], cut: bool, out: &mut String) {
    out.push('"');
    for (index, &byte) in bytes.iter().enumerate() {
        match byte {
            b'"' | b'\\' => put!(out, "\\{}", byte as char),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            0x0b => out.push_str("\\v"),
            0x0c => out.push_str("\\f"),
            0x20..=0x7e => out.push(byte as char),
            // Octal, as short as what follows allows.
            _ if bytes.get(index + 1).is_some_and(u8::is_ascii_digit) => put!(out, "\\{byte:03o}"),
            _ => put!(out, "\\{byte:o}"),
        }
    }
    out.push_str(if cut { "\"..." } else { "\"" });
}

/// Guest bytes; the address, if they cannot be read.
pub fn bytes(memory: &Memory, addr: GuestAddr, len: u64, out: &mut String) {
    let mut buffer = [0; STRING_LIMIT];
    let shown = len.min(STRING_LIMIT as u64) as usize;
    match memory.read(addr, &mut buffer[..shown]) {
        Ok(()) if addr.0 != 0 => quoted(&buffer[..shown], len > shown as u64, out),
        _ => pointer(addr, out),
    }
}

/// A guest string of which at most `limit` bytes are shown.
pub fn c_string(memory: &Memory, addr: GuestAddr, limit: usize, out: &mut String) {
    if addr.0 == 0 {
        return out.push_str("NULL");
    }
    let mut text = Vec::new();
    while text.len() < limit {
        match memory.get::<u8>(addr.offset(text.len() as u64)) {
            Ok(0) => return quoted(&text, false, out),
            Ok(byte) => text.push(byte),
            Err(_) => return pointer(addr, out),
        }
    }
    quoted(&text, true, out);
}

/// The name of a signal, or its number.
pub fn signal(number: i32, out: &mut String) {
    match SIGNALS.get(number.wrapping_sub(1) as usize) {
        Some(name) => put!(out, "SIG{name}"),
        None if number == 32 => out.push_str("SIGRTMIN"),
        None if (33..=64).contains(&number) => put!(out, "SIGRT_{}", number - 32),
        None => put!(out, "{number}"),
    }
}

const SIGNALS: [&str; 31] = [
    "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE",
    "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ",
    "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
];

/// A set of signals: `[INT CHLD]`, or `~[KILL STOP]` when most are in it.
pub fn signal_set(set: SigSet, out: &mut String) {
    let inverted = set.0.count_ones() > 32;
    let shown = if inverted { SigSet::ALL.without(set) } else { set };
    out.push_str(if inverted { "~[" } else { "[" });
    for (index, number) in shown.iter().enumerate() {
        if index != 0 {
            out.push(' ');
        }
        match SIGNALS.get(number as usize - 1) {
            Some(name) => out.push_str(name),
            None if number == 32 => out.push_str("RTMIN"),
            None => put!(out, "RT_{}", number - 32),
        }
    }
    out.push(']');
}

/// A signal's action.
pub fn sigaction(action: &SigAction, out: &mut String) {
    match action.handler {
        0 => out.push_str("{sa_handler=SIG_DFL"),
        1 => out.push_str("{sa_handler=SIG_IGN"),
        handler => put!(out, "{{sa_handler={handler:#x}"),
    }
    out.push_str(", sa_mask=");
    signal_set(SigSet(action.mask), out);
    out.push_str(", sa_flags=");
    let flags = [
        (0x1_u64, "SA_NOCLDSTOP"),
        (0x2, "SA_NOCLDWAIT"),
        (0x4, "SA_SIGINFO"),
        (0x0800_0000, "SA_ONSTACK"),
        (0x1000_0000, "SA_RESTART"),
        (0x4000_0000, "SA_NODEFER"),
        (0x8000_0000, "SA_RESETHAND"),
    ];
    flag_names(action.flags, &flags, out);
    out.push('}');
}

fn flag_names(bits: u64, names: &[(u64, &str)], out: &mut String) {
    let mut left = bits;
    let mut first = true;
    for &(bit, name) in names {
        if left & bit != 0 {
            put!(out, "{}{name}", if first { "" } else { "|" });
            first = false;
            left &= !bit;
        }
    }
    if left != 0 || first {
        put!(out, "{}{left:#x}", if first { "" } else { "|" });
        if first && left == 0 {
            out.truncate(out.len() - 2);
        }
    }
}

/// `siginfo_t`, by where the signal came from.
pub fn siginfo(info: &Siginfo, out: &mut String) {
    out.push_str("{si_signo=");
    signal(info.signo, out);
    out.push_str(", si_code=");
    match info.code {
        0 => out.push_str("SI_USER"),
        SI_QUEUE => out.push_str("SI_QUEUE"),
        SI_TIMER => out.push_str("SI_TIMER"),
        SI_MESGQ => out.push_str("SI_MESGQ"),
        -4 => out.push_str("SI_ASYNCIO"),
        -5 => out.push_str("SI_SIGIO"),
        -6 => out.push_str("SI_TKILL"),
        0x80 => out.push_str("SI_KERNEL"),
        code => match code_name(info.signo, code) {
            Some(name) => out.push_str(name),
            None => put!(out, "{code}"),
        },
    }
    if info.errno != 0 {
        put!(out, ", si_errno={}", info.errno);
    }
    let [first, second, third, _, user_low, user_high, system_low, system_high, ..] = info.fields;
    let wide = |low: u32, high: u32| u64::from(low) | u64::from(high) << 32;
    match (info.signo, info.code) {
        (libc::SIGCHLD, 1..) => {
            put!(out, ", si_pid={}, si_uid={second}, si_status=", first as i32);
            if info.code == libc::CLD_EXITED {
                put!(out, "{}", third as i32)
            } else {
                signal(third as i32, out)
            }
            put!(out, ", si_utime={}, si_stime={}", wide(user_low, user_high), wide(system_low, system_high));
        }
        (libc::SIGSYS, 1..) => {
            put!(out, ", si_call_addr={:#x}, si_syscall=", wide(first, second));
            match row(u64::from(third)) {
                Some(row) => put!(out, "__NR_{}", row.name),
                None => put!(out, "{third}"),
            }
            out.push_str(", si_arch=AUDIT_ARCH_RISCV64");
        }
        (libc::SIGSEGV | libc::SIGBUS | libc::SIGILL | libc::SIGFPE | libc::SIGTRAP, 1..) => {
            let addr = u64::from(first) | u64::from(second) << 32;
            out.push_str(", si_addr=");
            pointer(GuestAddr(addr), out);
        }
        (_, SI_TIMER) => put!(out, ", si_timerid={first:#x}, si_overrun={}, {}", second as i32, value(info)),
        (_, SI_QUEUE | SI_MESGQ) => put!(out, ", si_pid={}, si_uid={second}, {}", first as i32, value(info)),
        (_, ..=0) => put!(out, ", si_pid={}, si_uid={second}", first as i32),
        _ => {}
    }
    out.push('}');
}

const SI_QUEUE: i32 = -1;
const SI_TIMER: i32 = -2;
const SI_MESGQ: i32 = -3;

/// `si_value`, in both its forms.
fn value(info: &Siginfo) -> String {
    let value = u64::from(info.fields[2]) | u64::from(info.fields[3]) << 32;
    let mut out = format!("si_int={}, si_ptr=", value as i32);
    pointer(GuestAddr(value), &mut out);
    out
}

fn code_name(signal: i32, code: i32) -> Option<&'static str> {
    let names: &[&str] = match signal {
        libc::SIGCHLD => {
            &["CLD_EXITED", "CLD_KILLED", "CLD_DUMPED", "CLD_TRAPPED", "CLD_STOPPED", "CLD_CONTINUED"]
        }
        libc::SIGSEGV => &["SEGV_MAPERR", "SEGV_ACCERR"],
        libc::SIGBUS => &["BUS_ADRALN", "BUS_ADRERR", "BUS_OBJERR"],
        libc::SIGILL => &["ILL_ILLOPC", "ILL_ILLOPN", "ILL_ILLADR", "ILL_ILLTRP", "ILL_PRVOPC"],
        libc::SIGTRAP => &["TRAP_BRKPT", "TRAP_TRACE"],
        libc::SIGFPE => &[
            "FPE_INTDIV",
            "FPE_INTOVF",
            "FPE_FLTDIV",
            "FPE_FLTOVF",
            "FPE_FLTUND",
            "FPE_FLTRES",
            "FPE_FLTINV",
        ],
        libc::SIGSYS => &["SYS_SECCOMP", "SYS_USER_DISPATCH"],
        libc::SIGIO => &["POLL_IN", "POLL_OUT", "POLL_MSG", "POLL_ERR", "POLL_PRI", "POLL_HUP"],
        _ => return None,
    };
    names.get(code.wrapping_sub(1) as usize).copied()
}

/// A wait status, taken apart.
pub fn wait_status(status: i32, out: &mut String) {
    if libc::WIFEXITED(status) {
        put!(out, "[{{WIFEXITED(s) && WEXITSTATUS(s) == {}}}]", libc::WEXITSTATUS(status));
    } else if libc::WIFSTOPPED(status) {
        out.push_str("[{WIFSTOPPED(s) && WSTOPSIG(s) == ");
        signal(libc::WSTOPSIG(status), out);
        out.push_str("}]");
    } else if libc::WIFCONTINUED(status) {
        out.push_str("[{WIFCONTINUED(s)}]");
    } else {
        out.push_str("[{WIFSIGNALED(s) && WTERMSIG(s) == ");
        signal(libc::WTERMSIG(status), out);
        out.push_str(if libc::WCOREDUMP(status) { " && WCOREDUMP(s)}]" } else { "}]" });
    }
}

/// A moment by the calendar: `1970-01-01T00:00:01+0000`, in universal time.
pub fn moment(seconds: i64, nanoseconds: i64, out: &mut String) {
    const DAY: i64 = 86_400;
    let (days, second) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
    // Years of the Gregorian calendar, counted from March, in cycles of 400: the leap day is then a year's last.
    let days = days + 719_468;
    let (cycle, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let (day, month) = (day - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    let year = cycle * 400 + year + i64::from(month <= 2);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    put!(out, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    if nanoseconds != 0 {
        put!(out, ".{nanoseconds:09}");
    }
    out.push_str("+0000");
}

/// `st_mode`: the kind of file and its permissions.
pub fn file_mode(mode: u32, out: &mut String) {
    let kind = match mode & libc::S_IFMT {
        libc::S_IFREG => "S_IFREG|",
        libc::S_IFDIR => "S_IFDIR|",
        libc::S_IFLNK => "S_IFLNK|",
        libc::S_IFCHR => "S_IFCHR|",
        libc::S_IFBLK => "S_IFBLK|",
        libc::S_IFIFO => "S_IFIFO|",
        libc::S_IFSOCK => "S_IFSOCK|",
        _ => "",
    };
    put!(out, "{kind}0{:02o}", mode & 0o7777);
}

/// A resource limit: strace knows multiples of 1024, and infinity.
pub fn limit(value: u64, out: &mut String) {
    if value == u64::MAX {
        out.push_str("RLIM64_INFINITY");
    } else if value > 1024 && value.is_multiple_of(1024) {
        put!(out, "{}*1024", value / 1024);
    } else {
        put!(out, "{value}");
    }
}

/// The events of poll(2) and epoll(7), which share their numbers.
pub fn poll_events(events: u32, prefix: &str, out: &mut String) {
    const NAMES: [(u32, &str); 15] = [
        (0x1, "IN"),
        (0x2, "PRI"),
        (0x4, "OUT"),
        (0x8, "ERR"),
        (0x10, "HUP"),
        (0x20, "NVAL"),
        (0x40, "RDNORM"),
        (0x80, "RDBAND"),
        (0x100, "WRNORM"),
        (0x200, "WRBAND"),
        (0x400, "MSG"),
        (0x2000, "RDHUP"),
        (1 << 28, "EXCLUSIVE"),
        (1 << 30, "ONESHOT"),
        (1 << 31, "ET"),
    ];
    let mut left = events;
    let mut first = true;
    for (bit, name) in NAMES {
        if left & bit != 0 {
            put!(out, "{}{prefix}{name}", if first { "" } else { "|" });
            first = false;
            left &= !bit;
        }
    }
    if left != 0 || first {
        put!(out, "{}{left:#x}", if first { "" } else { "|" });
    }
}

/// A socket address of a family that is often seen; others as their bytes.
pub fn socket_address(memory: &Memory, addr: GuestAddr, len: u64, out: &mut String) {
    let mut buffer = [0; 128];
    let len = len.min(buffer.len() as u64) as usize;
    if addr.0 == 0 || len < 2 || memory.read(addr, &mut buffer[..len]).is_err() {
        return pointer(addr, out);
    }
    let port = u16::from_be_bytes([buffer[2], buffer[3]]);
    match i32::from(u16::from_le_bytes([buffer[0], buffer[1]])) {
        libc::AF_UNIX => {
            let path = &buffer[2..len];
            out.push_str("{sa_family=AF_UNIX");
            if let Some(0) = path.first() {
                out.push_str(", sun_path=@");
                quoted(&path[1..], false, out);
            } else if !path.is_empty() {
                out.push_str(", sun_path=");
                quoted(path.split(|&byte| byte == 0).next().unwrap_or_default(), false, out);
            }
            out.push('}');
        }
        libc::AF_INET if len >= 8 => {
            let [a, b, c, d] = [buffer[4], buffer[5], buffer[6], buffer[7]];
            put!(
                out,
                "{{sa_family=AF_INET, sin_port=htons({port}), sin_addr=inet_addr(\"{a}.{b}.{c}.{d}\")}}"
            );
        }
        libc::AF_INET6 if len >= 28 => {
            let mut octets = [0; 16];
            octets.copy_from_slice(&buffer[8..24]);
            let address = std::net::Ipv6Addr::from(octets);
            let flow = u32::from_be_bytes([buffer[4], buffer[5], buffer[6], buffer[7]]);
            let scope = u32::from_le_bytes([buffer[24], buffer[25], buffer[26], buffer[27]]);
            put!(out, "{{sa_family=AF_INET6, sin6_port=htons({port}), sin6_flowinfo=htonl({flow}), ");
            put!(out, "inet_pton(AF_INET6, \"{address}\", &sin6_addr), sin6_scope_id={scope}}}");
        }
        family => {
            put!(out, "{{sa_family={family}, sa_data=");
            quoted(&buffer[2..len], false, out);
            out.push('}');
        }
    }
}

/// A request of ioctl(2) without a name, taken apart.
pub fn request(number: u32, out: &mut String) {
    let direction = match number >> 30 {
        0 => "_IOC_NONE",
        1 => "_IOC_WRITE",
        2 => "_IOC_READ",
        _ => "_IOC_READ|_IOC_WRITE",
    };
    let hexadecimal = |value: u32| if value == 0 { "0".to_owned() } else { format!("{value:#x}") };
    let [kind, nr, size] = [number >> 8 & 0xff, number & 0xff, number >> 16 & 0x3fff].map(hexadecimal);
    put!(out, "_IOC({direction}, {kind}, {nr}, {size})");
}

/// The speed of a terminal line, by the bits of `c_cflag`.
pub fn speed(cflag: u32) -> String {
    const SLOW: [&str; 16] = [
        "B0", "B50", "B75", "B110", "B134", "B150", "B200", "B300", "B600", "B1200", "B1800", "B2400",
        "B4800", "B9600", "B19200", "B38400",
    ];
    const FAST: [&str; 16] = [
        "BOTHER", "B57600", "B115200", "B230400", "B460800", "B500000", "B576000", "B921600", "B1000000",
        "B1152000", "B1500000", "B2000000", "B2500000", "B3000000", "B3500000", "B4000000",
    ];
    let names = if cflag & libc::CBAUDEX != 0 { FAST } else { SLOW };
    names[(cflag & 0xf) as usize].to_owned()
}

/// What follows the equals sign for a failed call.
pub fn error(errno: Errno, out: &mut String) {
    if errno == Errno::ERESTARTSYS {
        return out.push_str("? ERESTARTSYS (To be restarted if SA_RESTART is set)");
    }
    let text = std::io::Error::from(errno).to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    put!(out, "-1 {errno:?} ({text})");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(print: impl FnOnce(&mut String)) -> String {
        let mut out = String::new();
        print(&mut out);
        out
    }

    #[test]
    fn strings_are_escaped_as_strace_does() {
        assert_eq!(with(|out| quoted(b"a\n\t\"\\\0\x01z", false, out)), r#""a\n\t\"\\\0\1z""#);
        assert_eq!(with(|out| quoted(b"\x017", true, out)), r#""\0017"..."#);
        assert_eq!(with(|out| quoted(b"\xff\x7f", false, out)), r#""\377\177""#);
    }

    #[test]
    fn signals_and_sets() {
        assert_eq!(with(|out| signal(11, out)), "SIGSEGV");
        assert_eq!(with(|out| signal(34, out)), "SIGRT_2");
        assert_eq!(with(|out| signal(0, out)), "0");
        assert_eq!(with(|out| signal_set(SigSet::of_all(&[2, 17]), out)), "[INT CHLD]");
        assert_eq!(with(|out| signal_set(SigSet::ALL.without(SigSet::of(9)), out)), "~[KILL]");
    }

    #[test]
    fn statuses_modes_limits_and_errors() {
        assert_eq!(with(|out| wait_status(0x2a00, out)), "[{WIFEXITED(s) && WEXITSTATUS(s) == 42}]");
        assert_eq!(with(|out| wait_status(11, out)), "[{WIFSIGNALED(s) && WTERMSIG(s) == SIGSEGV}]");
        assert_eq!(with(|out| wait_status(0x137f, out)), "[{WIFSTOPPED(s) && WSTOPSIG(s) == SIGSTOP}]");
        assert_eq!(with(|out| file_mode(0o100644, out)), "S_IFREG|0644");
        assert_eq!(with(|out| file_mode(0o041777, out)), "S_IFDIR|01777");
        assert_eq!(with(|out| limit(8 << 20, out)), "8192*1024");
        assert_eq!(with(|out| moment(1, 0, out)), "1970-01-01T00:00:01+0000");
        assert_eq!(with(|out| moment(951_782_400, 5, out)), "2000-02-29T00:00:00.000000005+0000");
        assert_eq!(with(|out| moment(-1, 0, out)), "1969-12-31T23:59:59+0000");
        assert_eq!(with(|out| limit(u64::MAX, out)), "RLIM64_INFINITY");
        assert_eq!(with(|out| error(Errno::ENOENT, out)), "-1 ENOENT (No such file or directory)");
        assert_eq!(with(|out| poll_events(0x5, "POLL", out)), "POLLIN|POLLOUT");
    }

    #[test]
    fn actions_and_infos() {
        let action = SigAction { handler: 1, flags: 0x1400_0000, mask: 0 };
        assert_eq!(
            with(|out| sigaction(&action, out)),
            "{sa_handler=SIG_IGN, sa_mask=[], sa_flags=SA_RESTART|0x4000000}"
        );
        let mut info = Siginfo { signo: 2, errno: 0, code: 0, pad: 0, fields: [0; 28] };
        info.fields[0] = 77;
        assert_eq!(
            with(|out| siginfo(&info, out)),
            "{si_signo=SIGINT, si_code=SI_USER, si_pid=77, si_uid=0}"
        );
        info = Siginfo { signo: 11, errno: 0, code: 1, pad: 0, fields: [0; 28] };
        assert_eq!(with(|out| siginfo(&info, out)), "{si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=NULL}");
    }
}
