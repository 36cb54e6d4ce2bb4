//! The debug server: owns gdb's connection and the control connections to all guest processes, in one thread.

mod connection;
mod events;
mod inferior;
mod listen;
mod resume;
mod rpc;
mod session;

pub use listen::{Address, ListenError, Listener, Place};
pub(crate) use resume::Action;
pub(crate) use session::Session;

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::event::{PollFd, PollFlags};

use crate::control::{Control, Request};
use crate::fork::Happening;
use crate::handler::Reply;
use crate::hex;
use crate::packet;
use crate::target::Failure;

use connection::{Connection, Wish};
use events::Origin;

/// Serves one debugging session: waits for gdb on `listener`, knows the first guest process by its control connection
/// `first`. Returns when its guests are gone or gdb is, having let go of what was left. To be run in a process of its own which is
/// no relative of the guest, is in a session of its own, holds no descriptors but these, and has one thread.
pub fn run(listener: Listener, first: OwnedFd) {
    let mut session = Session { newcomer: Some(Control::new(first)), ..Session::default() };
    let connection = wait_for_gdb(&mut session, &listener);
    listener.remove();
    drop(listener);
    if let Some(mut connection) = connection
        && let Err(error) = serve(&mut session, &mut connection)
    {
        log::debug!("the connection to gdb is lost: {error}");
    }
    release(&mut session);
}

/// Waits until gdb connects; `None`: there is nothing left to debug.
fn wait_for_gdb(session: &mut Session, listener: &Listener) -> Option<Connection> {
    loop {
        if session.newcomer.is_none() {
            if session.inferiors.is_empty() {
                return None;
            }
            if listener.waiting().is_none() {
                return connect(session, listener);
            }
        }
        // gdb has to wait in the queue until the first process has introduced itself.
        let gdb = listener.waiting().filter(|_| session.newcomer.is_none());
        if poll(session, gdb) {
            match connect(session, listener) {
                Some(connection) => return Some(connection),
                None => log::warn!("a connection was lost before it began"),
            }
        }
    }
}

fn connect(session: &mut Session, listener: &Listener) -> Option<Connection> {
    let streams = listener.accept().ok()?;
    session.client.connected = true;
    session.stop_all();
    Some(Connection::new(streams))
}

/// Serves gdb until it is done or gone.
fn serve(session: &mut Session, connection: &mut Connection) -> io::Result<()> {
    loop {
        if let Some(reply) = session.settle() {
            if let Some(text) = reply.remark() {
                connection.send(&[b"O".as_slice(), &hex::encode(text.as_bytes())].concat())?;
            }
            connection.send(reply.packet(session.client.dialect).as_bytes())?;
            continue;
        }
        match connection.next()? {
            Some(wish) => obey(session, connection, wish)?,
            None if session.client.leaves => return Ok(()),
            None => {
                if poll(session, Some(connection.input())) {
                    connection.read()?;
                }
            }
        }
    }
}

fn obey(session: &mut Session, connection: &mut Connection, wish: Wish) -> io::Result<()> {
    let reply = match wish {
        Wish::Interrupt => {
            // Kept while nothing runs: gdb may be about to go on by itself from a stop of its own, over a breakpoint.
            session.client.interrupt = true;
            return Ok(());
        }
        Wish::Lost => Reply::Fail(Failure::Invalid),
        Wish::Packet(payload) => {
            log::trace!("gdb: {}", payload.escape_ascii());
            packet::handle(session, &payload)
        }
    };
    if let Some(payload) = reply.payload(session.client.error_messages) {
        log::trace!("to gdb: {}", payload.escape_ascii());
        connection.send(&payload)?;
    }
    if session.client.no_ack {
        connection.stop_acknowledging();
    }
    Ok(())
}

/// Waits until anything can be read; deals with what comes from guest processes, and returns whether `gdb` has something.
fn poll(session: &mut Session, gdb: Option<BorrowedFd<'_>>) -> bool {
    let mut origins = Vec::new();
    let mut fds = Vec::new();
    if let Some(control) = &session.newcomer {
        origins.push(Origin::Newcomer);
        fds.push(PollFd::from_borrowed_fd(control.as_fd(), PollFlags::IN));
    }
    for inferior in session.inferiors.values().filter(|inferior| !inferior.gone) {
        origins.push(Origin::Inferior(inferior.pid));
        fds.push(PollFd::from_borrowed_fd(inferior.control.as_fd(), PollFlags::IN));
    }
    for unborn in &session.unborn {
        if let Some(control) = &unborn.control {
            origins.push(Origin::Unborn(unborn.parent, unborn.token));
            fds.push(PollFd::from_borrowed_fd(control.as_fd(), PollFlags::IN));
        }
    }
    fds.extend(gdb.map(|gdb| PollFd::from_borrowed_fd(gdb, PollFlags::IN)));
    if rustix::event::poll(&mut fds, None).is_err() {
        return false;
    }
    let ready: Vec<bool> = fds.iter().map(|fd| !fd.revents().is_empty()).collect();
    for (origin, _) in origins.iter().zip(&ready).filter(|(_, ready)| **ready) {
        session.receive(*origin);
    }
    gdb.is_some() && ready.last() == Some(&true)
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
