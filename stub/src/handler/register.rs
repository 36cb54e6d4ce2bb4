//! Registers of the selected thread.
//!
//! ```text
//! → g          ← 0000000000000000e405010000000000…
//! → p20        ← e405010000000000
//! → P20=e605010000000000    ← OK
//! ```

use crate::control::Request;
use crate::hex;
use crate::server::Session;
use crate::target::Failure;

use super::{Reply, split};

/// `g`
pub(crate) fn read_all(session: &mut Session, _: &[u8]) -> Reply {
    read_by(session, Request::Registers)
}

/// `p`
pub(crate) fn read(session: &mut Session, arguments: &[u8]) -> Reply {
    match hex::number(arguments).and_then(|number| u32::try_from(number).ok()) {
        Some(number) => read_by(session, |tid| Request::Register(tid, number)),
        None => Reply::Fail(Failure::Invalid),
    }
}

/// `G`
pub(crate) fn write_all(session: &mut Session, arguments: &[u8]) -> Reply {
    match hex::decode(arguments) {
        Some(bytes) => write_by(session, |tid| Request::SetRegisters(tid, bytes)),
        None => Reply::Fail(Failure::Invalid),
    }
}

/// `P`
pub(crate) fn write(session: &mut Session, arguments: &[u8]) -> Reply {
    let parse = || {
        let (number, value) = split(arguments, b'=')?;
        Some((u32::try_from(hex::number(number)?).ok()?, hex::decode(value)?))
    };
    match parse() {
        Some((number, bytes)) => write_by(session, |tid| Request::SetRegister(tid, number, bytes)),
        None => Reply::Fail(Failure::Invalid),
    }
}

fn read_by(session: &mut Session, request: impl FnOnce(crate::Tid) -> Request) -> Reply {
    let bytes = session.current_or_fail().and_then(|id| session.ask_bytes(id.pid, request(id.tid)));
    bytes.map(|bytes| hex::encode(&bytes)).into()
}

fn write_by(session: &mut Session, request: impl FnOnce(crate::Tid) -> Request) -> Reply {
    session.current_or_fail().and_then(|id| session.ask_done(id.pid, request(id.tid))).into()
}
