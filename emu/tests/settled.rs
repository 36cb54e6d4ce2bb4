//! A process that has forked much, seen from the host: its image has been moved, and nothing is lost by it.

#![allow(clippy::unwrap_used, reason = "a test")]

mod guest;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

/// What the host says of a process.
#[derive(Debug)]
struct Seen {
    cmdline: Vec<u8>,
    environ: Vec<u8>,
    /// Mappings with pages of its own.
    private: usize,
}

fn look(pid: &str) -> Seen {
    let file = |name: &str| format!("/proc/{pid}/{name}");
    let smaps = fs::read_to_string(file("smaps")).unwrap();
    let has_pages = |line: &&str| line.starts_with("Anonymous:") && !line.ends_with(" 0 kB");
    Seen {
        cmdline: fs::read(file("cmdline")).unwrap(),
        environ: fs::read(file("environ")).unwrap(),
        private: smaps.lines().filter(has_pages).count(),
    }
}

/// A process and its child, when it has forked so often; `None` if there is no cross compiler.
fn run(forks: &str) -> Option<[Seen; 2]> {
    let program = guest::compile("riscv64-linux-gnu-gcc", "driven/forks", &["-static"])?;
    let mut command = Command::new(env!("CARGO_BIN_EXE_tine"));
    command.arg(program).args([forks, "an argument", ""]).env("ITS_OWN", "x".repeat(5000));
    let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap());
    let mut input = process.stdin.take().unwrap();
    let mut wait = || {
        let mut line = String::new();
        lines.read_line(&mut line).unwrap();
        assert_eq!(line, "here\n");
    };
    let pid = process.id().to_string();
    wait();
    let child = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap();
    let of_child = look(child.trim());
    input.write_all(b"x").unwrap();
    wait();
    let of_process = look(&pid);
    input.write_all(b"x").unwrap();
    assert!(process.wait().unwrap().success());
    Some([of_process, of_child])
}

#[test]
fn the_host_shows_arguments_and_environment_as_before() {
    let Some([young, _]) = run("0") else { return };
    let Some(settled) = run("30") else { return };
    for seen in &settled {
        let text = String::from_utf8_lossy(&seen.cmdline).replacen("\x0030\0", "\x000\0", 1);
        assert_eq!(text, String::from_utf8_lossy(&young.cmdline));
        assert_eq!(seen.environ, young.environ);
        assert!(text.ends_with("\0an argument\0\0"), "{text:?}");
    }
    assert!(young.private > settled[1].private, "{} {}", young.private, settled[1].private);
}
