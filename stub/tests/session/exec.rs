//! Processes that execute other programs.

use tine_stub::control::{Event, Follow, Request};
use tine_stub::target::{Catch, Motion, Resume};
use tine_stub::{StopReason, Tid};

use super::client::Client;
use super::guest::{Guest, PID, thread};
use super::{hex, resumed};

const SECOND: i32 = PID + 0x10;
const EXEC: &str = "T05exec:2f62696e2f6e6577;thread:p7fff0000.7fff0000;";

/// A guest with two threads, which run.
fn two() -> (Client, Guest) {
    let (mut client, guest) = Client::start_following();
    client.send("vCont;c:p7fff0000.-1");
    guest.wait_until_it_runs();
    guest.start_thread(SECOND);
    (client, guest)
}

#[test]
fn the_new_program_has_one_thread_and_what_gdb_has_set() {
    let (mut client, guest) = Client::start_following();
    client.ask("QCatchSyscalls:1;dd");
    client.ask("QPassSignals:e");
    client.send("vCont;c:p7fff0000.-1");
    guest.wait_until_it_runs();
    guest.start_thread(SECOND);
    guest.exec("/bin/new");
    assert_eq!(client.answer(), EXEC);
    assert_eq!(client.ask("qfThreadInfo"), "mp7fff0000.7fff0000");
    assert_eq!(client.ask("qC"), "QCp7fff0000.7fff0000");
    let asked = |request: Request| {
        let times = guest.count(&request);
        assert_eq!(times, 2, "{request:?}");
    };
    asked(Request::Follow(Follow { forks: true, vforks: true }));
    asked(Request::CatchSyscalls(Catch::Only(vec![0xdd])));
    asked(Request::PassSignals(vec![14]));
    client.send("vCont;c");
    guest.wait_until_it_runs();
    guest.exit(3);
    assert_eq!(client.answer(), "W03;process:7fff0000");
    client.leave();
}

#[test]
fn stops_of_the_old_program_are_forgotten() {
    let (mut client, guest) = two();
    guest.start_thread(SECOND + 1);
    guest.stop(StopReason::Breakpoint);
    assert_eq!(client.answer(), "T05swbreak:;thread:p7fff0000.7fff0000;");
    client.send("vCont;c");
    guest.wait_until_thread_runs(SECOND);
    // Two have something to tell, and then a third is faster than both.
    guest.say_at_stop(vec![
        Event::Stopped(Tid(SECOND + 1), StopReason::Signal(11), Vec::new()),
        Event::Execed { threads: vec![thread(PID)], path: "/bin/new".into(), memory: None },
    ]);
    guest.stop_thread(SECOND, StopReason::Signal(10));
    assert_eq!(client.answer(), EXEC);
    client.send("vCont;c");
    guest.wait_until_it_runs();
    guest.stop(StopReason::Breakpoint);
    assert_eq!(client.answer(), "T05swbreak:;thread:p7fff0000.7fff0000;");
    client.leave();
}

#[test]
fn a_program_that_is_executed_while_all_stop_is_told_next() {
    let (mut client, guest) = two();
    guest.say_at_stop(vec![Event::Execed {
        threads: vec![thread(PID)],
        path: "/bin/new".into(),
        memory: None,
    }]);
    client.raw(b"\x03");
    // The interrupt has found something better to say, and is kept.
    assert_eq!(client.answer(), EXEC);
    assert_eq!(client.ask("vCont;c"), "T02thread:p7fff0000.7fff0000;");
    client.leave();
}

#[test]
fn memory_and_libraries_of_the_old_program_are_not_kept() {
    let (mut client, guest) = two();
    guest.stop(StopReason::Breakpoint);
    client.answer();
    client.ask("m10,4");
    let reads = guest.count(&Request::ReadMemory { addr: 0, len: 4096 });
    client.ask("m20,4");
    assert_eq!(guest.count(&Request::ReadMemory { addr: 0, len: 4096 }), reads);
    client.ask("qXfer:auxv:read::0,2");
    guest.exec("/bin/new");
    while !guest.was_asked(&Request::ThreadEvents(false)) {
        client.ask("qC");
    }
    client.ask("m10,4");
    assert_eq!(guest.count(&Request::ReadMemory { addr: 0, len: 4096 }), reads + 1);
    client.ask("qXfer:auxv:read::2,2");
    assert_eq!(guest.count(&Request::Auxv), 2);
    client.leave();
}

#[test]
fn a_gdb_that_does_not_know_exec_sees_a_process_that_runs_on() {
    let (mut client, guest) = Client::start_with("multiprocess+;swbreak+");
    client.send("vCont;c:p7fff0000.-1");
    guest.wait_until_it_runs();
    guest.exec("/bin/new");
    guest.wait_until_it_runs();
    assert_eq!(guest.count(&resumed(PID)), 2);
    // A step ends in the new program.
    guest.stop(StopReason::Breakpoint);
    client.answer();
    client.send("vCont;s:p7fff0000.7fff0000");
    guest.wait_until_it_runs();
    guest.exec("/bin/newer");
    guest.wait_until_it_runs();
    let step = Resume { tid: Tid(PID), motion: Motion::Step, signal: None };
    assert_eq!(guest.count(&Request::Resume(vec![step])), 2);
    client.leave();
}

#[test]
fn a_program_of_the_host_is_the_end() {
    let (mut client, guest) = two();
    guest.leave("/bin/ls");
    guest.die();
    let text = format!(
        "Process {PID} is executing /bin/ls, a program of the host: it runs on without the debugger.\n"
    );
    assert_eq!(client.answer(), format!("O{}", hex(&text)));
    assert_eq!(client.answer(), "W00;process:7fff0000");
    client.leave();
    // If it could not be executed, nothing was.
    let (mut client, guest) = two();
    guest.leave("/bin/ls");
    guest.stay();
    guest.die();
    assert_eq!(client.answer(), "X09;process:7fff0000");
    client.leave();
}

#[test]
fn gdb_may_be_gone_when_the_new_program_arrives() {
    let (client, guest) = two();
    client.leave();
    // What the new program's agent reads is the end.
    guest.wait_until_free();
    guest.exec("/bin/new");
}
