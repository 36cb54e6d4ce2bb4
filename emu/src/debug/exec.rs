//! exec, as far as the debugger is concerned: the connection goes on in the new image, everything else begins anew.

use std::io;
use std::os::fd::{AsRawFd, OwnedFd, RawFd};

use tine_stub::StopReason;
use tine_stub::agent::PreparedExec;

use crate::loader::Image;
use crate::process::{Process, view};
use crate::task::Task;

use super::{Debugger, siginfo};

/// What is to be executed.
#[derive(Clone, Copy, Debug)]
pub enum Successor<'a> {
    /// A program that this emulator runs.
    Guest,
    /// A program of the host, with this name.
    Host(&'a str),
}

/// Makes execve(2) by calling `execute`, which comes back only with an error: no request is being served meanwhile, and those that come stay unread.
pub fn around_exec<E>(process: &Process, successor: Successor<'_>, execute: impl FnOnce() -> E) -> E {
    let agent = process.debug.get().and_then(Debugger::watching);
    let prepared = agent.as_ref().map(|agent| match successor {
        Successor::Guest => agent.prepare_exec(),
        Successor::Host(path) => agent.prepare_leave(path.to_owned()),
    });
    let error = execute();
    prepared.into_iter().for_each(PreparedExec::failed);
    error
}

/// The control connection, for the new image: see [`attach_after_exec`].
pub fn control(process: &Process) -> Option<RawFd> {
    let agent = process.debug.get()?.watching()?;
    Some(agent.descriptor().as_raw_fd())
}

/// Goes on with the connection that the image before this one has left. The task stops in here, and once more if the return of system call
/// `number`, which has executed the program, is caught; if the debugger is gone it runs free.
pub fn attach_after_exec(task: &mut Task, socket: OwnedFd, image: &Image, number: u64) -> io::Result<()> {
    let process = task.process.clone();
    let agent = super::begin(task, socket, image)?;
    let debugger = process.debug.get_or_init(Debugger::default);
    let path = view::own_program()
        .map_or_else(|| image.exe.clone(), |(path, _)| path)
        .to_string_lossy()
        .into_owned();
    let siginfo = siginfo::of_stop(&StopReason::Execed(String::new()), 0);
    debugger.park(task, Some(siginfo), || agent.execed(path)).inject(task);
    if debugger.parking.is_watched() {
        process.actions.show_all(true);
    }
    if debugger.catches(number) {
        debugger.stop(task, StopReason::SyscallReturn(number));
    }
    Ok(())
}
