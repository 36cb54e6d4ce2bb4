//! What /proc shows of guest processes, where the host's would show the emulator: for system calls and for the debugger alike.
//!
//! A path is read ([`find`]); if it means a file that has to show the guest, its contents are made here ([`contents`]), mostly out of the
//! host's file and of what the process has published ([`record`]). docs/proc.md lists what is shown how.

mod getdents;
mod host;
mod machine;
pub mod maps;
pub mod mem;
mod place;
mod record;
mod snapshot;
mod status;

use std::ffi::OsStr;
use std::ops::Range;
use std::os::fd::IntoRawFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use bytemuck::Zeroable;

pub use getdents::without_ours;
pub(crate) use host::keep_arguments;
pub use place::{
    File, Place, find, has_folder, is_in_proc, look_at_current_folder, may_be, of_descriptor, own_tid,
};
pub use snapshot::{close, file_of, name_of, opened, read, refresh, replace, seek_without_size, shown_name};

use crate::addr::GuestAddr;
use crate::debug;
use crate::errno::Errno;
use crate::loader::{Identity, Image};
use crate::memory::Memory;
use crate::process::Process;
use crate::process::limits::Limits;
use crate::seccomp::Seccomp;
use crate::signal::{self, Action, Kept};
use crate::syscall::descriptors;
use crate::syscall::host::call_at_once;
use maps::{Line, Totals};
use record::{Facts, Record, fact};

/// Publishes a program that has been loaded, for this process's own views and for others'; `called` is the name that it was started by.
pub fn publish(process: &Process, image: &mut Image, called: &OsStr) {
    let exe = image.nameless.take().map(|file| descriptors::reserve(file.into()).into_raw_fd());
    let mut facts = Facts {
        exe_descriptor: exe.unwrap_or(0) as u64,
        base: process.memory.base() as u64,
        size: process.memory.size(),
        args: [image.args.0.0, image.args.1.0],
        env: [image.env.0.0, image.env.1.0],
        code: [image.code.0.0, image.code.1.0],
        stack: image.sp.0,
        brk: image.brk.0,
        program: [image.identity.0, image.identity.1],
        ..Facts::zeroed()
    };
    for (place, resource) in Limits::RESOURCES.into_iter().enumerate() {
        if let Ok(limit) = process.limits.get(resource) {
            (facts.limits[2 * place], facts.limits[2 * place + 1]) = (limit.current, limit.maximum);
        }
    }
    for signal in 1..=64 {
        let action = process.actions.get(signal);
        facts.caught |= u64::from(action.is_handler()) << (signal - 1);
        facts.ignored |= u64::from(action.is_ignored()) << (signal - 1);
    }
    process.memory.show_in(record::publish(&facts, &image.auxv, &image.exe));
    set_name(called);
    look_at_current_folder();
}

/// Closes what the program that ran here until now had open of the emulator's own. What others see of it stays until the next is published.
pub(super) fn leave_program() {
    mem::close_all();
    let exe = record::get(fact::EXE_DESCRIPTOR) as i32;
    if exe != 0 {
        descriptors::forget(exe);
        descriptors::close(exe);
    }
}

/// This process has executed the program that is published, and the host's kernel has not done it.
pub(super) fn executed(image: &Image, memory: &Memory) {
    host::show(image, memory.base() as u64);
    record::set(fact::EXECUTED, std::process::id().into());
}

/// Whether a process has executed a program that the host's kernel does not know of, as far as we may know.
pub fn has_executed(pid: i32) -> bool {
    record::of(pid).is_ok_and(|record| record.is_some_and(|record| record.facts.executed == pid as u64))
}

/// Whether a process that we may look at runs the program in this file.
pub(crate) fn is_running(file: Identity) -> bool {
    let names = std::fs::read_dir("/proc").into_iter().flatten();
    let mut pids = names.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<i32>().ok());
    pids.any(|pid| record::program_of(pid) == Some(file))
}

