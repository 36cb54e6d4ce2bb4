//! What a program that executes another one hands over to the emulator that is started for it: the part of the process's state that the
//! host's kernel does not keep over execve(2).
//!
//! It travels in a sealed memory file, whose number is the only thing in the new image's host environment: the guest's own environment must not
//! reach the host's dynamic linker, and is in here. The argument strings are the host's, so that tools on the host show them.

use std::ffi::{CString, OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, IntoRawFd, OwnedFd, RawFd};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use nix::fcntl::{FcntlArg, SealFlag, fcntl};
use nix::sys::memfd::MFdFlags;
use serde::{Deserialize, Serialize};

use crate::errno::Errno;
use crate::memfd;
use crate::options::Options;
use crate::syscall::descriptors;

/// The variable that says where the handover is.
const VARIABLE: &str = "TINE_HANDOVER";
/// Begins the file: a number that an older or newer emulator does not take for its own.
const MAGIC: &[u8] = concat!("tine ", env!("CARGO_PKG_VERSION"), " exec\n").as_bytes();

/// Begins the debug server's.
const ORDER: &[u8] = concat!("tine ", env!("CARGO_PKG_VERSION"), " run\n").as_bytes();

/// The same, with the arguments that the command line ends in, because somebody in between has put them there.
const ORDER_BY_OTHERS: &[u8] = concat!("tine ", env!("CARGO_PKG_VERSION"), " run by others\n").as_bytes();

/// The first argument of an emulator that others have started for the debug server: they may have changed the environment. The second is
/// where the handover is, and then follow the program and its arguments.
pub(crate) const ARGUMENT: &str = "--handed-over";

/// What the new image needs to know.
#[derive(Debug, Serialize, Deserialize)]
pub struct Handover {
    /// As the user asked for at first.
    pub options: Options,
    /// The number of the system call that executes it.
    pub call: u64,
    /// The file to load, open for reading.
    pub program: RawFd,
    /// Its name, as far as it has one.
    pub path: PathBuf,
    /// `AT_EXECFN`.
    pub called: OsString,
    /// The guest's environment.
    pub envp: Vec<CString>,
    /// Ignored signals, of which the host may not know.
    pub ignored: u64,
    /// Blocked signals that the host never blocks.
    pub blocked: u64,
    /// Its filters of system calls.
    pub seccomp: Option<Vec<u8>>,
    /// The limits that are the guest's alone.
    pub limits: [(u64, u64); 3],
    /// `PR_SET_MDWE`
    pub denied: u8,
    /// What of its personality(2) the host does not know.
    pub personality: u32,
    /// Descriptors of the emulator's own that stay open.
    pub own: Own,
}

/// Descriptors of the emulator's own.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Own {
    /// The emulator's file.
    pub emulator: Option<RawFd>,
    /// The log.
    pub log: Option<RawFd>,
    /// Where system calls are logged.
    pub trace: Option<RawFd>,
    /// The control connection to the debug server.
    pub control: Option<RawFd>,
}

impl Own {
    /// The numbers.
    pub fn numbers(&self) -> impl Iterator<Item = RawFd> {
        [self.emulator, self.log, self.trace, self.control].into_iter().flatten()
    }
}

impl Handover {
    /// Writes it to a file of its own, which is inherited; answers the file and the host's environment that leads to it.
    pub(super) fn write(&self) -> Result<(RawFd, CString), Errno> {
        let bytes = postcard::to_extend(self, MAGIC.to_vec()).map_err(|_| Errno::E2BIG)?;
        let file = seal(&bytes)?;
        // Not where the guest may have closed a standard stream.
        let fd = descriptors::above(file.into()).into_raw_fd();
        descriptors::set_inherited(fd, true);
        Ok((fd, CString::new(format!("{VARIABLE}={fd}")).unwrap_or_default()))
    }
}

/// What the debug server hands over to a process that it starts.
#[derive(Debug, Serialize, Deserialize)]
pub struct Commission {
    /// How to run which program.
    pub options: Options,
    /// The process's end of its control connection.
    pub control: RawFd,
    /// Whether it waits for gdb.
    pub suspend: bool,
}

impl Commission {
    /// Writes it to a file, to be inherited; answers the file and the variable that leads to it. `by_others`: the emulator is executed by
    /// something that is told of the file by [`ARGUMENT`].
    pub(crate) fn write(&self, by_others: bool) -> io::Result<(OwnedFd, (String, String))> {
        let order = if by_others { ORDER_BY_OTHERS } else { ORDER };
        let bytes = postcard::to_extend(self, order.to_vec()).map_err(io::Error::other)?;
        let file = seal(&bytes)?;
        let variable = (VARIABLE.to_owned(), file.as_raw_fd().to_string());
        Ok((file.into(), variable))
    }
}

/// What a process that the emulator has made finds.
#[derive(Debug)]
pub enum Inherited {
    /// A guest has executed another program.
    Exec(Box<Handover>),
    /// The debug server wants a program run.
    Commission(Box<Commission>),
    /// It did, but what it has handed over is gone.
    Lost,
}

/// Whether a variable of the environment is between two emulators.
pub fn is_ours(name: &OsStr) -> bool {
    name == VARIABLE
}

fn seal(bytes: &[u8]) -> Result<File, Errno> {
    let file = memfd::filled(c"tine-exec", MFdFlags::MFD_ALLOW_SEALING, bytes)?;
    fcntl(&file, FcntlArg::F_ADD_SEALS(SealFlag::F_SEAL_WRITE | SealFlag::F_SEAL_SHRINK))?;
    Ok(file)
}

/// What this process was handed over, if it was made by an emulator.
pub fn take() -> Option<Inherited> {
    let mut args = std::env::args_os().skip(1);
    if args.next().is_some_and(|arg| arg == ARGUMENT) {
        let number = args.next().and_then(|number| number.to_str()?.parse().ok());
        return Some(number.and_then(open).unwrap_or(Inherited::Lost));
    }
    open(std::env::var(VARIABLE).ok()?.parse().ok()?)
}

/// What was handed over as this descriptor.
fn open(number: RawFd) -> Option<Inherited> {
    if number <= 2 {
        return None;
    }
    // Somebody's variable of that name may name anything: only a sealed file that begins rightly is believed.
    let file = File::from(descriptors::duplicate(number)?);
    let seals = fcntl(&file, FcntlArg::F_GET_SEALS).ok()?;
    if !SealFlag::from_bits_truncate(seals).contains(SealFlag::F_SEAL_WRITE) {
        return None;
    }
    let mut bytes = vec![0; usize::try_from(file.metadata().ok()?.len()).ok()?];
    file.read_exact_at(&mut bytes, 0).ok()?;
    let inherited = if let Some(handover) = bytes.strip_prefix(MAGIC) {
        Inherited::Exec(postcard::from_bytes(handover).ok()?)
    } else if let Some(commission) = bytes.strip_prefix(ORDER) {
        Inherited::Commission(postcard::from_bytes(commission).ok()?)
    } else {
        let mut commission: Box<Commission> =
            postcard::from_bytes(bytes.strip_prefix(ORDER_BY_OTHERS)?).ok()?;
        let args = std::env::args_os().skip(4);
        commission.options.args = args.filter_map(|arg| CString::new(arg.into_vec()).ok()).collect();
        Inherited::Commission(commission)
    };
    let _ = descriptors::inherit(number).map(descriptors::release);
    Some(inherited)
}
