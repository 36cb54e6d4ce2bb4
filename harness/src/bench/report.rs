//! What was measured, as data: printed as a table, written as JSON.

use std::collections::BTreeMap;
use std::process::Command;

use anyhow::{Context, Result};
use serde::Serialize;

use super::measure::geometric_mean;
use super::programs::Program;

/// Everything that one run of the benchmarks found.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Where it was measured.
    pub machine: Machine,
    /// The emulator that ratios are taken against.
    pub peer: String,
    /// A kernel in one build each.
    pub kernels: Vec<Kernel>,
    /// What processes cost.
    pub processes: Vec<Figure>,
    /// Whole programs.
    pub programs: Vec<Program>,
}

/// The machine, and the emulators on it.
#[derive(Clone, Debug, Serialize)]
pub struct Machine {
    /// The processor's name.
    pub processor: String,
    /// Its logical processors.
    pub processors: usize,
    /// The host's kernel.
    pub kernel: String,
    /// The day, as `date -I` prints it.
    pub day: String,
    /// The first line that each emulator says of its version.
    pub emulators: BTreeMap<String, String>,
}

/// One kernel in one build.
#[derive(Clone, Debug, Serialize)]
pub struct Kernel {
    /// The name of its source.
    pub name: String,
    /// `rv64gc`, …
    pub build: String,
    /// tine, the peer, and the others, in the order of the heading.
    pub entries: Vec<Entry>,
    /// The guest's instructions, if they were counted.
    pub instructions: Option<u64>,
    /// Host cycles for each of them under tine.
    pub cycles_per_instruction: Option<f64>,
}

/// One emulator, or the host, on one kernel.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    /// Its name.
    pub emulator: String,
    /// CPU time, the median.
    pub seconds: f64,
    /// CPU time relative to the peer's, the median of the rounds' ratios.
    pub ratio: f64,
}

/// What something costs that the host does too.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    /// The name of its program.
    pub name: String,
    /// What the program does.
    pub what: String,
    /// Under tine.
    pub seconds: f64,
    /// The host's own.
    pub host_seconds: f64,
    /// The peer's, if it can run the program at all.
    pub peer_seconds: Option<f64>,
    /// tine's over the host's.
    pub over_host: f64,
    /// tine's over the peer's.
    pub over_peer: Option<f64>,
    /// Whether the seconds are wall time, and not CPU time.
    pub is_wall: bool,
}

impl Machine {
    /// This one, with these emulators.
    ///
    /// # Errors
    /// Something of /proc cannot be read.
    pub fn this<'a>(emulators: impl Iterator<Item = (String, &'a [String])>) -> Result<Machine> {
        let info = std::fs::read_to_string("/proc/cpuinfo").context("cannot read /proc/cpuinfo")?;
        let of = |key: &'static str| info.lines().filter(move |line| line.starts_with(key));
        let processor = of("model name").next().and_then(|line| line.split_once(": "));
        let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").context("no osrelease")?;
        Ok(Machine {
            processor: processor.map_or("unknown", |(_, name)| name).to_owned(),
            processors: of("processor").count(),
            kernel: kernel.trim().to_owned(),
            day: first_line("date", &["-I".to_owned()]),
            emulators: emulators.map(|(name, words)| (name, version(words))).collect(),
        })
    }
}

fn version(words: &[String]) -> String {
    let mut arguments = words[1..].to_vec();
    arguments.push("--version".to_owned());
    first_line(&words[0], &arguments)
}

fn first_line(program: &str, arguments: &[String]) -> String {
    let output = Command::new(program).args(arguments).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    text.lines().next().unwrap_or("unknown").to_owned()
}

impl Report {
    /// An empty one.
    pub fn new(machine: Machine, peer: &str) -> Report {
        Report {
            machine,
            peer: peer.to_owned(),
            kernels: Vec::new(),
            processes: Vec::new(),
            programs: Vec::new(),
        }
    }

    /// The head of the table that [`Report::line`] goes on with.
    pub fn heading(&self) -> String {
        format!(
            "{:<12} {:>7} {:>8} {:>8}  others, as ratios to {}",
            "kernel", "ratio", "tine s", "peer s", self.peer
        )
    }

    /// One line of the table.
    pub fn line(&self, kernel: &Kernel) -> String {
        let [tine, peer, others @ ..] = kernel.entries.as_slice() else { return String::new() };
        let mut line =
            format!("{:<12} {:>7.2} {:>8.3} {:>8.3}", kernel.name, tine.ratio, tine.seconds, peer.seconds);
        for other in others {
            line += &format!("  {} {:.2}", other.emulator, other.ratio);
        }
        if let (Some(count), Some(cycles)) = (kernel.instructions, kernel.cycles_per_instruction) {
            line += &format!("  {:.2e} instructions, {cycles:.2} cycles each", count as f64);
        }
        line
    }

