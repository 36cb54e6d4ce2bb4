//! Paths of files that exist already: looked up in the sysroot first.
//!
//! A call that makes or removes a name gets the guest's path as it is (an argument of type [`super::args::Path`]); a call on a file that is
//! there looks it up, and its row in the table says so by the type of its argument. Without a sysroot the lookup is a glance at the
//! path's first bytes.

use std::cell::RefCell;
use std::ffi::{CStr, CString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use super::args::{Arg, Call, DirFd, Direction, Path, Tell, host_pointer};
use super::layout::OpenHow;
use super::{busy, descriptors, host};
use crate::addr::GuestAddr;
use crate::errno::Errno;
use crate::memory::Memory;
use crate::process::Process;
use crate::process::view::{self, File, Place};
use crate::sysroot::{self, Hit, Sysroot};

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
    /// The file of /proc that shows the guest, if it is one.
    pub fn view(self, call: &Call) -> Option<Place> {
        match in_proc(self.folder(call), &self.special(call)?, self.follows(call))? {
            Meaning::View(place) => Some(place),
            _ => None,
        }
    }

    /// The file of /proc that is shown by the view to which it leads: by no path at all (`AT_EMPTY_PATH`), or by a descriptor's link in /proc.
    pub fn shown_file(self, call: &Call) -> Option<CString> {
        if self.0 == GuestAddr(0) || call.memory.get::<u8>(self.0).is_ok_and(|first| first == 0) {
            return view::file_of(DirFd(self.folder(call)).host(call));
        }
        let open = |folder, path, flag| match flag {
            0 => {
                host::call(libc::SYS_openat, [folder, path, (libc::O_PATH | libc::O_CLOEXEC) as u64, 0, 0, 0])
            }
            _ => Err(Errno::ENOENT),
        };
        let opened = self.on_file(call, open).ok()?;
        let shown = view::name_of(opened);
        view::close(opened);
        shown
    }

    /// What it means. A link at its end is followed or not as the call says.
    fn meaning(self, call: &Call) -> Meaning {
        match self.special(call) {
            Some(path) => meaning(self.folder(call), &path, self.follows(call)),
            None => Meaning::Itself,
        }
    }

    /// Makes a call that can also be made on an open file: `make` gets a folder, a path, and a flag that such a call needs.
    pub fn on_file(
        self,
        call: &Call,
        make: impl Fn(u64, u64, u64) -> Result<u64, Errno>,
    ) -> Result<u64, Errno> {
        const HERE: u64 = libc::AT_FDCWD as u64;
        let (folder, own) = (DirFd(self.folder(call)).host(call), Path(self.0).host(call));
        let Some(path) = self.special(call) else { return make(folder, own, 0) };
        match sysroot::current().and_then(|sysroot| sysroot.look(&path, self.follows(call))) {
            Some(Hit::File(file)) => {
                let made = make(file, c"".as_ptr() as u64, libc::AT_EMPTY_PATH as u64);
                view::close(file);
                made
            }
            Some(Hit::Name(name)) => make(HERE, name.as_ptr() as u64, 0),
            None => match in_proc(self.folder(call), &path, self.follows(call)) {
                Some(Meaning::Elsewhere(found)) => make(HERE, found.as_ptr() as u64, 0),
                Some(Meaning::Hidden) => Err(Errno::ENOENT),
                Some(Meaning::Itself | Meaning::View(_)) | None => make(folder, own, 0),
            },
        }
    }

    /// Opens the file with `flags` by `open`, which gets a folder and a path and makes the host's call.
    pub fn open(
        self,
        process: &Process,
        call: &Call,
        flags: u64,
        open: impl Fn(u64, u64) -> Result<u64, Errno>,
    ) -> Result<u64, Errno> {
        let folder = DirFd(self.folder(call)).host(call);
        let own = Path(self.0).host(call);
        let open = |folder, path| {
            busy::check(folder, path, flags)?;
            open(folder, path)
        };
        let Some(path) = self.special(call) else { return led_to_proc(process, flags, open(folder, own)?) };
        if flags & libc::O_ACCMODE as u64 != 0 && may_be_attribute(&path) {
            process.require_host_exec();
        }
        if let Some(sysroot) = sysroot::current()
            && let Some(opened) = open_inside(sysroot, &path, flags)
        {
            return opened;
        }
        match meaning(self.folder(call), &path, flags & libc::O_NOFOLLOW as u64 == 0) {
            Meaning::Elsewhere(found) => led_to_proc(process, flags, open(folder, found.as_ptr() as u64)?),
            Meaning::Hidden => Err(Errno::ENOENT),
            // The host's file first: who may not have it gets the kernel's answer.
            Meaning::View(place) => open_view(process, &place, flags, open(folder, own)?),
            Meaning::Itself => {
                let opened = open(folder, own)?;
                if !view::may_be(&path) {
                    return led_to_proc(process, flags, opened);
                }
                view::opened(opened);
                Ok(opened)
            }
        }
    }

    fn special(self, call: &Call) -> Option<Vec<u8>> {
        special(call.memory, self.0)
    }

    /// Where a relative path starts.
    fn folder(self, call: &Call) -> i32 {
        if DIR == CWD { libc::AT_FDCWD } else { call.raw[DIR] as i32 }
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
        match self.meaning(call) {
            Meaning::Elsewhere(found) => keep(found),
            Meaning::Hidden => NOTHING.as_ptr() as u64,
            Meaning::Itself | Meaning::View(_) => host_pointer(call.memory, self.0, 1),
        }
    }
    fn print(self, call: &Call, out: &mut String) {
        Path(self.0).print(call, out);
    }
    fn accesses(self, call: &Call, tell: Tell) {
        Path(self.0).accesses(call, tell);
    }
}

