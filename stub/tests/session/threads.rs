//! Threads that come, go, stop together and go on apart.

use tine_stub::control::{Event, Request};
use tine_stub::target::{Motion, Resume};
use tine_stub::without::Without;
use tine_stub::{StopReason, Tid};

use super::client::Client;
use super::guest::{Guest, PID, thread};

const SECOND: i32 = PID + 0x10;
/// Older than the one before by its birth, younger by its number: numbers begin anew some time.
const THIRD: i32 = PID + 8;

/// A guest with three threads, all of which run.
fn three() -> (Client, Guest) {
    let (mut client, guest) = Client::start_following();
    client.send("vCont;c:p7fff0000.-1");
    guest.wait_until_it_runs();
    guest.start_thread(SECOND);
    guest.start_thread(THIRD);
    (client, guest)
}

fn order(tid: i32, motion: Motion) -> Request {
    Request::Resume(vec![Resume { tid: Tid(tid), motion, signal: None }])
}

#[test]
fn they_stop_together_and_are_listed_by_birth() {
    let (mut client, guest) = three();
    guest.stop_thread(THIRD, StopReason::Breakpoint);
    assert_eq!(client.answer(), "T05swbreak:;thread:p7fff0000.7fff0008;");
    assert!(!guest.runs(PID) && !guest.runs(SECOND));
    assert_eq!(client.ask("qfThreadInfo"), "mp7fff0000.7fff0000,p7fff0000.7fff0010,p7fff0000.7fff0008");
    assert_eq!(client.ask("qC"), "QCp7fff0000.7fff0008");
    for (packet, answer) in [
        ("Tp7fff0000.7fff0010", "OK"),
        ("Tp7fff0000.7fff0011", "E03"),
        ("Hgp7fff0000.7fff0010", "OK"),
        ("qC", "QCp7fff0000.7fff0010"),
        ("Hgp7fff0000.0", "OK"),
        ("qC", "QCp7fff0000.7fff0010"),
        ("qThreadExtraInfo,p7fff0000.7fff0008", "613c62"),
    ] {
        assert_eq!(client.ask(packet), answer, "{packet}");
    }
    assert!(client.ask("qXfer:threads:read::0,400").contains("p7fff0000.7fff0010"));
    client.leave();
    guest.wait_until_free();
}

/// Two threads that have stopped for a signal, of which gdb has been told one.
fn two_signals() -> (Client, Guest) {
    let (mut client, guest) = three();
    guest.say_at_stop(vec![
        Event::Stopped(Tid(PID), StopReason::Requested, Vec::new()),
        Event::Stopped(Tid(SECOND), StopReason::Signal(10), Vec::new()),
    ]);
    guest.stop_thread(THIRD, StopReason::Signal(12));
    assert_eq!(client.answer(), "T1fthread:p7fff0000.7fff0008;");
    (client, guest)
}

#[test]
fn a_signal_that_gdb_passes_on_is_not_lost_when_another_thread_has_something_to_tell() {
    let (mut client, guest) = two_signals();
    assert_eq!(client.ask("vCont;C1f:p7fff0000.7fff0008;c:p7fff0000.-1"), "T1ethread:p7fff0000.7fff0010;");
    client.send("vCont;C1e:p7fff0000.7fff0010;c:p7fff0000.-1");
    guest.wait_until_thread_runs(THIRD);
    let orders = [(PID, None), (SECOND, Some(10)), (THIRD, Some(12))].map(|(tid, signal)| Resume {
        tid: Tid(tid),
        motion: Motion::Continue,
        signal,
    });
    assert!(guest.was_asked(&Request::Resume(orders.to_vec())));
    // Once.
    guest.stop_thread(THIRD, StopReason::Breakpoint);
    assert_eq!(client.answer(), "T05swbreak:;thread:p7fff0000.7fff0008;");
    client.send("vCont;c:p7fff0000.7fff0008");
    guest.wait_until_asked(&order(THIRD, Motion::Continue));
    client.leave();
}

#[test]
fn a_signal_that_gdb_has_passed_on_reaches_a_thread_that_is_detached() {
    let (mut client, guest) = two_signals();
    client.ask("vCont;C1f:p7fff0000.7fff0008;c:p7fff0000.-1");
    assert_eq!(client.ask("D;7fff0000"), "OK");
    guest.wait_until_free();
    let order = Resume { tid: Tid(THIRD), motion: Motion::Continue, signal: Some(12) };
    assert!(guest.was_asked(&Request::Resume(vec![order])));
    client.leave();
}

