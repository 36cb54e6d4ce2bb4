//! Real programs: commands of Debian packages, run in a tree of them ([`crate::sysroot`]), with what they must print.
//!
//! The cases are tables in `harness/real/SUITE.toml`, a file per family of programs; the fields are those of [`Case`].

mod case;

use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

use anyhow::{Context, Result, bail};
use libtest_mimic::{Arguments, Trial};
use nix::unistd::getppid;
use serde::Deserialize;

use crate::{sysroot, tools};
pub use case::Case;

/// What runs a guest program: `WORDS -L TREE -0 NAME PROGRAM ARGUMENTS`.
#[derive(Clone, Debug)]
pub struct Emulator {
    words: Vec<String>,
    /// Whether it is the one of this workspace: all cases are for that; others cannot start guests from guests without binfmt_misc.
    ours: bool,
}

/// Which cases.
#[derive(Clone, Copy, Debug)]
pub enum Choice<'a> {
    /// Those that run with all other tests: their packages are few, so that a fresh machine has them in a minute.
    Core,
    /// Those whose names contain one of these words; all, if there is none.
    Named(&'a [String]),
}

/// A file of cases.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suite {
    /// What every case of it needs.
    pub packages: Vec<String>,
    /// Whether its cases run with all other tests.
    #[serde(default)]
    core: bool,
    /// The cases.
    pub case: Vec<Case>,
}

impl Suite {
    /// Reads one, a path in the project.
    ///
    /// # Errors
    /// The file cannot be read, or says something else than cases.
    pub fn read(path: &str) -> Result<Suite> {
        let text =
            fs::read_to_string(tools::root().join(path)).with_context(|| format!("cannot read {path}"))?;
        toml::from_str(&text).with_context(|| path.to_owned())
    }
}

impl Emulator {
    /// The emulator of this workspace.
    pub fn tine() -> Result<Emulator> {
        // Absolute, since each case runs in a folder of its own.
        let tine = std::path::absolute(tools::tine()?)?;
        Ok(Emulator { words: vec![tine.to_string_lossy().into_owned()], ours: true })
    }

    /// Another one that takes `-L` and `-0`, such as `qemu-riscv64`.
    pub fn other(command: &str) -> Result<Emulator> {
        let words = tools::split(command);
        if words.is_empty() {
            bail!("the emulator's command is empty");
        }
        Ok(Emulator { words, ours: false })
    }
}

/// The chosen cases, each a test of its own. The first that runs makes the tree, or completes it.
pub fn trials(choice: Choice<'_>, emulator: &Emulator) -> Result<Vec<Trial>> {
    let cases = chosen(choice)?;
    let mut packages: Vec<String> = cases.iter().flat_map(|case| case.packages.iter().cloned()).collect();
    packages.sort();
    packages.dedup();
    let trial = |case: Case| {
        let (emulator, packages) = (emulator.clone(), packages.clone());
        let skipped = !emulator.ours && (case.exec || case.unlike_qemu.is_some());
        Trial::test(case.name.clone(), move || {
            let tree = tree(&packages)?;
            case.run(&emulator.words, &tree).map_err(|error| format!("{error:#}").into())
        })
        .with_ignored_flag(skipped)
    };
    Ok(cases.into_iter().map(trial).collect())
}

/// `tine-test --real`: runs the cases that are named, as many at a time as there are processors.
pub fn run(names: &[String], emulator: &Emulator) -> Result<std::process::ExitCode> {
    let trials = trials(Choice::Named(names), emulator)?;
    if trials.is_empty() {
        bail!("no case has one of these words in its name: {}", names.join(", "));
    }
    let skipped = trials.iter().filter(|trial| trial.has_ignored_flag()).count();
    let conclusion = libtest_mimic::run(&Arguments::default(), trials);
    if skipped > 0 {
        let command = emulator.words.join(" ");
        println!(
            "{skipped} cases are not for '{command}': they start other guest programs, or QEMU is known to be wrong"
        );
    }
    Ok(conclusion.exit_code())
}

/// `SUITE/CASE` and what the suite says of it, for `tine-test --real --list`.
pub fn list() -> Result<Vec<(String, String)>> {
    let cases = chosen(Choice::Named(&[]))?;
    Ok(cases.into_iter().map(|case| (case.name.clone(), case.title())).collect())
}

fn chosen(choice: Choice<'_>) -> Result<Vec<Case>> {
    let mut chosen = Vec::new();
    for (suite, content) in suites()? {
        for mut case in content.case {
            case.name = format!("{suite}/{}", case.name);
            case.packages.extend(content.packages.iter().cloned());
            let taken = match choice {
                Choice::Core => content.core,
                Choice::Named(words) => {
                    words.is_empty() || words.iter().any(|word| case.name.contains(word.as_str()))
                }
            };
            if taken {
                chosen.push(case);
            }
        }
    }
    Ok(chosen)
}

/// All files of cases by their names, sorted.
fn suites() -> Result<Vec<(String, Suite)>> {
    let folder = tools::root().join("harness/real");
    let mut suites = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let suite = Suite::read(&format!("harness/real/{name}.toml"))?;
            suites.push((name, suite));
        }
    }
    suites.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(suites)
}

/// The tree with these packages. A machine without network is told so once: all tests of this run, which may be processes of
/// their own, give the first one's answer.
fn tree(packages: &[String]) -> Result<PathBuf, String> {
    static TREE: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let made = TREE.get_or_init(|| {
        let cache = sysroot::cache();
        let refusal = cache.join(format!("refused-{}", getppid()));
        if let Ok(why) = fs::read_to_string(&refusal) {
            return Err(why);
        }
        let tree = cache.join("tree");
        sysroot::make(&tree, packages).map(|()| tree).map_err(|error| {
            let why = format!("no tree of Debian packages to test with: {error:#}");
            // If it cannot be written, the next one tries by itself.
            let _ = fs::write(&refusal, &why);
            why
        })
    });
    made.clone()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_case_says_what_it_runs_and_what_comes_of_it() {
        let cases = chosen(Choice::Named(&[])).unwrap();
        let mut names = BTreeSet::new();
        for case in &cases {
            assert!(names.insert(&case.name), "{} is there twice", case.name);
            let plain =
                |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-/".contains(&byte);
            assert!(case.name.bytes().all(plain), "{}: small letters, digits and '-'", case.name);
            assert!(!case.command.is_empty(), "{} runs something", case.name);
            let says = !case.stdout.is_empty() || !case.stderr.is_empty() || case.status != 0;
            assert!(says, "{} would pass if the program did nothing", case.name);
        }
        assert!(cases.len() >= 100, "{} cases", cases.len());
        let core = chosen(Choice::Core).unwrap();
        assert!(core.len() >= 60, "{} cases run with all other tests", core.len());
    }
}
