//! Who is at the other end of gdb's connection. Its end looks the same whether gdb's user has disconnected, to come back later, or gdb has been
//! killed: what has become of the process that opened it tells.

use std::fs;
use std::net::{IpAddr, SocketAddr};
use std::os::fd::{BorrowedFd, OwnedFd};
use std::path::Path;

use crate::stat::behind_name;

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::net::{AddressFamily, SocketAddrAny, sockopt};
use rustix::process::{Pid, PidfdFlags, pidfd_open};

/// A process on its way out (proc(5), field `flags` of `/proc/PID/stat`; `PF_EXITING`).
const EXITING: u64 = 4;

/// Who has connected.
#[derive(Debug)]
pub(super) enum Peer {
    /// A gdb of this machine, and a name for it that no other process takes.
    Gdb(Pid, OwnedFd),
    /// Somebody on another machine.
    Remote,
    /// Another program, or one that we are not shown.
    Other,
}

impl Peer {
    /// Who is behind a connection. To be asked when it is new: of one that is closed the kernel does not tell whose it was.
    pub fn of(connection: BorrowedFd<'_>) -> Peer {
        let pid = match sockopt::socket_domain(connection) {
            Ok(AddressFamily::UNIX) => sockopt::socket_peercred(connection).ok().map(|peer| peer.pid),
            Ok(AddressFamily::INET | AddressFamily::INET6) => {
                let address = |address: Option<SocketAddrAny>| SocketAddr::try_from(address?).ok();
                let ours = address(rustix::net::getsockname(connection).ok());
                let theirs = address(rustix::net::getpeername(connection).ok().flatten());
                match (ours, theirs) {
                    (Some(ours), Some(theirs)) if is_here(ours.ip(), theirs.ip()) => {
                        owner(theirs, ours, is_gdb)
                    }
                    (Some(_), Some(_)) => return Peer::Remote,
                    _ => None,
                }
            }
            // Pipes.
            _ => None,
        };
        let gdb = pid.and_then(|pid| Some((pid, pidfd_open(pid, PidfdFlags::empty()).ok()?)));
        match gdb.filter(|(pid, _)| is_gdb(*pid)) {
            Some((pid, pidfd)) => Peer::Gdb(pid, pidfd),
            None => Peer::Other,
        }
    }

    /// Now that the connection is closed: whether somebody may want to come back to where he was, because gdb lives, or has ended in order after
    /// a `disconnect`. Of another machine's nothing is known, and the network may be all that was lost.
    pub fn may_return(&self) -> bool {
        match self {
            Peer::Gdb(pid, pidfd) => !is_killed(*pid, pidfd),
            Peer::Remote => true,
            Peer::Other => false,
        }
    }
}

/// Whether an address that talks to one of ours is one of ours too.
fn is_here(ours: IpAddr, theirs: IpAddr) -> bool {
    theirs == ours || theirs.to_canonical().is_loopback()
}

/// By its name: other programs that speak the protocol do not come back.
fn is_gdb(pid: Pid) -> bool {
    let folder = format!("/proc/{}", pid.as_raw_nonzero());
    let program = fs::read_link(format!("{folder}/exe")).unwrap_or_default();
    let command = fs::read(format!("{folder}/cmdline")).unwrap_or_default();
    is_gdbs_name(&program, &String::from_utf8_lossy(&command))
}

/// The words of `command` end in zero bytes. Those of a program that was started through the dynamic loader name it.
fn is_gdbs_name(program: &Path, command: &str) -> bool {
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let program = name(program);
    let is_loader = program.starts_with("ld-") || program.starts_with("ld.so");
    program.contains("gdb")
        || is_loader && command.split('\0').any(|word| name(Path::new(word)).contains("gdb"))
}

/// Whether a signal ends, or has ended, the process. All its threads are on their way out before the kernel closes what it had open.
fn is_killed(pid: Pid, pidfd: &OwnedFd) -> bool {
    let stat = fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).unwrap_or_default();
    let mut waits = [PollFd::new(pidfd, PollFlags::IN)];
    let is_over = rustix::event::poll(&mut waits, Some(&Timespec::default())) != Ok(0);
    match Departure::read(&stat) {
        Some(Departure::Stays) => is_over, // then the number is another's by now
        Some(Departure::Exits) => false,
        Some(Departure::Killed) | None => true,
    }
}

