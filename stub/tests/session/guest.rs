//! A guest process as the server sees it: something at the other end of a control connection.

use std::collections::BTreeSet;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use tine_stub::control::{self, Answer, Control, Event, Received, Request, ToAgent, ToServer};
use tine_stub::fork::Kind;
use tine_stub::target::{
    Access, Command, Executable, Failure, File, Libraries, Library, Machine, Region, Thread, Vitals,
};
use tine_stub::{Pid, StopReason, ThreadId, Tid};

/// No process has this pid or one near: the kernel's largest is 2^22.
pub const PID: i32 = 0x7fff_0000;

pub struct Guest {
    pub pid: i32,
    shared: Arc<Shared>,
}

struct Shared {
    control: Control,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// The threads that run; they are all said to have been stopped by the next request to stop.
    running: BTreeSet<i32>,
    free: bool,
    requests: Vec<Request>,
    tokens: u64,
    /// What is said at the next request to stop, instead.
    at_stop: Option<Vec<Event>>,
}

impl Guest {
    pub fn new(pid: i32, socket: OwnedFd) -> Guest {
        let control = Control::new(socket);
        let shared = Arc::new(Shared { control, state: Mutex::default(), changed: Condvar::new() });
        let serving = shared.clone();
        std::thread::spawn(move || serving.serve(pid));
        Guest { pid, shared }
    }

    fn event(&self, event: Event) {
        let _ = self.shared.control.send(&ToServer::Event(event));
    }

    /// Introduces itself, stopped.
    pub fn hello(&self) {
        self.event(Event::Hello {
            pid: Pid(self.pid),
            threads: vec![thread(self.pid)],
            stopped: true,
            memory: None,
        });
    }

    /// Introduces itself, running.
    pub fn hello_running(&self) {
        self.shared.state.lock().unwrap().running.insert(self.pid);
        self.event(Event::Hello {
            pid: Pid(self.pid),
            threads: vec![thread(self.pid)],
            stopped: false,
            memory: None,
        });
    }

    pub fn stop(&self, reason: StopReason) {
        self.stop_thread(self.pid, reason);
    }

    pub fn stop_thread(&self, tid: i32, reason: StopReason) {
        self.stop_with_vitals(tid, reason, Vec::new());
    }

    pub fn stop_with_vitals(&self, tid: i32, reason: StopReason, vitals: Vitals) {
        self.wait_until(|state| state.running.contains(&tid));
        self.shared.state.lock().unwrap().running.remove(&tid);
        self.event(Event::Stopped(Tid(tid), reason, vitals));
    }

    /// Makes a thread, which stands.
    pub fn hold_clone(&self, by: i32, tid: i32) {
        self.event(Event::ThreadStarted { thread: thread(tid), held: true });
        self.event(Event::Stopped(Tid(tid), StopReason::Requested, Vec::new()));
        let id = ThreadId { pid: Pid(self.pid), tid: Tid(tid) };
        self.stop_thread(by, StopReason::Cloned(id));
    }

    /// A breakpoint's command prints.
    pub fn print(&self, text: &str) {
        self.event(Event::Printed(text.into()));
    }

    /// Has one more thread, which runs.
    pub fn start_thread(&self, tid: i32) {
        self.shared.state.lock().unwrap().running.insert(tid);
        self.event(Event::ThreadStarted { thread: thread(tid), held: false });
    }

    pub fn exit_thread(&self, tid: i32) {
        self.shared.state.lock().unwrap().running.remove(&tid);
        self.event(Event::ThreadExited(Tid(tid), 5));
    }

    /// What is said at the next request to stop.
    pub fn say_at_stop(&self, events: Vec<Event>) {
        self.shared.state.lock().unwrap().at_stop = Some(events);
    }

    /// Executes another program: what was not answered by then is answered by the new one.
    pub fn exec(&self, path: &str) {
        self.shared.state.lock().unwrap().running.clear();
        self.event(Event::Execed { threads: vec![thread(self.pid)], path: path.into(), memory: None });
    }

    pub fn leave(&self, path: &str) {
        self.event(Event::Leaves(path.into()));
    }

    pub fn stay(&self) {
        self.event(Event::Stays);
    }

