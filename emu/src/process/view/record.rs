//! What a guest process lets others know: a block of memory at the same address in every process of the emulator's.
//!
//! Another process reads it with process_vm_readv(2), so that the kernel decides who may, as it does for the files of /proc that it stands
//! for. The block is a static of a program that is linked at a fixed address (`emu/build.rs`), so processes of one build find one another's; whatever
//! another program has there does not begin as ours does. It is private memory: a forked child has its own by itself. It holds
//! words only, which are stored by whoever changes what they tell of.

use std::ffi::{OsStr, OsString};
use std::io::ErrorKind;
use std::mem::offset_of;
use std::ops::Range;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use bytemuck::{Pod, Zeroable};

use super::maps;
use crate::errno::Errno;
use crate::loader::Identity;
use crate::memory::mirror::{Area, Mirror};
use crate::syscall::descriptors;
use crate::syscall::host::call_at_once;

const MAGIC: u64 = u64::from_le_bytes(*b"tineview");
/// Of the layout here: processes of another version are not read.
const VERSION: u64 = 5;

/// How many regions are told of.
const REGIONS: usize = 65_000;
/// Words of the auxiliary vector.
const AUXV: usize = 64;
/// Words of the program's name.
const EXE: usize = 512;

/// The numbers in a record. Addresses are the guest's if nothing else is said.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct Facts {
    pub(super) magic: u64,
    pub(super) version: u64,
    /// The host's address of guest address 0.
    pub base: u64,
    /// Size of the window.
    pub size: u64,
    /// The argument strings, and the environment's.
    pub args: [u64; 2],
    /// The environment's strings.
    pub env: [u64; 2],
    /// The program's code.
    pub code: [u64; 2],
    /// The stack pointer at the program's entry.
    pub stack: u64,
    /// Where the heap begins.
    pub brk: u64,
    /// `RLIMIT_DATA`, `RLIMIT_STACK` and `RLIMIT_AS`, which the emulator keeps: soft and hard.
    pub limits: [u64; 6],
    /// The signals that have a handler of the guest's.
    pub caught: u64,
    /// The signals that the guest ignores.
    pub ignored: u64,
    /// Mode and number of the filters on system calls.
    pub seccomp: [u64; 2],
    /// A thread of the emulator's own, or 0.
    pub hidden_task: u64,
    /// The debug server, or 0.
    pub(super) tracer: u64,
    /// Where, on the host, the numbers of the hidden descriptors are.
    pub(super) hidden_descriptors: u64,
    /// The descriptor of the program's file, if its name does not lead to it, or 0.
    pub(super) exe_descriptor: u64,
    /// Device and number of the program's file.
    pub(super) program: [u64; 2],
    /// The process that has executed this program in itself; a child that is forked from it has not.
    pub(super) executed: u64,
    pub(super) auxv_len: u64,
    pub(super) exe_len: u64,
    pub(super) sequence: u64,
    pub(super) regions: u64,
}

const FACTS: usize = size_of::<Facts>() / 8;

/// The block as its owner sees it.
#[repr(C)]
struct Block {
    facts: [AtomicU64; FACTS],
    auxv: [AtomicU64; AUXV],
    exe: [AtomicU64; EXE],
    regions: [[AtomicU64; 3]; REGIONS],
}

/// The part that is read at once.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Head {
    facts: Facts,
    auxv: [u64; AUXV],
    exe: [u64; EXE],
}

const _: () = assert!(offset_of!(Block, regions) == size_of::<Head>());

/// It takes no memory before it is written, nor a mapping or a page of page tables of its own, which each fork would copy.
static BLOCK: Block = Block {
    facts: [const { AtomicU64::new(0) }; FACTS],
    auxv: [const { AtomicU64::new(0) }; AUXV],
    exe: [const { AtomicU64::new(0) }; EXE],
    regions: [const { [const { AtomicU64::new(0) }; 3] }; REGIONS],
};

/// Where it is, here and in others.
fn address() -> u64 {
    (&raw const BLOCK) as u64
}

/// Whether this process has published anything.
fn is_published() -> bool {
    BLOCK.facts[fact::MAGIC].load(Relaxed) == MAGIC
}

/// What a process has published.
#[derive(Clone, Debug)]
pub struct Record {
    /// Which one.
    pub pid: i32,
    /// The numbers.
    pub facts: Facts,
    /// The auxiliary vector's bytes.
    pub auxv: Vec<u8>,
    /// The program's file.
    pub exe: PathBuf,
}

/// Where the facts are that change while a program runs, in words.
pub(super) mod fact {
    use super::{Facts, offset_of};

