//! vfork: the parent has its memory back only when the child is gone from it.

use tine_stub::StopReason;
use tine_stub::control::Request;
use tine_stub::fork::Kind;

use super::client::Client;
use super::guest::{Guest, PID};
use super::{CHILD, resumed};

const TOLD: &str = "T05vfork:p7fff0001.7fff0001;thread:p7fff0000.7fff0000;";
const DONE: &str = "T05vforkdone:;thread:p7fff0000.7fff0000;";

/// A guest that has made a vfork, and the child; gdb has been told.
fn vforked() -> (Client, Guest, Guest, u64) {
    let (mut client, parent) = Client::start_following();
    client.send("vCont;c:p7fff0000.-1");
    parent.wait_until_it_runs();
    let (token, socket) = parent.offer(Kind::Vfork);
    let child = Guest::new(CHILD, socket);
    parent.forked(token, CHILD);
    child.hello();
    assert_eq!(client.answer(), TOLD);
    (client, parent, child, token)
}

#[test]
fn the_parent_is_followed() {
    let (mut client, parent, child, token) = vforked();
    for packet in ["Hgp7fff0000.7fff0000", "z0,10,2", "D;7fff0001"] {
        assert_eq!(client.ask(packet), "OK");
    }
    child.wait_until_free();
    client.send("vCont;c:p7fff0000.7fff0000");
    parent.wait_until_it_runs();
    parent.vfork_done(token);
    assert_eq!(client.answer(), DONE);
    client.send("vCont;c:p7fff0000.-1");
    parent.wait_until_it_runs();
    parent.exit(0);
    assert_eq!(client.answer(), "W00;process:7fff0000");
    client.leave();
}

#[test]
fn the_child_is_followed_and_executes_a_program() {
    let (mut client, parent, child, _) = vforked();
    client.ask("Hgp7fff0001.7fff0001");
    client.send("vCont;c:p7fff0001.-1");
    child.wait_until_it_runs();
    child.exec("/bin/new");
    assert_eq!(client.answer(), "T05exec:2f62696e2f6e6577;thread:p7fff0001.7fff0001;");
    // The parent was not let go, and so has not said that it is out; now it is detached.
    assert_eq!(parent.count(&resumed(PID)), 1);
    assert_eq!(client.ask("D;7fff0000"), "OK");
    parent.wait_until_free();
    client.send("vCont;c:p7fff0001.-1");
    child.wait_until_it_runs();
    child.exit(5);
    assert_eq!(client.answer(), "W05;process:7fff0001");
    client.leave();
}

#[test]
fn both_are_kept() {
    let (mut client, parent, child, token) = vforked();
    client.send("vCont;c");
    child.wait_until_it_runs();
    parent.wait_until_it_runs();
    child.exit(1);
    assert_eq!(client.answer(), "W01;process:7fff0001");
    // It was stopped for that, inside.
    assert!(parent.was_asked(&Request::Stop));
    client.send("vCont;c");
    parent.wait_until_it_runs();
    parent.vfork_done(token);
    assert_eq!(client.answer(), DONE);
    client.leave();
}

#[test]
fn the_end_of_one_that_gdb_has_not_heard_of_is_not_told() {
    let (mut client, parent) = Client::start_following();
    client.send("vCont;c:p7fff0000.-1");
    parent.wait_until_it_runs();
    let (token, socket) = parent.offer(Kind::Vfork);
    let child = Guest::new(CHILD, socket);
    child.die();
    parent.forked(token, CHILD);
    parent.wait_until_it_runs();
    parent.vfork_done(token);
    parent.wait_until_it_runs();
    parent.stop(StopReason::Breakpoint);
    assert_eq!(client.answer(), "T05swbreak:;thread:p7fff0000.7fff0000;");
    client.leave();
}

#[test]
fn the_parent_may_die_inside() {
    let (mut client, parent, child, _) = vforked();
    assert_eq!(client.ask("Hgp7fff0001.7fff0001"), "OK");
    client.send("vCont;c:p7fff0001.-1");
    child.wait_until_it_runs();
    parent.die();
    assert_eq!(client.answer(), "X09;process:7fff0000");
    client.send("vCont;c:p7fff0001.-1");
    child.wait_until_it_runs();
    child.exit(2);
    assert_eq!(client.answer(), "W02;process:7fff0001");
    client.leave();
}

#[test]
fn gdb_may_leave_inside() {
    let (client, parent, child, _) = vforked();
    client.leave();
    parent.wait_until_free();
    child.wait_until_free();
}
