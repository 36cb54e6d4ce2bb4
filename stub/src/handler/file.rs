//! Files, as the guest sees them (gdb manual, "Host I/O Packets").
//!
//! ```text
//! → vFile:setfs:0                            ← F0
//! → vFile:open:2f70726f632f33312f6d617073,0,1c0   ← F1           (/proc/31/maps)
//! → vFile:pread:1,ffb,0                      ← F2c;10000-11000 r-xp …
//! → vFile:open:2f6e6f6e65,0,0                ← F-1,2        (ENOENT)
//! ```

use std::collections::BTreeMap;
use std::fs::{self, File as HostFile, Metadata, OpenOptions};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

use crate::control::{Answer, Request};
use crate::hex;
use crate::id::Pid;
use crate::packet;
use crate::server::Session;
use crate::target::{Executable, Failure, File};

use super::{Reply, split};

/// Files that gdb has open.
#[derive(Default)]
pub(crate) struct OpenFiles {
    files: BTreeMap<u64, OpenFile>,
    /// Whose view counts; `None`: the selected process's.
    process: Option<Pid>,
}

enum OpenFile {
    Contents(Vec<u8>),
    Host(HostFile),
}

/// Most files that may be open at a time.
const MOST: usize = 64;

/// `vFile:setfs`
pub(crate) fn setfs(session: &mut Session, arguments: &[u8]) -> Reply {
    match hex::number(arguments) {
        Some(pid) => {
            session.files.process = i32::try_from(pid).ok().filter(|pid| *pid != 0).map(Pid);
            "F0".to_owned().into()
        }
        None => Reply::Fail(Failure::Invalid),
    }
}

/// `vFile:open`
pub(crate) fn open(session: &mut Session, arguments: &[u8]) -> Reply {
    let parse = || {
        let mut words = arguments.split(|byte| *byte == b',');
        Some((hex::text(words.next()?)?, hex::number(words.next()?)?, hex::number(words.next()?)?))
    };
    let Some((name, flags, mode)) = parse() else { return Reply::Fail(Failure::Invalid) };
    if session.files.files.len() == MOST {
        return error(Errno::MFILE);
    }
    let file = match view(session, name) {
        File::Contents(_) if flags & 3 != 0 => return error(Errno::ROFS),
        File::Contents(bytes) => OpenFile::Contents(bytes),
        File::Host(path) => match options(flags, mode).open(path) {
            Ok(file) => OpenFile::Host(file),
            Err(failed) => return error(Errno::of(&failed)),
        },
    };
    let number = (1..).find(|number| !session.files.files.contains_key(number)).unwrap_or_default();
    session.files.files.insert(number, file);
    format!("F{number:x}").into()
}

/// Open flags as the protocol numbers them (gdb manual, "Open Flags").
fn options(flags: u64, mode: u64) -> OpenOptions {
    let mut options = OpenOptions::new();
    let access = flags & 3;
    options.read(access != 1).write(access != 0).append(flags & 0x8 != 0);
    options.truncate(flags & 0x400 != 0 && access != 0);
    if access != 0 {
        options.create(flags & 0x200 != 0).create_new(flags & 0x200 != 0 && flags & 0x800 != 0);
    }
    // A FIFO would wait for its other end, and the whole session with it; a terminal is not to become the server's.
    let at_once = OFlags::NONBLOCK | OFlags::NOCTTY;
    options.mode((mode & 0o777) as u32).custom_flags(at_once.bits() as i32);
    options
}

/// `vFile:close`
pub(crate) fn close(session: &mut Session, arguments: &[u8]) -> Reply {
    match hex::number(arguments).and_then(|number| session.files.files.remove(&number)) {
        Some(_) => "F0".to_owned().into(),
        None => error(Errno::BADF),
    }
}

