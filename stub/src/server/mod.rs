//! The debug server: owns gdb's connection and the control connections to all guest processes, in one thread.

mod connection;
mod door;
mod events;
mod inferior;
mod lane;
mod listen;
mod memory;
mod numbers;
mod outbox;
mod peer;
mod resume;
mod rpc;
mod session;
mod suspended;
mod tracing;

pub(crate) use events::Origin;
pub(crate) use inferior::{Inferior, InferiorThread, ThreadOptions};
pub use listen::{Address, ListenError, Listener, Place};
pub(crate) use resume::{Action, Will};
pub(crate) use rpc::wait;
pub(crate) use session::{Arrival, Session};
pub(crate) use tracing::{Tracing, Variable};

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::Instant;

use log::LevelFilter;
use rustix::event::{PollFd, PollFlags};

use crate::control::{Control, Request, spin};
use crate::fork::Happening;
use crate::handler::Reply;
use crate::hex;
use crate::id::Pid;
use crate::launcher::Launcher;
use crate::notify::Send;
use crate::packet;
use crate::target::Failure;
use crate::without::Without;

use connection::{Connection, HASTE, Wish};
use door::Door;

/// What a server is given.
pub struct Setup {
    /// Where gdb connects.
    pub listener: Listener,
    /// The control connection of the first guest process, if there is one.
    pub first: Option<OwnedFd>,
    /// What starts programs and attaches to processes.
    pub launcher: Option<Box<dyn Launcher>>,
    /// The server stays when its guests and gdb are gone. It has no first process then: it starts the command line's program, if there
    /// is one.
    pub stays: Option<Stays>,
    /// The first gdb is the last one: when it is gone the guests are let go, and the server ends.
    pub once: bool,
    /// No shell makes the arguments of programs, unless gdb asks for one.
    pub without_shell: bool,
    /// Packets that it does not know.
    pub without: Without,
    /// What is logged from the start.
    pub chatter: Chatter,
    /// Whether somebody can read what is logged.
    pub is_heard: bool,
}

impl Setup {
    /// That of a server that ends with the last process, and has none yet.
    pub fn new(listener: Listener) -> Setup {
        let chatter = Chatter::default();
        Setup {
            listener,
            first: None,
            launcher: None,
            stays: None,
            once: false,
            without_shell: false,
            without: Without::default(),
            chatter,
            is_heard: false,
        }
    }
}

/// What of its work a server logs, besides what goes wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Chatter {
    /// The packets, and all else.
    pub remote: bool,
    /// What the processes tell.
    pub threads: bool,
}

impl Chatter {
    /// Makes it so.
    pub(crate) fn begin(self) {
        log::set_max_level(match self {
            Chatter { remote: true, .. } => LevelFilter::Trace,
            Chatter { threads: true, .. } => LevelFilter::Debug,
            _ => LevelFilter::Info,
        });
    }
}

/// How a server stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stays {
    /// Without a program.
    Idle,
    /// With the command line's program, to begin with.
    WithProgram,
}

/// A debug server. To be run in a process of its own which is no relative of the first guest, holds no descriptors but those of the setup, has one
/// thread, and ignores SIGPIPE.
pub struct Server {
    session: Session,
    door: Door,
    once: bool,
    stays: Option<Stays>,
}

impl Server {
    /// A server that is ready to run.
    pub fn new(setup: Setup) -> Server {
        let Setup { listener, first, launcher, stays, once, without_shell, without, chatter, is_heard } =
            setup;
        let newcomer = first.map(Control::new);
        let stays_on = stays.is_some();
        let mut session =
            Session { newcomer, launcher, stays: stays_on, without, chatter, is_heard, ..Session::default() };
        chatter.begin();
        session.prefer_no_shell(without_shell);
        Server { session, door: Door::new(listener), once, stays }
    }

    /// Takes a process that runs already, and has it wait for gdb if it is to be `suspended`; or says why that cannot be.
    pub fn attach(&mut self, pid: Pid, suspend: bool) -> Result<(), String> {
        self.session.attach_first(pid, suspend)
    }

