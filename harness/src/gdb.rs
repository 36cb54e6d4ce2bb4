//! A gdb in a process of its own, driven over MI.

use std::collections::VecDeque;
use std::fmt;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::group::{Group, Mark};
use crate::mi::{AsyncKind, Record, Results, StreamKind, quote};
use crate::tools::GdbCommand;

/// A running gdb.
#[derive(Debug)]
pub struct Gdb {
    group: Group,
    stdin: ChildStdin,
    lines: Receiver<String>,
    token: u64,
    /// All that was said, `>` to gdb and `<` by it.
    log: Vec<String>,
    /// What happened and nobody has asked for yet.
    events: Vec<Event>,
    /// Stops that nobody has waited for yet.
    stops: VecDeque<Results>,
}

/// What gdb reports by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// `*stopped`.
    Stopped(Results),
    /// `=thread-group-started`: gdb's name for the inferior (`i2`) and its pid.
    Started {
        /// gdb's name for it: `i2`.
        group: String,
        /// The process's number.
        pid: String,
    },
    /// `=thread-group-exited`: with an exit code if gdb saw it exit; without when it was detached or died of a signal.
    Gone {
        /// gdb's name for it: `i2`.
        group: String,
        /// As gdb writes it: octal.
        exit_code: Option<String>,
    },
}

/// Why gdb did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum GdbError {
    /// It said so.
    #[error("gdb said: {0}")]
    Refused(String),
    /// It said nothing in time.
    #[error("gdb did not {waiting_for} within the scenario's time limit")]
    Silent {
        /// What was expected of it.
        waiting_for: &'static str,
    },
    /// It is gone.
    #[error("gdb ended while it was to {waiting_for}")]
    Ended {
        /// What was expected of it.
        waiting_for: &'static str,
    },
}

/// What a command brought: its results, and the text that the console would have shown.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    /// `done`, `running`, `connected`, `exit`.
    pub class: String,
    /// The record's results.
    pub results: Results,
    /// Console text that came before the record.
    pub console: String,
}

impl Gdb {
    /// Starts gdb on a program, without anybody's init files. `packets` is where it logs the remote protocol.
    pub fn start(
        gdb: &GdbCommand,
        program: &Path,
        packets: &Path,
        mark: &Mark,
        deadline: Instant,
    ) -> Result<Gdb> {
        let (name, arguments) = gdb.words.split_first().context("the gdb command is empty")?;
        let mut command = Command::new(name);
        command.args(arguments).args(["--interpreter=mi3", "--quiet", "-nx"]);
        // No terminal, no colours, one language; a fixed width so that nothing is wrapped.
        command.env("LC_ALL", "C").env("TERM", "dumb").env("COLUMNS", "1000");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut group = Group::spawn(mark.on(&mut command))?;
        let stdin = group.child().stdin.take().context("gdb has no standard input")?;
        let stdout = group.child().stdout.take().context("gdb has no standard output")?;
        let (sender, lines) = channel();
        thread::spawn(move || {
            let mut reader = BufReader::new(stdout);
            let mut line = Vec::new();
            while matches!(reader.read_until(b'\n', &mut line), Ok(1..)) {
                let text = String::from_utf8_lossy(&line).trim_end_matches(['\n', '\r']).to_owned();
                if sender.send(text).is_err() {
                    return;
                }
                line.clear();
            }
        });
        let mut gdb = Gdb {
            group,
            stdin,
            lines,
            token: 0,
            log: Vec::new(),
            events: Vec::new(),
            stops: VecDeque::new(),
        };
        gdb.prepare(program, packets, deadline)?;
        Ok(gdb)
    }

    fn prepare(&mut self, program: &Path, packets: &Path, deadline: Instant) -> Result<(), GdbError> {
        for setting in ["confirm off", "pagination off", "width 0", "height 0", "style enabled off"] {
            self.command(&format!("-gdb-set {setting}"), deadline)?;
        }
        // MI takes commands while the guest runs: `-exec-interrupt` then sends the interrupt byte, as ^C does.
        self.command("-gdb-set mi-async on", deadline)?;
        self.command(&format!("-gdb-set remotelogfile {}", packets.display()), deadline)?;
        // What an old gdb does not know. To compare build ids it would read the program from the stub, and to log that, byte by byte, takes
        // ten times as long as all else; debuginfod would ask the network.
        for setting in ["exec-file-mismatch off", "debuginfod enabled off"] {
            let _ = self.command(&format!("-gdb-set {setting}"), deadline);
        }
        self.command(&format!("-file-exec-and-symbols {}", quote(&program.to_string_lossy())), deadline)?;
        Ok(())
    }

