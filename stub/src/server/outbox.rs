//! What a process has not taken yet. The server waits for nobody to take a message: a process that is suspended does not, and one that
//! has much to say waits itself until the server listens.

use std::collections::VecDeque;
use std::io::ErrorKind;
use std::os::fd::{BorrowedFd, OwnedFd};

use rustix::event::{PollFd, PollFlags};

use crate::control::{Control, ToAgent, encode};

/// Messages behind those that the connection holds, in their order, each with the descriptor that goes along.
#[derive(Debug, Default)]
pub(super) struct Outbox(VecDeque<(Vec<u8>, Option<OwnedFd>)>);

impl Outbox {
    /// Sends a message after all others. What cannot be sent any more is dropped: that the process is gone is seen when it is listened to.
    pub fn send(&mut self, control: &Control, message: &ToAgent, descriptor: Option<BorrowedFd<'_>>) {
        let Ok(bytes) = encode(message) else { return };
        self.flush(control);
        if self.0.is_empty() && !is_full(control.offer(&bytes, descriptor)) {
            return;
        }
        match descriptor.map(|descriptor| descriptor.try_clone_to_owned()).transpose() {
            Ok(descriptor) => self.0.push_back((bytes, descriptor)),
            Err(error) => log::warn!("a message to a process is lost: {error}"),
        }
    }

    /// Sends what can be sent by now.
    pub fn flush(&mut self, control: &Control) {
        use std::os::fd::AsFd;
        while let Some((bytes, descriptor)) = self.0.front() {
            if is_full(control.offer(bytes, descriptor.as_ref().map(AsFd::as_fd))) {
                return;
            }
            self.0.pop_front();
        }
    }

    /// What to wait for on the connection: something to receive, or room for what is left.
    pub fn poll_fd<'a>(&self, control: &'a Control) -> PollFd<'a> {
        let room = if self.0.is_empty() { PollFlags::empty() } else { PollFlags::OUT };
        PollFd::new(control, PollFlags::IN | room)
    }
}

fn is_full(sent: std::io::Result<()>) -> bool {
    sent.is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
}

#[cfg(test)]
mod tests {
    use std::os::fd::AsFd;

    use super::*;
    use crate::control::{self, Received, Request};

    #[test]
    fn what_nobody_takes_is_sent_later_in_its_order_with_its_descriptors() {
        const LAST: u64 = 3000;
        let (ours, theirs) = control::pair().unwrap();
        let (ours, theirs) = (Control::new(ours), Control::new(theirs));
        let mut outbox = Outbox::default();
        let file = std::fs::File::open("/dev/null").unwrap();
        for id in 0..=LAST {
            let message = ToAgent { id, before: Vec::new(), request: Request::Nothing };
            outbox.send(&ours, &message, (id == LAST).then(|| file.as_fd()));
        }
        assert!(!outbox.0.is_empty());
        drop(file);
        for id in 0..=LAST {
            // A process that hears one more message has room for one more.
            let Received::Message(message, descriptor) = theirs.receive::<ToAgent>(false) else {
                panic!("{id} does not come")
            };
            assert_eq!((message.id, descriptor.is_some()), (id, id == LAST));
            outbox.flush(&ours);
        }
        assert!(outbox.0.is_empty());
    }
}