/// How a process goes, by `/proc/PID/stat`.
#[derive(Debug, PartialEq, Eq)]
enum Departure {
    Stays,
    Exits,
    Killed,
}

impl Departure {
    fn read(stat: &str) -> Option<Departure> {
        let fields = behind_name(stat);
        let (state, flags) = (*fields.first()?, fields.get(6)?.parse::<u64>().ok()?);
        let status: i32 = fields.last()?.parse().ok()?;
        Some(match state {
            _ if !matches!(state, "Z" | "X") && flags & EXITING == 0 => Departure::Stays,
            _ if status & 0x7f == 0 => Departure::Exits,
            _ => Departure::Killed,
        })
    }
}

/// The process that has the socket with the address `local` that is connected to `remote`, of those that we are shown and that may be meant. The
/// descriptors of others are not looked at: there may be tens of thousands on the machine, and gdb waits two seconds for its first answer.
fn owner(local: SocketAddr, remote: SocketAddr, may_be: impl Fn(Pid) -> bool) -> Option<Pid> {
    let inode = ["/proc/net/tcp", "/proc/net/tcp6"]
        .into_iter()
        .find_map(|table| inode(&fs::read_to_string(table).ok()?, local, remote))?;
    let link = format!("socket:[{inode}]");
    let number = |entry: fs::DirEntry| Pid::from_raw(entry.file_name().to_str()?.parse::<i32>().ok()?);
    let mut pids = fs::read_dir("/proc").ok()?.flatten().filter_map(number).filter(|pid| may_be(*pid));
    let has_it = |pid: &Pid| {
        let folder = format!("/proc/{}/fd", pid.as_raw_nonzero());
        let descriptors = fs::read_dir(folder).into_iter().flatten().flatten();
        descriptors
            .filter_map(|entry| fs::read_link(entry.path()).ok())
            .any(|target| target == Path::new(&link))
    };
    pids.find(has_it)
}

/// The inode of a connection, by the lines of `/proc/net/tcp` or `tcp6` (proc(5)).
fn inode(table: &str, local: SocketAddr, remote: SocketAddr) -> Option<u64> {
    let (local, remote) = (spellings(local), spellings(remote));
    table.lines().find_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [_, one, other, _, _, _, _, _, _, inode, ..] = fields[..] else { return None };
        let is_it = local.iter().any(|it| it == one) && remote.iter().any(|it| it == other);
        is_it.then(|| inode.parse().ok()).flatten().filter(|inode| *inode != 0)
    })
}

