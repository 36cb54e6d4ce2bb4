//! landlock_add_rule(2): its rule holds a descriptor. What Landlock forbids it forbids to the emulator, which does nothing but what the
//! guest asks for.

use super::args::{Addr, Arg, Call, Fd, Flags, Hex};
use super::host;
use super::layout::PathBeneath;
use super::names::LandlockRule;
use crate::errno::Errno;
use crate::task::Task;

/// landlock_add_rule(2).
pub fn landlock_add_rule(
    task: &mut Task,
    ruleset: Fd,
    kind: Flags<LandlockRule>,
    rule: Addr,
    flags: Hex,
) -> Result<u64, Errno> {
    const PATH_BENEATH: u64 = 1;
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
