//! The sysroot: a folder that stands for the root of the guest's files.
//!
//! An absolute path of the guest's is looked up in the sysroot first, and is the host's if the sysroot has no such file. The lookup ends
//! inside: an absolute symbolic link in the sysroot leads to a file of the sysroot, and `..` does not lead out. Some paths are the host's
//! always: see [`HOST`]. docs/sysroot.md has the rules.
//!
//! With `-L` every path is looked up. Without it the folder in which the dynamic linker was found, one of the usual places for a cross
//! compiler's libraries, is looked in for libraries only.

use std::ffi::{CString, OsStr, OsString};
use std::fs::Metadata;
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use crate::errno::Errno;
use crate::syscall::descriptors::{self, Movable};
use crate::syscall::host::call_at_once;
use crate::syscall::layout::OpenHow;

/// What a running system mounts: these folders of a sysroot are empty or stale, and the host's are looked at instead. The root itself is
/// the host's too, because that is where a walk along `..` arrives.
pub const HOST: [&str; 5] = ["dev", "proc", "run", "sys", "tmp"];

/// Where libraries are: what a sysroot that was not asked for is looked in for.
const LIBRARIES: [&str; 4] = ["lib", "lib64", "usr/lib", "usr/lib64"];

/// The process's sysroot. Forked children have it too.
static CURRENT: OnceLock<Sysroot> = OnceLock::new();
/// The process's sysroot was found for a program that does not run any more, and the one that does has not asked for it.
static ASLEEP: AtomicBool = AtomicBool::new(false);
/// After chroot(2) or pivot_root(2) the sysroot may be out of reach, as it is for a program of the host's then.
static LEFT: AtomicBool = AtomicBool::new(false);

/// Looks everything up in `dir` from now on (`-L`). A folder that is not there has no files: nothing is looked up then.
pub fn start(dir: &Path) {
    if let Ok(sysroot) = Sysroot::open(dir, Scope::Everything) {
        let _ = CURRENT.set(sysroot);
    }
}

/// Leaves a descriptor's number to the guest.
pub fn give_way(number: i32) {
    CURRENT.get().into_iter().for_each(|sysroot| sysroot.root.give_way(number));
}

/// The file of a dynamic linker: in the sysroot that was asked for, or, if none was, in the first of the `usual` folders that has it,
/// which is looked in for libraries from now on; else on the host. The error is every place that was tried.
pub fn interpreter(path: &Path, usual: &[&str]) -> Result<PathBuf, Vec<PathBuf>> {
    let bytes = path.as_os_str().as_bytes();
    let name = |found: CString| PathBuf::from(OsString::from_vec(found.into_bytes()));
    let mut tried = Vec::new();
    if let Some(sysroot) = current() {
        if let Some(found) = sysroot.find(bytes, true) {
            return Ok(name(found));
        }
        tried.push(sysroot.dir.join(path.strip_prefix("/").unwrap_or(path)));
    } else if !has_left() {
        // One that a program before this had: see [`another_program`].
        if let Some(sysroot) = CURRENT.get()
            && let Some(found) = sysroot.find(bytes, true)
        {
            return Ok(name(found));
        }
        for dir in usual {
            let place = Path::new(dir).join(path.strip_prefix("/").unwrap_or(path));
            // Looked for first: a folder that is opened takes a descriptor.
            if place.symlink_metadata().is_ok()
                && let Ok(sysroot) = Sysroot::open(Path::new(dir), Scope::Libraries)
                && let Some(found) = sysroot.find(bytes, true)
            {
                let _ = CURRENT.set(sysroot);
                return Ok(name(found));
            }
            tried.push(place);
        }
    }
    if path.is_file() {
        return Ok(path.to_path_buf());
    }
    tried.push(path.to_path_buf());
    Err(tried)
}

/// The sysroot that counts now.
#[inline]
pub fn current() -> Option<&'static Sysroot> {
    CURRENT.get().filter(|_| !LEFT.load(Relaxed) && !ASLEEP.load(Relaxed))
}

