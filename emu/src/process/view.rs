//! What /proc shows of the guest, where the host's would show the emulator.

use std::fmt::Write;

use crate::addr::GuestAddr;
use crate::memory::{Backing, Memory, Prot};

/// `/proc/PID/maps` (proc(5)): one line per region.
pub fn maps(memory: &Memory) -> String {
    let mut out = String::new();
    for region in memory.regions() {
        let allowed = |prot, letter| if region.prot.allows(prot) { letter } else { '-' };
        let (offset, dev, inode, name) = match &region.backing {
            Backing::Anonymous(name) => (0, 0, 0, name.unwrap_or_default().to_owned()),
            Backing::File { file, offset } => {
                (*offset, file.dev, file.inode, file.path.display().to_string())
            }
        };
        let line = format!(
            "{:08x}-{:08x} {}{}{}{} {offset:08x} {:02x}:{:02x} {inode} ",
            region.start.0,
            region.end(),
            allowed(Prot::READ, 'r'),
            allowed(Prot::WRITE, 'w'),
            allowed(Prot::EXEC, 'x'),
            if region.shared { 's' } else { 'p' },
            nix::sys::stat::major(dev),
            nix::sys::stat::minor(dev),
        );
        // Names stand in a column, as the kernel puts them.
        let _ = if name.is_empty() { writeln!(out, "{line}") } else { writeln!(out, "{line:<73}{name}") };
    }
    out
}

/// The bytes from `start` to `end`, as far as they can be read: `/proc/PID/cmdline` and `/proc/PID/environ`.
pub fn strings(memory: &Memory, (start, end): (GuestAddr, GuestAddr)) -> Vec<u8> {
    let mut bytes = vec![0; end.0.saturating_sub(start.0) as usize];
    match memory.read(start, &mut bytes) {
        Ok(()) => bytes,
        Err(_) => Vec::new(),
    }
}
