//! Programs that run are not written to (ETXTBSY). The host's kernel has not executed a guest's program, and lets it be written.

use bytemuck::Zeroable;

use super::file::HostStat;
use super::host;
use crate::errno::Errno;
use crate::process::view;

/// The flags of an open(2) that changes what is in the file.
pub const CHANGES: u64 = (libc::O_ACCMODE | libc::O_TRUNC) as u64;

/// Refuses to open the file with `flags` for writing if a guest runs it. Another may begin to, or end, right behind it.
pub fn check(folder: u64, path: u64, flags: u64) -> Result<(), Errno> {
    const MAKES: u64 = (libc::O_CREAT | libc::O_EXCL) as u64;
    if flags & CHANGES == 0 || flags & libc::O_PATH as u64 != 0 || flags & MAKES == MAKES {
        return Ok(());
    }
    let follow = if flags & libc::O_NOFOLLOW as u64 == 0 { 0 } else { libc::AT_SYMLINK_NOFOLLOW };
    let mut stat = HostStat::zeroed();
    let args = [folder, path, std::ptr::from_mut(&mut stat) as u64, follow as u64, 0, 0];
    if host::call_at_once(libc::SYS_newfstatat, args).is_err() || !stat.may_be_program() {
        return Ok(());
    }
    // Who may not write at all is told that.
    let may_write = || {
        const FACCESSAT2: i64 = 439;
        let how = (libc::AT_EACCESS | follow) as u64;
        host::call_at_once(FACCESSAT2, [folder, path, libc::W_OK as u64, how, 0, 0]).is_ok()
    };
    if view::is_running(stat.identity()) && may_write() { Err(Errno::ETXTBSY) } else { Ok(()) }
}
