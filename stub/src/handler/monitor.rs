//! `monitor` commands.
//!
//! ```text
//! → qRcmd,68656c70    ← 68656c7020202020…       (both are text in hexadecimal)
//! ```

use std::fmt::Write;

use crate::control::{Answer, Request};
use crate::hex;
use crate::server::Session;
use crate::target::Failure;

use super::Reply;

/// A command: its name, what it does, and how.
type Command = (&'static str, &'static str, fn(&mut Session) -> String);

/// Our own commands; the emulator may have more, and lists them after ours.
const COMMANDS: &[Command] = &[
    ("exit", "kills all processes and ends the server", exit),
    ("help", "lists the commands", help),
    ("processes", "lists the processes and their threads, and forks that are under way", processes),
    ("version", "says who this is", version),
];

/// `qRcmd`
pub(crate) fn command(session: &mut Session, arguments: &[u8]) -> Reply {
    let Some(text) = hex::text(arguments) else { return Reply::Fail(Failure::Invalid) };
    let text = text.trim();
    let output = match COMMANDS.iter().find(|(name, ..)| *name == text) {
        Some(("help", _, run)) => run(session) + &foreign(session, "help").unwrap_or_default(),
        Some((_, _, run)) => run(session),
        None => {
            foreign(session, text).unwrap_or_else(|| format!("no such command: {text}\n{}", help(session)))
        }
    };
    if output.is_empty() { Reply::Ok } else { Reply::Bytes(hex::encode(output.as_bytes())) }
}

fn foreign(session: &mut Session, text: &str) -> Option<String> {
    let id = session.current()?;
    match session.ask(id.pid, Request::Monitor(text.to_owned())) {
        Ok(Answer::Monitor(output)) => output,
        _ => None,
    }
}

fn help(_: &mut Session) -> String {
    COMMANDS.iter().map(|(name, doc, _)| format!("{name:12}{doc}\n")).collect()
}

fn exit(session: &mut Session) -> String {
    let pids: Vec<_> = session.inferiors.keys().copied().collect();
    pids.into_iter().for_each(|pid| session.kill(pid));
    session.client.leaves = true;
    String::new()
}

fn version(_: &mut Session) -> String {
    format!("{} {}\n", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
}

fn processes(session: &mut Session) -> String {
    let mut out = String::new();
    for inferior in session.inferiors.values() {
        let silent = if inferior.silent { " (does not answer)" } else { "" };
        let _ = writeln!(out, "process {}{silent}", inferior.pid);
        for (tid, thread) in &inferior.threads {
            let state = if thread.stopped { "stopped" } else { "running" };
            let _ =
                writeln!(out, "  thread {} {:?}: {state}, last told: {:?}", tid.0, thread.name, thread.told);
        }
    }
    for unborn in &session.unborn {
        let _ = writeln!(out, "fork {} of process {}: {:?}", unborn.token, unborn.parent, unborn.state);
    }
    out
}
