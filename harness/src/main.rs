//! The `tine-test` command: runs scenarios by name.

use std::io::IsTerminal;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::Parser;
use indicatif::ProgressBar;
use tine_test::bench::Bench;
use tine_test::group::end_all_on_interrupt;
use tine_test::real::{self, Emulator};
use tine_test::scenario::{self, Scenario};
use tine_test::stub::StubCommand;
use tine_test::tools::{self, GdbCommand};
use tine_test::{guest, page, sysroot};

/// Runs debugging scenarios with a real gdb
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
struct Options {
    /// Scenarios of harness/scenarios to run; all of them if none is named
    names: Vec<String>,
    /// Run the commands of harness/real whose names contain one of NAMES, in a tree of Debian packages
    #[arg(long, conflicts_with_all = ["gdb", "stub", "trace", "update"])]
    real: bool,
    /// Put another emulator in tine's place: COMMAND -L TREE -0 NAME PROGRAM ARGUMENTS
    #[arg(long, value_name = "COMMAND", requires = "real")]
    emulator: Option<String>,
    /// Make a tree of the Debian packages NAMES and all that they need in DIR, for 'tine -L DIR'
    #[arg(long, value_name = "DIR", conflicts_with_all = ["real", "gdb", "stub", "trace", "update", "list"])]
    sysroot: Option<PathBuf>,
    /// Run with this gdb alone, instead of each one of the machine
    #[arg(long, value_name = "COMMAND")]
    gdb: Option<String>,
    /// Put another stub in tine's place: COMMAND -g SOCKET PROGRAM ARGUMENTS
    #[arg(long, value_name = "COMMAND")]
    stub: Option<String>,
    /// Show the transcript, what gdb said and every packet, decoded
    #[arg(long)]
    trace: bool,
    /// Accept the transcripts: write them into snapshots/
    #[arg(long)]
    update: bool,
    /// List the scenarios
    #[arg(long)]
    list: bool,
    /// Write a new scenario to start from
    #[arg(long, value_name = "NAME", exclusive = true)]
    new: Option<String>,
    /// Compile every guest program
    #[arg(long, exclusive = true)]
    guests: bool,
    /// Measure the kernels of guests/bench whose names contain one of NAMES, side by side with qemu-riscv64
    #[arg(long)]
    bench: bool,
    /// Write docs/scenarios.md anew
    #[arg(long, exclusive = true)]
    write_docs: bool,
}

fn main() -> ExitCode {
    // One line, whatever RUST_BACKTRACE says: the errors name what a user can mend.
    perform(&Options::parse()).unwrap_or_else(|error| {
        eprintln!("tine-test: {error:#}");
        ExitCode::from(2)
    })
}

fn perform(options: &Options) -> Result<ExitCode> {
    end_all_on_interrupt();
    if let Some(name) = &options.new {
        println!("{}", scenario::create(name)?);
    } else if options.guests {
        for name in guest::names("")? {
            println!("{}", guest::build(&name)?.display());
        }
    } else if options.write_docs {
        println!("{}", page::write()?);
    } else if options.bench {
        Bench::of_guests(&options.names)?.run()?;
    } else if let Some(folder) = &options.sysroot {
        sysroot::make(folder, &options.names)?;
        println!("{}", folder.display());
    } else if options.real && options.list {
        for (name, command) in real::list()? {
            println!("{name:<32} {command}");
        }
    } else if options.real {
        let emulator = options.emulator.as_deref().map_or_else(Emulator::tine, Emulator::other)?;
        return real::run(&options.names, &emulator);
    } else if options.list {
        for scenario in scenario::all()? {
            println!("{:<32} {}", scenario.name, scenario.title);
        }
    } else {
        return run(options);
    }
    Ok(ExitCode::SUCCESS)
}

fn run(options: &Options) -> Result<ExitCode> {
    if options.update && std::env::var_os("INSTA_UPDATE").is_none_or(|update| update != "always") {
        // insta takes this from the environment alone.
        let mut again = Command::new(std::env::current_exe()?);
        let error = again.args(std::env::args_os().skip(1)).env("INSTA_UPDATE", "always").exec();
        bail!("cannot start again: {error}");
    }
    let scenarios = chosen(&options.names)?;
    let gdbs = match &options.gdb {
        Some(command) => vec![tools::probe(command)?],
        None => tools::gdbs(),
    };
    if gdbs.is_empty() {
        bail!("no gdb that can be run: install gdb-multiarch, or let ./x do it");
    }
    let stub = options
        .stub
        .as_deref()
        .map_or(StubCommand::Tine, |command| StubCommand::Other(tools::split(command)));
    let mut failed = 0;
    for scenario in &scenarios {
        for gdb in &gdbs {
            failed += usize::from(!passes(scenario, gdb, &stub, options.trace));
        }
    }
    let total = scenarios.len() * gdbs.len();
    println!("{} of {total} passed", total - failed);
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn chosen(names: &[String]) -> Result<Vec<Scenario>> {
    let all = scenario::all()?;
    if let Some(unknown) = names.iter().find(|name| all.iter().all(|scenario| scenario.name != **name)) {
        let known: Vec<_> = all.iter().map(|scenario| scenario.name.as_str()).collect();
        bail!("there is no scenario '{unknown}'; there are: {}", known.join(", "));
    }
    Ok(all.into_iter().filter(|scenario| names.is_empty() || names.contains(&scenario.name)).collect())
}

fn passes(scenario: &Scenario, gdb: &GdbCommand, stub: &StubCommand, trace: bool) -> bool {
    let label = format!("{} (gdb {})", scenario.name, gdb.version);
    let spinner =
        if std::io::stderr().is_terminal() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
    spinner.set_message(label.clone());
    spinner.enable_steady_tick(Duration::from_millis(100));
    let started = Instant::now();
    let outcome = scenario.run(gdb, stub);
    spinner.finish_and_clear();
    let verdict = if outcome.failure.is_none() { "ok" } else { "FAILED" };
    println!("{label} ... {verdict} ({:.2} s)", started.elapsed().as_secs_f64());
    if trace {
        println!("{}", outcome.trace);
    }
    if let Some(failure) = &outcome.failure {
        eprintln!("{failure}");
    }
    outcome.failure.is_none()
}
