//! Which threads there are, and which one is meant.
//!
//! ```text
//! → Hgp1f.20        ← OK
//! → qfThreadInfo    ← mp1f.1f,p20.20
//! → qsThreadInfo    ← l
//! → qC              ← QCp1f.1f
//! → QThreadEvents:1 ← OK
//! → QThreadOptions;3:p1f.20   ← OK      (tell me what threads it makes, and when it ends)
//! ```

use std::fmt::Write;

use serde_json::{Value, json};

use crate::control::{Answer, Request};
use crate::hex;
use crate::id::{Pid, Selector, ThreadId, Tid, Which};
use crate::server::{Inferior, InferiorThread, Session, ThreadOptions};
use crate::stop::{Dialect, StopReason, StopReply};
use crate::target::Failure;

use super::{Reply, split};

fn selector(text: &[u8]) -> Option<Selector> {
    Selector::parse(std::str::from_utf8(text).ok()?)
}

/// `Hg` and `Hc`. The process may be any that gdb knows.
pub(crate) fn select(session: &mut Session, arguments: &[u8]) -> Reply {
    let (Some(operation), Some(selector)) = (arguments.first(), arguments.get(1..).and_then(selector)) else {
        return Reply::Fail(Failure::Invalid);
    };
    match operation {
        b'g' => match session.find(selector) {
            Some(id) => {
                session.general = Some(id);
                Reply::Ok
            }
            None => Reply::Fail(Failure::NoThread),
        },
        b'c' => {
            session.resumable = Some(selector);
            Reply::Ok
        }
        _ => Reply::Fail(Failure::Invalid),
    }
}

/// `T`
pub(crate) fn alive(session: &mut Session, arguments: &[u8]) -> Reply {
    let known = |selector: Selector| {
        session.inferiors.values().flat_map(|inferior| inferior.ids()).any(|id| selector.matches(id))
    };
    match selector(arguments) {
        Some(selector) if known(selector) => Reply::Ok,
        Some(_) => Reply::Fail(Failure::NoThread),
        None => Reply::Fail(Failure::Invalid),
    }
}

/// `qC`
pub(crate) fn current(session: &mut Session, _: &[u8]) -> Reply {
    match session.current() {
        Some(id) => format!("QC{}", spell(session, id)).into(),
        None => Reply::Fail(Failure::NoThread),
    }
}

/// `qAttached`: what ran before gdb came lives on when it leaves; what was started to be debugged, and its children, do not.
pub(crate) fn attached(session: &mut Session, arguments: &[u8]) -> Reply {
    let pid = if arguments.is_empty() { session.current().map(|id| id.pid) } else { pid(arguments) };
    let launched = pid.and_then(|pid| session.inferiors.get(&pid)).is_some_and(|inferior| inferior.launched);
    if launched { "0" } else { "1" }.to_owned().into()
}

/// `qfThreadInfo`
pub(crate) fn first_list(session: &mut Session, _: &[u8]) -> Reply {
    refresh(session);
    let ids = session.inferiors.values().flat_map(|inferior| inferior.ids());
    let ids: Vec<String> = ids.map(|id| spell(session, id)).collect();
    if ids.is_empty() { "l".to_owned().into() } else { format!("m{}", ids.join(",")).into() }
}

/// `qsThreadInfo`
pub(crate) fn rest_of_list(_: &mut Session, _: &[u8]) -> Reply {
    "l".to_owned().into()
}

/// `QThreadEvents`: for all processes, those to come too.
pub(crate) fn events(session: &mut Session, arguments: &[u8]) -> Reply {
    let wanted = match arguments {
        b"0" => false,
        b"1" => true,
        _ => return Reply::Fail(Failure::Invalid),
    };
    session.client.thread_events = wanted;
    // Without waiting for answers: gdb sends this at each step over a breakpoint.
    let pids: Vec<_> = session.inferiors.keys().copied().collect();
    for pid in pids {
        session.tell(pid, Request::ThreadEvents(wanted));
    }
    Reply::Ok
}

/// `QThreadOptions`: the last option that names a thread counts; threads that none names keep theirs.
pub(crate) fn options(session: &mut Session, arguments: &[u8]) -> Reply {
    let Some(wishes) = arguments.split(|byte| *byte == b';').map(option).collect::<Option<Vec<_>>>() else {
        return Reply::Fail(Failure::Invalid);
    };
    for inferior in session.inferiors.values_mut() {
        for (tid, thread) in &mut inferior.threads {
            let id = ThreadId { pid: inferior.pid, tid: *tid };
            let wish = wishes.iter().rev().find(|(threads, _)| threads.matches(id));
            thread.options = wish.map_or(thread.options, |(_, options)| *options);
        }
    }
    let holders: Vec<(Pid, Vec<Tid>)> = session.inferiors.values().map(Inferior::holders).collect();
    for (pid, tids) in holders {
        session.tell(pid, Request::HoldClones(tids));
    }
    Reply::Ok
}

