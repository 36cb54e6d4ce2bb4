//! execve(2): a riscv64 program, or a script that one interprets, is run by this same emulator in the same process, with nothing registered
//! anywhere; any other program is the host's, and is simply executed.
//!
//! There are two ways. The host's execve does what an exec is (threads, descriptors, signals, timers, names): only what it does not know is handed
//! over ([`super::handover`]). Where nothing needs the host's, the process stays and only what is the guest's is replaced ([`super::in_place`]).
//! Whether the program can run is found out before, while the caller can still be told.

use std::ffi::{CString, OsString};
use std::fs::File;
use std::os::fd::{AsRawFd, IntoRawFd, OwnedFd, RawFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use nix::fcntl::{AT_FDCWD, OFlag, openat};
use nix::sys::stat::Mode;

use super::handover::{Handover, Own};
use super::room::Room;
use super::{in_place, robust};
use crate::addr::GuestAddr;
use crate::debug::{self, Successor};
use crate::errno::Errno;
use crate::loader;
use crate::memory::Memory;
use crate::seccomp::Seccomp;
use crate::signal::OPEN;
use crate::syscall::descriptors::{self, Movable};
use crate::syscall::{host, path, system};
use crate::sysroot;
use crate::task::Task;

/// How much of a file the kernel looks at to see what it is.
const HEAD: usize = 256;
/// How many interpreters may interpret each other.
pub const DEPTH: usize = 5;
/// The longest argument or variable, with its NUL (`MAX_ARG_STRLEN`).
const LONGEST: usize = 32 * 4096;
/// As much as all strings and pointers may take (three quarters of the kernel's idea of a stack), and as little as may be promised.
const MOST: u64 = 6 << 20;
const LEAST: u64 = 128 << 10;

/// Says whether the program could be executed, and does not.
const AT_EXECVE_CHECK: u64 = 0x1_0000;

/// What a guest asks for.
#[derive(Debug)]
pub struct Request {
    /// Where a relative path starts.
    pub dirfd: RawFd,
    /// The path as the guest has it.
    pub path: Vec<u8>,
    /// Addresses of the two arrays.
    pub argv: GuestAddr,
    /// See `argv`.
    pub envp: GuestAddr,
    /// `AT_EMPTY_PATH`, `AT_SYMLINK_NOFOLLOW`, `AT_EXECVE_CHECK`.
    pub flags: u64,
}

/// An exec that has been found possible: the host call's arguments.
#[derive(Debug)]
pub struct Plan {
    argv: Strings,
    envp: Strings,
    kind: Kind,
}

/// Strings, and the array of pointers to them.
#[derive(Debug)]
struct Strings {
    _strings: Vec<CString>,
    pointers: Vec<u64>,
}

impl Strings {
    fn new(strings: Vec<CString>) -> Strings {
        let pointers = strings.iter().map(|string| string.as_ptr() as u64).chain([0]).collect();
        Strings { _strings: strings, pointers }
    }

    fn address(&self) -> u64 {
        self.pointers.as_ptr() as u64
    }
}

#[derive(Debug)]
enum Kind {
    /// By the emulator: what it is handed over, and the descriptors that are to stay open.
    Guest { handover: RawFd, program: RawFd, own: Own },
    /// By the host: where its file is.
    Host { file: RawFd, path: Option<CString> },
}

/// The emulator's own file, if it has been opened.
static EMULATOR: OnceLock<Movable> = OnceLock::new();

/// The image before this one had the emulator's file open as this descriptor.
pub fn inherit_emulator(fd: RawFd) {
    if let Some(file) = descriptors::inherit(fd) {
        let _ = EMULATOR.set(Movable::new(file));
    }
}

/// Leaves a descriptor's number to the guest.
pub(crate) fn give_way(number: RawFd) {
    EMULATOR.get().into_iter().for_each(|emulator| emulator.give_way(number));
}

/// Keeps the emulator's own file at hand: to be called before anything, such as chroot(2), after which it may not be found any more. Fails with
/// nothing but the ability to execute programs then.
pub fn remember_emulator() {
    if EMULATOR.get().is_none()
        && let Ok(file) = open_emulator()
    {
        let _ = EMULATOR.set(Movable::new(descriptors::above(file)));
    }
}

fn open_emulator() -> nix::Result<OwnedFd> {
    let flags = OFlag::O_PATH | OFlag::O_CLOEXEC;
    let open = |path: &[u8]| nix::fcntl::open(path, flags, Mode::empty());
    // Not `self`: that is the first thread, which may have left. Without /proc there is the name by which it was started.
    open(b"/proc/thread-self/exe")
        .or_else(|_| open(std::env::args_os().next().unwrap_or_default().as_bytes()))
}

/// Executes a program. Comes back to the caller if that failed, or with a program that is to be begun in this process: see [`in_place`].
pub fn execute(task: &mut Task, request: Request) -> Result<u64, Errno> {
    let (found, room) = match find(task, &request) {
        Err(Errno::EMFILE) => {
            let room = Room::make().ok_or(Errno::EMFILE)?;
            (find(task, &request)?, Some(room))
        }
        found => (found?, None),
    };
    if request.flags & AT_EXECVE_CHECK != 0 {
        return Ok(0);
    }
    drop(request);
    if let Some(descriptors) = in_place::possible(task, &found) {
        return in_place::prepare(task, found, descriptors, room);
    }
    if room.is_some() {
        // The emulator that is executed would have none.
        return Err(Errno::EMFILE);
    }
    let plan = plan(task, found)?;
    // Kept in the task: see there.
    let plan = &*task.exec.insert(Box::new(plan));
    let error = debug::around_exec(&task.process, plan.successor(), || {
        // The memory that they are in ends with the call, unless that fails against all expectation.
        robust::release_all(&task.process);
        if let Some(carrier) = &task.carrier {
            // The kernel wakes who waits for it, if the host executes.
            carrier.pack(&task.process.memory);
        }
        plan.carry_out()
    });
    plan.undo();
    task.exec = None;
    Err(error)
}

impl Plan {
    /// What the debugger is to know of it.
    fn successor(&self) -> Successor<'_> {
        match &self.kind {
            Kind::Guest { .. } => Successor::Guest,
            Kind::Host { path, .. } => Successor::Host(
                path.as_ref().and_then(|path| path.to_str().ok()).unwrap_or("another program"),
            ),
        }
    }

    /// Makes the host call. It comes back only with an error.
    fn carry_out(&self) -> Errno {
        let (argv, envp) = (self.argv.address(), self.envp.address());
        let empty = c"".as_ptr() as u64;
        let by_number = |fd: RawFd| [fd as u64, empty, argv, envp, libc::AT_EMPTY_PATH as u64, 0];
        let done = match &self.kind {
            Kind::Host { path: Some(path), .. } => {
                host::call(libc::SYS_execve, [path.as_ptr() as u64, argv, envp, 0, 0, 0])
            }
            Kind::Host { file, path: None } => host::call(libc::SYS_execveat, by_number(*file)),
            Kind::Guest { own, .. } => {
                own.numbers().for_each(|fd| descriptors::set_inherited(fd, true));
                let emulator = own.emulator.unwrap_or(-1);
                host::call(libc::SYS_execveat, by_number(emulator))
            }
        };
        done.err().unwrap_or(Errno::EIO)
    }

    /// Puts the process back in order when it lives on.
    fn undo(&self) {
        match &self.kind {
            Kind::Guest { handover, program, own } => {
                own.numbers().for_each(|fd| descriptors::set_inherited(fd, false));
                descriptors::close(*handover);
                descriptors::close(*program);
            }
            Kind::Host { file, .. } => descriptors::close(*file),
        }
    }
}

