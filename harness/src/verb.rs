//! The verbs of scenarios: one table, from which the script engine gets them and docs/scenarios.md its text.

use std::cell::RefCell;
use std::rc::Rc;

use anyhow::Result;
use rhai::{Array, Dynamic, Engine, EvalAltResult, Map};

use crate::session::Session;

/// A run's state, shared by the functions that the script calls.
pub type Shared = Rc<RefCell<Session>>;

/// A verb as its page in docs/scenarios.md tells it.
#[derive(Debug)]
pub struct Verb {
    /// The name in a script.
    pub name: &'static str,
    /// How it is called.
    pub form: &'static str,
    /// What it does.
    pub doc: &'static str,
    /// A line that could stand in a scenario.
    pub example: &'static str,
    register: fn(&mut Engine, &'static str, &Shared),
}

/// What the stub under test does not tell.
#[derive(Clone, Copy, Debug)]
struct Unknown;

type Answer<T> = std::result::Result<T, Box<EvalAltResult>>;

/// Registers one form of a verb: a function of the session and the script's arguments.
macro_rules! bind {
    ($engine:ident, $name:ident, $session:ident, |$s:ident $(, $argument:ident: $type:ty)*| $body:expr) => {{
        let session = Rc::clone($session);
        $engine.register_fn($name, move |$($argument: $type),*| {
            let act = |$s: &mut Session| -> Result<_> { $body };
            answer($name, act(&mut session.borrow_mut()))
        });
    }};
}

/// Gives all verbs to a script engine.
pub fn register(engine: &mut Engine, session: &Shared) {
    for verb in VERBS {
        (verb.register)(engine, verb.name, session);
    }
}

/// All verbs, in the order in which a scenario meets them.
pub const VERBS: &[Verb] = &[
    Verb {
        name: "guest",
        form: "guest(NAME) → path",
        doc: "Compiles `guests/NAME.c` if it is stale. The compiler's errors are shown as they are.",
        example: r#"let program = guest("fork-chain");"#,
        register: |engine, name, session| bind!(engine, name, session, |s, of: &str| s.guest(of)),
    },
    Verb {
        name: "start",
        form: "start(PATH), start(PATH, [ARGUMENT, …])",
        doc: "Starts the stub under test with the program, and gdb with its symbols. They are not connected yet.",
        example: r#"start(guest("fork-chain"), ["3", "clone"]);"#,
        register: |engine, name, session| {
            bind!(engine, name, session, |s, path: &str| s.start(path, &[]));
            bind!(engine, name, session, |s, path: &str, arguments: Array| s
                .start(path, &strings(arguments)?));
        },
    },
    Verb {
        name: "start_with",
        form: "start_with([OPTION, …], PATH), start_with([OPTION, …], PATH, [ARGUMENT, …])",
        doc: "`start`, with options of the stub's, as gdbserver spells them.",
        example: r#"start_with(["--wrapper", "env", "A=1", "--"], guest("fork-chain"));"#,
        register: |engine, name, session| {
            bind!(engine, name, session, |s, options: Array, path: &str| s.start_with(
                &strings(options)?,
                path,
                &[]
            ));
            bind!(engine, name, session, |s, options: Array, path: &str, arguments: Array| s.start_with(
                &strings(options)?,
                path,
                &strings(arguments)?
            ));
        },
    },
    Verb {
        name: "attach_to",
        form: "attach_to(PATH, [ARGUMENT, …])",
        doc: "Starts the program without a debugger, waits until it has written something, and starts the stub to attach to it \
              (`--attach`), and gdb with its symbols. They are not connected yet.",
        example: r#"attach_to(guest("busy"), ["spin"]);"#,
        register: |engine, name, session| {
            bind!(engine, name, session, |s, path: &str, arguments: Array| s
                .attach_to(path, &strings(arguments)?));
        },
    },
    Verb {
        name: "connect",
        form: "connect()",
        doc: "Connects gdb to the stub: the guest is stopped at its first instruction.",
        example: "connect();",
        register: |engine, name, session| bind!(engine, name, session, |s| s.connect()),
    },
    Verb {
        name: "serve",
        form: "serve(PATH)",
        doc: "Starts the stub without a guest (`--multi`), and gdb with the symbols of PATH. They are not connected yet. \
              `ask(\"monitor exit\")` ends the stub.",
        example: r#"serve(guest("fork-chain"));"#,
        register: |engine, name, session| bind!(engine, name, session, |s, path: &str| s.serve(path)),
    },
    Verb {
        name: "connect_extended",
        form: "connect_extended()",
        doc: "Connects gdb to the stub by `target extended-remote`, and does not wait for a stop.",
        example: "connect_extended();",
        register: |engine, name, session| bind!(engine, name, session, |s| s.connect_extended()),
    },
    Verb {
        name: "run",
        form: "run() → reason",
        doc: "gdb's `run`, which over extended-remote starts the program of `set remote exec-file`, and waits for the stop.",
        example: r#"assert_eq(run(), "breakpoint-hit");"#,
        register: |engine, name, session| bind!(engine, name, session, |s| s.resume_by("run", "-exec-run")),
    },
    Verb {
        name: "set",
        form: "set(NAME, VALUE)",
        doc: "gdb's `set NAME VALUE`.",
        example: r#"set("follow-fork-mode", "child");"#,
        register: |engine, name, session| {
            bind!(engine, name, session, |s, setting: &str, value: rhai::ImmutableString| s
                .set(setting, &value));
        },
    },
    Verb {
        name: "break_at",
        form: "break_at(LOCATION) → number",
        doc: "A breakpoint, at a function, a line (`FILE:LINE`) or an address (`*0x10478`).",
        example: r#"break_at("break_after_fork");"#,
        register: |engine, name, session| {
            bind!(engine, name, session, |s, location: &str| s.break_at(location))
        },
    },
    Verb {
        name: "commands",
        form: "commands(NUMBER, [LINE, …])",
        doc: "What gdb does at a breakpoint, or what a tracepoint collects: gdb's `commands` and `actions`.",
        example: r#"commands(2, ["collect $regs, total"]);"#,
        register: |engine, name, session| {
            bind!(engine, name, session, |s, number: i64, lines: Array| s.commands(number, &strings(lines)?));
        },
    },
    Verb {
        name: "catch_syscalls",
        form: "catch_syscalls([NAME, …]) → count",
        doc: "A catchpoint for each of these system calls that gdb knows; how many it knew. (gdb before 17 knows none on RISC-V.)",
        example: r#"let caught = catch_syscalls(["fork", "clone"]);"#,
        register: |engine, name, session| {
            bind!(engine, name, session, |s, names: Array| s.catch_syscalls(&strings(names)?));
        },
    },
    Verb {
        name: "cont",
        form: "cont() → reason",
        doc: "`continue`, and waits for the stop. The reason is MI's: `breakpoint-hit`, `signal-received`, `syscall-entry`, \
              `syscall-return`, `fork`, `exited`, `exited-normally`, `exited-signalled`, …",
        example: r#"assert_eq(cont(), "breakpoint-hit");"#,
        register: |engine, name, session| {
            bind!(engine, name, session, |s| s.resume_by("continue", "-exec-continue"))
        },
    },
    Verb {
        name: "step",
        form: "step() → reason",
        doc: "To another source line, into functions.",
        example: r#"assert_eq(step(), "end-stepping-range");"#,
        register: |engine, name, session| bind!(engine, name, session, |s| s.resume_by("step", "-exec-step")),
    },
    Verb {
        name: "next",
        form: "next() → reason",
        doc: "To another source line, over functions.",
        example: "next();",
        register: |engine, name, session| bind!(engine, name, session, |s| s.resume_by("next", "-exec-next")),
    },
    Verb {
        name: "stepi",
        form: "stepi() → reason",
        doc: "One instruction.",
        example: "stepi();",
        register: |engine, name, session| {
            bind!(engine, name, session, |s| s.resume_by("stepi", "-exec-step-instruction"));
        },
    },
    Verb {
        name: "finish",
        form: "finish() → reason",
        doc: "Until the function returns.",
        example: r#"assert_eq(finish(), "function-finished");"#,
        register: |engine, name, session| {
            bind!(engine, name, session, |s| s.resume_by("finish", "-exec-finish"))
        },
    },
    Verb {
        name: "resume",
        form: "resume()",
        doc: "`continue` without waiting for a stop: `interrupt`, `wait_stop`, `kill_gdb` or `kill_process` may follow.",
        example: "resume();",
        register: |engine, name, session| bind!(engine, name, session, |s| s.resume()),
    },
    Verb {
        name: "interrupt",
        form: "interrupt() → reason",
        doc: "^C in gdb, and waits for the stop.",
        example: r#"assert_eq(interrupt(), "signal-received");"#,
        register: |engine, name, session| bind!(engine, name, session, |s| s.interrupt()),
    },
    Verb {
        name: "wait_stop",
        form: "wait_stop() → reason",
        doc: "Waits for the stop that will come after `resume`.",
        example: r#"assert_eq(wait_stop(), "exited-normally");"#,
        register: |engine, name, session| bind!(engine, name, session, |s| s.wait_stop()),
    },
    Verb {
        name: "stop",
        form: "stop() → map",
        doc: "The last stop: `reason`, `signal`, `syscall`, `function`, `line`, `breakpoint`, `thread`, as far as MI told them.",
        example: r#"assert_eq(stop().signal, "SIGSEGV");"#,
        register: |engine, name, session| bind!(engine, name, session, |s| Ok(stop_map(s))),
    },
    Verb {
        name: "exit_code",
        form: "exit_code() → number",
        doc: "gdb's `$_exitcode`: of the inferior that exited last. `()` if none did.",
        example: "assert_eq(exit_code(), 42);",
        register: |engine, name, session| {
            bind!(engine, name, session, |s| Ok(number_or_text(
                &s.evaluate("$_exitcode")?.replace("void", "")
            )));
        },
    },
    Verb {
        name: "evaluate",
        form: "evaluate(EXPRESSION) → number or text",
        doc: "The value of an expression of the guest's language; it may call functions of the guest.",
        example: r#"assert_eq(evaluate("1 + 1"), 2);"#,
        register: |engine, name, session| {
            bind!(engine, name, session, |s, expression: &str| Ok(number_or_text(&s.evaluate(expression)?)));
        },
    },
    Verb {
        name: "backtrace",
        form: "backtrace() → [function, …]",
        doc: "The names on the stack, innermost first.",
        example: r#"assert(backtrace().contains("main"));"#,
        register: |engine, name, session| {
            bind!(engine, name, session, |s| Ok(s
                .backtrace()?
                .into_iter()
                .map(Dynamic::from)
                .collect::<Array>()));
        },
    },
    Verb {
        name: "inferiors",
        form: "inferiors() → [map, …]",
        doc: "gdb's inferiors: `number`, and `pid` (`()` when there is no process).",
        example: "let child = inferiors()[1].pid;",
        register: |engine, name, session| bind!(engine, name, session, |s| inferior_maps(s)),
    },
    Verb {
        name: "raw",
        form: "raw(COMMAND) → text",
        doc: "Any command of gdb's console; what it printed, which goes into the transcript too. A command that resumes the guest returns \
              at the stop. What gdb refuses is an error: `try { … } catch (e) { … }` takes it.",
        example: r#"assert_has(raw("info breakpoints"), "break_after_fork");"#,
        register: |engine, name, session| {
            bind!(engine, name, session, |s, command: &str| s.raw(command, true))
        },
    },
    Verb {
        name: "ask",
        form: "ask(COMMAND) → text",
        doc: "`raw`, but the text stays out of the transcript: for what differs between machines.",
        example: r#"assert_has(ask("info registers"), "pc");"#,
        register: |engine, name, session| {
            bind!(engine, name, session, |s, command: &str| s.raw(command, false))
        },
    },
    Verb {
        name: "guest_status",
        form: "guest_status() → number",
        doc: "Waits until the process that was started is gone; its exit status, or 128 + n when signal n killed it. gdbserver does not always tell: \
              then this is unknown, which is as good as any to `assert_eq`.",
        example: "assert_eq(guest_status(), 0);",
        register: |engine, name, session| {
            bind!(engine, name, session, |s| Ok(s
                .guest_status()?
                .map_or(Dynamic::from(Unknown), Dynamic::from)));
        },
    },
    Verb {
        name: "wait_output",
        form: "wait_output(PART) → text",
        doc: "Waits until the guest's processes have written this to standard output; all that they wrote so far.",
        example: r#"wait_output("the child is alone");"#,
        register: |engine, name, session| bind!(engine, name, session, |s, part: &str| s.wait_output(part)),
    },
    Verb {
        name: "wait_errors",
        form: "wait_errors(PART) → text",
        doc: "The same of standard error, where the stub's own messages are too.",
        example: r#"wait_errors("seven of them");"#,
        register: |engine, name, session| bind!(engine, name, session, |s, part: &str| s.wait_errors(part)),
    },
    Verb {
        name: "kill_process",
        form: "kill_process(PID)",
        doc: "SIGKILL for one of the guest's processes.",
        example: "kill_process(inferiors()[0].pid);",
        register: |engine, name, session| bind!(engine, name, session, |s, pid: i64| s.kill_process(pid)),
    },
    Verb {
        name: "kill_gdb",
        form: "kill_gdb()",
        doc: "SIGKILL for gdb. The guests have to run on without it, or to wait for `another_gdb`.",
        example: "kill_gdb();",
        register: |engine, name, session| bind!(engine, name, session, |s| s.kill_gdb()),
    },
    Verb {
        name: "another_gdb",
        form: "another_gdb()",
        doc: "Starts another gdb, with the same symbols, in the place of the last one: that was killed, or quits, after `ask(\"disconnect\")` say. It is \
              not connected yet.",
        example: "another_gdb();",
        register: |engine, name, session| bind!(engine, name, session, |s| s.another_gdb()),
    },
    Verb {
        name: "gdb_version",
        form: "gdb_version() → number",
        doc: "The major version of the gdb in use.",
        example: "let catches = gdb_version() >= 17;",
        register: |engine, name, session| bind!(engine, name, session, |s| Ok(s.gdb_version())),
    },
    Verb {
        name: "limit",
        form: "limit(SECONDS)",
        doc: "How long the scenario may take from its start, when the usual 60 seconds do not fit.",
        example: "limit(30);",
        register: |engine, name, session| {
            bind!(engine, name, session, |s, seconds: i64| {
                s.limit(u64::try_from(seconds)?);
                Ok(())
            });
        },
    },
    Verb {
        name: "assert",
        form: "assert(CONDITION), assert(CONDITION, WHY)",
        doc: "Fails unless it holds.",
        example: r#"assert(inferiors().len == 2, "the child is an inferior too");"#,
        register: |engine, name, _| {
            engine.register_fn(name, |holds: bool| verdict(holds, "it does not hold"));
            engine.register_fn(name, |holds: bool, why: &str| verdict(holds, why));
        },
    },
    Verb {
        name: "assert_eq",
        form: "assert_eq(IS, SHOULD_BE)",
        doc: "Fails unless both are the same; shows both.",
        example: "assert_eq(exit_code(), 0);",
        register: |engine, name, _| {
            engine.register_fn(name, |is: Dynamic, should: Dynamic| {
                if is.is::<Unknown>() {
                    return Ok(());
                }
                let (is, should) = (show(&is), show(&should));
                verdict(is == should, &format!("it is {is} and should be {should}"))
            });
        },
    },
    Verb {
        name: "assert_has",
        form: "assert_has(TEXT, PART)",
        doc: "Fails unless the part is in the text; shows both.",
        example: r#"assert_has(raw("print 1 + 1"), "= 2");"#,
        register: |engine, name, _| {
            engine.register_fn(name, |text: &str, part: rhai::ImmutableString| {
                verdict(text.contains(part.as_str()), &format!("there is no '{part}' in:\n{text}"))
            });
        },
    },
    Verb {
        name: "note",
        form: "note(TEXT)",
        doc: "A line of your own in the transcript.",
        example: r#"note("the child is on its own now");"#,
        register: |engine, name, session| {
            bind!(engine, name, session, |s, text: &str| {
                s.note(text);
                Ok(())
            });
        },
    },
    Verb {
        name: "record",
        form: "record(false), record(true)",
        doc: "Leaves what follows out of the transcript, or takes it in again: for the fortieth round of forty-two.",
        example: "record(round < 2);",
        register: |engine, name, session| {
            bind!(engine, name, session, |s, on: bool| {
                s.record(on);
                Ok(())
            });
        },
    },
    Verb {
        name: "snapshot",
        form: "snapshot(), snapshot(LABEL)",
        doc: "Compares the transcript so far with `snapshots/SCENARIO.snap`, or `SCENARIO.LABEL.snap`. Pids, addresses, ports and paths \
              are named in it. `--update` writes the file.",
        example: "snapshot();",
        register: |engine, name, session| {
            bind!(engine, name, session, |s| s.snapshot(None));
            bind!(engine, name, session, |s, label: &str| s.snapshot(Some(label)));
        },
    },
];

fn answer<T>(verb: &str, result: Result<T>) -> Answer<T> {
    result.map_err(|error| format!("{verb}: {error:#}").into())
}

fn verdict(holds: bool, why: &str) -> Answer<()> {
    if holds { Ok(()) } else { Err(why.into()) }
}

fn strings(array: Array) -> Result<Vec<String>> {
    array
        .into_iter()
        .map(|item| item.into_string().map_err(|kind| anyhow::anyhow!("{kind} where text is wanted")))
        .collect()
}

fn show(value: &Dynamic) -> String {
    format!("{value:?}")
}

/// MI gives text; a script compares numbers.
fn number_or_text(text: &str) -> Dynamic {
    match text.parse::<i64>() {
        Ok(number) => number.into(),
        Err(_) if text.is_empty() => Dynamic::UNIT,
        Err(_) => text.to_owned().into(),
    }
}

fn stop_map(session: &Session) -> Map {
    let stop = session.stop();
    let frame = |name| stop.tuple("frame").and_then(|frame| frame.text(name));
    let facts = [
        ("reason", stop.text("reason")),
        ("signal", stop.text("signal-name")),
        ("syscall", stop.text("syscall-name")),
        ("breakpoint", stop.text("bkptno")),
        ("thread", stop.text("thread-id")),
        ("function", frame("func")),
        ("line", frame("line")),
    ];
    facts.into_iter().map(|(name, value)| (name.into(), number_or_text(value.unwrap_or_default()))).collect()
}

fn inferior_maps(session: &mut Session) -> Result<Array> {
    let map = |(number, pid): (i64, Option<i64>)| {
        let pid = pid.map_or(Dynamic::UNIT, Dynamic::from);
        Dynamic::from_map(Map::from([("number".into(), number.into()), ("pid".into(), pid)]))
    };
    Ok(session.inferiors()?.into_iter().map(map).collect())
}
