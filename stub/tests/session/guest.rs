//! A guest process as the server sees it: something at the other end of a control connection.

use std::os::fd::{AsFd, OwnedFd};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use tine_stub::control::{self, Answer, Control, Event, Received, Request, ToAgent, ToServer};
use tine_stub::target::{Failure, File, Library, Thread};
use tine_stub::{Pid, StopReason, Tid};

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
    runs: bool,
    free: bool,
    requests: Vec<Request>,
    tokens: u64,
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
        let threads = vec![Thread { tid: Tid(self.pid), name: "a<b".into() }];
        self.event(Event::Hello { pid: Pid(self.pid), threads, stopped: true });
    }

    pub fn stop(&self, reason: StopReason) {
        self.wait_until(|state| state.runs);
        self.shared.state.lock().unwrap().runs = false;
        self.event(Event::Stopped(Tid(self.pid), reason));
    }

    pub fn stop_if_it_runs(&self, reason: StopReason) -> bool {
        let runs = std::mem::take(&mut self.shared.state.lock().unwrap().runs);
        if runs {
            self.event(Event::Stopped(Tid(self.pid), reason));
        }
        runs
    }

    /// Offers a fork; returns the child's end.
    pub fn offer(&self) -> (u64, OwnedFd) {
        let (ours, theirs) = control::pair().unwrap();
        let mut state = self.shared.state.lock().unwrap();
        state.tokens += 1;
        let token = state.tokens;
        let _ = self.shared.control.send_with(&ToServer::Event(Event::Offer { token }), Some(theirs.as_fd()));
        (token, ours)
    }

    pub fn forked(&self, token: u64, child: i32) {
        self.shared.state.lock().unwrap().runs = false;
        self.event(Event::Forked { token, tid: Tid(self.pid), child: Pid(child) });
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
        self.wait_until(|state| state.runs);
    }

    pub fn wait_until_free(&self) {
        self.wait_until(|state| state.free);
    }

    pub fn is_free(&self) -> bool {
        self.shared.state.lock().unwrap().free
    }

    pub fn was_asked(&self, request: &Request) -> bool {
        self.shared.state.lock().unwrap().requests.contains(request)
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

impl Shared {
    fn serve(&self, pid: i32) {
        while let Received::Message(ToAgent { id, request }, _) = self.control.receive(true) {
            let (answer, event) = self.obey(pid, &request);
            let last = request == Request::Detach;
            self.state.lock().unwrap().requests.push(request);
            let _ = self.control.send(&ToServer::Reply(id, answer));
            if let Some(event) = event {
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

    fn obey(&self, pid: i32, request: &Request) -> (Result<Answer, Failure>, Option<Event>) {
        let mut state = self.state.lock().unwrap();
        let answer = match request {
            Request::Threads => Answer::Threads(vec![Thread { tid: Tid(pid), name: "a<b".into() }]),
            Request::Description => Answer::Text("<target/>".repeat(10_000)),
            Request::Registers(_) => Answer::Bytes(vec![1, 2, 0xff]),
            Request::Register(_, 32) => Answer::Bytes(vec![0x20]),
            Request::Register(..) => return (Err(Failure::Invalid), None),
            Request::ReadMemory { addr, len } => {
                Answer::Bytes((*addr..addr + len).map(|at| at as u8).collect())
            }
            Request::Siginfo(_) => Answer::Bytes(vec![0; 128]),
            Request::Auxv => Answer::Bytes(b"}$#*".to_vec()),
            Request::Libraries => Answer::Libraries(vec![Library {
                name: "/lib/a&b.so".into(),
                link_map: 0x10,
                bias: 0x2000,
                dynamic: 0x3000,
            }]),
            Request::Executable => Answer::Text("/bin/guest".into()),
            Request::File(path) if path.ends_with("/maps") => {
                Answer::File(File::Contents(b"the map".to_vec()))
            }
            Request::File(path) => Answer::File(File::Host(path.into())),
            Request::Monitor(_) => Answer::Monitor(None),
            Request::Resume(_) => {
                state.runs = true;
                Answer::Done
            }
            Request::Stop => {
                let stopped = std::mem::take(&mut state.runs);
                let event = stopped.then_some(Event::Stopped(Tid(pid), StopReason::Requested));
                return (Ok(Answer::Done), event);
            }
            _ => Answer::Done,
        };
        (Ok(answer), None)
    }
}