/// A file to be executed.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) file: File,
    /// Its name for the host.
    path: PathBuf,
    /// The name that it is called by, and that an interpreter is given for it.
    name: Vec<u8>,
    /// Whether the interpreter can open it by that: a descriptor in it may be closed by then.
    stays: bool,
}

/// A program that may be executed, and what it is given.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) program: Program,
    /// `AT_EXECFN`.
    pub(super) called: Vec<u8>,
    pub(super) argv: Vec<CString>,
    pub(super) envp: Vec<CString>,
    /// What the loader has found of it, if it is one for this emulator.
    pub(super) checked: Option<loader::Checked>,
}

/// Finds what is to be executed, with all checks that the caller can be told of.
fn find(task: &Task, request: &Request) -> Result<Found, Errno> {
    let memory = &task.process.memory;
    let mut program = open(request)?;
    let mut argv = strings(memory, request.argv)?;
    let envp = strings(memory, request.envp)?;
    if argv.is_empty() {
        // As Linux has done since 5.18.
        argv.push(c"".into());
    }
    let called = program.name.clone();
    let mut depth = 0;
    let is_guest = loop {
        let mut head = [0; HEAD];
        let len = program.file.read_at(&mut head, 0)?;
        let Some(line) = head[..len].strip_prefix(b"#!") else { break is_guest(&head[..len]) };
        let (interpreter, argument) = interpreter(line).ok_or(Errno::ENOEXEC)?;
        depth += 1;
        if depth > DEPTH {
            return Err(Errno::ELOOP);
        }
        if !program.stays {
            return Err(Errno::ENOENT);
        }
        let mut before = vec![c_string(interpreter)];
        before.extend(argument.map(c_string));
        before.push(c_string(&program.name));
        argv.splice(..1, before);
        let path = host_path(libc::AT_FDCWD, interpreter, true);
        let file = open_at(libc::AT_FDCWD, &path, OFlag::empty())?;
        program = Program { file, path, name: interpreter.to_vec(), stays: true };
    };
    check_room(task, &called, &argv, &envp)?;
    let check = || loader::check(&program.file).map_err(|error| error.errno());
    let checked = is_guest.then(check).transpose()?;
    Ok(Found { program, called, argv, envp, checked })
}

