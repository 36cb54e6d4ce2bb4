//! An editor that debugs through gdb's Debug Adapter Protocol (gdb manual, "Debugger Adapter Protocol"): breakpoints, threads, frames,
//! variables, steps, memory, and an end that leaves nothing behind.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::io::{BufRead, BufReader, Write};
use std::process::{ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tine_test::group::{Group, quiet};
use tine_test::tools::GdbCommand;
use tine_test::{guest, tools};

/// How long any answer may take.
const LIMIT: Duration = Duration::from_secs(30);

/// gdb as an editor starts it.
struct Adapter {
    _gdb: Group,
    input: ChildStdin,
    messages: Receiver<Value>,
    /// Read, and not yet asked for.
    kept: Vec<Value>,
    requests: u64,
}

impl Adapter {
    fn start(gdb: &GdbCommand) -> Adapter {
        let mut command = quiet(&gdb.words[0]);
        command
            .args(&gdb.words[1..])
            .args(["-q", "-nx", "-i=dap"])
            .stdin(Stdio::piped())
            .stderr(Stdio::null());
        let mut gdb = Group::spawn(&mut command).unwrap();
        let input = gdb.child().stdin.take().unwrap();
        let mut output = BufReader::new(gdb.child().stdout.take().unwrap());
        let (send, messages) = channel();
        std::thread::spawn(move || {
            while read_message(&mut output).is_some_and(|message| send.send(message).is_ok()) {}
        });
        Adapter { _gdb: gdb, input, messages, kept: Vec::new(), requests: 0 }
    }

    fn send(&mut self, command: &str, arguments: Value) -> u64 {
        self.requests += 1;
        let request =
            json!({ "seq": self.requests, "type": "request", "command": command, "arguments": arguments });
        let text = request.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        self.input.flush().unwrap();
        self.requests
    }

    /// The next message of this kind.
    fn wait(&mut self, what: &str, is_it: impl Fn(&Value) -> bool) -> Value {
        let deadline = Instant::now() + LIMIT;
        loop {
            if let Some(at) = self.kept.iter().position(&is_it) {
                return self.kept.remove(at);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            match self.messages.recv_timeout(left) {
                Ok(message) => self.kept.push(message),
                Err(_) => panic!("no {what}; there were {:#?}", self.kept),
            }
        }
    }

    /// The body of the answer to a request.
    fn answer(&mut self, request: u64) -> Value {
        let answer = self.wait("answer", |message| message["request_seq"] == request);
        assert_eq!(answer["success"], true, "{answer}");
        answer["body"].clone()
    }

    fn ask(&mut self, command: &str, arguments: Value) -> Value {
        let request = self.send(command, arguments);
        self.answer(request)
    }

    fn stop(&mut self) -> Value {
        self.wait("stop", |message| message["event"] == "stopped")["body"].clone()
    }
}

/// One message: a header that says how long it is, and JSON.
fn read_message(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end().split_once(':') {
            Some(("Content-Length", value)) => length = value.trim().parse().ok()?,
            Some(_) => {}
            None => break,
        }
    }
    let mut text = vec![0; length];
    output.read_exact(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect()
}

/// gdb speaks it since 14.
#[test]
fn an_editor_debugs_through_gdbs_adapter() {
    let gdbs: Vec<GdbCommand> = tools::gdbs().into_iter().filter(|gdb| gdb.version >= 14).collect();
    if gdbs.is_empty() {
        eprintln!("no gdb that speaks it; ./x installs one");
    }
    for gdb in gdbs {
        let program = guest::build("threads").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("gdb");
        let mut command = quiet(tools::tine().unwrap());
        command.arg("-g").arg(&socket).arg(&program).arg("2").stdout(Stdio::null()).stderr(Stdio::null());
        let mut tine = Group::spawn(&mut command).unwrap();
        while !socket.exists() {
            std::thread::sleep(Duration::from_millis(5));
        }
        let mut editor = Adapter::start(&gdb);
        editor.ask("initialize", json!({ "clientID": "test", "adapterID": "gdb" }));
        let attach = editor.send("attach", json!({ "target": socket, "program": program }));
        editor.wait("word that it is ready", |message| message["event"] == "initialized");
        editor.ask("setFunctionBreakpoints", json!({ "breakpoints": [{ "name": "work" }] }));
        editor.ask("configurationDone", json!({}));
        editor.answer(attach);
        // gdb 14 to 16 stop where they attach as well.
        let mut stop = editor.stop();
        while stop["reason"] != "breakpoint" {
            editor.ask("continue", json!({ "threadId": 1 }));
            stop = editor.stop();
        }
        let thread = stop["threadId"].clone();
        let threads = editor.ask("threads", json!({}));
        assert_eq!(threads["threads"].as_array().unwrap().len(), 3, "{threads}");
        assert_eq!(names(&threads["threads"])[1..], ["worker-0", "worker-1"]);
        let stack = editor.ask("stackTrace", json!({ "threadId": thread }));
        assert_eq!(names(&stack["stackFrames"])[..2], ["work", "run"], "{stack}");
        let top = &stack["stackFrames"][0];
        let scopes = editor.ask("scopes", json!({ "frameId": top["id"] }));
        let arguments = scopes["scopes"][0]["variablesReference"].clone();
        let variables = editor.ask("variables", json!({ "variablesReference": arguments }));
        assert_eq!(variables["variables"][0]["name"], "number");
        assert_eq!(variables["variables"][0]["value"], "0");
        let at = top["instructionPointerReference"].clone();
        let memory = editor.ask("readMemory", json!({ "memoryReference": at, "count": 4 }));
        assert_eq!(memory["data"].as_str().unwrap().len(), 8, "{memory}");
        editor.ask("next", json!({ "threadId": thread }));
        assert_eq!(editor.stop()["reason"], "step");
        editor.ask("setFunctionBreakpoints", json!({ "breakpoints": [] }));
        editor.ask("continue", json!({ "threadId": thread }));
        let exited = editor.wait("end", |message| message["event"] == "exited");
        assert_eq!(exited["body"]["exitCode"], 2);
        editor.ask("disconnect", json!({ "terminateDebuggee": true }));
        let status = tine.wait_until(Instant::now() + LIMIT).unwrap();
        assert_eq!(status.and_then(|status| status.code()), Some(2));
    }
}
