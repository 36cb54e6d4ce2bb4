//! The command line: `tine [OPTIONS] PROG [ARGS]`, spelt as qemu-user spells it.
//!
//! [`table::ROWS`] is the truth: the parser here, and in [`document`] `--help`, the man page and the shell completions, come from it. An
//! option may be written with one dash or with two, by its short or its long name; what follows PROG is the program's, and `--` ends the options.
//! An option that is not given is looked for in the environment, first as `TINE_NAME`, then under qemu-user's name for it.

pub mod document;
mod parse;
pub mod table;

use std::ffi::{CString, OsString};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use tine_stub::without::Without;

use crate::isa::Extensions;
use crate::memory::SV39_BITS;

pub use parse::{UsageError, parse};

/// What the command line asks for.
#[derive(Debug)]
pub enum Command {
    /// To run a program.
    Run(Box<Options>),
    /// To print something to standard output: help, version, a list.
    Print(String),
}

/// How to run which program.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Options {
    /// `-g`: where gdb is expected.
    pub gdb: Option<String>,
    /// `--multi`: this process is gdb's server, which starts programs when gdb says so.
    pub multi: bool,
    /// `--attach`: the process that is to be debugged.
    pub attach: Option<i32>,
    /// `--once`: the first gdb is the last.
    pub once: bool,
    /// `--wrapper`: a command that executes the program in the end.
    pub wrapper: Vec<OsString>,
    /// `--no-startup-with-shell`: no shell makes the arguments of what gdb starts, unless gdb asks for one.
    pub without_shell: bool,
    /// `--debug`: the debug server logs what the processes tell it.
    pub debug: bool,
    /// `--remote-debug`: and the packets.
    pub remote_debug: bool,
    /// `--disable-packet`: what gdb's server does not know.
    pub without: Without,
    /// `--no-escape-args`: a shell makes `args` out of what was given.
    pub unescaped: bool,
    /// `-L`: where guest paths are looked up first.
    pub sysroot: Option<PathBuf>,
    /// `-s`: the stack's size in bytes.
    pub stack: Option<u64>,
    /// `-E`, `-U`: changes to the environment, in order.
    pub env: Vec<EnvEdit>,
    /// `-0`: the program's `argv[0]`.
    pub argv0: Option<CString>,
    /// `-r`: the kernel release that uname(2) tells.
    pub uname: Option<String>,
    /// `-R`: the size of the window is 2 to this power.
    pub window_bits: u32,
    /// `-cpu`: the extensions that the processor has.
    pub cpu: Extensions,
    /// `-one-insn-per-tb`: the engine's instrumented form executes everything.
    pub instrumented: bool,
    /// `-d`, `-strace`: what to log.
    pub log: LogItems,
    /// `-D`: where to; standard error if not given. `%d` is the pid.
    pub log_file: Option<PathBuf>,
    /// PROG.
    pub program: OsString,
    /// What follows it.
    pub args: Vec<CString>,
}

/// A change to the environment that the program gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum EnvEdit {
    /// `NAME=VALUE`.
    Set(Vec<u8>),
    /// `NAME`.
    Unset(Vec<u8>),
}

/// What to log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogItems {
    /// Instructions, when they are first decoded.
    pub in_asm: bool,
    /// System calls, with their arguments and results.
    pub strace: bool,
    /// The map of the address space after loading.
    pub page: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            gdb: None,
            multi: false,
            attach: None,
            once: false,
            wrapper: Vec::new(),
            without_shell: false,
            without: Without::default(),
            unescaped: false,
            debug: false,
            remote_debug: false,
            sysroot: None,
            stack: None,
            env: Vec::new(),
            argv0: None,
            uname: None,
            window_bits: SV39_BITS,
            cpu: Extensions::ALL,
            instrumented: false,
            log: LogItems::default(),
            log_file: None,
            program: OsString::new(),
            args: Vec::new(),
        }
    }
}

impl Options {
    /// The program's `argv`.
    pub fn argv(&self) -> Vec<CString> {
        use std::os::unix::ffi::OsStrExt;
        // An argument of ours came in as a C string, so it holds no NUL.
        let program = || CString::new(self.program.as_bytes()).unwrap_or_default();
        let mut argv = Vec::with_capacity(1 + self.args.len());
        argv.push(self.argv0.clone().unwrap_or_else(program));
        argv.extend_from_slice(&self.args);
        argv
    }

    /// The program's environment: ours, changed as asked for.
    pub fn envp(&self, ours: impl Iterator<Item = (OsString, OsString)>) -> Vec<CString> {
        use std::os::unix::ffi::OsStringExt;
        let join = |(name, value): (OsString, OsString)| {
            let mut entry = name.into_vec();
            entry.push(b'=');
            entry.extend(value.into_vec());
            entry
        };
        let mut entries: Vec<Vec<u8>> = ours.map(join).collect();
        for edit in &self.env {
            let (EnvEdit::Set(text) | EnvEdit::Unset(text)) = edit;
            let name = text.split(|&byte| byte == b'=').next().unwrap_or_default();
            let is_it =
                |entry: &Vec<u8>| entry.strip_prefix(name).is_some_and(|rest| rest.first() == Some(&b'='));
            let place = entries.iter().position(is_it);
            match (edit, place) {
                (EnvEdit::Set(entry), Some(place)) => entries[place].clone_from(entry),
                (EnvEdit::Set(entry), None) => entries.push(entry.clone()),
                (EnvEdit::Unset(_), _) => entries.retain(|entry| !is_it(entry)),
            }
        }
        entries.into_iter().filter_map(|entry| CString::new(entry).ok()).collect()
    }
}

#[cfg(test)]
mod tests;
