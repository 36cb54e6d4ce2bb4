//! A tree of five processes with two threads each, all of them in gdb's hands: every blow at every event.

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::session::{Client, Session, pid_after};

/// Who is struck.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Victim {
    /// A process of the tree, by the order in which gdb has heard of them.
    Process(usize),
    Server,
    Client,
}

/// When: while all stand after an event, or when all have just been let go.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Moment {
    Standing,
    Running,
}

#[derive(Clone, Copy, Debug)]
struct Blow {
    victim: Victim,
    event: usize,
    moment: Moment,
}

/// What happened in a run.
#[derive(Default)]
struct Run {
    /// How many processes gdb knew at each event.
    known: Vec<usize>,
    /// The processes that gdb knows and that it has not heard the end of, in the order of their appearance.
    alive: Vec<i32>,
    /// All that gdb has heard of.
    heard: Vec<i32>,
}

impl Run {
    /// gdb is told something.
    fn hear(&mut self, reply: &str) {
        match &reply[..1] {
            "T" => {
                for pid in ["thread:p", "fork:p"].into_iter().filter_map(|word| pid_after(reply, word)) {
                    if !self.heard.contains(&pid) {
                        self.heard.push(pid);
                        self.alive.push(pid);
                    }
                }
            }
            "W" | "X" => {
                let ended = pid_after(reply, "process:");
                self.alive.retain(|pid| Some(*pid) != ended);
            }
            // A thread has ended.
            "w" => {}
            _ => panic!("{reply} after {} events", self.known.len()),
        }
        self.known.push(self.heard.len());
    }

    /// The process that is meant, if gdb knows it and it has not ended.
    fn find(&self, number: usize) -> Option<i32> {
        self.heard.get(number).copied().filter(|pid| self.alive.contains(pid))
    }
}

/// Runs the tree to its end, with one blow or none.
fn run(blow: Option<Blow>) -> Run {
    let what = format!("tree, {blow:?}");
    let session = Session::start(&["tree"]);
    let mut client = session.connect();
    client.greet();
    for packet in ["QThreadEvents:1", "QPassSignals:11;14"] {
        assert_eq!(client.ask(packet).as_deref(), Some("OK"), "{packet}");
    }
    let mut run = Run::default();
    let mut struck = None;
    let mut reply = client.ask("?");
    while let Some(text) = reply {
        run.hear(&text);
        if run.alive.is_empty() {
            break;
        }
        let event = run.known.len() - 1;
        for moment in [Moment::Standing, Moment::Running] {
            if moment == Moment::Running {
                let _ = client.say("vCont;c");
            }
            if let Some(Blow { victim, .. }) = blow.filter(|it| it.event == event && it.moment == moment) {
                struck = strike(victim, &run, &session, &mut client);
            }
        }
        reply = client.reply();
    }
    if !run.alive.is_empty() {
        let victim = blow.map(|blow| blow.victim);
        assert!(matches!(victim, Some(Victim::Server | Victim::Client)), "{what}: the connection is closed");
    }
    drop(client);
    let status = session.end(&what);
    // The first may have ended well before the blow.
    let killed = struck.is_some() && struck == run.heard.first().copied();
    assert!(status == 0 || killed && status == -9, "{what}: the first process ends with {status}");
    run
}

/// Strikes; which process of the tree it was.
fn strike(victim: Victim, run: &Run, session: &Session, client: &mut Client) -> Option<i32> {
    let victim = match victim {
        Victim::Process(number) => run.find(number),
        // It may have ended by itself behind the last process.
        Victim::Server => session.server(),
        Victim::Client => {
            client.close();
            None
        }
    }?;
    // Whoever runs may have ended.
    let _ = kill(Pid::from_raw(victim), Signal::SIGKILL);
    Some(victim)
}

/// The same victim at all events, as many as there are without a blow.
fn at_every_event(victim: impl Fn(usize) -> Vec<Victim>) {
    let quiet = run(None);
    assert_eq!(quiet.heard.len(), 5, "all five are heard of");
    assert!(quiet.known.len() >= 1 + 4 + 5 + 5, "forks, births of threads and ends are events");
    for (event, known) in quiet.known.iter().enumerate() {
        for victim in victim(*known) {
            for moment in [Moment::Standing, Moment::Running] {
                run(Some(Blow { victim, event, moment }));
            }
        }
    }
}

#[test]
fn any_process_of_a_tree_may_be_killed_at_every_event() {
    at_every_event(|known| (0..known).map(Victim::Process).collect());
}

#[test]
fn the_server_of_a_tree_may_be_killed_at_every_event() {
    at_every_event(|_| vec![Victim::Server]);
}

#[test]
fn the_client_of_a_tree_may_be_killed_at_every_event() {
    at_every_event(|_| vec![Victim::Client]);
}
