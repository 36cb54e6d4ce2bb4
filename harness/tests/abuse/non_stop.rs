//! Non-stop, where gdb and a thread say something to each other at the same time.

use std::io::Write;
use std::time::Duration;

use crate::attach::Free;
use crate::session::{Client, Session};

/// What the first thread that stands has to say.
fn told(client: &mut Client) -> String {
    loop {
        let stop = client.ask("?").unwrap();
        if stop != "OK" {
            assert_eq!(client.ask("vStopped").as_deref(), Some("OK"));
            return stop;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// What follows `words` in a stop reply, up to the next `;`.
fn field<'a>(stop: &'a str, words: &str) -> &'a str {
    let rest = stop.split_once(words).unwrap_or_else(|| panic!("no {words} in {stop}")).1;
    rest.split(';').next().unwrap_or_default()
}

#[test]
fn who_is_let_go_on_a_breakpoint_and_stopped_at_once_has_met_it() {
    let session = Session::start(&["fork-chain", "2"]);
    let mut client = session.connect();
    client.greet();
    assert_eq!(client.ask("QNonStop:1").as_deref(), Some("OK"));
    let stop = told(&mut client);
    let thread = field(&stop, "thread:").to_owned();
    assert_eq!(client.ask(&format!("Hg{thread}")).as_deref(), Some("OK"));
    // Register 32.
    let pc = u64::from_str_radix(&client.ask("p20").unwrap(), 16).unwrap().swap_bytes();
    assert_eq!(client.ask(&format!("Z0,{pc:x},2")).as_deref(), Some("OK"));
    for _ in 0..300 {
        let both = [format!("vCont;c:{thread}"), format!("vCont;t:{thread}")].map(|it| Client::frame(&it));
        client.stream.write_all(&both.concat()).unwrap();
        assert_eq!([client.reply(), client.reply()].map(Option::unwrap), ["OK", "OK"]);
        let stop = told(&mut client);
        assert!(stop.starts_with("T05swbreak:;"), "{stop}");
    }
    drop(client);
    assert_eq!(session.end("met"), 0);
}

#[test]
fn a_process_that_was_attached_to_before_gdb_comes_is_shown_by_one_thread_and_the_others_run() {
    let process = Free::start("thread-states");
    process.wait_for("status", |status| status.contains("Threads:\t2\n"));
    let session = Session::attach(process.pid());
    let mut client = session.connect();
    client.greet();
    assert_eq!(client.ask("QNonStop:1").as_deref(), Some("OK"));
    let stop = client.ask("?").unwrap();
    assert!(stop.starts_with("T05"), "{stop}");
    assert_eq!(field(&stop, "thread:"), format!("p{0:x}.{0:x}", process.pid().as_raw()));
    assert_eq!(client.ask("vStopped").as_deref(), Some("OK"));
    let threads = client.ask("qfThreadInfo").unwrap();
    let other = threads.trim_start_matches('m').split(',').nth(1).unwrap();
    assert_eq!(client.ask(&format!("vCont;t:{other}")).as_deref(), Some("OK"));
    let stops = loop {
        let first = client.ask("?").unwrap();
        let second = client.ask("vStopped").unwrap();
        if second != "OK" {
            break [first, second];
        }
    };
    assert!(stops.iter().any(|stop| stop.starts_with("T00") && field(stop, "thread:") == other), "{stops:?}");
    drop((client, process));
}
