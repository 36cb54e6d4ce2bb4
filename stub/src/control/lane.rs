//! A lane beside the socket: memory that the server and an agent share, for a message to one who looks out for it at that moment. Neither a
//! system call nor a thread's waking lies between. Who looks out gives up after a moment; from then on the socket is the way.
//!
//! One word says how things stand; whoever may leave a state is the only one to write it, or both do by compare-and-swap:
//!
//! ```text
//! Shut ──listen──► Listens ──put──► Request ──take──► Taken ──read──► Serves ──put──► Answer ──take──► Listens
//!  ▲                  │  ▲             │ server           │ gives up      │ gives up      │ listener gives up
//!  │                  │  └─ withdraws ─┘ gives up         ▼               ▼               ▼
//!  ├───── gives up ───┘                                Unawaited         Shut           Parting
//!  ├─────────────────── read ─────────────────────────────┘                               │
//!  └─────────────────── take ─────────────────────────────────────────────────────────────┘
//! ```
//!
//! A request that was not taken goes by the socket instead, so that none overtakes another. One that was taken is served before any that comes by
//! the socket after it: who takes it has shut the gate before (`agent/serve.rs`).

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, AtomicU64, Ordering};

use serde::{Serialize, de::DeserializeOwned};

use super::socket::LOOKOUT;

/// Memory that two processes share: atomic words. How it comes about is the emulator's.
pub type Words = Arc<dyn AsRef<[AtomicU64]> + Send + Sync>;

/// How much memory it takes, in bytes.
pub const LANE_SIZE: usize = 4096;

/// Nobody looks out.
const SHUT: u64 = 0;
/// A thread of the guest's looks out for a request.
const LISTENS: u64 = 1;
/// There is one.
const REQUEST: u64 = 2;
/// The thread reads it, and the server does not wait here for what follows.
const UNAWAITED: u64 = 3;
/// The request is served; the server looks out for what follows.
const SERVES: u64 = 4;
/// It is there, and the thread looks out for the next request.
const ANSWER: u64 = 5;
/// It is there, and the thread does not.
const PARTING: u64 = 6;
/// The thread reads the request.
const TAKEN: u64 = 7;

/// Words before the message.
const HEAD: usize = 3;

struct Shared(Words);

impl Shared {
    /// `None`: that is too small.
    fn new(words: Words) -> Option<Shared> {
        (words.as_ref().as_ref().len() >= LANE_SIZE / 8).then_some(Shared(words))
    }

    fn words(&self) -> &[AtomicU64] {
        self.0.as_ref().as_ref()
    }

    fn state(&self) -> u64 {
        self.words()[0].load(Ordering::Acquire)
    }

    fn set(&self, state: u64) {
        self.words()[0].store(state, Ordering::Release);
    }

    fn change(&self, from: u64, to: u64) -> bool {
        self.words()[0].compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }

    /// How many messages the agent has served that came by the socket.
    fn served(&self) -> &AtomicU64 {
        &self.words()[1]
    }

    /// Writes a message, if there is room for it. Only for one who may leave the state.
    fn write(&self, message: &impl Serialize) -> bool {
        let mut bytes = [0; LANE_SIZE - HEAD * 8];
        let Ok(used) = postcard::to_slice(message, &mut bytes) else { return false };
        let len = used.len();
        self.words()[2].store(len as u64, Ordering::Relaxed);
        for (word, chunk) in self.words()[HEAD..].iter().zip(bytes[..len.next_multiple_of(8)].chunks_exact(8))
        {
            word.store(u64::from_le_bytes(chunk.try_into().unwrap_or_default()), Ordering::Relaxed);
        }
        true
    }

    fn read<M: DeserializeOwned>(&self) -> Option<M> {
        let len = usize::try_from(self.words()[2].load(Ordering::Relaxed)).ok()?;
        let words = self.words()[HEAD..].get(..len.div_ceil(8))?;
        let mut bytes = [0; LANE_SIZE - HEAD * 8];
        for (chunk, word) in bytes.chunks_exact_mut(8).zip(words) {
            chunk.copy_from_slice(&word.load(Ordering::Relaxed).to_le_bytes());
        }
        postcard::from_bytes(bytes.get(..len)?).ok()
    }
}

/// Looks a few times at once: the other side may be about to write.
fn a_few_times<T>(mut look: impl FnMut() -> Option<T>) -> Option<T> {
    (0..8).find_map(|_| {
        std::hint::spin_loop();
        look()
    })
}

/// What the server has seen that looked out.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Heard<M> {
    /// What followed on the request.
    Message(M),
    /// That comes by the socket.
    Nothing,
    /// The request was not taken, and is not there any more.
    Withdrawn,
}

/// The server's end.
pub(crate) struct ServerLane {
    shared: Shared,
    /// How many messages were sent by the socket since there is a lane.
    sent: AtomicU64,
}

