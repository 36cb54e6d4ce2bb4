//! A server that stays: programs that gdb starts, processes that it attaches to, gdbs that come and go.

use std::io;
use std::os::fd::OwnedFd;
use std::sync::{Arc, Mutex};

use tine_stub::control::{self, Event, Request};
use tine_stub::fork::Kind;
use tine_stub::launcher::{self, Arguments, EnvEdit, Launcher, Program, Started};
use tine_stub::target::{Motion, Resume};
use tine_stub::{Pid, StopReason, Tid};

use super::client::Client;
use super::guest::{Guest, PID};
use super::{CHILD, resumed};

/// The number by which the server knows a process that calls itself [`CHILD`].
const ELSEWHERE: i32 = CHILD + 1;

/// Plays the emulator: keeps what it was asked for, and the processes.
#[derive(Clone, Default)]
struct Emulator {
    programs: Arc<Mutex<Vec<Program>>>,
    guests: Arc<Mutex<Vec<Arc<Guest>>>>,
}

impl Emulator {
    fn make(&self, pid: i32, hello: impl FnOnce(&Guest)) -> OwnedFd {
        let (ours, theirs) = control::pair().unwrap();
        let guest = Guest::new(pid, ours);
        hello(&guest);
        self.guests.lock().unwrap().push(Arc::new(guest));
        theirs
    }

    fn last(&self) -> Arc<Guest> {
        self.guests.lock().unwrap().last().unwrap().clone()
    }
}

impl Launcher for Emulator {
    fn run(&self, program: &Program) -> io::Result<Started> {
        self.programs.lock().unwrap().push(program.clone());
        let control = match program.path.as_deref() {
            Some(b"/none") => {
                let (ours, theirs) = control::pair()?;
                launcher::fail(ours, "/none: there is no such file");
                theirs
            }
            Some(b"/refused") => return Err(io::Error::other("not that one")),
            Some(b"/dies") => control::pair()?.1,
            _ => self.make(PID, Guest::hello),
        };
        Ok(Started { pid: Pid(PID), control })
    }

    fn command_line(&self) -> Option<(Vec<u8>, Vec<Vec<u8>>)> {
        Some((b"/bin/ls".to_vec(), vec![b"-l".to_vec(), b"a b".to_vec()]))
    }

    fn attach(&self, pid: Pid) -> io::Result<OwnedFd> {
        match pid {
            // The second calls itself by another number.
            Pid(CHILD | ELSEWHERE) => Ok(self.make(CHILD, Guest::hello_running)),
            _ => Err(io::Error::other("there is no such process")),
        }
    }
}

fn staying() -> (Client, Emulator, std::path::PathBuf) {
    let emulator = Emulator::default();
    let (mut client, path) = Client::start_staying(Box::new(emulator.clone()));
    client.greet();
    assert_eq!(client.ask("!"), "OK");
    (client, emulator, path)
}

/// The same, with a process that runs.
fn running() -> (Client, Arc<Guest>, std::path::PathBuf) {
    let (mut client, emulator, path) = staying();
    client.ask("vRun;61");
    client.send("vCont;c");
    let guest = emulator.last();
    guest.wait_until_it_runs();
    (client, guest, path)
}

/// Ends the server.
fn end(mut client: Client) {
    assert_eq!(client.ask("qRcmd,65786974"), "OK");
    client.leave();
}

#[test]
fn without_a_process_there_is_nothing_to_ask_about() {
    let (mut client, _, _) = staying();
    for (packet, answer) in [
        ("?", "W00"),
        ("qfThreadInfo", "l"),
        ("qC", "E03"),
        ("Hg0", "E03"),
        ("Hgp0.0", "E03"),
        ("g", "E03"),
        ("m10,4", "E03"),
        ("D;1", "E03"),
        ("vKill;1", "E03"),
        ("qAttached", "1"),
        ("vCont;c", "N"),
    ] {
        assert_eq!(client.ask(packet), answer, "{packet}");
    }
    end(client);
}

