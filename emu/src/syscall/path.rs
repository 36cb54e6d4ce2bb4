//! Paths of files that exist already: looked up in the sysroot first.
//!
//! A call that makes or removes a name gets the guest's path as it is (an argument of type [`super::args::Path`]); a call on a file that is
//! there looks it up, and its row in the table says so by the type of its argument. Without a sysroot the lookup is a glance at the
//! path's first bytes.

use std::cell::RefCell;
use std::ffi::CString;
use std::os::fd::AsRawFd;

use super::args::{Arg, Call, DirFd, Direction, Path, host_pointer};
use super::host;
use super::layout::OpenHow;
use crate::addr::GuestAddr;
use crate::errno::Errno;
use crate::sysroot::{self, Sysroot};

/// A path that is looked up in the sysroot first. Argument number `DIR` is the folder that a relative one starts from, argument number
/// `FLAGS` says whether a symbolic link at its end is followed; [`CWD`], [`FOLLOWED`] and [`LINK`] stand for arguments that the call does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found<const DIR: usize, const FLAGS: usize>(pub GuestAddr);

/// A relative path starts from the current folder.
pub const CWD: usize = 6;
/// A symbolic link is always followed.
pub const FOLLOWED: usize = 6;
/// A symbolic link is never followed.
pub const LINK: usize = 7;

/// A file's path.
pub type FoundPath = Found<CWD, FOLLOWED>;
/// A path at whose end a symbolic link is meant itself.
pub type FoundLink = Found<CWD, LINK>;
/// The same for the calls with a folder in argument 0. `AT_SYMLINK_NOFOLLOW` in argument `FLAGS` counts.
pub type FoundAt<const FLAGS: usize> = Found<0, FLAGS>;

impl<const DIR: usize, const FLAGS: usize> Found<DIR, FLAGS> {
    /// The name of the file, for a host call: the guest's own bytes if it is not found elsewhere. ENAMETOOLONG, EFAULT.
    pub fn name(self, call: &Call) -> Result<CString, Errno> {
        let own = || CString::new(Path(self.0).read(call.memory)?).map_err(|_| Errno::EINVAL);
        match self.special(call) {
            Some(path) => elsewhere(&path, self.follows(call)).map_or_else(own, Ok),
            None => own(),
        }
    }

    /// Opens the file by `open`, which gets a folder and a path and makes the host's call.
    pub fn open(
        self,
        call: &Call,
        flags: u64,
        open: impl Fn(u64, u64) -> Result<u64, Errno>,
    ) -> Result<u64, Errno> {
        let folder = DirFd(call.raw[DIR.min(5)] as i32).host(call);
        let Some(path) = self.special(call) else { return open(folder, Path(self.0).host(call)) };
        if let Some(sysroot) = sysroot::current()
            && let Some(opened) = open_inside(sysroot, &path, flags)
        {
            return opened;
        }
        match elsewhere(&path, flags & libc::O_NOFOLLOW as u64 == 0) {
            Some(found) => open(folder, found.as_ptr() as u64),
            None => open(folder, Path(self.0).host(call)),
        }
    }

    /// The path, if it is one that may mean another file than the host would take.
    fn special(self, call: &Call) -> Option<Vec<u8>> {
        sysroot::current()?;
        if call.memory.get::<u8>(self.0) != Ok(b'/') {
            return None;
        }
        Path(self.0).read(call.memory).ok()
    }

    fn follows(self, call: &Call) -> bool {
        match FLAGS {
            FOLLOWED => true,
            LINK => false,
            _ => call.raw[FLAGS.min(5)] & libc::AT_SYMLINK_NOFOLLOW as u64 == 0,
        }
    }
}

impl<const DIR: usize, const FLAGS: usize> Arg for Found<DIR, FLAGS> {
    const DIRECTION: Direction = Direction::In;
    const KIND: &'static str = "looked-up path";
    #[inline]
    fn from_raw(raw: u64) -> Self {
        Found(GuestAddr(raw))
    }
    fn host(self, call: &Call) -> u64 {
        match self.special(call).and_then(|path| elsewhere(&path, self.follows(call))) {
            Some(found) => keep(found),
            None => host_pointer(call.memory, self.0, 1),
        }
    }
    fn print(self, call: &Call, out: &mut String) {
        Path(self.0).print(call, out);
    }
}

/// The file that a path means, if not the one that the host would take.
fn elsewhere(path: &[u8], follow: bool) -> Option<CString> {
    sysroot::current()?.find(path, follow)
}

/// Opens a file of the sysroot with one call; `None` if there is none, or if that is not how to open it.
fn open_inside(sysroot: &Sysroot, path: &[u8], flags: u64) -> Option<Result<u64, Errno>> {
    const MAY_MAKE: u64 = (libc::O_CREAT | libc::O_TMPFILE & !libc::O_DIRECTORY) as u64;
    const WITH_PATH: u64 = (libc::O_PATH | libc::O_DIRECTORY | libc::O_NOFOLLOW | libc::O_CLOEXEC) as u64;
    // What open(2) knows: it ignores the rest, and openat2(2) does not.
    const KNOWN: u64 = 0o37_777_703 & !(libc::O_LARGEFILE as u64 | 0o100_000);
    if flags & MAY_MAKE != 0 {
        return None;
    }
    let inside = sysroot.inside(path)?;
    let known = if flags & libc::O_PATH as u64 != 0 { WITH_PATH } else { KNOWN };
    let how = OpenHow { flags: flags & known, mode: 0, resolve: libc::RESOLVE_IN_ROOT };
    let args = [
        sysroot.root().as_raw_fd() as u64,
        inside.as_ptr() as u64,
        std::ptr::from_ref(&how) as u64,
        size_of::<OpenHow>() as u64,
        0,
        0,
    ];
    match host::call(libc::SYS_openat2, args) {
        // Not there; or it has to be asked for otherwise: see [`Sysroot::find`].
        Err(Errno::ENOENT | Errno::ENOTDIR | Errno::ENOSYS | Errno::EPERM | Errno::EAGAIN) => None,
        opened => Some(opened),
    }
}

thread_local! {
    /// The path that the system call of this thread is made with: it has to live as long as the call.
    static KEPT: RefCell<CString> = RefCell::default();
}

/// The host's pointer to `path`, which is kept until this thread's next lookup. A call has one path that is looked up.
fn keep(path: CString) -> u64 {
    KEPT.with(|kept| {
        let mut kept = kept.borrow_mut();
        *kept = path;
        kept.as_ptr() as u64
    })
}
