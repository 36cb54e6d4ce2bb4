//! Non-stop: threads and processes that stop by themselves.

use tine_stub::fork::Kind;
use tine_stub::{StopReason, Tid};

use super::client::Client;
use super::guest::{Guest, PID};
use super::{CHILD, Request};

const SECOND: i32 = PID + 8;

/// A guest with two threads that run.
fn running() -> (Client, Guest) {
    let (mut client, guest) = Client::start_following();
    assert_eq!(client.ask("QNonStop:1"), "OK");
    assert_eq!(client.ask("?"), "T05thread:p7fff0000.7fff0000;");
    assert_eq!(client.ask("vStopped"), "OK");
    assert_eq!(client.ask("vCont;c:p7fff0000.-1"), "OK");
    guest.wait_until_it_runs();
    guest.start_thread(SECOND);
    while !client.ask("qfThreadInfo").contains("7fff0008") {}
    (client, guest)
}

#[test]
fn one_stops_and_the_other_runs() {
    let (mut client, guest) = running();
    guest.stop_thread(SECOND, StopReason::Breakpoint);
    assert_eq!(client.notification(), "Stop:T05swbreak:;thread:p7fff0000.7fff0008;");
    assert_eq!(client.ask("vStopped"), "OK");
    assert!(guest.runs(PID) && !guest.was_asked(&Request::Stop));
    assert_eq!(client.ask("?"), "T05swbreak:;thread:p7fff0000.7fff0008;");
    assert_eq!(client.ask("vStopped"), "OK");
    // What runs already runs on; what stands goes on.
    assert_eq!(client.ask("vCont;c"), "OK");
    guest.wait_until_thread_runs(SECOND);
    client.leave();
}

#[test]
fn stops_are_told_one_after_the_other() {
    let (mut client, guest) = running();
    guest.stop_thread(SECOND, StopReason::Breakpoint);
    assert_eq!(client.notification(), "Stop:T05swbreak:;thread:p7fff0000.7fff0008;");
    guest.stop(StopReason::Signal(10));
    // Nothing is notified before the first is acknowledged.
    assert_eq!(client.ask("qC").get(..2), Some("QC"));
    let mut answer = client.ask("vStopped");
    if answer == "OK" {
        answer = client.notification().replace("Stop:", "");
    }
    assert_eq!(answer, "T1ethread:p7fff0000.7fff0000;");
    assert_eq!(client.ask("vStopped"), "OK");
    assert_eq!(client.ask("vStopped"), "OK");
    client.leave();
}

#[test]
fn gdb_stops_one_or_all() {
    let (mut client, guest) = running();
    assert_eq!(client.ask("vCont;t:p7fff0000.7fff0008"), "OK");
    assert_eq!(client.notification(), "Stop:T00thread:p7fff0000.7fff0008;");
    assert_eq!(client.ask("vStopped"), "OK");
    assert!(guest.was_asked(&Request::StopThreads(vec![Tid(SECOND)])));
    // One that stands is not told again.
    assert_eq!(client.ask("vCont;t"), "OK");
    assert_eq!(client.notification(), "Stop:T00thread:p7fff0000.7fff0000;");
    assert_eq!(client.ask("vStopped"), "OK");
    client.leave();
}

#[test]
fn control_c_stops_one() {
    let (mut client, _guest) = running();
    assert_eq!(client.ask("vCtrlC"), "OK");
    assert!(client.notification().starts_with("Stop:T02thread:p7fff0000."));
    assert_eq!(client.ask("vStopped"), "OK");
    client.leave();
}

#[test]
fn control_c_waits_while_nothing_runs() {
    let (mut client, guest) = Client::start_following();
    assert_eq!(client.ask("QNonStop:1"), "OK");
    assert_eq!(client.ask("?"), "T05thread:p7fff0000.7fff0000;");
    assert_eq!(client.ask("vStopped"), "OK");
    assert_eq!(client.ask("vCtrlC"), "OK");
    assert_eq!(client.ask("vCont;s:p7fff0000.7fff0000"), "OK");
    assert_eq!(client.notification(), "Stop:T02thread:p7fff0000.7fff0000;");
    assert_eq!(client.ask("vStopped"), "OK");
    // It is told once.
    assert_eq!(client.ask("vCont;c:p7fff0000.7fff0000"), "OK");
    guest.wait_until_it_runs();
    guest.stop(StopReason::Signal(10));
    assert_eq!(client.notification(), "Stop:T1ethread:p7fff0000.7fff0000;");
    assert_eq!(client.ask("vStopped"), "OK");
    client.leave();
}

#[test]
fn several_actions_are_several_orders() {
    let (mut client, guest) = running();
    guest.stop_thread(SECOND, StopReason::Breakpoint);
    client.notification();
    client.ask("vStopped");
    assert_eq!(client.ask("vCont;t:p7fff0000.7fff0000;s:p7fff0000.-1"), "OK");
    assert_eq!(client.notification(), "Stop:T00thread:p7fff0000.7fff0000;");
    guest.wait_until_thread_runs(SECOND);
    client.leave();
}

