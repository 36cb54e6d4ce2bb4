//! The agent in a process that ends, executes another program or makes a vfork, with the server played.
#![allow(clippy::unwrap_used, reason = "test")]

use std::os::fd::AsRawFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tine_stub::agent::Agent;
use tine_stub::control::{self, Answer, Control, Event, Follow, Received, Request, ToAgent, ToServer};
use tine_stub::fork::Kind;
use tine_stub::target::{Catch, Failure, File, Resume, Target, Thread};
use tine_stub::{Pid, Tid};

/// A process with nothing in it but its number.
struct Process {
    pid: i32,
    detached: AtomicBool,
}

fn process(pid: i32) -> Arc<Process> {
    Arc::new(Process { pid, detached: AtomicBool::new(false) })
}

impl Target for Process {
    fn pid(&self) -> Pid {
        Pid(self.pid)
    }
    fn threads(&self) -> Vec<Thread> {
        vec![Thread { tid: Tid(self.pid), name: String::new() }]
    }
    fn description(&self) -> String {
        self.pid.to_string()
    }
    fn registers(&self, _: Tid) -> Result<Vec<u8>, Failure> {
        Err(Failure::Unsupported)
    }
    fn set_registers(&self, _: Tid, _: &[u8]) -> Result<(), Failure> {
        Err(Failure::Unsupported)
    }
    fn register(&self, _: Tid, _: u32) -> Result<Vec<u8>, Failure> {
        Err(Failure::Unsupported)
    }
    fn set_register(&self, _: Tid, _: u32, _: &[u8]) -> Result<(), Failure> {
        Err(Failure::Unsupported)
    }
    fn read_memory(&self, _: u64, _: usize) -> Result<Vec<u8>, Failure> {
        Err(Failure::Unsupported)
    }
    fn write_memory(&self, _: u64, _: &[u8]) -> Result<(), Failure> {
        Err(Failure::Unsupported)
    }
    fn insert_breakpoint(&self, _: u64) -> Result<(), Failure> {
        Err(Failure::Unsupported)
    }
    fn remove_breakpoint(&self, _: u64) -> Result<(), Failure> {
        Err(Failure::Unsupported)
    }
    fn catch_syscalls(&self, _: Catch) {}
    fn pass_signals(&self, _: Vec<i32>) {}
    fn resume(&self, _: Resume) {}
    fn stop(&self) {}
    fn detach(&self) {
        self.detached.store(true, Ordering::Relaxed);
    }

    fn release(&self) {}

    fn auxv(&self) -> Result<Vec<u8>, Failure> {
        Err(Failure::Unsupported)
    }
    fn executable(&self) -> Result<String, Failure> {
        Err(Failure::Unsupported)
    }
    fn siginfo(&self, _: Tid) -> Result<Vec<u8>, Failure> {
        Err(Failure::Unsupported)
    }
    fn set_siginfo(&self, _: Tid, _: &[u8]) -> Result<(), Failure> {
        Err(Failure::Unsupported)
    }
    fn file(&self, path: &str) -> File {
        File::Host(path.into())
    }
}

/// The server's end.
struct Server(Control);

impl Server {
    fn ask(&self, id: u64, request: Request) {
        self.0.send(&ToAgent { id, request }).unwrap();
    }

    fn next(&self) -> ToServer {
        match self.0.receive(true) {
            Received::Message(message, _) => message,
            other => panic!("{other:?}"),
        }
    }

    /// Nothing comes, although there was time for it.
    fn assert_silence(&self) {
        std::thread::sleep(Duration::from_millis(50));
        let received: Received<ToServer> = self.0.receive(false);
        assert!(matches!(received, Received::Nothing), "{received:?}");
    }
}

fn described(id: u64, pid: i32) -> ToServer {
    ToServer::Reply(id, Ok(Answer::Text(pid.to_string())))
}

fn start(process: &Arc<Process>) -> (Agent, Server) {
    let (ours, theirs) = control::pair().unwrap();
    let agent = Agent::start(ours, process.clone(), None).unwrap();
    (agent, Server(Control::new(theirs)))
}