/// An address as those files spell it: words of the host's order. A socket for IPv6 may have one of IPv4.
fn spellings(address: SocketAddr) -> [String; 2] {
    let words = |octets: &[u8]| -> String {
        let word = |octets: &[u8]| {
            format!("{:08X}", octets.iter().rev().fold(0u32, |word, it| word << 8 | u32::from(*it)))
        };
        octets.chunks(4).map(word).collect()
    };
    let spell = |octets: &[u8]| format!("{}:{:04X}", words(octets), address.port());
    match address.ip().to_canonical() {
        IpAddr::V4(ip) => [spell(&ip.octets()), spell(&ip.to_ipv6_mapped().octets())],
        IpAddr::V6(ip) => [spell(&ip.octets()), spell(&ip.octets())],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{TcpListener, TcpStream};
    use std::os::fd::AsFd;
    use std::os::unix::net::UnixStream;

    #[test]
    fn a_departure_is_read_from_the_kernels_words() {
        // `/proc/PID/stat` of a process that runs, one that was killed, one that has exited; the name may have anything in it.
        let line = |state: &str, flags: u64, status: i32| {
            format!("7 (a) b) {state} 1 1 1 0 -1 {flags} 0 0 17 {status}")
        };
        assert_eq!(Departure::read(&line("S", 4_194_304, 0)), Some(Departure::Stays));
        assert_eq!(Departure::read(&line("R", 4_194_308, 9)), Some(Departure::Killed));
        assert_eq!(Departure::read(&line("R", 4_194_308, 256)), Some(Departure::Exits));
        assert_eq!(Departure::read(&line("Z", 4_194_560, 0)), Some(Departure::Exits));
        assert_eq!(Departure::read(""), None);
    }

    #[test]
    fn the_owner_of_a_connection_over_tcp_is_found() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (accepted, theirs) = listener.accept().unwrap();
        let us = Pid::from_raw(std::process::id() as i32);
        assert_eq!(owner(theirs, accepted.local_addr().unwrap(), |_| true), us);
        // This is no gdb.
        assert_eq!(owner(theirs, accepted.local_addr().unwrap(), is_gdb), None);
        assert!(matches!(Peer::of(accepted.as_fd()), Peer::Other));
        drop(stream);
        assert!(!Peer::of(accepted.as_fd()).may_return());
    }

    #[test]
    fn addresses_are_spelled_as_the_kernel_has_them() {
        let spell = |text: &str| spellings(text.parse().unwrap());
        let mapped = "0000000000000000FFFF00000100007F:04D2".to_owned();
        assert_eq!(spell("127.0.0.1:1234"), ["0100007F:04D2".to_owned(), mapped.clone()]);
        assert_eq!(spell("[::ffff:127.0.0.1]:1234")[1], mapped);
        assert_eq!(spell("[::1]:1")[0], "00000000000000000000000001000000:0001");
    }

    #[test]
    fn another_machine_is_told_from_this_one() {
        let is_here = |ours: &str, theirs: &str| is_here(ours.parse().unwrap(), theirs.parse().unwrap());
        assert!(is_here("127.0.0.1", "127.0.0.1"));
        assert!(is_here("192.0.2.1", "192.0.2.1"));
        assert!(is_here("::ffff:127.0.0.1", "::ffff:127.0.0.1"));
        assert!(!is_here("192.0.2.1", "192.0.2.2"));
    }

    #[test]
    fn a_program_that_is_not_gdb_does_not_come_back() {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let peer = Peer::of(ours.as_fd());
        drop(theirs);
        assert!(!peer.may_return());
    }

    #[test]
    fn gdb_is_known_by_its_name() {
        let is_gdbs = |program: &str, command: &str| is_gdbs_name(Path::new(program), command);
        assert!(is_gdbs("/usr/bin/gdb", "anything"));
        assert!(is_gdbs("/opt/bin/riscv64-unknown-elf-gdb (deleted)", ""));
        assert!(is_gdbs("/lib64/ld-linux-x86-64.so.2", "ld.so\0/opt/gdb-multiarch\0-nx\0"));
        assert!(!is_gdbs("/lib64/ld-linux-x86-64.so.2", "ld.so\0/usr/bin/python3\0"));
        assert!(!is_gdbs("/usr/bin/python3", "python3\0test_gdb.py\0"));
    }

    #[test]
    fn gdb_may_return_unless_it_was_killed() {
        use std::process::{Command, Stdio};
        let start = || {
            let child = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
            let pid = Pid::from_raw(child.id() as i32).unwrap();
            (child, Peer::Gdb(pid, pidfd_open(pid, PidfdFlags::empty()).unwrap()))
        };
        let wait_for = |peer: &Peer| {
            let Peer::Gdb(_, pidfd) = peer else { panic!("no process") };
            rustix::event::poll(&mut [PollFd::new(pidfd, PollFlags::IN)], None).unwrap();
        };
        let (mut child, peer) = start();
        assert!(peer.may_return(), "it lives");
        drop(child.stdin.take());
        wait_for(&peer);
        assert!(peer.may_return(), "it has exited");
        child.wait().unwrap();
        assert!(!peer.may_return(), "it is gone, and nobody knows how");
        let (mut child, peer) = start();
        child.kill().unwrap();
        wait_for(&peer);
        assert!(!peer.may_return(), "it was killed");
        child.wait().unwrap();
    }
}
