//! Which file of /proc a path means.

use std::ffi::CString;
use std::os::unix::ffi::OsStrExt;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use crate::syscall::host::call_at_once;

/// A file of /proc that shows the emulator, or the host's machine, if nothing is done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The process or thread that the path names; 0 for the machine.
    pub pid: i32,
    /// The thread below `task`.
    pub task: Option<i32>,
    /// Which file.
    pub file: File,
}

/// The files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those in /proc: see NAMES")]
pub enum File {
    Auxv,
    Cmdline,
    Environ,
    Exe,
    Limits,
    Maps,
    Mem,
    Pagemap,
    Smaps,
    SmapsRollup,
    Stat,
    Statm,
    Status,
    Syscall,
    /// `fd/N` and `fdinfo/N`.
    Descriptor(i32),
    /// The folders `fd` and `fdinfo`.
    Descriptors,
    /// The folder `task`.
    Tasks,
    /// Anything else of a process: only whether it is there may be the question.
    Other,
    /// `/proc/cpuinfo`.
    CpuInfo,
    /// `/proc/version`.
    Version,
    /// `/proc/sys/kernel/osrelease`.
    OsRelease,
    /// `/proc/sys/kernel/arch`.
    Arch,
}

/// The files in a process's folder.
const NAMES: [(&[u8], File); 16] = [
    (b"auxv", File::Auxv),
    (b"cmdline", File::Cmdline),
    (b"environ", File::Environ),
    (b"exe", File::Exe),
    (b"limits", File::Limits),
    (b"maps", File::Maps),
    (b"mem", File::Mem),
    (b"pagemap", File::Pagemap),
    (b"smaps", File::Smaps),
    (b"smaps_rollup", File::SmapsRollup),
    (b"stat", File::Stat),
    (b"statm", File::Statm),
    (b"status", File::Status),
    (b"syscall", File::Syscall),
    (b"fd", File::Descriptors),
    (b"fdinfo", File::Descriptors),
];

impl File {
    /// Its name in a process's folder; nothing for what has none of its own.
    pub(super) fn name(self) -> &'static str {
        let row = NAMES.iter().find(|(_, file)| *file == self);
        row.and_then(|(name, _)| std::str::from_utf8(name).ok()).unwrap_or_default()
    }
}

/// What a path means, as far as its text says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    /// This file.
    Place(Place),
    /// None of these.
    Elsewhere,
    /// That depends on links, or on the current folder.
    Unclear,
}

/// Whether this process has, or had, a folder of /proc open or as its current one: only then can a relative path lead there without saying so.
static HAS_FOLDER: AtomicBool = AtomicBool::new(false);

/// A folder of /proc has been opened or entered.
pub fn has_folder() {
    HAS_FOLDER.store(true, Relaxed);
}

/// Asks for the current folder, once for a program.
pub fn look_at_current_folder() {
    if std::env::current_dir().is_ok_and(|folder| folder.starts_with("/proc")) {
        has_folder();
    }
}

/// Whether a path that begins so may lead to a file of /proc. A symbolic link elsewhere that does is not noticed.
#[inline]
pub fn may_be(head: &[u8]) -> bool {
    match head {
        [b'/', b'/' | b'.', ..] => true,
        [b'/', ..] => head.starts_with(b"/proc") || head.starts_with(b"/dev/"),
        [b'.', b'.', ..] => true,
        _ => HAS_FOLDER.load(Relaxed),
    }
}

/// The file of /proc that a path means, starting from `folder`. A link at its end is the file.
pub fn find(folder: i32, path: &[u8]) -> Option<Place> {
    match read(path) {
        Reading::Place(place) => Some(place),
        Reading::Elsewhere => None,
        Reading::Unclear => match read(&resolve(folder, path)?) {
            Reading::Place(place) => Some(place),
            Reading::Elsewhere | Reading::Unclear => None,
        },
    }
}

/// The file of /proc that a link to an open file leads to.
pub(super) fn behind(folder: i32, path: &[u8]) -> Option<Place> {
    let path = CString::new(path).ok()?;
    let mut link = vec![0_u8; libc::PATH_MAX as usize];
    let (to, most) = (link.as_mut_ptr() as u64, link.len() as u64);
    let len =
        call_at_once(libc::SYS_readlinkat, [folder as u64, path.as_ptr() as u64, to, most, 0, 0]).ok()?;
    match read(link.get(..len as usize)?) {
        Reading::Place(place) => Some(place),
        Reading::Elsewhere | Reading::Unclear => None,
    }
}

