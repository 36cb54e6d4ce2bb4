//! The stub under test: `COMMAND -g SOCKET PROGRAM ARGUMENTS`, and what it printed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use nix::sys::signal::Signal;
use nix::unistd::Pid;

use crate::group::{Collected, Group, Mark, poll, quiet, status_number};
use crate::tools;

/// Which program serves the guest to gdb.
#[derive(Clone, Debug)]
pub enum StubCommand {
    /// The emulator of this workspace.
    Tine,
    /// gdb's own server, for programs of this machine: guests are compiled for it.
    Gdbserver(Vec<String>),
    /// Any other that takes `-g SOCKET PROGRAM ARGUMENTS`, such as `qemu-riscv64`.
    Other(Vec<String>),
}

/// A stub that listens. The process that was started is the guest: its status is the guest's. (gdbserver is its parent instead.)
#[derive(Debug)]
pub struct Stub {
    group: Group,
    place: Place,
    /// It is there without a guest.
    stays: bool,
    stdout: Collected,
    stderr: Collected,
}

/// Where a stub listens.
#[derive(Debug)]
enum Place {
    /// At a socket.
    Socket(PathBuf),
    /// At a port, which it says.
    Port,
}

/// What a stub is to be started with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Debuggee<'a> {
    /// Options of the stub's.
    pub options: &'a [String],
    /// The program; without one, and without a process, the stub stays (`--multi`).
    pub program: Option<&'a Path>,
    /// Its arguments.
    pub arguments: &'a [String],
    /// A process that runs already (`--attach`).
    pub process: Option<Pid>,
}

impl StubCommand {
    /// A stub by the words of a command line.
    pub fn parse(command: &str) -> StubCommand {
        let words = tools::split(command);
        let name = words.first().and_then(|program| Path::new(program).file_name());
        if name.is_some_and(|name| name == "gdbserver") {
            StubCommand::Gdbserver(words)
        } else {
            StubCommand::Other(words)
        }
    }

    /// The command that runs a guest under this stub; where it listens is the caller's to add.
    fn command(&self) -> Result<Command> {
        match self {
            StubCommand::Tine => Ok(quiet(tools::tine()?)),
            StubCommand::Gdbserver(words) | StubCommand::Other(words) => {
                let (program, arguments) = words.split_first().context("the stub's command is empty")?;
                let mut command = quiet(program);
                command.args(arguments);
                Ok(command)
            }
        }
    }

    /// A guest without a debugger.
    pub fn start_alone(&self, program: &Path, arguments: &[String], mark: &Mark) -> Result<Group> {
        let mut command = match self {
            StubCommand::Gdbserver(_) => quiet(program),
            StubCommand::Tine | StubCommand::Other(_) => {
                let mut command = self.command()?;
                command.arg(program);
                command
            }
        };
        Group::spawn(mark.on(command.args(arguments)))
    }

    /// Starts it, and waits until it listens on a socket in `folder`.
    pub fn start(
        &self,
        debuggee: Debuggee<'_>,
        folder: &Path,
        mark: &Mark,
        deadline: Instant,
    ) -> Result<Stub> {
        let Debuggee { options, program, arguments, process } = debuggee;
        let stays = program.is_none() && process.is_none();
        let mut command = self.command()?;
        if stays {
            command.arg("--multi");
        }
        command.args(options);
        let attach = process.map(|_| "--attach");
        let place = match self {
            StubCommand::Gdbserver(_) => {
                command.args(attach).arg("localhost:0");
                Place::Port
            }
            StubCommand::Tine | StubCommand::Other(_) => {
                let socket = folder.join("gdb.sock");
                command.arg("-g").arg(&socket).args(attach);
                Place::Socket(socket)
            }
        };
        command.args(process.map(|pid| pid.to_string())).args(program).args(arguments);
        let mut group = Group::spawn(mark.on(&mut command))?;
        let stdout = group.child().stdout.take().map(Collected::from).unwrap_or_default();
        let stderr = group.child().stderr.take().map(Collected::from).unwrap_or_default();
        let mut stub = Stub { group, place, stays, stdout, stderr };
        let listening = poll(deadline, || {
            if let Some(status) = stub.group.ended()? {
                bail!(
                    "the stub ended with status {} before it listened\n{}",
                    status_number(status),
                    stub.stderr.text()
                );
            }
            Ok(stub.listens().then_some(()))
        })?;
        listening.with_context(|| format!("the stub did not listen in time\n{}", stub.stderr.text()))?;
        Ok(stub)
    }

