//! The guest's vDSO: where signal handlers return to, and the kernel's usual functions, each of which is its system call.
//!
//! `vdso/vdso.so` is built from `vdso/vdso.S`, in that folder, by
//!
//! ```text
//! riscv64-linux-gnu-gcc -march=rv64i -mabi=lp64 -nostdlib -shared -fPIC -s -Wl,-T,vdso.lds,-soname,linux-vdso.so.1,--hash-style=both,--eh-frame-hdr,--build-id=none,-z,max-page-size=4096,-z,norelro vdso.S -o vdso.so
//! ```

use std::os::fd::AsRawFd;

use nix::sys::memfd::MFdFlags;

use crate::addr::GuestAddr;
use crate::errno::Errno;
use crate::memfd;
use crate::memory::{Mapping, Memory, PAGE, Prot};

/// The image.
pub const IMAGE: &[u8] = include_bytes!("vdso/vdso.so");

/// Where `__vdso_rt_sigreturn` is in it. The linker script puts the code at 0x800, and one `nop` comes first.
pub const RT_SIGRETURN: u64 = 0x804;

/// Maps it in the page above the stack: near to what every program writes anyway, it has no page of page tables for itself, which each fork would
/// copy. It is a file's, if the host has one to give: of private memory the kernel notes at each fork with which of all the ancestors it may be shared.
pub(super) fn map(memory: &Memory) -> Result<GuestAddr, Errno> {
    const { assert!(IMAGE.len() as u64 <= PAGE) };
    let at = memory.stack_top();
    let zeroes = Mapping::anonymous(PAGE, Prot::READ_EXEC).at(at).named("[vdso]");
    if let Ok(file) = memfd::filled(c"vdso", MFdFlags::MFD_CLOEXEC, IMAGE) {
        return memory.map(&zeroes.of_memory(file.as_raw_fd()));
    }
    memory.map(&Mapping { prot: Prot::READ_WRITE, ..zeroes })?;
    memory.write(at, IMAGE)?;
    memory.protect(at, PAGE, Prot::READ_EXEC)?;
    Ok(at)
}
