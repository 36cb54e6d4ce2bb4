//! seccomp(2): filters that the guest sets on its own system calls. They are evaluated here, on the guest's calls; the host's kernel
//! hears nothing of them, because its filters would judge the emulator's; it only carries to a listener what a filter wants to be asked about
//! ([`notify`]).
//!
//! Filters are a task's own, are inherited by every task and process that it makes, and are never taken away. Exec carries them on as bytes.

pub mod bpf;

use std::sync::Arc;

use crate::errno::Errno;
use crate::process::exit::Ending;
use crate::signal::number::{SIGKILL, SIGSYS};
use crate::signal::{self, SigInfo};
use crate::syscall::notify;
use crate::task::Task;
use bpf::{Data, Instruction, Program};

/// `AUDIT_ARCH_RISCV64`.
pub(crate) const ARCH: u32 = 0xc000_00f3;

/// What a task's calls are subject to.
#[derive(Clone, Debug)]
pub enum Seccomp {
    /// `SECCOMP_MODE_STRICT`: read, write, exit, rt_sigreturn.
    Strict,
    /// `SECCOMP_MODE_FILTER`.
    Filters(Arc<Filter>),
}

/// A filter, and those that were there before it.
#[derive(Debug)]
pub struct Filter {
    program: Program,
    /// Whether its refusals are logged (`SECCOMP_FILTER_FLAG_LOG`).
    log: bool,
    before: Option<Arc<Filter>>,
}

/// What a filter answers, in the order in which one answer gives way to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
pub enum Verdict {
    /// End the process.
    KillProcess = 0x8000_0000,
    /// End the thread.
    KillThread = 0,
    /// SIGSYS.
    Trap = 0x0003_0000,
    /// Fail with the data as error.
    Errno = 0x0005_0000,
    /// Ask another process.
    UserNotif = 0x7fc0_0000,
    /// Ask the tracer: there is none.
    Trace = 0x7ff0_0000,
    /// Allow, and log.
    Log = 0x7ffc_0000,
    /// Allow.
    Allow = 0x7fff_0000,
}

impl Verdict {
    const ALL: [Verdict; 8] = [
        Verdict::KillProcess,
        Verdict::KillThread,
        Verdict::Trap,
        Verdict::Errno,
        Verdict::UserNotif,
        Verdict::Trace,
        Verdict::Log,
        Verdict::Allow,
    ];

    /// The verdict with exactly these bits (`SECCOMP_RET_*`).
    fn named(bits: u32) -> Option<Verdict> {
        Verdict::ALL.into_iter().find(|&verdict| verdict as u32 == bits)
    }

    /// Whether a filter may count on it (`SECCOMP_GET_ACTION_AVAIL`).
    pub fn is_available(bits: u32) -> bool {
        Verdict::named(bits).is_some()
    }
}

/// Splits a filter's answer. What is unknown kills.
fn split(answer: u32) -> (Verdict, u16) {
    (Verdict::named(answer & 0xffff_0000).unwrap_or(Verdict::KillProcess), answer as u16)
}

/// How negative an answer is decides which of several counts.
fn precedence(answer: u32) -> i32 {
    (answer & 0xffff_0000) as i32
}

/// As many instructions as all filters of a task may have, each filter counted with four more (`MAX_INSNS_PER_PATH`).
const LONGEST_PATH: usize = 32768;
const PENALTY: usize = 4;

impl Seccomp {
    /// The mode, as `PR_GET_SECCOMP` and /proc/PID/status give it.
    pub fn mode(seccomp: Option<&Seccomp>) -> u64 {
        match seccomp {
            None => 0,
            Some(Seccomp::Strict) => 1,
            Some(Seccomp::Filters(_)) => 2,
        }
    }

    /// How many filters there are, as /proc/PID/status gives it.
    pub fn count(seccomp: Option<&Seccomp>) -> usize {
        seccomp.map_or(0, |seccomp| seccomp.filters().count())
    }

    /// The filters, the newest first.
    fn filters(&self) -> impl Iterator<Item = &Filter> {
        let newest = match self {
            Seccomp::Strict => None,
            Seccomp::Filters(newest) => Some(newest.as_ref()),
        };
        std::iter::successors(newest, |filter| filter.before.as_deref())
    }

