//! Where the programs are that the harness drives. No path of one machine is written here: environment, `PATH`, `target/`.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// A gdb to run scenarios with.
#[derive(Clone, Debug)]
pub struct GdbCommand {
    /// The program and its first arguments.
    pub words: Vec<String>,
    /// Its major version: 13, 18.
    pub version: i64,
}

/// The workspace: where `guests/`, `harness/` and `snapshots/` are.
pub fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_path_buf()
}

/// `target/`, or what cargo was told to use.
pub fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// The compiler for guests: `$TINE_CC`, else the one that Debian installs.
pub fn compiler() -> String {
    env::var("TINE_CC").unwrap_or_else(|_| "riscv64-linux-gnu-gcc".to_owned())
}

/// The emulator: `$TINE`, else the one built beside this program (`target/PROFILE/tine`).
pub fn tine() -> Result<PathBuf> {
    if let Some(tine) = env::var_os("TINE") {
        return Ok(tine.into());
    }
    let here = env::current_exe().context("cannot tell where this program is")?;
    let folders = here.ancestors().skip(1).take(2);
    let candidates: Vec<_> = folders.map(|folder| folder.join("tine")).collect();
    match candidates.iter().find(|candidate| candidate.is_file()) {
        Some(tine) => Ok(tine.clone()),
        None => bail!("tine is not built: run 'cargo build' first (looked for {})", candidates[0].display()),
    }
}

/// The gdbs of this machine, the distribution's first: `$TINE_GDB` or `gdb-multiarch` or `gdb`, and `$TINE_GDB18`
/// or the one that `./x` put into `target/tools`.
pub fn gdbs() -> Vec<GdbCommand> {
    let system = match env::var("TINE_GDB") {
        Ok(command) => probe(&command).ok(),
        Err(_) => ["gdb-multiarch", "gdb"].iter().find_map(|command| probe(command).ok()),
    };
    let newer = match env::var("TINE_GDB18") {
        Ok(command) => probe(&command).ok(),
        Err(_) => fetched().and_then(|path| probe(&path.to_string_lossy()).ok()),
    };
    let mut gdbs: Vec<GdbCommand> = system.into_iter().chain(newer).collect();
    gdbs.dedup_by_key(|gdb| gdb.version);
    gdbs
}

/// The gdb that a command line names, with its version asked.
pub fn probe(command: &str) -> Result<GdbCommand> {
    let words = split(command);
    let (program, arguments) = words.split_first().context("the gdb command is empty")?;
    let output = Command::new(program).args(arguments).arg("--version").output();
    let output = output.with_context(|| format!("cannot run '{command}'"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let version = text.lines().next().and_then(major_version);
    let version =
        version.with_context(|| format!("'{command} --version' does not name a version: {text}"))?;
    Ok(GdbCommand { words, version })
}

/// Words with spaces between them; nothing here needs quotes.
pub fn split(command: &str) -> Vec<String> {
    command.split_whitespace().map(str::to_owned).collect()
}

/// `GNU gdb (Debian 13.1-3) 13.1` → 13: the last word is the version.
fn major_version(line: &str) -> Option<i64> {
    line.split_whitespace().next_back()?.split('.').next()?.parse().ok()
}

/// gdb's own server: the one beside the newer gdb.
pub fn gdbserver() -> Option<PathBuf> {
    fetched().map(|gdb| gdb.with_file_name("gdbserver")).filter(|server| server.is_file())
}

fn fetched() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(target().join("tools"))
        .ok()?
        .flatten()
        .map(|entry| entry.path().join("bin/gdb"))
        .filter(|gdb| gdb.is_file())
        .collect();
    found.sort();
    found.pop()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read() {
        for (line, version) in [
            ("GNU gdb (Debian 13.1-3) 13.1", Some(13)),
            ("GNU gdb (GDB) 18.1", Some(18)),
            ("GNU gdb (Ubuntu 15.0.50.20240403-0ubuntu1) 15.0.50.20240403-git", Some(15)),
            ("not gdb", None),
        ] {
            assert_eq!(major_version(line), version, "{line}");
        }
    }
}
