//! apt with a state of its own: the mirror, the index, the archives. Nothing of the machine's apt is changed.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use xshell::{Shell, cmd};

use super::{ARCHITECTURE, SUITE, say};

/// Fetches single files with apt's own methods, proxies and checks; not in `PATH`.
const HELPER: &str = "/usr/lib/apt/apt-helper";
/// Where Debian and Ubuntu put the keys of the Debian archive, newer releases first.
const KEYRINGS: [&str; 2] =
    ["/usr/share/keyrings/debian-archive-keyring.pgp", "/usr/share/keyrings/debian-archive-keyring.gpg"];
/// How many archives are fetched at a time.
const CONNECTIONS: usize = 4;
/// An index is asked for anew after this time.
const INDEX_LASTS: Duration = Duration::from_secs(24 * 60 * 60);
/// An index that is younger is not the reason why a download failed.
const INDEX_IS_NEW: Duration = Duration::from_secs(60);

/// A package's file at the mirror.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Archive {
    uri: String,
    /// Its name in the cache.
    pub(super) file: String,
    /// As apt writes it: `SHA256:` and 64 digits.
    hash: String,
    bytes: u64,
}

/// apt, told by a configuration of its own to work in one folder.
#[derive(Debug)]
pub(super) struct Apt {
    folder: PathBuf,
    shell: Shell,
}

impl Apt {
    /// Prepares the folder.
    pub(super) fn new(folder: &Path) -> Result<Apt> {
        let shell = Shell::new()?;
        for (program, package) in [("apt-get", "apt"), ("dpkg-deb", "dpkg"), ("tar", "tar")] {
            if cmd!(shell, "{program} --version").quiet().ignore_stderr().read().is_err() {
                bail!(
                    "{program} is missing: a sysroot is made with the tools of Debian or Ubuntu (package {package})"
                );
            }
        }
        for part in ["lists/partial", "archives/partial", "repository"] {
            let part = folder.join(part);
            fs::create_dir_all(&part).with_context(|| format!("cannot make {}", part.display()))?;
        }
        // How to reach the network is the machine's to say; hooks, pins and further indexes are not wanted here.
        let machine = cmd!(shell, "apt-config dump").quiet().read()?;
        let network = machine.lines().filter(|line| is_network(line));
        let config = folder.join("apt.conf");
        write(&config, &format!("{}{}\n", configuration(folder), network.collect::<Vec<_>>().join("\n")))?;
        shell.set_var("APT_CONFIG", config);
        shell.set_var("LC_ALL", "C");
        Ok(Apt { folder: folder.to_path_buf(), shell })
    }

    /// Asks a mirror for the index of packages, if there is none that is new enough.
    pub(super) fn index(&self) -> Result<()> {
        if self.index_age().is_some_and(|age| age < INDEX_LASTS) { Ok(()) } else { self.renew_index() }
    }

    /// Whether a mirror may have changed since it was asked.
    pub(super) fn index_is_old(&self) -> bool {
        self.index_age().is_none_or(|age| age > INDEX_IS_NEW)
    }

    /// Asks each mirror in turn.
    pub(super) fn renew_index(&self) -> Result<()> {
        let _ = fs::remove_file(self.mirror_file());
        let mirrors = self.mirrors()?;
        let mut failures = Vec::new();
        for mirror in &mirrors {
            say(&format!("asking {mirror} for {SUITE}'s packages for {ARCHITECTURE}"));
            let outcome = self.signed_index(mirror).or_else(|why| {
                self.plain_index(mirror)?;
                // Said because it matters: nobody has signed what is unpacked now.
                say(&format!(
                    "the signed index cannot be used ({why:#}): trusting the mirror's own checksums"
                ));
                Ok(())
            });
            match outcome {
                Ok(()) => return write(&self.mirror_file(), mirror),
                Err(error) => failures.push(failure_of(mirror, &error)),
            }
        }
        bail!("no mirror has {SUITE} for {ARCHITECTURE}; TINE_MIRROR=URI names one ({})", failures.join("; "))
    }

