//! Commands run in turns, and what each run cost.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use wait4::{ResUse, ResourceUsage, Wait4};

/// What one run cost.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// Seconds of user and system time, of the process and of the children that it waited for.
    pub cpu: f64,
    /// Seconds from start to exit.
    pub wall: f64,
    /// The most bytes that were resident at once in one process of these. The kernel counts what the harness had when it started the
    /// process, too: it is never less than that.
    pub resident: f64,
}

/// Runs each command once in every round, in turn, so that a machine whose speed drifts favours none; `[command][round]`. A
/// first round, not counted, warms the page cache.
///
/// # Errors
/// A command cannot be run or does not exit with 0.
pub fn turns(commands: &[Vec<String>], rounds: usize) -> anyhow::Result<Vec<Vec<Cost>>> {
    turns_in(Path::new("."), commands, rounds)
}

/// The same in a folder.
///
/// # Errors
/// As for [`turns`].
pub fn turns_in(folder: &Path, commands: &[Vec<String>], rounds: usize) -> anyhow::Result<Vec<Vec<Cost>>> {
    let mut costs = vec![Vec::new(); commands.len()];
    for round in 0..=rounds {
        for (command, costs) in commands.iter().zip(&mut costs) {
            let cost = run_in(folder, command)?;
            if round > 0 {
                costs.push(cost);
            }
        }
    }
    Ok(costs)
}

/// One run.
///
/// # Errors
/// The command cannot be run or does not exit with 0.
pub fn run(command: &[String]) -> anyhow::Result<Cost> {
    run_in(Path::new("."), command)
}

fn run_in(folder: &Path, command: &[String]) -> anyhow::Result<Cost> {
    let start = Instant::now();
    let mut child = Command::new(&command[0])
        .args(&command[1..])
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .with_context(|| format!("{}: cannot be run", command[0]))?;
    let used = child.wait4()?;
    let wall = start.elapsed().as_secs_f64();
    if !used.status.success() {
        bail!("{}: {}", command.join(" "), used.status);
    }
    let ResUse { rusage: ResourceUsage { utime, stime, maxrss }, .. } = used;
    Ok(Cost { cpu: (utime + stime).as_secs_f64(), wall, resident: maxrss as f64 })
}

/// CPU time of all children that were waited for (getrusage(2)).
pub(super) fn children_cpu() -> anyhow::Result<Duration> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Ok(Duration::from_micros(micros.unsigned_abs()))
}

/// The middle one; 0 of none.
pub fn median(figures: impl IntoIterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.into_iter().collect();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}

/// The median of `first / second`, round by round.
pub fn ratio(first: &[Cost], second: &[Cost], figure: fn(&Cost) -> f64) -> f64 {
    median(first.iter().zip(second).map(|(a, b)| figure(a) / figure(b).max(1e-9)))
}

/// The geometric mean; 1 of none.
pub fn geometric_mean(figures: impl IntoIterator<Item = f64>) -> f64 {
    let (sum, count) = figures.into_iter().fold((0.0, 0), |(sum, n), figure| (sum + figure.ln(), n + 1));
    (sum / f64::from(count.max(1))).exp()
}

/// Processor cycles in a second of this machine, as it runs now: from a chain of multiplications and additions, each of which
/// needs the one before and takes four cycles on every x86-64 processor of the last fifteen years (three and one).
pub fn cycles_per_second() -> f64 {
    const STEPS: u64 = 50_000_000;
    let best = (1..=5u64).map(|seed| {
        let start = Instant::now();
        let (mut value, step) = (std::hint::black_box(seed), std::hint::black_box(seed));
        for _ in 0..STEPS {
            value = value.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(step);
        }
        std::hint::black_box(value);
        start.elapsed().as_secs_f64()
    });
    4.0 * STEPS as f64 / best.fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_taken_round_by_round() {
        let cost = |cpu| Cost { cpu, wall: 0.0, resident: 0.0 };
        let (slow, fast) = ([cost(2.0), cost(40.0), cost(6.0)], [cost(1.0), cost(10.0), cost(2.0)]);
        assert_eq!(ratio(&slow, &fast, |c| c.cpu), 3.0);
        assert_eq!(median([3.0, 1.0, 2.0]), 2.0);
        assert!((geometric_mean([2.0, 8.0]) - 4.0).abs() < 1e-9);
        assert_eq!(geometric_mean([]), 1.0);
    }

    #[test]
    fn a_command_that_fails_is_named() {
        let error = run(&["false".into()]).unwrap_err();
        assert!(error.to_string().starts_with("false: exit status: 1"), "{error}");
        let error = run(&["no-such-command-here".into()]).unwrap_err();
        assert!(error.to_string().contains("cannot be run"), "{error}");
    }
}
