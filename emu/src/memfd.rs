//! Files in memory (memfd_create(2)) with something in them.

use std::ffi::CStr;
use std::fs::File;
use std::io::Write;

use nix::sys::memfd::{MFdFlags, memfd_create};
use nix::sys::resource::{Resource, getrlimit};

use crate::errno::Errno;

/// A file with `bytes` in it.
///
/// # Errors
/// `EFBIG` if the guest's limit for files (`RLIMIT_FSIZE`) is below that: for such a write the kernel would send the guest `SIGXFSZ`.
pub(crate) fn filled(name: &CStr, flags: MFdFlags, bytes: &[u8]) -> Result<File, Errno> {
    check(bytes)?;
    let mut file = File::from(memfd_create(name, flags)?);
    file.write_all(bytes)?;
    Ok(file)
}

/// The guest may have a file of so many bytes.
///
/// # Errors
/// `EFBIG` if not.
pub(crate) fn check(bytes: &[u8]) -> Result<(), Errno> {
    let (most, _) = getrlimit(Resource::RLIMIT_FSIZE)?;
    if bytes.len() as u64 > most { Err(Errno::EFBIG) } else { Ok(()) }
}
