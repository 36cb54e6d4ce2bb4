//! Thread-local variables.
//!
//! ```text
//! → qGetTLSAddr:p1f.20,10,0    ← 4000801010
//! ```

use crate::control::{Answer, Request};
use crate::hex;
use crate::id::Selector;
use crate::server::Session;
use crate::target::Failure;

use super::Reply;

/// `qGetTLSAddr`
pub(crate) fn address(session: &mut Session, arguments: &[u8]) -> Reply {
    let parse = || {
        let mut words = arguments.split(|byte| *byte == b',');
        let thread = Selector::parse(std::str::from_utf8(words.next()?).ok()?)?;
        Some((thread, hex::number(words.next()?)?, hex::number(words.next()?)?))
    };
    let Some((thread, offset, link_map)) = parse() else { return Reply::Fail(Failure::Invalid) };
    let Some(id) = session.find(thread) else { return Reply::Fail(Failure::NoThread) };
    match session.ask(id.pid, Request::TlsAddress { tid: id.tid, offset, link_map }) {
        Ok(Answer::Number(address)) => format!("{address:x}").into(),
        Ok(_) => Reply::Fail(Failure::Invalid),
        Err(failure) => Reply::Fail(failure),
    }
}
