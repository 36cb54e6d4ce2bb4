//! landlock_add_rule(2): its rule holds a descriptor. What Landlock forbids it forbids to the emulator, which does nothing but what the
//! guest asks for.

use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;

use super::args::{Addr, Arg, Call, Fd, Flags, Hex};
use super::host;
use super::layout::PathBeneath;
use super::names::LandlockRule;
use crate::errno::Errno;
use crate::task::Task;

const PATH_BENEATH: u64 = 1;

/// landlock_add_rule(2).
pub fn landlock_add_rule(
    task: &mut Task,
    ruleset: Fd,
    kind: Flags<LandlockRule>,
    rule: Addr,
    flags: Hex,
) -> Result<u64, Errno> {
    let call = Call { memory: &task.process.memory, raw: &[0; 6], result: None };
    let beneath;
    let address = match (kind.0, call.memory.get::<PathBeneath>(rule.0)) {
        (PATH_BENEATH, Ok(guest)) => {
            beneath = PathBeneath { parent: Fd(guest.parent).host(&call) as i32, ..guest };
            std::ptr::from_ref(&beneath) as u64
        }
        _ => rule.host(&call),
    };
    let args = [ruleset.host(&call), kind.0, address, u64::from(flags.0), 0, 0];
    host::call(libc::SYS_landlock_add_rule, args)
}

/// landlock_restrict_self(2). Who may execute a program has to be able to execute the emulator for it.
pub fn landlock_restrict_self(task: &mut Task, ruleset: Fd, flags: Hex) -> Result<u64, Errno> {
    let call = Call { memory: &task.process.memory, raw: &[0; 6], result: None };
    let ruleset = ruleset.host(&call);
    let _ = allow_emulator(ruleset);
    host::call(libc::SYS_landlock_restrict_self, [ruleset, u64::from(flags.0), 0, 0, 0, 0])
}

/// Adds the files of the emulator's code to a ruleset: those of the process that are mapped to be executed, as no code of the guest's is.
fn allow_emulator(ruleset: u64) -> std::io::Result<()> {
    const EXECUTE: u32 = 1 << 0;
    const READ_FILE: u32 = 1 << 2;
    for line in std::fs::read_to_string("/proc/thread-self/maps")?.lines() {
        let mut fields = line.splitn(6, ' ');
        let (Some(prot), Some(path)) = (fields.nth(1), fields.nth(3)) else { continue };
        if !prot.contains('x') || !path.trim_start().starts_with('/') {
            continue;
        }
        let file =
            std::fs::OpenOptions::new().read(true).custom_flags(libc::O_PATH).open(path.trim_start())?;
        // Each by itself: what the ruleset is not about cannot be allowed, and need not be.
        for allowed in [EXECUTE, READ_FILE] {
            let rule = PathBeneath { allowed: [allowed, 0], parent: file.as_raw_fd() };
            let args = [ruleset, PATH_BENEATH, std::ptr::from_ref(&rule) as u64, 0, 0, 0];
            let _ = host::call_at_once(libc::SYS_landlock_add_rule, args);
        }
    }
    Ok(())
}