    /// Adds a filter to those of a task: EINVAL in strict mode, ENOMEM if there are too many.
    pub fn with_filter(seccomp: Option<&Seccomp>, program: Program, log: bool) -> Result<Seccomp, Errno> {
        let before = match seccomp {
            None => None,
            Some(Seccomp::Strict) => return Err(Errno::EINVAL),
            Some(Seccomp::Filters(newest)) => Some(newest.clone()),
        };
        let seccomp = Seccomp::Filters(Arc::new(Filter { program, log, before }));
        let path: usize = seccomp.filters().map(|filter| filter.program.instructions().len() + PENALTY).sum();
        if path - PENALTY > LONGEST_PATH { Err(Errno::ENOMEM) } else { Ok(seccomp) }
    }

    /// What exec hands on: the filters, the oldest first, each as its flag, its length and its instructions.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let newest_first: Vec<&Filter> = self.filters().collect();
        for filter in newest_first.into_iter().rev() {
            let instructions = filter.program.instructions();
            bytes.extend_from_slice(&u32::from(filter.log).to_le_bytes());
            bytes.extend_from_slice(&(instructions.len() as u32).to_le_bytes());
            bytes.extend_from_slice(bytemuck::cast_slice(instructions));
        }
        bytes
    }

    /// The filters again; `None` if these are not the bytes of any.
    pub fn from_bytes(mut bytes: &[u8]) -> Option<Seccomp> {
        let mut seccomp = None;
        while !bytes.is_empty() {
            let (head, rest) = bytes.split_at_checked(8)?;
            let [log, len]: [u32; 2] = bytemuck::try_pod_read_unaligned(head).ok()?;
            let (program, rest) = rest.split_at_checked(len as usize * size_of::<Instruction>())?;
            let program = Program::new(program.chunks(8).map(bytemuck::pod_read_unaligned).collect())?;
            seccomp = Some(Seccomp::with_filter(seccomp.as_ref(), program, log != 0).ok()?);
            bytes = rest;
        }
        seccomp
    }

    /// The answer of all filters to a call, and whether it is to be logged.
    fn judge(&self, data: &Data) -> (u32, bool) {
        let mut answer = (Verdict::Allow as u32, false);
        for filter in self.filters() {
            let one = filter.program.run(data);
            if precedence(one) < precedence(answer.0) {
                answer = (one, filter.log);
            }
        }
        answer
    }
}

/// Judges a call of a task that has filters. `None`: let it happen; otherwise this is its result.
#[cold]
pub fn check(task: &mut Task, number: u64, args: &[u64; 6]) -> Option<Result<u64, Errno>> {
    let data = Data { number: number as i32, arch: ARCH, instruction_pointer: task.hart.pc.0, args: *args };
    let seccomp = task.seccomp.as_ref()?;
    if matches!(seccomp, Seccomp::Strict) {
        return strict(task, data.number);
    }
    let (answer, log) = seccomp.judge(&data);
    let (verdict, detail) = split(answer);
    if verdict == Verdict::Log || log && verdict != Verdict::Allow {
        log::debug!("seccomp: {verdict:?} for system call {number} at {:#x}", data.instruction_pointer);
    }
    // The registers are as they were: the result that is no result is what a0 has.
    match verdict {
        Verdict::Allow | Verdict::Log => return None,
        Verdict::Errno => return Some(failure(detail)),
        Verdict::UserNotif => return notify::ask(task, number, args),
        Verdict::Trace => return Some(Err(Errno::ENOSYS)),
        Verdict::Trap => signal::force(task, trap(&data, detail)),
        Verdict::KillThread if !task.process.tasks.is_single() => task.ending = Some(Ending::Left(SIGSYS)),
        Verdict::KillThread | Verdict::KillProcess => signal::by_default(task, &trap(&data, detail)),
    }
    Some(Ok(task.hart.x(10)))
}

