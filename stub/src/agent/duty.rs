//! Who reads requests: the agent's thread, or one of the guest's that stands. The agent's thread is not there all the time: fork(2) would leave the
//! child with all that it has, its part of the allocator above all, and nobody to free it. It ends before a fork that is followed,
//! and is made anew when a process is let go.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, JoinHandle};

use nix::unistd::gettid;

use crate::id::Tid;

use super::Agent;

/// The stack of its thread: that of a vfork's child stays behind in its parent's memory.
const STACK: usize = 256 << 10;

/// Who reads requests.
#[derive(Default)]
pub(super) struct Duty {
    state: Mutex<State>,
    passed: Condvar,
}

#[derive(Default)]
struct State {
    /// A thread of the guest's; `None`: the agent's thread.
    holder: Option<Tid>,
    /// The holder is being stepped.
    steps: bool,
    thread: Option<(JoinHandle<()>, Arc<Ticket>)>,
}

/// What the agent's thread and those who end it know of it.
#[derive(Default)]
pub(super) struct Ticket {
    /// Its number, when it has begun.
    tid: AtomicI32,
    is_dismissed: AtomicBool,
}

impl Duty {
    /// That of a process in which this thread stands, and there is no other yet.
    pub fn of(tid: Tid) -> Duty {
        Duty { state: Mutex::new(State { holder: Some(tid), ..State::default() }), passed: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn is(&self, tid: Tid) -> bool {
        self.lock().holder == Some(tid)
    }

    /// Whether the holder has it because it is being stepped: what comes next comes at once.
    pub fn is_of_steps(&self) -> bool {
        self.lock().steps
    }

    /// Whether the agent's thread is there.
    pub fn has_thread(&self) -> bool {
        self.lock().thread.is_some()
    }

    /// Waits until it is the agent's thread's, or that one is to end.
    fn wait(&self, ticket: &Ticket) {
        let waits = |state: &mut State| state.holder.is_some() && !ticket.is_dismissed();
        drop(self.passed.wait_while(self.lock(), waits));
    }
}

impl Ticket {
    // The order of these, of the tid and of rousing by it matters: either the thread sees that it is to go, or whoever says so its number.
    fn is_dismissed(&self) -> bool {
        self.is_dismissed.load(Ordering::SeqCst)
    }
}

impl Agent {
    /// Gives the duty to a thread of the guest's that is stepped, or to the agent's, which is made if it is not there. If that fails the process
    /// is let go: its requests would stay unread for ever. To be called with the gate shut.
    pub(super) fn pass_duty(&self, to: Option<Tid>) {
        let mut state = self.shared.duty.lock();
        let from = std::mem::replace(&mut state.holder, to);
        state.steps = to.is_some();
        if to.is_some() {
            return;
        }
        if state.thread.is_none() && !self.is_over() {
            match self.make_thread() {
                Ok(thread) => state.thread = Some(thread),
                Err(error) => {
                    drop(state);
                    log::warn!("the debugger is left: no thread for it: {error}");
                    self.end();
                    return;
                }
            }
        }
        if from.is_some() {
            self.shared.duty.passed.notify_all();
        }
    }

    /// Makes the agent's thread.
    pub(super) fn begin(&self) -> io::Result<()> {
        let mut state = self.shared.duty.lock();
        state.thread = Some(self.make_thread()?);
        Ok(())
    }

    fn make_thread(&self) -> io::Result<(JoinHandle<()>, Arc<Ticket>)> {
        let ticket = Arc::new(Ticket::default());
        let (agent, its) = (self.clone(), ticket.clone());
        let builder = Builder::new().name("agent".into()).stack_size(STACK);
        let handle = self.target().spawn(builder, Box::new(move || agent.serve(&its)))?;
        Ok((handle, ticket))
    }

    /// The agent's thread.
    fn serve(&self, ticket: &Ticket) {
        ticket.tid.store(gettid().as_raw(), Ordering::SeqCst);
        self.target().serving();
        while !self.is_over() && !ticket.is_dismissed() {
            self.target().wait(self.descriptor());
            if !ticket.is_dismissed() {
                self.serve_one();
                self.shared.duty.wait(ticket);
            }
        }
        self.target().served();
    }

    /// When it is over: waits until its thread has ended too.
    pub fn join(&self) {
        self.dismiss();
    }

    /// Shuts the gate when the agent's thread has ended, if it can be ended; `tid`, the caller, is on duty from then on if nobody else is.
    pub(super) fn gate_alone(&self, tid: Tid) -> MutexGuard<'_, ()> {
        loop {
            if self.target().rouses() {
                self.dismiss();
            }
            let gate = self.gate();
            let mut state = self.shared.duty.lock();
            if state.thread.is_none() {
                state.holder.get_or_insert(tid);
            } else if self.target().rouses() {
                // Somebody on duty was let go meanwhile.
                continue;
            }
            drop(state);
            return gate;
        }
    }

    /// Ends the agent's thread. The gate must be open: the thread may be at it.
    fn dismiss(&self) {
        let duty = &self.shared.duty;
        let Some((thread, ticket)) = duty.lock().thread.take() else { return };
        ticket.is_dismissed.store(true, Ordering::SeqCst);
        // With the lock: one that has just looked waits already, or will look again.
        drop(duty.lock());
        duty.passed.notify_all();
        match ticket.tid.load(Ordering::SeqCst) {
            0 => {}
            begun => self.target().rouse(Tid(begun)),
        }
        let _ = thread.join();
    }
}