#[test]
fn a_program_starts_as_gdb_wants_it() {
    let (mut client, emulator, _) = staying();
    for packet in [
        "QEnvironmentHexEncoded:413d31",
        "QEnvironmentUnset:42",
        "QSetWorkingDir:2f746d70",
        "QStartupWithShell:0",
        "QDisableRandomization:1",
    ] {
        assert_eq!(client.ask(packet), "OK", "{packet}");
    }
    for packet in ["QEnvironmentHexEncoded:41", "QEnvironmentUnset:413d", "QStartupWithShell:2", "vRun;4"] {
        assert_eq!(client.ask(packet), "E16", "{packet}");
    }
    assert_eq!(client.ask("vRun;2f62696e2f6c73;2d6c;;612062"), "T05thread:p7fff0000.7fff0000;");
    assert_eq!(client.ask("qAttached:7fff0000"), "0");
    let env = vec![EnvEdit::Set(b"A=1".into()), EnvEdit::Unset(b"B".into())];
    let args = Arguments::Words(vec![b"-l".into(), b"".into(), b"a b".into()]);
    let program = Program { path: Some(b"/bin/ls".into()), args, env, dir: Some(b"/tmp".into()) };
    assert_eq!(*emulator.programs.lock().unwrap(), std::slice::from_ref(&program));
    client.send("vCont;c");
    emulator.last().wait_until_it_runs();
    emulator.last().exit(3);
    assert_eq!(client.answer(), "W03;process:7fff0000");
    // The same again, elsewhere.
    assert_eq!(client.ask("QEnvironmentReset"), "OK");
    assert_eq!(client.ask("QSetWorkingDir:"), "OK");
    assert_eq!(client.ask("vRun;"), "T05thread:p7fff0000.7fff0000;");
    let again = Program { env: Vec::new(), dir: None, ..program };
    assert_eq!(emulator.programs.lock().unwrap()[1], again);
    // ~/b and ~b
    let home = std::env::var("HOME").unwrap_or("~".to_owned());
    for (text, dir) in [("7e2f62", format!("{home}/b")), ("7e62", "~b".to_owned())] {
        assert_eq!(client.ask(&format!("QSetWorkingDir:{text}")), "OK");
        assert_eq!(client.ask("vKill;7fff0000"), "OK");
        assert_eq!(client.ask("vRun;"), "T05thread:p7fff0000.7fff0000;");
        assert_eq!(emulator.programs.lock().unwrap().last().unwrap().dir, Some(dir.into_bytes()));
    }
    end(client);
}

