//! Whole sessions with the debug server, over real sockets; gdb and the guest processes are played.
#![allow(clippy::unwrap_used, reason = "test")]

mod client;
mod exec;
mod guest;
mod launch;
mod lldb;
mod non_stop;
mod points;
mod threads;
mod vfork;

use client::Client;
use guest::{Guest, PID};

use std::sync::atomic::{AtomicBool, Ordering};

use tine_stub::control::{Event, Follow, Request};
use tine_stub::fork::Kind;
use tine_stub::frame::{Frame, encode};
use tine_stub::target::{Catch, Motion, Resume};
use tine_stub::{Pid, StopReason, Tid};

const CHILD: i32 = PID + 1;

/// A guest that has forked, and the child; gdb has been told.
fn forked() -> (Client, Guest, Guest) {
    let (mut client, parent) = Client::start_following();
    client.send("vCont;c:p7fff0000.-1");
    parent.wait_until_it_runs();
    let (token, socket) = parent.offer(Kind::Fork);
    let child = Guest::new(CHILD, socket);
    parent.forked(token, CHILD);
    child.hello();
    assert_eq!(client.answer(), "T05fork:p7fff0001.7fff0001;thread:p7fff0000.7fff0000;");
    (client, parent, child)
}

#[test]
fn a_child_in_a_namespace_of_its_own_has_the_number_that_it_has_here() {
    let (mut client, parent) = Client::start_following();
    client.send("vCont;c:p7fff0000.-1");
    parent.wait_until_it_runs();
    let (token, socket) = parent.offer_known(Kind::Fork, true);
    let child = Guest::new(CHILD, socket);
    parent.forked(token, CHILD);
    child.hello();
    let pid = std::process::id();
    assert_eq!(client.answer(), format!("T05fork:p{pid:x}.7fff0001;thread:p7fff0000.7fff0000;"));
    assert_eq!(client.ask(&format!("Hgp{pid:x}.7fff0001")), "OK");
    assert_eq!(client.ask(&format!("D;{pid:x}")), "OK");
    child.wait_until_free();
    client.leave();
}

#[test]
fn a_child_that_is_followed_was_started_as_its_parent_was() {
    let (mut client, _parent, _child) = forked();
    for pid in [PID, CHILD] {
        assert_eq!(client.ask(&format!("qAttached:{pid:x}")), "0");
    }
}

fn resumed(pid: i32) -> Request {
    Request::Resume(vec![Resume { tid: Tid(pid), motion: Motion::Continue, signal: None }])
}

#[test]
fn the_handshake_acknowledges_until_it_is_told_not_to() {
    let (mut client, _guest) = Client::start();
    client.send("QStartNoAckMode");
    assert_eq!(client.next(), Frame::Ack);
    assert_eq!(client.next(), Frame::Packet(b"OK".into()));
    client.raw(b"+");
    client.send("vMustReplyEmpty");
    assert_eq!(client.next(), Frame::Packet(b"".into()));
    client.leave();
}

#[test]
fn damaged_packets_are_asked_for_again_and_answers_repeated() {
    let (mut client, _guest) = Client::start();
    client.raw(b"$qC#00");
    assert_eq!(client.next(), Frame::Nack);
    client.raw(b"$qC#b4");
    assert_eq!(client.next(), Frame::Ack);
    let answer = client.next();
    client.raw(b"-");
    assert_eq!(client.next(), answer);
    client.leave();
}

#[test]
fn packets_may_be_cut_anywhere_and_garbage_between_them_is_nothing() {
    let (mut client, _guest) = Client::start_following();
    let packet = encode(b"m10,4");
    for at in 0..packet.len() {
        client.raw(b"\x00garbage\xff");
        client.raw(&packet[..at]);
        std::thread::sleep(std::time::Duration::from_millis(2));
        client.raw(&packet[at..]);
        assert_eq!(client.answer(), "10111213");
    }
    client.leave();
}

