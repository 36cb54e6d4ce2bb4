//! One run of one scenario: the stub, gdb, what happened so far. The verbs act on it.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, kill};
use tempfile::TempDir;

use crate::gdb::{Gdb, GdbError, Reply};
use crate::group::{Collected, Group, Mark, poll};
use crate::mi::{Results, quote};
use crate::stub::{Debuggee, Stub, StubCommand};
use crate::tools::{self, GdbCommand};
use crate::transcript::Transcript;
use crate::{guest, rsp, snapshot};

/// What a scenario may take, unless it says otherwise with `limit`.
const LIMIT: Duration = Duration::from_secs(60);
/// What guests, stub and gdb may take to be gone after the last verb.
const LEAVE_LIMIT: Duration = Duration::from_secs(10);

/// The state that the verbs share.
#[derive(Debug)]
pub struct Session {
    scenario: String,
    gdb_command: GdbCommand,
    stub_command: StubCommand,
    started: Instant,
    deadline: Instant,
    folder: TempDir,
    mark: Mark,
    stub: Option<Stub>,
    /// A guest that was started without a stub.
    alone: Option<Group>,
    gdb: Option<Gdb>,
    /// The program that gdb was started with.
    symbols: Option<PathBuf>,
    stop: Results,
    transcript: Transcript,
}

impl Session {
    /// Nothing runs yet.
    pub fn new(scenario: &str, gdb_command: &GdbCommand, stub_command: &StubCommand) -> Result<Session> {
        let folder =
            tempfile::Builder::new().prefix("tine-").tempdir().context("cannot make a temporary folder")?;
        let mut transcript = Transcript::default();
        transcript.names().path(&folder.path().to_string_lossy(), "TMP");
        transcript.names().path(&tools::root().to_string_lossy(), "ROOT");
        let started = Instant::now();
        Ok(Session {
            scenario: scenario.to_owned(),
            gdb_command: gdb_command.clone(),
            stub_command: stub_command.clone(),
            started,
            deadline: started + LIMIT,
            folder,
            mark: Mark::new(),
            stub: None,
            alone: None,
            gdb: None,
            symbols: None,
            stop: Results::default(),
            transcript,
        })
    }

    /// When the scenario has to be over.
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Another limit than the usual one, from the start of the scenario.
    pub fn limit(&mut self, seconds: u64) {
        self.deadline = self.started + Duration::from_secs(seconds);
    }

    /// gdb's major version.
    pub fn gdb_version(&self) -> i64 {
        self.gdb_command.version
    }

    /// Builds a guest.
    pub fn guest(&mut self, name: &str) -> Result<String> {
        let program = match self.stub_command {
            StubCommand::Gdbserver(_) => guest::build_native(name),
            StubCommand::Tine | StubCommand::Other(_) => guest::build(name),
        };
        Ok(program?.to_string_lossy().into_owned())
    }

    /// Starts the stub with the guest, and gdb.
    pub fn start(&mut self, program: &str, arguments: &[String]) -> Result<()> {
        self.start_with(&[], program, arguments)
    }

    /// The same, with options of the stub's.
    pub fn start_with(&mut self, options: &[String], program: &str, arguments: &[String]) -> Result<()> {
        self.begin("start", options, program, arguments)?;
        let path = Path::new(program);
        self.start_stub(path, Debuggee { options, program: Some(path), arguments, process: None })
    }

    /// Starts the guest by itself, waits until it has written something, and starts the stub to attach to it, and gdb.
    pub fn attach_to(&mut self, program: &str, arguments: &[String]) -> Result<()> {
        self.begin("attach to", &[], program, arguments)?;
        let path = Path::new(program);
        let mut alone = self.stub_command.start_alone(path, arguments, &self.mark)?;
        let said = alone.child().stdout.take().map(Collected::from).unwrap_or_default();
        let ready = poll(self.deadline, || Ok((!said.text().is_empty()).then_some(())))?;
        ready.context("the guest has not written anything")?;
        let process = Some(alone.pid());
        self.alone = Some(alone);
        self.start_stub(path, Debuggee { process, ..Debuggee::default() })
    }

