//! Takes out of a transcript what differs from run to run and from machine to machine: pids, addresses, ports, paths, gdb's version.

use std::collections::HashMap;

/// What is known to vary in one run.
#[derive(Clone, Debug, Default)]
pub struct Normaliser {
    paths: Vec<(String, &'static str)>,
    pids: HashMap<String, usize>,
}

impl Normaliser {
    /// A folder and what to call it; the first that fits wins.
    pub fn path(&mut self, path: &str, name: &'static str) {
        self.paths.push((path.to_owned(), name));
    }

    /// A process's number: it becomes `PID1`, `PID2`, … in the order of their appearance.
    pub fn pid(&mut self, pid: &str) {
        let next = self.pids.len() + 1;
        self.pids.entry(pid.to_owned()).or_insert(next);
    }

    /// The text with all of it replaced.
    pub fn apply(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (path, name) in &self.paths {
            text = text.replace(path.as_str(), name);
        }
        let mut clean = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some(first) = rest.chars().next() {
            let length = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
            if length == 0 {
                clean.push(first);
                rest = &rest[first.len_utf8()..];
                continue;
            }
            let (word, after) = rest.split_at(length);
            clean.push_str(&self.word(word, &clean));
            rest = after;
        }
        clean.lines().map(version).collect::<Vec<_>>().join("\n")
    }

    fn word(&self, word: &str, before: &str) -> String {
        let is_hex = |digits: &str| digits.len() > 4 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        if word.strip_prefix("0x").is_some_and(is_hex) {
            return "ADDRESS".to_owned();
        }
        if let (Some(number), true) = (self.pids.get(word), pid_is_due(before)) {
            return format!("PID{number}");
        }
        if ["127.0.0.1:", "localhost:"].iter().any(|host| before.ends_with(host)) {
            return "PORT".to_owned();
        }
        word.to_owned()
    }
}

/// A pid may be as small as an exit code: it is one only where text speaks of processes (`process 7`, `Thread 7.7`, `/proc/7/maps`).
fn pid_is_due(before: &str) -> bool {
    let second = before
        .strip_suffix('.')
        .and_then(|before| before.rsplit(' ').next())
        .is_some_and(|w| w.starts_with("PID"));
    second || ["process ", "Thread ", "/proc/", "Process ID: "].iter().any(|word| before.ends_with(word))
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// `GNU gdb (Debian 13.1-3) 13.1` names a machine.
fn version(line: &str) -> &str {
    if line.starts_with("GNU gdb ") { "GNU gdb VERSION" } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_varies_is_named() {
        let mut normaliser = Normaliser::default();
        normaliser.path("/home/me/tine", "ROOT");
        normaliser.pid("4711");
        normaliser.pid("4712");
        normaliser.pid("4711");
        for (said, clean) in [
            ("Thread 4712.4712 fork to child", "Thread PID2.PID2 fork to child"),
            ("14711 0x4711 x4711 4711", "14711 0x4711 x4711 4711"),
            ("process 4711 /proc/4712/maps", "process PID1 /proc/PID2/maps"),
            ("main at /home/me/tine/guests/a.c:7", "main at ROOT/guests/a.c:7"),
            ("pc 0x0000000000010478 <main+4>", "pc ADDRESS <main+4>"),
            ("listening on 127.0.0.1:40123.", "listening on 127.0.0.1:PORT."),
            ("GNU gdb (Debian 13.1-3) 13.1\nCopyright", "GNU gdb VERSION\nCopyright"),
            ("é 0x12345é", "é ADDRESSé"),
        ] {
            assert_eq!(normaliser.apply(said), clean);
        }
    }
}