fn strict(task: &mut Task, number: i32) -> Option<Result<u64, Errno>> {
    const READ: i32 = 63;
    const WRITE: i32 = 64;
    const EXIT: i32 = 93;
    const RT_SIGRETURN: i32 = 139;
    if [READ, WRITE, EXIT, RT_SIGRETURN].contains(&number) {
        return None;
    }
    task.ending = Some(Ending::Killed(SIGKILL));
    Some(Ok(task.hart.x(10)))
}

/// The result of a call that a filter lets fail. Errors that only a kernel would use inside are nothing special here.
fn failure(errno: u16) -> Result<u64, Errno> {
    const MAX_ERRNO: u16 = 4095;
    match errno.min(MAX_ERRNO) {
        0 => Ok(0),
        512.. => Ok(u64::from(errno.min(MAX_ERRNO)).wrapping_neg()),
        errno => Err(Errno(errno.into())),
    }
}

/// `SYS_SECCOMP`: what is told of a call that a filter has trapped.
fn trap(data: &Data, detail: u16) -> SigInfo {
    const SYS_SECCOMP: i32 = 1;
    sigsys(SYS_SECCOMP, i32::from(detail), data.instruction_pointer, data.number)
}

/// What is told of a call that does not happen.
pub(crate) fn sigsys(code: i32, errno: i32, pc: u64, number: i32) -> SigInfo {
    let mut info = SigInfo::new(SIGSYS, code);
    info.errno = errno;
    info.fields[0] = pc;
    info.fields[1] = u64::from(number as u32) | u64::from(ARCH) << 32;
    info
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(answer: u32) -> Program {
        Program::new(vec![Instruction { code: 6, jump_true: 0, jump_false: 0, constant: answer }]).unwrap()
    }

    fn chain(answers: &[u32]) -> Seccomp {
        let add = |seccomp: Option<Seccomp>, &answer: &u32| {
            Some(Seccomp::with_filter(seccomp.as_ref(), program(answer), answer == 7).unwrap())
        };
        answers.iter().fold(None, add).unwrap()
    }

    fn judged(answers: &[u32]) -> (Verdict, u16) {
        let data = Data { number: 1, arch: ARCH, instruction_pointer: 0, args: [0; 6] };
        split(chain(answers).judge(&data).0)
    }

    #[test]
    fn the_strictest_filter_counts_and_of_equals_the_newest() {
        assert_eq!(judged(&[0x7fff_0000]), (Verdict::Allow, 0));
        assert_eq!(judged(&[0x7fff_0000, 0x0005_0001]), (Verdict::Errno, 1));
        assert_eq!(judged(&[0x0005_0002, 0x0005_0001]), (Verdict::Errno, 1));
        assert_eq!(judged(&[0x0003_0009, 0x0005_0001]), (Verdict::Trap, 9));
        assert_eq!(judged(&[0, 0x8000_0000]), (Verdict::KillProcess, 0));
        assert_eq!(judged(&[0x0123_0000]), (Verdict::KillProcess, 0), "unknown");
    }

    #[test]
    fn filters_travel_as_bytes() {
        let seccomp = chain(&[0x7fff_0000, 7, 0x0005_0001]);
        let bytes = seccomp.to_bytes();
        let again = Seccomp::from_bytes(&bytes).unwrap();
        assert_eq!(again.to_bytes(), bytes);
        assert_eq!(Seccomp::count(Some(&again)), 3);
        assert!(again.filters().nth(1).unwrap().log);
        assert!(Seccomp::from_bytes(&bytes[..bytes.len() - 1]).is_none());
        assert!(Seccomp::from_bytes(&[]).is_none());
    }

    #[test]
    fn a_path_has_an_end() {
        let long =
            vec![Instruction { code: 6, jump_true: 0, jump_false: 0, constant: 0x7fff_0000 }; bpf::LONGEST];
        let long = Program::new(long).unwrap();
        let mut seccomp = None;
        for _ in 0..7 {
            seccomp = Some(Seccomp::with_filter(seccomp.as_ref(), long.clone(), false).unwrap());
        }
        assert!(matches!(Seccomp::with_filter(seccomp.as_ref(), long, false), Err(Errno::ENOMEM)));
        assert!(matches!(
            Seccomp::with_filter(Some(&Seccomp::Strict), program(0), false),
            Err(Errno::EINVAL)
        ));
    }
}