/// Another program begins in this process, with this dynamic linker: a sysroot that was not asked for counts if that is in it.
pub(crate) fn another_program(linker: Option<&Path>) {
    let is_asleep = CURRENT.get().is_some_and(|sysroot| {
        sysroot.scope == Scope::Libraries && !linker.is_some_and(|linker| linker.starts_with(&sysroot.dir))
    });
    ASLEEP.store(is_asleep, Relaxed);
}

/// The process has another root: the sysroot counts if it is found there by its name.
pub fn root_changed() {
    set_left(!CURRENT.get().is_some_and(Sysroot::is_there));
}

/// Whether the sysroot is out of reach.
pub fn has_left() -> bool {
    LEFT.load(Relaxed)
}

/// A parent whose memory a vforked child has changed sets this back.
pub fn set_left(left: bool) {
    LEFT.store(left, Relaxed);
}

/// The file that a path of the user's means, who names a program as the host's shell does. If it is one of the sysroot's, its symbolic links
/// are followed there.
pub fn program(path: &Path) -> PathBuf {
    let inside = || {
        let sysroot = current()?;
        let (parent, name) = (path.parent()?, path.file_name()?);
        let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
        let place = parent.canonicalize().ok()?.join(name);
        if !place.starts_with(&sysroot.dir) {
            return None;
        }
        let found = sysroot.find(place.as_os_str().as_bytes(), true)?;
        Some(PathBuf::from(OsStr::from_bytes(found.as_bytes())))
    };
    inside().unwrap_or_else(|| path.to_path_buf())
}

/// Which paths are looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All that may be.
    Everything,
    /// Those of libraries.
    Libraries,
}

/// A file that has been looked up.
#[derive(Debug)]
pub enum Hit {
    /// Open with `O_PATH`.
    File(u64),
    /// By its name on the host.
    Name(CString),
}

/// A folder that stands for the root.
#[derive(Debug)]
pub struct Sysroot {
    /// Its absolute name, without symbolic links.
    dir: PathBuf,
    /// The folder itself, hidden from the guest.
    root: Movable,
    identity: [u64; 2],
    scope: Scope,
}

/// The numbers of a file's device and of the file there.
fn identity(file: &Metadata) -> [u64; 2] {
    [file.dev(), file.ino()]
}

impl Sysroot {
    /// Opens a folder.
    pub fn open(dir: &Path, scope: Scope) -> io::Result<Sysroot> {
        let dir = dir.canonicalize()?;
        let flags = libc::O_PATH | libc::O_DIRECTORY;
        let root = std::fs::OpenOptions::new().read(true).custom_flags(flags).open(&dir)?;
        let identity = identity(&root.metadata()?);
        Ok(Sysroot { dir, root: Movable::new(descriptors::above(root.into())), identity, scope })
    }

    /// Whether its name still leads to it.
    fn is_there(&self) -> bool {
        self.dir.metadata().is_ok_and(|there| identity(&there) == self.identity)
    }

    /// Its absolute name.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Which paths are looked up in it.
    pub fn scope(&self) -> Scope {
        self.scope
    }

    /// The host's name of the sysroot's file that an absolute path means; `None` if there is none. Without `follow` a symbolic link at the
    /// path's end is the file.
    pub fn find(&self, path: &[u8], follow: bool) -> Option<CString> {
        let file = match self.look(path, follow)? {
            Hit::File(file) => file,
            Hit::Name(name) => return Some(name),
        };
        let name = std::fs::read_link(format!("/proc/thread-self/fd/{file}"));
        let _ = call_at_once(libc::SYS_close, [file, 0, 0, 0, 0, 0]);
        match name {
            Ok(name) if name.is_absolute() => CString::new(name.into_os_string().into_vec()).ok(),
            // There is no /proc here.
            _ => self.joined(&self.inside(path)?),
        }
    }

