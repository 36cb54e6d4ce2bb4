//! Processes that are attached to, whatever they do at the moment.

use std::process::{Child, Command, Stdio};
use std::time::Instant;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tine_test::tools;

use super::session::{Client, LIMIT, Session};

/// A process that nobody debugs.
pub struct Free(Child);

impl Free {
    pub fn start(guest: &str) -> Free {
        let mut command = Command::new(tools::tine().unwrap());
        command.arg(tine_test::guest::build(guest).unwrap());
        Free(command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().unwrap())
    }

    pub fn pid(&self) -> Pid {
        Pid::from_raw(self.0.id() as i32)
    }

    /// Waits until the kernel says so of it, in `/proc/PID/NAME`.
    pub fn wait_for(&self, name: &str, is_so: impl Fn(&str) -> bool) {
        let path = format!("/proc/{}/{name}", self.pid());
        let start = Instant::now();
        while !is_so(&std::fs::read_to_string(&path).unwrap()) {
            assert!(start.elapsed() < LIMIT, "{path}");
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
    }

    /// The guest has a handler of SIGUSR1's.
    pub fn wait_for_handler(&self) {
        self.wait_for("status", |status| {
            let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap_or("0").trim();
            u64::from_str_radix(caught, 16).unwrap_or(0) & 1 << (Signal::SIGUSR1 as u32 - 1) != 0
        });
    }
}

impl Drop for Free {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn attach(client: &mut Client, process: &Free) -> Option<String> {
    client.ask(&format!("vAttach;{:x}", process.pid().as_raw()))
}

/// All of its threads stand, and it answers.
fn check(client: &mut Client, stop: Option<String>) {
    assert!(stop.as_deref().is_some_and(|stop| stop.starts_with("T")), "{stop:?}");
    let list = client.ask("qfThreadInfo").unwrap();
    for thread in list.trim_start_matches('m').split(',') {
        assert_eq!(client.ask(&format!("Hg{thread}")).as_deref(), Some("OK"));
        let registers = client.ask("g").unwrap();
        assert!(registers.len() > 64, "{thread}: {registers}");
    }
}

/// Does `work` with a server's client and a process that gets signals all the time; `name` is what it is about.
fn with_storm(name: &str, work: impl FnOnce(&mut Client, &Free)) {
    let session = Session::start_staying();
    let mut client = session.connect();
    client.greet();
    let process = Free::start("signal-storm");
    process.wait_for_handler();
    work(&mut client, &process);
    drop(process);
    client.say("qRcmd,65786974");
    session.end(name);
}

#[test]
fn who_gets_signals_all_the_time_is_attached_to() {
    with_storm("signals", |client, process| {
        for _ in 0..40 {
            let stop = attach(client, process);
            check(client, stop);
            assert_eq!(client.ask(&format!("D;{:x}", process.pid().as_raw())).as_deref(), Some("OK"));
        }
    });
}

#[test]
fn who_is_stopped_is_attached_to() {
    with_storm("stopped", |client, process| {
        kill(process.pid(), Signal::SIGSTOP).unwrap();
        process.wait_for("stat", |stat| stat.contains(") T "));
        let stop = attach(client, process);
        check(client, stop);
    });
}