/// How the host is to do it.
fn plan(task: &Task, found: Found) -> Result<Plan, Errno> {
    let Found { program, called, argv, envp, checked } = found;
    let is_guest = checked.is_some();
    if is_guest {
        remember_emulator();
    }
    let own = own(task);
    // A registered emulator may be out of reach for us, and the host find it all the same.
    if !is_guest || own.emulator.is_none() {
        let by_path = !program.path.as_os_str().is_empty();
        let path = by_path.then(|| c_string(program.path.as_os_str().as_bytes()));
        let kind = Kind::Host { file: keep(program.file), path };
        return Ok(Plan { argv: Strings::new(argv), envp: Strings::new(envp), kind });
    }
    let path = name_of(&program);
    let program_fd = keep(program.file);
    descriptors::set_inherited(program_fd, true);
    let mut options = (*task.process.options).clone();
    let looked_up = sysroot::current().filter(|root| root.scope() == sysroot::Scope::Everything);
    options.sysroot = looked_up.map(|root| root.dir().to_path_buf());
    let handover = Handover {
        options,
        call: task.hart.x(17),
        program: program_fd,
        path,
        called: OsString::from_vec(called),
        envp,
        ignored: task.process.actions.ignored().0,
        blocked: task.signals.blocked.intersection(OPEN).0,
        seccomp: task.seccomp.as_ref().map(Seccomp::to_bytes),
        limits: task.process.limits.all(),
        denied: task.process.memory.denied_after_exec(),
        personality: system::kept_personality(),
        own,
    };
    let written = handover.write().inspect_err(|_| descriptors::close(program_fd))?;
    let kind = Kind::Guest { handover: written.0, program: program_fd, own };
    Ok(Plan { argv: Strings::new(argv), envp: Strings::new(vec![written.1]), kind })
}

/// The name by which the next image knows the program's file: the one that it was opened by, if that will be the same to it.
pub(super) fn name_of(program: &Program) -> PathBuf {
    let path = &program.path;
    let by_number = path.as_os_str().is_empty() || path.starts_with("/proc") || path.starts_with("/dev");
    if !by_number {
        return path.clone();
    }
    let link = std::fs::read_link(format!("/proc/thread-self/fd/{}", program.file.as_raw_fd()));
    link.unwrap_or_else(|_| path.clone())
}

/// Which descriptors of ours the next image needs.
fn own(task: &Task) -> Own {
    let (log, trace) = crate::log::descriptors();
    Own { emulator: EMULATOR.get().map(Movable::number), log, trace, control: debug::control(&task.process) }
}

/// A descriptor out of the guest's way, as a number: in a child of `vfork` whoever owned it would close his own.
fn keep(file: File) -> RawFd {
    let fd = descriptors::above(file.into());
    fd.into_raw_fd()
}

