//! Work on a lot of a process's memory, done where it is.

use crate::target::{Failure, Target};

/// How much is read at once.
const PIECE: usize = 1 << 20;

/// Where in `len` bytes from `addr` on `pattern` is, all of it inside.
///
/// # Errors
/// Some memory before the first match cannot be read.
pub(crate) fn search(
    target: &dyn Target,
    addr: u64,
    len: u64,
    pattern: &[u8],
) -> Result<Option<u64>, Failure> {
    let finder = memchr::memmem::Finder::new(pattern);
    let overlap = pattern.len().saturating_sub(1);
    let mut bytes = Vec::new();
    let mut done = 0;
    while done < len {
        let step = (len - done).min(PIECE as u64) as usize;
        let piece = target.read_memory(addr.wrapping_add(done), step)?;
        bytes.extend_from_slice(&piece);
        let start = addr.wrapping_add(done + piece.len() as u64).wrapping_sub(bytes.len() as u64);
        if let Some(at) = finder.find(&bytes) {
            return Ok(Some(start.wrapping_add(at as u64)));
        }
        if piece.len() < step {
            return Err(Failure::Memory);
        }
        done += step as u64;
        bytes.drain(..bytes.len().saturating_sub(overlap));
    }
    Ok(None)
}

/// The checksum of `len` bytes from `addr` on, given that of what is before them: CRC-32 with the high bit first and no
/// inversion at the end (gdb manual, `qCRC`).
pub(crate) fn checksum(target: &dyn Target, addr: u64, len: u64, before: u32) -> Result<u32, Failure> {
    let mut sum = before;
    let mut done = 0;
    while done < len {
        let step = (len - done).min(PIECE as u64) as usize;
        let piece = target.read_memory(addr.wrapping_add(done), step)?;
        if piece.len() < step {
            return Err(Failure::Memory);
        }
        sum = piece.iter().fold(sum, |sum, byte| sum << 8 ^ CRC[usize::from((sum >> 24) as u8 ^ byte)]);
        done += step as u64;
    }
    Ok(sum)
}

/// What each high byte adds.
static CRC: [u32; 256] = {
    let mut table = [0; 256];
    let mut n = 0;
    while n < 256 {
        let mut sum = (n as u32) << 24;
        let mut bit = 0;
        while bit < 8 {
            sum = sum << 1 ^ if sum >> 31 != 0 { 0x04c1_1db7 } else { 0 };
            bit += 1;
        }
        table[n] = sum;
        n += 1;
    }
    table
};