    /// Serves gdb: one after the other, each of which finds the processes that the one before has left. Returns when the guests are gone and so
    /// is gdb, unless the server is to stay; having let go of what was left.
    pub fn run(mut self) {
        let session = &mut self.session;
        if self.stays == Some(Stays::WithProgram) {
            session.start_first();
        }
        while let Some(mut connection) = wait_for_gdb(session, &mut self.door) {
            if let Err(error) = serve(session, &mut connection, &mut self.door) {
                log::debug!("the connection to gdb is lost: {error}");
            }
            if self.once || session.client.leaves || self.door.is_used_up() {
                break;
            }
            session.disconnected(connection.peer.may_return());
        }
        self.close();
    }

    /// Gives up: nobody can connect any more, and processes run free.
    pub fn close(mut self) {
        self.door.close();
        release(&mut self.session);
    }
}

/// Waits until gdb connects; `None`: there is nothing left to debug.
fn wait_for_gdb(session: &mut Session, door: &mut Door) -> Option<Connection> {
    loop {
        if session.newcomer.is_none() {
            if session.inferiors.is_empty() && !session.stays {
                return None;
            }
            if door.waiting().is_none() || door.is_somebody_there() {
                return connect(session, door);
            }
        }
        // gdb has to wait in the queue until the first process has introduced itself.
        let gdb = door.waiting().filter(|_| session.newcomer.is_none());
        if poll(session, gdb, &[]).gdb {
            match connect(session, door) {
                Some(connection) => return Some(connection),
                None => log::warn!("a connection was lost before it began"),
            }
        }
    }
}

fn connect(session: &mut Session, door: &mut Door) -> Option<Connection> {
    let streams = door.accept().ok()?;
    session.client.connected = true;
    let pids: Vec<_> = session.inferiors.keys().copied().collect();
    for pid in pids {
        session.tell(pid, Request::PassSignals(Vec::new()));
    }
    session.interrupt_free();
    Some(Connection::new(streams))
}

/// Serves gdb until it is done or gone.
fn serve(session: &mut Session, connection: &mut Connection, door: &mut Door) -> io::Result<()> {
    let mut answered = Instant::now();
    // At a stop gdb asks for hundreds of things, each a few microseconds after the answer to the one before.
    let mut is_hasty = false;
    loop {
        let waits = session.client.waits;
        let reply = session.settle();
        // Only a gdb that waits for a stop expects output.
        if waits || reply.is_some() {
            print(session, connection)?;
        }
        if let Some(reply) = reply {
            if let Some(text) = reply.remark() {
                connection.send(&output(text.as_bytes()))?;
            }
            connection.send(session.spell(&reply).as_bytes())?;
            // A process with a lane looks out itself for what comes now: see there.
            let is_laned = |pid| session.inferiors.get(&pid).is_some_and(|inferior| inferior.lane.is_some());
            (is_hasty, answered) = (!reply.pid().is_some_and(is_laned), Instant::now());
            continue;
        }
        while let Some(reply) = session.next_event() {
            if let Send::Notify(reply) = session.notices.happened(reply) {
                let reply = reply.clone();
                connection.notify(format!("Stop:{}", session.spell(&reply)).as_bytes())?;
            }
        }
        match connection.next()? {
            Some(wish) => {
                is_hasty = answered.elapsed() < HASTE;
                obey(session, connection, wish)?;
                answered = Instant::now();
            }
            None if session.client.leaves => return Ok(()),
            None => {
                // While all stand there is nothing else to hear of.
                let waits = session.client.waits || session.client.non_stop;
                if std::mem::take(&mut is_hasty) && !waits && connection.read_soon()? {
                    continue;
                }
                let ready = poll(session, Some(connection.input()), &door.others());
                if ready.gdb {
                    connection.read()?;
                }
                door.see_to(&ready.others);
            }
        }
    }
}

/// Hands on what breakpoints' commands have printed.
fn print(session: &mut Session, connection: &mut Connection) -> io::Result<()> {
    for text in std::mem::take(&mut session.printed) {
        connection.send(&output(&text))?;
    }
    Ok(())
}

/// The packet that shows text to gdb's user.
fn output(text: &[u8]) -> Vec<u8> {
    [b"O".as_slice(), &hex::encode(text)].concat()
}

