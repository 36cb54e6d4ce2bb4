//! A tree of unpacked packages. What is in it stands in its `var/lib/dpkg/status`, as on an installed system, so that apt
//! resolves later additions against it.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// The merged /usr: packages of trixie have their files there, and programs name them by either path.
const MERGED: [&str; 3] = ["bin", "sbin", "lib"];

/// Files that packages' scripts would write, where there are none.
const FILES: [(&str, &str); 3] = [
    (
        "etc/passwd",
        "root:x:0:0:root:/root:/bin/bash\n\
         daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n\
         www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin\n\
         nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n",
    ),
    (
        "etc/group",
        "root:x:0:\ndaemon:x:1:\nadm:x:4:\ntty:x:5:\nshadow:x:42:\nwww-data:x:33:\nutmp:x:43:\n\
         staff:x:50:\nusers:x:100:\nnogroup:x:65534:\n",
    ),
    ("etc/nsswitch.conf", "passwd: files\ngroup: files\nshadow: files\nhosts: files dns\nservices: files\n"),
];

/// Programs that have a common name by `update-alternatives`, and whose programs may bear it, the best first. A name that ends
/// in `*` has a version in its place.
const ALTERNATIVES: &[(&str, &[&str])] = &[
    ("awk", &["gawk", "mawk", "original-awk"]),
    ("c++", &["g++"]),
    ("cc", &["gcc", "clang"]),
    ("guile", &["guile-*"]),
    ("lua", &["lua*"]),
    ("luac", &["luac*"]),
    ("nc", &["nc.openbsd", "nc.traditional"]),
    ("pager", &["less", "more"]),
    ("php", &["php*"]),
    ("phar", &["phar*"]),
    ("sh", &["dash", "bash"]),
    ("which", &["which.debianutils"]),
];

/// A tree.
#[derive(Debug)]
pub(super) struct Tree {
    root: PathBuf,
}

impl Tree {
    /// The tree in a folder, whose path is absolute.
    pub(super) fn at(root: PathBuf) -> Tree {
        Tree { root }
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// dpkg's list of packages.
    pub(super) fn status(&self) -> PathBuf {
        self.root.join("var/lib/dpkg/status")
    }

    /// Whether all these packages are in it.
    pub(super) fn has(&self, packages: &[String]) -> Result<bool> {
        let there = self.packages()?;
        Ok(packages.iter().all(|name| there.contains_key(name)))
    }

    /// What must be there before the first package: unpacked over these links, `./lib/x` becomes `usr/lib/x`.
    pub(super) fn prepare(&self) -> Result<()> {
        for name in MERGED {
            make_folder(&self.root.join("usr").join(name))?;
            self.link_unless_there(name, &format!("usr/{name}"))?;
        }
        make_folder(&self.root.join("var/lib/dpkg"))?;
        if !self.status().exists() {
            write(&self.status(), "")?;
        }
        Ok(())
    }

    /// Unpacks archives and does what packages' scripts would do that matters here. The packages count as unpacked after all of it.
    pub(super) fn unpack(&self, archives: &[PathBuf]) -> Result<()> {
        let mut packages = self.packages()?;
        for archive in archives {
            self.unpack_files(archive).with_context(|| format!("cannot unpack {}", archive.display()))?;
            let (name, stanza) = stanza_of(archive)?;
            packages.insert(name, stanza);
        }
        for (path, text) in FILES {
            let path = self.root.join(path);
            if !path.exists() {
                path.parent().map_or(Ok(()), make_folder)?;
                write(&path, text)?;
            }
        }
        self.choose_alternatives()?;
        make_links_relative(&self.root, &self.root)?;
        let tmp = self.root.join("tmp");
        make_folder(&tmp)?;
        fs::set_permissions(&tmp, fs::Permissions::from_mode(0o1777))
            .with_context(|| format!("cannot open {} to everybody", tmp.display()))?;
        let unfinished = self.status().with_extension("tine");
        write(&unfinished, &packages.into_values().collect::<Vec<_>>().join("\n"))?;
        fs::rename(&unfinished, self.status()).context("cannot write the list of packages")
    }

    /// Names and stanzas of what is unpacked.
    fn packages(&self) -> Result<BTreeMap<String, String>> {
        match fs::read_to_string(self.status()) {
            Ok(text) => Ok(stanzas(&text)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(BTreeMap::new()),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", self.status().display())),
        }
    }

    /// Owners and set-user-ID bits are left out, for root as for others: nobody shall get a set-user-ID riscv64 program by this.
    fn unpack_files(&self, archive: &Path) -> Result<()> {
        let mut packed = Command::new("dpkg-deb")
            .arg("--fsys-tarfile")
            .arg(archive)
            .stdout(Stdio::piped())
            .spawn()
            .context("dpkg-deb does not start")?;
        let stream = packed.stdout.take().map_or_else(Stdio::null, Stdio::from);
        let unpacked = Command::new("tar")
            .args(["--extract", "--keep-directory-symlink", "--no-same-owner", "--no-same-permissions", "-C"])
            .arg(&self.root)
            .stdin(stream)
            .status();
        let packed = packed.wait()?;
        let unpacked = unpacked.context("tar does not start")?;
        if !packed.success() || !unpacked.success() {
            bail!("dpkg-deb: {packed}, tar: {unpacked}");
        }
        Ok(())
    }

    fn choose_alternatives(&self) -> Result<()> {
        let mut programs = Vec::new();
        let folder = self.root.join("usr/bin");
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
            programs.push(entry?.file_name().to_string_lossy().into_owned());
        }
        for (name, candidates) in ALTERNATIVES {
            if let Some(best) = best(candidates, &programs) {
                self.link_unless_there(&format!("usr/bin/{name}"), best)?;
            }
        }
        Ok(())
    }

    fn link_unless_there(&self, path: &str, target: &str) -> Result<()> {
        match symlink(target, self.root.join(path)) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                Err(error).with_context(|| format!("cannot link {path}"))
            }
            _ => Ok(()),
        }
    }
}

