//! `-strace`: system calls and signals as strace(1) spells them, one line and one write(2) each.

mod calls;
pub mod text;

use std::fmt::Write as _;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use crate::errno::Errno;
use crate::process::exit::Ending;
use crate::signal::{SigInfo, SigSet};
use crate::syscall::args::{Call, Direction};
use crate::syscall::layout::Siginfo;
use crate::syscall::table::{Row, Shown};
use crate::task::Task;

/// How a line says whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// `[pid N]`, once there is more than one task.
    Several,
    /// The tid in front of every line: in a file that several processes share.
    Always,
    /// Not at all: the file is one process's.
    Never,
}

static ENABLED: AtomicBool = AtomicBool::new(false);
static SINK: OnceLock<OwnedFd> = OnceLock::new();
static WHOSE: OnceLock<Whose> = OnceLock::new();
/// Whether there is more than one task, as far as this process has seen.
static MANY: AtomicBool = AtomicBool::new(false);

/// From now on everything is written to `sink`, or to standard error as it is then.
pub fn start(sink: Option<OwnedFd>, whose: Whose) {
    if let Some(sink) = sink {
        let _ = SINK.set(sink);
    }
    let _ = WHOSE.set(whose);
    // The child of a guest's, after an exec.
    let program = |pid: &str| std::fs::read_link(format!("/proc/{pid}/exe")).ok();
    let parent = program(&std::os::unix::process::parent_id().to_string());
    MANY.store(parent.is_some() && parent == program("self"), Relaxed);
    ENABLED.store(true, Relaxed);
}

/// Whether anything is to be written.
#[inline]
pub fn enabled() -> bool {
    ENABLED.load(Relaxed)
}

/// Switches it on or off. Without [`start`] it goes to standard error.
pub fn enable(is_on: bool) {
    ENABLED.store(is_on, Relaxed);
}

/// Column of the equals sign, as strace has it.
const RESULT_COLUMN: usize = 40;

/// Makes a call by `run` and writes its line.
pub fn traced(
    task: &mut Task,
    number: u64,
    row: Option<&Row>,
    raw: &[u64; 6],
    run: impl FnOnce(&mut Task) -> Result<u64, Errno>,
) -> Result<u64, Errno> {
    let pid = std::process::id();
    let before = Call { memory: &task.process.memory, raw, result: None };
    // What the call reads may be gone when it has returned.
    let early = row.map(|row| print_arguments(row, &before, |direction| direction != Direction::Out));
    let never_returns = row.is_some_and(|row| row.result == Shown::Never);
    if never_returns {
        write_line(task, |line| {
            call_text(number, row, &before, [early.as_deref(), None], None, line);
            fill_to_result(line);
            line.push('?');
        });
        return run(task);
    }
    let result = run(task);
    if std::process::id() != pid {
        // The other side of a fork: strace shows the call once, in the parent.
        MANY.store(true, Relaxed);
        return result;
    }
    let after = Call { memory: &task.process.memory, raw, result: Some(result) };
    let late = row.map(|row| {
        print_arguments(row, &after, |direction| matches!(direction, Direction::Out | Direction::InOut))
    });
    let mask = row.filter(|row| row.name == "rt_sigreturn").map(|_| task.signals.blocked);
    write_line(task, |line| {
        call_text(number, row, &after, [early.as_deref(), late.as_deref()], mask, line);
        fill_to_result(line);
        result_text(task, row, &after, line);
    });
    if result.is_ok() && row.is_some_and(|row| matches!(row.name, "clone" | "clone3")) {
        MANY.store(true, Relaxed);
    }
    result
}

fn fill_to_result(line: &mut String) {
    while line.len() < RESULT_COLUMN - 1 {
        line.push(' ');
    }
    line.push_str(" = ");
}

/// The arguments of the wanted directions; `None` for the others.
fn print_arguments(row: &Row, call: &Call, wanted: impl Fn(Direction) -> bool) -> Vec<Option<String>> {
    row.args
        .iter()
        .zip(call.raw)
        .enumerate()
        .map(|(index, (parameter, &register))| {
            let (direction, print) =
                calls::argument(row.name, index).unwrap_or((parameter.direction, parameter.print));
            wanted(direction).then(|| {
                let mut text = String::new();
                print(register, call, &mut text);
                text
            })
        })
        .collect()
}

