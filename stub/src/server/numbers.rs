//! How threads are numbered. gdb hears the numbers that they have here, as it would of a debugger that traces them; a process in a pid
//! namespace of its own knows itself and its threads by others (pid_namespaces(7)).

use std::collections::BTreeMap;
use std::fs;

use crate::control::{Event, Request};
use crate::id::{Pid, ThreadId, Tid};
use crate::stop::StopReason;
use crate::target::Thread;

/// The threads of a process that has other numbers for them.
#[derive(Clone, Debug)]
pub(crate) struct Numbers {
    /// The process, as it is numbered here.
    pid: Pid,
    /// The same there.
    said: Pid,
    /// Numbers here by those there.
    here: BTreeMap<Tid, Tid>,
}

impl Numbers {
    /// Those of the process that is `pid` here and calls itself `said`. `None`: they are the same.
    pub fn of(pid: Pid, said: Pid) -> Option<Numbers> {
        (pid != said).then(|| Numbers { pid, said, here: BTreeMap::new() })
    }

    /// The number here. One that is gone already keeps its own.
    fn here(&mut self, there: Tid) -> Tid {
        if !self.here.contains_key(&there) {
            self.look();
        }
        self.here.get(&there).copied().unwrap_or(there)
    }

    fn there(&self, here: Tid) -> Tid {
        self.here.iter().find(|(_, tid)| **tid == here).map_or(here, |(there, _)| *there)
    }

    /// The name that a file of /proc about this process has there.
    fn path_there(&self, path: &str) -> String {
        let parts = path.split_inclusive('/').enumerate();
        let renamed = parts.scan(false, |is_own, (at, part)| {
            let number = part.trim_end_matches('/');
            let there = match (at, number.parse()) {
                (2, Ok(pid)) if path.starts_with("/proc/") && pid == self.pid.0 => {
                    *is_own = true;
                    self.said.0
                }
                (4, Ok(tid)) if *is_own => self.there(Tid(tid)).0,
                _ => return Some(part.to_owned()),
            };
            Some(part.replace(number, &there.to_string()))
        });
        renamed.collect()
    }

    /// Reads which threads there are.
    fn look(&mut self) {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.pid)).into_iter().flatten().flatten();
        for task in tasks {
            let here = task.file_name().to_str().and_then(|name| name.parse().ok());
            let status = fs::read_to_string(task.path().join("status")).unwrap_or_default();
            if let (Some(here), Some(there)) = (here, innermost(&status)) {
                self.here.insert(Tid(there), Tid(here));
            }
        }
    }

    /// Gives threads their numbers here.
    pub fn name(&mut self, threads: &mut [Thread]) {
        threads.iter_mut().for_each(|thread| thread.tid = self.here(thread.tid));
    }

    /// What a process has said, with the numbers that are meant here.
    pub fn received(&mut self, event: &mut Event) {
        match event {
            Event::Execed { threads, .. } => {
                self.here.clear();
                self.name(threads);
            }
            Event::Stopped(tid, reason, _) => {
                *tid = self.here(*tid);
                if let StopReason::Cloned(id) = reason {
                    *id = ThreadId { pid: self.pid, tid: self.here(id.tid) };
                }
            }
            Event::ThreadStarted { thread, .. } => {
                // The number may have been another's.
                self.here.remove(&thread.tid);
                thread.tid = self.here(thread.tid);
            }
            Event::ThreadExited(tid, _) => *tid = self.here.remove(tid).unwrap_or(*tid),
            Event::Forked { tid, .. } | Event::VforkDone { tid, .. } => *tid = self.here(*tid),
            _ => {}
        }
    }

    /// What is asked of a process, with the numbers that it knows.
    pub fn asked(&self, request: &mut Request) {
        match request {
            Request::Registers(tid)
            | Request::CommonRegisters(tid)
            | Request::SetRegisters(tid, _)
            | Request::Register(tid, _)
            | Request::SetRegister(tid, ..)
            | Request::VitalRegisters(tid)
            | Request::Siginfo(tid)
            | Request::SetSiginfo(tid, _)
            | Request::Explain(tid, _)
            | Request::TlsAddress { tid, .. }
            | Request::Monitor(tid, _) => *tid = self.there(*tid),
            Request::HoldClones(tids) | Request::StopThreads(tids) | Request::Handles(tids) => {
                tids.iter_mut().for_each(|tid| *tid = self.there(*tid));
            }
            Request::File(path) => *path = self.path_there(path),
            Request::Resume(orders) => orders.iter_mut().for_each(|order| order.tid = self.there(order.tid)),
            _ => {}
        }
    }
}

/// The number that a thread has for itself (`NSpid` in proc_pid_status(5)).
fn innermost(status: &str) -> Option<i32> {
    let line = status.lines().find_map(|line| line.strip_prefix("NSpid:"))?;
    line.split_whitespace().last()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::{Motion, Resume};

    #[test]
    fn threads_have_the_numbers_of_their_namespace_in_requests_and_those_of_here_in_events() {
        assert_eq!(innermost("Name:\tx\nPid:\t70\nNSpid:\t70\t12\t1\nVmPeak:\t1 kB\n"), Some(1));
        assert_eq!(innermost("NSpid:\t70\n"), Some(70));
        assert!(Numbers::of(Pid(7), Pid(7)).is_none());
        let mut numbers = Numbers::of(Pid(70), Pid(1)).unwrap();
        numbers.here = [(Tid(1), Tid(70)), (Tid(2), Tid(71))].into();
        let mut order = Request::Resume(vec![Resume { tid: Tid(71), motion: Motion::Step, signal: None }]);
        numbers.asked(&mut order);
        let Request::Resume(orders) = order else { panic!() };
        assert_eq!(orders[0].tid, Tid(2));
        let mut stop = Request::StopThreads(vec![Tid(70), Tid(71)]);
        numbers.asked(&mut stop);
        assert_eq!(stop, Request::StopThreads(vec![Tid(1), Tid(2)]));
        let clone = StopReason::Cloned(ThreadId { pid: Pid(1), tid: Tid(2) });
        let mut event = Event::Stopped(Tid(1), clone, Vec::new());
        numbers.received(&mut event);
        let clone = StopReason::Cloned(ThreadId { pid: Pid(70), tid: Tid(71) });
        assert_eq!(event, Event::Stopped(Tid(70), clone, Vec::new()));
        let mut event = Event::ThreadExited(Tid(2), 0);
        numbers.received(&mut event);
        assert_eq!(event, Event::ThreadExited(Tid(71), 0));
        let file = |path: &str| {
            let mut request = Request::File(path.to_owned());
            numbers.asked(&mut request);
            let Request::File(path) = request else { panic!() };
            path
        };
        assert_eq!(file("/proc/70/task/70/maps"), "/proc/1/task/1/maps");
        assert_eq!(file("/proc/70"), "/proc/1");
        assert_eq!(file("/proc/7/task/70/maps"), "/proc/7/task/70/maps");
        assert_eq!(file("/home/70/task/70"), "/home/70/task/70");
        // Nobody has it here now.
        assert_eq!(numbers.there(Tid(71)), Tid(71));
    }

    #[test]
    fn threads_of_this_process_are_found() {
        let pid = Pid(std::process::id() as i32);
        let mut numbers = Numbers { pid, said: Pid(1), here: BTreeMap::new() };
        numbers.look();
        let own = std::fs::read_to_string("/proc/thread-self/status").unwrap();
        assert!(numbers.here.contains_key(&Tid(innermost(&own).unwrap())));
    }
}
