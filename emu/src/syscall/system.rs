//! What the machine says of itself.

use std::sync::OnceLock;

use super::args::{Addr, Hex, InOutArray, Out, Size};
use super::host;
use super::layout::{HwProbe, Utsname};
use crate::errno::Errno;
use crate::task::Task;

static RELEASE: OnceLock<String> = OnceLock::new();

/// What uname(2) says in the place of the host's release (`-r`).
pub fn pretend_release(release: String) {
    let _ = RELEASE.set(release);
}

/// What `-r` has given.
pub fn pretended_release() -> Option<&'static str> {
    RELEASE.get().map(String::as_str)
}

/// uname(2): the host's answer, on riscv64.
pub fn uname(task: &mut Task, buf: Out<Utsname>) -> Result<u64, Errno> {
    let mut names: Utsname = bytemuck::Zeroable::zeroed();
    host::call_at_once(libc::SYS_uname, [std::ptr::from_mut(&mut names) as u64, 0, 0, 0, 0, 0])?;
    fill(&mut names.machine, "riscv64");
    if let Some(release) = RELEASE.get() {
        fill(&mut names.release, release);
    }
    buf.put(&task.process.memory, &names)?;
    Ok(0)
}

fn fill(field: &mut [u8; 65], text: &str) {
    let len = text.len().min(64);
    *field = [0; 65];
    field[..len].copy_from_slice(&text.as_bytes()[..len]);
}

/// personality(2): the guest has the one Linux gives; asking is answered, a change of what matters to the emulator's own layout is
/// not handed on.
pub fn personality(_: &mut Task, persona: Hex) -> Result<u64, Errno> {
    const PER_LINUX: u64 = 0;
    const ADDR_NO_RANDOMIZE: u32 = 0x4_0000;
    match persona.0 {
        u32::MAX => Ok(PER_LINUX),
        other if other & !ADDR_NO_RANDOMIZE == 0 => Ok(PER_LINUX),
        _ => Err(Errno::EINVAL),
    }
}

/// riscv_hwprobe(2) (Documentation/arch/riscv/hwprobe.rst): every hart is the same, and has what the instruction tables have.
pub fn riscv_hwprobe(
    task: &mut Task,
    pairs: InOutArray<HwProbe, 1>,
    count: Size,
    cpus_len: Size,
    cpus: Addr,
    flags: Hex,
) -> Result<u64, Errno> {
    const WHICH_CPUS: u32 = 1;
    let memory = &task.process.memory;
    if flags.0 & !WHICH_CPUS != 0 {
        return Err(Errno::EINVAL);
    }
    let which_cpus = flags.0 == WHICH_CPUS;
    if which_cpus && (cpus_len.0 == 0 || cpus.0.0 == 0) || !which_cpus && (cpus_len.0 == 0) != (cpus.0.0 == 0)
    {
        return Err(Errno::EINVAL);
    }
    let mut all_match = true;
    for index in 0..count.0 {
        let pair: HwProbe = memory.get(pairs.element(index))?;
        let answer = match probe(pair.key, memory.size()) {
            Some(value) => HwProbe { key: pair.key, value },
            None => HwProbe { key: -1, value: 0 },
        };
        // Sets of bits match if the wanted ones are there.
        all_match &= answer.key != -1
            && if matches!(pair.key, 3 | 4) {
                answer.value & pair.value == pair.value
            } else {
                answer.value == pair.value
            };
        if !which_cpus {
            memory.put(pairs.element(index), &answer)?;
        }
    }
    if which_cpus && !all_match {
        memory.write(cpus.0, &vec![0; cpus_len.0.min(1024) as usize])?;
    }
    Ok(0)
}

/// The value of one key; `None` if this kernel does not know it.
fn probe(key: i64, window: u64) -> Option<u64> {
    const BASE_BEHAVIOR_IMA: u64 = 1;
    const IMA_FD: u64 = 1;
    const IMA_C: u64 = 2;
    const MISALIGNED_FAST: u64 = 3;
    const MISALIGNED_VECTOR_UNSUPPORTED: u64 = 4;
    match key {
        // mvendorid, marchid, mimpid: not a machine of anybody's.
        0..=2 => Some(0),
        3 => Some(BASE_BEHAVIOR_IMA),
        4 => Some(IMA_FD | IMA_C),
        5 | 9 => Some(MISALIGNED_FAST),
        // No Zicboz.
        6 => Some(0),
        7 => Some(window - 1),
        10 => Some(MISALIGNED_VECTOR_UNSUPPORTED),
        _ => None,
    }
}
