//! The engine's handlers go on by jumps. That the compiler makes them of calls is its habit, not a promise: so the built program
//! is looked at.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::process::Command;

/// What handlers that go on to a slot are called, as in symbols.
const HANDLERS: [&str; 8] = [
    "engine7handler8straight",
    "engine7handler6branch",
    "engine7handler3jal",
    "engine7handler4jalr",
    "engine7handler5float",
    "engine7handler3amo",
    "engine4fuse5fused",
    "engine5group5group",
];

#[test]
fn handlers_jump_to_the_next_and_call_none() {
    let program = env!("CARGO_BIN_EXE_tine");
    let output =
        Command::new("objdump").args(["-d", "--no-show-raw-insn", "-M", "att", program]).output().unwrap();
    assert!(output.status.success(), "objdump: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let mut seen = [0; HANDLERS.len()];
    for function in text.split("\n\n") {
        let Some((name, body)) = function.trim_start().split_once(">:\n") else { continue };
        let Some(which) = HANDLERS.iter().position(|handler| name.contains(handler)) else { continue };
        seen[which] += 1;
        let through_a_register = |line: &&str, what| {
            line.split_once(what).is_some_and(|(_, to)| to.contains('%') && !to.contains("(%rip)"))
        };
        let jumps = body.lines().filter(|line| through_a_register(line, "jmp    *")).count();
        let call = body.lines().find(|line| through_a_register(line, "call   *"));
        assert!(jumps > 0, "{name} never jumps to a slot's handler:\n{body}");
        assert_eq!(call, None, "{name} calls a slot's handler:\n{body}");
    }
    // Generic functions may be merged where they are the same, but not all of them.
    assert!(seen.iter().all(|&count| count > 0), "handlers found: {seen:?} of {HANDLERS:?}");
}