#[test]
fn each_packet_has_its_answer() {
    let (mut client, guest) = Client::start_following();
    for (packet, answer) in [
        ("?", "T05thread:p7fff0000.7fff0000;"),
        ("qC", "QCp7fff0000.7fff0000"),
        ("Hgp7fff0000.7fff0000", "OK"),
        ("Hgp0.0", "OK"),
        ("Hg-1", "OK"),
        ("Hgp1.1", "E03"),
        ("Hc-1", "OK"),
        ("Tp7fff0000.7fff0000", "OK"),
        ("Tp1.1", "E03"),
        ("qAttached:7fff0000", "0"),
        ("qfThreadInfo", "mp7fff0000.7fff0000"),
        ("qsThreadInfo", "l"),
        ("qThreadExtraInfo,p7fff0000.7fff0000", "613c62"),
        ("g", "0102"),
        ("p20", "20"),
        ("p21", "E16"),
        ("G0102ff", "OK"),
        ("P20=ff", "OK"),
        ("P20", "E16"),
        ("m10,4", "10111213"),
        ("m,", "E16"),
        ("x10,2", "b\\x10\\x11"),
        ("M10,2:abcd", "OK"),
        ("M10,3:abcd", "E16"),
        ("X10,0:", "OK"),
        ("X10,2:ab", "OK"),
        ("Z0,10,2", "OK"),
        ("z0,10,2", "OK"),
        ("Z1,10,4", "OK"),
        ("Z1,10", "E16"),
        ("Z2,10,4", "OK"),
        ("z2,10,4", "OK"),
        ("Z3,11,3", "OK"),
        ("Z4,10,1000", "OK"),
        ("Z2,10,0", "E16"),
        ("Z2,ffffffffffffffff,2", "E16"),
        ("Z5,10,2", ""),
        ("Z0,10,2;X3,220127", "OK"),
        ("Z0,10,2;X3,2201", "E16"),
        ("Z0,20,2;X3,220127;cmds:0,X1,27", "OK"),
        ("qSearch:memory:100;10;abc", "1,108"),
        ("qSearch:memory:100;10;", "E16"),
        ("qSearch:memory:0;10;abc", "0"),
        ("qCRC:10,100", "C12345678"),
        ("qCRC:10", "E16"),
        ("vCont?", "vCont;c;C;s;S;t;r"),
        ("vCont;x", "E16"),
        ("vCont", "E16"),
        ("vContinue", ""),
        ("qXfer:auxv:read::0,100", "l}$#*"),
        ("qXfer:auxv:read::1,2", "m$#"),
        ("qXfer:auxv:read::9,2", "l"),
        (
            "qXfer:libraries-svr4:read::0,200",
            concat!(
                r#"l<library-list-svr4 version=\"1.0\" main-lm=\"0x8\">\n<library name=\"/lib/a&amp;b.so\" lm=\"0x10\""#,
                r#" l_addr=\"0x2000\" l_ld=\"0x3000\" lmid=\"0x20\"/>\n</library-list-svr4>\n"#
            ),
        ),
        (
            "qXfer:libraries-svr4:read:start=50;prev=40;other=x;:0,200",
            concat!(
                r#"l<library-list-svr4 version=\"1.0\">\n<library name=\"/lib/a&amp;b.so\" lm=\"0x50\""#,
                r#" l_addr=\"0x2000\" l_ld=\"0x3000\" lmid=\"0x20\"/>\n</library-list-svr4>\n"#
            ),
        ),
        ("qXfer:libraries-svr4:read:start=x;:0,200", "E16"),
        ("qXfer:osdata:read:nonsense:0,100", "l"),
        ("qXfer:osdata:read::0,15", "m<osdata type=\\\"types\\\">"),
        ("qMemoryRegionInfo:1234", "start:1000;size:1000;permissions:rx;name:612e6f7574;"),
        ("qMemoryRegionInfo", "OK"),
        ("qMemoryRegionInfo:x", "E16"),
        ("_M1000,rw", "8000"),
        ("_M0,rw", "E16"),
        ("_M10,z", "E16"),
        ("_m8000", "OK"),
        ("_m", "E16"),
        ("qXfer:exec-file:read:7fff0000:0,100", "l/proc/1/fd/9"),
        // What /proc/2147418112/exe says.
        ("vFile:readlink:2f70726f632f323134373431383131322f657865", "F14;/bin/guest (deleted)"),
        (
            "qXfer:threads:read::0,100",
            "l<threads>\\n<thread id=\\\"p7fff0000.7fff0000\\\" name=\\\"a&lt;b\\\"/>\\n</threads>\\n",
        ),
        ("qXfer:features:read:other.xml:0,100", "E16"),
        ("qXfer:libraries:read::0,100", ""),
        ("QCatchSyscalls:1;dc;1b3", "OK"),
        ("QCatchSyscalls:2", "E16"),
        ("QPassSignals:e;14", "OK"),
        ("QProgramSignals:0;1", "OK"),
        ("QThreadEvents:1", "OK"),
        ("QThreadEvents:0", "OK"),
        ("QThreadEvents:2", "E16"),
        ("vFile:setfs:0", "F0"),
        ("vFile:open:2f70726f632f73656c662f6d617073,0,0", "F1"),
        ("vFile:pread:1,3,0", "F3;the"),
        ("vFile:pread:1,100,4", "F3;map"),
        ("vFile:close:1", "F0"),
        ("vFile:close:1", "F-1,9"),
        ("vFile:open:2f6e6f6e65,0,0", "F-1,2"),
        ("qRcmd,6e6f6e65", &hex("no such command: none ('monitor help' lists them)\n")),
        ("qRcmd,64616e6365", &hex("danced")),
        (&format!("qRcmd,{}", hex("dance x")), &hex("usage: monitor dance [STEP]\n")),
        (&format!("qRcmd,{}", hex("help dance")), &hex("dance [STEP]  dances\n")),
        (
            &format!("qRcmd,{}", hex("tree")),
            &hex("process 2147418112\n  thread 2147418112 a<b: stopped, last told: Signal(5)\n"),
        ),
        (&format!("qRcmd,{}", hex("tree x")), &hex("usage: monitor tree\n")),
        ("qOffsets", ""),
        ("qSymbol::", "OK"),
        ("qCx", ""),
        ("", ""),
        ("\u{3}", ""),
    ] {
        let found = client.ask(packet);
        assert_eq!(found, answer, "{packet}");
    }
    assert!(guest.was_asked(&Request::CatchSyscalls(Catch::Only(vec![220, 435]))));
    assert!(guest.was_asked(&Request::PassSignals(vec![14, 17])));
    client.leave();
    guest.wait_until_free();
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn long_answers_come_in_pieces() {
    let (mut client, _guest) = Client::start_following();
    let mut text = String::new();
    loop {
        let piece = client.ask(&format!("qXfer:features:read:target.xml:{:x},ffff", text.len()));
        assert!(piece.len() < tine_stub::packet::SIZE);
        text.push_str(&piece[1..]);
        if piece.starts_with('l') {
            break;
        }
    }
    assert_eq!(text, "<target/>".repeat(10_000));
    client.leave();
}

#[test]
fn stops_and_ends_are_told() {
    let (mut client, guest) = Client::start_following();
    for (reason, reply) in [
        (StopReason::Breakpoint, "T05swbreak:;thread:p7fff0000.7fff0000;"),
        (StopReason::Signal(11), "T0bthread:p7fff0000.7fff0000;"),
        (StopReason::SyscallEntry(220), "T05syscall_entry:dc;thread:p7fff0000.7fff0000;"),
    ] {
        client.send("vCont;c");
        guest.stop(reason);
        assert_eq!(client.answer(), reply);
    }
    client.send("vCont;C0b:p7fff0000.-1");
    guest.wait_until_it_runs();
    let signal = Some(11);
    let order = Resume { tid: Tid(PID), motion: Motion::Continue, signal };
    assert!(guest.was_asked(&Request::Resume(vec![order])));
    guest.exit(42);
    assert_eq!(client.answer(), "W2a;process:7fff0000");
    client.leave();
}

#[test]
fn a_killed_process_is_told() {
    let (mut client, guest) = Client::start_following();
    client.send("vCont;c");
    guest.wait_until_it_runs();
    guest.die();
    assert_eq!(client.answer(), "X09;process:7fff0000");
    assert_eq!(client.ask("vCont;c"), "N");
    assert_eq!(client.ask("?"), "W00");
    client.leave();
}

#[test]
fn interrupts_stop_at_once() {
    let (mut client, guest) = Client::start_following();
    client.send("vCont;c");
    guest.wait_until_it_runs();
    client.raw(b"\x03");
    assert_eq!(client.answer(), "T02thread:p7fff0000.7fff0000;");
    // One that crosses another stop is kept: gdb may go on from that stop without asking its user.
    client.raw(b"\x03");
    assert_eq!(client.ask("qC"), "QCp7fff0000.7fff0000");
    assert_eq!(client.ask("vCont;c"), "T02thread:p7fff0000.7fff0000;");
    client.leave();
}

#[test]
fn the_child_is_followed() {
    let (mut client, parent, child) = forked();
    for packet in ["Hgp7fff0001.7fff0001", "z0,10,2", "Hgp7fff0000.7fff0000", "z0,10,2", "D;7fff0000"] {
        assert_eq!(client.ask(packet), "OK");
    }
    parent.wait_until_free();
    assert!(parent.was_asked(&Request::Detach) && !child.is_free());
    assert_eq!(client.ask("Hgp7fff0001.7fff0001"), "OK");
    client.send("vCont;c:p7fff0001.-1");
    child.wait_until_it_runs();
    child.exit(42);
    assert_eq!(client.answer(), "W2a;process:7fff0001");
    client.leave();
}

#[test]
fn the_parent_is_followed() {
    let (mut client, parent, child) = forked();
    assert_eq!(client.ask("D;7fff0001"), "OK");
    child.wait_until_free();
    client.send("vCont;c:p7fff0000.-1");
    parent.wait_until_it_runs();
    parent.exit(0);
    assert_eq!(client.answer(), "W00;process:7fff0000");
    client.leave();
}

#[test]
fn both_are_kept_and_only_those_named_run() {
    let (mut client, parent, child) = forked();
    assert_eq!(client.ask("qfThreadInfo"), "mp7fff0000.7fff0000,p7fff0001.7fff0001");
    client.send("vCont;c:p7fff0000.-1");
    parent.stop(StopReason::Breakpoint);
    assert_eq!(client.answer(), "T05swbreak:;thread:p7fff0000.7fff0000;");
    assert!(!child.was_asked(&resumed(CHILD)));
    // All of them, and one stop stops the other.
    client.send("vCont;c");
    parent.wait_until_it_runs();
    child.stop(StopReason::Breakpoint);
    assert_eq!(client.answer(), "T05swbreak:;thread:p7fff0001.7fff0001;");
    assert!(parent.was_asked(&Request::Stop));
    client.leave();
    parent.wait_until_free();
    child.wait_until_free();
}

#[test]
fn a_failed_fork_is_not_heard_of() {
    let (mut client, parent) = Client::start_following();
    client.send("vCont;c");
    parent.wait_until_it_runs();
    let (token, socket) = parent.offer(Kind::Fork);
    parent.fork_failed(token);
    drop(socket);
    parent.stop(StopReason::Breakpoint);
    assert_eq!(client.answer(), "T05swbreak:;thread:p7fff0000.7fff0000;");
    client.leave();
}

#[test]
fn forks_are_asked_for_only_by_a_gdb_that_knows_them() {
    let (mut client, guest) = Client::start();
    client.ask("qSupported:multiprocess+;swbreak+");
    client.ask("g");
    assert!(guest.was_asked(&Request::Follow(Follow::default())));
    client.leave();
    let (mut client, guest) = Client::start_with("multiprocess+;fork-events+");
    client.ask("g");
    assert!(guest.was_asked(&Request::Follow(Follow { forks: true, vforks: false })));
    client.leave();
}

/// What dies, and when. The dialogue goes on as if nothing had happened; whatever comes, nobody may hang.
#[test]
fn either_side_may_die_at_any_moment_of_a_fork() {
    for moment in 0..6 {
        for victim in ["parent", "child", "gdb"] {
            let (mut client, parent) = Client::start_following();
            client.send("vCont;c:p7fff0000.-1");
            parent.wait_until_it_runs();
            let (token, socket) = parent.offer(Kind::Fork);
            let child = Guest::new(CHILD, socket);
            let mut told = String::new();
            for step in 0..6 {
                if step == moment {
                    match victim {
                        "parent" => parent.die(),
                        "child" => child.die(),
                        _ => break,
                    }
                }
                match step {
                    0 => parent.forked(token, CHILD),
                    1 => child.hello(),
                    2 => {
                        // If the child was lost before gdb was told, the parent goes on as if it had had none.
                        let answered = AtomicBool::new(false);
                        std::thread::scope(|scope| {
                            scope.spawn(|| {
                                while !answered.load(Ordering::Relaxed)
                                    && !parent.stop_if_it_runs(StopReason::Step)
                                {
                                    std::thread::sleep(std::time::Duration::from_millis(1));
                                }
                            });
                            told = client.answer();
                            answered.store(true, Ordering::Relaxed);
                        });
                    }
                    3 => drop(client.ask("Hgp7fff0001.7fff0001")),
                    4 => drop(client.ask("D;7fff0000")),
                    _ => {
                        client.send("vCont;c:p7fff0001.-1");
                        if told.starts_with("T05fork") && !child.is_free() {
                            child.exit(1);
                        }
                        // Whatever it is.
                        drop(client.answer());
                    }
                }
                // In between it may or may not have been told in time.
                assert!(step != 2 || moment == 2 || told.starts_with("T05fork") == (moment > 2), "{told}");
            }
            client.leave();
            parent.wait_until_free();
            child.wait_until_free();
        }
    }
}

#[test]
fn a_command_of_monitors_may_take_its_time() {
    let (mut client, _guest) = Client::start_following();
    assert_eq!(client.ask(&format!("qRcmd,{}", hex("dream"))), hex("dreamt"));
    client.leave();
}

#[test]
fn a_process_that_does_not_answer_does_not_hang_gdb() {
    use tine_stub::control;
    use tine_stub::server::{self, Listener, Place, Setup};
    use tine_stub::target::Thread;

    let path = std::env::temp_dir().join(format!("tine-silent-{}", std::process::id()));
    let listener = Listener::bind(&Place::Unix(path.clone())).unwrap();
    let (ours, theirs) = control::pair().unwrap();
    let control = control::Control::new(ours);
    let threads = vec![Thread { tid: Tid(PID), name: String::new() }];
    let hello = control::Event::Hello { pid: Pid(PID), threads, stopped: true, memory: None };
    control.send(&control::ToServer::Event(hello)).unwrap();
    let server = std::thread::spawn(move || {
        let first = Some(theirs);
        server::Server::new(Setup { first, once: true, ..Setup::new(listener) }).run()
    });
    let mut stream = std::os::unix::net::UnixStream::connect(path).unwrap();
    use std::io::{Read, Write};
    stream.write_all(b"$g#67").unwrap();
    let mut answer = [0; 8];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"+$E05#aa");
    // It is not waited for a second time.
    stream.write_all(b"$D#44").unwrap();
    stream.read_exact(&mut answer[..7]).unwrap();
    assert_eq!(&answer[..7], b"+$OK#9a");
    drop(stream);
    server.join().unwrap();
}

