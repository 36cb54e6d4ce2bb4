//! Objects that are read in pieces.
//!
//! ```text
//! → qXfer:features:read:target.xml:0,ffb      ← m<?xml version="1.0"?>…     (more follows; "l" if not)
//! → qXfer:exec-file:read:1f:0,ffb             ← l/home/me/chain
//! → qXfer:threads:read::0,ffb                 ← l<threads><thread id="p1f.1f" name="chain"/></threads>
//! ```

use std::fmt::Write;

use crate::control::{Answer, Request};
use crate::packet;
use crate::server::Session;
use crate::target::Failure;

use super::thread::{pid, refresh};
use super::{Reply, split, two_numbers};

/// The target description. Only `target.xml` is there; it includes nothing.
pub(crate) fn features(session: &mut Session, arguments: &[u8]) -> Reply {
    piece(session, "features", arguments, |session, annex| match annex {
        b"target.xml" => {
            let id = session.current_or_fail()?;
            session.ask_bytes(id.pid, Request::Description)
        }
        _ => Err(Failure::Invalid),
    })
}

/// The auxiliary vector.
pub(crate) fn auxv(session: &mut Session, arguments: &[u8]) -> Reply {
    piece(session, "auxv", arguments, |session, _| {
        let id = session.current_or_fail()?;
        session.ask_bytes(id.pid, Request::Auxv)
    })
}

/// The shared libraries of the selected process (gdb manual, "Library List Format for SVR4 Targets").
pub(crate) fn libraries(session: &mut Session, arguments: &[u8]) -> Reply {
    piece(session, "libraries-svr4", arguments, |session, _| {
        let id = session.current_or_fail()?;
        let Answer::Libraries(libraries) = session.ask(id.pid, Request::Libraries)? else {
            return Err(Failure::Invalid);
        };
        let mut xml = String::from("<library-list-svr4 version=\"1.0\">\n");
        for library in libraries {
            let _ = writeln!(
                xml,
                "<library name=\"{}\" lm=\"{:#x}\" l_addr=\"{:#x}\" l_ld=\"{:#x}\" lmid=\"{:#x}\"/>",
                escape(&library.name),
                library.link_map,
                library.bias,
                library.dynamic,
                library.namespace
            );
        }
        xml.push_str("</library-list-svr4>\n");
        Ok(xml.into_bytes())
    })
}

/// Name of the executable of a process; the selected one if none is given.
pub(crate) fn exec_file(session: &mut Session, arguments: &[u8]) -> Reply {
    piece(session, "exec-file", arguments, |session, annex| {
        let pid = if annex.is_empty() { Some(session.current_or_fail()?.pid) } else { pid(annex) };
        session.ask_bytes(pid.ok_or(Failure::Invalid)?, Request::Executable)
    })
}

/// All threads with their names.
pub(crate) fn threads(session: &mut Session, arguments: &[u8]) -> Reply {
    piece(session, "threads", arguments, |session, _| {
        refresh(session);
        let mut xml = String::from("<threads>\n");
        for inferior in session.inferiors.values() {
            for id in inferior.ids() {
                let name = inferior.threads.get(&id.tid).map_or("", |thread| &thread.name);
                let _ = writeln!(xml, "<thread id=\"{id}\" name=\"{}\"/>", escape(name));
            }
        }
        xml.push_str("</threads>\n");
        Ok(xml.into_bytes())
    })
}

/// What came with the signal that the selected thread stopped for.
pub(crate) fn siginfo(session: &mut Session, arguments: &[u8]) -> Reply {
    piece(session, "siginfo", arguments, |session, _| {
        let id = session.current_or_fail()?;
        session.ask_bytes(id.pid, Request::Siginfo(id.tid))
    })
}

/// Changes it, a part at a time.
pub(crate) fn set_siginfo(session: &mut Session, arguments: &[u8]) -> Reply {
    let mut change = || {
        let (_, rest) = split(arguments, b':').ok_or(Failure::Invalid)?;
        let (offset, data) = split(rest, b':').ok_or(Failure::Invalid)?;
        let offset = crate::hex::number(offset).ok_or(Failure::Invalid)? as usize;
        let id = session.current_or_fail()?;
        let mut bytes = session.ask_bytes(id.pid, Request::Siginfo(id.tid))?;
        let end = offset.checked_add(data.len()).ok_or(Failure::Invalid)?;
        bytes.get_mut(offset..end).ok_or(Failure::Invalid)?.copy_from_slice(data);
        session.ask_done(id.pid, Request::SetSiginfo(id.tid, bytes))?;
        Ok(format!("{:x}", data.len()).into_bytes())
    };
    change().into()
}

/// Reads a piece. The whole is fetched when the first piece is asked for, so that the pieces fit together.
fn piece(
    session: &mut Session,
    object: &str,
    arguments: &[u8],
    fetch: impl FnOnce(&mut Session, &[u8]) -> Result<Vec<u8>, Failure>,
) -> Reply {
    let parse = || {
        let (annex, range) = split(arguments, b':')?;
        let (offset, len) = two_numbers(range, b',')?;
        Some((annex, usize::try_from(offset).ok()?, usize::try_from(len).ok()?))
    };
    let Some((annex, offset, len)) = parse() else { return Reply::Fail(Failure::Invalid) };
    let name = format!("{object} {} {:?}", annex.escape_ascii(), session.current());
    if offset == 0 || session.document.as_ref().is_none_or(|(known, _)| *known != name) {
        match fetch(session, annex) {
            Ok(bytes) => session.document = Some((name, bytes)),
            Err(failure) => return Reply::Fail(failure),
        }
    }
    let whole = session.document.as_ref().map_or(&[][..], |(_, bytes)| bytes);
    let rest = whole.get(offset..).unwrap_or_default();
    // Each byte may need an escape.
    let part = &rest[..len.min(rest.len()).min(packet::SIZE / 2 - 8)];
    let mark: &[u8] = if part.len() < rest.len() { b"m" } else { b"l" };
    Reply::Bytes([mark, part].concat())
}

/// Text as XML has it.
fn escape(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            character if character.is_control() => out.push('?'),
            character => out.push(character),
        }
    }
    out
}
