//! `docs/syscalls.md`, from the table.

use std::fmt::Write as _;

use super::args::Direction;
use super::table::{Action, ROWS, Row};
use super::uring_entries::REFUSED;

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
    page.push_str(RINGS);
    for (name, why) in REFUSED {
        let _ = writeln!(page, "* `IORING_OP_{name}`: {why}.");
    }
    page.push_str(FAULTS);
    page
}

/// What is not in the rows of io_uring.
const RINGS: &str = "
## io_uring

A guest's ring is a ring of the host's, which takes Linux 6.10 or newer there (ENOSYS otherwise). Completions are written by the host's kernel,
at any time: watchpoints do not see them, nor what an operation that is completed later writes. What a ring is given is looked at when
io_uring_enter(2) is called, paths too: what a relative path or a symbolic link leads to in /proc is the host's.

The header of an `IORING_OP_RECVMSG` without `IORING_RECV_MULTISHOT` holds the host's addresses while it is submitted: a thread that reads it in
that moment sees them, and what one writes there in that moment the kernel takes without anybody having looked at it.

EINVAL, as from a kernel that does not know them:

* `IORING_SETUP_SQPOLL` with `IORING_SETUP_IOPOLL`. By itself it makes a ring whose thread always sleeps (`IORING_SQ_NEED_WAKEUP`), since the
  kernel's would take entries before anybody has looked at their addresses: each io_uring_enter(2) takes them.
* `IORING_SETUP_NO_MMAP`, `IORING_SETUP_REGISTERED_FD_ONLY`: where the ring is, is what the emulator says itself.
* `IORING_REGISTER_PBUF_RING`: the guest adds addresses to it when nobody looks. `IORING_OP_PROVIDE_BUFFERS` is there.
* `IORING_REGISTER_RESIZE_RINGS`, `IORING_REGISTER_MEM_REGION`, `IORING_REGISTER_ZCRX_IFQ`, `IORING_REGISTER_QUERY`.
* Attributes of reads and writes; commands of drivers (`IORING_OP_URING_CMD`), but for a socket's options; advice that the emulator keeps books of (`MADV_DONTFORK`).
* A file of /proc that shows the guest, opened into a place among the ring's files.
* A descriptor of a `mem` file of /proc (EBADF), and a ring whose descriptor another program has left open (EOPNOTSUPP).

So are these operations, of which `IORING_REGISTER_PROBE` tells the truth:

";

/// What is not in the row of userfaultfd.
const FAULTS: &str = "
## userfaultfd

Faults are those of the host's kernel in the pages of the guest; a thread that comes to a page which has to be filled waits in the kernel, so a
signal's handler runs, and a debugger's stop is reported, when it has been. Code is not watched: `UFFDIO_REGISTER` of pages that may be executed is EINVAL. There are no
`UFFD_FEATURE_EVENT_*` (the message would have to be read before the call that it is about goes on, and such a call keeps the map of the guest's memory to itself),
no `UFFD_FEATURE_WP_ASYNC`, no `UFFD_FEATURE_POISON`. A ring of io_uring does not read messages.
";

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
