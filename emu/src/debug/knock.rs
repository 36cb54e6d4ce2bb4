//! How a debug server reaches a guest process that nobody debugs: it knocks, and the process calls it.
//!
//! Nothing waits for that in the process: there is no thread, no descriptor and no name, so that it costs nothing at start and fork. The
//! knock is a SIGTRAP that carries a number ([`crate::signal::host::knock`]); the handler that calls tasks to attention, which every guest
//! process has, knows it from the guest's. The number names an abstract socket, on which the server listens for the moment.
//! Both sides ask the kernel who the other is.

use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::time::Duration;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::socket::{
    AddressFamily, Backlog, SockFlag, SockType, UnixAddr, accept4, bind, connect, getsockopt, listen, socket,
    sockopt,
};
use nix::unistd::Uid;
use tine_stub::agent::Agent;
use tine_stub::{Pid, launcher};

use crate::errno::Errno;
use crate::process::view;
use crate::signal::host::{knock, with_all_but_faults_blocked};
use crate::signal::number::{SIGCONT, SIGSEGV, SIGTRAP};
use crate::syscall::descriptors;
use crate::syscall::host::call_at_once;
use crate::task::Task;

use super::{Debugger, Loaded};

/// How long a process may take to answer, in milliseconds: it may stand in a vfork.
const PATIENCE: u16 = 3000;

/// Makes a process open a control connection.
pub(super) fn at(pid: Pid) -> io::Result<OwnedFd> {
    let refused = |why: String| io::Error::other(why);
    let about = |why: String| refused(format!("process {pid}: {why}"));
    let pidfd = call_at_once(libc::SYS_pidfd_open, [pid.0 as u64, 0, 0, 0, 0, 0]);
    let opened = pidfd.map_err(|errno| match errno {
        Errno::ESRCH => about("there is no such process".to_owned()),
        // pidfd_open(2) says so of threads; newer kernels ENOENT.
        Errno::EINVAL | Errno::ENOENT => about("it is a thread of another process".to_owned()),
        errno => about(text(errno)),
    });
    let pidfd = descriptors::adopt(opened? as i32);
    check(pid).map_err(about)?;
    let number = RandomState::new().hash_one(pid.0) | 1;
    let server = socket(AddressFamily::Unix, SockType::SeqPacket, SockFlag::SOCK_CLOEXEC, None)?;
    bind(server.as_raw_fd(), &address(number)?)?;
    listen(&server, Backlog::new(1)?)?;
    // As late as can be: between the two it might execute something that has no such handler.
    let is_stopped = check(pid).map_err(about)?;
    knock(pidfd.as_raw_fd(), number).map_err(|errno| about(text(errno)))?;
    if is_stopped {
        let args = [pidfd.as_raw_fd() as u64, SIGCONT as u64, 0, 0, 0, 0];
        call_at_once(libc::SYS_pidfd_send_signal, args).map_err(|errno| about(text(errno)))?;
    }
    let mut waits = [PollFd::new(server.as_fd(), PollFlags::POLLIN)];
    if poll(&mut waits, PollTimeout::from(PATIENCE))? == 0 {
        let why = match view::has_tracer(pid.0) {
            true => "it is debugged by somebody else, and stands",
            false => "it may wait in a vfork",
        };
        return Err(about(format!("it does not answer: {why}")));
    }
    let fd = accept4(server.as_raw_fd(), SockFlag::SOCK_CLOEXEC)?;
    let connection = descriptors::adopt(fd);
    let peer = getsockopt(&connection, sockopt::PeerCredentials)?;
    if peer.pid() != pid.0 {
        return Err(refused(format!("process {} has answered for process {pid}", peer.pid())));
    }
    Ok(connection)
}

fn text(errno: Errno) -> String {
    io::Error::from(errno).to_string()
}