/// The file of /proc that a descriptor is open on.
pub fn of_descriptor(fd: i32) -> Option<Place> {
    if !HAS_FOLDER.load(Relaxed) {
        return None;
    }
    let path = std::fs::read_link(format!("/proc/thread-self/fd/{fd}")).ok()?;
    match read(path.as_os_str().as_bytes()) {
        Reading::Place(place) => Some(place),
        Reading::Elsewhere | Reading::Unclear => None,
    }
}

/// Where the host finds a path.
fn resolve(folder: i32, path: &[u8]) -> Option<Vec<u8>> {
    const FLAGS: i32 = libc::O_PATH | libc::O_NOFOLLOW | libc::O_CLOEXEC;
    // Most paths that are unclear lead elsewhere.
    let from_there = || !path.starts_with(b"/") && HAS_FOLDER.load(Relaxed) && is_in_proc(folder);
    if !(names_proc(path) || path.starts_with(b"/dev/fd") || from_there()) {
        return None;
    }
    let path = CString::new(path).ok()?;
    let args = [folder as u64, path.as_ptr() as u64, FLAGS as u64, 0, 0, 0];
    let file = call_at_once(libc::SYS_openat, args).ok()?;
    let found = std::fs::read_link(format!("/proc/thread-self/fd/{file}"));
    let _ = call_at_once(libc::SYS_close, [file, 0, 0, 0, 0, 0]);
    Some(found.ok()?.as_os_str().as_bytes().to_vec())
}

/// Whether `proc` is among the components of a path.
fn names_proc(path: &[u8]) -> bool {
    path.split(|&byte| byte == b'/').any(|name| name == b"proc")
}

/// Whether an open file, or the current folder for `AT_FDCWD`, is in /proc.
pub fn is_in_proc(folder: i32) -> bool {
    let mut stat = [0_u64; 15];
    let at = stat.as_mut_ptr() as u64;
    let asked = match folder {
        libc::AT_FDCWD => call_at_once(libc::SYS_statfs, [c".".as_ptr() as u64, at, 0, 0, 0, 0]),
        fd => call_at_once(libc::SYS_fstatfs, [fd as u64, at, 0, 0, 0, 0]),
    };
    asked.is_ok() && stat[0] == libc::PROC_SUPER_MAGIC as u64
}

/// Reads a path. What is not absolute, or goes through links of /proc, is unclear.
fn read(path: &[u8]) -> Reading {
    let mut names = path.split(|&byte| byte == b'/').filter(|name| !name.is_empty());
    if path.first() != Some(&b'/') || names.clone().any(|name| matches!(name, b"." | b"..")) {
        return Reading::Unclear;
    }
    // Only a folder has a slash behind it.
    let is_folder = path.ends_with(b"/");
    let place = match (names.next(), names.next()) {
        (Some(b"dev"), Some(b"fd")) => own_descriptor(names),
        (Some(b"proc"), Some(b"self")) => of_process(own_pid(), names),
        (Some(b"proc"), Some(b"thread-self")) => of_task(own_pid(), own_tid(), names),
        (Some(b"proc"), Some(name)) => match number(name) {
            Some(pid) => of_process(pid, names),
            None => of_machine(name, names),
        },
        _ => Reading::Elsewhere,
    };
    match place {
        Reading::Place(Place { file: File::Descriptors | File::Tasks | File::Other, .. }) => place,
        Reading::Place(_) if is_folder => Reading::Elsewhere,
        other => other,
    }
}

fn of_process<'a>(pid: i32, mut names: impl Iterator<Item = &'a [u8]> + Clone) -> Reading {
    let rest = names.clone();
    match names.next() {
        Some(b"task") => match names.next() {
            None => Reading::Place(Place { pid, task: None, file: File::Tasks }),
            Some(name) => match number(name) {
                Some(tid) => of_task(pid, tid, names),
                None => Reading::Elsewhere,
            },
        },
        _ => in_folder(pid, None, rest),
    }
}

fn of_task<'a>(pid: i32, tid: i32, names: impl Iterator<Item = &'a [u8]>) -> Reading {
    in_folder(pid, Some(tid), names)
}

/// A file in the folder of a process or of a task.
fn in_folder<'a>(pid: i32, task: Option<i32>, mut names: impl Iterator<Item = &'a [u8]>) -> Reading {
    let place = |file| Reading::Place(Place { pid, task, file });
    match (names.next(), names.next(), names.next()) {
        (Some(b"fd" | b"fdinfo"), Some(name), None) => match number(name) {
            Some(fd) => place(File::Descriptor(fd)),
            None => Reading::Elsewhere,
        },
        // Links to folders that may be anywhere.
        (Some(b"fd" | b"cwd" | b"root"), Some(_), _) => Reading::Unclear,
        (Some(name), None, _) => match NAMES.iter().find(|(known, _)| *known == name) {
            Some(&(_, file)) => place(file),
            None => place(File::Other),
        },
        _ => place(File::Other),
    }
}

