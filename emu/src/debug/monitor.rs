//! The emulator's `monitor` commands: they are about one process.

use std::fmt::Write;
use std::path::Path;

use tine_stub::target::Command;

use crate::options::table::LOG_ITEMS;
use crate::process::Process;
use crate::process::view;
use crate::{log, strace};

use super::Debugger;

/// A command (its name, what may follow, what it is for), and what it does with the words behind its name; `None`: it cannot do anything with
/// them.
type Row = ((&'static str, &'static str, &'static str), fn(&Asked<'_>, &[&str]) -> Option<String>);

/// What a command is about.
struct Asked<'a> {
    process: &'a Process,
    debugger: &'a Debugger,
    /// The thread that the debugger has selected.
    tid: i32,
}

/// All commands, in the order of `monitor help`.
const COMMANDS: &[Row] = &[
    (("breakpoints", "", "lists the breakpoints"), |asked, words| {
        words.is_empty().then(|| asked.debugger.breakpoints.list())
    }),
    (
        (
            "core",
            "[FILE]",
            "writes a core file of the process, with the threads that stand; else to core.PID",
        ),
        core,
    ),
    (("maps", "", "lists the memory, as /proc/PID/maps does"), |asked, words| {
        words.is_empty().then(|| view::maps(&asked.process.memory))
    }),
    (
        (
            "stats",
            "[on|off]",
            "tells how many instructions each stopped thread has retired; 'on' counts all from now on, which is slower",
        ),
        stats,
    ),
    (
        (
            "strace",
            "[on|off]",
            "logs system calls, as -strace does, until the process executes another program",
        ),
        |_, words| switch(words, "strace", strace::enabled(), strace::enable),
    ),
    (("log", "[ITEM on|off]", "tells what is logged; switches an item of -d"), |_, words| match words {
        [] => Some(LOG_ITEMS.iter().fold(String::new(), |mut out, (name, doc, _)| {
            let state = match *name {
                "in_asm" => {
                    if log::in_asm() {
                        "on"
                    } else {
                        "off"
                    }
                }
                "strace" => {
                    if strace::enabled() {
                        "on"
                    } else {
                        "off"
                    }
                }
                // It happens once, or always.
                _ => "",
            };
            let _ = writeln!(out, "{name:10}{state:5}{doc}");
            out
        })),
        ["strace", words @ ..] => switch(words, "strace", strace::enabled(), strace::enable),
        ["in_asm", words @ ..] => switch(words, "in_asm", log::in_asm(), log::enable_in_asm),
        _ => None,
    }),
];

/// What `monitor help` lists.
pub(super) fn commands() -> Vec<Command> {
    COMMANDS.iter().map(|((name, arguments, doc), _)| Command::new(name, arguments, doc)).collect()
}

/// Runs a command; `None`: it cannot do anything with what follows its name, or there is none of this name.
pub(super) fn run(process: &Process, debugger: &Debugger, tid: i32, line: &str) -> Option<String> {
    let mut words = line.split_whitespace();
    let name = words.next()?;
    let words: Vec<&str> = words.collect();
    let (_, run) = COMMANDS.iter().find(|((known, ..), _)| *known == name)?;
    run(&Asked { process, debugger, tid }, &words)
}

/// Names with spaces are names.
fn core(Asked { process, debugger, tid }: &Asked<'_>, words: &[&str]) -> Option<String> {
    let name = if words.is_empty() { format!("core.{}", process.pid()) } else { words.join(" ") };
    Some(super::core::write(process, debugger, *tid, Path::new(&name)))
}

/// Switches something on or off, and says how it is.
fn switch(words: &[&str], name: &str, is_on: bool, set: fn(bool)) -> Option<String> {
    let is_on = match words {
        [] => is_on,
        ["on"] => true,
        ["off"] => false,
        _ => return None,
    };
    set(is_on);
    Some(format!("{name} is {}\n", if is_on { "on" } else { "off" }))
}

fn stats(Asked { process, debugger, .. }: &Asked<'_>, words: &[&str]) -> Option<String> {
    let count = match words {
        [] => None,
        ["on"] => Some(true),
        ["off"] => Some(false),
        _ => return None,
    };
    let mut out = String::new();
    for tid in debugger.parking.tids() {
        let state = debugger.parking.with(tid, |parked| {
            parked.counted = count.unwrap_or(parked.counted);
            (parked.counted, parked.instret)
        });
        let name = super::guest::thread(process.pid(), tid).name;
        let _ = match state {
            Ok((true, count)) => writeln!(out, "thread {tid} {name}: {count} instructions"),
            Ok((false, 0)) => writeln!(out, "thread {tid} {name}: not counted"),
            Ok((false, count)) => {
                writeln!(out, "thread {tid} {name}: {count} instructions, not counted any more")
            }
            Err(_) => writeln!(out, "thread {tid} {name}: running"),
        };
    }
    Some(out)
}
