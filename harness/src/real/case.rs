//! A case: one command, what it is given, what comes of it.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use nix::unistd::Pid;
use serde::Deserialize;
use tempfile::TempDir;

use crate::group::{Collected, Group, Mark, quiet, status_number};

/// How long processes that the command has left behind may take to end.
const GRACE: Duration = Duration::from_secs(2);
/// Where the guest looks for programs.
const PATH: &str = "/usr/sbin:/usr/bin:/sbin:/bin";

/// A `[[case]]` of a suite. All that it starts ends with it; a process left over is a failure, too.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Unique in its suite.
    pub name: String,
    /// The program's name, found in `usr/bin` or `usr/sbin` of the tree, or its path in the tree; and its arguments.
    #[serde(rename = "run")]
    pub command: Vec<String>,
    /// What it needs beside the suite's packages.
    #[serde(default)]
    pub packages: Vec<String>,
    /// Files in the folder that it runs in.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
    /// What it reads.
    #[serde(default)]
    pub stdin: String,
    /// What it prints, exactly.
    #[serde(default)]
    pub stdout: String,
    /// What it complains of, exactly.
    #[serde(default)]
    pub stderr: String,
    /// How it exits: its code, or 128 + the signal.
    #[serde(default)]
    pub status: i64,
    /// How long it may take.
    #[serde(default = "limit")]
    pub seconds: u64,
    /// Whether it starts other guest programs.
    #[serde(default)]
    pub exec: bool,
    /// What QEMU 7.2 does otherwise, and wrongly.
    pub unlike_qemu: Option<String>,
}

fn limit() -> u64 {
    180
}

impl Case {
    /// The command on one line, shortened.
    pub fn title(&self) -> String {
        let line = self.command.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
        if line.chars().count() <= 80 { line } else { line.chars().take(79).chain(['…']).collect() }
    }

    /// Runs it once under the emulator, with a folder and an environment of its own.
    pub fn run(&self, emulator: &[String], tree: &Path) -> Result<()> {
        let folder = self.folder()?;
        let words = self.words(emulator, tree)?;
        let mark = Mark::new();
        let mut command = quiet(&words[0]);
        command.args(&words[1..]).current_dir(folder.path()).stdin(Stdio::piped()).env_clear();
        command.env("PATH", PATH).env("LC_ALL", "C.UTF-8").env("TZ", "UTC").env("TERM", "dumb");
        command.env("HOME", folder.path()).env("TMPDIR", folder.path());
        // There is none in a tree; were it made, it would be in the host's folder of that name.
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        let mut group = Group::spawn(mark.on(&mut command))?;
        let deadline = Instant::now() + Duration::from_secs(self.seconds);
        let stdout = group.child().stdout.take().map(Collected::from).unwrap_or_default();
        let stderr = group.child().stderr.take().map(Collected::from).unwrap_or_default();
        if let Some(mut pipe) = group.child().stdin.take() {
            let text = self.stdin.clone();
            // A program that does not read to the end is the case's to judge.
            thread::spawn(move || pipe.write_all(text.as_bytes()));
        }
        let status = group.wait_until(deadline)?.map(status_number);
        let left = if status.is_some() { mark.wait_gone(Instant::now() + GRACE) } else { mark.bearers() };
        group.kill();
        mark.kill();
        let said = [&stdout, &stderr].map(|stream| stream.text_to_end(Instant::now() + GRACE));
        let differences = self.differences(status, &said, &left);
        if differences.is_empty() {
            return Ok(());
        }
        let by_hand: Vec<String> = words.iter().map(|word| quoted(word)).collect();
        bail!("{}\n{differences}", by_hand.join(" "))
    }

