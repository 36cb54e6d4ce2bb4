//! The options, one row each.

use std::ffi::{CString, OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use super::parse::UsageError;
use super::{Command, EnvEdit, LogItems, Options, document};
use crate::isa::{Extensions, extension};
use crate::memory::MAX_BITS;

/// An option.
pub struct Row {
    /// qemu-user's name, without dashes.
    pub short: &'static str,
    /// Ours.
    pub long: &'static str,
    /// What to do with it.
    pub action: Action,
    /// The environment's name for it: behind `TINE_`, and qemu-user's.
    pub env: Option<(&'static str, &'static str)>,
    /// One sentence.
    pub help: &'static str,
}

/// What an option does.
pub enum Action {
    /// Switches something on.
    Flag(fn(&mut Options)),
    /// Takes a value, called so in the help.
    Value(&'static str, fn(&mut Options, &OsStr) -> Result<Option<Command>, UsageError>),
    /// Takes all that follows, called so in the help, up to `--`.
    Command(&'static str, fn(&mut Options, Vec<OsString>)),
    /// Prints something instead of running a program.
    Print(fn() -> String),
}

/// What is said of an option that is there for the sake of gdbserver's users.
const FIXED: &str = "Do nothing: addresses are the same at each start";

use Action::{Flag, Print, Value};

/// All options, in the order of `--help`.
pub const ROWS: &[Row] = &[
    Row {
        short: "g",
        long: "gdb",
        action: Value("PORT|HOST:PORT|PATH|-", |options, value| {
            options.gdb = Some(text(value)?);
            Ok(None)
        }),
        env: Some(("GDB", "QEMU_GDB")),
        help: "Wait for gdb at a TCP port (on 127.0.0.1), at a unix socket (%d: the pid) or on standard input and output; \
               ',suspend=n' behind it: do not wait; ',once=y': the first gdb is the last",
    },
    Row {
        short: "multi",
        long: "multi",
        action: Flag(|options| options.multi = true),
        env: None,
        help: "With -g: stay, and start programs when gdb says so (target extended-remote); PROG may be left out",
    },
    Row {
        short: "attach",
        long: "attach",
        action: Value("PID", |options, value| {
            let text = text(value)?;
            match text.parse() {
                Ok(pid) if pid > 0 => options.attach = Some(pid),
                _ => return Err(UsageError::Value("attach", text, "it is not the number of a process")),
            }
            Ok(None)
        }),
        env: None,
        help: "With -g, in the place of PROG: debug a process that tine runs already",
    },
    Row {
        short: "once",
        long: "once",
        action: Flag(|options| options.once = true),
        env: None,
        help: "With -g: the first gdb is the last",
    },
    Row {
        short: "wrapper",
        long: "wrapper",
        action: Action::Command("CMD [ARGS] --", |options, words| options.wrapper = words),
        env: None,
        help: "With -g: start programs by CMD, which executes what follows its arguments; gdb comes in at PROG",
    },
    Row {
        short: "startup-with-shell",
        long: "startup-with-shell",
        action: Flag(|options| options.without_shell = false),
        env: None,
        help: "With -g: a shell makes the arguments of programs that gdb starts, if gdb leaves that open; the default",
    },
    Row {
        short: "no-startup-with-shell",
        long: "no-startup-with-shell",
        action: Flag(|options| options.without_shell = true),
        env: None,
        help: "With -g: no shell does",
    },
    Row {
        short: "no-escape-args",
        long: "no-escape-args",
        action: Flag(|options| options.unescaped = true),
        env: None,
        help: "With -g: a shell makes PROG's arguments out of ARGS, unless --no-startup-with-shell",
    },
    Row {
        short: "debug",
        long: "debug",
        action: Flag(|options| options.debug = true),
        env: None,
        help: "With -g: log what the processes tell the debug server; where -D says, or with --multi or --attach on standard error",
    },
    Row {
        short: "remote-debug",
        long: "remote-debug",
        action: Flag(|options| options.remote_debug = true),
        env: None,
        help: "With -g: the packets too",
    },
    Row {
        short: "disable-packet",
        long: "disable-packet",
        action: Value("NAME[,...]", |options, value| {
            let names = text(value)?;
            match options.without.and(&names) {
                Some(without) => options.without = without,
                None => {
                    return Err(UsageError::Value(
                        "disable-packet",
                        names,
                        "there are vCont, T, Tthread, qC, qfThreadInfo, threads",
                    ));
                }
            }
            Ok(None)
        }),
        env: None,
        help: "With -g: do without these packets: vCont, T, Tthread, qC, qfThreadInfo, threads",
    },
    Row {
        short: "disable-randomization",
        long: "disable-randomization",
        action: Flag(|_| {}),
        env: None,
        help: FIXED,
    },
    Row {
        short: "no-disable-randomization",
        long: "no-disable-randomization",
        action: Flag(|_| {}),
        env: None,
        help: FIXED,
    },
    Row {
        short: "L",
        long: "sysroot",
        action: Value("DIR", |options, value| {
            options.sysroot = Some(PathBuf::from(value));
            Ok(None)
        }),
        env: Some(("LD_PREFIX", "QEMU_LD_PREFIX")),
        help: "Look up the program's absolute paths in DIR first",
    },
    Row {
        short: "E",
        long: "env",
        action: Value("NAME=VALUE[,...]", |options, value| {
            for entry in value.as_bytes().split(|&byte| byte == b',') {
                match entry.iter().position(|&byte| byte == b'=') {
                    None | Some(0) => {
                        return Err(UsageError::Value("env", show(entry), "it is not NAME=VALUE"));
                    }
                    Some(_) => options.env.push(EnvEdit::Set(entry.to_vec())),
                }
            }
            Ok(None)
        }),
        env: Some(("SET_ENV", "QEMU_SET_ENV")),
        help: "Set variables in the program's environment; repeatable",
    },
    Row {
        short: "U",
        long: "unset-env",
        action: Value("NAME[,...]", |options, value| {
            for name in value.as_bytes().split(|&byte| byte == b',') {
                if name.is_empty() || name.contains(&b'=') {
                    return Err(UsageError::Value("unset-env", show(name), "it is not a name"));
                }
                options.env.push(EnvEdit::Unset(name.to_vec()));
            }
            Ok(None)
        }),
        env: Some(("UNSET_ENV", "QEMU_UNSET_ENV")),
        help: "Remove variables from the program's environment; repeatable",
    },
    Row {
        short: "0",
        long: "argv0",
        action: Value("NAME", |options, value| {
            options.argv0 = CString::new(value.as_bytes()).ok();
            Ok(None)
        }),
        env: Some(("ARGV0", "QEMU_ARGV0")),
        help: "Give the program NAME as its argv[0]",
    },
    Row {
        short: "s",
        long: "stack-size",
        action: Value("SIZE", |options, value| {
            options.stack = Some(size("stack-size", value)?);
            Ok(None)
        }),
        env: Some(("STACK_SIZE", "QEMU_STACK_SIZE")),
        help: "Size of the stack, with K, M or G behind it; the default is RLIMIT_STACK",
    },
    Row {
        short: "R",
        long: "window",
        action: Value("SIZE", |options, value| {
            let bytes = size("window", value)?;
            let bits = bytes.checked_next_power_of_two().map_or(64, u64::trailing_zeros);
            if !(MIN_BITS..=MAX_BITS).contains(&bits) {
                return Err(UsageError::Value("window", show(value.as_bytes()), "a window has 1G to 8T"));
            }
            options.window_bits = bits;
            Ok(None)
        }),
        env: Some(("RESERVED_VA", "QEMU_RESERVED_VA")),
        help: "Size of the address space that the program gets; the default is 256G, as Sv39 has it",
    },
    Row {
        short: "r",
        long: "uname",
        action: Value("RELEASE", |options, value| {
            options.uname = Some(text(value)?);
            Ok(None)
        }),
        env: Some(("UNAME", "QEMU_UNAME")),
        help: "The kernel release that uname tells",
    },
    Row {
        short: "cpu",
        long: "cpu",
        action: Value("MODEL[,NAME=on|off...]", |options, value| {
            let value = text(value)?;
            if matches!(value.as_str(), "help" | "?") {
                return Ok(Some(Command::Print(extension::help())));
            }
            options.cpu = Extensions::parse(&value).map_err(|why| UsageError::Value("cpu", value, why))?;
            Ok(None)
        }),
        env: Some(("CPU", "QEMU_CPU")),
        help: "The processor to be, and extensions to switch; 'help' lists both",
    },
    Row {
        short: "one-insn-per-tb",
        long: "one-by-one",
        action: Flag(|options| options.instrumented = true),
        env: Some(("ONE_BY_ONE", "QEMU_ONE_INSN_PER_TB")),
        help: "Execute and count one instruction after another, by the engine's other form, which is slow: to compare",
    },
    Row {
        short: "strace",
        long: "strace",
        action: Flag(|options| options.log.strace = true),
        env: Some(("STRACE", "QEMU_STRACE")),
        help: "Log system calls",
    },
    Row {
        short: "d",
        long: "log",
        action: Value("ITEM[,...]", |options, value| {
            for item in value.as_bytes().split(|&byte| byte == b',') {
                if matches!(item, b"help" | b"?") {
                    return Ok(Some(Command::Print(document::log_items())));
                }
                match LOG_ITEMS.iter().find(|(name, ..)| name.as_bytes() == item) {
                    Some((_, _, set)) => set(&mut options.log),
                    None => return Err(UsageError::Value("log", show(item), "'-d help' lists the items")),
                }
            }
            Ok(None)
        }),
        env: Some(("LOG", "QEMU_LOG")),
        help: "Log these items; 'help' lists them",
    },
    Row {
        short: "D",
        long: "log-file",
        action: Value("FILE", |options, value| {
            options.log_file = Some(PathBuf::from(value));
            Ok(None)
        }),
        env: Some(("LOG_FILENAME", "QEMU_LOG_FILENAME")),
        help: "Log to FILE (%d: the pid) instead of standard error",
    },
    Row {
        short: "completions",
        long: "completions",
        action: Value("SHELL", |_, value| match document::completions(&text(value)?) {
            Some(script) => Ok(Some(Command::Print(script))),
            None => Err(UsageError::Value("completions", show(value.as_bytes()), document::SHELLS)),
        }),
        env: None,
        help: "Print completions for bash, elvish, fish, powershell or zsh",
    },
    Row {
        short: "man",
        long: "man",
        action: Print(document::man_page),
        env: None,
        help: "Print the manual page",
    },
    Row {
        short: "print-binfmt",
        long: "print-binfmt",
        action: Print(crate::binfmt::registration),
        env: None,
        help: "Print the line that registers this emulator in binfmt_misc",
    },
    Row {
        short: "version",
        long: "version",
        action: Print(|| concat!("tine version ", env!("CARGO_PKG_VERSION"), "\n").to_owned()),
        env: None,
        help: "Print the version",
    },
    Row { short: "h", long: "help", action: Print(document::help), env: None, help: "Print this help" },
];

/// Something that `-d` can log: its name, what it is, and how it is switched on.
pub type LogItem = (&'static str, &'static str, fn(&mut LogItems));

/// What `-d` knows.
pub const LOG_ITEMS: &[LogItem] = &[
    ("in_asm", "instructions, when they are first decoded", |items| items.in_asm = true),
    ("strace", "system calls, with their arguments and results", |items| items.strace = true),
    ("page", "the address space after loading", |items| items.page = true),
    ("unimp", "what is not implemented (always logged)", |_| {}),
];

/// The smallest window that has room for a program, its stack and mappings.
const MIN_BITS: u32 = 30;

/// A number of bytes: decimal or 0x, with K, M, G or T behind it.
fn size(option: &'static str, value: &OsStr) -> Result<u64, UsageError> {
    let wrong = || UsageError::Value(option, show(value.as_bytes()), "it is not a size such as 8M");
    let text = value.to_str().ok_or_else(wrong)?;
    let (digits, shift) = match text.char_indices().last() {
        Some((at, 'k' | 'K')) => (&text[..at], 10),
        Some((at, 'm' | 'M')) => (&text[..at], 20),
        Some((at, 'g' | 'G')) => (&text[..at], 30),
        Some((at, 't' | 'T')) => (&text[..at], 40),
        _ => (text, 0),
    };
    let number = match digits.strip_prefix("0x") {
        Some(hex) => u64::from_str_radix(hex, 16),
        None => digits.parse(),
    };
    let bytes = number.map_err(|_| wrong())?;
    bytes.checked_mul(1 << shift).filter(|&bytes| bytes != 0).ok_or_else(wrong)
}

fn text(value: &OsStr) -> Result<String, UsageError> {
    value.to_str().map(str::to_owned).ok_or_else(|| UsageError::NotText(show(value.as_bytes())))
}

fn show(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
