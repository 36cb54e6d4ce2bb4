//! How the command is linked, for the sake of its start and of its forks.
//!
//! The engine has thousands of handlers in tables: at a fixed address the program needs no relocation of them at start-up. And with the
//! C library inside, none is searched for, mapped and bound at start-up, and its mappings are not copied by each fork. rustc's own way to
//! that (`crt-static`) needs a `--target`, as macros of the build are libraries for the same one; here the linker is shown the archives first.
//! Where there are none, the command is linked with the shared libraries. And functions that are executed together lie together.

use std::env;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What rustc links the command with, and the archive that serves instead of it.
const LIBRARIES: [(&str, &str); 7] = [
    ("gcc_s", "gcc_eh"),
    ("util", "util"),
    ("rt", "rt"),
    ("pthread", "pthread"),
    ("m", "m"),
    ("dl", "dl"),
    ("c", "c"),
];

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=text.ld");
    println!("cargo:rustc-link-arg-bins=-no-pie");
    order_text();
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    // The unwinder by itself serves where the rest is not to be had.
    let Some(()) = offer(&out.join("unwinder"), "gcc_eh", "gcc_eh") else { return };
    println!("cargo:rustc-link-search=native={}", out.join("unwinder").display());
    println!("cargo:rustc-link-lib=static:+whole-archive,-bundle=gcc_eh");
    let all = out.join("archives");
    if is_gnu() && LIBRARIES.iter().all(|(name, archive)| offer(&all, name, archive).is_some()) {
        // Behind the libraries that rustc names: they need one another.
        for arg in ["-static", &format!("-L{}", all.display()), "-lgcc", "-lgcc_eh", "-lc"] {
            println!("cargo:rustc-link-arg-bins={arg}");
        }
    }
}

/// Has the linker put together what is executed together: see `text.ld`.
fn order_text() {
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    // It has no such scripts.
    if !flags.contains("mold") {
        let folder = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
        println!("cargo:rustc-link-arg-bins=-Wl,-T,{folder}/text.ld");
    }
}

/// Whether the command is linked by rustc's list of libraries for the GNU C library, and by nobody's wish statically already.
fn is_gnu() -> bool {
    let features = env::var("CARGO_CFG_TARGET_FEATURE").unwrap_or_default();
    env::var("CARGO_CFG_TARGET_ENV").is_ok_and(|env| env == "gnu")
        && !features.split(',').any(|feature| feature == "crt-static")
}

/// Puts the compiler's `libARCHIVE.a` into `folder` as `libNAME.a`, if the compiler has it.
fn offer(folder: &Path, name: &str, archive: &str) -> Option<()> {
    let asked = Command::new("cc").arg(format!("-print-file-name=lib{archive}.a")).output().ok()?;
    let archive = PathBuf::from(String::from_utf8(asked.stdout).ok()?.trim());
    // One that it does not have it answers with the bare name.
    if !archive.is_absolute() || !archive.exists() {
        return None;
    }
    fs::create_dir_all(folder).ok()?;
    let link = folder.join(format!("lib{name}.a"));
    let _ = fs::remove_file(&link);
    symlink(archive, link).ok()
}
