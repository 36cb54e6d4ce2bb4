//! What the machine says of itself.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use super::args::{Addr, Hex, InOutArray, Out, Size};
use super::host;
use super::layout::{HwProbe, Utsname};
use crate::errno::Errno;
use crate::isa::Extensions;
use crate::isa::zicboz::BLOCK;
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

/// The kernel's release, as the guest is told.
pub fn release() -> String {
    let host = || std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    RELEASE.get().cloned().unwrap_or_else(|| host().trim_end().to_owned())
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

/// What the guest has set of its personality and the host has not: it changes how memory is mapped, where the guest's is not the host's.
static KEPT_PERSONALITY: AtomicU32 = AtomicU32::new(0);

/// What a program that is executed goes on with of it.
pub(crate) fn kept_personality() -> u32 {
    KEPT_PERSONALITY.load(Relaxed)
}

/// See [`kept_personality`].
pub fn keep_personality(persona: u32) {
    KEPT_PERSONALITY.store(persona, Relaxed);
}

/// personality(2). What it says of the kernel's answers and of chance in the layout goes to the host, which hands it on at exec.
pub fn personality(_: &mut Task, persona: Hex) -> Result<u64, Errno> {
    const MMAP_PAGE_ZERO: u32 = 0x10_0000;
    const ADDR_COMPAT_LAYOUT: u32 = 0x20_0000;
    const READ_IMPLIES_EXEC: u32 = 0x40_0000;
    const ADDR_LIMIT_32BIT: u32 = 0x80_0000;
    const ADDR_LIMIT_3GB: u32 = 0x800_0000;
    const OURS: u32 =
        MMAP_PAGE_ZERO | ADDR_COMPAT_LAYOUT | READ_IMPLIES_EXEC | ADDR_LIMIT_32BIT | ADDR_LIMIT_3GB;
    let ask = persona.0 == u32::MAX;
    let wanted = if ask { persona.0 } else { persona.0 & !OURS };
    let host = host::call_at_once(libc::SYS_personality, [u64::from(wanted), 0, 0, 0, 0, 0])?;
    let kept = KEPT_PERSONALITY.load(Relaxed);
    if !ask {
        KEPT_PERSONALITY.store(persona.0 & OURS, Relaxed);
    }
    Ok(host | u64::from(kept))
}

/// reboot(2): nothing that a guest may do to the machine. What it asks for wrongly the host says.
pub fn reboot(_: &mut Task, magic: Hex, magic2: Hex, command: Hex, _argument: Addr) -> Result<u64, Errno> {
    const MAGIC: u32 = 0xfee1_dead;
    const MAGIC2: [u32; 4] = [672_274_793, 85_072_278, 369_367_448, 537_993_216];
    if magic.0 == MAGIC && MAGIC2.contains(&magic2.0) {
        return Err(Errno::EPERM);
    }
    host::call_at_once(libc::SYS_reboot, [magic.0.into(), magic2.0.into(), command.0.into(), 0, 0, 0])
}

/// restart_syscall(2): called by nobody but the kernel, which lets it fail when there is nothing to go on with.
pub fn restart_syscall(_: &mut Task) -> Result<u64, Errno> {
    Err(Errno::EINTR)
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
            && if matches!(pair.key, 3 | 4 | 5 | 16) {
                answer.value & pair.value == pair.value
            } else {
                answer.value == pair.value
            };
        if !which_cpus {
            memory.put(pairs.element(index), &answer)?;
        }
    }
    if which_cpus {
        let mut set = vec![0; cpus_len.0.min(1024) as usize];
        memory.read(cpus.0, &mut set)?;
        if !all_match {
            set.fill(0);
        } else if set.iter().all(|&byte| byte == 0) {
            // None is asked about: then all are.
            let online = nix::unistd::sysconf(nix::unistd::SysconfVar::_NPROCESSORS_ONLN);
            let online = online.ok().flatten().unwrap_or(1) as usize;
            (0..online.min(8 * set.len())).for_each(|cpu| set[cpu / 8] |= 1 << (cpu % 8));
        }
        memory.write(cpus.0, &set)?;
    }
    Ok(0)
}

/// The value of one key; `None` if this kernel does not know it.
fn probe(key: i64, window: u64) -> Option<u64> {
    const BASE_BEHAVIOR_IMA: u64 = 1;
    const MISALIGNED_FAST: u64 = 3;
    const MISALIGNED_VECTOR_UNSUPPORTED: u64 = 4;
    const NANOSECONDS: u64 = 1_000_000_000;
    let extensions = Extensions::selected();
    let block = |extension| if extensions.has(extension) { BLOCK } else { 0 };
    match key {
        // mvendorid, marchid, mimpid: not a machine of anybody's.
        0..=2 => Some(0),
        3 => Some(if extensions.has("m") && extensions.has("a") { BASE_BEHAVIOR_IMA } else { 0 }),
        4 => Some(extensions.probe()),
        5 | 9 => Some(MISALIGNED_FAST),
        6 => Some(block("zicboz")),
        7 => Some(window - 1),
        8 => Some(NANOSECONDS),
        10 => Some(MISALIGNED_VECTOR_UNSUPPORTED),
        // Vendors' extensions.
        11 | 13 | 14 => Some(0),
        12 => Some(block("zicbom")),
        15 => Some(block("zicbop")),
        // The second set of extensions, none of which are here.
        16 => Some(0),
        _ => None,
    }
}