/// `name(arguments)`. An argument that is read and written shows what it was and what it became; the return from a handler has none, but
/// a mask.
fn call_text(
    number: u64,
    row: Option<&Row>,
    call: &Call,
    [early, late]: [Option<&[Option<String>]>; 2],
    mask: Option<SigSet>,
    line: &mut String,
) {
    let Some(row) = row else {
        let _ = write!(line, "syscall_{number:#x}(");
        for (index, value) in call.raw.iter().enumerate() {
            let _ = write!(line, "{}{value:#x}", if index == 0 { "" } else { ", " });
        }
        return line.push(')');
    };
    line.push_str(row.name);
    line.push('(');
    if let Some(mask) = mask {
        line.push_str("{mask=");
        text::signal_set(mask, line);
        return line.push_str("})");
    }
    if let Some(print) = calls::arguments(row.name) {
        print(call, line);
        return line.push(')');
    }
    for index in 0..row.args.len() {
        let [was, is] = [early, late].map(|list| list.and_then(|list| list.get(index)?.as_deref()));
        // An argument that the call does not look at is not shown.
        let unused = was == Some("");
        if index != 0 && !unused {
            line.push_str(", ");
        }
        match (was, is) {
            (Some(was), Some(is)) if was != is => changed(was, is, line),
            (Some(text), _) | (None, Some(text)) => line.push_str(text),
            (None, None) => line.push('?'),
        }
    }
    line.push(')');
}

/// What an argument was and what it became: `[16 => 110]` for a number.
fn changed(was: &str, is: &str, line: &mut String) {
    let number =
        |text: &str| Some(text.strip_prefix('[')?.strip_suffix(']')?.parse::<i64>().ok()?.to_string());
    let _ = match (number(was), number(is)) {
        (Some(was), Some(is)) => write!(line, "[{was} => {is}]"),
        _ => write!(line, "{was} => {is}"),
    };
}

fn result_text(task: &Task, row: Option<&Row>, call: &Call, line: &mut String) {
    let name = row.map_or("", |row| row.name);
    match (call.result, row.map_or(Shown::Number, |row| row.result)) {
        (None, _) => line.push('?'),
        (Some(Err(errno)), _) if calls::is_interruption(errno, task.wants_attention()) => {
            line.push_str(calls::interrupted(name));
        }
        (Some(Err(errno)), _) => text::error(errno, line),
        (Some(Ok(value)), _) if calls::result(name, value, call, line) => {}
        (Some(Ok(value)), Shown::Address) => {
            let _ = write!(line, "{value:#x}");
        }
        (Some(Ok(value)), Shown::Octal) => {
            let _ = write!(line, "0{value:o}");
        }
        (Some(Ok(value)), _) => {
            let _ = write!(line, "{}", value as i64);
        }
    }
    calls::remark(name, call, line);
}

/// A signal is delivered.
pub fn signal(task: &Task, info: &SigInfo) {
    if enabled() {
        let info: &Siginfo = bytemuck::cast_ref(info);
        write_line(task, |line| {
            line.push_str("--- ");
            text::signal(info.signo, line);
            line.push(' ');
            text::siginfo(info, line);
            line.push_str(" ---");
        });
    }
}

/// The task has come to its end.
pub fn ended(task: &Task, ending: Ending) {
    if enabled() {
        write_line(task, |line| match ending {
            Ending::Exited(status) | Ending::Left(status) => {
                let _ = write!(line, "+++ exited with {status} +++");
            }
            Ending::Killed(signal) => {
                line.push_str("+++ killed by ");
                text::signal(signal, line);
                line.push_str(" +++");
            }
        });
    }
}

/// Writes what `fill` makes as one line with one write(2), so that lines of several processes do not mix.
fn write_line(task: &Task, fill: impl FnOnce(&mut String)) {
    let mut line = match WHOSE.get() {
        Some(Whose::Always) => format!("{} ", task.tid),
        Some(Whose::Several) if MANY.load(Relaxed) => format!("[pid {:5}] ", task.tid),
        _ => String::new(),
    };
    fill(&mut line);
    line.push('\n');
    let stderr = std::io::stderr();
    let sink = SINK.get().map_or(stderr.as_fd(), AsFd::as_fd);
    let _ = nix::unistd::write(sink, line.as_bytes());
}