/// The path, if it is one that may mean another file than the host would take.
fn special(memory: &Memory, path: GuestAddr) -> Option<Vec<u8>> {
    let first = memory.get::<u8>(path).ok()?;
    let looked_up = first == b'/' && sysroot::current().is_some();
    // A shorter one does not lead to /proc.
    let head = || memory.get::<[u8; 5]>(path).is_ok_and(|head| view::may_be(&head));
    if looked_up || head() { Path(path).read(memory).ok() } else { None }
}

/// What is handed to the host's kernel for a path that it looks up by itself, later.
#[derive(Debug)]
pub enum HandedOn {
    /// The guest's.
    Itself,
    /// Another one.
    Other(CString),
    /// Nothing is right: it is a file of /proc that shows the guest.
    View,
}

/// For calls that are left to the kernel, and nobody looks at afterwards.
pub fn handed_on(memory: &Memory, folder: i32, path: GuestAddr, follow: bool) -> HandedOn {
    let Some(path) = special(memory, path) else { return HandedOn::Itself };
    if view::may_be(&path) {
        // It may be a folder, from which relative paths start.
        view::has_folder();
    }
    match meaning(folder, &path, follow) {
        Meaning::Itself => HandedOn::Itself,
        Meaning::Elsewhere(found) => HandedOn::Other(found),
        Meaning::Hidden => HandedOn::Other(NOTHING.into()),
        Meaning::View(_) => HandedOn::View,
    }
}

/// What a path means.
enum Meaning {
    /// The file that the host takes it for.
    Itself,
    /// The file with this name on the host.
    Elsewhere(CString),
    /// A file of /proc that shows the guest.
    View(Place),
    /// A file that the guest shall not see.
    Hidden,
}

/// Whether it may be one of a security module's files (`/proc/self/attr/exec`), which can be about the next exec.
fn may_be_attribute(path: &[u8]) -> bool {
    (path.starts_with(b"/proc") || !path.starts_with(b"/")) && path.windows(5).any(|part| part == b"attr/")
}

/// The path of a file that does not exist, nor ever will.
const NOTHING: &CStr = c"/proc/self/fd/-";

fn meaning(folder: i32, path: &[u8], follow: bool) -> Meaning {
    in_proc(folder, path, follow).unwrap_or_else(|| {
        let found = sysroot::current().and_then(|sysroot| sysroot.find(path, follow));
        found.map_or(Meaning::Itself, Meaning::Elsewhere)
    })
}

