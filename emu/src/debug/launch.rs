//! `-g`: listens, and starts the debug server.

use std::convert::Infallible;
use std::ffi::{CString, OsStr, OsString};
use std::io;
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::os::unix::ffi::OsStringExt;

use nix::fcntl::OFlag;
use nix::sys::stat::Mode;
use tine_stub::launcher;
use tine_stub::server::{Address, Chatter, ListenError, Listener, Place, Server, Setup, Stays};
use tine_stub::{Pid, control};

use crate::log;
use crate::options::Options;
use crate::process::Commission;
use crate::process::fork::spawn_helper;
use crate::process::start::Failure;
use crate::signal::host::ignore;
use crate::signal::number::SIGPIPE;
use crate::syscall::descriptors;
use crate::syscall::host::call_at_once;

use super::spawn::Spawner;
use super::wrapper;

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

/// Our end of a control connection that the server has made for this process. `suspend`: it waits for gdb.
pub fn commissioned(socket: OwnedFd, suspend: bool) -> Launched {
    Launched { socket, suspend }
}

/// `--multi`, `--attach`: this process is the server, and comes back when there is nothing left for it to do.
pub fn serve(address: &str, options: &Options) -> Result<(), Failure> {
    let address = Address::parse(address, std::process::id() as i32).map_err(refused)?;
    let listener = Listener::bind(&address.place).map_err(refused)?;
    let name = listener.to_string();
    ignore(SIGPIPE);
    let stays = options.multi.then_some(match options.program.is_empty() {
        true => Stays::Idle,
        false => Stays::WithProgram,
    });
    let setup = setup(&address, options, listener, false);
    let mut server = Server::new(Setup { stays, is_heard: true, ..setup });
    if let Some(pid) = options.attach {
        if let Err(why) = server.attach(Pid(pid), address.suspend) {
            server.close();
            return Err(Failure::own("--attach", &why));
        }
        eprintln!("Attached; pid = {pid}");
    }
    if address.place == Place::Stdio {
        give_up_stdio().map_err(|error| refused(ListenError::Bind { place: name, error }))?;
    } else {
        eprintln!("Listening on {name}");
    }
    server.run();
    Ok(())
}

/// What every server is given. `is_helper`: it is a process of its own beside the first guest.
fn setup(address: &Address, options: &Options, listener: Listener, is_helper: bool) -> Setup {
    Setup {
        launcher: Some(Box::new(Spawner::new(options, is_helper))),
        once: address.once || options.once,
        without_shell: options.without_shell,
        without: options.without,
        chatter: Chatter { threads: options.debug, remote: options.remote_debug },
        ..Setup::new(listener)
    }
}

fn refused(error: ListenError) -> Failure {
    Failure::own("-g", &error)
}

/// Listens where the value of `-g` says, says so on standard error, and starts the server process. To be called while the
/// process has one thread.
pub fn launch(address: &str, options: &Options) -> Result<Launched, ListenError> {
    let address = Address::parse(address, std::process::id() as i32)?;
    let listener = Listener::bind(&address.place)?;
    let name = listener.to_string();
    let refused = |error| ListenError::Bind { place: name.clone(), error };
    let (ours, theirs) = control::pair().inspect_err(|_| listener.remove()).map_err(refused)?;
    if address.place != Place::Stdio {
        eprintln!("Listening on {name}");
    }
    let (suspend, at_standard_streams) = (address.suspend, address.place == Place::Stdio);
    spawn_helper(move || {
        let mut keep = listener.descriptors();
        keep.push(theirs.as_raw_fd());
        keep.extend(log::descriptors().0);
        close_others(&keep);
        ignore(SIGPIPE);
        let is_heard = options.log_file.is_some();
        let setup = setup(&address, options, listener, true);
        Server::new(Setup { first: Some(theirs), is_heard, ..setup }).run();
    })
    .map_err(refused)?;
    if at_standard_streams {
        give_up_stdio().map_err(refused)?;
    }
    Ok(Launched { socket: ours, suspend })
}

/// [`launch`], and then executes what comes before the program. Comes back only with why that has failed.
pub fn launch_by_others(address: &str, options: &Options) -> Failure {
    let launched = match launch(address, options) {
        Ok(launched) => launched,
        Err(error) => return refused(error),
    };
    let (control, suspend) = (launched.socket.as_raw_fd(), launched.suspend);
    let execute = || -> io::Result<Infallible> {
        let options = Options { gdb: None, ..options.clone() };
        let (file, _) = Commission { options: options.clone(), control, suspend }.write(true)?;
        [control, file.as_raw_fd()].iter().for_each(|fd| descriptors::set_inherited(*fd, true));
        let text = wrapper::text(&options);
        let words = wrapper::words(&options, text.as_deref(), file.as_raw_fd())?.unwrap_or_default();
        let string = |word: OsString| CString::new(word.into_vec()).map_err(io::Error::other);
        let words = words.into_iter().map(string).collect::<io::Result<Vec<CString>>>()?;
        let ours = |name: &OsString| wrapper::OUR_ADDRESS.iter().any(|it| name == it);
        let variables = std::env::vars_os().filter(|(name, _)| !ours(name));
        let env = variables.map(|(name, value)| string([name, "=".into(), value].join(OsStr::new(""))));
        let env = env.collect::<io::Result<Vec<CString>>>()?;
        // Not the standard library's: that would change the dispositions of signals.
        nix::unistd::execvpe(&words[0], &words, &env).map_err(io::Error::from)
    };
    let Err(error) = execute();
    let what = options.wrapper.first().map_or("a shell".into(), |wrapper| wrapper.to_string_lossy());
    let failure = Failure::own("--wrapper", &format!("{what}: {error}"));
    launched.fail(&failure.line);
    failure
}

/// Closes what the server process has inherited but must not hold: others would wait for an end of file in vain. Opens nothing: there may
/// be no descriptor left.
fn close_others(keep: &[RawFd]) {
    let mut keep: Vec<u64> = keep.iter().map(|fd| *fd as u64).filter(|fd| *fd > 2).collect();
    keep.sort_unstable();
    let starts = std::iter::once(3).chain(keep.iter().map(|fd| fd + 1));
    let ends = keep.iter().copied().chain([u64::from(u32::MAX) + 1]);
    for (start, end) in starts.zip(ends).filter(|(start, end)| start < end) {
        let _ = call_at_once(libc::SYS_close_range, [start, end - 1, 0, 0, 0, 0]);
    }
}

/// gdb has standard input and output: the guest reads nothing, and writes to standard error.
fn give_up_stdio() -> std::io::Result<()> {
    let null = nix::fcntl::open("/dev/null", OFlag::O_RDONLY | OFlag::O_CLOEXEC, Mode::empty())?;
    nix::unistd::dup2_stdin(&null)?;
    nix::unistd::dup2_stdout(std::io::stderr())?;
    Ok(())
}
