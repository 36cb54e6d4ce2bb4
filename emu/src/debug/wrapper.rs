//! What comes before a program that gdb debugs, as gdbserver has it: a shell that makes its arguments, the user's wrapper (`--wrapper`), or both.
//! They execute this emulator in the end, which knows by its first argument what it is to do.
//!
//! A wrapper is a program of the host, such as `env` or `nice`, or a riscv64 one, which is run by this emulator then.

use std::env;
use std::ffi::{OsStr, OsString};
use std::io;
use std::os::fd::RawFd;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use tine_stub::command::quoted;

use crate::loader;
use crate::options::Options;
use crate::process::ARGUMENT;

/// Variables that would make an emulator that runs a wrapper listen too.
pub(super) const OUR_ADDRESS: [&str; 2] = ["TINE_GDB", "QEMU_GDB"];

/// Whether the program of the command line is executed by others.
pub fn is_needed(options: &Options) -> bool {
    options.gdb.is_some() && (!options.wrapper.is_empty() || needs_shell(options))
}

/// Whether a shell makes the arguments of the command line's program.
fn needs_shell(options: &Options) -> bool {
    options.unescaped && !options.without_shell
}

/// The text that a shell makes the arguments of the command line's program from, if one does.
pub(super) fn text(options: &Options) -> Option<Vec<u8>> {
    let words: Vec<&[u8]> = options.args.iter().map(|arg| arg.to_bytes()).collect();
    needs_shell(options).then(|| words.join(&b' '))
}

/// The words that execute the program; `shell` is the text that a shell makes its arguments from, and `handed` what is handed over. `None`: there
/// is nothing in between.
pub(super) fn words(
    options: &Options,
    shell: Option<&[u8]>,
    handed: RawFd,
) -> io::Result<Option<Vec<OsString>>> {
    if options.wrapper.is_empty() && shell.is_none() {
        return Ok(None);
    }
    let emulator = env::current_exe()?.into_os_string();
    let mut words = Vec::new();
    if options.wrapper.first().is_some_and(|name| is_guest(name)) {
        words.push(emulator.clone());
        words.extend(options.sysroot.iter().flat_map(|dir| ["-L".into(), dir.into()]));
        words.push("--".into());
    }
    words.extend(options.wrapper.iter().cloned());
    words.extend([emulator, ARGUMENT.into(), handed.to_string().into(), options.program.clone()]);
    let Some(text) = shell else {
        words.extend(options.args.iter().map(|arg| OsString::from_vec(arg.to_bytes().to_vec())));
        return Ok(Some(words));
    };
    let mut line = b"exec".to_vec();
    for word in &words {
        line.push(b' ');
        line.extend(quoted(word.as_bytes()));
    }
    line.push(b' ');
    line.extend(text);
    // The user's, as with gdbserver.
    let shell = env::var_os("SHELL").filter(|shell| !shell.is_empty());
    Ok(Some(vec![shell.unwrap_or_else(|| "/bin/sh".into()), "-c".into(), OsString::from_vec(line)]))
}

/// Whether a command is one for this emulator.
fn is_guest(name: &OsStr) -> bool {
    let found = if name.as_bytes().contains(&b'/') {
        Some(PathBuf::from(name))
    } else {
        let folders = env::var_os("PATH").unwrap_or_default();
        env::split_paths(&folders).map(|folder| folder.join(name)).find(|path| path.is_file())
    };
    found.is_some_and(|path: PathBuf| loader::open(Path::new(&path)).is_ok())
}