#[test]
fn arguments_may_be_one_text_for_a_shell() {
    let (mut client, emulator, _) = staying();
    // -l 'a b'
    assert_eq!(client.ask("qExecAndArgs"), "S;2f62696e2f6c73;2d6c202761206227;");
    let given = |emulator: &Emulator| emulator.programs.lock().unwrap().last().unwrap().args.clone();
    let text = b"*.c > 'x y'".to_vec();
    let packet = format!("vRun;61;{}", text.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
    // To a gdb that does not say so it is a word.
    client.ask(&packet);
    assert_eq!(given(&emulator), Arguments::Words(vec![text.clone()]));
    let features = client.ask("qSupported:multiprocess+;single-inf-arg+");
    assert!(features.contains(";single-inf-arg+"), "{features}");
    client.ask(&packet);
    assert_eq!(given(&emulator), Arguments::Shell(text));
    assert_eq!(client.ask("QStartupWithShell:0"), "OK");
    client.ask(&packet);
    assert_eq!(given(&emulator), Arguments::Words(vec![b"*.c".into(), b">".into(), b"x y".into()]));
    end(client);
}

#[test]
fn a_program_that_cannot_start_is_an_error() {
    let (mut client, _, _) = staying();
    assert_eq!(client.ask("vRun;2f6e6f6e65"), "E01");
    assert_eq!(client.ask("vRun;2f64696573"), "E01");
    client.ask("qSupported:multiprocess+;error-message+");
    assert_eq!(
        client.ask("vRun;2f6e6f6e65"),
        r#"E.Running \"/none\" on the remote target failed: there is no such file"#
    );
    assert_eq!(
        client.ask("vRun;2f72656675736564"),
        r#"E.Running \"/refused\" on the remote target failed: not that one"#
    );
    assert_eq!(
        client.ask("vRun;2f64696573"),
        r#"E.Running \"/dies\" on the remote target failed: the process ended before it began"#
    );
    assert_eq!(client.ask("?"), "W00");
    end(client);
}

#[test]
fn a_process_is_attached_to_and_left_and_attached_to_again() {
    let (mut client, emulator, _) = staying();
    assert_eq!(client.ask("vAttach;1"), "E01");
    for _ in 0..2 {
        assert_eq!(client.ask("vAttach;7fff0001"), "T05thread:p7fff0001.7fff0001;");
        assert_eq!(client.ask("qAttached:7fff0001"), "1");
        assert_eq!(client.ask("vAttach;7fff0001"), "E01");
        assert_eq!(client.ask("D;7fff0001"), "OK");
        emulator.last().wait_until_free();
    }
    end(client);
}

#[test]
fn who_is_attached_to_is_told_by_the_number_that_it_was_asked_for() {
    let (mut client, emulator, _) = staying();
    assert_eq!(client.ask(&format!("vAttach;{ELSEWHERE:x}")), "T05thread:p7fff0002.7fff0001;");
    assert_eq!(client.ask("qfThreadInfo"), "mp7fff0002.7fff0001");
    client.send("vCont;c:p7fff0002.-1");
    emulator.last().wait_until_it_runs();
    emulator.last().stop(StopReason::Breakpoint);
    assert_eq!(client.answer(), "T05swbreak:;thread:p7fff0002.7fff0001;");
    assert_eq!(client.ask("D;7fff0002"), "OK");
    emulator.last().wait_until_free();
    end(client);
}

#[test]
fn what_was_attached_to_outlives_the_server_when_gdb_ends_that() {
    let (mut client, emulator, _) = staying();
    client.ask("vRun;61");
    let launched = emulator.last();
    client.ask("vAttach;7fff0001");
    end(client);
    emulator.last().wait_until_free();
    launched.wait_until_free();
    assert!(!launched.was_asked(&Request::Detach));
    assert!(emulator.last().was_asked(&Request::Detach));
}

#[test]
fn control_c_is_for_what_was_started_or_attached_to_last() {
    let (mut client, emulator, _) = staying();
    client.ask("vRun;61");
    let launched = emulator.last();
    client.ask("vAttach;7fff0001");
    for (order, told) in [("vCont;c", "7fff0001.7fff0001"), ("vCont;c:p7fff0000.-1", "7fff0000.7fff0000")] {
        // Which one is selected does not matter.
        client.ask("Hgp7fff0000.7fff0000");
        client.send(order);
        launched.wait_until_it_runs();
        client.raw(b"\x03");
        assert_eq!(client.answer(), format!("T02thread:p{told};"));
    }
    // Without the last one, the selected.
    assert_eq!(client.ask("D;7fff0001"), "OK");
    client.send("vCont;c");
    launched.wait_until_it_runs();
    client.raw(b"\x03");
    assert_eq!(client.answer(), "T02thread:p7fff0000.7fff0000;");
    end(client);
}

#[test]
fn a_gdb_that_comes_later_finds_where_the_last_one_was() {
    for (reason, told, again) in [
        (StopReason::Breakpoint, "T05swbreak:;", "T05"),
        (StopReason::Signal(11), "T0b", "T0b"),
        (StopReason::SyscallEntry(0xdc), "T05syscall_entry:dc;", "T05"),
    ] {
        let (mut client, guest, path) = running();
        guest.start_thread(PID + 8);
        guest.stop_thread(PID + 8, reason);
        assert_eq!(client.answer(), format!("{told}thread:p7fff0000.7fff0008;"));
        let stops = guest.count(&Request::Stop);
        let mut client = client.hand_over(&path, || guest.wait_until_asked(&Request::Forget));
        client.greet();
        assert_eq!(client.ask("?"), format!("{again}thread:p7fff0000.7fff0008;"));
        // Nobody was let go, and so nobody had to be stopped.
        assert!(!guest.runs(PID) && !guest.runs(PID + 8));
        assert_eq!(guest.count(&Request::Stop), stops);
        // It does not take to gdb's settings of before.
        guest.wait_until_asked(&Request::PassSignals(Vec::new()));
        end(client);
    }
}

#[test]
fn what_runs_when_gdb_goes_runs_on_and_the_next_one_stops_it() {
    let (client, guest, path) = running();
    let mut client = client.hand_over(&path, || {
        guest.wait_until_asked(&Request::PassSignals((1..=64).collect()));
        assert!(guest.runs(PID));
        // A stop that was under way has nobody to be told.
        guest.stop(StopReason::Signal(10));
        let order = Resume { tid: Tid(PID), motion: Motion::Continue, signal: Some(10) };
        guest.wait_until_asked(&Request::Resume(vec![order]));
    });
    client.greet();
    assert!(guest.was_asked(&Request::Stop));
    assert_eq!(client.ask("?"), "T05thread:p7fff0000.7fff0000;");
    end(client);
}

#[test]
fn a_signal_that_the_last_gdb_was_not_told_of_is_told_to_the_next_one() {
    let (mut client, guest, path) = running();
    guest.start_thread(PID + 8);
    guest.wait_until_thread_runs(PID + 8);
    // Both stop at once; the signal has to wait.
    let stopped = |tid, reason| Event::Stopped(Tid(tid), reason, Vec::new());
    guest.say_at_stop(vec![stopped(PID, StopReason::Signal(12))]);
    guest.stop_thread(PID + 8, StopReason::Breakpoint);
    assert_eq!(client.answer(), "T05swbreak:;thread:p7fff0000.7fff0008;");
    let mut client = client.hand_over(&path, || guest.wait_until_asked(&Request::Forget));
    client.greet();
    assert_eq!(client.ask("?"), "T05thread:p7fff0000.7fff0008;");
    assert_eq!(client.ask("vCont;c"), "T1fthread:p7fff0000.7fff0000;");
    end(client);
}

#[test]
fn a_fork_that_is_under_way_when_gdb_goes_is_let_go() {
    let (client, guest, path) = running();
    let resumptions = guest.count(&resumed(PID));
    let client = client.hand_over(&path, || {
        guest.wait_until_asked(&Request::Forget);
        let (token, socket) = guest.offer(Kind::Fork);
        let child = Guest::new(CHILD, socket);
        guest.forked(token, CHILD);
        child.hello();
        child.wait_until_free();
        guest.wait_until_it_runs();
        assert_eq!(guest.count(&resumed(PID)), resumptions + 1);
    });
    end(client);
}

#[test]
fn a_gdb_that_is_lost_without_having_asked_for_more_leaves_all_running() {
    let (client, guest, path) = Client::start_unhurried();
    let mut client = client.hand_over(&path, || guest.wait_until_asked(&Request::Release));
    client.greet();
    assert!(guest.was_asked(&Request::Stop));
    assert_eq!(client.ask("?"), "T05thread:p7fff0000.7fff0000;");
    // This one says that the server is to be there for longer.
    assert_eq!(client.ask("!"), "OK");
    let client = client.hand_over(&path, || guest.wait_until_asked(&Request::Forget));
    assert!(!guest.runs(PID));
    guest.exit(0);
    client.leave();
}

#[test]
fn who_dies_meanwhile_is_not_there() {
    let (mut client, emulator, path) = staying();
    client.ask("vRun;61");
    let guest = emulator.last();
    let mut client = client.hand_over(&path, || {
        guest.wait_until_asked(&Request::Forget);
        guest.exit(0);
    });
    client.greet();
    assert_eq!(client.ask("?"), "W00");
    end(client);
}

#[test]
fn a_second_gdb_is_told_that_there_is_one() {
    let (mut client, _, path) = staying();
    let mut second = Client::connect(&path);
    assert_eq!(second.ask("qSupported"), "E.another debugger is connected");
    assert_eq!(client.ask("?"), "W00");
    end(client);
}

#[test]
fn who_comes_while_the_last_one_goes_is_served() {
    let (mut client, _, path) = staying();
    let mut second = Client::connect(&path);
    // By now the server has seen both.
    assert_eq!(client.ask("?"), "W00");
    let third = client.hand_over(&path, || second.greet());
    assert_eq!(second.ask("?"), "W00");
    end(third.hand_over_to(second));
}

#[test]
fn killing_all_ends_no_server_that_gdb_wants_to_keep() {
    let (mut client, emulator, _) = staying();
    client.ask("vRun;61");
    client.send("k");
    assert_eq!(client.ask("?"), "W00");
    client.send("R00");
    assert_eq!(client.ask("?"), "T05thread:p7fff0000.7fff0000;");
    assert_eq!(emulator.programs.lock().unwrap().len(), 2);
    end(client);
}
