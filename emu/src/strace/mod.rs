//! `-strace`: system calls and signals as strace(1) spells them, one line and one write(2) each.

pub mod text;

use std::fmt::Write as _;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use crate::errno::Errno;
use crate::process::exit::Ending;
use crate::signal::SigInfo;
use crate::syscall::args::{Call, Direction};
use crate::syscall::layout::Siginfo;
use crate::syscall::table::{Row, Shown};
use crate::task::Task;

static ENABLED: AtomicBool = AtomicBool::new(false);
static SINK: OnceLock<OwnedFd> = OnceLock::new();

/// From now on everything is written to `sink`, or to standard error as it is then.
pub fn start(sink: Option<OwnedFd>) {
    if let Some(sink) = sink {
        let _ = SINK.set(sink);
    }
    ENABLED.store(true, Relaxed);
}

/// Whether anything is to be written.
#[inline]
pub fn enabled() -> bool {
    ENABLED.load(Relaxed)
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
    if row.is_some_and(|row| row.result == Shown::Never) {
        write_line(task, |line| {
            call_text(number, row, raw, early.as_deref(), None, line);
            line.push_str(" = ?");
        });
        return run(task);
    }
    let result = run(task);
    if std::process::id() != pid {
        // The other side of a fork: strace shows the call once, in the parent.
        return result;
    }
    let after = Call { memory: &task.process.memory, raw, result: Some(result) };
    let late = row.map(|row| {
        print_arguments(row, &after, |direction| matches!(direction, Direction::Out | Direction::InOut))
    });
    write_line(task, |line| {
        let start = line.len();
        call_text(number, row, raw, early.as_deref(), late.as_deref(), line);
        while line.len() - start < RESULT_COLUMN - 1 {
            line.push(' ');
        }
        line.push_str(" = ");
        result_text(row, result, line);
    });
    result
}

/// The arguments of the wanted directions; `None` for the others.
fn print_arguments(row: &Row, call: &Call, wanted: impl Fn(Direction) -> bool) -> Vec<Option<String>> {
    row.args
        .iter()
        .zip(call.raw)
        .map(|(parameter, &register)| {
            wanted(parameter.direction).then(|| {
                let mut text = String::new();
                (parameter.print)(register, call, &mut text);
                text
            })
        })
        .collect()
}

/// `name(arguments)`. An argument that is read and written shows what it was and what it became.
fn call_text(
    number: u64,
    row: Option<&Row>,
    raw: &[u64; 6],
    early: Option<&[Option<String>]>,
    late: Option<&[Option<String>]>,
    line: &mut String,
) {
    let Some(row) = row else {
        let _ = write!(line, "syscall_{number:#x}(");
        for (index, value) in raw.iter().enumerate() {
            let _ = write!(line, "{}{value:#x}", if index == 0 { "" } else { ", " });
        }
        return line.push(')');
    };
    line.push_str(row.name);
    line.push('(');
    for index in 0..row.args.len() {
        let [was, is] = [early, late].map(|list| list.and_then(|list| list.get(index)?.as_deref()));
        // An argument that the call does not look at is not shown.
        let unused = was == Some("");
        if index != 0 && !unused {
            line.push_str(", ");
        }
        match (was, is) {
            (Some(was), Some(is)) if was != is => {
                let _ = write!(line, "{was} => {is}");
            }
            (Some(text), _) | (None, Some(text)) => line.push_str(text),
            (None, None) => line.push('?'),
        }
    }
    line.push(')');
}

fn result_text(row: Option<&Row>, result: Result<u64, Errno>, line: &mut String) {
    match (result, row.map_or(Shown::Number, |row| row.result)) {
        (Err(errno), _) => text::error(errno, line),
        (Ok(value), Shown::Address) => {
            let _ = write!(line, "{value:#x}");
        }
        (Ok(value), Shown::Octal) => {
            let _ = write!(line, "0{value:o}");
        }
        (Ok(value), _) => {
            let _ = write!(line, "{}", value as i64);
        }
    }
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

/// Writes `pid ` and what `fill` adds as one line with one write(2), so that lines of several processes do not mix.
fn write_line(task: &Task, fill: impl FnOnce(&mut String)) {
    let mut line = format!("{} ", task.tid);
    fill(&mut line);
    line.push('\n');
    let stderr = std::io::stderr();
    let sink = SINK.get().map_or(stderr.as_fd(), AsFd::as_fd);
    let _ = nix::unistd::write(sink, line.as_bytes());
}
