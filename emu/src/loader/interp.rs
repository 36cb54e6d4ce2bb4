//! Where a program's dynamic linker is.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::LoadError;

/// Where distributions and qemu-user keep riscv64 libraries, tried after `-L` and the environment.
pub const DEFAULT_SYSROOTS: [&str; 2] = ["/usr/riscv64-linux-gnu", "/etc/qemu-binfmt/riscv64"];

/// The file that a guest's absolute path means: in the first sysroot that has it, else on the host (so that nothing need be
/// set inside a chroot). The error is every place that was tried.
pub fn find(path: &Path, sysroots: &[PathBuf]) -> Result<PathBuf, Vec<PathBuf>> {
    let relative = path.strip_prefix("/").unwrap_or(path);
    let in_sysroots = sysroots.iter().map(|root| root.join(relative));
    let tried: Vec<PathBuf> = in_sysroots.chain([path.to_path_buf()]).collect();
    match tried.iter().find(|place| place.is_file()) {
        Some(place) => Ok(place.clone()),
        None => Err(tried),
    }
}

/// The sysroots in the order in which they are searched: the option (or the environment, which the option table has put in its
/// place), then the usual ones.
pub fn sysroots(chosen: Option<PathBuf>) -> Vec<PathBuf> {
    chosen.into_iter().chain(DEFAULT_SYSROOTS.map(PathBuf::from)).collect()
}

pub(super) fn unsupported(interp: &OsString, sysroots: &[PathBuf]) -> LoadError {
    let (found, tried) = match find(Path::new(interp), sysroots) {
        Ok(place) => (Some(place), Vec::new()),
        Err(tried) => (None, tried),
    };
    LoadError::Dynamic { interp: interp.to_string_lossy().into_owned(), found, tried }
}
