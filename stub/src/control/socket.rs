//! One end of a control connection.

use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, IntoRawFd, OwnedFd};
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::io::FdFlags;
use rustix::net::sockopt::set_socket_passcred;
use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, SocketFlags, SocketType,
};
use serde::{Serialize, de::DeserializeOwned};

use crate::id::Pid;
use crate::lookout::Lookout;

/// Makes a connection; both ends are close-on-exec, and tell who speaks.
pub fn pair() -> io::Result<(OwnedFd, OwnedFd)> {
    let pair =
        rustix::net::socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)?;
    set_socket_passcred(&pair.0, true)?;
    set_socket_passcred(&pair.1, true)?;
    Ok(pair)
}

/// One end. Sending is atomic, so that any thread may send at any time.
#[derive(Debug)]
pub struct Control {
    fd: OwnedFd,
    /// Who has sent the last message, as processes are numbered here; 0: nobody, or it is not known.
    sender: AtomicI32,
}

/// What [`Control::receive`] saw.
#[derive(Debug)]
pub enum Received<M> {
    /// A message, and the descriptor that came with it.
    Message(M, Option<OwnedFd>),
    /// The other end is gone.
    Closed,
    /// Nothing is there (only when asked not to wait).
    Nothing,
}

impl Control {
    /// Takes one end of a [`pair`].
    pub fn new(fd: OwnedFd) -> Control {
        Control { fd, sender: AtomicI32::new(0) }
    }

    /// The process that has sent what was received last, by the number that it has here, whatever it calls itself.
    pub fn sender(&self) -> Option<Pid> {
        Some(self.sender.load(Ordering::Relaxed)).filter(|pid| *pid != 0).map(Pid)
    }

    /// Sends a message. Fails if the other end is gone.
    pub fn send<M: Serialize>(&self, message: &M) -> io::Result<()> {
        self.send_with(message, None)
    }

    /// Sends a message and a descriptor.
    pub fn send_with<M: Serialize>(&self, message: &M, descriptor: Option<BorrowedFd<'_>>) -> io::Result<()> {
        self.send_bytes(&encode(message)?, descriptor, SendFlags::empty())
    }

    /// The same of an [`encode`]d message, where that can be done at once; fails with [`io::ErrorKind::WouldBlock`] where too much is on its
    /// way already.
    pub(crate) fn offer(&self, bytes: &[u8], descriptor: Option<BorrowedFd<'_>>) -> io::Result<()> {
        self.send_bytes(bytes, descriptor, SendFlags::DONTWAIT)
    }

    fn send_bytes(
        &self,
        bytes: &[u8],
        descriptor: Option<BorrowedFd<'_>>,
        flags: SendFlags,
    ) -> io::Result<()> {
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
        let mut ancillary = SendAncillaryBuffer::new(&mut space);
        let descriptors: Vec<BorrowedFd<'_>> = descriptor.into_iter().collect();
        if !descriptors.is_empty() {
            ancillary.push(SendAncillaryMessage::ScmRights(&descriptors));
        }
        let flags = flags | SendFlags::NOSIGNAL;
        loop {
            match rustix::net::sendmsg(&self.fd, &[IoSlice::new(bytes)], &mut ancillary, flags) {
                Err(rustix::io::Errno::INTR) => {}
                result => return Ok(result.map(drop)?),
            }
        }
    }

    /// Waits until something can be received, or the other end is gone. Allocates nothing.
    pub fn wait(&self) {
        let mut fds = [PollFd::new(&self.fd, PollFlags::IN)];
        while rustix::event::poll(&mut fds, None) == Err(rustix::io::Errno::INTR) {}
    }

    /// The same, for something that comes at once or not soon: it looks out for a moment before it sleeps, which is cheaper than to be
    /// woken.
    pub fn wait_a_moment(&self) {
        if !spin(&mut [PollFd::new(&self.fd, PollFlags::IN)]) {
            self.wait();
        }
    }

