//! `docs/syscalls.md`, from the table.

use std::fmt::Write as _;

use super::args::Direction;
use super::table::{Action, ROWS, Row};

/// The page.
pub fn document() -> String {
    let count = |wanted: fn(&Action) -> bool| ROWS.iter().filter(|row| wanted(&row.action)).count();
    let mut page = String::from(
        "<!-- Generated from emu/src/syscall/table.rs by `just doc`. Do not edit. -->\n\n# System calls\n\n",
    );
    let _ = write!(
        page,
        "The {} system calls of riscv64 Linux. {} are implemented: {} by the host's call of the same meaning, its pointers moved into the\n\
         guest's window, {} by code of ours. {} are refused on purpose, for the reason that is given: these fail with ENOSYS. A number that is\n\
         not listed fails so too, and its first use makes a line in the log.\n\n\
         An argument says its kind; `in`, `out` and `inout` are pointers to what the call reads, writes, or both.\n\
         A `looked-up path` is looked for in the [sysroot](sysroot.md) first. A process that has made a call with a remark on exec executes programs by\n\
         the host's execve(2) from then on, and not in place.\n\n\
         | number | call | by |\n| ---: | --- | --- |\n",
        ROWS.len(),
        count(|action| matches!(action, Action::Handler(_) | Action::Host(_))),
        count(|action| matches!(action, Action::Host(_))),
        count(|action| matches!(action, Action::Handler(_))),
        count(|action| matches!(action, Action::Refused(_))),
    );
    for row in ROWS {
        let exec = row.exec.map(|why| format!("; exec: {why}")).unwrap_or_default();
        let _ = writeln!(page, "| {} | {} | {}{exec} |", row.number, signature(row), by(&row.action));
    }
    page
}

fn signature(row: &Row) -> String {
    let args: Vec<String> = row
        .args
        .iter()
        .map(|parameter| {
            let direction = match parameter.direction {
                Direction::Value => "",
                Direction::In => "in ",
                Direction::Out => "out ",
                Direction::InOut => "inout ",
            };
            format!("{}: {direction}{}", parameter.name, parameter.kind)
        })
        .collect();
    format!("**{}**({})", row.name.replace('_', "\\_"), args.join(", ").replace('_', "\\_"))
}

fn by(action: &Action) -> String {
    match action {
        Action::Handler(_) => "tine".into(),
        Action::Host(_) => "host".into(),
        Action::Refused(why) => format!("refused: {why}"),
    }
}
