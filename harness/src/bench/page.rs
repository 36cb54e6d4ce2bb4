//! `docs/performance.md` and its picture, from a report.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::plot;
use super::report::{Kernel, Report};
use crate::tools;

/// Writes `docs/performance.md` and `docs/performance.svg`.
///
/// # Errors
/// The files cannot be written.
pub fn write(report: &Report) -> Result<[PathBuf; 2]> {
    let docs = tools::root().join("docs");
    let page = docs.join("performance.md");
    let picture = docs.join("performance.svg");
    fs::write(&page, text(report)).with_context(|| format!("cannot write {}", page.display()))?;
    fs::write(&picture, plot::svg(report)?).with_context(|| format!("cannot write {}", picture.display()))?;
    Ok([page, picture])
}

/// The page.
pub fn text(report: &Report) -> String {
    let machine = &report.machine;
    let mut page = format!(
        "# Performance\n\nWritten by `just bench-page` on {}: {}, {} logical processors, Linux {}. All figures are CPU time unless they say \
         otherwise; everything\nwas run in turns, and a ratio is the median of the ratios of each round. Below 1 tine is faster.\n\n",
        machine.day, machine.processor, machine.processors, machine.kernel
    );
    for (name, version) in &machine.emulators {
        page += &format!("* `{name}`: {version}\n");
    }
    page += "\n![CPU time of each kernel relative to the peer](performance.svg)\n";
    for build in report.builds() {
        page += &kernels(report, build);
    }
    page += &processes(report);
    page += &programs(report);
    page
}

fn kernels(report: &Report, build: &str) -> String {
    let mut text = format!(
        "\n## Kernels, {build}\n\nSources: `guests/bench`, gcc -O2. Ratios to `{}`.\n\n",
        report.peer
    );
    let Some(first) = report.of(build).next() else { return text };
    let others: Vec<usize> =
        (0..first.entries.len()).filter(|&n| first.entries[n].emulator != report.peer).collect();
    let is_counted = report.of(build).any(|kernel| kernel.instructions.is_some());
    let mut head = vec!["kernel".to_owned()];
    head.extend(others.iter().map(|&n| first.entries[n].emulator.clone()));
    head.extend(["tine, s".to_owned(), format!("{}, s", report.peer)]);
    if is_counted {
        head.extend(["10^6 instructions", "cycles each"].map(str::to_owned));
    }
    text += &row(&head);
    text += &row(&vec!["---".to_owned(); head.len()]);
    for kernel in report.of(build) {
        let mut cells = vec![kernel.name.clone()];
        cells.extend(
            others
                .iter()
                .map(|&n| kernel.entries.get(n).map_or(String::new(), |e| format!("{:.2}", e.ratio))),
        );
        cells.extend(kernel.entries.iter().take(2).map(|entry| format!("{:.3}", entry.seconds)));
        if is_counted {
            cells.extend(counts(kernel));
        }
        text += &row(&cells);
    }
    let means = report.geometric_means(build);
    let mut cells = vec!["**geometric mean**".to_owned()];
    cells.extend(others.iter().map(|&n| format!("**{:.2}**", means[n].1)));
    cells.resize(head.len(), String::new());
    text += &row(&cells);
    text
}

fn counts(kernel: &Kernel) -> [String; 2] {
    let millions = kernel.instructions.map_or(String::new(), |count| format!("{:.0}", count as f64 / 1e6));
    [millions, kernel.cycles_per_instruction.map_or(String::new(), |cycles| format!("{cycles:.2}"))]
}

fn processes(report: &Report) -> String {
    let mut text = format!(
        "\n## Processes\n\nSources: `guests/cost`, `guests/empty.c`, `guests/fork-chain.c`. `start` is wall time. An empty cell: `{}` cannot run it by itself.\n\n",
        report.peer
    );
    let head = ["", "what", "x the host's", &format!("x {}'s", report.peer), "more than the host's, ms"];
    text += &row(&head.map(str::to_owned));
    text += &row(&vec!["---".to_owned(); head.len()]);
    for figure in &report.processes {
        text += &row(&[
            figure.name.clone(),
            figure.what.clone(),
            format!("{:.2}", figure.over_host),
            figure.over_peer.map_or(String::new(), |ratio| format!("{ratio:.2}")),
            format!("{:.2}", (figure.seconds - figure.host_seconds) * 1e3),
        ]);
    }
    text
}

fn programs(report: &Report) -> String {
    if report.programs.is_empty() {
        return String::new();
    }
    let mut text = format!(
        "\n## Whole programs\n\nDebian's, from start to end, as `harness/bench/programs.toml` has them. Ratios to `{}`; the most memory that was resident, which is never less than the harness's own few MiB.\n\n",
        report.peer
    );
    let peer = &report.peer;
    let head = ["program", "tine", "tine, s", &format!("{peer}, s"), "tine, MiB", &format!("{peer}, MiB")]
        .map(str::to_owned);
    text += &row(&head);
    text += &row(&vec!["---".to_owned(); head.len()]);
    for program in &report.programs {
        let mut cells = vec![program.name.clone(), format!("{:.2}", program.ratio)];
        cells.extend(program.seconds.map(|seconds| format!("{seconds:.3}")));
        cells.extend(program.resident.map(|bytes| format!("{:.1}", bytes / f64::from(1 << 20))));
        text += &row(&cells);
    }
    text
}

fn row(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_page_tells_everything() {
        insta::assert_snapshot!(super::text(&super::super::report::sample()));
    }
}
