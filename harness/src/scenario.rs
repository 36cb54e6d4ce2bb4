//! Finds scenarios and runs them.

use std::cell::RefCell;
use std::fs;
use std::rc::Rc;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use rhai::{Engine, EvalAltResult, Position};

use crate::session::Session;
use crate::stub::StubCommand;
use crate::tools::{self, GdbCommand};
use crate::verb;

/// How many lines of gdb and how many packets a failure shows.
const CONTEXT: usize = 24;

/// A script in `harness/scenarios`.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Its file's name without the ending.
    pub name: String,
    /// Its comment's first line.
    pub title: String,
    /// Why it cannot be run with gdbserver, from a line `// unlike gdbserver: REASON`.
    pub unlike_gdbserver: Option<String>,
    script: String,
}

/// What came of a run.
#[derive(Debug)]
pub struct Outcome {
    /// The error with all that helps to understand it, if it failed.
    pub failure: Option<String>,
    /// The transcript and all packets, decoded.
    pub trace: String,
}

/// All scenarios, by name.
pub fn all() -> Result<Vec<Scenario>> {
    let folder = tools::root().join("harness/scenarios");
    let mut scenarios = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "rhai") {
            let script =
                fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let title = script.lines().next().unwrap_or_default().trim_start_matches('/').trim().to_owned();
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let reason = script.lines().find_map(|line| line.strip_prefix("// unlike gdbserver: "));
            let unlike_gdbserver = reason.map(str::to_owned);
            scenarios.push(Scenario { name, title, unlike_gdbserver, script });
        }
    }
    scenarios.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(scenarios)
}

/// Writes a scenario to start from; where it is.
pub fn create(name: &str) -> Result<String> {
    if name.is_empty()
        || !name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    {
        bail!("'{name}' is no name for a scenario: small letters, digits and '-'");
    }
    let path = format!("harness/scenarios/{name}.rhai");
    let file = tools::root().join(&path);
    if file.exists() {
        bail!("{path} is there already");
    }
    fs::write(&file, TEMPLATE).with_context(|| format!("cannot write {path}"))?;
    Ok(path)
}

const TEMPLATE: &str = r#"// One line that says what this scenario shows.
// The verbs are in docs/scenarios.md; the guests in guests/.

start(guest("functions"));
connect();
break_at("add");
assert_eq(cont(), "breakpoint-hit");
assert_eq(evaluate("a + b"), 9);
cont();
assert_eq(exit_code(), 17);
snapshot();
"#;

impl Scenario {
    /// Runs it, once.
    pub fn run(&self, gdb: &GdbCommand, stub: &StubCommand) -> Outcome {
        match Session::new(&self.name, gdb, stub) {
            Ok(session) => self.run_in(session),
            Err(error) => Outcome { failure: Some(format!("{error:#}")), trace: String::new() },
        }
    }

    fn run_in(&self, session: Session) -> Outcome {
        let session = Rc::new(RefCell::new(session));
        let mut engine = Engine::new();
        verb::register(&mut engine, &session);
        let transcript = Rc::clone(&session);
        engine.on_print(move |text| transcript.borrow_mut().note(text));
        // The verbs keep to the limit by themselves; this is for a script that loops without one.
        let clock = Rc::clone(&session);
        engine.on_progress(move |_| {
            let late = clock.try_borrow().is_ok_and(|session| Instant::now() >= session.deadline());
            late.then(|| "the scenario's time is over".into())
        });
        let mut failure = engine.run(&self.script).err().map(|error| self.explain(&error));
        if failure.is_none() {
            failure = session.borrow_mut().finish().err().map(|error| format!("{}: {error:#}", self.path()));
        }
        let session = session.borrow();
        let trace = format!("--- transcript\n{}\n{}", session.transcript(), session.report(usize::MAX));
        Outcome { failure: failure.map(|why| format!("{why}\n{}", session.report(CONTEXT))), trace }
    }

    fn path(&self) -> String {
        format!("harness/scenarios/{}.rhai", self.name)
    }

    /// `harness/scenarios/x.rhai:7: continue: gdb said: …`, and the line.
    fn explain(&self, error: &EvalAltResult) -> String {
        let inner = error.unwrap_inner();
        let position = [inner.position(), error.position()].into_iter().find(|position| !position.is_none());
        let line = position.and_then(Position::line);
        let mut message = message(inner);
        if let Some(at) = message.rfind(" (line ") {
            message.truncate(at);
        }
        match line {
            Some(line) => {
                let text = self.script.lines().nth(line - 1).unwrap_or_default().trim();
                format!("{}:{line}: {message}\n    {text}", self.path())
            }
            None => format!("{}: {message}", self.path()),
        }
    }
}

/// The message without Rhai's own preface.
fn message(error: &EvalAltResult) -> String {
    match error {
        EvalAltResult::ErrorRuntime(value, _) => value.to_string(),
        EvalAltResult::ErrorTerminated(why, _) => why.to_string(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_and_all_scenarios_are_scripts() {
        let engine = Engine::new();
        engine.compile(TEMPLATE).unwrap();
        for scenario in all().unwrap() {
            engine.compile(&scenario.script).unwrap_or_else(|error| panic!("{}: {error}", scenario.path()));
            assert!(!scenario.title.is_empty(), "{} says what it shows in its first line", scenario.path());
        }
    }

    #[test]
    fn a_failure_names_its_line() {
        let scenario = Scenario {
            name: "made-up".into(),
            title: String::new(),
            unlike_gdbserver: None,
            script: "let a = 1;\nfn f() {\n  assert_eq(1, 2);\n}\nf();".into(),
        };
        let gdb = GdbCommand { words: vec!["false".into()], version: 0 };
        let failure = scenario.run(&gdb, &StubCommand::Tine).failure.unwrap();
        assert!(
            failure.starts_with(
                "harness/scenarios/made-up.rhai:3: it is 1 and should be 2\n    assert_eq(1, 2);"
            ),
            "{failure}"
        );
    }
}
