//! Processes that gdb asks for: programs to be started, and processes to be attached to.
//!
//! ```text
//! → !                                  ← OK
//! → QEnvironmentHexEncoded:413d31      ← OK                     (A=1)
//! → QSetWorkingDir:2f746d70            ← OK
//! → vRun;2f62696e2f6c73;2d6c           ← T05thread:p1f.1f;      (/bin/ls -l)
//! → qExecAndArgs                       ← S;2f62696e2f6c73;2d6c;
//! → vAttach;1f                         ← T05thread:p1f.1f;
//! ```

use std::os::unix::ffi::OsStrExt;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags};
use rustix::process::PidfdFlags;

use crate::command;
use crate::control::Control;
use crate::hex;
use crate::id::Pid;
use crate::launcher::{Arguments, EnvEdit, Program, Started};
use crate::server::{Origin, Session, wait};
use crate::stop::{StopReason, StopReply};
use crate::target::Failure;

use super::Reply;
use super::thread::pid;

/// How long a program may take until it stands at its first instruction.
const PATIENCE: Duration = Duration::from_secs(10);

/// How gdb wants programs started.
#[derive(Debug, Default)]
pub(crate) struct Launch {
    env: Vec<EnvEdit>,
    dir: Option<Vec<u8>>,
    /// What was started last.
    path: Option<Vec<u8>>,
    args: Arguments,
    /// No shell splits them.
    without_shell: bool,
    /// None does until gdb says so.
    default_without_shell: bool,
}

/// `!`
pub(crate) fn extended(session: &mut Session, _: &[u8]) -> Reply {
    session.client.extended = true;
    if let (Some(launcher), Some(pid)) = (&session.launcher, session.inferiors.keys().next()) {
        launcher.adopt_streams(*pid);
    }
    Reply::Ok
}

/// `vRun`
pub(crate) fn run(session: &mut Session, arguments: &[u8]) -> Reply {
    let words: Option<Vec<Vec<u8>>> = arguments.split(|byte| *byte == b';').map(hex::decode).collect();
    let Some(mut words) = words else { return Reply::Fail(Failure::Invalid) };
    let path = words.remove(0);
    let args = match words.pop() {
        Some(text) if session.client.single_argument && words.is_empty() => {
            if session.launch.without_shell {
                Arguments::Words(command::split(&text))
            } else {
                Arguments::Shell(text)
            }
        }
        last => {
            words.extend(last);
            Arguments::Words(words)
        }
    };
    if !path.is_empty() {
        session.launch.path = Some(path);
        session.launch.args = args;
    } else if !args.is_empty() {
        session.launch.args = args;
    }
    match session.start() {
        Ok(pid) => begun(session, pid),
        Err(why) => Reply::Refuse(failed(session.launch.path.as_deref(), &why)),
    }
}

/// Why a program was not started, in the words that gdb has itself for a stub that gives no reason: its users, and their scripts, know them.
fn failed(path: Option<&[u8]>, why: &str) -> String {
    let Some(path) = path else { return why.to_owned() };
    let path = String::from_utf8_lossy(path);
    let why = why.strip_prefix(&format!("{path}: ")).unwrap_or(why);
    format!("Running \"{path}\" on the remote target failed: {why}")
}

/// `vAttach`
pub(crate) fn attach(session: &mut Session, arguments: &[u8]) -> Reply {
    let Some(pid) = pid(arguments) else { return Reply::Fail(Failure::Invalid) };
    if session.inferiors.contains_key(&pid) {
        return Reply::Refuse(format!("process {pid} is debugged here already"));
    }
    let Some(launcher) = &session.launcher else { return Reply::Empty };
    match launcher
        .attach(pid)
        .map_err(|error| error.to_string())
        .and_then(|fd| session.welcome(fd, Some(pid)))
    {
        Ok(pid) if session.client.non_stop => {
            // It runs on; gdb stops what it wants to see.
            session.instruct(pid);
            let threads = session.inferiors.get_mut(&pid).into_iter().flat_map(|it| it.threads.values_mut());
            threads.for_each(|thread| thread.resumed = true);
            Reply::Ok
        }
        Ok(pid) => begun(session, pid),
        Err(why) => Reply::Refuse(why),
    }
}

/// `R`: nothing is answered; gdb asks how things are.
pub(crate) fn restart(session: &mut Session, _: &[u8]) -> Reply {
    let pids: Vec<Pid> = session.inferiors.keys().copied().collect();
    pids.into_iter().for_each(|pid| session.kill(pid));
    if let Err(why) = session.start() {
        log::warn!("{why}");
    }
    Reply::Later
}

/// `QEnvironmentHexEncoded`
pub(crate) fn set_variable(session: &mut Session, arguments: &[u8]) -> Reply {
    match hex::decode(arguments) {
        Some(entry) if entry.iter().position(|byte| *byte == b'=').is_some_and(|at| at > 0) => {
            session.launch.env.push(EnvEdit::Set(entry));
            Reply::Ok
        }
        _ => Reply::Fail(Failure::Invalid),
    }
}

/// `QEnvironmentUnset`
pub(crate) fn unset_variable(session: &mut Session, arguments: &[u8]) -> Reply {
    match hex::decode(arguments) {
        Some(name) if !name.is_empty() && !name.contains(&b'=') => {
            session.launch.env.push(EnvEdit::Unset(name));
            Reply::Ok
        }
        _ => Reply::Fail(Failure::Invalid),
    }
}

