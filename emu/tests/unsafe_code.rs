//! `docs/unsafe.md` lists every file with `unsafe` in it, and no other; `stub` and `harness` have none.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// The Rust files below `folder` that contain the keyword outside of comments.
fn with_unsafe(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            with_unsafe(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let code = text.lines().map(|line| line.split("//").next().unwrap_or_default());
            if code
                .flat_map(|line| line.split(|c: char| !c.is_alphanumeric() && c != '_'))
                .any(|word| word == "unsafe")
            {
                found.insert(path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
}

/// The files named in the first column of the table.
fn documented() -> BTreeSet<String> {
    let page = fs::read_to_string(root().join("docs/unsafe.md")).unwrap();
    page.lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .map(|(file, _)| file.to_owned())
        .collect()
}

#[test]
fn the_page_lists_every_file() {
    let mut found = BTreeSet::new();
    with_unsafe(&root().join("emu/src"), &mut found);
    assert_eq!(found, documented(), "left: the code; right: docs/unsafe.md");
}

#[test]
fn the_other_crates_have_none() {
    let mut found = BTreeSet::new();
    for krate in ["stub/src", "harness/src"] {
        with_unsafe(&root().join(krate), &mut found);
    }
    assert_eq!(found, BTreeSet::new());
}