#[test]
fn a_fork_is_told_and_everybody_else_runs() {
    let (mut client, parent) = running();
    let (token, socket) = parent.offer(Kind::Fork);
    let child = Guest::new(CHILD, socket);
    parent.forked(token, CHILD);
    child.hello();
    assert_eq!(client.notification(), "Stop:T05fork:p7fff0001.7fff0001;thread:p7fff0000.7fff0000;");
    assert_eq!(client.ask("vStopped"), "OK");
    assert!(parent.runs(SECOND));
    assert_eq!(client.ask("vCont;c:p7fff0001.-1"), "OK");
    child.wait_until_it_runs();
    assert!(!parent.runs(PID));
    child.exit(4);
    assert_eq!(client.notification(), "Stop:W04;process:7fff0001");
    assert_eq!(client.ask("vStopped"), "OK");
    assert_eq!(client.ask("vCont;c"), "OK");
    parent.wait_until_it_runs();
    client.leave();
}

#[test]
fn what_gdb_may_not_know_to_stand_is_not_let_go() {
    let (mut client, guest) = running();
    guest.stop_thread(SECOND, StopReason::Breakpoint);
    let (token, socket) = guest.offer(Kind::Fork);
    let child = Guest::new(CHILD, socket);
    guest.forked(token, CHILD);
    child.hello();
    // The first may come before the second, or with it.
    assert!(client.notification().contains("thread:p7fff0000.7fff0008;"));
    while !client.ask("qfThreadInfo").contains("p7fff0001") {}
    // They have crossed.
    assert_eq!(client.ask("vCont;c"), "OK");
    assert_eq!(client.ask("vStopped"), "T05fork:p7fff0001.7fff0001;thread:p7fff0000.7fff0000;");
    assert_eq!(client.ask("vCont;c:p7fff0001.-1;c:p7fff0000.7fff0000"), "OK");
    // Each process is asked, and has answered what was before.
    client.ask("qfThreadInfo");
    assert!(!guest.runs(PID) && !child.runs(CHILD));
    assert_eq!(client.ask("vStopped"), "OK");
    // It was told when it was acknowledged, so this one goes on.
    assert_eq!(client.ask("vCont;c:p7fff0000.7fff0008"), "OK");
    guest.wait_until_thread_runs(SECOND);
    assert!(!guest.runs(PID) && !child.runs(CHILD));
    assert_eq!(client.ask("vCont;c"), "OK");
    child.wait_until_it_runs();
    guest.wait_until_it_runs();
    client.leave();
}

#[test]
fn of_a_process_that_is_detached_nothing_more_is_told() {
    let (mut client, guest) = running();
    guest.stop_thread(SECOND, StopReason::Breakpoint);
    assert_eq!(client.notification(), "Stop:T05swbreak:;thread:p7fff0000.7fff0008;");
    guest.stop(StopReason::Signal(10));
    // An answer to this comes behind what the process has said.
    client.ask("qfThreadInfo");
    assert_eq!(client.ask("D;7fff0000"), "OK");
    // The acknowledgement of what was told.
    assert_eq!(client.ask("vStopped"), "OK");
    client.leave();
}

#[test]
fn what_ran_before_gdb_came_runs_on_and_what_stood_is_told() {
    let (mut client, guest, path) = Client::start_unhurried();
    client.send("vCont;c");
    guest.wait_until_it_runs();
    guest.start_thread(SECOND);
    let mut client = client.hand_over(&path, || guest.wait_until_asked(&Request::Release));
    client.greet();
    assert_eq!(client.ask("!"), "OK");
    assert_eq!(client.ask("QNonStop:1"), "OK");
    guest.wait_until_it_runs();
    assert_eq!(client.ask("?"), "OK");
    guest.stop_thread(SECOND, StopReason::Breakpoint);
    assert_eq!(client.notification(), "Stop:T05swbreak:;thread:p7fff0000.7fff0008;");
    assert_eq!(client.ask("vStopped"), "OK");
    let mut client = client.hand_over(&path, || guest.wait_until_asked(&Request::Forget));
    client.greet();
    assert_eq!(client.ask("QNonStop:1"), "OK");
    guest.wait_until_it_runs();
    assert_eq!(client.ask("?"), "T05thread:p7fff0000.7fff0008;");
    assert_eq!(client.ask("vStopped"), "OK");
    guest.exit(0);
    client.leave();
}

#[test]
fn back_in_all_stop_all_stand() {
    let (mut client, guest) = running();
    assert_eq!(client.ask("QNonStop:0"), "OK");
    assert!(!guest.runs(PID) && !guest.runs(SECOND));
    assert_eq!(client.ask("QNonStop:2"), "E16");
    client.leave();
}

#[test]
fn what_commands_print_is_shown_by_the_process_as_long_as_it_is_non_stop() {
    let (mut client, guest) = Client::start_following();
    assert_eq!(client.ask("QNonStop:1"), "OK");
    guest.wait_until_asked(&Request::ShowPrints(true));
    assert_eq!(client.ask("QNonStop:0"), "OK");
    guest.wait_until_asked(&Request::ShowPrints(false));
    client.leave();
}