#[test]
fn a_request_that_comes_during_an_exec_is_answered_by_the_old_program_if_that_fails() {
    let (agent, server) = start(&process(1));
    server.ask(1, Request::Description);
    assert_eq!(server.next(), described(1, 1));
    let prepared = agent.prepare_exec();
    server.ask(2, Request::Description);
    server.assert_silence();
    prepared.failed();
    assert_eq!(server.next(), described(2, 1));
    assert!(closes_on_exec(&agent));
}

#[test]
fn a_request_that_comes_during_an_exec_is_answered_by_the_new_program() {
    let (agent, server) = start(&process(1));
    let prepared = agent.prepare_exec();
    assert!(!closes_on_exec(&agent));
    server.ask(1, Request::Description);
    server.assert_silence();
    // The new program: what is left of the old one is its descriptor.
    let socket = agent.descriptor().try_clone_to_owned().unwrap();
    std::mem::forget(prepared);
    let new = process(2);
    let agent = Agent::start(socket, new.clone(), None).unwrap();
    agent.execed(&*new, "/bin/new".into());
    let execed = ToServer::Event(Event::Execed { threads: new.threads(), path: "/bin/new".into() });
    let mut said = [server.next(), server.next()];
    said.sort_by_key(|word| matches!(word, ToServer::Event(_)));
    assert_eq!(said, [described(1, 2), execed]);
}

#[test]
fn a_program_that_leaves_says_so_and_that_it_has_stayed() {
    let (agent, server) = start(&process(1));
    let prepared = agent.prepare_leave("/bin/ls".into());
    assert!(closes_on_exec(&agent));
    assert_eq!(server.next(), ToServer::Event(Event::Leaves("/bin/ls".into())));
    prepared.failed();
    assert_eq!(server.next(), ToServer::Event(Event::Stays));
    server.ask(1, Request::Description);
    assert_eq!(server.next(), described(1, 1));
}

#[test]
fn after_its_last_word_a_process_answers_no_more() {
    let (agent, server) = start(&process(1));
    agent.exited(3);
    agent.signaled(9);
    assert_eq!(server.next(), ToServer::Event(Event::Exited(3)));
    server.ask(1, Request::Description);
    server.assert_silence();
}

#[test]
fn children_are_offered_as_gdb_wants_it() {
    let (agent, server) = start(&process(1));
    assert!(!agent.prepare_vfork().followed());
    server.ask(1, Request::Follow(Follow { forks: false, vforks: true }));
    assert_eq!(server.next(), ToServer::Reply(1, Ok(Answer::Done)));
    let fork = agent.prepare_fork();
    assert!(!fork.followed());
    fork.failed();
    let vfork = agent.prepare_vfork();
    let (token, child) = (vfork.token(), vfork.child());
    assert_eq!(child.parents, agent.descriptor().as_raw_fd());
    assert!(child.socket.is_some_and(|socket| socket != child.parents));
    assert_eq!(server.next(), ToServer::Event(Event::Offer { token, kind: Kind::Vfork }));
    // It does not keep the agent from answering.
    server.ask(2, Request::Description);
    assert_eq!(server.next(), described(2, 1));
    vfork.parent(Tid(1), Pid(2));
    assert_eq!(server.next(), ToServer::Event(Event::Forked { token, tid: Tid(1), child: Pid(2) }));
    agent.vfork_done(Tid(1), token);
    assert_eq!(server.next(), ToServer::Event(Event::VforkDone { token, tid: Tid(1) }));
}

#[test]
fn when_the_server_is_gone_a_process_is_let_go() {
    let process = process(1);
    let (agent, server) = start(&process);
    server.ask(1, Request::ThreadEvents(true));
    server.next();
    assert!(agent.wants_thread_events());
    drop(server);
    let start = Instant::now();
    while !process.detached.load(Ordering::Relaxed) {
        assert!(start.elapsed() < Duration::from_secs(5), "it is not let go");
        std::thread::sleep(Duration::from_millis(1));
    }
    assert!(!agent.wants_thread_events());
}

fn closes_on_exec(agent: &Agent) -> bool {
    rustix::io::fcntl_getfd(agent.descriptor()).unwrap().contains(rustix::io::FdFlags::CLOEXEC)
}
