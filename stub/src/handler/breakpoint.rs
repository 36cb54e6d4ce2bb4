//! Breakpoints and watchpoints of the selected process.
//!
//! ```text
//! → Z0,105e4,2                            ← OK     (the kind is the length of the instruction there; it does not matter here)
//! → Z0,105e4,2;X9,26000a164022071327      ← OK     (with a condition: register 10 is 7)
//! → Z0,105e4,2;cmds:0,X6,220022002734…    ← OK     (a dprintf: its text comes as output, and nothing stops)
//! → z0,105e4,2                            ← OK
//! → Z2,4c8010,8                           ← OK     (T05watch:4c8010;… before the store)
//! ```

use crate::control::Request;
use crate::hex;
use crate::rule::{Rule, RuleText};
use crate::server::Session;
use crate::target::{Failure, Watch, Watchpoint};

use super::{Reply, split};

/// `Z0`
pub(crate) fn insert(session: &mut Session, arguments: &[u8]) -> Reply {
    insert_as(session, arguments, false)
}

/// `z0`
pub(crate) fn remove(session: &mut Session, arguments: &[u8]) -> Reply {
    remove_as(session, arguments, false)
}

/// `Z1`
pub(crate) fn insert_hardware(session: &mut Session, arguments: &[u8]) -> Reply {
    insert_as(session, arguments, true)
}

/// `z1`
pub(crate) fn remove_hardware(session: &mut Session, arguments: &[u8]) -> Reply {
    remove_as(session, arguments, true)
}

/// `Z2`
pub(crate) fn watch_writes(session: &mut Session, arguments: &[u8]) -> Reply {
    change(session, watchpoint(arguments, Watch::Write).map(Request::InsertWatchpoint))
}

/// `z2`
pub(crate) fn unwatch_writes(session: &mut Session, arguments: &[u8]) -> Reply {
    change(session, watchpoint(arguments, Watch::Write).map(Request::RemoveWatchpoint))
}

/// `Z3`
pub(crate) fn watch_reads(session: &mut Session, arguments: &[u8]) -> Reply {
    change(session, watchpoint(arguments, Watch::Read).map(Request::InsertWatchpoint))
}

/// `z3`
pub(crate) fn unwatch_reads(session: &mut Session, arguments: &[u8]) -> Reply {
    change(session, watchpoint(arguments, Watch::Read).map(Request::RemoveWatchpoint))
}

/// `Z4`
pub(crate) fn watch_all(session: &mut Session, arguments: &[u8]) -> Reply {
    change(session, watchpoint(arguments, Watch::Access).map(Request::InsertWatchpoint))
}

/// `z4`
pub(crate) fn unwatch_all(session: &mut Session, arguments: &[u8]) -> Reply {
    change(session, watchpoint(arguments, Watch::Access).map(Request::RemoveWatchpoint))
}

fn insert_as(session: &mut Session, arguments: &[u8], hardware: bool) -> Reply {
    let parse = || {
        let (addr, rule) = place(arguments)?;
        Some((addr, RuleText::parse(rule)?)).filter(|(_, rule)| Rule::decode(rule).is_ok())
    };
    let inserted = parse().ok_or(Failure::Invalid).and_then(|(addr, rule)| {
        let id = session.current_or_fail()?;
        let request = Request::InsertBreakpoint { addr, hardware, rule };
        // What is there can be read; but what cannot be read may be there.
        if hardware || session.read_block(id.pid, addr, 1).is_some() {
            session.ask_later(id.pid, request)
        } else {
            session.ask_done(id.pid, request)
        }
    });
    inserted.into()
}

fn remove_as(session: &mut Session, arguments: &[u8], hardware: bool) -> Reply {
    let removed = place(arguments).ok_or(Failure::Invalid).and_then(|(addr, _)| {
        let id = session.current_or_fail()?;
        session.ask_later(id.pid, Request::RemoveBreakpoint { addr, hardware })
    });
    removed.into()
}

/// The address, and what follows the kind.
fn place(arguments: &[u8]) -> Option<(u64, &[u8])> {
    let (addr, rest) = split(arguments, b',')?;
    let (kind, rule) = rest.split_at(rest.iter().position(|byte| *byte == b';').unwrap_or(rest.len()));
    hex::number(kind)?;
    Some((hex::number(addr)?, rule))
}

/// A watchpoint has a byte at least, and does not reach around the end of all addresses.
fn watchpoint(arguments: &[u8], kind: Watch) -> Option<Watchpoint> {
    let (addr, rest) = split(arguments, b',')?;
    let len = rest.split(|byte| *byte == b';').next().unwrap_or_default();
    let (addr, len) = (hex::number(addr)?, hex::number(len)?);
    (len != 0 && addr.checked_add(len).is_some()).then_some(Watchpoint { kind, addr, len })
}

fn change(session: &mut Session, request: Option<Request>) -> Reply {
    let asked = request.ok_or(Failure::Invalid).and_then(|request| {
        let id = session.current_or_fail()?;
        session.ask_done(id.pid, request)
    });
    asked.into()
}