#[test]
fn a_gdb_that_says_much_at_once_and_the_process_do_not_wait_for_each_other() {
    const TIMES: usize = 3000;
    let (mut client, guest) = Client::start_following();
    // Each has the server tell the process something, for which it awaits no answer. The answers fill the connection long before gdb has
    // been silent once.
    client.raw(&encode(b"qSupported:multiprocess+;fork-events+").repeat(TIMES));
    (0..TIMES).for_each(|_| assert!(client.answer().starts_with("PacketSize=")));
    assert_eq!(client.ask("?"), format!("T05thread:p{PID:x}.{PID:x};"));
    let follows = Request::Follow(Follow { forks: true, ..Follow::default() });
    guest.wait_until_asked_often(&follows, TIMES);
    client.leave();
}

#[test]
fn a_dead_process_whose_end_gdb_has_not_heard_of_shows_registers() {
    let (mut client, parent, child) = forked();
    assert_eq!(client.ask("g"), "0102");
    client.send("vCont;c");
    parent.wait_until_it_runs();
    child.exit(1);
    assert_eq!(client.answer(), "W01;process:7fff0001");
    parent.die();
    // Without them gdb would not let it go on, and never hear of its end.
    for (packet, answer) in
        [("Hgp7fff0000.7fff0000", "OK"), ("g", "0000"), ("G0102", "OK"), ("QPassSignals:e", "OK")]
    {
        assert_eq!(client.ask(packet), answer, "{packet}");
    }
    assert_eq!(client.ask("vCont;c"), "X09;process:7fff0000");
    client.leave();
}

