//! Views as open files: a descriptor of memory that holds what the file showed when it was opened, or read from its start again.

use std::ffi::{CString, OsStr};
use std::fs::OpenOptions;
use std::io::Write;
use std::os::fd::AsRawFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::sys::memfd::MFdFlags;
use nix::unistd::pipe2;

use super::{File, Meaning, Place, contents, has_folder, meaning};
use crate::errno::Errno;
use crate::memfd;
use crate::process::Process;
use crate::syscall::host::call_at_once;

/// Beginning of the host's name for memory that has a name.
const MEMFD: &[u8] = b"/memfd:";
/// End of it: there is no such file.
const DELETED: &[u8] = b" (deleted)";

/// Reads all of an open file from its start.
pub fn read(fd: u64) -> Result<Vec<u8>, Errno> {
    let mut bytes = Vec::new();
    let mut chunk = vec![0_u8; 16 << 10];
    loop {
        let args = [fd, chunk.as_mut_ptr() as u64, chunk.len() as u64, bytes.len() as u64, 0, 0];
        match call_at_once(libc::SYS_pread64, args)? as usize {
            0 => return Ok(bytes),
            read => bytes.extend_from_slice(&chunk[..read]),
        }
    }
}

/// Makes the descriptor `fd`, just opened with `flags` on the host's file, one of `bytes`.
pub fn replace(fd: u64, flags: u64, place: &Place, bytes: &[u8]) -> Result<u64, Errno> {
    const KEPT: u64 = (libc::O_ACCMODE | libc::O_NONBLOCK | libc::O_CLOEXEC) as u64;
    let cloexec = flags & libc::O_CLOEXEC as u64;
    let name = CString::new(place.to_string()).map_err(|_| Errno::EINVAL)?;
    let memory = match memfd::filled(&name, MFdFlags::MFD_CLOEXEC, bytes) {
        Ok(memory) => memory,
        Err(Errno::EFBIG) => return replace_by_pipe(fd, cloexec, bytes),
        Err(errno) => return Err(errno),
    };
    // A second opening: with the access that was asked for, and from the start.
    let path = format!("/proc/thread-self/fd/{}\0", memory.as_raw_fd());
    let args = [libc::AT_FDCWD as u64, path.as_ptr() as u64, flags & KEPT, 0, 0, 0];
    call_at_once(libc::SYS_openat, args).and_then(|opened| {
        let replaced = call_at_once(libc::SYS_dup3, [opened, fd, cloexec, 0, 0, 0]);
        close(opened);
        replaced
    })
}

/// Who reads a file of /proc from its start again finds what it shows now: so does the descriptor `fd`, if it shows a view.
pub fn refresh(process: &Process, fd: u64) {
    let Some(name) = file_of(fd) else { return };
    let host = || std::fs::read(Path::new(OsStr::from_bytes(name.as_bytes()))).map_err(Errno::from);
    let shown = match meaning(libc::AT_FDCWD, name.as_bytes(), false) {
        Some(Meaning::Shown(place)) => contents(&place, process, host),
        // One that has ended, and is not waited for yet, is no guest any more: it is the host's to show.
        Some(Meaning::Host) => Ok(None),
        _ => return,
    };
    // Of a process that has gone the descriptor keeps what it has.
    let Ok(bytes) = shown.and_then(|shown| shown.map_or_else(host, Ok)) else { return };
    if memfd::check(&bytes).is_err() {
        return;
    }
    let _ = OpenOptions::new()
        .write(true)
        .truncate(true)
        .open(link_of(fd))
        .and_then(|mut file| file.write_all(&bytes));
}

/// The file of /proc that the descriptor `fd` shows, if it shows a view: it is what the guest takes the descriptor for.
pub fn file_of(fd: u64) -> Option<CString> {
    // Most descriptors are of no memory: that is found out without a look into /proc.
    call_at_once(libc::SYS_fcntl, [fd, libc::F_GET_SEALS as u64, 0, 0, 0, 0]).ok()?;
    name_of(fd)
}

/// The same for a descriptor that only stands for a file (`O_PATH`).
pub fn name_of(fd: u64) -> Option<CString> {
    let name = std::fs::read_link(link_of(fd)).ok()?;
    CString::new(shown_name(name.as_os_str().as_bytes())?).ok()
}

/// Where `lseek` from the end leads in the file that `fd` shows, if it shows a view: a file of /proc has no size, most refuse it.
pub fn seek_without_size(fd: u64, offset: i64, whence: u64) -> Option<Result<u64, Errno>> {
    let name = file_of(fd)?;
    Some(std::fs::File::open(OsStr::from_bytes(name.as_bytes())).map_err(Errno::from).and_then(|file| {
        call_at_once(libc::SYS_lseek, [file.as_raw_fd() as u64, offset as u64, whence, 0, 0, 0])
    }))
}

fn link_of(fd: u64) -> String {
    format!("/proc/thread-self/fd/{fd}")
}

/// Makes `fd` the end of a pipe with `bytes` in it: for a guest that may not have a file of such a size. It can be read once, from its start.
fn replace_by_pipe(fd: u64, cloexec: u64, bytes: &[u8]) -> Result<u64, Errno> {
    let (end, start) = pipe2(OFlag::O_CLOEXEC)?;
    let room = fcntl(&start, FcntlArg::F_GETPIPE_SZ)?;
    if bytes.len() > room as usize {
        let wanted = i32::try_from(bytes.len()).map_err(|_| Errno::EFBIG)?;
        fcntl(&start, FcntlArg::F_SETPIPE_SZ(wanted)).map_err(|_| Errno::EFBIG)?;
    }
    std::fs::File::from(start).write_all(bytes)?;
    call_at_once(libc::SYS_dup3, [end.as_raw_fd() as u64, fd, cloexec, 0, 0, 0])
}

/// Closes a descriptor of ours.
pub fn close(fd: u64) {
    let _ = call_at_once(libc::SYS_close, [fd, 0, 0, 0, 0, 0]);
}

/// What a link to an open file shows, if the file is a view: the name that the guest opened.
pub fn shown_name(link: &[u8]) -> Option<&[u8]> {
    let name = link.strip_prefix(MEMFD)?.strip_suffix(DELETED)?;
    name.starts_with(b"/proc/").then_some(name)
}

/// A path of /proc has been opened: from a folder relative paths may start.
pub fn opened(fd: u64) {
    let mut stat = [0_u8; size_of::<libc::stat>()];
    let asked = call_at_once(libc::SYS_fstat, [fd, stat.as_mut_ptr() as u64, 0, 0, 0, 0]);
    let at = std::mem::offset_of!(libc::stat, st_mode);
    let mode = u32::from_ne_bytes([stat[at], stat[at + 1], stat[at + 2], stat[at + 3]]);
    if asked.is_ok() && mode & libc::S_IFMT == libc::S_IFDIR {
        has_folder();
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("/proc/")?;
        if self.pid != 0 {
            write!(f, "{}/", self.pid)?;
        }
        if let Some(task) = self.task {
            write!(f, "task/{task}/")?;
        }
        f.write_str(match self.file {
            File::CpuInfo => "cpuinfo",
            File::Version => "version",
            File::OsRelease => "sys/kernel/osrelease",
            File::Arch => "sys/kernel/arch",
            file => file.name(),
        })
    }
}
