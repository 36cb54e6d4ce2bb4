//! System V's shared memory, semaphores and message queues (`/proc/sysvipc`, sysvipc(7)).

use std::fs;

use super::{Row, System};

/// How a field of the kernel's is shown.
#[derive(Clone, Copy)]
enum Kind {
    /// As it is.
    Plain,
    User,
    Group,
    /// Seconds since 1970.
    Time,
    /// A pid, of which the name is shown while it lives.
    Command,
}

use Kind::{Command, Group, Plain, Time, User};

/// Columns: the kernel's name, the name here, and the kind.
type Columns = &'static [(&'static str, &'static str, Kind)];

pub(super) fn shared_memory(system: &mut System<'_>) -> Vec<Row> {
    const COLUMNS: Columns = &[
        ("key", "key", Plain),
        ("shmid", "shmid", Plain),
        ("perms", "permissions", Plain),
        ("size", "size", Plain),
        ("cpid", "creator command", Command),
        ("lpid", "last op. command", Command),
        ("nattch", "num attached", Plain),
        ("uid", "user", User),
        ("gid", "group", Group),
        ("cuid", "creator user", User),
        ("cgid", "creator group", Group),
        ("atime", "last shmat() time", Time),
        ("dtime", "last shmdt() time", Time),
        ("ctime", "last shmctl() time", Time),
    ];
    table(system, "shm", COLUMNS)
}

pub(super) fn semaphores(system: &mut System<'_>) -> Vec<Row> {
    const COLUMNS: Columns = &[
        ("key", "key", Plain),
        ("semid", "semid", Plain),
        ("perms", "permissions", Plain),
        ("nsems", "num semaphores", Plain),
        ("uid", "user", User),
        ("gid", "group", Group),
        ("cuid", "creator user", User),
        ("cgid", "creator group", Group),
        ("otime", "last semop() time", Time),
        ("ctime", "last semctl() time", Time),
    ];
    table(system, "sem", COLUMNS)
}

pub(super) fn messages(system: &mut System<'_>) -> Vec<Row> {
    const COLUMNS: Columns = &[
        ("key", "key", Plain),
        ("msqid", "msqid", Plain),
        ("perms", "permissions", Plain),
        ("cbytes", "num used bytes", Plain),
        ("qnum", "num messages", Plain),
        ("lspid", "last msgsnd() command", Command),
        ("lrpid", "last msgrcv() command", Command),
        ("uid", "user", User),
        ("gid", "group", Group),
        ("cuid", "creator user", User),
        ("cgid", "creator group", Group),
        ("stime", "last msgsnd() time", Time),
        ("rtime", "last msgrcv() time", Time),
        ("ctime", "last msgctl() time", Time),
    ];
    table(system, "msg", COLUMNS)
}

fn table(system: &mut System<'_>, file: &str, columns: Columns) -> Vec<Row> {
    let text = fs::read_to_string(format!("/proc/sysvipc/{file}")).unwrap_or_default();
    let mut lines = text.lines();
    // The first line names the fields, whose order has changed between kernels.
    let names: Vec<&str> = lines.next().unwrap_or_default().split_whitespace().collect();
    lines
        .map(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let field = |name: &str| fields.get(names.iter().position(|known| *known == name)?).copied();
            let show = |(name, shown, kind): &(&str, &str, Kind)| {
                ((*shown).to_owned(), show(system, field(name).unwrap_or_default(), *kind))
            };
            columns.iter().map(show).collect()
        })
        .collect()
}

fn show(system: &System<'_>, field: &str, kind: Kind) -> String {
    let number = field.parse::<i64>().unwrap_or_default();
    match kind {
        Plain => field.to_owned(),
        User => system.user(number as u32),
        Group => system.group(number as u32),
        Time => time(number),
        Command => {
            let name = fs::read_to_string(format!("/proc/{field}/comm")).ok();
            name.map_or_else(|| field.to_owned(), |name| name.trim_end().to_owned())
        }
    }
}

/// `2026-11-24 12:06:37 UTC`; nothing for what has never happened.
fn time(seconds: i64) -> String {
    if seconds <= 0 {
        return String::new();
    }
    let (mut days, rest) = (seconds / 86_400, seconds % 86_400);
    let is_leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let mut year = 1970;
    while days >= 365 + i64::from(is_leap(year)) {
        days -= 365 + i64::from(is_leap(year));
        year += 1;
    }
    let february = 28 + i64::from(is_leap(year));
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{year}-{month:02}-{:02} {hour:02}:{minute:02}:{second:02} UTC", days + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_spelled() {
        assert_eq!(time(0), "");
        assert_eq!(time(1), "1970-01-01 00:00:01 UTC");
        assert_eq!(time(951_827_696), "2000-02-29 12:34:56 UTC");
        assert_eq!(time(1_795_522_783), "2026-11-24 12:19:43 UTC");
        assert_eq!(time(1_798_761_599), "2026-12-31 23:59:59 UTC");
    }
}
