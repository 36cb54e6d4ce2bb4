//! `tine-test --bench`: tine and a peer emulator side by side, as ratios of CPU time measured in one run.
//!
//! Each pair is run in turns (tine, peer, tine, peer, …), so that a machine whose speed drifts does not favour either; the
//! median of the pairwise ratios is what counts.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

use crate::{guest, tools};

/// What one run cost.
#[derive(Clone, Copy, Debug)]
struct Cost {
    /// User and system time of the process and of the children that it waited for.
    cpu: Duration,
    /// From start to exit.
    wall: Duration,
}

/// Runs both commands `rounds` times in turn and returns the median of the ratio first/second, with the medians of either.
fn pair(
    first: &[&str],
    second: &[&str],
    rounds: usize,
    figure: fn(&Cost) -> Duration,
) -> anyhow::Result<[f64; 3]> {
    let (mut firsts, mut seconds, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    // One round more than is counted: the first warms the page cache.
    for round in 0..=rounds {
        let a = figure(&run(first)?).as_secs_f64();
        let b = figure(&run(second)?).as_secs_f64();
        if round > 0 {
            firsts.push(a);
            seconds.push(b);
            ratios.push(a / b.max(1e-9));
        }
    }
    Ok([median(ratios), median(firsts), median(seconds)])
}

fn run(command: &[&str]) -> anyhow::Result<Cost> {
    let before = children_cpu()?;
    let start = Instant::now();
    let status = Command::new(command[0])
        .args(&command[1..])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .with_context(|| format!("{}: cannot be run", command[0]))?;
    let wall = start.elapsed();
    if !status.success() {
        bail!("{}: {status}", command.join(" "));
    }
    Ok(Cost { cpu: children_cpu()? - before, wall })
}

/// CPU time of all children that were waited for (getrusage(2)).
fn children_cpu() -> anyhow::Result<Duration> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Ok(Duration::from_micros(micros.unsigned_abs()))
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// What to compare.
#[derive(Debug)]
pub struct Bench {
    /// The emulator under test.
    pub tine: PathBuf,
    /// The emulator to compare with.
    pub peer: String,
    /// Rounds counted for each pair.
    pub rounds: usize,
    /// The folder with the kernels built for riscv64, one executable each.
    pub kernels: Vec<PathBuf>,
    /// The same programs built for the host: an empty program and the fork chain.
    pub native: Native,
}

/// Programs in two builds, riscv64 and host, for the costs that are compared with the host's own.
#[derive(Debug)]
pub struct Native {
    /// A program that does nothing: riscv64, host.
    pub empty: [PathBuf; 2],
    /// The chain of 42 forks: riscv64, host.
    pub chain: [PathBuf; 2],
    /// What processes, threads, signals and system calls cost: the programs of `guests/cost`, riscv64 and host.
    pub costs: Vec<(String, [PathBuf; 2])>,
}

impl Bench {
    /// The kernels of `guests/bench` whose names contain one of `wanted` (all if it is empty), under the release build and
    /// `qemu-riscv64`.
    ///
    /// # Errors
    /// Something does not compile.
    pub fn of_guests(wanted: &[String]) -> anyhow::Result<Bench> {
        let mut kernels = Vec::new();
        for name in guest::names("bench")? {
            if wanted.is_empty() || wanted.iter().any(|part| name.contains(part)) {
                kernels.push(guest::build(&name)?);
            }
        }
        let both = |name: &str| anyhow::Ok([guest::build(name)?, for_host(name)?]);
        let mut costs = Vec::new();
        for name in guest::names("cost")? {
            if wanted.is_empty() || wanted.iter().any(|part| name.contains(part)) {
                let programs = both(&name)?;
                costs.push((name.rsplit('/').next().unwrap_or(&name).to_owned(), programs));
            }
        }
        Ok(Bench {
            tine: tools::target().join("release/tine"),
            peer: "qemu-riscv64".into(),
            rounds: 3,
            kernels,
            native: Native { empty: both("empty")?, chain: both("fork-chain")?, costs },
        })
    }

    /// Runs everything and prints a line a figure.
    ///
    /// # Errors
    /// Any command that cannot be run or does not exit with 0.
    pub fn run(&self) -> anyhow::Result<()> {
        let tine = text(&self.tine)?;
        println!("{:<12} {:>8} {:>9} {:>9}", "kernel", "ratio", "tine s", "peer s");
        let mut ratios = Vec::new();
        for kernel in &self.kernels {
            let program = text(kernel)?;
            let [ratio, ours, theirs] =
                pair(&[tine, program], &[&self.peer, program], self.rounds, |c| c.cpu)?;
            let name = kernel.file_stem().unwrap_or_default().to_string_lossy();
            println!("{name:<12} {ratio:>8.2} {ours:>9.3} {theirs:>9.3}");
            ratios.push(ratio);
        }
        let mean = (ratios.iter().map(|r| r.ln()).sum::<f64>() / ratios.len().max(1) as f64).exp();
        println!(
            "{:<12} {mean:>8.2}   CPU time against {}, geometric mean of {}\n",
            "all",
            self.peer,
            ratios.len()
        );

        let [riscv, host] = &self.native.empty;
        let [_, ours, theirs] = pair(&[tine, text(riscv)?], &[text(host)?], self.rounds * 10, |c| c.wall)?;
        println!(
            "{:<12} {:>8.2}   ms of wall time more than the host's own empty program",
            "start",
            (ours - theirs) * 1e3
        );
        let [riscv, host] = &self.native.chain;
        let [ratio, ours, theirs] = pair(&[tine, text(riscv)?], &[text(host)?], self.rounds * 4, |c| c.cpu)?;
        println!(
            "{:<12} {ratio:>8.2}   CPU time of 42 forks against the host's own ({ours:.4} s, {theirs:.4} s)",
            "chain"
        );
        for (name, [riscv, host]) in &self.native.costs {
            let [ratio, ours, theirs] = pair(&[tine, text(riscv)?], &[text(host)?], self.rounds, |c| c.cpu)?;
            println!(
                "{name:<12} {ratio:>8.2}   CPU time against the host's own ({ours:.4} s, {theirs:.4} s)"
            );
        }
        Ok(())
    }
}

/// The guest's source compiled for the host.
fn for_host(name: &str) -> anyhow::Result<PathBuf> {
    let program = tools::target().join("guests/host").join(name);
    let source = tools::root().join(format!("guests/{name}.c"));
    if let Some(folder) = program.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let status = Command::new("cc").args(["-O2", "-static", "-o"]).args([&program, &source]).status()?;
    if !status.success() {
        bail!("{} does not compile for the host", source.display());
    }
    Ok(program)
}

fn text(path: &Path) -> anyhow::Result<&str> {
    path.to_str().with_context(|| format!("{}: not UTF-8", path.display()))
}
