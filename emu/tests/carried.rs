//! Children of `vfork` that have a copy of their parent's memory: whoever is killed, and whenever, the other goes on.

#![allow(clippy::unwrap_used, reason = "a test")]

mod guest;

use std::fs;
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// Long enough for any machine; nothing takes so long if nobody hangs.
const LIMIT: Duration = Duration::from_secs(120);

/// A guest that makes so many children; `None` if there is no cross compiler.
fn start(children: &str) -> Option<Child> {
    let program = guest::compile("riscv64-linux-gnu-gcc", "driven/vforks", &["-static"])?;
    Some(Command::new(env!("CARGO_BIN_EXE_tine")).arg(program).arg(children).spawn().unwrap())
}

/// The children of a process.
fn children(pid: u32) -> Vec<Pid> {
    let text = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    text.split_whitespace().map(|pid| Pid::from_raw(pid.parse().unwrap())).collect()
}

#[test]
fn a_parent_goes_on_when_its_child_is_killed() {
    let Some(mut process) = start("150") else { return };
    let begin = Instant::now();
    let mut killed = 0;
    let status = loop {
        if let Some(status) = process.try_wait().unwrap() {
            break status;
        }
        if begin.elapsed() > LIMIT {
            process.kill().unwrap();
            panic!("it hangs");
        }
        for child in children(process.id()) {
            // Later each time, so that all of a child's life is met.
            sleep(Duration::from_micros(killed % 40 * 15));
            killed += u64::from(kill(child, Signal::SIGKILL).is_ok());
        }
    };
    assert!(status.success(), "{status}");
    assert!(killed > 0);
}

#[test]
fn a_child_goes_on_when_its_parent_is_killed() {
    for round in 0..30 {
        let Some(mut process) = start("100000") else { return };
        sleep(Duration::from_micros(20_000 + round * 313));
        let orphans = children(process.id());
        process.kill().unwrap();
        process.wait().unwrap();
        let begin = Instant::now();
        // They execute, and end.
        while orphans.iter().any(|&orphan| runs(orphan)) {
            assert!(begin.elapsed() < LIMIT, "a child hangs");
            sleep(Duration::from_millis(5));
        }
    }
}

/// Whether a process has not ended.
fn runs(pid: Pid) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit(')').next().is_some_and(|rest| !rest.trim().is_empty() && !rest.trim().starts_with('Z'))
}
