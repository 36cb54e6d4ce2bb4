//! How the command is linked, for the sake of its start and of its forks.
//!
//! The engine has thousands of handlers in tables: at a fixed address the program needs no relocation of them at start-up. And with the
//! unwinder inside, one library less is loaded at start-up, and its mappings are not copied by each fork.

use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-link-arg-bins=-no-pie");
    // Another compiler driver may not have it; then the shared library serves.
    let asked = Command::new("cc").arg("-print-file-name=libgcc_eh.a").output();
    if let Ok(answer) = asked
        && let Ok(archive) = String::from_utf8(answer.stdout)
        && let archive = Path::new(archive.trim())
        && let Some(folder) = archive.parent().filter(|folder| folder.is_absolute())
        && archive.exists()
    {
        println!("cargo:rustc-link-search=native={}", folder.display());
        println!("cargo:rustc-link-lib=static:+whole-archive,-bundle=gcc_eh");
    }
}