    /// Starts the stub without a guest, and gdb.
    pub fn serve(&mut self, program: &str) -> Result<()> {
        self.begin("serve", &[], program, &[])?;
        self.start_stub(Path::new(program), Debuggee::default())
    }

    fn begin(&mut self, verb: &str, options: &[String], program: &str, arguments: &[String]) -> Result<()> {
        if self.stub.is_some() {
            bail!("a scenario starts one guest; this one has already");
        }
        let name = Path::new(program).file_name().unwrap_or_default().to_string_lossy();
        let strings = options.iter().map(String::as_str).chain([&*name]);
        let words: Vec<&str> =
            [verb].into_iter().chain(strings).chain(arguments.iter().map(String::as_str)).collect();
        self.transcript.verb(&words);
        Ok(())
    }

    fn start_stub(&mut self, symbols: &Path, debuggee: Debuggee<'_>) -> Result<()> {
        let stub = self.stub_command.start(debuggee, self.folder.path(), &self.mark, self.deadline)?;
        self.stub = Some(stub);
        self.start_gdb(symbols)?;
        self.symbols = Some(symbols.to_owned());
        Ok(())
    }

    /// Connects gdb to the stub.
    pub fn connect(&mut self) -> Result<()> {
        self.transcript.verb(&["connect"]);
        let address = self.stub.as_ref().context("nothing was started: use start(...) first")?.address();
        self.command(&format!("-target-select remote {address}"))?;
        self.wait_stop()?;
        Ok(())
    }

    /// Connects gdb to a stub that has no guest, or as extended-remote to one that has.
    pub fn connect_extended(&mut self) -> Result<()> {
        self.transcript.verb(&["connect extended"]);
        let address = self.stub.as_ref().context("nothing was started: use serve(...) first")?.address();
        self.command(&format!("-target-select extended-remote {address}"))?;
        Ok(())
    }

    /// `set NAME VALUE` in gdb.
    pub fn set(&mut self, name: &str, value: &str) -> Result<()> {
        self.transcript.verb(&["set", name, value]);
        self.command(&format!("-gdb-set {name} {value}"))?;
        Ok(())
    }

    /// A breakpoint; its number.
    pub fn break_at(&mut self, location: &str) -> Result<i64> {
        self.transcript.verb(&["break", location]);
        let reply = self.command(&format!("-break-insert {}", quote(location)))?;
        let number = reply.results.tuple("bkpt").and_then(|breakpoint| breakpoint.text("number"));
        number.and_then(|number| number.parse().ok()).context("gdb did not number the breakpoint")
    }

    /// What gdb does at a breakpoint, or what a tracepoint collects.
    pub fn commands(&mut self, number: i64, lines: &[String]) -> Result<()> {
        let mut command = format!("-break-commands {number}");
        for line in lines {
            self.transcript.verb(&["commands", &number.to_string(), line]);
            command.push_str(&format!(" {}", quote(line)));
        }
        self.command(&command).map(drop)
    }

