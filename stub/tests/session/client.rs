//! A gdb that says exactly what it is told to say, and the server that it says it to.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tine_stub::control;
use tine_stub::frame::{self, Decoder, Frame};
use tine_stub::launcher::Launcher;
use tine_stub::server::{Listener, Place, Server, Setup, Stays};
use tine_stub::without::Without;

use super::guest::{Guest, PID};

pub struct Client {
    stream: UnixStream,
    decoder: Decoder,
    frames: Vec<Frame>,
    server: Option<JoinHandle<()>>,
}

fn path() -> PathBuf {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    std::env::temp_dir().join(format!("tine-session-{}-{number}", std::process::id()))
}

impl Client {
    /// A server, its first process, stopped, and a connection to it.
    pub fn start() -> (Client, Guest) {
        Client::start_without(Without::default())
    }

    /// The same, of a server that does not know some packets.
    pub fn start_without(without: Without) -> (Client, Guest) {
        let (client, guest, _) = Client::start_for(true, without);
        (client, guest)
    }

    /// A server that waits for another gdb after this one, its first process, stopped, and a connection to it; and the path where more may
    /// connect.
    pub fn start_unhurried() -> (Client, Guest, PathBuf) {
        let (mut client, guest, path) = Client::start_for(false, Without::default());
        client.greet();
        (client, guest, path)
    }

    fn start_for(once: bool, without: Without) -> (Client, Guest, PathBuf) {
        let path = path();
        let listener = Listener::bind(&Place::Unix(path.clone())).unwrap();
        let (ours, theirs) = control::pair().unwrap();
        let server = std::thread::spawn(move || {
            let first = Some(theirs);
            Server::new(Setup { first, once, without, ..Setup::new(listener) }).run()
        });
        let guest = Guest::new(PID, ours);
        guest.hello();
        (Client { server: Some(server), ..Client::connect(&path) }, guest, path)
    }

    /// A server that stays, with a launcher, and a connection to it; and the path where more may connect.
    pub fn start_staying(launcher: Box<dyn Launcher + Send>) -> (Client, PathBuf) {
        let path = path();
        let listener = Listener::bind(&Place::Unix(path.clone())).unwrap();
        let server = std::thread::spawn(move || {
            let launcher: Option<Box<dyn Launcher>> = Some(launcher);
            let stays = Some(Stays::Idle);
            Server::new(Setup { launcher, stays, ..Setup::new(listener) }).run();
        });
        (Client { server: Some(server), ..Client::connect(&path) }, path)
    }

    /// Another connection to a server.
    pub fn connect(path: &Path) -> Client {
        let stream = UnixStream::connect(path).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        Client { stream, decoder: Decoder::default(), frames: Vec::new(), server: None }
    }

    /// The handshake of a gdb that follows.
    pub fn greet(&mut self) {
        self.ask("qSupported:multiprocess+;swbreak+;fork-events+;vfork-events+;exec-events+;no-resumed+");
        assert_eq!(self.ask("QStartNoAckMode"), "OK");
        self.raw(b"+");
    }

    /// Is lost, as by SIGKILL; gives the server to another one, after `meanwhile`.
    pub fn hand_over(mut self, path: &Path, meanwhile: impl FnOnce()) -> Client {
        let _ = self.stream.shutdown(std::net::Shutdown::Both);
        meanwhile();
        Client { server: self.server.take(), ..Client::connect(path) }
    }

    /// Goes without having been served; the server is another one's.
    pub fn hand_over_to(mut self, mut other: Client) -> Client {
        other.server = self.server.take();
        other
    }

    /// The same, after the handshake of a gdb that follows forks, vforks and programs.
    pub fn start_following() -> (Client, Guest) {
        Client::start_with("multiprocess+;swbreak+;fork-events+;vfork-events+;exec-events+;no-resumed+")
    }

    /// The same, after the handshake of a gdb with these features.
    pub fn start_with(features: &str) -> (Client, Guest) {
        let (mut client, guest) = Client::start();
        let features = &format!("qSupported:{features}");
        assert!(client.ask(features).starts_with("PacketSize="));
        assert_eq!(client.ask("QStartNoAckMode"), "OK");
        client.raw(b"+");
        (client, guest)
    }

    pub fn raw(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).unwrap();
    }

    pub fn send(&mut self, packet: &str) {
        self.raw(&frame::encode(packet.as_bytes()));
    }

    /// Sends a packet and gives the answer.
    pub fn ask(&mut self, packet: &str) -> String {
        self.send(packet);
        self.answer()
    }

    /// The next packet that comes.
    pub fn answer(&mut self) -> String {
        loop {
            match self.next() {
                Frame::Packet(payload) => return payload.escape_ascii().to_string(),
                Frame::Ack => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// The next notification.
    pub fn notification(&mut self) -> String {
        match self.next() {
            Frame::Notification(payload) => payload.escape_ascii().to_string(),
            other => panic!("{other:?}"),
        }
    }

    pub fn next(&mut self) -> Frame {
        loop {
            if !self.frames.is_empty() {
                return self.frames.remove(0);
            }
            let mut bytes = [0; 4096];
            let count = self.stream.read(&mut bytes).expect("the server does not answer");
            assert!(count > 0, "the server has closed the connection");
            let decoder = &mut self.decoder;
            self.frames.extend(bytes[..count].iter().filter_map(|byte| decoder.push(*byte)));
        }
    }

    /// Is lost, as by SIGKILL; the server has to end.
    pub fn leave(mut self) {
        let _ = self.stream.shutdown(std::net::Shutdown::Both);
        let server = self.server.take().unwrap();
        let start = Instant::now();
        while !server.is_finished() {
            assert!(start.elapsed() < Duration::from_secs(8), "the server does not end");
            std::thread::sleep(Duration::from_millis(1));
        }
        server.join().unwrap();
    }
}