/// `QEnvironmentReset`
pub(crate) fn reset_environment(session: &mut Session, _: &[u8]) -> Reply {
    session.launch.env.clear();
    Reply::Ok
}

/// `QSetWorkingDir`
pub(crate) fn set_dir(session: &mut Session, arguments: &[u8]) -> Reply {
    match hex::decode(arguments) {
        Some(dir) => {
            session.launch.dir = Some(from_home(dir)).filter(|dir| !dir.is_empty());
            Reply::Ok
        }
        None => Reply::Fail(Failure::Invalid),
    }
}

/// `~` at the beginning is the user's own folder here, as gdbserver has it.
fn from_home(dir: Vec<u8>) -> Vec<u8> {
    match (dir.strip_prefix(b"~"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) if rest.is_empty() || rest.starts_with(b"/") => {
            [home.as_bytes(), rest].concat()
        }
        _ => dir,
    }
}

/// `QStartupWithShell`
pub(crate) fn with_shell(session: &mut Session, arguments: &[u8]) -> Reply {
    session.launch.without_shell = arguments == b"0";
    flag(arguments)
}

/// `QDisableRandomization`
pub(crate) fn no_randomization(_: &mut Session, arguments: &[u8]) -> Reply {
    flag(arguments)
}

/// `qExecAndArgs`: `U`, or `S` and both in hexadecimal.
pub(crate) fn command_line(session: &mut Session, _: &[u8]) -> Reply {
    let Some((program, args)) = session.launcher.as_ref().and_then(|launcher| launcher.command_line()) else {
        return "U".to_owned().into();
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(&hex::encode(bytes)).into_owned();
    format!("S;{};{};", text(&program), text(&command::join(&args))).into()
}

/// A setting that is one of two.
fn flag(arguments: &[u8]) -> Reply {
    if matches!(arguments, b"0" | b"1") { Reply::Ok } else { Reply::Fail(Failure::Invalid) }
}

/// A process has come because gdb asked for it.
fn begun(session: &mut Session, pid: Pid) -> Reply {
    session.instruct(pid);
    if !session.client.non_stop {
        session.stop_all();
    }
    let Some(id) = session.inferiors.get(&pid).and_then(|inferior| inferior.ids().next()) else {
        return Reply::Refuse(format!("process {pid} is gone"));
    };
    session.general = Some(id);
    session.document = None;
    session.blocks.clear();
    session.spell(&StopReply::Stopped(id, StopReason::Signal(5))).into()
}

impl Session {
    /// Starts the program that gdb has named last.
    fn start(&mut self) -> Result<Pid, String> {
        let Launch { env, dir, path, args, .. } = &self.launch;
        let (env, dir, path, args) = (env.clone(), dir.clone(), path.clone(), args.clone());
        let Some(launcher) = &self.launcher else { return Err("programs cannot be started here".to_owned()) };
        let started = launcher.run(&Program { path, args, env, dir });
        let Started { pid, control } = started.map_err(|error| error.to_string())?;
        let pidfd = rustix::process::Pid::from_raw(pid.0)
            .and_then(|pid| rustix::process::pidfd_open(pid, PidfdFlags::empty()).ok());
        self.children.extend(pidfd);
        self.welcome(control, None)
    }

    /// Starts the program of the command line, before there is a gdb.
    pub(crate) fn start_first(&mut self) {
        if let Err(why) = self.start() {
            log::warn!("{why}");
        }
    }

    /// Attaches to a process before there is a gdb. If it is to be `suspended` it waits for one, as if one had been there and had gone.
    pub(crate) fn attach_first(&mut self, pid: Pid, suspend: bool) -> Result<(), String> {
        let Some(launcher) = &self.launcher else { return Err("processes cannot be attached to".to_owned()) };
        let control = launcher.attach(pid).map_err(|error| error.to_string())?;
        self.client.connected = suspend;
        self.welcome(control, Some(pid))?;
        if suspend {
            self.instruct(pid);
            self.stop_all();
            self.disconnected(true);
            // As under gdbserver it is the first one that shows the process to gdb.
            let threads =
                self.inferiors.get_mut(&pid).into_iter().flat_map(|inferior| inferior.threads.iter_mut());
            threads.for_each(|(tid, thread)| thread.ran = tid.0 != pid.0);
        }
        Ok(())
    }

    /// Whether a shell makes the arguments of programs where gdb does not say.
    pub(crate) fn prefer_no_shell(&mut self, without_shell: bool) {
        let default_without_shell = without_shell;
        self.launch = Launch { without_shell, default_without_shell, ..Launch::default() };
    }

    /// Forgets how gdb wanted programs started.
    pub(crate) fn forget_launch(&mut self) {
        self.prefer_no_shell(self.launch.default_without_shell);
    }

    /// Waits until the process at the other end has introduced itself. It may call itself by another number than the one by which it is `known` here.
    fn welcome(&mut self, control: std::os::fd::OwnedFd, known: Option<Pid>) -> Result<Pid, String> {
        (self.newcomer, self.expected) = (Some(Control::new(control)), known);
        self.arrived = None;
        let deadline = Instant::now() + PATIENCE;
        while let Some(control) = &self.newcomer {
            if !wait(&mut [PollFd::new(control, PollFlags::IN)], deadline) {
                self.newcomer = None;
                return Err("the process does not answer".to_owned());
            }
            self.receive(Origin::Newcomer);
        }
        self.arrived.take().unwrap_or_else(|| Err("the process is gone".to_owned()))
    }
}