/// Opens what is to be executed, as do_open_execat of the kernel checks it.
fn open(request: &Request) -> Result<Program, Errno> {
    const KNOWN: u64 = libc::AT_EMPTY_PATH as u64 | libc::AT_SYMLINK_NOFOLLOW as u64 | AT_EXECVE_CHECK;
    if request.flags & !KNOWN != 0 {
        return Err(Errno::EINVAL);
    }
    let Request { dirfd, path, flags, .. } = request;
    if path.is_empty() {
        if flags & libc::AT_EMPTY_PATH as u64 == 0 {
            return Err(Errno::ENOENT);
        }
        let stays = !descriptors::is_closed_by_exec(*dirfd).ok_or(Errno::EBADF)?;
        let name = format!("/dev/fd/{dirfd}").into_bytes();
        let through = PathBuf::from(format!("/proc/thread-self/fd/{dirfd}"));
        let file = match open_at(libc::AT_FDCWD, &through, OFlag::empty()) {
            Err(Errno::ENOENT) => File::from(descriptors::duplicate(*dirfd).ok_or(Errno::EBADF)?),
            opened => opened?,
        };
        return Ok(Program { file, path: PathBuf::new(), name, stays });
    }
    let nofollow = flags & libc::AT_SYMLINK_NOFOLLOW as u64 != 0;
    let absolute = path.first() == Some(&b'/');
    // It need not be open.
    let dirfd = if absolute { &libc::AT_FDCWD } else { dirfd };
    let host = host_path(*dirfd, path, !nofollow);
    let extra = if nofollow { OFlag::O_NOFOLLOW } else { OFlag::empty() };
    let file = open_at(*dirfd, &host, extra)?;
    if *dirfd == libc::AT_FDCWD {
        return Ok(Program { file, path: host, name: path.clone(), stays: true });
    }
    let mut name = format!("/dev/fd/{dirfd}/").into_bytes();
    name.extend(path);
    let stays = descriptors::is_closed_by_exec(*dirfd) == Some(false);
    Ok(Program { file, path: PathBuf::new(), name, stays })
}

/// Opens a regular file that may be executed.
fn open_at(dirfd: RawFd, path: &Path, extra: OFlag) -> Result<File, Errno> {
    let dirfd =
        if dirfd == libc::AT_FDCWD { None } else { Some(descriptors::duplicate(dirfd).ok_or(Errno::EBADF)?) };
    // Without O_NONBLOCK a FIFO would wait for a writer.
    let flags = OFlag::O_RDONLY | OFlag::O_CLOEXEC | OFlag::O_NONBLOCK | extra;
    let opened = match &dirfd {
        Some(dirfd) => openat(dirfd, path, flags, Mode::empty()),
        None => openat(AT_FDCWD, path, flags, Mode::empty()),
    };
    let file = match opened {
        // A socket cannot even be opened.
        Err(nix::errno::Errno::ENXIO) => return Err(Errno::EACCES),
        opened => File::from(opened?),
    };
    if !file.metadata()?.is_file() {
        return Err(Errno::EACCES);
    }
    may_execute(&file)?;
    Ok(file)
}

/// Asks the kernel: permission, mount options, whether somebody writes to it.
fn may_execute(file: &File) -> Result<(), Errno> {
    let (fd, empty) = (file.as_raw_fd() as u64, c"".as_ptr() as u64);
    let nothing = [0_u64];
    let lists = nothing.as_ptr() as u64;
    let flags = libc::AT_EMPTY_PATH as u64 | AT_EXECVE_CHECK;
    match host::call_at_once(libc::SYS_execveat, [fd, empty, lists, lists, flags, 0]) {
        // Kernels before 6.14 do not know the flag.
        Err(Errno::EINVAL) => {
            const AT_EACCESS: u64 = 0x200;
            const SYS_FACCESSAT2: i64 = 439;
            let flags = libc::AT_EMPTY_PATH as u64 | AT_EACCESS;
            host::call_at_once(SYS_FACCESSAT2, [fd, empty, libc::X_OK as u64, flags, 0, 0])?;
        }
        checked => {
            checked?;
        }
    }
    Ok(())
}

/// Where the host has a guest's path: in the sysroot if it is there; and `/proc/self/exe` is the guest's program.
fn host_path(dirfd: RawFd, path: &[u8], follow: bool) -> PathBuf {
    let found = path::elsewhere(dirfd, path, follow).map(CString::into_bytes);
    PathBuf::from(OsString::from_vec(found.unwrap_or_else(|| path.to_vec())))
}

/// A script's interpreter.
#[derive(Debug)]
pub struct Interpreter {
    /// As the script names it.
    pub name: Vec<u8>,
    /// The one argument that goes before the script's path.
    pub argument: Option<Vec<u8>>,
    /// Where the host has it.
    pub path: PathBuf,
}

