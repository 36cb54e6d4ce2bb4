//! What stops a thread, and what does not.
//!
//! ```text
//! → QCatchSyscalls:1;dc;1b3    ← OK       (clone and clone3)
//! → QCatchSyscalls:1           ← OK       (all)
//! → QCatchSyscalls:0           ← OK       (none)
//! → QPassSignals:e;14;17       ← OK       (gdb's numbers)
//! ```

use crate::control::Request;
use crate::hex;
use crate::server::Session;
use crate::target::{Catch, Failure};

use super::Reply;

/// `QCatchSyscalls`: for all processes, those to come too.
pub(crate) fn syscalls(session: &mut Session, arguments: &[u8]) -> Reply {
    let catch = match arguments {
        b"0" => Catch::Nothing,
        b"1" => Catch::Everything,
        [b'1', b';', list @ ..] => {
            let numbers: Option<Vec<u64>> = list.split(|byte| *byte == b';').map(hex::number).collect();
            let Some(mut numbers) = numbers else { return Reply::Fail(Failure::Invalid) };
            numbers.sort_unstable();
            Catch::Only(numbers)
        }
        _ => return Reply::Fail(Failure::Invalid),
    };
    session.catch = catch.clone();
    broadcast(session, Request::CatchSyscalls(catch))
}

/// `QPassSignals`: for all processes.
pub(crate) fn pass_signals(session: &mut Session, arguments: &[u8]) -> Reply {
    let Some(signals) = list(session, arguments) else { return Reply::Fail(Failure::Invalid) };
    session.pass = signals.clone();
    broadcast(session, Request::PassSignals(signals))
}

/// `QProgramSignals`: which signals gdb would let through. It says so again each time it resumes, so nothing is kept.
pub(crate) fn program_signals(session: &mut Session, arguments: &[u8]) -> Reply {
    if list(session, arguments).is_some() { Reply::Ok } else { Reply::Fail(Failure::Invalid) }
}

/// Linux numbers of a list of the debugger's; those that do not exist here are left out.
fn list(session: &Session, arguments: &[u8]) -> Option<Vec<i32>> {
    let numbers = arguments.split(|byte| *byte == b';').filter(|word| !word.is_empty());
    let numbers: Option<Vec<u64>> = numbers.map(hex::number).collect();
    let signal = |number| session.client.dialect.signal(u8::try_from(number).ok()?);
    Some(numbers?.into_iter().filter_map(signal).collect())
}

fn broadcast(session: &mut Session, request: Request) -> Reply {
    let pids: Vec<_> = session.inferiors.keys().copied().collect();
    for pid in pids {
        if let Err(failure) = session.ask_later(pid, request.clone()) {
            log::warn!("process {pid}: {failure}");
        }
    }
    Reply::Ok
}