impl ServerLane {
    pub fn new(words: Words) -> Option<ServerLane> {
        Some(ServerLane { shared: Shared::new(words)?, sent: AtomicU64::new(0) })
    }

    /// A message goes by the socket: none that comes later may overtake it.
    pub fn count(&self) {
        self.sent.fetch_add(1, Ordering::Relaxed);
    }

    /// Sends a request to one who looks out; false: nobody does. What follows has to be awaited.
    pub fn put(&self, request: &impl Serialize) -> bool {
        let shared = &self.shared;
        shared.state() == LISTENS
            && shared.served().load(Ordering::Acquire) == self.sent.load(Ordering::Relaxed)
            && shared.write(request)
            && shared.change(LISTENS, REQUEST)
    }

    /// Looks out for what follows.
    pub fn await_answer<M: DeserializeOwned>(&self) -> Heard<M> {
        LOOKOUT.look_out(|| {
            a_few_times(|| matches!(self.shared.state(), ANSWER | PARTING | SHUT).then_some(()))
        });
        self.give_up()
    }

    /// Takes what has come meanwhile, and looks out no more.
    pub fn give_up<M: DeserializeOwned>(&self) -> Heard<M> {
        let shared = &self.shared;
        loop {
            match shared.state() {
                REQUEST if shared.change(REQUEST, LISTENS) => return Heard::Withdrawn,
                TAKEN if shared.change(TAKEN, UNAWAITED) => return Heard::Nothing,
                SERVES if shared.change(SERVES, SHUT) => return Heard::Nothing,
                REQUEST | TAKEN | SERVES => {}
                ANSWER | PARTING => {
                    let message = shared.read();
                    if !shared.change(ANSWER, LISTENS) {
                        shared.set(SHUT);
                    }
                    return message.map_or(Heard::Nothing, Heard::Message);
                }
                _ => return Heard::Nothing,
            }
        }
    }
}

/// The agent's end.
pub(crate) struct AgentLane {
    shared: Shared,
    /// The thread that listens, or that has done so last.
    listener: AtomicI32,
}

impl AgentLane {
    pub fn new(words: Words) -> Option<AgentLane> {
        Some(AgentLane { shared: Shared::new(words)?, listener: AtomicI32::new(0) })
    }

    /// A message that came by the socket has been served.
    pub fn count(&self) {
        self.shared.served().fetch_add(1, Ordering::Release);
    }

    /// Sends what this thread has to say, if the server looks out for it.
    pub fn put(&self, tid: i32, message: &impl Serialize) -> bool {
        self.listener.load(Ordering::Relaxed) == tid
            && self.shared.state() == SERVES
            && self.shared.write(message)
            && self.shared.change(SERVES, ANSWER)
    }

    /// Whether this thread may look out from now on.
    pub fn listen(&self, tid: i32) -> bool {
        let shared = &self.shared;
        let is_free = shared.change(SHUT, LISTENS);
        if is_free {
            self.listener.store(tid, Ordering::Relaxed);
        }
        // What it has said may have been taken, and followed by the next request already.
        let said = || matches!(shared.state(), ANSWER | LISTENS | REQUEST);
        is_free || self.listener.load(Ordering::Relaxed) == tid && said()
    }

    /// Looks out, in a thread that may, for a request or for what `released` gives. Returns the latter, and whether there is a request for the
    /// thread to [`AgentLane::take`]; if there is none, it does not look out any more.
    pub fn await_request<T>(&self, mut released: impl FnMut() -> Option<T>) -> (Option<T>, bool) {
        let shared = &self.shared;
        let mut look = || match shared.state() {
            LISTENS | ANSWER => released().map(Some),
            _ => Some(None),
        };
        let release = LOOKOUT.look_out(|| a_few_times(&mut look));
        loop {
            match shared.state() {
                LISTENS if !shared.change(LISTENS, SHUT) => {}
                ANSWER if !shared.change(ANSWER, PARTING) => {}
                state => return (release.flatten(), state == REQUEST),
            }
        }
    }