/// Auxiliary vector of the program that this process runs.
pub fn own_auxv() -> Option<Vec<u8>> {
    record::own().map(|record| record.auxv)
}

/// By which name others can open the program that this process runs, and what `/proc/PID/exe` shows.
pub fn own_program() -> Option<(PathBuf, PathBuf)> {
    record::own().map(|record| (record.program(), record.link()))
}

/// This thread of the process is the emulator's own: the debugger's agent.
pub fn hide_task(tid: i32) {
    record::set(fact::HIDDEN_TASK, tid as u64);
}

/// The process of this pid debugs this one; 0: nobody does.
pub fn set_tracer(pid: i32) {
    record::set(fact::TRACER, pid as u64);
}

/// Who debugs this process; 0: nobody.
pub fn tracer() -> i32 {
    record::get(fact::TRACER) as i32
}

/// Whether somebody debugs this process of the emulator's, as far as we may look at it.
pub fn has_tracer(pid: i32) -> bool {
    record::of(pid).ok().flatten().is_some_and(|record| record.facts.tracer != 0)
}

/// `comm`: the last part of the name that the program was started by, cut by the kernel.
fn set_name(called: &OsStr) {
    let mut name = Path::new(called).file_name().unwrap_or(called).as_bytes().to_vec();
    name.push(0);
    let _ = call_at_once(libc::SYS_prctl, [libc::PR_SET_NAME as u64, name.as_ptr() as u64, 0, 0, 0, 0]);
}

/// A limit of the guest's own has changed.
pub(super) fn limit_changed(place: usize, current: u64, maximum: u64) {
    record::set(fact::LIMITS + 2 * place, current);
    record::set(fact::LIMITS + 2 * place + 1, maximum);
}

/// What the guest does with a signal has changed. The caller has a lock, so that nobody else is here.
pub fn action_changed(signal: i32, action: &Action) {
    let bit = 1_u64 << (signal - 1);
    for (place, is_it) in [(fact::CAUGHT, action.is_handler()), (fact::IGNORED, action.is_ignored())] {
        let others = record::get(place) & !bit;
        record::set(place, if is_it { others | bit } else { others });
    }
}

/// The filters on the system calls of the program, which are its threads' own: those that were set last are shown.
pub fn filtered(seccomp: Option<&Seccomp>) {
    record::set(fact::SECCOMP, Seccomp::mode(seccomp));
    record::set(fact::SECCOMP + 1, Seccomp::count(seccomp) as u64);
}

/// What a path of /proc means for the guest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// What the host says.
    Host,
    /// Nothing: it is the emulator's own.
    Hidden,
    /// A file that shows the guest, or a link whose text does.
    Shown(Place),
    /// Another file: a link to a program has been followed.
    Program(PathBuf),
}

/// What `path` means for the guest, starting from `folder`; `None` if it does not lead to /proc.
pub fn meaning(folder: i32, path: &[u8], follow: bool) -> Option<Meaning> {
    let mut place = find(folder, path)?;
    if let File::Descriptor(_) = place.file
        && follow
        && let Some(target) = place::behind(folder, path)
        && !matches!(target.file, File::Descriptors | File::Tasks | File::Other)
    {
        place = target;
    }
    if place.pid == 0 {
        return Some(Meaning::Shown(place));
    }
    let Ok(Some(guest)) = Guest::of(&place, None) else {
        // Contents are asked for again, and refused then.
        return Some(if runs_here(place.pid) { Meaning::Shown(place) } else { Meaning::Host });
    };
    let hidden = match place.file {
        File::Descriptor(fd) => guest.hides_descriptor(fd),
        _ => false,
    };
    Some(if hidden || guest.hides_task(&place) {
        Meaning::Hidden
    } else if place.file == File::Exe && follow {
        Meaning::Program(guest.record.program())
    } else {
        Meaning::Shown(place)
    })
}

/// The program of the process that a place belongs to, as the link shows it.
pub fn program(place: &Place) -> Result<Option<PathBuf>, Errno> {
    Ok(Guest::of(place, None)?.map(|guest| guest.record.link()))
}