#[test]
fn each_takes_the_action_that_names_it() {
    let (mut client, guest) = three();
    guest.stop_thread(SECOND, StopReason::Breakpoint);
    client.answer();
    client.send("vCont;s:p7fff0000.7fff0010;c:p7fff0000.-1");
    guest.wait_until_thread_runs(SECOND);
    let orders = [(PID, Motion::Continue), (SECOND, Motion::Step), (THIRD, Motion::Continue)]
        .map(|(tid, motion)| Resume { tid: Tid(tid), motion, signal: None });
    assert!(guest.was_asked(&Request::Resume(orders.to_vec())));
    guest.stop_thread(SECOND, StopReason::Step);
    assert_eq!(client.answer(), "T05thread:p7fff0000.7fff0010;");
    // Over a breakpoint, the others stand.
    client.send("vCont;s:p7fff0000.7fff0008");
    guest.wait_until_thread_runs(THIRD);
    assert!(guest.was_asked(&order(THIRD, Motion::Step)));
    assert!(!guest.runs(PID) && !guest.runs(SECOND));
    guest.stop_thread(THIRD, StopReason::Step);
    client.answer();
    // Hc and the old packets.
    client.ask("Hcp7fff0000.7fff0008");
    client.send("s");
    guest.wait_until_thread_runs(THIRD);
    assert!(!guest.runs(PID) && !guest.runs(SECOND));
    client.raw(b"\x03");
    assert_eq!(client.answer(), "T02thread:p7fff0000.7fff0008;");
    client.leave();
}

#[test]
fn of_two_on_a_breakpoint_the_second_meets_it_again() {
    let (mut client, guest) = three();
    guest.say_at_stop(
        [(PID, StopReason::Requested), (THIRD, StopReason::Breakpoint)]
            .map(|(tid, reason)| Event::Stopped(Tid(tid), reason, Vec::new()))
            .to_vec(),
    );
    guest.stop_thread(SECOND, StopReason::Breakpoint);
    assert_eq!(client.answer(), "T05swbreak:;thread:p7fff0000.7fff0010;");
    client.send("vCont;c");
    guest.wait_until_thread_runs(THIRD);
    guest.stop_thread(THIRD, StopReason::Breakpoint);
    assert_eq!(client.answer(), "T05swbreak:;thread:p7fff0000.7fff0008;");
    client.leave();
}

#[test]
fn of_two_signals_the_second_is_told_when_its_thread_goes_on() {
    let (mut client, guest) = three();
    guest.say_at_stop(
        [(PID, StopReason::Requested), (THIRD, StopReason::Signal(11))]
            .map(|(tid, reason)| Event::Stopped(Tid(tid), reason, Vec::new()))
            .to_vec(),
    );
    guest.stop_thread(SECOND, StopReason::Signal(10));
    assert_eq!(client.answer(), "T1ethread:p7fff0000.7fff0010;");
    client.send("vCont;s:p7fff0000.7fff0010");
    guest.stop_thread(SECOND, StopReason::Step);
    assert_eq!(client.answer(), "T05thread:p7fff0000.7fff0010;");
    assert_eq!(client.ask("vCont;c"), "T0bthread:p7fff0000.7fff0008;");
    // Nobody had to move for that.
    assert!(!guest.runs(SECOND));
    client.leave();
}

#[test]
fn one_that_is_born_while_all_stop_is_waited_for() {
    let (mut client, guest) = three();
    let stopped = |tid| Event::Stopped(Tid(tid), StopReason::Requested, Vec::new());
    guest.say_at_stop(vec![
        stopped(PID),
        Event::ThreadStarted { thread: thread(PID + 0x20), held: false },
        stopped(THIRD),
        stopped(PID + 0x20),
    ]);
    guest.stop_thread(SECOND, StopReason::Breakpoint);
    assert_eq!(client.answer(), "T05swbreak:;thread:p7fff0000.7fff0010;");
    assert_eq!(client.ask("Tp7fff0000.7fff0020"), "OK");
    client.send("vCont;c");
    guest.wait_until_thread_runs(PID + 0x20);
    client.leave();
}