    pub const LIMITS: usize = offset_of!(Facts, limits) / 8;
    pub const CAUGHT: usize = offset_of!(Facts, caught) / 8;
    pub const IGNORED: usize = offset_of!(Facts, ignored) / 8;
    pub const SECCOMP: usize = offset_of!(Facts, seccomp) / 8;
    pub const HIDDEN_TASK: usize = offset_of!(Facts, hidden_task) / 8;
    pub const TRACER: usize = offset_of!(Facts, tracer) / 8;
    pub const EXE_DESCRIPTOR: usize = offset_of!(Facts, exe_descriptor) / 8;
    pub const EXECUTED: usize = offset_of!(Facts, executed) / 8;
    pub(super) const MAGIC: usize = offset_of!(Facts, magic) / 8;
    pub(super) const SEQUENCE: usize = offset_of!(Facts, sequence) / 8;
    pub(super) const REGIONS: usize = offset_of!(Facts, regions) / 8;
}

/// Publishes what does not change while a program runs; the rest is left as it is.
pub(super) fn publish(facts: &Facts, auxv: &[u8], exe: &Path) -> Mirror {
    let block = &BLOCK;
    // The program before this one may be looked at: the number goes on, and is odd until the map is shown.
    let sequence = &block.facts[fact::SEQUENCE];
    sequence.fetch_add(1, Acquire);
    let words: [u64; FACTS] = bytemuck::cast(Facts {
        version: VERSION,
        magic: MAGIC,
        hidden_descriptors: descriptors::numbers(),
        auxv_len: store(auxv, &block.auxv),
        exe_len: store(exe.as_os_str().as_bytes(), &block.exe),
        sequence: sequence.load(Relaxed),
        ..*facts
    });
    for (place, word) in block.facts.iter().zip(words) {
        place.store(word, Relaxed);
    }
    sequence.fetch_add(1, Release);
    Mirror { sequence, count: &block.facts[fact::REGIONS], entries: &block.regions }
}

/// Stores a fact that has changed, one of [`fact`].
pub(super) fn set(place: usize, value: u64) {
    if is_published() {
        BLOCK.facts[place].store(value, Relaxed);
    }
}

/// A fact of this process.
pub(super) fn get(place: usize) -> u64 {
    BLOCK.facts[place].load(Relaxed)
}

/// The record of this process.
pub(super) fn own() -> Option<Record> {
    if !is_published() {
        return None;
    }
    let load = |words: &[AtomicU64]| -> Vec<u64> { words.iter().map(|word| word.load(Relaxed)).collect() };
    let words: [u64; FACTS] = load(&BLOCK.facts).try_into().ok()?;
    Some(record(
        std::process::id() as i32,
        bytemuck::cast(words),
        bytemuck::cast_slice(&load(&BLOCK.auxv)),
        bytemuck::cast_slice(&load(&BLOCK.exe)),
    ))
}

/// The record of another process, or of a thread's; `None` if it is no guest of a version that we know. EPERM if we may not look.
pub(super) fn of(pid: i32) -> Result<Option<Record>, Errno> {
    let mut head = Head::zeroed();
    match read(pid, address(), bytemuck::bytes_of_mut(&mut head)) {
        Ok(()) => {}
        Err(Errno::EPERM) => return Err(Errno::EPERM),
        Err(_) => return Ok(None),
    }
    if head.facts.magic != MAGIC || head.facts.version != VERSION {
        return Ok(None);
    }
    Ok(Some(record(pid, head.facts, bytemuck::cast_slice(&head.auxv), bytemuck::cast_slice(&head.exe))))
}

/// The file of the program that a process runs; `None` if it is no guest, or may not be looked at.
pub(super) fn program_of(pid: i32) -> Option<Identity> {
    let mut facts = Facts::zeroed();
    read(pid, address(), bytemuck::bytes_of_mut(&mut facts)).ok()?;
    let [device, number] = facts.program;
    (facts.magic == MAGIC && facts.version == VERSION).then_some((device, number))
}

fn record(pid: i32, facts: Facts, auxv: &[u8], exe: &[u8]) -> Record {
    let cut = |bytes: &[u8], len: u64| bytes[..bytes.len().min(len as usize)].to_vec();
    let exe = PathBuf::from(OsString::from_vec(cut(exe, facts.exe_len)));
    Record { pid, facts, auxv: cut(auxv, facts.auxv_len), exe }
}

