//! Registers of the selected thread. For LLDB each packet may name its thread.
//!
//! ```text
//! → g          ← 0000000000000000e405010000000000…
//! → p20        ← e405010000000000
//! → P20=e605010000000000    ← OK
//! → p20;thread:1f;               ← e405010000000000
//! → QSaveRegisterState           ← 1            (LLDB, before it calls a function of the guest)
//! → QRestoreRegisterState:1      ← OK
//! ```

use std::collections::BTreeMap;

use crate::control::Request;
use crate::hex;
use crate::id::{Selector, ThreadId, Tid};
use crate::server::Session;
use crate::target::Failure;

use super::{Reply, split};

/// Registers that LLDB wants to have back: of which thread, and all of them.
pub(crate) type Kept = BTreeMap<u64, (Tid, Vec<u8>)>;

/// Most that are kept; the oldest goes.
const MOST: usize = 64;

/// `g`
pub(crate) fn read_all(session: &mut Session, arguments: &[u8]) -> Reply {
    match of_thread(session, arguments) {
        Ok([]) => match session.frame_registers() {
            Some(digits) => Reply::Bytes(digits),
            None => {
                let described = session.client.described;
                let bytes =
                    bytes_by(session, if described { Request::Registers } else { Request::CommonRegisters });
                session.registers_len = bytes.as_ref().map_or(session.registers_len, Vec::len);
                bytes.map(|bytes| hex::encode(&bytes)).into()
            }
        },
        Ok(_) => Reply::Empty,
        Err(failure) => Reply::Fail(failure),
    }
}

/// `p`
pub(crate) fn read(session: &mut Session, arguments: &[u8]) -> Reply {
    let number = |arguments| hex::number(arguments).and_then(|number| u32::try_from(number).ok());
    match of_thread(session, arguments).map(number) {
        Ok(Some(number)) => match session.frame_register(number) {
            Some(digits) => digits.into(),
            None => bytes_by(session, |tid| Request::Register(tid, number))
                .map(|bytes| hex::encode(&bytes))
                .into(),
        },
        Ok(None) => Reply::Fail(Failure::Invalid),
        Err(failure) => Reply::Fail(failure),
    }
}

/// `G`
pub(crate) fn write_all(session: &mut Session, arguments: &[u8]) -> Reply {
    match of_thread(session, arguments).map(hex::decode) {
        Ok(Some(bytes)) => write_by(session, |tid| Request::SetRegisters(tid, bytes)),
        Ok(None) => Reply::Fail(Failure::Invalid),
        Err(failure) => Reply::Fail(failure),
    }
}

/// `P`
pub(crate) fn write(session: &mut Session, arguments: &[u8]) -> Reply {
    let parse = |arguments| {
        let (number, value) = split(arguments, b'=')?;
        Some((u32::try_from(hex::number(number)?).ok()?, hex::decode(value)?))
    };
    match of_thread(session, arguments).map(parse) {
        Ok(Some((number, bytes))) => write_by(session, |tid| Request::SetRegister(tid, number, bytes)),
        Ok(None) => Reply::Fail(Failure::Invalid),
        Err(failure) => Reply::Fail(failure),
    }
}

/// `QSaveRegisterState`
pub(crate) fn save(session: &mut Session, arguments: &[u8]) -> Reply {
    let mut save = || {
        if !of_thread(session, arguments)?.is_empty() {
            return Err(Failure::Invalid);
        }
        let id = session.current_or_fail()?;
        let bytes = session.ask_bytes(id.pid, Request::Registers(id.tid))?;
        let number = session.kept.last_key_value().map_or(1, |(last, _)| last + 1);
        session.kept.insert(number, (id.tid, bytes));
        if session.kept.len() > MOST {
            session.kept.pop_first();
        }
        Ok(number.to_string().into_bytes())
    };
    save().into()
}

/// `QRestoreRegisterState`: the number is decimal.
pub(crate) fn restore(session: &mut Session, arguments: &[u8]) -> Reply {
    let mut restore = || {
        let number = of_thread(session, arguments)?;
        let number = std::str::from_utf8(number).ok().and_then(|text| text.parse().ok());
        let (tid, bytes) =
            number.and_then(|number: u64| session.kept.remove(&number)).ok_or(Failure::Invalid)?;
        let id = session.current_or_fail()?;
        session.write_registers(ThreadId { tid, ..id }, Request::SetRegisters(tid, bytes))
    };
    restore().into()
}

/// Selects the thread that is named behind the arguments, if there is one; returns what is before it.
fn of_thread<'a>(session: &mut Session, arguments: &'a [u8]) -> Result<&'a [u8], Failure> {
    const MARK: &[u8] = b";thread:";
    let at = arguments.windows(MARK.len()).position(|part| part == MARK);
    let Some(at) = at.filter(|_| session.client.thread_suffix) else { return Ok(arguments) };
    let name = &arguments[at + MARK.len()..];
    let name = std::str::from_utf8(name.strip_suffix(b";").unwrap_or(name)).ok();
    let selector = name.and_then(Selector::parse).ok_or(Failure::Invalid)?;
    session.general = Some(session.find(selector).ok_or(Failure::NoThread)?);
    Ok(&arguments[..at])
}

impl Session {
    fn write_registers(&mut self, id: ThreadId, request: Request) -> Result<(), Failure> {
        if self.tracing.frame.is_some() {
            return Err(Failure::Invalid);
        }
        if let Some(thread) = self.thread_mut(id) {
            thread.vitals.clear();
        }
        self.ask_done(id.pid, request)
    }
}

fn bytes_by(session: &mut Session, request: impl FnOnce(Tid) -> Request) -> Result<Vec<u8>, Failure> {
    let id = session.current_or_fail()?;
    session.ask_bytes(id.pid, request(id.tid))
}

fn write_by(session: &mut Session, request: impl FnOnce(crate::Tid) -> Request) -> Reply {
    session.current_or_fail().and_then(|id| session.write_registers(id, request(id.tid))).into()
}
