//! The command line that gdbserver has too: `--attach`, `--wrapper`, and what is wrong with them.

use std::process::Command;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tine_test::group::quiet;
use tine_test::tools;

use super::attach::Free;
use super::session::{Client, Session};

/// A guest that is there for long.
fn free() -> Free {
    let process = Free::start("signal-storm");
    process.wait_for_handler();
    process
}

/// The one line, and the status, of a command that is refused.
fn refused(command: &mut Command) -> (String, i32) {
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    let mut lines = said.lines().filter(|line| !line.starts_with("Listening on "));
    let line = lines.next().unwrap_or_default().to_owned();
    assert_eq!(lines.next(), None, "{said}");
    (line, output.status.code().unwrap())
}

fn server(options: &[&str]) -> Command {
    let mut command = quiet(tools::tine().unwrap());
    command.args(["-g", "0"]).args(options);
    command
}

fn refused_to_attach(pid: Pid, why: &str) {
    let (line, status) = refused(&mut server(&["--attach", &pid.to_string()]));
    assert_eq!((line, status), (format!("tine: --attach: process {pid}: {why}"), 125));
}

#[test]
fn what_cannot_be_attached_to_is_said_in_a_line() {
    refused_to_attach(Pid::from_raw(i32::MAX), "there is no such process");
    refused_to_attach(Pid::this(), "it is not run by this emulator");
    let mut ended = Command::new("true").spawn().unwrap();
    let pid = Pid::from_raw(ended.id() as i32);
    // A zombie, until it is waited for.
    nix::sys::wait::waitid(
        nix::sys::wait::Id::Pid(pid),
        nix::sys::wait::WaitPidFlag::WEXITED | nix::sys::wait::WaitPidFlag::WNOWAIT,
    )
    .unwrap();
    refused_to_attach(pid, "it runs no program");
    ended.wait().unwrap();
}

#[test]
fn who_is_debugged_already_is_left_alone() {
    let process = free();
    let session = Session::attach(process.pid());
    let mut client = session.connect();
    client.greet();
    assert!(client.ask("?").unwrap().starts_with("T05"));
    refused_to_attach(process.pid(), "it does not answer: it is debugged by somebody else, and stands");
    assert_eq!(client.ask(&format!("D;{:x}", process.pid().as_raw())).as_deref(), Some("OK"));
    drop(client);
    assert_eq!(session.end("attached"), 0);
}

#[test]
fn who_is_attached_to_stands_until_gdb_comes_and_runs_on_without_the_server() {
    let process = free();
    let session = Session::attach(process.pid());
    let mut client = session.connect();
    client.greet();
    assert!(client.ask("?").unwrap().starts_with("T05"));
    assert_eq!(client.ask(&format!("qAttached:{:x}", process.pid().as_raw())).as_deref(), Some("1"));
    let registers = client.ask("g").unwrap();
    // Half a packet, and gone.
    std::io::Write::write_all(&mut client.stream, b"$vCont;c:p").unwrap();
    drop(client);
    let mut client = session.connect();
    client.greet();
    assert!(client.ask("?").unwrap().starts_with("T"));
    assert_eq!(client.ask("g").unwrap().len(), registers.len());
    let server = session.processes();
    assert_eq!(server.len(), 1);
    kill(Pid::from_raw(server[0]), Signal::SIGKILL).unwrap();
    assert_eq!(session.end("a server that was killed"), -9);
    process.wait_for("status", |status| status.contains("TracerPid:\t0"));
    // It is free, for the next one.
    let session = Session::attach(process.pid());
    let mut client = session.connect();
    client.greet();
    assert!(client.ask("?").unwrap().starts_with("T"));
    client.say("k");
    assert_eq!(session.end("killed"), 0);
}

/// The answer to a `monitor` command.
fn monitor(client: &mut Client, words: &str) -> String {
    let hex: String = words.bytes().map(|byte| format!("{byte:02x}")).collect();
    let answer = client.ask(&format!("qRcmd,{hex}")).unwrap();
    let digits = answer.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
    digits.map(|pair| u8::from_str_radix(pair, 16).map_or('?', char::from)).collect()
}

