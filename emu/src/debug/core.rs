//! `monitor core`: a core file as the kernel writes it for a riscv64 program (elf(5), core(5); the structures of `<sys/procfs.h>`, with the sizes that
//! they have there).
//!
//! The thread that is asked about comes first: debuggers begin with it.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use crate::addr::GuestAddr;
use crate::hart::F0;
use crate::memory::{Memory, Prot};
use crate::pagemap::{Entry, Pagemap};
use crate::process::Process;
use crate::process::view::maps::{self, Line};
use crate::process::view::{self, Meaning};
use crate::signal::SigSet;
use crate::signal::number::SIGTRAP;

use super::parking::{Parked, SIGINFO_SIZE};
use super::{Debugger, siginfo};

/// Size of a page.
const PAGE: u64 = 4096;
/// How much memory is looked at at a time.
const BLOCK: u64 = 512 * PAGE;

const HEADER: u64 = 64;
const PROGRAM_HEADER: u64 = 56;
const ET_CORE: u16 = 4;
const EM_RISCV: u16 = 243;
/// `EF_RISCV_RVC | EF_RISCV_FLOAT_ABI_DOUBLE`
const EF_RISCV: u32 = 5;
const PT_LOAD: u32 = 1;
const PT_NOTE: u32 = 4;
/// More program headers than this have to be counted elsewhere (elf(5), `PN_XNUM`).
const MOST_HEADERS: usize = 0xffff;

const NT_PRSTATUS: u32 = 1;
const NT_FPREGSET: u32 = 2;
const NT_PRPSINFO: u32 = 3;
const NT_AUXV: u32 = 6;
const NT_FILE: u32 = 0x4649_4c45;
const NT_SIGINFO: u32 = 0x5349_4749;

/// Bytes of a structure, little by little.
#[derive(Default)]
struct Bytes(Vec<u8>);

impl Bytes {
    fn u16(mut self, value: u16) -> Bytes {
        self.0.extend(value.to_le_bytes());
        self
    }

    fn u32(mut self, value: u32) -> Bytes {
        self.0.extend(value.to_le_bytes());
        self
    }

    fn i32s(mut self, values: &[i32]) -> Bytes {
        values.iter().for_each(|value| self.0.extend(value.to_le_bytes()));
        self
    }

    fn u64s(mut self, values: &[u64]) -> Bytes {
        values.iter().for_each(|value| self.0.extend(value.to_le_bytes()));
        self
    }

    /// Text in a field of this size, with a zero behind it.
    fn text(mut self, text: &[u8], size: usize) -> Bytes {
        let end = self.0.len() + size;
        self.0.extend(&text[..text.len().min(size - 1)]);
        self.0.resize(end, 0);
        self
    }

    /// A program header: kind and flags; offset, address, sizes in the file and in memory, alignment.
    fn program_header(self, [kind, flags]: [u32; 2], [at, addr, in_file, size, align]: [u64; 5]) -> Bytes {
        self.u32(kind).u32(flags).u64s(&[at, addr, 0, in_file, size, align])
    }

    /// Zeros up to here.
    fn up_to(mut self, size: usize) -> Bytes {
        self.0.resize(size, 0);
        self
    }
}

/// The unit of times in /proc: a hundredth of a second, as programs for x86-64 see it.
const TICKS: u64 = 100;

/// What a core has of a thread.
struct Registers {
    tid: i32,
    /// The pc, and x1 to x31.
    integer: [u64; 32],
    /// f0 to f31, and fcsr.
    float: [u64; 33],
    siginfo: [u8; SIGINFO_SIZE],
    /// The signals that wait for it, and those that it has blocked.
    pending: SigSet,
    blocked: SigSet,
    times: Times,
}

/// Seconds and microseconds that were spent in programs and in the kernel, then those of children that were waited for: four `struct timeval`.
type Times = [u64; 8];