fn obey(session: &mut Session, connection: &mut Connection, wish: Wish) -> io::Result<()> {
    let reply = match wish {
        Wish::Interrupt if session.client.non_stop => packet::handle(session, b"vCtrlC"),
        Wish::Interrupt => {
            // Kept while nothing runs: gdb may be about to go on by itself from a stop of its own, over a breakpoint.
            session.client.interrupt = true;
            return Ok(());
        }
        Wish::Lost => Reply::Fail(Failure::Invalid),
        Wish::Packet(payload) => {
            log::trace!("gdb: {}", payload.escape_ascii());
            if session.client.non_stop {
                session.blocks.clear();
            }
            packet::handle(session, &payload)
        }
    };
    if let Some(payload) = reply.payload(session.client.errors()) {
        log::trace!("to gdb: {}", payload.escape_ascii());
        connection.send(&payload)?;
    }
    if session.client.no_ack {
        connection.stop_acknowledging();
    }
    Ok(())
}

/// What there is to be read.
struct Ready {
    /// From gdb, or from one that wants to connect.
    gdb: bool,
    /// From which of the others.
    others: Vec<bool>,
}

/// Waits until anything can be read; deals with what comes from guest processes, and says whether `gdb` or one of `others` has something.
fn poll(session: &mut Session, gdb: Option<BorrowedFd<'_>>, others: &[BorrowedFd<'_>]) -> Ready {
    if session.look_out() {
        return Ready { gdb: false, others: vec![false; others.len()] };
    }
    let mut origins = Vec::new();
    let mut fds = Vec::new();
    if let Some(control) = &session.newcomer {
        origins.push(Origin::Newcomer);
        fds.push(PollFd::from_borrowed_fd(control.as_fd(), PollFlags::IN));
    }
    for inferior in session.inferiors.values().filter(|inferior| !inferior.gone) {
        origins.push(Origin::Inferior(inferior.pid));
        fds.push(inferior.poll_fd());
    }
    for unborn in &session.unborn {
        if let Some(control) = &unborn.control {
            origins.push(Origin::Unborn(unborn.parent, unborn.token));
            fds.push(PollFd::from_borrowed_fd(control.as_fd(), PollFlags::IN));
        }
    }
    let children = session.children.iter().map(AsFd::as_fd);
    let more = children.chain(others.iter().copied()).chain(gdb);
    fds.extend(more.map(|fd| PollFd::from_borrowed_fd(fd, PollFlags::IN)));
    let patience = session.awaits_stops().then_some(suspended::INTERVAL);
    let is_none = !(session.brisk && spin(&mut fds))
        && rustix::event::poll(&mut fds, patience.as_ref()).map_or(true, |count| count == 0);
    if is_none {
        drop(fds);
        session.wake_suspended();
        return Ready { gdb: false, others: vec![false; others.len()] };
    }
    let ready: Vec<bool> = fds.iter().map(|fd| !fd.revents().is_empty()).collect();
    let processes: Vec<Origin> = rpc::ready(&fds[..origins.len()]).map(|index| origins[index]).collect();
    let (of_children, rest) = ready[origins.len()..].split_at(session.children.len());
    let (of_others, of_gdb) = rest.split_at(others.len());
    for origin in processes {
        session.receive(origin);
    }
    if reap(&mut session.children, of_children) {
        session.launcher.iter().for_each(|launcher| launcher.reaped());
    }
    Ready { gdb: of_gdb == [true], others: of_others.to_vec() }
}

/// Our children leave no zombies. Whether there was one.
fn reap(children: &mut Vec<OwnedFd>, ready: &[bool]) -> bool {
    use rustix::process::{WaitId, WaitIdOptions, waitid};
    let any = ready.contains(&true);
    let mut ready = ready.iter();
    children.retain(|child| {
        let ended = ready.next() == Some(&true);
        if ended {
            let _ = waitid(WaitId::PidFd(child.as_fd()), WaitIdOptions::EXITED | WaitIdOptions::NOHANG);
        }
        !ended
    });
    any
}

/// Lets all processes run free.
fn release(session: &mut Session) {
    session.client.connected = false;
    let parents: Vec<_> = session.unborn.iter().map(|unborn| unborn.parent).collect();
    for parent in parents {
        session.forks_of(parent, Happening::DebuggerGone);
    }
    let pids: Vec<_> = session.inferiors.keys().copied().collect();
    for pid in pids {
        // The end of file that follows would do as well.
        session.tell(pid, Request::Detach);
    }
}
