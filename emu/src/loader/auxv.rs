//! The auxiliary vector: what the kernel tells a program about itself and the machine (getauxval(3)).

use crate::addr::GuestAddr;
use crate::isa::Extensions;
use crate::memory::PAGE;

/// `USER_HZ`.
const CLOCK_TICKS: u64 = 100;

/// Size of `struct rt_sigframe`: what a signal takes from the stack.
const SIGNAL_FRAME: u64 = 1088;

/// What the vector says that is not the same for every program.
pub(super) struct Vector {
    pub(super) phdr: GuestAddr,
    pub(super) phnum: u64,
    pub(super) base: GuestAddr,
    pub(super) entry: GuestAddr,
    pub(super) vdso: GuestAddr,
}

impl Vector {
    /// The entries as they go to memory, with the final `AT_NULL`, in the kernel's order.
    pub(super) fn entries(&self, random: GuestAddr, called: GuestAddr) -> Vec<(u64, u64)> {
        let (uid, euid) = (nix::unistd::getuid(), nix::unistd::geteuid());
        let (gid, egid) = (nix::unistd::getgid(), nix::unistd::getegid());
        vec![
            (libc::AT_SYSINFO_EHDR, self.vdso.0),
            (libc::AT_HWCAP, Extensions::selected().hwcap()),
            (libc::AT_PAGESZ, PAGE),
            (libc::AT_CLKTCK, CLOCK_TICKS),
            (libc::AT_PHDR, self.phdr.0),
            (libc::AT_PHENT, 56),
            (libc::AT_PHNUM, self.phnum),
            (libc::AT_BASE, self.base.0),
            (libc::AT_FLAGS, 0),
            (libc::AT_ENTRY, self.entry.0),
            (libc::AT_UID, u64::from(uid.as_raw())),
            (libc::AT_EUID, u64::from(euid.as_raw())),
            (libc::AT_GID, u64::from(gid.as_raw())),
            (libc::AT_EGID, u64::from(egid.as_raw())),
            (libc::AT_SECURE, u64::from(uid != euid || gid != egid)),
            (libc::AT_RANDOM, random.0),
            (libc::AT_HWCAP2, 0),
            (libc::AT_EXECFN, called.0),
            (libc::AT_MINSIGSTKSZ, SIGNAL_FRAME),
            (libc::AT_NULL, 0),
        ]
    }
}
