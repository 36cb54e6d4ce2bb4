//! `monitor` commands: ours are about the session, the emulator has more, about one process.
//!
//! ```text
//! → qRcmd,68656c70    ← 68656c7020202020…       (both are text in hexadecimal)
//! ```

use std::fmt::Write;
use std::fs;

use crate::control::{Answer, Request};
use crate::hex;
use crate::id::Pid;
use crate::server::Session;
use crate::target::{Command, Failure};

use super::Reply;

/// A command and what it does with the words behind its name; `None`: it cannot do anything with them.
type Row = (Command, fn(&mut Session, &[&str]) -> Option<String>);

/// Our own commands.
const COMMANDS: &[Row] = &[
    (Command::new("exit", "", "kills what was started to be debugged, and ends the server"), exit),
    (Command::new("help", "[COMMAND]", "lists the commands"), help),
    (
        Command::new(
            "set",
            "debug [remote|threads|all] on|off",
            "logs the packets, or what the processes tell the server, or both",
        ),
        set,
    ),
    (
        Command::new(
            "tree",
            "",
            "shows the processes as a tree, what each does, and forks that are under way",
        ),
        tree,
    ),
    (Command::new("version", "", "says who this is"), version),
];

/// `qRcmd`
pub(crate) fn command(session: &mut Session, arguments: &[u8]) -> Reply {
    let Some(text) = hex::text(arguments) else { return Reply::Fail(Failure::Invalid) };
    let words: Vec<&str> = text.split_whitespace().collect();
    let Some((name, rest)) = words.split_first() else { return command(session, b"68656c70") };
    let output = match COMMANDS.iter().find(|(command, _)| command.name == *name) {
        Some((_, run)) => run(session, rest),
        None => foreign(session, &text),
    };
    let output =
        output.unwrap_or_else(|| match commands(session).iter().find(|command| command.name == *name) {
            Some(command) => format!("usage: monitor {}\n", command.call()),
            None => format!("no such command: {name} ('monitor help' lists them)\n"),
        });
    if output.is_empty() { Reply::Ok } else { Reply::Bytes(hex::encode(output.as_bytes())) }
}

fn foreign(session: &mut Session, text: &str) -> Option<String> {
    let id = session.current()?;
    match session.ask(id.pid, Request::Monitor(id.tid, text.to_owned())) {
        Ok(Answer::Monitor(output)) => output,
        _ => None,
    }
}

/// Ours, and the emulator's if there is a process to ask.
fn commands(session: &mut Session) -> Vec<Command> {
    let mut commands: Vec<Command> = COMMANDS.iter().map(|(command, _)| command.clone()).collect();
    if let Some(id) = session.current()
        && let Ok(Answer::Commands(more)) = session.ask(id.pid, Request::Commands)
    {
        commands.extend(more);
    }
    commands
}

fn help(session: &mut Session, words: &[&str]) -> Option<String> {
    let mut commands = commands(session);
    if let [name] = words {
        commands.retain(|command| command.name == *name);
        if commands.is_empty() {
            return Some(format!("no such command: {name}\n"));
        }
    }
    let width = commands.iter().map(|command| command.call().len()).max().unwrap_or_default();
    let line = |command: &Command| format!("{:width$}  {}\n", command.call(), command.doc);
    (words.len() <= 1).then(|| commands.iter().map(line).collect())
}

fn exit(session: &mut Session, words: &[&str]) -> Option<String> {
    if !words.is_empty() {
        return None;
    }
    // What ran before gdb came is let go when the server ends.
    let launched = session.inferiors.values().filter(|inferior| inferior.launched);
    let pids: Vec<_> = launched.map(|inferior| inferior.pid).collect();
    pids.into_iter().for_each(|pid| session.kill(pid));
    session.client.leaves = true;
    Some(String::new())
}

