//! Process and thread ids, and how the protocol writes them (gdb manual, "Packets", *thread-id syntax*).

use std::fmt;

use serde::{Deserialize, Serialize};

/// Id of a process, as the host kernel counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Pid(pub i32);

/// Id of a thread, as the host kernel counts; the first thread's is its process's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Tid(pub i32);

/// A thread of a process: `p1a2b.1a2c`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ThreadId {
    /// The process.
    pub pid: Pid,
    /// The thread.
    pub tid: Tid,
}

impl ThreadId {
    /// The thread that a process begins with.
    pub fn first(pid: Pid) -> ThreadId {
        ThreadId { pid, tid: Tid(pid.0) }
    }
}

/// One half of a thread id in a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// `0`: whichever the stub likes.
    Any,
    /// `-1`: all of them.
    All,
    /// This one.
    One(i32),
}

/// A thread id as a packet may write it: one thread, any or all of a process, or of all processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selector {
    /// Which process. [`Which::Any`] where the packet names none: then the selected process is meant.
    pub pid: Which,
    /// Which thread.
    pub tid: Which,
}

impl Selector {
    /// All threads of all processes.
    pub const ALL: Selector = Selector { pid: Which::All, tid: Which::All };

    /// Reads `TID`, `pPID`, `pPID.TID`; both halves hexadecimal, `0` or `-1`. Nothing may follow.
    pub fn parse(text: &str) -> Option<Selector> {
        match text.strip_prefix('p') {
            None => Some(Selector { pid: Which::Any, tid: Which::parse(text)? }),
            Some(rest) => match rest.split_once('.') {
                None => Some(Selector { pid: Which::parse(rest)?, tid: Which::All }),
                Some((pid, tid)) => {
                    let selector = Selector { pid: Which::parse(pid)?, tid: Which::parse(tid)? };
                    // "p-1.TID" is an error by the manual, whatever TID is, except for the two that name no thread.
                    let legal = selector.pid != Which::All || !matches!(selector.tid, Which::One(_));
                    legal.then_some(selector)
                }
            },
        }
    }

    /// Whether it names thread `id`; a half that says "any" matches everything.
    pub fn matches(self, id: ThreadId) -> bool {
        self.pid.matches(id.pid.0) && self.tid.matches(id.tid.0)
    }
}

impl Which {
    fn parse(text: &str) -> Option<Which> {
        if text == "-1" {
            return Some(Which::All);
        }
        if text.is_empty() || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        match i32::from_str_radix(text, 16).ok()? {
            0 => Some(Which::Any),
            id => Some(Which::One(id)),
        }
    }

    fn matches(self, id: i32) -> bool {
        match self {
            Which::Any | Which::All => true,
            Which::One(one) => one == id,
        }
    }
}

impl From<ThreadId> for Selector {
    fn from(id: ThreadId) -> Selector {
        Selector { pid: Which::One(id.pid.0), tid: Which::One(id.tid.0) }
    }
}

impl fmt::Display for ThreadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "p{:x}.{:x}", self.pid.0, self.tid.0)
    }
}

impl fmt::Display for Pid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read() {
        let one = |pid, tid| Some(Selector { pid, tid });
        assert_eq!(Selector::parse("-1"), one(Which::Any, Which::All));
        assert_eq!(Selector::parse("0"), one(Which::Any, Which::Any));
        assert_eq!(Selector::parse("1f"), one(Which::Any, Which::One(31)));
        assert_eq!(Selector::parse("p0.0"), one(Which::Any, Which::Any));
        assert_eq!(Selector::parse("p1f"), one(Which::One(31), Which::All));
        assert_eq!(Selector::parse("p1f.-1"), one(Which::One(31), Which::All));
        assert_eq!(Selector::parse("p1f.20"), one(Which::One(31), Which::One(32)));
        assert_eq!(Selector::parse("p-1.-1"), one(Which::All, Which::All));
        for bad in ["", "p", "p.", "p1.", "x", "p-1.2", "-2", "+1", "1 ", "ffffffff", "p1.2.3"] {
            assert_eq!(Selector::parse(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let id = ThreadId { pid: Pid(0x1a2b), tid: Tid(0x1a2c) };
        assert_eq!(id.to_string(), "p1a2b.1a2c");
        assert_eq!(Selector::parse(&id.to_string()), Some(Selector::from(id)));
    }
}
