//! How the debug server gets at processes by itself: it starts programs, and attaches to processes that run.

use std::io;
use std::os::fd::{BorrowedFd, OwnedFd};

use crate::control::{Control, Event, ToServer, Words};
use crate::id::Pid;

/// A program to be started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Program {
    /// Its file; `None`: the one that the emulator was told of when the server was started, with its arguments.
    pub path: Option<Vec<u8>>,
    /// Its arguments, without its name.
    pub args: Arguments,
    /// Changes to the environment that it would have by itself, in order.
    pub env: Vec<EnvEdit>,
    /// Where it is started; `None`: where the server is.
    pub dir: Option<Vec<u8>>,
}

/// What a program is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arguments {
    /// Words.
    Words(Vec<Vec<u8>>),
    /// What a shell is to split into words, with all else that it does to a command.
    Shell(Vec<u8>),
}

impl Default for Arguments {
    fn default() -> Arguments {
        Arguments::Words(Vec::new())
    }
}

impl Arguments {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        match self {
            Arguments::Words(words) => words.is_empty(),
            Arguments::Shell(text) => text.is_empty(),
        }
    }
}

/// A change to the environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnvEdit {
    /// `NAME=VALUE`.
    Set(Vec<u8>),
    /// `NAME`.
    Unset(Vec<u8>),
}

/// A process that was started, which is the server's child.
#[derive(Debug)]
pub struct Started {
    /// Its id: it will execute the emulator and be the guest.
    pub pid: Pid,
    /// Its control connection, on which it says [`Event::Hello`] or [`Event::Failed`].
    pub control: OwnedFd,
}

/// The emulator, as the server needs it. An error's text goes to gdb.
pub trait Launcher {
    /// Starts a program, which stops before its first instruction.
    fn run(&self, program: &Program) -> io::Result<Started>;
    /// Makes a process, which nobody debugs, open a control connection, on which it says [`Event::Hello`]. Its threads run.
    fn attach(&self, pid: Pid) -> io::Result<OwnedFd>;
    /// The program of the command line, if there is one, and its arguments.
    fn command_line(&self) -> Option<(Vec<u8>, Vec<Vec<u8>>)> {
        None
    }
    /// Programs that were started have ended.
    fn reaped(&self) {}
    /// gdb may start programs from now on: they get the standard streams that this process has.
    fn adopt_streams(&self, pid: Pid) {
        let _ = pid;
    }
    /// Maps memory that is to be shared; `None`: that is not to be had.
    fn share(&self, memory: BorrowedFd<'_>) -> Option<Words> {
        let _ = memory;
        None
    }
}

/// Says on a control connection that there will be no process, and why.
pub fn fail(control: OwnedFd, why: &str) {
    let _ = Control::new(control).send(&ToServer::Event(Event::Failed(why.to_owned())));
}
