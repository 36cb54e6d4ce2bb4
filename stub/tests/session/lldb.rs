//! What LLDB says and gdb does not.

use tine_stub::StopReason;
use tine_stub::control::Request;
use tine_stub::target::{Motion, Resume};
use tine_stub::{Pid, ThreadId, Tid};

use super::client::Client;
use super::guest::PID;
use super::hex;

/// The beginning of its sessions.
fn start() -> (Client, super::Guest) {
    let (mut client, guest) = Client::start_with("multiprocess+;fork-events+;vfork-events+;swbreak+");
    for packet in ["QThreadSuffixSupported", "QListThreadsInStopReply", "QEnableErrorStrings"] {
        assert_eq!(client.ask(packet), "OK");
    }
    (client, guest)
}

#[test]
fn it_is_told_about_machine_and_process() {
    let (mut client, _guest) = start();
    let host = client.ask("qHostInfo");
    let machine = format!("triple:{};ptrsize:2;endian:little;ostype:linux;", hex("pdp11"));
    assert!(host.starts_with(&machine), "{host}");
    assert!(host.ends_with(";os_version:6.1.0;watchpoint_exceptions_received:before;"), "{host}");
    // The played process does not exist: the host knows of no owner.
    assert_eq!(client.ask("qProcessInfo"), format!("pid:7fff0000;{machine}elf_abi:old;"));
    assert!(client.ask("qGDBServerVersion").starts_with("name:tine-stub;version:"));
    client.leave();
}

#[test]
fn register_packets_name_their_thread() {
    let (mut client, guest) = start();
    guest.start_thread(PID + 7);
    for (packet, answer) in [
        // What is in the target description it knows when it has read that.
        ("g;thread:p7fff0000.7fff0000;", "0102"),
        ("qXfer:features:read:target.xml:0,1", "m<"),
        ("g;thread:p7fff0000.7fff0000;", "0102ff"),
        ("p20;thread:7fff0000;", "20"),
        ("G0102ff;thread:7fff0000;", "OK"),
        ("P20=ff;thread:7fff0000;", "OK"),
        ("QSaveRegisterState;thread:7fff0000;", "1"),
        ("QSaveRegisterState;thread:7fff0000;", "2"),
        ("QRestoreRegisterState:1;thread:7fff0000;", "OK"),
    ] {
        assert_eq!(client.ask(packet), answer, "{packet}");
    }
    assert!(guest.was_asked(&Request::SetRegisters(Tid(PID), vec![1, 2, 0xff])));
    // Errors come with their text.
    let error = |number: &str, text: &str| format!("{number};{}", hex(text));
    assert_eq!(client.ask("QRestoreRegisterState:1;thread:7fff0000;"), error("E16", "invalid argument"));
    assert_eq!(client.ask("p20;thread:1;"), error("E03", "no such thread"));
    assert_eq!(client.ask("p20;thread:?;"), error("E16", "invalid argument"));
    client.leave();
}

#[test]
fn stops_list_the_threads_and_have_linux_numbers() {
    let (mut client, guest) = start();
    client.send("vCont;c");
    guest.wait_until_it_runs();
    guest.stop(StopReason::Signal(10));
    assert_eq!(client.answer(), "T0athread:p7fff0000.7fff0000;reason:signal;threads:p7fff0000.7fff0000;");
    assert_eq!(
        client.ask("jThreadsInfo"),
        r#"[{\"name\":\"a<b\",\"reason\":\"signal\",\"registers\":{\"32\":\"20\"},\"signal\":10,\"tid\":2147418112}]"#
    );
    // Registers that came with the stop are not asked for.
    let asked = |guest: &super::Guest| guest.count(&Request::VitalRegisters(Tid(PID)));
    let before = asked(&guest);
    client.send("vCont;c");
    guest.wait_until_it_runs();
    guest.stop_with_vitals(PID, StopReason::Signal(10), vec![(32, vec![0xab])]);
    client.answer();
    assert!(client.ask("jThreadsInfo").contains(r#"\"32\":\"ab\""#));
    assert_eq!(asked(&guest), before);
    // What has been written may be another value.
    assert_eq!(client.ask("P20=ff;thread:7fff0000;"), "OK");
    assert!(client.ask("jThreadsInfo").contains(r#"\"32\":\"20\""#));
    assert_eq!(asked(&guest), before + 1);
    client.send("vCont;C0a:p7fff0000.-1");
    guest.wait_until_it_runs();
    let order = Resume { tid: Tid(PID), motion: Motion::Continue, signal: Some(10) };
    assert!(guest.was_asked(&Request::Resume(vec![order])));
    guest.stop(StopReason::Forked(ThreadId::first(Pid(PID + 1))));
    assert!(client.answer().contains(";reason:fork;"));
    client.leave();
}