    /// The sysroot's file that an absolute path means, as a descriptor for the caller to close if it can be had; see [`Sysroot::find`].
    pub fn look(&self, path: &[u8], follow: bool) -> Option<Hit> {
        let inside = self.inside(path)?;
        let link = if follow { 0 } else { libc::O_NOFOLLOW };
        match self.open_inside(&inside, libc::O_PATH | libc::O_CLOEXEC | link) {
            Ok(file) => Some(Hit::File(file)),
            // A kernel before 5.6, a sandbox that does not know the call, no descriptor left.
            Err(Errno::ENOSYS | Errno::EPERM | Errno::EMFILE | Errno::ENFILE) => {
                self.joined(&inside).map(Hit::Name)
            }
            Err(_) => None,
        }
    }

    /// The part of an absolute path behind the root, if it is to be looked up here. A path that leads here by its full name is.
    pub fn inside(&self, path: &[u8]) -> Option<CString> {
        let mut rest = path;
        if let Some(behind) = path.strip_prefix(self.dir.as_os_str().as_bytes())
            && behind.first() == Some(&b'/')
        {
            rest = behind;
        } else if !path.starts_with(b"/") {
            return None;
        }
        loop {
            rest = match rest {
                [b'/', after @ ..] | [b'.', b'/', after @ ..] | [b'.', b'.', b'/', after @ ..] => after,
                _ => break,
            };
        }
        let is_in = |folder: &&str| {
            rest.strip_prefix(folder.as_bytes()).is_some_and(|after| matches!(after, [] | [b'/', ..]))
        };
        let looked_up = match self.scope {
            Scope::Everything => !matches!(rest, b"" | b"." | b"..") && !HOST.iter().any(is_in),
            Scope::Libraries => LIBRARIES.iter().any(is_in),
        };
        if looked_up { CString::new(rest).ok() } else { None }
    }

    /// The descriptor of the folder itself.
    pub fn root(&self) -> i32 {
        self.root.number()
    }

    /// Opens a file by its path behind the root, without leaving it.
    fn open_inside(&self, inside: &CString, flags: i32) -> Result<u64, Errno> {
        let how = OpenHow { flags: flags as u64, mode: 0, resolve: libc::RESOLVE_IN_ROOT };
        let args = [
            self.root.number() as u64,
            inside.as_ptr() as u64,
            std::ptr::from_ref(&how) as u64,
            size_of::<OpenHow>() as u64,
            0,
            0,
        ];
        // EAGAIN: somebody has renamed a folder meanwhile, and the kernel cannot tell whether `..` has led out.
        let mut result = call_at_once(libc::SYS_openat2, args);
        for _ in 0..16 {
            if result != Err(Errno::EAGAIN) {
                break;
            }
            result = call_at_once(libc::SYS_openat2, args);
        }
        result
    }