#[test]
fn one_that_is_born_after_all_have_stopped_goes_on_with_them() {
    let (mut client, guest) = three();
    guest.stop_thread(SECOND, StopReason::Breakpoint);
    client.answer();
    // It was on its way; the emulator keeps it from running, and it says so later.
    guest.start_thread(PID + 0x20);
    while client.ask("Tp7fff0000.7fff0020") != "OK" {}
    let stops = guest.count(&Request::Stop);
    client.send("vCont;c:p7fff0000.-1");
    let orders = [PID, SECOND, THIRD, PID + 0x20].map(|tid| Resume {
        tid: Tid(tid),
        motion: Motion::Continue,
        signal: None,
    });
    guest.wait_until_asked(&Request::Resume(orders.to_vec()));
    // It was waited for before anybody went on.
    assert_eq!(guest.count(&Request::Stop), stops + 1);
    guest.stop_thread(PID + 0x20, StopReason::Step);
    assert_eq!(client.answer(), "T05thread:p7fff0000.7fff0020;");
    client.leave();
}

#[test]
fn one_that_stands_without_need_goes_on() {
    let (client, guest) = three();
    // Its birth crossed a stop that came to nothing.
    guest.start_thread(PID + 0x20);
    guest.stop_thread(PID + 0x20, StopReason::Requested);
    guest.wait_until_thread_runs(PID + 0x20);
    client.leave();
}

#[test]
fn one_that_exits_while_all_stop_is_not_waited_for() {
    let (mut client, guest) = three();
    guest.say_at_stop(vec![
        Event::Stopped(Tid(PID), StopReason::Requested, Vec::new()),
        Event::ThreadExited(Tid(THIRD), 0),
    ]);
    let start = std::time::Instant::now();
    guest.stop_thread(SECOND, StopReason::Breakpoint);
    assert_eq!(client.answer(), "T05swbreak:;thread:p7fff0000.7fff0010;");
    assert!(start.elapsed() < std::time::Duration::from_millis(900), "it was waited for");
    assert_eq!(client.ask("qfThreadInfo"), "mp7fff0000.7fff0000,p7fff0000.7fff0010");
    client.leave();
}

#[test]
fn gdb_hears_when_the_only_thread_that_it_let_go_is_gone() {
    let (mut client, guest) = three();
    guest.stop_thread(SECOND, StopReason::Breakpoint);
    client.answer();
    client.send("vCont;c:p7fff0000.7fff0010");
    guest.wait_until_thread_runs(SECOND);
    guest.exit_thread(SECOND);
    assert_eq!(client.answer(), "N");
    assert_eq!(client.ask("Hgp7fff0000.7fff0010"), "E03");
    // The leader may go before the others; the process ends with the last.
    client.send("vCont;c");
    guest.wait_until_it_runs();
    guest.exit_thread(PID);
    guest.exit_thread(THIRD);
    guest.exit(7);
    assert_eq!(client.answer(), "W07;process:7fff0000");
    client.leave();
}

#[test]
fn births_and_deaths_are_told_if_gdb_asks_for_it() {
    let (mut client, guest) = Client::start_following();
    assert_eq!(client.ask("QThreadEvents:1"), "OK");
    guest.wait_until_asked(&Request::ThreadEvents(true));
    client.send("vCont;c:p7fff0000.-1");
    guest.wait_until_it_runs();
    guest.start_thread(SECOND);
    guest.stop_thread(SECOND, StopReason::Created);
    assert_eq!(client.answer(), "T05create:;thread:p7fff0000.7fff0010;");
    assert!(!guest.runs(PID));
    client.send("vCont;c");
    guest.wait_until_thread_runs(SECOND);
    guest.exit_thread(SECOND);
    assert_eq!(client.answer(), "w5;p7fff0000.7fff0010");
    assert!(!guest.runs(PID));
    assert_eq!(client.ask("QThreadEvents:0"), "OK");
    client.send("vCont;c");
    guest.wait_until_it_runs();
    guest.start_thread(SECOND);
    guest.exit_thread(SECOND);
    guest.stop(StopReason::Breakpoint);
    assert_eq!(client.answer(), "T05swbreak:;thread:p7fff0000.7fff0000;");
    client.leave();
}