    /// The archives that `apt-get install` would fetch for `packages` beside those of the status file.
    pub(super) fn resolve(&self, packages: &[String], status: &Path) -> Result<Vec<Archive>> {
        let shell = &self.shell;
        let status = format!("Dir::State::status={}", status.display());
        // The strongest hash, not the first one.
        let hash = "Acquire::ForceHash=SHA256";
        let install = cmd!(shell, "apt-get -q -y -o {status} -o {hash} --print-uris install {packages...}");
        let printed = self.answer(install)?;
        let mirror = fs::read_to_string(self.mirror_file()).context("the index has no mirror")?;
        let lines = printed.lines().filter(|line| line.starts_with('\''));
        lines.map(|line| archive(line, &mirror).with_context(|| format!("apt printed '{line}'"))).collect()
    }

    /// Fetches what is not in `folder` yet. A file there is whole and has the right hash.
    pub(super) fn download(&self, archives: &[Archive], folder: &Path) -> Result<()> {
        let missing: Vec<&Archive> =
            archives.iter().filter(|archive| !folder.join(&archive.file).exists()).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let unfinished = folder.join("partial");
        fs::create_dir_all(&unfinished).with_context(|| format!("cannot make {}", unfinished.display()))?;
        let bytes: u64 = missing.iter().map(|archive| archive.bytes).sum();
        say(&format!("fetching {} packages, {} MB", missing.len(), bytes.div_ceil(1_000_000)));
        let config = self.folder.join("apt.conf");
        thread::scope(|scope| {
            // Dealt out like cards, so that each connection gets its share of the large ones.
            let hands = (0..CONNECTIONS).map(|first| {
                let hand: Vec<&Archive> = missing.iter().skip(first).step_by(CONNECTIONS).copied().collect();
                scope.spawn(|| fetch(hand, &config, &unfinished, folder))
            });
            let hands: Vec<_> = hands.collect();
            hands.into_iter().try_for_each(|hand| hand.join().map_err(|_| anyhow!("a download panicked"))?)
        })
    }

    /// The way that apt means: the release file is signed, and has the index's checksum.
    fn signed_index(&self, mirror: &str) -> Result<()> {
        let keyring = KEYRINGS.iter().find(|keyring| Path::new(keyring).exists());
        let keyring = keyring.map(|path| format!(" signed-by={path}")).unwrap_or_default();
        self.update(&format!("arch={ARCHITECTURE}{keyring}"), &format!("{mirror} {SUITE} main"))
    }

    /// The index by itself. For a machine whose keys are older than the release, and a mirror that is being brought up to date.
    fn plain_index(&self, mirror: &str) -> Result<()> {
        let repository = self.folder.join("repository");
        let index = repository.join("Packages.xz");
        let uri = format!("{mirror}/dists/{SUITE}/main/binary-{ARCHITECTURE}/Packages.xz");
        let _ = fs::remove_file(&index);
        let shell = &self.shell;
        self.answer(cmd!(shell, "{HELPER} -q download-file {uri} {index}"))?;
        let repository = repository.display().to_string().replace(' ', "%20");
        self.update(&format!("arch={ARCHITECTURE} trusted=yes"), &format!("file:{repository} ./"))
    }

    fn update(&self, options: &str, source: &str) -> Result<()> {
        // Only the list of packages: no translations, nothing for a software centre.
        let line = format!("deb [{options} target=Packages] {source}\n");
        write(&self.folder.join("sources.list"), &line)?;
        let shell = &self.shell;
        // Without this a mirror that cannot be reached is a warning.
        let strict = "APT::Update::Error-Mode=any";
        self.answer(cmd!(shell, "apt-get -q -o {strict} update")).map(drop)
    }

