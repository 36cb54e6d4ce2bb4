//! The agent in a process that ends, executes another program or makes a vfork, with the server played.
#![allow(clippy::unwrap_used, reason = "test")]

use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use rustix::event::{EventfdFlags, PollFd, PollFlags, eventfd, poll};
use rustix::io::{read, write};
use tine_stub::agent::Agent;
use tine_stub::control::{self, Answer, Control, Event, Follow, Received, Request, ToAgent, ToServer};
use tine_stub::fork::Kind;
use tine_stub::rule::Rule;
use tine_stub::target::{Catch, Executable, Failure, File, Motion, Resume, Target, Thread};
use tine_stub::{Pid, Tid};

/// A process with nothing in it but its number.
struct Process {
    pid: i32,
    detached: AtomicBool,
    /// How many threads of the agent's there are.
    threads: AtomicI32,
    /// None can be made.
    is_full: AtomicBool,
    /// Rouses the thread, if it can be roused.
    bell: Option<OwnedFd>,
}

fn process(pid: i32) -> Arc<Process> {
    Arc::new(Process::of(pid, None))
}

/// The same, whose agent's thread can be roused.
fn rousing(pid: i32) -> Arc<Process> {
    Arc::new(Process::of(pid, Some(eventfd(0, EventfdFlags::NONBLOCK).unwrap())))
}

impl Process {
    fn of(pid: i32, bell: Option<OwnedFd>) -> Process {
        Process {
            pid,
            detached: AtomicBool::new(false),
            threads: AtomicI32::new(0),
            is_full: AtomicBool::new(false),
            bell,
        }
    }

    fn await_threads(&self, count: i32) {
        let start = Instant::now();
        while self.threads.load(Ordering::SeqCst) != count {
            assert!(start.elapsed() < Duration::from_secs(20), "{:?}", self.threads);
            std::thread::yield_now();
        }
    }
}

