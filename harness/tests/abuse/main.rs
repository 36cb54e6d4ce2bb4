//! Clients that misbehave, and processes that are killed, at every moment of a session. Whatever happens: every packet that can
//! be answered is answered, and in the end no process is left over, stopped or hanging.

#![allow(clippy::unwrap_used, reason = "a test")]

mod dialogue;
mod forks;
mod session;
mod tree;
mod words;

use session::Session;

#[test]
fn a_client_that_never_says_a_word_lets_the_guest_run() {
    let session = Session::start(&["fork-chain", "2"]);
    drop(session.connect());
    assert_eq!(session.end("silent"), 0);
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
