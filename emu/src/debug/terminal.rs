//! The terminal of a server that stays: like a shell it gives it to the program that it has started last, and takes it back when that is gone.

use std::cell::Cell;
use std::io;

use nix::errno::Errno;
use nix::sys::signal::killpg;
use nix::unistd::{Pid, getpgrp, tcgetpgrp, tcsetpgrp};

use crate::signal::host::with_all_but_faults_blocked;

/// Who has it.
#[derive(Default)]
pub(super) struct Terminal {
    /// The group of the program that it was given to.
    given: Cell<Option<Pid>>,
}

impl Terminal {
    /// Gives it to this group, if it is the server's to give.
    pub fn hand_to(&self, group: Pid) {
        if self.is_ours() && set_front(group) {
            self.given.set(Some(group));
        }
    }

    /// Takes it back from a group that is no more.
    pub fn take_back(&self) {
        let is_over = |group: &Pid| killpg(*group, None) == Err(Errno::ESRCH);
        if self.given.get().as_ref().is_some_and(is_over) && self.is_ours() {
            set_front(getpgrp());
            self.given.set(None);
        }
    }

    fn is_ours(&self) -> bool {
        tcgetpgrp(io::stdin()).is_ok_and(|front| front == getpgrp() || self.given.get() == Some(front))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if self.given.get().is_some() && self.is_ours() {
            set_front(getpgrp());
        }
    }
}

/// With SIGTTOU blocked, which would come from behind.
fn set_front(group: Pid) -> bool {
    with_all_but_faults_blocked(|| tcsetpgrp(io::stdin(), group)).is_ok()
}