    /// Takes the request; `None`: it was withdrawn, or makes no sense.
    pub fn take<M: DeserializeOwned>(&self) -> Option<M> {
        if !self.shared.change(REQUEST, TAKEN) {
            return None;
        }
        let request = self.shared.read();
        if !self.shared.change(TAKEN, SERVES) {
            self.shared.set(SHUT);
        }
        request
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Memory(Vec<AtomicU64>);

    impl AsRef<[AtomicU64]> for Memory {
        fn as_ref(&self) -> &[AtomicU64] {
            &self.0
        }
    }

    fn lane() -> (ServerLane, AgentLane) {
        let words: Words = Arc::new(Memory((0..LANE_SIZE / 8).map(|_| AtomicU64::new(0)).collect()));
        (ServerLane::new(words.clone()).unwrap(), AgentLane::new(words).unwrap())
    }

    const TID: i32 = 7;
    const NEVER: fn() -> Option<()> = || None;

    #[test]
    fn a_request_is_sent_only_to_one_who_looks_out() {
        let (server, agent) = lane();
        assert!(!server.put(&1u32));
        assert!(!agent.put(TID, &1u32));
        assert!(agent.listen(TID) && !agent.listen(TID + 1));
        // One that was sent by the socket comes first.
        server.count();
        assert!(!server.put(&1u32));
        agent.count();
        assert!(server.put(&1u32) && !server.put(&2u32));
        assert_eq!(agent.await_request(NEVER), (None, true));
        assert_eq!(agent.take(), Some(1u32));
        assert!(!agent.put(TID + 1, &3u32) && agent.put(TID, &3u32));
        assert_eq!(server.await_answer(), Heard::Message(3u32));
        // It looks out still.
        assert!(agent.listen(TID) && server.put(&4u32));
    }

    #[test]
    fn who_has_given_up_is_not_sent_anything() {
        let (server, agent) = lane();
        assert!(agent.listen(TID));
        assert_eq!(agent.await_request(NEVER), (None, false));
        assert!(!server.put(&1u32));
        assert!(agent.listen(TID) && server.put(&2u32));
        assert_eq!(agent.await_request(NEVER), (None, true));
        assert_eq!(server.give_up::<u32>(), Heard::Withdrawn);
        assert_eq!(agent.take::<u32>(), None);
        assert!(agent.listen(TID) && !agent.listen(TID + 1));
        assert_eq!(agent.await_request(NEVER), (None, false));
        assert!(agent.listen(TID + 1) && server.put(&4u32));
        assert_eq!(agent.take(), Some(4u32));
        assert_eq!(server.await_answer::<u32>(), Heard::Nothing);
        assert!(!agent.put(TID + 1, &5u32));
    }

    #[test]
    fn an_answer_outlives_the_look_out() {
        let (server, agent) = lane();
        assert!(agent.listen(TID) && server.put(&1u32));
        assert_eq!(agent.take(), Some(1u32));
        assert!(agent.put(TID, &2u32) && agent.listen(TID) && !agent.listen(TID + 1));
        assert_eq!(agent.await_request(|| Some("released")), (Some("released"), false));
        assert!(!agent.listen(TID) && !server.put(&3u32));
        assert_eq!(server.give_up(), Heard::Message(2u32));
        assert!(agent.listen(TID));
    }

    #[test]
    fn what_is_too_long_is_refused() {
        let (server, agent) = lane();
        assert!(agent.listen(TID));
        assert!(!server.put(&vec![0u8; LANE_SIZE]));
        assert!(server.put(&vec![1u8; LANE_SIZE - 64]));
        assert_eq!(agent.take(), Some(vec![1u8; LANE_SIZE - 64]));
    }

    /// Both sides count up, by the lane or, where that is shut, by two channels in the socket's place; each number arrives once.
    #[test]
    fn nothing_is_lost_or_doubled_between_two_threads() {
        const ROUNDS: u32 = 20_000;
        let (server, agent) = lane();
        let (to_agent, requests) = std::sync::mpsc::channel::<u32>();
        let (to_server, answers) = std::sync::mpsc::channel::<u32>();
        let thread = std::thread::spawn(move || {
            let mut next = 0;
            let answer = |request: u32| {
                if !agent.put(TID, &(request + 1)) {
                    to_server.send(request + 1).unwrap();
                }
            };
            while next < ROUNDS {
                if agent.listen(TID) {
                    let (came, is_request) = agent.await_request(|| requests.try_recv().ok());
                    if is_request && let Some(request) = agent.take::<u32>() {
                        assert_eq!(request, next);
                        answer(next);
                        next += 1;
                    }
                    if let Some(request) = came {
                        assert_eq!(request, next);
                        agent.count();
                        answer(next);
                        next += 1;
                    }
                } else if let Ok(request) = requests.try_recv() {
                    assert_eq!(request, next);
                    agent.count();
                    answer(next);
                    next += 1;
                }
            }
        });
        for number in 0..ROUNDS {
            let send = || {
                server.count();
                to_agent.send(number).unwrap();
            };
            // Now and then it does not look out at all.
            let answer = match server.put(&number) {
                true if number % 3 == 0 => server.give_up(),
                true => server.await_answer(),
                false => Heard::Withdrawn,
            };
            let answer = match answer {
                Heard::Message(answer) => answer,
                Heard::Nothing => answers.recv().unwrap(),
                Heard::Withdrawn => {
                    send();
                    answers.recv().unwrap()
                }
            };
            assert_eq!(answer, number + 1);
        }
        thread.join().unwrap();
    }
}