/// Whether a process runs this emulator, and has its handlers; whether it is stopped, by SIGSTOP or its like.
fn check(pid: Pid) -> Result<bool, String> {
    let identity = |path: &str| fs::metadata(path).map(|file| (file.dev(), file.ino()));
    let ours = identity("/proc/self/exe").map_err(|error| error.to_string())?;
    match identity(&format!("/proc/{pid}/exe")) {
        Ok(theirs) if theirs == ours => {}
        Ok(_) => return Err("it is not run by this emulator".to_owned()),
        Err(error) => return Err(why_not_seen(pid, &error)),
    }
    let status = fs::read_to_string(format!("/proc/{pid}/status")).map_err(|error| error.to_string())?;
    let field = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let caught = field("SigCgt:").and_then(|mask| u64::from_str_radix(mask, 16).ok()).unwrap_or(0);
    let wanted = [SIGTRAP, SIGSEGV].iter().fold(0_u64, |set, signal| set | 1 << (signal - 1));
    if caught & wanted != wanted {
        return Err("it runs no guest".to_owned());
    }
    match field("State:") {
        Some(state) if state.starts_with('t') => Err("it is stopped by a debugger of the host's".to_owned()),
        state => Ok(state.is_some_and(|state| state.starts_with('T'))),
    }
}

/// Why the program that a process runs is not shown.
fn why_not_seen(pid: Pid, error: &io::Error) -> String {
    let is_foreign =
        || fs::metadata(format!("/proc/{pid}")).is_ok_and(|it| it.uid() != Uid::effective().as_raw());
    match error.kind() {
        // A zombie, or a thread of the kernel's.
        io::ErrorKind::NotFound => "it runs no program".to_owned(),
        io::ErrorKind::PermissionDenied if is_foreign() => "it is another user's".to_owned(),
        _ => error.to_string(),
    }
}

fn address(number: u64) -> nix::Result<UnixAddr> {
    UnixAddr::new_abstract(format!("tine-{number:016x}").as_bytes())
}

/// The task has been knocked at: calls the server, if it is one whom we would obey, and puts the process under it.
pub(super) fn answer(task: &mut Task, number: u64) {
    let Ok(socket) = call(number) else { return };
    let process = task.process.clone();
    let debugger = process.debug.get_or_init(Debugger::of_free_tasks);
    if !is_alone(debugger) {
        return launcher::fail(socket, "it is debugged by somebody else");
    }
    if debugger.loaded.get().is_none()
        && let Some(loaded) = Loaded::of_this_process(&process.memory)
    {
        let _ = debugger.loaded.set(loaded);
    }
    let earlier = debugger.agent();
    earlier.iter().for_each(Agent::join);
    let socket = match &earlier {
        // What an earlier debugger has left keeps its number, which others may have in hand.
        Some(agent) => descriptors::replace(agent.descriptor().as_raw_fd(), socket),
        None => descriptors::reserve(socket),
    };
    debugger.breakpoints.share(process.pid());
    let started = debugger.start(&process, socket);
    if started.is_ok() {
        earlier.into_iter().for_each(Agent::bury);
    }
    if let Ok(agent) = started {
        process.actions.show_all(true);
        let thread = |tid| super::guest::thread(process.pid(), tid);
        debugger.parking.watch(
            || process.tasks.tids().into_vec(),
            |tids| agent.hello_while_running(tids.into_iter().map(thread).collect()),
        );
    }
}

/// Whether nobody debugs the process. One who has just left may have to be waited for.
fn is_alone(debugger: &Debugger) -> bool {
    let Some(agent) = debugger.agent() else { return true };
    for _ in 0..200 {
        if agent.is_over() {
            return true;
        }
        if debugger.parking.is_watched() {
            return false;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    false
}

fn call(number: u64) -> nix::Result<OwnedFd> {
    let kind = (AddressFamily::Unix, SockType::SeqPacket);
    let ours = with_all_but_faults_blocked(|| socket(kind.0, kind.1, SockFlag::SOCK_CLOEXEC, None))?;
    connect(ours.as_raw_fd(), &address(number)?)?;
    let peer = getsockopt(&ours, sockopt::PeerCredentials)?;
    let trusted = [0, Uid::effective().as_raw(), Uid::current().as_raw()];
    if trusted.contains(&peer.uid()) { Ok(ours) } else { Err(nix::Error::EPERM) }
}
