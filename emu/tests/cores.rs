//! Core files of programs that die, with the checks of `guests/proc/cores.c`. What the host's kernel writes for the same program, compiled for
//! the host, is held to the same.

#![allow(clippy::unwrap_used, reason = "a test")]

mod guest;

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use goblin::elf::Elf;
use goblin::elf::header::{EM_RISCV, ET_CORE};
use goblin::elf::program_header::PT_LOAD;

const NT_PRSTATUS: u32 = 1;
const NT_PRPSINFO: u32 = 3;
const NT_SIGINFO: u32 = 0x5349_4749;

/// Without end.
const ALL: &str = "0xffffffffffffffff";

/// The program for a machine, and how it is run there.
fn programs() -> Vec<Vec<PathBuf>> {
    let guest = guest::compile("riscv64-linux-gnu-gcc", "proc/cores", &["-static"]);
    let native = guest::compile("gcc", "proc/cores", &["-static"]);
    let guest = guest.map(|program| vec![PathBuf::from(env!("CARGO_BIN_EXE_tine")), program]);
    guest.into_iter().chain(native.map(|program| vec![program])).collect()
}

/// Lets the program die in a folder, and answers the signal that it has died of and the files that it has left.
fn die(words: &[PathBuf], limit: &str, how: &str, folder: &Path) -> (i32, Vec<PathBuf>) {
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]).args([limit, how]).current_dir(folder).stdin(Stdio::null());
    let status = command.status().unwrap();
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    (status.signal().unwrap_or_else(|| panic!("{command:?}: {status}")), files)
}

/// Where cores go is the machine's to say; here they have to go to the folder that the program is in.
fn cores_stay_here() -> bool {
    let pattern = fs::read_to_string("/proc/sys/kernel/core_pattern").unwrap();
    let is_here = !pattern.starts_with(['/', '|', '@']);
    if !is_here {
        eprintln!("cores of this machine go to {pattern}: the host's are not compared");
    }
    is_here
}

/// Those programs that leave their cores in the folder that they are in.
fn those_that_can_be_found() -> Vec<Vec<PathBuf>> {
    let is_here = cores_stay_here();
    let pattern = fs::read_to_string("/proc/sys/kernel/core_pattern").unwrap();
    let is_tine = |words: &Vec<PathBuf>| words.len() > 1;
    programs().into_iter().filter(|words| is_here || is_tine(words) && !pattern.starts_with('/')).collect()
}

fn has(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

fn word(bytes: &[u8], at: usize) -> i32 {
    i32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
}

#[test]
fn all_threads_and_the_memory_are_in_it() {
    for (how, signal) in [("fault", libc::SIGSEGV), ("abort", libc::SIGABRT), ("sent", libc::SIGQUIT)] {
        for words in those_that_can_be_found() {
            let folder = tempfile::tempdir().unwrap();
            let (died, files) = die(&words, ALL, how, folder.path());
            assert_eq!((died, files.len()), (signal, 1), "{words:?} {how}");
            let bytes = fs::read(&files[0]).unwrap();
            let elf = Elf::parse(&bytes).unwrap();
            assert_eq!(elf.header.e_type, ET_CORE);
            assert!(words.len() == 1 || elf.header.e_machine == EM_RISCV);
            let notes: Vec<_> = elf.iter_note_headers(&bytes).unwrap().map(Result::unwrap).collect();
            let of = |kind| notes.iter().filter(move |note| note.n_type == kind).map(|note| note.desc);
            assert_eq!(of(NT_PRSTATUS).count(), 4, "{words:?} {how}");
            assert_eq!(word(of(NT_PRSTATUS).next().unwrap(), 12) & 0xffff, signal);
            assert_eq!(of(NT_SIGINFO).map(|info| word(info, 0)).collect::<Vec<_>>(), [signal]);
            // Kernels say that it runs, or that it sleeps.
            assert!(b"RD".contains(&of(NT_PRPSINFO).next().unwrap()[1]));
            assert!(elf.program_headers.iter().any(|part| part.p_type == PT_LOAD && part.p_flags == 5));
            assert!(has(&bytes, "in the data") && has(&bytes, "in the heap"), "{words:?} {how}");
            assert!(!has(&bytes, "kept out"), "{words:?} {how}");
        }
    }
}

#[test]
fn none_is_left_by_those_that_must_not_or_need_not() {
    for words in programs() {
        let cases = [
            ("0", "fault", libc::SIGSEGV),
            ("4095", "fault", libc::SIGSEGV),
            (ALL, "kept", libc::SIGSEGV),
            (ALL, "term", libc::SIGTERM),
        ];
        for (limit, how, signal) in cases {
            let folder = tempfile::tempdir().unwrap();
            assert_eq!(die(&words, limit, how, folder.path()), (signal, vec![]), "{words:?} {limit} {how}");
        }
    }
}

#[test]
fn it_is_cut_at_the_limit() {
    for words in those_that_can_be_found() {
        let folder = tempfile::tempdir().unwrap();
        let (_, files) = die(&words, "300000", "fault", folder.path());
        let bytes = fs::read(&files[0]).unwrap();
        let written = fs::metadata(&files[0]).unwrap();
        // What is zero is skipped and does not count.
        let on_disk = std::os::unix::fs::MetadataExt::blocks(&written) * 512;
        assert!((200_000..400_000).contains(&on_disk), "{words:?}: {on_disk} of {}", bytes.len());
    }
}

#[test]
fn what_has_its_name_is_replaced_and_not_written_to() {
    for words in those_that_can_be_found() {
        let folder = tempfile::tempdir().unwrap();
        let (_, files) = die(&words, ALL, "fault", folder.path());
        // With the pid in its name the next one has another.
        if files[0].file_name().unwrap() != "core" {
            continue;
        }
        let same = folder.path().join("same");
        fs::write(&files[0], "not to be lost").unwrap();
        fs::hard_link(&files[0], &same).unwrap();
        die(&words, ALL, "fault", folder.path());
        assert_eq!(fs::read_to_string(&same).unwrap(), "not to be lost", "{words:?}");
        assert!(fs::read(&files[0]).unwrap().starts_with(b"\x7fELF"), "{words:?}");
    }
}