/// `vFile:pread`
pub(crate) fn pread(session: &mut Session, arguments: &[u8]) -> Reply {
    let mut numbers = arguments.split(|byte| *byte == b',').map(hex::number);
    let (Some(Some(number)), Some(Some(count)), Some(Some(offset))) =
        (numbers.next(), numbers.next(), numbers.next())
    else {
        return Reply::Fail(Failure::Invalid);
    };
    let count = count.min(packet::SIZE as u64 / 2 - 32) as usize;
    let bytes = match session.files.files.get(&number) {
        None => return error(Errno::BADF),
        Some(OpenFile::Contents(bytes)) => {
            let rest =
                usize::try_from(offset).ok().and_then(|offset| bytes.get(offset..)).unwrap_or_default();
            rest[..count.min(rest.len())].to_vec()
        }
        Some(OpenFile::Host(file)) => {
            let mut bytes = vec![0; count];
            match file.read_at(&mut bytes, offset) {
                Ok(count) => bytes.truncate(count),
                Err(failed) => return error(Errno::of(&failed)),
            }
            bytes
        }
    };
    attachment(&bytes)
}

/// `vFile:pwrite`
pub(crate) fn pwrite(session: &mut Session, arguments: &[u8]) -> Reply {
    let parse = || {
        let (number, rest) = split(arguments, b',')?;
        let (offset, data) = split(rest, b',')?;
        Some((hex::number(number)?, hex::number(offset)?, data))
    };
    let Some((number, offset, data)) = parse() else { return Reply::Fail(Failure::Invalid) };
    match session.files.files.get(&number) {
        Some(OpenFile::Host(file)) => match file.write_at(data, offset) {
            Ok(count) => format!("F{count:x}").into(),
            Err(failed) => error(Errno::of(&failed)),
        },
        _ => error(Errno::BADF),
    }
}

/// `vFile:fstat`
pub(crate) fn fstat(session: &mut Session, arguments: &[u8]) -> Reply {
    match hex::number(arguments).and_then(|number| session.files.files.get(&number)) {
        Some(OpenFile::Host(file)) => described(file.metadata()),
        Some(OpenFile::Contents(bytes)) => attachment(&Stat::of_contents(bytes).encode()),
        None => error(Errno::BADF),
    }
}

/// `vFile:stat`
pub(crate) fn stat(session: &mut Session, arguments: &[u8]) -> Reply {
    stat_by(session, arguments, |path| fs::metadata(path))
}

/// `vFile:lstat`
pub(crate) fn lstat(session: &mut Session, arguments: &[u8]) -> Reply {
    stat_by(session, arguments, |path| fs::symlink_metadata(path))
}

fn stat_by(session: &mut Session, arguments: &[u8], stat: fn(&Path) -> io::Result<Metadata>) -> Reply {
    let Some(name) = hex::text(arguments) else { return Reply::Fail(Failure::Invalid) };
    match view(session, name) {
        File::Host(path) => described(stat(&path)),
        File::Contents(bytes) => attachment(&Stat::of_contents(&bytes).encode()),
    }
}

/// `vFile:unlink`
pub(crate) fn unlink(session: &mut Session, arguments: &[u8]) -> Reply {
    let Some(name) = hex::text(arguments) else { return Reply::Fail(Failure::Invalid) };
    match view(session, name) {
        File::Host(path) => match fs::remove_file(path) {
            Ok(()) => "F0".to_owned().into(),
            Err(failed) => error(Errno::of(&failed)),
        },
        File::Contents(_) => error(Errno::PERM),
    }
}

/// `vFile:readlink`
pub(crate) fn readlink(session: &mut Session, arguments: &[u8]) -> Reply {
    let Some(name) = hex::text(arguments) else { return Reply::Fail(Failure::Invalid) };
    // The one link in /proc that the emulator has its own idea of.
    if let Some(pid) = name.strip_suffix("/exe").and_then(|dir| process_in(session, dir))
        && let Ok(Answer::Executable(Executable { link, .. })) = session.ask(pid, Request::Executable)
    {
        return attachment(link.as_bytes());
    }
    match view(session, name) {
        File::Host(path) => match fs::read_link(path) {
            Ok(target) => attachment(target.as_os_str().as_bytes()),
            Err(failed) => error(Errno::of(&failed)),
        },
        File::Contents(_) => error(Errno::INVAL),
    }
}

/// What is under a name, in the eyes of the process that it is about, or else of the selected one.
fn view(session: &mut Session, name: String) -> File {
    let parts: Vec<&str> = name.splitn(4, '/').collect();
    let about = match parts[..] {
        ["", "proc", ..] => parts.get(..3).and_then(|parts| process_in(session, &parts.join("/"))),
        _ => None,
    };
    let selected = session.files.process.filter(|pid| session.inferiors.contains_key(pid));
    let pid = about.or(selected).or_else(|| session.current().map(|id| id.pid));
    match pid.map(|pid| session.ask(pid, Request::File(name.clone()))) {
        Some(Ok(Answer::File(file))) => file,
        _ => File::Host(PathBuf::from(name)),
    }
}

