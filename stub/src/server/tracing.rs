//! Tracepoints, as the server knows them: what gdb has defined, which process collects, and what it has collected.

use std::collections::BTreeMap;

use crate::control::{Answer, Request};
use crate::id::Pid;
use crate::target::{Failure, RegisterPlace};
use crate::trace::buffer::Buffer;
use crate::trace::definition::Definition;
use crate::trace::{Halt, Place, Plan, Report, TIMESTAMP, now};

use super::session::Session;

/// All of it. It outlives gdb and the process.
#[derive(Debug)]
pub(crate) struct Tracing {
    pub definitions: Vec<Definition>,
    pub variables: BTreeMap<u32, Variable>,
    pub buffer: Buffer,
    /// The process that collects, while it does.
    pub process: Option<Pid>,
    /// Why it has ended.
    pub halt: Option<Halt>,
    /// When it began and ended, in microseconds; 0: it has not.
    pub started: u64,
    pub stopped: u64,
    /// It goes on without gdb.
    pub unattended: bool,
    /// What gdb has said of the run: its user, notes, and a note on its end, in hexadecimal.
    pub user: String,
    pub notes: String,
    pub stop_note: String,
    /// Memory that does not change, so that it is not collected.
    pub constant: Vec<(u64, u64)>,
    /// The frame that `g`, `m` and their like are about.
    pub frame: Option<u64>,
    /// Where registers are in a frame.
    pub registers: Vec<RegisterPlace>,
    /// What is left of a list that gdb asks for piece by piece.
    pub list: Vec<String>,
}

/// A trace state variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Variable {
    pub initial: u64,
    pub value: u64,
    /// It is the stub's, not the user's.
    pub builtin: bool,
    /// In hexadecimal.
    pub name: String,
}

impl Default for Tracing {
    fn default() -> Tracing {
        Tracing {
            definitions: Vec::new(),
            variables: Tracing::own_variables(),
            buffer: Buffer::default(),
            process: None,
            halt: None,
            started: 0,
            stopped: 0,
            unattended: false,
            user: String::new(),
            notes: String::new(),
            stop_note: String::new(),
            constant: Vec::new(),
            frame: None,
            registers: Vec::new(),
            list: Vec::new(),
        }
    }
}

impl Tracing {
    /// `$trace_timestamp`, as gdbserver has it.
    pub fn own_variables() -> BTreeMap<u32, Variable> {
        let name = String::from_utf8_lossy(&crate::hex::encode(b"trace_timestamp")).into_owned();
        [(TIMESTAMP, Variable { initial: 0, value: 0, builtin: true, name })].into()
    }

    /// How long a block of registers is in a frame.
    pub fn registers_len(&self) -> usize {
        self.registers.iter().map(|place| place.at + place.size).max().unwrap_or(0)
    }

    /// What gdb has defined there.
    pub fn definition(&mut self, place: Place) -> Option<&mut Definition> {
        self.definitions.iter_mut().find(|definition| definition.point.place == place)
    }

    fn take(&mut self, report: Report) {
        self.buffer.extend(&report.frames);
        for (number, value) in report.variables {
            if let Some(variable) = self.variables.get_mut(&number) {
                variable.value = value;
            }
        }
        for (place, count) in report.counts {
            if let Some(definition) = self.definition(place) {
                definition.count = count;
            }
        }
        if let Some(halt) = report.halt {
            self.end(halt);
        }
    }

    fn end(&mut self, halt: Halt) {
        self.process = None;
        self.halt = Some(halt);
        self.stopped = now();
    }
}

impl Session {
    /// Begins to trace in the selected process.
    pub fn start_tracing(&mut self) -> Result<(), Failure> {
        let id = self.current().ok_or(Failure::NoThread)?;
        self.stop_tracing(Halt::Asked);
        let tracing = &mut self.tracing;
        for variable in tracing.variables.values_mut() {
            variable.value = variable.initial;
        }
        tracing.definitions.iter_mut().for_each(|definition| definition.count = Default::default());
        let plan = Plan {
            points: tracing.definitions.iter().map(|definition| definition.point.clone()).collect(),
            variables: tracing.variables.iter().map(|(number, it)| (*number, it.initial)).collect(),
            has_clock: tracing.variables.get(&TIMESTAMP).is_some_and(|variable| variable.builtin),
            room: tracing.buffer.size,
            circular: tracing.buffer.circular,
        };
        tracing.buffer.clear();
        (tracing.frame, tracing.halt) = (None, None);
        (tracing.started, tracing.stopped) = (now(), 0);
        tracing.stop_note.clear();
        tracing.process = Some(id.pid);
        match self.ask(id.pid, Request::Trace(plan)) {
            Ok(Answer::RegisterPlaces(places)) => {
                self.tracing.registers = places;
                Ok(())
            }
            other => {
                self.tracing.process = None;
                Err(other.err().unwrap_or(Failure::Invalid))
            }
        }
    }

    /// Ends it, if it has not ended.
    pub fn stop_tracing(&mut self, why: Halt) {
        if let Some(pid) = self.tracing.process
            && (self.ask_done(pid, Request::TraceHalt(why.clone())).is_err()
                || self.tracing.process.is_some())
        {
            self.tracing.end(why);
        }
    }

    /// Takes over what the process has collected so far.
    pub fn refresh_tracing(&mut self) {
        if let Some(pid) = self.tracing.process {
            let _ = self.ask_done(pid, Request::TraceReport);
        }
    }

    /// A process has told what it has collected.
    pub fn traced(&mut self, pid: Pid, report: Report) {
        if self.tracing.process == Some(pid) {
            self.tracing.take(report);
        }
    }

    /// A process is gone.
    pub fn trace_ends_with(&mut self, pid: Pid) {
        if self.tracing.process == Some(pid) {
            self.tracing.end(Halt::Error("the process has ended".to_owned(), 0));
        }
    }
}