    /// The geometric mean of a build's kernels, for each emulator.
    pub fn means(&self, build: &str) -> String {
        let mut line = format!("{:<12}", "all");
        for (emulator, mean) in self.geometric_means(build) {
            if emulator != self.peer {
                line += &format!(" {emulator} {mean:.2} ");
            }
        }
        line += &format!(
            "CPU time against {}, geometric mean of {}, {build}\n",
            self.peer,
            self.of(build).count()
        );
        line
    }

    /// Emulators with their geometric means over the kernels of a build, in the order of the entries.
    pub fn geometric_means(&self, build: &str) -> Vec<(String, f64)> {
        let Some(first) = self.of(build).next() else { return Vec::new() };
        let mean =
            |at: usize| geometric_mean(self.of(build).filter_map(|k| k.entries.get(at)).map(|e| e.ratio));
        first.entries.iter().enumerate().map(|(at, entry)| (entry.emulator.clone(), mean(at))).collect()
    }

    /// The kernels of one build.
    pub fn of<'a>(&'a self, build: &'a str) -> impl Iterator<Item = &'a Kernel> {
        self.kernels.iter().filter(move |kernel| kernel.build == build)
    }

    /// The builds, in order.
    pub fn builds(&self) -> Vec<&str> {
        let mut builds: Vec<&str> = self.kernels.iter().map(|kernel| kernel.build.as_str()).collect();
        builds.dedup();
        builds
    }
}

impl Figure {
    /// As a line of text.
    pub fn line(&self) -> String {
        let peer = self.over_peer.map_or("  -".to_owned(), |ratio| format!("{ratio:.2}"));
        let more = (self.seconds - self.host_seconds) * 1e3;
        format!(
            "{:<12} {:>7.2} x the host's {} time ({more:+.2} ms), {peer} x the peer's: {}",
            self.name,
            self.over_host,
            if self.is_wall { "wall" } else { "CPU" },
            self.what
        )
    }
}

#[cfg(test)]
fn sample_kernel(name: &str, build: &str, ratios: [f64; 3]) -> Kernel {
    let entries = ["tine", "peer", "host"].iter().zip(ratios);
    let entries = entries.map(|(name, ratio)| Entry { emulator: (*name).into(), seconds: ratio, ratio });
    Kernel {
        name: name.into(),
        build: build.into(),
        entries: entries.collect(),
        instructions: None,
        cycles_per_instruction: None,
    }
}

/// Two builds of two kernels.
#[cfg(test)]
pub(super) fn sample() -> Report {
    let machine = Machine {
        processor: "a processor".into(),
        processors: 2,
        kernel: "6.1".into(),
        day: "2026-01-31".into(),
        emulators: BTreeMap::from([("tine".into(), "tine 0.1.0".into())]),
    };
    let mut report = Report::new(machine, "peer");
    report.kernels = vec![
        sample_kernel("one", "rv64gc", [2.0, 1.0, 0.1]),
        sample_kernel("two", "rv64gc", [8.0, 1.0, 0.1]),
        sample_kernel("one", "more", [0.5, 1.0, 0.1]),
    ];
    report.processes = vec![Figure {
        name: "forks".into(),
        what: "1000 children".into(),
        seconds: 0.3,
        host_seconds: 0.2,
        peer_seconds: None,
        over_host: 1.5,
        over_peer: None,
        is_wall: false,
    }];
    report.programs =
        vec![Program { name: "a program".into(), seconds: [0.5, 1.0], ratio: 0.5, resident: [1e7, 2e7] }];
    report
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_of_one_build() {
        let report = sample();
        assert_eq!(report.builds(), ["rv64gc", "more"]);
        let means = report.geometric_means("rv64gc");
        assert_eq!(means[0].0, "tine");
        assert!((means[0].1 - 4.0).abs() < 1e-9, "{means:?}");
        assert!((report.geometric_means("more")[0].1 - 0.5).abs() < 1e-9);
        assert!(report.geometric_means("no such build").is_empty());
    }

    #[test]
    fn lines_name_what_they_tell() {
        let report = sample();
        insta::assert_snapshot!(report.line(&report.kernels[0]), @"one             2.00    2.000    1.000  host 0.10");
        insta::assert_snapshot!(report.processes[0].line(), @"forks           1.50 x the host's CPU time (+100.00 ms),   - x the peer's: 1000 children");
    }
}
