//! Where gdb is expected: `PORT`, `HOST:PORT`, a path, or `-`.

use std::fmt;
use std::io;
use std::net::{TcpListener, TcpStream};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::{UnixDatagram, UnixListener, UnixStream};
use std::path::{Path, PathBuf};

/// The value of `-g`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Where to listen.
    pub place: Place,
    /// Whether the guest waits for gdb before its first instruction (`,suspend=n` says no).
    pub suspend: bool,
    /// Whether the first gdb is the last one (`,once=y` says so): otherwise others may connect when it has gone.
    pub once: bool,
}

/// Where to listen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Host and port; port 0 lets the kernel choose.
    Tcp(String, u16),
    /// A unix socket.
    Unix(PathBuf),
    /// Standard input and output are the connection.
    Stdio,
}

/// Why nobody can connect.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// A `,word` that is not known.
    #[error("unknown debugger option '{0}' (known: suspend=y, suspend=n, once=y, once=n)")]
    Option(String),
    /// Nothing to listen on.
    #[error("the debugger address is empty")]
    Empty,
    /// What looks like a port and is none.
    #[error("'{0}' is not a port (0 to 65535) or HOST:PORT; a socket in the current folder is './{0}'")]
    Port(String),
    /// The kernel refused.
    #[error("cannot listen on {place}: {error}")]
    Bind {
        /// Where.
        place: String,
        /// Why.
        error: io::Error,
    },
    /// Somebody else listens there.
    #[error("cannot listen on {0}: another process is listening there")]
    InUse(String),
    /// sockaddr_un has room for 107 bytes.
    #[error("cannot listen on {path}: a socket path has at most 107 bytes, this one has {length}")]
    TooLong {
        /// The path.
        path: String,
        /// Its length.
        length: usize,
    },
}

impl Address {
    /// Reads `PLACE[,suspend=y|n]`, where PLACE is `PORT`, `HOST:PORT`, a path (`%d` is replaced by `pid`) or `-`.
    pub fn parse(text: &str, pid: i32) -> Result<Address, ListenError> {
        let mut words = text.split(',');
        let place = words.next().unwrap_or_default();
        let (mut suspend, mut once) = (true, false);
        for word in words {
            match word {
                "suspend=y" => suspend = true,
                "suspend=n" => suspend = false,
                "once=y" => once = true,
                "once=n" => once = false,
                _ => return Err(ListenError::Option(word.to_owned())),
            }
        }
        Ok(Address { place: Place::parse(place, pid)?, suspend, once })
    }
}

impl Place {
    fn parse(text: &str, pid: i32) -> Result<Place, ListenError> {
        let number = |digits: &str| digits.parse().map_err(|_| ListenError::Port(digits.to_owned()));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        match text {
            "" => Err(ListenError::Empty),
            "-" => Ok(Place::Stdio),
            _ if digits(text) => Ok(Place::Tcp("127.0.0.1".to_owned(), number(text)?)),
            _ => match text.rsplit_once(':') {
                Some((host, port)) if digits(port) && !host.contains('/') => {
                    let host = if host.is_empty() { "127.0.0.1" } else { host };
                    Ok(Place::Tcp(host.trim_matches(['[', ']']).to_owned(), number(port)?))
                }
                // A socket may have such a name, with its folder: ./a:b
                Some(_) if !text.contains('/') => Err(ListenError::Port(text.to_owned())),
                _ if looks_like_a_number(text) => Err(ListenError::Port(text.to_owned())),
                _ => Ok(Place::Unix(PathBuf::from(text.replace("%d", &pid.to_string())))),
            },
        }
    }
}

/// Whether somebody who wrote this meant a number, or an option: no name of a socket, unless its folder is said too.
fn looks_like_a_number(text: &str) -> bool {
    let digits = text.trim_start_matches(['-', '+']);
    digits.len() < text.len() || digits.starts_with("0x")
}

/// A place where gdb can connect, once.
#[derive(Debug)]
pub enum Listener {
    /// TCP.
    Tcp(TcpListener),
    /// A unix socket and its path, removed in the end.
    Unix(UnixListener, PathBuf),
    /// Standard input and output (copies of them).
    Stdio(OwnedFd, OwnedFd),
}

impl Listener {
    /// Binds and listens. For [`Place::Stdio`] the caller has to give standard input and output another meaning afterwards.
    pub fn bind(place: &Place) -> Result<Listener, ListenError> {
        match place {
            Place::Tcp(host, port) => {
                let refused = |error| ListenError::Bind { place: format!("{host}:{port}"), error };
                Ok(Listener::Tcp(TcpListener::bind((host.as_str(), *port)).map_err(refused)?))
            }
            Place::Unix(path) => bind_unix(path),
            Place::Stdio => {
                let copy = |fd: BorrowedFd<'_>| {
                    fd.try_clone_to_owned()
                        .map_err(|error| ListenError::Bind { place: "-".to_owned(), error })
                };
                Ok(Listener::Stdio(copy(io::stdin().as_fd())?, copy(io::stdout().as_fd())?))
            }
        }
    }

    /// What to wait on for a connection; `None`: the connection is there already.
    pub(super) fn waiting(&self) -> Option<BorrowedFd<'_>> {
        match self {
            Listener::Tcp(listener) => Some(listener.as_fd()),
            Listener::Unix(listener, _) => Some(listener.as_fd()),
            Listener::Stdio(..) => None,
        }
    }

    /// Takes a connection: its reading and its writing end.
    pub(super) fn accept(&self) -> io::Result<(OwnedFd, OwnedFd)> {
        match self {
            Listener::Tcp(listener) => {
                let (stream, _): (TcpStream, _) = listener.accept()?;
                let _ = stream.set_nodelay(true);
                Ok((stream.try_clone()?.into(), stream.into()))
            }
            Listener::Unix(listener, _) => {
                let (stream, _): (UnixStream, _) = listener.accept()?;
                Ok((stream.try_clone()?.into(), stream.into()))
            }
            Listener::Stdio(input, output) => Ok((input.try_clone()?, output.try_clone()?)),
        }
    }

    /// The descriptors that it uses.
    pub fn descriptors(&self) -> Vec<RawFd> {
        match self {
            Listener::Tcp(listener) => vec![listener.as_raw_fd()],
            Listener::Unix(listener, _) => vec![listener.as_raw_fd()],
            Listener::Stdio(input, output) => vec![input.as_raw_fd(), output.as_raw_fd()],
        }
    }

    /// Removes the socket's name, if it has one.
    pub fn remove(&self) {
        if let Listener::Unix(_, path) = self {
            let _ = std::fs::remove_file(path);
        }
    }
}

