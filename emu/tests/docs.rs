//! The generated pages in `docs/` are what the tables say. `UPDATE_DOCS=1` writes them.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::path::Path;

/// Compares a page with what it should be.
fn check(page: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(page);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == text, "docs/{page} is stale: `just doc` writes it anew");
}

#[test]
fn isa() {
    check("isa.md", &tine::isa::document());
}

#[test]
fn syscalls() {
    check("syscalls.md", &tine::syscall::document());
}
