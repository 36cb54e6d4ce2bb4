//! What LLDB asks of the machine and of a process before anything else ("GDB Remote Protocol Extensions" of its documentation).
//! Texts are in hexadecimal.
//!
//! ```text
//! → qHostInfo       ← triple:7269…;ptrsize:8;endian:little;ostype:linux;hostname:…;os_version:6.12.0;…
//! → qProcessInfo    ← pid:1f;parent-pid:1e;real-uid:3e8;…;triple:7269…;ptrsize:8;endian:little;elf_abi:lp64d;
//! → qGDBServerVersion  ← name:tine-stub;version:0.1.0;
//! ```

use std::fmt::Write;
use std::fs;

use crate::control::{Answer, Request};
use crate::id::Pid;
use crate::server::Session;
use crate::target::{Failure, Machine};

use super::Reply;

/// `qHostInfo`
pub(crate) fn host(session: &mut Session, _: &[u8]) -> Reply {
    let mut describe = || {
        let machine = machine(session)?;
        let mut out = shape(&machine);
        let name = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        let _ = write!(out, "hostname:{};os_version:{};", text(name.trim()), version(&machine.release));
        // A watchpoint is told before the access happens.
        out.push_str("watchpoint_exceptions_received:before;");
        Ok(out.into_bytes())
    };
    describe().into()
}

/// `qProcessInfo`: of the selected process.
pub(crate) fn process(session: &mut Session, _: &[u8]) -> Reply {
    let mut describe = || {
        let pid = session.current_or_fail()?.pid;
        let machine = machine(session)?;
        let mut out = format!("pid:{:x};{}", pid.0, ids(pid));
        let _ = write!(out, "{}elf_abi:{};", shape(&machine), machine.abi);
        Ok(out.into_bytes())
    };
    describe().into()
}

/// `qGDBServerVersion`
pub(crate) fn server(_: &mut Session, _: &[u8]) -> Reply {
    format!("name:{};version:{};", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION")).into()
}

fn machine(session: &mut Session) -> Result<Machine, Failure> {
    let id = session.current_or_fail()?;
    match session.ask(id.pid, Request::Machine)? {
        Answer::Machine(machine) => Ok(machine),
        _ => Err(Failure::Invalid),
    }
}

fn shape(machine: &Machine) -> String {
    let triple = text(&machine.triple);
    format!("triple:{triple};ptrsize:{};endian:little;ostype:linux;", machine.pointer)
}

/// The digits at the beginning: LLDB takes no other versions.
fn version(release: &str) -> &str {
    let end = release.find(|character: char| !character.is_ascii_digit() && character != '.');
    release.get(..end.unwrap_or(release.len())).unwrap_or_default().trim_end_matches('.')
}

/// Parent and owners, as the kernel has them (proc(5), `status`).
fn ids(pid: Pid) -> String {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let field = |name: &str, place: usize| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
        line.split_whitespace().nth(place)?.parse::<u32>().ok()
    };
    let mut out = String::new();
    for (name, of, place) in [
        ("parent-pid", "PPid", 0),
        ("real-uid", "Uid", 0),
        ("real-gid", "Gid", 0),
        ("effective-uid", "Uid", 1),
        ("effective-gid", "Gid", 1),
    ] {
        if let Some(number) = field(of, place) {
            let _ = write!(out, "{name}:{number:x};");
        }
    }
    out
}

fn text(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_digits() {
        assert_eq!(version("6.12.0-tine"), "6.12.0");
        assert_eq!(version("6.1.-x"), "6.1");
        assert_eq!(version(""), "");
    }

    #[test]
    fn this_process_has_ids() {
        let ids = ids(Pid(std::process::id() as i32));
        assert_eq!(ids.matches(';').count(), 5, "{ids}");
    }
}
