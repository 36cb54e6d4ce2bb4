//! The checks of `guests/proc`: what /proc shows of guests. The host's kernel is asked the same questions natively.

#![allow(clippy::unwrap_used, reason = "a test")]

mod guest;

use std::path::Path;
use std::process::{Command, Output};

fn succeeds(what: &str, output: &Output) {
    assert!(
        output.status.success(),
        "{what}: {}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Runs a check under tine with `options`, and natively.
fn check(name: &str, options: &[&str]) {
    let arguments = ["an argument", "", "last"];
    if let Some(program) = guest::compile("riscv64-linux-gnu-gcc", &format!("proc/{name}"), &["-static"]) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tine"));
        command.args(options).arg(program).args(arguments);
        succeeds(name, &command.output().unwrap());
    }
    if let Some(program) = guest::compile("gcc", &format!("proc/{name}"), &[]) {
        succeeds(&format!("{name} natively"), &Command::new(program).args(arguments).output().unwrap());
    }
}

#[test]
fn own() {
    check("own", &["-r", "9.8.7-test"]);
}

#[test]
fn own_with_descriptors_to_hide() {
    let log = Path::new(env!("CARGO_TARGET_TMPDIR")).join("proc-own.log");
    check("own", &["-strace", "-L", env!("CARGO_TARGET_TMPDIR"), "-D", log.to_str().unwrap()]);
}

#[test]
fn other() {
    let log = Path::new(env!("CARGO_TARGET_TMPDIR")).join("proc-other.log");
    check("other", &["-D", log.to_str().unwrap()]);
}

/// What pagemap and status tell, and that nobody writes to a program that runs.
#[test]
fn kept() {
    check("kept", &[]);
}

#[test]
fn links() {
    check("links", &[]);
}

#[test]
fn threads() {
    check("threads", &[]);
}

#[test]
fn named() {
    check("named", &[]);
}

/// A program without a name, as container runtimes make themselves.
#[test]
fn nameless() {
    check("nameless", &[]);
}

/// A program whose file another one has taken the place of.
#[test]
fn replaced() {
    check("replaced", &[]);
}

#[test]
fn executes_itself() {
    check("again", &[]);
}

/// /proc/cpuinfo names what `-cpu` has selected.
#[test]
fn the_processor_is_the_one_that_was_chosen() {
    let Some(program) = guest::compile("riscv64-linux-gnu-gcc", "proc/isa", &["-static"]) else { return };
    let run = |model: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tine"));
        let output = command.args(["-cpu", model]).arg(&program).output().unwrap();
        succeeds(model, &output);
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(run("rv64gc").starts_with("rv64imafdc_zicntr_zicsr_zifencei"));
    assert!(!run("rv64gc").contains("_zba"));
    assert!(run("max").contains("_zba_zbb"));
}

/// The name of the process is the program's.
#[test]
fn a_process_is_called_as_its_program() {
    let Some(program) = guest::compile("riscv64-linux-gnu-gcc", "proc/name", &["-static"]) else { return };
    let output = Command::new(env!("CARGO_BIN_EXE_tine")).arg(program).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "proc-name-riscv\n");
}
