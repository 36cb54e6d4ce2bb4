//! The connection to gdb: frames and acknowledgements.

use std::collections::VecDeque;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::Duration;

use rustix::io::Errno;
use rustix::net::RecvFlags;

use crate::frame::{self, Decoder, Frame};
use crate::lookout::Lookout;

use super::peer::Peer;

/// Whoever asks again so soon after an answer is awaited awake.
pub(super) const HASTE: Duration = Duration::from_micros(100);

static LOOKOUT: Lookout = Lookout::new(HASTE, Duration::from_millis(1), 1000);

/// A connected gdb.
pub(super) struct Connection {
    /// Who that is.
    pub peer: Peer,
    input: OwnedFd,
    output: OwnedFd,
    decoder: Decoder,
    /// What is read at once.
    buffer: Vec<u8>,
    frames: VecDeque<Frame>,
    /// Neither side acknowledges any more.
    no_ack: bool,
    /// What was sent last, in case that gdb asks for it again.
    last: Vec<u8>,
}

/// What gdb wants.
#[derive(Debug)]
pub(super) enum Wish {
    /// A packet.
    Packet(Vec<u8>),
    /// A packet that arrived damaged and will not be sent again.
    Lost,
    /// ^C.
    Interrupt,
}

impl Connection {
    pub fn new((input, output): (OwnedFd, OwnedFd)) -> Connection {
        Connection {
            peer: Peer::of(input.as_fd()),
            input,
            output,
            decoder: Decoder::default(),
            buffer: vec![0; 64 << 10],
            frames: VecDeque::new(),
            no_ack: false,
            last: Vec::new(),
        }
    }

    pub fn input(&self) -> BorrowedFd<'_> {
        self.input.as_fd()
    }

    /// Reads what is there. An error is the end of the connection.
    pub fn read(&mut self) -> io::Result<()> {
        match rustix::io::read(&self.input, &mut self.buffer[..]) {
            Ok(count) => self.take(count),
            Err(Errno::INTR | Errno::AGAIN) => Ok(()),
            Err(errno) => Err(errno.into()),
        }
    }

    /// Reads what comes within a moment, without sleeping; whether anything has come. Not from what is no socket.
    pub fn read_soon(&mut self) -> io::Result<bool> {
        let Connection { input, buffer, .. } = self;
        let seen =
            LOOKOUT.look_out(|| match rustix::net::recv(&*input, &mut buffer[..], RecvFlags::DONTWAIT) {
                Err(Errno::AGAIN | Errno::INTR) => None,
                seen => Some(seen),
            });
        match seen {
            Some(Ok((count, _))) => self.take(count).map(|()| true),
            None | Some(Err(Errno::NOTSOCK)) => Ok(false),
            Some(Err(errno)) => Err(errno.into()),
        }
    }

    fn take(&mut self, count: usize) -> io::Result<()> {
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let decoder = &mut self.decoder;
        self.frames.extend(self.buffer[..count].iter().filter_map(|byte| decoder.push(*byte)));
        Ok(())
    }

    /// The next of the things that gdb wants, acknowledged.
    pub fn next(&mut self) -> io::Result<Option<Wish>> {
        while let Some(frame) = self.frames.pop_front() {
            match frame {
                Frame::Packet(payload) => {
                    self.acknowledge(b"+")?;
                    return Ok(Some(Wish::Packet(payload)));
                }
                Frame::Damaged if self.no_ack => return Ok(Some(Wish::Lost)),
                Frame::Damaged => self.acknowledge(b"-")?,
                Frame::Interrupt => return Ok(Some(Wish::Interrupt)),
                Frame::Nack if !self.no_ack => self.write(&self.last)?,
                Frame::Ack | Frame::Nack | Frame::Notification(_) => {}
            }
        }
        Ok(None)
    }

    /// Sends a packet.
    pub fn send(&mut self, payload: &[u8]) -> io::Result<()> {
        self.last = frame::encode(payload);
        self.write(&self.last)
    }

    /// Sends a notification.
    pub fn notify(&self, payload: &[u8]) -> io::Result<()> {
        self.write(&frame::encode_notification(payload))
    }

    /// From here on nothing is acknowledged.
    pub fn stop_acknowledging(&mut self) {
        self.no_ack = true;
    }

    fn acknowledge(&self, byte: &[u8]) -> io::Result<()> {
        if self.no_ack { Ok(()) } else { self.write(byte) }
    }

    fn write(&self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            match rustix::io::write(&self.output, bytes) {
                Ok(count) => bytes = &bytes[count..],
                Err(Errno::INTR) => {}
                Err(errno) => return Err(errno.into()),
            }
        }
        Ok(())
    }
}
