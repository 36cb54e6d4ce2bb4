//! A guest under tine, and a client that knows the framing and nothing else.

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::unistd::{Pid, getsid};
use tempfile::TempDir;
use tine_test::group::Mark;
use tine_test::tools;

/// How long anything may take before it counts as hanging.
pub const LIMIT: Duration = Duration::from_secs(20);

/// A guest under tine, marked, so that every process of its tree can be found.
pub struct Session {
    child: Child,
    mark: Mark,
    socket: PathBuf,
    folder: TempDir,
}

impl Session {
    pub fn start(guest: &[&str]) -> Session {
        Session::start_with(|command| {
            command.arg(tine_test::guest::build(guest[0]).unwrap()).args(&guest[1..]);
        })
    }

    /// A server without a guest.
    pub fn start_staying() -> Session {
        Session::start_with(|command| {
            command.arg("--multi");
        })
    }

    /// A server that has attached to a process.
    pub fn attach(pid: Pid) -> Session {
        let session = Session::start_with(|command| {
            command.arg("--attach").arg(pid.to_string());
        });
        let start = Instant::now();
        while !session.said().contains("Listening on ") {
            assert!(start.elapsed() < LIMIT, "{}", session.said());
            std::thread::sleep(Duration::from_millis(2));
        }
        session
    }

    pub fn start_with(rest: impl FnOnce(&mut Command)) -> Session {
        let folder = tempfile::tempdir().unwrap();
        let (mark, socket) = (Mark::new(), folder.path().join("gdb"));
        let mut command = Command::new(tools::tine().unwrap());
        command.arg("-g").arg(&socket);
        rest(&mut command);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(folder.path().join("stderr")).unwrap());
        let child = mark.on(&mut command).spawn().unwrap();
        Session { child, mark, socket, folder }
    }

    pub fn connect(&self) -> Client {
        let start = Instant::now();
        loop {
            match UnixStream::connect(&self.socket) {
                Ok(stream) => return Client::new(stream),
                Err(error) => assert!(start.elapsed() < LIMIT, "{}: {error}", self.socket.display()),
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// What was written to standard error.
    pub fn said(&self) -> String {
        let said = fs::read(self.folder.path().join("stderr")).unwrap();
        String::from_utf8_lossy(&said).into_owned()
    }

    /// No process of the session has panicked.
    pub fn check_calm(&self, what: &str) {
        let said = self.said();
        assert!(!said.contains("panicked"), "{what}: {said}");
    }

    /// Every living process of the session, zombies excepted.
    pub fn processes(&self) -> Vec<i32> {
        self.mark.bearers().into_iter().map(|(pid, _)| pid.as_raw()).collect()
    }

    /// The debug server: the one in a session of its own. It ends by itself after the last guest.
    pub fn server(&self) -> Option<i32> {
        let session = getsid(None).ok();
        self.processes().into_iter().find(|pid| getsid(Some(Pid::from_raw(*pid))).ok() != session)
    }

    /// Waits till nothing is left, and returns how the first process ended: its exit code, or minus its signal.
    pub fn end(mut self, what: &str) -> i32 {
        use std::os::unix::process::ExitStatusExt;
        let start = Instant::now();
        loop {
            let status = self.child.try_wait().unwrap();
            let left = self.processes();
            if let (Some(status), true) = (status, left.is_empty()) {
                self.check_calm(what);
                return status.code().unwrap_or_else(|| -status.signal().unwrap_or(0));
            }
            if start.elapsed() > LIMIT {
                let states: Vec<_> = left
                    .iter()
                    .map(|p| fs::read_to_string(format!("/proc/{p}/stat")).unwrap_or_default())
                    .map(|s| s.chars().take(60).collect::<String>())
                    .collect();
                panic!("{what}: processes left over: {states:#?}");
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.mark.kill();
        let _ = self.child.wait();
    }
}

/// A client that knows the framing and nothing else.
pub struct Client {
    pub stream: UnixStream,
    buffer: Vec<u8>,
}

impl Client {
    fn new(stream: UnixStream) -> Client {
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        Client { stream, buffer: Vec::new() }
    }

    pub fn frame(packet: &str) -> Vec<u8> {
        let sum = packet.bytes().fold(0u8, |s, b| s.wrapping_add(b));
        format!("${packet}#{sum:02x}").into_bytes()
    }

    /// The next reply, acknowledged; `None` if the connection is closed.
    pub fn reply(&mut self) -> Option<String> {
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
                Err(e) if e.kind() == ErrorKind::ConnectionReset => return None,
                Err(e) => panic!("no reply within {LIMIT:?}: {e}"),
            }
        }
    }

    /// Sends a packet, and waits for nothing.
    pub fn say(&mut self, packet: &str) -> Option<()> {
        self.stream.write_all(&Self::frame(packet)).ok()
    }

    pub fn ask(&mut self, packet: &str) -> Option<String> {
        self.say(packet)?;
        self.reply()
    }

    /// What the kernel does when the client is killed.
    pub fn close(&mut self) {
        let _ = self.stream.shutdown(Shutdown::Both);
    }

    pub fn greet(&mut self) -> String {
        self.ask("qSupported:multiprocess+;swbreak+;fork-events+;vContSupported+;no-resumed+").unwrap()
    }
}

/// The process whose number follows these words of a stop reply.
pub fn pid_after(reply: &str, words: &str) -> Option<i32> {
    let rest = reply.split_once(words)?.1;
    i32::from_str_radix(rest.split(['.', ';']).next()?, 16).ok()
}

/// `pC` and `pP` of a fork stop reply.
pub fn forked(reply: &str) -> (i32, i32) {
    let pid = |words| pid_after(reply, words).unwrap_or_else(|| panic!("no {words} in {reply}"));
    (pid("fork:p"), pid("thread:p"))
}
