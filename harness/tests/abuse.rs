//! Clients that misbehave, and processes that are killed, at every moment of the fork dialogue. Whatever happens: every packet that can
//! be answered is answered, and in the end no process is left over, stopped or hanging.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, getsid};

/// How long anything may take before it counts as hanging.
const LIMIT: Duration = Duration::from_secs(20);

/// A guest under tine, marked by a variable in its environment, so that every process of its tree can be found.
struct Session {
    child: Child,
    marker: String,
    socket: PathBuf,
    _folder: Folder,
}

/// A folder that goes with the test.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Session {
    fn start(name: &str, guest: &[&str]) -> Session {
        let marker = format!("TINE_ABUSE={}-{name}", std::process::id());
        let folder = std::env::temp_dir().join(marker.replace('=', "-"));
        fs::create_dir_all(&folder).unwrap();
        let socket = folder.join("gdb");
        let (variable, value) = marker.split_once('=').unwrap();
        let child = Command::new(tine())
            .arg("-g")
            .arg(&socket)
            .arg(guest_path(guest[0]))
            .args(&guest[1..])
            .env(variable, value)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Session { child, marker, socket, _folder: Folder(folder) }
    }

    fn connect(&self) -> Client {
        let start = Instant::now();
        loop {
            match UnixStream::connect(&self.socket) {
                Ok(stream) => return Client::new(stream),
                Err(error) => assert!(start.elapsed() < LIMIT, "{}: {error}", self.socket.display()),
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Every living process of the session, zombies excepted.
    fn processes(&self) -> Vec<i32> {
        let mut found = Vec::new();
        for entry in fs::read_dir("/proc").unwrap().flatten() {
            let Some(pid) = entry.file_name().to_str().and_then(|n| n.parse::<i32>().ok()) else { continue };
            let environ = fs::read(entry.path().join("environ")).unwrap_or_default();
            if environ.split(|b| *b == 0).any(|v| v == self.marker.as_bytes()) {
                found.push(pid);
            }
        }
        found
    }

    /// The debug server: the one in a session of its own. It ends by itself after the last guest.
    fn server(&self) -> Option<i32> {
        let session = getsid(None).ok();
        self.processes().into_iter().find(|pid| getsid(Some(Pid::from_raw(*pid))).ok() != session)
    }

    /// Waits till nothing is left, and returns how the first process ended: its exit code, or minus its signal.
    fn end(mut self, what: &str) -> i32 {
        use std::os::unix::process::ExitStatusExt;
        let start = Instant::now();
        loop {
            let status = self.child.try_wait().unwrap();
            let left = self.processes();
            if let (Some(status), true) = (status, left.is_empty()) {
                return status.code().unwrap_or_else(|| -status.signal().unwrap_or(0));
            }
            if start.elapsed() > LIMIT {
                let states: Vec<_> = left
                    .iter()
                    .map(|p| fs::read_to_string(format!("/proc/{p}/stat")).unwrap_or_default())
                    .map(|s| s.chars().take(60).collect::<String>())
                    .collect();
                for pid in left {
                    let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
                }
                let _ = self.child.wait();
                panic!("{what}: processes left over: {states:#?}");
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        for pid in self.processes() {
            let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
        }
        let _ = self.child.wait();
    }
}

/// A client that knows the framing and nothing else.
struct Client {
    stream: UnixStream,
    buffer: Vec<u8>,
}

impl Client {
    fn new(stream: UnixStream) -> Client {
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        Client { stream, buffer: Vec::new() }
    }

    fn frame(packet: &str) -> Vec<u8> {
        let sum = packet.bytes().fold(0u8, |s, b| s.wrapping_add(b));
        format!("${packet}#{sum:02x}").into_bytes()
    }

    /// The next reply, acknowledged; `None` if the connection is closed.
    fn reply(&mut self) -> Option<String> {
        loop {
            if let Some(start) = self.buffer.iter().position(|b| *b == b'$')
                && let Some(end) = self.buffer[start..].iter().position(|b| *b == b'#')
                && self.buffer.len() >= start + end + 3
            {
                let text = String::from_utf8_lossy(&self.buffer[start + 1..start + end]).into_owned();
                self.buffer.drain(..start + end + 3);
                let _ = self.stream.write_all(b"+");
                return Some(text);
            }
            let mut bytes = [0; 4096];
            match self.stream.read(&mut bytes) {
                Ok(0) => return None,
                Ok(n) => self.buffer.extend_from_slice(&bytes[..n]),
                Err(e) if e.kind() == std::io::ErrorKind::ConnectionReset => return None,
                Err(e) => panic!("no reply within {LIMIT:?}: {e}"),
            }
        }
    }

    fn ask(&mut self, packet: &str) -> Option<String> {
        self.stream.write_all(&Self::frame(packet)).ok()?;
        self.reply()
    }

    fn greet(&mut self) -> String {
        self.ask("qSupported:multiprocess+;swbreak+;fork-events+;vContSupported+;no-resumed+").unwrap()
    }
}

/// The emulator built beside this test.
fn tine() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().and_then(Path::parent).unwrap();
    std::env::var_os("TINE").map_or_else(|| profile.join("tine"), PathBuf::from)
}

fn guest_path(name: &str) -> PathBuf {
    tine_test::guest::build(name).unwrap()
}

/// `pC` and `pP` of a fork stop reply.
fn forked(reply: &str) -> (i32, i32) {
    let pid = |after: &str| -> i32 {
        let rest = reply.split(after).nth(1).unwrap_or_else(|| panic!("no {after} in {reply}"));
        i32::from_str_radix(rest.split('.').next().unwrap(), 16).unwrap()
    };
    (pid("fork:p"), pid("thread:p"))
}

#[test]
fn a_packet_may_arrive_in_any_pieces() {
    let session = Session::start("pieces", &["fork-chain", "1"]);
    let mut client = session.connect();
    for packet in ["qSupported:multiprocess+;swbreak+;fork-events+", "?", "qfThreadInfo", "g"] {
        let whole = client.ask(packet).unwrap();
        for cut in 1..Client::frame(packet).len() {
            let frame = Client::frame(packet);
            client.stream.write_all(&frame[..cut]).unwrap();
            std::thread::sleep(Duration::from_millis(1));
            client.stream.write_all(&frame[cut..]).unwrap();
            assert_eq!(client.reply().as_ref(), Some(&whole), "{packet} cut at {cut}");
        }
    }
    drop(client);
    assert_eq!(session.end("pieces"), 0);
}

#[test]
fn garbage_is_survived() {
    let session = Session::start("garbage", &["fork-chain", "1"]);
    let mut client = session.connect();
    let first = client.greet();
    for garbage in [
        &b"\0\xff\x80garbage"[..],
        b"$bad#00",
        b"#",
        b"}}}",
        b"$#",
        b"++--",
        b"$m#6d",
        b"$vCont;#",
        b"$Hg#af",
        b"$Z0#8a",
        b"$D;#7f",
    ] {
        client.stream.write_all(garbage).unwrap();
    }
    // Whatever was answered to those: the next question's answer comes.
    client
        .stream
        .write_all(&Client::frame(
            "qSupported:multiprocess+;swbreak+;fork-events+;vContSupported+;no-resumed+",
        ))
        .unwrap();
    while client.reply().unwrap() != first {}
    for packet in [
        "m",
        "mffffffffffffffff,10",
        "m0,ffffffffffffffff",
        "Mzz,4:00",
        "Z0,zz,4",
        "Z9,0,4",
        "P",
        "Pffff=00",
        "G00",
        "vFile:open:zz",
        "Hgp",
        "Hgpffff.ffff",
        "T1.1.1",
        "qXfer:features:read:target.xml:ffffffffffffffff,ffffffffffffffff",
        "vKill;zz",
        "D;zz",
        "QCatchSyscalls:9;zz",
        "X0,ffffffff:",
        "qRcmd,zz",
    ] {
        assert!(client.ask(packet).is_some(), "{packet} closed the connection");
    }
    drop(client);
    assert_eq!(session.end("garbage"), 0);
}

/// The packets of a session that follows the child, as gdb sends them; `{p}` and `{c}` are the pids.
const DIALOGUE: &[&str] = &[
    "Hgp{c}.{c}",
    "g",
    "Hgp{p}.{p}",
    "z0,10000,2",
    "D;{p}",
    "Hgp{c}.{c}",
    "g",
    "Z0,10000,2",
    "z0,10000,2",
    "qfThreadInfo",
    "vCont;c:p{c}.-1",
];
/// After more packets than these the parent runs freely.
const LET_GO: usize = 4;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Blow {
    Close,
    KillParent,
    KillChild,
    KillServer,
}

/// Strikes after `moment` packets of the dialogue; 0 is right after the fork was reported. The guest is one whose processes end by
/// themselves whatever happens to the other, unless tine keeps them.
fn strike(blow: Blow, moment: usize) {
    let what = format!("{blow:?} after {moment} packets");
    let session = Session::start(&what.replace(' ', "-"), &["fork-no-wait"]);
    let mut client = session.connect();
    client.greet();
    assert!(client.ask("?").unwrap().starts_with('T'), "{what}");
    let (child, parent) = forked(&client.ask("vCont;c").unwrap());
    let mut conversation = DIALOGUE
        .iter()
        .map(|packet| packet.replace("{c}", &format!("{child:x}")).replace("{p}", &format!("{parent:x}")));
    for packet in conversation.by_ref().take(moment) {
        assert!(client.ask(&packet).is_some(), "{what}: {packet} was not answered");
    }
    // Who has ended already cannot be struck.
    let strike = |pid| {
        let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
    };
    match blow {
        Blow::Close => {}
        Blow::KillParent => strike(parent),
        Blow::KillChild => strike(child),
        Blow::KillServer if moment < DIALOGUE.len() => strike(session.server().expect("a debug server")),
        Blow::KillServer => session.server().into_iter().for_each(strike),
    }
    if blow != Blow::Close {
        for packet in conversation {
            if client.ask(&packet).is_none() {
                assert_eq!(blow, Blow::KillServer, "{what}: the connection was closed at {packet}");
                break;
            }
        }
    }
    drop(client);
    let status = session.end(&what);
    match blow {
        // The parent may have run to its end before, once it was let go.
        Blow::KillParent => assert!(status == -9 || (moment > LET_GO && status == 2), "{what}: {status}"),
        _ => assert_eq!(status, 2, "{what}: the parent runs on and ends well"),
    }
}

macro_rules! every_moment {
    ($($name:ident: $blow:expr;)*) => { $(
        #[test]
        fn $name() {
            for moment in 0..=DIALOGUE.len() {
                strike($blow, moment);
            }
        }
    )* };
}

every_moment! {
    the_client_may_leave_at_any_moment: Blow::Close;
    the_parent_may_be_killed_at_any_moment: Blow::KillParent;
    the_child_may_be_killed_at_any_moment: Blow::KillChild;
    the_server_may_be_killed_at_any_moment: Blow::KillServer;
}

#[test]
fn a_client_that_never_says_a_word_lets_the_guest_run() {
    let session = Session::start("silent", &["fork-chain", "2"]);
    drop(session.connect());
    assert_eq!(session.end("silent"), 0);
}

#[test]
fn without_fork_events_the_child_runs_free() {
    let session = Session::start("no-events", &["fork-chain", "3"]);
    let mut client = session.connect();
    client.ask("qSupported:multiprocess+;swbreak+").unwrap();
    client.ask("?").unwrap();
    let mut reply = client.ask("vCont;c").unwrap();
    // 0x14 is SIGCHLD, which a client that did not name it in QPassSignals hears of.
    while reply.starts_with("T14") {
        reply = client.ask("vCont;C14").unwrap();
    }
    assert!(reply.starts_with("W0"), "{reply}");
    drop(client);
    assert_eq!(session.end("no-events"), 0);
}
