//! `tine-test --bench`, what it takes to follow a chain of forks with gdb, from the start of the emulator to the last child's exit code.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::debug::Figure;
use super::measure::median;
use crate::guest;
use crate::tools::{self, GdbCommand};

/// Forks that are followed.
const DEPTH: &str = "42";

/// How long one session may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Measures it with each gdb under both emulators in turns, and tells the ratios of their times. A peer that cannot follow forks is told so.
///
/// # Errors
/// The guest does not compile, or tine cannot follow.
pub fn measure(emulators: [&[String]; 2], rounds: usize, mut tell: impl FnMut(Figure)) -> Result<()> {
    let program = guest::build("fork-chain")?;
    for gdb in tools::gdbs() {
        let once = |emulator: &[String]| follow(emulator, &gdb, &program);
        once(emulators[0])?;
        if let Err(error) = once(emulators[1]) {
            println!(
                "session      {} is left out with gdb {}: {error:#}",
                emulators[1].join(" "),
                gdb.version
            );
            continue;
        }
        let mut ratios = Vec::new();
        for _ in 0..rounds {
            ratios.push(once(emulators[0])?.as_secs_f64() / once(emulators[1])?.as_secs_f64());
        }
        let unit = format!("times the peer's time, for gdb {} to follow {DEPTH} forks", gdb.version);
        tell(Figure { name: "session", value: median(ratios), unit });
    }
    Ok(())
}

/// The time of one session.
fn follow(emulator: &[String], gdb: &GdbCommand, program: &Path) -> Result<Duration> {
    let folder = tempfile::tempdir()?;
    let (socket, script) = (folder.path().join("socket"), folder.path().join("script"));
    let commands = format!(
        "set confirm off\nset follow-fork-mode child\ntarget remote {}\nbreak break_after_fork\n\
         while $_isvoid($_exitcode)\ncontinue\nend\nprint $_exitcode\n",
        socket.display()
    );
    fs::write(&script, commands)?;
    let start = Instant::now();
    let mut guest = Command::new(&emulator[0])
        .args(&emulator[1..])
        .arg("-g")
        .args([&socket, program])
        .arg(DEPTH)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("{}: cannot be run", emulator[0]))?;
    while !socket.exists() && guest.try_wait()?.is_none() && start.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_micros(200));
    }
    let output = Command::new("timeout")
        .arg(PATIENCE.as_secs().to_string())
        .args(&gdb.words)
        .args(["-nx", "-batch", "-x"])
        .args([&script, program])
        .stdin(Stdio::null())
        .output()
        .context("timeout: cannot be run")?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let arrived = said.lines().any(|line| line == format!("$1 = {DEPTH}"));
    if !arrived {
        let _ = guest.kill();
    }
    guest.wait()?;
    ensure!(
        arrived,
        "gdb did not see the last child exit with {DEPTH}: {}",
        said.lines().last().unwrap_or_default()
    );
    Ok(start.elapsed())
}
