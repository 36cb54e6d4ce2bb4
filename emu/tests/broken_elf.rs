//! Mutilated executables, given to the loader and to the command: an error of one line each, the right exit status, never a panic.
#![allow(clippy::unwrap_used, reason = "test")]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

use proptest::prelude::*;
use tine::loader::{self, LoadError, Request};
use tine::memory::{Memory, SV39_BITS};

/// Offsets in the ELF header.
const CLASS: usize = 4;
const DATA: usize = 5;
const TYPE: usize = 16;
const MACHINE: usize = 18;
const ENTRY: usize = 24;
const PHOFF: usize = 32;
const PHENTSIZE: usize = 54;
const PHNUM: usize = 56;
/// The first program header and what is in one.
const PH: usize = 64;
const PH_LEN: usize = 56;
const P_TYPE: usize = 0;
const P_FLAGS: usize = 4;
const P_OFFSET: usize = 8;
const P_VADDR: usize = 16;
const P_FILESZ: usize = 32;
const P_MEMSZ: usize = 40;
const P_ALIGN: usize = 48;
/// Where the code of [`valid`] is.
const CODE: usize = 0x100;

/// A program that exits with 7: one segment of code, one of data with zeroes behind it, one empty slot for whatever a case needs.
fn valid() -> Vec<u8> {
    let mut elf = vec![0; 0x1010];
    elf[..8].copy_from_slice(b"\x7fELF\x02\x01\x01\0");
    put16(&mut elf, TYPE, 2);
    put16(&mut elf, MACHINE, 243);
    put32(&mut elf, 20, 1);
    put64(&mut elf, ENTRY, 0x1_0000 + CODE as u64);
    put64(&mut elf, PHOFF, PH as u64);
    put16(&mut elf, 52, 64);
    put16(&mut elf, PHENTSIZE, PH_LEN as u16);
    put16(&mut elf, PHNUM, 3);
    segment(&mut elf, 0, 5, 0, 0x1_0000, 0x200, 0x200);
    segment(&mut elf, 1, 6, 0x1000, 0x1_1000, 0x10, 0x3000);
    // li a0, 7; li a7, 93; ecall
    for (at, word) in [0x0070_0513, 0x05d0_0893, 0x0000_0073].into_iter().enumerate() {
        put32(&mut elf, CODE + 4 * at, word);
    }
    elf
}

fn segment(elf: &mut [u8], index: usize, flags: u32, offset: u64, addr: u64, file_len: u64, len: u64) {
    let at = PH + index * PH_LEN;
    put32(elf, at + P_TYPE, 1);
    put32(elf, at + P_FLAGS, flags);
    put64(elf, at + P_OFFSET, offset);
    put64(elf, at + P_VADDR, addr);
    put64(elf, at + P_FILESZ, file_len);
    put64(elf, at + P_MEMSZ, len);
    put64(elf, at + P_ALIGN, 0x1000);
}

fn put16(elf: &mut [u8], at: usize, value: u16) {
    elf[at..at + 2].copy_from_slice(&value.to_le_bytes());
}

fn put32(elf: &mut [u8], at: usize, value: u32) {
    elf[at..at + 4].copy_from_slice(&value.to_le_bytes());
}

fn put64(elf: &mut [u8], at: usize, value: u64) {
    elf[at..at + 8].copy_from_slice(&value.to_le_bytes());
}

/// A field of the program header `index`.
fn ph(index: usize, field: usize) -> usize {
    PH + index * PH_LEN + field
}

type Mutilation = fn(&mut Vec<u8>);