#[test]
fn packets_are_logged_while_somebody_wants_that() {
    let process = free();
    let session = Session::attach(process.pid());
    let mut client = session.connect();
    client.greet();
    assert_eq!(monitor(&mut client, "set debug remote on"), "debug output of 'remote' is on\n");
    client.ask("qC").unwrap();
    assert!(session.said().contains("tine: gdb: qC\n"), "{}", session.said());
    assert_eq!(monitor(&mut client, "set remote-debug 0"), "debug output of 'remote' is off\n");
    let said = session.said();
    client.ask("qC").unwrap();
    assert_eq!(session.said(), said);
    let nothing = monitor(&mut client, "set debug-format all");
    assert_eq!(nothing, "there is nothing to set here by 'debug-format'\n");
    assert!(monitor(&mut client, "set debug maybe").starts_with("usage: monitor set debug "));
    client.say("k");
    assert_eq!(session.end("logged"), 0);
}

#[test]
fn a_process_that_ends_takes_the_server_along() {
    let process = free();
    let session = Session::attach(process.pid());
    drop(session.connect());
    drop(process);
    assert_eq!(session.end("ended"), 0);
}

#[test]
fn a_wrapper_that_does_not_come_to_the_program_ends_it_all() {
    let program = tine_test::guest::build("counter").unwrap();
    let program = program.to_str().unwrap();
    let (line, status) = refused(&mut server(&["--wrapper", "/nowhere/x", "--", program]));
    assert_eq!(line, "tine: --wrapper: /nowhere/x: No such file or directory (os error 2)");
    assert_eq!(status, 125);
    let (line, status) = refused(&mut server(&["--wrapper", "false", "--", program]));
    assert_eq!((line.as_str(), status), ("", 1));
    let (line, status) = refused(&mut server(&["--wrapper", "true", "--", "/nowhere/x"]));
    assert!(line.starts_with("tine: /nowhere/x: "), "{line}");
    assert_eq!(status, 127);
    // What is handed over does not get through this one.
    let closes = ["--wrapper", "sh", "-c", "n=$3; eval \"exec $n<&-\"; exec \"$@\"", "sh", "--", program];
    let (line, status) = refused(&mut server(&closes));
    assert_eq!(line, "tine: -g: the wrapper has closed the debug server's descriptors");
    assert_eq!(status, 125);
}

#[test]
fn a_wrapper_of_the_guests_and_one_that_forgets_the_environment_come_to_the_program() {
    let program = tine_test::guest::build("counter").unwrap();
    for wrapper in [&["env", "-i"][..], &["timeout", "20"], &["nice", "-n", "1", "env", "A=1"]] {
        let session = Session::start_with(|command| {
            command.arg("--wrapper").args(wrapper).arg("--").arg(&program).arg("3");
        });
        let mut client = session.connect();
        client.greet();
        assert!(client.ask("?").unwrap().starts_with("T05"), "{wrapper:?}");
        let end = client.ask("vCont;c").unwrap();
        assert!(end.starts_with("W07"), "{wrapper:?}: {end}");
        drop(client);
        assert_eq!(session.end("wrapped"), 7, "{wrapper:?}");
    }
}

/// A server that begins with hardly a descriptor left does not keep those of its caller, who would wait for an end of file in vain.
#[test]
fn a_limit_of_descriptors_leaves_nothing_open() {
    let guest = tine_test::guest::build("empty").unwrap();
    for limit in 4..12 {
        let socket = std::env::temp_dir().join(format!("tine-few-{}-{limit}", std::process::id()));
        let script = format!("ulimit -n {limit}; exec \"$0\" -g \"$1\",suspend=n \"$2\"");
        let mut command = quiet("bash");
        command.arg("-c").arg(script).arg(tools::tine().unwrap()).arg(&socket).arg(&guest);
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        let is_refused = output.status.code() == Some(125) && said.contains("cannot listen");
        assert!(output.status.success() || is_refused, "{limit}: {} {said}", output.status);
        // The server sees a little later that there is nobody left.
        let start = std::time::Instant::now();
        while socket.exists() {
            assert!(start.elapsed() < super::session::LIMIT, "{limit}: {said}");
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
    }
}