    /// A catchpoint for each of the system calls that gdb knows; how many it knew.
    pub fn catch_syscalls(&mut self, names: &[String]) -> Result<i64> {
        let mut caught = 0;
        for name in names {
            let deadline = self.deadline;
            match self.gdb()?.console(&format!("catch syscall {name}"), deadline) {
                Ok(_) => {
                    self.transcript.verb(&["catch", "syscall", name]);
                    caught += 1;
                }
                // This gdb does not know the name, or cannot catch system calls of this architecture at all.
                Err(GdbError::Refused(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(caught)
    }

    /// Resumes with an MI command and waits for the stop; its reason.
    pub fn resume_by(&mut self, verb: &str, command: &str) -> Result<String> {
        self.transcript.verb(&[verb]);
        self.command(command)?;
        self.wait_stop()
    }

    /// Resumes and returns at once.
    pub fn resume(&mut self) -> Result<()> {
        self.transcript.verb(&["resume"]);
        self.command("-exec-continue")?;
        Ok(())
    }

    /// ^C, and the stop that it brings; its reason.
    pub fn interrupt(&mut self) -> Result<String> {
        self.transcript.verb(&["interrupt"]);
        self.command("-exec-interrupt")?;
        self.wait_stop()
    }

    /// Waits for a stop; its reason, `""` if gdb gave none.
    pub fn wait_stop(&mut self) -> Result<String> {
        let deadline = self.deadline;
        let stopped = self.gdb()?.wait_stop(deadline);
        self.take_events();
        self.stop = stopped?;
        Ok(self.stop.text("reason").unwrap_or_default().to_owned())
    }

    /// The last stop, as MI told it.
    pub fn stop(&self) -> &Results {
        &self.stop
    }

    /// The value of an expression, as gdb prints it.
    pub fn evaluate(&mut self, expression: &str) -> Result<String> {
        let reply = self.command(&format!("-data-evaluate-expression {}", quote(expression)))?;
        Ok(reply.results.text("value").unwrap_or_default().to_owned())
    }

    /// The functions on the stack, innermost first; `?` for a frame without a name.
    pub fn backtrace(&mut self) -> Result<Vec<String>> {
        let reply = self.command("-stack-list-frames")?;
        let frames = reply.results.items("stack").into_iter().filter_map(|frame| frame.as_tuple());
        let names: Vec<String> =
            frames.map(|frame| frame.text("func").or(frame.text("from")).unwrap_or("?").to_owned()).collect();
        self.transcript.verb(&["backtrace:", &names.join(" < ")]);
        Ok(names)
    }

    /// gdb's inferiors: number, and pid if it has one.
    pub fn inferiors(&mut self) -> Result<Vec<(i64, Option<i64>)>> {
        let reply = self.command("-list-thread-groups")?;
        let groups = reply.results.items("groups").into_iter().filter_map(|group| group.as_tuple());
        Ok(groups
            .filter_map(|group| {
                let number = group.text("id")?.trim_start_matches('i').parse().ok()?;
                Some((number, group.text("pid").and_then(|pid| pid.parse().ok())))
            })
            .collect())
    }

    /// A command of gdb's console; what it printed. Waits for the stop if the command resumed the guest.
    pub fn raw(&mut self, command: &str, show: bool) -> Result<String> {
        self.transcript.verb(&[command]);
        let deadline = self.deadline;
        let reply = self.gdb()?.console(command, deadline);
        let Reply { class, console, .. } = match reply {
            Ok(reply) => reply,
            Err(error) => {
                self.take_events();
                return Err(error.into());
            }
        };
        if class == "running" {
            self.wait_stop()?;
        }
        self.take_events();
        if show {
            self.transcript.text(&console);
        }
        Ok(console)
    }

    /// The end of the process that was started.
    pub fn guest_status(&mut self) -> Result<Option<i64>> {
        let deadline = self.deadline;
        let status = self.stub()?.status(deadline)?;
        let shown = status.map_or_else(|| "unknown".to_owned(), |status| status.to_string());
        self.transcript.verb(&["the guest ended with status", &shown]);
        Ok(status)
    }

    /// Waits until the guest has printed this; all that it printed.
    pub fn wait_output(&mut self, part: &str) -> Result<String> {
        let deadline = self.deadline;
        let stub = self.stub()?;
        let found = poll(deadline, || Ok(Some(stub.output()).filter(|output| output.contains(part))))?;
        found.with_context(|| format!("there is no '{part}' in what the guest printed: {}", stub.output()))
    }

    /// The same of standard error.
    pub fn wait_errors(&mut self, part: &str) -> Result<String> {
        let deadline = self.deadline;
        let stub = self.stub()?;
        let found = poll(deadline, || Ok(Some(stub.complaints()).filter(|said| said.contains(part))))?;
        found.with_context(|| format!("there is no '{part}' on standard error: {}", stub.complaints()))
    }

    /// SIGKILL for a process of this scenario.
    pub fn kill_process(&mut self, pid: i64) -> Result<()> {
        let bearers = self.mark.bearers();
        let Some((pid, _)) = bearers.iter().find(|(bearer, _)| i64::from(bearer.as_raw()) == pid) else {
            bail!("process {pid} is not one of this scenario's");
        };
        self.transcript.names().pid(&pid.to_string());
        self.transcript.verb(&["kill", "process", &pid.to_string()]);
        kill(*pid, Signal::SIGKILL).with_context(|| format!("cannot kill process {pid}"))
    }

    /// SIGKILL for gdb.
    pub fn kill_gdb(&mut self) -> Result<()> {
        self.transcript.verb(&["kill gdb"]);
        self.gdb()?.kill();
        self.gdb = None;
        Ok(())
    }

    /// Another gdb in the place of the last one.
    pub fn another_gdb(&mut self) -> Result<()> {
        let symbols = self.symbols.clone().context("nothing was started: use start(...) first")?;
        self.transcript.verb(&["another gdb"]);
        if let Some(mut gdb) = self.gdb.take() {
            gdb.quit(self.deadline)?;
        }
        self.start_gdb(&symbols)
    }

    fn start_gdb(&mut self, symbols: &Path) -> Result<()> {
        let gdb = Gdb::start(&self.gdb_command, symbols, &self.packet_log(), &self.mark, self.deadline)?;
        self.gdb = Some(gdb);
        Ok(())
    }

    /// A line of the scenario's own.
    pub fn note(&mut self, text: &str) {
        self.transcript.text(text);
    }

    /// Whether what happens from now on goes into the transcript.
    pub fn record(&mut self, on: bool) {
        self.transcript.record(on);
    }

    /// Compares the transcript so far with `snapshots/SCENARIO[.LABEL].snap`.
    pub fn snapshot(&mut self, label: Option<&str>) -> Result<()> {
        let name = label.map_or_else(|| self.scenario.clone(), |label| format!("{}.{label}", self.scenario));
        // The snapshots are tine's: another stub may differ and be right in its way.
        if self.stub_command.is_tine() {
            snapshot::check(&name, &self.transcript.normalised())
        } else {
            Ok(())
        }
    }

    /// Everything is over: gdb quits, and no process of the scenario may be left.
    pub fn finish(&mut self) -> Result<()> {
        if let Some(mut gdb) = self.gdb.take() {
            gdb.quit(Instant::now() + LEAVE_LIMIT)?;
        }
        let left = self.mark.wait_gone(Instant::now() + LEAVE_LIMIT);
        if !left.is_empty() {
            let list: Vec<_> = left.iter().map(|(pid, command)| format!("{pid}: {command}")).collect();
            bail!(
                "the scenario is over and gdb has quit, but there are processes left:\n{}",
                list.join("\n")
            );
        }
        Ok(())
    }

    /// What a person needs to understand a failure.
    pub fn report(&self, packets: usize) -> String {
        let mut report = String::new();
        let mut section = |title: &str, text: &str| {
            if !text.is_empty() {
                report.push_str(&format!("--- {title}\n{}\n", text.trim_end()));
            }
        };
        if let Some(gdb) = &self.gdb {
            section("gdb (last lines)", &gdb.tail(packets).join("\n"));
        }
        let log = fs::read(self.packet_log()).unwrap_or_default();
        section("packets (last)", &rsp::explain(&String::from_utf8_lossy(&log), packets));
        if let Some(stub) = &self.stub {
            section("guest, standard output", &stub.output());
            section("stub and guest, standard error", &stub.complaints());
        }
        report
    }

    /// The transcript so far.
    pub fn transcript(&self) -> String {
        self.transcript.normalised()
    }

    fn packet_log(&self) -> PathBuf {
        Path::new(self.folder.path()).join("packets.log")
    }

    fn command(&mut self, command: &str) -> Result<Reply> {
        let deadline = self.deadline;
        let reply = self.gdb()?.command(command, deadline);
        self.take_events();
        Ok(reply?)
    }

    /// What gdb reported goes into the transcript.
    fn take_events(&mut self) {
        let Some(gdb) = &mut self.gdb else { return };
        for event in gdb.events() {
            self.transcript.event(&event);
        }
    }

    fn gdb(&mut self) -> Result<&mut Gdb> {
        self.gdb.as_mut().context("gdb is not running: use start(...) first")
    }

    fn stub(&mut self) -> Result<&mut Stub> {
        self.stub.as_mut().context("nothing was started: use start(...) first")
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.gdb = None;
        self.stub = None;
        self.mark.kill();
    }
}