/// A socket that nobody listens on is a leftover and is replaced; anything else in its place is an error.
fn bind_unix(path: &Path) -> Result<Listener, ListenError> {
    let name = path.display().to_string();
    let length = path.as_os_str().len();
    if length > 107 {
        return Err(ListenError::TooLong { path: name, length });
    }
    let refused = |error| ListenError::Bind { place: name.clone(), error };
    if std::fs::symlink_metadata(path).is_ok_and(|meta| meta.file_type().is_socket()) {
        if is_live(path) {
            return Err(ListenError::InUse(name));
        }
        std::fs::remove_file(path).map_err(refused)?;
    }
    // The mode is set between bind and listen: nobody can connect before that.
    use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType};
    let listener = || -> rustix::io::Result<OwnedFd> {
        let socket =
            rustix::net::socket_with(AddressFamily::UNIX, SocketType::STREAM, SocketFlags::CLOEXEC, None)?;
        rustix::net::bind(&socket, &SocketAddrUnix::new(path)?)?;
        rustix::fs::chmod(path, rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR)?;
        rustix::net::listen(&socket, 1)?;
        Ok(socket)
    };
    let socket = listener().map_err(|errno| refused(errno.into()))?;
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    Ok(Listener::Unix(socket.into(), path))
}

/// Whether a socket is open under this name. A datagram socket asks, so that a listener does not take it for a client: the kernel
/// refuses it because of its kind (unix(7), `EPROTOTYPE`), but a leftover by `ECONNREFUSED`.
fn is_live(path: &Path) -> bool {
    let probe = || -> io::Result<()> { UnixDatagram::unbound()?.connect(path) };
    !probe().is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
}

impl fmt::Display for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Listener::Tcp(listener) => match listener.local_addr() {
                Ok(address) => write!(f, "{address}"),
                Err(_) => write!(f, "a TCP port"),
            },
            Listener::Unix(_, path) => write!(f, "{}", path.display()),
            Listener::Stdio(..) => write!(f, "standard input and output"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_address_is_read() {
        let place = |text| Address::parse(text, 42).unwrap().place;
        assert_eq!(place("1234"), Place::Tcp("127.0.0.1".into(), 1234));
        assert_eq!(place(":1234"), Place::Tcp("127.0.0.1".into(), 1234));
        assert_eq!(place("0.0.0.0:1"), Place::Tcp("0.0.0.0".into(), 1));
        assert_eq!(place("[::1]:1"), Place::Tcp("::1".into(), 1));
        assert_eq!(place("-"), Place::Stdio);
        assert_eq!(place("/tmp/x%d"), Place::Unix("/tmp/x42".into()));
        assert_eq!(place("/tmp/a:1"), Place::Unix("/tmp/a:1".into()));
        assert!(!Address::parse("0,suspend=n", 1).unwrap().suspend);
        assert!(Address::parse("0,suspend=y", 1).unwrap().suspend);
        assert!(Address::parse("0,once=y,suspend=n", 1).unwrap().once);
        assert!(!Address::parse("0,suspend=n", 1).unwrap().once);
        assert_eq!(place("a.sock"), Place::Unix("a.sock".into()));
        assert_eq!(place("./a:b"), Place::Unix("./a:b".into()));
        assert_eq!(place("./-1"), Place::Unix("./-1".into()));
        for text in ["65536", "-1", "+1", "0x10", ":x", "host:", "host:70000", "a:b", "-strace"] {
            assert!(matches!(Address::parse(text, 1), Err(ListenError::Port(_))), "{text}");
        }
        assert!(matches!(Address::parse("", 1), Err(ListenError::Empty)));
        assert!(matches!(Address::parse("1,x", 1), Err(ListenError::Option(_))));
    }

    #[test]
    fn a_leftover_socket_is_replaced_and_a_live_one_is_not() {
        let path = std::env::temp_dir().join(format!("tine-listen-{}", std::process::id()));
        let first = Listener::bind(&Place::Unix(path.clone())).unwrap();
        assert!(matches!(Listener::bind(&Place::Unix(path.clone())), Err(ListenError::InUse(_))));
        drop(first);
        let second = Listener::bind(&Place::Unix(path.clone())).unwrap();
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        second.remove();
        assert!(!path.exists());
        let long = Place::Unix("/tmp/".to_owned().repeat(30).into());
        assert!(matches!(Listener::bind(&long), Err(ListenError::TooLong { .. })));
    }
}
