//! `monitor core`: a core file of the process that is asked about.
//!
//! The thread that is asked about comes first: debuggers begin with it.

use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use crate::corefile::{Choice, Core, State, Thread};
use crate::process::Process;

use super::parking::Parked;
use super::{Debugger, siginfo};

/// Writes the core of this process, and says what came of it.
pub(super) fn write(process: &Process, debugger: &Debugger, first: i32, path: &Path) -> String {
    let name = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut threads = standing(debugger);
    // The sort keeps the order of the others.
    threads.sort_by_key(|thread| thread.tid != first);
    let auxv = debugger.loaded.get().map_or(&[][..], |loaded| &loaded.auxv);
    let core = Core::of(process, &threads, State::Stopped, auxv, Choice::All);
    match core.and_then(|core| save(&core, process, &name)) {
        Ok(said) => format!("{}: {said}\n", name.display()),
        Err(error) => format!("cannot write {}: {error}\n", name.display()),
    }
}

/// The threads that stand, in the order of their birth.
pub(super) fn standing(debugger: &Debugger) -> Vec<Thread> {
    let parking = &debugger.parking;
    let thread = |tid| parking.with(tid, |parked| stopped(tid, parked)).ok();
    parking.tids().into_iter().filter_map(thread).collect()
}

fn stopped(tid: i32, parked: &Parked) -> Thread {
    let thread = Thread::new(tid, parked.pc, &parked.regs, parked.fcsr, parked.blocked);
    thread.told(bytemuck::cast(siginfo::shown(parked)))
}

fn save(core: &Core, process: &Process, path: &Path) -> io::Result<String> {
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    let written = core.write(&file, &process.memory, u64::MAX);
    if written.is_err() {
        let _ = fs::remove_file(path);
    }
    written.map(|bytes| format!("a core of {} threads, with {bytes} bytes of memory", core.threads()))
}
