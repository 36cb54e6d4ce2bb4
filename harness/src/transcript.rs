//! What a scenario did and what came of it, line by line: the text of the snapshots.

use crate::gdb::Event;
use crate::normalise::Normaliser;

/// The lines so far, and the names of what varies in them.
#[derive(Debug, Default)]
pub struct Transcript {
    lines: Vec<String>,
    names: Normaliser,
    silent: bool,
}

impl Transcript {
    /// A verb with its arguments: `> break main`.
    pub fn verb(&mut self, words: &[&str]) {
        self.push(format!("> {}", words.join(" ")));
    }

    /// What gdb reported by itself.
    pub fn event(&mut self, event: &Event) {
        if let Event::Started { pid, .. } = event {
            self.names.pid(pid);
        }
        self.push(event.to_string());
    }

    /// Text that was printed, indented.
    pub fn text(&mut self, text: &str) {
        for line in text.lines() {
            self.push(format!("    {line}").trim_end().to_owned());
        }
    }

    /// Whether lines are kept from now on. Pids are noticed all the same.
    pub fn record(&mut self, on: bool) {
        if self.silent == on {
            self.silent = !on;
            if on {
                self.push("(some of it is not shown)".to_owned());
            }
        }
    }

    /// What varies, for adding to it.
    pub fn names(&mut self) -> &mut Normaliser {
        &mut self.names
    }

    /// All lines, with what varies named.
    pub fn normalised(&self) -> String {
        self.names.apply(&self.lines.join("\n"))
    }

    fn push(&mut self, line: String) {
        if !self.silent {
            self.lines.push(line);
        }
    }
}
