//! Whole runs of Debian's programs, from `harness/bench/programs.toml`: what users run, start and cold code included.

use std::path::{Path, PathBuf};

use anyhow::Result;
use serde::Serialize;

use super::measure::{Cost, median, ratio, turns_in};
use crate::real::{Case, Suite};
use crate::sysroot;

/// One program under tine and under the peer.
#[derive(Clone, Debug, Serialize)]
pub struct Program {
    /// The name of its case.
    pub name: String,
    /// CPU time under tine, and under the peer.
    pub seconds: [f64; 2],
    /// tine's over the peer's, the median of the rounds' ratios.
    pub ratio: f64,
    /// The most memory that was resident, in bytes, under tine and under the peer.
    pub resident: [f64; 2],
}

impl Program {
    /// As a line of text.
    pub fn line(&self) -> String {
        let [tine, peer] = self.resident.map(|bytes| bytes / f64::from(1 << 20));
        format!(
            "{:<12} {:>7.2} {:>8.3} {:>8.3}  resident {tine:.1} MiB, {peer:.1} under the peer",
            self.name, self.ratio, self.seconds[0], self.seconds[1]
        )
    }
}

/// The cases that are wanted.
///
/// # Errors
/// The file cannot be read, or says something else than cases.
pub fn chosen(wants: impl Fn(&str) -> bool) -> Result<Suite> {
    let mut suite = Suite::read("harness/bench/programs.toml")?;
    suite.case.retain(|case| wants(&case.name));
    Ok(suite)
}

/// The tree that their packages are in.
///
/// # Errors
/// It cannot be made: there is no network, perhaps.
pub fn tree(suite: &Suite) -> Result<PathBuf> {
    let tree = sysroot::cache().join("tree");
    sysroot::make(&tree, &suite.packages)?;
    Ok(tree)
}

/// Runs one under both emulators in turns.
///
/// # Errors
/// It cannot be run, or fails.
pub fn measure(case: &Case, emulators: [&[String]; 2], tree: &Path, rounds: usize) -> Result<Program> {
    let folder = case.folder()?;
    let commands = emulators.map(|words| case.words(words, tree)).into_iter().collect::<Result<Vec<_>>>()?;
    let costs = turns_in(folder.path(), &commands, rounds)?;
    let of = |figure: fn(&Cost) -> f64| [0, 1].map(|n: usize| median(costs[n].iter().map(figure)));
    Ok(Program {
        name: case.name.clone(),
        seconds: of(|cost| cost.cpu),
        ratio: ratio(&costs[0], &costs[1], |cost| cost.cpu),
        resident: of(|cost| cost.resident),
    })
}
