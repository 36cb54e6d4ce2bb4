//! Tracepoints: what gdb defines, and what it asks of a run.
//!
//! ```text
//! → QTinit            ← OK
//! → QTDP:2:401621:E:0:3-                      ← OK
//! → QTDP:-2:401621:R0fffM-1,4a40d0,10         ← OK
//! → QTDPsrc:2:401621:at:0:4:776f726b          ← OK
//! → QTDV:1:3:0:636f756e74                     ← OK       ($count, with 3 to begin with)
//! → QTStart           ← OK
//! → qTStatus          ← T1;tnotrun:0;tframes:0;tcreated:0;tfree:500000;tsize:500000;circular:0;…
//! → qTP:2:401621      ← V3:1dc1                          (passes, bytes)
//! → QTStop            ← OK
//! → qTfP              ← T2:401621:E:0:3                  (qTsP until "l")
//! ```

use crate::control::Request;
use crate::hex::{self, number};
use crate::server::{Session, Tracing, Variable};
use crate::target::Failure;
use crate::trace::definition::{Definition, place};
use crate::trace::{Halt, TIMESTAMP, buffer, now};

use super::{Reply, split};

/// `QTinit`
pub(crate) fn init(session: &mut Session, _: &[u8]) -> Reply {
    session.stop_tracing(Halt::Asked);
    let tracing = &mut session.tracing;
    tracing.definitions.clear();
    tracing.constant.clear();
    tracing.variables = Tracing::own_variables();
    tracing.buffer.clear();
    (tracing.frame, tracing.halt) = (None, None);
    (tracing.started, tracing.stopped) = (0, 0);
    Reply::Ok
}

/// `QTDP`
pub(crate) fn define(session: &mut Session, arguments: &[u8]) -> Reply {
    done(define_part(session, arguments))
}

fn define_part(session: &mut Session, arguments: &[u8]) -> Option<()> {
    let (known, more) = match arguments {
        [b'-', rest @ ..] => {
            let (place, actions) = place(rest)?;
            (place, session.tracing.definition(place)?.extend(actions)?)
        }
        _ => {
            let (definition, more) = Definition::parse(arguments)?;
            let place = definition.point.place;
            if session.tracing.definition(place).is_some() {
                return None;
            }
            session.tracing.definitions.push(definition);
            (place, more)
        }
    };
    if let Some(pid) = session.tracing.process.filter(|_| !more) {
        let point = session.tracing.definition(known)?.point.clone();
        session.ask_done(pid, Request::TraceAdd(point)).ok()?;
    }
    Some(())
}

/// `QTDPsrc`
pub(crate) fn source(session: &mut Session, arguments: &[u8]) -> Reply {
    let known = place(arguments).and_then(|(place, source)| {
        let definition = session.tracing.definition(place)?;
        definition.sources.push(String::from_utf8(source.to_vec()).ok()?);
        Some(())
    });
    done(known)
}

/// `QTDV`
pub(crate) fn variable(session: &mut Session, arguments: &[u8]) -> Reply {
    let mut parts = arguments.splitn(4, |byte| *byte == b':');
    let mut parse = || {
        let id = u32::try_from(number(parts.next()?)?).ok()?;
        let initial = number(parts.next()?)?;
        let builtin = number(parts.next()?)? != 0;
        let name = String::from_utf8(parts.next().unwrap_or_default().to_vec()).ok()?;
        Some((id, Variable { initial, value: initial, builtin, name }))
    };
    let parsed = parse();
    done(parsed.map(|(id, variable)| drop(session.tracing.variables.insert(id, variable))))
}

/// `QTEnable`
pub(crate) fn enable(session: &mut Session, arguments: &[u8]) -> Reply {
    set_enabled(session, arguments, true)
}

/// `QTDisable`
pub(crate) fn disable(session: &mut Session, arguments: &[u8]) -> Reply {
    set_enabled(session, arguments, false)
}

fn set_enabled(session: &mut Session, arguments: &[u8], enabled: bool) -> Reply {
    let Some((place, _)) = place(arguments) else { return Reply::Fail(Failure::Invalid) };
    let Some(definition) = session.tracing.definition(place) else {
        return Reply::Refuse(format!("there is no tracepoint {} at {:#x}", place.number, place.addr));
    };
    definition.point.enabled = enabled;
    match session.tracing.process {
        Some(pid) => session.ask_done(pid, Request::TraceEnable(place, enabled)).into(),
        None => Reply::Ok,
    }
}

/// `QTro`: `START,END:START,END`
pub(crate) fn constant(session: &mut Session, arguments: &[u8]) -> Reply {
    let range = |text| super::two_numbers(text, b',');
    let ranges = arguments.split(|byte| *byte == b':').filter(|text| !text.is_empty()).map(range);
    done(ranges.collect::<Option<Vec<_>>>().map(|ranges| session.tracing.constant = ranges))
}

/// `QTBuffer`
pub(crate) fn set_buffer(session: &mut Session, arguments: &[u8]) -> Reply {
    let running = session.tracing.process.is_some();
    let buffer = &mut session.tracing.buffer;
    match split(arguments, b':') {
        Some((b"circular", value)) => done(number(value).map(|value| buffer.circular = value != 0)),
        Some((b"size", _)) if running => Reply::Refuse("the trace runs".to_owned()),
        Some((b"size", b"-1")) => {
            buffer.size = buffer::SIZE;
            Reply::Ok
        }
        Some((b"size", value)) => {
            let size = number(value).filter(|size| (1..=buffer::LARGEST).contains(size));
            done(size.map(|size| {
                buffer.clear();
                buffer.size = size;
            }))
        }
        _ => Reply::Empty,
    }
}

