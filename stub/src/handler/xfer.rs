//! Objects that are read in pieces.
//!
//! ```text
//! → qXfer:features:read:target.xml:0,ffb      ← m<?xml version="1.0"?>…     (more follows; "l" if not)
//! → qXfer:exec-file:read:1f:0,ffb             ← l/home/me/chain
//! → qXfer:threads:read::0,ffb                 ← l<threads><thread id="p1f.1f" name="chain"/></threads>
//! ```

use std::fmt::Write;

use crate::control::{Answer, Request};
use crate::hex::{self, number};
use crate::id::{Pid, ThreadId, Tid};
use crate::osdata::System;
use crate::packet;
use crate::server::Session;
use crate::stat::behind_name;
use crate::target::{Executable, Failure, File, From};
use crate::xml::escape;

use super::thread::{pid, refresh};
use super::{Reply, split, two_numbers};

/// The target description. Only `target.xml` is there; it includes nothing.
pub(crate) fn features(session: &mut Session, arguments: &[u8]) -> Reply {
    piece(session, "features", arguments, |session, annex| match annex {
        b"target.xml" => {
            session.client.described = true;
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
        if let Some(known) = session.inferiors.get(&id.pid).and_then(|inferior| inferior.auxv.clone()) {
            return Ok(known);
        }
        let auxv = session.ask_bytes(id.pid, Request::Auxv)?;
        if let Some(inferior) = session.inferiors.get_mut(&id.pid) {
            inferior.auxv = Some(auxv.clone());
        }
        Ok(auxv)
    })
}

/// The shared libraries of the selected process (gdb manual, "Library List Format for SVR4 Targets"). The annex may say where in
/// the list to begin: `start=4000801010;prev=4000800b00;lmid=4000a0;`.
pub(crate) fn libraries(session: &mut Session, arguments: &[u8]) -> Reply {
    piece(session, "libraries-svr4", arguments, |session, annex| {
        let from = if annex.is_empty() { None } else { Some(from(annex).ok_or(Failure::Invalid)?) };
        let id = session.current_or_fail()?;
        let Answer::Libraries(libraries) = session.ask(id.pid, Request::Libraries(from))? else {
            return Err(Failure::Invalid);
        };
        let main = libraries.main.map(|main| format!(" main-lm=\"{main:#x}\"")).unwrap_or_default();
        let mut xml = format!("<library-list-svr4 version=\"1.0\"{main}>\n");
        for library in libraries.list {
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

/// Names that are not known are passed over, as the manual wants it.
fn from(annex: &[u8]) -> Option<From> {
    let mut from = From { start: 0, prev: 0, namespace: None };
    for pair in annex.split(|byte| *byte == b';').filter(|pair| !pair.is_empty()) {
        let (name, value) = split(pair, b'=')?;
        match name {
            b"start" => from.start = number(value)?,
            b"prev" => from.prev = number(value)?,
            b"lmid" => from.namespace = Some(number(value)?),
            _ => {}
        }
    }
    Some(from)
}

/// The operating system's tables: the annex names one; without it, the list of them.
pub(crate) fn osdata(session: &mut Session, arguments: &[u8]) -> Reply {
    piece(session, "osdata", arguments, |session, annex| {
        let own = std::fs::read_link("/proc/self/exe").ok();
        let pid = session.current().map(|id| id.pid);
        let mut read = |path: &str| {
            // Processes that run the same program as this one are guests, and show themselves.
            let is_guest = match path.split('/').nth(2) {
                Some(pid) if pid.starts_with(|first: char| first.is_ascii_digit()) => {
                    own.is_some() && std::fs::read_link(format!("/proc/{pid}/exe")).ok() == own
                }
                _ => true,
            };
            match pid.filter(|_| is_guest).map(|pid| session.ask(pid, Request::File(path.to_owned()))) {
                Some(Ok(Answer::File(File::Contents(bytes)))) => Some(bytes),
                _ => std::fs::read(path).ok(),
            }
        };
        let name = std::str::from_utf8(annex).map_err(|_| Failure::Invalid)?;
        let document = System::new(&mut read).document(name);
        // gdbserver answers with nothing to a name that it does not know.
        Ok(document.unwrap_or_default().into_bytes())
    })
}

/// Name of the executable of a process; the selected one if none is given.
pub(crate) fn exec_file(session: &mut Session, arguments: &[u8]) -> Reply {
    piece(session, "exec-file", arguments, |session, annex| {
        let pid = if annex.is_empty() { Some(session.current_or_fail()?.pid) } else { pid(annex) };
        match session.ask(pid.ok_or(Failure::Invalid)?, Request::Executable)? {
            Answer::Executable(Executable { path, .. }) => Ok(path.into_bytes()),
            _ => Err(Failure::Invalid),
        }
    })
}

/// All threads with their names.
pub(crate) fn threads(session: &mut Session, arguments: &[u8]) -> Reply {
    piece(session, "threads", arguments, |session, _| {
        refresh(session);
        learn_handles(session);
        let mut xml = String::from("<threads>\n");
        for inferior in session.inferiors.values() {
            for id in inferior.ids() {
                let thread = inferior.threads.get(&id.tid);
                let name = thread.map_or("", |thread| &thread.name);
                let handle = thread.and_then(|thread| thread.handle).map_or(String::new(), |handle| {
                    format!(" handle=\"{}\"", String::from_utf8_lossy(&hex::encode(&handle)))
                });
                let core = core(id).map_or(String::new(), |core| format!(" core=\"{core}\""));
                let id = super::thread::spell(session, id);
                let _ = writeln!(xml, "<thread id=\"{id}\"{core}{handle} name=\"{}\"/>", escape(name));
            }
        }
        xml.push_str("</threads>\n");
        Ok(xml.into_bytes())
    })
}

/// Asks for the handles of threads that stand and have none yet, where there are several: a program begins with one thread whose
/// library knows nothing of it yet.
fn learn_handles(session: &mut Session) {
    let unknown: Vec<(Pid, Vec<Tid>)> = (session.inferiors.iter())
        .filter(|(_, inferior)| inferior.threads.len() > 1)
        .map(|(pid, inferior)| {
            let standing = inferior.threads.iter().filter(|(_, it)| it.stopped && it.handle.is_none());
            (*pid, standing.map(|(tid, _)| *tid).collect())
        })
        .collect();
    for (pid, tids) in unknown.into_iter().filter(|(_, tids)| !tids.is_empty()) {
        let Ok(Answer::Handles(handles)) = session.ask(pid, Request::Handles(tids.clone())) else { continue };
        let Some(inferior) = session.inferiors.get_mut(&pid) else { continue };
        for (tid, handle) in tids.iter().zip(handles) {
            if let Some(thread) = inferior.threads.get_mut(tid) {
                thread.handle = handle;
            }
        }
    }
}

/// The processor that a thread has run on last (proc(5), field `processor` of `/proc/PID/stat`).
fn core(ThreadId { pid, tid }: ThreadId) -> Option<u32> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/task/{}/stat", tid.0)).ok()?;
    behind_name(&stat).get(36)?.parse().ok()
}

/// What came with the signal that the selected thread stopped for.
pub(crate) fn siginfo(session: &mut Session, arguments: &[u8]) -> Reply {
    // gdb reads parts of it, from anywhere, after any stop.
    session.document = None;
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
pub(super) fn piece(
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
