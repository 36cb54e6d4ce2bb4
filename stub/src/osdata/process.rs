//! Processes, their threads and files; processors and modules of the kernel (proc(5)).

use std::fs;

use super::{Row, System, numbers, row};
use crate::stat::behind_name;

pub(super) fn processes(system: &mut System<'_>) -> Vec<Row> {
    let mut rows = Vec::new();
    for pid in numbers("/proc") {
        let Some(stat) = Stat::of(system, &format!("/proc/{pid}/stat")) else { continue };
        let mut cores: Vec<i32> = numbers(&format!("/proc/{pid}/task"))
            .into_iter()
            .filter_map(|tid| Some(Stat::of(system, &format!("/proc/{pid}/task/{tid}/stat"))?.core))
            .collect();
        cores.sort_unstable();
        cores.dedup();
        let cores: Vec<String> = cores.iter().map(i32::to_string).collect();
        let command = command_line(system, pid, &stat);
        rows.push(row(&[
            ("pid", pid.to_string()),
            ("user", user(system, pid)),
            ("command", command),
            ("cores", cores.join(",")),
        ]));
    }
    rows
}

pub(super) fn groups(system: &mut System<'_>) -> Vec<Row> {
    let mut members: Vec<(i32, i32)> = numbers("/proc")
        .into_iter()
        .filter_map(|pid| Some((Stat::of(system, &format!("/proc/{pid}/stat"))?.group, pid)))
        // Threads of the kernel are in none.
        .filter(|(group, _)| *group > 0)
        .collect();
    // The leader comes first in its group.
    members.sort_unstable_by_key(|(group, pid)| (*group, group != pid, *pid));
    let mut rows = Vec::new();
    for (group, pid) in members {
        let Some(stat) = Stat::of(system, &format!("/proc/{pid}/stat")) else { continue };
        let leader =
            Stat::of(system, &format!("/proc/{group}/stat")).map(|stat| stat.name).unwrap_or_default();
        let line = command_line(system, pid, &stat);
        rows.push(row(&[
            ("pgid", group.to_string()),
            ("leader command", leader),
            ("pid", pid.to_string()),
            ("command line", line),
        ]));
    }
    rows
}

pub(super) fn threads(system: &mut System<'_>) -> Vec<Row> {
    let mut rows = Vec::new();
    for pid in numbers("/proc") {
        for tid in numbers(&format!("/proc/{pid}/task")) {
            let Some(stat) = Stat::of(system, &format!("/proc/{pid}/task/{tid}/stat")) else { continue };
            rows.push(row(&[
                ("pid", pid.to_string()),
                ("command", stat.name),
                ("tid", tid.to_string()),
                ("core", stat.core.to_string()),
            ]));
        }
    }
    rows
}

pub(super) fn files(system: &mut System<'_>) -> Vec<Row> {
    let mut rows = Vec::new();
    for pid in numbers("/proc") {
        let Some(stat) = Stat::of(system, &format!("/proc/{pid}/stat")) else { continue };
        for fd in numbers(&format!("/proc/{pid}/fd")) {
            // Where a link must not be read, its own name stands.
            let name =
                fs::read_link(format!("/proc/{pid}/fd/{fd}")).unwrap_or_else(|_| fd.to_string().into());
            rows.push(row(&[
                ("pid", pid.to_string()),
                ("command", stat.name.clone()),
                ("file descriptor", fd.to_string()),
                ("name", name.to_string_lossy().into_owned()),
            ]));
        }
    }
    rows
}

/// The blocks of `/proc/cpuinfo`: the guests' processors.
pub(super) fn cpus(system: &mut System<'_>) -> Vec<Row> {
    let text = system.text("/proc/cpuinfo");
    let column = |line: &str| {
        let (name, value) = line.split_once(':')?;
        Some((name.trim().to_owned(), value.trim().to_owned()))
    };
    let blocks = text.split("\n\n").map(|block| block.lines().filter_map(column).collect::<Row>());
    blocks.filter(|block| block.first().is_some_and(|(name, _)| name == "processor")).collect()
}

pub(super) fn modules(_: &mut System<'_>) -> Vec<Row> {
    let text = fs::read_to_string("/proc/modules").unwrap_or_default();
    let module = |line: &str| {
        let mut words = line.split_whitespace();
        let mut next = |name| words.next().map(|word| (name, word));
        let columns = [
            next("name")?,
            next("size")?,
            next("num uses")?,
            next("dependencies")?,
            next("status")?,
            next("address")?,
        ];
        Some(row(&columns))
    };
    text.lines().filter_map(module).collect()
}

/// Fields of `stat`.
struct Stat {
    name: String,
    group: i32,
    /// The processor that it ran on last.
    core: i32,
}

impl Stat {
    fn of(system: &mut System<'_>, path: &str) -> Option<Stat> {
        let text = system.text(path);
        let (start, end) = (text.find('(')?, text.rfind(')')?);
        let fields = behind_name(&text);
        Some(Stat {
            name: text.get(start + 1..end)?.to_owned(),
            group: fields.get(2)?.parse().ok()?,
            core: fields.get(36)?.parse().ok()?,
        })
    }
}

/// Arguments with spaces between them; threads of the kernel have none, and are shown in brackets.
fn command_line(system: &mut System<'_>, pid: i32, stat: &Stat) -> String {
    let line = system.text(&format!("/proc/{pid}/cmdline"));
    let line = line.trim_end_matches('\0').replace('\0', " ");
    if line.is_empty() { format!("[{}]", stat.name) } else { line }
}

/// Who it acts as: the second number of `Uid`.
fn user(system: &mut System<'_>, pid: i32) -> String {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("Uid:")).unwrap_or_default();
    let id = line.split_whitespace().nth(1).and_then(|id| id.parse().ok());
    id.map(|id| system.user(id)).unwrap_or_default()
}
