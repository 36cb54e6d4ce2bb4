//! Packets in the byte stream (gdb manual, "Overview" of the remote protocol): `$payload#checksum`, acknowledged by `+` or `-` until both sides
//! have agreed to leave that out; a bare 0x03 interrupts.

use crate::hex;

/// The longest payload that is taken; what is announced as PacketSize is smaller.
pub const LONGEST: usize = 1 << 19;

/// Something that arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// A packet with the right checksum; escapes and run lengths are resolved.
    Packet(Vec<u8>),
    /// What a stub says of its own accord; nobody acknowledges it, and one that is damaged is lost.
    Notification(Vec<u8>),
    /// A packet that is damaged or too long.
    Damaged,
    /// `+`
    Ack,
    /// `-`
    Nack,
    /// 0x03 between packets.
    Interrupt,
}

/// Takes frames out of bytes, however these are cut. Bytes that belong to no frame are skipped.
#[derive(Debug, Default)]
pub struct Decoder {
    state: State,
    payload: Vec<u8>,
    sum: u8,
    too_long: bool,
    is_notification: bool,
}

#[derive(Debug, Default, Clone, Copy)]
enum State {
    #[default]
    Between,
    Payload,
    /// After `#`: no digit yet, or the first one.
    Checksum(Option<u8>),
}

impl Decoder {
    /// Takes the next byte.
    pub fn push(&mut self, byte: u8) -> Option<Frame> {
        match (self.state, byte) {
            // `$` is always escaped inside a packet: a bare one starts another, whatever has become of the one before.
            (_, b'$') => {
                *self = Decoder { state: State::Payload, ..Decoder::default() };
                None
            }
            (State::Between, b'%') => {
                *self = Decoder { state: State::Payload, is_notification: true, ..Decoder::default() };
                None
            }
            (State::Between, b'+') => Some(Frame::Ack),
            (State::Between, b'-') => Some(Frame::Nack),
            (State::Between, 0x03) => Some(Frame::Interrupt),
            (State::Between, _) => None,
            (State::Payload, b'#') => {
                self.state = State::Checksum(None);
                None
            }
            (State::Payload, _) => {
                self.sum = self.sum.wrapping_add(byte);
                self.too_long |= self.payload.len() == LONGEST;
                if !self.too_long {
                    self.payload.push(byte);
                }
                None
            }
            (State::Checksum(None), _) => {
                self.state = State::Checksum(Some(byte));
                None
            }
            (State::Checksum(Some(first)), _) => {
                self.state = State::Between;
                self.finish(hex::byte([first, byte]))
            }
        }
    }

    fn finish(&mut self, checksum: Option<u8>) -> Option<Frame> {
        let payload = std::mem::take(&mut self.payload);
        let sound = unpack(&payload).filter(|_| checksum == Some(self.sum) && !self.too_long);
        match (self.is_notification, sound) {
            (false, Some(payload)) => Some(Frame::Packet(payload)),
            (false, None) => Some(Frame::Damaged),
            (true, payload) => payload.map(Frame::Notification),
        }
    }
}

/// Resolves `}` escapes and `*` run lengths. `None`: not possible.
fn unpack(raw: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(raw.len());
    let mut bytes = raw.iter().copied();
    while let Some(byte) = bytes.next() {
        match byte {
            b'}' => out.push(bytes.next()? ^ 0x20),
            b'*' => {
                let count = bytes.next()?.checked_sub(29)?;
                let last = *out.last()?;
                out.resize(out.len() + usize::from(count), last);
                if out.len() > LONGEST {
                    return None;
                }
            }
            _ => out.push(byte),
        }
    }
    Some(out)
}

/// Writes a packet. Bytes that mean something in a frame are escaped.
pub fn encode(payload: &[u8]) -> Vec<u8> {
    framed(b'$', payload)
}

/// Writes a notification, which nobody acknowledges as packets are.
pub fn encode_notification(payload: &[u8]) -> Vec<u8> {
    framed(b'%', payload)
}

fn framed(mark: u8, payload: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(payload.len() + payload.len() / 32 + 8);
    out.push(mark);
    let mut rest = payload;
    while let Some(at) = next_special(rest) {
        out.extend_from_slice(&rest[..at]);
        out.extend([b'}', rest[at] ^ 0x20]);
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
    let sum = out[1..].iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte));
    out.push(b'#');
    out.extend(hex::digits(sum));
    out
}

/// Where the first byte is that has to be escaped.
fn next_special(bytes: &[u8]) -> Option<usize> {
    const AT_ONCE: usize = 32;
    // Most have none: to look at many at once, without a way out in the middle and without a table of bits, lets the compiler use wide
    // registers.
    let special = |byte: &u8| (*byte == b'$') | (*byte == b'#') | (*byte == b'}') | (*byte == b'*');
    let clean = |piece: &&[u8; AT_ONCE]| piece.iter().fold(0, |any, byte| any | u8::from(special(byte))) == 0;
    let skipped = bytes.as_chunks().0.iter().take_while(clean).count() * AT_ONCE;
    bytes[skipped..].iter().position(special).map(|at| skipped + at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decode(bytes: &[u8]) -> Vec<Frame> {
        let mut decoder = Decoder::default();
        bytes.iter().filter_map(|byte| decoder.push(*byte)).collect()
    }

    #[test]
    fn samples() {
        assert_eq!(decode(b"+$qC#b4"), [Frame::Ack, Frame::Packet(b"qC".into())]);
        assert_eq!(decode(b"$qC#b5"), [Frame::Damaged]);
        assert_eq!(decode(b"$qC#zz-\x03"), [Frame::Damaged, Frame::Nack, Frame::Interrupt]);
        assert_eq!(decode(b"$0* #7a"), [Frame::Packet(b"0000".into())]);
        assert_eq!(decode(b"$a}\x03#e1"), [Frame::Packet(b"a#".into())]);
        assert_eq!(decode(b"garbage$half$qC#b4"), [Frame::Packet(b"qC".into())]);
        assert_eq!(decode(b"$*a#8b"), [Frame::Damaged]);
        assert_eq!(encode(b"OK"), b"$OK#9a");
    }

    #[test]
    fn a_packet_without_end_does_not_fill_the_memory() {
        let mut decoder = Decoder::default();
        assert_eq!(decoder.push(b'$'), None);
        for _ in 0..2 * LONGEST {
            assert_eq!(decoder.push(b'a'), None);
        }
        assert_eq!(decoder.payload.len(), LONGEST);
        assert_eq!(b"#00".iter().find_map(|byte| decoder.push(*byte)), Some(Frame::Damaged));
        assert_eq!(b"$qC#b4".iter().find_map(|byte| decoder.push(*byte)), Some(Frame::Packet(b"qC".into())));
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(payloads: Vec<Vec<u8>>) {
            let bytes: Vec<u8> = payloads.iter().flat_map(|payload| encode(payload)).collect();
            let frames: Vec<Frame> = payloads.into_iter().map(Frame::Packet).collect();
            prop_assert_eq!(decode(&bytes), frames);
        }

        #[test]
        fn garbage_is_survived(bytes: Vec<u8>) {
            let mut frames = decode(&[&bytes, b"$#00".as_slice(), &encode(b"qC")].concat());
            prop_assert_eq!(frames.pop(), Some(Frame::Packet(b"qC".into())));
        }
    }
}