/// `QTNotes`: `user:HEX;notes:HEX;tstop:HEX;`
pub(crate) fn notes(session: &mut Session, arguments: &[u8]) -> Reply {
    for pair in arguments.split(|byte| *byte == b';').filter(|pair| !pair.is_empty()) {
        let Some((name, value)) = split(pair, b':') else { return Reply::Fail(Failure::Invalid) };
        if hex::decode(value).is_none() {
            return Reply::Fail(Failure::Invalid);
        }
        let value = String::from_utf8_lossy(value).into_owned();
        match name {
            b"user" => session.tracing.user = value,
            b"notes" => session.tracing.notes = value,
            b"tstop" => session.tracing.stop_note = value,
            _ => return Reply::Fail(Failure::Invalid),
        }
    }
    Reply::Ok
}

/// `QTDisconnected`
pub(crate) fn disconnected(session: &mut Session, arguments: &[u8]) -> Reply {
    done(number(arguments).map(|value| session.tracing.unattended = value != 0))
}

/// `QTStart`
pub(crate) fn start(session: &mut Session, _: &[u8]) -> Reply {
    session.start_tracing().into()
}

/// `QTStop`
pub(crate) fn stop(session: &mut Session, _: &[u8]) -> Reply {
    session.stop_tracing(Halt::Asked);
    Reply::Ok
}

/// `qTStatus`
pub(crate) fn status(session: &mut Session, _: &[u8]) -> Reply {
    session.refresh_tracing();
    let tracing = &session.tracing;
    let why = match &tracing.halt {
        None => "tnotrun:0".to_owned(),
        Some(Halt::Asked) => format!("tstop:{}:0", tracing.stop_note),
        Some(Halt::Full) => "tfull:0".to_owned(),
        Some(Halt::Disconnected) => "tdisconnected:0".to_owned(),
        Some(Halt::Passes(number)) => format!("tpasscount:{number:x}"),
        Some(Halt::Error(text, number)) => {
            format!("terror:{}:{number:x}", String::from_utf8_lossy(&hex::encode(text.as_bytes())))
        }
    };
    let (frames, created) = tracing.buffer.counts();
    format!(
        "T{};{why};tframes:{frames:x};tcreated:{created:x};tfree:{:x};tsize:{:x};circular:{};disconn:{};\
         starttime:{:x};stoptime:{:x};username:{};notes:{}:",
        u8::from(tracing.process.is_some()),
        tracing.buffer.free(),
        tracing.buffer.size,
        u8::from(tracing.buffer.circular),
        u8::from(tracing.unattended),
        tracing.started,
        tracing.stopped,
        tracing.user,
        tracing.notes
    )
    .into()
}

/// `qTP`
pub(crate) fn passes(session: &mut Session, arguments: &[u8]) -> Reply {
    session.refresh_tracing();
    match place(arguments).and_then(|(place, _)| session.tracing.definition(place)) {
        Some(definition) => format!("V{:x}:{:x}", definition.count.hits, definition.count.bytes).into(),
        // gdb asks by its own number, which may not be the one that the gdb before it has given.
        None => Reply::Empty,
    }
}

/// `qTfP`
pub(crate) fn first_definition(session: &mut Session, _: &[u8]) -> Reply {
    session.tracing.list = session.tracing.definitions.iter().flat_map(Definition::tell).collect();
    rest(session, b"")
}

/// `qTfV`
pub(crate) fn first_variable(session: &mut Session, _: &[u8]) -> Reply {
    // gdb shows them in the reverse order.
    let variables = session.tracing.variables.iter().rev();
    let told = variables.map(|(number, Variable { initial, builtin, name, .. })| {
        format!("{number:x}:{initial:x}:{}:{name}", u8::from(*builtin))
    });
    session.tracing.list = told.collect();
    rest(session, b"")
}

/// `qTsP`, `qTsV`
pub(crate) fn rest(session: &mut Session, _: &[u8]) -> Reply {
    let list = &mut session.tracing.list;
    if list.is_empty() { "l".to_owned().into() } else { list.remove(0).into() }
}

/// `qTV`
pub(crate) fn value(session: &mut Session, arguments: &[u8]) -> Reply {
    session.refresh_tracing();
    let Some(id) = number(arguments).and_then(|id| u32::try_from(id).ok()) else {
        return Reply::Fail(Failure::Invalid);
    };
    let tracing = &session.tracing;
    let value = match tracing.frame {
        Some(frame) => {
            let collected = tracing.buffer.variables(frame, tracing.registers_len());
            collected.into_iter().find(|(number, _)| *number == id).map(|(_, value)| value)
        }
        None if id == TIMESTAMP && tracing.variables.get(&id).is_some_and(|it| it.builtin) => Some(now()),
        None => tracing.variables.get(&id).map(|variable| variable.value),
    };
    value.map_or_else(|| "U".to_owned(), |value| format!("V{value:x}")).into()
}

/// `qTMinFTPILen`: there are no fast tracepoints.
pub(crate) fn no_fast(_: &mut Session, _: &[u8]) -> Reply {
    "0".to_owned().into()
}

/// `qTfSTM`, `qTsSTM`: there are no markers.
pub(crate) fn no_markers(_: &mut Session, _: &[u8]) -> Reply {
    "l".to_owned().into()
}

fn done(worked: Option<()>) -> Reply {
    worked.map_or(Reply::Fail(Failure::Invalid), |()| Reply::Ok)
}
