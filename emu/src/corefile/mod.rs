//! Core files, as the kernel writes them for a riscv64 program (elf(5), core(5)): by order of a debugger, or when the program dies.

mod death;
mod format;
mod memory;
mod name;
mod thread;

use std::fs::{self, File};
use std::io;

pub(crate) use death::{Gathering, dump, stand_aside};
pub(crate) use memory::Choice;
pub(crate) use thread::Thread;

use crate::memory::{Memory, PAGE};
use crate::process::Process;
use crate::process::view::maps::Line;
use crate::process::view::{self, Meaning};
use format::{
    Bytes, HEADER, NT_AUXV, NT_FILE, NT_FPREGSET, NT_PRPSINFO, NT_PRSTATUS, NT_SIGINFO, Notes,
    PROGRAM_HEADER, PT_NOTE, header,
};
use memory::{Output, Part, Selection};

/// More program headers than this have to be counted elsewhere (elf(5), `PN_XNUM`).
const MOST_HEADERS: usize = 0xffff;

/// What a process was doing (`pr_state` and `pr_sname`).
#[derive(Clone, Copy, Debug)]
pub(crate) enum State {
    /// It ran.
    Running,
    /// A debugger has stopped it.
    Stopped,
}

/// A core, but for the bytes of the memory.
#[derive(Debug)]
pub(crate) struct Core {
    notes: Vec<u8>,
    threads: usize,
    memory: Selection,
}

impl Core {
    /// The core of this process with these threads, of which debuggers begin with the first.
    ///
    /// # Errors
    /// There is no thread, or there is more memory than a core can describe.
    pub fn of(
        process: &Process,
        threads: &[Thread],
        state: State,
        auxv: &[u8],
        choice: Choice,
    ) -> io::Result<Core> {
        let Some(first) = threads.first() else { return Err(io::Error::other("no thread stands")) };
        let memory = Selection::of(&process.memory, choice);
        if memory.parts.len() >= MOST_HEADERS {
            return Err(io::Error::other("the memory has too many parts"));
        }
        let family = family(process.pid());
        let signal = first.siginfo.map_or(0, |info| info.signal as u16);
        let mut notes = Notes::default();
        for (number, thread) in threads.iter().enumerate() {
            notes.add(NT_PRSTATUS, &thread.status(signal, family));
            if number == 0 {
                notes.add(NT_PRPSINFO, &description(process, state, family));
                notes.add(NT_AUXV, auxv);
                notes.add(NT_FILE, &files(&memory.parts));
            }
            notes.add(NT_FPREGSET, &Bytes::default().u64s(&thread.float).0);
            if let Some(siginfo) = &thread.siginfo {
                notes.add(NT_SIGINFO, bytemuck::bytes_of(siginfo));
            }
        }
        Ok(Core { notes: notes.0.0, threads: threads.len(), memory })
    }

    /// How many threads it has.
    pub fn threads(&self) -> usize {
        self.threads
    }

    /// Writes it to an empty file, of which what is zero stays a hole, and says how many bytes of memory there were.
    ///
    /// # Errors
    /// The file's, and `FileTooLarge` if more than `room` bytes would have to be written: so many are.
    pub fn write(&self, file: &File, memory: &Memory, room: u64) -> io::Result<u64> {
        let parts = &self.memory.parts;
        let count = 1 + parts.len();
        let notes_at = HEADER + PROGRAM_HEADER * count as u64;
        let notes_len = self.notes.len() as u64;
        // Notes have no address.
        let head = header(count as u16).program_header([PT_NOTE, 0], [notes_at, 0, notes_len, 0, 4]);
        let at = (notes_at + notes_len).next_multiple_of(PAGE);
        let (mut head, places, end) = self.memory.headers(head, at);
        head.0.extend(&self.notes);
        let mut out = Output::new(file, room);
        out.write(&head.0, 0)?;
        let mut bytes = 0;
        for (part, at) in parts.iter().zip(places) {
            bytes += self.memory.write(part, at, memory, &mut out)?;
        }
        out.end(end)?;
        Ok(bytes)
    }
}

/// Parent, process group and session.
fn family(pid: i32) -> [i32; 3] {
    use nix::unistd::{Pid, getpgid, getppid, getsid};
    let own = Some(Pid::from_raw(pid));
    [getppid().as_raw(), getpgid(own).map_or(0, Pid::as_raw), getsid(own).map_or(0, Pid::as_raw)]
}

/// `struct elf_prpsinfo`
fn description(process: &Process, state: State, family: [i32; 3]) -> Vec<u8> {
    let name = fs::read("/proc/thread-self/comm").unwrap_or_default();
    let mut arguments = command_line(process);
    arguments.iter_mut().filter(|byte| **byte == 0).for_each(|byte| *byte = b' ');
    let ids = [nix::unistd::getuid().as_raw(), nix::unistd::getgid().as_raw()];
    let state = match state {
        State::Running => [0, b'R', 0, 0],
        State::Stopped => [3, b'T', 0, 0],
    };
    Bytes(state.to_vec())
        .up_to(16)
        .u32(ids[0])
        .u32(ids[1])
        .i32s(&[process.pid()])
        .i32s(&family)
        .text(name.trim_ascii_end(), 16)
        .text(arguments.trim_ascii_end(), 80)
        .0
}

fn command_line(process: &Process) -> Vec<u8> {
    let path = "/proc/self/cmdline";
    match view::meaning(libc::AT_FDCWD, path.as_bytes(), true) {
        Some(Meaning::Shown(place)) => {
            view::contents(&place, process, || Ok(fs::read(path)?)).ok().flatten().unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

/// The files that are mapped, and where: count and page size, then ranges and offsets in pages, then names.
fn files(parts: &[Part]) -> Vec<u8> {
    let has_file = |line: &&Line| !line.is_anonymous() && !line.name.is_empty();
    let files: Vec<&Line> = parts.iter().map(|part| &part.line).filter(has_file).collect();
    let mut note = Bytes::default().u64s(&[files.len() as u64, PAGE]);
    for file in &files {
        note = note.u64s(&[file.start, file.end, file.offset / PAGE]);
    }
    for file in &files {
        note.0.extend(file.name.bytes().chain([0]));
    }
    note.0
}