/// The host's name of the file that `path` means, starting from `folder`, if it is not its own: for execve(2).
pub fn elsewhere(folder: i32, path: &[u8], follow: bool) -> Option<CString> {
    match meaning(folder, path, follow) {
        Meaning::Elsewhere(found) => Some(found),
        Meaning::Hidden => Some(NOTHING.into()),
        Meaning::Itself | Meaning::View(_) => None,
    }
}

/// What a path means that leads to /proc.
fn in_proc(folder: i32, path: &[u8], follow: bool) -> Option<Meaning> {
    if !view::may_be(path) || descriptors::is_reserved(folder) {
        return None;
    }
    Some(match view::meaning(folder, path, follow)? {
        view::Meaning::Host => Meaning::Itself,
        view::Meaning::Hidden => Meaning::Hidden,
        view::Meaning::Shown(place) => Meaning::View(place),
        view::Meaning::Program(exe) => {
            CString::new(exe.into_os_string().into_vec()).map_or(Meaning::Hidden, Meaning::Elsewhere)
        }
    })
}

/// Makes `opened`, which is open on the host's file, one that shows the guest.
fn open_view(process: &Process, place: &Place, flags: u64, opened: u64) -> Result<u64, Errno> {
    if flags & libc::O_PATH as u64 != 0 {
        view::opened(opened);
        return Ok(opened);
    }
    if matches!(place.file, File::Mem | File::Pagemap) {
        return view::memory(place, opened);
    }
    // Nothing is to be read: what a write does there is the host's affair.
    if flags & libc::O_ACCMODE as u64 == libc::O_WRONLY as u64 {
        return Ok(opened);
    }
    match view::contents(place, process, || view::read(opened)) {
        Ok(None) => {
            view::opened(opened);
            Ok(opened)
        }
        Ok(Some(bytes)) => view::replace(opened, flags, place, &bytes),
        Err(errno) => {
            view::close(opened);
            Err(errno)
        }
    }
}

/// Looks at what has been opened by a path that does not say so: a symbolic link may have led to a file of /proc.
fn led_to_proc(process: &Process, flags: u64, opened: u64) -> Result<u64, Errno> {
    if !view::is_in_proc(opened as i32) {
        return Ok(opened);
    }
    let path = std::fs::read_link(format!("/proc/thread-self/fd/{opened}")).unwrap_or_default();
    match in_proc(libc::AT_FDCWD, path.as_os_str().as_bytes(), false) {
        Some(Meaning::View(place)) => open_view(process, &place, flags, opened),
        Some(Meaning::Hidden) => {
            view::close(opened);
            Err(Errno::ENOENT)
        }
        Some(Meaning::Itself | Meaning::Elsewhere(_)) | None => {
            view::opened(opened);
            Ok(opened)
        }
    }
}

/// Opens a file of the sysroot with one call; `None` if there is none, or if that is not how to open it.
fn open_inside(sysroot: &Sysroot, path: &[u8], flags: u64) -> Option<Result<u64, Errno>> {
    const MAY_MAKE: u64 = (libc::O_CREAT | libc::O_TMPFILE & !libc::O_DIRECTORY) as u64;
    const WITH_PATH: u64 = (libc::O_PATH | libc::O_DIRECTORY | libc::O_NOFOLLOW | libc::O_CLOEXEC) as u64;
    // What open(2) knows: it ignores the rest, and openat2(2) does not.
    const KNOWN: u64 = 0o37_777_703 & !(libc::O_LARGEFILE as u64 | 0o100_000);
    if flags & (MAY_MAKE | busy::CHANGES) != 0 {
        return None;
    }
    let inside = sysroot.inside(path)?;
    let known = if flags & libc::O_PATH as u64 != 0 { WITH_PATH } else { KNOWN };
    let how = OpenHow { flags: flags & known, mode: 0, resolve: libc::RESOLVE_IN_ROOT };
    let args = [
        sysroot.root() as u64,
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
