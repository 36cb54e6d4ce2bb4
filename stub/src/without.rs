//! Packets that a server does without when it is told to, so that one sees how a client gets on with a stub that does not know them
//! (`--disable-packet` of gdbserver).

use serde::{Deserialize, Serialize};

/// What is left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Without {
    /// The answer to `vCont?`.
    pub vcont: bool,
    /// All of a stop reply but the signal: it begins with `S`.
    pub t: bool,
    /// The thread in stop replies.
    pub t_thread: bool,
    /// `qC`
    pub current: bool,
    /// `qfThreadInfo`
    pub list: bool,
}

impl Without {
    /// Adds what is named, with commas in between; `None` if there is no such name. `threads` stands for all that is about threads.
    pub fn and(mut self, names: &str) -> Option<Without> {
        for name in names.split(',') {
            match name {
                "vCont" => self.vcont = true,
                "T" => self.t = true,
                "Tthread" => self.t_thread = true,
                "qC" => self.current = true,
                "qfThreadInfo" => self.list = true,
                "threads" => {
                    self = Without { vcont: true, t_thread: true, current: true, list: true, ..self }
                }
                _ => return None,
            }
        }
        Some(self)
    }

    /// Whether this packet is one of them.
    pub(crate) fn has(self, packet: &str) -> bool {
        match packet {
            "vCont?" => self.vcont,
            "qC" => self.current,
            "qfThreadInfo" => self.list,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_leaves_something_out() {
        for name in ["vCont", "T", "Tthread", "qC", "qfThreadInfo", "threads"] {
            assert_ne!(Without::default().and(name), Some(Without::default()), "{name}");
            assert!(Without::default().and(name).is_some(), "{name}");
        }
        let both = Without::default().and("qC,T").unwrap();
        assert_eq!(both, Without { t: true, current: true, ..Without::default() });
        assert!(both.has("qC") && !both.has("vCont?"));
        assert_eq!(Without::default().and("qC,vcont"), None);
    }
}