    pub fn stop_if_it_runs(&self, reason: StopReason) -> bool {
        let runs = self.shared.state.lock().unwrap().running.remove(&self.pid);
        if runs {
            self.event(Event::Stopped(Tid(self.pid), reason, Vec::new()));
        }
        runs
    }

    /// Offers a fork; returns the child's end. The child is another process than this one, whose number nobody is told.
    pub fn offer(&self, kind: Kind) -> (u64, OwnedFd) {
        self.offer_known(kind, false)
    }

    /// The same, for a child that is this process, whatever it calls itself, if it `is_known` who speaks.
    pub fn offer_known(&self, kind: Kind, is_known: bool) -> (u64, OwnedFd) {
        let (ours, theirs) = control::pair().unwrap();
        for end in [&ours, &theirs] {
            rustix::net::sockopt::set_socket_passcred(end, is_known).unwrap();
        }
        let mut state = self.shared.state.lock().unwrap();
        state.tokens += 1;
        let token = state.tokens;
        let offer = ToServer::Event(Event::Offer { token, kind });
        let _ = self.shared.control.send_with(&offer, Some(theirs.as_fd()));
        (token, ours)
    }

    pub fn forked(&self, token: u64, child: i32) {
        self.shared.state.lock().unwrap().running.remove(&self.pid);
        self.event(Event::Forked { token, tid: Tid(self.pid), child: Pid(child), vitals: Vec::new() });
    }

    pub fn vfork_done(&self, token: u64) {
        self.shared.state.lock().unwrap().running.remove(&self.pid);
        self.event(Event::VforkDone { token, tid: Tid(self.pid), vitals: Vec::new() });
    }

    pub fn fork_failed(&self, token: u64) {
        self.event(Event::ForkFailed { token });
    }

    pub fn exit(&self, status: i32) {
        self.event(Event::Exited(status));
        self.die();
    }

    /// What SIGKILL looks like from outside.
    pub fn die(&self) {
        self.shared.control.shut();
        self.wait_until(|state| state.free);
    }

    pub fn wait_until_it_runs(&self) {
        self.wait_until_thread_runs(self.pid);
    }

    pub fn wait_until_thread_runs(&self, tid: i32) {
        self.wait_until(|state| state.running.contains(&tid));
    }

    pub fn runs(&self, tid: i32) -> bool {
        self.shared.state.lock().unwrap().running.contains(&tid)
    }

    pub fn is_free(&self) -> bool {
        self.shared.state.lock().unwrap().free
    }

    pub fn wait_until_free(&self) {
        self.wait_until(|state| state.free);
    }

    pub fn was_asked(&self, request: &Request) -> bool {
        self.shared.state.lock().unwrap().requests.contains(request)
    }

    pub fn wait_until_asked(&self, request: &Request) {
        self.wait_until(|state| state.requests.contains(request));
    }

    pub fn wait_until_asked_often(&self, request: &Request, times: usize) {
        self.wait_until(|state| state.count(request) == times);
    }

    /// How often it was asked this.
    pub fn count(&self, request: &Request) -> usize {
        self.shared.state.lock().unwrap().count(request)
    }

    fn wait_until(&self, condition: impl Fn(&State) -> bool) {
        let state = self.shared.state.lock().unwrap();
        let patience = Duration::from_secs(5);
        let (state, _) = self
            .shared
            .changed
            .wait_timeout_while(state, patience, |state| !condition(state) && !state.free)
            .unwrap();
        assert!(condition(&state), "process {:x} hangs", self.pid);
    }
}

impl State {
    fn count(&self, request: &Request) -> usize {
        self.requests.iter().filter(|asked| *asked == request).count()
    }
}

impl Shared {
    fn serve(&self, pid: i32) {
        while let Received::Message(ToAgent { id, before, request }, _) = self.control.receive(true) {
            for request in before {
                let (done, _) = self.obey(pid, &request);
                assert!(done.is_ok(), "{request:?}");
                self.state.lock().unwrap().requests.push(request);
            }
            let (answer, events) = self.obey(pid, &request);
            let last = request == Request::Detach;
            self.state.lock().unwrap().requests.push(request);
            let _ = self.control.send(&ToServer::Reply(id, answer));
            for event in events {
                let _ = self.control.send(&ToServer::Event(event));
            }
            self.changed.notify_all();
            if last {
                break;
            }
        }
        self.state.lock().unwrap().free = true;
        self.control.shut();
        self.changed.notify_all();
    }

