//! exec in place, seen from the host: that it happens, where it must not, and that nothing grows.

#![allow(clippy::unwrap_used, reason = "a test")]

mod guest;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::FileExt;
use std::process::{Child, Command, Stdio};

/// What the host says of a process.
#[derive(Debug)]
struct Seen {
    /// Whether its last exec was one of the host's by the emulator.
    by_host: bool,
    descriptors: usize,
    /// In KiB.
    resident: u64,
    name: String,
    /// The first argument.
    called: String,
}

fn look(child: &Child) -> Seen {
    let file = |name: &str| format!("/proc/{}/{name}", child.id());
    let environ = fs::read(file("environ")).unwrap();
    let status = fs::read_to_string(file("status")).unwrap();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next());
    Seen {
        by_host: environ.windows(14).any(|part| part == b"TINE_HANDOVER="),
        descriptors: fs::read_dir(file("fd")).unwrap().count(),
        resident: resident.unwrap().parse().unwrap(),
        name: fs::read_to_string(file("comm")).unwrap(),
        called: String::from_utf8_lossy(
            fs::read(file("cmdline")).unwrap().split(|&byte| byte == 0).next().unwrap(),
        )
        .into_owned(),
    }
}

/// Runs a program that executes itself so often, and looks at it twice; `None` if there is no cross compiler.
fn run(times: u32, options: &[&str], argument: Option<&str>) -> Option<[Seen; 2]> {
    let program = guest::compile("riscv64-linux-gnu-gcc", "driven/executes", &["-static"])?;
    let mut command = Command::new(env!("CARGO_BIN_EXE_tine"));
    command.args(options).arg(program).args([times, times].map(|times| times.to_string())).args(argument);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let mut input = child.stdin.take().unwrap();
    let seen = [(); 2].map(|()| {
        let mut line = String::new();
        lines.read_line(&mut line).unwrap();
        assert_eq!(line, "here\n");
        let seen = look(&child);
        input.write_all(b"x").unwrap();
        seen
    });
    assert!(child.wait().unwrap().success());
    Some(seen)
}

#[test]
fn nothing_grows() {
    let Some([early, late]) = run(500, &[], None) else { return };
    assert!(!early.by_host && !late.by_host, "{early:?} {late:?}");
    assert_eq!(early.descriptors, late.descriptors);
    assert!(late.resident < early.resident + 512, "{early:?} {late:?}");
    assert_eq!(early.name, late.name);
    // Where the host lets us say so.
    assert!(
        late.called.ends_with("executes-riscv64-linux-gnu-gcc") || late.called.ends_with("tine"),
        "{late:?}"
    );
}

#[test]
fn what_only_the_hosts_exec_ends_is_left_to_it() {
    let Some([early, late]) = run(12, &[], Some("timer")) else { return };
    assert!(early.by_host && late.by_host, "{early:?} {late:?}");
}

/// Code that was decoded stays only if the file is the same: the second image's is, the third's is not.
#[test]
fn a_file_that_has_changed_is_decoded_anew() {
    let Some(program) = guest::compile("riscv64-linux-gnu-gcc", "driven/replaced", &["-static"]) else {
        return;
    };
    let own = program.with_extension("own");
    fs::copy(program, &own).unwrap();
    // Times tell a file's contents apart when they are older than this.
    std::thread::sleep(std::time::Duration::from_millis(2500));
    let mut command = Command::new(env!("CARGO_BIN_EXE_tine"));
    let mut child = command.arg(&own).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let mut input = child.stdin.take().unwrap();
    let mut next = |go_on: bool| {
        if go_on {
            input.write_all(b"x").unwrap();
        }
        let mut line = String::new();
        lines.read_line(&mut line).unwrap();
        line
    };
    assert_eq!((next(false), next(true)), ("123\n".into(), "123\n".into()));
    // li a0, 0x123
    let bytes = fs::read(&own).unwrap();
    let places: Vec<usize> =
        (0..bytes.len()).filter(|&at| bytes[at..].starts_with(&[0x13, 0x05, 0x30, 0x12])).collect();
    assert_eq!(places.len(), 1);
    let file = fs::OpenOptions::new().write(true).open(&own).unwrap();
    file.write_all_at(&[0x13, 0x05, 0x40, 0x12], places[0] as u64).unwrap();
    drop(file);
    assert_eq!(next(true), "124\n");
    drop(input);
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_log_and_a_trace_go_along() {
    let log = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("in-place.log");
    let _ = fs::remove_file(&log);
    let options = ["-strace", "-D", log.to_str().unwrap()];
    let Some([_, late]) = run(12, &options, None) else { return };
    assert!(!late.by_host);
    let log = fs::read_to_string(log).unwrap();
    assert_eq!(log.lines().filter(|line| line.contains("execve(") && line.ends_with(" = 0")).count(), 12);
    assert!(log.lines().last().unwrap().ends_with("+++ exited with 0 +++"), "{log}");
}

#[test]
fn a_thread_executes_when_the_first_one_has_left() {
    let Some(program) = guest::compile("riscv64-linux-gnu-gcc", "driven/leaderless", &["-static"]) else {
        return;
    };
    let mut command = Command::new(env!("CARGO_BIN_EXE_tine"));
    // Started by a name that leads nowhere, the emulator finds its own file by /proc alone.
    std::os::unix::process::CommandExt::arg0(&mut command, "nowhere");
    let status = command.arg(&program).arg(&program).status().unwrap();
    assert_eq!(status.code(), Some(0));
}
