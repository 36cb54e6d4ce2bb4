//! Makes a Debian tree for riscv64, without root: what `tine -L` and the suite of real programs ([`crate::real`]) look things up in.
//!
//! The machine's own apt finds, checks and fetches the packages, with a state of its own ([`apt`]); they are unpacked, not
//! installed: no script of a package is run ([`tree`]).

mod apt;
mod tree;

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use nix::fcntl::{Flock, FlockArg};

use crate::tools;
use apt::Apt;
use tree::Tree;

/// The Debian release.
pub const SUITE: &str = "trixie";
/// Debian's name for the architecture.
pub const ARCHITECTURE: &str = "riscv64";

/// Every tree has these: the folders, and the C library.
const BASE: [&str; 2] = ["base-files", "libc6"];

/// Where apt's state, the archives and the suite's own tree are kept: `$TINE_SYSROOT`, else `target/sysroot`.
pub fn cache() -> PathBuf {
    env::var_os("TINE_SYSROOT")
        .map_or_else(|| tools::target().join("sysroot"), |folder| tools::root().join(folder))
}

/// Makes or completes the tree at `root`, so that `packages` and all that they depend on are in it. What is there already is
/// neither fetched nor unpacked again.
pub fn make(root: &Path, packages: &[String]) -> Result<()> {
    if let Some(wrong) = packages.iter().find(|name| !is_package(name)) {
        bail!("'{wrong}' is no name of a Debian package");
    }
    fs::create_dir_all(root).with_context(|| format!("cannot make {}", root.display()))?;
    let root = root.canonicalize().with_context(|| format!("cannot use {}", root.display()))?;
    let mut wanted: Vec<String> = BASE.map(str::to_owned).to_vec();
    wanted.extend_from_slice(packages);
    let tree = Tree::at(root);
    if tree.has(&wanted)? {
        return Ok(());
    }
    let cache = cache();
    let _alone = lock(&cache)?;
    // Somebody else may have completed it meanwhile.
    if tree.has(&wanted)? {
        return Ok(());
    }
    wanted.retain(|name| !tree.has(std::slice::from_ref(name)).unwrap_or(false));
    tree.prepare()?;
    let apt = Apt::new(&cache.join("apt"))?;
    let archives = fetch(&apt, &wanted, &tree, &cache.join("debs"))?;
    say(&format!("unpacking {} packages into {}", archives.len(), tree.root().display()));
    tree.unpack(&archives)
}

/// The archives of the packages that the tree lacks, fetched.
fn fetch(apt: &Apt, wanted: &[String], tree: &Tree, debs: &Path) -> Result<Vec<PathBuf>> {
    apt.index()?;
    let first = apt
        .resolve(wanted, &tree.status())
        .and_then(|archives| apt.download(&archives, debs).map(|()| archives));
    let archives = match first {
        Ok(archives) => archives,
        // An index that is some hours old may name archives that the mirror has replaced since.
        Err(error) if apt.index_is_old() => {
            say(&format!("{error:#}: asking the mirror for a new index"));
            apt.renew_index()?;
            let archives = apt.resolve(wanted, &tree.status())?;
            apt.download(&archives, debs)?;
            archives
        }
        Err(error) => return Err(error),
    };
    Ok(archives.iter().map(|archive| debs.join(&archive.file)).collect())
}

/// One process at a time works in the cache: tests of their own processes ask for the same tree.
fn lock(cache: &Path) -> Result<Flock<File>> {
    fs::create_dir_all(cache).with_context(|| format!("cannot make {}", cache.display()))?;
    let path = cache.join("lock");
    let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    Flock::lock(file, FlockArg::LockExclusive)
        .map_err(|(_, errno)| anyhow::anyhow!("cannot lock {}: {errno}", path.display()))
}

/// Debian policy 5.6.1. apt would take a `-` at the end as a wish to remove the package.
fn is_package(name: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    name.len() > 1
        && name.bytes().next().is_some_and(letter)
        && name.bytes().all(|byte| letter(byte) || b"+-.".contains(&byte))
        && !name.ends_with('-')
}

/// Progress, on standard error: fetching may take a minute.
fn say(line: &str) {
    eprintln!("tine-test: {line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_packages_are_told_from_options() {
        for name in ["bash", "libstdc++6", "g++", "0ad", "lua5.4", "gcc-14-base"] {
            assert!(is_package(name), "{name}");
        }
        for name in ["", "a", "-o", "--help", "bash-", "Bash", "bash=5", "bash/sid", "+x", "a b", "../x"] {
            assert!(!is_package(name), "{name}");
        }
    }
}