/// The words of gdbserver's, as far as they mean something here.
fn set(session: &mut Session, words: &[&str]) -> Option<String> {
    let (component, state) = match words {
        ["debug", state] => ("threads", *state),
        ["debug", component @ ("remote" | "threads" | "all"), state] => (*component, *state),
        ["remote-debug", state] => ("remote", *state),
        ["debug", "event-loop", _] => return nothing_to_set("debug event-loop"),
        [
            name @ ("event-loop-debug" | "debug-hw-points" | "debug-format" | "libthread-db-search-path"),
            ..,
        ] => {
            return nothing_to_set(name);
        }
        _ => return None,
    };
    let on = match state {
        "on" | "1" => true,
        "off" | "0" => false,
        _ => return None,
    };
    // As with gdbserver, `off` without a component is for all of them.
    let all = component == "all" || !on && words.len() == 2 && words[0] == "debug";
    let mut chatter = session.chatter;
    if all || component == "remote" {
        chatter.remote = on;
    }
    if all || component == "threads" {
        chatter.threads = on;
    }
    session.chatter = chatter;
    chatter.begin();
    let place = if on && !session.is_heard { ", but nobody hears it: start with a log file" } else { "" };
    let what = if all { "all" } else { component };
    Some(format!("debug output of '{what}' is {}{place}\n", if on { "on" } else { "off" }))
}

fn nothing_to_set(name: &str) -> Option<String> {
    Some(format!("there is nothing to set here by '{name}'\n"))
}

fn version(_: &mut Session, words: &[&str]) -> Option<String> {
    words.is_empty().then(|| format!("{} {}\n", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION")))
}

fn tree(session: &mut Session, words: &[&str]) -> Option<String> {
    if !words.is_empty() {
        return None;
    }
    let pids: Vec<Pid> = session.inferiors.keys().copied().collect();
    let parents: Vec<(Pid, Option<Pid>)> = pids.iter().map(|pid| (*pid, parent(*pid))).collect();
    let mut out = String::new();
    for (pid, _) in parents.iter().filter(|(_, parent)| parent.is_none_or(|parent| !pids.contains(&parent))) {
        branch(session, &parents, *pid, 0, &mut out);
    }
    Some(out)
}

/// The lines of a process, of its threads, and of its children.
fn branch(session: &Session, parents: &[(Pid, Option<Pid>)], pid: Pid, depth: usize, out: &mut String) {
    let Some(inferior) = session.inferiors.get(&pid) else { return };
    let indent = 2 * depth;
    let silent = if inferior.silent { ": does not answer" } else { "" };
    let _ = writeln!(out, "{:indent$}process {pid}{silent}", "");
    for id in inferior.ids() {
        let Some(thread) = inferior.threads.get(&id.tid) else { continue };
        let state = match (thread.stopped, &thread.pending) {
            (false, _) => "runs".to_owned(),
            (true, Some(reason)) => format!("stopped, to be told: {reason:?}"),
            (true, None) => format!("stopped, last told: {:?}", thread.told),
        };
        let _ = writeln!(out, "{:indent$}  thread {} {}: {state}", "", id.tid.0, thread.name);
    }
    for unborn in session.unborn.iter().filter(|unborn| unborn.parent == pid) {
        let child = unborn.hello.as_ref().map(|(pid, ..)| format!(" to process {pid}")).unwrap_or_default();
        let _ = writeln!(out, "{:indent$}  {:?} {}{child} is under way", "", unborn.state.kind, unborn.token);
    }
    // A process is nobody's parent twice, so this ends.
    for (child, _) in parents.iter().filter(|(child, parent)| *parent == Some(pid) && *child != pid) {
        branch(session, parents, *child, depth + 1, out);
    }
}

/// Its parent, as the kernel has it.
fn parent(pid: Pid) -> Option<Pid> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields = stat.get(stat.rfind(')')? + 1..)?;
    fields.split_whitespace().nth(1)?.parse().ok().map(Pid)
}
