//! Every program in `guests/hostile`, `guests/isa`, `guests/process`, `guests/signal` and `guests/syscall` runs under tine and exits with 0; the exit code is the
//! number of the check that failed. To add one, write the C source there: it is found by its name. Those of `guests/isa` and `guests/signal` are
//! run once more by the form of the engine that has no tail calls.

use std::time::{Duration, Instant};

use libtest_mimic::{Arguments, Failed, Trial};
use tine_test::group::{Collected, Group, Mark, end_all_on_interrupt, quiet, status_number};
use tine_test::{guest, tools};

const FOLDERS: [&str; 5] = ["hostile", "isa", "process", "signal", "syscall"];
/// Folders whose programs are run by both forms of the engine.
const BOTH_FORMS: [&str; 2] = ["isa", "signal"];
const LIMIT: Duration = Duration::from_secs(60);

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::from_args();
    end_all_on_interrupt();
    let mut trials = Vec::new();
    for folder in FOLDERS {
        for name in guest::names(folder)? {
            if BOTH_FORMS.contains(&folder) {
                let name = name.clone();
                trials
                    .push(Trial::test(format!("{name} (one by one)"), move || run(&name, &["--one-by-one"])));
            }
            trials.push(Trial::test(name.clone(), move || run(&name, &[])));
        }
    }
    libtest_mimic::run(&arguments, trials).exit()
}

fn run(name: &str, options: &[&str]) -> Result<(), Failed> {
    exits_with_zero(name, options).map_err(|error| format!("{error:#}").into())
}

fn exits_with_zero(name: &str, options: &[&str]) -> anyhow::Result<()> {
    let program = guest::build(name)?;
    let folder = tempfile::tempdir()?;
    let mark = Mark::new();
    let mut command = quiet(tools::tine()?);
    command.args(options).arg(program).current_dir(folder.path());
    let mut group = Group::spawn(mark.on(&mut command))?;
    let stdout = group.child().stdout.take().map(Collected::from).unwrap_or_default();
    let stderr = group.child().stderr.take().map(Collected::from).unwrap_or_default();
    let ended = group.wait_until(Instant::now() + LIMIT)?.map(status_number);
    group.kill();
    mark.kill();
    match ended {
        Some(0) => Ok(()),
        Some(status) => anyhow::bail!(
            "guests/{name} ended with status {status} (a check's number, or 128 + a signal)\n{}{}",
            stdout.text(),
            stderr.text()
        ),
        None => {
            anyhow::bail!("guests/{name} did not end within {LIMIT:?}\n{}{}", stdout.text(), stderr.text())
        }
    }
}
