//! Where gdb comes in: one at a time. Another one that knocks meanwhile is told so.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use crate::frame;

use super::listen::Listener;

/// Most that may stand there at a time; more are turned away without a word.
const MOST: usize = 8;

/// The listener, and those who have come while gdb was there.
pub(super) struct Door {
    listener: Listener,
    /// Connections that have not said anything yet. They are answered when they do: what gdb gets before that it throws away.
    visitors: Vec<(OwnedFd, OwnedFd)>,
    used: bool,
}

impl Door {
    pub fn new(listener: Listener) -> Door {
        Door { listener, visitors: Vec::new(), used: false }
    }

    /// What to wait on for a connection; `None`: the connection is there already.
    pub fn waiting(&self) -> Option<BorrowedFd<'_>> {
        self.listener.waiting()
    }

    /// Whether somebody has come already, while the one before was about to go.
    pub fn is_somebody_there(&self) -> bool {
        !self.visitors.is_empty()
    }

    pub fn accept(&mut self) -> io::Result<(OwnedFd, OwnedFd)> {
        self.used = true;
        if self.visitors.is_empty() { self.listener.accept() } else { Ok(self.visitors.remove(0)) }
    }

    /// Whether nobody can connect any more.
    pub fn is_used_up(&self) -> bool {
        self.used && self.waiting().is_none()
    }

    /// What to wait on while gdb is there.
    pub fn others(&self) -> Vec<BorrowedFd<'_>> {
        let visitors = self.visitors.iter().map(|(input, _)| input.as_fd());
        self.waiting().into_iter().chain(visitors).collect()
    }

    /// Sees to those of [`Door::others`] that are ready.
    pub fn see_to(&mut self, ready: &[bool]) {
        let (listener, visitors) = ready.split_at(usize::from(self.waiting().is_some()));
        let mut ready = visitors.iter();
        self.visitors.retain(|visitor| {
            let speaks = ready.next() == Some(&true);
            if speaks {
                turn_away(visitor);
            }
            !speaks
        });
        if listener == [true]
            && let Ok(visitor) = self.listener.accept()
            && self.visitors.len() < MOST
        {
            self.visitors.push(visitor);
        }
    }

    /// Nobody comes any more.
    pub fn close(self) {
        self.listener.remove();
    }
}

fn turn_away((input, output): &(OwnedFd, OwnedFd)) {
    let _ = rustix::io::read(input, &mut [0; 4096]);
    let answer = [b"+".as_slice(), &frame::encode(b"E.another debugger is connected")].concat();
    let _ = rustix::io::write(output, &answer);
}