/// The interpreter of a script of the user's; `None` for any other file.
pub fn interpreter_of(script: &Path) -> Option<Interpreter> {
    let mut head = [0; HEAD];
    let len = File::open(script).ok()?.read_at(&mut head, 0).ok()?;
    let (name, argument) = interpreter(head[..len].strip_prefix(b"#!")?)?;
    let path = host_path(libc::AT_FDCWD, name, true);
    Some(Interpreter { name: name.to_vec(), argument: argument.map(<[u8]>::to_vec), path })
}

/// The interpreter that a script's first line (behind `#!`) names, and the one argument for it.
fn interpreter(line: &[u8]) -> Option<(&[u8], Option<&[u8]>)> {
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let whole = line.iter().position(|&byte| byte == b'\n');
    let line = &line[..whole.unwrap_or(line.len())];
    let line = line.split(|&byte| byte == 0).next().unwrap_or_default();
    let start = line.iter().position(|byte| !blank(byte))?;
    let line = line[start..].trim_ascii_end();
    let Some(end) = line.iter().position(blank) else {
        // A name that is cut off may be the wrong one.
        return (whole.is_some() || line.len() + start + 2 < HEAD).then_some((line, None));
    };
    let argument = line[end..].trim_ascii_start();
    Some((&line[..end], (!argument.is_empty()).then_some(argument)))
}

/// Whether a file's beginning is that of a riscv64 program.
fn is_guest(head: &[u8]) -> bool {
    const EM_RISCV: [u8; 2] = [243, 0];
    // ELF, 64-bit, little-endian.
    head.starts_with(b"\x7fELF\x02\x01") && head.get(18..20) == Some(&EM_RISCV)
}

/// The strings of a NULL-terminated array; none for a null pointer.
fn strings(memory: &Memory, array: GuestAddr) -> Result<Vec<CString>, Errno> {
    let mut strings = Vec::new();
    let mut total = 0;
    if array == GuestAddr(0) {
        return Ok(strings);
    }
    for place in 0.. {
        let pointer: u64 = memory.get(array.offset(8 * place))?;
        if pointer == 0 {
            break;
        }
        let string = memory.read_cstr(GuestAddr(pointer), LONGEST).map_err(|errno| match errno {
            Errno::ENAMETOOLONG => Errno::E2BIG,
            other => other,
        })?;
        total += string.len() as u64 + 9;
        if total > MOST {
            return Err(Errno::E2BIG);
        }
        strings.push(c_string(&string));
    }
    Ok(strings)
}

/// Whether strings and pointers fit where the kernel wants them: a quarter of the stack's limit.
fn check_room(task: &Task, called: &[u8], argv: &[CString], envp: &[CString]) -> Result<(), Errno> {
    let stack = task.process.limits.get(libc::RLIMIT_STACK)?.current;
    let room = (stack / 4).clamp(LEAST, MOST);
    let strings: usize = argv.iter().chain(envp).map(|string| string.as_bytes_with_nul().len() + 8).sum();
    if (strings + called.len() + 1) as u64 > room { Err(Errno::E2BIG) } else { Ok(()) }
}

fn c_string(bytes: &[u8]) -> CString {
    // None of the callers' bytes holds a NUL: they come from C strings.
    CString::new(bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_lines_of_scripts() {
        let parse = |line: &'static str| interpreter(line.as_bytes());
        let name = |name: &'static str| Some((name.as_bytes(), None));
        let both =
            |name: &'static str, argument: &'static str| Some((name.as_bytes(), Some(argument.as_bytes())));
        assert_eq!(parse("/bin/sh\necho"), name("/bin/sh"));
        assert_eq!(parse(" \t/bin/sh  \necho"), name("/bin/sh"));
        assert_eq!(parse("/usr/bin/env  python3 -u \n"), both("/usr/bin/env", "python3 -u"));
        assert_eq!(parse("/bin/sh"), name("/bin/sh"));
        assert_eq!(parse("\n/bin/sh\n"), None);
        assert_eq!(parse(""), None);
        assert_eq!(parse("  "), None);
    }

    #[test]
    fn a_name_that_is_cut_off_is_none() {
        let long = vec![b'x'; HEAD - 2];
        assert_eq!(interpreter(&long), None);
    }
}