    /// Sends an MI command (`-exec-continue`) and waits for its result.
    pub fn command(&mut self, command: &str, deadline: Instant) -> Result<Reply, GdbError> {
        self.token += 1;
        let token = self.token;
        self.log.push(format!("> {command}"));
        let sent = writeln!(self.stdin, "{token}{command}").and_then(|()| self.stdin.flush());
        if sent.is_err() {
            return Err(GdbError::Ended { waiting_for: "take a command" });
        }
        let mut console = String::new();
        loop {
            match self.record("answer", deadline)? {
                Record::Result { token: Some(of), class, results } if of == token => {
                    if class == "error" {
                        return Err(GdbError::Refused(results.text("msg").unwrap_or_default().to_owned()));
                    }
                    return Ok(Reply { class, results, console });
                }
                Record::Stream { kind: StreamKind::Console | StreamKind::Target, text } => {
                    console.push_str(&text)
                }
                _ => {}
            }
        }
    }

    /// Runs a command of the console (`info registers`) and returns what it printed.
    pub fn console(&mut self, command: &str, deadline: Instant) -> Result<Reply, GdbError> {
        self.command(&format!("-interpreter-exec console {}", quote(command)), deadline)
    }

    /// The next stop: one that came already and nobody asked for, or the one to come.
    pub fn wait_stop(&mut self, deadline: Instant) -> Result<Results, GdbError> {
        loop {
            if let Some(stop) = self.stops.pop_front() {
                return Ok(stop);
            }
            self.record("stop", deadline)?;
        }
    }

    /// What happened since the last call.
    pub fn events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    /// SIGKILL: what gdb was doing stays undone.
    pub fn kill(&mut self) {
        self.log.push("> (killed)".to_owned());
        self.group.kill();
    }

    /// Lets gdb end by itself.
    pub fn quit(&mut self, deadline: Instant) -> Result<()> {
        let _ = self.command("-gdb-exit", deadline);
        self.group.wait_until(deadline)?.context("gdb did not quit")?;
        Ok(())
    }

    /// The last lines of the conversation.
    pub fn tail(&self, count: usize) -> &[String] {
        &self.log[self.log.len().saturating_sub(count)..]
    }

    /// Takes the next record in; what it reports goes to `events` too.
    fn record(&mut self, waiting_for: &'static str, deadline: Instant) -> Result<Record, GdbError> {
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let line = match self.lines.recv_timeout(left) {
                Ok(line) => line,
                Err(RecvTimeoutError::Timeout) => return Err(GdbError::Silent { waiting_for }),
                Err(RecvTimeoutError::Disconnected) => return Err(GdbError::Ended { waiting_for }),
            };
            self.log.push(format!("< {line}"));
            // What is no record was printed past MI, by a warning of the C library say: it is in the log.
            let Ok(record) = Record::parse(&line) else { continue };
            if let Some(event) = Event::of(&record) {
                if let Event::Stopped(stop) = &event {
                    self.stops.push_back(stop.clone());
                }
                self.events.push(event);
            }
            return Ok(record);
        }
    }
}

impl Event {
    fn of(record: &Record) -> Option<Event> {
        let Record::Async { kind, class, results, .. } = record else { return None };
        let text = |name: &str| results.text(name).map(str::to_owned);
        match (kind, class.as_str()) {
            (AsyncKind::Exec, "stopped") => Some(Event::Stopped(results.clone())),
            (AsyncKind::Notify, "thread-group-started") => {
                Some(Event::Started { group: text("id")?, pid: text("pid")? })
            }
            (AsyncKind::Notify, "thread-group-exited") => {
                Some(Event::Gone { group: text("id")?, exit_code: text("exit-code") })
            }
            _ => None,
        }
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = |group: &str| group.trim_start_matches('i').to_owned();
        match self {
            Event::Stopped(stop) => f.write_str(&describe_stop(stop)),
            Event::Started { group, pid } => write!(f, "inferior {} is process {pid}", number(group)),
            Event::Gone { group, exit_code: Some(code) } => {
                write!(f, "inferior {} exited with {}", number(group), octal(code).unwrap_or(-1))
            }
            Event::Gone { group, exit_code: None } => write!(f, "inferior {} is gone", number(group)),
        }
    }
}

/// MI prints exit codes in octal.
pub fn octal(text: &str) -> Option<i64> {
    i64::from_str_radix(text, 8).ok()
}

/// A stop in one line: `breakpoint-hit 1 in break_after_fork () at guests/fork-chain.c:20`.
fn describe_stop(stop: &Results) -> String {
    let mut line = String::from("stopped");
    match stop.text("reason") {
        Some(reason) => line.push_str(&format!(": {reason}")),
        None => line.push_str(": no reason given"),
    }
    for name in ["bkptno", "signal-name", "syscall-name"] {
        if let Some(value) = stop.text(name) {
            line.push_str(&format!(" {value}"));
        }
    }
    if let Some(code) = stop.text("exit-code").and_then(octal) {
        line.push_str(&format!(" {code}"));
    }
    if let Some(function) = stop.tuple("frame").and_then(|frame| frame.text("func")) {
        line.push_str(&format!(" in {function}"));
    }
    line
}
