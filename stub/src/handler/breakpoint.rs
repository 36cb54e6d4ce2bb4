//! Breakpoints of the selected process.
//!
//! ```text
//! → Z0,105e4,2    ← OK        (the kind is the length of the instruction there; it does not matter here)
//! → z0,105e4,2    ← OK
//! ```

use crate::control::Request;
use crate::hex;
use crate::server::Session;
use crate::target::Failure;

use super::{Reply, split};

/// `Z0`, `Z1`
pub(crate) fn insert(session: &mut Session, arguments: &[u8]) -> Reply {
    change(session, arguments, Request::InsertBreakpoint).into()
}

/// `z0`, `z1`
pub(crate) fn remove(session: &mut Session, arguments: &[u8]) -> Reply {
    change(session, arguments, Request::RemoveBreakpoint).into()
}

fn change(
    session: &mut Session,
    arguments: &[u8],
    request: impl FnOnce(u64) -> Request,
) -> Result<(), Failure> {
    let parse = || {
        let (addr, kind) = split(arguments, b',')?;
        hex::number(kind)?;
        hex::number(addr)
    };
    let addr = parse().ok_or(Failure::Invalid)?;
    let id = session.current_or_fail()?;
    session.ask_done(id.pid, request(addr))
}