    /// Receives a message; waits for one if `wait`. A message that makes no sense is taken for the end: nothing that follows
    /// could be trusted.
    pub fn receive<M: DeserializeOwned>(&self, wait: bool) -> Received<M> {
        // Room for the longest message would cost more to make than most take to receive.
        let flags = if wait { RecvFlags::empty() } else { RecvFlags::DONTWAIT };
        let len = loop {
            match rustix::net::recv(&self.fd, &mut [0; 1], flags | RecvFlags::PEEK | RecvFlags::TRUNC) {
                // The other end has gone without reading everything. That is said once, and before the messages that it has sent.
                Err(rustix::io::Errno::INTR | rustix::io::Errno::CONNRESET) => {}
                Err(rustix::io::Errno::AGAIN) => return Received::Nothing,
                Err(_) | Ok((_, 0)) => return Received::Closed,
                Ok((_, len)) => break len,
            }
        };
        let mut bytes = vec![0; len];
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1), ScmCredentials(1))];
        let mut ancillary = RecvAncillaryBuffer::new(&mut space);
        let flags = RecvFlags::CMSG_CLOEXEC | flags;
        let message = loop {
            match rustix::net::recvmsg(&self.fd, &mut [IoSliceMut::new(&mut bytes)], &mut ancillary, flags) {
                Err(rustix::io::Errno::INTR | rustix::io::Errno::CONNRESET) => {}
                Err(rustix::io::Errno::AGAIN) => return Received::Nothing,
                Err(_) => return Received::Closed,
                Ok(message) => break message,
            }
        };
        let mut descriptor = None;
        for part in ancillary.drain() {
            match part {
                RecvAncillaryMessage::ScmRights(mut descriptors) => descriptor = descriptors.next(),
                RecvAncillaryMessage::ScmCredentials(sender) => {
                    self.sender.store(sender.pid.as_raw_nonzero().get(), Ordering::Relaxed);
                }
                _ => {}
            }
        }
        if message.bytes == 0 {
            return Received::Closed;
        }
        match postcard::from_bytes(&bytes[..message.bytes]) {
            Ok(message) => Received::Message(message, descriptor),
            Err(_) => Received::Closed,
        }
    }

    /// Whether the descriptor is closed when this process executes another program.
    pub fn close_on_exec(&self, close: bool) -> io::Result<()> {
        let flags = if close { FdFlags::CLOEXEC } else { FdFlags::empty() };
        Ok(rustix::io::fcntl_setfd(&self.fd, flags)?)
    }

    /// Leaves the descriptor as it is.
    pub fn forget(self) {
        let _ = self.fd.into_raw_fd();
    }

    /// Tells the other end that we are gone; a thread that waits in [`Control::receive`] returns.
    pub fn shut(&self) {
        let _ = rustix::net::shutdown(&self.fd, rustix::net::Shutdown::Both);
    }
}

/// A message as it is sent.
pub(crate) fn encode<M: Serialize>(message: &M) -> io::Result<Vec<u8>> {
    postcard::to_stdvec(message).map_err(io::Error::other)
}

impl AsFd for Control {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

/// For what the other side of a connection says, or does in the memory of a lane.
pub(super) static LOOKOUT: Lookout =
    Lookout::new(Duration::from_micros(30), Duration::from_micros(120), 2000);

/// Looks out for something to read for a moment; whether there is something.
pub(crate) fn spin(fds: &mut [PollFd<'_>]) -> bool {
    let mut ready = || rustix::event::poll(fds, Some(&Timespec::default())).is_ok_and(|ready| ready > 0);
    LOOKOUT.look_out(|| ready().then_some(())).is_some()
}

/// Closes, in a forked child, the descriptor of a [`Control`] that belongs to the parent's agent. Its owner is a thread that
/// does not exist in the child; without this the parent's death would not be seen as an end of file.
pub fn close_copy(control: &Control) {
    let _ = nix::unistd::close(control.fd.as_raw_fd());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_words_are_heard_though_the_other_end_has_not_read_everything() {
        let (ours, theirs) = pair().unwrap();
        let (ours, theirs) = (Control::new(ours), Control::new(theirs));
        theirs.send(&7u32).unwrap();
        ours.send(&8u32).unwrap();
        drop(theirs);
        assert!(matches!(ours.receive::<u32>(false), Received::Message(7, None)));
        assert!(matches!(ours.receive::<u32>(false), Received::Closed));
    }
}
