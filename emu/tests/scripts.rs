//! PROG may be a script: what interprets it is run, as execve(2) would.

#![allow(clippy::unwrap_used, reason = "a test")]

mod guest;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// `guests/process/exec.c`, which knows what arguments it should get as an interpreter; `None` if there is no cross compiler.
fn interpreter() -> Option<PathBuf> {
    guest::compile("riscv64-linux-gnu-gcc", "process/exec", &["-static"])
}

fn script(name: &str, first_line: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, format!("{first_line}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
    path
}

fn tine(program: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tine")).arg(program).args(args).output().unwrap()
}

#[test]
fn a_script_is_run_by_its_interpreter() {
    let Some(program) = interpreter() else { return };
    let one = script("script-one", &format!("#! {} script", program.display()));
    let output = tine(&one, &["x", "y"]);
    assert_eq!(output.status.code(), Some(42), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn interpreters_may_be_scripts() {
    let Some(program) = interpreter() else { return };
    let inner = script("inner", &format!("#!{} nested", program.display()));
    let outer = script("outer", &format!("#!{}", inner.display()));
    let output = tine(&outer, &["y"]);
    assert_eq!(output.status.code(), Some(42), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn an_interpreter_that_is_none_is_named_in_one_line() {
    let missing = script("script-missing", "#!/no/such/interpreter");
    let output = tine(&missing, &[]);
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(127), "{text}");
    let wanted =
        format!("tine: {}: is a script, and its interpreter /no/such/interpreter", missing.display());
    assert!(text.starts_with(&wanted) && text.matches('\n').count() == 1, "{text}");

    let endless = script("script-endless", "#!script-endless");
    let line = format!("#!{}", endless.display());
    fs::write(&endless, format!("{line}\n")).unwrap();
    let output = tine(&endless, &[]);
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(126), "{text}");
    assert!(text.contains("is a script") && text.matches('\n').count() == 1, "{text}");
}