/// The process whose folder in /proc this is.
fn process_in(session: &Session, dir: &str) -> Option<Pid> {
    let pid = Pid(dir.strip_prefix("/proc/")?.parse().ok()?);
    session.inferiors.contains_key(&pid).then_some(pid)
}

fn described(metadata: io::Result<Metadata>) -> Reply {
    match metadata {
        Ok(metadata) => attachment(&Stat::of_host(&metadata).encode()),
        Err(failed) => error(Errno::of(&failed)),
    }
}

/// `F`, the length, and the bytes themselves.
fn attachment(bytes: &[u8]) -> Reply {
    Reply::Bytes([format!("F{:x};", bytes.len()).as_bytes(), bytes].concat())
}

fn error(errno: Errno) -> Reply {
    format!("F-1,{:x}", errno.0).into()
}

/// `struct stat` of the protocol (gdb manual, "struct stat"): 64 bytes, big-endian.
struct Stat {
    mode: u32,
    size: u64,
    host: [u32; 5],
    times: [u32; 3],
    blocks: u64,
}

impl Stat {
    fn of_contents(bytes: &[u8]) -> Stat {
        Stat { mode: 0o100_444, size: bytes.len() as u64, host: [0, 0, 1, 0, 0], times: [0; 3], blocks: 0 }
    }

    fn of_host(metadata: &Metadata) -> Stat {
        Stat {
            mode: mode(metadata.mode()),
            size: metadata.size(),
            host: [
                metadata.dev() as u32,
                metadata.ino() as u32,
                metadata.nlink() as u32,
                metadata.uid(),
                metadata.gid(),
            ],
            times: [metadata.atime() as u32, metadata.mtime() as u32, metadata.ctime() as u32],
            blocks: metadata.blocks(),
        }
    }

    fn encode(&self) -> Vec<u8> {
        let [dev, ino, nlink, uid, gid] = self.host;
        let mut out = Vec::with_capacity(64);
        for word in [dev, ino, self.mode, nlink, uid, gid, 0] {
            out.extend(word.to_be_bytes());
        }
        for long in [self.size, 4096, self.blocks] {
            out.extend(long.to_be_bytes());
        }
        for time in self.times {
            out.extend(time.to_be_bytes());
        }
        out
    }
}

/// Kind and permissions of a file (gdb manual, "mode_t Values"). The protocol has files, folders and character devices; what else there is has no
/// kind, as gdbserver tells it.
fn mode(mode: u32) -> u32 {
    let kind = mode & 0o170_000;
    let is_known = matches!(kind, 0o100_000 | 0o040_000 | 0o020_000);
    mode & 0o777 | if is_known { kind } else { 0 }
}

/// An error number of the protocol (gdb manual, "Errno Values"). Most are Linux's.
#[derive(Clone, Copy)]
struct Errno(u32);

impl Errno {
    const PERM: Errno = Errno(1);
    const BADF: Errno = Errno(9);
    const INVAL: Errno = Errno(22);
    const MFILE: Errno = Errno(24);
    const ROFS: Errno = Errno(30);
    const NAMETOOLONG: Errno = Errno(91);
    const UNKNOWN: Errno = Errno(9999);

    fn of(error: &io::Error) -> Errno {
        match error.raw_os_error() {
            Some(
                number @ (1 | 2 | 4 | 5 | 9 | 13 | 14 | 16 | 17 | 19 | 20 | 21 | 22 | 23 | 24 | 27 | 28 | 29
                | 30),
            ) => Errno(number as u32),
            Some(36) => Errno::NAMETOOLONG,
            _ => Errno::UNKNOWN,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_that_the_protocol_has_not_are_left_out() {
        assert_eq!([0o100_644, 0o040_755, 0o020_666].map(mode), [0o100_644, 0o040_755, 0o020_666]);
        let (link, socket, setuid) = (0o120_777, 0o140_600, 0o104_755);
        assert_eq!([link, socket, setuid].map(mode), [0o777, 0o600, 0o100_755]);
    }
}