/// gdb steps one thread over a breakpoint, as gdb 14 and later do it, and wants to hear what threads that makes.
#[test]
fn a_thread_that_gdb_is_told_of_first_stands_until_it_is_let_go() {
    const NEW: i32 = PID + 0x20;
    let (mut client, guest) = three();
    guest.stop_thread(SECOND, StopReason::Breakpoint);
    client.answer();
    assert_eq!(client.ask("QThreadOptions;0;1:p7fff0000.7fff0010"), "OK");
    guest.wait_until_asked(&Request::HoldClones(vec![Tid(SECOND)]));
    client.send("vCont;s:p7fff0000.7fff0010");
    guest.wait_until_thread_runs(SECOND);
    guest.hold_clone(SECOND, NEW);
    assert_eq!(client.answer(), "T05clone:p7fff0000.7fff0020;thread:p7fff0000.7fff0010;");
    assert!(!guest.runs(NEW));
    // Nobody has let it go, also when all that was let go goes on.
    client.send("vCont;s:p7fff0000.7fff0010");
    guest.wait_until_thread_runs(SECOND);
    guest.stop_thread(SECOND, StopReason::Step);
    client.answer();
    assert!(!guest.runs(NEW));
    client.send("vCont;c:p7fff0000.-1");
    guest.wait_until_thread_runs(NEW);
    guest.stop_thread(NEW, StopReason::Breakpoint);
    assert_eq!(client.answer(), "T05swbreak:;thread:p7fff0000.7fff0020;");
    // It has no options by itself, and the others lose theirs.
    assert_eq!(client.ask("QThreadOptions;0"), "OK");
    guest.wait_until_asked(&Request::HoldClones(vec![]));
    client.leave();
}

#[test]
fn the_end_of_a_thread_is_told_if_its_options_say_so() {
    let (mut client, guest) = three();
    guest.stop_thread(PID, StopReason::Breakpoint);
    client.answer();
    assert_eq!(client.ask("QThreadOptions;2:p7fff0000.-1;0:p7fff0000.7fff0010"), "OK");
    client.send("vCont;c:p7fff0000.-1");
    guest.wait_until_thread_runs(THIRD);
    guest.exit_thread(SECOND);
    guest.exit_thread(THIRD);
    assert_eq!(client.answer(), "w5;p7fff0000.7fff0008");
    client.leave();
}

#[test]
fn options_that_make_no_sense_change_nothing() {
    let (mut client, guest) = three();
    guest.stop_thread(PID, StopReason::Breakpoint);
    client.answer();
    for packet in [
        "QThreadOptions",
        "QThreadOptions;",
        "QThreadOptions;4",
        "QThreadOptions;1:",
        "QThreadOptions;1:q",
        "QThreadOptions;x",
    ] {
        assert_eq!(client.ask(packet), "E16", "{packet}");
    }
    client.leave();
}

/// gdb need not ask for them.
#[test]
fn a_stop_reply_brings_the_registers_that_gdb_asks_for_first() {
    let (mut client, guest) = three();
    guest.stop_with_vitals(SECOND, StopReason::Breakpoint, vec![(2, vec![0x10, 0]), (32, vec![0xab])]);
    assert_eq!(client.answer(), "T05swbreak:;thread:p7fff0000.7fff0010;02:1000;20:ab;");
    assert_eq!(client.ask("?"), "T05swbreak:;thread:p7fff0000.7fff0010;02:1000;20:ab;");
    // What it has changed may be another value than was told.
    assert_eq!(client.ask("P20=ac"), "OK");
    assert_eq!(client.ask("?"), "T05swbreak:;thread:p7fff0000.7fff0010;");
    client.leave();
}

#[test]
fn a_client_that_knows_one_process_is_told_no_pids() {
    let (mut client, _guest) = Client::start_with("swbreak+");
    assert_eq!(client.ask("qfThreadInfo"), "m7fff0000");
    let list = client.ask("qXfer:threads:read::0,400");
    assert!(list.contains("id=\\\"7fff0000\\\"") || list.contains("id=\"7fff0000\""), "{list}");
    client.leave();
}

#[test]
fn a_server_can_do_without_packets_about_threads() {
    let without = Without::default().and("threads").unwrap();
    let (mut client, _guest) = Client::start_without(without);
    assert!(client.ask("qSupported:swbreak+").starts_with("PacketSize="));
    for packet in ["vCont?", "qC", "qfThreadInfo"] {
        assert_eq!(client.ask(packet), "", "{packet}");
    }
    assert_eq!(client.ask("?"), "T05");
    client.leave();
}

#[test]
fn a_server_can_do_without_t_replies() {
    let without = Without::default().and("T").unwrap();
    let (mut client, guest) = Client::start_without(without);
    client.send("vCont;c");
    guest.wait_until_it_runs();
    guest.stop_with_vitals(PID, StopReason::Signal(11), vec![(2, vec![0x10, 0])]);
    assert_eq!(client.answer(), "S0b");
    assert_eq!(client.ask("vCont?"), "vCont;c;C;s;S;t;r");
    client.leave();
}