/// The contents of a file of /proc that has to show the guest, made of the host's; `None` if the host's will do. `process` is the one
/// that runs here. EACCES for what nobody can have.
pub fn contents(
    place: &Place,
    process: &Process,
    host: impl FnOnce() -> Result<Vec<u8>, Errno>,
) -> Result<Option<Vec<u8>>, Errno> {
    let text = || host().map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let with_stop = |text: String| {
        let stands = debug::has_stopped(process, place.task.unwrap_or(place.pid));
        if stands { status::stopped_by_tracer(&text) } else { text }
    };
    let shown = match place.file {
        File::CpuInfo => machine::cpuinfo(&text()?, process.memory.size()),
        File::Version => machine::version(&text()?),
        File::OsRelease => machine::osrelease(&text()?),
        File::Arch => "riscv64\n".to_owned(),
        // Of one that waits the host would say where the emulator does.
        File::Syscall => "running\n".to_owned(),
        File::Descriptor(_) | File::Descriptors | File::Tasks | File::Other | File::Exe => return Ok(None),
        _ => {
            let Some(guest) = Guest::of(place, Some(process))? else { return Ok(None) };
            let facts = &guest.record.facts;
            match place.file {
                File::Auxv => return Ok(Some(guest.record.auxv)),
                File::Cmdline => return Ok(Some(guest.command_line())),
                File::Environ => return Ok(Some(guest.strings(facts.env))),
                File::Limits => status::limits(&text()?, facts),
                File::Maps => {
                    let host = maps::parse(&text()?, facts.base, facts.size);
                    maps::text(&maps::with_names(guest.lines()?, &host))
                }
                File::Smaps => {
                    let host = maps::parse(&text()?, facts.base, facts.size);
                    maps::smaps(&maps::with_names(guest.lines()?, &host), &host)
                }
                File::SmapsRollup => {
                    let host = std::fs::read(format!("/proc/{}/smaps", place.pid))?;
                    let host = maps::parse(&String::from_utf8_lossy(&host), facts.base, facts.size);
                    maps::rollup(&guest.lines()?, &host)
                }
                File::Stat => status::stat(&with_stop(text()?), facts, &guest.totals()?),
                File::Statm => status::statm(&text()?, facts, &guest.totals()?),
                File::Status => {
                    let is_reader = place.task.unwrap_or(place.pid) == own_tid();
                    let kept = if is_reader { signal::kept() } else { Kept::default() };
                    status::status(&with_stop(text()?), facts, &guest.totals()?, kept)
                }
                // Not a file that has contents: see [`memory`].
                _ => return Ok(None),
            }
        }
    };
    Ok(Some(shown.into_bytes()))
}

/// Makes `opened`, which is open on the host's `mem` or `pagemap`, one of the guest's. Closes it if that cannot be.
pub fn memory(place: &Place, opened: u64) -> Result<u64, Errno> {
    match Guest::of(place, None) {
        Ok(Some(guest)) => mem::opened(opened, place, &guest.record.facts),
        Ok(None) => Ok(opened),
        Err(errno) => {
            close(opened);
            Err(errno)
        }
    }
}

/// How many of `len` bytes from `start` on are mapped in a process's window.
fn mapped(pid: i32, process: &Process, start: u64, len: u64) -> Result<u64, Errno> {
    let place = Place { pid, task: None, file: File::Mem };
    // A process that has ended has no memory.
    let Some(guest) = Guest::of(&place, Some(process))? else { return Ok(0) };
    let mut end = start;
    for line in guest.lines()? {
        if (line.start..line.end).contains(&end) {
            end = line.end;
        }
    }
    Ok((end - start).min(len))
}

/// Where on the host the guest memory of another process is; `None` if it is no guest. EPERM if it may not be looked at.
pub fn window_of(pid: i32) -> Result<Option<Range<u64>>, Errno> {
    Ok(record::of(pid)?.map(|record| window(&record)))
}

/// Guest addresses where something is mapped, in their order.
pub type Mapped = Vec<Range<u64>>;

