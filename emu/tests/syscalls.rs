//! The checks of `guests/syscall`: each program exits with 0, or with the line of the check that failed. The host's kernel is asked the
//! same questions natively, so that the expectations are Linux's and not ours.

#![allow(clippy::unwrap_used, reason = "a test")]

mod guest;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use tine::syscall::layout::LAYOUTS;

fn compile(compiler: &str, name: &str, flags: &[&str]) -> Option<PathBuf> {
    guest::compile(compiler, &format!("syscall/{name}"), flags)
}

fn check(name: &str) {
    if let Some(program) = compile("riscv64-linux-gnu-gcc", name, &["-static"]) {
        let output = Command::new(env!("CARGO_BIN_EXE_tine")).arg(program).output().unwrap();
        assert!(
            output.status.success(),
            "{name}: {}\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
    }
    if let Some(program) = compile("gcc", name, &[]) {
        let output = Command::new(program).output().unwrap();
        assert!(output.status.success(), "{name} natively: {}", String::from_utf8_lossy(&output.stderr));
    }
}

/// Layouts that no header has under a name of its own: cells, pairs, what only a system call's manual page describes, and
/// what is newer than the headers are.
const WITHOUT_HEADER: &[&str] = &[
    "IntCell",
    "FdPair",
    "WaitStatus",
    "LongCell",
    "TimespecPair",
    "FutexWaiterPair",
    "MaskArgument",
    "CapData",
    "HwProbe",
    "CacheRange",
    "CacheStat",
    "XattrArgs",
];

/// The lines that the two programs print: a layout's name and the rest.
fn layouts_of_the_headers() -> Option<BTreeMap<String, String>> {
    let mut layouts = BTreeMap::new();
    for name in ["layout", "layout_kernel"] {
        let program = compile("riscv64-linux-gnu-gcc", name, &["-static"])?;
        let output = Command::new(env!("CARGO_BIN_EXE_tine")).arg(program).output().unwrap();
        assert!(output.status.success());
        for line in String::from_utf8(output.stdout).unwrap().lines() {
            let (name, layout) = line.split_once(' ').unwrap();
            layouts.insert(name.to_owned(), layout.to_owned());
        }
    }
    Some(layouts)
}

#[test]
fn structures_are_laid_out_as_in_the_headers() {
    let Some(headers) = layouts_of_the_headers() else { return };
    for layout in LAYOUTS.iter().filter(|layout| !WITHOUT_HEADER.contains(&layout.name)) {
        let header = headers.get(layout.name).unwrap_or_else(|| panic!("{} is not printed", layout.name));
        let named = |name: &str| {
            !["pad", "unused", "spare", "rest", "reserved", "counts", "fields"]
                .iter()
                .any(|hole| name.starts_with(hole))
                || header.contains(&format!(" {name}:"))
        };
        let fields = layout.fields.iter().filter(|field| named(field.0));
        let fields: Vec<String> =
            fields.map(|(name, offset, size)| format!(" {name}:{offset}:{size}")).collect();
        assert_eq!(format!("{}{}", layout.size, fields.concat()), *header, "{}", layout.name);
    }
    for name in headers.keys() {
        assert!(LAYOUTS.iter().any(|layout| layout.name == name), "{name} is not in the table");
    }
}

/// Runs a check with descriptors of the emulator's about.
fn check_with_a_log(name: &str) {
    let Some(program) = compile("riscv64-linux-gnu-gcc", name, &["-static"]) else { return };
    let log = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-log"));
    let output = Command::new(env!("CARGO_BIN_EXE_tine")).arg("-D").arg(&log).arg(program).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// With descriptors of the emulator's about.
#[test]
fn hidden() {
    check("hidden");
    check_with_a_log("hidden");
}

/// Nothing that a program asks for is an error of the emulator's.
#[test]
fn random() {
    let Some(program) = compile("riscv64-linux-gnu-gcc", "random", &["-static"]) else { return };
    let log = Path::new(env!("CARGO_TARGET_TMPDIR")).join("random-log");
    let _ = std::fs::remove_file(&log);
    let output = Command::new(env!("CARGO_BIN_EXE_tine")).arg("-D").arg(&log).arg(program).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let log = String::from_utf8_lossy(&std::fs::read(log).unwrap()).into_owned();
    assert!(!log.contains("internal error"), "{log}");
}

/// Calls that fail do so with the error that the host's kernel gives the same call.
#[test]
fn errors() {
    let Some(guest) = compile("riscv64-linux-gnu-gcc", "errors", &["-static"]) else { return };
    let Some(native) = compile("gcc", "errors", &[]) else { return };
    let lines = |command: &mut Command| {
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let ours = lines(Command::new(env!("CARGO_BIN_EXE_tine")).arg(guest));
    let theirs = lines(&mut Command::new(native));
    let differing: Vec<_> =
        ours.lines().zip(theirs.lines()).filter(|(ours, theirs)| ours != theirs).collect();
    assert!(differing.is_empty(), "{differing:#?}");
    assert_eq!(ours.lines().count(), theirs.lines().count());
}

macro_rules! guests {
    ($($name:ident)*) => {$(
        #[test]
        fn $name() {
            check(stringify!($name));
        }
    )*};
}

/// The same of what a host may lack: the program says so with status 77, natively. Answers whether it is there.
fn check_if_there(name: &str) -> bool {
    const LACKING: i32 = 77;
    let native = compile("gcc", name, &[]).map(|program| Command::new(program).output().unwrap());
    let is_there = native.is_none_or(|output| output.status.code() != Some(LACKING));
    if is_there {
        check(name);
    }
    is_there
}

/// Also with descriptors of the emulator's about.
#[test]
fn uring() {
    if check_if_there("uring") {
        check_with_a_log("uring");
    }
}

#[test]
fn userfault() {
    check_if_there("userfault");
}

guests! { aio codegen dispatch files futex2 ioctl ipc madvise memory mqueue mremap notify numa poll remote seccomp security socket stacks stat system wait }

/// A limit of address space is the guest's: what the emulator needs it takes from a smaller window.
#[test]
fn a_limit_of_address_space_leaves_room_for_the_emulator() {
    let Some(program) = compile("riscv64-linux-gnu-gcc", "mremap", &["-static"]) else { return };
    for limit in ["-S -v 4000000", "-v 4000000"] {
        let script = format!("ulimit {limit}; exec \"$0\" \"$1\"");
        let output =
            Command::new("sh").args(["-c", &script, env!("CARGO_BIN_EXE_tine")]).arg(&program).output();
        let output = output.unwrap();
        assert!(
            output.status.success(),
            "{limit}: {}\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
    }
}
