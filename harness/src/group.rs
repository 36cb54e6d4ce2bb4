//! Child processes, each the leader of its own process group, so that all that they start can be ended with them.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;

/// A program in its own process group; whatever is left of the group is killed when this is dropped.
#[derive(Debug)]
pub struct Group {
    child: Child,
    status: Option<ExitStatus>,
}

/// What a pipe brought so far.
#[derive(Clone, Debug, Default)]
pub struct Collected {
    bytes: Arc<Mutex<Vec<u8>>>,
    ended: Arc<AtomicBool>,
}

/// A mark in the environment, by which processes are known that left their group (`setsid`) or lost their parent.
#[derive(Clone, Debug)]
pub struct Mark(String);

/// Groups that are alive: what an interrupt from the keyboard has to end.
static ALIVE: Mutex<BTreeSet<i32>> = Mutex::new(BTreeSet::new());
/// Marks in use, for the same reason.
static MARKS: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

const MARK: &str = "TINE_TEST_RUN";

impl Group {
    /// Starts the command.
    pub fn spawn(command: &mut Command) -> Result<Group> {
        let name = command.get_program().to_string_lossy().into_owned();
        let child = command.process_group(0).spawn().with_context(|| format!("cannot run '{name}'"))?;
        let group = Group { child, status: None };
        locked(&ALIVE).insert(group.pid().as_raw());
        Ok(group)
    }

    /// The leader, which gives the group its number.
    pub fn pid(&self) -> Pid {
        // A pid fits: the kernel's limit is 2^22.
        Pid::from_raw(i32::try_from(self.child.id()).unwrap_or(i32::MAX))
    }

    /// The leader's pipes.
    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// How the leader ended, if it did.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        if self.status.is_none() {
            self.status = self.child.try_wait()?;
        }
        Ok(self.status)
    }

    /// Waits for the leader's end; `None` when it still lives at the deadline.
    pub fn wait_until(&mut self, deadline: Instant) -> Result<Option<ExitStatus>> {
        poll(deadline, || self.ended())
    }

    /// Kills all that is in the group and reaps the leader.
    pub fn kill(&mut self) {
        // The group may be gone already: then there is nothing to do.
        let _ = killpg(self.pid(), Signal::SIGKILL);
        if self.status.is_none() {
            self.status = self.child.wait().ok();
        }
        locked(&ALIVE).remove(&self.pid().as_raw());
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Collected {
    /// Reads the pipe to its end, in a thread of its own.
    pub fn from(mut pipe: impl Read + Send + 'static) -> Collected {
        let collected = Collected::default();
        let sink = collected.clone();
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = pipe.read(&mut buffer) {
                locked(&sink.bytes).extend_from_slice(&buffer[..count]);
            }
            sink.ended.store(true, Ordering::Release);
        });
        collected
    }

    /// All of it.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&locked(&self.bytes)).into_owned()
    }

    /// All that comes till the pipe's end, or the deadline: the writers may be dead, and their last words still on the way.
    pub fn text_to_end(&self, deadline: Instant) -> String {
        let _ = poll(deadline, || Ok(self.ended.load(Ordering::Acquire).then_some(())));
        self.text()
    }
}

impl Mark {
    /// A mark that no other run has.
    pub fn new() -> Mark {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let mark = format!("{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        locked(&MARKS).insert(mark.clone());
        Mark(mark)
    }

    /// Marks what the command will start.
    pub fn on<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env(MARK, &self.0)
    }

    /// Processes that carry the mark and live, with their command lines.
    pub fn bearers(&self) -> Vec<(Pid, String)> {
        bearers(&self.0)
    }

    /// Waits until nobody carries the mark; those who still do at the deadline are returned.
    pub fn wait_gone(&self, deadline: Instant) -> Vec<(Pid, String)> {
        let gone = poll(deadline, || Ok(self.bearers().is_empty().then_some(())));
        if matches!(gone, Ok(Some(()))) { Vec::new() } else { self.bearers() }
    }

    /// Kills all who carry the mark.
    pub fn kill(&self) {
        kill_bearers(&self.0);
        locked(&MARKS).remove(&self.0);
    }
}

impl Default for Mark {
    fn default() -> Mark {
        Mark::new()
    }
}