/// The first candidate that is among the programs; of several versions the last one.
fn best<'a>(candidates: &[&str], programs: &'a [String]) -> Option<&'a str> {
    candidates.iter().find_map(|candidate| {
        let fits = |program: &&String| match candidate.strip_suffix('*') {
            Some(prefix) => program.strip_prefix(prefix).is_some_and(is_version),
            None => program.as_str() == *candidate,
        };
        programs.iter().filter(fits).max().map(String::as_str)
    })
}

fn is_version(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// A link to `/etc/x` means the tree's file, so it says `../etc/x`: right with and without chroot(2), for the host's programs, too.
fn make_links_relative(folder: &Path, root: &Path) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        if kind.is_dir() {
            make_links_relative(&path, root)?;
        } else if kind.is_symlink() {
            let target = fs::read_link(&path)?;
            // These are the host's, in a tree as well.
            let kernel = ["/proc", "/dev", "/sys"].iter().any(|folder| target.starts_with(folder));
            if let (Ok(inside), false) = (target.strip_prefix("/"), kernel) {
                let depth = folder.strip_prefix(root)?.components().count();
                let relative: PathBuf = std::iter::repeat_n("..", depth).collect();
                fs::remove_file(&path)?;
                symlink(relative.join(inside), &path)
                    .with_context(|| format!("cannot link {}", path.display()))?;
            }
        }
    }
    Ok(())
}

/// The archive's own description, marked as installed.
fn stanza_of(archive: &Path) -> Result<(String, String)> {
    let output = Command::new("dpkg-deb").arg("--field").arg(archive).stderr(Stdio::inherit()).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let fields = text.trim_end();
    let (first, rest) = fields.split_once('\n').unwrap_or((fields, ""));
    match first.strip_prefix("Package: ") {
        Some(name) if output.status.success() => {
            Ok((name.to_owned(), format!("{first}\nStatus: install ok installed\n{rest}\n")))
        }
        _ => bail!("{} does not tell its name", archive.display()),
    }
}

/// dpkg's file: stanzas with empty lines between them.
fn stanzas(text: &str) -> BTreeMap<String, String> {
    let stanzas = text.split("\n\n").filter_map(|stanza| {
        let name = stanza.lines().find_map(|line| line.strip_prefix("Package: "))?;
        Some((name.trim().to_owned(), format!("{}\n", stanza.trim_matches('\n'))))
    });
    stanzas.collect()
}

fn make_folder(path: &Path) -> Result<()> {
    fs::create_dir_all(path).with_context(|| format!("cannot make {}", path.display()))
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alternatives_are_chosen_by_name_and_version() {
        let programs = ["gawk", "mawk", "lua5.3", "lua5.4", "luac5.4", "luajit", "php8.4", "php.default"];
        let programs = programs.map(str::to_owned);
        assert_eq!(best(&["gawk", "mawk"], &programs), Some("gawk"));
        assert_eq!(best(&["lua*"], &programs), Some("lua5.4"));
        assert_eq!(best(&["luac*"], &programs), Some("luac5.4"));
        assert_eq!(best(&["php*"], &programs), Some("php8.4"));
        assert_eq!(best(&["guile-*"], &programs), None);
    }

    #[test]
    fn the_list_of_packages_is_read_back_as_it_was_written() {
        let text = "Package: a\nStatus: install ok installed\nDescription: x\n y\n .\n z\n\nPackage: b\n";
        let read = stanzas(text);
        assert_eq!(read.keys().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(read.into_values().collect::<Vec<_>>().join("\n"), text);
        assert!(stanzas("").is_empty());
    }

    #[test]
    fn absolute_links_stay_in_the_tree() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        let folder = root.join("usr/bin");
        fs::create_dir_all(&folder).unwrap();
        for (name, target, wanted) in [
            ("a", "/etc/alternatives/a", "../../etc/alternatives/a"),
            ("b", "../lib/b", "../lib/b"),
            ("c", "/proc/self/fd", "/proc/self/fd"),
            ("d", "/dev/null", "/dev/null"),
        ] {
            let link = folder.join(name);
            symlink(target, &link).unwrap();
            make_links_relative(root, root).unwrap();
            assert_eq!(fs::read_link(&link).unwrap(), Path::new(wanted), "{name}");
        }
    }

    #[test]
    fn an_unprepared_folder_has_no_packages() {
        let root = tempfile::tempdir().unwrap();
        let tree = Tree::at(root.path().to_path_buf());
        assert!(!tree.has(&["bash".to_owned()]).unwrap());
        tree.prepare().unwrap();
        tree.prepare().unwrap();
        assert!(!tree.has(&["bash".to_owned()]).unwrap());
        assert!(tree.has(&[]).unwrap());
        assert_eq!(fs::read_link(root.path().join("lib")).unwrap(), Path::new("usr/lib"));
    }
}