impl Registers {
    fn of(tid: i32, parked: &Parked) -> Registers {
        let mut integer = [0; 32];
        integer.copy_from_slice(&parked.regs[..32]);
        integer[0] = parked.pc;
        let mut float = [0; 33];
        float[..32].copy_from_slice(&parked.regs[F0..F0 + 32]);
        float[32] = parked.fcsr.into();
        let (siginfo, blocked) = (siginfo::shown(parked), parked.blocked);
        Registers { tid, integer, float, siginfo, pending: pending(tid), blocked, times: times(tid) }
    }

    /// `struct elf_prstatus`; the signal is that of the whole core, as the kernel has it.
    fn status(&self, signal: u16, family: [i32; 3]) -> Vec<u8> {
        let [number, errno, code] =
            [0, 4, 8].map(|at| self.siginfo[at..at + 4].try_into().map_or(0, i32::from_le_bytes));
        let head = Bytes::default().i32s(&[number, code, errno]).u16(signal).up_to(16);
        let head = head.u64s(&[self.pending.0, self.blocked.0]);
        head.i32s(&[self.tid])
            .i32s(&family)
            .u64s(&self.times)
            .up_to(112)
            .u64s(&self.integer)
            .u32(1)
            .up_to(376)
            .0
    }
}

/// What a thread has used, or the first one's process (proc(5), `utime` to `cstime` of `/proc/PID/stat`).
fn times(tid: i32) -> Times {
    let is_first = tid == std::process::id() as i32;
    let path = if is_first { "/proc/self/stat".to_owned() } else { format!("/proc/self/task/{tid}/stat") };
    times_of(&fs::read_to_string(path).unwrap_or_default())
}

fn times_of(stat: &str) -> Times {
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11);
    let mut times = [0; 8];
    for (time, ticks) in times.chunks_exact_mut(2).zip(fields) {
        let ticks: u64 = ticks.parse().unwrap_or(0);
        time.copy_from_slice(&[ticks / TICKS, ticks % TICKS * (1_000_000 / TICKS)]);
    }
    times
}

