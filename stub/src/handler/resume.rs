//! Why threads are stopped, and letting them go on.
//!
//! ```text
//! → ?                               ← T05thread:p1f.1f;
//! → vCont?                          ← vCont;c;C;s;S;t;r
//! → vCont;s:p1f.20;c:p1f.-1         ← T05thread:p1f.20;       (some time later)
//! → vCont;r105e4,105f0:p1f.1f
//! → vCont;C0b:p1f.1f
//! ```

use crate::hex;
use crate::id::{Selector, Which};
use crate::server::{Action, Session, Will};
use crate::stop::StopReply;
use crate::target::{Failure, Motion};

use super::{Reply, split};

/// `?`
pub(crate) fn why(session: &mut Session, _: &[u8]) -> Reply {
    if session.client.non_stop {
        return super::non_stop::why(session);
    }
    let Some(id) = session.current() else { return "W00".to_owned().into() };
    session.general = Some(id);
    let Some(thread) = session.thread(id) else { return Reply::Fail(Failure::NoThread) };
    let reply = StopReply::Stopped(id, thread.told.clone());
    session.spell(&reply).into()
}

/// `vCont?`
pub(crate) fn supported(_: &mut Session, _: &[u8]) -> Reply {
    "vCont;c;C;s;S;t;r".to_owned().into()
}

/// `vCont`
pub(crate) fn actions(session: &mut Session, arguments: &[u8]) -> Reply {
    let actions: Option<Vec<Will>> =
        arguments.split(|byte| *byte == b';').map(|word| action(session, word)).collect();
    let Some(actions) = actions else { return Reply::Fail(Failure::Invalid) };
    if session.client.non_stop {
        return session.arrange(&actions);
    }
    let going = actions.into_iter().filter_map(|will| match will {
        Will::Go(action) => Some(action),
        // All is stopped already.
        Will::Stop(_) => None,
    });
    let actions: Vec<Action> = going.collect();
    if actions.is_empty() {
        return Reply::Ok;
    }
    session.resume(&actions);
    Reply::Later
}

/// One action.
fn action(session: &Session, word: &[u8]) -> Option<Will> {
    let (verb, threads) = match split(word, b':') {
        Some((verb, threads)) => (verb, named(session, threads)?),
        None => (word, Selector::ALL),
    };
    let (motion, signal) = match verb {
        [b'c'] => (Motion::Continue, None),
        [b's'] => (Motion::Step, None),
        [b't'] => return Some(Will::Stop(threads)),
        [b'C', digits @ ..] => (Motion::Continue, number(session, digits)?),
        [b'S', digits @ ..] => (Motion::Step, number(session, digits)?),
        [b'r', range @ ..] => {
            let (start, end) = super::two_numbers(range, b',')?;
            (Motion::Range { start, end }, None)
        }
        _ => return None,
    };
    Some(Will::Go(Action { motion, signal, threads }))
}

/// Threads by a name that may leave the process out.
fn named(session: &Session, text: &[u8]) -> Option<Selector> {
    let selector = Selector::parse(std::str::from_utf8(text).ok()?)?;
    if selector.pid == Which::Any && text.first() != Some(&b'p') {
        let pid = session.current()?.pid;
        let all = selector.tid == Which::All && !session.client.dialect.multiprocess;
        return Some(Selector { pid: if all { Which::All } else { Which::One(pid.0) }, ..selector });
    }
    Some(selector)
}

/// A signal number; the inner `None` is none.
fn number(session: &Session, digits: &[u8]) -> Option<Option<i32>> {
    let number = u8::try_from(hex::number(digits)?).ok()?;
    Some(session.client.dialect.signal(number))
}

/// `c`
pub(crate) fn go(session: &mut Session, arguments: &[u8]) -> Reply {
    plain(session, Motion::Continue, Some(None), arguments)
}

/// `s`
pub(crate) fn step(session: &mut Session, arguments: &[u8]) -> Reply {
    plain(session, Motion::Step, Some(None), arguments)
}

/// `C`
pub(crate) fn go_with_signal(session: &mut Session, arguments: &[u8]) -> Reply {
    let (digits, rest) = split(arguments, b';').unwrap_or((arguments, b""));
    let signal = number(session, digits);
    plain(session, Motion::Continue, signal, rest)
}

/// `S`
pub(crate) fn step_with_signal(session: &mut Session, arguments: &[u8]) -> Reply {
    let (digits, rest) = split(arguments, b';').unwrap_or((arguments, b""));
    let signal = number(session, digits);
    plain(session, Motion::Step, signal, rest)
}

/// The packets from before `vCont`: they are about what `Hc` has selected. Going on elsewhere is not done.
fn plain(session: &mut Session, motion: Motion, signal: Option<Option<i32>>, addr: &[u8]) -> Reply {
    let Some(signal) = signal.filter(|_| addr.is_empty()) else { return Reply::Fail(Failure::Invalid) };
    let Some(id) =
        session.resumable.and_then(|selector| session.find(selector)).or_else(|| session.current())
    else {
        return Reply::Fail(Failure::NoThread);
    };
    let first = Action { motion, signal, threads: id.into() };
    let process = Selector { pid: Which::One(id.pid.0), tid: Which::All };
    match motion {
        Motion::Continue => session.resume(&[first, Action { signal: None, threads: process, ..first }]),
        _ => session.resume(&[first]),
    }
    Reply::Later
}
