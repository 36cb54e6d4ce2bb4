//! `-g`: listens, and starts the debug server.

use std::os::fd::{AsRawFd, OwnedFd, RawFd};

use nix::fcntl::OFlag;
use nix::sys::stat::Mode;
use tine_stub::control;
use tine_stub::launcher;
use tine_stub::server::{self, Address, ListenError, Listener, Place, Setup, Stays};

use crate::options::Options;
use crate::process::fork::spawn_helper;
use crate::signal::host::ignore;
use crate::signal::number::SIGPIPE;

use super::spawn::Spawner;

/// What [`launch`] gives, for [`super::attach`].
#[derive(Debug)]
pub struct Launched {
    /// Our end of the control connection to the server.
    pub(super) socket: OwnedFd,
    /// Whether the guest waits for gdb.
    pub(super) suspend: bool,
}

impl Launched {
    /// There will be no guest.
    pub fn fail(self, why: &str) {
        launcher::fail(self.socket, why);
    }
}

/// Our end of a control connection that the server has made for this process, which gdb has started.
pub fn commissioned(socket: OwnedFd) -> Launched {
    Launched { socket, suspend: true }
}

/// `--multi`: this process is the server, and comes back when gdb has ended it.
pub fn serve(address: &str, options: &Options) -> Result<(), ListenError> {
    let address = Address::parse(address, std::process::id() as i32)?;
    let listener = Listener::bind(&address.place)?;
    let name = listener.to_string();
    if address.place == Place::Stdio {
        give_up_stdio().map_err(|error| ListenError::Bind { place: name, error })?;
    } else {
        eprintln!("Listening on {name}");
    }
    ignore(SIGPIPE);
    let stays = if options.program.is_empty() { Stays::Idle } else { Stays::WithProgram };
    let launcher = Some(Box::new(Spawner::new(options, false)) as Box<_>);
    server::run(Setup { listener, first: None, launcher, stays: Some(stays), once: address.once });
    Ok(())
}

/// Listens where the value of `-g` says, says so on standard error, and starts the server process. To be called while the
/// process has one thread.
pub fn launch(address: &str, options: &Options) -> Result<Launched, ListenError> {
    let address = Address::parse(address, std::process::id() as i32)?;
    let listener = Listener::bind(&address.place)?;
    let name = listener.to_string();
    let refused = |error| ListenError::Bind { place: name.clone(), error };
    let (ours, theirs) = control::pair().map_err(refused)?;
    if address.place != Place::Stdio {
        eprintln!("Listening on {name}");
    }
    spawn_helper(move || {
        let mut keep = listener.descriptors();
        keep.push(theirs.as_raw_fd());
        close_others(&keep);
        ignore(SIGPIPE);
        let launcher = Some(Box::new(Spawner::new(options, true)) as Box<_>);
        server::run(Setup { listener, first: Some(theirs), launcher, stays: None, once: address.once });
    })
    .map_err(refused)?;
    if address.place == Place::Stdio {
        give_up_stdio().map_err(refused)?;
    }
    Ok(Launched { socket: ours, suspend: address.suspend })
}

/// Closes what the server process has inherited but must not hold: others would wait for an end of file in vain.
fn close_others(keep: &[RawFd]) {
    let Ok(entries) = std::fs::read_dir("/proc/self/fd") else { return };
    let open: Vec<RawFd> =
        entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).collect();
    for fd in open.into_iter().filter(|fd| *fd > 2 && !keep.contains(fd)) {
        let _ = nix::unistd::close(fd);
    }
}

/// gdb has standard input and output: the guest reads nothing, and writes to standard error.
fn give_up_stdio() -> std::io::Result<()> {
    let null = nix::fcntl::open("/dev/null", OFlag::O_RDONLY | OFlag::O_CLOEXEC, Mode::empty())?;
    nix::unistd::dup2_stdin(&null)?;
    nix::unistd::dup2_stdout(std::io::stderr())?;
    Ok(())
}