/// What waits for a thread is the host kernel's work (proc(5), `SigPnd`). SIGTRAP is ours: it calls threads to attention.
fn pending(tid: i32) -> SigSet {
    let status = fs::read_to_string(format!("/proc/self/task/{tid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("SigPnd:"));
    let signals = line.and_then(|digits| u64::from_str_radix(digits.trim(), 16).ok());
    SigSet(signals.unwrap_or(0)).without(SigSet::of(SIGTRAP))
}

/// A core, but for the memory.
struct Core {
    notes: Vec<u8>,
    threads: usize,
    memory: Vec<Line>,
}

/// Writes the core of this process, and says what came of it.
pub(super) fn write(process: &Process, debugger: &Debugger, first: i32, path: &Path) -> String {
    let name = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    match Core::of(process, debugger, first).and_then(|core| core.write(&name, &process.memory)) {
        Ok(said) => format!("{}: {said}\n", name.display()),
        Err(error) => format!("cannot write {}: {error}\n", name.display()),
    }
}

impl Core {
    fn of(process: &Process, debugger: &Debugger, first: i32) -> io::Result<Core> {
        let parking = &debugger.parking;
        let mut threads: Vec<Registers> = parking
            .tids()
            .into_iter()
            .filter_map(|tid| parking.with(tid, |parked| Registers::of(tid, parked)).ok())
            .collect();
        // The sort keeps the order of the others.
        threads.sort_by_key(|thread| thread.tid != first);
        let memory = maps::own(&process.memory);
        if threads.is_empty() {
            return Err(io::Error::other("no thread stands"));
        }
        if memory.len() >= MOST_HEADERS {
            return Err(io::Error::other("the memory has too many parts"));
        }
        let family = family(process.pid());
        let [low, high, ..] = threads[0].siginfo;
        let signal = u16::from_le_bytes([low, high]);
        let mut notes = Notes::default();
        for (number, thread) in threads.iter().enumerate() {
            notes.add(NT_PRSTATUS, &thread.status(signal, family));
            if number == 0 {
                notes.add(NT_PRPSINFO, &description(process, family));
                notes.add(NT_AUXV, debugger.loaded.get().map_or(&[], |loaded| &loaded.auxv[..]));
                notes.add(NT_FILE, &files(&memory));
            }
            notes.add(NT_FPREGSET, &Bytes::default().u64s(&thread.float).0);
            notes.add(NT_SIGINFO, &thread.siginfo);
        }
        Ok(Core { notes: notes.0.0, threads: threads.len(), memory })
    }

    fn write(&self, path: &Path, memory: &Memory) -> io::Result<String> {
        let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
        let written = self.write_to(&file, memory);
        if written.is_err() {
            let _ = fs::remove_file(path);
        }
        written.map(|bytes| format!("a core of {} threads, with {bytes} bytes of memory", self.threads))
    }

    /// How many bytes of memory there were: what is zero stays a hole in the file.
    fn write_to(&self, file: &File, memory: &Memory) -> io::Result<u64> {
        let count = 1 + self.memory.len();
        let notes_at = HEADER + PROGRAM_HEADER * count as u64;
        let mut at = (notes_at + self.notes.len() as u64).next_multiple_of(PAGE);
        let mut head = header(count as u16);
        // Notes have no address.
        head = head.program_header([PT_NOTE, 0], [notes_at, 0, self.notes.len() as u64, 0, 4]);
        let mut places = Vec::new();
        for line in &self.memory {
            let size = line.end - line.start;
            let in_file = if line.prot == Prot::NONE { 0 } else { size };
            let allows = |prot, bit| if line.prot.allows(prot) { bit } else { 0 };
            let flags = allows(Prot::READ, 4) | allows(Prot::WRITE, 2) | allows(Prot::EXEC, 1);
            head = head.program_header([PT_LOAD, flags], [at, line.start, in_file, size, PAGE]);
            if in_file != 0 {
                places.push((line, at));
            }
            at += in_file;
        }
        head.0.extend(&self.notes);
        file.write_all_at(&head.0, 0)?;
        file.set_len(at)?;
        let pagemap = Pagemap::open();
        let mut bytes = 0;
        for (line, at) in places {
            // Private memory that no page is of is zero, and would only be made by a look at it.
            let pages = pagemap.as_ref().ok().filter(|_| line.is_anonymous() && !line.shared);
            bytes += write_memory(file, at, memory, line, pages)?;
        }
        Ok(bytes)
    }
}

/// Writes what is not zero of a part of the memory.
fn write_memory(
    file: &File,
    at: u64,
    memory: &Memory,
    line: &Line,
    pages: Option<&Pagemap>,
) -> io::Result<u64> {
    let mut block = vec![0; BLOCK as usize];
    let mut written = 0;
    for start in (line.start..line.end).step_by(BLOCK as usize) {
        let len = BLOCK.min(line.end - start);
        if pages.is_some_and(|pages| is_untouched(pages, memory.base() as u64 + start, len)) {
            continue;
        }
        for page in (start..start + len).step_by(PAGE as usize) {
            let bytes = &mut block[..PAGE as usize];
            // Behind the end of a file there is nothing.
            if memory.peek(GuestAddr(page), bytes).is_ok() && bytes.iter().any(|byte| *byte != 0) {
                file.write_all_at(bytes, at + (page - line.start))?;
                written += PAGE;
            }
        }
    }
    Ok(written)
}

/// Whether none of these pages is in memory or swapped out.
fn is_untouched(pagemap: &Pagemap, addr: u64, len: u64) -> bool {
    let mut entries = vec![Entry::default(); (len / PAGE) as usize];
    pagemap.read(addr, &mut entries).is_ok() && !entries.into_iter().any(Entry::is_used)
}

fn header(count: u16) -> Bytes {
    let ident = *b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0";
    let head = Bytes(ident.to_vec()).u16(ET_CORE).u16(EM_RISCV).u32(1).u64s(&[0, HEADER, 0]).u32(EF_RISCV);
    head.u16(HEADER as u16).u16(PROGRAM_HEADER as u16).u16(count).up_to(HEADER as usize)
}

/// The notes of a core.
#[derive(Default)]
struct Notes(Bytes);

impl Notes {
    fn add(&mut self, kind: u32, bytes: &[u8]) {
        let notes = std::mem::take(&mut self.0).u32(5).u32(bytes.len() as u32).u32(kind);
        let mut notes = notes.text(b"CORE", 8);
        notes.0.extend(bytes);
        let end = notes.0.len().next_multiple_of(4);
        self.0 = notes.up_to(end);
    }
}

/// Parent, process group and session.
fn family(pid: i32) -> [i32; 3] {
    use nix::unistd::{Pid, getpgid, getppid, getsid};
    let own = Some(Pid::from_raw(pid));
    [getppid().as_raw(), getpgid(own).map_or(0, Pid::as_raw), getsid(own).map_or(0, Pid::as_raw)]
}

/// `struct elf_prpsinfo`
fn description(process: &Process, family: [i32; 3]) -> Vec<u8> {
    let name = fs::read("/proc/self/comm").unwrap_or_default();
    let mut arguments = command_line(process);
    arguments.iter_mut().filter(|byte| **byte == 0).for_each(|byte| *byte = b' ');
    let ids = [nix::unistd::getuid().as_raw(), nix::unistd::getgid().as_raw()];
    // State 3 is T: stopped.
    Bytes(vec![3, b'T', 0, 0])
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
fn files(memory: &[Line]) -> Vec<u8> {
    let files: Vec<&Line> =
        memory.iter().filter(|line| !line.is_anonymous() && !line.name.is_empty()).collect();
    let mut note = Bytes::default().u64s(&[files.len() as u64, PAGE]);
    for file in &files {
        note = note.u64s(&[file.start, file.end, file.offset / PAGE]);
    }
    for file in &files {
        note.0.extend(file.name.bytes().chain([0]));
    }
    note.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structures_have_the_sizes_of_the_kernels() {
        let mut siginfo = [0; SIGINFO_SIZE];
        siginfo[..12].copy_from_slice(&Bytes::default().i32s(&[11, 0, 2]).0);
        let (pending, blocked) = (SigSet::of(10), SigSet::of(12));
        let times = [1, 20_000, 3, 40_000, 0, 0, 0, 5];
        let thread = Registers { tid: 7, integer: [9; 32], float: [0; 33], siginfo, pending, blocked, times };
        let status = thread.status(5, [1, 2, 3]);
        assert_eq!(status.len(), 376);
        let words = |at: usize| u32::from_le_bytes(status[at..at + 4].try_into().unwrap());
        // The thread's signal and code, the core's, the thread, the first register, and that the others are valid.
        assert_eq!([0, 4, 8, 12, 32, 36, 112, 368].map(words), [11, 2, 0, 5, 7, 1, 9, 1]);
        assert_eq!([16, 24].map(words), [1 << 9, 1 << 11]);
        assert_eq!([48, 56, 64, 72, 104].map(words), [1, 20_000, 3, 40_000, 5]);
        assert_eq!(header(3).0.len() as u64, HEADER);
        let bytes = Bytes::default().program_header([1, 5], [2, 3, 4, 5, 6]).0;
        assert_eq!(bytes.len() as u64, PROGRAM_HEADER);
    }

    #[test]
    fn times_are_read_from_the_kernels_words() {
        let stat = "7 (a) b) S 1 1 1 0 -1 4194304 9 8 7 6 123 45 600 1 20 0 1";
        assert_eq!(times_of(stat), [1, 230_000, 0, 450_000, 6, 0, 0, 10_000]);
        assert_eq!(times_of(""), [0; 8]);
    }

    #[test]
    fn notes_are_padded() {
        let mut notes = Notes::default();
        notes.add(6, &[1; 5]);
        assert_eq!(notes.0.0.len(), 12 + 8 + 8);
        assert_eq!(notes.0.0[12..20], *b"CORE\0\0\0\0");
    }
}
