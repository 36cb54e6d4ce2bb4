//! Memory of the selected process.
//!
//! ```text
//! → m105e4,4       ← 13050000
//! → M3ff8,2:beef   ← OK
//! → x105e4,4       ← b\x13\x05\x00\x00
//! → X3ff8,0:       ← OK                  (gdb asks whether X is there)
//! ```

use crate::control::Request;
use crate::hex;
use crate::packet;
use crate::server::Session;
use crate::target::Failure;

use super::{Reply, split, two_numbers};

/// `m`
pub(crate) fn read(session: &mut Session, arguments: &[u8]) -> Reply {
    // Two digits a byte, and the frame.
    bytes(session, arguments, packet::SIZE / 2 - 8).map(|bytes| hex::encode(&bytes)).into()
}

/// `x`: a `b`, then the bytes.
pub(crate) fn read_binary(session: &mut Session, arguments: &[u8]) -> Reply {
    // Each byte may need an escape.
    bytes(session, arguments, packet::SIZE / 2 - 8).map(|bytes| [b"b".as_slice(), &bytes].concat()).into()
}

fn bytes(session: &mut Session, arguments: &[u8], most: usize) -> Result<Vec<u8>, Failure> {
    let (addr, len) = two_numbers(arguments, b',').ok_or(Failure::Invalid)?;
    let id = session.current_or_fail()?;
    if len == 0 {
        return Ok(Vec::new());
    }
    session.ask_bytes(id.pid, Request::ReadMemory { addr, len: len.min(most as u64) })
}

/// `M`
pub(crate) fn write(session: &mut Session, arguments: &[u8]) -> Reply {
    put(session, arguments, |digits| hex::decode(digits)).into()
}

/// `X`
pub(crate) fn write_binary(session: &mut Session, arguments: &[u8]) -> Reply {
    put(session, arguments, |data| Some(data.to_vec())).into()
}

fn put(
    session: &mut Session,
    arguments: &[u8],
    decode: impl FnOnce(&[u8]) -> Option<Vec<u8>>,
) -> Result<(), Failure> {
    let parse = || {
        let (range, data) = split(arguments, b':')?;
        let (addr, len) = two_numbers(range, b',')?;
        let bytes = decode(data)?;
        (bytes.len() as u64 == len).then_some((addr, bytes))
    };
    let (addr, bytes) = parse().ok_or(Failure::Invalid)?;
    let id = session.current_or_fail()?;
    if bytes.is_empty() { Ok(()) } else { session.ask_done(id.pid, Request::WriteMemory { addr, bytes }) }
}