    /// Whether it is the one of this workspace.
    pub fn is_tine(&self) -> bool {
        matches!(self, StubCommand::Tine)
    }
}

impl Stub {
    /// Where gdb connects, in the words of `target remote`.
    pub fn address(&self) -> String {
        match &self.place {
            Place::Socket(path) => path.display().to_string(),
            Place::Port => format!("localhost:{}", self.port().unwrap_or_default()),
        }
    }

    /// Waits for the guest's end; 128 + n for signal n, as a shell says it. `None`: the stub does not tell.
    pub fn status(&mut self, deadline: Instant) -> Result<Option<i64>> {
        let ended = self.group.wait_until(deadline)?;
        let status = ended.context("the guest did not end within the scenario's time limit")?;
        match self.place {
            Place::Port if !self.stays => Ok(status_by_gdbserver(&self.stderr.text_to_end(deadline))),
            Place::Port | Place::Socket(_) => Ok(Some(status_number(status))),
        }
    }

    /// What the guest printed so far.
    pub fn output(&self) -> String {
        self.stdout.text()
    }

    /// What the stub and the guest said on standard error so far.
    pub fn complaints(&self) -> String {
        self.stderr.text()
    }

    /// gdb does not retry: a socket's file is there before listen(2), so the kernel is asked, which marks listening sockets with
    /// 00010000 (`__SO_ACCEPTCON`) in /proc/net/unix.
    fn listens(&self) -> bool {
        match &self.place {
            Place::Port => self.port().is_some(),
            Place::Socket(path) => {
                let path = path.to_string_lossy();
                let sockets = fs::read_to_string("/proc/net/unix").unwrap_or_default();
                let said = self.stderr.text().contains("Listening on");
                said || sockets
                    .lines()
                    .any(|line| line.contains(" 00010000 ") && line.ends_with(path.as_ref()))
            }
        }
    }

    /// The port that it has said.
    fn port(&self) -> Option<u16> {
        let said = self.stderr.text();
        let line = said.lines().find_map(|line| line.strip_prefix("Listening on port "))?;
        line.trim().parse().ok()
    }
}

/// What gdbserver says of the end of its only process; nothing can be known when it has let one go, or has had several.
fn status_by_gdbserver(said: &str) -> Option<i64> {
    let end = |line: &str| {
        let exit = line.strip_prefix("Child exited with status ");
        let signal = || line.strip_prefix("Child terminated with signal = ")?.split_once('(');
        let name = |text: &str| text.trim_end_matches(')').parse::<Signal>().ok();
        exit.and_then(|status| status.trim().parse().ok()).or_else(|| {
            signal().and_then(|(_, text)| name(text)).map(|signal| 128 + i64::from(signal as i32))
        })
    };
    let ends: Vec<i64> = said.lines().filter_map(end).collect();
    match ends[..] {
        [status] if !said.contains("Detaching from process") => Some(status),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gdbserver_is_known_by_its_name() {
        assert!(matches!(StubCommand::parse("gdbserver"), StubCommand::Gdbserver(_)));
        assert!(matches!(StubCommand::parse("/opt/gdb/bin/gdbserver --debug"), StubCommand::Gdbserver(_)));
        assert!(matches!(StubCommand::parse("qemu-riscv64 -L gdbserver"), StubCommand::Other(_)));
    }

    #[test]
    fn gdbserver_tells_of_the_end_of_an_only_process() {
        assert_eq!(status_by_gdbserver("Listening on port 1\n\nChild exited with status 17\n"), Some(17));
        assert_eq!(status_by_gdbserver("Child terminated with signal = 0xb (SIGSEGV)\n"), Some(139));
        assert_eq!(status_by_gdbserver("Detaching from process 7\nChild exited with status 42\n"), None);
        assert_eq!(status_by_gdbserver("Child exited with status 1\nChild exited with status 2\n"), None);
        assert_eq!(status_by_gdbserver(""), None);
    }
}