    /// `$TINE_MIRROR`, else where the machine's own packages come from, Debian's own mirrors first.
    fn mirrors(&self) -> Result<Vec<String>> {
        if let Ok(mirror) = env::var("TINE_MIRROR") {
            return Ok(vec![mirror.trim_end_matches('/').to_owned()]);
        }
        // Asked without our configuration: apt reads both formats of its sources by itself.
        let shell = Shell::new()?;
        let format = "$(SITE) $(RELEASE) $(COMPONENT)";
        let listed =
            cmd!(shell, "apt-get indextargets --format {format}").arg("Created-By: Packages").quiet().read();
        let mirrors = mirrors_among(&listed.context("apt does not tell its sources")?);
        if mirrors.is_empty() {
            bail!("apt has no source that could be a Debian mirror: TINE_MIRROR=URI names one");
        }
        Ok(mirrors)
    }

    fn index_age(&self) -> Option<Duration> {
        // A time in the future is no age.
        fs::metadata(self.mirror_file()).ok()?.modified().ok()?.elapsed().ok()
    }

    /// Names the mirror that the index is from; as old as the index.
    fn mirror_file(&self) -> PathBuf {
        self.folder.join("mirror")
    }

    fn answer(&self, command: xshell::Cmd<'_>) -> Result<String> {
        let output = command.quiet().ignore_status().output()?;
        said(&output)
    }
}

/// What makes apt stay in its folder.
fn configuration(folder: &Path) -> String {
    let folder = folder.display();
    format!(
        r#"APT::Architecture "{ARCHITECTURE}";
APT::Architectures {{ "{ARCHITECTURE}"; }};
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "3";
Debug::NoLocking "true";
Dir::Etc::main "/dev/null";
Dir::Etc::parts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::Etc::sourcelist "{folder}/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::State "{folder}";
Dir::State::lists "{folder}/lists";
Dir::State::status "/dev/null";
Dir::State::extended_states "{folder}/extended_states";
Dir::Cache "{folder}";
Dir::Cache::archives "{folder}/archives";
"#
    )
}

/// A line of `apt-config dump` that says how to reach the network.
fn is_network(line: &str) -> bool {
    ["Acquire::http", "Acquire::ForceIPv", "Acquire::proxy"].iter().any(|prefix| line.starts_with(prefix))
}

/// From lines `SITE RELEASE COMPONENT`. Updates, backports and the like are not where a release is (their names have a
/// hyphen or a slash); what ends in `/debian` is tried first, since other vendors use Debian's names, too.
fn mirrors_among(listed: &str) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut mirrors = Vec::new();
    for line in listed.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [site, release, "main"] = words[..] else { continue };
        let site = site.trim_end_matches('/');
        if !release.contains(['-', '/']) && seen.insert(site) {
            mirrors.push(site.to_owned());
        }
    }
    mirrors.sort_by_key(|site| !site.ends_with("/debian"));
    mirrors
}

/// `'URI' FILE BYTES HASH`. In the plain index's own repository paths are the mirror's.
fn archive(line: &str, mirror: &str) -> Option<Archive> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [uri, file, bytes, hash] = words[..] else { return None };
    let uri = uri.strip_prefix('\'')?.strip_suffix('\'')?;
    let uri = match uri.strip_prefix("file:") {
        Some(local) => format!("{mirror}{}", &local[local.rfind("/pool/")?..]),
        None => uri.to_owned(),
    };
    let checked = hash.strip_prefix("SHA256:").is_some_and(|digits| digits.len() == 64);
    let plain = !file.starts_with('.') && !file.contains('/') && file.ends_with(".deb");
    (checked && plain)
        .then(|| Some(Archive { uri, file: file.into(), hash: hash.into(), bytes: bytes.parse().ok()? }))?
}

