//! Programs that gdb starts (`vRun`): each in a process of its own, which executes this emulator.

use std::cell::RefCell;
use std::ffi::{CString, OsStr, OsString};
use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use nix::unistd::Pid as Group;
use tine_stub::Pid;
use tine_stub::control::{self, Words};
use tine_stub::launcher::{self, Arguments, Launcher, Program, Started};

use crate::options::{EnvEdit, Options};
use crate::process::Commission;
use crate::syscall::descriptors;

use super::terminal::Terminal;
use super::{knock, shared, wrapper};

/// Starts programs with the options that the server was started with.
pub(super) struct Spawner {
    options: Options,
    /// The server's own streams lead nowhere.
    is_helper: bool,
    /// Standard input, output and error of programs, where they are not the server's own.
    streams: RefCell<Option<[File; 3]>>,
    terminal: Terminal,
}

impl Spawner {
    /// `is_helper`: the server is a process of its own beside the first guest.
    pub fn new(options: &Options, is_helper: bool) -> Spawner {
        let options = Options { gdb: None, multi: false, attach: None, ..options.clone() };
        Spawner { options, is_helper, streams: RefCell::default(), terminal: Terminal::default() }
    }

    /// The program of the command line, so that it is found from everywhere.
    fn own_program(&self) -> Vec<u8> {
        let program = &self.options.program;
        let path = std::path::absolute(program).ok().filter(|path| path.exists());
        path.map_or_else(|| program.clone(), PathBuf::into_os_string).into_vec()
    }
}

/// The environment that gdb wants, for what executes the emulator.
fn prepare(command: &mut Command, env: &[launcher::EnvEdit]) {
    for edit in env {
        match edit {
            launcher::EnvEdit::Set(entry) => {
                let at = entry.iter().position(|byte| *byte == b'=').unwrap_or(entry.len());
                let (name, value) = entry.split_at(at);
                command.env(OsStr::from_bytes(name), OsStr::from_bytes(value.get(1..).unwrap_or_default()));
            }
            launcher::EnvEdit::Unset(name) => {
                command.env_remove(OsStr::from_bytes(name));
            }
        }
    }
}

/// Adds gdb's changes to the environment to the command line's. Those who execute the emulator have made them already, and may have changed
/// their results: of the command line's what gdb has changed since is left out then.
fn edit(env: &mut Vec<EnvEdit>, edits: &[launcher::EnvEdit], by_others: bool) {
    fn name(entry: &[u8]) -> &[u8] {
        entry.split(|byte| *byte == b'=').next().unwrap_or_default()
    }
    for edit in edits {
        let (launcher::EnvEdit::Set(changed) | launcher::EnvEdit::Unset(changed)) = edit;
        if by_others {
            env.retain(|(EnvEdit::Set(entry) | EnvEdit::Unset(entry))| name(entry) != name(changed));
            continue;
        }
        env.push(match edit {
            launcher::EnvEdit::Set(entry) => EnvEdit::Set(entry.clone()),
            launcher::EnvEdit::Unset(name) => EnvEdit::Unset(name.clone()),
        });
    }
}

impl Launcher for Spawner {
    fn run(&self, program: &Program) -> io::Result<Started> {
        let mut options = self.options.clone();
        if let Some(path) = program.path.as_ref().filter(|path| **path != self.own_program()) {
            options.program = OsString::from_vec(path.clone());
            options.argv0 = None;
        }
        let mut shell = None;
        match &program.args {
            Arguments::Shell(text) if !text.is_empty() => shell = Some(text.clone()),
            Arguments::Words(words) if program.path.is_some() || !words.is_empty() => {
                options.args = words.iter().filter_map(|arg| CString::new(arg.clone()).ok()).collect();
            }
            // What the command line has.
            Arguments::Words(_) => shell = wrapper::text(&options),
            Arguments::Shell(_) if program.path.is_none() => shell = wrapper::text(&options),
            Arguments::Shell(_) => options.args.clear(),
        }
        if options.program.is_empty() {
            return Err(io::Error::other("no program given: use `set remote exec-file`"));
        }
        let by_others = shell.is_some() || !options.wrapper.is_empty();
        edit(&mut options.env, &program.env, by_others);
        let (ours, theirs) = control::pair()?;
        let commission = Commission { options, control: ours.as_raw_fd(), suspend: true };
        let (file, (name, value)) = commission.write(by_others)?;
        let options = commission.options;
        let mut command = match wrapper::words(&options, shell.as_deref(), file.as_raw_fd())? {
            Some(words) => {
                let mut command = Command::new(&words[0]);
                prepare(&mut command, &program.env);
                for name in wrapper::OUR_ADDRESS {
                    command.env_remove(name);
                }
                command.args(&words[1..]);
                command
            }
            None => {
                let mut command = Command::new("/proc/self/exe");
                command.arg0("tine").arg(&options.program);
                command.args(options.args.iter().map(|arg| OsString::from_vec(arg.to_bytes().to_vec())));
                command.env(name, value);
                command
            }
        };
        if let Some(dir) = &program.dir {
            command.current_dir(PathBuf::from(OsString::from_vec(dir.clone())));
        }
        if let Some([input, output, errors]) = &*self.streams.borrow() {
            let copy = |file: &File| file.try_clone().map_or_else(|_| Stdio::null(), Stdio::from);
            command.stdin(copy(input)).stdout(copy(output)).stderr(copy(errors));
        }
        let inherited = [ours.as_raw_fd(), file.as_raw_fd()];
        inherited.iter().for_each(|fd| descriptors::set_inherited(*fd, true));
        // What it sends to its group is not for the server, nor for other programs.
        let child = command.process_group(0).spawn();
        let child = child.map_err(|error| match options.wrapper.first() {
            Some(wrapper) => io::Error::other(format!("wrapper {}: {error}", wrapper.to_string_lossy())),
            // It is the emulator that is executed, which is there.
            None => match &program.dir {
                Some(dir) => {
                    io::Error::new(error.kind(), format!("folder {}: {error}", String::from_utf8_lossy(dir)))
                }
                None => error,
            },
        })?;
        self.terminal.hand_to(Group::from_raw(child.id() as i32));
        Ok(Started { pid: Pid(child.id() as i32), control: theirs })
    }

    fn command_line(&self) -> Option<(Vec<u8>, Vec<Vec<u8>>)> {
        let args = self.options.args.iter().map(|arg| arg.to_bytes().to_vec()).collect();
        (!self.options.program.is_empty()).then(|| (self.own_program(), args))
    }

    fn attach(&self, pid: Pid) -> io::Result<OwnedFd> {
        knock::at(pid)
    }

    fn share(&self, memory: BorrowedFd<'_>) -> Option<Words> {
        shared::map(memory)
    }

    fn reaped(&self) {
        self.terminal.take_back();
    }

    fn adopt_streams(&self, pid: Pid) {
        if !self.is_helper || self.streams.borrow().is_some() {
            return;
        }
        let open = |number: i32, write: bool| {
            let path = format!("/proc/{pid}/fd/{number}");
            let real = OpenOptions::new().read(!write).write(write).append(write).open(path);
            real.or_else(|_| OpenOptions::new().read(true).write(true).open("/dev/null")).ok()
        };
        if let (Some(input), Some(output), Some(errors)) = (open(0, false), open(1, true), open(2, true)) {
            *self.streams.borrow_mut() = Some([input, output, errors]);
        }
    }
}