/// The same, and what is mapped there.
pub fn memory_of(pid: i32) -> Result<Option<(Range<u64>, Mapped)>, Errno> {
    let Some(record) = record::of(pid)? else { return Ok(None) };
    let mapped = maps::other(&record.areas()?).iter().map(|line| line.start..line.end).collect();
    Ok(Some((window(&record), mapped)))
}

fn window(record: &Record) -> Range<u64> {
    record.facts.base..record.facts.base + record.facts.size
}

/// `/proc/PID/maps` of the process that has this memory.
pub fn maps(memory: &Memory) -> String {
    maps::text(&maps::own(memory))
}

/// A guest process whose files are asked for.
struct Guest<'a> {
    record: Record,
    /// The process that runs here, if it is that.
    own: Option<&'a Process>,
}

impl<'a> Guest<'a> {
    /// The guest process that a place belongs to; `None` if it is none. EACCES if it is one that may not be looked at.
    fn of(place: &Place, process: Option<&'a Process>) -> Result<Option<Guest<'a>>, Errno> {
        if place.pid == std::process::id() as i32 {
            return Ok(record::own().map(|record| Guest { record, own: process }));
        }
        match record::of(place.pid) {
            Ok(record) => Ok(record.map(|record| Guest { record, own: None })),
            // A security module may forbid to read memory where it allows to see maps. The emulator's are not shown instead.
            Err(_) if runs_here(place.pid) && is_private(place.file) => Err(Errno::EACCES),
            Err(_) => Ok(None),
        }
    }

    /// The lines of `maps`.
    fn lines(&self) -> Result<Vec<Line>, Errno> {
        match self.own {
            Some(own) => Ok(maps::own(&own.memory)),
            None => Ok(maps::other(&self.record.areas()?)),
        }
    }

    fn totals(&self) -> Result<Totals, Errno> {
        Ok(Totals::of(&self.lines()?))
    }

    /// The bytes of a range, as far as they can be read.
    fn strings(&self, [start, end]: [u64; 2]) -> Vec<u8> {
        // Nobody can have put more there; the numbers are another process's.
        let len = end.saturating_sub(start).min(self.record.facts.size / 16);
        let mut bytes = vec![0; len as usize];
        let read = match self.own {
            Some(own) => own.memory.read(GuestAddr(start), &mut bytes),
            None => self.record.read(start, &mut bytes),
        };
        if read.is_ok() { bytes } else { Vec::new() }
    }

    /// A program that has written over the end of its arguments goes on in its environment, up to the first NUL.
    fn command_line(&self) -> Vec<u8> {
        let mut line = self.strings(self.record.facts.args);
        if line.last().is_some_and(|&last| last != 0) {
            let more = self.strings(self.record.facts.env);
            let end = more.iter().position(|&byte| byte == 0).unwrap_or(more.len());
            line.extend_from_slice(&more[..end]);
            line.iter().position(|&byte| byte == 0).into_iter().for_each(|end| line.truncate(end));
        }
        line
    }

    fn is_here(&self) -> bool {
        self.record.pid == std::process::id() as i32
    }

    fn hides_descriptor(&self, fd: i32) -> bool {
        if self.is_here() { descriptors::is_reserved(fd) } else { self.record.hides_descriptor(fd) }
    }

    fn hides_task(&self, place: &Place) -> bool {
        let hidden = self.record.facts.hidden_task as i32;
        hidden != 0 && (place.task == Some(hidden) || place.pid == hidden)
    }
}

/// Files that the kernel shows only to those who may trace the process.
fn is_private(file: File) -> bool {
    !matches!(file, File::Cmdline | File::Limits | File::Stat | File::Statm | File::Status)
}

/// Whether a process that cannot be looked at is run by this emulator.
fn runs_here(pid: i32) -> bool {
    let program = |pid: &str| std::fs::read_link(format!("/proc/{pid}/exe")).ok();
    program(&pid.to_string()).is_some_and(|exe| Some(exe) == program("self"))
}