/// One connection's work. Files get their names when they are whole.
fn fetch(archives: Vec<&Archive>, config: &Path, unfinished: &Path, folder: &Path) -> Result<()> {
    if archives.is_empty() {
        return Ok(());
    }
    let mut helper = Command::new(HELPER);
    helper.env("APT_CONFIG", config).env("LC_ALL", "C").args(["-q", "download-file"]);
    for archive in &archives {
        helper.arg(&archive.uri).arg(unfinished.join(&archive.file)).arg(&archive.hash);
    }
    said(&helper.output().with_context(|| format!("cannot run {HELPER}"))?)?;
    for archive in archives {
        let place = folder.join(&archive.file);
        fs::rename(unfinished.join(&archive.file), &place)
            .with_context(|| format!("cannot write {}", place.display()))?;
    }
    Ok(())
}

/// What apt printed, or why it failed: its first error is the cause, what follows are its consequences.
fn said(output: &Output) -> Result<String> {
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let complaints = String::from_utf8_lossy(&output.stderr);
    let mut lines = complaints.lines();
    let first = lines.clone().find_map(|line| line.strip_prefix("E: ")).or(lines.next());
    bail!("apt: {}", first.map_or_else(|| output.status.to_string(), |line| line.trim().to_owned()))
}

/// `MIRROR: why`, unless the reason names it already.
fn failure_of(mirror: &str, error: &anyhow::Error) -> String {
    let why = format!("{error:#}");
    if why.contains(mirror) { why } else { format!("{mirror}: {why}") }
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mirrors_are_those_of_releases() {
        let listed = "https://example.org/node_20.x nodistro main\n\
                      https://example.org/cloud cloud-sdk-bookworm main\n\
                      http://mirror.example/debian bookworm main\n\
                      http://mirror.example/debian bookworm contrib\n\
                      http://mirror.example/debian bookworm-updates main\n\
                      http://mirror.example/debian-security bookworm-security main\n\
                      http://mirror.example/debian/ trixie main\n\
                      nonsense\n";
        assert_eq!(mirrors_among(listed), ["http://mirror.example/debian", "https://example.org/node_20.x"]);
        assert!(mirrors_among("").is_empty());
    }

    #[test]
    fn archives_are_read_and_found_at_the_mirror() {
        let hash = format!("SHA256:{}", "0".repeat(64));
        let wanted = |uri: &str| Archive {
            uri: uri.into(),
            file: "libc6_2.41-12+deb13u4_riscv64.deb".into(),
            hash: hash.clone(),
            bytes: 2_470_128,
        };
        let path = "pool/main/g/glibc/libc6_2.41-12%2bdeb13u4_riscv64.deb";
        let rest = format!("libc6_2.41-12+deb13u4_riscv64.deb 2470128 {hash}");
        let at = "http://mirror.example/debian";
        for uri in [format!("file:/a/pool/b/{path}"), format!("{at}/{path}")] {
            assert_eq!(archive(&format!("'{uri}' {rest}"), at), Some(wanted(&format!("{at}/{path}"))));
        }
        for line in [
            "".to_owned(),
            format!("'{at}/{path}' x.deb 1 MD5Sum:00"),
            format!("'{at}/{path}' ../x.deb 1 {hash}"),
            format!("'{at}/{path}' x.deb many {hash}"),
            format!("{at}/{path} x.deb 1 {hash}"),
        ] {
            assert_eq!(archive(&line, at), None, "{line}");
        }
    }

    #[test]
    fn of_the_machines_settings_only_those_of_the_network_are_kept() {
        for (line, kept) in [
            (r#"Acquire::http::Proxy "http://proxy.example:3128/";"#, true),
            (r#"Acquire::https::Verify-Peer "true";"#, true),
            (r#"Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "true";"#, false),
            (r#"APT::Update::Post-Invoke:: "rm -f /var/cache/apt/archives/*.deb";"#, false),
            (r#"Dir::Etc "etc/apt";"#, false),
        ] {
            assert_eq!(is_network(line), kept, "{line}");
        }
    }
}