    /// The file by its name alone: absolute symbolic links lead out.
    fn joined(&self, inside: &CString) -> Option<CString> {
        let name = self.dir.join(OsStr::from_bytes(inside.as_bytes()));
        std::fs::symlink_metadata(&name).ok()?;
        CString::new(name.into_os_string().into_vec()).ok()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    /// A tree as distributions have them, in a folder of its own.
    fn tree(name: &str) -> PathBuf {
        let dir = std::env::temp_dir().join(format!("tine-sysroot-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        for folder in ["usr/lib/deep", "usr/bin", "etc/alternatives", "proc/self", "tmp"] {
            fs::create_dir_all(dir.join(folder)).unwrap();
        }
        for file in ["usr/lib/libx.so", "usr/bin/mawk", "proc/self/maps", "tmp/here"] {
            fs::write(dir.join(file), file).unwrap();
        }
        symlink("usr/lib", dir.join("lib")).unwrap();
        symlink("/usr/lib", dir.join("lib64")).unwrap();
        symlink("/etc/alternatives/awk", dir.join("usr/bin/awk")).unwrap();
        symlink("/usr/bin/mawk", dir.join("etc/alternatives/awk")).unwrap();
        symlink("/nowhere", dir.join("etc/dangling")).unwrap();
        symlink("../../../../../../../../usr/bin/mawk", dir.join("usr/lib/up")).unwrap();
        dir.canonicalize().unwrap()
    }

    fn found(sysroot: &Sysroot, path: &str, follow: bool) -> Option<String> {
        let found = sysroot.find(path.as_bytes(), follow)?.into_string().unwrap();
        Some(found.strip_prefix(sysroot.dir().to_str().unwrap()).unwrap().to_owned())
    }

    #[test]
    fn links_stay_inside() {
        let dir = tree("links");
        let sysroot = Sysroot::open(&dir, Scope::Everything).unwrap();
        let follow = |path| found(&sysroot, path, true);
        assert_eq!(follow("/lib/libx.so").as_deref(), Some("/usr/lib/libx.so"));
        assert_eq!(follow("/lib64/libx.so").as_deref(), Some("/usr/lib/libx.so"));
        assert_eq!(follow("/usr/bin/awk").as_deref(), Some("/usr/bin/mawk"));
        assert_eq!(follow("/usr/lib/up").as_deref(), Some("/usr/bin/mawk"));
        assert_eq!(follow("//.././usr/bin/../lib/deep/").as_deref(), Some("/usr/lib/deep"));
        assert_eq!(follow("/etc/dangling"), None);
        assert_eq!(follow("/usr/bin/none"), None);
        assert_eq!(follow("/usr/bin/awk/none"), None);
        assert_eq!(found(&sysroot, "/usr/bin/awk", false).as_deref(), Some("/usr/bin/awk"));
        assert_eq!(found(&sysroot, "/etc/dangling", false).as_deref(), Some("/etc/dangling"));
        // By its full name.
        let awk = dir.join("usr/bin/awk");
        assert_eq!(follow(awk.to_str().unwrap()).as_deref(), Some("/usr/bin/mawk"));
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn some_paths_are_the_hosts() {
        let dir = tree("hosts");
        let sysroot = Sysroot::open(&dir, Scope::Everything).unwrap();
        for path in [
            "/",
            "//",
            "/.",
            "/..",
            "/proc/self/maps",
            "/./proc/self/maps",
            "/tmp/here",
            "usr/lib",
            "",
            "lib",
        ] {
            assert_eq!(sysroot.find(path.as_bytes(), true), None, "{path}");
        }
        fs::write(dir.join("process"), "").unwrap();
        assert_eq!(found(&sysroot, "/process", true).as_deref(), Some("/process"));
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn without_being_asked_for_only_libraries() {
        let dir = tree("libraries");
        let sysroot = Sysroot::open(&dir, Scope::Libraries).unwrap();
        assert_eq!(found(&sysroot, "/lib/libx.so", true).as_deref(), Some("/usr/lib/libx.so"));
        assert_eq!(found(&sysroot, "/usr/lib/libx.so", true).as_deref(), Some("/usr/lib/libx.so"));
        assert_eq!(sysroot.find(b"/usr/bin/mawk", true), None);
        assert_eq!(sysroot.find(b"/library", true), None);
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn the_dynamic_linker_is_in_a_usual_place_or_on_the_host() {
        let dir = tree("interpreter");
        let usual = [dir.join("none"), dir.clone()];
        let usual = usual.each_ref().map(|dir| dir.to_str().unwrap());
        let found = interpreter(Path::new("/lib/libx.so"), &usual);
        assert_eq!(found, Ok(dir.join("usr/lib/libx.so")));
        assert_eq!(current().map(Sysroot::scope), Some(Scope::Libraries));
        assert_eq!(interpreter(Path::new("/lib/libx.so"), &[]), found);
        let host = dir.join("usr/bin/mawk");
        assert_eq!(interpreter(&host, &[]), Ok(host.clone()));
        let none = Path::new("/lib/none.so");
        assert_eq!(interpreter(none, &usual), Err(vec![dir.join("lib/none.so"), none.to_path_buf()]));
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn a_name_without_its_folder_is_enough() {
        let dir = tree("joined");
        let sysroot = Sysroot::open(&dir, Scope::Everything).unwrap();
        let joined = |path: &str| sysroot.joined(&CString::new(path).unwrap());
        assert_eq!(
            joined("usr/bin/mawk").unwrap().to_bytes(),
            dir.join("usr/bin/mawk").as_os_str().as_bytes()
        );
        assert_eq!(joined("usr/bin/none"), None);
        fs::remove_dir_all(dir).unwrap();
    }
}
