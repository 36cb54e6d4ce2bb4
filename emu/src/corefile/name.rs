//! Where the core of a dying program goes (core(5), "Naming of core dump files").

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;
use std::time::SystemTime;

use super::thread::Thread;
use crate::process::Process;
use crate::process::view;

/// What a name is made of.
struct Facts {
    pid: i32,
    tid: i32,
    signal: i32,
    limit: u64,
}

/// The name of the core of a process whose `first` thread dies, with at most `limit` bytes; relative ones are for the folder that the process is in.
pub(super) fn choose(process: &Process, first: &Thread, limit: u64) -> PathBuf {
    let line = |path: &str| {
        let mut text = fs::read(path).unwrap_or_default();
        text.truncate(text.trim_ascii_end().len());
        text
    };
    let pattern = usable(line("/proc/sys/kernel/core_pattern"));
    let with_pid = line("/proc/sys/kernel/core_uses_pid") != b"0";
    let signal = first.siginfo.map_or(0, |info| info.signal);
    let facts = Facts { pid: process.pid(), tid: first.tid, signal, limit };
    let name = expand(&pattern, with_pid, &facts, |letter| match letter {
        b'e' => line("/proc/thread-self/comm"),
        b'E' => program().as_os_str().as_bytes().to_vec(),
        b'f' => program().file_name().map(OsStr::as_bytes).unwrap_or_default().to_vec(),
        b'h' => line("/proc/sys/kernel/hostname"),
        _ => Vec::new(),
    });
    PathBuf::from(std::ffi::OsString::from_vec(name))
}

fn program() -> PathBuf {
    view::own_program().map(|(_, link)| link).unwrap_or_default()
}

/// The machine's pattern. One that names a program or a socket to give cores to is for those of the machine's own programs: then they are files.
fn usable(pattern: Vec<u8>) -> Vec<u8> {
    match pattern.first() {
        Some(b'|' | b'@') => b"core.%p".to_vec(),
        None => b"core".to_vec(),
        _ => pattern,
    }
}

/// Puts in what the letters behind `%` stand for: `text` says what words do.
fn expand(pattern: &[u8], with_pid: bool, facts: &Facts, text: impl Fn(u8) -> Vec<u8>) -> Vec<u8> {
    let mut name = Vec::new();
    let mut has_pid = false;
    let mut rest = pattern.iter();
    while let Some(&byte) = rest.next() {
        if byte != b'%' {
            name.push(byte);
            continue;
        }
        let Some(&letter) = rest.next() else { break };
        let number = match letter {
            b'%' => {
                name.push(b'%');
                continue;
            }
            b'c' => facts.limit,
            // Programs for which it is anything else have no core.
            b'd' => 1,
            b'g' => nix::unistd::getgid().as_raw().into(),
            b'i' | b'I' => facts.tid as u64,
            b'p' | b'P' => {
                has_pid = true;
                facts.pid as u64
            }
            b's' => facts.signal as u64,
            b't' => SystemTime::UNIX_EPOCH.elapsed().map_or(0, |time| time.as_secs()),
            b'u' => nix::unistd::getuid().as_raw().into(),
            _ => {
                name.extend(text(letter).into_iter().map(|byte| if byte == b'/' { b'!' } else { byte }));
                continue;
            }
        };
        name.extend(number.to_string().bytes());
    }
    if with_pid && !has_pid {
        name.extend(format!(".{}", facts.pid).bytes());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(pattern: &str, with_pid: bool) -> String {
        let facts = Facts { pid: 7, tid: 8, signal: 11, limit: 4096 };
        let text = |letter| if letter == b'E' { b"/bin/true".to_vec() } else { Vec::new() };
        String::from_utf8(expand(pattern.as_bytes(), with_pid, &facts, text)).unwrap()
    }

    #[test]
    fn letters_stand_for_what_the_manual_says() {
        assert_eq!(name("core", false), "core");
        assert_eq!(name("core", true), "core.7");
        assert_eq!(name("/var/%E.%p.%i.%s.%c.%d", true), "/var/!bin!true.7.8.11.4096.1");
        assert_eq!(name("a%%b%zc%", false), "a%bc");
    }

    #[test]
    fn cores_for_others_become_files() {
        let usable = |pattern: &[u8]| usable(pattern.to_vec());
        assert_eq!(usable(b"|/usr/bin/reporter %p"), b"core.%p");
        assert_eq!(usable(b"@/run/socket"), b"core.%p");
        assert_eq!(usable(b"/tmp/core.%e"), b"/tmp/core.%e");
    }
}