    /// A folder with its files.
    ///
    /// # Errors
    /// They cannot be written.
    pub fn folder(&self) -> Result<TempDir> {
        let folder = tempfile::tempdir()?;
        for (name, text) in &self.files {
            let path = folder.path().join(name);
            fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(folder)
    }

    /// The emulator's command line.
    ///
    /// # Errors
    /// The tree has no such program.
    pub fn words(&self, emulator: &[String], tree: &Path) -> Result<Vec<String>> {
        let (name, arguments) = self.command.split_first().context("there is nothing to run")?;
        let program = ["usr/bin", "usr/sbin", ""].iter().map(|folder| tree.join(folder).join(name));
        let program = program.into_iter().find(|path| path.exists());
        let program = program.with_context(|| format!("no package of the case has the program '{name}'"))?;
        let text = |path: &Path| path.to_string_lossy().into_owned();
        let ours = ["-L".to_owned(), text(tree), "-0".to_owned(), name.clone(), text(&program)];
        Ok(emulator.iter().cloned().chain(ours).chain(arguments.iter().cloned()).collect())
    }

    /// What is not as it should be, a paragraph each.
    fn differences(&self, status: Option<i64>, said: &[String; 2], left: &[(Pid, String)]) -> String {
        let mut found = String::new();
        match status {
            None => found += &format!("it did not end within {} s\n", self.seconds),
            Some(status) if status != self.status => {
                found += &format!("its status is {status} and should be {}\n", self.status);
            }
            Some(_) => {}
        }
        for (pid, command) in left {
            found += &format!("it left process {pid} behind: {command}\n");
        }
        let [stdout, stderr] = said;
        for (stream, got, wanted) in [("stdout", stdout, &self.stdout), ("stderr", stderr, &self.stderr)] {
            if got != wanted {
                found += &format!("--- its {stream}\n{}--- should be\n{}", ended(got), ended(wanted));
            }
        }
        found
    }
}

/// With a newline at its end.
fn ended(text: &str) -> String {
    if text.is_empty() || text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}

/// As a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./=:+,".contains(&byte);
    if !word.is_empty() && word.bytes().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(text: &str) -> Case {
        toml::from_str(text).unwrap()
    }

    /// A tree whose programs are the host's, and an emulator that runs them as they are.
    fn run(text: &str) -> Result<(), String> {
        let tree = tempfile::tempdir().unwrap();
        std::fs::create_dir(tree.path().join("usr")).unwrap();
        std::os::unix::fs::symlink("/bin", tree.path().join("usr/bin")).unwrap();
        // sh -c CODE -L TREE -0 NAME PROGRAM ARGUMENTS: $0 is -L, then come its words.
        let emulator = ["/bin/sh", "-c", r#"shift 3; exec "$@""#].map(str::to_owned);
        case(text).run(&emulator, tree.path()).map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn what_is_as_it_should_be_passes() {
        let text = r#"
            name = "x"
            run = ["sh", "-c", "cat; cat a; echo oh >&2; exit 3"]
            stdin = "in\n"
            files = { a = "file\n" }
            stdout = "in\nfile\n"
            stderr = "oh\n"
            status = 3
        "#;
        assert_eq!(run(text), Ok(()));
    }

    #[test]
    fn every_difference_is_told() {
        for (fields, told) in [
            (r#"run = ["sh", "-c", "echo a; exit 1"]"#, "its status is 1 and should be 0"),
            (r#"run = ["sh", "-c", "echo b"]"#, "--- its stdout\nb\n--- should be\na\n"),
            (r#"run = ["sh", "-c", "echo a; echo b >&2"]"#, "--- its stderr\nb\n--- should be\n"),
            (r#"run = ["sh", "-c", "echo a; kill -9 $$"]"#, "its status is 137 and should be 0"),
            ("run = [\"sh\", \"-c\", \"echo a; sleep 100\"]\nseconds = 1", "it did not end within 1 s"),
            (r#"run = ["sh", "-c", "echo a; sleep 1000 >/dev/null 2>&1 &"]"#, "behind: sleep 1000"),
            (r#"run = ["no-such-program"]"#, "no package of the case has the program 'no-such-program'"),
        ] {
            let why = run(&format!("name = \"x\"\nstdout = \"a\\n\"\n{fields}")).unwrap_err();
            assert!(why.contains(told), "{fields}: {why}");
        }
    }

    #[test]
    fn a_misspelt_field_is_refused() {
        assert!(toml::from_str::<Case>("name = \"x\"\nrun = []\nstduot = \"\"").is_err());
    }
}