impl Target for Process {
    fn pid(&self) -> Pid {
        Pid(self.pid)
    }
    fn spawn(&self, thread: Builder, work: Box<dyn FnOnce() + Send>) -> io::Result<JoinHandle<()>> {
        if self.is_full.load(Ordering::SeqCst) {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        self.threads.fetch_add(1, Ordering::SeqCst);
        thread.spawn(work)
    }
    fn served(&self) {
        self.threads.fetch_sub(1, Ordering::SeqCst);
    }
    fn wait(&self, control: BorrowedFd<'_>) {
        let bell = self.bell.as_ref().map_or(control, OwnedFd::as_fd);
        poll(&mut [PollFd::new(&control, PollFlags::IN), PollFd::new(&bell, PollFlags::IN)], None).unwrap();
        // What it was rung for may be over: the next one has a thread of its own.
        let _ = self.bell.as_ref().map(|bell| read(bell, &mut [0; 8]));
    }
    fn rouses(&self) -> bool {
        self.bell.is_some()
    }
    fn rouse(&self, _: Tid) {
        write(self.bell.as_ref().unwrap(), &1u64.to_ne_bytes()).unwrap();
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
    /// Three mebibytes: the digits of each address, in eights.
    fn read_memory(&self, addr: u64, len: usize) -> Result<Vec<u8>, Failure> {
        const END: u64 = 3 << 20;
        let byte = |at: u64| format!("{:08x}", at & !7).as_bytes()[(at & 7) as usize];
        let end = addr.saturating_add(len as u64).min(END);
        if addr < end { Ok((addr..end).map(byte).collect()) } else { Err(Failure::Memory) }
    }
    fn write_memory(&self, _: u64, _: &[u8]) -> Result<(), Failure> {
        Err(Failure::Unsupported)
    }
    fn insert_breakpoint(&self, _: u64, _: bool, _: Rule) -> Result<(), Failure> {
        Err(Failure::Unsupported)
    }
    fn remove_breakpoint(&self, _: u64, _: bool) -> Result<(), Failure> {
        Err(Failure::Unsupported)
    }
    fn catch_syscalls(&self, _: Catch) {}
    fn pass_signals(&self, _: Vec<i32>) {}
    fn resume(&self, _: Resume) -> bool {
        true
    }
    fn stop(&self) {}
    fn detach(&self) {
        self.detached.store(true, Ordering::Relaxed);
    }

    fn release(&self) {}

    fn forget(&self) {}

    fn stop_threads(&self, _: &[Tid]) {}

    fn auxv(&self) -> Result<Vec<u8>, Failure> {
        Err(Failure::Unsupported)
    }
    fn executable(&self) -> Result<Executable, Failure> {
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
        self.0.send(&ToAgent { id, before: Vec::new(), request }).unwrap();
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

#[test]
fn much_memory_is_searched_and_summed() {
    let (ours, theirs) = control::pair().unwrap();
    let _agent = Agent::start(theirs, process(1), None).unwrap();
    let server = Server(Control::new(ours));
    let answer = |request| {
        server.ask(1, request);
        match server.next() {
            ToServer::Reply(1, answer) => answer,
            other => panic!("{other:?}"),
        }
    };
    let search = |addr, len, pattern: &str| answer(Request::Search { addr, len, pattern: pattern.into() });
    assert_eq!(search(0, 3 << 20, "00000010"), Ok(Answer::Found(Some(0x10))));
    // Across the border of two pieces.
    assert_eq!(search(0, 3 << 20, "ffff800100000"), Ok(Answer::Found(Some(0xffffb))));
    assert_eq!(search(0, 0x17, "00000010"), Ok(Answer::Found(None)));
    assert_eq!(search(0, 0x18, "00000010"), Ok(Answer::Found(Some(0x10))));
    assert_eq!(search(0, 4 << 20, "nowhere"), Err(Failure::Memory));
    assert_eq!(search(4 << 20, 1, "x"), Err(Failure::Memory));
    let sum = |addr, len, before| match answer(Request::Checksum { addr, len, before }) {
        Ok(Answer::Number(sum)) => sum as u32,
        other => panic!("{other:?}"),
    };
    // Reckoned bit by bit.
    let mut slow = u32::MAX;
    for byte in b"0000000000000008" {
        slow ^= u32::from(*byte) << 24;
        for _ in 0..8 {
            slow = slow << 1 ^ if slow >> 31 != 0 { 0x04c1_1db7 } else { 0 };
        }
    }
    assert_eq!(sum(0, 16, u32::MAX), slow);
    assert_eq!(sum(0, 3 << 20, u32::MAX), sum(0x12_3456, (3 << 20) - 0x12_3456, sum(0, 0x12_3456, u32::MAX)));
    assert_eq!(answer(Request::Checksum { addr: 0, len: 4 << 20, before: 0 }), Err(Failure::Memory));
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
    agent.execed("/bin/new".into());
    let execed =
        ToServer::Event(Event::Execed { threads: new.threads(), path: "/bin/new".into(), memory: None });
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
fn who_ends_a_process_that_another_thread_ends_waits_until_that_is_said() {
    let (agent, server) = start(&process(1));
    let fork = agent.prepare_fork(Tid(1), true);
    let (tell, told) = std::sync::mpsc::channel();
    let enders = [3, 4].map(|status| {
        let (agent, tell) = (agent.clone(), tell.clone());
        std::thread::spawn(move || {
            agent.exited(status);
            tell.send(status).unwrap();
        })
    });
    // A fork is under way: neither could say anything yet.
    assert!(told.recv_timeout(Duration::from_millis(200)).is_err());
    fork.failed();
    enders.into_iter().for_each(|ender| ender.join().unwrap());
    assert!(matches!(server.next(), ToServer::Event(Event::Exited(3 | 4))));
    server.assert_silence();
}

#[test]
fn children_are_offered_as_gdb_wants_it() {
    let (agent, server) = start(&process(1));
    assert!(!agent.prepare_vfork(Kind::Vfork).followed());
    server.ask(1, Request::Follow(Follow { forks: false, vforks: true }));
    assert_eq!(server.next(), ToServer::Reply(1, Ok(Answer::Done)));
    let fork = agent.prepare_fork(Tid(1), true);
    assert!(!fork.followed());
    fork.failed();
    let vfork = agent.prepare_vfork(Kind::Vfork);
    let (token, child) = (vfork.token(), vfork.child());
    assert_eq!(child.parents, agent.descriptor().as_raw_fd());
    assert!(child.socket.is_some_and(|socket| socket != child.parents));
    assert_eq!(server.next(), ToServer::Event(Event::Offer { token, kind: Kind::Vfork }));
    // It does not keep the agent from answering.
    server.ask(2, Request::Description);
    assert_eq!(server.next(), described(2, 1));
    vfork.parent(Tid(1), Pid(2));
    assert_eq!(
        server.next(),
        ToServer::Event(Event::Forked { token, tid: Tid(1), child: Pid(2), vitals: Vec::new() })
    );
    agent.vfork_done(Tid(1), token);
    assert_eq!(server.next(), ToServer::Event(Event::VforkDone { token, tid: Tid(1), vitals: Vec::new() }));
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

/// A thread that is stepped reads the requests itself while it stands, until it is let go for longer.
#[test]
fn a_thread_that_is_stepped_is_on_duty_until_it_is_let_go_for_longer() {
    let (agent, server) = start(&process(1));
    let order = |tid, motion| Resume { tid: Tid(tid), motion, signal: None };
    let stands = |tid, mut patience: u32| {
        agent.serve_while_stopped(Tid(tid), || {
            patience = patience.checked_sub(1)?;
            (patience == 0).then_some("released")
        })
    };
    // Nobody has stepped it.
    assert_eq!(stands(7, 1), None);
    server.ask(1, Request::Resume(vec![order(7, Motion::Step)]));
    server.ask(2, Request::Description);
    while stands(7, 1).is_none() {}
    // The agent's thread has taken the step, and nothing since.
    server.assert_silence();
    assert_eq!(stands(7, 2), Some("released"));
    assert_eq!(server.next(), described(2, 1));
    assert_eq!(stands(8, 1), None);
    // Another step keeps it on duty; anything else does not.
    server.ask(3, Request::Resume(vec![order(7, Motion::Step)]));
    assert_eq!(stands(7, 2), Some("released"));
    for orders in
        [vec![order(7, Motion::Continue)], vec![order(7, Motion::Step), order(8, Motion::Step)], vec![]]
    {
        server.ask(4, Request::Resume(vec![order(7, Motion::Step)]));
        while stands(7, 1).is_none() {}
        server.ask(5, Request::Resume(orders));
        assert_eq!(stands(7, 100), None);
        server.ask(6, Request::Description);
        assert_eq!(server.next(), described(6, 1));
    }
    // It leaves by itself before a system call.
    server.ask(7, Request::Resume(vec![order(7, Motion::Step)]));
    while stands(7, 1).is_none() {}
    agent.leave_duty(Tid(8));
    assert_eq!(stands(7, 1), Some("released"));
    agent.leave_duty(Tid(7));
    assert_eq!(stands(7, 1), None);
    server.ask(8, Request::Description);
    assert_eq!(server.next(), described(8, 1));
}

#[test]
fn the_thread_on_duty_sees_that_the_server_is_gone() {
    let target = process(1);
    let (agent, server) = start(&target);
    server.ask(1, Request::Resume(vec![Resume { tid: Tid(7), motion: Motion::Step, signal: None }]));
    while agent.serve_while_stopped(Tid(7), || Some(())).is_none() {}
    drop(server);
    assert_eq!(agent.serve_while_stopped(Tid(7), || None::<()>), None);
    assert!(target.detached.load(Ordering::Relaxed));
    assert!(agent.is_over());
}

/// Lets gdb follow forks, in a process whose agent's thread can be ended.
fn following() -> (Arc<Process>, Agent, Server) {
    let target = rousing(1);
    let (agent, server) = start(&target);
    server.ask(0, Request::Follow(Follow { forks: true, vforks: true }));
    assert_eq!(server.next(), ToServer::Reply(0, Ok(Answer::Done)));
    assert_eq!(target.threads.load(Ordering::SeqCst), 1);
    (target, agent, server)
}

fn goes_on(tid: i32, motion: Motion) -> Request {
    Request::Resume(vec![Resume { tid: Tid(tid), motion, signal: None }])
}

#[test]
fn the_agents_thread_is_not_there_while_the_process_forks() {
    let (target, agent, server) = following();
    let fork = agent.prepare_fork(Tid(7), true);
    assert!(fork.is_alone() && fork.followed());
    assert_eq!(target.threads.load(Ordering::SeqCst), 0);
    assert!(matches!(server.next(), ToServer::Event(Event::Offer { .. })));
    server.ask(1, Request::Description);
    server.assert_silence();
    fork.parent(Pid(8));
    assert!(matches!(server.next(), ToServer::Event(Event::Forked { tid: Tid(7), child: Pid(8), .. })));
    // It stands, and answers itself what has come meanwhile, steps included.
    server.ask(2, goes_on(7, Motion::Step));
    server.ask(3, Request::Description);
    server.ask(4, goes_on(7, Motion::Continue));
    assert_eq!(agent.serve_while_stopped(Tid(7), || None::<()>), None);
    assert_eq!([server.next(), server.next()], [described(1, 1), described(3, 1)]);
    target.await_threads(1);
    server.ask(5, Request::Description);
    assert_eq!(server.next(), described(5, 1));
    // Beside others it stays.
    let fork = agent.prepare_fork(Tid(7), false);
    assert!(!fork.is_alone() && fork.followed());
    server.ask(6, Request::Description);
    fork.failed();
    assert!(matches!(server.next(), ToServer::Event(Event::Offer { .. })));
    assert!(matches!(server.next(), ToServer::Event(Event::ForkFailed { .. })));
    assert_eq!(server.next(), described(6, 1));
    // One that is not followed leaves it alone.
    server.ask(6, Request::Follow(Follow::default()));
    server.next();
    let fork = agent.prepare_fork(Tid(7), true);
    assert!(!fork.is_alone() && !fork.followed());
    fork.parent(Pid(9));
    server.ask(7, Request::Description);
    assert_eq!(server.next(), described(7, 1));
}

#[test]
fn the_agents_thread_is_back_after_a_fork_that_has_failed() {
    let (target, agent, server) = following();
    agent.prepare_fork(Tid(7), true).failed();
    assert!(matches!(server.next(), ToServer::Event(Event::Offer { .. })));
    assert!(matches!(server.next(), ToServer::Event(Event::ForkFailed { .. })));
    assert_eq!(target.threads.load(Ordering::SeqCst), 1);
    server.ask(1, Request::Description);
    assert_eq!(server.next(), described(1, 1));
}

/// Two threads fork, again and again, while the server asks: nothing stays unread, and nobody waits for ever.
#[test]
fn requests_that_come_while_the_thread_is_ended_are_answered() {
    const ROUNDS: u64 = 100;
    let (target, agent, server) = following();
    let is_over = Arc::new(AtomicBool::new(false));
    let forkers = [7, 8].map(|tid| {
        let (agent, is_over) = (agent.clone(), is_over.clone());
        std::thread::spawn(move || {
            while !is_over.load(Ordering::SeqCst) {
                agent.prepare_fork(Tid(tid), true).failed();
            }
        })
    });
    for id in 1..=ROUNDS {
        server.ask(id, Request::Description);
        while let message = server.next()
            && message != described(id, 1)
        {
            assert!(matches!(message, ToServer::Event(Event::Offer { .. } | Event::ForkFailed { .. })));
        }
    }
    is_over.store(true, Ordering::SeqCst);
    // They may wait for room in the socket.
    while !forkers.iter().all(JoinHandle::is_finished) {
        let _: Received<ToServer> = server.0.receive(false);
    }
    assert_eq!(target.threads.load(Ordering::SeqCst), 1);
}

#[test]
fn a_child_has_no_thread_of_the_agents_until_it_is_let_go() {
    let (ours, theirs) = control::pair().unwrap();
    let target = rousing(1);
    let agent = Agent::standing(theirs, target.clone(), None, Tid(7));
    let server = Server(Control::new(ours));
    server.ask(1, Request::Description);
    server.assert_silence();
    server.ask(2, goes_on(7, Motion::Step));
    let mut patience = 3;
    let released = agent.serve_while_stopped(Tid(7), || {
        patience -= 1;
        (patience == 0).then_some(())
    });
    assert_eq!((released, server.next()), (Some(()), described(1, 1)));
    assert_eq!(target.threads.load(Ordering::SeqCst), 0);
    agent.leave_duty(Tid(7));
    target.await_threads(1);
    server.ask(3, Request::Description);
    assert_eq!(server.next(), described(3, 1));
    drop(server);
    target.await_threads(0);
    assert!(agent.is_over() && target.detached.load(Ordering::SeqCst));
    agent.join();
}

#[test]
fn a_process_that_can_have_no_thread_for_the_debugger_is_let_go() {
    let (target, agent, server) = following();
    target.is_full.store(true, Ordering::SeqCst);
    agent.prepare_fork(Tid(7), true).failed();
    assert!(agent.is_over() && target.detached.load(Ordering::SeqCst));
    while let received = server.0.receive::<ToServer>(true)
        && !matches!(received, Received::Closed)
    {
        assert!(matches!(received, Received::Message(..)));
    }
}
