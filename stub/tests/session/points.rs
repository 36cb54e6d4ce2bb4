//! Breakpoints with rules, watchpoints, and what they print.

use tine_stub::StopReason;
use tine_stub::control::Request;
use tine_stub::rule::RuleText;
use tine_stub::target::{Watch, Watchpoint};

use super::client::Client;
use super::forked;

#[test]
fn conditions_and_commands_arrive_as_bytecode() {
    let (mut client, guest) = Client::start_following();
    assert_eq!(client.ask("Z1,105e4,2;X3,220127X1,27;cmds:0,X2,2227"), "OK");
    let rule =
        RuleText { conditions: vec![vec![0x22, 1, 0x27], vec![0x27]], commands: vec![vec![0x22, 0x27]] };
    client.ask("g");
    assert!(guest.was_asked(&Request::InsertBreakpoint { addr: 0x105e4, hardware: true, rule }));
    assert_eq!(client.ask("z1,105e4,2"), "OK");
    client.ask("g");
    assert!(guest.was_asked(&Request::RemoveBreakpoint { addr: 0x105e4, hardware: true }));
    assert_eq!(client.ask("Z1,105e4,2;X3,99"), "E16", "that is no bytecode");
    client.leave();
}

#[test]
fn what_is_changed_while_all_stand_goes_along_with_what_is_asked_next() {
    let (mut client, guest) = Client::start_following();
    let insert = |hardware| Request::InsertBreakpoint { addr: 0x10, hardware, rule: RuleText::default() };
    let remove = |hardware| Request::RemoveBreakpoint { addr: 0x10, hardware };
    for packet in ["Z0,10,2", "Z1,10,2", "z0,10,2", "QPassSignals:e", "Z0,10,2", "QPassSignals:10"] {
        assert_eq!(client.ask(packet), "OK");
    }
    assert_eq!([insert(false), insert(true)].map(|request| guest.count(&request)), [0, 0]);
    client.send("vCont;c:p7fff0000.-1");
    guest.wait_until_it_runs();
    // The last word on each, and no more.
    assert_eq!([insert(false), insert(true)].map(|request| guest.count(&request)), [1, 1]);
    assert_eq!([remove(false), remove(true)].map(|request| guest.count(&request)), [0, 0]);
    assert!(
        guest.was_asked(&Request::PassSignals(vec![23])) && !guest.was_asked(&Request::PassSignals(vec![14]))
    );
    client.leave();
}

#[test]
fn what_was_changed_in_one_process_is_done_before_another_goes_on() {
    let remove = Request::RemoveBreakpoint { addr: 0x10, hardware: false };
    let (mut client, _parent, child) = forked();
    client.ask("Hgp7fff0001.7fff0001");
    assert_eq!(client.ask("z0,10,2"), "OK");
    assert!(!child.was_asked(&remove));
    client.send("vCont;c:p7fff0000.-1");
    child.wait_until_asked(&remove);
    client.leave();

    let (mut client, parent, _child) = forked();
    assert_eq!(client.ask("z0,10,2"), "OK");
    assert_eq!(client.ask("D;7fff0001"), "OK");
    assert!(parent.was_asked(&remove));
    client.leave();
}

#[test]
fn where_threads_run_each_change_is_made_at_once() {
    let insert = |addr| Request::InsertBreakpoint { addr, hardware: true, rule: RuleText::default() };
    let (mut client, guest) = Client::start_following();
    assert_eq!(client.ask("Z1,20,2"), "OK");
    assert!(!guest.was_asked(&insert(0x20)));
    assert_eq!(client.ask("QNonStop:1"), "OK");
    assert!(guest.was_asked(&insert(0x20)));
    assert_eq!(client.ask("Z1,10,2"), "OK");
    assert!(guest.was_asked(&insert(0x10)));
    client.leave();
}

#[test]
fn a_watched_access_is_told_with_its_address() {
    let (mut client, guest) = Client::start_following();
    assert_eq!(client.ask("Z4,4c8011,7"), "OK");
    let watchpoint = Watchpoint { kind: Watch::Access, addr: 0x4c8011, len: 7 };
    assert!(guest.was_asked(&Request::InsertWatchpoint(watchpoint)));
    client.send("vCont;c:p7fff0000.-1");
    guest.stop(StopReason::Watch { kind: Watch::Access, addr: 0x4c8012, is_over: false });
    assert_eq!(client.answer(), "T05awatch:4c8012;thread:p7fff0000.7fff0000;");
    assert_eq!(client.ask("z4,4c8011,7"), "OK");
    assert!(guest.was_asked(&Request::RemoveWatchpoint(watchpoint)));
    client.leave();
}

#[test]
fn what_commands_print_comes_before_the_stop() {
    let (mut client, guest) = Client::start_following();
    client.send("vCont;c:p7fff0000.-1");
    guest.wait_until_it_runs();
    guest.print("one\n");
    assert_eq!(client.answer(), "O6f6e650a");
    guest.print("two\n");
    guest.stop(StopReason::Breakpoint);
    assert_eq!(client.answer(), "O74776f0a");
    assert_eq!(client.answer(), "T05swbreak:;thread:p7fff0000.7fff0000;");
    client.leave();
}

#[test]
fn the_newest_variable_is_listed_first() {
    let (mut client, _guest) = Client::start_following();
    for variable in ["1:0:1:74", "2:2d:0:61", "3:0:0:62"] {
        assert_eq!(client.ask(&format!("QTDV:{variable}")), "OK");
    }
    assert_eq!(client.ask("qTfV"), "3:0:0:62");
    assert_eq!(client.ask("qTsV"), "2:2d:0:61");
    assert_eq!(client.ask("qTsV"), "1:0:1:74");
    assert_eq!(client.ask("qTsV"), "l");
    client.leave();
}