#[test]
fn an_interrupt_is_told_however_soon_the_next_stop_comes() {
    let (mut client, guest) = Client::start_following();
    client.send("vCont;c");
    guest.stop(StopReason::Breakpoint);
    assert_eq!(client.answer(), "T05swbreak:;thread:p7fff0000.7fff0000;");
    client.raw(b"\x03");
    assert_eq!(client.ask("qC"), "QCp7fff0000.7fff0000");
    // It would meet its breakpoint again.
    guest.say_at_stop(vec![Event::Stopped(Tid(PID), StopReason::Breakpoint, Vec::new())]);
    assert_eq!(client.ask("vCont;c"), "T02thread:p7fff0000.7fff0000;");
    client.leave();
}

#[test]
fn a_fifo_is_not_waited_for() {
    let path = std::env::temp_dir().join(format!("tine-fifo-{}", std::process::id()));
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    let (mut client, _guest) = Client::start_following();
    let name = hex(path.to_str().unwrap());
    assert_eq!(client.ask(&format!("vFile:open:{name},0,0")), "F1");
    assert_eq!(client.ask("vFile:close:1"), "F0");
    assert!(client.ask(&format!("vFile:open:{name},1,0")).starts_with("F-1,"));
    std::fs::remove_file(path).unwrap();
    client.leave();
}
