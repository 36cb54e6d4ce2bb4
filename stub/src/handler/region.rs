//! Ranges of the selected process's memory, as LLDB asks for them.
//!
//! ```text
//! → qMemoryRegionInfo:10584    ← start:10000;size:6b000;permissions:rx;name:2f62696e2f6c73;
//! → qMemoryRegionInfo:0        ← start:0;size:10000;permissions:;      (nothing is mapped there)
//! → _M1000,rwx                 ← 4000a000                        (fresh memory for expressions)
//! → _m4000a000                 ← OK
//! ```

use crate::control::{Answer, Request};
use crate::hex;
use crate::server::Session;
use crate::target::{Access, Failure};

use super::{Reply, split};

/// `qMemoryRegionInfo`; alone it asks whether we have it.
pub(crate) fn describe(session: &mut Session, arguments: &[u8]) -> Reply {
    if arguments.is_empty() {
        return Reply::Ok;
    }
    let mut describe = || {
        let addr = hex::number(arguments).ok_or(Failure::Invalid)?;
        let id = session.current_or_fail()?;
        let Answer::Region(region) = session.ask(id.pid, Request::Region(addr))? else {
            return Err(Failure::Invalid);
        };
        let permissions = region.access.map(letters).unwrap_or_default();
        let size = region.end.wrapping_sub(region.start);
        let mut out =
            format!("start:{:x};size:{size:x};permissions:{permissions};", region.start).into_bytes();
        if !region.name.is_empty() {
            out.extend([b"name:".as_slice(), &hex::encode(region.name.as_bytes()), b";"].concat());
        }
        Ok(out)
    };
    describe().into()
}

fn letters(access: Access) -> String {
    let letters = [(access.read, 'r'), (access.write, 'w'), (access.execute, 'x')];
    letters.into_iter().filter_map(|(has, letter)| has.then_some(letter)).collect()
}

/// `_M`
pub(crate) fn allocate(session: &mut Session, arguments: &[u8]) -> Reply {
    let mut allocate = || {
        let (len, access) = split(arguments, b',').ok_or(Failure::Invalid)?;
        let len = hex::number(len).filter(|len| *len != 0).ok_or(Failure::Invalid)?;
        if !access.iter().all(|letter| b"rwx".contains(letter)) {
            return Err(Failure::Invalid);
        }
        let has = |letter| access.contains(&letter);
        let access = Access { read: has(b'r'), write: has(b'w'), execute: has(b'x') };
        let id = session.current_or_fail()?;
        match session.ask(id.pid, Request::Allocate { len, access })? {
            Answer::Number(addr) => Ok(format!("{addr:x}").into_bytes()),
            _ => Err(Failure::Invalid),
        }
    };
    allocate().into()
}

/// `_m`
pub(crate) fn deallocate(session: &mut Session, arguments: &[u8]) -> Reply {
    let Some(addr) = hex::number(arguments) else { return Reply::Fail(Failure::Invalid) };
    session.blocks.clear();
    session.current_or_fail().and_then(|id| session.ask_done(id.pid, Request::Deallocate(addr))).into()
}
