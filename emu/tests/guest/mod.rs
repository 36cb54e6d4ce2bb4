//! Guests for the tests of this folder.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Compiles `guests/NAME.c` with `flags`; `None`, with a line that says so, if there is no such compiler.
pub fn compile(compiler: &str, name: &str, flags: &[&str]) -> Option<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../guests").join(name).with_extension("c");
    let file = format!("{}-{compiler}", name.replace('/', "-"));
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join(file);
    // Another test may be about to run the same one.
    let fresh = program.with_extension(format!("{}-{:?}", std::process::id(), std::thread::current().id()));
    let mut command = Command::new(compiler);
    command.args(["-g", "-O1", "-pthread"]).args(flags).arg("-o").arg(&fresh).arg(source);
    match command.status() {
        Ok(status) => assert!(status.success(), "{name} does not compile"),
        Err(error) => {
            eprintln!("{compiler}: {error}; not checked");
            return None;
        }
    }
    std::fs::rename(&fresh, &program).unwrap();
    Some(program)
}