    fn obey(&self, pid: i32, request: &Request) -> (Result<Answer, Failure>, Vec<Event>) {
        let mut state = self.state.lock().unwrap();
        let answer = match request {
            Request::Threads => Answer::Threads(vec![thread(pid)]),
            Request::Description => Answer::Text("<target/>".repeat(10_000)),
            Request::Registers(_) => Answer::Bytes(vec![1, 2, 0xff]),
            Request::CommonRegisters(_) => Answer::Bytes(vec![1, 2]),
            Request::Register(_, 32) => Answer::Bytes(vec![0x20]),
            Request::Register(..) => return (Err(Failure::Invalid), Vec::new()),
            Request::ReadMemory { addr, len } => {
                Answer::Bytes((*addr..addr + len).map(|at| at as u8).collect())
            }
            Request::Search { addr: 0, .. } => Answer::Found(None),
            Request::Search { addr, .. } => Answer::Found(Some(addr + 8)),
            Request::Checksum { .. } => Answer::Number(0x1234_5678),
            Request::Siginfo(_) => Answer::Bytes(vec![0; 128]),
            Request::Auxv => Answer::Bytes(b"}$#*".to_vec()),
            Request::Libraries(from) => Answer::Libraries(Libraries {
                main: from.is_none().then_some(0x8),
                list: vec![Library {
                    name: "/lib/a&b.so".into(),
                    link_map: from.map_or(0x10, |from| from.start),
                    namespace: 0x20,
                    bias: 0x2000,
                    dynamic: 0x3000,
                }],
            }),
            Request::Machine => Answer::Machine(Machine {
                triple: "pdp11".into(),
                abi: "old".into(),
                pointer: 2,
                release: "6.1.0-x".into(),
            }),
            Request::VitalRegisters(_) => Answer::Registers(vec![(32, vec![0x20])]),
            Request::Region(addr) => Answer::Region(Region {
                start: addr & !0xfff,
                end: (addr | 0xfff) + 1,
                access: Some(Access { read: true, write: false, execute: true }),
                name: "a.out".into(),
            }),
            Request::Allocate { len, .. } => Answer::Number(0x7000 + len),
            Request::Executable => Answer::Executable(Executable {
                path: "/proc/1/fd/9".into(),
                link: "/bin/guest (deleted)".into(),
            }),
            Request::File(path) if path.ends_with("/maps") => {
                Answer::File(File::Contents(b"the map".to_vec()))
            }
            Request::File(path) => Answer::File(File::Host(path.into())),
            Request::Commands => Answer::Commands(vec![Command::new("dance", "[STEP]", "dances")]),
            Request::Monitor(_, line) if line == "dance" => Answer::Monitor(Some("danced".into())),
            // Longer than other requests may take.
            Request::Monitor(_, line) if line == "dream" => {
                std::thread::sleep(Duration::from_millis(2300));
                Answer::Monitor(Some("dreamt".into()))
            }
            Request::Monitor(..) => Answer::Monitor(None),
            Request::Resume(orders) => {
                state.running.extend(orders.iter().map(|order| order.tid.0));
                Answer::Done
            }
            Request::StopThreads(tids) => {
                let stopped: Vec<Tid> =
                    tids.iter().copied().filter(|tid| state.running.remove(&tid.0)).collect();
                let requested = |tid| Event::Stopped(tid, StopReason::Requested, Vec::new());
                return (Ok(Answer::Done), stopped.into_iter().map(requested).collect());
            }
            Request::Release => {
                state.running.insert(pid);
                Answer::Done
            }
            Request::Stop => {
                let stopped = std::mem::take(&mut state.running);
                let requested = |tid| Event::Stopped(Tid(tid), StopReason::Requested, Vec::new());
                let events = state.at_stop.take();
                let events = events.unwrap_or_else(|| stopped.into_iter().map(requested).collect());
                return (Ok(Answer::Done), events);
            }
            _ => Answer::Done,
        };
        (Ok(answer), Vec::new())
    }
}

pub fn thread(tid: i32) -> Thread {
    Thread { tid: Tid(tid), name: "a<b".into() }
}
