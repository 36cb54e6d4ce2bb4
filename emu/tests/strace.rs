//! `-strace` spells calls and signals as strace(1) does: the same program is traced by both, here and on the host.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::path::{Path, PathBuf};
use std::process::Command;

fn compile(compiler: &str, name: &str, flags: &[&str]) -> Option<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../guests/driven/strace.c");
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("strace-{name}-{compiler}"));
    let status = Command::new(compiler)
        .args(["-O1", "-g", "-o"])
        .arg(&program)
        .args(flags)
        .arg(source)
        .status()
        .ok()?;
    assert!(status.success(), "{compiler}");
    Some(program)
}

/// Runs a tracer that writes to a file, and gives what is in it.
fn trace(name: &str, tracer: impl FnOnce(&Path) -> Command) -> Option<String> {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_file(&file);
    tracer(&file).output().ok()?;
    std::fs::read_to_string(&file).ok()
}

/// The guest's trace: that of its first process, without the number in front of each line.
fn ours() -> Option<String> {
    let program = compile("riscv64-linux-gnu-gcc", "guest", &["-static"])?;
    let text = trace("strace-ours", |file| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tine"));
        command.args(["-strace", "-D"]).arg(file).arg(program);
        command
    })?;
    let first = text.split(' ').next().unwrap().to_owned();
    let lines = text.lines().filter_map(|line| line.strip_prefix(&first)?.strip_prefix(' '));
    Some(comparable(lines))
}

fn theirs() -> Option<String> {
    let program = compile("gcc", "native", &[])?;
    let text = trace("strace-theirs", |file| {
        let mut command = Command::new("strace");
        command.arg("-o").arg(file).arg(program);
        command
    })?;
    text.contains("chdir").then(|| comparable(text.lines()))
}

/// From the first call that counts on, with what differs from run to run under other names.
fn comparable<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let lines: Vec<&str> = lines.skip_while(|line| !line.starts_with("chdir")).collect();
    let result = |name: &str| {
        let line = lines.iter().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("no {name}"));
        line.rsplit(' ').next().unwrap().to_owned()
    };
    let (own, child) = (result("getpid("), result("clone("));
    let mut text = String::new();
    for line in lines {
        // The column is strace's option, and addresses have lengths of their own.
        let (call, rest) = line.split_once(" = ").unwrap_or((line, ""));
        let line = if rest.is_empty() { line.to_owned() } else { format!("{} = {rest}", call.trim_end()) };
        let line = replace_number(&replace_number(&line, &own, "OWN"), &child, "CHILD");
        // x86-64 alone has a restorer.
        let line = line.replace("SA_RESTORER|", "");
        // How long the child has run, in hundredths of a second.
        let line = match line.split_once(", si_utime=") {
            Some((line, _)) => format!("{line}}} ---"),
            None => line,
        };
        text.push_str(&without_numbers(&line));
        text.push('\n');
    }
    text.replace(", sa_restorer=ADDRESS", "")
}

/// `number` by `word` where it stands alone: in a young pid namespace a pid has few digits, which other
/// numbers contain.
fn replace_number(line: &str, number: &str, word: &str) -> String {
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let mut out = String::new();
    let mut rest = line;
    while let Some(at) = rest.find(number) {
        let (before, after) = (&rest[..at], &rest[at + number.len()..]);
        out.push_str(before);
        let alone = !is_part(out.chars().last()) && !is_part(after.chars().next());
        out.push_str(if alone { word } else { number });
        rest = after;
    }
    out + rest
}

/// Addresses by a word, and fractions of a second.
fn without_numbers(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(at) = rest.find("0x").into_iter().chain(rest.find("nsec=")).min() {
        let head = if rest[at..].starts_with("0x") { 2 } else { 5 };
        let digits =
            rest[at + head..].find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(rest.len() - at - head);
        let end = at + head + digits;
        out.push_str(&rest[..at]);
        match (head, digits) {
            (2, 5..) => out.push_str("ADDRESS"),
            (5, 6..) => out.push_str("nsec=N"),
            _ => out.push_str(&rest[at..end]),
        }
        rest = &rest[end..];
    }
    out + rest
}

/// Lines say whose they are once there are several.
fn check_pids() {
    let Some(program) = compile("riscv64-linux-gnu-gcc", "pids", &["-static"]) else { return };
    let output = Command::new(env!("CARGO_BIN_EXE_tine")).arg("-strace").arg(program).output().unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    let (named, plain): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.starts_with("[pid "));
    // The fork is the last call of one process alone; its child may be quicker to say something.
    let is_fork = |line: &&str| line.contains("clone(");
    assert!(plain.last().is_some_and(is_fork) || named.iter().any(is_fork), "{text}");
    assert!(named.iter().any(|line| line.contains("exit_group(3)")), "{text}");
    assert!(named.iter().any(|line| line.ends_with("+++ exited with 3 +++")), "{text}");
    assert!(named.iter().any(|line| line.contains("wait4(")), "{text}");
}

// One test: both make the same folder.
#[test]
fn a_trace_reads_as_straces() {
    check_pids();
    let (Some(ours), Some(theirs)) = (ours(), theirs()) else {
        eprintln!("no compiler, or no strace that may trace; not checked");
        return;
    };
    for (ours, theirs) in ours.lines().zip(theirs.lines()) {
        assert_eq!(ours, theirs);
    }
    assert_eq!(ours.lines().count(), theirs.lines().count(), "{ours}");
}
