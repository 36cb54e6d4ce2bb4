//! Many forks: one after the other in one connection, side by side, and faster than anybody answers.

use std::fs;

use crate::session::{Client, Session, forked, pid_after};

/// How many forks a chain has: `TINE_FORKS`, else few enough for every day.
fn count() -> usize {
    std::env::var("TINE_FORKS").ok().and_then(|count| count.parse().ok()).unwrap_or(1000)
}

/// What one process uses.
#[derive(Debug)]
struct Use {
    /// Resident memory that is no file's, in KiB.
    memory: u64,
    /// Memory that it may write to, resident or not, in KiB.
    data: u64,
    /// How many mappings it has.
    mappings: usize,
    descriptors: usize,
    threads: usize,
}

impl Use {
    fn of(pid: i32) -> Use {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
        let size = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.split_whitespace().next().unwrap().parse().unwrap()
        };
        let count = |name: &str| fs::read_dir(format!("/proc/{pid}/{name}")).unwrap().count();
        Use {
            memory: size("RssAnon:"),
            data: size("VmData:"),
            mappings: fs::read_to_string(format!("/proc/{pid}/maps")).unwrap().lines().count(),
            descriptors: count("fd"),
            threads: count("task"),
        }
    }

    /// Fails if this is more than there was before so many forks.
    fn check(&self, before: &Use, forks: usize) {
        assert_eq!(self.descriptors, before.descriptors, "{before:?}, {self:?}");
        assert_eq!(self.threads, before.threads, "{before:?}, {self:?}");
        // Some pages for the allocator's taste, and 16 bytes for each fork, which is less than the allocator gives out: whatever a fork leaves
        // behind shows if there are enough of them, and with a thousand an eighth of a KiB does.
        let slack = 96 + (forks / 64) as u64;
        assert!(self.mappings <= before.mappings + 4, "{before:?}, {self:?}");
        assert!(self.memory <= before.memory + slack, "{before:?}, {self:?}");
        assert!(self.data <= before.data + slack + STACK, "{before:?}, {self:?}");
    }
}

/// That of an agent's thread, in KiB, with room beside it: the allocator may have given it back, or not.
const STACK: u64 = 260;

/// Follows one side of each of many forks to the end.
fn follow(side: &str) {
    let count = count();
    let session = Session::start(&["fork-relay", &count.to_string(), side]);
    let mut client = session.connect();
    client.greet();
    assert_eq!(client.ask("QPassSignals:11;14").as_deref(), Some("OK"));
    client.ask("?").unwrap();
    let server = session.server().unwrap();
    let (mut before, mut last, mut processes) = (None, 0, 0);
    let settled = count / 10;
    for number in 0..count {
        let (child, parent) = forked(&client.ask("vCont;c").unwrap());
        let (guest, other) = if side == "child" { (child, parent) } else { (parent, child) };
        assert_eq!(client.ask(&format!("D;{other:x}")).as_deref(), Some("OK"), "fork {number}");
        last = guest;
        // By now whatever is made once has been made.
        if number == settled {
            before = Some([server, guest].map(Use::of));
            processes = session.processes().len();
        }
    }
    let (before, after) = (before.unwrap(), [server, last].map(Use::of));
    if std::env::var_os("TINE_FORKS").is_some() {
        eprintln!("{count} forks, {side} followed: server and guest {before:?}, and at the end {after:?}");
    }
    for (after, before) in after.iter().zip(&before) {
        after.check(before, count - settled);
    }
    // The one that was let go last may still be on its way out.
    assert!(session.processes().len() <= processes + 1);
    assert!(client.ask("vCont;c").unwrap().starts_with("W2a"));
    drop(client);
    session.end("many forks");
}

#[test]
fn the_children_of_many_forks_leave_nothing_behind() {
    follow("child");
}

#[test]
fn the_parents_of_many_forks_leave_nothing_behind() {
    follow("parent");
}

/// What a client that never lets anybody go on alone does about a stop reply of a guest that forks; true when there is nobody left.
fn is_over(client: &mut Client, reply: &str, detach: bool, alive: &mut Vec<i32>) -> bool {
    match &reply[..1] {
        "T" if reply.contains("fork:") => {
            let (child, parent) = forked(reply);
            if !alive.contains(&parent) {
                alive.push(parent);
            }
            if detach {
                assert_eq!(client.ask(&format!("D;{child:x}")).as_deref(), Some("OK"));
            } else {
                alive.push(child);
            }
        }
        "T" => {}
        "W" => {
            let ended = pid_after(reply, "process:");
            alive.retain(|pid| Some(*pid) != ended);
        }
        _ => panic!("{reply}"),
    }
    alive.is_empty()
}

/// Four threads fork at once while nobody answers in time.
fn storm(detach: bool) {
    let session = Session::start(&["fork-storm", "25"]);
    let mut client = session.connect();
    client.greet();
    assert_eq!(client.ask("QPassSignals:11;14").as_deref(), Some("OK"));
    client.ask("?").unwrap();
    let (mut alive, mut forks) = (Vec::new(), 0);
    loop {
        let reply = client.ask("vCont;c").unwrap();
        forks += usize::from(reply.contains("fork:"));
        if is_over(&mut client, &reply, detach, &mut alive) {
            break;
        }
    }
    assert_eq!(forks, 100);
    drop(client);
    assert_eq!(session.end("a storm of forks"), 42);
}

#[test]
fn a_guest_may_fork_faster_than_it_is_answered() {
    storm(true);
}

#[test]
fn a_guest_may_fork_faster_than_it_is_answered_with_all_followed() {
    storm(false);
}

#[test]
fn fifty_processes_are_there_at_once() {
    let session = Session::start(&["fork-many", "49"]);
    let mut client = session.connect();
    client.greet();
    assert_eq!(client.ask("QPassSignals:11;14").as_deref(), Some("OK"));
    client.ask("?").unwrap();
    let mut pids = Vec::new();
    for _ in 0..49 {
        // The children stay where they are: only the parent goes on.
        let go = pids.first().map_or("vCont;c".to_owned(), |parent| format!("vCont;c:p{parent:x}.-1"));
        let (child, parent) = forked(&client.ask(&go).unwrap());
        if pids.is_empty() {
            pids.push(parent);
        }
        assert_eq!(pids[0], parent);
        pids.push(child);
    }
    let threads = client.ask("qfThreadInfo").unwrap();
    for pid in &pids {
        assert!(threads.contains(&format!("p{pid:x}.{pid:x}")), "{pid:x} in {threads}");
        assert_eq!(client.ask(&format!("Hgp{pid:x}.{pid:x}")).as_deref(), Some("OK"));
        assert!(client.ask("g").unwrap().len() > 32 * 16, "registers of {pid:x}");
    }
    let mut alive = pids;
    while !alive.is_empty() {
        let reply = client.ask("vCont;c").unwrap();
        assert!(reply.starts_with('W'), "{reply}");
        is_over(&mut client, &reply, false, &mut alive);
    }
    drop(client);
    assert_eq!(session.end("fifty"), 49);
}