fn own_descriptor<'a>(mut names: impl Iterator<Item = &'a [u8]>) -> Reading {
    match (names.next().and_then(number), names.next()) {
        (Some(fd), None) => Reading::Place(Place { pid: own_pid(), task: None, file: File::Descriptor(fd) }),
        _ => Reading::Elsewhere,
    }
}

fn of_machine<'a>(name: &[u8], mut names: impl Iterator<Item = &'a [u8]>) -> Reading {
    let file = match (name, names.next(), names.next(), names.next()) {
        (b"cpuinfo", None, ..) => File::CpuInfo,
        (b"version", None, ..) => File::Version,
        (b"sys", Some(b"kernel"), Some(b"osrelease"), None) => File::OsRelease,
        (b"sys", Some(b"kernel"), Some(b"arch"), None) => File::Arch,
        _ => return Reading::Elsewhere,
    };
    Reading::Place(Place { pid: 0, task: None, file })
}

/// A number as /proc writes it: no sign, no leading zero.
fn number(name: &[u8]) -> Option<i32> {
    let text = std::str::from_utf8(name).ok()?;
    let number: i32 = text.parse().ok()?;
    (number.to_string() == text && number >= 0).then_some(number)
}

fn own_pid() -> i32 {
    std::process::id() as i32
}

/// The calling thread, as the kernel numbers it here.
pub fn own_tid() -> i32 {
    call_at_once(libc::SYS_gettid, [0; 6]).unwrap_or_default() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(pid: i32, task: Option<i32>, file: File) -> Option<Place> {
        Some(Place { pid, task, file })
    }

    fn read_at_root(path: &str) -> Option<Place> {
        find(libc::AT_FDCWD, path.as_bytes())
    }

    #[test]
    fn paths_are_read() {
        let own = own_pid();
        assert_eq!(read_at_root("/proc/self/maps"), at(own, None, File::Maps));
        assert_eq!(read_at_root("//proc//self/maps"), at(own, None, File::Maps));
        assert_eq!(read_at_root("/proc/1/task/7/stat"), at(1, Some(7), File::Stat));
        assert_eq!(read_at_root("/proc/1/task"), at(1, None, File::Tasks));
        assert_eq!(read_at_root("/proc/1/fd/"), at(1, None, File::Descriptors));
        assert_eq!(read_at_root("/proc/self/fd/3"), at(own, None, File::Descriptor(3)));
        assert_eq!(read_at_root("/dev/fd/3"), at(own, None, File::Descriptor(3)));
        assert_eq!(read_at_root("/proc/thread-self/comm"), at(own, Some(own_tid()), File::Other));
        assert_eq!(read_at_root("/proc/cpuinfo"), at(0, None, File::CpuInfo));
        assert_eq!(read_at_root("/proc/sys/kernel/osrelease"), at(0, None, File::OsRelease));
        for path in [
            "/proc",
            "/proc/self/maps/",
            "/proc/01/maps",
            "/proc/+1/maps",
            "/proc/-1/maps",
            "/dev/null",
            "/process/1/maps",
            "/proc/meminfo",
            "/dev/fd/x",
            "/proc/cpuinfo/x",
            "relative",
        ] {
            assert!(
                !matches!(read_at_root(path), Some(Place { file: File::Maps | File::CpuInfo, .. })),
                "{path}"
            );
        }
    }

    #[test]
    fn links_are_the_hosts_to_follow() {
        let own = own_pid();
        assert_eq!(read_at_root("/proc/self/../self/./maps"), at(own, None, File::Maps));
        assert_eq!(read_at_root("/proc/self/root/proc/self/maps"), at(own, None, File::Maps));
        assert_eq!(read_at_root("/proc/self/cwd/../none"), None);
        let folder = std::fs::File::open("/proc/self").unwrap();
        has_folder();
        let fd = std::os::fd::AsRawFd::as_raw_fd(&folder);
        assert_eq!(find(fd, b"maps"), at(own, None, File::Maps));
        assert_eq!(find(fd, b"exe"), at(own, None, File::Exe));
        assert_eq!(read_at_root(&format!("/proc/self/fd/{fd}/stat")), at(own, None, File::Stat));
    }
}