/// What is done to the file, and a part of what is said about it.
const CASES: &[(&str, Mutilation, &str)] = &[
    ("empty", |elf| elf.clear(), "is not an ELF file"),
    ("one byte", |elf| elf.truncate(1), "is not an ELF file"),
    ("text", |elf| *elf = b"hello world\n".repeat(20), "is not an ELF file"),
    ("script", |elf| *elf = b"#!/bin/sh\nexit 0\n".to_vec(), "is a script"),
    ("magic alone", |elf| elf.truncate(4), "ends within its header"),
    ("half a header", |elf| elf.truncate(40), "ends within its header"),
    ("header alone", |elf| elf.truncate(64), "program headers are beyond its end"),
    ("32-bit", |elf| elf[CLASS] = 1, "it is a 32-bit program"),
    ("no class", |elf| elf[CLASS] = 0, "its class"),
    ("big-endian", |elf| elf[DATA] = 2, "not little-endian"),
    ("no data", |elf| elf[DATA] = 7, "not little-endian"),
    ("x86-64", |elf| put16(elf, MACHINE, 62), "its machine is X86_64"),
    ("no machine", |elf| put16(elf, MACHINE, 0xffff), "is not a riscv64 program"),
    ("object", |elf| put16(elf, TYPE, 1), "it is an object file"),
    ("core", |elf| put16(elf, TYPE, 4), "it is a core dump"),
    ("no type", |elf| put16(elf, TYPE, 99), "its type is unknown"),
    ("no headers", |elf| put16(elf, PHNUM, 0), "no program headers"),
    ("many headers", |elf| put16(elf, PHNUM, 0xffff), "65535 program headers"),
    ("short headers", |elf| put16(elf, PHENTSIZE, 32), "32 bytes long, not 56"),
    ("headers nowhere", |elf| put64(elf, PHOFF, u64::MAX), "program headers are beyond its end"),
    ("headers at 2^63", |elf| put64(elf, PHOFF, 1 << 63), "program headers are beyond its end"),
    (
        "nothing to load",
        |elf| [0, 1].into_iter().for_each(|index| put32(elf, ph(index, P_TYPE), 0)),
        "nothing to load",
    ),
    ("offset beyond the end", |elf| put64(elf, ph(0, P_OFFSET), 0x10_0000), "beyond the end of the file"),
    ("offset at 2^63", |elf| put64(elf, ph(0, P_OFFSET), 1 << 63), "beyond the end of the file"),
    ("offset wraps", |elf| put64(elf, ph(0, P_OFFSET), u64::MAX - 0xfff), "beyond the end of the file"),
    (
        "longer than the file",
        |elf| {
            put64(elf, ph(0, P_FILESZ), 1 << 40);
            put64(elf, ph(0, P_MEMSZ), 1 << 40);
        },
        "beyond the end of the file",
    ),
    ("more file than memory", |elf| put64(elf, ph(0, P_MEMSZ), 0x100), "longer in the file than in memory"),
    ("no memory for the file", |elf| put64(elf, ph(0, P_MEMSZ), 0), "longer in the file than in memory"),
    ("2^63 bytes", |elf| put64(elf, ph(1, P_MEMSZ), 1 << 63), "is too high"),
    ("2^64 - 1 bytes", |elf| put64(elf, ph(1, P_MEMSZ), u64::MAX), "beyond the end of memory"),
    ("address wraps", |elf| put64(elf, ph(1, P_VADDR), u64::MAX - 0xfff), "beyond the end of memory"),
    ("address too high", |elf| put64(elf, ph(1, P_VADDR), 1 << 38), "is too high"),
    ("address in the stack", |elf| put64(elf, ph(1, P_VADDR), (1 << 38) - 0x10000), "is too high"),
    (
        "address too low",
        |elf| {
            put64(elf, ph(0, P_VADDR), 0);
            put64(elf, ENTRY, 0x100);
        },
        "is too low",
    ),
    ("overlap", |elf| put64(elf, ph(0, P_MEMSZ), 0x1001), "overlaps the one before"),
    ("descending", |elf| put64(elf, ph(0, P_VADDR), 0x2_0000), "is out of order"),
    ("alignment of 3", |elf| put64(elf, ph(0, P_ALIGN), 3), "not a power of two"),
    (
        "alignment of 2^63",
        |elf| {
            put16(elf, TYPE, 3);
            put64(elf, ph(0, P_ALIGN), 1 << 63);
        },
        "its alignment is",
    ),
    ("offset out of step", |elf| put64(elf, ph(0, P_OFFSET), 8), "does not match its address"),
    ("entry nowhere", |elf| put64(elf, ENTRY, 0x5000), "entry point 0x5000"),
    ("entry at 2^64 - 1", |elf| put64(elf, ENTRY, u64::MAX), "entry point"),
    ("interpreter nowhere", |elf| interp(elf, 1 << 63, 10), "name of its interpreter"),
    ("interpreter without end", |elf| interp(elf, CODE as u64, 3), "name of its interpreter"),
    (
        "dynamic",
        |elf| {
            elf[0xf0..0x100].copy_from_slice(b"/lib/no-such-ld\0");
            interp(elf, 0xf0, 16);
        },
        "tried /usr/riscv64-linux-gnu/lib/no-such-ld, /etc/qemu-binfmt/riscv64/lib/no-such-ld, /lib/no-such-ld",
    ),
];

fn interp(elf: &mut [u8], offset: u64, len: u64) {
    segment(elf, 2, 4, offset, 0x1_0000, len, len);
    put32(elf, ph(2, P_TYPE), 3);
}

/// A file that goes when the test ends.
struct Scratch(PathBuf);

