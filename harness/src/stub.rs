//! The stub under test: `COMMAND -g SOCKET PROGRAM ARGUMENTS`, and what it printed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::group::{Collected, Group, Mark, poll, quiet, status_number};
use crate::tools;

/// Which program serves the guest to gdb.
#[derive(Clone, Debug)]
pub enum StubCommand {
    /// The emulator of this workspace.
    Tine,
    /// Any other that takes `-g SOCKET PROGRAM ARGUMENTS`, such as `qemu-riscv64`.
    Other(Vec<String>),
}

/// A stub that listens. The process that was started is the guest: its status is the guest's.
#[derive(Debug)]
pub struct Stub {
    group: Group,
    socket: PathBuf,
    stdout: Collected,
    stderr: Collected,
}

impl StubCommand {
    /// The command that runs a guest under this stub; `-g` is the caller's to add.
    fn command(&self) -> Result<Command> {
        match self {
            StubCommand::Tine => Ok(quiet(tools::tine()?)),
            StubCommand::Other(words) => {
                let (program, arguments) = words.split_first().context("the stub's command is empty")?;
                let mut command = quiet(program);
                command.args(arguments);
                Ok(command)
            }
        }
    }

    /// Starts it, with a program or to stay without one (`--multi`), and waits until it listens on a socket in `folder`.
    pub fn start(
        &self,
        program: Option<&Path>,
        arguments: &[String],
        folder: &Path,
        mark: &Mark,
        deadline: Instant,
    ) -> Result<Stub> {
        let socket = folder.join("gdb.sock");
        let mut command = self.command()?;
        if program.is_none() {
            command.arg("--multi");
        }
        command.arg("-g").arg(&socket).args(program).args(arguments);
        let mut group = Group::spawn(mark.on(&mut command))?;
        let stdout = group.child().stdout.take().map(Collected::from).unwrap_or_default();
        let stderr = group.child().stderr.take().map(Collected::from).unwrap_or_default();
        let mut stub = Stub { group, socket, stdout, stderr };
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
    /// Where gdb connects.
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// Waits for the guest's end; 128 + n for signal n, as a shell says it.
    pub fn status(&mut self, deadline: Instant) -> Result<i64> {
        let ended = self.group.wait_until(deadline)?;
        ended.map(status_number).context("the guest did not end within the scenario's time limit")
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
        let path = self.socket.to_string_lossy();
        let sockets = fs::read_to_string("/proc/net/unix").unwrap_or_default();
        let said = self.stderr.text().contains("Listening on");
        said || sockets.lines().any(|line| line.contains(" 00010000 ") && line.ends_with(path.as_ref()))
    }
}
