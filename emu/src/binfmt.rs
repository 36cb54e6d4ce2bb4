//! Service as an interpreter that is registered in binfmt_misc (Documentation/admin-guide/binfmt-misc.rst in the kernel's tree).
//!
//! The kernel then starts the emulator with the program's path as its first argument, and says in the auxiliary vector what the
//! registration's flags add: with `O` the program's file is open already (`AT_EXECFD`), with `P` the program's own `argv[0]` is the
//! second argument (a bit of `AT_FLAGS`, since Linux 5.12).
#![allow(
    unsafe_code,
    reason = "getauxval(3); the contract: it only reads what the kernel has given the process"
)]

use std::ffi::OsString;
use std::fs::File;
use std::os::fd::{FromRawFd, OwnedFd};

/// `AT_FLAGS_PRESERVE_ARGV0`.
const PRESERVE_ARGV0: u64 = 1;

/// How the kernel has started us for a program.
#[derive(Debug)]
pub struct Invocation {
    /// The program's file, if it is open already.
    pub file: Option<File>,
    /// Our arguments, as a user would have written them.
    pub args: Vec<OsString>,
}

/// What the kernel asks for, if it was the kernel that started us.
pub fn invocation(args: impl Iterator<Item = OsString>) -> Option<Invocation> {
    let preserved = auxiliary(libc::AT_FLAGS).unwrap_or(0) & PRESERVE_ARGV0 != 0;
    let file = auxiliary(libc::AT_EXECFD).map(|fd| {
        // SAFETY: the kernel has opened it for us, and nobody else knows of it.
        File::from(unsafe { OwnedFd::from_raw_fd(fd as i32) })
    });
    if !preserved && file.is_none() {
        return None;
    }
    Some(Invocation { file, args: as_written(args, preserved) })
}

/// `PROG [ARGV0] ARGS` as `[-0 ARGV0] -- PROG ARGS`.
fn as_written(mut args: impl Iterator<Item = OsString>, preserved: bool) -> Vec<OsString> {
    let program = args.next();
    let mut written = Vec::new();
    if preserved && let Some(argv0) = args.next() {
        written.extend(["-0".into(), argv0]);
    }
    written.push("--".into());
    written.extend(program);
    written.extend(args);
    written
}

fn auxiliary(key: u64) -> Option<u64> {
    nix::errno::Errno::clear();
    // SAFETY: it reads the auxiliary vector, which is there for as long as the process.
    let value = unsafe { libc::getauxval(key) };
    (value != 0 || nix::errno::Errno::last_raw() == 0).then_some(value)
}

/// The line that registers this emulator when it is written to `/proc/sys/fs/binfmt_misc/register`: riscv64 programs of both types
/// (`e_type` 2 and 3), with the emulator's file and the program's opened by the kernel.
pub fn registration() -> String {
    // EI_OSABI (the eighth byte) may be anything; of e_type the lowest bit.
    let magic: &[u8] = b"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xf3\x00";
    let mask: &[u8] = b"\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff";
    let spelt = |bytes: &[u8]| bytes.iter().map(|byte| format!("\\x{byte:02x}")).collect::<String>();
    let emulator = std::env::current_exe().unwrap_or_else(|_| "/usr/bin/tine".into());
    format!(":tine-riscv64:M::{}:{}:{}:OPF\n", spelt(magic), spelt(mask), emulator.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(args: &[&str], preserved: bool) -> Vec<OsString> {
        as_written(args.iter().map(OsString::from), preserved)
    }

    #[test]
    fn arguments_are_taken_as_the_kernel_gives_them() {
        assert_eq!(written(&["/bin/x", "-g", "1"], false), ["--", "/bin/x", "-g", "1"]);
        assert_eq!(written(&["/bin/x", "x", "-g", "1"], true), ["-0", "x", "--", "/bin/x", "-g", "1"]);
        assert_eq!(written(&["/bin/x"], true), ["--", "/bin/x"]);
    }

    #[test]
    fn nobody_has_started_the_tests_so() {
        assert!(invocation(std::iter::empty()).is_none());
    }
}