/// `OPTIONS[:THREAD-ID]`: bit 0 stands for clone, bit 1 for exit.
fn option(text: &[u8]) -> Option<(Selector, ThreadOptions)> {
    let (bits, threads) = match split(text, b':') {
        Some((bits, threads)) => (bits, selector(threads)?),
        None => (text, Selector { pid: Which::All, tid: Which::All }),
    };
    let bits = hex::number(bits).filter(|bits| bits & !3 == 0)?;
    Some((threads, ThreadOptions { clone: bits & 1 != 0, exit: bits & 2 != 0 }))
}

/// `jThreadsInfo`: all threads of the selected process, why they stopped, and their vital registers.
pub(crate) fn json(session: &mut Session, _: &[u8]) -> Reply {
    refresh(session);
    let Some(current) = session.current() else { return Reply::Fail(Failure::NoThread) };
    let ids: Vec<ThreadId> =
        session.inferiors.get(&current.pid).into_iter().flat_map(|of| of.ids()).collect();
    let mut threads = Vec::new();
    for id in ids {
        let Some(InferiorThread { name, told, stopped, vitals, .. }) = session.thread(id) else { continue };
        let vitals = vitals.clone();
        let known = *stopped && !vitals.is_empty();
        let told =
            if id == session.stopped.unwrap_or(current) { told.clone() } else { StopReason::Requested };
        let mut thread = json!({ "tid": id.tid.0, "name": name.clone() });
        if told != StopReason::Requested {
            thread["reason"] = told.word().into();
            thread["signal"] = told.signal().into();
        }
        // They came with the stop, unless they have been written since or the thread has not stopped yet.
        let registers = match known {
            true => Some(vitals),
            false => match session.ask(id.pid, Request::VitalRegisters(id.tid)) {
                Ok(Answer::Registers(registers)) => Some(registers),
                _ => None,
            },
        };
        if let Some(registers) = registers {
            let value = |bytes: &[u8]| String::from_utf8_lossy(&hex::encode(bytes)).into_owned();
            thread["registers"] =
                registers.iter().map(|(number, bytes)| (number.to_string(), value(bytes))).collect();
        }
        threads.push(thread);
    }
    Value::from(threads).to_string().into()
}

/// `qThreadExtraInfo`: the name.
pub(crate) fn extra(session: &mut Session, arguments: &[u8]) -> Reply {
    let id = selector(arguments).and_then(|selector| session.find(selector));
    match id.and_then(|id| session.thread(id)) {
        Some(thread) => Reply::Bytes(hex::encode(thread.name.as_bytes())),
        None => Reply::Fail(Failure::NoThread),
    }
}

/// Finds out how the threads of all processes are called now.
pub(crate) fn refresh(session: &mut Session) {
    let pids: Vec<_> = session.inferiors.keys().copied().collect();
    for pid in pids {
        if session.look_at_names(pid).is_some() {
            continue;
        }
        if let Ok(Answer::Threads(mut threads)) = session.ask(pid, Request::Threads)
            && let Some(inferior) = session.inferiors.get_mut(&pid)
        {
            inferior.numbers.iter_mut().for_each(|numbers| numbers.name(&mut threads));
            inferior.name(threads);
        }
    }
}

impl Session {
    /// A stop reply as it is sent: with the registers that gdb will ask for first, and with the threads of the process for a debugger
    /// that wants them in it. Remembers who stopped.
    pub fn spell(&mut self, reply: &StopReply) -> String {
        let dialect = Dialect { is_nameless: self.without.t_thread, ..self.client.dialect };
        let mut packet = reply.packet(dialect);
        let (StopReply::Stopped(id, _) | StopReply::Interrupted(id)) = reply else { return packet };
        self.stopped = Some(*id);
        if self.without.t {
            packet.replace_range(..1, "S");
            packet.truncate("S05".len());
            return packet;
        }
        if let Some(thread) = self.thread(*id).filter(|thread| thread.stopped) {
            for (number, bytes) in &thread.vitals {
                let _ = write!(packet, "{number:02x}:{};", String::from_utf8_lossy(&hex::encode(bytes)));
            }
        }
        if let Some(inferior) = self.inferiors.get(&id.pid).filter(|_| self.client.list_threads) {
            let ids: Vec<String> = inferior.ids().map(|id| spell(self, id)).collect();
            let _ = write!(packet, "threads:{};", ids.join(","));
        }
        packet
    }
}

/// A thread id as this client takes it.
pub(crate) fn spell(session: &Session, id: ThreadId) -> String {
    if session.client.dialect.multiprocess { id.to_string() } else { format!("{:x}", id.tid.0) }
}

/// Reads a pid as packets have it: hexadecimal, alone.
pub(crate) fn pid(text: &[u8]) -> Option<crate::id::Pid> {
    match selector(text)?.tid {
        Which::One(pid) => Some(crate::id::Pid(pid)),
        _ => None,
    }
}
