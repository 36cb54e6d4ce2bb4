//! The log: one line, one write(2); to standard error, or to the file of `-D`.

use std::io::{self, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use log::{LevelFilter, Log, Metadata, Record};

use crate::options::Options;
use crate::strace;
use crate::syscall::descriptors;

static LOGGER: Logger = Logger;
/// The file of `-D`. Replaced in a forked child whose log has a name of its own.
static FILE: Mutex<Option<OwnedFd>> = Mutex::new(None);
/// `-D` as it was given, if it has `%d` in it.
static PER_PROCESS: OnceLock<PathBuf> = OnceLock::new();

/// Starts logging as the options say.
pub fn start(options: &Options) -> io::Result<()> {
    let sink = match &options.log_file {
        Some(path) => {
            if is_per_process(path) {
                let _ = PER_PROCESS.set(path.clone());
            }
            let fd = open(path)?;
            let copy = fd.try_clone()?;
            *FILE.lock().unwrap_or_else(PoisonError::into_inner) = Some(descriptors::reserve(fd));
            Some(copy)
        }
        // Once a trace is wanted it shall go on when the guest has closed its standard error.
        None if options.log.strace => io::stderr().as_fd().try_clone_to_owned().ok(),
        None => None,
    };
    if options.log.strace {
        strace::start(sink.map(descriptors::reserve));
    }
    // A second logger in one process can only be a test's.
    let _ = log::set_logger(&LOGGER);
    log::set_max_level(LevelFilter::Info);
    Ok(())
}

fn is_per_process(path: &Path) -> bool {
    path.to_string_lossy().contains("%d")
}

/// Opens a log; `%d` is the pid.
fn open(path: &Path) -> io::Result<OwnedFd> {
    let path = match is_per_process(path) {
        true => PathBuf::from(path.to_string_lossy().replace("%d", &std::process::id().to_string())),
        false => path.to_path_buf(),
    };
    Ok(std::fs::OpenOptions::new().create(true).append(true).open(path)?.into())
}

/// Writes text whole, wherever the log goes.
pub fn write(text: &str) {
    let file = FILE.lock().unwrap_or_else(PoisonError::into_inner);
    // A log that cannot be written has nobody to tell.
    let _ = match &*file {
        Some(fd) => nix::unistd::write(fd, text.as_bytes()).map_err(io::Error::from),
        None => io::stderr().write(text.as_bytes()),
    };
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