impl Scratch {
    fn new(bytes: &[u8]) -> Scratch {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("tine-elf-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::write(&path, bytes).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
        Scratch(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn load(path: &Path) -> Result<loader::Image, LoadError> {
    let memory = Memory::reserve(SV39_BITS).unwrap();
    let request = Request { called: path.as_os_str(), argv: &[], envp: &[], stack: 1 << 20 };
    loader::load(&memory, loader::open(path)?, &request)
}

fn tine(program: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tine")).arg(program).env_clear().output().unwrap()
}

/// One line that names the program, nothing else, and this exit status.
fn check(output: &Output, program: &Path, status: i32, part: &str) {
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(status), "{text}");
    assert!(text.starts_with(&format!("tine: {}: ", program.display())), "{text}");
    assert!(text.ends_with('\n') && text.matches('\n').count() == 1, "{text}");
    assert!(text.contains(part), "{text}");
    assert!(output.stdout.is_empty());
}

#[test]
fn the_file_that_is_mutilated_runs_when_whole() {
    let file = Scratch::new(&valid());
    let image = load(&file.0).unwrap();
    assert_eq!(image.entry.0, 0x1_0100);
    assert_eq!(image.phdr.0, 0x1_0040);
    assert_eq!(image.brk.0, 0x1_4000);
    assert_eq!(image.sp.0 % 16, 0);
    assert_eq!(tine(&file.0).status.code(), Some(7));
}

#[test]
fn a_relocatable_one_runs_at_two_thirds_of_the_space() {
    let mut elf = valid();
    put16(&mut elf, TYPE, 3);
    let file = Scratch::new(&elf);
    assert_eq!(load(&file.0).unwrap().entry.0, 0x2a_aaaa_a000 + 0x100);
    assert_eq!(tine(&file.0).status.code(), Some(7));
}

#[test]
fn every_mutilation_is_refused_in_one_line() {
    for (name, mutilate, part) in CASES {
        let mut elf = valid();
        mutilate(&mut elf);
        let file = Scratch::new(&elf);
        let error = load(&file.0).expect_err(name);
        assert!(error.to_string().contains(part), "{name}: {error}");
        // What is not there is the linker.
        let status = if *name == "dynamic" { 127 } else { 126 };
        assert_eq!(error.exit_code(), status, "{name}");
        check(&tine(&file.0), &file.0, status.into(), part);
    }
}

#[test]
fn what_is_no_program_at_all() {
    let missing = Path::new("/no/such/program");
    check(&tine(missing), missing, 127, "no such file or directory");
    check(&tine(Path::new("/tmp")), Path::new("/tmp"), 126, "is a directory");
    check(&tine(Path::new("/dev/null")), Path::new("/dev/null"), 126, "is not a regular file");
    let fifo = std::env::temp_dir().join(format!("tine-fifo-{}", std::process::id()));
    nix::unistd::mkfifo(&fifo, nix::sys::stat::Mode::S_IRWXU).unwrap();
    let output = tine(&fifo);
    fs::remove_file(&fifo).unwrap();
    check(&output, &fifo, 126, "is not a regular file");
    let host = Path::new(env!("CARGO_BIN_EXE_tine"));
    check(&tine(host), host, 126, "its machine is X86_64");
    let file = Scratch::new(&valid());
    fs::set_permissions(&file.0, Permissions::from_mode(0o644)).unwrap();
    check(&tine(&file.0), &file.0, 126, "permission denied");
    let within = file.0.join("x");
    check(&tine(&within), &within, 127, "not a directory");
}

#[test]
fn usage_errors_are_the_emulators() {
    let run = |args: &[&str]| Command::new(env!("CARGO_BIN_EXE_tine")).args(args).output().unwrap();
    for args in
        [&["-nonsense"][..], &[], &["-s", "much", "p"], &["-R", "1", "p"], &["-D", "/no/such/log", "p"]]
    {
        let output = run(args);
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(125), "{text}");
        assert!(text.starts_with("tine: ") && text.matches('\n').count() == 1, "{text}");
    }
    assert_eq!(run(&["--version"]).status.code(), Some(0));
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_tine")).arg("--version").stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(125));
    assert!(output.stderr.starts_with(b"tine: cannot write: "));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_in_the_headers_never_panic(
        changes in prop::collection::vec((0..PH + 3 * PH_LEN, any::<u8>()), 1..8),
        wild in prop::collection::vec((0..(PH + 3 * PH_LEN) / 8, prop_oneof![Just(u64::MAX), Just(1 << 63), Just(0xfff), any::<u64>()]), 0..3),
    ) {
        let mut elf = valid();
        changes.iter().for_each(|&(at, byte)| elf[at] = byte);
        wild.iter().for_each(|&(at, value)| put64(&mut elf, at * 8, value));
        // The magic stays, or nothing is tested.
        elf[..7].copy_from_slice(b"\x7fELF\x02\x01\x01");
        put16(&mut elf, MACHINE, 243);
        let file = Scratch::new(&elf);
        if let Err(error) = load(&file.0) {
            let text = error.to_string();
            prop_assert!(!text.is_empty() && !text.contains('\n'), "{}", text);
        }
    }
}
