//! The checks of `guests/syscall`: each program exits with 0, or with the line of the check that failed. The host's kernel is asked the
//! same questions natively, so that the expectations are Linux's and not ours.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::path::{Path, PathBuf};
use std::process::Command;

fn compile(compiler: &str, name: &str, flags: &[&str]) -> Option<PathBuf> {
    let source =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../guests/syscall").join(name).with_extension("c");
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("syscall-{name}-{compiler}"));
    let mut command = Command::new(compiler);
    command.args(["-g", "-O1"]).args(flags).arg("-o").arg(&program).arg(source);
    match command.status() {
        Ok(status) => assert!(status.success(), "{name} does not compile"),
        Err(error) => {
            eprintln!("{compiler}: {error}; not checked");
            return None;
        }
    }
    Some(program)
}

fn check(name: &str) {
    if let Some(program) = compile("riscv64-linux-gnu-gcc", name, &["-static"]) {
        let output = Command::new(env!("CARGO_BIN_EXE_tine")).arg(program).output().unwrap();
        assert!(
            output.status.success(),
            "{name}: {}\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
    }
    if let Some(program) = compile("gcc", name, &[]) {
        let output = Command::new(program).output().unwrap();
        assert!(output.status.success(), "{name} natively: {}", String::from_utf8_lossy(&output.stderr));
    }
}

macro_rules! guests {
    ($($name:ident)*) => {$(
        #[test]
        fn $name() {
            check(stringify!($name));
        }
    )*};
}

guests! { files ipc memory mqueue poll remote seccomp socket stat wait }