/// From now on SIGINT, SIGTERM and SIGHUP end every group and every marked process before they end this program.
pub fn end_all_on_interrupt() {
    let end = || {
        for group in locked(&ALIVE).iter() {
            let _ = killpg(Pid::from_raw(*group), Signal::SIGKILL);
        }
        for mark in locked(&MARKS).iter() {
            kill_bearers(mark);
        }
        leave(130);
    };
    // Somebody else's handler in this process is as good: nothing to do then.
    let _ = ctrlc::set_handler(end);
}

#[expect(
    clippy::disallowed_methods,
    reason = "an interrupted test run ends here; nothing is debugged in this process"
)]
fn leave(status: i32) -> ! {
    std::process::exit(status)
}

/// How a process ended, in the shell's numbers: its exit code, or 128 + the signal.
pub fn status_number(status: ExitStatus) -> i64 {
    use std::os::unix::process::ExitStatusExt;
    i64::from(status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(-1))
}

/// Asks until there is an answer or the deadline has passed.
pub fn poll<T>(deadline: Instant, mut ask: impl FnMut() -> Result<Option<T>>) -> Result<Option<T>> {
    let mut pause = Duration::from_micros(200);
    loop {
        if let Some(answer) = ask()? {
            return Ok(Some(answer));
        }
        if Instant::now() >= deadline {
            return Ok(None);
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

fn bearers(mark: &str) -> Vec<(Pid, String)> {
    let entry = format!("{MARK}={mark}");
    let mut found = Vec::new();
    for process in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(pid) = process.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        let environment = environment(&process.path());
        if environment.split(|byte| *byte == 0).any(|variable| variable == entry.as_bytes()) {
            let command = fs::read(process.path().join("cmdline")).unwrap_or_default();
            found.push((Pid::from_raw(pid), String::from_utf8_lossy(&command).replace('\0', " ")));
        }
    }
    found
}

/// A process's environment; a zombie has none: it is dead, whoever may reap it.
fn environment(process: &Path) -> Vec<u8> {
    for _ in 0..5 {
        let environment = fs::read(process.join("environ")).unwrap_or_default();
        if !environment.is_empty() || fs::read_link(process.join("exe")).is_err() {
            return environment;
        }
        // It may be about to execute a program, whose environment is not there yet.
        thread::sleep(Duration::from_millis(1));
    }
    Vec::new()
}

fn kill_bearers(mark: &str) {
    // Again while there are any: one of them may have forked meanwhile.
    for _ in 0..10 {
        let bearers = bearers(mark);
        if bearers.is_empty() {
            return;
        }
        for (pid, _) in bearers {
            let _ = kill(pid, Signal::SIGKILL);
        }
        thread::sleep(Duration::from_millis(2));
    }
}

/// A panic elsewhere does not make these data wrong.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A command whose output is collected and whose input is empty.
pub fn quiet(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    fn soon() -> Instant {
        Instant::now() + Duration::from_secs(10)
    }

    #[test]
    fn statuses_are_the_shells() {
        let mut exits = Group::spawn(quiet("sh").args(["-c", "exit 3"])).unwrap();
        assert_eq!(exits.wait_until(soon()).unwrap().map(status_number), Some(3));
        let mut dies = Group::spawn(quiet("sh").args(["-c", "kill -SEGV $$"])).unwrap();
        assert_eq!(dies.wait_until(soon()).unwrap().map(status_number), Some(139));
    }

    #[test]
    fn a_marked_process_is_found_after_it_left_its_group() {
        let mark = Mark::new();
        // In the middle of an exec a process has no environment: the shell, which has said that it is up, stays.
        let script = "setsid sh -c 'echo up; sleep 1000; :' &";
        let mut leaves = Group::spawn(mark.on(quiet("sh").args(["-c", script]))).unwrap();
        let said = leaves.child().stdout.take().map(Collected::from).unwrap();
        assert!(poll(soon(), || Ok((said.text() == "up\n").then_some(()))).unwrap().is_some());
        leaves.kill();
        assert!(!mark.wait_gone(Instant::now()).is_empty());
        mark.kill();
        assert!(mark.wait_gone(soon()).is_empty());
    }
}
