//! The log: one line, one write(2); to standard error, or to the file of `-D`.
//!
//! A log whose name has `%d` in it is one process's: a forked child opens its own, under the same descriptor numbers.

use std::io::{self, Write};
use std::os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use log::{LevelFilter, Log, Metadata, Record};
use nix::fcntl::OFlag;

use crate::options::Options;
use crate::strace;
use crate::syscall::descriptors;

static LOGGER: Logger = Logger;
/// The file of `-D`.
static FILE: OnceLock<OwnedFd> = OnceLock::new();
/// `-D` as it was given, if it has `%d` in it.
static PER_PROCESS: OnceLock<PathBuf> = OnceLock::new();
/// The descriptor that [`strace`] has of the same file, or of standard error.
static TRACE: OnceLock<i32> = OnceLock::new();
/// `-d in_asm`.
static IN_ASM: AtomicBool = AtomicBool::new(false);

/// Starts logging as the options say.
pub fn start(options: &Options) -> io::Result<()> {
    know_whose(options);
    if let Some(path) = &options.log_file {
        let _ = FILE.set(descriptors::reserve(open(path)?));
    }
    if options.log.strace {
        // A trace goes on when the guest has closed its standard error.
        let sink = match FILE.get() {
            Some(file) => Some(file.try_clone()?),
            None => io::stderr().as_fd().try_clone_to_owned().ok(),
        };
        trace_to(sink.map(descriptors::reserve));
    }
    follow(options);
    Ok(())
}

/// Goes on with the log of the image that executed this one, which had these descriptors.
pub fn go_on(options: &Options, log: Option<i32>, trace: Option<i32>) {
    know_whose(options);
    if let Some(file) = log.and_then(descriptors::inherit) {
        let _ = FILE.set(file);
    }
    if options.log.strace {
        trace_to(trace.and_then(descriptors::inherit));
    }
    follow(options);
}

/// The descriptors of the log and of the trace, for [`go_on`].
pub fn descriptors() -> (Option<i32>, Option<i32>) {
    (FILE.get().map(AsRawFd::as_raw_fd), TRACE.get().copied())
}

/// Whether each process has a log of its own.
fn know_whose(options: &Options) {
    if let Some(path) = &options.log_file
        && path.to_string_lossy().contains("%d")
    {
        let _ = PER_PROCESS.set(path.clone());
    }
}

fn trace_to(sink: Option<OwnedFd>) {
    if let Some(sink) = &sink {
        let _ = TRACE.set(sink.as_raw_fd());
    }
    let whose = match (FILE.get(), PER_PROCESS.get()) {
        (None, _) => strace::Whose::Several,
        (Some(_), None) => strace::Whose::Always,
        (Some(_), Some(_)) => strace::Whose::Never,
    };
    strace::start(sink, whose);
}

fn follow(options: &Options) {
    IN_ASM.store(options.log.in_asm, Ordering::Relaxed);
    // A second logger in one process can only be a test's.
    let _ = log::set_logger(&LOGGER);
    log::set_max_level(LevelFilter::Info);
}

/// For a forked child, before it logs anything.
pub fn forked() {
    let Some(path) = PER_PROCESS.get() else { return };
    let Ok(own) = open(path) else { return };
    let Some(file) = FILE.get() else { return };
    // With a log of its own the trace goes there too.
    for shared in [file.as_raw_fd()].into_iter().chain(TRACE.get().copied()) {
        replace(&own, shared);
    }
}

/// Whether instructions are to be logged when they are decoded.
#[inline]
pub fn in_asm() -> bool {
    IN_ASM.load(Ordering::Relaxed)
}

/// Switches `-d in_asm`.
pub fn enable_in_asm(is_on: bool) {
    IN_ASM.store(is_on, Ordering::Relaxed);
}

/// Writes text whole, wherever the log goes.
pub fn write(text: &str) {
    // A log that cannot be written has nobody to tell.
    let _ = match FILE.get() {
        Some(file) => nix::unistd::write(file, text.as_bytes()).map_err(io::Error::from),
        None => io::stderr().write(text.as_bytes()),
    };
}

/// Opens a log; `%d` is the pid.
fn open(path: &Path) -> io::Result<OwnedFd> {
    let name = path.to_string_lossy();
    let path = match name.contains("%d") {
        true => PathBuf::from(name.replace("%d", &std::process::id().to_string())),
        false => path.to_path_buf(),
    };
    Ok(std::fs::OpenOptions::new().create(true).append(true).open(path)?.into())
}

/// Makes `number`, which stays open, another name of `file`.
#[allow(unsafe_code, reason = "a descriptor that has an owner is given another meaning")]
fn replace(file: &OwnedFd, number: i32) {
    // SAFETY: `number` is open and owned by a static; it is taken here only for the call, and not closed.
    let mut target = std::mem::ManuallyDrop::new(unsafe { OwnedFd::from_raw_fd(number) });
    let _ = nix::unistd::dup3(file, &mut target, OFlag::O_CLOEXEC);
}

struct Logger;

impl Log for Logger {
    fn enabled(&self, _: &Metadata) -> bool {
        true
    }

    fn log(&self, record: &Record) {
        write(&format!("tine: {}\n", record.args()));
    }

    fn flush(&self) {}
}
