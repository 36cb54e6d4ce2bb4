//! `-L`: a small tree, and a guest that looks for its files.

#![allow(clippy::unwrap_used, reason = "a test")]

mod guest;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const COMPILER: &str = "riscv64-linux-gnu-gcc";

/// A tree of its own for a test. Not below /tmp: that is the host's always, whoever looks.
fn tree(name: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("sysroot-{name}"));
    let _ = fs::remove_dir_all(&dir);
    for folder in ["only", "etc", "proc/self", "dev", "tmp", "usr/bin"] {
        fs::create_dir_all(dir.join(folder)).unwrap();
    }
    for (file, text) in [
        ("only/here", "sysroot"),
        ("etc/passwd", "sysroot"),
        ("written", "before"),
        ("proc/self/status", "sysroot"),
        ("dev/null", "sysroot"),
        ("tmp/tine-sysroot-file", "sysroot"),
    ] {
        fs::write(dir.join(file), text).unwrap();
    }
    symlink("/only/here", dir.join("link")).unwrap();
    symlink("/only", dir.join("absolute")).unwrap();
    symlink("only", dir.join("relative")).unwrap();
    dir.canonicalize().unwrap()
}

fn succeeds(output: &Output) {
    assert!(output.status.success(), "{}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
}

#[test]
fn paths_are_looked_up() {
    let Some(program) = guest::compile(COMPILER, "driven/sysroot", &["-static"]) else { return };
    let root = tree("lookup");
    let host = root.with_file_name("sysroot-host");
    fs::create_dir_all(&host).unwrap();
    fs::write(host.join("file"), "host").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_tine"));
    command.arg("-L").arg(&root).arg(program).arg(&root).arg(&host);
    succeeds(&command.output().unwrap());
}

#[test]
fn the_program_is_found_by_links_of_the_sysroot() {
    let Some(program) = guest::compile(COMPILER, "syscall/wait", &["-static"]) else { return };
    let root = tree("program");
    fs::copy(program, root.join("usr/bin/real")).unwrap();
    symlink("/usr/bin/real", root.join("usr/bin/name")).unwrap();
    let run = |program: &Path, folder: &Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tine"));
        command.current_dir(folder).arg("-L").arg(&root).arg(program).output().unwrap()
    };
    succeeds(&run(&root.join("usr/bin/name"), Path::new("/")));
    succeeds(&run(Path::new("bin/name"), &root.join("usr")));
    succeeds(&run(Path::new("./name"), &root.join("usr/bin")));
    // Not by a path of the guest's: it is the user who names the program.
    assert_eq!(run(Path::new("/usr/bin/name"), Path::new("/")).status.code(), Some(127));
}

#[test]
fn a_sysroot_that_is_not_there_has_no_files() {
    let Some(program) = guest::compile(COMPILER, "syscall/files", &["-static"]) else { return };
    let mut command = Command::new(env!("CARGO_BIN_EXE_tine"));
    command.args(["-L", "/none/such"]).arg(program);
    succeeds(&command.output().unwrap());
}