impl Record {
    /// The program's file as the link shows it.
    pub(super) fn link(&self) -> PathBuf {
        const GONE: &[u8] = b" (deleted)";
        let mut link = self.exe.clone();
        if !link.as_os_str().as_bytes().ends_with(GONE) && !self.is_in_place() {
            link.as_mut_os_string().push(OsStr::from_bytes(GONE));
        }
        link
    }

    /// By which name the program's file can be opened.
    pub(super) fn program(&self) -> PathBuf {
        match self.facts.exe_descriptor {
            0 if self.is_in_place() => self.place(),
            // Removed, renamed, or replaced: the host knows the file by its mapping.
            0 => self.mapped_program().unwrap_or_else(|| self.place()),
            descriptor => format!("/proc/{}/fd/{descriptor}", self.pid).into(),
        }
    }

    /// Whether the program's name leads to its file still, as far as we may know.
    fn is_in_place(&self) -> bool {
        match self.place().metadata() {
            Ok(found) => [found.dev(), found.ino()] == self.facts.program,
            Err(error) => !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory),
        }
    }

    /// The program's name as it is here: another process may have another root.
    fn place(&self) -> PathBuf {
        if self.pid == std::process::id() as i32 {
            return self.exe.clone();
        }
        let mut place = OsString::from(format!("/proc/{}/root", self.pid));
        place.push(&self.exe);
        place.into()
    }

    /// The way to the file that the program's code is mapped from. Who may not take it, which a removed file needs privileges for, finds nothing.
    fn mapped_program(&self) -> Option<PathBuf> {
        let maps = std::fs::read_to_string(format!("/proc/{}/maps", self.pid)).ok()?;
        let code = self.facts.base + self.facts.code[0];
        let mut ranges = maps.lines().filter_map(|line| Some(maps::range(line)?.0));
        let Range { start, end } = ranges.find(|range| range.contains(&code))?;
        Some(format!("/proc/{}/map_files/{start:x}-{end:x}", self.pid).into())
    }

    /// The regions of the process, by address.
    pub(super) fn areas(&self) -> Result<Vec<Area>, Errno> {
        for _ in 0..100 {
            let before = self.word(fact::SEQUENCE)?;
            let count = self.word(fact::REGIONS)?.min(REGIONS as u64);
            let mut words = vec![[0_u64; 3]; count as usize];
            read(self.pid, address() + size_of::<Head>() as u64, bytemuck::cast_slice_mut(&mut words))?;
            if before % 2 == 0 && self.word(fact::SEQUENCE)? == before {
                return Ok(words.into_iter().map(Area::from_words).collect());
            }
            std::thread::yield_now();
        }
        Err(Errno::EAGAIN)
    }

    /// Reads guest memory of the process.
    pub(super) fn read(&self, addr: u64, bytes: &mut [u8]) -> Result<(), Errno> {
        let inside = addr.checked_add(bytes.len() as u64).is_some_and(|end| end <= self.facts.size);
        if inside { read(self.pid, self.facts.base + addr, bytes) } else { Err(Errno::EFAULT) }
    }

    /// Whether a descriptor of the process is the emulator's.
    pub(super) fn hides_descriptor(&self, fd: i32) -> bool {
        let mut numbers = [-1_i32; descriptors::SLOTS];
        let known = read(self.pid, self.facts.hidden_descriptors, bytemuck::cast_slice_mut(&mut numbers));
        known.is_ok() && fd >= 0 && numbers.contains(&fd)
    }

    fn word(&self, place: usize) -> Result<u64, Errno> {
        let mut word = 0_u64;
        read(self.pid, address() + 8 * place as u64, bytemuck::bytes_of_mut(&mut word))?;
        Ok(word)
    }
}

/// Stores bytes in words, as many as fit, and says how many.
fn store(bytes: &[u8], words: &[AtomicU64]) -> u64 {
    let bytes = &bytes[..bytes.len().min(8 * words.len())];
    for (chunk, word) in bytes.chunks(8).zip(words) {
        let mut padded = [0; 8];
        padded[..chunk.len()].copy_from_slice(chunk);
        word.store(u64::from_le_bytes(padded), Relaxed);
    }
    bytes.len() as u64
}

/// Reads memory of another process (or of this one) at a host address.
fn read(pid: i32, addr: u64, bytes: &mut [u8]) -> Result<(), Errno> {
    let local = [bytes.as_mut_ptr() as u64, bytes.len() as u64];
    let remote = [addr, bytes.len() as u64];
    let args = [pid as u64, local.as_ptr() as u64, 1, remote.as_ptr() as u64, 1, 0];
    let read = call_at_once(libc::SYS_process_vm_readv, args)?;
    if read == bytes.len() as u64 { Ok(()) } else { Err(Errno::EFAULT) }
}
