//! The `tine-test` command: runs scenarios by name.

use std::io::IsTerminal;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::{Args, Parser};
use indicatif::ProgressBar;
use tine_test::bench::{self, Bench};
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
    /// Put another stub in tine's place: COMMAND -g SOCKET PROGRAM ARGUMENTS; or gdbserver, with guests compiled for this machine
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
    /// Measure the programs of guests/bench and guests/cost whose names contain one of NAMES, side by side with qemu-riscv64
    #[arg(long, conflicts_with_all = ["real", "gdb", "stub", "trace", "update", "list"])]
    bench: bool,
    #[command(flatten)]
    benchmarks: BenchOptions,
    /// Write docs/scenarios.md anew
    #[arg(long, exclusive = true)]
    write_docs: bool,
}

/// How to measure
#[derive(Debug, Args)]
struct BenchOptions {
    /// Rounds that count; one more warms up
    #[arg(long, value_name = "NUMBER", requires = "bench", default_value_t = 3)]
    rounds: usize,
    /// The emulator that ratios are taken against
    #[arg(long, value_name = "COMMAND", requires = "bench", default_value = "qemu-riscv64")]
    peer: String,
    /// Another emulator to measure: COMMAND PROGRAM
    #[arg(long, value_name = "COMMAND", requires = "bench")]
    with: Vec<String>,
    /// Only tine and its peer, only programs built for rv64gc
    #[arg(long, requires = "bench")]
    quick: bool,
    /// Count the guest's instructions too; takes minutes
    #[arg(long, requires = "bench")]
    count: bool,
    /// Write what was measured as JSON
    #[arg(long, value_name = "FILE", requires = "bench")]
    json: Option<PathBuf>,
    /// Write docs/performance.md and its picture
    #[arg(long, requires = "bench")]
    write_page: bool,
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
        measure(&options.names, &options.benchmarks)?;
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

fn measure(names: &[String], options: &BenchOptions) -> Result<()> {
    let bench = Bench {
        names: names.to_vec(),
        rounds: options.rounds.max(1),
        peer: options.peer.clone(),
        with: options.with.clone(),
        quick: options.quick,
        count: options.count,
    };
    let report = bench.run()?;
    if let Some(file) = &options.json {
        let text = serde_json::to_string_pretty(&report)?;
        std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))?;
    }
    if options.write_page {
        for file in bench::page::write(&report)? {
            println!("{}", file.display());
        }
    }
    Ok(())
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
    let stub = options.stub.as_deref().map_or(StubCommand::Tine, StubCommand::parse);
    let mut failed = 0;
    // One that is named is run all the same: whether the reason holds has to be seen.
    let (left_out, scenarios): (Vec<_>, Vec<_>) = scenarios.into_iter().partition(|scenario| {
        options.names.is_empty()
            && matches!(stub, StubCommand::Gdbserver(_))
            && scenario.unlike_gdbserver.is_some()
    });
    for Scenario { name, unlike_gdbserver, .. } in &left_out {
        println!("{name} ... left out: {}", unlike_gdbserver.as_deref().unwrap_or_default());
    }
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
