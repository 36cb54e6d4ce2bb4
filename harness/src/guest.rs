//! Builds guest programs: `guests/NAME.c` becomes `target/guests/NAME`, when it is stale.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result, bail};
use xshell::{Shell, cmd};

use crate::tools;

/// What every guest is compiled with; a source may add to it with a line `// cc: FLAGS` among its first ten.
const FLAGS: [&str; 5] = ["-g", "-static", "-std=gnu17", "-Wall", "-Wextra"];

/// The program of `guests/NAME.c` or `guests/NAME.S`, compiled if it was stale. The compiler's complaints go to stderr as they are.
pub fn build(name: &str) -> Result<PathBuf> {
    build_with(name, "", &[])
}

/// The same with more flags for the compiler; such a program is kept in a folder of its own, `target/guests/VARIANT`.
pub fn build_with(name: &str, variant: &str, more: &[&str]) -> Result<PathBuf> {
    compile(&tools::compiler(), name, variant, more)
}

/// The same program for this machine, in `target/guests/native`.
pub fn build_native(name: &str) -> Result<PathBuf> {
    compile("cc", name, "native", &[])
}

fn compile(cc: &str, name: &str, variant: &str, more: &[&str]) -> Result<PathBuf> {
    let root = tools::root();
    let source = source(name)?;
    let program = tools::target().join("guests").join(variant).join(name);
    if fresh(&program, &source) {
        return Ok(program);
    }
    let folder = program.parent().context("a guest's program has a folder")?;
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    // Tests run side by side and may build the same guest: each writes its own file and renames it into place.
    let unfinished = folder.join(format!(".{}.{}", file_name(name), unique()));
    let shell = Shell::new()?;
    shell.change_dir(&root);
    let flags = extra_flags(&source)?;
    let relative = source.strip_prefix(&root).unwrap_or(&source);
    let compiled =
        cmd!(shell, "{cc} {FLAGS...} {more...} -o {unfinished} {relative} {flags...}").quiet().run();
    if let Err(error) = compiled {
        let _ = fs::remove_file(&unfinished);
        bail!("guests/{name} does not compile: {error}");
    }
    fs::rename(&unfinished, &program).with_context(|| format!("cannot write {}", program.display()))?;
    Ok(program)
}

/// The names of all guests below `guests/FOLDER` (`""` for all), sorted, such as `isa/rv64m`.
pub fn names(folder: &str) -> Result<Vec<String>> {
    let guests = tools::root().join("guests");
    let mut names = Vec::new();
    let mut folders = vec![guests.join(folder)];
    while let Some(folder) = folders.pop() {
        // A folder that nobody has made yet has no guests.
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "c" || extension == "S") {
                let name = path.with_extension("");
                names.push(name.strip_prefix(&guests)?.to_string_lossy().into_owned());
            }
        }
    }
    names.sort();
    Ok(names)
}

fn source(name: &str) -> Result<PathBuf> {
    let guests = tools::root().join("guests");
    let plain = |part: &str| !part.is_empty() && !part.starts_with('.');
    if name.split('/').all(plain) {
        for extension in ["c", "S"] {
            let source = guests.join(format!("{name}.{extension}"));
            if source.is_file() {
                return Ok(source);
            }
        }
    }
    bail!("there is no guest '{name}' (guests/{name}.c); there are: {}", names("")?.join(", "))
}

/// Newer than its source and than every header beside it.
fn fresh(program: &Path, source: &Path) -> bool {
    let modified = |path: &Path| fs::metadata(path).and_then(|data| data.modified()).ok();
    let Some(built) = modified(program) else { return false };
    let older = |time: Option<SystemTime>| time.is_some_and(|time| time <= built);
    let headers =
        source.parent().and_then(|folder| fs::read_dir(folder).ok()).into_iter().flatten().flatten();
    let headers = headers.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|e| e == "h"));
    older(modified(source)) && headers.map(|path| modified(&path)).all(older)
}

/// What a source adds to the compiler's flags.
pub(crate) fn extra_flags(source: &Path) -> Result<Vec<String>> {
    let text = fs::read_to_string(source).with_context(|| format!("cannot read {}", source.display()))?;
    let line = text.lines().take(10).find_map(|line| line.split_once("cc: "));
    let flags = line.map(|(_, flags)| flags.trim().trim_end_matches("*/"));
    Ok(flags.unwrap_or_default().split_whitespace().map(str::to_owned).collect())
}

fn file_name(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

fn unique() -> String {
    format!("{}-{:?}", std::process::id(), std::thread::current().id()).replace(['(', ')'], "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_below_guests() {
        for name in ["../x", "/etc/passwd", "", "no-such-guest", "isa/../x"] {
            assert!(source(name).is_err(), "{name}");
        }
    }

    #[test]
    fn every_guest_is_found_by_its_name() {
        for name in names("").unwrap() {
            assert!(source(&name).is_ok(), "{name}");
        }
    }
}
