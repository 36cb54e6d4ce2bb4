//! What a core has of a thread.

use std::fs;

use super::format::Bytes;
use crate::hart::{F0, REGS};
use crate::signal::number::SIGTRAP;
use crate::signal::{SigInfo, SigSet};
use crate::task::Task;

/// The unit of times in /proc: a hundredth of a second, as programs for x86-64 see it.
const TICKS: u64 = 100;

/// What a core has of a thread.
#[derive(Debug)]
pub(crate) struct Thread {
    /// Which one it is.
    pub tid: i32,
    /// The pc, and x1 to x31.
    pub integer: [u64; 32],
    /// f0 to f31, and fcsr.
    pub float: [u64; 33],
    /// What is told of the signal that it stands for, if there is one.
    pub siginfo: Option<SigInfo>,
    /// The signals that wait for it, and those that it has blocked.
    pub pending: SigSet,
    pub blocked: SigSet,
    times: Times,
}

/// Seconds and microseconds that were spent in programs and in the kernel, then those of children that were waited for: four `struct timeval`.
type Times = [u64; 8];

impl Thread {
    /// A thread with these registers; `regs` is [`crate::hart::Hart::regs`].
    pub fn new(tid: i32, pc: u64, regs: &[u64; REGS], fcsr: u32, blocked: SigSet) -> Thread {
        let mut integer = [0; 32];
        integer.copy_from_slice(&regs[..32]);
        integer[0] = pc;
        let mut float = [0; 33];
        float[..32].copy_from_slice(&regs[F0..F0 + 32]);
        float[32] = fcsr.into();
        Thread { tid, integer, float, siginfo: None, pending: pending(tid), blocked, times: times(tid) }
    }

    /// A task that is at a safe point.
    pub fn of(task: &Task) -> Thread {
        let hart = &task.hart;
        Thread::new(task.tid, hart.pc.0, &hart.regs, hart.fcsr, task.signals.blocked)
    }

    /// The same thread, which stands for this signal.
    pub fn told(self, info: SigInfo) -> Thread {
        Thread { siginfo: Some(info), ..self }
    }

    /// `struct elf_prstatus`; the signal is that of the whole core, as the kernel has it.
    pub(super) fn status(&self, signal: u16, family: [i32; 3]) -> Vec<u8> {
        let [number, code, errno] = self.siginfo.map_or([0; 3], |info| [info.signal, info.code, info.errno]);
        let head = Bytes::default().i32s(&[number, code, errno]).u16(signal).up_to(16);
        let head = head.u64s(&[self.pending.0, self.blocked.0]);
        head.i32s(&[self.tid])
            .i32s(&family)
            .u64s(&self.times)
            .up_to(112)
            .u64s(&self.integer)
            .u32(1)
            .up_to(376)
            .0
    }
}

/// What a thread has used, or the first one's process (proc(5), `utime` to `cstime` of `/proc/PID/stat`).
fn times(tid: i32) -> Times {
    let is_first = tid == std::process::id() as i32;
    let path = if is_first { "/proc/self/stat".to_owned() } else { format!("/proc/self/task/{tid}/stat") };
    times_of(&fs::read_to_string(path).unwrap_or_default())
}

fn times_of(stat: &str) -> Times {
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11);
    let mut times = [0; 8];
    for (time, ticks) in times.chunks_exact_mut(2).zip(fields) {
        let ticks: u64 = ticks.parse().unwrap_or(0);
        time.copy_from_slice(&[ticks / TICKS, ticks % TICKS * (1_000_000 / TICKS)]);
    }
    times
}

/// What waits for a thread is the host kernel's work (proc(5), `SigPnd`). SIGTRAP is ours: it calls threads to attention.
fn pending(tid: i32) -> SigSet {
    let status = fs::read_to_string(format!("/proc/self/task/{tid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("SigPnd:"));
    let signals = line.and_then(|digits| u64::from_str_radix(digits.trim(), 16).ok());
    SigSet(signals.unwrap_or(0)).without(SigSet::of(SIGTRAP))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structures_have_the_sizes_of_the_kernels() {
        let (pending, blocked) = (SigSet::of(10), SigSet::of(12));
        let times = [1, 20_000, 3, 40_000, 0, 0, 0, 5];
        let siginfo = Some(SigInfo::new(11, 2));
        let thread = Thread { tid: 7, integer: [9; 32], float: [0; 33], siginfo, pending, blocked, times };
        let status = thread.status(5, [1, 2, 3]);
        assert_eq!(status.len(), 376);
        let words = |at: usize| u32::from_le_bytes(status[at..at + 4].try_into().unwrap());
        // The thread's signal and code, the core's, the thread, the first register, and that the others are valid.
        assert_eq!([0, 4, 8, 12, 32, 36, 112, 368].map(words), [11, 2, 0, 5, 7, 1, 9, 1]);
        assert_eq!([16, 24].map(words), [1 << 9, 1 << 11]);
        assert_eq!([48, 56, 64, 72, 104].map(words), [1, 20_000, 3, 40_000, 5]);
    }

    #[test]
    fn times_are_read_from_the_kernels_words() {
        let stat = "7 (a) b) S 1 1 1 0 -1 4194304 9 8 7 6 123 45 600 1 20 0 1";
        assert_eq!(times_of(stat), [1, 230_000, 0, 450_000, 6, 0, 0, 10_000]);
        assert_eq!(times_of(""), [0; 8]);
    }
}
