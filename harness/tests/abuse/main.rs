//! Clients that misbehave, and processes that are killed, at every moment of a session. Whatever happens: every packet that can
//! be answered is answered, and in the end no process is left over, stopped or hanging.

#![allow(clippy::unwrap_used, reason = "a test")]

mod attach;
mod dialogue;
mod forks;
mod non_stop;
mod options;
mod session;
mod tree;
mod words;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use session::Session;

#[test]
fn a_client_that_never_says_a_word_lets_the_guest_run() {
    let session = Session::start(&["fork-chain", "2"]);
    drop(session.connect());
    assert_eq!(session.end("silent"), 0);
}

#[test]
fn who_stands_for_another_client_goes_on_without_the_server() {
    let session = Session::start(&["fork-chain", "2"]);
    let mut client = session.connect();
    client.greet();
    assert_eq!(client.ask("!").as_deref(), Some("OK"));
    let stepped = client.ask("vCont;s").unwrap();
    assert!(stepped.starts_with("T05"), "{stepped}");
    let registers = client.ask("g").unwrap();
    drop(client);
    let mut client = session.connect();
    client.greet();
    assert!(client.ask("?").unwrap().starts_with("T05"));
    assert_eq!(client.ask("g").unwrap(), registers);
    // What the one before has said of the server has gone with it.
    assert_eq!(client.ask("!").as_deref(), Some("OK"));
    drop(client);
    kill(Pid::from_raw(session.server().unwrap()), Signal::SIGKILL).unwrap();
    assert_eq!(session.end("without the server"), 0);
}

#[test]
fn without_fork_events_the_child_runs_free() {
    let session = Session::start(&["fork-chain", "3"]);
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
